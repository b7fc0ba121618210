from __future__ import annotations

import itertools
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wlantrack.errors import InvalidInput, NotAllowed, Problem, msg
from wlantrack.rollout.lifecycle import (
    CABLE_LIFECYCLE,
    CABLE_STATES,
    EVIDENCE_WORDS,
    HOLD_POINTS,
    Condition,
)
from wlantrack.store.models.people import ROLES

ALL_ROLES = frozenset(ROLES)
ALL_EVIDENCE = frozenset(EVIDENCE_WORDS)
ALL_CONDITIONS = frozenset(Condition)
OFFICE = {"planner", "manager", "admin"}
SITE = OFFICE | {"facility"}
HANDS = SITE | {"firm"}
STEWARDS = {"facility", "manager", "admin"}
NO_FIRE_WALL = frozenset({Condition.NO_FIRE_WALL})
CAME_FROM_THERE = frozenset({Condition.CAME_FROM_THERE})
PERMITS_CLEARED = frozenset({Condition.PERMITS_CLEARED})
POLLUTANTS_KNOWN = frozenset({Condition.POLLUTANTS_KNOWN})
SEALED = frozenset({Condition.PENETRATIONS_SEALED})


class Rule(NamedTuple):
    roles: set[str]
    evidence: set[str]
    conditions: frozenset[Condition] = frozenset()


EXPECTED: dict[tuple[str, str], Rule] = {
    ("requested", "surveyed"): Rule(SITE, set()),
    ("surveyed", "design released"): Rule(OFFICE, set()),
    ("design released", "permits cleared"): Rule(OFFICE, {"permit"}, PERMITS_CLEARED),
    ("permits cleared", "ordered"): Rule(OFFICE, {"firm"}, POLLUTANTS_KNOWN),
    ("ordered", "containment installed"): Rule(HANDS, set()),
    ("containment installed", "pulled"): Rule(HANDS, {"firm"}),
    ("pulled", "fire-stopped"): Rule(HANDS, {"photo"}),
    ("pulled", "released to close"): Rule(STEWARDS, {"photo", "continuity"}, NO_FIRE_WALL | SEALED),
    ("fire-stopped", "released to close"): Rule(STEWARDS, {"photo", "continuity"}, SEALED),
    ("released to close", "terminated"): Rule(HANDS, set()),
    ("terminated", "tested"): Rule(HANDS, {"pass_record"}),
    ("terminated", "test failed"): Rule(HANDS, {"fail_record"}),
    ("tested", "patched"): Rule(SITE, {"switch_port"}),
    ("patched", "accepted"): Rule(STEWARDS, {"protocol"}),
    # A cable that was there before the roll-out.
    ("requested", "terminated"): Rule(SITE, {"reason"}),
    ("surveyed", "terminated"): Rule(SITE, {"reason"}),
    # After a failed test: mended, or measured again.
    ("test failed", "terminated"): Rule(HANDS, {"reason"}),
    ("test failed", "tested"): Rule(HANDS, {"pass_record"}),
    # Steps back.
    ("surveyed", "requested"): Rule(OFFICE, {"reason"}),
    ("design released", "surveyed"): Rule(OFFICE, {"reason"}),
    ("permits cleared", "design released"): Rule(OFFICE, {"reason"}),
    ("ordered", "permits cleared"): Rule(OFFICE, {"reason"}),
    ("containment installed", "ordered"): Rule(OFFICE, {"reason"}),
    ("pulled", "containment installed"): Rule(OFFICE, {"reason"}),
    ("fire-stopped", "pulled"): Rule(OFFICE, {"reason"}),
    ("released to close", "pulled"): Rule(OFFICE, {"reason"}),
    ("terminated", "pulled"): Rule(OFFICE, {"reason"}),
    ("tested", "terminated"): Rule(OFFICE, {"reason"}),
    ("patched", "tested"): Rule(OFFICE, {"reason"}),
    ("accepted", "patched"): Rule(OFFICE, {"reason"}),
    # Aside and back.
    ("requested", "blocked"): Rule(HANDS, {"reason"}),
    ("surveyed", "blocked"): Rule(HANDS, {"reason"}),
    ("design released", "blocked"): Rule(HANDS, {"reason"}),
    ("permits cleared", "blocked"): Rule(HANDS, {"reason"}),
    ("ordered", "blocked"): Rule(HANDS, {"reason"}),
    ("containment installed", "blocked"): Rule(HANDS, {"reason"}),
    ("pulled", "blocked"): Rule(HANDS, {"reason"}),
    ("fire-stopped", "blocked"): Rule(HANDS, {"reason"}),
    ("released to close", "blocked"): Rule(HANDS, {"reason"}),
    ("terminated", "blocked"): Rule(HANDS, {"reason"}),
    ("tested", "blocked"): Rule(HANDS, {"reason"}),
    ("patched", "blocked"): Rule(HANDS, {"reason"}),
    ("blocked", "requested"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "surveyed"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "design released"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "permits cleared"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "ordered"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "containment installed"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "pulled"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "fire-stopped"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "released to close"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "terminated"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "tested"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    ("blocked", "patched"): Rule(SITE, {"reason"}, CAME_FROM_THERE),
    # Out of service, once there is a cable.
    ("pulled", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("fire-stopped", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("released to close", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("terminated", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("tested", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("patched", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("accepted", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("blocked", "decommissioned"): Rule(OFFICE, {"reason"}),
    ("test failed", "decommissioned"): Rule(OFFICE, {"reason"}),
}
"""Change -> who may make it, what it needs, what must hold; written down once more, by hand."""

FORBIDDEN = sorted(set(itertools.product(CABLE_STATES, repeat=2)) - set(EXPECTED))


def test_the_table_allows_exactly_the_expected_changes() -> None:
    assert {
        key: Rule(set(item.roles), set(item.evidence), frozenset(item.conditions))
        for key, item in CABLE_LIFECYCLE.transitions.items()
    } == EXPECTED


@pytest.mark.parametrize(("source", "target"), sorted(EXPECTED))
def test_each_change_is_made_by_exactly_its_roles(source: str, target: str) -> None:
    rule = EXPECTED[source, target]

    for role in ROLES:
        if role in rule.roles:
            made = CABLE_LIFECYCLE.require(
                source,
                target,
                roles=frozenset({role}),
                evidence=frozenset(rule.evidence),
                conditions=frozenset(rule.conditions),
            )
            assert (made.source, made.target) == (source, target)
        else:
            with pytest.raises(NotAllowed, match="may set a cable run"):
                CABLE_LIFECYCLE.require(
                    source,
                    target,
                    roles=frozenset({role}),
                    evidence=ALL_EVIDENCE,
                    conditions=ALL_CONDITIONS,
                )


@pytest.mark.parametrize(("source", "target"), sorted(EXPECTED))
def test_each_change_names_the_evidence_and_the_condition_it_lacks(
    source: str, target: str
) -> None:
    rule = EXPECTED[source, target]

    for missing in rule.evidence:
        with pytest.raises(InvalidInput) as refused:
            CABLE_LIFECYCLE.require(
                source,
                target,
                roles=ALL_ROLES,
                evidence=ALL_EVIDENCE - {missing},
                conditions=ALL_CONDITIONS,
            )
        assert [problem.field for problem in refused.value.problems] == [missing]
        assert str(EVIDENCE_WORDS[missing]) in str(refused.value.problems[0].message)
    for condition in rule.conditions:
        with pytest.raises(InvalidInput) as refused:
            CABLE_LIFECYCLE.require(
                source,
                target,
                roles=ALL_ROLES,
                evidence=ALL_EVIDENCE,
                conditions=ALL_CONDITIONS - {condition},
            )
        assert [problem.field for problem in refused.value.problems] == ["state"]
        assert refused.value.problems[0].remedy is not None


@pytest.mark.parametrize(("source", "target"), FORBIDDEN)
def test_every_other_change_is_refused_and_told_what_is_possible(source: str, target: str) -> None:
    with pytest.raises(InvalidInput, match="cannot go from") as refused:
        CABLE_LIFECYCLE.require(
            source, target, roles=ALL_ROLES, evidence=ALL_EVIDENCE, conditions=ALL_CONDITIONS
        )

    remedy = str(refused.value.problems[0].remedy)
    assert all(item.target in remedy for item in CABLE_LIFECYCLE.list_targets(source))


class Story:
    """A run and everything that was proved about it, apart from the table under test."""

    def __init__(self, *, crosses_fire_wall: bool, papers: frozenset[Condition]) -> None:
        self.crosses_fire_wall, self.papers = crosses_fire_wall, papers
        self.state, self.state_before = "requested", ""
        self.was_there_before = self.is_pulled = self.is_fire_stopped = False
        self.is_proved_to_close = self.has_passed = self.has_permit = False

    def conditions(self, target: str) -> frozenset[Condition]:
        held = set(self.papers)
        if not self.crosses_fire_wall:
            held.add(Condition.NO_FIRE_WALL)
        if self.state == "blocked" and target == self.state_before:
            held.add(Condition.CAME_FROM_THERE)
        return frozenset(held)

    def enter(self, target: str, evidence: frozenset[str]) -> None:
        source, self.state = self.state, target
        self.state_before = source if target == "blocked" else ""
        if source == "blocked":
            return
        if target == "permits cleared" and source == "design released":
            self.has_permit = "permit" in evidence
        if target == "terminated" and source in {"requested", "surveyed"}:
            self.was_there_before = True
        if target == "pulled":
            self.is_pulled, self.is_fire_stopped, self.is_proved_to_close = True, False, False
        if target == "containment installed":
            self.is_pulled = False
        if target == "fire-stopped":
            self.is_fire_stopped = "photo" in evidence
        if target == "released to close":
            self.is_proved_to_close = {"photo", "continuity"} <= evidence
        if target == "tested" and source in {"terminated", "test failed"}:
            self.has_passed = "pass_record" in evidence
        if target in {"terminated", "test failed"}:
            self.has_passed = False

    def require_lawful(self) -> None:
        """Assert what `rollout.md` promises of the state that was reached."""
        state = self.state_before if self.state == "blocked" else self.state
        assert state in CABLE_STATES
        if state in {"tested", "patched", "accepted"}:
            assert self.has_passed
        if state in {"fire-stopped", "released to close"}:
            assert self.is_pulled
        if state == "fire-stopped":
            assert self.is_fire_stopped
        if state == "released to close":
            assert self.is_proved_to_close
            assert self.is_fire_stopped or not self.crosses_fire_wall
            assert Condition.PENETRATIONS_SEALED in self.papers
        if state in {"terminated", "tested", "patched", "accepted", "test failed"}:
            assert self.was_there_before or self.is_proved_to_close
        if state in {"ordered", "containment installed"} and not self.was_there_before:
            assert self.has_permit
            assert self.papers >= {Condition.PERMITS_CLEARED, Condition.POLLUTANTS_KNOWN}
        if state == "permits cleared":
            assert Condition.PERMITS_CLEARED in self.papers


ATTEMPTS = st.lists(
    st.tuples(
        # Half of the attempts follow the table, so that stories come far; the others try anything.
        st.one_of(st.integers(0, 15), st.sampled_from([*CABLE_STATES, "nonsense"])),
        st.sampled_from(ROLES),
        st.one_of(st.just(ALL_EVIDENCE), st.frozensets(st.sampled_from(sorted(ALL_EVIDENCE)))),
    ),
    max_size=60,
)


@settings(max_examples=500, deadline=None)
@given(
    crosses_fire_wall=st.booleans(),
    papers=st.frozensets(st.sampled_from(sorted(HOLD_POINTS))),
    attempts=ATTEMPTS,
)
def test_no_sequence_of_attempts_reaches_a_forbidden_state(
    *,
    crosses_fire_wall: bool,
    papers: frozenset[Condition],
    attempts: list[tuple[int | str, str, frozenset[str]]],
) -> None:
    story = Story(crosses_fire_wall=crosses_fire_wall, papers=papers)
    for wish, role, evidence in attempts:
        targets = [item.target for item in CABLE_LIFECYCLE.list_targets(story.state)]
        if isinstance(wish, str):
            target = wish
        else:
            target = targets[wish % len(targets)] if targets else "requested"
        conditions = story.conditions(target)
        try:
            CABLE_LIFECYCLE.require(
                story.state,
                target,
                roles=frozenset({role}),
                evidence=evidence,
                conditions=conditions,
            )
        except (InvalidInput, NotAllowed):
            continue
        rule = EXPECTED[story.state, target]
        assert role in rule.roles
        assert rule.evidence <= evidence
        assert rule.conditions <= conditions
        assert not (target == "accepted" and role == "firm")
        assert story.state != "blocked" or target in {story.state_before, "decommissioned"}
        story.enter(target, evidence)
        story.require_lawful()


def test_a_refusal_gives_the_reasons_it_is_told_in_place_of_the_general_one() -> None:
    reason = Problem(msg("The monument office is still thinking."), field="state")

    with pytest.raises(InvalidInput) as refused:
        CABLE_LIFECYCLE.require(
            "design released",
            "permits cleared",
            roles=ALL_ROLES,
            evidence=ALL_EVIDENCE,
            reasons={Condition.PERMITS_CLEARED: (reason,)},
        )

    assert refused.value.problems == (reason,)


def test_every_state_can_be_reached_from_requested() -> None:
    reached, new = set[str](), {"requested"}
    while new:
        reached |= new
        new = {
            item.target for state in new for item in CABLE_LIFECYCLE.list_targets(state)
        } - reached

    assert reached == set(CABLE_STATES)


def test_a_firm_never_accepts_releases_or_patches() -> None:
    by_firm = {target for (_, target), rule in EXPECTED.items() if "firm" in rule.roles}

    assert by_firm & {"accepted", "released to close", "patched", "decommissioned"} == set()


def test_nothing_but_a_return_from_blocked_leads_to_patched_without_a_test() -> None:
    sources = {source for source, target in EXPECTED if target == "patched"}

    assert sources == {"tested", "accepted", "blocked"}


def test_what_stands_aside_is_marked_as_such() -> None:
    marks = {key: str(state.mark) for key, state in CABLE_STATES.items()}

    assert marks["blocked"] == marks["test failed"] == "blocked"
    assert {key for key, state in CABLE_STATES.items() if state.is_live} == {
        "tested",
        "patched",
        "accepted",
    }
    assert {key for key, state in CABLE_STATES.items() if not state.is_planned} == {
        "decommissioned"
    }
