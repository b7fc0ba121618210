from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.rollout.lifecycle import (
    ACCESS_POINT_LIFECYCLE,
    ACCESS_POINT_STATES,
    LIVE_STATES,
    PLANNED_STATES,
    Condition,
)
from wlantrack.store.models.people import ROLES

ALL_ROLES = frozenset(ROLES)
ALL_EVIDENCE = frozenset({"serial", "reason"})
OFFICE = {"planner", "manager", "admin"}
SITE = OFFICE | {"facility"}

EXPECTED: dict[tuple[str, str], tuple[set[str], set[str]]] = {
    ("planned", "released"): (OFFICE, set()),
    ("released", "ordered"): (OFFICE, set()),
    ("ordered", "delivered"): (SITE, set()),
    ("delivered", "staged"): (SITE, {"serial"}),
    ("staged", "mounted"): (SITE, set()),
    ("mounted", "online"): (SITE, set()),
    ("online", "in operation"): (OFFICE, set()),
    ("in operation", "accepted"): ({"manager", "admin"}, set()),
    ("released", "planned"): (OFFICE, {"reason"}),
    ("ordered", "released"): (OFFICE, {"reason"}),
    ("delivered", "ordered"): (OFFICE, {"reason"}),
    ("staged", "delivered"): (OFFICE, {"reason"}),
    ("mounted", "staged"): (OFFICE, {"reason"}),
    ("online", "mounted"): (OFFICE, {"reason"}),
    ("in operation", "online"): (OFFICE, {"reason"}),
    ("accepted", "in operation"): (OFFICE, {"reason"}),
    ("delivered", "faulty"): (SITE, {"reason"}),
    ("staged", "faulty"): (SITE, {"reason"}),
    ("mounted", "faulty"): (SITE, {"reason"}),
    ("online", "faulty"): (SITE, {"reason"}),
    ("in operation", "faulty"): (SITE, {"reason"}),
    ("accepted", "faulty"): (SITE, {"reason"}),
    ("delivered", "lost"): (SITE, {"reason"}),
    ("staged", "lost"): (SITE, {"reason"}),
    ("mounted", "lost"): (SITE, {"reason"}),
    ("online", "lost"): (SITE, {"reason"}),
    ("in operation", "lost"): (SITE, {"reason"}),
    ("accepted", "lost"): (SITE, {"reason"}),
    ("mounted", "removed"): (OFFICE, {"reason"}),
    ("online", "removed"): (OFFICE, {"reason"}),
    ("in operation", "removed"): (OFFICE, {"reason"}),
    ("accepted", "removed"): (OFFICE, {"reason"}),
    ("faulty", "staged"): (SITE, set()),
    ("faulty", "mounted"): (SITE, set()),
    ("faulty", "removed"): (OFFICE, set()),
    ("lost", "removed"): (OFFICE, set()),
    ("lost", "delivered"): (OFFICE, {"reason"}),
    ("removed", "planned"): (OFFICE, set()),
}
"""Change -> who may make it, and what it needs; written down once more, by hand."""

DRILLED = {("staged", "mounted"), ("faulty", "mounted")}
"""Changes that wait for the permits that cover an access point."""
ALL_CONDITIONS = frozenset(Condition)
FORBIDDEN = sorted(set(itertools.product(ACCESS_POINT_STATES, repeat=2)) - set(EXPECTED))


def test_the_table_allows_exactly_the_expected_changes() -> None:
    assert {
        key: (set(item.roles), set(item.evidence))
        for key, item in ACCESS_POINT_LIFECYCLE.transitions.items()
    } == EXPECTED
    assert {
        key: item.conditions
        for key, item in ACCESS_POINT_LIFECYCLE.transitions.items()
        if item.conditions
    } == dict.fromkeys(DRILLED, (Condition.PERMITS_CLEARED,))


@pytest.mark.parametrize(("source", "target"), sorted(DRILLED))
def test_nothing_is_mounted_before_its_permits_are_cleared(source: str, target: str) -> None:
    with pytest.raises(InvalidInput, match="permit is missing"):
        ACCESS_POINT_LIFECYCLE.require(source, target, roles=ALL_ROLES, evidence=ALL_EVIDENCE)


@pytest.mark.parametrize(("source", "target"), sorted(EXPECTED))
def test_each_change_needs_exactly_its_roles_and_its_evidence(source: str, target: str) -> None:
    roles, evidence = EXPECTED[source, target]

    for role in ROLES:
        if role in roles:
            made = ACCESS_POINT_LIFECYCLE.require(
                source,
                target,
                roles=frozenset({role}),
                evidence=frozenset(evidence),
                conditions=ALL_CONDITIONS,
            )
            assert (made.source, made.target) == (source, target)
        else:
            with pytest.raises(NotAllowed, match="may set an access point"):
                ACCESS_POINT_LIFECYCLE.require(
                    source, target, roles=frozenset({role}), evidence=ALL_EVIDENCE
                )
    for missing in evidence:
        with pytest.raises(InvalidInput) as refused:
            ACCESS_POINT_LIFECYCLE.require(
                source,
                target,
                roles=ALL_ROLES,
                evidence=ALL_EVIDENCE - {missing},
                conditions=ALL_CONDITIONS,
            )
        assert [problem.field for problem in refused.value.problems] == [missing]


@pytest.mark.parametrize(("source", "target"), FORBIDDEN)
def test_every_other_change_is_refused_and_told_what_is_possible(source: str, target: str) -> None:
    words = "cannot go from" if source != target else "already"
    with pytest.raises(InvalidInput, match=words) as refused:
        ACCESS_POINT_LIFECYCLE.require(source, target, roles=ALL_ROLES, evidence=ALL_EVIDENCE)

    remedy = str(refused.value.problems[0].remedy)
    possible = ACCESS_POINT_LIFECYCLE.list_targets(source) if source != target else ()
    assert all(item.target in remedy for item in possible)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*ACCESS_POINT_STATES, "nonsense"]),
            st.sampled_from(ROLES),
            st.sets(st.sampled_from(sorted(ALL_EVIDENCE))),
        ),
        max_size=40,
    )
)
def test_no_sequence_of_attempts_leaves_the_table(
    attempts: list[tuple[str, str, set[str]]],
) -> None:
    state = "planned"
    has_serial = False
    for target, role, evidence in attempts:
        given_now = frozenset(evidence | ({"serial"} if has_serial else set()))
        try:
            ACCESS_POINT_LIFECYCLE.require(
                state,
                target,
                roles=frozenset({role}),
                evidence=given_now,
                conditions=ALL_CONDITIONS,
            )
        except (InvalidInput, NotAllowed):
            continue
        roles, needed = EXPECTED[state, target]
        assert role in roles
        assert needed <= given_now
        state = target
        has_serial = has_serial or "serial" in evidence
        assert state in ACCESS_POINT_STATES


def test_every_state_can_be_reached_from_planned() -> None:
    reached, new = set[str](), {"planned"}
    while new:
        reached |= new
        new = {
            item.target for state in new for item in ACCESS_POINT_LIFECYCLE.list_targets(state)
        } - reached

    assert reached == set(ACCESS_POINT_STATES)


def test_nothing_is_mounted_without_having_been_delivered() -> None:
    targets = {"staged", "mounted", "online", "in operation", "accepted"}
    sources = {source for source, target in EXPECTED if target in targets}

    assert sources & {"planned", "released", "ordered", "removed"} == set()


def test_states_that_stand_aside_are_not_counted() -> None:
    assert {"in operation", "accepted"} == LIVE_STATES
    assert set(ACCESS_POINT_STATES) - PLANNED_STATES == {"faulty", "lost", "removed"}
    assert LIVE_STATES < PLANNED_STATES


def test_every_state_has_a_word_and_a_mark() -> None:
    assert {key: str(state.label) for key, state in ACCESS_POINT_STATES.items()} == {
        key: key for key in ACCESS_POINT_STATES
    }
    assert {str(state.mark) for state in ACCESS_POINT_STATES.values()} == {
        "planned",
        "ordered",
        "mounted",
        "live",
        "blocked",
        "undated",
    }
