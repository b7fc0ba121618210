"""Every rule: passing, failing, unknown, exempt and expired; a rule without its cases fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.factories.network_plans import SOUND, TODAY, finding, results, with_exemption
from tests.unit.networks.cases import CASES, IDLE
from wlantrack.networks.check import check_plan
from wlantrack.networks.findings import Result, Severity
from wlantrack.networks.plan import LIVE_STATES, NetworkPlan, Subject
from wlantrack.networks.rules import RULES
from wlantrack.rollout import lifecycle

if TYPE_CHECKING:
    from wlantrack.errors import Message
    from wlantrack.networks.findings import Rule

SEVERITIES = {
    "critical": {"W01", "W02", "W07", "W08", "W09", "W26"},
    "high": {"W03", "W04", "W05", "W06", "W10", "W12", "W18", "W20", "W21", "W24"},
    "medium": {"W11", "W13", "W16", "W17", "W19", "W22", "W23", "W25"},
    "low": {"W15"},
    "info": {"W14"},
}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
each_exemptable = pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if rule.may_be_exempted],
    ids=[rule.id for rule in RULES if rule.may_be_exempted],
)
each_critical = pytest.mark.parametrize(
    "rule",
    [rule for rule in RULES if not rule.may_be_exempted],
    ids=[rule.id for rule in RULES if not rule.may_be_exempted],
)


def test_the_catalogue_holds_the_rules_of_the_design_with_their_severities() -> None:
    assert [rule.id for rule in RULES] == [f"W{number:02}" for number in range(1, 27)]
    assert {
        str(severity): {rule.id for rule in RULES if rule.severity is severity}
        for severity in Severity
    } == SEVERITIES


def test_every_rule_has_its_cases() -> None:
    assert set(CASES) == {rule.id for rule in RULES}


@each_rule
def test_a_sound_plan_passes(rule: Rule) -> None:
    assert set(results(rule.id, SOUND).values()) == {Result.PASS}


@each_rule
def test_a_broken_plan_fails_for_one_subject_with_evidence_and_advice(rule: Rule) -> None:
    case = CASES[rule.id]

    found = finding(rule.id, case.failing, Result.FAIL)

    assert found.subject == case.subject
    assert str(found.evidence) == case.evidence
    assert str(found.advice).endswith(".")
    assert (found.rule, found.severity, found.note) == (rule.id, rule.severity, None)


@each_rule
def test_missing_data_is_unknown_and_never_passes(rule: Rule) -> None:
    case = CASES[rule.id]

    found = results(rule.id, case.unknown)

    assert found[case.unknown_subject or case.subject] is Result.UNKNOWN
    assert Result.FAIL not in found.values()


@each_exemptable
def test_an_exemption_holds_to_the_end_of_its_last_day(rule: Rule) -> None:
    case = CASES[rule.id]

    found = finding(rule.id, with_exemption(case.failing, rule.id, case.subject), Result.EXEMPT)

    assert found.subject == case.subject
    assert str(found.note) == "Exempt until 2026-03-10, approved by bob: old scanners"


@each_exemptable
def test_an_expired_exemption_fails_and_says_so(rule: Rule) -> None:
    case = CASES[rule.id]
    expired = with_exemption(
        case.failing, rule.id, case.subject, expires_on=TODAY - timedelta(days=1)
    )

    found = finding(rule.id, expired, Result.FAIL)

    assert str(found.note) == "The exemption expired on 2026-03-09."


@each_critical
def test_no_exemption_helps_against_a_critical_rule(rule: Rule) -> None:
    case = CASES[rule.id]

    found = finding(rule.id, with_exemption(case.failing, rule.id, case.subject), Result.FAIL)

    assert str(found.note) == "There is no exemption from a critical rule."


@each_rule
def test_an_exemption_makes_nothing_known(rule: Rule) -> None:
    case = CASES[rule.id]
    subject = case.unknown_subject or case.subject

    found = results(rule.id, with_exemption(case.unknown, rule.id, subject))

    assert found[subject] is Result.UNKNOWN


@each_rule
def test_a_plan_with_nothing_to_judge_gives_one_finding_that_says_so(rule: Rule) -> None:
    (found,) = rule.check(IDLE) if rule.id != "W12" else rule.check(IDLE)[:1]

    assert found.result is Result.PASS
    assert str(found.evidence)


def test_of_an_empty_plan_the_networks_are_not_known() -> None:
    empty = NetworkPlan(as_of=TODAY)

    unknown = {item.rule for item in check_plan(empty) if item.result is Result.UNKNOWN}

    assert unknown == {"W08", "W09", "W12", "W15", "W20", "W26"}
    assert {item.result for item in check_plan(empty)} == {Result.UNKNOWN, Result.PASS}


@each_rule
def test_a_rule_never_passes_a_subject_of_which_nothing_is_known(rule: Rule) -> None:
    bare = NetworkPlan(
        as_of=TODAY,
        segments=tuple(type(item)(item.code) for item in SOUND.segments),
        ssids=tuple(type(item)(item.code) for item in SOUND.ssids),
        access_points=tuple(type(item)(item.code) for item in SOUND.access_points),
    )

    found = results(rule.id, bare)

    # A site is known by the access points in operation there alone: none is known to be.
    assert Result.PASS not in found.values() or rule.id == "W23"


@each_rule
def test_texts_take_their_values(rule: Rule) -> None:
    case = CASES[rule.id]
    texts: list[Message] = [rule.title]
    for plan in (SOUND, case.failing, case.unknown, IDLE):
        for found in rule.check(plan):
            texts += [found.evidence, found.advice]

    assert [text for text in texts if not str(text) or "%(" in str(text)] == []


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"approver": " ANN "}, "The exemption counts as none: its author approved it."),
        ({"reason": " "}, "The exemption counts as none: it gives no reason."),
        (
            {"author": ""},
            "The exemption counts as none: its author or its approver is not named.",
        ),
        (
            {"approver": ""},
            "The exemption counts as none: its author or its approver is not named.",
        ),
        ({"expires_on": None}, "The exemption counts as none: it has no last day."),
    ],
)
def test_an_exemption_that_counts_as_none_says_why(values: dict[str, str], note: str) -> None:
    case = CASES["W10"]

    found = finding("W10", with_exemption(case.failing, "W10", case.subject, **values), Result.FAIL)

    assert str(found.note) == note


def test_an_exemption_covers_its_own_rule_and_subject_only() -> None:
    case = CASES["W10"]
    elsewhere = with_exemption(case.failing, "W10", Subject("ssid", "staff"))

    for plan in (with_exemption(case.failing, "W11", case.subject), elsewhere):
        assert results("W10", plan)[case.subject] is Result.FAIL


def test_one_exemption_that_counts_is_enough() -> None:
    case = CASES["W10"]
    good = with_exemption(case.failing, "W10", case.subject).exemptions
    expired = with_exemption(case.failing, "W10", case.subject, expires_on=None).exemptions

    plan = replace(case.failing, exemptions=good + expired)

    assert results("W10", plan)[case.subject] is Result.EXEMPT


def test_live_states_are_those_of_the_lifecycle() -> None:
    assert LIVE_STATES == lifecycle.LIVE_STATES
