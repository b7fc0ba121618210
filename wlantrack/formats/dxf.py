"""Walls, doors and rooms out of a DXF drawing.

Decides what is reported of a drawing. Refuses to know floors and the catalogue of materials: it
names material codes, and the caller maps them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.formats import limits
from wlantrack.formats.dxf_layers import Role  # noqa: TC001 - as below
from wlantrack.formats.limits import refuse
from wlantrack.formats.sandbox import run_in_sandbox
from wlantrack.formats.sniff import Content, sniff_content
from wlantrack.geometry.plan_walls import PlanWall  # noqa: TC001 - the sandbox reads by annotation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.errors import InvalidInput

UNITS: Final = ("mm", "cm", "dm", "m", "in", "ft")
_READER: Final = "wlantrack.formats.dxf_reader:read_drawing"
_CONVERT: Final = msg(
    "Save it as DXF (text, version 2000 or later) in the CAD program, or convert it with a"
    " DWG-to-DXF converter, and upload that."
)


@dataclass(frozen=True)
class DxfLayer:
    """A layer of the drawing, and how it was understood.

    Attributes
    ----------
    material
        Code of the material chosen or suggested; ``None`` for a wall: by thickness.
    segments
        Straight pieces on it that are used, as x1, y1, x2, y2 in metres.
    openings, texts
        Doors and windows, and labels found on it.
    unused
        Objects that were not used.
    """

    name: str
    role: Role
    material: str | None
    is_visible: bool
    segments: tuple[tuple[float, float, float, float], ...]
    openings: int
    texts: int
    unused: int


@dataclass(frozen=True)
class DxfOpening:
    """A door or window: where it is drawn, its footprint and clear width if known, in metres."""

    role: Role
    layer: str
    block: str | None
    material: str
    x_m: float
    y_m: float
    width_m: float | None
    corners: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class DxfLabel:
    """A text of the drawing."""

    text: str
    x_m: float
    y_m: float
    height_m: float
    layer: str


@dataclass(frozen=True)
class DxfRoom:
    """A closed outline on a room layer with the labels inside; `points` do not repeat the first."""

    points: tuple[tuple[float, float], ...]
    area_m2: float
    number: str | None
    name: str | None
    labels: tuple[str, ...]
    layer: str


@dataclass(frozen=True)
class DxfWalls:
    """Centre lines, each with a material code.

    Attributes
    ----------
    walls
        Walls with gaps at their openings.
    openings
        The doors and windows that fill these gaps; a caller who wants gaps leaves them out.
    unplaced
        How many doors and windows found no wall.
    """

    walls: tuple[PlanWall, ...]
    openings: tuple[PlanWall, ...]
    unplaced: int


@dataclass(frozen=True)
class DxfPlan:
    """What was understood of a drawing; lengths in metres, axes as drawn (y up)."""

    unit: str
    is_unit_stated: bool
    metres_per_unit: float
    extent_m: tuple[float, float, float, float]
    layers: tuple[DxfLayer, ...]
    openings: tuple[DxfOpening, ...]
    rooms: tuple[DxfRoom, ...]
    labels: tuple[DxfLabel, ...]
    walls: DxfWalls
    warnings: tuple[Message, ...]


def read_dxf(
    data: bytes,
    *,
    file: str | None = None,
    layers: Mapping[str, str] | None = None,
    unit: str | None = None,
) -> DxfPlan:
    """Read a drawing in the sandbox.

    Parameters
    ----------
    data
        The upload, a text DXF.
    file
        Its name, for messages.
    layers
        Layer pattern to material code, or to ``"ignore"``; other layers are recognised by name.
    unit
        One of :data:`UNITS`; ``None`` takes the drawing's own, or guesses and warns.

    Raises
    ------
    InvalidInput
        If the upload is no DXF, is damaged, holds coordinates that are no numbers, blocks that
        contain themselves, or too much.
    """
    limits.require_size(data, limits.DXF_BYTES, file=file)
    if unit is not None and unit not in UNITS:
        raise refuse(
            msg("There is no unit %(unit)s.", unit=unit),
            msg("Use one of: %(units)s.", units=", ".join(UNITS)),
            field="unit",
            value=unit,
        )
    content = sniff_content(data)
    if content is not Content.DXF:
        raise _refuse_content(content, file)
    options = {"layers": dict(layers or {}), "unit": unit}
    plan: DxfPlan = run_in_sandbox(DxfPlan, _READER, data, options, file=file)
    return plan


def _refuse_content(content: Content, file: str | None) -> InvalidInput:
    if content is Content.DWG:
        return refuse(msg("The file is a DWG, which cannot be read."), _CONVERT, file=file)
    if content is Content.BINARY_DXF:
        return refuse(msg("The file is a binary DXF, which is not read."), _CONVERT, file=file)
    return refuse(
        msg("This is not a drawing: the file is no DXF."),
        msg("Upload a DXF; pictures and PDF are imported as plan pictures."),
        file=file,
    )
