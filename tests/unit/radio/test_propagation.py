"""Propagation models against their standards, in numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wlantrack.radio.bands import BANDS
from wlantrack.radio.propagation import (
    Cost231,
    DistancePowerLoss,
    PathLoss,
    Propagation,
    SiteGeneralLoss,
    free_space_db,
)

NOTHING = np.zeros(1, dtype=np.float32)


def loss_at_10_m(model: Propagation) -> list[float]:
    laws = [model.distance_law(band) for band in range(len(BANDS))]
    return [round(law.at_1m_db + law.per_decade_db, 2) for law in laws]


def test_free_space_at_1_m() -> None:
    assert free_space_db(2.4e9) == pytest.approx(40.05, abs=0.005)
    assert free_space_db(5.0e9) == pytest.approx(46.43, abs=0.005)


def test_the_exponent_is_the_slope() -> None:
    assert loss_at_10_m(PathLoss()) == [60.20, 67.16, 68.27]
    assert loss_at_10_m(PathLoss(exponent=3.0, offset_db=(0.0, 1.0, -1.0))) == [70.20, 78.16, 77.27]


def test_an_office_without_walls_by_its_power_loss_coefficient() -> None:
    # 20 log10(f / MHz) + N - 28 with N = 30, 31, 31
    assert loss_at_10_m(DistancePowerLoss()) == [69.75, 77.71, 78.83]


def test_an_office_without_walls_by_the_site_general_model() -> None:
    # 23.9 + 30.13 + 24 log10(f / GHz)
    expected = [round(54.03 + 24 * math.log10(f), 2) for f in (2.44175, 5.4375, 6.185)]
    assert loss_at_10_m(SiteGeneralLoss()) == expected
    assert SiteGeneralLoss().sigma_db == 5.01


def test_further_floors_cost_less_in_cost_231() -> None:
    count = np.arange(4, dtype=np.float32)
    floors = Cost231().obstruction_db(np.zeros(4, np.float32), 99 * count, count, 0)
    np.testing.assert_allclose(floors, (0, 18.3, 33.5, 43.6), atol=0.05)


def test_obstacles_add_up() -> None:
    walls, slabs = np.array([4, 9], np.float32), np.array([1, 2], np.float32)
    assert PathLoss().obstruction_db(walls, slabs, NOTHING, 0).tolist() == [5, 11]


def test_the_tenth_wall_may_cost_less_than_the_first() -> None:
    walls = np.array([0, 4, 16, -1e-7], dtype=np.float32)
    damped = PathLoss(wall_factor=0.5, wall_root=1.5).obstruction_db(walls, NOTHING, NOTHING, 0)
    np.testing.assert_allclose(damped, (0, 5, 14, 0), atol=1e-6)
