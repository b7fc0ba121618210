"""The lines of a proposal as they stand by now: open, taken over, or out of date.

Decides what each line says today; refuses to change any, see
:mod:`wlantrack.services.schedule_proposals`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.services import schedule_history
from wlantrack.services.plan import find_plan
from wlantrack.services.schedule_texts import is_as_found
from wlantrack.store.queries import packages as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.schedule_proposals import KeptProposal
    from wlantrack.services.schedule_texts import Move
    from wlantrack.store.queries.milestones import PackageRow
    from wlantrack.store.queries.packages import PackageNames
    from wlantrack.store.queries.proposals import Accepted


class LineState(StrEnum):
    """How a line of a proposal stands."""

    OPEN = "open"
    TAKEN = "taken over"
    PINNED = "pinned"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class Line:
    """A move, how it stands, and when it was last taken over."""

    move: Move
    state: LineState
    accepted: Accepted | None

    @property
    def is_open(self) -> bool:
        """Tell whether it can still be taken over."""
        return self.state is LineState.OPEN


@dataclass(frozen=True)
class ProposalPage:
    """A proposal as it reads today; ``changes`` counts what has changed of its data since."""

    kept: KeptProposal
    lines: tuple[Line, ...]
    changes: int

    @property
    def open_count(self) -> int:
        """Count the lines that can still be taken over."""
        return sum(line.is_open for line in self.lines)


def show_proposal(
    session: Session, actor: Actor, kept: KeptProposal, parts: PlanParts
) -> ProposalPage:
    """Give a proposal with its lines as they stand by now."""
    accepted = schedule_history.list_accepted(session, actor, kept.id)
    rows = {str(row.public_id): row for row in find_plan(session, parts).packages.values()}
    names = queries.list_names(session)
    lines = tuple(
        Line(move, _judge(move, rows, names), accepted.get(move.package))
        for move in kept.proposal.moves
    )
    return ProposalPage(
        kept, lines, schedule_history.count_changes(session, kept.id, kept.proposal)
    )


def _judge(
    move: Move, rows: Mapping[str, PackageRow], names: Mapping[int, PackageNames]
) -> LineState:
    row = rows.get(move.public_id)
    if row is None:
        return LineState.GONE
    if is_as_found(move, row, names[row.id]):
        return LineState.OPEN
    is_there = (row.planned_start, row.planned_finish) == (move.to_start, move.to_finish)
    if is_there and row.state == "planned":
        return LineState.TAKEN
    return LineState.PINNED if names[row.id].is_pinned else LineState.CHANGED
