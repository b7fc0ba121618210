"""States of things that are rolled out, and the changes between them, as tables.

Decides which states exist, how each is marked, which change is allowed, who may make it, what
evidence it needs and under which condition. Refuses to know records: callers pass keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, NotAllowed, Problem, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Mark(StrEnum):
    """The shape and colour under which a state is drawn everywhere; CSS and icons follow it."""

    PLANNED = "planned"
    ORDERED = "ordered"
    MOUNTED = "mounted"
    LIVE = "live"
    BLOCKED = "blocked"
    UNDATED = "undated"


class Condition(StrEnum):
    """What must hold of the thing itself, beside evidence, for a change."""

    NO_FIRE_WALL = "no fire wall"
    CAME_FROM_THERE = "came from there"
    PERMITS_CLEARED = "permits cleared"
    POLLUTANTS_KNOWN = "pollutants known"
    PENETRATIONS_SEALED = "penetrations sealed"


HOLD_POINTS = frozenset(
    {Condition.PERMITS_CLEARED, Condition.POLLUTANTS_KNOWN, Condition.PENETRATIONS_SEALED}
)
"""Conditions that other records decide: they can come to hold while the thing stays as it is."""


@dataclass(frozen=True)
class State:
    """One state: its key in files and database, its word, its mark, and what counts it.

    ``is_live`` states are done as far as progress counts; what is not ``is_planned`` has left the
    plan.
    """

    key: str
    label: Message
    mark: Mark
    is_live: bool = False
    is_planned: bool = True


@dataclass(frozen=True)
class Transition:
    """One allowed change: who may make it, the evidence it needs (field names), its conditions."""

    source: str
    target: str
    roles: frozenset[str]
    evidence: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()


NO_REASONS: Mapping[Condition, tuple[Problem, ...]] = {}


@dataclass(frozen=True)
class Lifecycle:
    """The states of one kind of thing, in the order of a roll-out, and the changes between them."""

    noun: Message
    states: Mapping[str, State]
    transitions: Mapping[tuple[str, str], Transition]

    def list_targets(self, source: str) -> tuple[Transition, ...]:
        """Give the changes that may follow a state."""
        return tuple(item for item in self.transitions.values() if item.source == source)

    def word_of(self, key: str) -> Message | str:
        """Give a state's word; an unknown key stands for itself."""
        return self.states[key].label if key in self.states else key

    def require(
        self,
        source: str,
        target: str,
        *,
        roles: frozenset[str],
        evidence: frozenset[str],
        conditions: frozenset[Condition] = frozenset(),
        reasons: Mapping[Condition, tuple[Problem, ...]] = NO_REASONS,
    ) -> Transition:
        """Give the transition, or say why it is refused.

        Parameters
        ----------
        roles
            Those the person has in this place.
        evidence
            Names of the evidence that is there.
        conditions
            Those that hold of the thing.
        reasons
            Why others do not, where there is more to say than the condition itself.

        Raises
        ------
        InvalidInput
            It is in that state already, the table has no such change, its evidence is missing, or
            a condition does not hold.
        NotAllowed
            None of the roles may make it.
        """
        transition = self.transitions.get((source, target))
        if transition is None:
            raise self._refuse_change(source, target)
        if not transition.roles & roles:
            raise NotAllowed(
                msg(
                    "Only %(roles)s may set %(noun)s to %(target)s.",
                    roles=tuple(ROLE_WORDS[role] for role in sorted(transition.roles)),
                    noun=self.noun,
                    target=self.word_of(target),
                )
            )
        problems = [
            problem
            for condition in transition.conditions
            if condition not in conditions
            for problem in reasons.get(condition) or (_describe_condition(condition, target),)
        ]
        problems += [
            Problem(
                msg(
                    "%(target)s: the %(field)s is missing.",
                    target=self.word_of(target),
                    field=EVIDENCE_WORDS[name],
                ),
                msg("Fill it in and try again."),
                field=name,
            )
            for name in transition.evidence
            if name not in evidence
        ]
        if problems:
            raise InvalidInput(*problems)
        return transition

    def _refuse_change(self, source: str, target: str) -> InvalidInput:
        if source == target:
            words = msg("The state is %(state)s already.", state=self.word_of(target))
            return InvalidInput(
                Problem(words, msg("There is nothing to do."), field="state", value=target)
            )
        targets = tuple(self.word_of(item.target) for item in self.list_targets(source))
        return InvalidInput(
            Problem(
                msg(
                    "The state cannot go from %(source)s to %(target)s.",
                    source=self.word_of(source),
                    target=self.word_of(target),
                ),
                msg("Possible from here: %(targets)s.", targets=targets)
                if targets
                else msg("This state is the last one."),
                field="state",
                value=target,
            )
        )


def _describe_condition(condition: Condition, target: str) -> Problem:
    message, remedy = CONDITION_WORDS[condition]
    return Problem(message, remedy, field="state", value=target)


ROLE_WORDS = {
    "viewer": msg("viewer"),
    "firm": msg("firm"),
    "facility": msg("facility management"),
    "planner": msg("planner"),
    "manager": msg("manager"),
    "security officer": msg("security officer"),
    "admin": msg("administrator"),
}
EVIDENCE_WORDS = {
    "serial": msg("serial number"),
    "reason": msg("reason"),
    "permit": msg("reference of the permit"),
    "firm": msg("firm"),
    "photo": msg("photo"),
    "continuity": msg("continuity test"),
    "pass_record": msg("test record with the result PASS"),
    "fail_record": msg("test record with the result FAIL"),
    "switch_port": msg("switch port"),
    "protocol": msg("reference of the acceptance protocol"),
    "approval": msg("approval of the seal"),
}
CONDITION_WORDS = {
    Condition.NO_FIRE_WALL: (
        msg("The run crosses a fire wall: it needs its fire stopping first."),
        msg("Set it to fire-stopped with a photo, then release it."),
    ),
    Condition.CAME_FROM_THERE: (
        msg("A blocked run goes back to the state in which it was blocked."),
        msg("Choose that state, or take the run out of service."),
    ),
    Condition.PERMITS_CLEARED: (
        msg("A permit is missing."),
        msg("Look at the permits that cover it, and enter them as granted or not needed."),
    ),
    Condition.POLLUTANTS_KNOWN: (
        msg("What is known of pollutants is missing."),
        msg("Cover it by a permit about pollutants, and enter it as granted or not needed."),
    ),
    Condition.PENETRATIONS_SEALED: (
        msg("A penetration that it leads through is not sealed."),
        msg("Have it sealed and enter that with a photo."),
    ),
}
"""What is wrong where a condition does not hold, and what to do."""

_OFFICE = frozenset({"planner", "manager", "admin"})
_SITE = frozenset({"facility", "planner", "manager", "admin"})
_LEAD = frozenset({"manager", "admin"})
_HANDS = _SITE | {"firm"}
_STEWARDS = frozenset({"facility", "manager", "admin"})


def _index(transitions: Iterable[Transition]) -> dict[tuple[str, str], Transition]:
    return {(item.source, item.target): item for item in transitions}


def _back(path: Iterable[Transition]) -> list[Transition]:
    return [Transition(step.target, step.source, _OFFICE, ("reason",)) for step in path]


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

_ACCESS_POINT_PATH = (
    Transition("planned", "released", _OFFICE),
    Transition("released", "ordered", _OFFICE),
    Transition("ordered", "delivered", _SITE),
    Transition("delivered", "staged", _SITE, ("serial",)),
    Transition("staged", "mounted", _SITE, (), (Condition.PERMITS_CLEARED,)),
    Transition("mounted", "online", _SITE),
    Transition("online", "in operation", _OFFICE),
    Transition("in operation", "accepted", _LEAD),
)
_PRESENT = ("delivered", "staged", "mounted", "online", "in operation", "accepted")
_ON_WALL = ("mounted", "online", "in operation", "accepted")

ACCESS_POINT_LIFECYCLE = Lifecycle(
    msg("an access point"),
    ACCESS_POINT_STATES,
    _index(
        (
            *_ACCESS_POINT_PATH,
            *_back(_ACCESS_POINT_PATH),
            *(
                Transition(source, target, _SITE, ("reason",))
                for target in ("faulty", "lost")
                for source in _PRESENT
            ),
            *(Transition(source, "removed", _OFFICE, ("reason",)) for source in _ON_WALL),
            Transition("faulty", "staged", _SITE),
            Transition("faulty", "mounted", _SITE, (), (Condition.PERMITS_CLEARED,)),
            Transition("faulty", "removed", _OFFICE),
            Transition("lost", "removed", _OFFICE),
            Transition("lost", "delivered", _OFFICE, ("reason",)),
            Transition("removed", "planned", _OFFICE),
        )
    ),
)

CABLE_STATES = {
    state.key: state
    for state in (
        State("requested", msg("requested"), Mark.PLANNED),
        State("surveyed", msg("surveyed"), Mark.PLANNED),
        State("design released", msg("design released"), Mark.PLANNED),
        State("permits cleared", msg("permits cleared"), Mark.PLANNED),
        State("ordered", msg("work ordered"), Mark.ORDERED),
        State("containment installed", msg("containment installed"), Mark.ORDERED),
        State("pulled", msg("pulled"), Mark.MOUNTED),
        State("fire-stopped", msg("fire-stopped"), Mark.MOUNTED),
        State("released to close", msg("released to close"), Mark.MOUNTED),
        State("terminated", msg("terminated"), Mark.MOUNTED),
        State("tested", msg("tested"), Mark.LIVE, is_live=True),
        State("patched", msg("patched"), Mark.LIVE, is_live=True),
        State("accepted", msg("accepted"), Mark.LIVE, is_live=True),
        State("blocked", msg("blocked"), Mark.BLOCKED),
        State("test failed", msg("test failed"), Mark.BLOCKED),
        State("decommissioned", msg("decommissioned"), Mark.UNDATED, is_planned=False),
    )
}
"""Cable states in the order of a roll-out; the last three stand aside."""

_CABLE_PATH = (
    Transition("requested", "surveyed", _SITE),
    Transition("surveyed", "design released", _OFFICE),
    Transition(
        "design released", "permits cleared", _OFFICE, ("permit",), (Condition.PERMITS_CLEARED,)
    ),
    Transition("permits cleared", "ordered", _OFFICE, ("firm",), (Condition.POLLUTANTS_KNOWN,)),
    Transition("ordered", "containment installed", _HANDS),
    Transition("containment installed", "pulled", _HANDS, ("firm",)),
    Transition("pulled", "fire-stopped", _HANDS, ("photo",)),
    Transition(
        "fire-stopped",
        "released to close",
        _STEWARDS,
        ("photo", "continuity"),
        (Condition.PENETRATIONS_SEALED,),
    ),
    Transition("released to close", "terminated", _HANDS),
    Transition("terminated", "tested", _HANDS, ("pass_record",)),
    Transition("tested", "patched", _SITE, ("switch_port",)),
    Transition("patched", "accepted", _STEWARDS, ("protocol",)),
)
CABLE_ORDER = ("requested", *(step.target for step in _CABLE_PATH))
"""The states of a cable run that meets nothing on its way."""

_FROM_PULLED = ("released to close", "terminated")
"""They go back to "pulled": not every run was fire-stopped or released on its way here."""
_UNDER_WAY = CABLE_ORDER[:-1]
_IN_PLACE = CABLE_ORDER[CABLE_ORDER.index("pulled") :]

CABLE_LIFECYCLE = Lifecycle(
    msg("a cable run"),
    CABLE_STATES,
    _index(
        (
            *_CABLE_PATH,
            *_back(step for step in _CABLE_PATH if step.target not in _FROM_PULLED),
            *(Transition(source, "pulled", _OFFICE, ("reason",)) for source in _FROM_PULLED),
            Transition(
                "pulled",
                "released to close",
                _STEWARDS,
                ("photo", "continuity"),
                (Condition.NO_FIRE_WALL, Condition.PENETRATIONS_SEALED),
            ),
            # A cable that was there before the roll-out enters where it stands.
            *(
                Transition(source, "terminated", _SITE, ("reason",))
                for source in ("requested", "surveyed")
            ),
            Transition("terminated", "test failed", _HANDS, ("fail_record",)),
            Transition("test failed", "terminated", _HANDS, ("reason",)),
            Transition("test failed", "tested", _HANDS, ("pass_record",)),
            *(Transition(source, "blocked", _HANDS, ("reason",)) for source in _UNDER_WAY),
            *(
                Transition("blocked", target, _SITE, ("reason",), (Condition.CAME_FROM_THERE,))
                for target in _UNDER_WAY
            ),
            *(
                Transition(source, "decommissioned", _OFFICE, ("reason",))
                for source in (*_IN_PLACE, "blocked", "test failed")
            ),
        )
    ),
)

PENETRATION_STATES = {
    state.key: state
    for state in (
        State("planned", msg("planned"), Mark.PLANNED),
        State("open", msg("open"), Mark.BLOCKED),
        State("sealed", msg("sealed"), Mark.MOUNTED, is_live=True),
        State("checked", msg("checked"), Mark.LIVE, is_live=True),
    )
}
"""States of a penetration; whoever seals it is not who checks the seal."""

PENETRATION_LIFECYCLE = Lifecycle(
    msg("a penetration"),
    PENETRATION_STATES,
    _index(
        (
            Transition("planned", "open", _SITE),
            Transition("planned", "sealed", _SITE, ("photo",)),
            Transition("open", "sealed", _SITE, ("photo",)),
            Transition("sealed", "checked", _STEWARDS, ("approval",)),
            Transition("sealed", "open", _SITE, ("reason",)),
            Transition("checked", "open", _SITE, ("reason",)),
            Transition("open", "planned", _OFFICE, ("reason",)),
        )
    ),
)
