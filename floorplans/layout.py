"""Tiles, the edges between them, and what stands on an edge.

A floor is a set of rectangular tiles (rooms, corridors, shafts) that touch one another. This file
decides which material stands between two tiles. Because every wall is the common edge of exactly
two tiles, no wall is there twice and all centre lines meet in corners. It refuses to know which
rooms a town hall has and how a plan looks. Lengths are whole centimetres, so that edges can be
compared without tolerance.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

THICKNESS_CM = {
    "natural-stone-600": 60,
    "brick-365": 36,
    "brick-240": 24,
    "brick-120": 12,
    "concrete-200": 20,
    "concrete-150": 15,
    "concrete-100": 10,
    "plasterboard-partition": 10,
    "glass-6": 10,
    "glass-low-e": 10,
    "wood-door": 6,
    "steel-door": 8,
    "chipboard-19": 4,
}
"""Drawn thickness of each material; glass and doors include their frame."""


class Kind(StrEnum):
    """What a tile is for; it governs walls, doors and windows."""

    OFFICE = "office"
    MEETING = "meeting"
    COUNCIL = "council"
    PUBLIC = "public"
    FOYER = "foyer"
    CORRIDOR = "corridor"
    STAIRS = "stairs"
    LIFT = "lift"
    SHAFT = "shaft"
    SANITARY = "sanitary"
    TECHNICAL = "technical"
    STORAGE = "storage"
    KITCHEN = "kitchen"
    VOID = "void"


CIRCULATION = frozenset({Kind.CORRIDOR, Kind.FOYER})
_CORE_WALLS = (
    (Kind.STAIRS, "concrete-200"),
    (Kind.LIFT, "concrete-150"),
    (Kind.SHAFT, "concrete-100"),
)
_SOLID_PARTITION_WINGS = frozenset({"HS", "EI"})


class Box(NamedTuple):
    """An axis-parallel rectangle in centimetres."""

    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True)
class Tile:
    """One rectangle of a floor; tiles with the same number form one room."""

    number: str
    name: str
    kind: Kind
    wing: str
    box: Box
    seats: int | None = None
    is_public: bool = False
    is_secure: bool = False
    conference: str = "none"
    is_glazed: bool = False


class Edge(NamedTuple):
    """The common edge of two tiles; ``before`` lies left of it or below it."""

    is_vertical: bool
    line: int
    start: int
    end: int
    before: Tile | None
    after: Tile | None

    @property
    def length(self) -> int:
        """Give the length in centimetres."""
        return self.end - self.start

    @property
    def is_outside(self) -> bool:
        """Say whether one side is open air."""
        return self.before is None or self.after is None

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """Give the tiles on its sides."""
        return tuple(tile for tile in (self.before, self.after) if tile is not None)


class Opening(NamedTuple):
    """A piece of an edge that is a door, a window or a glazed screen.

    ``swing`` is +1 when leaves open towards larger coordinates, -1 the other way, 0 without leaf.
    """

    start: int
    end: int
    material: str
    leaves: int = 0
    swing: int = 0
    is_hinged_at_end: bool = False


@dataclass(frozen=True)
class Wall:
    """A straight piece of wall along its centre line; ``opening`` says what fills a gap in it."""

    is_vertical: bool
    line: int
    start: int
    end: int
    material: str
    host_cm: int
    opening: Opening | None = None
    top_cm: int | None = None

    @property
    def ends(self) -> Box:
        """Give the centre line as x1, y1, x2, y2."""
        if self.is_vertical:
            return Box(self.line, self.start, self.line, self.end)
        return Box(self.start, self.line, self.end, self.line)

    def body(self, extension_cm: float = 0.0) -> tuple[float, float, float, float]:
        """Give the rectangle that the wall fills, prolonged at both ends."""
        half = self.host_cm / 2
        low, high = self.start - extension_cm, self.end + extension_cm
        if self.is_vertical:
            return self.line - half, low, self.line + half, high
        return low, self.line - half, high, self.line + half


def list_edges(tiles: Sequence[Tile]) -> list[Edge]:
    """Give every common edge of two tiles, and of a tile and the open air, each once."""
    sides: dict[tuple[bool, int], list[tuple[int, int, Tile, bool]]] = defaultdict(list)
    for tile in tiles:
        box = tile.box
        for is_vertical, line, is_before, low, high in (
            (True, box.x1, True, box.y0, box.y1),
            (True, box.x0, False, box.y0, box.y1),
            (False, box.y1, True, box.x0, box.x1),
            (False, box.y0, False, box.x0, box.x1),
        ):
            sides[is_vertical, line].append((low, high, tile, is_before))
    return [
        edge
        for (is_vertical, line), parts in sorted(sides.items(), key=lambda item: item[0])
        for edge in _split_line(is_vertical, line, parts)
    ]


def _split_line(
    is_vertical: bool,  # noqa: FBT001 (with the line it is one key)
    line: int,
    parts: list[tuple[int, int, Tile, bool]],
) -> list[Edge]:
    cuts = sorted({cut for low, high, *_ in parts for cut in (low, high)})
    edges: list[Edge] = []
    for start, end in pairwise(cuts):
        covering = [(tile, before) for low, high, tile, before in parts if low <= start < high]
        before = next((tile for tile, is_before in covering if is_before), None)
        after = next((tile for tile, is_before in covering if not is_before), None)
        if not covering:
            continue
        last = edges[-1] if edges else None
        if last and last.end == start and (last.before, last.after) == (before, after):
            edges[-1] = last._replace(end=end)
        else:
            edges.append(Edge(is_vertical, line, start, end, before, after))
    return edges


def choose_material(edge: Edge) -> str | None:
    """Give the material that stands on an edge, or nothing where space flows through."""
    if edge.is_outside:
        return "natural-stone-600"
    first, second = edge.tiles
    kinds = {first.kind, second.kind}
    for kind, material in _CORE_WALLS:
        if kind in kinds:
            return material
    if kinds <= CIRCULATION:
        return None if first.wing == second.wing else "glass-6"
    if first.wing != second.wing:
        return "brick-365"
    return _choose_inner(first, second)


def _choose_inner(first: Tile, second: Tile) -> str:
    kinds = {first.kind, second.kind}
    if kinds & CIRCULATION:
        is_glazed = first.is_glazed or second.is_glazed
        return "glass-6" if is_glazed else "brick-240"
    if kinds & {Kind.TECHNICAL, Kind.VOID}:
        return "brick-240"
    if kinds == {Kind.OFFICE} and first.wing not in _SOLID_PARTITION_WINGS:
        return "plasterboard-partition"
    return "brick-120"
