"""What `rollout.md` promises of cable runs, written down once more, apart from the tables."""

from __future__ import annotations

from typing import NamedTuple

from wlantrack.rollout.lifecycle import CABLE_STATES, Condition

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
