"""The place path of the top bar: Rathaus > 3. OG, each step a menu of its siblings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from flask import url_for

from wlantrack.services import places
from wlantrack.services.actor import Action

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.places import Building, Floor, Wing


Place = TypeVar("Place")


@dataclass(frozen=True)
class Sibling:
    """A place beside a step of the path."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Step:
    """One step of the path with its siblings."""

    label: str
    url: str
    siblings: tuple[Sibling, ...]
    all_url: str | None = None
    """Where the siblings that are not shown are listed, if there are too many."""


MOST_SIBLINGS = 20
"""A menu of more is no menu; the current place and those around it are shown."""


def building_path(session: Session, actor: Actor, building: Building) -> list[Step]:
    """Give the path to a building."""
    names = places.list_building_names(session, actor)
    here = next((n for n, row in enumerate(names) if row.public_id == building.public_id), 0)
    siblings = tuple(
        Sibling(
            row.name,
            url_for("buildings.show_building", ref=row.public_id),
            row.public_id == building.public_id,
        )
        for row in _around(names, here)
    )
    url = url_for("buildings.show_building", ref=building.public_id)
    is_cut = len(siblings) < len(names)
    all_url = url_for("buildings.list_buildings") if is_cut else None
    return [Step(building.name, url, siblings, all_url)]


def _around(places_in_order: Sequence[Place], here: int) -> Sequence[Place]:
    """Give as many places as a menu holds, with the current one in the middle where it can be."""
    last = max(len(places_in_order) - MOST_SIBLINGS, 0)
    first = min(max(here - MOST_SIBLINGS // 2, 0), last)
    return places_in_order[first : first + MOST_SIBLINGS]


def wing_path(session: Session, actor: Actor, building: Building, wing: Wing) -> list[Step]:
    """Give the path to a wing; siblings are the building's wings in scope."""
    siblings = tuple(
        Sibling(other.name, url_for("wings.show_wing", ref=other.public_id), other.id == wing.id)
        for other in building.wings
        if actor.can(Action.SEE_PLACES, building.id, other.id)
    )
    step = Step(wing.name, url_for("wings.show_wing", ref=wing.public_id), siblings)
    return [*building_path(session, actor, building), step]


def floor_path(session: Session, actor: Actor, floor: Floor, endpoint: str) -> list[Step]:
    """Give the path to a floor; siblings open at the same tab."""
    every = sorted(floor.building.floors, key=lambda other: -other.level)
    floors = _around(every, every.index(floor))
    siblings = tuple(
        Sibling(other.name, url_for(endpoint, ref=other.public_id), other.id == floor.id)
        for other in floors
    )
    (building,) = building_path(session, actor, floor.building)
    all_url = building.url if len(floors) < len(every) else None
    return [building, Step(floor.name, url_for(endpoint, ref=floor.public_id), siblings, all_url)]
