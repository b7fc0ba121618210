"""Where a project goes: buildings chosen or made, floors by number, plans as new versions.

Decides which building and level a plan belongs to, the same for the same file every time. Refuses
to know walls and access points.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.plan_images import METRES_PER_INCH, read_plan_image
from wlantrack.geometry import frame
from wlantrack.services import places
from wlantrack.services.actor import Action
from wlantrack.services.places import BuildingValues, FloorValues
from wlantrack.store import audit
from wlantrack.store.models.places import Building, Floor, FloorPlan
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.formats.plan_images import PlanImage
    from wlantrack.formats.projects import Project, ProjectFloor
    from wlantrack.services.project_catalogue import Materials
    from wlantrack.services.project_ledger import Job
    from wlantrack.store.plan_files import PlanFiles, StoredFile

BUILDINGS: Final = uuid.UUID("5f0f1c0e-6d2c-4a7e-9d67-0f1f8f6f3a11")
"""Name space of the ids of buildings that imports make."""

DEFAULT_NAME: Final = "Import"
CODE_LENGTH: Final = 16
_LARGEST_STRETCH: Final = 0.01
_HEIGHTS_M: Final = (1.0, 50.0)


@dataclass(frozen=True)
class Landing:
    """A floor of the file and the record it has become."""

    source: ProjectFloor
    floor: Floor
    building: Building


def read_pictures(project: Project) -> tuple[dict[str, PlanImage], list[Problem]]:
    """Read every plan's picture in the sandbox; one that cannot be read is a warning.

    Returns
    -------
    dict
        Pictures by the floor's key.
    list
        A problem for each floor whose picture was refused.
    """
    pictures, problems = {}, []
    for floor in project.floors:
        if floor.picture is not None:
            try:
                pictures[floor.key] = read_plan_image(floor.picture)
            except InvalidInput as refusal:
                problems += [
                    Problem(problem.message, problem.remedy, field="plan", value=floor.name)
                    for problem in refusal.problems
                ]
    return pictures, problems


def land_floors(
    job: Job, building_code: str | None, file_name: str, materials: Materials
) -> dict[str, Landing]:
    """Give every floor of the file its record, by the file's key.

    Raises
    ------
    InvalidInput
        The building's code is none.
    NotFound, NotAllowed
        The building is out of scope, or the role does not reach.
    """
    groups: dict[str, list[ProjectFloor]] = {}
    for source in job.project.floors:
        name = source.building or job.project.name or file_name or DEFAULT_NAME
        groups.setdefault("" if building_code else name, []).append(source)
    landings = {}
    for name, sources in groups.items():
        building = _find_building(job, building_code, name, sources)
        levels = _choose_levels(job, sources)
        for source in sources:
            floor = _land_floor(job, building, source, levels[source.key], materials)
            landings[source.key] = Landing(source, floor, building)
    return landings


def _find_building(job: Job, code: str | None, name: str, sources: list[ProjectFloor]) -> Building:
    session, actor = job.session, job.actor
    public_id = uuid.uuid5(BUILDINGS, f"{job.project.format}:{job.project.key}:{name}")
    building = (
        place_queries.get_building_by_code(session, code)
        if code
        else place_queries.get_building(session, public_id)
    )
    if building is not None:
        actor.require_visible(building.id)
        actor.require(Action.IMPORT_PROJECTS, building.id)
        job.ledger.unchanged["building"] += 1
        return building
    actor.require(Action.IMPORT_PROJECTS)
    title = (
        name or next((s.building for s in sources if s.building), "") or job.project.name or code
    )
    values = BuildingValues(name=(title or DEFAULT_NAME)[:120])
    new_code = code or _make_code(job, name)
    own_id = None if code else public_id
    building, _ = places.ensure_building(session, actor, new_code, values, own_id)
    job.ledger.created["building"] += 1
    return building


def _make_code(job: Job, name: str) -> str:
    """Make a free building code out of a name."""
    whole = re.sub(r"[^A-Za-z0-9ÄÖÜäöüß]", "", name)
    letters = whole[:CODE_LENGTH] or DEFAULT_NAME
    number, code = 1, letters
    while place_queries.get_building_by_code(job.session, code) is not None:
        number += 1
        code = f"{letters[: CODE_LENGTH - 1 - len(str(number))]}.{number}"
    if len(whole) > CODE_LENGTH:
        job.warnings.append(
            Problem(
                msg(
                    "The name »%(name)s« is too long for a code; the new building gets %(code)s.",
                    name=name[:120],
                    code=code,
                ),
                msg(
                    "To have another one, choose the file again and enter the new building's code."
                ),
            )
        )
    return code


def _choose_levels(job: Job, sources: list[ProjectFloor]) -> dict[str, int]:
    """Give each floor a level of its own; only the file decides, so that it is always the same."""
    levels: dict[str, int] = {}
    for source in sources:
        stated = source.level if source.level in places.LEVELS else None
        level = 0 if stated is None else stated
        while level in levels.values():
            level += 1
        levels[source.key] = level
        if stated != level:
            job.warnings.append(
                Problem(
                    msg(
                        "The file gives this plan no level of its own; it goes to %(level)s.",
                        level=level,
                    ),
                    msg("Number the floors in the planner, or change the level afterwards."),
                    field="floor",
                    value=source.name,
                )
            )
    return levels


def _land_floor(
    job: Job, building: Building, source: ProjectFloor, level: int, materials: Materials
) -> Floor:
    public_id = job.make_id(building, "floor", source.key)
    own = next((floor for floor in building.floors if floor.public_id == public_id), None)
    slab = materials.find_or_add(source.slab.name, source.slab.loss_db) if source.slab else None
    height_m = source.height_m
    if height_m is None or not _HEIGHTS_M[0] <= height_m <= _HEIGHTS_M[1]:
        height_m = places.DEFAULT_HEIGHT_M
    values = {
        "name": source.name[:120],
        "height_m": height_m,
        "slab_material_id": slab.id if slab else None,
    }
    if own is not None:
        return job.put(own, values, is_new=False)
    known = next((floor for floor in building.floors if floor.level == level), None)
    if known is not None:
        # Somebody drew this floor: only what nobody has said yet is taken from the file.
        missing = {} if known.slab_material_id else {"slab_material_id": values["slab_material_id"]}
        return job.put(known, missing, is_new=False)
    floor, _ = places.ensure_floor(
        job.session, job.actor, building, level, FloorValues(source.name[:120], height_m), public_id
    )
    floor.slab_material_id = slab.id if slab else None
    job.session.flush()
    job.ledger.created["floor"] += 1
    return floor


def land_plans(
    job: Job,
    landings: Mapping[str, Landing],
    pictures: Mapping[str, PlanImage],
    files: PlanFiles | None,
) -> list[StoredFile]:
    """Give every floor its plan, as a new version where the picture is new.

    Parameters
    ----------
    files
        Where pictures are kept; None for a trial, which writes none.

    Returns
    -------
    list
        The files written, to be removed again if the import fails.
    """
    written: list[StoredFile] = []
    audit.take_turn(job.session)
    for key, picture in pictures.items():
        landing = landings[key]
        versions = [
            plan
            for plan in place_queries.list_plan_versions(job.session, landing.floor.id)
            if plan.wing_id is None
        ]
        digest = hashlib.sha256(landing.source.picture or b"").hexdigest()
        known = next((plan for plan in versions if plan.original_sha256 == digest), None)
        scale = _scale_values(job, landing.source, picture)
        if known is not None:
            # A scale that people have set stays where the file has none.
            is_scaled = known.is_current and scale["pixel_to_building"] is not None
            job.put(known, scale if is_scaled else {}, is_new=False)
            continue
        for earlier in versions:
            earlier.is_current = False
        job.session.flush()
        plan = FloorPlan(public_id=uuid.uuid4(), floor=landing.floor, is_current=True)
        plan.number = max((version.number for version in versions), default=0) + 1
        values = _plan_values(landing, picture, digest)
        if files is not None:
            stored = files.write(landing.source.picture or b""), files.write(picture.png)
            written += stored
            values |= {
                "original_file": stored[0].name,
                "image_file": stored[1].name,
                "image_sha256": stored[1].sha256,
            }
        job.put(plan, values | scale, is_new=True)
    job.session.flush()
    return written


def _plan_values(landing: Landing, picture: PlanImage, digest: str) -> dict[str, object]:
    return {
        "floor_id": landing.floor.id,
        "wing_id": None,
        "name": landing.source.name[:200],
        "page": picture.page,
        "pages": picture.pages,
        "media_type": picture.source,
        "original_file": "0" * 32,
        "original_sha256": digest,
        "image_file": "0" * 32,
        "image_sha256": "0" * 64,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "paper_m_per_px": METRES_PER_INCH / picture.dpi if picture.dpi else None,
        "residual_m": None,
        "is_verified": False,
        "uploaded_at": datetime.now(UTC),
    }


def _scale_values(job: Job, source: ProjectFloor, picture: PlanImage) -> dict[str, object]:
    """Lay a plan so that its lower left corner is the floor's origin; without a scale nowhere."""
    if source.width_m is None or source.length_m is None or source.width_m <= 0:
        return {"pixel_to_building": None, "scale_method": None}
    size = (picture.width_px, picture.height_px)
    across = source.width_m / size[0]
    if abs(source.length_m / size[1] / across - 1) > _LARGEST_STRETCH:
        job.warnings.append(
            Problem(
                msg("The plan's picture has other proportions than the plan; check its scale."),
                field="plan",
                value=source.name,
            )
        )
    transform = frame.scale_by_metres_per_pixel(across, size)
    return {
        "pixel_to_building": [getattr(transform, name) for name in "abcdef"],
        "scale_method": "metres per pixel",
    }
