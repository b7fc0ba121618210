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
def find_limit(
    band: str, channel: int | None, width_mhz: int, *, is_outdoor: bool = False
) -> float | None:
    """Give the highest allowed EIRP in dBm; None where nothing may be transmitted outdoors.

    An automatic channel takes the band's lowest range that may be used there: 5150-5250 MHz
    indoors, 5470-5725 MHz outdoors.
    """
    if is_outdoor and find_indoor_limit(band, channel, width_mhz) is not None:
        return None
    found = _limits_of_channel(band, channel, width_mhz)
    if not found:
        found = next(
            (limit,)
            for limit in LIMITS
            if limit.band == band and not (is_outdoor and limit.is_indoor_only)
        )
    return min(limit.allowed_eirp_dbm(width_mhz) for limit in found)


@lru_cache(maxsize=1024)
def find_indoor_limit(band: str, channel: int | None, width_mhz: int) -> Limit | None:
    """Give the limit that keeps a channel indoors; None where it may be used outdoors as well.

    An automatic channel can be any of its band, so it stays indoors only if all of them do.
    """
    found = _limits_of_channel(band, channel, width_mhz)
    if found:
        return next((limit for limit in found if limit.is_indoor_only), None)
    every = [limit for limit in LIMITS if limit.band == band]
    return every[0] if all(limit.is_indoor_only for limit in every) else None


def _limits_of_channel(band: str, channel: int | None, width_mhz: int) -> tuple[Limit, ...]:
    known = None if channel is None else find_primary_channel(band, channel, width_mhz)
    return () if known is None else limits_of(known)
