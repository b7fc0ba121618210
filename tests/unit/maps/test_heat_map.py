"""The heat map's picture says what the numbers say, to the cell."""

from __future__ import annotations

import io
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from wlantrack.maps.heat_map import HeatMapImage, classify_signal, render_signal, render_verdict
from wlantrack.maps.legend import INK, SIGNAL_CLASSES, VERDICT_CLASSES

INK_RGB = (0x14, 0x10, 0x1F)


def _pixels(image: HeatMapImage) -> np.ndarray:
    """RGBA as an array of shape (height, width, 4)."""
    return np.asarray(Image.open(io.BytesIO(image.png)).convert("RGBA"))


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour[1:]))


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = np.array(_rgb(colour)) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("level_dbm", "expected"),
    [
        (-12.0, 1),
        (-40.0, 1),
        (np.nextafter(np.float32(-40.0), np.float32(-99)), 2),
        (-45.0, 2),
        (-65.0, 6),
        (np.nextafter(np.float32(-65.0), np.float32(-99)), 7),
        (np.nextafter(np.float32(-65.0), np.float32(0)), 6),
        (-75.0, 8),
        (-90.0, 11),
        (np.nextafter(np.float32(-90.0), np.float32(-99)), 12),
        (-120.0, 12),
        (-np.inf, 12),
        (np.nan, 0),
    ],
)
def test_a_level_on_an_edge_belongs_to_the_stronger_class(level_dbm: float, expected: int) -> None:
    assert classify_signal(np.array([[level_dbm]], dtype=np.float32)).tolist() == [[expected]]


def test_the_legend_s_classes_join_without_gap_from_strong_to_weak() -> None:
    for stronger, weaker in pairwise(SIGNAL_CLASSES):
        assert stronger.from_dbm == weaker.to_dbm
    assert [entry.from_dbm for entry in SIGNAL_CLASSES[:-1]] == list(range(-40, -95, -5))


def test_the_ramp_darkens_in_every_step_so_that_it_reads_in_greyscale() -> None:
    luminances = [_luminance(entry.colour) for entry in SIGNAL_CLASSES]
    assert all(bright > dark for bright, dark in pairwise(luminances))


def test_ink_stands_out_on_every_class() -> None:
    colours = [entry.colour for entry in (*SIGNAL_CLASSES, *VERDICT_CLASSES)]
    assert min(_contrast(colour, INK) for colour in colours) >= 3.0


def test_row_zero_is_drawn_at_the_bottom() -> None:
    image = render_signal(np.array([[-50.0], [-70.0]]), pixels_per_cell=1)
    rgba = _pixels(image)
    assert tuple(rgba[0, 0, :3]) == _rgb("#4898a0")
    assert tuple(rgba[1, 0, :3]) == _rgb("#8bd750")


def test_an_unknown_cell_is_transparent_and_a_known_one_opaque() -> None:
    alpha = _pixels(render_signal(np.array([[np.nan, -60.0]]), -65.0, pixels_per_cell=1))[..., 3]
    assert alpha.tolist() == [[0, 255]]


def test_a_cell_keeps_hard_edges_when_enlarged() -> None:
    rgba = _pixels(render_signal(np.array([[-50.0, -70.0]]), pixels_per_cell=4))
    assert rgba.shape == (4, 8, 4)
    assert {tuple(pixel) for pixel in rgba[:, :4, :3].reshape(-1, 3).tolist()} == {_rgb("#8bd750")}


def test_only_cells_below_the_threshold_are_hatched() -> None:
    levels = np.full((40, 80), -60.0)
    levels[:, 40:] = -65.5
    ink = (_pixels(render_signal(levels, -65.0, pixels_per_cell=1))[..., :3] == INK_RGB).all(axis=2)
    assert not ink[:, :39].any()
    assert ink[:, 41:].any(axis=1).all()
    assert 0.06 < ink[:, 41:].mean() < 0.12


def test_a_level_exactly_at_the_threshold_meets_it() -> None:
    image = render_signal(np.full((30, 30), -67.3, dtype=np.float32), -67.3, pixels_per_cell=1)
    assert not (_pixels(image)[..., :3] == INK_RGB).all(axis=2).any()


def test_a_line_runs_on_both_sides_of_the_threshold_s_edge() -> None:
    levels = np.full((20, 20), -60.0)
    levels[:, 10:] = -70.0
    ink = (_pixels(render_signal(levels, -65.0, pixels_per_cell=1))[..., :3] == INK_RGB).all(axis=2)
    assert ink[:, 9].all()
    assert ink[:, 10].all()


def test_no_line_runs_along_the_unknown() -> None:
    levels = np.full((20, 20), -60.0)
    levels[:, 10:] = np.nan
    ink = (_pixels(render_signal(levels, -65.0, pixels_per_cell=1))[..., :3] == INK_RGB).all(axis=2)
    assert not ink.any()


def test_each_verdict_has_its_own_colour_and_hatching() -> None:
    verdicts = np.repeat(np.array([[3, 2, 1, 0]]), 48, axis=0).repeat(48, axis=1)
    rgba = _pixels(render_verdict(verdicts, pixels_per_cell=1))
    ink = (rgba[..., :3] == INK_RGB).all(axis=2)
    shares = [float(ink[:, start : start + 48].mean()) for start in (0, 48, 96)]
    assert shares == pytest.approx([0.0, 1 / 12, 1 / 6])
    for start, entry in zip((0, 48, 96), VERDICT_CLASSES, strict=True):
        block = rgba[:, start : start + 48, :3][~ink[:, start : start + 48]]
        assert {tuple(pixel) for pixel in block.tolist()} == {_rgb(entry.colour)}
    assert not rgba[:, 144:, 3].any()


def test_the_picture_is_enlarged_to_about_a_thousand_pixels() -> None:
    image = render_signal(np.full((320, 480), -60.0))
    assert (image.width_px, image.height_px) == (960, 640)


def test_one_single_cell_is_a_picture_too() -> None:
    assert render_signal(np.array([[-60.0]])).width_px == 8


def test_a_floor_of_480_by_320_cells_stays_small() -> None:
    y, x = np.mgrid[0:320, 0:480]
    levels = -30.0 - 22.0 * np.log10(1 + np.hypot(x - 200, y - 100) / 6)
    assert len(render_signal(levels, -65.0).png) < 40_000


def test_the_editor_s_heat_map_does_not_pay_for_folium() -> None:
    code = "import sys, wlantrack.maps.heat_map; print('folium' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
