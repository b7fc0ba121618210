"""Sums over what a roll-out rests on: posts by state, money, people trained, devices, the risk matrix.

Decides what each kind is summed up to; sums stand over the lines that are given, and so over what
the reader sees.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from wlantrack.rollout.governance import (
    DECISION_WORDS,
    GRADES,
    POST_WORDS,
    Severity,
    is_heavy,
    weigh_risk,
)
from wlantrack.services.governance_kinds import (
    BUDGET_LINES,
    DECISIONS,
    DEVICE_GROUPS,
    POSTS,
    RISKS,
    SUPPORT_TEAMS,
    TRAININGS,
    GovernanceKind,
)
from wlantrack.store.models.networks import NETWORK_CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wlantrack.rollout.governance import StateWord
    from wlantrack.services.governance_kinds import GovernanceRecord
    from wlantrack.services.governance_lines import Line


@dataclass(frozen=True)
class DecisionFigures:
    """How many decisions were taken, the latest of them, and those that are open: first due first."""

    taken_count: int
    latest: GovernanceRecord | None
    open: tuple[Line, ...]
    overdue_count: int


@dataclass(frozen=True)
class PostSum:
    """Posts of one state: how many entries, and how much work that is."""

    word: StateWord
    count: int
    full_time_count: float


@dataclass(frozen=True)
class PostFigures:
    """Posts by state, in the order of states; all that were not refused, and those filled."""

    by_state: tuple[PostSum, ...]
    full_time_count: float
    filled_count: float


@dataclass(frozen=True)
class BudgetFigures:
    """All money in euros; what is left counts those lines alone whose amount is known."""

    planned_eur: int
    committed_eur: int
    spent_eur: int
    left_eur: int
    unknown_count: int
    overspent_count: int


@dataclass(frozen=True)
class TrainingFigures:
    """People to be trained and trained, and how many trainings nobody has taken part in."""

    planned_count: int
    trained_count: int
    not_held_count: int

    @property
    def share(self) -> float | None:
        """Give the share that is trained; None while nobody is to be."""
        return self.trained_count / self.planned_count if self.planned_count else None


@dataclass(frozen=True)
class SupportFigures:
    """How many teams there are, and how many of them for the whole city."""

    count: int
    city_count: int


@dataclass(frozen=True)
class DeviceSum:
    """Devices that may use one class of networks; None where nobody has said which."""

    network_class: str | None
    group_count: int
    device_count: int


@dataclass(frozen=True)
class DeviceFigures:
    """Devices by network class, and all of them."""

    by_class: tuple[DeviceSum, ...]
    device_count: int


@dataclass(frozen=True)
class RiskCell:
    """One field of the matrix: its grades, its class, and the risks in it."""

    likelihood: int
    impact: int
    severity: Severity
    risks: tuple[Line, ...]


@dataclass(frozen=True)
class RiskFigures:
    """The matrix of risks that are not closed, the likeliest row first, and how many of each class.

    ``unanswered_count`` are the heavy ones about which nothing is done.
    """

    rows: tuple[tuple[RiskCell, ...], ...]
    by_severity: Mapping[str, int]
    heaviest: tuple[Line, ...]
    count: int
    heavy_count: int
    unanswered_count: int


Figures: TypeAlias = (
    DecisionFigures
    | PostFigures
    | BudgetFigures
    | TrainingFigures
    | SupportFigures
    | DeviceFigures
    | RiskFigures
)
_SHOWN: Final = 3


def sum_up(kind: GovernanceKind, lines: Sequence[Line]) -> Figures:
    """Give what the records of a kind amount to."""
    return _SUMS[kind.key](lines)


def _sum_decisions(lines: Sequence[Line]) -> DecisionFigures:
    standings = [list(DECISION_WORDS)[line.value("standing").rank] for line in lines]
    taken = [line.record for line, key in zip(lines, standings, strict=True) if key == "taken"]
    latest = max(taken, key=lambda decision: decision.decided.latest, default=None)
    waiting = [line for line, key in zip(lines, standings, strict=True) if key != "taken"]
    waiting.sort(key=_by_due)
    return DecisionFigures(len(taken), latest, tuple(waiting), standings.count("overdue"))


def _by_due(line: Line) -> tuple[bool, Any]:
    awaited = line.record.due or line.record.decided
    return awaited is None, awaited and awaited.latest


def _sum_posts(lines: Sequence[Line]) -> PostFigures:
    by_state = []
    for state, word in POST_WORDS.items():
        counts = [line.record.full_time_count for line in lines if line.record.state == state]
        by_state.append(PostSum(word, len(counts), sum(counts)))
    wanted = (post.record.full_time_count for post in lines if post.record.state != "refused")
    filled = (post.record.full_time_count for post in lines if post.record.state == "filled")
    return PostFigures(tuple(by_state), sum(wanted), sum(filled))


def _sum_budget(lines: Sequence[Line]) -> BudgetFigures:
    left: list[int | None] = [line.value("left_eur") for line in lines]
    known = [value for value in left if value is not None]
    records = [line.record for line in lines]
    return BudgetFigures(
        planned_eur=sum(record.planned_eur or 0 for record in records),
        committed_eur=sum(record.committed_eur or 0 for record in records),
        spent_eur=sum(record.spent_eur or 0 for record in records),
        left_eur=sum(known),
        unknown_count=len(left) - len(known),
        overspent_count=sum(value < 0 for value in known),
    )


def _sum_trainings(lines: Sequence[Line]) -> TrainingFigures:
    asked = [
        (line.record.planned_count, line.record.trained_count)
        for line in lines
        if line.record.planned_count
    ]
    return TrainingFigures(
        planned_count=sum(planned for planned, _ in asked),
        trained_count=sum(min(planned, trained) for planned, trained in asked),
        not_held_count=sum(line.record.trained_count == 0 for line in lines),
    )


def _sum_teams(lines: Sequence[Line]) -> SupportFigures:
    return SupportFigures(len(lines), sum(line.record.building_id is None for line in lines))


def _sum_devices(lines: Sequence[Line]) -> DeviceFigures:
    groups, devices = Counter[str | None](), Counter[str | None]()
    for line in lines:
        groups[line.record.network_class] += 1
        devices[line.record.network_class] += line.record.device_count
    by_class = tuple(
        DeviceSum(key, groups[key], devices[key]) for key in (*NETWORK_CLASSES, None) if groups[key]
    )
    return DeviceFigures(by_class, devices.total())


def _sum_risks(lines: Sequence[Line]) -> RiskFigures:
    current = [line for line in lines if line.record.state != "closed"]
    rows = tuple(
        tuple(
            RiskCell(
                likelihood,
                impact,
                weigh_risk(likelihood, impact),
                tuple(
                    line
                    for line in current
                    if (line.record.likelihood, line.record.impact) == (likelihood, impact)
                ),
            )
            for impact in GRADES
        )
        for likelihood in reversed(GRADES)
    )
    weighed = Counter(weigh_risk(r.likelihood, r.impact).key for r in (x.record for x in current))
    ordered = sorted(current, key=lambda line: -line.record.likelihood * line.record.impact)
    heavy = [x.record for x in current if is_heavy(x.record.likelihood, x.record.impact)]
    unanswered = sum(not risk.response.strip() for risk in heavy)
    return RiskFigures(rows, weighed, tuple(ordered[:_SHOWN]), len(current), len(heavy), unanswered)


_SUMS: Final[Mapping[str, Callable[[Sequence[Line]], Figures]]] = {
    DECISIONS.key: _sum_decisions,
    POSTS.key: _sum_posts,
    BUDGET_LINES.key: _sum_budget,
    TRAININGS.key: _sum_trainings,
    SUPPORT_TEAMS.key: _sum_teams,
    DEVICE_GROUPS.key: _sum_devices,
    RISKS.key: _sum_risks,
}
