"""The objects of a drawing by the use of their layers; runs in the sandbox only.

Decides what on which layer counts. Walls on layers that are switched off are left out unless the
user names the layer; rooms and labels are read from such layers, too.
"""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from wlantrack.errors import Message, msg
from wlantrack.formats.dxf import DxfLabel, DxfLayer, DxfOpening, DxfPlan
from wlantrack.formats.dxf_geometry import Contents, Exploder, Polyline
from wlantrack.formats.dxf_layers import LayerBook, Role, recognise_role
from wlantrack.formats.dxf_rooms import build_rooms
from wlantrack.formats.dxf_units import choose_unit
from wlantrack.formats.dxf_walls import build_walls

if TYPE_CHECKING:
    from collections.abc import Callable

_LINES: Final = frozenset({Role.WALL, Role.WINDOW, Role.SANITARY, Role.COLUMN})
_OPENINGS: Final = frozenset({Role.DOOR, Role.WINDOW})
_DEFAULT_OPENING: Final = {Role.DOOR: "wood-door", Role.WINDOW: "glass-low-e"}
WARNED_LAYERS: Final = 20


class DrawingSorter:
    """Sorts the objects of a drawing by the use of their layers, in drawing units."""

    def __init__(
        self,
        document: Any,  # noqa: ANN401 - ezdxf has no types of its own
        layers: LayerBook,
        dropped: Counter[tuple[str, str]],
    ) -> None:
        self.document = document
        self.layers = layers
        self.found = Contents(unused=dropped)
        self.openings: list[DxfOpening] = []

    def is_visible(self, layer: str) -> bool:
        """Tell whether a layer is on and thawed; one that is not declared is."""
        table = self.document.layers
        entry = table.get(layer) if layer in table else None
        return entry is None or (entry.is_on() and not entry.is_frozen())

    def sort(self, entities: Any, is_used: Callable[[str], bool]) -> None:  # noqa: ANN401 - ezdxf
        """Separate doors and windows drawn as blocks from everything else."""
        plain = []
        for entity in entities:
            role = self._opening_role(entity)
            if role is None:
                plain.append(entity)
            else:
                self._add_opening_block(entity, role)
        Exploder(self.document, is_used).explode(plain, self.found)
        for line in self.found.polylines:
            if line.centre and self.layers.use(line.layer).role is Role.DOOR:
                # A swing that belongs to no block: hinge and latch span the opening.
                corners = [line.centre, *line.points]
                self._add_opening(Role.DOOR, line.layer, None, corners, line.radius)

    def _opening_role(self, entity: Any) -> Role | None:  # noqa: ANN401 - ezdxf
        if entity.dxftype() != "INSERT":
            return None
        layer = entity.dxf.layer
        if self.layers.use(layer).is_chosen and self.layers.use(layer).role is Role.NONE:
            return None
        # The block's name is asked only where the layer says nothing, as layer 0 does.
        role = self.layers.use(layer).role
        if role in {Role.NONE, Role.WALL}:
            role = recognise_role(entity.dxf.name)
        return role if role in _OPENINGS else None

    def _add_opening_block(self, insert: Any, role: Role) -> None:  # noqa: ANN401 - ezdxf
        drawn = Contents()
        Exploder(self.document, lambda _layer: True).explode([insert], drawn)
        self.found.texts += drawn.texts
        if not drawn.polylines:
            self.found.unused[insert.dxf.layer, "INSERT"] += 1
            return
        points = np.array([point for line in drawn.polylines for point in line.points])
        radii = [line.radius for line in drawn.polylines if line.radius]
        angle = math.radians(insert.dxf.rotation)
        corners = _turned_box(points, angle)
        width = sum(radii) if role is Role.DOOR and 1 <= len(radii) <= 2 else None
        if role is Role.WINDOW:
            width = max(math.dist(corners[0], corners[1]), math.dist(corners[1], corners[2]))
        self._add_opening(role, insert.dxf.layer, insert.dxf.name, corners, width)

    def _add_opening(
        self,
        role: Role,
        layer: str,
        block: str | None,
        points: Any,  # noqa: ANN401 - array or corners
        width: float | None,
    ) -> None:
        corners = tuple((float(x), float(y)) for x, y in points)
        x, y = (sum(values) / len(corners) for values in zip(*corners, strict=True))
        use = self.layers.use(layer)
        material = use.material if use.role is role and use.material else _DEFAULT_OPENING[role]
        self.openings.append(DxfOpening(role, layer, block, material, x, y, width, corners))

    def build(self, unit: str | None, header: Any, warnings: list[Message]) -> DxfPlan:  # noqa: ANN401 - ezdxf
        """Turn everything into metres."""
        radii = [o.width_m for o in self.openings if o.role is Role.DOOR and o.width_m]
        used = [line for line in self.found.polylines if self._is_line(line)]
        extent = _extent(used or self.found.polylines)
        chosen = choose_unit(unit, header, extent, radii)
        scale = chosen.metres
        labels = tuple(
            DxfLabel(t.text, t.x * scale, t.y * scale, t.height * scale, t.layer)
            for t in self.found.texts
            if t.text
        )
        rooms, room_warnings = build_rooms(
            [line for line in self.found.polylines if self._is_room(line)], labels, scale
        )
        warnings = [*warnings, *chosen.warnings, *room_warnings, *self._unused_warnings()]
        layers = self._layers(used, scale)
        openings = tuple(_scale_opening(opening, scale) for opening in self.openings)
        walls = build_walls(layers, openings)
        if not walls.walls:
            names = ", ".join(layer.name for layer in layers)
            warnings.append(
                msg("No walls were recognised; name their layer: %(layers)s.", layers=names)
            )
        if walls.unplaced:
            warnings.append(msg("%(count)s doors or windows lie in no wall.", count=walls.unplaced))
        return DxfPlan(
            unit=chosen.name,
            is_unit_stated=chosen.is_stated,
            metres_per_unit=scale,
            extent_m=(extent[0] * scale, extent[1] * scale, extent[2] * scale, extent[3] * scale),
            layers=layers,
            openings=openings,
            rooms=rooms,
            labels=labels,
            walls=walls,
            warnings=tuple(warnings),
        )

    def _is_line(self, line: Polyline) -> bool:
        use = self.layers.use(line.layer)
        return use.role in _LINES and (use.is_chosen or self.is_visible(line.layer))

    def _is_room(self, line: Polyline) -> bool:
        return self.layers.use(line.layer).role is Role.ROOM

    def _layers(self, used: list[Polyline], scale: float) -> tuple[DxfLayer, ...]:
        segments: dict[str, list[tuple[float, float, float, float]]] = {}
        for line in used:
            segments.setdefault(line.layer, []).extend(_segments(line, scale))
        openings = Counter(opening.layer for opening in self.openings)
        texts = Counter(text.layer for text in self.found.texts)
        unused = self._unused()
        drawn = {line.layer for line in self.found.polylines}
        return tuple(
            DxfLayer(
                name=name,
                role=self.layers.use(name).role,
                material=self.layers.use(name).material,
                is_visible=self.is_visible(name),
                segments=tuple(segments.get(name, ())),
                openings=openings[name],
                texts=texts[name],
                unused=sum(unused.get(name, Counter()).values()),
            )
            for name in sorted(drawn | set(openings) | set(texts) | set(unused))
        )

    def _unused(self) -> dict[str, Counter[str]]:
        unused: dict[str, Counter[str]] = {}
        for (layer, kind), count in self.found.unused.items():
            unused.setdefault(layer, Counter())[kind] += count
        for line in self.found.polylines:
            role = self.layers.use(line.layer).role
            is_swing = role is Role.DOOR and line.radius
            is_outline = role is Role.ROOM and line.is_closed
            if not (self._is_line(line) or is_swing or is_outline):
                unused.setdefault(line.layer, Counter())["lines"] += 1
        return unused

    def _unused_warnings(self) -> list[Message]:
        unused = self._unused()
        warnings = [
            msg(
                "Layer %(layer)s: %(count)s objects were not used (%(types)s).",
                layer=layer,
                count=sum(kinds.values()),
                types=", ".join(f"{count} {kind}" for kind, count in kinds.most_common(5)),
            )
            for layer, kinds in sorted(unused.items())[:WARNED_LAYERS]
            if not self.layers.is_left_out(layer)
        ]
        if len(unused) > WARNED_LAYERS:
            more = len(unused) - WARNED_LAYERS
            warnings.append(msg("%(count)s more layers were not used.", count=more))
        return warnings


def _segments(line: Polyline, scale: float) -> list[tuple[float, float, float, float]]:
    points = [(x * scale, y * scale) for x, y in line.points]
    if line.is_closed and len(points) > 2:
        points.append(points[0])
    return [(*a, *b) for a, b in pairwise(points) if a != b]


def _extent(lines: list[Polyline]) -> tuple[float, float, float, float]:
    points = [point for line in lines for point in line.points]
    if not points:
        return 0.0, 0.0, 0.0, 0.0
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _turned_box(points: Any, angle: float) -> list[tuple[float, float]]:  # noqa: ANN401 - array
    """Give the corners of the box around points, its sides along the block's own axes."""
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    local = points @ turn
    (x1, y1), (x2, y2) = local.min(axis=0), local.max(axis=0)
    corners = np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)]) @ turn.T
    return [(float(x), float(y)) for x, y in corners]


def _scale_opening(opening: DxfOpening, scale: float) -> DxfOpening:
    return DxfOpening(
        opening.role,
        opening.layer,
        opening.block,
        opening.material,
        opening.x_m * scale,
        opening.y_m * scale,
        None if opening.width_m is None else opening.width_m * scale,
        tuple((x * scale, y * scale) for x, y in opening.corners),
    )
