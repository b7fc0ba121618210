"""Wings of a city's buildings to be equipped, made up from a seed: nine packages each.

Walls of some are opened by other people's renovations, later than the work could begin; noise is
barred while the council sits, and unwelcome in hours of business; crews are few.
"""

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
    Weights,
    Window,
)
from wlantrack.scheduling.problem import Problem

TODAY = date(2026, 3, 2)
HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in ((4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (6, 4), (10, 3), (12, 25))
)
STEPS = ("survey", "design", "permit", "order", "drill", "pull", "terminate", "mount", "live")
WINGS_PER_CREW = 6


def make_wings(count: int, seed: int) -> Problem:
    """Give the problem of some wings, with crews in proportion."""
    return _Builder(count, seed).build()


class _Builder:
    def __init__(self, count: int, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - no secret hangs on it
        self.count = count
        self.windows: list[Window] = []
        self.walls: list[ClosedWall] = []

    def build(self) -> Problem:
        size = max(self.count // WINGS_PER_CREW, 1)
        summer = Absence(self._day(150), self._day(163))
        crews = (
            Crew("planners", size),
            Crew("fitters", size, absences=(summer,)),
            Crew("installers", size),
        )
        packages = [one for number in range(self.count) for one in self._list_wing(number)]
        links = [link for number in range(self.count) for link in _list_links(number)]
        return Problem(
            TODAY,
            tuple(packages),
            tuple(links),
            crews,
            tuple(self._list_sessions()),
            tuple(self._list_busy()),
            tuple(self.windows),
            tuple(self.walls),
            holidays=HOLIDAYS,
            weights=Weights(lateness=2, outside=10, disturbance=2, move=5),
        )

    def _day(self, days: int) -> date:
        return TODAY + timedelta(days=days)

    def _list_wing(self, number: int) -> list[Package]:
        wing, rooms = f"W{number:02}", self.dice.randint(2, 6)
        if self.dice.random() < 0.6:
            self._open_walls(wing)
        lengths = (2, 3, self.dice.choice((28, 42, 84)), 21, rooms, rooms + 2, rooms, 2, 0)
        crews = ("planners", "planners", "", "", "fitters", "fitters", "fitters", "installers", "")
        due = self._day(self.dice.randint(90, 240))
        return [
            Package(
                f"{wing}-{step}",
                duration_days=length,
                is_waiting=step in {"permit", "order"},
                demands={crew: 1} if crew else {},
                noise=Noise.LOUD if step == "drill" else Noise.NORMAL,
                places=frozenset({wing}),
                is_in_wall=step == "pull",
                outside_cost={"drill": 4, "pull": 8}.get(step, 0),
                due_on=due if step == "live" else None,
                priority=self.dice.randint(1, 3),
            )
            for step, length, crew in zip(STEPS, lengths, crews, strict=True)
        ]

    def _open_walls(self, wing: str) -> None:
        opens = self.dice.randint(60, 200)
        length = self.dice.randint(21, 42)
        certainty = self.dice.choice((60, 80, 100))
        window = Window(wing, self._day(opens), self._day(opens + length), wing, certainty)
        self.windows.append(window)
        if self.dice.random() < 0.5:
            closed = self._day(opens + length + 1)
            self.walls.append(ClosedWall(wing, closed, closed + timedelta(days=60), wing))

    def _list_sessions(self) -> list[Blackout]:
        wings = self.dice.sample(range(self.count), self.count // 2)
        days = [self.dice.randint(20, 250) for _ in wings]
        return [
            Blackout(f"session{n}", self._day(day), self._day(day + 2), place=f"W{wing:02}")
            for n, (wing, day) in enumerate(zip(wings, days, strict=True))
        ]

    def _list_busy(self) -> list[BusyTime]:
        wings = self.dice.sample(range(self.count), self.count // 3)
        days = [self.dice.randint(40, 200) for _ in wings]
        return [
            BusyTime(f"busy{n}", self._day(day), self._day(day + 20), place=f"W{wing:02}", cost=3)
            for n, (wing, day) in enumerate(zip(wings, days, strict=True))
        ]


def _list_links(number: int) -> list[Link]:
    pairs = [
        ("survey", "design", LinkKind.FINISH_START, 0),
        ("design", "permit", LinkKind.FINISH_START, 0),
        ("design", "order", LinkKind.FINISH_START, 1),
        ("permit", "drill", LinkKind.FINISH_START, 0),
        ("order", "pull", LinkKind.FINISH_START, 0),
        ("drill", "pull", LinkKind.START_START, 2),
        ("drill", "pull", LinkKind.FINISH_FINISH, 1),
        ("pull", "terminate", LinkKind.FINISH_START, 0),
        ("terminate", "mount", LinkKind.FINISH_START, 0),
        ("mount", "live", LinkKind.FINISH_START, 0),
    ]
    wing = f"W{number:02}"
    return [Link(f"{wing}-{one}", f"{wing}-{other}", kind, lag) for one, other, kind, lag in pairs]
