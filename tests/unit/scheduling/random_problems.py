"""Tiny problems with everything in them, by number."""

from __future__ import annotations

import random
from datetime import date, timedelta

from wlantrack.scheduling.parts import (
    Absence,
    Blackout,
    BusyTime,
    ClosedWall,
    Crew,
    Link,
    LinkKind,
    Noise,
    Package,
    Permit,
    Weights,
    Window,
)
from wlantrack.scheduling.problem import Problem

TODAY = date(2026, 5, 27)  # a Wednesday
HOLIDAYS = frozenset({date(2026, 6, 4), date(2026, 6, 10)})
PLACES = ("north", "south")


def make_problem(number: int) -> Problem:
    """Give the problem of a number: at most five packages, within three weeks or so."""
    return _Dealer(number).deal()


class _Dealer:
    def __init__(self, number: int) -> None:
        self.dice = random.Random(number)  # noqa: S311 - no secret hangs on it
        self.crews = tuple(
            Crew(f"crew{n}", self.dice.randint(1, 2), absences=self._absences())
            for n in range(self.dice.randint(1, 2))
        )
        self.permits = tuple(
            Permit(f"permit{n}", self._maybe(0.8), self._maybe(0.1, after=12)) for n in range(2)
        )

    def deal(self) -> Problem:
        packages = tuple(self._package(n) for n in range(self.dice.randint(2, 5)))
        return Problem(
            TODAY,
            packages,
            self._links([package.key for package in packages]),
            self.crews,
            tuple(
                Blackout(f"blackout{n}", *self._span(), self._noise(), self._place())
                for n in range(self.dice.randint(0, 2))
            ),
            tuple(
                BusyTime(f"busy{n}", *self._span(), self._noise(), self._place(), cost=2)
                for n in range(self.dice.randint(0, 2))
            ),
            tuple(
                Window(f"window{n}", *self._span(), self._place(), self.dice.choice((60, 100)))
                for n in range(self.dice.randint(0, 2))
            ),
            tuple(
                ClosedWall(f"wall{n}", self._day(3), self._maybe(0.7, after=8), self._place())
                for n in range(self.dice.randint(0, 1))
            ),
            self.permits,
            HOLIDAYS,
            weights=Weights(self.dice.randint(0, 5), 3, self.dice.randint(0, 2), 4),
        )

    def _package(self, number: int) -> Package:
        kind = self.dice.choice(("work", "work", "work", "waiting", "milestone"))
        length = {"work": self.dice.randint(1, 3), "waiting": self.dice.randint(3, 9)}
        is_work = kind == "work"
        fate = self.dice.random()
        return Package(
            f"p{number}",
            duration_days=length.get(kind, 0),
            is_waiting=kind == "waiting",
            demands={crew.key: self.dice.randint(0, crew.capacity) for crew in self.crews}
            if is_work
            else {},
            noise=self._noise(),
            places=frozenset({self._place()} - {""}),
            is_in_wall=is_work and self.dice.random() < 0.5,
            outside_cost=self.dice.randint(0, 3) if is_work else 0,
            release_on=self._maybe(0.2),
            due_on=self._maybe(0.7),
            deadline_on=self._maybe(0.15, after=10),
            priority=self.dice.randint(0, 3),
            permits=tuple(
                permit.key for permit in self.permits if is_work and self.dice.random() < 0.25
            ),
            pinned_on=self._day(2) if fate < 0.08 else None,
            current_on=self._maybe(0.3),
            started_on=date(2026, 5, 26) if 0.08 < fate < 0.16 else None,
            undated_reason="" if fate < 0.95 else "nobody knows",
        )

    def _links(self, keys: list[str]) -> tuple[Link, ...]:
        pairs = [(one, other) for n, other in enumerate(keys) for one in keys[:n]]
        chosen = [pair for pair in pairs if self.dice.random() < 0.3]
        return tuple(
            Link(one, other, self.dice.choice([*LinkKind]), self.dice.randint(-1, 2))
            for one, other in chosen
        )

    def _day(self, after: int = 0) -> date:
        return TODAY + timedelta(days=after + self.dice.randint(0, 12))

    def _maybe(self, share: float, after: int = 0) -> date | None:
        return self._day(after) if self.dice.random() < share else None

    def _span(self) -> tuple[date, date]:
        first = self._day()
        return first, first + timedelta(days=self.dice.randint(0, 6))

    def _absences(self) -> tuple[Absence, ...]:
        return (Absence(*self._span()),) if self.dice.random() < 0.4 else ()

    def _noise(self) -> Noise:
        loudness: list[Noise] = [*Noise]
        return self.dice.choice(loudness)

    def _place(self) -> str:
        return self.dice.choice(("", *PLACES))
