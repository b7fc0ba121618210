"""The world of the matrix of rights: two houses with one of everything in each wing.

Decides the names that must not be seen from elsewhere: whatever stands in a wing carries its mark,
which appears nowhere else.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

from tests.factories.access_points import add_access_point, find_model
from tests.factories.demand import add_clutter, add_group, add_zone
from tests.factories.imports import add_import_run
from tests.factories.networks import add_flow, add_scope, add_ssid, add_vlan
from tests.factories.people import add_user
from tests.factories.places import add_building, add_floor, add_house, add_plan, add_room, add_wing
from tests.factories.reports import add_inquiry
from tests.factories.rollout import (
    add_absence,
    add_baseline,
    add_blackout,
    add_crew,
    add_link,
    add_milestone,
    add_package,
    add_package_link,
    add_part,
    add_phase,
    add_renovation,
    add_risk,
    add_task,
)
from tests.factories.schedules import add_search, make_proposal
from tests.factories.uplinks import add_uplink
from tests.factories.walls import add_wall
from tests.integration.web.cabling_site import FIRM, build_cabling
from tests.integration.web.site import TemplateCache, draw_plan
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.people import ROLES, Grant
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.orm import Session

    from wlantrack.store.models.base import Record
    from wlantrack.store.models.places import Building, Floor, Wing
    from wlantrack.web.context import Installation

MARKS = {"west": "QWESTQ", "east": "QEASTQ", "far": "QFARQ"}
"""The mark of each wing: the first two are wings of one house, the third is another house's."""

SECRET = "QSECRETQ"
"""The mark of what is not public, in the western wing itself."""

SEGMENT = "QSEGMENTQ"
SEGMENT_NUMBERS = ("3917", "10.77.88.0")
"""Marks of how the visitors' network is laid out."""

INTERNAL = "QINTERNALQ"
OTHER_FIRM = "QOTHERFIRMQ KG"
NOWHERE = str(uuid.UUID(int=7))
SCOPES = ("all", "house", "wing")


@dataclass(frozen=True)
class World:
    """Public ids by the address's beginning, in each wing; networks and accounts belong to none."""

    refs: dict[str, dict[str, str]]
    shared: dict[str, str]


def build_world(app: Flask) -> World:
    """Fill an application's database and files; accounts are named ``role scope``."""
    app.jinja_env.bytecode_cache = TemplateCache()
    parts: Installation = app.extensions[EXTENSION]
    with parts.database.writing(SYSTEM.audit()) as session:
        house = add_house(session)
        house.east.name = f"{MARKS['east']} wing"
        other = add_building(session, "KH", name=f"{MARKS['far']} house")
        far_wing = add_wing(session, other, "NO", name=f"{MARKS['far']} wing")
        far_floor = add_floor(session, other)
        places = {
            "west": (house.ground, house.west, 0.0),
            "east": (house.ground, house.east, 20.0),
            "far": (far_floor, far_wing, 0.0),
        }
        refs = {key: _fill_wing(session, parts, key, *place) for key, place in places.items()}
        near = _fill_building(session, parts, house.building, house.ground, "near")
        refs["west"] |= near
        refs["east"] |= near
        refs["far"] |= _fill_building(session, parts, other, far_floor, MARKS["far"])
        _hide_something(session, house.ground, house.west)
        shared = _add_networks(session, house.building)
        refs["far"] |= {"/networks/scopes/": add_far_scope(session, other)}
        near = {"/networks/scopes/": shared.pop("/networks/scopes/")}
        refs["west"] |= near
        refs["east"] |= near
        shared["/catalogue/models/"] = str(find_model(session).public_id)
        shared["/users/"] = _add_accounts(session, house.building, house.west)
        session.commit()
    return World(refs, shared)


def _fill_wing(
    session: Session, parts: Installation, key: str, floor: Floor, wing: Wing, x_m: float
) -> dict[str, str]:
    mark = MARKS[key]
    inside = {"wing_id": wing.id}
    outline = shapely.box(x_m + 1, 1, x_m + 19, 12)
    room = add_room(
        session, floor, f"{mark} 1", name=mark, outline=outline, is_public=True, **inside
    )
    point = add_access_point(
        session,
        floor,
        f"{mark}-AP",
        x_m=x_m + 10.0,
        y_m=6.0,
        state="in operation",
        serial=f"{mark}-S",
        note=mark,
        room_id=room.id,
        **inside,
    )
    zone = add_zone(session, floor, f"{mark}-Z"[:40], name=mark, outline=outline, **inside)
    milestone = add_milestone(session, f"{mark}-M", building_id=floor.building_id, **inside)
    awaited = add_milestone(session, f"{mark}-M0", building_id=floor.building_id, **inside)
    link = add_link(session, awaited, milestone)
    package = add_package(session, floor.building, f"{mark}-P", name=mark, **inside)
    package_link = add_package_link(session, awaited, package)
    firm = OTHER_FIRM if key == "east" else FIRM
    cabling = build_cabling(session, parts.files, floor, point, mark, firm)
    renovation = add_renovation(session, floor.building, f"{mark}-S", name=mark)
    part = add_part(session, renovation, wing_id=wing.id, name=mark)
    return {
        "/renovations/": str(renovation.public_id),
        "/renovation-parts/": str(part.public_id),
        "/renovation-phases/": str(add_phase(session, renovation, mark).public_id),
        "/tasks/": str(
            add_task(session, building_id=floor.building_id, title=mark, **inside).public_id
        ),
        "/blackouts/": str(
            add_blackout(session, building_id=floor.building_id, name=mark, **inside).public_id
        ),
        "/packages/": str(package.public_id),
        "/package-links/": str(package_link.public_id),
        "/access-points/": str(point.public_id),
        "/rooms/": str(room.public_id),
        "/wings/": str(wing.public_id),
        "/milestones/": str(milestone.public_id),
        "/plan-links/": str(link.public_id),
        "/zones/": str(zone.public_id),
        "/cabling/runs/": cabling.run,
        "/cabling/tests/": cabling.test,
        "/cabling/distributors/": cabling.distributor,
        "/cabling/switches/": cabling.switch,
        "/cabling/ports/": cabling.port,
        "/cabling/outlets/": cabling.outlet,
        "/orders/": cabling.order,
        "/permits/": cabling.permit,
        "/penetrations/": cabling.penetration,
        "/cable-routes/": cabling.route,
        "/q/": cabling.run,
        "/site/runs/": cabling.run,
        "/site/at/<entity>/": cabling.run,
        "/attachments/of/<entity>/": cabling.run,
        "/attachments/": cabling.photo,
    }


def _fill_building(
    session: Session, parts: Installation, building: Building, floor: Floor, mark: str
) -> dict[str, str]:
    stored = parts.files.write(draw_plan())
    picture: dict[str, Any] = {
        "original_file": stored.name,
        "original_sha256": stored.sha256,
        "image_file": stored.name,
        "image_sha256": stored.sha256,
    }
    records: dict[str, Record] = {
        "/buildings/": building,
        "/floors/": floor,
        "/floor-plans/": add_plan(session, floor, name=f"{mark}.png", **picture),
        "/walls/": add_wall(session, floor),
        "/clutter/": add_clutter(session, floor, name=f"{mark} shelves"),
        "/room-groups/": add_group(session, building, code=f"{mark}-G", name=f"{mark} group"),
        "/uplinks/": add_uplink(session, building, f"{mark}-UL"),
        "/governance/<catalogue>/": add_risk(
            session, f"{mark}-R", title=mark, building_id=building.id
        ),
        "/import/projects/": add_import_run(session, building, name=f"{mark}.esx"),
    }
    return {prefix: str(record.public_id) for prefix, record in records.items()}


def _hide_something(session: Session, floor: Floor, wing: Wing) -> None:
    """Add to the western wing what the council must not see: rooms, and what is only planned."""
    office = add_room(
        session,
        floor,
        f"{SECRET} 2",
        name=SECRET,
        wing_id=wing.id,
        outline=shapely.box(1, 13, 9, 19),
    )
    vault = add_room(
        session,
        floor,
        f"{SECRET} 3",
        name=SECRET,
        wing_id=wing.id,
        outline=shapely.box(10, 13, 19, 19),
        is_public=True,
        is_secure=True,
    )
    for room, state in ((office, "in operation"), (vault, "in operation"), (None, "planned")):
        x_m, y_m = (5.0, 5.0)
        if room is not None and room.outline is not None:
            x_m, y_m = room.outline.centroid.coords[0]
        number = "0" if room is None else room.number[-1]
        add_access_point(
            session,
            floor,
            f"{SECRET}-AP{number}",
            x_m=x_m,
            y_m=y_m,
            state=state,
            wing_id=wing.id,
            room_id=room.id if room else None,
        )


def _add_networks(session: Session, building: Building) -> dict[str, str]:
    segment = {"vid": int(SEGMENT_NUMBERS[0]), "subnet_v4": f"{SEGMENT_NUMBERS[1]}/24"}
    visitors = add_vlan(session, f"{SEGMENT}-V", name=SEGMENT, zone=SEGMENT, **segment)
    printers = add_vlan(session, f"{SEGMENT}-P", vid=120)
    staff = add_vlan(session, f"{INTERNAL}-V", network_class="internal", vid=210)
    guest = add_ssid(session, visitors, "guest", name="Guest WLAN")
    office = add_ssid(session, staff, INTERNAL, name=INTERNAL, security="wpa3-enterprise")
    for ssid in (guest, office):
        add_scope(session, ssid, building_id=building.id)
    flow = add_flow(session, visitors, printers, f"{SEGMENT}-F")
    inquiry, answer = add_inquiry(session)
    crew = add_crew(session)
    return {
        "/crews/": str(crew.public_id),
        "/schedule/proposals/": str(add_search(session, make_proposal()).public_id),
        "/crew-absences/": str(add_absence(session, crew).public_id),
        "/inquiries/": str(inquiry.public_id),
        "/inquiry-questions/": str(inquiry.questions[0].public_id),
        "/answers/": str(answer.public_id),
        "/baselines/": str(add_baseline(session).public_id),
        "/networks/ssids/": str(guest.public_id),
        "/networks/vlans/": str(visitors.public_id),
        "/networks/flows/": str(flow.public_id),
        "/networks/scopes/": str(guest.scopes[0].public_id),
    }


def add_far_scope(session: Session, building: Building) -> str:
    """Put an SSID on air in the other house, and give the scope's id."""
    vlan = add_vlan(session, "V-330", vid=330)
    ssid = add_ssid(session, vlan, "far", name="Far WLAN")
    return str(add_scope(session, ssid, building_id=building.id).public_id)


def _add_accounts(session: Session, building: Building, wing: Wing) -> str:
    places: dict[str, dict[str, int]] = {
        "all": {},
        "house": {"building_id": building.id},
        "wing": {"wing_id": wing.id},
    }
    for role in ROLES:
        for scope in SCOPES:
            firm = FIRM if role == "firm" else ""
            add_user(session, f"{role} {scope}", Grant(role=role, firm=firm, **places[scope]))
    return str(add_user(session, "guest", Grant(role="viewer")).public_id)
