"""The lights of places: each rule by itself, and that the worst comes first."""

from __future__ import annotations

import pytest

from wlantrack.rollout.milestones import Standing
from wlantrack.rollout.rag import LIGHTS, RULES, Light, MilestoneFact, PlaceFacts, judge_place

REACHED = MilestoneFact("R", Standing.REACHED)
ON_TIME = MilestoneFact("T", Standing.ON_TIME)
UNDATED = MilestoneFact("U", Standing.UNDATED)


@pytest.mark.parametrize(
    ("facts", "light", "codes"),
    [
        (PlaceFacts(), "grey", ()),
        (PlaceFacts([UNDATED]), "grey", ("U",)),
        (PlaceFacts([REACHED, UNDATED]), "grey", ("U",)),
        (PlaceFacts([ON_TIME, UNDATED]), "green", ("T",)),
        (PlaceFacts([REACHED]), "green", ("R",)),
        (PlaceFacts([MilestoneFact("L", Standing.LATE, 1)]), "amber", ("L",)),
        (PlaceFacts([MilestoneFact("L", Standing.LATE, 20, is_critical=True)]), "amber", ("L",)),
        (PlaceFacts([MilestoneFact("L", Standing.LATE, 21, is_critical=True)]), "red", ("L",)),
        (PlaceFacts([MilestoneFact("L", Standing.LATE, 21)]), "amber", ("L",)),
        (PlaceFacts([MilestoneFact("C", Standing.REACHED, contradicts=True)]), "amber", ("C",)),
        (PlaceFacts([UNDATED], walls_due=2), "amber", ()),
        (PlaceFacts([ON_TIME], walls_missed=1, walls_due=2), "red", ()),
        # What was reached late is over: it puts nothing at risk.
        (PlaceFacts([MilestoneFact("R", Standing.REACHED, 99, is_critical=True)]), "green", ("R",)),
    ],
)
def test_the_first_rule_that_holds_gives_the_light(
    facts: PlaceFacts, light: str, codes: tuple[str, ...]
) -> None:
    verdict = judge_place(facts)
    assert (verdict.light, verdict.codes) == (light, codes)


def test_every_light_has_a_word_and_the_worst_rules_come_first() -> None:
    assert set(LIGHTS) == set(Light)
    reds = [rule.light for rule in RULES]
    assert reds == sorted(reds, key=["red", "amber", "grey", "green"].index)
