"""Changes of work packages: they are added, described, begun and finished, and given objects.

Decides that a package covers what lies in its place, that its state follows from its days, and that
a milestone which it feeds waits for it.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.rollout.packages import DEFAULTS, KIND_CODES
from wlantrack.services import package_sight, places, renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.services.package_checks import LONGEST_DAYS, check_package, refuse_outside, state_of
from wlantrack.services.packages import find_package
from wlantrack.services.plan import find_feed, find_plan, load_plan, package_key
from wlantrack.services.plan_links import refuse_circle
from wlantrack.services.ranges import list_missing, list_too_long, refuse_any, refuse_taken
from wlantrack.services.removal import delete_record
from wlantrack.services.slips import compare_plans
from wlantrack.services.versions import require_version
from wlantrack.services.work_places import list_places
from wlantrack.store import audit
from wlantrack.store.models.milestones import WorkPackage
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import renovations as renovation_queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.rollout.critical_path import Link
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.rollout.workdays import Workdays
    from wlantrack.services.package_sight import PackageSight
    from wlantrack.services.plan import CityPlan, Clock, PlanParts
    from wlantrack.services.slips import SlipPreview
    from wlantrack.store.models.milestones import Milestone
    from wlantrack.store.models.places import Building
    from wlantrack.store.models.renovations import Renovation

LENGTHS: Final = {"name": 120, "responsible": 120, "undated_reason": 300, "note": 500, "code": 60}


@dataclass(frozen=True)
class PackageValues:
    """What people edit about a work package; an empty code gets the next free one.

    ``where`` is a building, building/wing, or building:room group; ``floor`` a level. Of crew,
    milestone and renovation the codes are given.
    """

    where: str
    kind: str
    name: str = ""
    code: str = ""
    floor: int | None = None
    crew: str = ""
    milestone: str = ""
    renovation: str = ""
    duration_days: int | None = None
    noise_class: str = ""
    is_waiting: bool = False
    priority: int = 3
    responsible: str = ""
    not_before: date | None = None
    planned_start: date | None = None
    planned_finish: date | None = None
    is_pinned: bool = False
    due: SpokenDate | None = None
    started_on: date | None = None
    finished_on: date | None = None
    is_dropped: bool = False
    undated_reason: str = ""
    note: str = ""


PLAIN: Final = (
    "kind",
    "name",
    "is_waiting",
    "priority",
    "responsible",
    "not_before",
    "planned_start",
    "planned_finish",
    "is_pinned",
    "due",
    "started_on",
    "finished_on",
    "undated_reason",
    "note",
)


def list_wheres(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give where the actor may plan work: reference and name; room groups behind their building."""
    known = [(key, name) for key, name in list_places(session, actor) if key]
    ids = places.visible_buildings(actor, Action.EDIT_WORK)
    groups = [
        (f"{group.building.code}:{group.code}", f"{group.building.name}, {group.name}")
        for group in group_queries.list_groups(session, ids)
        if actor.can(Action.EDIT_WORK, group.building_id)
    ]
    return sorted([*known, *groups], key=lambda item: (item[1].casefold(), item[0]))


def where_of(package: WorkPackage) -> str:
    """Write down where a package lies."""
    if package.room_group is not None:
        return f"{package.building.code}:{package.room_group.code}"
    if package.wing is not None:
        return f"{package.building.code}/{package.wing.code}"
    return package.building.code


def values_of(package: WorkPackage, sight: PackageSight) -> PackageValues:
    """Give a package's values as far as somebody sees them, to change some of them."""
    milestone, renovation = sight.milestone_of(package), sight.renovation_of(package)
    return PackageValues(
        where=where_of(package),
        code=package.code,
        floor=package.floor.level if package.floor else None,
        crew=package.crew.code if package.crew else "",
        milestone=milestone.code if milestone else "",
        renovation=renovation.code if renovation else "",
        duration_days=package.duration_days,
        noise_class=package.noise_class,
        is_dropped=package.state == "dropped",
        **{name: getattr(package, name) for name in PLAIN},
    )


def add_package(
    session: Session, actor: Actor, values: PackageValues, parts: PlanParts
) -> WorkPackage:
    """Add a work package; what is left open is as usual for its kind.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    NotAllowed
        The role does not reach there.
    """
    package = WorkPackage(public_id=uuid.uuid4(), subjects=[], code="")
    apply_values(session, actor, package, values, parts.clock)
    _refuse_feed(find_plan(session, parts), actor, package)
    session.add(package)
    session.commit()
    return package


def edit_package(
    session: Session,
    actor: Actor,
    ref: str,
    values: PackageValues,
    version: int | None,
    parts: PlanParts,
) -> WorkPackage:
    """Change a work package.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    Conflict
        Somebody else has changed it since.
    """
    package = _change(session, actor, ref, values, version, parts)
    session.commit()
    return package


def preview_edit(
    session: Session,
    actor: Actor,
    ref: str,
    values: PackageValues,
    version: int | None,
    parts: PlanParts,
) -> SlipPreview | None:
    """Tell what a change of a package would move beside itself; None if nothing.

    The change is made, looked at and taken back: nothing stays of it.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    Conflict
        Somebody else has changed it since.
    """
    city = find_plan(session, parts)
    package = _change(session, actor, ref, values, version, parts)
    key = package_key(package.id)
    session.flush()
    changed = load_plan(session, parts.clock)
    session.rollback()
    session.expunge_all()
    preview = compare_plans(city, changed, actor, [key])
    return preview if preview.moves_others else None


def _change(
    session: Session,
    actor: Actor,
    ref: str,
    values: PackageValues,
    version: int | None,
    parts: PlanParts,
) -> WorkPackage:
    package = find_editable(session, actor, ref)
    require_version(session, package, version)
    audit.take_turn(session)  # a link that somebody adds meanwhile may close a circle with this
    city = find_plan(session, parts)
    with session.no_autoflush:  # one change, one version, one event
        apply_values(session, actor, package, values, parts.clock)
        refuse_outside(package)
        _refuse_feed(city, actor, package)
    return package


def delete_package(
    session: Session, actor: Actor, ref: str, version: int | None
) -> tuple[str, tuple[Message, ...]]:
    """Delete a work package with its links; gives its code and what went with it."""
    package = find_editable(session, actor, ref)
    require_version(session, package, version)
    code, gone = package.code, delete_record(session, package)
    session.commit()
    return code, gone


def find_editable(session: Session, actor: Actor, ref: str) -> WorkPackage:
    """Give a package that the actor may change.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    NotAllowed
        The role does not reach.
    """
    package = find_package(session, actor, ref)
    actor.require(Action.EDIT_WORK, package.building_id, package.wing_id)
    return package


def apply_values(
    session: Session,
    actor: Actor,
    package: WorkPackage,
    values: PackageValues,
    clock: Clock,
    house: Building | None = None,
) -> None:
    """Set what people edit about a package; does not commit.

    Where only the first planned day is given, the last one follows from the net duration.
    ``house`` is the building that ``where`` names, for who sets many packages and has it at hand.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    """
    problems = list_missing(values, ["where", "kind"])
    problems += list_too_long(values, LENGTHS)
    refuse_any(problems)
    if values.kind not in DEFAULTS:
        raise _refuse(msg("There is no such choice."), msg("Choose one of the list."), "kind")
    building = put_package(session, actor, package, values.where, values.floor, house)
    _set_others(session, actor, package, values)
    usual = DEFAULTS[values.kind]
    for name in PLAIN:
        if getattr(package, name) != getattr(values, name):
            setattr(package, name, getattr(values, name))
    package.duration_days = values.duration_days or usual.duration_days
    package.noise_class = values.noise_class or usual.noise_class
    package.state = state_of(values.started_on, values.finished_on, is_dropped=values.is_dropped)
    start, is_usual = package.planned_start, 1 <= package.duration_days <= LONGEST_DAYS
    if start is not None and package.planned_finish is None and is_usual:
        package.planned_finish = _find_finish(package, start, clock.workdays)
    check_package(package, clock.today)
    code = values.code.strip() or package.code or _next_code(session, building, package)
    if code != package.code and queries.get_by_code(session, code) is not None:
        raise refuse_taken("code", code)
    package.code = code


def _find_finish(package: WorkPackage, start: date, workdays: Workdays) -> date:
    if package.is_waiting:
        return start + timedelta(days=package.duration_days - 1)
    return workdays.day_until(workdays.begin_of(start) + package.duration_days)


def _next_code(session: Session, building: Building, package: WorkPackage) -> str:
    prefix = f"{building.code}-{package.wing.code}" if package.wing else building.code
    taken, number = queries.list_codes(session), 1
    while (code := f"{prefix}-{KIND_CODES[package.kind]}-{number}") in taken:
        number += 1
    return code


def put_package(
    session: Session,
    actor: Actor,
    package: WorkPackage,
    where: str,
    level: int | None,
    house: Building | None = None,
) -> Building:
    """Put a package where a reference says; gives the building, as :func:`apply_values` takes it.

    Raises
    ------
    InvalidInput
        There is no such place or floor.
    NotAllowed
        The role does not reach there.
    """
    place, _, group_code = where.partition(":")
    code, _, wing_code = place.partition("/")
    building = house or places.find_building(session, actor, code)
    wing = next((item for item in building.wings if item.code == wing_code), None)
    groups = group_queries.list_groups(session, [building.id]) if group_code else []
    group = next((item for item in groups if item.code == group_code), None)
    if (wing_code and wing is None) or (group_code and group is None):
        raise _refuse(msg("There is no such place."), msg("Choose one."), "where")
    floor = next((item for item in building.floors if item.level == level), None)
    if level is not None and floor is None:
        raise _refuse(
            msg("The building has no such floor."),
            msg("Write a level such as 3, or leave it empty for all floors."),
            "floor",
        )
    actor.require(Action.EDIT_WORK, building.id, wing.id if wing else None)
    package.building, package.building_id = building, building.id
    package.wing, package.wing_id = wing, wing.id if wing else None
    package.floor, package.floor_id = floor, floor.id if floor else None
    package.room_group, package.room_group_id = group, group.id if group else None
    return building


def _set_others(
    session: Session, actor: Actor, package: WorkPackage, values: PackageValues
) -> None:
    """Point to crew, milestone and renovation; what is hidden stays where no other is named."""
    sight = package_sight.look(session, actor)
    crew = work_queries.get_crew_by_code(session, values.crew) if values.crew else None
    if values.crew and crew is None:
        raise _refuse(msg("There is no crew of this code."), msg("Choose one."), "crew")
    milestone = _find_milestone(session, actor, values.milestone)
    if values.milestone and milestone is None:
        raise _refuse(
            msg("There is no milestone of this code, or it is outside your area."),
            msg("Write the code as it stands in the list of milestones."),
            "milestone",
        )
    renovation = _find_renovation(session, actor, package, values.renovation)
    if values.renovation and renovation is None:
        raise _refuse(
            msg("There is no renovation of this code in the building."),
            msg("Write the code as it stands in the list of renovations."),
            "renovation",
        )
    package.crew, package.crew_id = crew, crew.id if crew else None
    if milestone is not None or sight.milestone_of(package) is not None:
        package.milestone, package.milestone_id = milestone, milestone.id if milestone else None
    if renovation is not None or sight.renovation_of(package) is not None or _is_moved(package):
        package.renovation = renovation
        package.renovation_id = renovation.id if renovation else None


def _find_milestone(session: Session, actor: Actor, code: str) -> Milestone | None:
    found = milestone_queries.get_by_code(session, code) if code else None
    if found is None or not actor.can(Action.SEE_MILESTONES, found.building_id, found.wing_id):
        return None
    return found


def _find_renovation(
    session: Session, actor: Actor, package: WorkPackage, code: str
) -> Renovation | None:
    found = renovation_queries.get_by_codes(session, {code} - {""}).get(code)
    if found is None or found.building_id != package.building_id:
        return None
    return found if renovations.sees(actor, found) else None


def _is_moved(package: WorkPackage) -> bool:
    """Tell whether a package has left the building of its renovation."""
    return package.renovation is not None and (
        package.renovation.building_id != package.building_id
    )


def _refuse_feed(city: CityPlan, actor: Actor, package: WorkPackage) -> None:
    """Refuse a milestone for which the package itself waits."""
    if package.milestone_id is None or package.id is None:
        return
    key = package_key(package.id)
    old = find_feed(key, city.packages[key].milestone_id)
    links: list[Link] = [link for link in city.plan.links if link != old]
    new = find_feed(key, package.milestone_id)
    if new is not None:
        refuse_circle(city, actor, [*links, new], "milestone")


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
