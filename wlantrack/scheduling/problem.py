"""What is to be scheduled, as a whole: one :class:`Problem` is all that the engine ever sees.

Decides what may be said at all (no circles, no unknown names) and what is never dated: what nobody
can date, and what waits for it. Refuses to know records, and how plans are found.
"""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, msg
from wlantrack.errors import Problem as Fault
from wlantrack.scheduling.parts import Weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from wlantrack.scheduling.parts import (
        Blackout,
        BusyTime,
        ClosedWall,
        Crew,
        Link,
        Package,
        Permit,
        Window,
    )

WEEK: Final = (True, True, True, True, True, False, False)
"""Monday to Friday."""


@dataclass(frozen=True)
class Problem:
    """Everything that a plan has to respect, and what it is judged by.

    Parameters
    ----------
    today
        Nothing that has not begun begins before.
    holidays, week
        Which days are worked on at all, Monday first.

    Raises
    ------
    InvalidInput
        A name is unknown or given twice, or links run in a circle, which is named.
    """

    today: date
    packages: tuple[Package, ...]
    links: tuple[Link, ...] = ()
    crews: tuple[Crew, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    busy_times: tuple[BusyTime, ...] = ()
    windows: tuple[Window, ...] = ()
    closed_walls: tuple[ClosedWall, ...] = ()
    permits: tuple[Permit, ...] = ()
    holidays: frozenset[date] = frozenset()
    week: tuple[bool, ...] = WEEK
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if faults := [*self._find_faults()]:
            raise InvalidInput(*faults)
        _ = self.order

    @cached_property
    def by_key(self) -> dict[str, Package]:
        """Give packages by their keys."""
        return {package.key: package for package in self.packages}

    @cached_property
    def crew_by_key(self) -> dict[str, Crew]:
        """Give crews by their keys."""
        return {crew.key: crew for crew in self.crews}

    @cached_property
    def permit_by_key(self) -> dict[str, Permit]:
        """Give permits by their keys."""
        return {permit.key: permit for permit in self.permits}

    @cached_property
    def links_into(self) -> dict[str, tuple[Link, ...]]:
        """Give for every package what it waits for."""
        into: dict[str, list[Link]] = {package.key: [] for package in self.packages}
        for link in self.links:
            into[link.after].append(link)
        return {key: tuple(links) for key, links in into.items()}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Give keys so that none comes before what it waits for."""
        after: dict[str, list[str]] = {package.key: [] for package in self.packages}
        waiting = Counter(link.after for link in self.links)
        for link in self.links:
            after[link.before].append(link.after)
        ready = [key for key in after if not waiting[key]]
        heapq.heapify(ready)
        order: list[str] = []
        while ready:
            key = heapq.heappop(ready)
            order.append(key)
            for other in after[key]:
                waiting[other] -= 1
                if not waiting[other]:
                    heapq.heappush(ready, other)
        if len(order) < len(after):
            raise InvalidInput(self._name_circle({key for key in after if waiting[key]}))
        return tuple(order)

    @cached_property
    def undated(self) -> dict[str, tuple[str, ...]]:
        """Give what gets no date, and the keys of the packages or permits for which it waits.

        What has begun or is over has its dates, whatever it was to wait for.
        """
        roots: dict[str, set[str]] = {}
        for key in self.order:
            package = self.by_key[key]
            if package.is_frozen:
                roots[key] = set()
                continue
            found = {root for link in self.links_into[key] for root in roots[link.before]}
            found |= {
                permit for permit in package.permits if not self.permit_by_key[permit].granted_on
            }
            if package.undated_reason:
                found.add(key)
            roots[key] = found
        return {key: tuple(sorted(found)) for key, found in roots.items() if found}

    @cached_property
    def open_keys(self) -> tuple[str, ...]:
        """Give what is to be scheduled, in an order of the links: neither begun nor undated."""
        return tuple(
            key for key in self.order if key not in self.undated and not self.by_key[key].is_frozen
        )

    def with_only(self, package: Package) -> Problem:
        """Give the problem of one package alone."""
        return replace(self, packages=(package,), links=())

    def _name_circle(self, stuck: set[str]) -> Fault:
        """Walk backwards from anywhere in what is stuck: the way must come back to itself."""
        way, key = [], min(stuck)
        while key not in way:
            way.append(key)
            key = min(link.before for link in self.links_into[key] if link.before in stuck)
        circle = [*way[way.index(key) :], key]
        named = " → ".join(self.by_key[key].name for key in reversed(circle))
        return Fault(
            msg("These wait for one another in a circle: %(circle)s.", circle=named),
            msg("Remove one of the links between them."),
            field="links",
        )

    def _find_faults(self) -> Iterator[Fault]:
        yield from self._find_doubles()
        for link in self.links:
            for key in (link.before, link.after):
                if key not in self.by_key:
                    yield _unknown("links", key)
        for package in self.packages:
            yield from self._find_faults_of(package)
        if not any(self.week) or len(self.week) != 7:
            yield Fault(
                msg("A week has seven days, and people work on one of them at least."),
                field="week",
            )

    def _find_doubles(self) -> Iterator[Fault]:
        for noun, things in (
            ("packages", self.packages),
            ("crews", self.crews),
            ("blackouts", self.blackouts),
            ("busy_times", self.busy_times),
            ("windows", self.windows),
            ("closed_walls", self.closed_walls),
            ("permits", self.permits),
        ):
            yield from _find_doubles(noun, (thing.key for thing in things))

    def _find_faults_of(self, package: Package) -> Iterator[Fault]:
        for key in package.demands:
            if key not in self.crew_by_key:
                yield _unknown("demands", key)
        for key in package.permits:
            if key not in self.permit_by_key:
                yield _unknown("permits", key)
        numbers = (package.duration_days, package.priority, package.outside_cost)
        if min(*numbers, *package.demands.values()) < 0:
            yield _at(package, msg("Durations, priorities, costs and demands are not negative."))
        if package.is_waiting and package.demands:
            yield _at(package, msg("Waiting for others takes no crew."))
        if package.undated_reason and package.pinned_on:
            yield _at(package, msg("It cannot be pinned to a day and be without a date."))


def _find_doubles(noun: str, keys: Iterable[str]) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Fault(msg("This name is given twice."), field=noun, value=key)


def _unknown(noun: str, key: str) -> Fault:
    return Fault(
        msg("A link names something that is not there."),
        msg("Choose an existing milestone or package."),
        field=noun,
        value=key,
    )


def _at(package: Package, message: Message) -> Fault:
    return Fault(message, field="packages", value=package.key)
