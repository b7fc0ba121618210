"""Where the town hall's four wings lie, and how their rooms share them out.

Decides outlines, corridors, entrances, storey heights and room numbers. Refuses to know which
rooms there are: :mod:`floorplans.program` lists them.

A wing is two strips of rooms with a corridor between them. The outer strip looks onto the street,
the inner one onto the courtyard. Lengths in centimetres, in the building's frame.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from floorplans.layout import Box, Kind, Opening, Tile
from floorplans.program import PROGRAM, Room, WingProgram

if TYPE_CHECKING:
    from collections.abc import Iterator

LEVELS = range(5)
FLOOR_NAMES = ("Erdgeschoss", "1. OG", "2. OG", "3. OG", "4. OG")
HEIGHTS_M = (4.5, 4.2, 4.2, 4.2, 3.6)

WIDTH_CM, DEPTH_CM = 9000, 7000
COURTYARD = Box(1600, 1800, 7400, 5400)
ATRIUM = Box(4080, 1300, 4920, 1710)
"""The opening above the ground floor's stair hall."""

WING_NAMES = {
    "MP": "Marktplatzflügel",
    "HS": "Hirschstraßenflügel",
    "EI": "Eichstraßenflügel",
    "MS": "Münzstraßenflügel",
}
WING_OUTLINES_CM = {
    "MP": (
        *((0, 0), (9000, 0), (9000, 1770), (7400, 1770)),
        *((7400, 1800), (1600, 1800), (1600, 1770), (0, 1770)),
    ),
    "HS": ((0, 1770), (1600, 1770), (1600, 5430), (0, 5430)),
    "EI": (
        *((0, 5430), (1600, 5430), (1600, 5400), (7400, 5400)),
        *((7400, 5430), (9000, 5430), (9000, 7000), (0, 7000)),
    ),
    "MS": ((7400, 1770), (9000, 1770), (9000, 5430), (7400, 5430)),
}
_FIRST_NUMBER = {"MP": 1, "HS": 30, "EI": 50, "MS": 80}


class Strip(NamedTuple):
    """Where a row of rooms lies: its box, whether it runs upwards, and its corridor's side."""

    box: Box
    is_vertical: bool
    is_corridor_high: bool


STRIPS = {
    "MP": (
        Strip(Box(30, 30, 8970, 870), is_vertical=False, is_corridor_high=True),
        Strip(Box(30, 1150, 650, 1770), is_vertical=False, is_corridor_high=False),
        Strip(Box(910, 1150, 8090, 1770), is_vertical=False, is_corridor_high=False),
        Strip(Box(8350, 1150, 8970, 1770), is_vertical=False, is_corridor_high=False),
    ),
    "HS": (
        Strip(Box(30, 1770, 650, 5430), is_vertical=True, is_corridor_high=True),
        Strip(Box(910, 1770, 1570, 5430), is_vertical=True, is_corridor_high=False),
    ),
    "EI": (
        Strip(Box(30, 6350, 8970, 6970), is_vertical=False, is_corridor_high=False),
        Strip(Box(30, 5430, 650, 6090), is_vertical=False, is_corridor_high=True),
        Strip(Box(910, 5430, 8090, 6090), is_vertical=False, is_corridor_high=True),
        Strip(Box(8350, 5430, 8970, 6090), is_vertical=False, is_corridor_high=True),
    ),
    "MS": (
        Strip(Box(8350, 1770, 8970, 5430), is_vertical=True, is_corridor_high=False),
        Strip(Box(7430, 1770, 8090, 5430), is_vertical=True, is_corridor_high=True),
    ),
}
CORRIDORS = {
    "MP": (Box(30, 870, 8970, 1150), Box(650, 1150, 910, 1770), Box(8090, 1150, 8350, 1770)),
    "HS": (Box(650, 1770, 910, 5430),),
    "EI": (Box(30, 6090, 8970, 6350), Box(650, 5430, 910, 6090), Box(8090, 5430, 8350, 6090)),
    "MS": (Box(8090, 1770, 8350, 5430),),
}


ENTRANCES = (
    *(
        (False, 30, Opening(start, start + 200, "glass-low-e", 2, 1))
        for start in (3900, 4400, 4900)
    ),
    (False, 1770, Opening(4400, 4600, "glass-low-e", 2, 1)),
    (True, 30, Opening(930, 1090, "wood-door", 2, 1)),
    (True, 8970, Opening(930, 1090, "wood-door", 2, -1)),
    (True, 30, Opening(6140, 6300, "steel-door", 2, 1)),
    (True, 8970, Opening(6140, 6300, "steel-door", 2, -1)),
)
"""Outer doors of the ground floor."""

LOW_SCREENS_CM = tuple((x, 150, y, y + 400) for y in (1880, 2300, 3030, 3450) for x in (230, 430))
"""Desk screens of the Bürgerbüro on the ground floor: x, height, and from-to along y."""

_PREFIXES = {
    Kind.STAIRS: "TR",
    Kind.LIFT: "AZ",
    Kind.SHAFT: "SCH",
    Kind.SANITARY: "WC",
    Kind.CORRIDOR: "FL",
    Kind.VOID: "LR",
}


@dataclass
class Numbering:
    """Counts rooms of one floor: offices 301, 302 ..., everything else EV3.1, WC3.1 ..."""

    level: int
    _seen: Counter[str] = field(default_factory=Counter)

    def next_number(self, room: Room, wing: str) -> str:
        """Give the next free number for a room of a wing."""
        prefix = "EV" if room.name == "Verteiler" else _PREFIXES.get(room.kind)
        if prefix is None:
            self._seen[wing] += 1
            return f"{self.level}{_FIRST_NUMBER[wing] + self._seen[wing] - 1:02d}"
        self._seen[prefix] += 1
        return f"{prefix}{self.level}.{self._seen[prefix]}"


def list_tiles(level: int) -> list[Tile]:
    """Give all tiles of a floor."""
    numbering = Numbering(level)
    return [
        tile
        for wing, program in PROGRAM[level].items()
        for tile in (*_corridors(wing, program, numbering), *_rooms(wing, program, numbering))
    ]


def _corridors(wing: str, program: WingProgram, numbering: Numbering) -> Iterator[Tile]:
    corridor = Room(Kind.CORRIDOR, "Flur", is_public=program.is_public)
    number = numbering.next_number(corridor, wing)
    for box in CORRIDORS[wing]:
        yield _tile(corridor, number, wing, box)


def _rooms(wing: str, program: WingProgram, numbering: Numbering) -> Iterator[Tile]:
    for strip, rooms in zip(STRIPS[wing], program.rows, strict=True):
        for room, box, rest in _share_out(strip, rooms):
            yield _tile(room, numbering.next_number(room, wing), wing, box)
            if rest is not None:
                shaft = Room(Kind.SHAFT, "Schacht", is_secure=True)
                yield _tile(shaft, numbering.next_number(shaft, wing), wing, rest)


def _tile(room: Room, number: str, wing: str, box: Box) -> Tile:
    return Tile(
        number=number,
        name=room.name,
        kind=room.kind,
        wing=wing,
        box=box,
        seats=room.seats,
        is_public=room.is_public,
        is_secure=room.is_secure,
        conference=room.conference,
        is_glazed=room.is_glazed,
    )


def _share_out(strip: Strip, rooms: tuple[Room, ...]) -> Iterator[tuple[Room, Box, Box | None]]:
    box = strip.box
    start, end = (box.y0, box.y1) if strip.is_vertical else (box.x0, box.x1)
    left = end - start - sum(room.width or 0 for room in rooms)
    flexible = sum(room.width is None for room in rooms)
    at = start
    for room in rooms:
        width = room.width
        if width is None:
            width, flexible = left // flexible, flexible - 1
            left -= width
        yield room, *_cut_out(strip, at, at + width, room.depth)
        at += width
    if at != end:
        raise ValueError(f"The rooms of {strip} end at {at}, not at {end}: {rooms}")


def _cut_out(strip: Strip, start: int, end: int, depth: int | None) -> tuple[Box, Box | None]:
    """Give a room's box, and the shaft behind it when it is not as deep as the strip."""
    whole = strip.box
    box = (
        whole._replace(y0=start, y1=end) if strip.is_vertical else whole._replace(x0=start, x1=end)
    )
    if depth is None:
        return box, None
    if strip.is_vertical:
        raise ValueError("Only rows that run along x have lifts.")
    if strip.is_corridor_high:
        return box._replace(y0=box.y1 - depth), box._replace(y1=box.y1 - depth)
    return box._replace(y1=box.y0 + depth), box._replace(y0=box.y0 + depth)
