"""What posts, trainings, money and risks say of a roll-out, and which of them somebody must look at.

Decides what is left of a budget, how heavy a risk weighs and when an entry needs attention. Refuses
to know where the entries come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import Mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from wlantrack.errors import Message
    from wlantrack.rollout.spoken_dates import SpokenDate


@dataclass(frozen=True)
class StateWord:
    """The word of a state, and the mark under which it is drawn."""

    label: Message
    mark: Mark


POST_WORDS: Mapping[str, StateWord] = {
    "applied for": StateWord(msg("applied for"), Mark.PLANNED),
    "approved": StateWord(msg("approved"), Mark.ORDERED),
    "filled": StateWord(msg("filled"), Mark.LIVE),
    "refused": StateWord(msg("refused"), Mark.BLOCKED),
}
RISK_WORDS: Mapping[str, StateWord] = {
    "open": StateWord(msg("open"), Mark.PLANNED),
    "occurred": StateWord(msg("occurred"), Mark.BLOCKED),
    "closed": StateWord(msg("closed"), Mark.LIVE),
}
GRADES = range(1, 6)
LIKELIHOOD_WORDS: Mapping[int, Message] = {
    1: msg("very unlikely"),
    2: msg("unlikely"),
    3: msg("possible"),
    4: msg("likely"),
    5: msg("very likely"),
}
IMPACT_WORDS: Mapping[int, Message] = {
    1: msg("negligible"),
    2: msg("small"),
    3: msg("noticeable"),
    4: msg("large"),
    5: msg("very large"),
}


@dataclass(frozen=True)
class Severity:
    """A class of risks: its key, its word, and the product of the grades at which it begins."""

    key: str
    label: Message
    begins: int
    mark: Mark


SEVERITIES = (
    Severity("very-high", msg("very high"), 15, Mark.BLOCKED),
    Severity("high", msg("high"), 10, Mark.MOUNTED),
    Severity("medium", msg("medium"), 5, Mark.PLANNED),
    Severity("low", msg("low"), 1, Mark.LIVE),
)
"""The heaviest first."""
_HEAVY = 10


def weigh_risk(likelihood: int, impact: int) -> Severity:
    """Give the class of a risk, both grades from 1 to 5."""
    score = likelihood * impact
    return next(severity for severity in SEVERITIES if score >= severity.begins)


def is_heavy(likelihood: int, impact: int) -> bool:
    """Tell whether a risk weighs so much that something must be done about it."""
    return likelihood * impact >= _HEAVY


def count_left_eur(planned: int | None, committed: int | None, spent: int | None) -> int | None:
    """Give what is left in euros; None while nobody knows how much there is.

    What is committed is ordered and not paid yet, so that it takes away beside what is spent.
    """
    if planned is None:
        return None
    return planned - (committed or 0) - (spent or 0)


TRAINING_WORDS: Mapping[str, StateWord] = {
    "no date": StateWord(msg("no date yet"), Mark.UNDATED),
    "planned": StateWord(msg("planned"), Mark.PLANNED),
    "not held": StateWord(msg("not held"), Mark.BLOCKED),
    "under way": StateWord(msg("some trained"), Mark.MOUNTED),
    "done": StateWord(msg("all trained"), Mark.LIVE),
}


def judge_training(
    held: SpokenDate | None, planned_count: int | None, trained_count: int, today: date
) -> str:
    """Tell how a training stands, as a key of ``TRAINING_WORDS``."""
    if planned_count and trained_count >= planned_count:
        return "done"
    if trained_count:
        return "done" if planned_count is None else "under way"
    if held is None:
        return "no date"
    return "not held" if held.is_over(today) else "planned"


DECISION_WORDS: Mapping[str, StateWord] = {
    "overdue": StateWord(msg("overdue"), Mark.BLOCKED),
    "no date": StateWord(msg("open, no date"), Mark.UNDATED),
    "open": StateWord(msg("open"), Mark.PLANNED),
    "taken": StateWord(msg("taken"), Mark.LIVE),
}
"""What is most urgent first."""


def judge_decision(decided: SpokenDate | None, due: SpokenDate | None, today: date) -> str:
    """Tell how a decision stands, as a key of ``DECISION_WORDS``.

    A date that lies ahead as a whole is the meeting for which it is planned.
    """
    if decided is not None and decided.earliest <= today:
        return "taken"
    awaited = due or decided
    if awaited is None:
        return "no date"
    return "overdue" if awaited.is_over(today) else "open"


def find_decision_concern(
    decided: SpokenDate | None, due: SpokenDate | None, today: date
) -> Message | None:
    """Say what is open about a decision: no date by when it is needed, or that date is over."""
    standing = judge_decision(decided, due, today)
    if standing == "no date":
        return msg("not taken yet, and no date by when it is needed")
    if standing == "overdue" and due is not None:
        return msg("needed by: %(date)s, not taken yet", date=due.wording)
    return None


def find_post_concern(state: str) -> Message | None:
    """Say what is open about a post."""
    return msg("not approved yet") if state == "applied for" else None


def find_training_concern(
    held: SpokenDate | None, planned_count: int | None, trained_count: int, today: date
) -> Message | None:
    """Say what is open about a training: no date, not held, or people left over."""
    standing = judge_training(held, planned_count, trained_count, today)
    if standing == "no date":
        return msg("no date yet")
    if standing == "not held":
        return msg("its date is over, nobody has taken part")
    if standing == "under way" and planned_count and (held is None or held.is_over(today)):
        return msg("%(count)s people still to be trained", count=planned_count - trained_count)
    return None


def find_budget_concern(
    planned: int | None, committed: int | None, spent: int | None
) -> Message | None:
    """Say what is open about a budget line: overspent, or spent without a plan."""
    left = count_left_eur(planned, committed, spent)
    if left is None:
        return msg("money goes out, but no amount is planned") if committed or spent else None
    return msg("more is committed and spent than planned") if left < 0 else None


def find_risk_concern(
    state: str, grades: tuple[int, int], response: str, review_on: date | None, today: date
) -> Message | None:
    """Say what is open about a risk: a review that is due, or nothing done about a heavy one.

    Parameters
    ----------
    grades
        Likelihood and impact, each from 1 to 5.
    """
    if state == "closed":
        return None
    if review_on is not None and review_on <= today:
        return msg("to be looked at again since %(day)s", day=review_on)
    if is_heavy(*grades) and not response.strip():
        return msg("heavy, and nothing is done about it yet")
    return msg("no day set to look at it again") if review_on is None else None
