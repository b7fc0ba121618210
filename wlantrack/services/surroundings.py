"""What stands on a floor and around it, whatever hangs there: storeys, walls, slabs and clutter.

Decides which storeys count and how high they are. All this changes far less often than access
points do, so it is kept for itself; :mod:`wlantrack.services.scene` hangs the points into it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import shapely

from wlantrack.radio.coverage import Slab, Wall
from wlantrack.radio.scene import ClutterArea
from wlantrack.services.catalog import material_loss
from wlantrack.services.fingerprints import hash_of
from wlantrack.store.queries import clutter as clutter_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.radio.bands import BandValues
    from wlantrack.services.extent import Drawing
    from wlantrack.store.models.demand import ClutterZone
    from wlantrack.store.models.places import Floor
    from wlantrack.store.queries.walls import WallRow

NEIGHBOUR_STOREYS = 2
"""Access points of this many storeys above and below are heard."""

LEAST_STOREY_M = 0.1
"""Of storeys whose elevations do not rise."""

DEFAULT_SLAB = "concrete-200"

BEYOND_M = 100.0
"""A slab of unknown outline reaches this far beyond everything of a scene."""


@dataclass(frozen=True)
class SlabRecord:
    """A slab as recorded; ``outline`` None where nobody has drawn it."""

    outline: BaseGeometry | None
    z_m: float
    loss_db: BandValues


@dataclass(frozen=True)
class Surroundings:
    """The storeys around a floor without access points.

    Attributes
    ----------
    index
        Id of each storey's floor to its place from below.
    floor_index
        The place of the floor itself.
    heights_m
        Of the storeys, from below.
    slabs
        Under each storey but the lowest, from below.
    drawing
        What is drawn on the floor itself.
    """

    index: dict[int, int]
    floor_index: int
    heights_m: tuple[float, ...]
    walls: tuple[Wall, ...]
    areas: tuple[ClutterArea, ...]
    slabs: tuple[SlabRecord, ...]
    drawing: Drawing

    @cached_property
    def own_walls(self) -> tuple[Wall, ...]:
        """Give the walls of the floor itself."""
        return tuple(wall for wall in self.walls if wall.floor == self.floor_index)

    @cached_property
    def key(self) -> str:
        """Give a hash of what a prediction takes from here, but for the slabs."""
        areas = [
            (
                shapely.to_wkb(area.polygon).hex(),
                area.db_per_m,
                area.bottom_m,
                area.top_m,
                area.floor,
            )
            for area in self.areas
        ]
        return hash_of(self.walls, areas, self.heights_m, self.floor_index)

    def lay_slabs(
        self,
        bounds_m: tuple[float, float, float, float],
        positions_xy: Iterable[tuple[float, float]],
    ) -> tuple[Slab, ...]:
        """Give the slabs; those of unknown outline lie under everything of a scene."""
        reach = self._reach(bounds_m, positions_xy)
        return tuple(
            Slab(reach if slab.outline is None else slab.outline, slab.z_m, slab.loss_db)  # type: ignore[arg-type]
            for slab in self.slabs
        )

    def _reach(
        self,
        bounds_m: tuple[float, float, float, float],
        positions_xy: Iterable[tuple[float, float]],
    ) -> BaseGeometry:
        places = [bounds_m[:2], bounds_m[2:], *positions_xy]
        for wall in self.walls:
            places += ((wall.x1_m, wall.y1_m), (wall.x2_m, wall.y2_m))
        xs, ys = zip(*places, strict=True)
        reach: BaseGeometry = shapely.box(
            min(xs) - BEYOND_M, min(ys) - BEYOND_M, max(xs) + BEYOND_M, max(ys) + BEYOND_M
        )
        return reach


def load_surroundings(session: Session, floor: Floor, drawing: Drawing) -> Surroundings:
    """Load what stands on the storeys around a floor.

    Parameters
    ----------
    floor
        With its building and that building's floors.
    drawing
        What is drawn on the floor itself.
    """
    every = sorted(floor.building.floors, key=lambda storey: storey.level)
    storeys = [storey for storey in every if abs(storey.level - floor.level) <= NEIGHBOUR_STOREYS]
    index = {storey.id: place for place, storey in enumerate(storeys)}
    first = every.index(storeys[0])
    # An elevation beyond the storeys that are heard still tells how high those are.
    below_top_m = storey_heights(every)[first : first + len(storeys) - 1]
    heights_m = (*below_top_m, storeys[-1].height_m)
    walls = wall_queries.list_walls(session, index)
    losses = _load_losses(session)
    return Surroundings(
        index=index,
        floor_index=index[floor.id],
        heights_m=heights_m,
        walls=tuple(
            _make_wall(wall, losses, index[wall.floor_id], heights_m[index[wall.floor_id]])
            for wall in walls
        ),
        areas=tuple(
            _make_clutter(zone, index[zone.floor_id])
            for zone in clutter_queries.list_clutter(session, index)
        ),
        slabs=tuple(_list_slabs(storeys, heights_m, losses)),
        drawing=drawing,
    )


def storey_heights(storeys: list[Floor]) -> tuple[float, ...]:
    """Give each storey's height up to the next one's base; a missing storey counts as one.

    Between storeys of known elevation the storeys' own heights are stretched to fit; elsewhere
    they hold as they are.
    """
    heights = [
        below.height_m * (above.level - below.level) for below, above in itertools.pairwise(storeys)
    ]
    known = [place for place, storey in enumerate(storeys) if storey.elevation_m is not None]
    for low, high in itertools.pairwise(known):
        rise_m = storeys[high].elevation_m - storeys[low].elevation_m  # type: ignore[operator]
        stretch = max(rise_m, LEAST_STOREY_M * (high - low)) / sum(heights[low:high])
        heights[low:high] = [height * stretch for height in heights[low:high]]
    return (*heights, storeys[-1].height_m)


def _load_losses(session: Session) -> dict[int | str, BandValues]:
    losses: dict[int | str, BandValues] = {}
    for material in wall_queries.list_materials(session):
        losses[material.id] = losses[material.code] = material_loss(material)
    return losses


def _make_wall(
    wall: WallRow, losses: dict[int | str, BandValues], floor_index: int, height_m: float
) -> Wall:
    return Wall(
        wall.x1_m,
        wall.y1_m,
        wall.x2_m,
        wall.y2_m,
        loss_db=losses[wall.material_id],
        bottom_m=wall.bottom_m,
        top_m=height_m if wall.top_m is None else wall.top_m,
        floor=floor_index,
    )


def _make_clutter(zone: ClutterZone, floor_index: int) -> ClutterArea:
    return ClutterArea(
        zone.outline,  # type: ignore[arg-type]
        (zone.db_per_m_24, zone.db_per_m_5, zone.db_per_m_6),
        zone.bottom_m,
        zone.top_m,
        floor_index,
    )


def _list_slabs(
    storeys: Sequence[Floor], heights_m: Sequence[float], losses: dict[int | str, BandValues]
) -> Iterable[SlabRecord]:
    z_m = 0.0
    for storey, height_below_m in zip(storeys[1:], heights_m, strict=False):
        z_m += height_below_m
        loss_db = losses.get(storey.slab_material_id or DEFAULT_SLAB, losses[DEFAULT_SLAB])
        yield SlabRecord(storey.slab_outline, z_m, loss_db)
