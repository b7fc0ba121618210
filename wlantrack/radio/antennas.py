"""Antenna patterns by table, and which way they point.

Decides the gain towards a direction relative to the antenna's own maximum. Refuses to know the
maximum itself (the EIRP has it) and the files patterns come from.

Directions: azimuths count clockwise from the frame's +y axis, angles in the vertical cut count
down from straight ahead: 0 ahead, 90 down, 180 behind, 270 up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.radio.bands import BANDS

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


class Mount(Enum):
    """Where a device is fixed; the value is where its front looks, in degrees below the horizon."""

    CEILING = 90.0
    WALL = 0.0
    FLOOR = -90.0


@dataclass(frozen=True)
class Cut:
    """One plane of a pattern: gains at angles, between which it is linear in dB, all the way round.

    Raises
    ------
    InvalidInput
        The table is empty, uneven, not finite or lists an angle twice.
    """

    angles_deg: tuple[float, ...]
    gains_db: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.angles_deg or len(self.angles_deg) != len(self.gains_db):
            raise _refuse(msg("The pattern needs one gain for each angle."))
        if not all(map(math.isfinite, (*self.angles_deg, *self.gains_db))):
            raise _refuse(msg("The pattern has an angle or gain that is not a finite number."))
        if len({angle % 360 for angle in self.angles_deg}) < len(self.angles_deg):
            raise _refuse(msg("The pattern lists an angle twice."))

    def shift(self, gain_db: float) -> Cut:
        """Give the same cut with every gain raised by an amount."""
        return Cut(self.angles_deg, tuple(gain + gain_db for gain in self.gains_db))

    def find_gain_db(self, angles_deg: FloatArray) -> FloatArray:
        """Interpolate the gain at any angles, of any shape."""
        return np.interp(np.mod(angles_deg, 360.0), *self._table)

    @cached_property
    def _table(self) -> tuple[FloatArray, FloatArray]:
        """Sorted angles and gains with one point of overlap at either end."""
        angles = np.mod(self.angles_deg, 360.0)
        order = np.argsort(angles)
        angles, gains = angles[order], np.array(self.gains_db)[order]
        around = np.concatenate(([angles[-1] - 360], angles, [angles[0] + 360]))
        return around, np.concatenate((gains[-1:], gains, gains[:1]))


@dataclass(frozen=True)
class Pattern:
    """A horizontal and a vertical cut, in dB relative to the highest gain of both."""

    horizontal: Cut
    vertical: Cut

    def __post_init__(self) -> None:
        if max(*self.horizontal.gains_db, *self.vertical.gains_db) > 0:
            raise _refuse(msg("A relative gain is above 0 dB."))

    @classmethod
    def from_gains(cls, horizontal: Cut, vertical: Cut) -> Pattern:
        """Build a pattern from absolute gains (dBi) or any others with one reference."""
        peak_db = max(*horizontal.gains_db, *vertical.gains_db)
        return cls(horizontal.shift(-peak_db), vertical.shift(-peak_db))

    def find_gain_db(self, azimuth_deg: FloatArray, below_deg: FloatArray) -> FloatArray:
        """Give the relative gain, at most 0 dB, towards directions seen from the antenna.

        Both cuts are met exactly where they agree about straight ahead and behind. Measured ones
        differ there by some tenths of a decibel: then the horizontal cut holds, and the vertical
        one is shifted by the difference, ever less towards straight down and up.

        Parameters
        ----------
        azimuth_deg
            -180 to 180, clockwise from straight ahead.
        below_deg
            -90 to 90, below the antenna's horizontal plane.

        Notes
        -----
        Horizontal projection interpolation (Gil et al., IEEE Antennas and Propagation Magazine
        43(2), 2001, pp. 132-137), with one change. There, what the horizontal cut has beyond the
        vertical cut's two halves, weighted by azimuth, counts alike at every angle below; straight
        down, where every azimuth is the same direction, that gives a gain for each azimuth. Here
        it fades with the cosine of the angle, so that straight down is the vertical cut's value.
        """
        weight = np.abs(azimuth_deg) / 180.0
        ahead_db, behind_db = self.vertical.find_gain_db(np.array([0.0, 180.0]))
        excess_db = self.horizontal.find_gain_db(azimuth_deg)
        excess_db -= (1 - weight) * ahead_db + weight * behind_db
        gain_db = (1 - weight) * self.vertical.find_gain_db(below_deg)
        gain_db += weight * self.vertical.find_gain_db(180.0 - below_deg)
        gain_db += np.cos(np.radians(below_deg)) * excess_db
        return np.minimum(gain_db, 0.0)


@dataclass(frozen=True)
class Antenna:
    """Patterns of a device and how it is mounted.

    Parameters
    ----------
    patterns
        One for all bands, or one for each.
    mount
        Where the device is fixed.
    tabulated_mount
        The mount the tables describe, one for all patterns or one for each. An omnidirectional access point is usually tabulated as it
        hangs from the ceiling, a sector antenna as it stands on a wall or mast.
    """

    patterns: tuple[Pattern, ...]
    mount: Mount = Mount.CEILING
    tabulated_mount: Mount | tuple[Mount, ...] = Mount.CEILING

    def __post_init__(self) -> None:
        if len(self.patterns) not in {1, len(BANDS)}:
            raise _refuse(msg("An antenna needs one pattern, or one for each band."))
        if len(self._tabulated) != len(self.patterns):
            raise _refuse(msg("An antenna needs one tabulated mount, or one for each pattern."))

    def find_gain_db(
        self, ways_m: tuple[FloatArray, FloatArray, FloatArray], azimuth_deg: float, tilt_deg: float
    ) -> FloatArray:
        """Give the relative gain towards points.

        Parameters
        ----------
        ways_m
            East, north and up components of the way from the antenna to each point; they
            broadcast.
        azimuth_deg
            Where the antenna looks, clockwise from north (the frame's +y axis).
        tilt_deg
            How far it is turned down from the position its mount gives it.

        Returns
        -------
        Array of shape (bands, ...) in dB, at most 0.
        """
        directions = {
            tabulated: self._find_direction(ways_m, azimuth_deg, tilt_deg, tabulated)
            for tabulated in set(self._tabulated)
        }
        gains = [
            pattern.find_gain_db(*directions[tabulated])
            for pattern, tabulated in zip(self.patterns, self._tabulated, strict=True)
        ]
        return np.stack(gains * (len(BANDS) // len(gains)))

    @cached_property
    def _tabulated(self) -> tuple[Mount, ...]:
        if isinstance(self.tabulated_mount, tuple):
            return self.tabulated_mount
        return (self.tabulated_mount,) * len(self.patterns)

    def _find_direction(
        self,
        ways_m: tuple[FloatArray, FloatArray, FloatArray],
        azimuth_deg: float,
        tilt_deg: float,
        tabulated: Mount,
    ) -> tuple[FloatArray, FloatArray]:
        """Turn ways into azimuth and angle below the horizontal plane of the tables.

        The device is turned about its horizontal axis from the mount of the tables to its own,
        further down by the tilt, and then about the vertical axis to its azimuth.
        """
        east, north, up = ways_m
        heading = math.radians(azimuth_deg)
        forward = east * math.sin(heading) + north * math.cos(heading)
        right = east * math.cos(heading) - north * math.sin(heading)
        pitch = math.radians(self.mount.value - tabulated.value + tilt_deg)
        ahead = forward * math.cos(pitch) - up * math.sin(pitch)
        above = forward * math.sin(pitch) + up * math.cos(pitch)
        below_deg = np.degrees(np.arctan2(-above, np.hypot(ahead, right)))
        return np.degrees(np.arctan2(right, ahead)), below_deg


def _refuse(message: Message) -> InvalidInput:
    return InvalidInput(Problem(message, msg("Check the antenna's table."), field="antenna"))
