"""What is still to be done at cable runs, step by step: by whom, and what is handed in for it.

Decides where a firm's work ends (with the test), and that a step which the firm may not set itself is
a hold point: it hands in the evidence and waits for the city.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.reports.handouts import Column, Listing
from wlantrack.rollout.lifecycle import (
    CABLE_LIFECYCLE,
    CABLE_ORDER,
    CABLE_STATES,
    EVIDENCE_WORDS,
)
from wlantrack.services import cable_states
from wlantrack.services.pack_sheets import write_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wlantrack.rollout.lifecycle import Transition
    from wlantrack.services.speech import Pen
    from wlantrack.store.models.cabling import CableRun

LAST_STEP: Final = "tested"
"""The last state to which a firm carries a run; the city patches and accepts."""
_KNOWN: Final = frozenset({"firm"})
"""Evidence that the order itself tells."""
_BOX: Final = "☐"


def is_done(run: CableRun) -> bool:
    """Tell whether nothing is left of a run for its firm."""
    return next(list_steps(run), None) is None


def list_steps(run: CableRun) -> Iterator[Transition]:
    """Give the steps of a run up to its test, from where it stands or was blocked."""
    source = (run.state_before or "") if run.state == "blocked" else run.state
    if source in CABLE_ORDER[CABLE_ORDER.index(LAST_STEP) :]:
        return
    while source != LAST_STEP:
        target = cable_states.next_state(source, crosses_fire_wall=run.crosses_fire_wall)
        if target is None:
            return
        yield CABLE_LIFECYCLE.transitions[source, target]
        source = target


def list_evidence(step: Transition) -> list[str]:
    """Give the names of what is handed in for a step."""
    return [name for name in step.evidence if name not in _KNOWN]


def write_step(step: Transition, pen: Pen) -> str:
    """Name the state that a step leads to, and its evidence."""
    what = pen.say(CABLE_STATES[step.target].label)
    needs = [pen.say(EVIDENCE_WORDS[name]) for name in list_evidence(step)]
    return f"{what} ({', '.join(needs)})" if needs else what


def _who_sets(step: Transition) -> Message:
    if "firm" in step.roles:
        return msg("your firm")
    return msg("HOLD POINT: the city, once it has seen what you hand in")


def list_all(runs: Sequence[CableRun], numbers: Mapping[int, int], pen: Pen) -> Listing:
    """Give the table of steps in their order; ``numbers`` are those of the runs in the list."""
    say = pen.say
    found: dict[str, tuple[Transition, list[int]]] = {}
    for run in runs:
        for step in list_steps(run):
            _, members = found.setdefault(step.target, (step, []))
            members.append(numbers[run.id])
    ordered = sorted(found.values(), key=lambda item: CABLE_ORDER.index(item[0].target))
    nothing = say(msg("nothing"))
    return Listing(
        say(msg("Steps, hold points and evidence")),
        (
            Column(say(msg("Step")), 1.6),
            Column(say(msg("Who sets it")), 2.6),
            Column(say(msg("To be handed in")), 2.6),
            Column(say(msg("No.")), 1.8),
            Column(say(msg("Done")), 0.8),
        ),
        tuple(
            (
                say(CABLE_STATES[step.target].label),
                say(_who_sets(step)),
                ", ".join(say(EVIDENCE_WORDS[name]) for name in list_evidence(step)) or nothing,
                write_numbers(members),
                _BOX,
            )
            for step, members in ordered
        ),
        say(msg("No cable runs belong to this visit.")),
        say(
            msg(
                "At a hold point work waits until the city has released it; acceptance comes after."
            )
        ),
    )
