"""The whole check: its order, and what a critical failure stops."""

from __future__ import annotations

from dataclasses import replace

from tests.factories.network_plans import SOUND, with_point, with_segment, with_ssid
from tests.unit.networks.cases import CASES
from wlantrack.networks.check import blocks_operation, check_plan
from wlantrack.networks.findings import RESULTS, SEVERITIES, Result
from wlantrack.networks.plan import AccessPoint, OnAir, Subject
from wlantrack.networks.rules import RULES

AP_1, AP_3 = Subject("access point", "AP-1"), Subject("access point", "AP-3")
GUEST, STAFF = Subject("ssid", "guest"), Subject("ssid", "staff")

TWO_POINTS = replace(
    SOUND,
    access_points=(*SOUND.access_points, AccessPoint("AP-3", state="online")),
    on_air=(*(SOUND.on_air or ()), OnAir("staff", "AP-3", 1, "5")),
)


def test_a_sound_plan_passes_every_rule() -> None:
    findings = check_plan(SOUND)

    assert {item.result for item in findings} == {Result.PASS}
    assert {item.rule for item in findings} == {rule.id for rule in RULES}


def test_findings_come_worst_first() -> None:
    plan = with_segment("I", with_ssid("guest", is_isolated=False, security=""), vid=100)

    findings = check_plan(plan)

    ranks = [(SEVERITIES.index(item.severity), RESULTS.index(item.result)) for item in findings]
    assert ranks == sorted(ranks)
    assert (findings[0].rule, findings[0].result) == ("W08", Result.FAIL)


def test_the_same_plan_gives_the_same_findings() -> None:
    assert check_plan(SOUND) == check_plan(replace(SOUND))


def test_a_critical_failure_of_an_ssid_blocks_it_and_where_it_is_on_air() -> None:
    findings = check_plan(with_ssid("guest", TWO_POINTS, security="wep"))

    assert {item.rule for item in blocks_operation(findings, GUEST)} == {"W01", "W07"}
    assert {item.rule for item in blocks_operation(findings, AP_1)} == {"W01", "W07"}
    assert blocks_operation(findings, AP_3) == ()
    assert blocks_operation(findings, STAFF) == ()


def test_a_critical_failure_of_segments_blocks_the_ssids_on_either_side() -> None:
    findings = check_plan(with_segment("I", TWO_POINTS, vid=100))

    for subject in (GUEST, STAFF, AP_1, AP_3):
        assert [item.rule for item in blocks_operation(findings, subject)] == ["W08"]


def test_a_path_blocks_everything_along_it() -> None:
    plan = replace(TWO_POINTS, flows=CASES["W09"].failing.flows)

    findings = check_plan(plan)

    for subject in (GUEST, STAFF, AP_1, AP_3):
        assert [item.rule for item in blocks_operation(findings, subject)] == ["W09"]


def test_where_it_is_not_known_what_is_on_air_every_access_point_is_blocked() -> None:
    findings = check_plan(replace(with_ssid("guest", TWO_POINTS, security="wep"), on_air=None))

    assert blocks_operation(findings, AP_3) != ()


def test_what_is_less_than_critical_or_not_known_blocks_nothing() -> None:
    broken = with_point(plan=with_ssid("guest", is_isolated=False, security=""), hardening={})

    findings = check_plan(broken)

    assert not any(item.concerns for item in findings)
    assert Result.FAIL in {item.result for item in findings}
    assert blocks_operation(findings, GUEST) == ()
    assert blocks_operation(findings, AP_1) == ()


def test_an_export_that_tells_too_much_blocks_no_access_point() -> None:
    findings = check_plan(CASES["W26"].failing)

    assert blocks_operation(findings, AP_1) == ()
    assert [item.rule for item in blocks_operation(findings, Subject("export"))] == ["W26"]
