"""The bands, channels and limits of WLAN in Germany, as data with their sources.

Decides which frequencies a prediction uses and what may be transmitted where. Refuses to know
which access point transmits on what.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.units import GIGAHERTZ, MEGAHERTZ

BandValues: TypeAlias = tuple[float, float, float]
"""One number for each of 2.4, 5 and 6 GHz, in this order."""

THERMAL_NOISE_DBM_PER_HZ = -174.0
"""k T at 290 K, rounded as usual in link budgets."""

NOISE_FIGURE_DB = 7.0
"""Of a common client receiver."""


@dataclass(frozen=True)
class Band:
    """One WLAN band.

    ``centre_hz`` is the frequency of path loss, ``low_hz`` to ``high_hz`` the range over which
    material losses are averaged.
    """

    key: str
    centre_hz: float
    low_hz: float
    high_hz: float


BANDS = (
    Band("2.4", 2.44175 * GIGAHERTZ, 2.4 * GIGAHERTZ, 2.4835 * GIGAHERTZ),
    Band("5", 5.4375 * GIGAHERTZ, 5.15 * GIGAHERTZ, 5.725 * GIGAHERTZ),
    Band("6", 6.185 * GIGAHERTZ, 5.945 * GIGAHERTZ, 6.425 * GIGAHERTZ),
)
BAND_KEYS = tuple(band.key for band in BANDS)


@dataclass(frozen=True)
class Channel:
    """A channel by the band it belongs to, its number (of the centre) and its width."""

    band: str
    number: int
    width_mhz: int

    @property
    def centre_hz(self) -> float:
        """Centre frequency (IEEE 802.11-2020, 17.3.8.4.2 and 15.4.4.3; 802.11ax, 27.3.23.2)."""
        start_mhz = {"2.4": 2407, "5": 5000, "6": 5950}[self.band]
        return (start_mhz + 5 * self.number) * MEGAHERTZ

    @property
    def low_hz(self) -> float:
        """Lower edge of the occupied channel."""
        return self.centre_hz - self.width_mhz / 2 * MEGAHERTZ

    @property
    def high_hz(self) -> float:
        """Upper edge of the occupied channel."""
        return self.centre_hz + self.width_mhz / 2 * MEGAHERTZ


_CHANNEL_NUMBERS: dict[tuple[str, int], tuple[int, ...]] = {
    ("2.4", 20): tuple(range(1, 14)),
    ("2.4", 40): tuple(range(3, 12)),
    ("5", 20): (*range(36, 65, 4), *range(100, 141, 4), *range(149, 174, 4)),
    ("5", 40): (38, 46, 54, 62, 102, 110, 118, 126, 134, 151, 159, 167),
    ("5", 80): (42, 58, 106, 122, 155),
    ("5", 160): (50, 114),
    ("6", 20): tuple(range(1, 94, 4)),
    ("6", 40): tuple(range(3, 92, 8)),
    ("6", 80): tuple(range(7, 88, 16)),
    ("6", 160): (15, 47, 79),
    ("6", 320): (31, 63),
}
CHANNELS = tuple(
    Channel(band, number, width_mhz)
    for (band, width_mhz), numbers in _CHANNEL_NUMBERS.items()
    for number in numbers
)
"""Every channel whose whole width lies in a range of ``LIMITS``."""


@dataclass(frozen=True)
class Limit:
    """What may be transmitted in one frequency range without an individual licence.

    ``density_dbm_per_mhz`` is the mean power density; ``is_dfs`` means radar detection and power
    control are required.
    """

    band: str
    low_hz: float
    high_hz: float
    eirp_dbm: float
    density_dbm_per_mhz: float | None
    is_indoor_only: bool
    is_dfs: bool
    source: str

    def allowed_eirp_dbm(self, width_mhz: int) -> float:
        """Give the highest EIRP a channel of this width may have: total and density both hold."""
        if self.density_dbm_per_mhz is None:
            return self.eirp_dbm
        return min(self.eirp_dbm, self.density_dbm_per_mhz + 10 * math.log10(width_mhz))


_WIDEBAND = "2006/771/EC as amended by (EU) 2019/1345; ETSI EN 300 328"
_RLAN_5 = "Implementing Decision (EU) 2022/179; ETSI EN 301 893"
_SRD_5 = "2006/771/EC as amended by (EU) 2019/1345; ETSI EN 300 440"
_RLAN_6 = "Implementing Decision (EU) 2021/1067, low power indoor; ETSI EN 303 687"


def _limit(
    band: str,
    range_mhz: tuple[float, float],
    power: tuple[float, float | None],
    source: str,
    *,
    is_indoor_only: bool = False,
    is_dfs: bool = False,
) -> Limit:
    low, high = (value * MEGAHERTZ for value in range_mhz)
    return Limit(band, low, high, *power, is_indoor_only, is_dfs, source)


LIMITS = (
    _limit("2.4", (2400, 2483.5), (20.0, 10.0), _WIDEBAND),
    _limit("5", (5150, 5250), (23.0, 10.0), _RLAN_5, is_indoor_only=True),
    _limit("5", (5250, 5350), (23.0, 10.0), _RLAN_5, is_indoor_only=True, is_dfs=True),
    _limit("5", (5470, 5725), (30.0, 17.0), _RLAN_5, is_dfs=True),
    _limit("5", (5725, 5875), (14.0, None), _SRD_5),
    _limit("6", (5945, 6425), (23.0, 10.0), _RLAN_6, is_indoor_only=True),
)
"""Ranges in rising order, band by band; the ranges of a band may touch and never overlap."""


def band_index(key: str) -> int:
    """Give the position of a band in every array of this package.

    Raises
    ------
    InvalidInput
        No band has this key.
    """
    if key not in BAND_KEYS:
        raise InvalidInput(
            Problem(
                msg("There is no such band."),
                msg("Use one of %(bands)s.", bands=", ".join(BAND_KEYS)),
                field="band",
                value=key,
            )
        )
    return BAND_KEYS.index(key)


def find_channel(band: str, number: int, width_mhz: int = 20) -> Channel:
    """Look up a channel by band, centre number and width.

    Raises
    ------
    InvalidInput
        The band has no such channel, or it may not be used here.
    """
    channel = Channel(band, number, width_mhz)
    if channel not in CHANNELS:
        raise InvalidInput(
            Problem(
                msg(
                    "The %(band)s GHz band has no channel %(number)s of %(width)s MHz.",
                    band=band,
                    number=number,
                    width=width_mhz,
                ),
                msg("Choose a channel of that band and width."),
                field="channel",
                value=str(number),
            )
        )
    return channel


def limits_of(channel: Channel) -> tuple[Limit, ...]:
    """Give every limit a channel has to keep; a 160 MHz channel can lie in two ranges."""
    return tuple(
        limit
        for limit in LIMITS
        if limit.band == channel.band
        and limit.low_hz < channel.high_hz
        and channel.low_hz < limit.high_hz
    )


def noise_floor_dbm(bandwidth_hz: float, noise_figure_db: float = NOISE_FIGURE_DB) -> float:
    """Give the receiver's noise power in a bandwidth."""
    return THERMAL_NOISE_DBM_PER_HZ + 10 * math.log10(bandwidth_hz) + noise_figure_db
