"""Channels and limits as regulation has them."""

from __future__ import annotations

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.radio.bands import (
    BAND_KEYS,
    BANDS,
    CHANNELS,
    LIMITS,
    Channel,
    band_index,
    find_channel,
    limits_of,
    noise_floor_dbm,
)


def test_bands_lie_around_their_centres() -> None:
    assert BAND_KEYS == ("2.4", "5", "6")
    assert [band.centre_hz for band in BANDS] == [2.44175e9, 5.4375e9, 6.185e9]
    assert all(band.centre_hz == (band.low_hz + band.high_hz) / 2 for band in BANDS)


@pytest.mark.parametrize(
    ("band", "number", "width", "centre_mhz"),
    [
        ("2.4", 1, 20, 2412),
        ("2.4", 13, 20, 2472),
        ("5", 36, 20, 5180),
        ("5", 42, 80, 5210),
        ("5", 140, 20, 5700),
        ("6", 1, 20, 5955),
        ("6", 93, 20, 6415),
        ("6", 31, 320, 6105),
    ],
)
def test_channels_have_their_centres(band: str, number: int, width: int, centre_mhz: int) -> None:
    assert find_channel(band, number, width).centre_hz == centre_mhz * 1e6


def test_there_are_as_many_channels_as_regulation_leaves() -> None:
    counts = {
        (band, width): sum((c.band, c.width_mhz) == (band, width) for c in CHANNELS)
        for band, width in (("2.4", 20), ("5", 80), ("6", 20), ("6", 80), ("6", 160), ("6", 320))
    }
    assert counts == {
        ("2.4", 20): 13,
        ("5", 80): 5,
        ("6", 20): 24,
        ("6", 80): 6,
        ("6", 160): 3,
        ("6", 320): 2,
    }


@pytest.mark.parametrize("channel", CHANNELS, ids=str)
def test_every_channel_lies_wholly_in_permitted_ranges(channel: Channel) -> None:
    covered = sum(
        min(limit.high_hz, channel.high_hz) - max(limit.low_hz, channel.low_hz)
        for limit in limits_of(channel)
    )
    assert covered == pytest.approx(channel.width_mhz * 1e6)


def test_a_wide_channel_keeps_the_limits_of_both_its_ranges() -> None:
    limits = limits_of(find_channel("5", 50, 160))
    assert [(limit.low_hz, limit.is_dfs) for limit in limits] == [(5150e6, False), (5250e6, True)]


def test_limits_are_those_of_the_law() -> None:
    eirp = [(limit.band, limit.low_hz / 1e6, limit.eirp_dbm) for limit in LIMITS]
    assert eirp == [
        ("2.4", 2400, 20),
        ("5", 5150, 23),
        ("5", 5250, 23),
        ("5", 5470, 30),
        ("5", 5725, 14),
        ("6", 5945, 23),
    ]
    assert all(limit.source for limit in LIMITS)


def test_density_limits_narrow_channels() -> None:
    low_power_indoor = LIMITS[-1]
    assert low_power_indoor.allowed_eirp_dbm(10) == 20.0
    assert low_power_indoor.allowed_eirp_dbm(20) == 23.0
    assert low_power_indoor.allowed_eirp_dbm(160) == 23.0
    assert LIMITS[4].allowed_eirp_dbm(20) == 14.0


def test_noise_floor_of_20_mhz() -> None:
    assert noise_floor_dbm(20e6) == pytest.approx(-93.99, abs=0.005)


def test_refuses_unknown_bands_and_channels() -> None:
    with pytest.raises(InvalidInput, match=r"2\.4, 5, 6"):
        band_index("7")
    with pytest.raises(InvalidInput, match="no channel 14 of 20 MHz"):
        find_channel("2.4", 14)
    assert band_index("6") == 2
