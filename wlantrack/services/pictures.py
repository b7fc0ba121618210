"""Pictures of a floor: its plan laid north up, and heat maps; kept by the hash of all they show."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import shapely
from PIL import Image, ImageDraw

from wlantrack.geometry.frame import BuildingFrame
from wlantrack.maps import heat_map
from wlantrack.maps.plan_warp import (
    MapBounds,
    building_bounds,
    find_plan_bounds,
    warp_plan,
    warp_raster,
)
from wlantrack.services.coverage import best_in_band
from wlantrack.services.plans import transform_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from wlantrack.geometry.frame import Affine
    from wlantrack.radio.coverage import Coverage
    from wlantrack.services.coverage import FloorCoverage
    from wlantrack.services.verdicts import FloorVerdicts
    from wlantrack.store.models.places import Building, FloorPlan
    from wlantrack.store.picture_cache import PictureCache
    from wlantrack.store.plan_files import PlanFiles

Image.MAX_IMAGE_PIXELS = None  # our own stored pictures only; uploads are checked in the sandbox


@dataclass(frozen=True)
class MapPicture:
    """A PNG and where it lies on the map."""

    png: bytes
    bounds: MapBounds


def building_frame(building: Building, crs: str) -> BuildingFrame | None:
    """Give where a building lies, None while nobody has said so."""
    if building.origin_easting_m is None or building.origin_northing_m is None:
        return None
    return BuildingFrame(
        building.origin_easting_m, building.origin_northing_m, building.rotation_deg, crs
    )


def plan_key(
    plan: FloorPlan, frame: BuildingFrame | None = None, sight: BaseGeometry | None = None
) -> str:
    """Give a short hash of all that a plan's picture on a map depends on."""
    parts: tuple[object, ...] = (plan.image_sha256, plan.pixel_to_building, frame)
    if sight is not None:
        parts = (*parts, shapely.to_wkb(sight).hex())
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def plan_bounds(plan: FloorPlan) -> tuple[float, float, float, float]:
    """Give the rectangle of building metres around a scaled plan."""
    corners = scaled_transform(plan).apply(
        [(0, 0), (plan.width_px, 0), (plan.width_px, plan.height_px), (0, plan.height_px)]
    )
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def plan_picture(
    plan: FloorPlan,
    files: PlanFiles,
    pictures: PictureCache,
    frame: BuildingFrame | None = None,
    sight: BaseGeometry | None = None,
) -> bytes:
    """Give a scaled plan north up as PNG: in building metres, or on the globe with a frame.

    Outside ``sight``, which is in building metres, the paper is blank.
    """

    def make_png() -> bytes:
        transform = scaled_transform(plan)
        with Image.open(io.BytesIO(files.read(plan.image_file))) as image:
            shown = image if sight is None else clip_picture(image, transform, sight)
            return warp_plan(shown, transform, frame).png

    return pictures.get(f"{plan_key(plan, frame, sight)}.png", make_png)


def clip_picture(image: Image.Image, pixel_to_building: Affine, sight: BaseGeometry) -> Image.Image:
    """Give a picture with blank paper outside a part of the building."""
    to_pixel = pixel_to_building.inverse()
    mask = Image.new("1", image.size, 0)
    pen = ImageDraw.Draw(mask)
    # The largest first: what lies in the hole of another part is drawn after that hole.
    for part in sorted(_polygons(sight), key=lambda part: -part.area):
        pen.polygon(_corners(to_pixel, part.exterior), fill=1)
        for hole in part.interiors:
            pen.polygon(_corners(to_pixel, hole), fill=0)
    blank = Image.new("RGB", image.size, "white")
    blank.paste(image.convert("RGB"), (0, 0), mask)
    return blank


def _polygons(shape: BaseGeometry) -> list[shapely.Polygon]:
    return [part for part in shapely.get_parts(shape) if isinstance(part, shapely.Polygon)]


def _corners(to_pixel: Affine, ring: shapely.LinearRing) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in to_pixel.apply([p[:2] for p in ring.coords])]


def plan_map_bounds(plan: FloorPlan, frame: BuildingFrame | None) -> MapBounds:
    """Tell where :func:`plan_picture` lies on the map."""
    return find_plan_bounds((plan.width_px, plan.height_px), scaled_transform(plan), frame)


def scaled_transform(plan: FloorPlan) -> Affine:
    """Give the transform of a plan that has a scale; without one it is a programming error."""
    transform = transform_of(plan)
    if transform is None:
        message = "the plan has no scale"
        raise ValueError(message)
    return transform


def _write_bounds(bounds: MapBounds) -> bytes:
    return json.dumps(asdict(bounds)).encode()


def heat_map_picture(
    coverage: Coverage,
    band: str,
    threshold_dbm: float | None,
    frame: BuildingFrame | None = None,
    sight: BaseGeometry | None = None,
) -> MapPicture:
    """Draw the strongest level in a band: in building metres, or on the globe with a frame.

    Outside ``sight`` nothing is drawn.
    """
    best = best_in_band(coverage, band, sight)
    if frame is None:
        image = heat_map.render_signal(best, threshold_dbm)
        return MapPicture(image.png, building_bounds(coverage.grid.bounds))
    raster = warp_raster(best, coverage.grid.bounds, frame)
    image = heat_map.render_signal(raster.values, threshold_dbm, pixels_per_cell=1)
    return MapPicture(image.png, raster.bounds)


def layer_key(
    predicted: FloorCoverage, band: str, threshold_dbm: float, frame: BuildingFrame | None
) -> str:
    """Give a short hash of all that a heat map on a map depends on."""
    parts = (predicted.key, band, threshold_dbm, frame)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def layer_picture(
    predicted: FloorCoverage,
    band: str,
    threshold_dbm: float,
    frame: BuildingFrame | None,
    pictures: PictureCache,
) -> MapPicture:
    """Give one band's heat map for a map, hatched below the threshold."""
    key = layer_key(predicted, band, threshold_dbm, frame)

    def make_png() -> bytes:
        picture = heat_map_picture(predicted.coverage, band, threshold_dbm, frame, predicted.sight)
        pictures.get(f"{key}.json", lambda: _write_bounds(picture.bounds))
        return picture.png

    png = pictures.get(f"{key}.png", make_png)
    bounds = pictures.get(
        f"{key}.json",
        lambda: _write_bounds(
            heat_map_picture(predicted.coverage, band, threshold_dbm, frame, predicted.sight).bounds
        ),
    )
    return MapPicture(png, MapBounds(**json.loads(bounds)))


def verdict_key(verdicts: FloorVerdicts, network_class: str, frame: BuildingFrame | None) -> str:
    """Give a short hash of all that a verdict's picture depends on."""
    parts = ("verdict", verdicts.key, network_class, frame)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def verdict_picture(
    verdicts: FloorVerdicts,
    network_class: str,
    bounds_m: tuple[float, float, float, float],
    frame: BuildingFrame | None,
    pictures: PictureCache,
) -> MapPicture:
    """Give one network class's verdict for a map, in three hatched classes.

    ``bounds_m`` are the outer edges of the verdicts' raster.
    """
    key = verdict_key(verdicts, network_class, frame)
    raster = warp_raster(verdicts.layers[network_class], bounds_m, frame)

    def make_png() -> bytes:
        enlargement = None if frame is None else 1
        return heat_map.render_verdict(raster.values, pixels_per_cell=enlargement).png

    return MapPicture(pictures.get(f"{key}.png", make_png), raster.bounds)


def rings_of(outline: BaseGeometry | None) -> list[list[list[float]]]:
    """Give a polygon's rings as lists of [x, y]; of several polygons all rings."""
    if outline is None:
        return []
    parts = getattr(outline, "geoms", [outline])
    return [
        [[float(x), float(y)] for x, y, *_ in ring.coords]
        for part in parts
        for ring in (part.exterior, *part.interiors)
    ]
