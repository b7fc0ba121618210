"""States of things that are rolled out, and the changes between them, as tables.

Decides which states exist, how each is marked, which change is allowed, who may make it and what
evidence it needs. Refuses to know records: callers pass keys. Cables follow the same shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from wlantrack.errors import InvalidInput, Message, NotAllowed, Problem, msg


class Mark(StrEnum):
    """The shape and colour under which a state is drawn everywhere; CSS and icons follow it."""

    PLANNED = "planned"
    ORDERED = "ordered"
    MOUNTED = "mounted"
    LIVE = "live"
    BLOCKED = "blocked"
    UNDATED = "undated"


@dataclass(frozen=True)
class State:
    """One state: its key in files and database, its word, its mark, and what counts it."""

    key: str
    label: Message
    mark: Mark
    is_live: bool = False
    is_planned: bool = True


@dataclass(frozen=True)
class Transition:
    """One allowed change: who may make it, and the evidence it needs (field names)."""

    source: str
    target: str
    roles: frozenset[str]
    evidence: tuple[str, ...] = ()


ACCESS_POINT_STATES = {
    state.key: state
    for state in (
        State("planned", msg("planned"), Mark.PLANNED),
        State("released", msg("released"), Mark.PLANNED),
        State("ordered", msg("ordered"), Mark.ORDERED),
        State("delivered", msg("delivered"), Mark.ORDERED),
        State("staged", msg("staged"), Mark.ORDERED),
        State("mounted", msg("mounted"), Mark.MOUNTED),
        State("online", msg("online"), Mark.MOUNTED),
        State("in operation", msg("in operation"), Mark.LIVE, is_live=True),
        State("accepted", msg("accepted"), Mark.LIVE, is_live=True),
        State("faulty", msg("faulty"), Mark.BLOCKED, is_planned=False),
        State("lost", msg("lost"), Mark.BLOCKED, is_planned=False),
        State("removed", msg("removed"), Mark.UNDATED, is_planned=False),
    )
}
"""Access-point states in the order of a roll-out; the last three stand aside."""

LIVE_STATES = frozenset(key for key, state in ACCESS_POINT_STATES.items() if state.is_live)
PLANNED_STATES = frozenset(key for key, state in ACCESS_POINT_STATES.items() if state.is_planned)

ROLE_WORDS = {
    "viewer": msg("viewer"),
    "firm": msg("firm"),
    "facility": msg("facility management"),
    "planner": msg("planner"),
    "manager": msg("manager"),
    "security officer": msg("security officer"),
    "admin": msg("administrator"),
}
EVIDENCE_WORDS = {"serial": msg("serial number"), "reason": msg("reason")}

_OFFICE = frozenset({"planner", "manager", "admin"})
_SITE = frozenset({"facility", "planner", "manager", "admin"})
_LEAD = frozenset({"manager", "admin"})
_PATH = (
    ("planned", "released", _OFFICE, ()),
    ("released", "ordered", _OFFICE, ()),
    ("ordered", "delivered", _SITE, ()),
    ("delivered", "staged", _SITE, ("serial",)),
    ("staged", "mounted", _SITE, ()),
    ("mounted", "online", _SITE, ()),
    ("online", "in operation", _OFFICE, ()),
    ("in operation", "accepted", _LEAD, ()),
)
_PRESENT = ("delivered", "staged", "mounted", "online", "in operation", "accepted")
_ON_WALL = ("mounted", "online", "in operation", "accepted")


def _transitions() -> dict[tuple[str, str], Transition]:
    forward = [Transition(*step) for step in _PATH]
    back = [Transition(target, source, _OFFICE, ("reason",)) for source, target, *_ in _PATH]
    aside = [
        Transition(source, target, _SITE, ("reason",))
        for target in ("faulty", "lost")
        for source in _PRESENT
    ]
    removed = [Transition(source, "removed", _OFFICE, ("reason",)) for source in _ON_WALL]
    again = [
        Transition("faulty", "staged", _SITE),
        Transition("faulty", "mounted", _SITE),
        Transition("faulty", "removed", _OFFICE),
        Transition("lost", "removed", _OFFICE),
        Transition("lost", "delivered", _OFFICE, ("reason",)),
        Transition("removed", "planned", _OFFICE),
    ]
    return {(item.source, item.target): item for item in forward + back + aside + removed + again}


ACCESS_POINT_TRANSITIONS = _transitions()


def list_targets(source: str) -> tuple[Transition, ...]:
    """Give the changes that may follow a state."""
    return tuple(item for item in ACCESS_POINT_TRANSITIONS.values() if item.source == source)


def _word_of(key: str) -> Message | str:
    return ACCESS_POINT_STATES[key].label if key in ACCESS_POINT_STATES else key


def require_transition(
    source: str, target: str, *, roles: frozenset[str], evidence: frozenset[str]
) -> Transition:
    """Give the transition, or say why it is refused.

    Raises
    ------
    InvalidInput
        The table has no such change, or its evidence is missing.
    NotAllowed
        None of the roles may make it.
    """
    transition = ACCESS_POINT_TRANSITIONS.get((source, target))
    if transition is None:
        raise InvalidInput(
            Problem(
                msg(
                    "An access point cannot go from %(source)s to %(target)s.",
                    source=_word_of(source),
                    target=_word_of(target),
                ),
                msg(
                    "Possible from here: %(targets)s.",
                    targets=tuple(_word_of(item.target) for item in list_targets(source)),
                ),
                field="state",
                value=target,
            )
        )
    if not transition.roles & roles:
        raise NotAllowed(
            msg(
                "Only %(roles)s may set an access point to %(target)s.",
                roles=tuple(ROLE_WORDS[role] for role in sorted(transition.roles)),
                target=_word_of(target),
            )
        )
    missing = [name for name in transition.evidence if name not in evidence]
    if missing:
        raise InvalidInput(
            *(
                Problem(
                    msg(
                        "%(target)s: the %(field)s is missing.",
                        target=_word_of(target),
                        field=EVIDENCE_WORDS[name],
                    ),
                    msg("Fill it in and try again."),
                    field=name,
                )
                for name in missing
            )
        )
    return transition
