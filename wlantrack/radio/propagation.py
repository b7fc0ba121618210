"""How loss grows with distance and with what stands in the way.

Decides the propagation model as a strategy: every model is a straight line over log10(distance)
and a rule for adding up obstacles. Refuses to know geometry; it is handed distances and sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from wlantrack.radio.bands import BANDS, BandValues
from wlantrack.units import GIGAHERTZ, MEGAHERTZ, SPEED_OF_LIGHT_M_PER_S

if TYPE_CHECKING:
    import numpy.typing as npt

    Raster = npt.NDArray[np.float32]

REFERENCE_DISTANCE_M = 1.0
"""Below this distance the loss stays what it is here."""


@dataclass(frozen=True)
class DistanceLaw:
    """Loss = ``at_1m_db`` + ``per_decade_db`` * log10(distance / 1 m)."""

    at_1m_db: float
    per_decade_db: float


class Propagation(Protocol):
    """What a prediction asks of a propagation model."""

    def distance_law(self, band: int) -> DistanceLaw:
        """Give the loss over distance in a band (index into ``BANDS``)."""
        ...

    def obstruction_db(
        self, walls_db: Raster, slabs_db: Raster, slab_count: Raster, band: int
    ) -> Raster:
        """Combine the sums over the walls and slabs a link crosses, cell by cell."""
        ...


def free_space_db(frequency_hz: float) -> float:
    """Give the free-space loss at 1 m (ITU-R P.525-4, eq. 4)."""
    return 20 * math.log10(4 * math.pi * frequency_hz / SPEED_OF_LIGHT_M_PER_S)


@dataclass(frozen=True)
class PathLoss:
    """Free space at 1 m, an exponent, and the sum of all obstacles.

    Parameters
    ----------
    exponent
        10 n dB per decade; 2.0 where the walls are drawn.
    offset_db
        Added in each band; a calibration fits it.
    wall_factor, wall_root
        The walls' sum s counts as ``wall_factor * s + wall_root * sqrt(s)``: in measured buildings
        the tenth wall costs less than the first, because other ways round it open up.
    """

    exponent: float = 2.0
    offset_db: BandValues = (0.0, 0.0, 0.0)
    wall_factor: float = 1.0
    wall_root: float = 0.0

    def distance_law(self, band: int) -> DistanceLaw:
        """Give free space at 1 m and 10 n dB per decade."""
        at_1m_db = free_space_db(BANDS[band].centre_hz) + self.offset_db[band]
        return DistanceLaw(at_1m_db, 10 * self.exponent)

    def obstruction_db(
        self,
        walls_db: Raster,
        slabs_db: Raster,
        slab_count: Raster,  # noqa: ARG002 - part of the protocol
        band: int,  # noqa: ARG002 - part of the protocol
    ) -> Raster:
        """Add walls, damped if so fitted, and slabs."""
        if (self.wall_factor, self.wall_root) == (1.0, 0.0):
            return walls_db + slabs_db
        # A sum taken back by subtraction can end a rounding error below zero.
        root: Raster = np.sqrt(np.maximum(walls_db, 0))
        damped_db: Raster = (
            np.float32(self.wall_factor) * walls_db + np.float32(self.wall_root) * root
        )
        return damped_db + slabs_db


@dataclass(frozen=True)
class Cost231(PathLoss):
    """The COST 231 multi-wall model: further floors cost less than the first.

    ``floor_db`` is the loss of one floor; k floors cost ``floor_db * k ** ((k + 2) / (k + 1) - b)``
    whatever the slabs' own losses are.

    Notes
    -----
    COST 231 Final Report (1999), section 4.7.2, eq. 4.7.2; floor loss 18.3 dB and b = 0.46 at
    1.8 GHz for typical structures with tiles and concrete. No values for higher bands are given
    there, so the same number stands for all of them.
    """

    floor_db: BandValues = (18.3, 18.3, 18.3)
    b: float = 0.46

    def obstruction_db(
        self, walls_db: Raster, slabs_db: Raster, slab_count: Raster, band: int
    ) -> Raster:
        """Add walls and the floors crossed, which are counted instead of summed."""
        exponent: Raster = (slab_count + 2) / (slab_count + 1) - np.float32(self.b)
        floors_db: Raster = np.float32(self.floor_db[band]) * slab_count**exponent
        return (
            super().obstruction_db(walls_db, np.zeros_like(slabs_db), slab_count, band) + floors_db
        )


@dataclass(frozen=True)
class DistancePowerLoss(PathLoss):
    """An office whose walls are not drawn: the distance power-loss coefficient stands for them.

    Notes
    -----
    ITU-R P.1238-10, eq. 1: L = 20 log10(f / MHz) + N log10(d) - 28 dB, with N = 30 for an office
    near 2.4 GHz and 31 at 5.2 GHz (table 2). The table has no office at 6 GHz; 31 is kept.
    """

    coefficients_db: BandValues = (30.0, 31.0, 31.0)

    def distance_law(self, band: int) -> DistanceLaw:
        """Give N dB per decade."""
        at_1m_db = 20 * math.log10(BANDS[band].centre_hz / MEGAHERTZ) - 28.0
        return DistanceLaw(at_1m_db + self.offset_db[band], self.coefficients_db[band])


@dataclass(frozen=True)
class SiteGeneralLoss(PathLoss):
    """An office whose walls are not drawn, from many measured offices without line of sight.

    Notes
    -----
    ITU-R P.1238-13, eq. 1: L = 10 alpha log10(d) + beta + 10 gamma log10(f / GHz) with a normal
    deviation sigma; office, no line of sight.
    """

    alpha: float = 2.39
    beta_db: float = 30.13
    gamma: float = 2.40
    sigma_db: float = 5.01

    def distance_law(self, band: int) -> DistanceLaw:
        """Give 10 alpha dB per decade."""
        frequency_db = 10 * self.gamma * math.log10(BANDS[band].centre_hz / GIGAHERTZ)
        at_1m_db = self.beta_db + frequency_db + self.offset_db[band]
        return DistanceLaw(at_1m_db, 10 * self.alpha)
