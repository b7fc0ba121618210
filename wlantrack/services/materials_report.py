"""The bill of materials: what is to be bought, what is on its way, what is built in.

Decides which state means what for whoever orders. Refuses to guess: a cable whose length nobody has
entered is counted, and told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import msg
from wlantrack.reports.document import Document, Heading, Note, Paragraph, Table
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_ORDER, Mark
from wlantrack.rollout.milestones import POINTS_PLANNED, RUNS_PLANNED
from wlantrack.services.actor import Action
from wlantrack.services.report_areas import find_area
from wlantrack.services.voices import find_voice
from wlantrack.store.queries import materials as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Block, Cell
    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.report_files import Wanted
    from wlantrack.services.voices import Voice
    from wlantrack.store.queries.materials import CableCount, ModelCount

_COLUMN_OF_MARK: Final = {Mark.PLANNED: 0, Mark.ORDERED: 1, Mark.MOUNTED: 2, Mark.LIVE: 2}
"""To be ordered, on its way or in stock, built in."""
_LAID: Final = frozenset({*CABLE_ORDER[CABLE_ORDER.index("pulled") :], "test failed"})


def write_materials(session: Session, actor: Actor, parts: PlanParts, wanted: Wanted) -> Document:
    """Give the bill of materials of the city, a building or a wing.

    Raises
    ------
    NotFound
        There is no such place, it is out of scope, or there are no texts in this language.
    """
    area = find_area(session, actor, Action.SEE_CABLING, wanted)
    voice = find_voice(wanted.language)
    say, today = voice.say, parts.clock.today.isoformat()
    title = say(msg("WLAN roll-out: bill of materials"))
    return Document(
        title=f"{title}: {area.name(voice)}" if area.building else title,
        language=wanted.language,
        date=today,
        subtitle=say(msg("Everything planned that is neither lost, faulty nor taken out of use")),
        author=wanted.city,
        facts=(
            (say(msg("City")), wanted.city),
            (say(msg("Where")), area.name(voice)),
            (say(msg("Data as of")), voice.day(today)),
        ),
        blocks=(
            Heading(say(msg("Access points"))),
            *_write_points(queries.count_models(session, area.pairs), voice),
            Heading(say(msg("Cables"))),
            *_write_cables(queries.count_cables(session, area.pairs), voice),
            Heading(say(msg("Switches and outlets"))),
            *_write_parts(
                queries.count_switches(session, area.pairs),
                queries.count_outlets(session, area.pairs),
                voice,
            ),
        ),
        footer=f"{wanted.city} · {title} · {area.name(voice)}",
    )


def _write_points(counts: list[ModelCount], voice: Voice) -> Iterator[Block]:
    say = voice.say
    rows: dict[tuple[str, int | None], list[int]] = {}
    for item in counts:
        if item.state in POINTS_PLANNED:
            row = rows.setdefault((item.name, item.poe_class), [0, 0, 0])
            row[_COLUMN_OF_MARK[ACCESS_POINT_STATES[item.state].mark]] += item.count
    if not rows:
        yield voice.nothing
        return
    sums = [sum(row[place] for row in rows.values()) for place in range(3)]
    lines: list[tuple[Cell, ...]] = [
        (name, voice.unstated if poe_class is None else str(poe_class), *row, sum(row))
        for (name, poe_class), row in rows.items()
    ]
    yield Table(
        say(msg("Access points by model")),
        (
            say(msg("Model")),
            say(msg("PoE class")),
            say(msg("to be ordered")),
            say(msg("ordered or in stock")),
            say(msg("built in")),
            say(msg("in all")),
        ),
        tuple(lines),
        (say(msg("Total")), "", *sums, sum(sums)),
        widths=(30, 14, 0, 0, 0, 0),
    )


def _write_cables(counts: list[CableCount], voice: Voice) -> Iterator[Block]:
    say = voice.say
    planned = [item for item in counts if item.state in RUNS_PLANNED]
    if not planned:
        yield voice.nothing
        return
    by_category: dict[str, list[float]] = {}
    for item in planned:
        row = by_category.setdefault(item.category, [0, 0.0, 0, 0.0])
        first = 2 if item.state in _LAID else 0
        row[first] += item.count
        row[first + 1] += item.length_m
    rows = {category: [round(value) for value in row] for category, row in by_category.items()}
    missing = sum(item.count - item.measured for item in planned)
    yield Table(
        say(msg("Cables by category")),
        (
            say(msg("Category")),
            say(msg("to be laid")),
            say(msg("their length (m)")),
            say(msg("laid")),
            say(msg("their length (m)")),
        ),
        tuple((category, *row) for category, row in rows.items()),
        (say(msg("Total")), *(sum(row[place] for row in rows.values()) for place in range(4))),
        widths=(20, 0, 0, 0, 0),
    )
    yield Paragraph(
        say(msg("Lengths are those measured or pulled, else those planned, without offcuts.")),
        is_muted=True,
    )
    if missing:
        yield Note(
            say(
                msg(
                    "Cables without a length: %(count)s. They are counted above, their lengths are"
                    " not: the sums are too small.",
                    count=voice.number(missing),
                )
            )
        )


def _write_parts(
    switches: list[tuple[str, int, int]], outlets: int, voice: Voice
) -> Iterator[Block]:
    say = voice.say
    yield Paragraph(say(msg("Outlets: %(count)s.", count=voice.number(outlets))))
    if not switches:
        return
    yield Table(
        say(msg("Switches by model")),
        (say(msg("Model")), say(msg("Switches")), say(msg("Ports"))),
        tuple((model or voice.unstated, count, ports) for model, count, ports in switches),
        (
            say(msg("Total")),
            sum(count for _, count, _ in switches),
            sum(ports for _, _, ports in switches),
        ),
        widths=(40, 0, 0),
    )
