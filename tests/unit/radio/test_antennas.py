"""Antenna tables: interpolation, both cuts, and which way they look."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.antennas import Antenna, Cut, Mount, Pattern
from wlantrack.radio.coverage import Scene, Transmitter, predict
from wlantrack.radio.sectors import make_sector_cut

FLAT = Cut((0.0,), (0.0,))
ROUND = Cut((0, 90, 180, 270), (0.0, -6.0, -20.0, -10.0))
CEILING_OMNI = Pattern(FLAT, Cut((0, 90, 180, 270), (0.0, -3.0, 0.0, -15.0)))
SECTOR = Pattern(ROUND, Cut((0, 90, 180, 270), (0.0, -12.0, -20.0, -14.0)))


def gain(
    antenna: Antenna, east: float, north: float, up: float, azimuth: float = 0.0, tilt: float = 0.0
) -> float:
    way = (np.array(east), np.array(north), np.array(up))
    return float(antenna.find_gain_db(way, azimuth, tilt)[0])


def test_a_cut_is_linear_between_angles_and_closes_the_circle() -> None:
    angles = np.array([0, 45, 90, 315, 359.1, 360, -45, 720])
    expected = [0, -3, -6, -5, -0.1, 0, -5, 0]
    np.testing.assert_allclose(ROUND.find_gain_db(angles), expected, atol=1e-12)


def test_a_cut_may_begin_anywhere_and_be_out_of_order() -> None:
    shuffled = Cut((-90, 180, 90, 0), (-10.0, -20.0, -6.0, 0.0))
    angles = np.linspace(-720, 720, 97)
    np.testing.assert_allclose(
        shuffled.find_gain_db(angles), ROUND.find_gain_db(angles), atol=1e-12
    )


def test_one_angle_is_the_same_all_round() -> None:
    assert Cut((0.0,), (-2.0,)).find_gain_db(np.array([0.0, 123.0])).tolist() == [-2.0, -2.0]


def test_both_cuts_are_met_exactly() -> None:
    azimuths = np.linspace(-180, 180, 25)
    horizontal = SECTOR.find_gain_db(azimuths, np.zeros(25))
    np.testing.assert_allclose(horizontal, SECTOR.horizontal.find_gain_db(azimuths), atol=1e-12)
    below = np.linspace(-90, 90, 25)
    ahead = SECTOR.find_gain_db(np.zeros(25), below)
    np.testing.assert_allclose(ahead, SECTOR.vertical.find_gain_db(below), atol=1e-12)
    behind = SECTOR.find_gain_db(np.full(25, 180.0), below)
    np.testing.assert_allclose(behind, SECTOR.vertical.find_gain_db(180 - below), atol=1e-12)


UNEVEN = Pattern(
    Cut((0, 90, 180, 270), (-0.3, -5.0, -19.6, -9.0)),
    Cut((0, 90, 180, 270), (0.0, -12.0, -20.0, -14.0)),
)
"""Ahead and behind its cuts differ by some tenths of a decibel, as measured ones do."""


@pytest.mark.parametrize("pattern", [SECTOR, UNEVEN], ids=["even", "uneven"])
@pytest.mark.parametrize("pole_deg", [-90.0, 90.0], ids=["up", "down"])
def test_straight_down_and_up_every_azimuth_is_the_same_direction(
    pattern: Pattern, pole_deg: float
) -> None:
    azimuths = np.linspace(-180, 180, 73)
    at_pole = pattern.vertical.find_gain_db(np.array(pole_deg))
    gains = pattern.find_gain_db(azimuths, np.full(73, pole_deg))
    np.testing.assert_allclose(gains, at_pole, atol=1e-12)
    beside = pattern.find_gain_db(azimuths, np.full(73, pole_deg * (1 - 1e-6)))
    np.testing.assert_allclose(beside, at_pole, atol=1e-4)


def test_a_mounted_antenna_has_no_jump_under_it() -> None:
    antenna = Antenna((UNEVEN,), Mount.CEILING)
    below = gain(antenna, 0, 0, -3)
    around = [
        gain(antenna, 1e-6 * math.sin(turn), 1e-6 * math.cos(turn), -3)
        for turn in np.linspace(0, 2 * math.pi, 36)
    ]
    np.testing.assert_allclose(around, below, atol=1e-4)


def test_where_cuts_disagree_the_horizontal_one_holds_and_the_vertical_one_is_shifted() -> None:
    azimuths = np.linspace(-180, 180, 73)
    level = UNEVEN.find_gain_db(azimuths, np.zeros(73))
    np.testing.assert_allclose(level, UNEVEN.horizontal.find_gain_db(azimuths), atol=1e-12)
    below = np.linspace(-90, 90, 37)
    for azimuth, angles, difference in ((0.0, below, -0.3), (180.0, 180 - below, 0.4)):
        found = UNEVEN.find_gain_db(np.full(37, azimuth), below)
        shift = found - UNEVEN.vertical.find_gain_db(angles)
        np.testing.assert_allclose(shift, difference * np.cos(np.radians(below)), atol=1e-12)


def test_a_gain_is_continuous_in_every_direction() -> None:
    azimuths, below = np.meshgrid(np.linspace(-180, 180, 721), np.linspace(-90, 90, 361))
    gains = UNEVEN.find_gain_db(azimuths, below)
    np.testing.assert_allclose(gains[:, 0], gains[:, -1], atol=1e-12)
    assert np.abs(np.diff(gains, axis=0)).max() < 0.3
    assert np.abs(np.diff(gains, axis=1)).max() < 0.3


def test_an_omnidirectional_table_depends_on_the_angle_below_only() -> None:
    gains = CEILING_OMNI.find_gain_db(np.linspace(-180, 180, 13), np.full(13, 45.0))
    np.testing.assert_allclose(gains, -1.5, atol=1e-12)


def test_a_gain_never_exceeds_the_maximum() -> None:
    odd = Pattern(Cut((0, 180), (-9.0, 0.0)), Cut((0, 90), (-9.0, 0.0)))
    azimuths, below = np.meshgrid(np.linspace(-180, 180, 37), np.linspace(-90, 90, 19))
    assert odd.find_gain_db(azimuths, below).max() == 0.0


def test_absolute_gains_become_relative_to_their_peak() -> None:
    pattern = Pattern.from_gains(Cut((0, 180), (3.0, 1.0)), Cut((0, 90), (3.0, 5.0)))
    assert pattern.horizontal.gains_db == (-2.0, -4.0)
    assert pattern.vertical.gains_db == (-2.0, 0.0)


def test_on_the_ceiling_an_omni_looks_as_tabulated() -> None:
    antenna = Antenna((CEILING_OMNI,), Mount.CEILING)
    assert gain(antenna, 0, 0, -1) == pytest.approx(-3.0)
    assert gain(antenna, 0, 0, 1) == pytest.approx(-15.0)
    assert gain(antenna, 1, 0, 0) == pytest.approx(0.0)
    assert gain(antenna, 0.3, -0.4, 0, azimuth=77) == pytest.approx(0.0)


def test_on_a_wall_its_front_looks_to_its_azimuth() -> None:
    antenna = Antenna((CEILING_OMNI,), Mount.WALL)
    assert gain(antenna, 1, 0, 0, azimuth=90) == pytest.approx(-3.0)
    assert gain(antenna, -1, 0, 0, azimuth=90) == pytest.approx(-15.0)
    assert gain(antenna, 0, 0, -1, azimuth=90) == pytest.approx(0.0)
    assert gain(antenna, 0, 1, 0, azimuth=90) == pytest.approx(0.0)


def test_on_the_floor_its_front_looks_up() -> None:
    antenna = Antenna((CEILING_OMNI,), Mount.FLOOR)
    assert gain(antenna, 0, 0, 1) == pytest.approx(-3.0)
    assert gain(antenna, 0, 0, -1) == pytest.approx(-15.0)


def test_a_sector_turns_clockwise_with_its_azimuth() -> None:
    antenna = Antenna((SECTOR,), Mount.WALL, tabulated_mount=Mount.WALL)
    assert gain(antenna, 0, 1, 0) == pytest.approx(0.0)
    assert gain(antenna, 1, 0, 0) == pytest.approx(-6.0)
    assert gain(antenna, -1, 0, 0) == pytest.approx(-10.0)
    assert gain(antenna, 1, 0, 0, azimuth=90) == pytest.approx(0.0)
    assert gain(antenna, 0, -1, 0, azimuth=90) == pytest.approx(-6.0)


def test_a_downtilt_brings_the_main_lobe_down() -> None:
    antenna = Antenna((SECTOR,), Mount.WALL, tabulated_mount=Mount.WALL)
    way = (0.0, math.cos(math.radians(30)), -math.sin(math.radians(30)))
    assert gain(antenna, *way) == pytest.approx(-4.0)
    assert gain(antenna, *way, tilt=30) == pytest.approx(0.0)
    assert gain(antenna, 0, 1, 0, tilt=45) == pytest.approx(-7.0)


def test_each_band_may_have_its_own_table() -> None:
    quiet = Pattern(Cut((0.0,), (-5.0,)), Cut((0.0,), (-5.0,)))
    gains = Antenna((CEILING_OMNI, quiet, CEILING_OMNI)).find_gain_db(
        (np.ones(2), np.zeros(2), np.zeros(2)), 0.0, 0.0
    )
    np.testing.assert_allclose(gains, [[0, 0], [-5, -5], [0, 0]], atol=1e-12)


def test_each_table_may_describe_another_mount() -> None:
    mounts = (Mount.CEILING, Mount.WALL, Mount.CEILING)
    mixed = Antenna((CEILING_OMNI, SECTOR, CEILING_OMNI), Mount.WALL, mounts)
    ahead, aside = (np.array([0.0, 1.0]), np.array([1.0, 0.0])), np.zeros(2)
    gains = mixed.find_gain_db((ahead[0], ahead[1], aside), 0.0, 0.0)
    omni = Antenna((CEILING_OMNI,), Mount.WALL, Mount.CEILING)
    sector = Antenna((SECTOR,), Mount.WALL, Mount.WALL)
    ways = (ahead[0], ahead[1], aside)
    np.testing.assert_allclose(gains[0], omni.find_gain_db(ways, 0.0, 0.0)[0])
    np.testing.assert_allclose(gains[1], sector.find_gain_db(ways, 0.0, 0.0)[0])


def test_a_mount_for_each_table_or_one_for_all() -> None:
    with pytest.raises(InvalidInput, match="one tabulated mount"):
        Antenna((SECTOR,), Mount.WALL, (Mount.WALL, Mount.WALL))


def test_a_sector_by_formula_falls_with_the_square_of_the_angle() -> None:
    cut = make_sector_cut(120.0, 15.0)
    # -12 (30/120)^2, -12 (60/120)^2 (half the power), and 15 dB from 134 degrees on.
    found = cut.find_gain_db(np.array([0.0, 30.0, 60.0, -60.0, 135.0, 180.0]))
    np.testing.assert_allclose(found, [0.0, -0.75, -3.0, -3.0, -15.0, -15.0])


@pytest.mark.parametrize(("width", "back"), [(0.0, 15.0), (361.0, 15.0), (90.0, -1.0)])
def test_a_sector_of_no_width_is_refused(width: float, back: float) -> None:
    with pytest.raises(InvalidInput):
        make_sector_cut(width, back)


def test_the_level_in_a_cell_has_the_gain_towards_it() -> None:
    antenna = Antenna((SECTOR,), Mount.WALL, tabulated_mount=Mount.WALL)
    grid = Grid(0, 0, 1, 9, 9)
    plain = Transmitter("a", 4.5, 4.5, 1.0, (20.0, 20.0, 20.0))
    turned = Transmitter("a", 4.5, 4.5, 1.0, (20.0, 20.0, 20.0), antenna, azimuth_deg=90.0)
    with_it, without = (
        predict(Scene((), (), (tx,), (3.0,)), grid).rssi_dbm[0] for tx in (turned, plain)
    )
    gains = with_it - without
    np.testing.assert_allclose(gains[:, 4, 8], 0.0, atol=1e-4)
    np.testing.assert_allclose(gains[:, 0, 4], -6.0, atol=1e-4)
    np.testing.assert_allclose(gains[:, 4, 0], -20.0, atol=1e-4)
    np.testing.assert_allclose(gains[:, 8, 4], -10.0, atol=1e-4)


@pytest.mark.parametrize(
    ("angles", "gains"),
    [
        ((), ()),
        ((0.0, 90.0), (0.0,)),
        ((0.0, math.nan), (0.0, 0.0)),
        ((0.0, 90.0), (0.0, -math.inf)),
        ((0.0, 360.0), (0.0, -1.0)),
    ],
)
def test_refuses_a_table_that_cannot_be_used(
    angles: tuple[float, ...], gains: tuple[float, ...]
) -> None:
    with pytest.raises(InvalidInput):
        Cut(angles, gains)


def test_refuses_gains_above_the_maximum_and_a_wrong_number_of_tables() -> None:
    with pytest.raises(InvalidInput, match="above 0 dB"):
        Pattern(Cut((0.0,), (1.0,)), FLAT)
    with pytest.raises(InvalidInput, match="one for each band"):
        Antenna((CEILING_OMNI, CEILING_OMNI))
