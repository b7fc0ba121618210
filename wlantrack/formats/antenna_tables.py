"""Antenna tables as every format gives them: two cuts of gains, brought into one form.

Decides which reference a table has and where its angles begin. The result follows
:mod:`wlantrack.radio.antennas`: azimuths clockwise from ahead, vertical angles down from ahead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable

Gains = tuple[tuple[float, float], ...]
"""Angles in degrees, 0 to below 360 and rising, each with a gain in dBi."""

NORMALISED_WITHIN_DB: Final = 0.5
_GAINS_DBI: Final = (-200.0, 60.0)
BANDS: Final = {"TWO": "2.4", "FIVE": "5", "SIX": "6"}
MOUNTS: Final = {"CEILING": "ceiling", "WALL": "wall", "FLOOR": "floor"}


@dataclass(frozen=True)
class AntennaTable:
    """An antenna by two cuts in dBi; ``band`` None: for every band, or not stated."""

    name: str
    vendor: str
    band: str | None
    is_wifi: bool
    gain_dbi: float
    horizontal: Gains
    vertical: Gains
    mount: str


@dataclass(frozen=True)
class RawCut:
    """One cut as written, and the angle that is added to each of its angles."""

    gains: tuple[tuple[float, float], ...]
    alignment_deg: float = 0.0


@dataclass(frozen=True)
class Product:
    """What is said about an antenna beside its tables."""

    name: str
    vendor: str = ""
    band: str | None = None
    is_wifi: bool = True
    mount: str = "ceiling"


def make_table(
    product: Product, horizontal: RawCut, vertical: RawCut, max_gain_dbi: float | None
) -> AntennaTable:
    """Build a table with absolute gains.

    Parameters
    ----------
    max_gain_dbi
        The greatest gain the maker states. A table whose own greatest value is about 0 dB is
        relative to it; any other is absolute already.

    Raises
    ------
    InvalidInput
        A cut is empty, too long, or holds what is no gain.
    """
    cuts = [_arrange(horizontal, "horizontal"), _arrange(vertical, "vertical")]
    peak = max(gain for cut in cuts for _, gain in cut)
    is_relative = (
        abs(peak) <= NORMALISED_WITHIN_DB and max_gain_dbi is not None and max_gain_dbi > 1
    )
    raised = (max_gain_dbi or 0.0) - peak if is_relative else 0.0
    first, second = (tuple((angle, round(gain + raised, 4)) for angle, gain in cut) for cut in cuts)
    return AntennaTable(
        name=product.name,
        vendor=product.vendor,
        band=product.band,
        is_wifi=product.is_wifi,
        gain_dbi=round(peak + raised, 4),
        horizontal=first,
        vertical=second,
        mount=product.mount,
    )


def _arrange(cut: RawCut, name: str) -> list[tuple[float, float]]:
    limits.require_at_most(len(cut.gains), limits.ANTENNA_POINTS, msg("angles"))
    if not cut.gains:
        raise _refuse_cut(name, "")
    placed: dict[float, float] = {}
    for angle, gain in cut.gains:
        lowest, highest = _GAINS_DBI
        if not (math.isfinite(angle) and lowest <= gain <= highest):
            raise _refuse_cut(name, f"{angle:g}: {gain:g}")
        # 360 repeats 0; the first one counts.
        placed.setdefault(round((angle + cut.alignment_deg) % 360.0, 6) % 360.0, gain)
    return sorted(placed.items())


def _refuse_cut(name: str, value: str) -> Exception:
    return refuse(
        msg("The antenna's table has no usable gains."),
        msg("Export the antenna anew; every angle needs a gain in dB."),
        field=name,
        value=value or None,
    )


def list_gains(
    pairs: Iterable[tuple[float | None, float | None]],
) -> tuple[tuple[float, float], ...]:
    """Keep the pairs of which both parts are numbers."""
    return tuple((angle, gain) for angle, gain in pairs if angle is not None and gain is not None)
