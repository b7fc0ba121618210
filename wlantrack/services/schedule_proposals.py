"""Proposed schedules: searched from today's plan, kept as they were found, accepted line by line.

Decides that a proposal is a text under its hash that nobody can change, that every plan is verified
before it is shown, and that nothing moves before somebody accepts it: all lines or some, each
only while its package is what it was when the proposal was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Conflict, InvalidInput, NotFound, Problem, WlantrackError, msg
from wlantrack.reports.document import hash_of
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import BulkResult, BulkRow
from wlantrack.services.package_edits import find_editable
from wlantrack.services.plan import find_plan
from wlantrack.services.results import stamp
from wlantrack.services.schedule_findings import Prepared, SearchLimits, describe_solution
from wlantrack.services.schedule_history import find_kept
from wlantrack.services.schedule_problem import build_problem
from wlantrack.services.schedule_texts import is_as_found, write_proposal
from wlantrack.services.versions import require_version
from wlantrack.store import audit
from wlantrack.store.models.inquiries import KeptText
from wlantrack.store.models.schedules import AcceptedLine
from wlantrack.store.queries import inquiries as text_queries
from wlantrack.store.queries import packages as package_queries

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.scheduling.outcome import Progress, Solution
    from wlantrack.scheduling.parts import Weights
    from wlantrack.scheduling.problem import Problem as SchedulingProblem
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.schedule_texts import Move, Proposal
    from wlantrack.store.models.milestones import WorkPackage

ACCEPT: Final = "accept"
PIN_THERE: Final = "pin there"
PIN_HERE: Final = "pin here"
STEPS: Final = (ACCEPT, PIN_THERE, PIN_HERE)
"""What may be done with a line: take it over, perhaps for good, or keep the package where it is."""


@dataclass(frozen=True)
class KeptProposal:
    """A proposal under the id by which it is accepted."""

    id: str
    proposal: Proposal


def prepare(session: Session, actor: Actor, parts: PlanParts, weights: Weights) -> Prepared:
    """Give what is to be searched; nothing has to stay open while that is done.

    Raises
    ------
    NotAllowed
        The role does not reach all of the city: crews are shared by all of it.
    """
    actor.require(Action.EDIT_WORK)
    city = find_plan(session, parts)
    names = package_queries.list_names(session)
    return Prepared(city, build_problem(session, city, weights), names, stamp(session))


def find_solution(
    problem: SchedulingProblem, limits: SearchLimits, progress: Progress | None = None
) -> Solution:
    """Search, and verify what was found by rules that share nothing with the search.

    Raises
    ------
    Infeasible
        No plan respects everything that is demanded; names what cannot all hold.
    """
    solution = solve(problem, limits.limit_s, limits.seed, progress)
    if broken := verify(problem, solution.plan):
        message = msg(
            "The plan that was found does not respect everything: %(what)s. Nothing was kept.",
            what=tuple(f"{item.breach} ({item.package})" for item in broken[:5]),
        )
        raise WlantrackError(message)
    return solution


def keep(
    session: Session, prepared: Prepared, solution: Solution, limits: SearchLimits
) -> KeptProposal:
    """Keep a plan as a proposal, with the reason of each move."""
    kept = keep_text(session, describe_solution(prepared, solution, limits))
    session.commit()
    return kept


def keep_text(session: Session, proposal: Proposal) -> KeptProposal:
    """Add a proposal to what is kept, unless it is there already; does not commit."""
    text = write_proposal(proposal)
    key = hash_of(text)
    if text_queries.get_text(session, key) is None:
        session.add(KeptText(sha256=key, body=text))
        session.flush()
    return KeptProposal(key, proposal)


def find_proposal(session: Session, actor: Actor, ref: str) -> KeptProposal:
    """Give a proposal by its id, or by that of the search that has found it.

    Raises
    ------
    NotFound
        There is none.
    NotAllowed
        The role does not reach all of the city.
    """
    actor.require(Action.EDIT_WORK)
    return KeptProposal(*find_kept(session, ref))


def accept(
    session: Session,
    actor: Actor,
    ref: str,
    only: Collection[str] = (),
    step: str = ACCEPT,
) -> BulkResult:
    """Take over lines of a proposal, all or those of some packages; stale ones stay as they are.

    What is taken over is one change, and is undone as one. Milestones follow by themselves.

    Parameters
    ----------
    step
        ``pin there`` also pins the packages where the proposal puts them, ``pin here`` pins them
        where they are.

    Raises
    ------
    InvalidInput
        The proposal has no line for a package that is named, or there is no such step.
    """
    kept = find_proposal(session, actor, ref)
    moves = {move.package: move for move in kept.proposal.moves}
    _refuse_unknown(moves, only, step)
    rows = []
    with session.no_autoflush:
        for code, move in moves.items():
            if not only or code in only:
                rows.append(_take_line(session, actor, move, step))
    if step != PIN_HERE:
        _note_accepted(session, actor, kept.id, [row for row in rows if not row.problems])
    session.commit()
    return BulkResult(ref, tuple(rows))


def _refuse_unknown(moves: Collection[str], only: Collection[str], step: str) -> None:
    if unknown := sorted(set(only) - set(moves)):
        raise InvalidInput(
            Problem(
                msg("The proposal does not move this package."),
                msg("Name packages as they stand in the proposal."),
                field="only",
                value=unknown[0],
            )
        )
    if step not in STEPS:
        raise InvalidInput(
            Problem(
                msg("This cannot be done with a line of a proposal."),
                msg("Accept it, or pin the package."),
                field="step",
                value=step[:40],
            )
        )


def _take_line(session: Session, actor: Actor, move: Move, step: str) -> BulkRow:
    days = (move.to_start, move.to_finish)
    try:
        package = find_editable(session, actor, move.public_id)
        _refuse_stale(session, package, move)
        if step == PIN_HERE:
            days = _require_days(move)
    except (Conflict, InvalidInput, NotFound) as error:
        problems = error.problems if isinstance(error, InvalidInput) else (_tell(error),)
        return BulkRow(None, move.package, "", problems)
    package.planned_start, package.planned_finish = days
    if step != ACCEPT:
        package.is_pinned = True
    return BulkRow(package.public_id, move.package, "")


def _tell(error: Conflict | NotFound) -> Problem:
    remedy = msg("Make a new proposal, and accept its line.")
    if isinstance(error, NotFound):
        return Problem(error.message, remedy)
    editor = error.changed_by or "?"
    return Problem(
        msg("%(editor)s has changed it since the proposal was made.", editor=editor), remedy
    )


def _require_days(move: Move) -> tuple[date, date]:
    if move.from_start is None or move.from_finish is None:
        raise InvalidInput(
            Problem(
                msg("It has no days yet on which it could be kept."),
                msg("Pin it where the proposal puts it."),
            )
        )
    return move.from_start, move.from_finish


def _refuse_stale(session: Session, package: WorkPackage, move: Move) -> None:
    """Refuse what is not to be moved any more, or not from where it was.

    Raises
    ------
    Conflict
        Somebody has changed the package since the proposal was made.
    InvalidInput
        It lies there already, or is not to be moved.
    """
    if is_as_found(move, package, package):
        return
    if (package.planned_start, package.planned_finish) == (move.to_start, move.to_finish):
        raise InvalidInput(Problem(msg("It lies there already.")))
    if package.is_pinned or package.undated_reason or package.state != "planned":
        message = msg("It is pinned, has begun, or has no date.")
        raise InvalidInput(Problem(message, msg("Make a new proposal, and accept its line.")))
    require_version(session, package, move.version)


def _note_accepted(
    session: Session, actor: Actor, text_sha256: str, rows: Collection[BulkRow]
) -> None:
    now, request_id = datetime.now(UTC), audit.get_context(session).request_id
    for row in rows:
        session.add(
            AcceptedLine(
                text_sha256=text_sha256,
                package_uuid=row.public_id,
                package=row.label,
                accepted_at=now,
                accepted_by=actor.name,
                request_id=request_id,
            )
        )
