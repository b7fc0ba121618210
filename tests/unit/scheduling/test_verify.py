from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wlantrack.scheduling.breaches import Breach, Violation
from wlantrack.scheduling.outcome import Placement, Plan
from wlantrack.scheduling.parts import (
    Absence,
    Blackout,
    ClosedWall,
    Crew,
    Link,
    LinkKind,
    Noise,
    Package,
    Permit,
)
from wlantrack.scheduling.problem import Problem
from wlantrack.scheduling.verify import verify

MONDAY = date(2026, 6, 1)


def june(day: int) -> date:
    return date(2026, 6, day)


def days(first: int, last: int) -> Placement:
    return Placement(june(first), june(last) + timedelta(days=1))


PROBLEM = Problem(
    MONDAY,
    (
        Package("begun", demands={"fitters": 1}, started_on=MONDAY, finished_on=MONDAY),
        Package("permit", duration_days=7, is_waiting=True),
        Package("drill", duration_days=2, demands={"fitters": 1}, noise=Noise.LOUD),
        Package(
            "pull",
            duration_days=3,
            demands={"fitters": 1},
            is_in_wall=True,
            permits=("heritage",),
            deadline_on=june(30),
        ),
        Package("mount", duration_days=2, demands={"fitters": 1}, release_on=june(8)),
        Package("visit", duration_days=1, pinned_on=june(18)),
        Package("live", duration_days=0),
        Package("later", undated_reason="the building is not bought yet"),
    ),
    (
        Link("permit", "drill"),
        Link("drill", "pull"),
        Link("drill", "mount", LinkKind.START_START, 1),
        Link("pull", "live"),
    ),
    (Crew("fitters", 1, absences=(Absence(june(15), june(15)),)),),
    (Blackout("council", june(11), june(11)),),
    closed_walls=(ClosedWall("plasterer", june(24), june(29)),),
    permits=(Permit("heritage", june(12), expires_on=june(30)),),
    holidays=frozenset({june(4)}),
)
SOUND: Plan = {
    "begun": days(1, 1),
    "permit": days(1, 7),
    "drill": days(9, 10),
    "pull": days(16, 18),
    "mount": days(19, 22),
    "visit": days(18, 18),
    "live": Placement(june(19), june(19)),
}


def test_a_sound_plan_has_nothing_against_it() -> None:
    assert verify(PROBLEM, SOUND) == []


@pytest.mark.parametrize(
    ("key", "placement", "breach", "cause"),
    [
        ("visit", None, Breach.MISSING, ""),
        ("later", days(22, 22), Breach.UNDATED, ""),
        ("begun", days(2, 2), Breach.FROZEN, ""),
        ("mount", days(27, 29), Breach.DAY_OFF, ""),
        ("mount", days(22, 24), Breach.LENGTH, ""),
        ("permit", days(1, 6), Breach.LENGTH, ""),
        ("mount", days(12, 15), Breach.ABSENCE, "fitters"),
        ("drill", days(10, 11), Breach.BLACKOUT, "council"),
        ("mount", days(2, 3), Breach.RELEASE, ""),
        ("pull", Placement(june(29), date(2026, 7, 2)), Breach.DEADLINE, ""),
        ("pull", days(10, 12), Breach.PERMIT, "heritage"),
        ("pull", Placement(june(29), date(2026, 7, 2)), Breach.PERMIT, "heritage"),
        ("pull", days(23, 25), Breach.WALL, "plasterer"),
        ("visit", days(19, 19), Breach.PIN, ""),
        ("drill", days(2, 3), Breach.LINK, "permit"),
        ("live", Placement(june(18), june(18)), Breach.LINK, "pull"),
        ("mount", days(9, 10), Breach.LINK, "drill"),
        ("mount", days(18, 19), Breach.CREW, "fitters"),
    ],
)
def test_each_way_to_break_a_plan_is_named(
    key: str, placement: Placement | None, breach: Breach, cause: str
) -> None:
    plan = {other: placed for other, placed in SOUND.items() if other != key}
    if placement is not None:
        plan[key] = placement

    named = "fitters" if breach is Breach.CREW else key
    assert Violation(breach, named, cause) in verify(PROBLEM, plan)


def test_what_happened_may_break_any_rule_but_takes_its_crew() -> None:
    begun = replace(PROBLEM.by_key["drill"], started_on=MONDAY)
    packages = tuple(begun if one.key == "drill" else one for one in PROBLEM.packages)
    plan = {**SOUND, "drill": days(1, 2)}

    assert verify(replace(PROBLEM, packages=packages), plan) == []
    visit = replace(PROBLEM.by_key["visit"], demands={"fitters": 1}, pinned_on=june(2))
    crossing = tuple(visit if one.key == "visit" else one for one in packages)
    assert verify(replace(PROBLEM, packages=crossing), {**plan, "visit": days(2, 2)}) == [
        Violation(Breach.CREW, "fitters", "fitters")
    ]
