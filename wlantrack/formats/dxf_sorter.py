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
from wlantrack.formats.dxf_layers import IGNORE, LayerUse, Role, recognise_role, use_layer
from wlantrack.formats.dxf_rooms import build_rooms
from wlantrack.formats.dxf_units import choose_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

_LINES: Final = frozenset({Role.WALL, Role.WINDOW, Role.SANITARY, Role.COLUMN})
_OPENINGS: Final = frozenset({Role.DOOR, Role.WINDOW})
_DEFAULT_OPENING: Final = {Role.DOOR: "wood-door", Role.WINDOW: "glass-low-e"}
WARNED_LAYERS: Final = 20


class DrawingSorter:
    """Sorts the objects of a drawing by the use of their layers, in drawing units."""

    def __init__(self, document: Any, mapping: Mapping[str, str]) -> None:  # noqa: ANN401 - ezdxf
        self.document = document
        self.mapping = mapping
        self.exploder = Exploder(document)
        self.found = Contents()
        self.openings: list[DxfOpening] = []
        self.uses: dict[str, LayerUse] = {}

    def use(self, layer: str) -> LayerUse:
        """Give the use of a layer."""
        if layer not in self.uses:
            self.uses[layer] = use_layer(layer, self.mapping)
        return self.uses[layer]

    def is_visible(self, layer: str) -> bool:
        """Tell whether a layer is on and thawed; one that is not declared is."""
        table = self.document.layers
        entry = table.get(layer) if layer in table else None
        return entry is None or (entry.is_on() and not entry.is_frozen())

    def sort(self, entities: Any) -> None:  # noqa: ANN401 - ezdxf's modelspace
        """Separate doors and windows drawn as blocks from everything else."""
        plain = []
        for entity in entities:
            role = self._opening_role(entity)
            if role is None:
                plain.append(entity)
            else:
                self._add_opening_block(entity, role)
        self.exploder.explode(plain, self.found)
        for line in self.found.polylines:
            if line.centre and self.use(line.layer).role is Role.DOOR:
                # A swing that belongs to no block: hinge and latch span the opening.
                corners = [line.centre, *line.points.tolist()]
                self._add_opening(Role.DOOR, line.layer, None, corners, line.radius)

    def _opening_role(self, entity: Any) -> Role | None:  # noqa: ANN401 - ezdxf
        if entity.dxftype() != "INSERT":
            return None
        layer = entity.dxf.layer
        if self.use(layer).is_chosen and self.use(layer).role is Role.NONE:
            return None
        # The block's name is asked only where the layer says nothing, as layer 0 does.
        role = self.use(layer).role
        if role in {Role.NONE, Role.WALL}:
            role = recognise_role(entity.dxf.name)
        return role if role in _OPENINGS else None

    def _add_opening_block(self, insert: Any, role: Role) -> None:  # noqa: ANN401 - ezdxf
        drawn = Contents()
        self.exploder.explode([insert], drawn)
        self.found.texts += drawn.texts
        if not drawn.polylines:
            self.found.unused[insert.dxf.layer, "INSERT"] += 1
            return
        points = np.concatenate([line.points for line in drawn.polylines])
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
        use = self.use(layer)
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
        return DxfPlan(
            unit=chosen.name,
            is_unit_stated=chosen.is_stated,
            metres_per_unit=scale,
            extent_m=(extent[0] * scale, extent[1] * scale, extent[2] * scale, extent[3] * scale),
            layers=self._layers(used, scale),
            openings=tuple(_scale_opening(opening, scale) for opening in self.openings),
            rooms=rooms,
            labels=labels,
            warnings=tuple(warnings),
        )

    def _is_line(self, line: Polyline) -> bool:
        use = self.use(line.layer)
        return use.role in _LINES and (use.is_chosen or self.is_visible(line.layer))

    def _is_room(self, line: Polyline) -> bool:
        return self.use(line.layer).role is Role.ROOM

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
                role=self.use(name).role,
                material=self.use(name).material,
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
            role = self.use(line.layer).role
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
            if self.mapping.get(layer) != IGNORE
        ]
        if len(unused) > WARNED_LAYERS:
            more = len(unused) - WARNED_LAYERS
            warnings.append(msg("%(count)s more layers were not used.", count=more))
        return warnings


def _segments(line: Polyline, scale: float) -> list[tuple[float, float, float, float]]:
    points = (line.points * scale).tolist()
    if line.is_closed and len(points) > 2:
        points.append(points[0])
    return [(*a, *b) for a, b in pairwise(points) if a != b]


def _extent(lines: list[Polyline]) -> tuple[float, float, float, float]:
    if not any(len(line.points) for line in lines):
        return 0.0, 0.0, 0.0, 0.0
    points = np.concatenate([line.points for line in lines])
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


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
