from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.unit.rollout.critical_path_oracle import SlowTiming
from wlantrack.errors import InvalidInput
from wlantrack.rollout.critical_path import (
    Activity,
    Because,
    Link,
    LinkKind,
    Plan,
    Slip,
    preview_slip,
    time_plan,
)
from wlantrack.rollout.workdays import Workdays

MONDAY = date(2026, 6, 1)
CORPUS_CHRISTI = date(2026, 6, 4)  # a Thursday
WORKDAYS = Workdays([CORPUS_CHRISTI])
FS, SS, FF, SF = LinkKind


def days_of(plan: Plan, today: date = MONDAY) -> dict[str, tuple[date | None, date | None]]:
    return {key: (t.start, t.finish) for key, t in time_plan(plan, WORKDAYS, today).items()}


def test_work_leaves_out_weekends_and_holidays() -> None:
    plan = Plan([Activity("a", "A", 5), Activity("b", "B", 1)], [Link("a", "b")])

    assert days_of(plan) == {
        "a": (MONDAY, date(2026, 6, 8)),
        "b": (date(2026, 6, 9), date(2026, 6, 9)),
    }


def test_waiting_counts_every_day_and_work_goes_on_the_next_working_day() -> None:
    plan = Plan(
        [Activity("permit", "Permit", 14, is_waiting=True), Activity("pull", "Pull", 1)],
        [Link("permit", "pull")],
    )

    assert days_of(plan) == {
        "permit": (MONDAY, date(2026, 6, 14)),
        "pull": (date(2026, 6, 15), date(2026, 6, 15)),
    }


def test_a_milestone_falls_on_the_last_day_of_what_leads_to_it() -> None:
    plan = Plan(
        [Activity("pull", "Pull", 3), Activity("done", "Done"), Activity("mount", "Mount", 2)],
        [Link("pull", "done"), Link("done", "mount")],
    )

    assert days_of(plan) == {
        "pull": (MONDAY, date(2026, 6, 3)),
        "done": (date(2026, 6, 3), date(2026, 6, 3)),
        "mount": (date(2026, 6, 5), date(2026, 6, 8)),
    }


@pytest.mark.parametrize(
    ("kind", "lag_days", "start", "finish"),
    [
        (FS, 0, date(2026, 6, 8), date(2026, 6, 9)),
        (FS, -1, date(2026, 6, 5), date(2026, 6, 8)),
        (SS, 2, date(2026, 6, 3), date(2026, 6, 5)),
        (FF, 1, date(2026, 6, 5), date(2026, 6, 8)),
        (SF, 3, date(2026, 6, 2), date(2026, 6, 3)),
    ],
)
def test_each_kind_of_link_holds_its_own_ends(
    kind: LinkKind, lag_days: int, start: date, finish: date
) -> None:
    plan = Plan([Activity("a", "A", 4), Activity("b", "B", 2)], [Link("a", "b", kind, lag_days)])

    assert days_of(plan)["b"] == (start, finish)


def test_a_date_by_hand_holds_until_a_link_pushes_it() -> None:
    later = date(2026, 9, 15)
    free = Activity("live", "Live", not_before=later)
    plan = Plan([free, Activity("pull", "Pull", 200)])
    timing = time_plan(plan, WORKDAYS, MONDAY)["live"]
    assert (timing.finish, timing.because) == (later, Because.NOT_BEFORE)

    pushed = time_plan(Plan(plan.activities.values(), [Link("pull", "live")]), WORKDAYS, MONDAY)
    assert (pushed["live"].because, pushed["live"].driver) == (Because.LINK, "pull")
    assert pushed["live"].finish == pushed["pull"].finish
    assert pushed["live"].is_critical


def test_a_date_by_hand_on_a_holiday_is_kept_on_the_next_working_day() -> None:
    plan = Plan([Activity("m", "M", not_before=CORPUS_CHRISTI)])

    assert days_of(plan)["m"][1] == date(2026, 6, 5)


def test_what_happened_stands_whatever_the_links_say() -> None:
    saturday = date(2026, 5, 30)
    plan = Plan(
        [Activity("a", "A", 10), Activity("b", "B", 2, started_on=saturday, finished_on=saturday)],
        [Link("a", "b")],
    )
    timing = time_plan(plan, WORKDAYS, MONDAY)["b"]

    assert (timing.start, timing.finish, timing.float_days) == (saturday, saturday, None)
    assert timing.because is Because.ACTUAL


def test_what_has_begun_ends_today_at_the_earliest() -> None:
    plan = Plan([Activity("a", "A", 2, started_on=date(2026, 5, 4)), Activity("b", "B", 1)],
                [Link("a", "b")])  # fmt: skip

    found = days_of(plan, date(2026, 6, 3))

    assert found["a"][0] == date(2026, 5, 4)
    assert found["b"][0] == date(2026, 6, 3)


def test_what_waits_for_something_undated_names_it_and_has_a_length_alone() -> None:
    plan = Plan(
        [
            Activity("cabling", "Cabling", 10, undated_reason="depends on the renovation"),
            Activity("permit", "Permit", 7, is_waiting=True),
            Activity("mount", "Mount", 4),
            Activity("live", "Live"),
            Activity("other", "Other", 1),
        ],
        [Link("cabling", "mount", FS, 2), Link("permit", "mount"), Link("mount", "live")],
    )
    timings = time_plan(plan, WORKDAYS, MONDAY)

    assert timings["cabling"].waits_for == ("cabling",)
    for key, span in {"cabling": (0, 10), "mount": (12, 16), "live": (16, 16)}.items():
        timing = timings[key]
        assert (timing.start, timing.finish, timing.float_days) == (None, None, None)
        assert (timing.because, timing.waits_for) == (Because.UNDATED, ("cabling",))
        assert timing.relative_days == span
    assert timings["permit"].finish == date(2026, 6, 7)
    assert timings["other"].waits_for == ()


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        (FS, (None, None)),
        (SS, (date(2026, 6, 2), date(2026, 6, 3))),
        (FF, (None, None)),
        (SF, (MONDAY, date(2026, 6, 2))),
    ],
)
def test_what_has_begun_hands_on_its_start_whatever_becomes_of_its_end(
    kind: LinkKind, days: tuple[date | None, date | None]
) -> None:
    friday = date(2026, 5, 29)
    open_end = Activity("pull", "Pull", 5, started_on=friday, undated_reason="no cable")
    plan = Plan([open_end, Activity("mount", "Mount", 2)], [Link("pull", "mount", kind, 2)])

    assert days_of(plan) == {"pull": (friday, None), "mount": days}


def test_what_has_begun_waits_for_nothing_with_its_start() -> None:
    activities = [
        Activity("budget", "Budget", undated_reason="not decided"),
        Activity("pull", "Pull", 2, started_on=MONDAY),
    ]
    assert days_of(Plan(activities, [Link("budget", "pull")]))["pull"][1] == date(2026, 6, 2)
    assert days_of(Plan(activities, [Link("budget", "pull", FF)]))["pull"][1] is None


def test_a_circle_is_refused_and_named() -> None:
    activities = [Activity(key, f"Step {key.upper()}", 1) for key in "abcd"]
    links = [Link("d", "a"), Link("a", "b"), Link("b", "c", SS), Link("c", "a", FF)]

    with pytest.raises(InvalidInput) as refused:
        Plan(activities, links)

    assert "Step A → Step B → Step C → Step A" in str(refused.value.problems[0].message)


def test_a_link_into_nothing_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        Plan([Activity("a", "A")], [Link("a", "gone")])

    assert refused.value.problems[0].value == "gone"


def test_a_slip_is_told_in_working_days_and_a_lost_date_first() -> None:
    activities = [
        Activity("a", "A", 2),
        Activity("b", "B", 1),
        Activity("c", "C"),
        Activity("d", "D"),
    ]
    links = [Link("a", "b"), Link("b", "c")]
    before = time_plan(Plan(activities, links), WORKDAYS, MONDAY)
    activities[0] = replace(activities[0], duration_days=5)
    activities[3] = replace(activities[3], undated_reason="nobody knows")
    after = time_plan(Plan(activities, links), WORKDAYS, MONDAY)

    assert preview_slip(before, after, WORKDAYS) == [
        Slip("d", MONDAY, None, None),
        Slip("a", date(2026, 6, 2), date(2026, 6, 8), 3),
        Slip("b", date(2026, 6, 3), date(2026, 6, 9), 3),
        Slip("c", date(2026, 6, 3), date(2026, 6, 9), 3),
    ]


def make_plan(dice: random.Random) -> Plan:
    """Make up to twelve activities of all kinds with links between them."""
    keys = [f"k{number:02d}" for number in range(dice.randint(1, 12))]

    def some_day(low: int, high: int) -> date:
        return MONDAY + timedelta(days=dice.randint(low, high))

    activities = []
    for key in keys:
        length = dice.choice((0, 0, 1, 2, 3, 5, 8, 13))
        activity = Activity(key, key, length, is_waiting=length > 0 and dice.random() < 0.3)
        if dice.random() < 0.2:
            activity = replace(activity, not_before=some_day(-20, 40))
        state = dice.random()
        if state < 0.1 and length:
            reason = dice.choice(("", "", "unknown"))
            activity = replace(activity, started_on=some_day(-30, -1), undated_reason=reason)
        elif state < 0.2:
            activity = replace(activity, finished_on=some_day(-30, -1))
        elif state < 0.25:
            activity = replace(activity, undated_reason="unknown")
        activities.append(activity)
    ways = [(a, b) for place, a in enumerate(keys) for b in keys[place + 1 :]]
    dice.shuffle(keys)
    return Plan(
        activities,
        [
            Link(before, after, dice.choice(list(LinkKind)), dice.randint(-4, 6))
            for before, after in ways
            if dice.random() < 0.25
        ],
    )


@pytest.mark.parametrize("seed", range(300))
def test_dates_and_float_equal_those_found_by_trying(seed: int) -> None:
    plan = make_plan(random.Random(seed))  # noqa: S311 - dice of a test
    slow = SlowTiming(plan, [CORPUS_CHRISTI], MONDAY)

    for key, timing in time_plan(plan, WORKDAYS, MONDAY).items():
        activity = plan.activities[key]
        assert set(timing.waits_for) == slow.undated.get(key, set())
        if timing.waits_for:
            assert timing.finish is None
            continue
        assert timing.start is not None
        assert timing.finish is not None
        if activity.finished_on is None:
            assert timing.float_days == slow.float_of(key), key
            assert WORKDAYS.end_of(timing.finish) - WORKDAYS.end_of(MONDAY) == slow.finishes[
                key
            ] - slow.instant_before(MONDAY + timedelta(days=1))
            if not activity.is_milestone and activity.started_on is None:
                assert timing.start == slow.days[slow.starts[key]]


@pytest.mark.parametrize("seed", range(300))
def test_what_slips_and_what_is_critical_equal_what_trying_finds(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - dice of a test
    plan = make_plan(dice)
    changed = delay_something(plan, dice)
    before, after = (time_plan(each, WORKDAYS, MONDAY) for each in (plan, changed))
    slow = SlowTiming(plan, [CORPUS_CHRISTI], MONDAY)
    slower = SlowTiming(changed, [CORPUS_CHRISTI], MONDAY)

    slips = preview_slip(before, after, WORKDAYS)
    moved = {slip.key: slip.days for slip in slips}

    for key in plan.activities:
        dated = key in slow.finishes, key in slower.finishes
        if all(dated):
            assert moved.get(key, 0) == slower.finishes[key] - slow.finishes[key], key
        else:
            assert (key in moved) is any(dated), key
            assert moved.get(key) is None, key
    assert slips == sorted(slips, key=lambda slip: (slip.days is not None, -(slip.days or 0)))
    for key in slower.finishes:
        if changed.activities[key].finished_on is None:
            _, finishes = slower.place({key: 1})
            assert after[key].is_critical is (max(finishes.values()) > slower.end), key


def delay_something(plan: Plan, dice: random.Random) -> Plan:
    """Let one thing take longer, begin later, or lose its date."""
    activities = dict(plan.activities)
    chosen = activities[dice.choice(list(activities))]
    days = dice.randint(1, 30)
    if dice.random() < 0.2 and chosen.finished_on is None:
        chosen = replace(chosen, undated_reason="unknown")
    elif chosen.is_milestone:
        chosen = replace(chosen, not_before=MONDAY + timedelta(days=days))
    else:
        chosen = replace(chosen, duration_days=chosen.duration_days + days)
    activities[chosen.key] = chosen
    return Plan(activities.values(), plan.links)
