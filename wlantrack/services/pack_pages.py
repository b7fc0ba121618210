"""What stands in an installation pack, in its reader's words: cover, sheets and tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.reports.handouts import Column, Handout, Listing, Notices, SheetPage
from wlantrack.reports.plan_sheets import SheetWords, draw
from wlantrack.rollout.cabling import TEST_LIMIT_WORDS
from wlantrack.rollout.lifecycle import (
    ACCESS_POINT_STATES,
    CABLE_ORDER,
    CABLE_STATES,
    PENETRATION_STATES,
    Condition,
)
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services import pack_steps
from wlantrack.services.pack_sheets import write_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from wlantrack.services.hold_points import Held
    from wlantrack.services.pack_sheets import FloorSheet, Work
    from wlantrack.services.speech import Pen
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Order, Penetration, Permit
    from wlantrack.store.models.places import Building
    from wlantrack.store.models.renovations import RenovationPart
    from wlantrack.store.models.work import Blackout

_BOX: Final = "☐"
_MOUNTS: Final[Mapping[str, Message]] = {
    "ceiling": msg("ceiling"),
    "wall": msg("wall"),
    "floor": msg("floor"),
}
_NOT_ALLOWED: Final[Mapping[str, Message]] = {
    "quiet": msg("no work at all"),
    "normal": msg("quiet work only"),
    "loud": msg("nothing loud, such as drilling"),
}
"""What a blackout forbids, by the noise class from which on it holds."""


@dataclass(frozen=True)
class WallInTheWay:
    """A wall that others have opened and close again, and the numbers of the runs in it."""

    building: Building
    part: RenovationPart
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Pack:
    """Everything about a visit, as records.

    ``left_out`` counts runs that are done; ``pending`` are the ids of permits that are not in force on
    that day; ``covered`` and ``pierced`` give numbers of runs by permit and by penetration.
    """

    order: Order
    on: date
    where: tuple[str, ...]
    level: int | None
    work: Work
    left_out: int
    held: Mapping[int, Held]
    permits: tuple[Permit, ...]
    pending: frozenset[int]
    covered: Mapping[int, tuple[int, ...]]
    pierced: Mapping[int, tuple[int, ...]]
    walls: tuple[WallInTheWay, ...]
    blackouts: tuple[Blackout, ...]
    holiday: str
    made_on: date

    @property
    def buildings(self) -> list[Building]:
        """Give the buildings of the visit, by code."""
        floors = [thing.floor for thing in self.work.things]
        found = {floor.building_id: floor.building for floor in floors}
        return sorted(found.values(), key=lambda building: building.code)


def make_handout(pack: Pack, sheets: Sequence[FloorSheet], pen: Pen) -> Handout:
    """Put a pack into words."""
    say, order = pen.say, pack.order
    title = say(msg("Installation pack"))
    return Handout(
        title=title,
        subtitle=", ".join(part for part in (order.code, order.name) if part),
        language=pen.language,
        header=(f"{title} {order.code}", f"{order.firm} · {pen.day(pack.on)}"),
        footer=say(msg("As of %(day)s. Only the latest pack counts.", day=pack.made_on)),
        page=say(msg("Page")),
        contents=say(msg("Contents")),
        facts=tuple(_list_facts(pack, pen)),
        notices=Notices(
            say(msg("Mind before you begin")),
            tuple(_list_notices(pack, pen)),
            say(msg("Nothing stands in the way of this visit.")),
        ),
        sheets=tuple(_make_pages(sheets, pen)),
        tables=(
            _list_runs(pack, pen),
            pack_steps.list_all(pack.work.runs, pack.work.numbers, pen),
            _list_points(pack, pen),
            _list_permits(pack, pen),
            _list_holes(pack, pen),
            _list_walls(pack, pen),
            _list_blackouts(pack, pen),
        ),
    )


def _list_facts(pack: Pack, pen: Pen) -> Iterator[tuple[str, str]]:
    say, order = pen.say, pack.order
    yield say(msg("Firm")), order.firm
    yield say(msg("Order")), ", ".join(part for part in (order.code, order.name) if part)
    if order.ordered_on is not None:
        yield say(msg("Ordered on")), pen.day(order.ordered_on)
    yield say(msg("Day of the visit")), pen.day(pack.on)
    for building in pack.buildings:
        lines = [building.name, *filter(None, (building.address,))]
        yield say(msg("Building")), ", ".join(lines)
        if building.opening_hours:
            yield say(msg("Opening hours")), building.opening_hours
    if pack.where:
        yield say(msg("Wing")), ", ".join(pack.where)
    if pack.level is not None:
        yield say(msg("Floor")), ", ".join(sorted(_name_levels(pack)))
    yield say(msg("Contact")), order.contact or say(msg("not known yet"))
    yield say(msg("Cable runs")), _count_runs(pack, pen)
    yield say(msg("Access points")), str(len(pack.work.points))


def _name_levels(pack: Pack) -> set[str]:
    return {thing.floor.name for thing in pack.work.things if thing.floor.level == pack.level} or {
        str(pack.level)
    }


def _count_runs(pack: Pack, pen: Pen) -> str:
    count = str(len(pack.work.runs))
    if not pack.left_out:
        return count
    return pen.say(
        msg("%(count)s (%(done)d more are done already)", count=count, done=pack.left_out)
    )


def _list_notices(pack: Pack, pen: Pen) -> Iterator[str]:
    """Say what stands in the way of the visit, the gravest first."""
    say = pen.say
    for blackout in pack.blackouts:
        if blackout.begins_on <= pack.on <= blackout.ends_on:
            forbidden = _NOT_ALLOWED[blackout.noise_class]
            yield say(
                msg(
                    "On the day of the visit: %(name)s \N{EN DASH} %(what)s.",
                    name=blackout.name,
                    what=forbidden,
                )
            )
    if pack.holiday:
        yield say(msg("The day of the visit is a holiday (%(name)s).", name=pack.holiday))
    elif pack.on.weekday() > 4:
        yield say(msg("The day of the visit is no working day."))
    problems = (problem for held in pack.held.values() for problem in _list_problems(held))
    yield from dict.fromkeys(map(say, problems))
    for permit in pack.permits:
        if permit.id in pack.pending and permit.id not in pack.covered:
            what = PERMIT_STATES[permit.state].label
            yield say(msg("Permit %(code)s is %(state)s.", code=permit.code, state=what))
    for wall in pack.walls:
        closes = wall.part.closes
        if closes is not None and closes.latest < pack.on:
            yield say(
                msg(
                    "No. %(numbers)s: the wall is closed by then (%(when)s).",
                    numbers=write_numbers(wall.numbers),
                    when=pen.spoken(closes),
                )
            )
    blocked = [pack.work.numbers[run.id] for run in pack.work.runs if run.state == "blocked"]
    if blocked:
        yield say(msg("No. %(numbers)s: blocked, ask before.", numbers=write_numbers(blocked)))


def _list_problems(held: Held) -> Iterator[Message]:
    for condition in (Condition.PERMITS_CLEARED, Condition.POLLUTANTS_KNOWN):
        for problem in held.reasons.get(condition, ()):
            yield problem.message


def _make_pages(sheets: Sequence[FloorSheet], pen: Pen) -> Iterator[SheetPage]:
    """Give a page for each sheet; those of one floor are counted."""
    for _, group in groupby(sheets, key=lambda sheet: sheet.floor.id):
        same = list(group)
        for number, sheet in enumerate(same, start=1):
            yield _make_page(sheet, f" ({number}/{len(same)})" if len(same) > 1 else "", pen)


def _make_page(found: FloorSheet, part: str, pen: Pen) -> SheetPage:
    say, floor = pen.say, found.floor
    words = SheetWords(
        scale=say(msg("Scale")),
        north=say(msg("North")),
        schematic=say(msg("schematic \N{EN DASH} check measures on site")),
        legend={
            "access point": say(msg("access point")),
            "outlet": say(msg("outlet")),
            "distributor": say(msg("distributor")),
            "penetration": say(msg("penetration")),
            "tray": say(msg("tray or conduit")),
            "straight": say(msg("from \N{EN DASH} to (not the way)")),
        },
    )
    alt = msg(
        "Plan of %(floor)s, %(building)s: access points: %(points)d, ways from outlet to distributor: %(ends)d;"
        " the tables below name them with their places.",
        floor=floor.name,
        building=floor.building.name,
        points=found.points,
        ends=found.ends,
    )
    heading = say(msg("Plan: %(floor)s", floor=f"{floor.building.code}, {floor.name}{part}"))
    return SheetPage(heading, draw(found.sheet, words), say(alt))


def _list_runs(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("No.")), 0.45),
        Column(say(msg("Label")), 1.5, is_code=True),
        Column(say(msg("From")), 1.55),
        Column(say(msg("To")), 1.7),
        Column(say(msg("Length")), 0.8),
        Column(say(msg("Cable")), 2.1),
        Column(say(msg("State")), 1.1),
        Column(say(msg("What it needs")), 2.1),
        Column(say(msg("Done")), 0.8),
    )
    return Listing(
        say(msg("Cable runs")),
        columns,
        tuple(_describe_run(pack, run, pen) for run in pack.work.runs),
        say(msg("No cable runs belong to this visit.")),
        say(msg("The numbers stand on the plans, too.")),
    )


def _describe_run(pack: Pack, run: CableRun, pen: Pen) -> tuple[str, ...]:
    say = pen.say
    if run.length_actual_m is not None:
        length = f"{pen.number(run.length_actual_m)} m"
    elif run.length_planned_m is not None:
        length = say(msg("%(length)s m planned", length=pen.number(run.length_planned_m)))
    else:
        length = say(msg("not known yet"))
    category = f"Cat {run.category}" if run.category[0].isdecimal() else run.category
    return (
        str(pack.work.numbers[run.id]),
        run.label,
        _name_start(run, pen),
        _name_end(run, pen),
        length,
        f"{category}, {say(TEST_LIMIT_WORDS[run.test_limit])}",
        say(CABLE_STATES[run.state].label),
        "; ".join(_list_needs(run, pack.held[run.id], pen)),
        _BOX,
    )


def _name_start(run: CableRun, pen: Pen) -> str:
    if run.distributor is None:
        return pen.say(msg("open \N{EN DASH} no distributor yet"))
    floor = run.distributor.floor
    parts = [run.distributor.code, f"{floor.building.code}/{floor.level}"]
    if run.panel_port:
        parts.append(pen.say(msg("panel port %(port)s", port=run.panel_port)))
    return ", ".join(parts)


def _name_end(run: CableRun, pen: Pen) -> str:
    end = run.access_point or run.outlet
    if end is None:
        return pen.say(msg("open \N{EN DASH} not terminated yet"))
    parts = [end.code, f"{end.floor.building.code}/{end.floor.level}"]
    if run.outlet is not None and run.outlet.room is not None:
        parts.append(pen.say(msg("room %(number)s", number=run.outlet.room.number)))
    return ", ".join(parts)


def _list_needs(run: CableRun, held: Held, pen: Pen) -> Iterator[str]:
    """Say the next state and its evidence, what holds the run, and what lies on its way."""
    say = pen.say
    step = next(pack_steps.list_steps(run), None)
    if step is not None:
        yield say(msg("next: %(step)s", step=pack_steps.write_step(step, pen)))
    if run.crosses_fire_wall and run.state in CABLE_ORDER[: CABLE_ORDER.index("fire-stopped")]:
        yield say(msg("crosses a fire wall"))
    if any(_list_problems(held)):
        yield say(msg("permits are not cleared"))


def _list_points(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("Access point")), 1.7, is_code=True),
        Column(say(msg("Floor")), 1.2),
        Column(say(msg("Room")), 1.9),
        Column(say(msg("Model")), 1.7),
        Column(say(msg("Mounting")), 1.4),
        Column(say(msg("Direction")), 1.5),
        Column(say(msg("No.")), 0.7),
        Column(say(msg("State")), 1.1),
        Column(say(msg("Done")), 0.8),
    )
    ending: dict[int, list[int]] = {}
    for run in pack.work.runs:
        if run.access_point_id is not None:
            ending.setdefault(run.access_point_id, []).append(pack.work.numbers[run.id])
    return Listing(
        say(msg("Access points")),
        columns,
        tuple(_describe_point(point, ending.get(point.id, []), pen) for point in pack.work.points),
        say(msg("No access points belong to this visit.")),
        say(
            msg(
                "Heights are of the device's middle above the finished floor; directions are clockwise"
                " from north on the plan, tilts below the horizon."
            )
        ),
    )


def _describe_point(point: AccessPoint, numbers: Sequence[int], pen: Pen) -> tuple[str, ...]:
    say = pen.say
    room = point.room
    return (
        point.code,
        f"{point.floor.building.code}, {point.floor.name}",
        f"{room.number} {room.name}".strip() if room else say(msg("no room")),
        " ".join(part for part in (point.model.vendor, point.model.name) if part),
        f"{say(_MOUNTS[point.mount])}, {pen.number(point.height_m, 2)} m",
        _name_direction(point, pen),
        write_numbers(numbers),
        say(ACCESS_POINT_STATES[point.state].label),
        _BOX,
    )


def _name_direction(point: AccessPoint, pen: Pen) -> str:
    parts = []
    if point.azimuth_deg or point.mount == "wall":
        parts.append(pen.say(msg("azimuth %(angle)s°", angle=pen.number(point.azimuth_deg, 0))))
    if point.downtilt_deg:
        parts.append(pen.say(msg("tilt %(angle)s°", angle=pen.number(point.downtilt_deg, 0))))
    return ", ".join(parts) or pen.say(msg("none in particular"))


def _list_permits(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("Permit")), 1.4, is_code=True),
        Column(say(msg("Kind")), 1.2),
        Column(say(msg("State on the day")), 1.6),
        Column(say(msg("Authority and reference")), 2.0),
        Column(say(msg("In force")), 1.5),
        Column(say(msg("Conditions")), 3.6),
        Column(say(msg("No.")), 0.8),
    )
    rows = tuple(_describe_permit(pack, permit, pen) for permit in pack.permits)
    return Listing(
        say(msg("Permits")), columns, rows, say(msg("No permit covers what is installed."))
    )


def _describe_permit(pack: Pack, permit: Permit, pen: Pen) -> tuple[str, ...]:
    say = pen.say
    state = say(PERMIT_STATES[permit.state].label)
    if permit.id in pack.pending:
        state = say(msg("%(state)s \N{EN DASH} not in force", state=state))
    begins = pen.day(permit.granted_on) if permit.granted_on else ""
    ends = say(msg("until %(day)s", day=permit.expires_on)) if permit.expires_on else ""
    if not begins and permit.expected is not None:
        begins = say(msg("expected %(when)s", when=pen.spoken(permit.expected)))
    return (
        permit.code,
        say(PERMIT_KINDS[permit.kind]),
        state,
        ", ".join(part for part in (permit.authority, permit.reference) if part),
        " ".join(part for part in (begins, ends) if part) or say(msg("not known yet")),
        permit.conditions or say(msg("none")),
        write_numbers(pack.covered.get(permit.id, ())),
    )


def _list_holes(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("Penetration")), 1.5, is_code=True),
        Column(say(msg("Floor")), 0.9),
        Column(say(msg("Where")), 2.4),
        Column(say(msg("Fire rating")), 0.9),
        Column(say(msg("Seal")), 1.7),
        Column(say(msg("Approval")), 1.7),
        Column(say(msg("State")), 1.0),
        Column(say(msg("No.")), 0.8),
        Column(say(msg("Done")), 0.8),
    )
    return Listing(
        say(msg("Penetrations")),
        columns,
        tuple(_describe_hole(pack, hole, pen) for hole in pack.work.holes),
        say(msg("No run of this visit leads through a fire wall or slab that is on record.")),
        say(msg("A further cable opens a sealed penetration again: seal it anew, with a photo.")),
    )


def _describe_hole(pack: Pack, hole: Penetration, pen: Pen) -> tuple[str, ...]:
    unknown = pen.say(msg("not known yet"))
    return (
        hole.code,
        str(hole.floor.level),
        hole.place or unknown,
        hole.fire_rating or unknown,
        hole.seal or unknown,
        hole.approval or unknown,
        pen.say(PENETRATION_STATES[hole.state].label),
        write_numbers(pack.pierced.get(hole.id, ())),
        _BOX,
    )


def _list_walls(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("Where")), 3.4),
        Column(say(msg("Opens")), 1.5),
        Column(say(msg("Closes")), 1.5),
        Column(say(msg("No.")), 1.2),
    )
    unknown = say(msg("not known yet"))
    rows = tuple(
        (
            _name_wall(wall),
            pen.spoken(wall.part.opens) if wall.part.opens else unknown,
            pen.spoken(wall.part.closes) if wall.part.closes else unknown,
            write_numbers(wall.numbers),
        )
        for wall in pack.walls
    )
    return Listing(
        say(msg("Walls that others open and close")),
        columns,
        rows,
        say(msg("No run of this visit lies in a wall that others open or close.")),
        say(msg("After it has closed, nothing can be pulled there.")),
    )


def _name_wall(wall: WallInTheWay) -> str:
    part = wall.part
    places = [place.name for place in (part.wing, part.floor) if place is not None]
    return ", ".join(filter(None, (wall.building.name, *places, part.name)))


def _list_blackouts(pack: Pack, pen: Pen) -> Listing:
    say = pen.say
    columns = (
        Column(say(msg("When")), 2.0),
        Column(say(msg("Where")), 2.0),
        Column(say(msg("What is not allowed")), 2.4),
        Column(say(msg("Occasion")), 2.6),
    )
    rows = tuple(
        (
            _name_days(blackout, pen),
            blackout.wing.name if blackout.wing else say(msg("everywhere there")),
            say(_NOT_ALLOWED[blackout.noise_class]),
            blackout.name,
        )
        for blackout in pack.blackouts
    )
    return Listing(
        say(msg("Quiet days in the two weeks from the visit")),
        columns,
        rows,
        say(msg("No quiet days are on record for these two weeks.")),
    )


def _name_days(blackout: Blackout, pen: Pen) -> str:
    first, last = pen.day(blackout.begins_on), pen.day(blackout.ends_on)
    return first if first == last else f"{first} \N{EN DASH} {last}"
