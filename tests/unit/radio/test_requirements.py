"""Verdicts over an area."""

from __future__ import annotations

import numpy as np
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Coverage, Scene, Transmitter
from wlantrack.radio.requirements import BASIC, VOICE, CellClass, Requirement, judge_coverage

GRID = Grid(0, 0, 0.5, 5, 1)
FIRST = (-60.0, -64.0, -65.0, -66.0, np.nan)
SECOND = (-70.0, -76.0, -75.0, -60.5, np.nan)
FAILS, PRIMARY, MEETS = CellClass


def coverage_of(*levels: tuple[float, ...]) -> Coverage:
    transmitters = tuple(
        Transmitter(f"t{i}", 0, 0, 1, (20.0, None, None)) for i in range(len(levels))
    )
    layers = tuple(
        np.stack([np.array([row], np.float32), *np.full((2, 1, 5), np.nan, np.float32)])
        for row in levels
    )
    return Coverage(Scene((), (), transmitters, (3.0,)), GRID, 0, layers)


BOTH = coverage_of(FIRST, SECOND)


def test_presets_are_the_usual_ones() -> None:
    assert Requirement(-75, -80, 16) == BASIC
    assert Requirement(-65, -75, 25) == VOICE


def test_each_cell_meets_all_the_signal_only_or_nothing() -> None:
    verdict = judge_coverage(BOTH, "2.4", VOICE)
    assert verdict.classes.tolist() == [[MEETS, PRIMARY, MEETS, MEETS, FAILS]]
    assert verdict.pass_share == 0.6
    assert verdict.failing_area_m2 == 0.5
    assert verdict.worst_dbm is None


def test_only_the_area_counts() -> None:
    mask = np.array([[True, True, True, False, False]])
    verdict = judge_coverage(BOTH, "2.4", VOICE, mask)
    assert verdict.pass_share == pytest.approx(2 / 3)
    assert verdict.worst_dbm == -65.0
    assert verdict.failing_area_m2 == 0.25


def test_only_the_chosen_access_points_count() -> None:
    mask = np.array([[True, True, True, True, False]])
    alone = judge_coverage(BOTH, "2.4", Requirement(-65), mask, transmitters={"t0"})
    assert alone.classes[0].tolist() == [MEETS, MEETS, MEETS, FAILS, FAILS]
    assert alone.worst_dbm == -66.0
    roaming = judge_coverage(BOTH, "2.4", VOICE, mask, transmitters={"t0"})
    assert roaming.classes[0].tolist() == [PRIMARY, PRIMARY, PRIMARY, FAILS, FAILS]


def test_too_little_above_the_noise_is_not_enough() -> None:
    # Noise in 20 MHz with 7 dB noise figure: -93.99 dBm; the worst signal has 27.99 dB.
    demanding = Requirement(-70, None, 29.5)
    verdict = judge_coverage(BOTH, "2.4", demanding)
    assert verdict.classes[0].tolist() == [MEETS, MEETS, PRIMARY, MEETS, FAILS]


def test_a_band_in_which_nothing_transmits_fails_everywhere() -> None:
    verdict = judge_coverage(BOTH, "6", BASIC)
    assert verdict.pass_share == 0.0
    assert verdict.failing_area_m2 == 1.25


def test_an_area_smaller_than_a_cell_has_no_share() -> None:
    verdict = judge_coverage(BOTH, "2.4", VOICE, np.zeros(GRID.shape, dtype=bool))
    assert (verdict.pass_share, verdict.worst_dbm, verdict.failing_area_m2) == (None, None, 0.0)


def test_refuses_a_mask_of_another_raster_and_an_unknown_band() -> None:
    with pytest.raises(InvalidInput, match="another raster"):
        judge_coverage(BOTH, "2.4", VOICE, np.ones((2, 2), dtype=bool))
    with pytest.raises(InvalidInput, match="no such band"):
        judge_coverage(BOTH, "60", VOICE)
