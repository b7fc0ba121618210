"""Whether a place or the whole city could be operated, for milestones and the overview.

Decides from what a place is judged: a support team of its own or of the city, its own people to be
trained and the city's, its cables; posts belong to the city alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wlantrack.rollout import readiness as rules
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import governance as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.rollout.readiness import Check


@dataclass(frozen=True)
class Grounds:
    """What readiness is counted from, once for the whole city.

    ``supported`` are the buildings with a support team, ``people`` those to be trained and those
    who are, by building; None stands for the whole city. ``posts`` are full-time equivalents:
    filled, and all that were not refused.
    """

    supported: frozenset[int | None] = frozenset()
    people: Mapping[int | None, tuple[int, int]] = field(default_factory=dict)
    posts: tuple[float, float] = (0.0, 0.0)


def load_grounds(session: Session) -> Grounds:
    """Count everything."""
    return Grounds(
        frozenset(queries.list_team_houses(session)),
        {
            building_id: (planned, trained)
            for building_id, planned, trained in queries.count_people(session)
        },
        queries.sum_posts(session),
    )


def check_place(
    grounds: Grounds, actor: Actor, place: tuple[int | None, int | None], cables: tuple[int, int]
) -> tuple[Check, ...]:
    """Judge a place's readiness, as far as an actor may know of it.

    Parameters
    ----------
    place
        Ids of building and wing; without a building, the whole city.
    cables
        How many of the place's cables are measured, and how many there are to be.
    """
    building_id, _ = place
    checks = []
    sees_city = actor.can(Action.SEE_GOVERNANCE)
    if actor.can(Action.SEE_GOVERNANCE, *place):
        is_named = not grounds.supported.isdisjoint({None, building_id})
        # For the whole city everybody counts; for a building its own people and the city's.
        asked = [
            people
            for other, people in grounds.people.items()
            if building_id is None or other in {None, building_id}
        ]
        planned, trained = sum(people[0] for people in asked), sum(people[1] for people in asked)
        checks += [
            rules.check_support(is_named=is_named),
            rules.check_training(planned, trained, tells_numbers=sees_city),
        ]
        if building_id is None:
            checks.append(rules.check_posts(*grounds.posts))
    if checks and cables[1] and actor.can(Action.SEE_CABLING, *place):
        checks.append(rules.check_documents(*cables))
    return tuple(checks)
