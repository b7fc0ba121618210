"""The place path of the top bar: Rathaus > 3. OG, each step a menu of its siblings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext

from wlantrack.services import places

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.places import Building, Floor


NEIGHBOURS = 20
"""A menu of thousands would weigh more than the page."""


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


def building_path(session: Session, actor: Actor, building: Building) -> list[Step]:
    """Give the path to a building; its menu has those around it and leads to all others."""
    siblings = [
        Sibling(
            name,
            url_for("buildings.show_building", ref=public_id),
            public_id == building.public_id,
        )
        for name, public_id in places.list_neighbours(session, actor, building, NEIGHBOURS)
    ]
    siblings.append(
        Sibling(gettext("All buildings"), url_for("buildings.list_buildings"), is_current=False)
    )
    url = url_for("buildings.show_building", ref=building.public_id)
    return [Step(building.name, url, tuple(siblings))]


def floor_path(session: Session, actor: Actor, floor: Floor, endpoint: str) -> list[Step]:
    """Give the path to a floor; siblings open at the same tab."""
    floors = sorted(floor.building.floors, key=lambda other: -other.level)
    siblings = tuple(
        Sibling(other.name, url_for(endpoint, ref=other.public_id), other.id == floor.id)
        for other in floors
    )
    step = Step(floor.name, url_for(endpoint, ref=floor.public_id), siblings)
    return [*building_path(session, actor, floor.building), step]
