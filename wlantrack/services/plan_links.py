"""Links between milestones and work packages: what waits for what.

Decides that a link belongs to what waits: who may edit that may link it to anything they see. A
link that closes a circle is refused, and the circle is named.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.critical_path import Link, LinkKind, Plan
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.services.plan import after_key, before_key, find_plan
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.milestones import LINK_KINDS, PlanLink
from wlantrack.store.queries import milestones as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.store.queries.milestones import MilestoneRow, PackageRow

LONGEST_LAG_DAYS = 1000


@dataclass(frozen=True)
class LinkValues:
    """What something waits for, by code; the lag is in working days and may be negative."""

    before: str
    kind: str = "FS"
    lag_days: int = 0


def list_candidates(
    city: CityPlan, actor: Actor, building_id: int | None
) -> list[MilestoneRow | PackageRow]:
    """Give what something in a building may wait for: the building's own, and the programme's."""
    return [
        row
        for row in city.rows.values()
        if building_id is None or row.building_id in {None, building_id}
        if actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id)
    ]


def add_link(
    session: Session,
    actor: Actor,
    after: uuid.UUID,
    values: LinkValues,
    parts: PlanParts,
) -> PlanLink:
    """Let a milestone or package, by its public id, wait for another one.

    Raises
    ------
    InvalidInput
        There is no other of this code, they are linked already, or the links would run in a circle.
    """
    audit.take_turn(session)  # two links, each harmless by itself, may close a circle together
    city = find_plan(session, parts)
    keys = {row.public_id: key for key, row in city.rows.items()}
    key = keys.get(after)
    if key is None:
        raise NotFound(msg("There is no such milestone, or it is outside your area."))
    row = city.row_of(key)
    action = Action.EDIT_MILESTONES if key in city.milestones else Action.EDIT_WORK
    actor.require(action, row.building_id, row.wing_id)
    other = _find_other(city, actor, values.before)
    _check(city, actor, key, other, values)
    ends = {_column("before", other): _id_of(other), _column("after", key): _id_of(key)}
    link = PlanLink(kind=values.kind, lag_days=values.lag_days, **ends)
    session.add(link)
    session.commit()
    return link


def remove_link(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Let something no longer wait for something else.

    Raises
    ------
    NotFound
        There is no such link, or what waits by it is out of scope.
    """
    public_id = parse_uuid(ref)
    link = queries.get_link(session, public_id) if public_id is not None else None
    place = queries.find_link_place(session, link) if link is not None else None
    if link is None or place is None or not actor.can(Action.SEE_MILESTONES, *place):
        raise NotFound(msg("There is no such link, or it is outside your area."))
    is_of_milestone = link.after_milestone_id is not None
    actor.require(Action.EDIT_MILESTONES if is_of_milestone else Action.EDIT_WORK, *place)
    require_version(session, link, version)
    session.delete(link)
    session.commit()


def _find_other(city: CityPlan, actor: Actor, code: str) -> str:
    for key, row in city.rows.items():
        is_seen = actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id)
        if row.code == code.strip() and is_seen:
            return key
    raise InvalidInput(
        Problem(
            msg("There is no milestone or work package of this code."),
            msg("Write a code from the list of milestones."),
            field="before",
            value=code,
        )
    )


def _check(city: CityPlan, actor: Actor, key: str, other: str, values: LinkValues) -> None:
    if values.kind not in LINK_KINDS:
        raise InvalidInput(
            Problem(msg("There is no such kind of link."), field="kind", value=values.kind)
        )
    require_lag(values.lag_days)
    if any((before_key(link), after_key(link)) == (other, key) for link in city.links):
        raise InvalidInput(
            Problem(
                msg("These two are linked already."),
                msg("Remove the link first if it is to be another one."),
                field="before",
                value=values.before,
            )
        )
    link = Link(other, key, LinkKind(values.kind), values.lag_days)
    refuse_circle(city, actor, (*city.plan.links, link), "before")


def require_lag(lag_days: int) -> None:
    """Refuse a lag of more working days than anybody means.

    Raises
    ------
    InvalidInput
        Names the lag.
    """
    if abs(lag_days) > LONGEST_LAG_DAYS:
        raise InvalidInput(
            Problem(
                msg("The lag is too long."),
                msg("Enter at most %(most)d working days.", most=LONGEST_LAG_DAYS),
                field="lag_days",
                value=str(lag_days),
            )
        )


def refuse_circle(city: CityPlan, actor: Actor, links: Iterable[Link], field: str) -> None:
    """Refuse links that run in a circle, and name it as far as the actor may know of it.

    Raises
    ------
    InvalidInput
        Names the circle.
    """
    activities = [
        replace(activity, label=activity.label if _may_know(city, actor, name) else "…")
        for name, activity in city.plan.activities.items()
    ]
    try:
        Plan(activities, links)
    except InvalidInput as error:
        raise InvalidInput(
            *(replace(problem, field=field) for problem in error.problems)
        ) from error


def _may_know(city: CityPlan, actor: Actor, key: str) -> bool:
    row = city.row_of(key)
    return actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id)


def _column(end: str, key: str) -> str:
    return f"{end}_{'milestone' if key.startswith('m') else 'package'}_id"


def _id_of(key: str) -> int:
    return int(key[1:])
