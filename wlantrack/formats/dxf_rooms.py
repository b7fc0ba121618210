"""Rooms out of closed outlines, named by the texts that lie inside; runs in the sandbox only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import shapely

from wlantrack.errors import Message, msg
from wlantrack.formats.dxf import DxfLabel, DxfRoom

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.formats.dxf_geometry import Polyline

LEAST_AREA_M2: Final = 0.5
_AREA: Final = re.compile(r"[\w .:=~]*?\d[\d.,]*\s*(?:m²|m2|qm|m\^2)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"(?<![\w.])[A-Za-z]{0,3}[-.]?\d[\w.\-/]*(?![\w.])")


def build_rooms(
    outlines: Sequence[Polyline], labels: Sequence[DxfLabel], scale: float
) -> tuple[tuple[DxfRoom, ...], list[Message]]:
    """Make rooms of closed outlines (in drawing units) and give each the labels inside.

    A label inside several outlines goes to the smallest. Doubled outlines count once.
    """
    polygons = [_polygon(outline, scale) for outline in outlines if outline.is_closed]
    pairs = [
        (polygon, outline.layer)
        for polygon, outline in zip(polygons, (o for o in outlines if o.is_closed), strict=True)
        if polygon is not None
    ]
    pairs.sort(key=lambda pair: pair[0].area)
    unique = {shapely.normalize(p).wkb: (p, layer) for p, layer in pairs}
    kept = list(unique.values())  # from small to large
    inside: list[list[DxfLabel]] = [[] for _ in kept]
    tree = shapely.STRtree([polygon for polygon, _ in kept])
    for label in labels:
        found = tree.query(shapely.Point(label.x_m, label.y_m), predicate="intersects")
        if len(found):
            inside[int(found.min())].append(label)  # sorted by area: the smallest comes first
    found_rooms = [
        _room(polygon, layer, texts) for (polygon, layer), texts in zip(kept, inside, strict=True)
    ]
    rooms = tuple(sorted(found_rooms, key=lambda room: (room.number or "~", room.name or "~")))
    return rooms, _warnings(rooms, dropped=len(outlines) - len(pairs))


def _polygon(outline: Polyline, scale: float) -> shapely.Polygon | None:
    if len(outline.points) < 3:
        return None
    polygon = shapely.Polygon([(x * scale, y * scale) for x, y in outline.points])
    if not polygon.is_valid:  # an outline that crosses itself: its largest part counts
        parts = [
            part
            for part in shapely.get_parts(shapely.make_valid(polygon))
            if part.geom_type == "Polygon"
        ]
        polygon = max(parts, key=lambda part: part.area, default=shapely.Polygon())
    return polygon if polygon.area >= LEAST_AREA_M2 else None


def _room(polygon: shapely.Polygon, layer: str, labels: list[DxfLabel]) -> DxfRoom:
    # The largest text first, then from top to bottom, as people read a room stamp.
    ordered = sorted(labels, key=lambda label: (-round(label.height_m, 3), -label.y_m))
    texts = tuple(dict.fromkeys(label.text for label in ordered))
    names = [text for text in texts if not _AREA.fullmatch(text)]
    numbers = [match for text in names if (match := _NUMBER.search(text))]
    number = numbers[0][0] if numbers else None
    words = [text for text in names if text != number]
    ring = [(float(x), float(y)) for x, y in polygon.exterior.coords[:-1]]
    return DxfRoom(
        points=tuple(ring),
        area_m2=float(polygon.area),
        number=number,
        name=words[0] if words else None,
        labels=texts,
        layer=layer,
    )


def _warnings(rooms: tuple[DxfRoom, ...], dropped: int) -> list[Message]:
    warnings = []
    nameless = sum(not room.labels for room in rooms)
    if nameless:
        warnings.append(msg("%(count)s rooms have no label.", count=nameless))
    if dropped:
        warnings.append(
            msg("%(count)s outlines are open or too small and are no rooms.", count=dropped)
        )
    return warnings
