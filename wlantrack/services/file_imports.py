"""What imports of files have in common: an outcome an entry, and all of it written or nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from wlantrack.errors import InvalidInput, Problem
from wlantrack.services import reasons
from wlantrack.store import audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message, WlantrackError
    from wlantrack.services.actor import Actor


class Outcome(Protocol):
    """What becomes of one entry of a file."""

    @property
    def outcome(self) -> str:
        """Give it in a word, such as ``created``."""
        ...


Told = TypeVar("Told", bound=Outcome)


@dataclass(frozen=True, kw_only=True)
class FileResult(Generic[Told]):
    """What an import did, or would do; with errors nothing was written."""

    outcomes: tuple[Told, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Message, ...] = ()

    def count(self, *outcomes: str) -> int:
        """Count the entries with one of some outcomes."""
        return sum(item.outcome in outcomes for item in self.outcomes)


def finish(
    session: Session,
    actor: Actor,
    name: str,
    errors: Iterable[Problem],
    *,
    is_dry_run: bool,
) -> tuple[Problem, ...]:
    """Write what a file has brought, unless there are errors; gives these with the file's name."""
    placed = tuple(replace(problem, file=name) for problem in errors)
    if placed or is_dry_run:
        session.rollback()
        session.expunge_all()
    else:
        audit.set_context(session, actor.audit(reasons.import_of(name)))
        session.commit()
    return placed


def place_problems(error: WlantrackError, row: int, name: str = "") -> list[Problem]:
    """Give what is wrong with an entry, with its row and, if it has one, its name."""
    if not isinstance(error, InvalidInput):
        return [Problem(error.message, row=row, value=name or None)]
    placed = (replace(problem, row=row) for problem in error.problems)
    if not name:
        return list(placed)
    return [
        replace(item, value=(f"{name}: {item.value}" if item.value else name)[:120])
        for item in placed
    ]
