"""The acceptance protocol: what a firm has built at a place, what is still open, and who signs.

Decides what stands in the way of an acceptance. It never says that something is accepted: that is
for those who sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.reports.document import Bullets, Document, Heading, Paragraph, Signatures, Table
from wlantrack.rollout.lifecycle import (
    ACCESS_POINT_STATES,
    CABLE_STATES,
    LIVE_STATES,
    PENETRATION_STATES,
)
from wlantrack.rollout.milestones import POINTS_PLANNED, RUNS_PLANNED
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services.actor import Action
from wlantrack.services.report_areas import find_area
from wlantrack.services.voices import find_voice
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import cable_tests as test_queries
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import permits as permit_queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Block
    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.report_areas import Area
    from wlantrack.services.report_files import Wanted
    from wlantrack.services.voices import Voice
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Penetration, Permit

DEFECT_LINES: Final = 6
"""Empty lines for what is found on site."""


@dataclass(frozen=True)
class Works:
    """What was built at a place, and what it rests on."""

    points: list[AccessPoint]
    runs: list[CableRun]
    tested: Mapping[int, date]
    penetrations: list[Penetration]
    permits: list[Permit]


def write_acceptance(session: Session, actor: Actor, parts: PlanParts, wanted: Wanted) -> Document:
    """Give the protocol of a building or wing, to be filled in and signed on site.

    Raises
    ------
    InvalidInput
        No building is named: a city is not accepted at once.
    NotFound
        There is no such place, it is out of scope, or there are no texts in this language.
    """
    if not wanted.building:
        raise InvalidInput(
            Problem(
                msg("An acceptance protocol is about one building or wing."),
                msg("Name it, such as RH or RH/MP."),
                field="of",
            )
        )
    area = find_area(session, actor, Action.SEE_CABLING, wanted)
    voice = find_voice(wanted.language)
    works, say, today = _load(session, area), voice.say, parts.clock.today.isoformat()
    title = say(msg("Acceptance protocol"))
    firms = sorted({run.firm for run in works.runs if run.firm})
    return Document(
        title=f"{title}: {area.name(voice)}",
        language=wanted.language,
        date=today,
        subtitle=say(msg("WLAN: access points and cabling")),
        author=wanted.city,
        facts=(
            (say(msg("Client")), wanted.city),
            (say(msg("Contractors")), ", ".join(firms) or voice.unstated),
            (say(msg("Where")), area.name(voice)),
            (say(msg("Data as of")), voice.day(today)),
        ),
        blocks=(
            Heading(say(msg("What is still open"))),
            *_write_open(works, voice),
            Heading(say(msg("Access points"))),
            *_write_points(works, voice),
            Heading(say(msg("Cables"))),
            *_write_runs(works, voice),
            Heading(say(msg("Fire seals"))),
            *_write_penetrations(works, voice),
            Heading(say(msg("Permits"))),
            *_write_permits(works, voice),
            *_write_declaration(voice),
        ),
        footer=f"{wanted.city} · {title} · {area.name(voice)}",
    )


def _load(session: Session, area: Area) -> Works:
    runs = run_queries.load_for_table(session, area.pairs)
    runs = [run for run in runs if run.state in RUNS_PLANNED]
    return Works(
        [
            point
            for point in point_queries.load_for_table(session, area.pairs)
            if point.state in POINTS_PLANNED
        ],
        runs,
        test_queries.list_latest_days(session, [run.id for run in runs]),
        penetration_queries.load_penetrations(session, area.pairs),
        permit_queries.load_permits(session, area.pairs),
    )


def _write_open(works: Works, voice: Voice) -> Iterator[Block]:
    say = voice.say
    found = (
        (
            msg("Access points that are not in operation"),
            [point.code for point in works.points if point.state not in LIVE_STATES],
        ),
        (
            msg("Cables that are not tested"),
            [run.label for run in works.runs if not CABLE_STATES[run.state].is_live],
        ),
        (
            msg("Penetrations that nobody has checked"),
            [item.code for item in works.penetrations if item.state != "checked"],
        ),
        (
            msg("Permits that are not granted"),
            [item.code for item in works.permits if not PERMIT_STATES[item.state].is_live],
        ),
    )
    rows = tuple((say(words), len(codes), ", ".join(codes)) for words, codes in found if codes)
    if not rows:
        yield Paragraph(say(msg("Nothing on record stands in the way of an acceptance.")))
        return
    yield Table(
        say(msg("Open at the time of this protocol")),
        (say(msg("What")), say(msg("How many")), say(msg("Which"))),
        rows,
        widths=(26, 0, 44),
    )


def _write_points(works: Works, voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not works.points:
        yield voice.nothing
        return
    yield Table(
        say(msg("Access points")),
        (
            say(msg("Code")),
            say(msg("Floor")),
            say(msg("Room")),
            say(msg("Model")),
            say(msg("Serial number")),
            say(msg("State")),
        ),
        tuple(
            (
                point.code,
                point.floor.name,
                (point.room.name or point.room.number) if point.room else voice.unstated,
                point.model.name,
                point.serial or voice.unstated,
                say(ACCESS_POINT_STATES[point.state].label),
            )
            for point in works.points
        ),
        widths=(20, 12, 20, 20, 16, 14),
    )


def _write_runs(works: Works, voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not works.runs:
        yield voice.nothing
        return
    yield Table(
        say(msg("Cables")),
        (
            say(msg("Label")),
            say(msg("Leads to")),
            say(msg("Category")),
            say(msg("Length (m)")),
            say(msg("Last tested")),
            say(msg("State")),
        ),
        tuple(
            (
                run.label,
                _name_end(run) or say(msg("open end")),
                run.category,
                _say_length(run, voice),
                _say_day(works.tested.get(run.id), voice),
                say(CABLE_STATES[run.state].label),
            )
            for run in works.runs
        ),
        widths=(20, 22, 12, 12, 14, 18),
    )


def _name_end(run: CableRun) -> str:
    if run.access_point is not None:
        return run.access_point.code
    return run.outlet.code if run.outlet is not None else ""


def _say_length(run: CableRun, voice: Voice) -> str:
    """Say how long a run is, and where that is only planned."""
    if run.length_actual_m is not None:
        return voice.number(run.length_actual_m)
    if run.length_planned_m is None:
        return voice.unstated
    return voice.say(msg("%(length)s planned", length=voice.number(run.length_planned_m)))


def _say_day(day: date | None, voice: Voice) -> str:
    return voice.short_day(day) if day else voice.say(msg("not yet"))


def _write_penetrations(works: Works, voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not works.penetrations:
        yield Paragraph(say(msg("No cable here leads through a fire wall on record.")))
        return
    yield Table(
        say(msg("Fire seals")),
        (
            say(msg("Code")),
            say(msg("Where")),
            say(msg("Fire rating")),
            say(msg("Seal and approval")),
            say(msg("Sealed on")),
            say(msg("State")),
        ),
        tuple(
            (
                item.code,
                item.place or item.floor.name,
                item.fire_rating or voice.unstated,
                ", ".join(part for part in (item.seal, item.approval) if part) or voice.unstated,
                _say_day(item.sealed_on, voice),
                say(PENETRATION_STATES[item.state].label),
            )
            for item in works.penetrations
        ),
        widths=(18, 24, 12, 26, 14, 12),
    )


def _write_permits(works: Works, voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not works.permits:
        yield Paragraph(say(msg("No permit is on record here.")))
        return
    yield Table(
        say(msg("Permits")),
        (
            say(msg("Code")),
            say(msg("Kind")),
            say(msg("State")),
            say(msg("File number")),
            say(msg("Conditions")),
        ),
        tuple(
            (
                item.code,
                say(PERMIT_KINDS[item.kind]),
                say(PERMIT_STATES[item.state].label),
                item.reference or voice.unstated,
                item.conditions or say(msg("none")),
            )
            for item in works.permits
        ),
        widths=(16, 18, 14, 16, 30),
    )


def _write_declaration(voice: Voice) -> Iterator[Block]:
    say = voice.say
    yield Heading(say(msg("Found on site")))
    yield Table(
        say(msg("Defects and work left, each with a date")),
        (say(msg("No.")), say(msg("Defect or work left")), say(msg("To be done by"))),
        tuple((str(number), "", "") for number in range(1, DEFECT_LINES + 1)),
        widths=(6, 60, 24),
        is_form=True,
    )
    yield Heading(say(msg("Declaration")))
    yield Bullets(tuple(say(words) for words in _DECLARATIONS))
    yield Paragraph(say(msg("Strike out what does not apply. Place and date:")))
    yield Signatures((say(msg("For the client")), say(msg("For the contractor"))))


_DECLARATIONS: Final[tuple[Message, ...]] = (
    msg("The works are accepted without reservation."),
    msg("The works are accepted; the client reserves all rights because of the defects above."),
    msg("Acceptance is refused because of the defects above."),
    msg("The client reserves the agreed penalty for delay."),
)
