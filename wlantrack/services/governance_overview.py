"""The overview of what a roll-out rests on: every kind's figures, what needs attention, full uplinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.rollout import readiness as rules
from wlantrack.services.actor import Action
from wlantrack.services.governance import visible_houses, visible_kinds
from wlantrack.services.governance_figures import sum_up
from wlantrack.services.governance_kinds import (
    BUDGET_LINES,
    DECISIONS,
    DEVICE_GROUPS,
    POSTS,
    RISKS,
    TRAININGS,
)
from wlantrack.services.governance_lines import list_lines
from wlantrack.services.uplink_list import is_busy, list_rows
from wlantrack.services.uplinks import BUSY_SHARE
from wlantrack.store.queries import governance as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.readiness import Check
    from wlantrack.services.actor import Actor
    from wlantrack.services.governance_figures import Figures
    from wlantrack.services.governance_kinds import GovernanceKind
    from wlantrack.services.governance_lines import Line
    from wlantrack.store.queries.uplinks import UplinkRow


@dataclass(frozen=True)
class Chapter:
    """A kind with its figures, and those of its records that need attention."""

    kind: GovernanceKind
    figures: Figures
    count: int
    concerns: tuple[Line, ...]


@dataclass(frozen=True)
class Overview:
    """Everything that a reader sees at a glance; the busiest uplinks first.

    ``checks`` answer whether all this could be operated today.
    """

    chapters: tuple[Chapter, ...]
    checks: tuple[Check, ...]
    busy_uplinks: tuple[UplinkRow, ...]

    @property
    def concern_count(self) -> int:
        """Count the records that need attention."""
        return sum(len(chapter.concerns) for chapter in self.chapters)

    @property
    def met_count(self) -> int:
        """Count the points of readiness that are met."""
        return rules.count_met(self.checks)


def find_overview(session: Session, actor: Actor, today: date) -> Overview:
    """Give the overview of what lies in scope.

    Who reaches parts of buildings only is told nothing: not that there is no support team, either.
    """
    if visible_houses(actor) == ():
        return Overview((), (), ())
    chapters = []
    for kind in visible_kinds(actor):
        lines = list_lines(session, actor, kind, today)
        concerns = tuple(line for line in lines if line.concern is not None)
        chapters.append(Chapter(kind, sum_up(kind, lines), len(lines), concerns))
    checks = list(_judge(session, actor, chapters))
    uplinks = list_rows(session, actor) if actor.can_anywhere(Action.SEE_NETWORKS) else []
    if actor.can_anywhere(Action.SEE_NETWORKS):
        checks.append(_check_uplinks(uplinks))
    busy = sorted(filter(is_busy, uplinks), key=lambda row: -(row.share or 0))
    return Overview(tuple(chapters), tuple(checks), tuple(busy))


def _judge(session: Session, actor: Actor, chapters: Sequence[Chapter]) -> Iterator[Check]:
    """Judge support, and then whatever else the reader sees."""
    houses, supported = visible_houses(actor), queries.list_team_houses(session)
    # The city's team looks after every building; a building's team not after the city.
    has_each = houses is not None and set(houses) <= set(supported)
    yield rules.check_support(is_named=None in supported or has_each)
    by_key = {chapter.kind.key: chapter for chapter in chapters}
    for key, check in _CHECKS.items():
        if key in by_key:
            yield check(by_key[key].figures, by_key[key].count)


def _check_uplinks(rows: Sequence[UplinkRow]) -> Check:
    measured = sum(row.share is not None for row in rows)
    return rules.check_uplinks(sum(map(is_busy, rows)), measured, round(100 * BUSY_SHARE))


_CHECKS: Mapping[str, Callable[[Any, int], Check]] = {
    TRAININGS.key: lambda figures, _: rules.check_training(
        figures.planned_count, figures.trained_count
    ),
    POSTS.key: lambda figures, _: rules.check_posts(figures.filled_count, figures.full_time_count),
    DECISIONS.key: lambda figures, _: rules.check_decisions(
        figures.taken_count, len(figures.open), figures.overdue_count
    ),
    RISKS.key: lambda figures, count: rules.check_risks(
        figures.count, figures.heavy_count, figures.unanswered_count, is_any_entered=count > 0
    ),
    BUDGET_LINES.key: lambda figures, _: rules.check_budget(
        figures.planned_eur, figures.spent_eur, figures.overspent_count, figures.unknown_count
    ),
    DEVICE_GROUPS.key: lambda figures, count: rules.check_devices(
        sum(item.group_count for item in figures.by_class if item.network_class is not None),
        count,
        figures.device_count,
    ),
}
"""What each kind answers beside support, the points that stop operation first."""
