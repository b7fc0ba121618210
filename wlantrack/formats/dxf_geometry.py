"""Objects of a drawing as polylines and texts, blocks exploded; runs in the sandbox only.

Decides how much is exploded: everything is counted before anything is. Refuses coordinates that
are no numbers, and names the object. Refuses to know what layers mean.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ezdxf.math import Matrix44, Vec3

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.dxf_shapes import (
    SHAPES,
    CoordinateError,
    require_finite,
)
from wlantrack.formats.limits import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True)
class Polyline:
    """Points of one object in drawing units; an arc has `radius` and `centre`."""

    points: tuple[tuple[float, float], ...]
    layer: str
    is_closed: bool = False
    radius: float | None = None
    centre: tuple[float, float] | None = None


@dataclass(frozen=True)
class Text:
    """A text and where it stands."""

    text: str
    x: float
    y: float
    height: float
    layer: str


@dataclass
class Contents:
    """What objects were found to be; `unused` counts by layer and type."""

    polylines: list[Polyline] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    unused: Counter[tuple[str, str]] = field(default_factory=Counter)


class BlockCounter:
    """Counts what an exploded drawing would hold, without exploding it."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - ezdxf has no types of its own
        self.document = document
        self.counted: dict[str, int] = {}

    def require_few(self, entities: Iterable[Any]) -> None:
        """Refuse a drawing that would explode into too many objects.

        Raises
        ------
        InvalidInput
            If there are too many, a block contains itself, or blocks are nested too deep.
        """
        total = self._count(entities, ())
        limits.require_at_most(total, limits.DXF_ENTITIES, msg("objects when blocks are exploded"))

    def _count(self, entities: Iterable[Any], path: tuple[str, ...]) -> int:
        total = 0
        for entity in entities:
            total += 1
            if entity.dxftype() == "INSERT":
                rows, columns = insert_grid(entity)
                total += rows * columns * (1 + self._count_block(entity.dxf.name, path))
        return total

    def _count_block(self, name: str, path: tuple[str, ...]) -> int:
        if name in path:
            raise refuse(
                msg("The block %(name)s contains itself.", name=name),
                msg("Repair it in the CAD program (purge, audit) and save again."),
            )
        if len(path) >= limits.DXF_BLOCK_DEPTH:
            raise refuse(
                msg("Blocks are nested more than %(limit)s deep.", limit=limits.DXF_BLOCK_DEPTH),
                msg("Explode the outer blocks in the CAD program and save again."),
            )
        if name not in self.counted:
            block = self.document.blocks.get(name)
            self.counted[name] = 0 if block is None else self._count(block, (*path, name))
        return self.counted[name]


def insert_grid(insert: Any) -> tuple[int, int]:  # noqa: ANN401 - see above
    """Tell how many rows and columns an array of blocks really has."""
    rows = int(insert.dxf.row_count) if insert.dxf.row_spacing else 1
    columns = int(insert.dxf.column_count) if insert.dxf.column_spacing else 1
    return max(rows, 1), max(columns, 1)


def insert_matrices(insert: Any) -> Iterator[Matrix44]:  # noqa: ANN401 - see above
    """Give the matrix of each copy in an array of blocks."""
    rows, columns = insert_grid(insert)
    base, ocs = insert.matrix44(), insert.ocs()
    for row in range(rows):
        for column in range(columns):
            step = Vec3(column * insert.dxf.column_spacing, row * insert.dxf.row_spacing)
            turned = step.rotate_deg(insert.dxf.rotation) if insert.dxf.rotation else step
            shift = ocs.to_wcs(turned)
            yield base @ Matrix44.translate(*shift.xyz)


class Exploder:
    """Turns objects into polylines and texts in the coordinates of the drawing.

    Lines on layers that `is_used` denies are only counted.
    """

    def __init__(self, document: Any, is_used: Callable[[str], bool]) -> None:  # noqa: ANN401 - see above
        self.document = document
        self.is_used = is_used

    def explode(
        self,
        entities: Iterable[Any],
        found: Contents,
        matrix: Matrix44 | None = None,
        layer_of_block: str = "0",
    ) -> Contents:
        """Add `entities` to `found`, moved by `matrix`; layer 0 takes the block's own layer."""
        for entity in entities:
            layer = entity.dxf.layer if entity.dxf.layer != "0" else layer_of_block
            kind = entity.dxftype()
            try:
                if kind == "INSERT":
                    self.explode_insert(entity, found, matrix, layer)
                elif kind in {"TEXT", "MTEXT", "ATTRIB"}:
                    found.texts.append(_read_text(entity, matrix, layer))
                elif kind in SHAPES and not self.is_used(layer):
                    found.unused[layer, "lines"] += 1
                elif kind in SHAPES:
                    found.polylines.append(_read_shape(entity, matrix, layer))
                elif kind != "ATTDEF":
                    found.unused[layer, kind] += 1
            except (ValueError, ArithmeticError, IndexError, TypeError, AttributeError) as error:
                if isinstance(error, CoordinateError):
                    raise _refuse_coordinate(entity) from error
                found.unused[layer, kind] += 1
        return found

    def explode_insert(
        self,
        insert: Any,  # noqa: ANN401 - see above
        found: Contents,
        matrix: Matrix44 | None,
        layer: str,
    ) -> None:
        """Add every copy of a block, and the attributes attached to it."""
        block = self.document.blocks.get(insert.dxf.name)
        require_finite(insert.dxf.insert.xyz, (insert.dxf.rotation,))
        self.explode(insert.attribs, found, matrix, layer)
        if block is None or block.block.is_xref:
            found.unused[layer, "XREF"] += 1
            return
        for copy in insert_matrices(insert):
            require_finite(tuple(copy))
            self.explode(block, found, copy @ matrix if matrix else copy, layer)


def _refuse_coordinate(entity: Any) -> InvalidInput:  # noqa: ANN401 - see above
    return InvalidInput(
        Problem(
            msg(
                "The %(type)s %(handle)s on layer %(layer)s has a coordinate that is no number or"
                " far outside the drawing.",
                type=entity.dxftype(),
                handle=entity.dxf.handle,
                layer=entity.dxf.layer,
            ),
            msg("Delete it in the CAD program and save again."),
            field=entity.dxf.layer,
        )
    )


def _read_shape(entity: Any, matrix: Matrix44 | None, layer: str) -> Polyline:  # noqa: ANN401 - see above
    points, is_closed = SHAPES[entity.dxftype()](entity)
    if matrix is not None:
        points = list(matrix.transform_vertices(points))
    flat = tuple((point.x, point.y) for point in points)
    require_finite(*flat)
    if entity.dxftype() != "ARC":
        return Polyline(flat, layer, is_closed)
    scale = matrix.transform_direction(Vec3(1, 0)).magnitude if matrix else 1.0
    centre = entity.ocs().to_wcs(entity.dxf.center)
    if matrix is not None:
        centre = matrix.transform(centre)
    return Polyline(flat, layer, is_closed, float(entity.dxf.radius * scale), (centre.x, centre.y))


def _read_text(entity: Any, matrix: Matrix44 | None, layer: str) -> Text:  # noqa: ANN401 - see above
    if entity.dxftype() == "MTEXT":
        point, height = entity.dxf.insert, entity.dxf.char_height
    else:
        aligned = entity.dxf.get("align_point") if entity.dxf.halign or entity.dxf.valign else None
        point = entity.ocs().to_wcs(Vec3(aligned or entity.dxf.insert))
        height = entity.dxf.height
    if matrix is not None:
        point = matrix.transform(point)
        height *= matrix.transform_direction(Vec3(0, 1)).magnitude
    require_finite((point.x, point.y, height))
    # Bytes that fit no encoding come as surrogates, which no later writer could store.
    text = entity.plain_text().encode("utf-8", "replace").decode()
    return Text(" ".join(text.split()), point.x, point.y, float(height), layer)
