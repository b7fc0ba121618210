"""Conflicts and synergies between open walls and our cabling."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wlantrack.rollout.wall_closing import RunInWall, foresee
from wlantrack.rollout.windows import Finding, Kind, LoudDays, PlannedWork, Window, find_all
from wlantrack.rollout.workdays import Workdays

TODAY = date(2026, 3, 2)  # a Monday
CLOSES = date(2026, 5, 29)
WEEK = Workdays()


def run(label: str, state: str, closes_on: date = CLOSES, *, is_blocked: bool = False) -> RunInWall:
    return RunInWall(label, state, closes_on, is_blocked=is_blocked)


def find(
    window: Window,
    *runs: RunInWall,
    works: tuple[PlannedWork, ...] = (),
    loud: tuple[LoudDays, ...] = (),
) -> list[Finding]:
    outlooks = [foresee(item, WEEK, TODAY) for item in runs]
    return find_all(window, outlooks, works, loud, TODAY)


OPEN = Window("w", TODAY - timedelta(days=10), CLOSES)


def test_a_run_that_gets_done_while_the_wall_is_open_is_a_synergy() -> None:
    (finding,) = find(OPEN, run("K-1", "ordered"), run("K-2", "containment installed"))

    assert finding.kind is Kind.SYNERGY
    assert finding.subjects == ("K-1", "K-2")
    assert finding.by_day == TODAY
    assert not finding.kind.is_conflict


def test_a_run_that_is_pulled_already_is_no_synergy() -> None:
    assert find(OPEN, run("K-1", "pulled")) == []
    (finding,) = find(OPEN, run("K-1", "pulled"), run("K-2", "containment installed"))
    assert finding.subjects == ("K-2",)


def test_a_run_that_comes_too_late_is_a_conflict_by_the_last_day_to_begin() -> None:
    soon = TODAY + timedelta(days=30)
    late = run("K-1", "requested", soon)
    outlook = foresee(late, WEEK, TODAY)
    (finding,) = find(Window("w", TODAY, soon), late)

    assert finding.kind is Kind.WALL_CLOSES
    assert finding.by_day == outlook.act_by
    assert outlook.act_by is not None
    assert outlook.act_by < TODAY


def test_a_blocked_run_is_a_conflict_by_the_day_the_wall_closes() -> None:
    (finding,) = find(OPEN, run("K-1", "ordered", is_blocked=True))

    assert (finding.kind, finding.by_day) == (Kind.WALL_CLOSES, CLOSES)


def test_what_is_released_already_needs_nobody() -> None:
    assert find(OPEN, run("K-1", "released to close"), run("K-2", "tested")) == []


@pytest.mark.parametrize(
    ("begins", "ends", "kinds"),
    [
        (date(2026, 6, 1), date(2026, 6, 12), [Kind.PLANNED_AFTER, Kind.SYNERGY]),
        (date(2026, 5, 25), date(2026, 6, 2), [Kind.PLANNED_AFTER, Kind.SYNERGY]),
        (date(2026, 4, 1), date(2026, 4, 10), [Kind.SYNERGY]),
    ],
)
def test_work_that_ends_after_the_closing_is_a_conflict_and_can_be_moved(
    begins: date, ends: date, kinds: list[Kind]
) -> None:
    work = PlannedWork("p1", "Pulling", begins, ends)
    found = find(OPEN, run("K-1", "ordered"), works=(work,))

    assert [item.kind for item in found] == kinds
    moved = [item.work for item in found if item.kind is Kind.SYNERGY]
    assert moved == (["p1"] if len(kinds) > 1 else [""])


@pytest.mark.parametrize(
    ("due_in_days", "state", "is_told"),
    [
        (29, "requested", False),
        (28, "requested", True),
        (-5, "surveyed", True),
        (5, "ordered", False),
    ],
)
def test_requirements_are_missed_four_weeks_before_their_deadline(
    due_in_days: int, state: str, *, is_told: bool
) -> None:
    due_on = TODAY + timedelta(days=due_in_days)
    window = Window("w", TODAY, date(2027, 3, 1), due_on)
    found = find(window, run("K-1", state, date(2027, 3, 1)))

    assert (Kind.REQUIREMENTS in [item.kind for item in found]) is is_told


def test_a_window_without_closing_day_asks_for_one_and_can_be_used() -> None:
    found = find(Window("w", TODAY, None), run("K-1", "ordered", date(2036, 1, 1)))

    assert [item.kind for item in found] == [Kind.NO_CLOSING, Kind.SYNERGY]


@pytest.mark.parametrize(
    "window",
    [
        Window("far", TODAY + timedelta(days=91), None),
        Window("over", TODAY - timedelta(days=60), TODAY - timedelta(days=1)),
        Window("unknown", None, None),
    ],
)
def test_a_window_that_is_far_over_or_unknown_is_no_synergy(window: Window) -> None:
    closes_on = window.closes_on or date(2036, 1, 1)
    kinds = {item.kind for item in find(window, run("K-1", "ordered", closes_on))}

    assert kinds <= {Kind.WALL_CLOSES}


def test_loud_work_on_quiet_days_is_told_by_its_first_day() -> None:
    loud = LoudDays("Demolition: council session", date(2026, 3, 19), date(2026, 3, 19))
    (finding,) = find(OPEN, loud=(loud,))

    assert (finding.kind, finding.by_day, finding.detail) == (
        Kind.NOISE,
        date(2026, 3, 19),
        "Demolition: council session",
    )
