"""Verdicts over an area, against closed forms and a slow oracle."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.bands import Channel
from wlantrack.radio.coverage import Coverage, Scene, Transmitter
from wlantrack.radio.phy_rates import DATA_SUBCARRIERS, MCS_TABLE, data_rate_mbit, mcs_rate_mbit
from wlantrack.radio.requirements import (
    BASIC,
    LOCATION,
    VOICE,
    CellClass,
    ClientProfile,
    RequirementSet,
    judge,
    verdict,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GRID = Grid(0, 0, 0.5, 5, 1)
FIRST = (-60.0, -64.0, -65.0, -66.0, np.nan)
SECOND = (-70.0, -76.0, -75.0, -60.5, np.nan)
FAILS, PRIMARY, MEETS = CellClass
ALL = np.ones(GRID.shape, dtype=bool)
HEARING = np.array([[True, True, True, True, False]])


def coverage_of(*levels: Sequence[float], eirp_dbm: float = 20.0) -> Coverage:
    transmitters = tuple(
        Transmitter(f"t{i}", 0, 0, 1, (eirp_dbm, None, None)) for i in range(len(levels))
    )
    grid = Grid(0, 0, 0.5, len(levels[0]), 1)
    off = np.full((2, *grid.shape), np.nan, np.float32)
    layers = tuple(np.stack([np.array([row], np.float32), *off]) for row in levels)
    return Coverage(Scene((), (), transmitters, (3.0,)), grid, 0, layers)


BOTH = coverage_of(FIRST, SECOND)


def test_presets_are_the_usual_ones() -> None:
    assert (BASIC.signal_dbm, BASIC.secondary_dbm, BASIC.snr_db) == (-75, -80, 16)
    assert (VOICE.signal_dbm, VOICE.secondary_dbm, VOICE.snr_db) == (-65, -75, 25)
    assert (LOCATION.access_point_count, LOCATION.access_point_dbm) == (3, -75)
    assert all(preset.source for preset in (BASIC, VOICE, LOCATION))


def test_each_cell_meets_all_the_signal_only_or_nothing() -> None:
    found = verdict(BOTH, ALL, VOICE, band="2.4")

    assert found.classes.tolist() == [[MEETS, PRIMARY, MEETS, MEETS, FAILS]]
    assert found.pass_share == 0.6
    assert found.primary_share == 0.8
    assert found.is_met is False
    assert found.failing_m2 == 0.5
    assert found.worst_dbm is None
    assert found.worst_xy_m == (2.25, 0.25)
    assert found.median_dbm == pytest.approx(-62.25)


def test_each_criterion_has_a_share_of_its_own() -> None:
    found = verdict(BOTH, ALL, VOICE, band="2.4")

    assert {part.key: (part.limit, part.pass_share) for part in found.criteria} == {
        "signal": (-65.0, 0.8),
        "secondary": (-75.0, 0.6),
        "snr": (25.0, 0.8),
    }


def test_only_the_area_counts() -> None:
    mask = np.array([[True, True, True, False, False]])
    found = verdict(BOTH, mask, VOICE, band="2.4")

    assert found.pass_share == pytest.approx(2 / 3)
    assert found.worst_dbm == -65.0
    assert found.worst_xy_m == (1.25, 0.25)
    assert found.failing_m2 == 0.25
    assert found.failing.equals(shapely.box(0.5, 0, 1, 0.5))


def test_a_share_of_the_area_may_be_enough() -> None:
    asked = RequirementSet(-65.0, pass_share=0.75)

    assert verdict(coverage_of(FIRST), HEARING, asked, band="2.4").is_met
    assert not verdict(coverage_of(FIRST), ALL, RequirementSet(-65.0, pass_share=0.8)).is_met


def test_only_the_chosen_access_points_count() -> None:
    alone = verdict(BOTH, HEARING, RequirementSet(-65), band="2.4", transmitters={"t0"})
    assert alone.classes[0].tolist() == [MEETS, MEETS, MEETS, FAILS, FAILS]
    assert alone.worst_dbm == -66.0
    roaming = verdict(BOTH, HEARING, VOICE, band="2.4", transmitters={"t0"})
    assert roaming.classes[0].tolist() == [PRIMARY, PRIMARY, PRIMARY, FAILS, FAILS]


def test_too_little_above_the_noise_is_not_enough() -> None:
    # Noise in 20 MHz with 7 dB noise figure: -93.99 dBm; the worst signal has 28.99 dB.
    found = verdict(BOTH, ALL, RequirementSet(-70, None, 29.5), band="2.4")
    assert found.classes[0].tolist() == [MEETS, MEETS, PRIMARY, MEETS, FAILS]


def test_a_device_hears_less_by_its_offset_and_nothing_in_a_band_it_has_not() -> None:
    phone = ClientProfile((5.0, 0.0, 0.0))
    found = verdict(BOTH, HEARING, RequirementSet(-66.0), phone, "2.4")
    assert found.classes[0].tolist() == [MEETS, FAILS, FAILS, MEETS, FAILS]
    assert found.worst_dbm == -70.0
    deaf = verdict(BOTH, HEARING, VOICE, ClientProfile(bands=("5",)), "2.4")
    assert (deaf.pass_share, deaf.worst_dbm, deaf.median_dbm) == (0.0, None, None)
    assert [part.pass_share for part in deaf.criteria] == [0.0, 0.0, 0.0]


def test_location_needs_as_many_access_points_as_it_says() -> None:
    levels = coverage_of((-74.0, -74.0, -76.0), (-75.0, -60.0, -90.0), (-75.0, -75.5, -90.0))
    found = verdict(levels, None, LOCATION, band="2.4")
    assert found.classes[0].tolist() == [MEETS, PRIMARY, FAILS]


def test_the_data_rate_is_that_of_the_weaker_direction() -> None:
    # -64 dBm carries MCS 7 in 20 MHz: 86.0 Mbit/s a stream; 6 dB less carries MCS 4: 51.6 Mbit/s.
    levels = coverage_of((-64.0,), eirp_dbm=20.0)
    asked = RequirementSet(data_rate_mbit=80.0)
    one = ClientProfile(streams=1)
    assert verdict(levels, None, asked, one, "2.4").is_met
    weak = ClientProfile(streams=1, transmit_power_dbm=14.0)
    assert not verdict(levels, None, asked, weak, "2.4").is_met
    assert verdict(levels, None, RequirementSet(data_rate_mbit=51.0), weak, "2.4").is_met
    # In 40 MHz the same level carries MCS 5 (-63 dBm) no longer, but MCS 4 twice as fast.
    wide = {"t0": {"2.4": Channel("2.4", 3, 40)}}
    assert judge(
        levels, "2.4", RequirementSet(data_rate_mbit=103.0), one, channels=wide
    ).meets.all()


def test_others_on_an_overlapping_channel_count_where_they_are_heard() -> None:
    levels = coverage_of((-50.0, -50.0), (-82.0, -83.0), (-60.0, -60.0))
    channels = {
        "t0": {"2.4": Channel("2.4", 1, 20)},
        "t1": {"2.4": Channel("2.4", 3, 20)},
        "t2": {"2.4": Channel("2.4", 6, 20)},
    }
    none_allowed = RequirementSet(overlap_max=0)
    found = judge(levels, "2.4", none_allowed, channels=channels)
    assert found.passed["overlap"].tolist() == [[False, True]]
    assert judge(levels, "2.4", none_allowed).passed == {}


def test_a_band_in_which_nothing_transmits_fails_everywhere() -> None:
    found = verdict(BOTH, ALL, BASIC, band="6")
    assert found.pass_share == 0.0
    assert found.failing_m2 == 1.25
    assert found.failing.area == 1.25


def test_an_area_without_a_cell_has_no_share() -> None:
    found = verdict(BOTH, np.zeros(GRID.shape, dtype=bool), VOICE, band="2.4")
    assert (found.is_met, found.pass_share, found.worst_dbm, found.worst_xy_m) == (None,) * 4
    assert (found.failing_m2, found.failing.is_empty) == (0.0, True)


def test_refuses_a_mask_of_another_raster_and_an_unknown_band() -> None:
    with pytest.raises(InvalidInput, match="another raster"):
        verdict(BOTH, np.ones((2, 2), dtype=bool), VOICE, band="2.4")
    with pytest.raises(InvalidInput, match="no such band"):
        verdict(BOTH, None, VOICE, band="60")


@pytest.mark.parametrize(
    ("index", "width_mhz", "rate_mbit"),
    [
        (0, 20, 8.6),
        (7, 20, 86.0),
        (11, 20, 143.4),
        (11, 40, 286.8),
        (11, 80, 600.5),
        (11, 160, 1201.0),
    ],
)
def test_rates_are_those_the_standard_prints(index: int, width_mhz: int, rate_mbit: float) -> None:
    assert mcs_rate_mbit(MCS_TABLE[index], width_mhz, 1) == pytest.approx(rate_mbit, abs=0.05)


def test_a_level_carries_the_rate_whose_sensitivity_it_reaches() -> None:
    levels = np.array([np.nan, -82.1, -82.0, -52.0, -20.0])
    rates = data_rate_mbit(levels, 20, 2)
    assert rates.round(1).tolist() == [0.0, 0.0, 17.2, 286.8, 286.8]
    assert data_rate_mbit(np.array([-43.0]), 320, 1).round(1).tolist() == [1201.0]
    assert sorted(DATA_SUBCARRIERS) == [20, 40, 80, 160]
    with pytest.raises(InvalidInput, match="streams"):
        data_rate_mbit(levels, 20, 9)


LEVEL = st.one_of(st.just(math.nan), st.integers(-95, -40).map(float))
LAYERS = st.lists(st.lists(LEVEL, min_size=6, max_size=6), min_size=1, max_size=4)
LIMIT = st.one_of(st.none(), st.integers(-90, -50).map(float))
CHANNEL = st.sampled_from([1, 3, 6, 11])


@given(
    LAYERS,
    st.builds(
        RequirementSet,
        signal_dbm=LIMIT,
        secondary_dbm=LIMIT,
        snr_db=st.one_of(st.none(), st.integers(5, 35).map(float)),
        data_rate_mbit=st.one_of(st.none(), st.sampled_from([8.0, 50.0, 140.0])),
        access_point_count=st.one_of(st.none(), st.integers(1, 3)),
        access_point_dbm=LIMIT,
        overlap_max=st.one_of(st.none(), st.integers(0, 2)),
    ),
    st.builds(
        ClientProfile,
        offset_db=st.integers(-3, 8).map(lambda value: (float(value), 0.0, 0.0)),
        streams=st.integers(1, 2),
        transmit_power_dbm=st.one_of(st.none(), st.integers(10, 22).map(float)),
    ),
    st.lists(CHANNEL, min_size=4, max_size=4),
)
def test_agrees_with_one_cell_after_the_other(
    layers: list[list[float]],
    asked: RequirementSet,
    profile: ClientProfile,
    numbers: list[int],
) -> None:
    channels = {
        f"t{place}": {"2.4": Channel("2.4", number, 20)} for place, number in enumerate(numbers)
    }
    found = judge(coverage_of(*layers), "2.4", asked, profile, channels=channels)

    slowly = [
        classify_slowly([layer[cell] for layer in layers], asked, profile, numbers)
        for cell in range(6)
    ]
    assert found.classes[0].tolist() == slowly


def classify_slowly(
    levels: Sequence[float], asked: RequirementSet, profile: ClientProfile, numbers: Sequence[int]
) -> int:
    """Class of one cell by plain comparisons, every criterion written out."""
    heard = {
        place: level - profile.offset_db[0]
        for place, level in enumerate(levels)
        if not math.isnan(level)
    }
    if not heard:
        return FAILS
    ranked = sorted(heard.values(), reverse=True)
    server = max(heard, key=lambda place: (heard[place], -place))
    primary = asked.access_point_dbm if asked.signal_dbm is None else asked.signal_dbm
    if primary is not None and ranked[0] < primary:
        return FAILS
    checks = [
        asked.signal_dbm is None or ranked[0] >= asked.signal_dbm,
        asked.secondary_dbm is None or (len(ranked) > 1 and ranked[1] >= asked.secondary_dbm),
        asked.snr_db is None or ranked[0] + 174 - 10 * math.log10(20e6) - 7 >= asked.snr_db,
        rate_is_enough(ranked[0], asked, profile),
        asked.access_point_count is None
        or sum(level >= (asked.access_point_dbm or -999) for level in ranked)
        >= asked.access_point_count,
        asked.overlap_max is None or count_others(heard, server, numbers) <= asked.overlap_max,
    ]
    return MEETS if all(checks) else PRIMARY


def rate_is_enough(level_dbm: float, asked: RequirementSet, profile: ClientProfile) -> bool:
    if asked.data_rate_mbit is None:
        return True
    power = profile.transmit_power_dbm
    level_dbm -= 0 if power is None else max(20.0 - power, 0.0)
    rates = [
        234 * mcs.bits * mcs.coding_rate * profile.streams / 13.6
        for mcs in MCS_TABLE
        if level_dbm >= mcs.sensitivity_dbm
    ]
    return max(rates, default=0.0) >= asked.data_rate_mbit


def count_others(heard: Mapping[int, float], server: int, numbers: Sequence[int]) -> int:
    """Two 20 MHz channels at 2.4 GHz overlap if their numbers differ by less than four."""
    return sum(
        1
        for place, level in heard.items()
        if place != server and level >= -82.0 and abs(numbers[place] - numbers[server]) < 4
    )
