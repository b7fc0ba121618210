"""Changes of milestones: they are added for a place, described, dated in words, and deleted.

Decides that a date set by hand needs a reason, that nothing is reached in the future, and that a
date is applied only to the plan whose slip the person has seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - fields of dataclasses
from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.rollout.milestones import KIND_CODES
from wlantrack.rollout.spoken_dates import parse_spoken, put_in_words
from wlantrack.services import places, room_groups, wings
from wlantrack.services.actor import Action, Actor
from wlantrack.services.milestones import find_milestone
from wlantrack.services.plan import (
    change_activity,
    find_plan,
    milestone_activity,
    milestone_key,
)
from wlantrack.services.ranges import refuse_any, refuse_taken
from wlantrack.services.removal import delete_record
from wlantrack.services.slips import compare_plans
from wlantrack.services.versions import require_version
from wlantrack.store.models.milestones import MILESTONE_KINDS, Milestone
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import milestones as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.services.slips import SlipPreview
    from wlantrack.store.models.demand import RoomGroup
    from wlantrack.store.models.places import Building

PROGRAMME = "programme"
FORECAST, ACTUAL, UNDATED = "forecast", "actual", "undated"
MODES = (FORECAST, ACTUAL, UNDATED)


@dataclass(frozen=True)
class MilestoneValues:
    """What people edit about a milestone beside its dates."""

    code: str
    name: str = ""
    responsible: str = ""
    note: str = ""


@dataclass(frozen=True)
class DateValues:
    """A date in words, or why there is none; first and last day where the words do not tell."""

    mode: str
    wording: str = ""
    earliest: date | None = None
    latest: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Place:
    """Where a milestone may stand: a key for forms, and its names."""

    key: str
    building: str = ""
    wing: str = ""
    room_group: str = ""


@dataclass(frozen=True)
class Seen:
    """What somebody had before their eyes: the record's version, and what the date would move."""

    version: int | None
    slip: str


def list_places(session: Session, actor: Actor) -> list[Place]:
    """Give the places for which the actor may add milestones."""
    found = [Place(PROGRAMME)] if actor.can(Action.EDIT_MILESTONES) else []
    ids = places.visible_buildings(actor, Action.EDIT_MILESTONES)
    groups: dict[int, list[RoomGroup]] = {}
    for group in group_queries.list_groups(session, ids):
        groups.setdefault(group.building_id, []).append(group)
    for building in place_queries.list_whole_buildings(session, ids):
        found += _list_of_building(actor, building, groups.get(building.id, []))
    return found


def _list_of_building(actor: Actor, building: Building, groups: Sequence[RoomGroup]) -> list[Place]:
    found = []
    if actor.can(Action.EDIT_MILESTONES, building.id):
        found.append(Place(f"building:{building.public_id}", building.name))
        found += [
            Place(f"group:{group.public_id}", building.name, room_group=group.name)
            for group in groups
        ]
    return found + [
        Place(f"wing:{wing.public_id}", building.name, wing=wing.name)
        for wing in building.wings
        if actor.can(Action.EDIT_MILESTONES, building.id, wing.id)
    ]


def add_milestones(
    session: Session, actor: Actor, place: str, kinds: Collection[str], reason: str = ""
) -> list[Milestone]:
    """Add milestones of some kinds to a place, each without a date for the same reason.

    Raises
    ------
    InvalidInput
        No kind was chosen, or a kind or the place is unknown.
    """
    unknown = [kind for kind in kinds if kind not in MILESTONE_KINDS]
    if unknown or not kinds:
        raise InvalidInput(
            Problem(
                msg("Choose what is to be reached."),
                msg("Choose one kind of milestone or several."),
                field="kinds",
                value=unknown[0] if unknown else None,
            )
        )
    where = _find_place(session, actor, place)
    actor.require(Action.EDIT_MILESTONES, where.building_id, where.wing_id)
    taken = queries.list_codes(session)
    added = []
    for kind in (kind for kind in MILESTONE_KINDS if kind in kinds):
        code = _make_code(f"{where.prefix}-{KIND_CODES[kind]}", taken)
        taken.add(code)
        added.append(
            Milestone(
                code=code,
                kind=kind,
                building_id=where.building_id,
                wing_id=where.wing_id,
                room_group_id=where.room_group_id,
                undated_reason=reason.strip(),
            )
        )
    session.add_all(added)
    session.commit()
    return added


@dataclass(frozen=True)
class _Where:
    prefix: str
    building_id: int | None = None
    wing_id: int | None = None
    room_group_id: int | None = None


def _find_place(session: Session, actor: Actor, place: str) -> _Where:
    kind, _, ref = place.partition(":")
    if kind == PROGRAMME:
        return _Where("WLAN")
    if kind == "building":
        building = places.find_building(session, actor, ref)
        return _Where(building.code, building.id)
    if kind == "group":
        group = room_groups.find_group(session, actor, ref)
        prefix = f"{group.building.code}-{group.code}"
        return _Where(prefix, group.building_id, room_group_id=group.id)
    if kind == "wing":
        place_of = wings.find_wing(session, actor, ref)
        wing = place_of.wing
        return _Where(f"{place_of.building.code}-{wing.code}", wing.building_id, wing.id)
    raise InvalidInput(
        Problem(msg("There is no such place."), msg("Choose one."), field="place", value=place)
    )


def _make_code(wanted: str, taken: Collection[str]) -> str:
    code, number = wanted, 1
    while code in taken:
        number += 1
        code = f"{wanted}-{number}"
    return code


def edit_milestone(
    session: Session, actor: Actor, ref: str, values: MilestoneValues, version: int | None
) -> Milestone:
    """Change what people edit about a milestone beside its dates.

    Raises
    ------
    InvalidInput
        The code is missing or taken.
    Conflict
        Somebody else has changed it since.
    """
    record = _find_editable(session, actor, ref, version)
    code = values.code.strip()
    refuse_any([] if code else [Problem(msg("Please fill this in."), field="code")])
    other = queries.get_by_code(session, code)
    if other is not None and other is not record:
        raise refuse_taken("code", code)
    record.code, record.name = code, values.name.strip()
    record.responsible, record.note = values.responsible.strip(), values.note.strip()
    session.commit()
    return record


def delete_milestone(
    session: Session, actor: Actor, ref: str, version: int | None
) -> tuple[str, tuple[Message, ...]]:
    """Delete a milestone with its links; gives its code and what went with it."""
    record = _find_editable(session, actor, ref, version)
    code, gone = record.code, delete_record(session, record)
    session.commit()
    return code, gone


def _find_editable(session: Session, actor: Actor, ref: str, version: int | None) -> Milestone:
    record = find_milestone(session, actor, ref)
    actor.require(Action.EDIT_MILESTONES, record.building_id, record.wing_id)
    require_version(session, record, version)
    return record


def preview_date(
    session: Session,
    actor: Actor,
    ref: str,
    values: DateValues,
    parts: PlanParts,
) -> SlipPreview:
    """Tell what a date would move, itself included, without changing anything.

    Raises
    ------
    InvalidInput
        The words name no period, a reason is missing, or it would be reached in the future.
    """
    record = _find_editable(session, actor, ref, None)
    spoken = read_date(values, record, parts.clock.today)
    return _preview(find_plan(session, parts), actor, record, values, spoken)


def _preview(
    city: CityPlan, actor: Actor, record: Milestone, values: DateValues, spoken: SpokenDate | None
) -> SlipPreview:
    changed = _change_row(city, milestone_key(record.id), values, spoken)
    return compare_plans(city, changed, actor)


def _change_row(
    city: CityPlan, key: str, values: DateValues, spoken: SpokenDate | None
) -> CityPlan:
    """Reckon the plan with a milestone's date as it would be, and its words with it."""
    row = replace(
        city.milestones[key],
        actual=spoken if values.mode == ACTUAL else None,
        undated_reason=values.reason.strip() if values.mode == UNDATED else "",
    )
    if values.mode != ACTUAL:
        row = replace(row, forecast=spoken)
    activity = milestone_activity(key, row, city.clock.workdays, is_driven=key in city.driven)
    return change_activity(replace(city, milestones={**city.milestones, key: row}), activity)


def set_date(
    session: Session,
    actor: Actor,
    ref: str,
    values: DateValues,
    version: int | None,
    today: date,
) -> Milestone:
    """Say when a milestone is expected, that it is reached, or why it has no date.

    Raises
    ------
    InvalidInput
        The words name no period, a reason is missing, or it would be reached in the future.
    Conflict
        Somebody else has changed it since.
    """
    record = _find_editable(session, actor, ref, version)
    spoken = read_date(values, record, today)
    put_date(record, values, spoken)
    session.commit()
    return record


def put_date(record: Milestone, values: DateValues, spoken: SpokenDate | None) -> None:
    """Write a date that was read into a milestone."""
    reason = values.reason.strip()
    if values.mode == ACTUAL:
        record.actual, record.undated_reason = spoken, ""
        return
    record.actual = None
    record.forecast = spoken
    record.forecast_reason = reason if values.mode == FORECAST else ""
    record.undated_reason = reason if values.mode == UNDATED else ""


def apply_date(
    session: Session,
    actor: Actor,
    ref: str,
    values: DateValues,
    seen: Seen,
    parts: PlanParts,
) -> Milestone:
    """Set a date whose slip somebody has looked at.

    Raises
    ------
    Conflict
        The milestone, or what the date would move, has changed since the preview.
    """
    now = preview_date(session, actor, ref, values, parts)
    if now.seen != seen.slip:
        raise Conflict(
            msg("The plan has changed since you looked: it moves something else now. Look again.")
        )
    return set_date(session, actor, ref, values, seen.version, parts.clock.today)


def read_date(values: DateValues, record: Milestone, today: date) -> SpokenDate | None:
    """Give the date that was entered; None for a milestone without date.

    Raises
    ------
    InvalidInput
        The words name no period, a reason is missing, or it would be reached in the future.
    """
    if values.mode not in MODES:
        raise InvalidInput(
            Problem(msg("Choose what is known."), msg("Choose one of the three."), field="mode")
        )
    if values.mode == UNDATED:
        if not values.reason.strip():
            raise _refuse_reason(msg("Say why no date can be given, and what it waits for."))
        return None
    spoken = read_words(values)
    if values.mode == ACTUAL and spoken.earliest > today:
        raise InvalidInput(
            Problem(
                msg("Nothing is reached in the future."),
                msg("Enter it as a forecast, or correct the date."),
                field="wording",
                value=spoken.wording,
            )
        )
    is_changed = record.forecast is not None and record.forecast != spoken
    if values.mode == FORECAST and is_changed and not values.reason.strip():
        raise _refuse_reason(msg("Say why the forecast changes."))
    return spoken


def read_words(values: DateValues) -> SpokenDate:
    """Read words with the first and last day beside them, if these were given."""
    try:
        if values.earliest is not None and values.latest is not None:
            return put_in_words(values.wording, values.earliest, values.latest)
        return parse_spoken(values.wording)
    except InvalidInput as error:
        raise InvalidInput(
            *(replace(problem, field=problem.field or "wording") for problem in error.problems)
        ) from error


def _refuse_reason(message: Message) -> InvalidInput:
    return InvalidInput(Problem(message, msg("Write a reason."), field="reason"))
