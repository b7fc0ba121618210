"""A small invented office, to try imports with: its rooms and access points.

Decides rooms and positions. Refuses to know file formats. Lengths in centimetres.
"""

from __future__ import annotations

from typing import NamedTuple

from floorplans.layout import Box, Kind, Opening, Tile, Wall
from floorplans.openings import build_walls

WIDTH_CM, DEPTH_CM = 1800, 1200
_CODE = "BB"


def _room(number: str, name: str, kind: Kind, box: Box) -> Tile:
    return Tile(number, name, kind, _CODE, box, is_glazed=kind is Kind.MEETING)


TILES = (
    _room("0.01", "Empfang", Kind.PUBLIC, Box(30, 30, 630, 480)),
    _room("0.02", "Büro", Kind.OFFICE, Box(630, 30, 1030, 480)),
    _room("0.03", "Büro", Kind.OFFICE, Box(1030, 30, 1400, 480)),
    _room("0.04", "Büro", Kind.OFFICE, Box(1400, 30, 1770, 480)),
    _room("0.05", "Flur", Kind.CORRIDOR, Box(30, 480, 1770, 680)),
    _room("0.06", "Besprechung", Kind.MEETING, Box(30, 680, 630, 1170)),
    _room("0.07", "Teeküche", Kind.KITCHEN, Box(630, 680, 900, 1170)),
    _room("0.08", "WC", Kind.SANITARY, Box(900, 680, 1150, 1170)),
    _room("0.09", "Technik", Kind.TECHNICAL, Box(1150, 680, 1400, 1170)),
    _room("0.10", "Büro", Kind.OFFICE, Box(1400, 680, 1770, 1170)),
)
_ENTRANCE = (True, 30, Opening(500, 660, "wood-door", 2, 1))
WALLS: tuple[Wall, ...] = tuple(build_walls(TILES, [_ENTRANCE]))

LAYER_OF_MATERIAL = {
    "natural-stone-600": "WAND-AUSSEN",
    "brick-240": "WAND-TRAGEND",
    "brick-120": "WAND-TRENN",
    "plasterboard-partition": "WAND-LEICHT",
    "glass-6": "WAND-GLAS",
}
"""Layers of solid walls, thickest first."""


class Spot(NamedTuple):
    """An access point of the office: where, which model, which 2.4 and 5 GHz channel."""

    x_m: float
    y_m: float
    model: str
    channels: tuple[int, int]
    note: str


SPOTS = (
    Spot(3.3, 2.5, "generic-wifi6-omni", (1, 36), "Empfang, über dem Tresen"),
    Spot(3.3, 9.2, "generic-wifi6e-omni", (6, 52), "Besprechung, Deckenmitte"),
    Spot(12.8, 5.8, "generic-wifi6-omni", (11, 100), "Flur vor 0.03"),
)
