"""The overview of what a roll-out rests on: every kind's figures, what needs attention, full uplinks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.services import uplinks
from wlantrack.services.actor import Action
from wlantrack.services.governance import visible_houses, visible_kinds
from wlantrack.services.governance_figures import sum_up
from wlantrack.services.governance_lines import list_lines
from wlantrack.store.queries import uplinks as uplink_queries

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.governance_figures import Figures
    from wlantrack.services.governance_kinds import GovernanceKind
    from wlantrack.services.governance_lines import Line
    from wlantrack.store.queries.uplinks import BusyUplink

BUSY_SHARE: Final = 0.7
"""Above this part of its rate a line has no room left for a further conference at busy minutes."""


@dataclass(frozen=True)
class Chapter:
    """A kind with its figures, and those of its records that need attention."""

    kind: GovernanceKind
    figures: Figures
    count: int
    concerns: tuple[Line, ...]


@dataclass(frozen=True)
class Overview:
    """Everything that a reader sees at a glance; the busiest uplinks first."""

    chapters: tuple[Chapter, ...]
    busy_uplinks: tuple[BusyUplink, ...]

    @property
    def concern_count(self) -> int:
        """Count the records that need attention."""
        return sum(len(chapter.concerns) for chapter in self.chapters)


def find_overview(session: Session, actor: Actor, today: date) -> Overview:
    """Give the overview of what lies in scope."""
    chapters = []
    for kind in visible_kinds(actor):
        lines = list_lines(session, actor, kind, today)
        concerns = tuple(line for line in lines if line.concern is not None)
        chapters.append(Chapter(kind, sum_up(kind, lines), len(lines), concerns))
    return Overview(tuple(chapters), tuple(list_busy_uplinks(session, actor)))


def list_busy_uplinks(session: Session, actor: Actor) -> list[BusyUplink]:
    """Give the uplinks that were measured above seven tenths of their rate, the busiest first."""
    houses = visible_houses(actor, Action.SEE_NETWORKS)
    found = uplink_queries.list_busy(session, houses, BUSY_SHARE)
    seen = [row for row in found if uplinks.may_see_line(actor, row.building_id, row.network_class)]
    return sorted(seen, key=lambda row: -row.share)
