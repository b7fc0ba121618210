"""Losses of building materials against published and closed-form values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.radio.materials import (
    AIR,
    MAX_LOSS_DB,
    STANDARD_MATERIALS,
    BuildingMaterial,
    Layer,
    compute_loss,
    relative_permittivity,
)


@pytest.mark.parametrize(
    ("material_class", "millimetres", "loss_db"),
    [
        ("concrete", 100, (8.07, 13.84, 15.18)),
        ("concrete", 150, (11.48, 20.03, 22.01)),
        ("concrete", 200, (14.76, 26.21, 28.86)),
        ("brick", 120, (3.37, 4.11, 4.10)),
        ("brick", 240, (6.45, 7.19, 7.28)),
        ("brick", 365, (9.27, 10.41, 10.61)),
        ("plasterboard", 12.5, (1.09, 1.03, 0.82)),
        ("wood", 40, (0.61, 1.44, 1.89)),
        ("glass", 6, (1.95, 3.29, 3.03)),
        ("chipboard", 19, (1.71, 1.85, 2.31)),
        ("marble", 30, (2.88, 1.36, 2.95)),
    ],
)
def test_a_single_layer_has_the_known_loss(
    material_class: str, millimetres: float, loss_db: tuple[float, float, float]
) -> None:
    computed = compute_loss((Layer(material_class, millimetres / 1000),))
    assert computed == pytest.approx(loss_db, abs=0.01)


def test_two_halves_are_as_good_as_the_whole() -> None:
    halves = compute_loss((Layer("brick", 0.05), Layer("brick", 0.07)))
    assert halves == pytest.approx(compute_loss((Layer("brick", 0.12),)), abs=1e-9)


def test_air_and_nothing_cost_nothing() -> None:
    assert compute_loss((Layer(AIR, 0.3),)) == pytest.approx((0, 0, 0), abs=1e-9)
    assert compute_loss(()) == pytest.approx((0, 0, 0), abs=1e-12)


def test_a_stack_loses_the_same_from_either_side() -> None:
    stack = (Layer("brick", 0.115), Layer(AIR, 0.06), Layer("concrete", 0.1))
    assert compute_loss(stack) == pytest.approx(compute_loss(stack[::-1]), abs=1e-9)


def test_waves_interfere_in_the_gap_between_two_boards() -> None:
    board, gap_m = Layer("plasterboard", 0.0125), 0.075
    frequency = np.linspace(2.4e9, 2.4835e9, 41)
    index = np.sqrt(relative_permittivity("plasterboard", frequency))
    k = 2 * np.pi * frequency / 299_792_458
    r, turn = (1 - index) / (1 + index), np.exp(-2j * k * index * board.thickness_m)
    through = (1 - r**2) * np.sqrt(turn) / (1 - r**2 * turn)
    back = r * (1 - turn) / (1 - r**2 * turn)
    # Airy's sum over the waves that go to and fro in the gap.
    both = through**2 * np.exp(-1j * k * gap_m) / (1 - back**2 * np.exp(-2j * k * gap_m))
    expected = -10 * math.log10(np.mean(np.abs(both) ** 2))
    partition = compute_loss((board, Layer(AIR, gap_m), board))
    assert partition[0] == pytest.approx(expected, abs=1e-6)


def test_metal_is_opaque_but_finite() -> None:
    assert compute_loss((Layer("metal", 0.001),)) == (MAX_LOSS_DB,) * 3
    assert compute_loss((Layer("concrete", 5.0),) * 8) == (MAX_LOSS_DB,) * 3


def test_a_measured_loss_wins_over_layers() -> None:
    layers = (Layer("glass", 0.006),)
    assert BuildingMaterial("x", "X", layers, measured_db=(1.0, 2.0, 3.0)).loss_db == (
        1.0,
        2.0,
        3.0,
    )
    assert BuildingMaterial("x", "X", layers).loss_db == compute_loss(layers)


def test_the_catalogue_is_complete_and_finite() -> None:
    codes = [material.code for material in STANDARD_MATERIALS]
    assert len(set(codes)) == len(codes)
    assert {"concrete-200", "brick-240", "glass-low-e", "steel-door", "natural-stone-600"} <= {
        *codes
    }
    for material in STANDARD_MATERIALS:
        assert all(0 < loss <= MAX_LOSS_DB for loss in material.loss_db), material.code


@pytest.mark.parametrize("thickness_m", [0.0, -0.1, 5.1, math.nan, math.inf])
def test_refuses_an_impossible_thickness(thickness_m: float) -> None:
    with pytest.raises(InvalidInput, match="between 0 and 5 m"):
        Layer("brick", thickness_m)


def test_refuses_an_unknown_class_and_names_the_known() -> None:
    with pytest.raises(InvalidInput, match="concrete, brick"):
        Layer("butter", 0.1)
