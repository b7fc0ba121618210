"""Floor plans: upload a version, give it a scale and a place, go back to an older one."""

from __future__ import annotations

import contextlib
import math
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.formats.plan_images import METRES_PER_INCH, read_plan_image
from wlantrack.geometry import frame
from wlantrack.services import places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.places import FloorPlan
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.plan_images import PlanImage
    from wlantrack.geometry.frame import Affine
    from wlantrack.services.places import FloorPlace
    from wlantrack.store.plan_files import PlanFiles

LONGEST_SIDE_M = 5_000.0
"""A plan that would cover more than this has a mistyped scale."""

Pixel: TypeAlias = tuple[float, float]


@dataclass(frozen=True)
class Upload:
    """An uploaded file: its name, its bytes, and the page to read."""

    name: str
    data: bytes
    page: int = 1


@dataclass(frozen=True)
class MetresPerPixel:
    """A scale by the size of one pixel of the uploaded picture; bottom left is at the corner."""

    metres_per_pixel: float
    corner_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class KnownWidth:
    """A scale by the width that the whole picture shows."""

    width_m: float


@dataclass(frozen=True)
class DrawingScale:
    """A drawing's own scale, such as 1:100; needs a PDF or a scan that states its resolution."""

    denominator: float
    corner_m: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class TwoPoints:
    """Two points of the stored picture and the distance between them."""

    points_px: tuple[Pixel, Pixel]
    distance_m: float


@dataclass(frozen=True)
class ControlPoints:
    """Points of the stored picture and where they lie in building metres."""

    points_px: tuple[Pixel, ...]
    points_m: tuple[tuple[float, float], ...]


PlanScale: TypeAlias = MetresPerPixel | KnownWidth | DrawingScale | TwoPoints | ControlPoints


@dataclass(frozen=True)
class StoredPlan:
    """What an upload or a calibration led to."""

    plan: FloorPlan
    width_m: float | None
    height_m: float | None
    warnings: tuple[Message, ...] = ()


def transform_of(plan: FloorPlan) -> Affine | None:
    """Give a plan's pixel-to-building transform, None while it has no scale."""
    return None if plan.pixel_to_building is None else frame.Affine(*plan.pixel_to_building)


def size_m(plan: FloorPlan) -> tuple[float, float] | None:
    """Give a plan's width and height in metres, None while it has no scale."""
    transform = transform_of(plan)
    if transform is None:
        return None
    return plan.width_px * transform.scale, plan.height_px * transform.scale


def list_versions(session: Session, actor: Actor, place: FloorPlace) -> list[FloorPlan]:
    """Give a floor's plan versions in scope, the newest first."""
    return [
        plan
        for plan in queries.list_plan_versions(session, place.floor.id)
        if actor.can(Action.SEE_PLANS, place.floor.building_id, plan.wing_id)
    ]


def current_plans(session: Session, actor: Actor, place: FloorPlace) -> list[FloorPlan]:
    """Give the plans in force on a floor: of the whole floor first, then of single wings."""
    return [
        plan
        for plan in queries.list_current_plans(session, place.floor.id)
        if actor.can(Action.SEE_PLANS, place.floor.building_id, plan.wing_id)
    ]


def find_plan(session: Session, actor: Actor, ref: str) -> FloorPlan:
    """Give a plan version by public id, with wing, floor and building.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    plan = queries.get_plan(session, public_id) if public_id else None
    if plan is None or not actor.can(Action.SEE_PLANS, plan.floor.building_id, plan.wing_id):
        raise NotFound(msg("There is no such plan."))
    if not plan.is_current and not public_sight.sees_whole(
        actor, plan.floor.building_id, plan.wing_id
    ):
        raise NotFound(msg("There is no such plan."))
    return plan


def require_scale(plan: FloorPlan) -> FloorPlan:
    """Give the plan back if it has a scale.

    Raises
    ------
    NotFound
        It has none, so there is no picture of it in metres.
    """
    if plan.pixel_to_building is None:
        raise NotFound(msg("This plan has no scale yet."))
    return plan


def upload_plan(
    session: Session,
    actor: Actor,
    files: PlanFiles,
    floor_ref: str,
    upload: Upload,
    scale: PlanScale | None = None,
) -> StoredPlan:
    """Store a new version of a floor's plan, scaled if a scale is given.

    Without one it does not take over from a version that has a scale: that stays in force until
    the new one is calibrated.

    Raises
    ------
    InvalidInput
        The file is no plan, or the scale cannot be; nothing is stored.
    NotFound, NotAllowed
        The floor is out of scope, or the role does not reach.
    """
    place = places.find_floor(session, actor, floor_ref)
    wing_id = place.wing.id if place.wing else None
    actor.require(Action.EDIT_PLANS, place.floor.building_id, wing_id)
    # Reading takes seconds in the worst case: no transaction stays open meanwhile.
    session.rollback()
    image = read_plan_image(upload.data, file=upload.name, page=upload.page)
    audit.take_turn(session)
    place = places.find_floor(session, actor, floor_ref)
    versions = queries.list_plan_versions(session, place.floor.id)
    current = [earlier for earlier in versions if earlier.wing_id == wing_id and earlier.is_current]
    waits = scale is None and any(earlier.pixel_to_building for earlier in current)
    if not waits:
        _retire(session, current)
    plan = _make_plan(place, upload, image)
    plan.is_current = not waits
    plan.number = max((version.number for version in versions), default=0) + 1
    if scale is not None:
        _apply_scale(plan, scale, image)
    with _kept_only_if_committed(files, plan, upload.data, image.png):
        session.add(plan)
        session.commit()
    waiting = (msg("The plan before stays in force until this one has a scale."),) if waits else ()
    return _describe(plan, (*image.warnings, *waiting))


def _retire(session: Session, plans: Iterable[FloorPlan]) -> None:
    """Put plans out of force, before another one is put in: there is one at any time."""
    for plan in plans:
        plan.is_current = False
    session.flush()


def _describe(plan: FloorPlan, warnings: tuple[Message, ...] = ()) -> StoredPlan:
    width_m, height_m = size_m(plan) or (None, None)
    return StoredPlan(plan, width_m, height_m, warnings)


def choose_page(
    session: Session, actor: Actor, files: PlanFiles, ref: str, page: int, version: int | None
) -> StoredPlan:
    """Read another page of a stored plan's original as a new version.

    Raises
    ------
    InvalidInput
        The original has no such page.
    Conflict
        Somebody else has changed the plan since.
    """
    plan = find_plan(session, actor, ref)
    actor.require(Action.EDIT_PLANS, plan.floor.building_id, plan.wing_id)
    require_version(session, plan, version)
    wing = f"{plan.wing.code}/" if plan.wing else ""
    floor_ref = f"{plan.floor.building.code}/{wing}{plan.floor.level}"
    upload = Upload(plan.name, files.read(plan.original_file), page)
    return upload_plan(session, actor, files, floor_ref, upload)


def _make_plan(place: FloorPlace, upload: Upload, image: PlanImage) -> FloorPlan:
    return FloorPlan(
        floor_id=place.floor.id,
        floor=place.floor,
        wing_id=place.wing.id if place.wing else None,
        public_id=uuid.uuid4(),
        name=upload.name[:200],
        page=image.page,
        pages=image.pages,
        media_type=image.source,
        width_px=image.width_px,
        height_px=image.height_px,
        paper_m_per_px=METRES_PER_INCH / image.dpi if image.dpi else None,
        uploaded_at=datetime.now(UTC),
    )


@contextlib.contextmanager
def _kept_only_if_committed(
    files: PlanFiles, plan: FloorPlan, original: bytes, picture: bytes
) -> Iterator[None]:
    stored = [files.write(original), files.write(picture)]
    plan.original_file, plan.original_sha256 = stored[0].name, stored[0].sha256
    plan.image_file, plan.image_sha256 = stored[1].name, stored[1].sha256
    try:
        yield
    except BaseException:
        for file in stored:
            files.remove(file.name)
        raise


def calibrate(
    session: Session, actor: Actor, ref: str, scale: PlanScale, version: int | None
) -> StoredPlan:
    """Give a plan its scale and place; moves the picture, not the records.

    A version that waited for its first scale takes over with it.

    Raises
    ------
    InvalidInput
        The scale cannot be; the problem names the field and what to do.
    Conflict
        Somebody else has changed the plan since.
    """
    plan = find_plan(session, actor, ref)
    actor.require(Action.EDIT_PLANS, plan.floor.building_id, plan.wing_id)
    require_version(session, plan, version)
    has_waited = plan.pixel_to_building is None and not plan.is_current
    _apply_scale(plan, scale, None)
    if has_waited:
        _put_in_force(session, plan)
    session.commit()
    return _describe(plan)


def _apply_scale(plan: FloorPlan, scale: PlanScale, image: PlanImage | None) -> None:
    size = (plan.width_px, plan.height_px)
    plan.residual_m, plan.is_verified = None, False
    match scale:
        case MetresPerPixel(metres_per_pixel, _):
            stored = image.stored_metres_per_pixel(metres_per_pixel) if image else metres_per_pixel
            transform = frame.scale_by_metres_per_pixel(stored, size)
            plan.scale_method = "metres per pixel"
        case KnownWidth(width_m):
            transform = frame.scale_by_known_width(width_m, size)
            plan.scale_method = "known width"
        case DrawingScale(denominator, _):
            transform = _scale_by_drawing(plan, denominator)
            plan.scale_method = "drawing scale"
        case TwoPoints(points_px, distance_m):
            transform = frame.scale_by_two_points(points_px, distance_m, size)
            plan.scale_method = "two points"
        case ControlPoints(points_px, points_m):
            before = transform_of(plan)
            fit = frame.fit_control_points(
                points_px, points_m, size, known_metres_per_pixel=before.scale if before else None
            )
            transform = fit.transform
            plan.scale_method = "control points"
            plan.residual_m, plan.is_verified = max(fit.residuals_m), fit.is_verified
    _require_plausible(transform.scale, size)
    dx_m, dy_m = _corner_of(scale)
    plan.pixel_to_building = [
        transform.a,
        transform.b,
        transform.c + dx_m,
        transform.d,
        transform.e,
        transform.f + dy_m,
    ]


def _corner_of(scale: PlanScale) -> tuple[float, float]:
    corner_m = scale.corner_m if isinstance(scale, MetresPerPixel | DrawingScale) else (0.0, 0.0)
    if not all(map(math.isfinite, corner_m)):
        raise InvalidInput(
            Problem(msg("This is not a number."), field="corner", value=str(corner_m))
        )
    return corner_m


def _scale_by_drawing(plan: FloorPlan, denominator: float) -> Affine:
    if plan.paper_m_per_px is None:
        raise InvalidInput(
            Problem(
                msg("The picture does not say how large it is on paper."),
                msg("Give two points and their distance instead, or the width of the picture."),
                field="denominator",
                value=str(denominator),
            )
        )
    dpi = METRES_PER_INCH / plan.paper_m_per_px
    return frame.scale_by_drawing(denominator, dpi, (plan.width_px, plan.height_px))


def _require_plausible(metres_per_pixel: float, size_px: tuple[int, int]) -> None:
    longest_m = max(size_px) * metres_per_pixel
    if not 1.0 <= longest_m <= LONGEST_SIDE_M or not math.isfinite(longest_m):
        raise InvalidInput(
            Problem(
                msg("At this scale the plan would be %(length).1f m long.", length=longest_m),
                msg("Check the scale: a plan covers between 1 m and 5 km."),
                field="metres_per_pixel",
                value=f"{metres_per_pixel:g}",
            )
        )


def restore_version(session: Session, actor: Actor, ref: str, version: int | None) -> FloorPlan:
    """Put an older plan version in force again."""
    plan = find_plan(session, actor, ref)
    actor.require(Action.EDIT_PLANS, plan.floor.building_id, plan.wing_id)
    require_version(session, plan, version)
    _put_in_force(session, plan)
    session.commit()
    return plan


def _put_in_force(session: Session, plan: FloorPlan) -> None:
    versions = queries.list_plan_versions(session, plan.floor_id)
    _retire(session, [v for v in versions if v.wing_id == plan.wing_id and v.id != plan.id])
    plan.is_current = True
