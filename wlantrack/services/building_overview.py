"""A building as its matrix of wings and floors: what is planned and done in each cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import find_building
from wlantrack.store.queries import places, progress

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building, Wing


@dataclass(frozen=True)
class Cell:
    """One cell of the building's matrix: access points and cables, planned and done."""

    planned: int = 0
    live: int = 0
    cables: int = 0
    cables_done: int = 0


@dataclass(frozen=True)
class BuildingOverview:
    """A building with its matrix of wings and floors.

    ``wings`` are the columns that the actor may see; None: access points without a wing.
    """

    building: Building
    wings: tuple[Wing | None, ...]
    cells: dict[tuple[int, int | None], Cell]
    planned_floors: frozenset[int]
    """Ids of floors with a scaled plan."""
    has_zones: bool = False
    """Whether anything is asked of its air, so that there are verdicts."""


def show_building(session: Session, actor: Actor, ref: str) -> BuildingOverview:
    """Give a building with the counts of its wing x floor matrix, as far as scopes reach."""
    building = find_building(session, actor, ref)
    cells = {
        (count.floor_id, count.wing_id): Cell(count.planned, count.live)
        for count in places.count_cells(session, building.id)
        if _may_count(actor, building, count.wing_id)
    }
    for count in progress.count_cables(session, building.id):
        if actor.can(Action.SEE_CABLING, building.id, count.wing_id):
            place = (count.floor_id, count.wing_id)
            cell = cells.get(place, Cell())
            cells[place] = replace(cell, cables=count.planned, cables_done=count.live)
    planned = frozenset(places.list_floors_with_plan(session, building.id))
    wings = tuple(
        wing
        for wing in (*building.wings, None)
        if _may_count(actor, building, wing.id if wing else None)
        and (wing is not None or not building.wings or any(place[1] is None for place in cells))
    )
    has_zones = progress.has_zones(session, building.id)
    return BuildingOverview(building, wings, cells, planned, has_zones)


def _may_count(actor: Actor, building: Building, wing_id: int | None) -> bool:
    return actor.can(Action.SEE_ACCESS_POINTS, building.id, wing_id)
