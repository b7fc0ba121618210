from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from tests.benchmarks.wings import make_wings
from wlantrack.errors import InvalidInput
from wlantrack.scheduling.heuristic import find_draft
from wlantrack.scheduling.instance import build_instance
from wlantrack.scheduling.outcome import Placement, Progress, Status
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
    Weights,
    Window,
)
from wlantrack.scheduling.problem import Problem
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

MONDAY = date(2026, 6, 1)


def june(day: int) -> date:
    return date(2026, 6, day)


def days_of(problem: Problem) -> dict[str, tuple[date, date]]:
    plan = solve(problem, limit_s=5, seed=1).plan
    assert verify(problem, plan) == []
    return {key: (placed.starts_on, placed.ends_before) for key, placed in plan.items()}


def test_work_pauses_on_weekends_holidays_absences_and_in_blackouts() -> None:
    problem = Problem(
        MONDAY,
        (Package("drill", duration_days=5, demands={"fitters": 1}, noise=Noise.LOUD),),
        crews=(Crew("fitters", absences=(Absence(june(2), june(2)),)),),
        blackouts=(Blackout("council", june(3), june(3)), Blackout("exam", june(9), june(9))),
        holidays=frozenset({june(4)}),
    )

    assert days_of(problem) == {"drill": (june(1), june(12))}


def test_waiting_takes_calendar_days_and_work_goes_on_the_next_working_day() -> None:
    packages = (Package("permit", duration_days=5, is_waiting=True), Package("drill"))
    problem = Problem(MONDAY, packages, (Link("permit", "drill"),))

    assert days_of(problem) == {"permit": (june(1), june(6)), "drill": (june(8), june(9))}


@pytest.mark.parametrize(
    ("kind", "lag", "first"),
    [("FS", 0, 5), ("FS", -1, 4), ("SS", 1, 2), ("FF", 0, 3), ("SF", 4, 3)],
)
def test_each_kind_of_link_holds_its_own_ends(kind: str, lag: int, first: int) -> None:
    packages = (Package("a", duration_days=4), Package("b", duration_days=2))
    problem = Problem(MONDAY, packages, (Link("a", "b", LinkKind(kind), lag),))

    assert days_of(problem)["b"][0] == june(first)


def test_cabling_moves_into_the_open_wall_and_stays_out_of_the_closed_one() -> None:
    problem = Problem(
        MONDAY,
        (Package("pull", duration_days=2, is_in_wall=True, outside_cost=1),),
        windows=(Window("hall", june(15), june(19)), Window("far", june(29), june(29))),
        closed_walls=(ClosedWall("painter", june(4), june(17)),),
    )

    assert days_of(problem) == {"pull": (june(17), june(19))}


def test_what_waits_for_something_undated_gets_no_date_unless_it_has_begun() -> None:
    packages = (
        Package("buy", undated_reason="the council has not decided"),
        Package("drill"),
        Package("pull", permits=("heritage",)),
        Package("begun", started_on=MONDAY),
        Package("free"),
    )
    links = (Link("buy", "drill"), Link("buy", "begun"))
    problem = Problem(MONDAY, packages, links, permits=(Permit("heritage", None),))

    solution = solve(problem, limit_s=5, seed=1)

    assert solution.plan.keys() == {"begun", "free"}
    assert solution.undated == {"buy": ("buy",), "drill": ("buy",), "pull": ("heritage",)}


def test_begun_work_keeps_its_crew_and_pins_keep_their_day() -> None:
    crew = {"fitters": 1}
    packages = (
        Package("begun", duration_days=3, demands=crew, started_on=date(2026, 5, 29)),
        Package("pinned", duration_days=2, demands=crew, pinned_on=june(4)),
        Package("open", duration_days=2, demands=crew),
    )
    problem = Problem(MONDAY, packages, crews=(Crew("fitters"),))

    assert days_of(problem) == {
        "begun": (date(2026, 5, 29), june(3)),
        "pinned": (june(4), june(6)),
        "open": (june(8), june(10)),
    }


def test_a_move_against_the_current_plan_must_be_worth_it() -> None:
    package = Package("pull", duration_days=1, due_on=june(1), current_on=june(3))
    late_is_cheap = Problem(MONDAY, (package,), weights=Weights(lateness=1, move=5))
    late_is_dear = replace(late_is_cheap, weights=Weights(lateness=3, move=5))

    assert days_of(late_is_cheap)["pull"] == (june(3), june(4))
    assert days_of(late_is_dear)["pull"] == (june(1), june(2))


def test_a_circle_is_refused_by_name() -> None:
    packages = (Package("a", label="Drill"), Package("b", label="Pull"))

    with pytest.raises(InvalidInput, match="Drill → Pull → Drill"):
        Problem(MONDAY, packages, (Link("a", "b"), Link("b", "a")))


def test_the_same_seed_gives_the_same_proposal() -> None:
    problem = make_wings(3, seed=2)
    first, second = (solve(problem, limit_s=1, seed=7) for _ in range(2))

    assert first.is_repeatable
    assert first.plan == second.plan
    assert first.bound == second.bound


def test_a_plan_is_there_at_once_and_is_told_from_a_proof() -> None:
    problem = make_wings(3, seed=2)
    at_once = solve(problem, limit_s=0, seed=1)
    better = solve(problem, limit_s=5, seed=1)

    assert verify(problem, at_once.plan) == []
    assert at_once.status is Status.HEURISTIC
    assert better.status is Status.OPTIMAL
    assert at_once.bound <= better.cost == better.bound < at_once.cost


def test_a_search_tells_how_it_goes_and_stops_when_asked() -> None:
    problem = make_wings(4, seed=4)
    costs: list[int] = []
    progress = Progress(lambda cost, _bound: costs.append(cost))
    solve(problem, limit_s=5, seed=1, progress=progress)
    assert costs == sorted(costs, reverse=True)
    assert costs[0] > costs[-1]

    stopped = Progress(stop=threading.Event())
    stopped.stop.set()
    solution = solve(problem, limit_s=60, seed=1, progress=stopped)

    assert verify(problem, solution.plan) == []
    assert not solution.is_repeatable
    assert solution.seconds < 20


def test_lateness_that_no_crew_can_avoid_is_known_without_a_search() -> None:
    lengths = {"a": 4, "b": 3, "c": 2}
    packages = [Package(key, duration_days=n, demands={"fitters": 1}) for key, n in lengths.items()]
    live = Package("live", duration_days=0, due_on=june(5))
    links = tuple(Link(key, "live") for key in lengths)
    problem = Problem(
        MONDAY, (*packages, live), links, (Crew("fitters"),), weights=Weights(lateness=1)
    )

    solution = solve(problem, limit_s=0, seed=1)

    assert (solution.status, solution.cost, solution.bound) == (Status.OPTIMAL, 4, 4)


def test_the_heuristic_itself_follows_its_seed() -> None:
    instance = build_instance(make_wings(4, seed=1))

    drafts = [find_draft(instance, seed, placings=200_000) for seed in (1, 1, 2)]

    assert drafts[0] == drafts[1]
    assert all(draft is not None for draft in drafts)


def test_the_heuristic_keeps_to_more_crews_than_one_integer_holds() -> None:
    crews = tuple(Crew(f"c{number}", capacity=3) for number in range(40))
    packages = tuple(
        Package(f"p{n}", duration_days=2, demands={f"c{n % 40}": 2, f"c{n * 7 % 40}": 2})
        for n in range(60)
    )
    problem = Problem(MONDAY, packages, crews=crews)
    instance = build_instance(problem)

    draft = find_draft(instance, seed=1, placings=5_000)

    assert draft is not None
    assert verify(problem, instance.place(draft.chosen)) == []


def test_nothing_to_do_is_a_plan() -> None:
    assert solve(Problem(MONDAY, ()), limit_s=1, seed=1).plan == {}
    done = Package("done", started_on=MONDAY, finished_on=MONDAY)
    assert solve(Problem(MONDAY, (done,)), limit_s=1, seed=1).plan == {
        "done": Placement(MONDAY, june(2))
    }
