from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.rollout.cabling import (
    COPPER_SPEEDS_MBIT,
    LENGTH_LIMITS_M,
    TEST_LIMIT_WORDS,
    WARNING_WORDS,
    PortFacts,
    RunFacts,
    SwitchLoad,
    WarningKind,
    check_run,
    check_switch,
    power_of,
    sum_up_distributor,
    sum_up_switch,
)
from wlantrack.store.models.cabling import CABLE_CATEGORIES, TEST_LIMITS

GOOD = RunFacts(
    "RH-EV3.1-P1-07",
    "patched",
    "6A",
    length_planned_m=42.0,
    length_actual_m=44.5,
    distributor="RH-EV3.1",
    panel_port="P1:07",
    far_end="RH-MP-3-AP-07",
    is_powered=True,
    poe_class=4,
    port="SW-1/7",
    port_poe_class=6,
    port_speed_mbit=2_500,
)


def kinds_of(run: RunFacts, load: SwitchLoad | None = None) -> list[WarningKind]:
    return [warning.kind for warning in check_run(run, load)]


def test_a_run_with_all_in_order_has_no_warning() -> None:
    assert check_run(GOOD) == ()


@pytest.mark.parametrize(
    ("poe_class", "watts"),
    [
        (0, 15.4),
        (1, 4.0),
        (2, 7.0),
        (3, 15.4),
        (4, 30.0),
        (5, 45.0),
        (6, 60.0),
        (7, 75.0),
        (8, 90.0),
    ],
)
def test_power_follows_the_tables_of_802_3(poe_class: int, watts: float) -> None:
    assert power_of(poe_class) == watts


def test_there_is_no_ninth_class() -> None:
    with pytest.raises(ValueError, match="no PoE class 9"):
        power_of(9)


@pytest.mark.parametrize(
    ("planned_m", "actual_m", "is_too_long"),
    [
        (90.0, None, False),
        (90.1, None, True),
        (60.0, 90.1, True),
        (95.0, 89.9, False),
        (None, None, False),
        (None, 90.0, False),
    ],
)
def test_a_copper_run_may_have_90_m_as_built_else_as_planned(
    planned_m: float | None, actual_m: float | None, *, is_too_long: bool
) -> None:
    run = replace(GOOD, length_planned_m=planned_m, length_actual_m=actual_m)

    assert kinds_of(run) == ([WarningKind.TOO_LONG] if is_too_long else [])


def test_a_channel_may_have_100_m_and_fibre_any_length() -> None:
    long = replace(GOOD, length_actual_m=95.0)

    assert kinds_of(replace(long, test_limit="channel")) == []
    assert kinds_of(replace(long, test_limit="MPTL")) == [WarningKind.TOO_LONG]
    assert kinds_of(replace(long, category="OM4", is_powered=False)) == []


def test_each_open_end_is_named_with_what_to_do() -> None:
    run = replace(GOOD, state="pulled", far_end=None, port=None)
    found = check_run(replace(run, distributor=None, panel_port=None))

    assert [warning.kind for warning in found] == [WarningKind.OPEN_END] * 2
    assert [str(warning.message)[:12] for warning in found] == ["The far end ", "The near end"]
    assert {warning.place for warning in found} == {"RH-EV3.1-P1-07"}


def test_a_panel_port_is_missed_once_the_cable_is_terminated() -> None:
    run = replace(GOOD, panel_port=None)

    assert kinds_of(replace(run, state="pulled")) == []
    assert kinds_of(replace(run, state="terminated")) == [WarningKind.NO_PANEL_PORT]


def test_a_patched_run_without_a_switch_port_is_a_contradiction() -> None:
    assert kinds_of(replace(GOOD, port=None)) == [WarningKind.NO_SWITCH_PORT]
    assert kinds_of(replace(GOOD, port=None, state="tested")) == []


@pytest.mark.parametrize(
    ("category", "speed_mbit", "fits"),
    [
        ("5", 100, True),
        ("5", 1_000, False),
        ("5e", 1_000, True),
        ("5e", 2_500, True),
        ("5e", 5_000, False),
        ("6", 5_000, True),
        ("6", 10_000, False),
        ("6A", 10_000, True),
        ("7", 10_000, True),
    ],
)
def test_a_category_fits_its_speed(category: str, speed_mbit: int, *, fits: bool) -> None:
    run = replace(GOOD, category=category, port_speed_mbit=speed_mbit)

    assert kinds_of(run) == ([] if fits else [WarningKind.CATEGORY])


def test_fibre_feeds_no_access_point() -> None:
    assert kinds_of(replace(GOOD, category="OM4")) == [WarningKind.CATEGORY]


@pytest.mark.parametrize(
    ("need", "given_class", "kinds"),
    [
        (4, 4, []),
        (4, 3, [WarningKind.POE_CLASS]),
        (0, 3, []),
        (3, 0, []),
        (2, 1, [WarningKind.POE_CLASS]),
        (None, 4, [WarningKind.POE_UNKNOWN]),
        (4, None, [WarningKind.POE_UNKNOWN]),
    ],
)
def test_a_port_must_give_what_the_access_point_needs(
    need: int | None, given_class: int | None, kinds: list[WarningKind]
) -> None:
    assert kinds_of(replace(GOOD, poe_class=need, port_poe_class=given_class)) == kinds


def test_an_outlet_needs_no_power() -> None:
    assert kinds_of(replace(GOOD, is_powered=False, poe_class=None, port_poe_class=None)) == []


def test_a_switch_is_summed_up_over_all_its_ports() -> None:
    load = sum_up_switch(
        "SW-1",
        120.0,
        [
            PortFacts("1", is_taken=True, is_powered=True, poe_class=4),
            PortFacts("2", is_taken=True, is_powered=True, poe_class=5),
            PortFacts("3", is_taken=True, is_powered=True, poe_class=6),
            PortFacts("4", is_taken=True, is_powered=True),
            PortFacts("5", is_taken=True),
            PortFacts("6"),
        ],
    )

    assert (load.port_count, load.taken_count, load.free_count) == (6, 5, 1)
    assert load.needed_w == pytest.approx(135.0)
    assert load.unknown_ports == ("4",)
    assert [warning.kind for warning in check_switch(load)] == [
        WarningKind.POE_BUDGET,
        WarningKind.POE_UNKNOWN,
    ]


def test_a_distributor_is_as_full_as_its_switches_and_the_runs_that_still_come() -> None:
    full = SwitchLoad("SW-1", 24, 24, budget_w=370.0, needed_w=300.0, unknown_ports=("7",))
    free = SwitchLoad("SW-2", 12, 2, budget_w=124.0, needed_w=60.0)

    load = sum_up_distributor("EV3.1", (full, free), coming_count=13)

    assert (load.total.port_count, load.total.free_count) == (36, 10)
    assert (load.total.budget_w, load.total.needed_w) == (494.0, 360.0)
    assert load.total.unknown_ports == ("SW-1/7",)
    assert load.missing_count == 3
    unknown = sum_up_distributor("EV3.1", (full, replace(free, budget_w=None)), coming_count=2)
    assert (unknown.total.budget_w, unknown.missing_count) == (None, 0)


def test_a_budget_that_is_exceeded_is_told_at_every_run_that_it_feeds() -> None:
    short = SwitchLoad("SW-1", 24, 2, budget_w=30.0, needed_w=60.0)

    assert kinds_of(GOOD, short) == [WarningKind.POE_BUDGET]
    assert kinds_of(replace(GOOD, is_powered=False), short) == []
    assert kinds_of(GOOD, replace(short, budget_w=60.0)) == []
    assert kinds_of(GOOD, replace(short, budget_w=None)) == []


def test_a_switch_tells_when_it_is_full_and_when_its_budget_is_not_known() -> None:
    full = SwitchLoad("SW-1", 2, 2, budget_w=None, needed_w=30.0)

    assert [warning.kind for warning in check_switch(full)] == [
        WarningKind.POE_UNKNOWN,
        WarningKind.NO_FREE_PORT,
    ]
    assert check_switch(SwitchLoad("SW-2", 0, 0, budget_w=0.0, needed_w=0.0)) == ()


@given(st.lists(st.integers(0, 8), max_size=48), st.floats(0, 2_000))
def test_a_budget_is_short_exactly_when_the_classes_exceed_it(
    classes: list[int], budget_w: float
) -> None:
    ports = [
        PortFacts(str(number), is_taken=True, is_powered=True, poe_class=poe_class)
        for number, poe_class in enumerate(classes)
    ]
    load = sum_up_switch("SW", budget_w, ports)

    assert load.is_short == (sum(power_of(item) for item in classes) > budget_w)


def test_a_run_out_of_service_has_nothing_to_mend() -> None:
    assert check_run(RunFacts("X", "decommissioned", "5", length_actual_m=120.0)) == ()


def test_every_category_and_test_limit_of_the_records_is_known() -> None:
    assert set(COPPER_SPEEDS_MBIT) == {c for c in CABLE_CATEGORIES if not c.startswith("O")}
    assert set(LENGTH_LIMITS_M) == set(TEST_LIMIT_WORDS) == set(TEST_LIMITS)
    assert set(WARNING_WORDS) == set(WarningKind)
