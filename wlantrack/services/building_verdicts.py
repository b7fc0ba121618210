"""The verdict per network class in every cell of a building's matrix.

Decides how the zones of a floor become one mark a wing and class: the worst of them, each judged by
its part in that wing. Verdicts are those of the coverage pages, and kept with them; a building
without zones costs one look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.services import coverage, places, verdicts
from wlantrack.store.queries import demand as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.results import ResultCache
    from wlantrack.services.verdicts import DemandVerdict
    from wlantrack.store.models.places import Building, Floor

BADNESS = ("meets", "primary", "unknown", "fails")
"""Verdicts, the worst last."""


@dataclass(frozen=True)
class VerdictMark:
    """What a cell of the matrix says of one network class, and of how many zones."""

    network_class: str
    verdict: str
    zones: int


def judge_cells(
    session: Session, actor: Actor, building: Building, counts: str, cache: ResultCache
) -> dict[tuple[int, int | None], tuple[VerdictMark, ...]]:
    """Give the marks of every floor and wing of which something is asked."""
    with_zones = queries.list_floors_with_zones(session, building.id)
    found: dict[tuple[int, int | None, str], list[str]] = {}
    for floor in building.floors:
        if floor.id not in with_zones:
            continue
        for item in _judge_zones(session, actor, floor, counts, cache):
            for wing_id, word in item.in_wings.items():
                key = (floor.id, wing_id, item.demand.asked.network_class)
                found.setdefault(key, []).append(word)
    marks: dict[tuple[int, int | None], tuple[VerdictMark, ...]] = {}
    for (floor_id, wing_id, network_class), words in sorted(found.items(), key=str, reverse=True):
        mark = VerdictMark(network_class, max(words, key=BADNESS.index), len(words))
        marks[floor_id, wing_id] = (*marks.get((floor_id, wing_id), ()), mark)
    return marks


def _judge_zones(
    session: Session, actor: Actor, floor: Floor, counts: str, cache: ResultCache
) -> Iterator[DemandVerdict]:
    whole = places.find_floor(session, actor, str(floor.public_id)).floor
    predicted = coverage.predict_floor(session, actor, whole, counts, cache)
    judged = verdicts.judge_floor(session, actor, whole, predicted, cache)
    yield from (item for item in judged.zones if item.demand.kind == "zone")
