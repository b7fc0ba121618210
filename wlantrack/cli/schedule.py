"""Schedules: proposed from today's plan, and accepted line by line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import schedule_history, schedule_proposals
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.results import ResultCache
from wlantrack.services.schedule_findings import SearchLimits
from wlantrack.services.schedule_searches import run_search

if TYPE_CHECKING:
    from wlantrack.services.schedule_proposals import KeptProposal
    from wlantrack.services.schedule_texts import Move


@click.group("schedule")
def command() -> None:
    """Propose a schedule, and accept what it proposes."""


@command.command(
    "propose", cls=Command, epilog="Example: wlantrack schedule propose --limit-s 10 --seed 1"
)
@click.option(
    "--limit-s",
    type=click.FloatRange(0, 600),
    default=10.0,
    show_default=True,
    help="Seconds to search, on two cores; 0 takes the first plan.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True)
def propose(run: Run, *, limit_s: float, seed: int) -> Outcome:
    """Search for a better schedule than today's; nothing changes before it is accepted."""
    parts = PlanParts(find_clock(run.settings), ResultCache())
    context = SYSTEM.audit()
    with run.stores() as stores:
        with stores.database.writing(context) as session:
            limits = SearchLimits(limit_s, seed)
            search = schedule_history.ask(session, SYSTEM, limits, datetime.now(UTC))
        kept = run_search(stores.database, search, parts, context)
    return Outcome(_describe(kept), _write(kept))


def _describe(kept: KeptProposal) -> dict[str, object]:
    found = kept.proposal
    return {
        "id": kept.id,
        "objective": found.objective,
        "heuristic_objective": found.heuristic_objective,
        "bound": found.bound,
        "today": found.today_cost,
        "today_breaks": [str(sentence) for sentence in found.today_breaks],
        "moves": [
            {
                "package": move.package,
                "from": move.from_start and move.from_start.isoformat(),
                "to": move.to_start.isoformat(),
                "why": [str(cause) for cause in move.why],
                "gain": move.gain,
            }
            for move in found.moves
        ],
    }


def _write(kept: KeptProposal) -> str:
    found = kept.proposal
    lines = [f"Proposal {kept.id}"]
    lines += [f"  {_write_move(move)}" for move in found.moves]
    costs = ", ".join(f"{name} {cost}" for name, cost in found.costs.items())
    lines.append(
        f"{len(found.moves)} package(s) move. Cost {found.objective} ({costs}),"
        f" none can cost less than {found.bound}; today's plan costs {found.today_cost}."
    )
    lines += [f"  Today's plan: {sentence}" for sentence in found.today_breaks]
    lines += [f"  No date: {name}, waits for {', '.join(w)}" for name, w in found.undated.items()]
    return "\n".join(lines)


def _write_move(move: Move) -> str:
    why = f" because of {'; '.join(map(str, move.why))}" if move.why else ""
    return f"{move.package}: {move.from_start or '-'} -> {move.to_start}{why}"


@command.command("accept", cls=Command, epilog="Example: wlantrack schedule accept ID")
@click.argument("ref", metavar="ID")
@click.option("--only", multiple=True, help="Code of a package; can be given again.")
def accept(run: Run, *, ref: str, only: tuple[str, ...]) -> Outcome:
    """Take over a proposal, or some of its lines; lines that are out of date are refused."""
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        result = schedule_proposals.accept(session, SYSTEM, ref, only)
    refused = [
        {"package": row.label, "message": str(row.problems[0].message)} for row in result.refused
    ]
    document = {
        "id": ref,
        "accepted": [row.label for row in result.changed],
        "refused": refused,
    }
    lines = [f"{len(result.changed)} package(s) moved."]
    lines += [f"Refused: {item['package']}: {item['message']}" for item in refused]
    return Outcome(document, "\n".join(lines), is_failure=bool(refused) and not result.changed)
