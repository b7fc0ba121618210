"""What speaks against a plan, in sentences: broken rules, and demands that cannot all hold.

Decides the words, and what to do about each; refuses to find anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, msg
from wlantrack.scheduling.breaches import Breach
from wlantrack.scheduling.causes import CauseKind, name_cause
from wlantrack.services.schedule_texts import Demand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wlantrack.scheduling.breaches import Violation
    from wlantrack.scheduling.causes import Cause
    from wlantrack.scheduling.problem import Problem

REMEDIES: Final = {
    CauseKind.PIN: msg("Release the pin, or pin it to another day."),
    CauseKind.LINK: msg("Remove the link, or shorten its lag."),
    CauseKind.CREW: msg("Let the crew carry more at once, or give work to another one."),
    CauseKind.PERMIT: msg("Get the permit earlier or for longer, or correct its days."),
    CauseKind.WALL: msg("Have the wall opened again earlier, or correct its days."),
    CauseKind.BLACKOUT: msg("Shorten the blackout, or work more quietly."),
    CauseKind.ABSENCE: msg("Shorten the absence, or give the work to another crew."),
    CauseKind.RELEASE: msg("Let it begin earlier."),
    CauseKind.DEADLINE: msg("Allow more time."),
}

BREACHES: Final = {
    Breach.CREW: msg("Crew %(name)s has more at once than it carries."),
    Breach.LINK: msg("%(name)s does not wait for %(cause)s as it should."),
    Breach.ABSENCE: msg("%(name)s lies in days on which crew %(cause)s is away."),
    Breach.BLACKOUT: msg("%(name)s lies in the blackout %(cause)s."),
    Breach.WALL: msg("%(name)s lies behind the closed wall %(cause)s."),
    Breach.PERMIT: msg("%(name)s lies outside the days of permit %(cause)s."),
    Breach.RELEASE: msg("%(name)s begins before it may."),
    Breach.DEADLINE: msg("%(name)s ends after it has to be over."),
    Breach.DAY_OFF: msg("%(name)s begins or ends on a day off."),
    Breach.LENGTH: msg("%(name)s has fewer working days than it takes."),
    Breach.PIN: msg("%(name)s does not lie where it is pinned."),
    Breach.FROZEN: msg("%(name)s does not lie where it was begun."),
    Breach.MISSING: msg("%(name)s has no days yet."),
    Breach.UNDATED: msg("%(name)s has days though nobody can give any."),
}


def list_demands(problem: Problem, causes: Iterable[Cause]) -> tuple[Demand, ...]:
    """Give demands that cannot all hold, each with how it could be given up."""
    return tuple(
        Demand(
            name_cause(problem, cause),
            REMEDIES[cause.kind],
            problem.by_key[cause.package].name if cause.package else "",
        )
        for cause in causes
    )


def list_breaks(problem: Problem, violations: Iterable[Violation]) -> tuple[Message, ...]:
    """Say which rules a plan breaks, each once; what concerns milestones alone is left out."""
    found = dict.fromkeys(
        (item.breach, item.package, item.cause)
        for item in violations
        if item.breach is Breach.CREW or _is_open_work(problem, item.package)
    )
    return tuple(_iter_words(problem, found))


def _is_open_work(problem: Problem, key: str) -> bool:
    package = problem.by_key.get(key)
    return package is not None and not package.is_milestone and not package.is_frozen


def _iter_words(problem: Problem, found: Iterable[tuple[Breach, str, str]]) -> Iterator[Message]:
    crews = {crew.key: crew.label or crew.key for crew in problem.crews}
    names = {item.key: item.label or item.key for item in problem.blackouts}
    names |= {item.key: item.label or item.key for item in problem.closed_walls}
    names |= {item.key: item.label or item.key for item in problem.permits}
    names |= crews | {package.key: package.name for package in problem.packages}
    for breach, key, cause in found:
        values = {"name": names.get(key, key), "cause": names.get(cause, cause)}
        yield Message(BREACHES[breach].text, values)
