from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.rollout.cable_oracle import EXPECTED, Rule, Story
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
    words = "cannot go from" if source != target else "already"
    with pytest.raises(InvalidInput, match=words) as refused:
        CABLE_LIFECYCLE.require(
            source, target, roles=ALL_ROLES, evidence=ALL_EVIDENCE, conditions=ALL_CONDITIONS
        )

    remedy = str(refused.value.problems[0].remedy)
    possible = CABLE_LIFECYCLE.list_targets(source) if source != target else ()
    assert all(item.target in remedy for item in possible)


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
