"""Pictures and rasters of a floor, laid north up where a map expects them.

Decides in which rectangle of the map a plan or a raster lies, and turns it if the building is
turned. A floor without georeference is shown in its own metres (Leaflet's ``CRS.Simple``), one with
it in EPSG:3857. Refuses to know what a raster means: values are picked, never mixed.

Notes
-----
Over a building the way from building metres to EPSG:3857 is affine to less than a centimetre, so
one affine transform of the picture is exact enough and no GDAL is needed.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from pyproj import Transformer

from wlantrack.geometry.frame import WEB_MERCATOR, WGS84, Affine

if TYPE_CHECKING:
    from wlantrack.geometry.frame import BuildingFrame

MAX_SIDE_PX = 2600
"""4 cm a pixel on a plan of 100 m: finer than a wall, and warped in about a second."""
RASTER_OVERSAMPLING = 3
"""A turned raster gets this many pixels a cell side, so that a cell stays a square to the eye."""

_PNG_MODES = ("1", "L", "LA", "P", "RGB", "RGBA")

Rectangle = tuple[float, float, float, float]
"""x0, y0, x1, y1."""


@dataclass(frozen=True)
class MapBounds:
    """Where an overlay lies, in what Leaflet takes: y before x, or latitude before longitude."""

    south: float
    west: float
    north: float
    east: float

    def corners(self) -> list[list[float]]:
        """Give the south-west and the north-east corner."""
        return [[self.south, self.west], [self.north, self.east]]


@dataclass(frozen=True)
class WarpedPlan:
    """A plan's picture for the map."""

    png: bytes
    width_px: int
    height_px: int
    bounds: MapBounds


@dataclass(frozen=True)
class WarpedRaster:
    """A raster for the map, row 0 in the south, and where it lies."""

    values: npt.NDArray[Any]
    bounds: MapBounds


def building_bounds(rectangle_m: Rectangle) -> MapBounds:
    """Give the bounds of a rectangle of building metres on a floor without georeference."""
    x0, y0, x1, y1 = rectangle_m
    return MapBounds(south=y0, west=x0, north=y1, east=x1)


def find_plan_bounds(
    size_px: tuple[int, int],
    pixel_to_building: Affine,
    frame: BuildingFrame | None = None,
    *,
    max_side_px: int = MAX_SIDE_PX,
) -> MapBounds:
    """Tell where :func:`warp_plan` will lay a picture of this size, without drawing it."""
    to_target = _to_target(pixel_to_building, size_px, frame)
    rectangle, step = _target_grid(to_target, size_px, to_target.scale, max_side_px)
    return _map_bounds(rectangle, step, frame)


def warp_plan(
    image: Image.Image,
    pixel_to_building: Affine,
    frame: BuildingFrame | None = None,
    *,
    max_side_px: int = MAX_SIDE_PX,
) -> WarpedPlan:
    """Lay a plan's picture north up in the map.

    Parameters
    ----------
    image : PIL image
        Any mode. Paper stays white and opaque (the map multiplies the heat map with it); what lies
        outside the plan becomes transparent.
    pixel_to_building : Affine
        From the picture's pixels to building metres.
    frame : BuildingFrame, optional
        Where the building lies; without it the target is the building's own metres.
    max_side_px : int
        The picture is reduced to this.
    """
    if frame is None and pixel_to_building.b == 0.0 == pixel_to_building.d:
        return _keep_upright(image, pixel_to_building, max_side_px)
    picture = image.convert("LA" if image.mode in ("1", "L", "LA") else "RGBA")
    to_target = _to_target(pixel_to_building, picture.size, frame)
    rectangle, step = _target_grid(to_target, picture.size, to_target.scale, max_side_px)
    picture, shrink = _reduce(picture, step / to_target.scale)
    to_target = to_target.compose(shrink)
    size = _grid_size(rectangle, step)
    target_to_picture = to_target.inverse().compose(_grid_to_target(rectangle, step))
    warped = picture.transform(
        size, Image.Transform.AFFINE, _six(target_to_picture), Image.Resampling.BICUBIC
    )
    return _encode(warped, _map_bounds(rectangle, step, frame))


def warp_raster(
    values: npt.NDArray[Any],
    rectangle_m: Rectangle,
    frame: BuildingFrame | None = None,
    *,
    max_side_px: int = MAX_SIDE_PX,
) -> WarpedRaster:
    """Lay a raster north up in the map; every value of the result is one of its cells.

    Parameters
    ----------
    values : ndarray, shape (ny, nx)
        Row 0 at y0. Floating point or integer.
    rectangle_m : (x0, y0, x1, y1)
        The raster's outer edges in building metres.
    frame : BuildingFrame, optional
        Where the building lies; without it nothing is moved.
    max_side_px : int
        The result is not larger than this.

    Returns
    -------
    WarpedRaster
        Outside the raster NaN, or 0 for integers.
    """
    if frame is None:
        return WarpedRaster(values, building_bounds(rectangle_m))
    rows, columns = values.shape
    x0, y0, x1, y1 = rectangle_m
    cell_to_building = Affine((x1 - x0) / columns, 0.0, x0, 0.0, (y1 - y0) / rows, y0)
    to_target = _to_target(cell_to_building, (columns, rows), frame)
    wanted_step = to_target.scale / RASTER_OVERSAMPLING
    rectangle, step = _target_grid(to_target, (columns, rows), wanted_step, max_side_px)
    picked = _pick(
        values,
        to_target.inverse().compose(_grid_to_target(rectangle, step)),
        _grid_size(rectangle, step),
    )
    return WarpedRaster(picked[::-1], _map_bounds(rectangle, step, frame))


def _keep_upright(image: Image.Image, to_building: Affine, max_side_px: int) -> WarpedPlan:
    """Lay a plan that needs no turning: its pixels stay as they are unless there are too many."""
    (x0, y1), (x1, y0) = to_building.apply([(0, 0), image.size]).tolist()
    picture = image if image.mode in _PNG_MODES else image.convert("RGB")
    if max(image.size) > max_side_px:
        picture = picture.convert("RGBA")
        picture.thumbnail((max_side_px, max_side_px), Image.Resampling.LANCZOS)
    return _encode(picture, building_bounds((x0, y0, x1, y1)))


def _encode(picture: Image.Image, bounds: MapBounds) -> WarpedPlan:
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=4)
    return WarpedPlan(stream.getvalue(), picture.width, picture.height, bounds)


def _pick(values: npt.NDArray[Any], to_cell: Affine, size: tuple[int, int]) -> npt.NDArray[Any]:
    """Give for each pixel's centre the cell it lies in; row 0 in the north."""
    rows, columns = values.shape
    x, y = np.arange(size[0]) + 0.5, (np.arange(size[1]) + 0.5)[:, None]
    column = np.floor(to_cell.a * x + to_cell.b * y + to_cell.c).astype(np.int32)
    row = np.floor(to_cell.d * x + to_cell.e * y + to_cell.f).astype(np.int32)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    nothing = np.nan if np.issubdtype(values.dtype, np.floating) else 0
    picked = np.full(inside.shape, nothing, dtype=values.dtype)
    picked[inside] = values[row[inside], column[inside]]
    return picked


def _to_target(
    source_to_building: Affine, size: tuple[int, int], frame: BuildingFrame | None
) -> Affine:
    """Give the map from pixels or cells to building metres, or to EPSG:3857 by a fit."""
    if frame is None:
        return source_to_building
    grid = np.stack(
        np.meshgrid(np.linspace(0, size[0], 5), np.linspace(0, size[1], 5)), axis=-1
    ).reshape(-1, 2)
    target = frame.to_web_mercator(source_to_building.apply(grid))
    centre = target.mean(axis=0)
    unknowns = np.column_stack((grid, np.ones(len(grid))))
    (a, d), (b, e), (c, f) = np.linalg.lstsq(unknowns, target - centre, rcond=None)[0]
    return Affine(*(float(n) for n in (a, b, c + centre[0], d, e, f + centre[1])))


def _target_grid(
    to_target: Affine, size: tuple[int, int], wanted_step: float, max_side_px: int
) -> tuple[Rectangle, float]:
    """Give the rectangle around the turned source, and the side of one pixel in it."""
    width, height = size
    corners = to_target.apply([(0, 0), (width, 0), (width, height), (0, height)])
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    step = max(wanted_step, (x1 - x0) / max_side_px, (y1 - y0) / max_side_px)
    return (float(x0), float(y0), float(x1), float(y1)), float(step)


def _grid_size(rectangle: Rectangle, step: float) -> tuple[int, int]:
    x0, y0, x1, y1 = rectangle
    return (
        max(math.ceil((x1 - x0) / step - 1e-6), 1),
        max(math.ceil((y1 - y0) / step - 1e-6), 1),
    )


def _grid_to_target(rectangle: Rectangle, step: float) -> Affine:
    """Give the map from the result's pixels (y down from the north) to the target."""
    return Affine(step, 0.0, rectangle[0], 0.0, -step, rectangle[3])


def _map_bounds(rectangle: Rectangle, step: float, frame: BuildingFrame | None) -> MapBounds:
    """Bound the whole pixels, which may reach a fraction beyond the source in the south-east."""
    width, height = _grid_size(rectangle, step)
    x0, _, _, y1 = rectangle
    x1, y0 = x0 + width * step, y1 - height * step
    if frame is None:
        return building_bounds((x0, y0, x1, y1))
    to_wgs84 = Transformer.from_crs(WEB_MERCATOR, WGS84, always_xy=True)
    (west, east), (south, north) = to_wgs84.transform([x0, x1], [y0, y1])
    return MapBounds(south=south, west=west, north=north, east=east)


def _reduce(picture: Image.Image, factor: float) -> tuple[Image.Image, Affine]:
    """Shrink a picture first where an affine transform would skip pixels.

    Also gives the map from the smaller picture's pixels to the larger one's.
    """
    if factor <= 1.01:
        return picture, Affine(1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    width, height = (max(round(side / factor), 1) for side in picture.size)
    grown = Affine(picture.width / width, 0.0, 0.0, 0.0, picture.height / height, 0.0)
    return picture.resize((width, height), Image.Resampling.LANCZOS), grown


def _six(affine: Affine) -> tuple[float, float, float, float, float, float]:
    return (affine.a, affine.b, affine.c, affine.d, affine.e, affine.f)
