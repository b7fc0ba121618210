"""Carries a search for a better schedule through: prepared, watched, stopped, kept.

Decides what becomes of a search however it ends: what was found is kept, also if it was cancelled;
demands that collide are kept as well; and what breaks off is entered as failed. Refuses to know
where it runs: a command does it in its own process, pages start one
(:mod:`wlantrack.services.schedule_process`).
"""

from __future__ import annotations

import contextlib
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy.exc import OperationalError

from wlantrack.errors import WlantrackError
from wlantrack.scheduling.infeasible import NoPlan
from wlantrack.scheduling.outcome import Progress
from wlantrack.services import schedule_history as searches
from wlantrack.services.actor import SYSTEM
from wlantrack.services.schedule_findings import describe_conflict, describe_solution
from wlantrack.services.schedule_proposals import find_solution, keep_text, prepare

if TYPE_CHECKING:
    from types import TracebackType

    from wlantrack.services.plan import PlanParts
    from wlantrack.services.schedule_history import Search
    from wlantrack.services.schedule_proposals import KeptProposal
    from wlantrack.services.schedule_texts import Proposal
    from wlantrack.store.audit import AuditContext
    from wlantrack.store.session import Database

POLL_S: Final = 0.5
"""How soon a search sees that it was cancelled, and tells how far it is."""
BEATS_PER_SIGN: Final = 6
"""A sign of life is written every so many polls, or when there is something new."""


def run_search(
    database: Database, search: Search, parts: PlanParts, context: AuditContext
) -> KeptProposal:
    """Search, and keep what was found; gives it under its id.

    Raises
    ------
    NoPlan
        No plan respects everything that is demanded; that is kept, too.
    WlantrackError
        There is no problem to be searched, or what was found cannot be kept; entered as failed.
    """
    with _Watch(database, search, context) as watch:
        with database.reading() as session:
            prepared = prepare(session, SYSTEM, parts, search.weights)
        try:
            solution = find_solution(prepared.problem, search.limits, watch.progress)
        except NoPlan as error:
            watch.keep(describe_conflict(prepared, error, search.limits), searches.INFEASIBLE)
            raise
        is_stopped = watch.progress.stop.is_set()
        return watch.keep(
            describe_solution(prepared, solution, search.limits),
            searches.CANCELLED if is_stopped else searches.FOUND,
        )


class _Watch:
    """Tells the database how a search goes, and the search whether to stop, until it is over."""

    def __init__(self, database: Database, search: Search, context: AuditContext) -> None:
        self.progress = Progress(self._report)
        self._database, self._search, self._context = database, search, context
        self._best: tuple[int, int] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        self._tell()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        fault = error.message if isinstance(error, WlantrackError) else searches.DIED
        with self._database.writing(self._context) as session:
            searches.give_up(session, self._search.public_id, fault, datetime.now(UTC))

    def keep(self, proposal: Proposal, state: str) -> KeptProposal:
        """Keep what was found, and enter that the search is over, as one change."""
        self._end()
        with self._database.writing(self._context) as session:
            kept = keep_text(session, proposal)
            now, ref = datetime.now(UTC), self._search.public_id
            searches.close(session, ref, state, kept.id, proposal, now)
            session.commit()
        return kept

    def _end(self) -> None:
        self._over.set()
        self._thread.join()

    def _report(self, cost: int, bound: int) -> None:
        self._best = (cost, bound)

    def _beat(self) -> None:
        """Write a sign of life, more often if there is something new; see whether to stop."""
        told, quiet = None, BEATS_PER_SIGN
        while not self._over.wait(POLL_S):
            best, quiet = self._best, quiet + 1
            with contextlib.suppress(OperationalError):  # too busy for a while: told next time
                if best != told or quiet >= BEATS_PER_SIGN or self._is_cancelled():
                    self._tell()
                    told, quiet = best, 0

    def _tell(self) -> None:
        with self._database.writing(self._context) as session:
            now, ref = datetime.now(UTC), self._search.public_id
            if searches.beat(session, ref, self._best, now):
                self.progress.stop.set()

    def _is_cancelled(self) -> bool:
        if self.progress.stop.is_set():
            return False
        now = datetime.now(UTC)
        with self._database.reading() as session:
            ref = str(self._search.public_id)
            return searches.find_search(session, SYSTEM, ref, now).is_cancelled
