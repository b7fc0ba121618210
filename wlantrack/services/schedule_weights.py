"""What the faults of a plan cost against one another, as managers set it.

Decides who may set weights and within which limits; what each means stands in ``WORDS``.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.scheduling.parts import Weights
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.schedules import MOST_WEIGHT, WEIGHT_NAMES, ScheduleWeights
from wlantrack.store.queries import proposals as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

RECORD_ID: Final = uuid.UUID("5c8edb1e-0f0a-4d0e-9f0b-6d1f2a7c3e01")
"""There is one record; two people who set weights for the first time would make the same."""

WORDS: Final = {
    "lateness": msg("Being late"),
    "outside": msg("Work in walls while they are closed"),
    "disturbance": msg("Disturbing others"),
    "move": msg("Moving what was planned"),
}
MEANINGS: Final = {
    "lateness": msg(
        "For each working day by which a package ends after the day on which it is due, times 1"
        " (priority 5) to 5 (priority 1)."
    ),
    "outside": msg(
        "For each cable of a package that is not laid while a renovation has the walls open."
        " Without any such renovation ahead it costs nothing."
    ),
    "disturbance": msg(
        "For each day of work of normal loudness while loud work is forbidden there, such as during"
        " a session of the council."
    ),
    "move": msg(
        "For each package that begins on another day than today's plan says. The more it costs, the"
        " more of the plan stays as people know it."
    ),
}


def find_weights(session: Session) -> Weights:
    """Give the weights in force: those that were set, else the usual ones."""
    row = queries.get_weights(session)
    if row is None:
        return Weights()
    return Weights(**{name: getattr(row, name) for name in WEIGHT_NAMES})


def find_record(session: Session, actor: Actor) -> ScheduleWeights:
    """Give the record that a form changes; one that is not kept yet has the usual weights.

    Raises
    ------
    NotAllowed
        The role does not set weights.
    """
    actor.require(Action.SET_WEIGHTS)
    row = queries.get_weights(session)
    return row or ScheduleWeights(public_id=RECORD_ID, version=0, **asdict(Weights()))


def set_weights(session: Session, actor: Actor, weights: Weights, version: int | None) -> None:
    """Set all weights; searches from now on use them.

    Raises
    ------
    InvalidInput
        One is not between 0 and 1000, or all are 0.
    Conflict
        Somebody else has changed them since.
    """
    actor.require(Action.SET_WEIGHTS)
    values = asdict(weights)
    _check(values)
    row = queries.get_weights(session)
    if row is None:
        session.add(ScheduleWeights(public_id=RECORD_ID, **values))
    else:
        require_version(session, row, version)
        for name, value in values.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
    session.commit()


def _check(values: dict[str, int]) -> None:
    problems = [
        Problem(
            msg("A weight lies between 0 and %(most)d.", most=MOST_WEIGHT),
            msg("0 is: it does not matter."),
            field=name,
            value=str(value),
        )
        for name, value in values.items()
        if not 0 <= value <= MOST_WEIGHT
    ]
    if not problems and not any(values.values()):
        problems.append(
            Problem(
                msg("Nothing would matter any more."),
                msg("Give one weight at least that is more than 0."),
                field="lateness",
            )
        )
    if problems:
        raise InvalidInput(*problems)
