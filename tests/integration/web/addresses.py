"""Every page's address, from the application's own URL map, and which roles are refused there.

Decides the examples that stand in for ids; a new page without one fails the tests that walk them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.integration.web.site import Site

EDIT_PLACES = {
    "buildings.add_building",
    "buildings.edit_building",
    "buildings.add_wing",
    "buildings.add_floor",
    "buildings.edit_floor",
    "rooms.add_room",
    "rooms.edit_room",
}
EDIT_DEMAND = {
    "demand.add_zone",
    "demand.edit_zone",
    "room_groups.add_group",
    "room_groups.edit_group",
    "uplinks.add_uplink",
    "uplinks.edit_uplink",
}
DRAW = {
    "floors.place_access_point",
    "floors.draw_wall",
    "floors.edit_wall",
    "plans.upload",
    "plans.scale",
    "plans.import_drawing",
    "access_points.edit_point",
    "catalogue.add_material",
    "demand.add_clutter",
    "demand.edit_clutter",
    "requirements.add_requirement",
    "requirements.edit_requirement",
    "requirements.add_profile",
    "requirements.edit_profile",
    "antennas.add",
    "antennas.edit_model",
    "projects.choose",
    "projects.show",
    "projects.picture",
}
EDIT_NETWORKS = {
    "networks.ssids.add_ssid",
    "networks.ssids.edit_ssid",
    "networks.ssids.reclassify_ssid",
    "networks.vlans.add_vlan",
    "networks.vlans.edit_vlan",
    "networks.vlans.reclassify_vlan",
    "networks.flows.add_flow",
    "networks.flows.edit_flow",
}
SEGMENTS = {
    "networks.vlans.list_vlans",
    "networks.vlans.show_vlan",
    "networks.flows.list_flows",
    "networks.flows.show_flow",
}
SEE_CABLING = {
    "cabling.list_runs",
    "cabling.show_floor",
    "cabling.show_run",
    "cable_tests.original",
    "run_plans.picture",
    "cabling_states.show_board",
    "cabling_parts.list_distributors",
    "cabling_parts.show_distributor",
    "cabling_parts.list_switches",
    "cabling_parts.show_switch",
    "cabling_parts.list_outlets",
    "cabling_parts.show_outlet",
    "permits.list_permits",
    "permits.show_permit",
    "orders.list_orders",
    "orders.show_order",
    "packs.choose",
    "packs.write",
    "penetrations.list_penetrations",
    "penetrations.show_penetration",
    "cable_routes.list_routes",
    "cable_routes.show_route",
    "attachments.show_all",
    "attachments.download",
    "attachments.thumbnail",
}
STEER = {
    "milestones.add_milestones",
    "milestones.edit_milestone",
    "milestones.set_date",
    "milestones.add_link",
    "baselines.take_baseline",
    "proposals.set_weights",
}
EDIT_CABLING = {
    "cabling.add_run",
    "cabling.edit_run",
    "cabling_states.change_state",
    "cabling_states.choose_many",
    "cabling_parts.add_distributor",
    "cabling_parts.edit_distributor",
    "cabling_parts.add_switch",
    "cabling_parts.edit_switch",
    "cabling_parts.add_ports",
    "cabling_parts.edit_port",
    "cabling_parts.add_outlet",
    "cabling_parts.edit_outlet",
    "permits.add_permit",
    "permits.edit_permit",
    "permits.choose_permit",
    "orders.add_order",
    "orders.edit_order",
    "orders.choose_order",
    "penetrations.add_penetration",
    "penetrations.edit_penetration",
    "penetrations.change_state",
    "cable_routes.add_route",
    "cable_routes.edit_route",
    "cable_routes.preview_lengths",
    "point_states.choose_many",
    "point_states.set_installed",
}
SEPARATION = {
    "start_rules",
    "networks.check.show_check",
    "networks.check.export_check",
    "networks.check.show_protocol",
    "networks.check.propose",
    "networks.check.list_exemptions",
}
APPROVE = {"networks.check.approve_area"}
SEE_HOTSPOTS = {"hotspots.list_hotspots", "hotspots.show_hotspot"}
PUBLISH = {
    "hotspots.add_hotspot",
    "hotspots.edit_hotspot",
    "hotspots.set_published",
    "feedback.list_feedback",
    "feedback.delete",
}
ON_SITE = {"site.show_work", "site.show_run", "site.show_place", "site.worker"}
SEE_RENOVATIONS = {
    "schedule.export_phases",
    "renovations.list_renovations",
    "renovations.show_renovation",
    "renovations.show_part",
    "windows.list_walls",
    "windows.list_findings",
    "windows.show_calendar",
}
EDIT_RENOVATIONS = {
    "renovations.add_renovation",
    "renovations.edit_renovation",
    "renovations.add_part",
    "renovations.edit_part",
    "renovations.add_phase",
    "renovations.edit_phase",
}
REPORTS = {"reports.show", "reports.more_rows", "reports.download", "inquiries.download_draft"}
EDIT_INQUIRIES = {
    "inquiries.add_inquiry",
    "inquiries.edit_inquiry",
    "inquiries.add_question",
    "inquiries.edit_question",
}
SEE_WORK = {
    "tasks.list_tasks",
    "tasks.show_task",
    "crews.list_crews",
    "crews.show_crew",
    "blackouts.list_blackouts",
    "blackouts.show_blackout",
    "packages.list_packages",
    "calendars.show_calendar",
    "packages.show_package",
    "schedule.show_chart",
    "schedule.export",
}
EDIT_WORK = {
    "tasks.add_task",
    "tasks.edit_task",
    "crews.add_crew",
    "crews.edit_crew",
    "crews.add_absence",
    "crews.edit_absence",
    "blackouts.add_blackout",
    "blackouts.edit_blackout",
    "calendars.choose",
    "schedule.choose",
    "packages.add_package",
    "package_runs.choose_package",
    "packages.edit_package",
    "packages.add_link",
    "proposals.list_proposals",
    "proposals.export_searches",
    "proposals.show_proposal",
}
SEE_GOVERNANCE = {
    "governance.show_overview",
    "governance.list_records",
    "governance.show_record",
}
EDIT_GOVERNANCE = {"governance.add_record", "governance.edit_record"}
CATALOGUES = {
    "governance.list_records": (
        "decisions",
        "budget-lines",
        "trainings",
        "device-groups",
        "risks",
    ),
    "governance.show_record": ("decisions/B-1", "trainings/SCH-1", "risks/R-1"),
    "governance.add_record": ("risks",),
    "governance.edit_record": ("budget-lines/HH-1",),
}
"""The kinds under which a page of governance is looked at, with the code of a record."""
NO_ADDRESS = {
    "asset",
    "favicon",
    "session.use_link",
    "feeds.show",
    "service.start",
    "service.finish",
    "public.show_file",
}
"""Endpoints that answer to nobody without a token of theirs, a service that is not there, or a
bundle that nobody has published."""

OPERATIONS = {"operations.health", "operations.ready", "operations.metrics"}
ADMINISTER = {
    "users.list_users",
    "users.export",
    "users.add_user",
    "users.show_user",
    "users.edit_user",
    "audit.list_events",
    "audit.export",
    "audit.show_event",
}
REFUSED: dict[str, set[str]] = {
    "planner": ADMINISTER | APPROVE | STEER | EDIT_RENOVATIONS | EDIT_GOVERNANCE | EDIT_INQUIRIES,
    "admin": APPROVE,
    "manager": DRAW | EDIT_NETWORKS | ADMINISTER | APPROVE,
    "facility": DRAW
    | EDIT_NETWORKS
    | ADMINISTER
    | SEPARATION
    | APPROVE
    | SEGMENTS
    | PUBLISH
    | STEER
    | EDIT_GOVERNANCE
    | EDIT_INQUIRIES
    | {"footprints.choose"},
    "viewer": DRAW
    | SEGMENTS
    | {"plans.list_versions", "plans.picture"}
    | ADMINISTER
    | STEER
    | EDIT_NETWORKS
    | SEPARATION
    | APPROVE
    | EDIT_PLACES
    | EDIT_DEMAND
    | SEE_CABLING
    | EDIT_CABLING
    | SEE_RENOVATIONS
    | EDIT_RENOVATIONS
    | SEE_WORK
    | REPORTS
    | EDIT_INQUIRIES
    | EDIT_WORK
    | SEE_GOVERNANCE
    | EDIT_GOVERNANCE
    | SEE_HOTSPOTS
    | PUBLISH
    | ON_SITE
    | {
        "labels.choose",
        "imports.choose",
        "imports.export",
        "footprints.choose",
        "access_points.change_state",
    },
}
"""By role: pages that answer 403; all others answer."""

HIDDEN: dict[str, set[str]] = {
    # The site's room is public; the access point that stands in for others is only planned.
    "viewer": {"access_points.show_point", "labels.follow"},
}
"""By role: pages that answer 404, because what they show is not for this role."""

OF_FIRMS = {
    "orders.list_orders",
    "orders.show_order",
    "packs.choose",
    "packs.write",
    *ON_SITE,
    "labels.follow",
    "cabling.list_runs",
    "cabling.show_run",
    "run_plans.picture",
    "cabling_states.show_board",
    "cabling_states.change_state",
    "cabling_states.choose_many",
    "attachments.show_all",
    "attachments.download",
    "attachments.thumbnail",
}
"""Pages that a firm may open, at runs of its own."""


def list_addresses(app: Flask, site: Site) -> Iterator[tuple[str, str]]:
    """Give endpoint and address of every page that takes a GET, from the URL map."""
    refs = {
        "/buildings/": site.building,
        "/floors/": site.floor,
        "/floor-plans/": site.plan,
        "/walls/": site.wall,
        "/access-points/": site.planned_point,
        "/rooms/": site.room,
        "/zones/": site.zone,
        "/clutter/": site.clutter,
        "/room-groups/": site.room_group,
        "/catalogue/requirements/": "voice",
        "/catalogue/client-profiles/": "phone",
        "/users/": site.account,
        "/import/projects/": site.project_run,
        "/catalogue/models/": site.model,
        "/uplinks/": site.uplink,
        "/networks/ssids/": site.visitor_ssid,
        "/networks/vlans/": site.visitor_vlan,
        "/networks/flows/": site.flow,
        "/networks/hotspots/feedback/": site.feedback,
        "/networks/hotspots/": site.hotspot,
        "/orders/": site.cabling.order,
        "/permits/": site.cabling.permit,
        "/penetrations/": site.cabling.penetration,
        "/cable-routes/": site.cabling.route,
        "/renovations/": site.renovation,
        "/renovation-parts/": site.renovation_part,
        "/renovation-phases/": site.renovation_phase,
        "/tasks/": site.task,
        "/crews/": site.crew,
        "/packages/": site.package,
        "/schedule/proposals/": site.proposal,
        "/crew-absences/": site.absence,
        "/blackouts/": site.blackout,
        "/cabling/runs/": site.cabling.run,
        "/cabling/tests/": site.cabling.test,
        "/cabling/distributors/": site.cabling.distributor,
        "/cabling/switches/": site.cabling.switch,
        "/cabling/ports/": site.cabling.port,
        "/cabling/outlets/": site.cabling.outlet,
        "/q/": site.cabling.run,
        "/site/runs/": site.cabling.run,
        "/site/at/<entity>/": site.cabling.run,
        "/wings/": site.wing,
        "/milestones/": site.milestone,
        "/baselines/": site.baseline,
        "/attachments/of/<entity>/": site.cabling.run,
        "/attachments/": site.cabling.photo,
        "/inquiries/": site.inquiry,
        "/inquiry-questions/": site.question,
        "/answers/": site.answer,
    }
    for rule in app.url_map.iter_rules():
        address = rule.rule
        if "GET" not in (rule.methods or ()) or rule.endpoint in NO_ADDRESS:
            continue
        for prefix, ref in refs.items():
            if address.startswith(prefix):
                address = address.replace("<ref>", ref)
        examples = {
            "<report>/file.<suffix>": "council/file.docx",
            "<report>": "council",
            "file.<suffix>": "file.html",
            "<token>": site.preview_picture,
            "<code>": "generic-sector-5",
            "<band>": "5",
            "<network>": "visitor",
            "<kind>.<suffix>": "access_points.csv",
            "proposals.<suffix>": "proposals.csv",
            "<kind>": "cable_runs",
            "<entity>": "cable_run",
            "<int(max=2147483647):number>": "1",
            "<folder>": "en",
        }
        for placeholder, example in examples.items():
            address = address.replace(placeholder, example)
        for catalogue in CATALOGUES.get(rule.endpoint, ()):
            yield (
                rule.endpoint,
                address.replace("<catalogue>/<ref>", catalogue).replace("<catalogue>", catalogue),
            )
        if rule.endpoint in CATALOGUES:
            continue
        assert "<" not in address, f"this test has no example for {rule.rule}"
        yield rule.endpoint, address
