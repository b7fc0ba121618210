"""Decisions, posts, trainings, support teams, devices, budget lines and risks: find, add, change.

Decides that what lies in a building is seen and changed by those who are responsible for all of it,
and what belongs to the city by those who are responsible for the city. What the fields of a kind
are, ``governance_kinds.py`` says.
"""

from __future__ import annotations

import math
import uuid
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cabling_places import next_number, taken_code
from wlantrack.services.governance_kinds import (
    CODE,
    KINDS,
    NUMBERS,
    GovernanceKind,
    Shape,
)
from wlantrack.services.ranges import refuse_any
from wlantrack.services.removal import delete_record as remove
from wlantrack.services.versions import require_version
from wlantrack.store.models.governance import Decision
from wlantrack.store.queries import governance as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.governance_kinds import Field, GovernanceRecord
    from wlantrack.services.history import Entry
    from wlantrack.store.models.governance import BudgetLine, Post


def visible_houses(actor: Actor, action: Action = Action.SEE_GOVERNANCE) -> tuple[int, ...] | None:
    """Give the ids of the buildings that an actor reaches as a whole; None means the whole city."""
    scopes = actor.scopes(action)
    if scopes is None:
        return None
    return tuple({s.building_id for s in scopes if s.building_id and s.wing_id is None})


def visible_kinds(actor: Actor) -> tuple[GovernanceKind, ...]:
    """Give the kinds of which an actor may see anything."""
    sees_city = actor.can(Action.SEE_GOVERNANCE)
    return tuple(kind for kind in KINDS.values() if sees_city or kind.is_placed)


def require_kind(slug: str) -> GovernanceKind:
    """Give a kind by its part of an address.

    Raises
    ------
    NotFound
        There is no such kind.
    """
    if slug not in KINDS:
        raise NotFound(msg("There is no such list."))
    return KINDS[slug]


def may_add(actor: Actor, kind: GovernanceKind) -> bool:
    """Tell whether an actor may add a record of a kind, wherever that is."""
    action = Action.EDIT_GOVERNANCE
    return actor.can_anywhere(action) if kind.is_placed else actor.can(action)


def may_edit(actor: Actor, record: GovernanceRecord) -> bool:
    """Tell whether an actor may change a record."""
    return actor.can(Action.EDIT_GOVERNANCE, getattr(record, "building_id", None))


def find_record(session: Session, actor: Actor, kind: GovernanceKind, ref: str) -> GovernanceRecord:
    """Give a record by code or public id.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    record = (
        queries.get_record_by_code(session, kind.model, ref)
        if public_id is None
        else queries.get_record(session, kind.model, public_id)
    )
    building_id = getattr(record, "building_id", None)
    if record is None or not actor.can(Action.SEE_GOVERNANCE, building_id):
        raise NotFound(msg("There is no such entry; perhaps somebody has deleted it."))
    return record


def list_based_on(
    session: Session, actor: Actor, decision: Decision
) -> tuple[list[Post], list[BudgetLine]]:
    """Give the posts and budget lines that rest on a decision."""
    actor.require(Action.SEE_GOVERNANCE)
    return queries.list_of_decision(session, decision.id)


def list_decisions(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give code and title of the decisions that a record can rest on."""
    if not actor.can(Action.SEE_GOVERNANCE):
        return []
    return [(item.code, item.title) for item in queries.list_decisions(session)]


def list_buildings(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give code and name of the buildings for which an actor may enter something."""
    houses = visible_houses(actor, Action.EDIT_GOVERNANCE)
    return [(row.code, row.name) for row in place_queries.list_building_names(session, houses)]


def list_history(
    session: Session, actor: Actor, kind: GovernanceKind, record: GovernanceRecord
) -> list[Entry]:
    """Give what happened to a record, the latest first."""
    return history.list_of_record(session, actor, kind.entity, record.public_id)


def add_record(
    session: Session, actor: Actor, kind: GovernanceKind, values: Mapping[str, object]
) -> GovernanceRecord:
    """Add a record of a kind; an empty code gets the next free one.

    Raises
    ------
    InvalidInput
        A value is missing, too long or out of range, or the code is taken.
    NotAllowed
        The role does not reach.
    """
    code = str(values.get("code") or "").strip() or _next_code(session, kind)
    record = kind.model(public_id=uuid.uuid4())
    with session.no_autoflush:
        _apply(session, actor, kind, record, {**values, "code": code})
    session.add(record)
    session.commit()
    return record


def edit_record(
    session: Session,
    actor: Actor,
    kind: GovernanceKind,
    ref: str,
    values: Mapping[str, object],
    version: int | None,
) -> GovernanceRecord:
    """Change a record; an empty code keeps the one it has.

    Raises
    ------
    InvalidInput
        A value is missing, too long or out of range, or the code is taken.
    Conflict
        Somebody else has changed it since.
    """
    record = find_record(session, actor, kind, ref)
    actor.require(Action.EDIT_GOVERNANCE, getattr(record, "building_id", None))
    require_version(session, record, version)
    code = str(values.get("code") or "").strip() or record.code
    with session.no_autoflush:
        _apply(session, actor, kind, record, {**values, "code": code})
    session.commit()
    return record


def delete_record(
    session: Session, actor: Actor, kind: GovernanceKind, ref: str, version: int | None
) -> None:
    """Delete a record; what rested on a decision stays, and rests on none any more."""
    record = find_record(session, actor, kind, ref)
    actor.require(Action.EDIT_GOVERNANCE, getattr(record, "building_id", None))
    require_version(session, record, version)
    remove(session, record)
    session.commit()


def _next_code(session: Session, kind: GovernanceKind) -> str:
    codes = queries.list_codes(session, kind.model, kind.prefix)
    return f"{kind.prefix}{next_number(codes, kind.prefix)}"


def _apply(
    session: Session,
    actor: Actor,
    kind: GovernanceKind,
    record: GovernanceRecord,
    values: Mapping[str, object],
) -> None:
    refuse_any(list_problems(kind, values))
    code = str(values["code"])
    other = queries.get_record_by_code(session, kind.model, code)
    if other is not None and other is not record:
        raise taken_code(code)
    _place(session, actor, kind, record, values)
    record.code = code
    for item in kind.fields:
        if item.shape is Shape.DECISION:
            record.decision = _find_decision(session, str(values[item.name] or ""))
            record.decision_id = record.decision.id if record.decision else None
        elif item.shape is not Shape.BUILDING:
            setattr(record, item.name, values[item.name])


def _place(
    session: Session,
    actor: Actor,
    kind: GovernanceKind,
    record: GovernanceRecord,
    values: Mapping[str, object],
) -> None:
    """Let a record lie where it shall, if the actor reaches there."""
    building = None
    if kind.is_placed and values["building"]:
        building = places.find_building(session, actor, str(values["building"]))
    actor.require(Action.EDIT_GOVERNANCE, building.id if building else None)
    if kind.is_placed:
        record.building, record.building_id = building, building.id if building else None


def _find_decision(session: Session, code: str) -> Decision | None:
    if not code:
        return None
    decision: Decision | None = queries.get_record_by_code(session, Decision, code)
    if decision is None:
        raise InvalidInput(
            Problem(
                msg("There is no such decision."),
                msg("Choose one of the list, or enter the decision first."),
                field="decision",
                value=code,
            )
        )
    return decision


def list_problems(kind: GovernanceKind, values: Mapping[str, object]) -> list[Problem]:
    """Give everything that is wrong with the values of a kind's fields."""
    return [
        problem
        for item in (CODE, *kind.fields)
        if (problem := _find_problem(item, values[item.name])) is not None
    ]


def _find_problem(item: Field, value: object) -> Problem | None:
    if isinstance(value, str) and not value.strip():
        value = None
    if value is None:
        must = item.is_required or item.default not in {"", None}
        return Problem(msg("Please fill this in."), field=item.name) if must else None
    if item.shape in {Shape.TEXT, Shape.LONG_TEXT} and len(str(value)) > item.longest:
        return Problem(
            msg("This text is longer than %(length)d characters.", length=item.longest),
            msg("Shorten it."),
            field=item.name,
        )
    if isinstance(value, int | float) and (item.shape in NUMBERS or item.shape is Shape.GRADE):
        if math.isfinite(value) and item.lowest <= value <= item.highest:
            return None
        return Problem(
            msg("This must lie between %(low)g and %(high)g.", low=item.lowest, high=item.highest),
            field=item.name,
            value=f"{value:g}",
        )
    if item.shape in {Shape.STATE, Shape.NETWORK} and value not in item.words:
        return Problem(
            msg("There is no such choice."),
            msg("Choose one of the list."),
            field=item.name,
            value=str(value)[:80],
        )
    return None
