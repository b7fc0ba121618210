from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE, CABLE_STATES
from wlantrack.rollout.wall_closing import (
    LEAD_TIMES,
    RELEASED,
    WAY,
    LeadTime,
    Level,
    RunInWall,
    foresee,
    list_steps,
)
from wlantrack.rollout.workdays import Workdays

TODAY = date(2026, 6, 1)
WORKDAYS = Workdays([date(2026, 6, 4), date(2026, 12, 25)])
QUICK = {step: LeadTime(1) for step in LEAD_TIMES} | {
    "permits cleared": LeadTime(30, is_waiting=True)
}


def run_of(state: str = "pulled", *, days: int = 60, **values: object) -> RunInWall:
    return RunInWall("R-1", state, TODAY + timedelta(days=days), **values)  # type: ignore[arg-type]


def test_every_state_of_a_cable_has_its_place_on_the_way() -> None:
    for state in set(CABLE_STATES) - {"blocked", "test failed"}:
        steps = list_steps(state, crosses_fire_wall=True)
        for source, target in zip((state, *steps), steps, strict=False):
            assert (source, target) in CABLE_LIFECYCLE.transitions
        assert not steps or steps[-1] == RELEASED
    assert set(LEAD_TIMES) == set(WAY[1:])


def test_a_run_through_no_fire_wall_needs_no_fire_stopping() -> None:
    assert list_steps("pulled", crosses_fire_wall=True) == ("fire-stopped", RELEASED)
    assert list_steps("pulled", crosses_fire_wall=False) == (RELEASED,)


def test_steps_follow_one_another_and_waiting_counts_every_day() -> None:
    outlook = foresee(run_of("design released"), WORKDAYS, TODAY, QUICK)

    assert outlook.steps == (
        ("permits cleared", date(2026, 6, 30)),
        ("ordered", date(2026, 7, 1)),
        ("containment installed", date(2026, 7, 2)),
        ("pulled", date(2026, 7, 3)),
        (RELEASED, date(2026, 7, 6)),
    )
    assert outlook.released_on == date(2026, 7, 6)


def test_a_promised_day_takes_the_place_of_the_usual_time() -> None:
    run = run_of("design released", not_before={"permits cleared": date(2026, 6, 6)})  # a Saturday

    assert foresee(run, WORKDAYS, TODAY, QUICK).steps[:2] == (
        ("permits cleared", date(2026, 6, 6)),
        ("ordered", date(2026, 6, 8)),
    )


@pytest.mark.parametrize(
    ("run", "level"),
    [
        (run_of("pulled", days=60), Level.IN_TIME),
        (run_of("pulled", days=15), Level.IN_TIME),
        (run_of("pulled", days=14), Level.SOON),
        (run_of("pulled", days=0), Level.SOON),
        (run_of("pulled", days=0, crosses_fire_wall=True), Level.TOO_LATE),
        (run_of("pulled", days=-1), Level.MISSED),
        (run_of("requested", days=60), Level.TOO_LATE),
        (run_of("pulled", days=200, is_blocked=True), Level.UNKNOWN),
        (run_of("pulled", days=-1, is_blocked=True), Level.MISSED),
        (run_of(RELEASED, days=-30), Level.IN_TIME),
        (run_of("accepted", days=2), Level.IN_TIME),
        (run_of("decommissioned", days=2), Level.IN_TIME),
    ],
)
def test_each_run_stands_as_its_days_say(run: RunInWall, level: Level) -> None:
    assert foresee(run, WORKDAYS, TODAY).level is level


def test_of_a_blocked_run_no_day_is_given() -> None:
    outlook = foresee(run_of("ordered", is_blocked=True), WORKDAYS, TODAY)

    assert (outlook.released_on, outlook.slack_days, outlook.act_by) == (None, None, None)
    assert [step for step, _ in outlook.steps] == ["containment installed", "pulled", RELEASED]


def test_a_state_beside_the_way_is_no_state_of_a_run_in_a_wall() -> None:
    with pytest.raises(ValueError, match="test failed"):
        foresee(run_of("test failed"), WORKDAYS, TODAY)


STEPS = st.dictionaries(
    st.sampled_from(WAY[1:]),
    st.builds(LeadTime, st.integers(1, 40), st.booleans()),
)


@given(
    state=st.sampled_from(WAY[:-1]),
    closes_in=st.integers(0, 300),
    lead_times=STEPS,
    promised=st.dictionaries(
        st.sampled_from(WAY[1:-1]), st.dates(TODAY, TODAY + timedelta(days=200)), max_size=2
    ),
    crosses=st.booleans(),
)
def test_the_alarm_comes_on_the_first_day_on_which_beginning_is_too_late(
    state: str,
    closes_in: int,
    lead_times: dict[str, LeadTime],
    promised: dict[str, date],
    *,
    crosses: bool,
) -> None:
    run = run_of(state, days=closes_in, crosses_fire_wall=crosses, not_before=promised)
    times = {**LEAD_TIMES, **lead_times}

    def is_too_late(day: date) -> bool:
        slack = foresee(run, WORKDAYS, day, times).slack_days
        assert slack is not None
        return slack < 0

    act_by = foresee(run, WORKDAYS, TODAY, times).act_by
    if act_by is None:
        assert is_too_late(TODAY - timedelta(days=3000))
        return
    assert not is_too_late(act_by)
    assert is_too_late(WORKDAYS.day_from(WORKDAYS.end_of(act_by)))
