"""Decisions that are overdue and risks to be looked at again: which, by when, and whom they need.

Decides that they need those who may change them, and whoever is named as responsible for a risk;
in calendars stand all that have a day and are still open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.rollout.governance import judge_decision
from wlantrack.services.actor import Action
from wlantrack.services.governance import may_edit, visible_houses
from wlantrack.services.governance_kinds import DECISIONS, RISKS
from wlantrack.services.governance_lines import describe
from wlantrack.store.queries import governance as queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.governance_kinds import GovernanceKind, GovernanceRecord
    from wlantrack.services.governance_lines import Line
    from wlantrack.store.queries.governance import Houses


@dataclass(frozen=True)
class DueEntry:
    """A decision or risk that is open, and the days by which it needs somebody, in their words."""

    kind: GovernanceKind
    line: Line
    first: date
    last: date
    wording: str

    @property
    def record(self) -> GovernanceRecord:
        """Give the decision or risk itself."""
        return self.line.record


def list_due(session: Session, actor: Actor, today: date) -> list[DueEntry]:
    """Give what is due today or overdue and needs the actor, the longest overdue first."""
    if not actor.can_anywhere(Action.SEE_GOVERNANCE):
        return []
    found = [
        entry
        for entry in list_open(session, visible_houses(actor), today)
        if _is_due(entry, today) and _needs(actor, entry.record)
    ]
    return sorted(found, key=lambda entry: (entry.last, entry.record.code))


def list_open(session: Session, houses: Houses, today: date) -> Iterator[DueEntry]:
    """Give the decisions not taken and the risks not closed in some buildings that have a day."""
    for decision in queries.load_records(session, DECISIONS.model, houses):
        due = decision.due
        if due is not None and judge_decision(decision.decided, due, today) != "taken":
            line = describe(DECISIONS, decision, today)
            yield DueEntry(DECISIONS, line, due.earliest, due.latest, due.wording)
    for risk in queries.load_records(session, RISKS.model, houses):
        day = risk.review_on
        if day is not None and risk.state != "closed":
            line = describe(RISKS, risk, today)
            yield DueEntry(RISKS, line, day, day, day.isoformat())


def _is_due(entry: DueEntry, today: date) -> bool:
    """Tell whether it is time: on the day of a review, after the last day of a decision."""
    return entry.last <= today if entry.kind is RISKS else entry.last < today


def _needs(actor: Actor, record: GovernanceRecord) -> bool:
    responsible = getattr(record, "responsible", "").strip().casefold()
    names = {actor.name.casefold(), actor.display_name.casefold()} - {""}
    return may_edit(actor, record) or responsible in names
