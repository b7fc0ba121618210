"""Channels as people name them: by their primary 20 MHz part or their centre, and their limits."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from wlantrack.radio.bands import CHANNELS, LIMITS, limits_of

if TYPE_CHECKING:
    from wlantrack.radio.bands import Channel, Limit


@lru_cache(maxsize=1024)
def find_primary_channel(band: str, number: int, width_mhz: int) -> Channel | None:
    """Give the channel of a width that holds a 20 MHz primary channel, or has this number."""
    exact = next(
        (c for c in CHANNELS if (c.band, c.number, c.width_mhz) == (band, number, width_mhz)), None
    )
    if exact is not None:
        return exact
    primary = next(
        (c for c in CHANNELS if (c.band, c.number, c.width_mhz) == (band, number, 20)), None
    )
    if primary is None:
        return None
    return next(
        (
            c
            for c in CHANNELS
            if (c.band, c.width_mhz) == (band, width_mhz)
            and c.low_hz <= primary.low_hz
            and primary.high_hz <= c.high_hz
        ),
        None,
    )


@lru_cache(maxsize=1024)
def find_limit(band: str, channel: int | None, width_mhz: int) -> float:
    """Give the highest allowed EIRP in dBm; an automatic channel takes the band's lowest indoor one.

    2.4 and 6 GHz have one limit; at 5 GHz an automatic channel could be any, so the limit of the
    lowest range (5150-5250 MHz) is assumed.
    """
    found: tuple[Limit, ...] = ()
    if channel is not None:
        known = find_primary_channel(band, channel, width_mhz)
        found = limits_of(known) if known is not None else ()
    if not found:
        found = (next(limit for limit in LIMITS if limit.band == band),)
    return min(limit.allowed_eirp_dbm(width_mhz) for limit in found)
