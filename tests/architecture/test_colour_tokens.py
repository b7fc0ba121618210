"""Every pair of colours that meets on a page keeps its contrast, and every state can be told apart.

Reads static/css/tokens.css. Contrast after WCAG 2.2, success criteria 1.4.3 (text, 4.5:1) and
1.4.11 (marks, 3:1). Colour-vision deficiencies are simulated with the matrices of Machado, Oliveira
and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE
TVCG 15(6), 2009, severity 1.0, applied to linear RGB; differences are CIE76 in CIELAB under D65.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

STATIC = Path(__file__).parents[2] / "static"
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
SPRITE = (STATIC / "img" / "icons.svg").read_text(encoding="utf-8")

SURFACES = ("page", "sunken", "raised", "hover", "selected", "bar")
NOTES = ("danger", "warning", "success", "info")
STATES = ("planned", "ordered", "mounted", "live", "blocked", "undated")
NETWORKS = ("visitor", "internal", "management")
VERDICTS = ("meets", "primary", "fails", "unknown")
WALLS = tuple(f"wall-{number}" for number in range(1, 9))
THEMES = ("light", "dark")

TEXT_PAIRS = [
    *((text, surface) for text in ("text", "text-muted", "action") for surface in SURFACES),
    *((text, f"{note}-surface") for text in ("text", "action") for note in NOTES),
    *((note, f"{note}-surface") for note in NOTES),
    *((note, surface) for note in NOTES for surface in ("page", "sunken", "raised")),
    ("on-action", "action"),
]
MARK_PAIRS = [
    *((f"state-{state}", surface) for state in STATES for surface in SURFACES),
    *((f"network-{network}", surface) for network in NETWORKS for surface in SURFACES),
    *((f"verdict-{verdict}", surface) for verdict in VERDICTS for surface in SURFACES),
    *(("line-strong", surface) for surface in ("page", "sunken", "raised")),
    *(("focus", surface) for surface in SURFACES),
    *(("text", surface) for surface in SURFACES),
]
PAPER_PAIRS = [
    *((f"state-{state}", "paper") for state in STATES),
    *((wall, "paper") for wall in WALLS),
    ("focus", "paper"),
    ("room-line", "paper"),
]

# Machado et al. 2009, table of severity 1.0.
SIMULATIONS = {
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    # Relative luminance, IEC 61966-2-1, on all three channels.
    "greyscale": np.tile([0.2126, 0.7152, 0.0722], (3, 1)),
}
# IEC 61966-2-1: linear sRGB to CIE XYZ under D65.
XYZ_OF_RGB = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)
WHITE_XYZ = np.array([0.9505, 1.0, 1.089])
EASILY_TOLD_APART = 20.0
"""CIE76 distance; about ten times a just noticeable difference."""


def read_tokens() -> dict[str, dict[str, str]]:
    """Give each theme's colours by token name."""
    colours: dict[str, dict[str, str]] = {theme: {} for theme in THEMES}
    pattern = r"--([a-z0-9-]+):\s*(?:light-dark\((#\w{6}),\s*(#\w{6})\)|(#\w{6}));"
    for name, light, dark, both in re.findall(pattern, TOKENS):
        colours["light"][name] = light or both
        colours["dark"][name] = dark or both
    return colours


COLOURS = read_tokens()


def linear_rgb(colour: str) -> np.ndarray:
    """Undo sRGB's transfer function."""
    encoded = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    linear: np.ndarray = np.where(
        encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4
    )
    return linear


def contrast(first: str, second: str) -> float:
    """Contrast ratio, WCAG 2.2."""
    darker, lighter = sorted(float(linear_rgb(c) @ XYZ_OF_RGB[1]) for c in (first, second))
    return (lighter + 0.05) / (darker + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIELAB of a linear RGB colour."""
    ratio = XYZ_OF_RGB @ np.clip(rgb, 0, 1) / WHITE_XYZ
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(first: str, second: str, simulation: np.ndarray) -> float:
    """How far apart two colours are for somebody who sees as simulated."""
    a, b = (lab(simulation @ linear_rgb(colour)) for colour in (first, second))
    return float(np.linalg.norm(a - b))


def shape_of(symbol: str) -> str:
    """Give what the sprite draws for a symbol."""
    found = re.search(rf'<symbol id="{symbol}"[^>]*>(.*?)</symbol>', SPRITE)
    assert found, f"no symbol {symbol} in icons.svg"
    return found.group(1)


def test_black_on_white_has_the_contrast_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)


def test_a_known_pair_has_its_published_contrast() -> None:
    # WebAIM's example: #767676 is the lightest grey that passes 4.5:1 on white.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_white_and_black_are_a_hundred_apart_however_seen() -> None:
    for simulation in SIMULATIONS.values():
        assert difference("#000000", "#ffffff", simulation) == pytest.approx(100, abs=0.5)


def test_red_and_green_come_closer_for_deuteranopes() -> None:
    normal = difference("#d00000", "#008000", np.eye(3))
    assert difference("#d00000", "#008000", SIMULATIONS["deuteranopia"]) < normal / 2


@pytest.mark.parametrize("theme", THEMES)
def test_text_reaches_its_contrast(theme: str) -> None:
    table = COLOURS[theme]
    weak = {pair: contrast(table[pair[0]], table[pair[1]]) for pair in TEXT_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_marks_reach_their_contrast(theme: str) -> None:
    table = COLOURS[theme]
    weak = {pair: contrast(table[pair[0]], table[pair[1]]) for pair in MARK_PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 3} == {}


def test_marks_and_words_on_the_plan_reach_their_contrast_in_the_light_half() -> None:
    table = COLOURS["light"]
    weak = {pair: contrast(table[pair[0]], table[pair[1]]) for pair in PAPER_PAIRS}
    assert min(contrast(table[text], table["paper"]) for text in ("text", "text-muted")) >= 4.5
    assert {pair: round(ratio, 2) for pair, ratio in weak.items() if ratio < 3} == {}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("simulation", SIMULATIONS)
@pytest.mark.parametrize(
    ("family", "keys"),
    [("state", STATES), ("network", NETWORKS), ("verdict", VERDICTS)],
)
def test_marks_that_look_alike_in_colour_differ_in_shape(
    theme: str, simulation: str, family: str, keys: tuple[str, ...]
) -> None:
    matrix = SIMULATIONS[simulation]
    table = COLOURS[theme]
    confusable = [
        (first, second)
        for first, second in combinations(keys, 2)
        if difference(table[f"{family}-{first}"], table[f"{family}-{second}"], matrix)
        < EASILY_TOLD_APART
        and shape_of(f"{family}-{first}") == shape_of(f"{family}-{second}")
    ]
    assert confusable == []


@pytest.mark.parametrize(
    ("family", "keys"),
    [("state", STATES), ("network", NETWORKS), ("verdict", VERDICTS)],
)
def test_every_mark_has_a_shape_of_its_own(family: str, keys: tuple[str, ...]) -> None:
    assert len({shape_of(f"{family}-{key}") for key in keys}) == len(keys)


@pytest.mark.parametrize("simulation", ["protanopia", "deuteranopia"])
def test_going_wrong_and_going_well_differ_in_colour_too(simulation: str) -> None:
    matrix = SIMULATIONS[simulation]
    for theme in THEMES:
        table = COLOURS[theme]
        for good, bad in (("state-live", "state-blocked"), ("verdict-meets", "verdict-fails")):
            assert difference(table[good], table[bad], matrix) >= EASILY_TOLD_APART


def test_colours_stand_in_the_token_file_only() -> None:
    allowed = {"tokens.css", "folium.css"}
    strays = {
        path.name: found
        for path in sorted((STATIC / "css").glob("*.css"))
        if path.name not in allowed
        and (found := re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)", path.read_text("utf-8")))
    }
    assert strays == {}


def test_every_colour_that_a_page_uses_is_a_token() -> None:
    known = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    used = {
        name
        for path in sorted((STATIC / "css").glob("*.css"))
        for name in re.findall(r"var\(--([a-z0-9-]+)", path.read_text(encoding="utf-8"))
        if not name.startswith(("kern-", "editor-"))
    }
    assert used - known == set()
