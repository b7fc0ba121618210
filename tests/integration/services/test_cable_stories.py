"""Whatever people try with a run, its permits and its penetration: no forbidden state is reached."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.cabling import add_cable_run, add_distributor, add_switch
from tests.factories.people import make_actor
from tests.factories.places import add_house
from tests.factories.rollout import add_penetration, add_permit
from wlantrack.errors import WlantrackError
from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE, CABLE_STATES
from wlantrack.services import cable_states
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.attachments import CheckedFile, make_attachment
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import TEXT_EVIDENCE, StateChange
from wlantrack.store.models.cabling import SwitchPort
from wlantrack.store.models.people import ROLES
from wlantrack.store.models.permits import PERMIT_STATES
from wlantrack.store.plan_files import PlanFiles, StoredFile
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.databases import SqliteSource
    from tests.factories.places import House
    from wlantrack.store.models.cabling import CableRun, Switch
    from wlantrack.store.models.permits import Penetration, Permit

TODAY = date(2026, 11, 26)
FIRM = "Kabel GmbH"
PAPERS = ("heritage", "pollutants", "staff council")
ATTEMPTS = st.lists(
    st.one_of(
        st.tuples(
            st.just("carry"),
            # Most attempts follow the table, so that stories come far; the others try anything.
            st.one_of(st.integers(0, 3), st.integers(0, 3), st.sampled_from([*CABLE_STATES])),
            st.sampled_from(("admin", "admin", "manager", *ROLES)),
            st.one_of(
                st.just(frozenset({*TEXT_EVIDENCE, "photo"})),
                st.frozensets(st.sampled_from(sorted({*TEXT_EVIDENCE, "photo"}))),
            ),
        ),
        st.tuples(
            st.just("decide"),
            st.integers(0, 2),
            st.sampled_from(("granted", "granted", *PERMIT_STATES)),
            st.sampled_from((None, -1, 0, 30)),
        ),
    ),
    min_size=4,
    max_size=10,
)


class Stage(NamedTuple):
    """Where stories happen: a listed, old house with a switch."""

    session: Session
    house: House
    switch: Switch
    files: PlanFiles


class Story:
    """A run of its own for each example, with what was proved about it."""

    def __init__(self, stage: Stage, begin: str, *, has_wall: bool) -> None:
        session, house, switch, self.files = stage
        self.session = session
        label = uuid.uuid4().hex
        self.run: CableRun = add_cable_run(
            session,
            switch.distributor,
            label,
            state=begin,
            crosses_fire_wall=has_wall,
            firm=FIRM,
            steps=[],
        )
        port = SwitchPort(name=label[:20], switch_id=switch.id)
        session.add(port)
        self.permits: list[Permit] = [
            add_permit(session, house.building, f"{label}-{kind}", self.run, kind=kind)
            for kind in PAPERS
        ]
        self.hole: Penetration = add_penetration(session, house.ground, label, self.run)
        checked = CheckedFile("photo", "a.jpg", "image/jpeg", b".", "")
        place = (house.building.id, None)
        stored = StoredFile("0" * 32, "0" * 64)
        photo = make_attachment(SYSTEM, self.run, place, checked, stored)
        session.add(photo)
        session.commit()
        self.given = {
            **dict.fromkeys(TEXT_EVIDENCE, "something"),
            "firm": FIRM,
            "photo": str(photo.public_id),
            "switch_port": f"{switch.code}/{port.name}",
        }
        self.has_passed = self.was_there_before = False
        self.was_cleared = begin == "containment installed"

    def decide(self, number: int, state: str, days: int | None) -> None:
        """Let an authority decide about one of the permits."""
        permit = self.permits[number]
        permit.state = state
        permit.expires_on = None if days is None else TODAY + timedelta(days=days)
        self.session.commit()

    def carry(self, wish: int | str, role: str, names: frozenset[str]) -> None:
        """Try to carry the run on; what is refused leaves it as it was."""
        source = self.run.state
        targets = [item.target for item in CABLE_LIFECYCLE.list_targets(source)] or ["requested"]
        target = wish if isinstance(wish, str) else targets[wish % len(targets)]
        evidence = {name: self.given[name] for name in names}
        scope = Scope(firm=FIRM) if role == "firm" else Scope()
        actor = Actor(role, grants=((role, scope),)) if role == "firm" else make_actor(role)
        change = StateChange(target, TODAY, TODAY, evidence)
        try:
            chosen = Selected(str(self.run.public_id))
            cable_states.change_state(self.session, actor, self.files, chosen, change)
        except WlantrackError:
            assert self.run.state == source
            assert not self.session.is_modified(self.run)
            assert (list(self.session.new), list(self.session.dirty)) == ([], [])
            return
        self.require_lawful(source, target, role, names)

    def is_cleared(self, kind: str) -> bool:
        """Tell anew, in words of this test, whether the permit of a kind clears the run."""
        permit = self.permits[PAPERS.index(kind)]
        in_time = permit.expires_on is None or permit.expires_on >= TODAY
        return permit.state == "not needed" or (permit.state == "granted" and in_time)

    def require_lawful(self, source: str, target: str, role: str, names: frozenset[str]) -> None:
        """Assert what `rollout.md` promises of a change that was made."""
        step = (source, target)
        assert step in CABLE_LIFECYCLE.transitions
        assert self.run.state == target
        assert role != "viewer"
        assert (role, target) != ("firm", "accepted")
        if source != "blocked":
            self.require_papers(source, target)
            self.require_seal(target, names)
            self.require_test(source, target, names)

    def require_papers(self, source: str, target: str) -> None:
        """Assert that permits were there when they were needed."""
        if (source, target) == ("design released", "permits cleared"):
            assert all(self.is_cleared(kind) for kind in PAPERS)
            assert self.permits[0].state == "granted"  # the building is listed
            self.was_cleared = True
        if (source, target) == ("permits cleared", "ordered"):
            assert self.is_cleared("pollutants")
        if target in {"ordered", "containment installed"}:
            assert self.was_cleared or self.was_there_before

    def require_seal(self, target: str, names: frozenset[str]) -> None:
        """Assert that the hole is open after pulling, and sealed before anything is closed."""
        if target == "pulled":
            assert self.hole.state == "open"
        if target == "fire-stopped":
            assert self.hole.state == "sealed"
            assert "photo" in names
        if target == "released to close":
            assert self.hole.state == "sealed"
            assert {"photo", "continuity"} <= names

    def require_test(self, source: str, target: str, names: frozenset[str]) -> None:
        """Assert that what is patched has passed its test."""
        if target == "terminated" and source in {"requested", "surveyed"}:
            self.was_there_before = True
        if target in {"terminated", "test failed"}:
            self.has_passed = False
        if target == "tested" and source != "patched":
            assert "pass_record" in names
            self.has_passed = True
        if target in {"patched", "accepted"}:
            assert self.has_passed


@pytest.fixture
def stage(sqlite_source: SqliteSource, tmp_path: Path) -> Iterator[Stage]:
    """Give a listed, old house with a switch, on SQLite only: the SQL is tested elsewhere."""
    with sqlite_source.fresh() as url:
        database = Database(url)
        with database.writing(SYSTEM.audit()) as session:
            house = add_house(session)
            house.building.is_listed, house.building.begun_on = True, date(1956, 1, 1)
            switch = add_switch(session, add_distributor(session, house.ground))
            session.commit()
            yield Stage(session, house, switch, PlanFiles(tmp_path / "files"))
        database.dispose()


@settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    begin=st.sampled_from(("requested", "design released", "containment installed")),
    has_wall=st.booleans(),
    attempts=ATTEMPTS,
)
def test_no_story_of_a_run_its_permits_and_its_seal_reaches_a_forbidden_state(
    stage: Stage, begin: str, *, has_wall: bool, attempts: list[tuple[Any, ...]]
) -> None:
    story = Story(stage, begin, has_wall=has_wall)
    for kind, *values in attempts:
        if kind == "carry":
            story.carry(*values)
        else:
            story.decide(*values)
