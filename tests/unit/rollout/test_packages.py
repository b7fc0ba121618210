"""Work packages: how they stand by their objects, and what speaks against them as planned."""

from __future__ import annotations

from datetime import date

import pytest

from wlantrack.rollout.packages import (
    DEFAULTS,
    KIND_CODES,
    KIND_WORDS,
    POINT_GOALS,
    RUN_GOALS,
    Away,
    Place,
    QuietDays,
    Surroundings,
    Tally,
    Wall,
    Work,
    find_conflicts,
    judge_state,
    tally_points,
    tally_runs,
    tally_tasks,
)
from wlantrack.rollout.workdays import Workdays
from wlantrack.store.models.milestones import PACKAGE_KINDS

WORKDAYS = Workdays()
MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)
WEST = Place(1, 10)


def work(**values: object) -> Work:
    plan = {"key": "p1", "kind": "pulling", "place": WEST, "duration_days": 5}
    return Work(**plan | {"begins_on": MONDAY, "ends_on": FRIDAY} | values)  # type: ignore[arg-type]


def kinds_of(item: Work, around: Surroundings) -> list[str]:
    found = find_conflicts([item], around, WORKDAYS)
    return [conflict.kind.value for conflict in found.get(item.key, ())]


def test_every_kind_has_words_a_code_and_defaults() -> None:
    assert set(PACKAGE_KINDS) == set(KIND_WORDS) == set(DEFAULTS) == set(KIND_CODES)
    assert set(RUN_GOALS) | set(POINT_GOALS) == set(PACKAGE_KINDS) - {"training", "other"}


def test_objects_count_once_they_are_as_far_as_the_kind_leads() -> None:
    runs = {"ordered": 2, "pulled": 1, "tested": 3, "decommissioned": 4}
    assert tally_runs("pulling", runs) == Tally(4, 6)
    assert tally_runs("training", runs) == Tally()
    assert tally_points("mounting", {"released": 1, "mounted": 2, "removed": 9}) == Tally(2, 3)
    assert tally_tasks({"open": 1, "done": 2, "dropped": 5}) == Tally(2, 3)
    assert Tally(1, 2) + Tally(2, 3) == Tally(3, 5)


@pytest.mark.parametrize(
    ("entered", "tally", "state"),
    [
        ("planned", Tally(), "planned"),
        ("done", Tally(), "done"),
        ("planned", Tally(0, 3), "planned"),
        ("running", Tally(0, 3), "running"),
        ("planned", Tally(1, 3), "running"),
        ("done", Tally(1, 3), "running"),
        ("planned", Tally(3, 3), "done"),
        ("dropped", Tally(3, 3), "dropped"),
    ],
)
def test_a_package_stands_as_its_objects_do(entered: str, tally: Tally, state: str) -> None:
    assert judge_state(entered, tally) == state


def test_work_in_walls_collides_with_walls_that_are_closed_or_not_yet_open() -> None:
    closing = Surroundings(walls=[Wall("W", Place(1), None, date(2026, 3, 5))])
    opening = Surroundings(walls=[Wall("W", WEST, date(2026, 3, 4), None)])
    elsewhere = Surroundings(walls=[Wall("W", Place(1, 11), None, date(2026, 3, 5))])
    assert kinds_of(work(), closing) == ["wall closed"]
    assert kinds_of(work(), opening) == ["wall not open"]
    assert kinds_of(work(), elsewhere) == []
    assert kinds_of(work(kind="mounting"), closing) == []
    assert kinds_of(work(is_waiting=True), closing) == []


def test_a_blackout_collides_where_too_few_days_are_left() -> None:
    quiet = Surroundings(quiet=[QuietDays("Session", Place(), MONDAY, MONDAY, "loud")])
    assert kinds_of(work(noise_class="loud"), quiet) == ["blackout"]
    assert kinds_of(work(noise_class="normal"), quiet) == []
    assert kinds_of(work(noise_class="loud", duration_days=4), quiet) == []
    weekend = Surroundings(quiet=[QuietDays("Fair", Place(), date(2026, 3, 7), date(2026, 3, 8))])
    assert kinds_of(work(noise_class="loud", ends_on=date(2026, 3, 9)), weekend) == []


def test_a_crew_that_is_away_or_has_too_much_collides() -> None:
    gone = Surroundings(away=[Away("A", MONDAY, FRIDAY)])
    assert kinds_of(work(crew="A"), gone) == ["crew away"]
    assert kinds_of(work(crew="B"), gone) == []
    works = [work(key=f"p{number}", crew="A") for number in (1, 2)]
    works.append(work(key="p3", crew="A", begins_on=date(2026, 3, 9), ends_on=date(2026, 3, 13)))
    found = find_conflicts(works, Surroundings(capacities={"A": 1}), WORKDAYS)
    assert sorted(found) == ["p1", "p2"]
    assert not find_conflicts(works, Surroundings(capacities={"A": 2}), WORKDAYS)
