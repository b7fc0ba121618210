"""Why each package sits where it does.

Decides by trying: a cause is named only if the package could be elsewhere without it, while all
others stay; elsewhere is where it costs less, or as much but earlier. Of several such causes the
one is named whose removal brings most; where none suffices alone, a smallest set of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.scheduling.causes import Cause, CauseKind, list_around, list_own, relax
from wlantrack.scheduling.choices import list_choices
from wlantrack.scheduling.frozen import build_axis, find_free, find_frozen
from wlantrack.scheduling.instance import ONE_DAY, find_horizon, place_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

    from wlantrack.scheduling.choices import Choices
    from wlantrack.scheduling.outcome import Placement, Plan
    from wlantrack.scheduling.parts import Link, Package
    from wlantrack.scheduling.problem import Problem


@dataclass(frozen=True)
class Reason:
    """What holds a package.

    Attributes
    ----------
    causes
        Without them it could move; with any one of them it could not.
    could_be
        Where it would be without them; None if nothing holds it, as it has begun, or can be neither
        earlier nor cheaper. Without causes it is where it could be in this very plan.
    saving
        What it would cost less there.
    others
        Packages for which a crew among the causes works at that time.
    """

    causes: tuple[Cause, ...] = ()
    could_be: Placement | None = None
    saving: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class _Place:
    """Where a package could be; the smaller the better."""

    extra_cost: int
    start: int
    end: int


def find_reasons(problem: Problem, plan: Plan) -> dict[str, Reason]:
    """Give for each package of a sound plan what holds it there."""
    trial = _Trial(problem, plan)
    frozen = {key: Reason() for key in trial.frozen}
    return frozen | {key: trial.find_reason(problem.by_key[key]) for key in problem.open_keys}


class _Trial:
    """A plan in which one package after the other is tried elsewhere."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.problem = problem
        self.axis = build_axis(problem)
        self.horizon = find_horizon(problem, self.axis)
        self.frozen = find_frozen(problem, self.axis)
        opened = {key: self._span(plan[key]) for key in problem.open_keys}
        self.spans: Mapping[str, tuple[int, int]] = {**self.frozen, **opened}
        free = find_free(problem, self.axis, self.frozen, self.horizon)
        self.free = {crew.key: row for crew, row in zip(problem.crews, free, strict=True)}
        for key in opened:
            self._use(problem.by_key[key], -1)
        self.links: dict[str, list[Link]] = {key: [] for key in problem.by_key}
        for link in problem.links:
            self.links[link.before].append(link)
            self.links[link.after].append(link)

    def find_reason(self, package: Package) -> Reason:
        """Try no cause, causes one by one, then all of them, then all but ever more."""
        self._use(package, 1)
        reason = self._try_causes(package)
        self._use(package, -1)
        return reason

    def _try_causes(self, package: Package) -> Reason:
        if (place := self._find_better(package, set())) is not None:
            return self._conclude(package, set(), place)
        causes = [*self._list_causes(package)]
        places = [(self._find_better(package, {cause}), n) for n, cause in enumerate(causes)]
        alone = [(place, n) for place, n in places if place is not None]
        if alone:
            place, number = min(alone)
            return self._conclude(package, {causes[number]}, place)
        held = self._find_smallest(package, causes)
        place = self._find_better(package, held) if held else None
        return Reason() if place is None else self._conclude(package, held, place)

    def _conclude(self, package: Package, held: set[Cause], place: _Place) -> Reason:
        others = {
            key
            for cause in held
            if cause.kind is CauseKind.CREW
            for key, (start, end) in self.spans.items()
            if start < place.end and place.start < end and key != package.key
            if self.problem.by_key[key].demands.get(cause.key)
        }
        return Reason(
            tuple(sorted(held, key=_rank)),
            place_open(package, self.axis, place.start, place.end),
            -place.extra_cost,
            tuple(sorted(others)),
        )

    def _find_smallest(self, package: Package, causes: list[Cause]) -> set[Cause]:
        """Put causes back one by one, the dullest first, as long as the package can move."""
        held = set(causes)
        if self._find_better(package, held) is None:
            return set()
        for cause in reversed(causes):
            if self._find_better(package, held - {cause}) is not None:
                held.remove(cause)
        return held

    def _list_causes(self, package: Package) -> Iterable[Cause]:
        links = {
            Cause(CauseKind.LINK, link.after, link.before)
            for link in self.links[package.key]
            if {link.before, link.after} <= self.spans.keys()
        }
        causes = {*list_own(package), *list_around(self.problem, package), *links}
        return sorted(causes, key=_rank)

    def _choices(self, package: Package, gone: set[Cause]) -> Choices:
        """Give the starts of a package by itself, without some causes."""
        alone = relax(self.problem.with_only(package), gone)
        return list_choices(alone, self.axis, alone.packages[0], self.horizon)

    def _find_better(self, package: Package, gone: set[Cause]) -> _Place | None:
        """Give the best place without some causes, if it is better than the package's own."""
        choices = self._choices(package, gone)
        start, _ = self.spans[package.key]
        now = choices.find(start)
        cost = 0 if now is None else int(choices.cost[now])
        is_better = (choices.cost < cost) | ((choices.cost == cost) & (choices.starts < start))
        kept = choices.keep(is_better & self._mark_linked(package, choices, gone))
        kept = kept.keep(self._mark_free(package, kept, gone))
        if not len(kept.starts):
            return None
        best = int(np.argmin(kept.cost))
        saving = cost - int(kept.cost[best])
        return _Place(-saving, int(kept.starts[best]), int(kept.ends[best]))

    def _mark_linked(
        self, package: Package, choices: Choices, gone: set[Cause]
    ) -> npt.NDArray[np.bool_]:
        """Mark the starts that links to others leave."""
        marks = np.ones(len(choices.starts), dtype=np.bool_)
        for link in self.links[package.key]:
            is_after = link.after == package.key
            other = self.spans.get(link.before if is_after else link.after)
            is_gone = Cause(CauseKind.LINK, link.after, link.before) in gone
            if other is None or is_gone or (link.after in self.frozen):
                continue
            if is_after:
                mine = choices.ends if link.kind.is_to_finish else choices.starts
                marks &= mine >= other[link.kind.is_from_finish] + link.lag_days
            else:
                mine = choices.ends if link.kind.is_from_finish else choices.starts
                marks &= mine <= other[link.kind.is_to_finish] - link.lag_days
        return marks

    def _mark_free(
        self, package: Package, choices: Choices, gone: set[Cause]
    ) -> npt.NDArray[np.bool_]:
        """Mark the starts for which crews have time."""
        marks = np.ones(len(choices.starts), dtype=np.bool_)
        for key, amount in package.demands.items():
            if amount and Cause(CauseKind.CREW, key=key) not in gone:
                lacks = np.concatenate([[0], np.cumsum(self.free[key] < amount)])
                marks &= lacks[choices.ends] == lacks[choices.starts]
        return marks

    def _span(self, placement: Placement) -> tuple[int, int]:
        end = self.axis.end_of(placement.ends_before - ONE_DAY)
        is_milestone = placement.starts_on == placement.ends_before
        return (end if is_milestone else self.axis.begin_of(placement.starts_on)), end

    def _use(self, package: Package, sign: int) -> None:
        """Take a package's time from its crews, or give it back."""
        start, end = self.spans[package.key]
        for key, amount in package.demands.items():
            self.free[key][start:end] += sign * amount


def _rank(cause: Cause) -> tuple[int, str]:
    """Put causes in the order of their kinds."""
    return [*CauseKind].index(cause.kind), str(cause)
