"""What stands in a building and what transmits there.

Decides the vocabulary of a prediction: walls, slabs, clutter, access points, all in the building's
metre frame. Refuses to know rasters, files and records.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from wlantrack.errors import msg
from wlantrack.radio.bands import BANDS, BandValues
from wlantrack.radio.obstacles import (
    Obstacles,
    arrange_areas,
    arrange_slabs,
    arrange_walls,
    find_base_m,
    refuse,
)
from wlantrack.radio.propagation import PathLoss, Propagation

if TYPE_CHECKING:
    import shapely

    from wlantrack.radio.antennas import Antenna

    Area: TypeAlias = shapely.Polygon | shapely.MultiPolygon


@dataclass(frozen=True)
class Wall:
    """A vertical rectangle over a line; ``bottom_m`` and ``top_m`` are above its floor's base."""

    x1_m: float
    y1_m: float
    x2_m: float
    y2_m: float
    loss_db: BandValues
    bottom_m: float = 0.0
    top_m: float = 3.0
    floor: int = 0


@dataclass(frozen=True)
class Slab:
    """A horizontal polygon, holes allowed, at an absolute height above the base of floor 0."""

    polygon: Area
    z_m: float
    loss_db: BandValues


@dataclass(frozen=True)
class ClutterArea:
    """A polygon full of shelves or plants: every metre of a link inside it costs ``db_per_m``."""

    polygon: Area
    db_per_m: BandValues
    bottom_m: float = 0.0
    top_m: float = 2.0
    floor: int = 0


@dataclass(frozen=True)
class Transmitter:
    """An access point; ``z_m`` is above its floor's base, None in ``eirp_dbm`` means radio off.

    ``azimuth_deg`` counts clockwise from the frame's +y axis; ``antenna`` None is isotropic.
    """

    id: str
    x_m: float
    y_m: float
    z_m: float
    eirp_dbm: tuple[float | None, float | None, float | None]
    antenna: Antenna | None = None
    azimuth_deg: float = 0.0
    downtilt_deg: float = 0.0
    floor: int = 0


@dataclass(frozen=True)
class Scene:
    """A building ready for prediction; ``floor_heights_m`` lists storey heights, floor 0 first.

    The parts are checked when they are first used; see ``obstacles``.
    """

    walls: tuple[Wall, ...]
    slabs: tuple[Slab, ...]
    transmitters: tuple[Transmitter, ...]
    floor_heights_m: tuple[float, ...]
    path_loss: Propagation = dataclasses.field(default_factory=PathLoss)
    receiver_height_m: float = 1.0
    areas: tuple[ClutterArea, ...] = ()

    @cached_property
    def obstacles(self) -> Obstacles:
        """The building as arrays, laid out once.

        Raises
        ------
        InvalidInput
            A wall, slab or clutter area has unusable numbers; the message says which.
        """
        return Obstacles(
            walls=arrange_walls(self.walls, self.floor_heights_m),
            slabs=arrange_slabs(self.slabs),
            prisms=arrange_areas(self.areas, self.floor_heights_m),
        )

    def base_m(self, floor: int) -> float:
        """Give the height of a floor's base above the base of floor 0."""
        return find_base_m(self.floor_heights_m, floor)

    def receiver_z_m(self, floor: int) -> float:
        """Give the absolute height of the receivers on a floor.

        Raises
        ------
        InvalidInput
            There is no such floor, or the receiver height is not a finite number.
        """
        if not math.isfinite(self.receiver_height_m):
            message = msg("The receiver height is not a finite number.")
            raise refuse(message, "receiver_height_m", self.receiver_height_m)
        return self.base_m(floor) + self.receiver_height_m

    def with_transmitters(self, transmitters: tuple[Transmitter, ...]) -> Scene:
        """Give the same building with other access points, without laying it out again."""
        scene = dataclasses.replace(self, transmitters=transmitters)
        scene.__dict__["obstacles"] = self.obstacles
        return scene


def check_transmitter(transmitter: Transmitter) -> None:
    """Refuse an access point whose numbers cannot be used.

    Raises
    ------
    InvalidInput
        A coordinate, angle or power is not a finite number, or not every band has a power or None.
    """
    numbers = (
        transmitter.x_m,
        transmitter.y_m,
        transmitter.z_m,
        transmitter.azimuth_deg,
        transmitter.downtilt_deg,
        *(power for power in transmitter.eirp_dbm if power is not None),
    )
    if not all(map(math.isfinite, numbers)) or len(transmitter.eirp_dbm) != len(BANDS):
        message = msg(
            "Access point %(id)s has a position, direction or power that cannot be used.",
            id=transmitter.id,
        )
        raise refuse(message, "transmitters", transmitter)
