from __future__ import annotations

import itertools

import pytest

from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.rollout.lifecycle import EVIDENCE_WORDS, PENETRATION_LIFECYCLE, PENETRATION_STATES
from wlantrack.store.models.people import ROLES
from wlantrack.store.models.permits import PENETRATION_STATES as STORED

OFFICE = {"planner", "manager", "admin"}
SITE = OFFICE | {"facility"}
STEWARDS = {"facility", "manager", "admin"}
ALL_EVIDENCE = frozenset(EVIDENCE_WORDS)
EXPECTED = {
    ("planned", "open"): (SITE, set()),
    ("planned", "sealed"): (SITE, {"photo"}),
    ("open", "sealed"): (SITE, {"photo"}),
    ("sealed", "checked"): (STEWARDS, {"approval"}),
    ("sealed", "open"): (SITE, {"reason"}),
    ("checked", "open"): (SITE, {"reason"}),
    ("open", "planned"): (OFFICE, {"reason"}),
}
"""Change -> who may make it, and what it needs; written down once more, by hand."""


@pytest.mark.parametrize(
    ("source", "target"), sorted(itertools.product(PENETRATION_STATES, repeat=2))
)
def test_each_change_needs_exactly_its_role_and_evidence_and_others_are_refused(
    source: str, target: str
) -> None:
    roles, evidence = EXPECTED.get((source, target), (set[str](), set[str]()))

    for role in ROLES:
        held = frozenset({role})
        if role in roles:
            PENETRATION_LIFECYCLE.require(source, target, roles=held, evidence=frozenset(evidence))
        else:
            with pytest.raises((NotAllowed, InvalidInput)):
                PENETRATION_LIFECYCLE.require(source, target, roles=held, evidence=ALL_EVIDENCE)
    for missing in evidence:
        with pytest.raises(InvalidInput) as refused:
            PENETRATION_LIFECYCLE.require(
                source, target, roles=frozenset(ROLES), evidence=ALL_EVIDENCE - {missing}
            )
        assert [problem.field for problem in refused.value.problems] == [missing]


def test_the_table_and_the_store_know_the_same_states() -> None:
    assert tuple(PENETRATION_STATES) == STORED
