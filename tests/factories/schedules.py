"""Rows for searches for schedules: one that has found a move, with what was taken over of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.reports.document import hash_of
from wlantrack.services.schedule_texts import Demand, Move, Proposal, Shift, write_proposal
from wlantrack.store.models.inquiries import KeptText
from wlantrack.store.models.schedules import AcceptedLine, ScheduleProposal, ScheduleWeights

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.milestones import WorkPackage

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
WEIGHTS = {"lateness": 10, "outside": 10, "disturbance": 2, "move": 5}
NOTHING = {"late": 0, "outside": 0, "disturbed": 0, "moved": 0}


def make_move(package: WorkPackage) -> Move:
    """Give a move of a package into an open wall."""
    return Move(
        package.code,
        str(package.public_id),
        package.version,
        date(2099, 7, 6),
        date(2099, 7, 10),
        date(2099, 3, 2),
        date(2099, 3, 6),
        NOTHING | {"moved": 5},
        (msg("the open wall %(name)s", name="Meeting rooms"),),
        name=package.name,
        kind=package.kind,
        place="RH/WE",
        costs_before=NOTHING | {"outside": 10},
        could_start=date(2099, 7, 6),
        others=("P2",),
    )


def make_proposal(*moves: Move) -> Proposal:
    """Give a proposal that says something of everything."""
    return Proposal(
        NOON.date(),
        seed=1,
        limit_s=10,
        weights=WEIGHTS,
        data_stamp=0,
        status="optimal",
        is_repeatable=True,
        objective=5,
        heuristic_objective=10,
        bound=5,
        costs=NOTHING | {"moved": 5},
        moves=moves,
        undated={"P3": ("P3",), "M-1": ("P3",)},
        undated_reasons={"P3": "The council decides"},
        today_costs=NOTHING | {"outside": 10},
        today_breaks=(msg("%(name)s begins before it may.", name="P4"),),
        shifts=(Shift("M-BES", "", "", "visitor WLAN live", None, date(2099, 3, 6)),),
    )


def make_conflict() -> Proposal:
    """Give a search that has shown that no plan is possible."""
    demand = Demand(msg("other work of crew %(crew)s", crew="KB-1"), msg("Allow more time."))
    return replace(make_proposal(), status="infeasible", conflict=(demand,))


def add_search(
    session: Session, proposal: Proposal | None, state: str = "found"
) -> ScheduleProposal:
    """Add a search that has found a proposal, or runs."""
    key = None
    if proposal is not None:
        body = write_proposal(proposal)
        key = hash_of(body)
        session.add(KeptText(sha256=key, body=body))
        session.flush()
    row = ScheduleProposal(asked_at=NOON, asked_by="manager", seed=1, limit_s=10, **WEIGHTS)
    row.state, row.beat_at, row.text_sha256 = state, NOON, key
    row.ended_at = None if state == "running" else NOON
    session.add(row)
    session.flush()
    return row


def add_accepted(session: Session, search: ScheduleProposal, package: WorkPackage) -> AcceptedLine:
    """Add that a package was moved by a proposal."""
    row = AcceptedLine(text_sha256=search.text_sha256, package=package.code, request_id="0" * 32)
    row.package_uuid, row.accepted_at, row.accepted_by = package.public_id, NOON, "manager"
    session.add(row)
    session.flush()
    return row


def add_weights(session: Session) -> ScheduleWeights:
    """Add weights that somebody has set."""
    row = ScheduleWeights(**WEIGHTS)
    session.add(row)
    session.flush()
    return row
