"""Why there is no plan: a smallest set of demands that cannot all hold.

Decides by leaving out: what is named cannot hold together, and could if any one of it were given
up. There may be other such sets; one is found at a time.

Notes
-----
After Junker (2004), QuickXplain: preferred explanations and relaxations for over-constrained
problems. Without crews each package only has to wait, so that the earliest starts tell at once
whether there is a plan; OR-Tools is asked only where crews are part of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import Infeasible, msg
from wlantrack.scheduling.causes import (
    SOFT,
    Cause,
    CauseKind,
    list_around,
    list_own,
    name_cause,
    relax,
)
from wlantrack.scheduling.heuristic import find_draft
from wlantrack.scheduling.instance import build_instance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wlantrack.scheduling.problem import Problem

WORK_PER_CHECK: Final = 1.0
"""Deterministic time after which a question stays open; then what was left out is not to blame."""


class NoPlan(Infeasible):
    """There is no plan, because of ``causes``, which cannot all hold."""

    def __init__(self, problem: Problem, causes: Sequence[Cause]) -> None:
        names = tuple(name_cause(problem, cause) for cause in causes)
        super().__init__(
            msg("These cannot all hold: %(causes)s. Give up one of them.", causes=names)
            if causes
            else msg("No plan was found in the time allowed. Allow more, or demand less.")
        )
        self.causes = tuple(causes)


def refuse(problem: Problem) -> NoPlan:
    """Give the error that says why there is no plan."""
    return NoPlan(problem, find_conflict(problem))


def find_conflict(problem: Problem) -> list[Cause]:
    """Give a smallest set of causes that cannot all hold; nothing if none can be shown."""
    causes = list_hard(problem)
    crews = [cause for cause in causes if cause.kind is CauseKind.CREW]
    others = [cause for cause in causes if cause.kind is not CauseKind.CREW]
    if not has_plan_without_crews(relax(problem, crews)):
        return _Search(relax(problem, crews), others, has_plan_without_crews).find()
    if has_plan(problem):
        return []
    return _Search(problem, [*others, *crews], has_plan).find()


def list_hard(problem: Problem) -> list[Cause]:
    """Give everything that may forbid something, what is told first in front."""
    packages = [problem.by_key[key] for key in problem.open_keys]
    links = [Cause(CauseKind.LINK, link.after, link.before) for link in problem.links]
    causes = [
        *(cause for package in packages for cause in list_around(problem, package)),
        *links,
        *(cause for package in packages for cause in list_own(package)),
    ]
    return [cause for cause in dict.fromkeys(causes) if cause.kind not in SOFT]


def has_plan_without_crews(problem: Problem) -> bool:
    """Tell whether links and days leave every package a start."""
    return build_instance(problem).has_choices


def has_plan(problem: Problem) -> bool:
    """Tell whether there is a plan, or might be one."""
    instance = build_instance(problem)
    if not instance.has_choices:
        return False
    if find_draft(instance, seed=0, placings=0) is not None:
        return True
    from wlantrack.scheduling.search import is_refuted  # noqa: PLC0415 - OR-Tools is slow to load

    return not is_refuted(instance, WORK_PER_CHECK)


class _Search:
    """Narrows causes down by halves."""

    def __init__(
        self, problem: Problem, causes: Sequence[Cause], is_open: Callable[[Problem], bool]
    ) -> None:
        self.problem, self.causes, self.is_open = problem, list(causes), is_open

    def find(self) -> list[Cause]:
        """Give a smallest set of causes that leaves no plan."""
        found = {*self._narrow([], self.causes, has_grown=False)}
        return [cause for cause in self.causes if cause in found]

    def _is_open(self, kept: Sequence[Cause]) -> bool:
        return self.is_open(relax(self.problem, {*self.causes} - {*kept}))

    def _narrow(self, kept: list[Cause], asked: list[Cause], *, has_grown: bool) -> list[Cause]:
        """Give what of ``asked`` it takes, beside what is kept, to leave no plan."""
        if has_grown and not self._is_open(kept):
            return []
        if len(asked) <= 1:
            return asked
        half = len(asked) // 2
        first, second = asked[:half], asked[half:]
        of_second = self._narrow([*kept, *first], second, has_grown=bool(first))
        of_first = self._narrow([*kept, *of_second], first, has_grown=bool(of_second))
        return [*of_first, *of_second]
