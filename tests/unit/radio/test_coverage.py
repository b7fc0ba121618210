"""The maps drawn from levels."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Coverage, Scene, Transmitter, Wall, predict

GRID = Grid(0, 0, 1, 2, 1)
NAN = np.nan


def coverage_of(*levels: tuple[float, float]) -> Coverage:
    """Layers with these levels in two cells at 2.4 GHz, 5 dB more at 5 GHz, none at 6 GHz."""
    transmitters = tuple(
        Transmitter(name, 0, 0, 1, (20.0, 20.0, None)) for name in "abcdef"[: len(levels)]
    )
    layers = []
    for pair in levels:
        row = np.array([pair], dtype=np.float32)
        layers.append(np.stack((row, row + 5, np.full_like(row, NAN))))
    return Coverage(Scene((), (), transmitters, (3.0,)), GRID, 0, tuple(layers))


THREE = coverage_of((-50, -80), (-70, -60), (NAN, -65))


def test_best_is_the_strongest_that_transmits() -> None:
    np.testing.assert_array_equal(THREE.best()[0], [[-50, -60]])
    np.testing.assert_array_equal(THREE.best()[1], [[-45, -55]])
    assert np.isnan(THREE.best()[2]).all()


def test_best_server_is_a_place_in_the_scene() -> None:
    assert THREE.best_server()[0].tolist() == [[0, 1]]
    assert THREE.best_server({"c", "b"})[0].tolist() == [[1, 1]]
    assert THREE.best_server({"c"})[0].tolist() == [[-1, 2]]
    assert THREE.best_server()[2].tolist() == [[-1, -1]]


def test_nth_counts_from_the_strongest() -> None:
    np.testing.assert_array_equal(THREE.nth(1)[0], THREE.best()[0])
    np.testing.assert_array_equal(THREE.nth(2)[0], [[-70, -65]])
    np.testing.assert_array_equal(THREE.nth(3)[0], [[NAN, -80]])
    np.testing.assert_array_equal(THREE.nth(4)[0], [[NAN, NAN]])


def test_nth_equals_sorting() -> None:
    rng = np.random.default_rng(4)
    levels = rng.uniform(-90, -40, (6, 2))
    coverage = coverage_of(*levels)
    for k in range(1, 7):
        expected = np.sort(levels, axis=0)[-k].astype(np.float32)
        np.testing.assert_array_equal(coverage.nth(k)[0, 0], expected)


def test_counts_those_at_or_above_a_level() -> None:
    assert THREE.count_above(-65)[0].tolist() == [[1, 2]]
    assert THREE.count_above(-80, {"a"})[0].tolist() == [[1, 1]]
    assert THREE.count_above(-200)[2].tolist() == [[0, 0]]


def test_signal_to_noise_counts_bandwidth_and_noise_figure() -> None:
    np.testing.assert_allclose(THREE.snr()[0], [[43.99, 33.99]], atol=0.005)
    wide = THREE.snr(bandwidth_hz=80e6, noise_figure_db=5.0)
    np.testing.assert_allclose(wide[0], [[39.97, 29.97]], atol=0.005)


def test_a_subset_may_name_an_id_twice_or_be_empty() -> None:
    assert THREE.count_above(-100, ["a", "a"])[0].tolist() == [[1, 1]]
    assert np.isnan(THREE.best(())).all()


def test_refuses_an_unknown_id_and_a_rank_below_one() -> None:
    with pytest.raises(InvalidInput, match="no access point z"):
        THREE.best({"a", "z"})
    with pytest.raises(InvalidInput, match="Ranks count from 1"):
        THREE.nth(0)


def floor() -> tuple[Scene, Grid]:
    walls = (Wall(3, 0, 3, 4, (5.0, 6.0, 7.0)), Wall(0, 2, 6, 2, (3.0, 4.0, 5.0), top_m=1.4))
    transmitters = tuple(
        Transmitter(name, x, 1.2, 2.5, (20.0, None, 14.0)) for name, x in (("a", 1.0), ("b", 5.0))
    )
    return Scene(walls, (), transmitters, (3.0,)), Grid(0, 0, 0.5, 12, 8)


def test_replacing_one_equals_predicting_all_again() -> None:
    scene, grid = floor()
    moved = dataclasses.replace(scene.transmitters[1], x_m=2.2, eirp_dbm=(None, 20.0, 20.0))
    before = predict(scene, grid)
    after = before.replace(moved)
    again = predict(dataclasses.replace(scene, transmitters=(scene.transmitters[0], moved)), grid)
    np.testing.assert_array_equal(after.rssi_dbm, again.rssi_dbm)
    assert after.scene.transmitters == again.scene.transmitters
    assert after.layers[0] is before.layers[0]


def test_replacing_leaves_the_former_prediction_as_it_was() -> None:
    scene, grid = floor()
    before = predict(scene, grid)
    kept = before.rssi_dbm.copy()
    before.replace(dataclasses.replace(scene.transmitters[0], x_m=4.0))
    np.testing.assert_array_equal(before.rssi_dbm, kept)


def test_refuses_to_replace_an_unknown_one() -> None:
    scene, grid = floor()
    with pytest.raises(InvalidInput, match="no access point z"):
        predict(scene, grid).replace(dataclasses.replace(scene.transmitters[0], id="z"))


def test_layers_and_levels_are_the_same_numbers_in_one_place() -> None:
    coverage = predict(*floor())
    assert coverage.rssi_dbm.shape == (2, 3, 8, 12)
    assert all(np.shares_memory(layer, coverage.rssi_dbm) for layer in coverage.layers)
