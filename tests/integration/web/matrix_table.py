"""Who may open what: the table that the matrix of rights is tested against.

Decides it anew, in words of its own, and asks no code of the application: a route is in exactly one
entry, or the build fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """What a route's object is, and so what a scope means for it."""

    ANYBODY = "no account is needed"
    ACCOUNT = "any account will do"
    LIST = "shows what lies in scope, whatever that is"
    CITY = "belongs to the whole city: a role in a part of it does not reach"
    SHARED = "belongs to no place, and is shown to whoever has the role anywhere"
    HOUSE = "a house's, which a role in a wing does not see"
    HOUSE_SEEN = "a house's, which a role in a wing sees"
    HOUSE_KEPT = "a house's, which a role in a wing sees but does not change"
    HOUSE_PART = "a house's, to which a role in a wing may add its part"
    WING = "a wing's"


@dataclass(frozen=True)
class Entry:
    """Some endpoints, who may open them, and what they are about."""

    roles: frozenset[str]
    level: Level
    endpoints: frozenset[str]


def _entry(roles: set[str], level: Level, endpoints: str, chapter: str = "") -> Entry:
    names = endpoints.split()
    return Entry(
        frozenset(roles),
        level,
        frozenset(f"{chapter}.{name}" if chapter else name for name in names),
    )


STAFF = {"facility", "planner", "manager", "security officer", "admin"}
SEERS = STAFF | {"viewer"}
INSIDERS = STAFF - {"facility"}
LEAD = {"planner", "manager", "admin"}
WORKERS = LEAD | {"facility"}
STEERING = {"manager", "admin"}
PLANNERS = {"planner", "admin"}
STEERING = {"manager", "admin"}
ADMIN = {"admin"}
OFFICER = {"security officer"}
FIRM = {"firm"}
EVERYBODY = SEERS | FIRM

TABLE: tuple[Entry, ...] = (
    _entry(
        EVERYBODY,
        Level.ANYBODY,
        "asset favicon start operations.health operations.metrics operations.ready session.login"
        " session.preferences session.use_link service.start service.finish public.show_file"
        " public.write_feedback feeds.show",
    ),
    _entry(
        EVERYBODY,
        Level.ACCOUNT,
        "account.show account.choose_mail account.end_session account.end_others service.link service.unlink"
        " session.logout session.token undo.undo_request",
    ),
    _entry(EVERYBODY, Level.WING, "labels.follow"),
    # What everybody but firms may look at.
    _entry(
        SEERS,
        Level.LIST,
        "buildings.list_buildings rooms.list_rooms room_groups.list_groups city.show_map"
        " city.show_frame city.list_rest search.find access_points.list_points"
        " networks.ssids.list_ssids networks.on_air.list_points catalogue.list_materials"
        " requirements.list_requirements antennas.list_antennas antennas.show",
    ),
    _entry(SEERS, Level.SHARED, "networks.ssids.show_ssid"),
    _entry(SEERS, Level.LIST, "feeds.add feeds.revoke"),
    _entry(
        SEERS,
        Level.LIST,
        "milestones.list_milestones baselines.list_baselines baselines.show_trend"
        " baselines.show_programme",
    ),
    _entry(SEERS, Level.SHARED, "baselines.show_baseline"),
    _entry(STEERING, Level.CITY, "baselines.take_baseline baselines.keep_now"),
    _entry(SEERS, Level.WING, "milestones.show_milestone wings.show_wing"),
    _entry(STEERING, Level.LIST, "milestones.add_milestones"),
    _entry(
        STEERING,
        Level.WING,
        "edit_milestone set_date delete_milestone add_link remove_link",
        "milestones",
    ),
    _entry(
        SEERS,
        Level.HOUSE_SEEN,
        "buildings.show_building buildings.show_verdicts demand.show_floor room_groups.show_group"
        " floors.open_floor floors.show_plan floors.show_tables editor.load coverage.show_coverage"
        " coverage.map_layer coverage.show_map coverage.verdict_layer coverage.heat_map"
        " compare.show_compare",
    ),
    _entry(SEERS, Level.HOUSE, "plans.building_picture plans.map_picture uplinks.show_uplink"),
    _entry(SEERS, Level.LIST, "uplink_list.list_uplinks"),
    _entry(SEERS, Level.WING, "rooms.show_room access_points.show_point"),
    _entry(SEERS, Level.LIST, "reports.choose"),
    _entry(
        SEERS,
        Level.CITY,
        "list_inquiries show_inquiry show_answer download_answer",
        "inquiries",
    ),
    _entry(STAFF, Level.CITY, "inquiries.download_draft"),
    _entry(
        STEERING,
        Level.CITY,
        "add_inquiry edit_inquiry delete_inquiry refresh agree sign add_question edit_question"
        " delete_question",
        "inquiries",
    ),
    # What is for staff.
    _entry(STAFF, Level.LIST, "reports.show reports.more_rows reports.download"),
    _entry(STAFF, Level.LIST, "imports.export labels.choose labels.write"),
    _entry(STAFF, Level.LIST, "list_distributors list_switches list_outlets", "cabling_parts"),
    _entry(STAFF, Level.WING, "show_distributor show_switch show_outlet", "cabling_parts"),
    _entry(STAFF, Level.WING, "cable_tests.original"),
    _entry(STAFF, Level.HOUSE_SEEN, "cabling.show_floor plans.list_versions"),
    _entry(STAFF, Level.HOUSE, "plans.picture"),
    _entry(
        STAFF,
        Level.LIST,
        "permits.list_permits penetrations.list_penetrations cable_routes.list_routes",
    ),
    _entry(
        STAFF,
        Level.WING,
        "permits.show_permit penetrations.show_penetration cable_routes.show_route",
    ),
    _entry(
        STAFF | FIRM, Level.LIST, "cabling.list_runs cabling_states.show_board orders.list_orders"
    ),
    _entry(
        STAFF | FIRM,
        Level.WING,
        "cabling.show_run orders.show_order packs.choose packs.write run_plans.picture attachments.download attachments.thumbnail"
        " attachments.show_all",
    ),
    _entry(WORKERS | FIRM, Level.LIST, "choose_many change_many", "cabling_states"),
    _entry(
        WORKERS | FIRM,
        Level.WING,
        "cabling_states.change_state site.show_run site.show_place site.enter site.take_entry",
    ),
    _entry(WORKERS | FIRM, Level.LIST, "site.show_work site.worker"),
    _entry(INSIDERS, Level.LIST, "networks.vlans.list_vlans networks.flows.list_flows"),
    _entry(INSIDERS, Level.SHARED, "networks.vlans.show_vlan networks.flows.show_flow"),
    _entry(
        INSIDERS,
        Level.LIST,
        "show_check export_check show_protocol list_exemptions propose",
        "networks.check",
    ),
    _entry(INSIDERS, Level.SHARED, "networks.check.withdraw"),
    _entry(OFFICER, Level.LIST, "networks.check.approve_area"),
    _entry(OFFICER, Level.SHARED, "networks.check.approve networks.check.withdraw_area"),
    # What is changed on the way.
    _entry(
        WORKERS,
        Level.WING,
        "attachments.delete point_states.set_installed point_states.forget_installed"
        " access_points.change_state",
    ),
    _entry(WORKERS, Level.LIST, "point_states.choose_many point_states.change_many"),
    _entry(WORKERS, Level.LIST, "cabling.add_run"),
    _entry(WORKERS, Level.WING, "cabling.edit_run cabling.delete_run"),
    _entry(WORKERS, Level.LIST, "add_permit choose_permit assign", "permits"),
    _entry(WORKERS, Level.WING, "edit_permit delete_permit cover_named uncover", "permits"),
    _entry(WORKERS, Level.LIST, "add_order choose_order assign", "orders"),
    _entry(WORKERS, Level.WING, "edit_order delete_order assign_named take_out", "orders"),
    _entry(WORKERS, Level.LIST, "penetrations.add_penetration"),
    _entry(WORKERS, Level.LIST, "add_route preview_lengths take_lengths", "cable_routes"),
    _entry(WORKERS, Level.WING, "edit_route delete_route", "cable_routes"),
    _entry(WORKERS, Level.WING, "change_route delete_route restore_route", "route_editor"),
    _entry(WORKERS, Level.HOUSE_PART, "route_editor.draw_route"),
    _entry(
        WORKERS,
        Level.WING,
        "edit_penetration delete_penetration lead_through take_out change_state",
        "penetrations",
    ),
    _entry(WORKERS, Level.LIST, "add_distributor add_switch add_outlet", "cabling_parts"),
    _entry(
        WORKERS,
        Level.WING,
        "edit_distributor delete_distributor edit_switch delete_switch edit_outlet delete_outlet"
        " edit_port delete_port add_ports",
        "cabling_parts",
    ),
    _entry(WORKERS, Level.CITY, "buildings.add_building"),
    _entry(
        WORKERS,
        Level.HOUSE_KEPT,
        "buildings.edit_building buildings.add_floor buildings.add_wing buildings.edit_floor"
        " room_groups.add_group room_groups.edit_group room_groups.delete_group"
        " uplinks.add_uplink",
    ),
    _entry(WORKERS, Level.HOUSE, "edit_uplink delete_uplink add_load", "uplinks"),
    _entry(WORKERS, Level.HOUSE_PART, "rooms.add_room demand.add_zone"),
    _entry(
        WORKERS, Level.WING, "rooms.edit_room rooms.delete_room demand.edit_zone demand.delete_zone"
    ),
    # What is planned.
    _entry(
        PLANNERS,
        Level.WING,
        "access_points.edit_point access_points.delete_point editor.change_access_point"
        " editor.delete_access_point editor.restore_access_point",
    ),
    _entry(
        PLANNERS,
        Level.HOUSE_PART,
        "editor.place_access_point floors.place_access_point plans.upload",
    ),
    _entry(PLANNERS, Level.HOUSE, "plans.choose_page plans.restore plans.scale"),
    _entry(
        PLANNERS,
        Level.HOUSE_KEPT,
        "plans.import_drawing demand.add_clutter demand.edit_clutter demand.delete_clutter"
        " editor.draw_wall editor.change_wall editor.delete_wall editor.restore_wall"
        " floors.draw_wall floors.edit_wall floors.delete_wall",
    ),
    _entry(PLANNERS, Level.LIST, "projects.choose projects.picture projects.apply"),
    _entry(PLANNERS, Level.HOUSE, "projects.show projects.undo"),
    _entry(
        PLANNERS,
        Level.CITY,
        "antennas.add antennas.edit_model catalogue.add_material requirements.add_profile"
        " requirements.edit_profile requirements.delete_profile requirements.add_requirement"
        " requirements.edit_requirement requirements.delete_requirement",
    ),
    _entry(
        PLANNERS,
        Level.CITY,
        "ssids.add_ssid ssids.edit_ssid ssids.reclassify_ssid ssids.delete_ssid vlans.add_vlan"
        " vlans.edit_vlan vlans.reclassify_vlan vlans.delete_vlan flows.add_flow flows.edit_flow"
        " flows.delete_flow",
        "networks",
    ),
    _entry(
        PLANNERS,
        Level.LIST,
        "ssids.set_scope on_air.set_points",
        "networks",
    ),
    _entry(PLANNERS, Level.HOUSE_KEPT, "networks.ssids.remove_scope"),
    _entry(WORKERS, Level.LIST, "imports.choose imports.assign imports.settle imports.apply"),
    _entry(LEAD, Level.LIST, "footprints.choose footprints.apply"),
    # What is to be done.
    _entry(STAFF, Level.LIST, "tasks.list_tasks"),
    _entry(STAFF, Level.WING, "tasks.show_task"),
    _entry(WORKERS, Level.LIST, "tasks.add_task tasks.set_state tasks.move_due"),
    _entry(WORKERS, Level.WING, "tasks.edit_task"),
    _entry(STAFF, Level.LIST, "crews.list_crews blackouts.list_blackouts"),
    _entry(STAFF, Level.SHARED, "crews.show_crew"),
    _entry(
        WORKERS,
        Level.CITY,
        "add_crew edit_crew delete_crew add_absence edit_absence delete_absence",
        "crews",
    ),
    _entry(STAFF, Level.WING, "blackouts.show_blackout"),
    _entry(
        STAFF,
        Level.LIST,
        "packages.list_packages calendars.show_calendar schedule.show_chart schedule.export",
    ),
    _entry(WORKERS, Level.LIST, "calendars.choose calendars.apply schedule.choose schedule.apply"),
    _entry(
        WORKERS,
        Level.CITY,
        "list_proposals export_searches show_proposal cancel take_lines",
        "proposals",
    ),
    _entry(STEERING, Level.CITY, "proposals.set_weights"),
    _entry(STAFF, Level.WING, "schedule.export_phases"),
    _entry(STAFF, Level.WING, "packages.show_package"),
    _entry(WORKERS, Level.LIST, "packages.add_package packages.change_many"),
    _entry(WORKERS, Level.LIST, "package_runs.choose_package package_runs.assign"),
    _entry(
        WORKERS,
        Level.WING,
        "edit_package delete_package cover_named uncover add_link remove_link",
        "packages",
    ),
    _entry(WORKERS, Level.LIST, "blackouts.add_blackout"),
    _entry(WORKERS, Level.WING, "blackouts.edit_blackout blackouts.delete_blackout"),
    _entry(INSIDERS, Level.LIST, "start_rules"),
    # What others renovate.
    _entry(
        STAFF,
        Level.LIST,
        "renovations.list_renovations windows.list_walls windows.list_findings"
        " windows.show_calendar",
    ),
    _entry(STAFF, Level.WING, "renovations.show_renovation renovations.show_part"),
    _entry(STEERING | {"facility"}, Level.LIST, "renovations.add_renovation"),
    _entry(
        STEERING | {"facility"},
        Level.WING,
        "edit_renovation delete_renovation add_part edit_part delete_part add_phase edit_phase"
        " delete_phase",
        "renovations",
    ),
    _entry(WORKERS, Level.LIST, "windows.act_on_finding"),
    # What the roll-out rests on.
    _entry(STAFF, Level.LIST, "governance.show_overview governance.list_records"),
    _entry(STAFF, Level.HOUSE, "governance.show_record"),
    _entry(STEERING, Level.LIST, "governance.add_record"),
    _entry(STEERING, Level.HOUSE, "governance.edit_record governance.delete_record"),
    # What is published.
    _entry(STAFF, Level.LIST, "hotspots.list_hotspots"),
    _entry(STAFF, Level.WING, "hotspots.show_hotspot"),
    _entry(
        LEAD,
        Level.LIST,
        "hotspots.add_hotspot hotspots.write_page hotspots.choose_many hotspots.publish_many"
        " feedback.list_feedback",
    ),
    _entry(
        LEAD,
        Level.WING,
        "hotspots.edit_hotspot hotspots.delete_hotspot hotspots.set_published",
    ),
    _entry(LEAD, Level.SHARED, "feedback.delete feedback.set_done"),
    # What is administered.
    _entry(
        ADMIN,
        Level.CITY,
        "users.list_users users.show_user users.edit_user users.renew_link users.end_session"
        " users.end_sessions users.set_access users.export users.add_user audit.list_events"
        " audit.show_event audit.export",
    ),
)


SENDERS: dict[str, frozenset[str]] = {"attachments.show_all": frozenset(WORKERS | FIRM)}
"""Where fewer may send the form of a page than open it: those who may send it."""


def find_entry(endpoint: str, table: tuple[Entry, ...] = TABLE) -> Entry | None:
    """Give the one entry of an endpoint, None if it has none or several."""
    found = [entry for entry in table if endpoint in entry.endpoints]
    return found[0] if len(found) == 1 else None
