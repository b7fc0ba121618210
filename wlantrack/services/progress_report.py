"""The report of progress: how places stand, what is done there, and what comes when.

Decides that it says what the pages say, from the same counts and the same rules.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.reports.document import Bullets, Document, Figure, Heading, Paragraph, Table
from wlantrack.reports.drawings import Bar, draw_bars
from wlantrack.rollout.lifecycle import CABLE_STATES, LIVE_STATES, PLANNED_STATES
from wlantrack.rollout.milestones import RUNS_PLANNED, STANDINGS
from wlantrack.rollout.progress import STARTED_STATES
from wlantrack.rollout.rag import LIGHTS, RULES, Light
from wlantrack.rollout.wall_closing import LEVEL_WORDS
from wlantrack.services import closing_walls, wing_status
from wlantrack.services.actor import Action
from wlantrack.services.milestone_progress import find_counts
from wlantrack.services.report_areas import find_area
from wlantrack.services.voices import find_voice
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Block
    from wlantrack.services.actor import Actor
    from wlantrack.services.closing_walls import WallAlarm
    from wlantrack.services.milestone_progress import Counts
    from wlantrack.services.milestones import MilestoneLine
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.report_areas import Area
    from wlantrack.services.report_files import Wanted
    from wlantrack.services.voices import Voice
    from wlantrack.services.wing_status import PlaceStatus
    from wlantrack.store.models.places import Building

MOST_BARS = 30
_RUNS_DONE = frozenset(key for key, state in CABLE_STATES.items() if state.is_live)


@dataclass(frozen=True)
class DoneRow:
    """How much of what is planned at a place is done: access points and cables."""

    name: str
    planned: int
    under_way: int
    live: int
    cables: int
    cables_done: int


def write_progress(session: Session, actor: Actor, parts: PlanParts, wanted: Wanted) -> Document:
    """Give the report of progress of the city, a building or a wing.

    Raises
    ------
    NotFound
        There is no such place, it is out of scope, or there are no texts in this language.
    """
    area = find_area(session, actor, Action.SEE_CABLING, wanted)
    voice = find_voice(wanted.language)
    say, today = voice.say, parts.clock.today
    statuses = [
        status
        for place, status in wing_status.list_programme(session, actor, parts)[0]
        if area.holds(*place)
    ]
    rows = _list_rows(session, area, find_counts(session, parts.cache), voice)
    alarms = closing_walls.list_alarms(session, actor, parts.clock.workdays, today, parts.cache)
    found = [item for item in alarms if area.holds(item.run.building_id, item.run.wing_id)]
    title = say(msg("WLAN roll-out: progress"))
    return Document(
        title=f"{title}: {area.name(voice)}" if area.building else title,
        language=wanted.language,
        date=today.isoformat(),
        subtitle=say(msg("Report of progress")),
        author=wanted.city,
        facts=(
            (say(msg("City")), wanted.city),
            (say(msg("Where")), area.name(voice)),
            (say(msg("Data as of")), voice.day(today.isoformat())),
        ),
        blocks=(
            Heading(say(msg("How it stands"))),
            *_write_lights(statuses, voice),
            Heading(say(msg("What is done"))),
            *_write_done(rows, voice),
            Heading(say(msg("Milestones"))),
            *_write_milestones(statuses, voice),
            Heading(say(msg("Walls that close"))),
            *_write_walls(found, voice),
        ),
        footer=f"{wanted.city} · {title} · {area.name(voice)}",
    )


def _list_rows(session: Session, area: Area, counts: Counts, voice: Voice) -> list[DoneRow]:
    """Count by building in the city, by wing in a building; a wing counts as one."""
    if area.building is None:
        buildings = place_queries.list_whole_buildings(session, None)
        places = [(item.name, (item.id, None)) for item in buildings]
        rows = [_count(name, *_at(counts, place)) for name, place in places]
    elif area.wing is not None:
        rows = [_count(area.wing.name, *_at(counts, (area.building.id, area.wing.id)))]
    else:
        rows = list(_count_wings(area.building, counts, voice))
    return [row for row in rows if row.planned or row.cables]


def _at(counts: Counts, place: tuple[int, int | None]) -> tuple[Counter[str], Counter[str]]:
    return Counter(counts.points.get(place, {})), Counter(counts.runs.get(place, {}))


def _count_wings(building: Building, counts: Counts, voice: Voice) -> Iterator[DoneRow]:
    points, runs = _at(counts, (building.id, None))
    for wing in building.wings:
        wing_points, wing_runs = _at(counts, (building.id, wing.id))
        points -= wing_points
        runs -= wing_runs
        yield _count(wing.name, wing_points, wing_runs)
    rest = voice.say(msg("outside the wings")) if building.wings else building.name
    yield _count(rest, points, runs)


def _count(name: str, points: Mapping[str, int], runs: Mapping[str, int]) -> DoneRow:
    def total(states: Mapping[str, int], among: Collection[str]) -> int:
        return sum(number for state, number in states.items() if state in among)

    return DoneRow(
        name,
        total(points, PLANNED_STATES),
        total(points, STARTED_STATES),
        total(points, LIVE_STATES),
        total(runs, RUNS_PLANNED),
        total(runs, _RUNS_DONE),
    )


def _write_lights(statuses: Iterable[PlaceStatus], voice: Voice) -> Iterator[Block]:
    say = voice.say
    rows = [
        (
            _name_whole(status.lines[0], voice),
            say(LIGHTS[status.verdict.light].label),
            _say_verdict(status, voice),
            _say_next(status, voice),
        )
        for status in statuses
    ]
    if not rows:
        yield Paragraph(
            say(msg("There is no milestone here yet: nobody can tell when the place is finished.")),
            is_muted=True,
        )
        return
    yield Table(
        say(msg("How places stand")),
        (say(msg("Where")), say(msg("State")), say(msg("Why")), say(msg("What comes next"))),
        tuple(rows),
        widths=(22, 16, 28, 28),
    )
    yield Paragraph(say(msg("The first of these rules that holds gives the state:")), is_muted=True)
    rules = (
        say(msg("%(light)s: %(rule)s", light=LIGHTS[rule.light].label, rule=rule.text))
        for rule in RULES
    )
    yield Bullets(tuple(rules), is_numbered=True)


def _name_whole(line: MilestoneLine, voice: Voice) -> str:
    """Name the building or wing of a milestone: a room group's count for its building."""
    parts = (line.row.building_name, line.row.wing_name)
    return ", ".join(part for part in parts if part) or voice.say(msg("whole programme"))


def _say_verdict(status: PlaceStatus, voice: Voice) -> str:
    words = voice.say(status.verdict.rule.text)
    codes = status.verdict.codes
    if not codes or status.verdict.light is Light.GREEN:
        return words
    return f"{words} ({', '.join(codes)})"


def _say_next(status: PlaceStatus, voice: Voice) -> str:
    line = status.next_line
    if line is None:
        return voice.say(msg("everything is reached"))
    return f"{_title(line, voice)}: {say_when(line, voice)}"


def _title(line: MilestoneLine, voice: Voice) -> str:
    return voice.say(Message(line.title) if isinstance(line.title, str) else line.title)


def name_place(line: MilestoneLine, voice: Voice) -> str:
    """Name the place of a milestone."""
    row = line.row
    parts = (row.building_name, row.wing_name or row.room_group)
    return ", ".join(part for part in parts if part) or voice.say(msg("whole programme"))


def say_when(line: MilestoneLine, voice: Voice) -> str:
    """Say when a milestone came about or is expected, else why that is open."""
    if line.expected is not None:
        return voice.known(line.expected)
    reason = line.open.reason if line.open else ""
    waits = [voice.say(item.words) for item in line.open.waits_for] if line.open else []
    if waits:
        told = voice.say(
            msg("open \N{EN DASH} waits for %(what)s", what=", ".join(dict.fromkeys(waits)))
        )
        return f"{told}; {reason}" if reason else told
    return voice.say(
        msg("open \N{EN DASH} %(reason)s", reason=reason or msg("nobody has given a date yet"))
    )


def _write_done(rows: list[DoneRow], voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not rows:
        yield voice.nothing
        return
    names = ("live", "under_way", "planned", "cables_done", "cables")
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    yield Paragraph(
        say(
            msg(
                "%(live)s of %(planned)s planned access points are in operation, %(done)s of"
                " %(cables)s cables are tested.",
                live=voice.number(sums["live"]),
                planned=voice.number(sums["planned"]),
                done=voice.number(sums["cables_done"]),
                cables=voice.number(sums["cables"]),
            )
        )
    )
    drawn = sorted((row for row in rows if row.planned), key=lambda row: -row.planned)[:MOST_BARS]
    if drawn:
        bars = [
            Bar(
                row.name,
                (row.live, row.under_way, row.planned - row.live - row.under_way),
                say(msg("%(done)s of %(total)s", done=row.live, total=row.planned)),
            )
            for row in drawn
        ]
        legend = [say(msg("in operation")), say(msg("under way")), say(msg("planned"))]
        told = "; ".join(f"{bar.label}: {bar.words}" for bar in bars)
        yield Figure(
            draw_bars(bars, legend),
            say(msg("Bars of access points in operation, by area. %(told)s.", told=told)),
            say(msg("Access points in operation, under way and planned")),
        )
    yield Table(
        say(msg("Access points and cables")),
        (
            say(msg("Where")),
            say(msg("in operation")),
            say(msg("under way")),
            say(msg("planned in all")),
            say(msg("Cables tested")),
            say(msg("Cables in all")),
        ),
        tuple((row.name, *(getattr(row, name) for name in names)) for row in rows),
        (say(msg("Total")), *(sums[name] for name in names)),
        widths=(30, 0, 0, 0, 0, 0),
    )


def _write_milestones(statuses: Iterable[PlaceStatus], voice: Voice) -> Iterator[Block]:
    say = voice.say
    lines = [line for status in statuses for line in status.lines]
    if not lines:
        yield voice.nothing
        return
    yield Table(
        say(msg("Milestones and their dates")),
        (
            say(msg("Where")),
            say(msg("Step")),
            say(msg("Promised")),
            say(msg("Reached or expected")),
            say(msg("State")),
            say(msg("Progress")),
        ),
        tuple(
            (
                name_place(line, voice),
                _title(line, voice),
                _say_promised(line, voice),
                say_when(line, voice),
                _say_standing(line, voice),
                _say_progress(line, voice),
            )
            for line in lines
        ),
        widths=(20, 20, 14, 24, 16, 15),
    )


def _say_promised(line: MilestoneLine, voice: Voice) -> str:
    if line.planned is None:
        return voice.say(msg("not in the baseline"))
    if line.planned.planned is None:
        return voice.say(msg("open"))
    return voice.known(line.planned.planned)


def _say_standing(line: MilestoneLine, voice: Voice) -> str:
    words = voice.say(STANDINGS[line.state].label)
    if not line.days_late:
        return words
    late = voice.say(msg("working days later: %(days)s", days=line.days_late))
    return f"{words}; {late}"


def _say_progress(line: MilestoneLine, voice: Voice) -> str:
    if line.progress is None:
        return voice.say(msg("not counted"))
    return voice.say(
        msg("%(done)s of %(total)s", done=line.progress.done, total=line.progress.total)
    )


def _write_walls(alarms: list[WallAlarm], voice: Voice) -> Iterator[Block]:
    say = voice.say
    if not alarms:
        yield Paragraph(say(msg("No wall closes over cables that are not done.")))
        return
    yield Table(
        say(msg("Walls that close over cables")),
        (say(msg("Cable")), say(msg("Renovation")), say(msg("Wall closes")), say(msg("State"))),
        tuple(
            (
                alarm.run.label,
                alarm.renovation.name or alarm.renovation.code,
                voice.known(alarm.part.closes) if alarm.part.closes else voice.unstated,
                say(LEVEL_WORDS[alarm.outlook.level]),
            )
            for alarm in alarms
        ),
        widths=(20, 26, 16, 30),
    )
