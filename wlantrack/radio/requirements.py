"""Whether what a client hears is enough: requirements, client profiles, and the verdict.

Decides what a requirement asks of a cell and what the verdict over an area is. Refuses to know
which rooms or networks ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.geometry.cells import outline_cells
from wlantrack.radio.bands import BAND_KEYS, BandValues, band_index, noise_floor_dbm
from wlantrack.radio.phy_rates import data_rate_mbit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.bands import Channel
    from wlantrack.radio.coverage import Coverage

    Mask = npt.NDArray[np.bool_]
    Raster = npt.NDArray[np.float32]
    ClassRaster = npt.NDArray[np.uint8]
    Channels = Mapping[str, Mapping[str, Channel]]
    """Transmitter id to band to the channel it uses there, as far as known."""

SNR_BANDWIDTH_HZ = 20e6
"""Requirements state their signal-to-noise ratio in a channel of 20 MHz."""

OVERLAP_DBM = -82.0
"""A transmitter heard with at least this makes others wait: preamble detection in 20 MHz (IEEE Std
802.11-2020, 17.3.10.6)."""


@dataclass(frozen=True)
class RequirementSet:
    """What every cell of an area has to have; None asks for nothing.

    Parameters
    ----------
    signal_dbm
        Level of the strongest access point.
    secondary_dbm
        Level of the second-strongest one, to which a client can roam.
    snr_db
        Strongest level above the noise in 20 MHz.
    data_rate_mbit
        PHY rate both ways, by the tables of IEEE 802.11ax.
    access_point_count, access_point_dbm
        So many access points with at least this level.
    overlap_max
        So many further transmitters on an overlapping channel at most.
    pass_share
        Share of an area's cells, above 0 and at most 1, that have to meet all this.
    source
        Where the numbers come from.
    """

    signal_dbm: float | None = None
    secondary_dbm: float | None = None
    snr_db: float | None = None
    data_rate_mbit: float | None = None
    access_point_count: int | None = None
    access_point_dbm: float | None = None
    overlap_max: int | None = None
    pass_share: float = 0.95
    source: str = ""

    @property
    def primary_dbm(self) -> float | None:
        """Level without which nothing else counts; None if the requirement names no level."""
        return self.access_point_dbm if self.signal_dbm is None else self.signal_dbm


_SOURCE = "wlantrack, after common vendor guidelines for enterprise WLAN"
BASIC = RequirementSet(-75.0, -80.0, 16.0, source=_SOURCE)
"""Mail and web pages."""

VOICE = RequirementSet(-65.0, -75.0, 25.0, source=_SOURCE)
"""Voice and video conferences, also while walking."""

LOCATION = RequirementSet(access_point_count=3, access_point_dbm=-75.0, source=_SOURCE)
"""Finding a device by the access points that hear it."""

PRESETS = {"basic": BASIC, "voice": VOICE, "location": LOCATION}


@dataclass(frozen=True)
class ClientProfile:
    """A device under which a verdict is given.

    Parameters
    ----------
    offset_db
        By how many dB it hears less than the survey receiver of the prediction, band by band.
    bands
        Keys of the bands it has.
    streams
        Spatial streams it can receive and send.
    transmit_power_dbm
        Its own power; weaker than the access point's, it limits the data rate.
    """

    offset_db: BandValues = (0.0, 0.0, 0.0)
    bands: tuple[str, ...] = BAND_KEYS
    streams: int = 2
    transmit_power_dbm: float | None = None


SURVEY_RECEIVER = ClientProfile()
"""Hears exactly what is predicted, and is heard as well."""


class CellClass(IntEnum):
    """How far a cell meets a requirement."""

    FAILS = 0
    MEETS_PRIMARY_ONLY = 1
    MEETS = 2


@dataclass(frozen=True)
class Criterion:
    """One part of a requirement over an area; ``pass_share`` is None if the area has no cell."""

    key: str
    limit: float
    pass_share: float | None


@dataclass(frozen=True)
class Verdict:
    """A requirement over an area.

    Parameters
    ----------
    is_met
        Whether enough of the area meets everything; None if the area has no cell.
    pass_share, primary_share
        Share of the area's cells that meet everything, and that have at least the primary signal;
        0 to 1, None if the area has no cell.
    worst_dbm
        Level the client hears in the worst cell; None if the area has no cell or one hears nothing.
    worst_xy_m
        Centre of the worst cell; None if the area has no cell.
    median_dbm
        Of the cells that hear something; None if none does.
    failing_m2, failing
        Area of the cells that do not meet everything, and its outline in building metres.
    criteria
        Each part of the requirement that could be judged, with its own share.
    classes
        ``CellClass`` of every cell of the raster (ny, nx), also outside the area.
    """

    is_met: bool | None
    pass_share: float | None
    primary_share: float | None
    worst_dbm: float | None
    worst_xy_m: tuple[float, float] | None
    median_dbm: float | None
    area_m2: float
    failing_m2: float
    failing: BaseGeometry
    criteria: tuple[Criterion, ...]
    classes: ClassRaster


@dataclass(frozen=True, eq=False)
class Judgement:
    """A requirement in every cell of a floor; areas are cut out of it without judging anew.

    ``level_dbm`` is what the client hears (ny, nx), NaN where nothing transmits; ``passed`` tells
    for each criterion which cells meet it.
    """

    grid: Grid
    requirement: RequirementSet
    level_dbm: Raster
    has_primary: Mask
    passed: Mapping[str, Mask] = field(default_factory=dict)

    @cached_property
    def meets(self) -> Mask:
        """Tell which cells meet everything."""
        met = self.has_primary
        for cells in self.passed.values():
            met = met & cells
        return met

    @cached_property
    def classes(self) -> ClassRaster:
        """Give the ``CellClass`` of every cell."""
        # The two truths add up to the class, for what meets everything has its primary signal.
        return self.has_primary.astype(np.uint8) + self.meets.astype(np.uint8)

    def shares(self, mask: Mask) -> tuple[float | None, float | None]:
        """Give which shares of a mask's cells (ny, nx) meet everything, and the primary signal."""
        return _share(self.meets, mask), _share(self.has_primary, mask)

    def over(self, mask: Mask) -> Verdict:
        """Give the verdict over the cells of a mask (ny, nx).

        Raises
        ------
        InvalidInput
            The mask has another shape than the raster.
        """
        if mask.shape != self.grid.shape:
            message = msg("The area is drawn on another raster than the levels.")
            raise InvalidInput(Problem(message, field="mask"))
        meets, cells = self.meets, int(np.count_nonzero(mask))
        failing = mask & ~meets
        share, primary_share = self.shares(mask)
        levels = self.level_dbm[mask]
        return Verdict(
            is_met=None if share is None else share >= self.requirement.pass_share,
            pass_share=share,
            primary_share=primary_share,
            worst_dbm=_find_worst(levels),
            worst_xy_m=self._find_worst_place(mask) if cells else None,
            median_dbm=None if np.isnan(levels).all() else float(np.nanmedian(levels)),
            area_m2=cells * self.grid.cell_area_m2,
            failing_m2=int(np.count_nonzero(failing)) * self.grid.cell_area_m2,
            failing=outline_cells(self.grid, failing),
            criteria=tuple(
                Criterion(key, float(getattr(self.requirement, _LIMITS[key])), _share(ok, mask))
                for key, ok in self.passed.items()
            ),
            classes=self.classes,
        )

    def _find_worst_place(self, mask: Mask) -> tuple[float, float]:
        levels = np.where(mask, np.nan_to_num(self.level_dbm, nan=-np.inf), np.inf)
        row, column = np.unravel_index(int(levels.argmin()), levels.shape)
        return float(self.grid.x_m[column]), float(self.grid.y_m[row])


_LIMITS = {
    "signal": "signal_dbm",
    "secondary": "secondary_dbm",
    "snr": "snr_db",
    "data_rate": "data_rate_mbit",
    "access_points": "access_point_count",
    "overlap": "overlap_max",
}
"""Criterion to the field of the requirement that holds its limit."""

CRITERIA = tuple(_LIMITS)


def judge(
    coverage: Coverage,
    band: str,
    requirement: RequirementSet,
    profile: ClientProfile = SURVEY_RECEIVER,
    transmitters: Collection[str] | None = None,
    channels: Channels | None = None,
) -> Judgement:
    """Judge what a client hears in a band against a requirement, cell by cell.

    Parameters
    ----------
    coverage
        Levels on one floor.
    band
        Key of the band: "2.4", "5" or "6".
    requirement, profile
        What is asked, and the device under which it is judged.
    transmitters
        Ids of those that count, such as one network class; None takes all.
    channels
        Channels by transmitter and band, for width and overlap. A transmitter without one counts
        as 20 MHz wide and as overlapping nothing; overlap is judged only if any channel is known.

    Raises
    ------
    InvalidInput
        There is no such band or transmitter.

    Notes
    -----
    The uplink's level is taken as the downlink's less the difference of the two powers (the path
    loss is the same both ways), without the access point's receiving gain: the careful side.
    """
    index = band_index(band)
    known = channels or {}
    if band not in profile.bands:
        return _judge_deaf(coverage.grid, requirement)
    offset_db = np.float32(profile.offset_db[index])
    level_dbm = coverage.best(transmitters)[index] - offset_db
    # Comparing with NaN, a cell that hears nothing, is false: it fails.
    primary_dbm = requirement.primary_dbm
    has_primary = ~np.isnan(level_dbm) if primary_dbm is None else level_dbm >= primary_dbm
    passed: dict[str, Mask] = {}
    if requirement.signal_dbm is not None:
        passed["signal"] = level_dbm >= requirement.signal_dbm
    if requirement.secondary_dbm is not None:
        second_dbm = coverage.nth(2, transmitters)[index] - offset_db
        passed["secondary"] = second_dbm >= requirement.secondary_dbm
    if requirement.snr_db is not None:
        passed["snr"] = level_dbm - noise_floor_dbm(SNR_BANDWIDTH_HZ) >= requirement.snr_db
    if requirement.data_rate_mbit is not None:
        server = coverage.best_server(transmitters)[index]
        rate = _find_rate(coverage, band, server, level_dbm, profile, known)
        passed["data_rate"] = rate >= requirement.data_rate_mbit
    if requirement.access_point_count is not None:
        limit_dbm = (
            -np.inf if requirement.access_point_dbm is None else requirement.access_point_dbm
        )
        heard = coverage.count_above(limit_dbm + float(offset_db), transmitters)[index]
        passed["access_points"] = heard >= requirement.access_point_count
    if requirement.overlap_max is not None and any(band in bands for bands in known.values()):
        server = coverage.best_server(transmitters)[index]
        overlaps = _count_overlaps(coverage, band, server, float(offset_db), known)
        passed["overlap"] = overlaps <= requirement.overlap_max
    return Judgement(coverage.grid, requirement, level_dbm, has_primary, passed)


def verdict(
    coverage: Coverage,
    mask: Mask | None,
    requirement: RequirementSet,
    profile: ClientProfile = SURVEY_RECEIVER,
    band: str = "5",
    transmitters: Collection[str] | None = None,
) -> Verdict:
    """Give the verdict over an area; see :func:`judge`, which also takes channels.

    ``mask`` is True (ny, nx) in the cells of the area; None takes all of them.
    """
    area = np.ones(coverage.grid.shape, dtype=bool) if mask is None else mask
    return judge(coverage, band, requirement, profile, transmitters).over(area)


def _judge_deaf(grid: Grid, requirement: RequirementSet) -> Judgement:
    """Judge for a device that does not have the band: it hears nothing anywhere."""
    nothing = np.zeros(grid.shape, dtype=bool)
    asked = [key for key in CRITERIA if getattr(requirement, _LIMITS[key]) is not None]
    passed = {key: nothing for key in asked if key != "overlap"}
    return Judgement(
        grid, requirement, np.full(grid.shape, np.nan, dtype=np.float32), nothing, passed
    )


def _find_rate(
    coverage: Coverage,
    band: str,
    server: npt.NDArray[np.int32],
    level_dbm: Raster,
    profile: ClientProfile,
    channels: Channels,
) -> npt.NDArray[np.float64]:
    """Give the PHY rate both ways in Mbit/s, each cell with its strongest access point."""
    rate = np.zeros(level_dbm.shape)
    index = band_index(band)
    for place in np.unique(server[server >= 0]):
        transmitter = coverage.scene.transmitters[int(place)]
        channel = channels.get(transmitter.id, {}).get(band)
        eirp_dbm = transmitter.eirp_dbm[index]
        weaker_db = 0.0
        if profile.transmit_power_dbm is not None and eirp_dbm is not None:
            weaker_db = max(eirp_dbm - profile.transmit_power_dbm, 0.0)
        cells = server == place
        rate[cells] = data_rate_mbit(
            level_dbm[cells] - weaker_db, channel.width_mhz if channel else 20, profile.streams
        )
    return rate


def _count_overlaps(
    coverage: Coverage,
    band: str,
    server: npt.NDArray[np.int32],
    offset_db: float,
    channels: Channels,
) -> npt.NDArray[np.int32]:
    """Count in each cell the other transmitters on a channel that overlaps its server's."""
    index = band_index(band)
    own = [channels.get(t.id, {}).get(band) for t in coverage.scene.transmitters]
    count = np.zeros(server.shape, dtype=np.int32)
    for place in np.unique(server[server >= 0]):
        mine = own[int(place)]
        cells = server == place
        for other, theirs in enumerate(own):
            if mine is None or theirs is None or other == place:
                continue
            if mine.low_hz < theirs.high_hz and theirs.low_hz < mine.high_hz:
                heard = coverage.layers[other][index][cells] - offset_db >= OVERLAP_DBM
                count[cells] += heard
    return count


def _share(passed: Mask, mask: Mask) -> float | None:
    cells = int(np.count_nonzero(mask))
    return int(np.count_nonzero(passed & mask)) / cells if cells else None


def _find_worst(levels_dbm: Raster) -> float | None:
    if levels_dbm.size == 0 or bool(np.isnan(levels_dbm).any()):
        return None
    return float(levels_dbm.min())
