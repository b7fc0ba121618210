"""Five hundred cable runs that many people push about at random, through the service itself.

What is written down in the database afterwards is told once more to an oracle that knows nothing of
the tables under test.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.factories.cabling import add_cable_run, add_distributor, add_switch
from tests.factories.files import make_photo
from tests.factories.people import make_actor
from tests.factories.rollout import add_penetration, add_permit
from tests.unit.rollout.cable_oracle import EXPECTED, Story
from wlantrack.rollout.lifecycle import (
    CABLE_LIFECYCLE,
    CABLE_ORDER,
    CABLE_STATES,
    EVIDENCE_WORDS,
    HOLD_POINTS,
    Condition,
)
from wlantrack.services import cable_states
from wlantrack.services.actor import Actor, Scope
from wlantrack.services.attachments import Upload
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.store import audit
from wlantrack.store.models.cabling import CableRun, CableStep
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    import uuid
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.databases import SqliteSource
    from tests.factories.places import House

TODAY = date(2026, 11, 24)
FIRM = "Kabel GmbH"
RUNS, ROUNDS = 500, 5
ROLES = ("viewer", "firm", "facility", "planner", "manager", "admin", "security officer")
ALL_EVIDENCE = frozenset(EVIDENCE_WORDS) - {"serial", "approval", "switch_port"}
BEFORE_PERMITS = CABLE_ORDER[: CABLE_ORDER.index("permits cleared")]
GIVEN_TO_FIRMS = {*CABLE_ORDER[CABLE_ORDER.index("ordered") :], "test failed"}
ON_PHOTO = {target for (_, target), rule in EXPECTED.items() if "photo" in rule.evidence}
PHOTO = Upload("IMG_1.jpg", make_photo())


class Tracked(Story):
    """A run as the test expects it to be: what was proved, who has it, and where it is plugged."""

    def __init__(self, run: CableRun, papers: frozenset[Condition], *, has_hole: bool) -> None:
        super().__init__(crosses_fire_wall=run.crosses_fire_wall, papers=papers)
        self.public_id, self.firm, self.has_port, self.has_hole = run.public_id, "", True, has_hole

    def may(self, target: str, role: str, given: frozenset[str]) -> bool:
        """Tell whether the change must be made; else it must be refused."""
        rule = EXPECTED.get((self.state, target))
        if rule is None or role not in rule.roles:
            return False
        counted = self.state_before if self.state == "blocked" else self.state
        if role == "firm" and (self.firm != FIRM or counted not in GIVEN_TO_FIRMS):
            return False
        known = {name for name, is_known in self._known() if is_known}
        return rule.evidence <= given | known and rule.conditions <= self.conditions(target)

    def _known(self) -> tuple[tuple[str, bool], ...]:
        return ("firm", bool(self.firm)), ("switch_port", self.has_port)

    def enter(self, target: str, evidence: frozenset[str]) -> None:
        """Follow a change that was made."""
        source = self.state
        super().enter(target, evidence)
        if "firm" in evidence:
            self.firm = FIRM
        if target == "decommissioned" or (source, target) == ("patched", "tested"):
            self.has_port = False
        if self.has_hole and source != "blocked" and target in {"pulled", "fire-stopped"}:
            sealed = {Condition.PENETRATIONS_SEALED} if target == "fire-stopped" else set()
            self.papers = self.papers - {Condition.PENETRATIONS_SEALED} | sealed


@pytest.fixture
def database_source(sqlite_source: SqliteSource) -> SqliteSource:
    """Give one kind of database: rules are tried here, not SQL."""
    return sqlite_source


@pytest.fixture
def tracked(session: Session, house: House) -> dict[uuid.UUID, Tracked]:
    """Give runs somewhere on their way, some of which a permit, a wall or a hole holds."""
    dice = random.Random(5)  # noqa: S311 - dice of a test
    distributor = add_distributor(session, house.ground)
    ports = add_switch(session, distributor, port_count=RUNS).ports
    found, waiting = {}, []
    for number in range(RUNS):
        way = CABLE_ORDER[: dice.randint(1, len(CABLE_ORDER))]
        run = add_cable_run(
            session,
            distributor,
            f"R{number:03d}",
            state=way[-1],
            crosses_fire_wall=dice.random() < 0.4,
            switch_port=ports[number],
            steps=[_step(source, target) for source, target in pairwise(way)],
        )
        papers, has_hole = HOLD_POINTS, dice.random() < 0.3
        if way[-1] in BEFORE_PERMITS and dice.random() < 0.3:
            waiting.append(run)
            papers -= {Condition.PERMITS_CLEARED}
        if has_hole:
            state = "sealed" if "fire-stopped" in way else "open" if "pulled" in way else "planned"
            add_penetration(session, house.ground, f"D-{number}", run, state=state)
            papers -= {Condition.PENETRATIONS_SEALED}
        story = found[run.public_id] = Tracked(run, papers, has_hole=has_hole)
        for step in run.steps:
            story.enter(step.target, frozenset(step.evidence))
        run.firm = story.firm
    add_permit(session, house.building, "G-1", *waiting, state="applied for")
    session.commit()
    session.expunge_all()
    return found


def _step(source: str, target: str) -> CableStep:
    names = EXPECTED[source, target].evidence
    evidence = {name: FIRM if name == "firm" else "x" for name in names}
    return CableStep(
        source=source, target=target, done_on=TODAY, person="anna", firm="", evidence=evidence
    )


def test_no_random_sequence_of_changes_leaves_the_table_or_lacks_its_proof(
    session: Session, tracked: dict[uuid.UUID, Tracked], tmp_path: Path
) -> None:
    dice = random.Random(11)  # noqa: S311 - dice of a test
    files = PlanFiles(tmp_path / "files")
    made = set()
    for _ in range(ROUNDS):
        for target, runs in _choose_targets(dice, tracked).items():
            role = dice.choice([*ROLES, "manager", "manager", "facility", "firm"])
            lacking = dice.choice([None, None, None, *sorted(ALL_EVIDENCE)])
            unasked = set() if target in ON_PHOTO else {"photo"}  # to check one takes long
            given = ALL_EVIDENCE - {lacking} - unasked
            before = {run.public_id: run.state for run in runs}
            expected = {run.public_id for run in runs if run.may(target, role, given)}
            changed, refused = _push(session, files, runs, target, (role, given))

            assert changed == expected, (target, role, lacking)
            assert all(refused.values())
            for public_id in changed:
                made.add((before[public_id], target))
                kept = EXPECTED[before[public_id], target].evidence | given & {"reason", "photo"}
                tracked[public_id].enter(target, frozenset(kept))

    assert len(made) > len(EXPECTED) * 2 / 3
    _tell_once_more(session, tracked)


def _choose_targets(
    dice: random.Random, tracked: dict[uuid.UUID, Tracked]
) -> dict[str, list[Tracked]]:
    """Let most runs go where the table leads, and the others anywhere."""
    targets = defaultdict(list)
    for run in tracked.values():
        possible = [item.target for item in CABLE_LIFECYCLE.list_targets(run.state)]
        is_guided = possible and dice.random() < 0.75
        targets[dice.choice(possible if is_guided else list(CABLE_STATES))].append(run)
    return targets


def _push(
    session: Session,
    files: PlanFiles,
    runs: list[Tracked],
    target: str,
    by: tuple[str, frozenset[str]],
) -> tuple[set[uuid.UUID], dict[str, bool]]:
    """Try a change of many runs; give which changed, and whether each other was told why not."""
    role, given = by
    grant = ("firm", Scope(None, None, FIRM))
    actor = Actor("firm", grants=(grant,)) if role == "firm" else make_actor(role)
    audit.set_context(session, actor.audit())
    texts = {name: FIRM if name == "firm" else "x" for name in given if name != "photo"}
    change = StateChange(target, TODAY, TODAY, texts, PHOTO if "photo" in given else None)
    selected = [Selected(str(run.public_id)) for run in runs]
    result = cable_states.change_states(session, actor, files, selected, change)
    session.expunge_all()
    return (
        {row.public_id for row in result.changed if row.public_id},
        {row.label: bool(row.problems and row.problems[0].message) for row in result.refused},
    )


def _tell_once_more(session: Session, tracked: dict[uuid.UUID, Tracked]) -> None:
    """Follow the steps that were kept from the beginning, and look at every state on the way."""
    for run in session.scalars(select(CableRun).options(selectinload(CableRun.steps))):
        known = tracked[run.public_id]
        story = Tracked(run, HOLD_POINTS - _held(known), has_hole=known.has_hole)
        for step in run.steps:
            assert step.source == story.state, run.label
            assert (step.source, step.target) in EXPECTED, run.label
            story.enter(step.target, frozenset(step.evidence))
            story.require_lawful()
        assert run.state == story.state == known.state, run.label
        assert run.state_before == (story.state_before or None), run.label


def _held(run: Tracked) -> frozenset[Condition]:
    holes = {Condition.PENETRATIONS_SEALED} if run.has_hole else set()
    return (HOLD_POINTS - run.papers - {Condition.PENETRATIONS_SEALED}) | holes
