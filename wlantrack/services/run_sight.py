"""Which cable runs a person sees and carries on: staff by place, a firm those it was given.

Decides that a run is given to a firm once it is ordered from it, and stays its own until it is taken
out of service: the firm may read up on what it has built. A firm without a name has no runs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotAllowed, NotFound, msg
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services.actor import ACTION_WORDS, Action, Actor
from wlantrack.store.queries.scopes import RunReach

if TYPE_CHECKING:
    from wlantrack.store.models.cabling import CableRun

_ORDER = tuple(CABLE_STATES)
GIVEN_STATES: Final = frozenset(
    (*_ORDER[_ORDER.index("ordered") : _ORDER.index("accepted") + 1], "test failed")
)
"""States of a run that a firm was given; a blocked one counts by the state it was blocked in."""


def reach_of(actor: Actor) -> RunReach:
    """Give which runs the actor sees, for queries."""
    firms = tuple((scope.firm, scope.building_id, scope.wing_id) for scope in actor.firm_scopes())
    return RunReach(actor.scope_pairs(Action.SEE_CABLING), firms, GIVEN_STATES)


def carry_reach_of(actor: Actor) -> RunReach:
    """Give which runs the actor may carry to other states, for queries."""
    return replace(reach_of(actor), places=actor.scope_pairs(Action.CHANGE_CABLE_STATE))


def list_states(actor: Actor) -> list[str]:
    """Give the states in which the actor can meet a run, in their order."""
    if actor.can_anywhere(Action.SEE_CABLING):
        return list(CABLE_STATES)
    return [key for key in CABLE_STATES if key in GIVEN_STATES | {"blocked"}]


def is_own(actor: Actor, run: CableRun) -> bool:
    """Tell whether a run was given to a firm for which the actor works."""
    place = run.floor.building_id, run.wing_id
    return is_given(actor, place, run.firm, run.state, run.state_before)


def is_given(
    actor: Actor, place: tuple[int, int | None], firm: str, state: str, state_before: str | None
) -> bool:
    """Tell the same of a run's columns: where it lies, and to whom it was given in which state."""
    return is_given_state(state, state_before) and any(
        scope.firm == firm and scope.covers(*place) for scope in actor.firm_scopes()
    )


def is_given_state(state: str, state_before: str | None) -> bool:
    """Tell whether a run in this state is out to its firm."""
    counted = (state_before or "") if state == "blocked" else state
    return counted in GIVEN_STATES


def sees_inside(actor: Actor, run: CableRun) -> bool:
    """Tell whether the actor sees what lies around a run, too: switches, people, other runs."""
    return actor.can(Action.SEE_CABLING, run.floor.building_id, run.wing_id)


def sees_run(actor: Actor, run: CableRun) -> bool:
    """Tell whether the actor sees a run; its floor must be loaded."""
    return sees_inside(actor, run) or is_own(actor, run)


def may_carry(actor: Actor, run: CableRun) -> bool:
    """Tell whether the actor may carry a run to any other state; which, the table says."""
    where = run.floor.building_id, run.wing_id
    return actor.can(Action.CHANGE_CABLE_STATE, *where) or is_own(actor, run)


def require_carry(actor: Actor, run: CableRun) -> None:
    """Refuse whoever may not carry a run on.

    Raises
    ------
    NotFound
        The run is out of sight.
    NotAllowed
        The role does not reach.
    """
    if may_carry(actor, run):
        return
    if not sees_run(actor, run):
        raise NotFound(msg("There is no such cable run; perhaps somebody has deleted it."))
    raise NotAllowed(
        msg(
            "Your role does not allow this here (%(action)s).",
            action=ACTION_WORDS[Action.CHANGE_CABLE_STATE],
        )
    )


def roles_at(actor: Actor, run: CableRun) -> frozenset[str]:
    """Give the roles that count for a change of a run: that of a firm at its own runs only."""
    roles = actor.roles_in(run.floor.building_id, run.wing_id)
    return roles if is_own(actor, run) else roles - {"firm"}
