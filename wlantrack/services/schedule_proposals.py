"""Proposed schedules: searched from today's plan, kept as they were found, accepted line by line.

Decides that a proposal is a text under its hash that nobody can change, that every plan is verified
before it is shown, and that nothing moves before somebody accepts it: all lines or some, each
against the version of the package from which the proposal was made.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import Conflict, InvalidInput, Message, NotFound, Problem, WlantrackError, msg
from wlantrack.reports.document import hash_of
from wlantrack.scheduling.causes import name_cause
from wlantrack.scheduling.reasons import find_reasons
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import BulkResult, BulkRow
from wlantrack.services.coverage import stamp
from wlantrack.services.package_edits import find_editable
from wlantrack.services.plan import find_plan
from wlantrack.services.schedule_problem import build_problem
from wlantrack.services.versions import require_version
from wlantrack.store.models.inquiries import KeptText
from wlantrack.store.queries import inquiries as text_queries
from wlantrack.store.queries import packages as package_queries

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.scheduling.outcome import Costs, Progress, Solution
    from wlantrack.scheduling.parts import Weights
    from wlantrack.scheduling.problem import Problem as SchedulingProblem
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.store.models.milestones import WorkPackage

KIND: Final = "schedule proposal"
ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class SearchLimits:
    """How long to search, and the seed that makes a search repeatable."""

    limit_s: float = 10.0
    seed: int = 1


@dataclass(frozen=True)
class Move:
    """One package that begins or ends on other days than by today's plan.

    ``costs`` are those of the new days, by what for; ``why`` is what keeps it from being better.
    """

    package: str
    public_id: str
    version: int
    from_start: date | None
    from_finish: date | None
    to_start: date
    to_finish: date
    costs: Mapping[str, int]
    why: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """A plan that was found, what is known of it, and how it differs from today's.

    ``undated`` are packages and milestones that get no date, each with what it waits for;
    ``data_stamp`` names the state of the records from which it was made.
    """

    made_on: date
    seed: int
    limit_s: float
    weights: Mapping[str, int]
    data_stamp: int
    status: str
    is_repeatable: bool
    objective: int
    heuristic_objective: int | None
    bound: int
    costs: Mapping[str, int]
    moves: tuple[Move, ...]
    undated: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class KeptProposal:
    """A proposal under the id by which it is accepted."""

    id: str
    proposal: Proposal


@dataclass(frozen=True)
class Prepared:
    """What is to be searched, and the state of the data from which it was made.

    ``versions`` are those of packages, by id.
    """

    city: CityPlan
    problem: SchedulingProblem
    versions: Mapping[int, int]
    data_stamp: int


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
    return Prepared(
        city,
        build_problem(session, city, weights),
        {package_id: item.version for package_id, item in names.items()},
        stamp(session),
    )


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
    problem = prepared.problem
    proposal = Proposal(
        prepared.city.clock.today,
        limits.seed,
        limits.limit_s,
        asdict(problem.weights),
        prepared.data_stamp,
        str(solution.status),
        solution.is_repeatable,
        solution.cost,
        solution.heuristic_cost,
        solution.bound,
        _split(solution.total),
        tuple(_list_moves(prepared, solution)),
        {
            problem.by_key[key].name: tuple(_name_root(problem, root) for root in roots)
            for key, roots in solution.undated.items()
        },
    )
    text = json.dumps(
        {"kind": KIND, **asdict(proposal)},
        default=date.isoformat,
        ensure_ascii=False,
        sort_keys=True,
    )
    key = hash_of(text)
    if text_queries.get_text(session, key) is None:
        session.add(KeptText(sha256=key, body=text))
        session.commit()
    return KeptProposal(key, proposal)


def _split(costs: Costs) -> dict[str, int]:
    return asdict(costs)


def _name_root(problem: SchedulingProblem, root: str) -> str:
    package = problem.by_key.get(root)
    return package.name if package is not None else root


def _list_moves(prepared: Prepared, solution: Solution) -> Iterator[Move]:
    """Give what moves, by its first day; what already lies there needs no line."""
    city, problem = prepared.city, prepared.problem
    reasons = find_reasons(problem, solution.plan)
    for key, placed in sorted(solution.plan.items(), key=lambda item: (item[1].starts_on, item[0])):
        row, package = city.packages.get(key), problem.by_key[key]
        if row is None or package.is_frozen or package.is_milestone:
            continue
        timing, last = city.timings[key], placed.ends_before - ONE_DAY
        if (timing.start, timing.finish) == (placed.starts_on, last):
            continue
        yield Move(
            row.code,
            str(row.public_id),
            prepared.versions[row.id],
            timing.start,
            timing.finish,
            placed.starts_on,
            last,
            _split(solution.costs[key]),
            tuple(str(name_cause(problem, cause)) for cause in reasons[key].causes),
        )


def find_proposal(session: Session, actor: Actor, ref: str) -> KeptProposal:
    """Give a proposal by its id.

    Raises
    ------
    NotFound
        There is none.
    NotAllowed
        The role does not reach all of the city.
    """
    actor.require(Action.EDIT_WORK)
    text = text_queries.get_text(session, ref)
    values: dict[str, Any] = json.loads(text) if text is not None else {}
    if values.pop("kind", None) != KIND:
        raise NotFound(
            msg("There is no such proposal."), msg("Make a new one, and use the id that it gets.")
        )
    values["made_on"] = date.fromisoformat(values["made_on"])
    values["moves"] = tuple(_read_move(move) for move in values["moves"])
    values["undated"] = {name: tuple(roots) for name, roots in values["undated"].items()}
    return KeptProposal(ref, Proposal(**values))


def _read_move(values: dict[str, Any]) -> Move:
    days = {
        name: date.fromisoformat(values[name]) if values[name] else None
        for name in ("from_start", "from_finish", "to_start", "to_finish")
    }
    return Move(**values | days | {"why": tuple(values["why"])})


def accept(session: Session, actor: Actor, ref: str, only: Collection[str] = ()) -> BulkResult:
    """Take over lines of a proposal, all or those of some packages; stale ones stay as they are.

    What is taken over is one change, and is undone as one. Milestones follow by themselves.

    Raises
    ------
    InvalidInput
        The proposal has no line for a package that is named.
    """
    moves = {move.package: move for move in find_proposal(session, actor, ref).proposal.moves}
    if unknown := sorted(set(only) - set(moves)):
        raise InvalidInput(
            Problem(
                msg("The proposal does not move this package."),
                msg("Name packages as they stand in the proposal."),
                field="only",
                value=unknown[0],
            )
        )
    rows = []
    with session.no_autoflush:
        for code, move in moves.items():
            if not only or code in only:
                rows.append(_accept_line(session, actor, move))
    session.commit()
    return BulkResult(ref, tuple(rows))


def _accept_line(session: Session, actor: Actor, move: Move) -> BulkRow:
    try:
        package = find_editable(session, actor, move.public_id)
        require_version(session, package, move.version)
        _refuse_stale(package)
    except (Conflict, InvalidInput, NotFound) as error:
        message = error.message
        remedy = msg("Make a new proposal, and accept its line.")
        return BulkRow(None, move.package, "", (Problem(message, remedy),))
    package.planned_start, package.planned_finish = move.to_start, move.to_finish
    return BulkRow(package.public_id, move.package, "")


def _refuse_stale(package: WorkPackage) -> None:
    """Refuse what is not to be moved, though its version has not said so."""
    if package.is_pinned or package.undated_reason or package.state != "planned":
        message: Message = msg("It is pinned, has begun, or has no date.")
        raise InvalidInput(Problem(message))
