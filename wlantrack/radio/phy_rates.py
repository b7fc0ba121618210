"""What a level is good for: the data rates of IEEE 802.11ax, as data with their source.

Decides the highest rate a receiver of the standard's least sensitivity still decodes. Refuses to
know airtime, retries and how many clients share it: a PHY rate is no throughput.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg

if TYPE_CHECKING:
    import numpy.typing as npt

SOURCE = "IEEE Std 802.11ax-2021, 27.5 (HE-MCS parameters) and 27.3.20.2 (receiver sensitivity)"

SYMBOL_US = 12.8
GUARD_INTERVAL_US = 0.8
MAX_STREAMS = 8

DATA_SUBCARRIERS = {20: 234, 40: 468, 80: 980, 160: 1960}
"""By width in MHz, one user in the whole channel."""

SENSITIVITY_STEP_DB = {20: 0.0, 40: 3.0, 80: 6.0, 160: 9.0}
"""How much more a wider channel needs than one of 20 MHz."""


@dataclass(frozen=True)
class Mcs:
    """A modulation and coding scheme; ``sensitivity_dbm`` is what a receiver needs in 20 MHz."""

    index: int
    bits: int
    coding_rate: float
    sensitivity_dbm: float


MCS_TABLE = (
    Mcs(0, 1, 1 / 2, -82.0),
    Mcs(1, 2, 1 / 2, -79.0),
    Mcs(2, 2, 3 / 4, -77.0),
    Mcs(3, 4, 1 / 2, -74.0),
    Mcs(4, 4, 3 / 4, -70.0),
    Mcs(5, 6, 2 / 3, -66.0),
    Mcs(6, 6, 3 / 4, -65.0),
    Mcs(7, 6, 5 / 6, -64.0),
    Mcs(8, 8, 3 / 4, -59.0),
    Mcs(9, 8, 5 / 6, -57.0),
    Mcs(10, 10, 3 / 4, -54.0),
    Mcs(11, 10, 5 / 6, -52.0),
)


def mcs_rate_mbit(mcs: Mcs, width_mhz: int, streams: int) -> float:
    """Give the PHY rate of a scheme in Mbit/s with the short guard interval of 0.8 us.

    Notes
    -----
    data subcarriers x bits x coding rate x streams / (symbol + guard interval), 802.11ax, 27.5.
    """
    bits = DATA_SUBCARRIERS[width_mhz] * mcs.bits * mcs.coding_rate * streams
    return bits / (SYMBOL_US + GUARD_INTERVAL_US)


def table_width_mhz(width_mhz: int) -> int:
    """Give the widest channel of the table that is no wider than this; 320 MHz counts as 160."""
    return max(width for width in DATA_SUBCARRIERS if width <= max(width_mhz, 20))


def data_rate_mbit(
    level_dbm: npt.NDArray[np.floating], width_mhz: int = 20, streams: int = 1
) -> npt.NDArray[np.float64]:
    """Give the highest PHY rate in Mbit/s that each level carries; 0 where none, also for NaN.

    Parameters
    ----------
    level_dbm
        Level at the receiver, any shape.
    width_mhz
        Channel width; wider than 160 MHz counts as 160, the widest of 802.11ax.
    streams
        Spatial streams, 1 to 8.

    Raises
    ------
    InvalidInput
        The number of streams is none of 802.11ax.
    """
    if not 1 <= streams <= MAX_STREAMS:
        raise InvalidInput(
            Problem(msg("A device has 1 to 8 streams."), field="streams", value=str(streams))
        )
    width = table_width_mhz(width_mhz)
    needed_dbm = [mcs.sensitivity_dbm + SENSITIVITY_STEP_DB[width] for mcs in MCS_TABLE]
    rates = np.array([0.0, *(mcs_rate_mbit(mcs, width, streams) for mcs in MCS_TABLE)])
    reached = np.digitize(np.nan_to_num(level_dbm, nan=-np.inf), needed_dbm)
    chosen: npt.NDArray[np.float64] = rates[reached]
    return chosen
