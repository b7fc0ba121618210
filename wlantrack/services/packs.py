"""Installation packs: what a firm needs for one visit, of one order, as one PDF.

Decides what belongs to a visit, and that the pack is the same for whoever prints it: it holds what a
firm may know and nothing of the networks, switches or people behind. A firm gets the packs of its own
orders, staff those of the orders they see.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.reports import handouts
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.rollout.permits import is_cleared
from wlantrack.services import (
    closing_walls,
    hold_points,
    orders,
    pack_pages,
    pack_steps,
    renovations,
    run_sight,
)
from wlantrack.services.pack_pages import Pack, WallInTheWay
from wlantrack.services.pack_sheets import Work, draw_floors
from wlantrack.services.speech import Pen
from wlantrack.services.work_calendar import list_holidays
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import packs as queries
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import permits as permit_queries
from wlantrack.store.queries import renovations as renovation_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.installation import Stores
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Order, Penetration, Permit
    from wlantrack.store.models.work import Blackout

QUIET_DAYS: Final = 14
"""So many days from the visit on the pack names the days on which nothing loud may be done."""
_DONE_POINTS: Final = frozenset({"in operation", "accepted", "lost", "removed"})


@dataclass(frozen=True)
class Visit:
    """When a firm comes, and where to; without wing or level to all of its order."""

    on: date
    wing: str = ""
    level: int | None = None


@dataclass(frozen=True)
class PackFile:
    """A pack as a file, and how much it holds."""

    name: str
    data: bytes
    runs: int
    access_points: int
    sheets: int


@dataclass(frozen=True)
class Printing:
    """With what a pack is printed: the stores, whose holidays count, and the language."""

    stores: Stores
    region: str
    language: str
    today: date


@dataclass(frozen=True)
class Places:
    """Where there is something to be installed: wings by code, floors by level, with their names."""

    wings: tuple[tuple[str, str], ...]
    levels: tuple[tuple[int, str], ...]


def list_places(session: Session, actor: Actor, order: Order) -> Places:
    """Give where a visit of an order that was found before can lead to."""
    runs, points, _ = _list_work(session, actor, order)
    work = Work(runs, points, (), {})
    wings = {thing.wing.code: thing.wing.name for thing in work.things if thing.wing}
    near = [run.distributor.floor for run in runs if run.distributor is not None]
    levels = {floor.level: floor.name for floor in (*near, *(thing.floor for thing in work.things))}
    return Places(tuple(sorted(wings.items())), tuple(sorted(levels.items())))


def write_pack(
    session: Session, actor: Actor, ref: str, visit: Visit, printing: Printing
) -> PackFile:
    """Write the installation pack of an order for a visit.

    Raises
    ------
    NotFound
        There is no such order in scope.
    InvalidInput
        It was cancelled, or there is nothing to be installed in this place.
    """
    order = orders.find_order(session, actor, ref)
    pack = _find_pack(session, actor, order, visit, printing)
    pen = Pen(printing.language)
    sheets = draw_floors(session, printing.stores, pack.work)
    handout = pack_pages.make_handout(pack, sheets, pen)
    return PackFile(
        f"{order.code}-{visit.on:%Y-%m-%d}.pdf",
        handouts.write_pdf(handout),
        len(pack.work.runs),
        len(pack.work.points),
        len(sheets),
    )


def _find_pack(
    session: Session, actor: Actor, order: Order, visit: Visit, printing: Printing
) -> Pack:
    runs, points, left_out = _find_work(session, actor, order, visit)
    run_ids = [run.id for run in runs]
    through = penetration_queries.list_through(session, run_ids)
    numbers = {run.id: number for number, run in enumerate(runs, start=1)}
    of_runs = permit_queries.list_covering_runs(session, run_ids)
    of_points = permit_queries.list_covering_points(session, [point.id for point in points])
    permits = {permit.id: permit for _, permit in (*of_runs, *of_points)}
    work = Work(runs, points, _unique(hole for _, hole in through), numbers)
    return Pack(
        order=order,
        on=visit.on,
        where=_find_wings(work) if visit.wing else (),
        level=visit.level,
        work=work,
        left_out=left_out,
        held=hold_points.load_for_runs(session, runs, visit.on),
        permits=tuple(sorted(permits.values(), key=lambda permit: permit.code)),
        pending=frozenset(
            permit.id
            for permit in permits.values()
            if not is_cleared(hold_points.facts_of(permit), visit.on)
        ),
        covered=_group_numbers(of_runs, numbers),
        pierced=_group_numbers(through, numbers),
        walls=tuple(_find_walls(session, runs, numbers)),
        blackouts=tuple(_find_blackouts(session, work, visit.on)),
        holiday=list_holidays(printing.region, visit.on.year, printing.language).get(visit.on, ""),
        made_on=printing.today,
    )


def _find_work(
    session: Session, actor: Actor, order: Order, visit: Visit
) -> tuple[list[CableRun], list[AccessPoint], int]:
    """Give the runs and access points of a visit, and how many runs are done already."""
    if order.state == "cancelled":
        raise InvalidInput(
            Problem(
                msg("Order %(code)s was cancelled: there is nothing to install.", code=order.code),
                msg("Choose the order that has taken its place."),
                field="order",
                value=order.code,
            )
        )
    runs, points, done = _list_work(session, actor, order)
    runs = [run for run in runs if _is_visited(run, visit)]
    points = [point for point in points if _lies_there(point, visit)]
    if not runs and not points:
        raise _nothing_there(visit, done=len(done))
    return runs, points, sum(_is_visited(run, visit) for run in done)


def _list_work(
    session: Session, actor: Actor, order: Order
) -> tuple[list[CableRun], list[AccessPoint], list[CableRun]]:
    """Give what of an order is to be installed: runs, access points; and the runs that are done."""
    seen = [
        item.cable_run.public_id
        for item in order.subjects
        if item.cable_run is not None and _is_handed_over(actor, order, item.cable_run)
    ]
    handed_over = run_queries.load_runs(session, seen)
    runs = [run for run in handed_over if not pack_steps.is_done(run)]
    own = {item.access_point_id for item in order.subjects if item.access_point_id is not None}
    ends = {run.access_point_id for run in runs if run.access_point_id is not None}
    points = [
        point
        for point in queries.load_points(session, own | ends)
        if point.id in ends or point.state not in _DONE_POINTS
    ]
    return runs, points, [run for run in handed_over if pack_steps.is_done(run)]


def _is_handed_over(actor: Actor, order: Order, run: CableRun) -> bool:
    """Tell whether the firm itself would see a run: staff print no other pack than the firm does."""
    is_firms = run.firm == order.firm and run_sight.is_given_state(run.state, run.state_before)
    return is_firms and run_sight.sees_run(actor, run)


def _nothing_there(visit: Visit, *, done: int) -> InvalidInput:
    if visit.wing or visit.level is not None:
        return InvalidInput(
            Problem(
                msg("Nothing of this order is to be installed in this place."),
                msg("Choose another wing or floor, or leave both open."),
                field="wing" if visit.wing else "level",
                value=visit.wing or str(visit.level),
            )
        )
    message = (
        msg("Everything in this order is installed and tested already.")
        if done
        else msg("Nothing in this order was handed to its firm yet.")
    )
    remedy = msg("Assign what is still to be installed to it, and set those runs to ordered.")
    return InvalidInput(Problem(message, remedy, field="order"))


def _is_visited(run: CableRun, visit: Visit) -> bool:
    """Tell whether an end of a run lies in the place of a visit; without a place all do."""
    if visit.wing and (run.wing is None or run.wing.code != visit.wing):
        return False
    near = run.distributor.floor.level if run.distributor is not None else None
    return visit.level in {None, run.floor.level, near}


def _lies_there(point: AccessPoint, visit: Visit) -> bool:
    if visit.wing and (point.wing is None or point.wing.code != visit.wing):
        return False
    return visit.level in {None, point.floor.level}


def _find_wings(work: Work) -> tuple[str, ...]:
    return tuple(sorted({thing.wing.name for thing in work.things if thing.wing is not None}))


def _unique(holes: Iterable[Penetration]) -> tuple[Penetration, ...]:
    return tuple(sorted({hole.id: hole for hole in holes}.values(), key=lambda hole: hole.code))


def _group_numbers(
    pairs: Iterable[tuple[int, Permit | Penetration]], numbers: dict[int, int]
) -> dict[int, tuple[int, ...]]:
    """Give the numbers of the runs that each permit covers, or that lead through each hole."""
    found: dict[int, tuple[int, ...]] = {}
    for run_id, record in pairs:
        found[record.id] = (*found.get(record.id, ()), numbers[run_id])
    return found


def _find_walls(
    session: Session, runs: Sequence[CableRun], numbers: dict[int, int]
) -> list[WallInTheWay]:
    """Give the parts of renovations with runs of the visit in them, the one that closes first first."""
    buildings = {run.floor.building_id for run in runs}
    if not buildings:
        return []
    placed = [
        run
        for run in renovation_queries.list_placed_runs(session, buildings, CABLE_STATES)
        if run.id in numbers
    ]
    found = []
    for renovation in renovation_queries.list_renovations(session, buildings):
        if renovation.state in renovations.OVER:
            continue
        for part in renovation.parts:
            inside = [
                numbers[run.id]
                for run in placed
                if closing_walls.lies_in(run, part, renovation.building_id)
            ]
            if inside and (part.opens or part.closes):
                found.append(WallInTheWay(renovation.building, part, tuple(inside)))
    return sorted(found, key=_closing)


def _closing(wall: WallInTheWay) -> tuple[bool, str]:
    closes = wall.part.closes
    return closes is None, closes.earliest.isoformat() if closes else ""


def _find_blackouts(session: Session, work: Work, on: date) -> list[Blackout]:
    """Give the blackouts around a visit that hold where it leads to."""
    buildings = {thing.floor.building_id for thing in work.things}
    wings = {thing.wing_id for thing in work.things}
    until = on + timedelta(days=QUIET_DAYS - 1)
    return [
        blackout
        for blackout in renovation_queries.list_blackouts(session, buildings, on, until)
        if blackout.wing_id is None or None in wings or blackout.wing_id in wings
    ]
