"""From a plan's pixels to building metres, to the storage CRS, to the globe, and back.

Decides how the four frames hang together, and refuses a scale or a control point that would put a
building in the wrong place. Refuses to know what is drawn in them: it moves points, not pictures.

Frames
------
pixel
    Origin top left, x right, y down, (0, 0) is the outer corner of the first pixel.
building
    Metres, x right, y up; one origin for all floors.
storage CRS
    Easting and northing in metres (default EPSG:25832). Building metres count as grid metres: the
    grid's scale error (0.04 % on the central meridian of UTM) stays below a plan's own.
WGS84, EPSG:3857
    What GeoJSON and web maps want; always longitude before latitude.

A plan may be turned, moved and scaled; it is never mirrored.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from wlantrack.errors import InvalidInput, msg
from wlantrack.geometry.points import (
    Points,
    refusal,
    require_finite,
    require_points,
    require_positive,
)

DEFAULT_CRS = "EPSG:25832"
WGS84 = "EPSG:4326"
WEB_MERCATOR = "EPSG:3857"
MAX_RESIDUAL_M = 0.5
"""A control point further off than this is a mistake, not an inaccuracy."""
METRES_PER_INCH = 0.0254


@dataclass(frozen=True)
class Affine:
    """A plane map ``x' = a x + b y + c``, ``y' = d x + e y + f``."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def __post_init__(self) -> None:
        numbers = (self.a, self.b, self.c, self.d, self.e, self.f)
        if not all(math.isfinite(number) for number in numbers) or self.determinant == 0.0:
            raise refusal(
                msg("The transform cannot be undone."),
                msg("Set the scale of the plan again."),
                "transform",
                numbers,
            )

    @property
    def determinant(self) -> float:
        """Area of the image of the unit square; negative where y is flipped."""
        return self.a * self.e - self.b * self.d

    @property
    def scale(self) -> float:
        """Length of the image of a unit length (for a similarity: in every direction)."""
        return math.sqrt(abs(self.determinant))

    @property
    def rotation_deg(self) -> float:
        """Direction of the x axis' image, counter-clockwise, in (-180, 180]."""
        return math.degrees(math.atan2(self.d, self.a))

    def apply(self, points: npt.ArrayLike) -> Points:
        """Map points.

        Parameters
        ----------
        points : array_like, shape (..., 2)

        Returns
        -------
        ndarray of float64, shape (..., 2)
        """
        x, y = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
        return np.stack(
            (self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f), axis=-1
        )

    def inverse(self) -> Affine:
        """Give the map that leads back."""
        det = self.determinant
        a, b, d, e = self.e / det, -self.b / det, -self.d / det, self.a / det
        return Affine(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def compose(self, first: Affine) -> Affine:
        """Give the map that applies ``first`` and then this one."""
        return Affine(
            self.a * first.a + self.b * first.d,
            self.a * first.b + self.b * first.e,
            self.a * first.c + self.b * first.f + self.c,
            self.d * first.a + self.e * first.d,
            self.d * first.b + self.e * first.e,
            self.d * first.c + self.e * first.f + self.f,
        )


@dataclass(frozen=True)
class ControlPointFit:
    """A plan laid over control points, and how well it lies there.

    ``is_verified`` is False where two points alone decided: their residual is always zero, so only
    a scale known beforehand can contradict them. ``scale_ratio`` is the fitted scale divided by
    that known one (None without it).
    """

    transform: Affine
    residuals_m: tuple[float, ...]
    worst_point: int
    scale_ratio: float | None
    is_verified: bool


def scale_by_metres_per_pixel(metres_per_pixel: float, size_px: tuple[float, float]) -> Affine:
    """Lay a plan of ``size_px`` (width, height) with its bottom left corner at (0, 0).

    Raises
    ------
    InvalidInput
        If the scale or the size is not a positive, finite number.
    """
    scale = require_positive(metres_per_pixel, "metres_per_pixel")
    _, height = _checked_size(size_px)
    return Affine(scale, 0.0, 0.0, 0.0, -scale, scale * height)


def scale_by_known_width(width_m: float, size_px: tuple[float, float]) -> Affine:
    """Scale a plan whose whole picture is ``width_m`` wide.

    Raises
    ------
    InvalidInput
        If the width or the size is not a positive, finite number.
    """
    width_px, _ = _checked_size(size_px)
    return scale_by_metres_per_pixel(require_positive(width_m, "width_m") / width_px, size_px)


def scale_by_drawing(
    denominator: float, pixels_per_inch: float, size_px: tuple[float, float]
) -> Affine:
    """Scale a plan drawn 1:``denominator`` on paper and scanned or rendered at that resolution.

    Raises
    ------
    InvalidInput
        If a number is not positive and finite.
    """
    paper_m_per_px = METRES_PER_INCH / require_positive(pixels_per_inch, "pixels_per_inch")
    return scale_by_metres_per_pixel(
        require_positive(denominator, "denominator") * paper_m_per_px, size_px
    )


def scale_by_two_points(
    pixel_points: npt.ArrayLike, distance_m: float, size_px: tuple[float, float]
) -> Affine:
    """Scale a plan on which two points are ``distance_m`` apart.

    Parameters
    ----------
    pixel_points : array_like, shape (2, 2)
        Both points on the plan.
    distance_m : float
        What a tape measure says, > 0.
    size_px : (width, height)

    Raises
    ------
    InvalidInput
        If the points coincide or lie off the plan, or a number is not positive and finite.
    """
    pixels = _checked_pixels(pixel_points, size_px, at_least=2)
    if len(pixels) != 2:
        raise refusal(
            msg("A scale needs exactly two points."),
            msg("Mark both ends of one known length."),
            "pixel_points",
            len(pixels),
        )
    distance_px = float(np.hypot(*(pixels[1] - pixels[0])))
    if distance_px < 1.0:
        raise refusal(
            msg("Points %(first)s and %(second)s coincide.", first=1, second=2),
            msg("Set them apart, as far from each other as the plan allows."),
            "pixel_points",
            distance_px,
        )
    return scale_by_metres_per_pixel(
        require_positive(distance_m, "distance_m") / distance_px, size_px
    )


def fit_control_points(
    pixel_points: npt.ArrayLike,
    target_points: npt.ArrayLike,
    size_px: tuple[float, float],
    *,
    known_metres_per_pixel: float | None = None,
) -> ControlPointFit:
    """Lay a plan over control points by the best similarity in the least-squares sense.

    Parameters
    ----------
    pixel_points : array_like, shape (n, 2), n >= 2
        Points on the plan.
    target_points : array_like, shape (n, 2)
        The same points in building metres or in the storage CRS.
    size_px : (width, height)
    known_metres_per_pixel : float, optional
        The plan's scale, if something else than these points tells it.

    Raises
    ------
    InvalidInput
        If points coincide, lie off the plan or do not pair up; if a point stays more than 0.5 m
        off (it is named); if two points contradict the known scale by more than 0.5 m.

    Notes
    -----
    With p and w the centred points as complex numbers, w = s p is solved by
    s = sum(conj(p) w) / sum(|p|^2), since a complex factor is a rotation and a scale and never a
    mirror image. The worst point is the one with the largest residual relative to its leverage,
    r / sqrt(1 - h): of a single wrong point among four or more this names the right one.
    """
    pixels = _checked_pixels(pixel_points, size_px, at_least=2)
    targets = _checked_targets(target_points, len(pixels))
    upright, world = pixels @ np.array([1.0, -1.0j]), targets @ np.array([1.0, 1.0j])
    source = upright - upright.mean()
    factor = complex(np.vdot(source, world - world.mean()) / np.vdot(source, source))
    shift = complex(world.mean() - factor * upright.mean())
    residuals = np.abs(factor * upright + shift - world)
    worst = _worst_point(source, residuals)
    _refuse_residual(residuals, worst)
    ratio = _scale_ratio(abs(factor), known_metres_per_pixel)
    if len(pixels) == 2 and ratio is not None:
        _refuse_scale(abs(world[1] - world[0]), ratio)
    transform = Affine(factor.real, factor.imag, shift.real, factor.imag, -factor.real, shift.imag)
    return ControlPointFit(
        transform,
        tuple(float(residual) for residual in residuals),
        worst,
        ratio,
        is_verified=len(pixels) > 2 or ratio is not None,
    )


@dataclass(frozen=True)
class BuildingFrame:
    """Where a building's metre frame lies in the storage CRS.

    ``rotation_deg`` turns the building's x axis counter-clockwise from grid east.

    Raises
    ------
    InvalidInput
        If a number is not finite, or the CRS is unknown or not in metres.
    """

    origin_easting_m: float
    origin_northing_m: float
    rotation_deg: float = 0.0
    crs: str = DEFAULT_CRS

    def __post_init__(self) -> None:
        for name in ("origin_easting_m", "origin_northing_m", "rotation_deg"):
            require_finite(getattr(self, name), name)
        _checked_crs(self.crs)

    @property
    def building_to_crs(self) -> Affine:
        """Rotation and shift from building metres to easting and northing."""
        angle = math.radians(self.rotation_deg)
        cos, sin = math.cos(angle), math.sin(angle)
        return Affine(cos, -sin, self.origin_easting_m, sin, cos, self.origin_northing_m)

    def to_crs(self, points: npt.ArrayLike) -> Points:
        """Map building metres, shape (..., 2), to easting and northing."""
        return self.building_to_crs.apply(points)

    def from_crs(self, points: npt.ArrayLike) -> Points:
        """Map easting and northing, shape (..., 2), to building metres."""
        return self.building_to_crs.inverse().apply(points)

    def to_wgs84(self, points: npt.ArrayLike) -> Points:
        """Map building metres, shape (..., 2), to longitude and latitude in degrees."""
        return _reproject(self.to_crs(points), self.crs, WGS84)

    def from_wgs84(self, points: npt.ArrayLike) -> Points:
        """Map longitude and latitude in degrees, shape (..., 2), to building metres."""
        return self.from_crs(_reproject(points, WGS84, self.crs))

    def to_web_mercator(self, points: npt.ArrayLike) -> Points:
        """Map building metres, shape (..., 2), to EPSG:3857."""
        return _reproject(self.to_crs(points), self.crs, WEB_MERCATOR)

    def from_web_mercator(self, points: npt.ArrayLike) -> Points:
        """Map EPSG:3857, shape (..., 2), to building metres."""
        return self.from_crs(_reproject(points, WEB_MERCATOR, self.crs))


def require_in_area(easting_m: float, northing_m: float, crs: str = DEFAULT_CRS) -> None:
    """Refuse an origin outside the area that a coordinate system is made for.

    Raises
    ------
    InvalidInput
        Names the area, and tells if the two numbers have only changed places.
    """
    origin = (require_finite(easting_m, "origin_easting_m"),
              require_finite(northing_m, "origin_northing_m"))  # fmt: skip
    area = _checked_crs(crs).area_of_use
    if area is None or _is_within(origin, crs, area.bounds):
        return
    is_swapped = _is_within(origin[::-1], crs, area.bounds)
    west, south, east, north = area.bounds
    raise refusal(
        msg(
            "This lies outside the area of %(crs)s, which reaches from %(west).1f to %(east).1f"
            " degrees east and from %(south).1f to %(north).1f degrees north.",
            crs=crs,
            west=west,
            east=east,
            south=south,
            north=north,
        ),
        msg("Easting and northing seem to have changed places.")
        if is_swapped
        else msg("Check both numbers, or leave both empty."),
        "origin_easting_m",
        f"{easting_m:.10g}, {northing_m:.10g}",
    )


def _is_within(
    point: tuple[float, float], crs: str, bounds: tuple[float, float, float, float]
) -> bool:
    west, south, east, north = bounds
    try:
        longitude, latitude = _reproject(point, crs, WGS84)
    except InvalidInput:  # so far away that no formula leads there
        return False
    return bool(west <= longitude <= east and south <= latitude <= north)


def fit_building_frame(
    building_points: npt.ArrayLike, crs_points: npt.ArrayLike, crs: str = DEFAULT_CRS
) -> tuple[BuildingFrame, tuple[float, ...]]:
    """Find where a building lies, from points known in its own metres and in the storage CRS.

    Returns
    -------
    (BuildingFrame, residuals in metres, one a point)

    Raises
    ------
    InvalidInput
        If points coincide or do not pair up, or one stays more than 0.5 m off. Two points can
        contradict each other here, because a building's metres are not to be stretched.
    """
    local = _checked_targets(building_points, None, "building_points")
    targets = _checked_targets(crs_points, len(local))
    points, world = local @ np.array([1.0, 1.0j]), targets @ np.array([1.0, 1.0j])
    source = points - points.mean()
    turn = complex(np.vdot(source, world - world.mean()))
    if abs(turn) <= 1e-9 * float(np.vdot(source, source).real):
        raise refusal(
            msg("The control points do not tell which way the building is turned."),
            msg("Check that each point has its own counterpart in both frames."),
            "crs_points",
        )
    turn /= abs(turn)
    origin = complex(world.mean() - turn * points.mean())
    residuals = np.abs(turn * points + origin - world)
    _refuse_residual(residuals, _worst_point(source, residuals))
    rotation_deg = math.degrees(math.atan2(turn.imag, turn.real))
    frame = BuildingFrame(origin.real, origin.imag, rotation_deg, crs)
    return frame, tuple(float(residual) for residual in residuals)


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _reproject(points: npt.ArrayLike, source: str, target: str) -> Points:
    x, y = np.moveaxis(np.asarray(points, dtype=np.float64), -1, 0)
    moved = np.stack(_transformer(source, target).transform(x, y), axis=-1)
    if not np.isfinite(moved).all():
        raise refusal(
            msg("A position lies where %(crs)s is not defined.", crs=target),
            msg("Check the building's origin and its coordinate system."),
            "position",
        )
    return moved


def _worst_point(centred: npt.NDArray[np.complex128], residuals: Points) -> int:
    if len(residuals) <= 3:
        return int(np.argmax(residuals))
    leverage = 1.0 / len(centred) + np.abs(centred) ** 2 / np.vdot(centred, centred).real
    return int(np.argmax(residuals / np.sqrt(np.maximum(1.0 - leverage, 1e-9))))


def _refuse_residual(residuals: Points, worst: int) -> None:
    if float(residuals.max()) > MAX_RESIDUAL_M:
        raise refusal(
            msg(
                "Control point %(number)s does not fit the others: it stays %(residual).2f m off.",
                number=worst + 1,
                residual=float(residuals[worst]),
            ),
            msg("Set this point again, or leave it out."),
            f"control_point_{worst + 1}",
            f"{residuals[worst]:.3f}",
        )


def _refuse_scale(distance_m: float, ratio: float) -> None:
    error_m = abs(distance_m - distance_m / ratio)
    if error_m > MAX_RESIDUAL_M:
        raise refusal(
            msg(
                "Both control points contradict the plan's scale: their distance differs by "
                "%(error).2f m.",
                error=float(error_m),
            ),
            msg("Set the points again, correct the scale, or add a third point."),
            "target_points",
            f"{distance_m:.3f}",
        )


def _scale_ratio(fitted: float, known_metres_per_pixel: float | None) -> float | None:
    if known_metres_per_pixel is None:
        return None
    return fitted / require_positive(known_metres_per_pixel, "known_metres_per_pixel")


def _checked_size(size_px: tuple[float, float]) -> tuple[float, float]:
    width, height = size_px
    return require_positive(width, "width_px"), require_positive(height, "height_px")


def _checked_pixels(
    points: npt.ArrayLike, size_px: tuple[float, float], *, at_least: int
) -> Points:
    pixels = require_points(points, "pixel_points", at_least)
    size = np.array(_checked_size(size_px))
    off_plan = np.flatnonzero(((pixels < 0.0) | (pixels > size)).any(axis=1))
    if len(off_plan):
        index = int(off_plan[0])
        raise refusal(
            msg("Point %(number)s lies off the plan.", number=index + 1),
            msg("Set it again on the plan."),
            "pixel_points",
            tuple(pixels[index].tolist()),
        )
    return pixels


def _checked_targets(
    points: npt.ArrayLike, count: int | None, field: str = "target_points"
) -> Points:
    targets = require_points(points, field, 2)
    if count is not None and len(targets) != count:
        raise refusal(
            msg(
                "%(given)s points do not pair up with %(wanted)s.", given=len(targets), wanted=count
            ),
            msg("Give each point once in both frames."),
            field,
            len(targets),
        )
    return targets


def _checked_crs(name: str) -> CRS:
    try:
        crs = CRS.from_user_input(name)
    except CRSError:
        crs = None
    if crs is None or not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise refusal(
            msg("The coordinate system is unknown or not in metres."),
            msg("Use a projected one, such as EPSG:25832."),
            "crs",
            name,
        )
    return crs
