"""Prediction against exact arithmetic, ties, and cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.radio.oracle import predict_slowly
from tests.unit.radio.scenes import draw_case

from wlantrack.radio.coverage import predict


@pytest.mark.parametrize("seed", range(200))
def test_equals_exact_arithmetic_in_every_cell_of_a_random_building(seed: int) -> None:
    case = draw_case(seed)
    expected = predict_slowly(case.scene, case.grid, case.floor)
    rssi_dbm = predict(case.scene, case.grid, case.floor).rssi_dbm
    np.testing.assert_allclose(rssi_dbm, expected, rtol=0, atol=1e-3)
