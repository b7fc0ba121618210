"""What can hold a package where it is, by name, and how to take it away.

Decides what counts as one cause: what one person could change by one decision. A cause is true if
the package could move without it; :func:`relax` makes the problem in which it is gone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from wlantrack.errors import msg

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from wlantrack.errors import Message
    from wlantrack.scheduling.parts import Crew, Package
    from wlantrack.scheduling.problem import Problem

PLENTY: Final = 1_000_000
"""So many people are enough for everything."""


class CauseKind(StrEnum):
    """What holds a package, in the order in which people like to hear it."""

    PIN = "pin"
    LINK = "link"
    CREW = "crew"
    PERMIT = "permit"
    WALL = "wall"
    WINDOW = "window"
    BLACKOUT = "blackout"
    ABSENCE = "absence"
    RELEASE = "release"
    DEADLINE = "deadline"
    BUSY = "busy time"
    CURRENT = "current plan"


SOFT: Final = frozenset({CauseKind.WINDOW, CauseKind.BUSY, CauseKind.CURRENT})
"""What costs, but forbids nothing."""


@dataclass(frozen=True)
class Cause:
    """One thing that holds packages.

    Attributes
    ----------
    package
        Key of the package of which it is a property; empty if it holds for several.
    key
        Key of the permit, wall, window, blackout, busy time or crew; of a link, the one before.
    begins_on
        First day of an absence.
    """

    kind: CauseKind
    package: str = ""
    key: str = ""
    begins_on: date | None = None


def list_own(package: Package) -> Iterator[Cause]:
    """Give what a package itself says."""
    for kind, day in (
        (CauseKind.PIN, package.pinned_on),
        (CauseKind.RELEASE, package.release_on),
        (CauseKind.DEADLINE, package.deadline_on),
        (CauseKind.CURRENT, package.current_on),
    ):
        if day is not None:
            yield Cause(kind, package.key)
    for permit in package.permits:
        yield Cause(CauseKind.PERMIT, package.key, permit)


def list_around(problem: Problem, package: Package) -> Iterator[Cause]:
    """Give what holds for a package among others: crews, walls and times."""
    for key, amount in package.demands.items():
        if amount:
            yield Cause(CauseKind.CREW, key=key)
            for absence in problem.crew_by_key[key].absences:
                yield Cause(CauseKind.ABSENCE, key=key, begins_on=absence.begins_on)
    for kind, things in (
        (CauseKind.WALL, problem.closed_walls),
        (CauseKind.WINDOW, problem.windows),
        (CauseKind.BLACKOUT, problem.blackouts),
        (CauseKind.BUSY, problem.busy_times),
    ):
        for thing in things:
            if thing.holds_for(package):
                yield Cause(kind, key=thing.key)


def relax(problem: Problem, causes: Collection[Cause]) -> Problem:
    """Give the problem without some causes; a crew that holds nobody is as large as it takes."""
    gone = frozenset(causes)

    def stays(kind: CauseKind, key: str) -> bool:
        return Cause(kind, key=key) not in gone

    return replace(
        problem,
        packages=tuple(relax_package(package, gone) for package in problem.packages),
        links=tuple(
            link
            for link in problem.links
            if Cause(CauseKind.LINK, link.after, link.before) not in gone
        ),
        crews=tuple(_relax_crew(crew, gone) for crew in problem.crews),
        blackouts=tuple(x for x in problem.blackouts if stays(CauseKind.BLACKOUT, x.key)),
        busy_times=tuple(x for x in problem.busy_times if stays(CauseKind.BUSY, x.key)),
        windows=tuple(x for x in problem.windows if stays(CauseKind.WINDOW, x.key)),
        closed_walls=tuple(x for x in problem.closed_walls if stays(CauseKind.WALL, x.key)),
    )


def relax_package(package: Package, gone: frozenset[Cause]) -> Package:
    """Give a package without some of what it says."""
    own = [cause for cause in gone if cause.package == package.key]
    if not own:
        return package
    kinds = {cause.kind for cause in own}
    permits = {cause.key for cause in own if cause.kind is CauseKind.PERMIT}
    return replace(
        package,
        pinned_on=None if CauseKind.PIN in kinds else package.pinned_on,
        release_on=None if CauseKind.RELEASE in kinds else package.release_on,
        deadline_on=None if CauseKind.DEADLINE in kinds else package.deadline_on,
        current_on=None if CauseKind.CURRENT in kinds else package.current_on,
        permits=tuple(key for key in package.permits if key not in permits),
    )


def _relax_crew(crew: Crew, gone: frozenset[Cause]) -> Crew:
    is_scarce = Cause(CauseKind.CREW, key=crew.key) not in gone
    absences = tuple(
        absence
        for absence in crew.absences
        if Cause(CauseKind.ABSENCE, key=crew.key, begins_on=absence.begins_on) not in gone
    )
    return replace(crew, capacity=crew.capacity if is_scarce else PLENTY, absences=absences)


def name_cause(problem: Problem, cause: Cause) -> Message:
    """Say what a cause is, as a part of a sentence."""
    if cause.package:
        return _name_own(problem, cause)
    if cause.kind in {CauseKind.CREW, CauseKind.ABSENCE}:
        crew = problem.crew_by_key[cause.key]
        name = crew.label or crew.key
        if cause.kind is CauseKind.CREW:
            return msg("other work of crew %(crew)s", crew=name)
        return msg("the absence of crew %(crew)s from %(day)s on", crew=name, day=cause.begins_on)
    return _name_around(problem, cause)


def _name_around(problem: Problem, cause: Cause) -> Message:
    labels = {
        CauseKind.WALL: {thing.key: thing.label for thing in problem.closed_walls},
        CauseKind.WINDOW: {thing.key: thing.label for thing in problem.windows},
        CauseKind.BLACKOUT: {thing.key: thing.label for thing in problem.blackouts},
        CauseKind.BUSY: {thing.key: thing.label for thing in problem.busy_times},
    }[cause.kind]
    name = labels[cause.key] or cause.key
    return {
        CauseKind.WALL: msg("the closed wall %(name)s", name=name),
        CauseKind.WINDOW: msg("the open wall %(name)s", name=name),
        CauseKind.BLACKOUT: msg("the blackout %(name)s", name=name),
        CauseKind.BUSY: msg("the busy time %(name)s", name=name),
    }[cause.kind]


def _name_own(problem: Problem, cause: Cause) -> Message:
    package = problem.by_key[cause.package]
    name = package.name
    match cause.kind:
        case CauseKind.PIN:
            return msg("%(name)s pinned to %(day)s", name=name, day=package.pinned_on)
        case CauseKind.RELEASE:
            return msg("%(name)s not before %(day)s", name=name, day=package.release_on)
        case CauseKind.DEADLINE:
            return msg("%(name)s over by %(day)s", name=name, day=package.deadline_on)
        case CauseKind.CURRENT:
            return msg("the current plan of %(name)s", name=name)
        case CauseKind.PERMIT:
            permit = problem.permit_by_key[cause.key]
            return msg(
                "permit %(permit)s for %(name)s", permit=permit.label or permit.key, name=name
            )
    before = problem.by_key[cause.key].name
    return msg("%(name)s waiting for %(before)s", name=name, before=before)
