"""The demo's permits, penetrations and orders: what was allowed, where walls are open, who works.

Decides that each kind of story is told once: granted with conditions, awaited in words, ending
soon, and pollutants that are known for the whole house. Two runs for the meeting rooms' media wait
for the second heritage permit.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.services.cable_states import record_step
from wlantrack.services.demo_cabling import FIRMS
from wlantrack.services.demo_penetrations import EARLY, add_penetrations
from wlantrack.services.orders import add_subject as order_subject
from wlantrack.services.permits import add_subject
from wlantrack.store.models.cabling import CableRun, Outlet
from wlantrack.store.models.permits import Order, Permit
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import cabling as part_queries
from wlantrack.store.queries import permits as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Building
    from wlantrack.store.session import Database

BEGUN_ON: Final = date(1953, 1, 1)
"""The town hall that stands today was begun in 1953; nobody needs the day."""
_MONTHS: Final = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
_UNDRILLED: Final = frozenset({"released", "ordered", "delivered", "staged"})
_CONDITIONS: Final = (
    "Keine Bohrung in Werkstein und Holzvertäfelung. Leitungen im Sitzungssaal nur in vorhandenen"
    " Kanälen. Putz in den Fluren nach Befund ausbessern, Farbton mit dem Denkmalamt abstimmen."
)


def load_permits(database: Database, now: datetime) -> None:
    """Load the town hall's permits if there are none yet, in one transaction."""
    with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or queries.load_permits(session, [(building.id, None)]):
            return
        building.begun_on = BEGUN_ON
        _add_waiting_runs(session, building, now.date())
        _add_permits(session, building, now.date())
        add_penetrations(session, building, now.date())
        session.flush()
        _add_orders(session, building, now.date())
        session.commit()


def _add_waiting_runs(session: Session, building: Building, today: date) -> None:
    """Add runs to two meeting rooms, planned when most of the wing was cabled already."""
    rooms = {room.number: room for room in place_queries.list_all_rooms(session, [building.id])}
    distributors = part_queries.load_distributors(session, [(building.id, None)])
    start = next((item for item in distributors if item.code == "RH-EV3.1"), None)
    if start is None:
        return
    for number, room_number in enumerate(("303", "304"), start=1):
        room = rooms.get(room_number)
        if room is None or room.outline is None:
            continue
        centre = room.outline.centroid
        outlet = Outlet(
            public_id=uuid.uuid4(),
            code=f"RH-MP-3-DO-{number + 10}",
            floor_id=room.floor_id,
            floor=room.floor,
            wing_id=room.wing_id,
            room_id=room.id,
            x_m=round(centre.x, 2),
            y_m=round(centre.y, 2),
            note="Medientechnik, zweiter Abschnitt",
        )
        session.add(outlet)
        session.flush()
        run = CableRun(
            public_id=uuid.uuid4(),
            label=f"RH-EV3.1-P2-{number:02d}",
            floor_id=room.floor_id,
            floor=room.floor,
            wing_id=room.wing_id,
            distributor_id=start.id,
            panel_port=f"P2:{number:02d}",
            outlet_id=outlet.id,
            category="6A",
            test_limit="permanent link",
            length_planned_m=30.0 + 4 * number,
            crosses_fire_wall=True,
            state="requested",
            steps=[],
        )
        session.add(run)
        for days, state in ((60, "surveyed"), (45, "design released")):
            record_step(run, state, today - timedelta(days=days), "planner", "", {})
    session.flush()


def _add_orders(session: Session, building: Building, today: date) -> None:
    """Add two orders to the firm that has an account: one under way, one that is not out yet."""
    wings = {wing.code: wing for wing in building.wings}
    runs = run_queries.load_for_table(session, [(building.id, None)])
    first = Order(
        public_id=uuid.uuid4(),
        code="RH-A-1",
        name="Verkabelung Rathaus, erster Abschnitt",
        firm=FIRMS[0],
        state="partly delivered",
        ordered_on=today - timedelta(days=85),
        contact="Projektbüro WLAN",
        subjects=[],
    )
    first.building_id, first.building, first.wing = building.id, building, None
    first.delivery = parse_spoken(f"Q{(today.month - 1) // 3 + 1}/{today.year}")
    for run in runs:
        if run.firm == FIRMS[0] and run.state != "decommissioned":
            order_subject(first, run)
    second = Order(
        public_id=uuid.uuid4(),
        code="RH-A-2",
        name="Medientechnik Besprechungsräume, Kabel",
        firm=FIRMS[0],
        state="draft",
        contact="Projektbüro WLAN",
        note="Wird beauftragt, sobald RH-DS-2 erteilt ist.",
        subjects=[],
    )
    second.building_id, second.building = building.id, building
    second.wing_id, second.wing = wings["MP"].id, wings["MP"]
    for run in runs:
        if run.wing_id == second.wing_id and run.state in EARLY:
            order_subject(second, run)
    session.add_all((first, second))


def _add_permits(session: Session, building: Building, today: date) -> None:
    wings = {wing.code: wing for wing in building.wings}
    runs = run_queries.load_for_table(session, [(building.id, None)])
    points = point_queries.load_access_points(session, {floor.id for floor in building.floors})

    def add(code: str, kind: str, wing: str = "", **values: object) -> Permit:
        place = wings[wing] if wing else None
        permit = Permit(public_id=uuid.uuid4(), code=code, kind=kind, subjects=[], **values)
        permit.building_id, permit.building = building.id, building
        permit.wing_id, permit.wing = (place.id if place else None), place
        session.add(permit)
        return permit

    def cover(
        permit: Permit,
        wanted: Callable[[CableRun], bool],
        drilled: Iterable[AccessPoint] = (),
    ) -> None:
        things: list[CableRun | AccessPoint] = [*filter(wanted, runs), *drilled]
        for thing in things:
            if permit.wing_id in (None, thing.wing_id):
                add_subject(permit, thing)

    office = "Regierungspräsidium Stuttgart, Referat Denkmalpflege"
    granted = add("RH-DS-1", "heritage", "MP", state="granted", authority=office)
    granted.reference, granted.conditions = f"DS {today.year}/117", _CONDITIONS
    granted.applied_on, granted.granted_on = today - timedelta(days=210), today - timedelta(days=96)
    granted.expires_on = granted.granted_on + timedelta(days=730)
    cover(
        granted,
        lambda run: run.state not in EARLY,
        (point for point in points if point.state in _UNDRILLED),
    )
    awaited = add("RH-DS-2", "heritage", "MP", state="applied for", authority=office)
    awaited.applied_on, awaited.expected = today - timedelta(days=40), _middle_of_month(today)
    awaited.note = "Zweiter Abschnitt: Kabel, die im ersten Antrag fehlten."
    cover(awaited, lambda run: run.state in EARLY)

    others = add("RH-DS-3", "heritage", state="granted", authority=office)
    others.reference = f"DS {today.year}/98"
    others.applied_on, others.granted_on = today - timedelta(days=260), today - timedelta(days=140)
    cover(others, lambda run: run.wing_id != wings["MP"].id and run.state not in EARLY)

    fire = add("RH-BS-1", "fire protection", "HS", state="granted", authority="Branddirektion")
    fire.reference, fire.conditions = f"BS {today.year}/31", "Schottung am Tag der Durchführung."
    fire.granted_on, fire.expires_on = today - timedelta(days=160), today + timedelta(days=20)
    cover(fire, lambda run: run.crosses_fire_wall)

    pollutants = add("RH-SC-1", "pollutants", state="granted", authority="Hochbauamt")
    pollutants.reference = f"Schadstoffkataster RH, Stand {today.year}"
    pollutants.granted_on = today - timedelta(days=300)
    pollutants.conditions = "Asbestverdacht in Brandschutzklappen: nicht öffnen, Fachfirma rufen."
    cover(pollutants, lambda _: True)


def _middle_of_month(today: date) -> SpokenDate:
    later = today + timedelta(days=50)
    return parse_spoken(f"Mitte {_MONTHS[later.month - 1]} {later.year}")
