"""What tests of pages begin with: two buildings with everything a page can show, and accounts.

Decides the smallest city in which every page has something to say and somebody is out of scope.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import shapely
from jinja2 import BytecodeCache
from PIL import Image, ImageDraw

from tests.factories.access_points import add_access_point, find_model
from tests.factories.demand import add_clutter, add_group, add_zone
from tests.factories.hotspots import add_feedback, add_hotspot
from tests.factories.imports import add_import_run
from tests.factories.networks import add_flow, add_scope, add_ssid, add_vlan
from tests.factories.people import add_user
from tests.factories.places import add_building, add_floor, add_house, add_plan, add_room
from tests.factories.reports import add_inquiry
from tests.factories.rollout import (
    add_absence,
    add_baseline,
    add_blackout,
    add_crew,
    add_governance,
    add_link,
    add_milestone,
    add_package,
    add_part,
    add_phase,
    add_renovation,
    add_snapshot,
    add_task,
    on,
)
from tests.factories.schedules import (
    add_accepted,
    add_search,
    add_weights,
    make_move,
    make_proposal,
)
from tests.factories.uplinks import add_uplink
from tests.factories.walls import add_wall, find_material
from tests.integration.web.cabling_site import FIRM, CablingSite, build_cabling
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.people import Grant
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from flask import Flask
    from jinja2.bccache import Bucket
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.base import Record
    from wlantrack.store.models.places import Floor, FloorPlan
    from wlantrack.store.models.schedules import ScheduleProposal
    from wlantrack.web.context import Installation

    Named = Record | ScheduleProposal

PLAN_SIZE_PX = (400, 200)
_COMPILED: dict[str, bytes] = {}
_MADE: list[tuple[Site, Template]] = []
EVERYWHERE = ("viewer", "facility", "planner", "manager", "admin", "firm")
"""Roles of which an account of the same name exists, in scope everywhere."""


@dataclass(frozen=True)
class Site:
    """Public ids of what was made; ``RH`` is the house, ``KH`` is outside the neighbour's scope.

    Everything lies on the ground floor of ``RH``, which is 40 m x 20 m: a wall at x = 20 m, a public
    room in the west and one in the east, ``AP-1`` planned at (10, 10) and ``AP-2`` in operation at
    (30, 10). The visitor SSID is on air at both, the internal one in the west only. The firm has
    the run to ``AP-2``.
    """

    building: str
    wing: str
    floor: str
    empty_floor: str
    plan: str
    old_plan: str
    wall: str
    planned_point: str
    live_point: str
    material: str
    model: str
    project_run: str
    elsewhere_building: str
    elsewhere_floor: str
    elsewhere_plan: str
    elsewhere_wall: str
    elsewhere_point: str
    room: str
    zone: str
    clutter: str
    room_group: str
    uplink: str
    visitor_ssid: str
    internal_ssid: str
    visitor_vlan: str
    internal_vlan: str
    flow: str
    hotspot: str
    feedback: str
    renovation: str
    renovation_part: str
    renovation_phase: str
    task: str
    crew: str
    absence: str
    blackout: str
    package: str
    proposal: str
    preview_picture: str
    milestone: str
    baseline: str
    inquiry: str
    question: str
    answer: str
    account: str = ""
    cabling: CablingSite = field(kw_only=True)
    elsewhere_cabling: CablingSite = field(kw_only=True)


class TemplateCache(BytecodeCache):
    """Compiled templates, kept for all applications of this process."""

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in _COMPILED:
            bucket.bytecode_from_string(_COMPILED[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        _COMPILED[bucket.key] = bucket.bytecode_to_string()


@dataclass(frozen=True)
class Template:
    """What an embedded installation holds: the bytes of its database and of its files."""

    database: bytes
    files: dict[str, bytes]
    uploads: dict[str, bytes]

    @classmethod
    def of(cls, parts: Installation) -> Template:
        """Read an installation that nobody is working with."""
        parts.database.dispose()
        return cls(
            Path(str(parts.database.url.database)).read_bytes(),
            {path.name: path.read_bytes() for path in parts.files.folder.iterdir()},
            {path.name: path.read_bytes() for path in parts.uploads.folder.iterdir()},
        )

    def copy_to(self, parts: Installation) -> None:
        """Make another installation the same."""
        parts.database.dispose()
        path = Path(str(parts.database.url.database))
        for left in path.parent.glob(f"{path.name}-*"):
            left.unlink()
        path.write_bytes(self.database)
        for folder, files in (
            (parts.files.folder, self.files),
            (parts.uploads.folder, self.uploads),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                (folder / name).write_bytes(content)


def draw_plan(size_px: tuple[int, int] = PLAN_SIZE_PX) -> bytes:
    """Draw a plan as PNG: outer walls and one across the middle."""
    image = Image.new("RGB", size_px, "white")
    pen = ImageDraw.Draw(image)
    width, height = size_px
    pen.rectangle((2, 2, width - 3, height - 3), outline="black", width=3)
    pen.line((width // 2, 0, width // 2, height), fill="black", width=3)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def build_site(app: Flask) -> Site:
    """Fill an application's database and files; on SQLite with copies of what was once made."""
    app.jinja_env.bytecode_cache = TemplateCache()
    parts: Installation = app.extensions[EXTENSION]
    if not parts.database.is_embedded:
        return _make_site(parts)
    if not _MADE:
        _MADE.append((_make_site(parts), Template.of(parts)))
        return _MADE[0][0]
    site, template = _MADE[0]
    template.copy_to(parts)
    return site


def _make_site(parts: Installation) -> Site:
    with parts.database.writing(SYSTEM.audit()) as session:
        house = add_house(session)
        site = replace(_fill_house(session, house, parts), account=_add_accounts(session, house))
        session.commit()
    return site


def _fill_house(session: Session, house: House, parts: Installation) -> Site:
    ground, model = house.ground, find_model(session)
    old_plan = _add_drawn_plan(session, ground, parts, number=1, is_current=False)
    plan = _add_drawn_plan(session, ground, parts, number=2)
    room = add_room(
        session,
        ground,
        "001",
        name="Saal",
        wing_id=house.west.id,
        outline=shapely.box(1, 1, 19, 19),
        is_public=True,
    )
    foyer = add_room(
        session,
        ground,
        "009",
        name="Foyer",
        wing_id=house.east.id,
        outline=shapely.box(21, 1, 39, 19),
        is_public=True,
    )
    zone = add_zone(session, ground, outline=shapely.box(2, 2, 18, 18), wing_id=house.west.id)
    clutter = add_clutter(session, ground)
    group = add_group(session, house.building, room)
    wall = add_wall(session, ground)
    planned = add_access_point(session, ground, "AP-1", wing_id=house.west.id)
    live = add_access_point(
        session,
        ground,
        "AP-2",
        x_m=30.0,
        wing_id=house.east.id,
        state="in operation",
        serial="S2",
        room_id=foyer.id,
    )
    other = add_building(session, "KH")
    other_floor = add_floor(session, other)
    other_plan = _add_drawn_plan(session, other_floor, parts)
    other_wall = add_wall(session, other_floor)
    other_point = add_access_point(session, other_floor, "AP-3")
    records: tuple[Named, ...] = (
        house.building,
        house.west,
        ground,
        house.first,
        plan,
        old_plan,
        wall,
        planned,
        live,
        find_material(session),
        model,
        add_import_run(session, house.building),
        other,
        other_floor,
        other_plan,
        other_wall,
        other_point,
        room,
        zone,
        clutter,
        group,
        add_uplink(session, house.building, loads_mbit=((10.0, 4.0), (30.0, 20.0))),
    )
    add_governance(session, house.building)
    records += (*_add_networks(session, house), *_add_renovation(session, house))
    refs = [str(record.public_id) for record in records]
    return Site(
        *refs,
        *[
            parts.uploads.write(draw_plan()).name,
            *_add_milestones(session, house),
            *_add_inquiry(session),
        ],
        cabling=build_cabling(session, parts.files, ground, live, "RH"),
        elsewhere_cabling=build_cabling(session, parts.files, other_floor, other_point, "KH"),
    )


def _add_milestones(session: Session, house: House) -> tuple[str, str]:
    """Add milestones of the western wing, one of which waits for another, and a baseline."""
    inside = {"building_id": house.building.id, "wing_id": house.west.id}
    planned = {"kind": "design released", "forecast": on("Q1/2021"), "actual": on("Q1/2021")}
    drawn = add_milestone(session, "M-PLAN", **planned, **inside)
    cabled = add_milestone(session, "M-KAB", undated_reason="walls are closed", **inside)
    live = add_milestone(session, "M-BES", kind="visitor WLAN live", **inside)
    add_link(session, cabled, live, lag_days=5)
    baseline = add_baseline(session, drawn, cabled, name="Plan of the site")
    for month in (1, 2, 3):
        add_snapshot(session, drawn, date(2026, month, 28))
        add_snapshot(session, cabled, date(2026, month, 28))
    return str(live.public_id), str(baseline.public_id)


def _add_inquiry(session: Session) -> tuple[str, str, str]:
    """Add an inquiry of the council, with a question and a signed answer."""
    inquiry, answer = add_inquiry(session)
    question = inquiry.questions[0]
    return str(inquiry.public_id), str(question.public_id), str(answer.public_id)


def _add_renovation(session: Session, house: House) -> tuple[Named, ...]:
    """Add a renovation in the west, whose walls close far ahead, and a task there."""
    renovation = add_renovation(session, house.building, "S-1", state="under way")
    part = add_part(session, renovation, wing_id=house.west.id, floor_id=house.ground.id)
    part.opens, part.closes = on("Q1/2026"), on("2099-12-31")
    task = add_task(session, building_id=house.building.id, wing_id=house.west.id)
    return renovation, part, add_phase(session, renovation), task, *_add_work(session, house)


def _add_work(session: Session, house: House) -> tuple[Named, ...]:
    """Add a crew that is away for a week, its package and a proposal to move it, a quiet day."""
    crew = add_crew(session)
    place = {"building_id": house.building.id, "wing_id": house.west.id}
    package = add_package(session, house.building, wing_id=house.west.id, crew_id=crew.id)
    search = add_search(session, make_proposal(make_move(package)))
    add_accepted(session, search, package)
    add_weights(session)
    return crew, add_absence(session, crew), add_blackout(session, **place), package, search


def _add_networks(session: Session, house: House) -> tuple[Record, ...]:
    """Add a visitor SSID over the whole house and an internal one in the west, and a flow."""
    visitors = add_vlan(session, "V-110", name="Guests", vid=110, zone="guests")
    staff = add_vlan(session, "V-210", name="Staff", network_class="internal", vid=210)
    guest = add_ssid(session, visitors, "guest", name="Guest WLAN")
    office = add_ssid(session, staff, "office", name="Office WLAN", security="wpa3-enterprise")
    add_scope(session, guest, building_id=house.building.id)
    add_scope(session, office, wing_id=house.west.id)
    printers = add_vlan(session, "V-120", name="Printers for guests", vid=120)
    flow = add_flow(session, visitors, printers, services="IPP")
    add_flow(session, visitors, staff, "F-2", action="deny")
    hotspot = add_hotspot(session, house.building, guest)
    feedback = add_feedback(session, about=hotspot.open_id)
    return guest, office, visitors, staff, flow, hotspot, feedback


def _add_drawn_plan(
    session: Session, floor: Floor, parts: Installation, number: int = 1, *, is_current: bool = True
) -> FloorPlan:
    stored = parts.files.write(draw_plan())
    return add_plan(
        session,
        floor,
        number,
        is_current=is_current,
        original_file=stored.name,
        original_sha256=stored.sha256,
        image_file=stored.name,
        image_sha256=stored.sha256,
    )


def _add_accounts(session: Session, house: House) -> str:
    """Add people of all roles, and give the public id of one of them."""
    for role in EVERYWHERE:
        firm = FIRM if role == "firm" else ""
        add_user(session, role, Grant(role=role, firm=firm))
    add_user(session, "officer", Grant(role="security officer"))
    building, wing = house.building, house.west
    add_user(session, "neighbour", Grant(role="planner", building_id=building.id))
    add_user(session, "westerner", Grant(role="planner", wing_id=wing.id))
    guest = (Grant(role="planner", building_id=building.id), Grant(role="viewer"))
    return str(add_user(session, "guest", *guest).public_id)
