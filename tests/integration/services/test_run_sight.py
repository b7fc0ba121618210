"""A firm and its cable runs: what it sees, what it may do, and what it may not."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import make_actor
from tests.factories.places import add_plan, add_room
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import accounts, attachments, cable_runs, cable_states, people, run_plans
from wlantrack.services.accounts import AccountFilter
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_runs import CableFilter
from wlantrack.services.cable_states import StateChange
from wlantrack.services.paging import Page
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.cabling import CableRun

TODAY = date(2026, 11, 25)
OURS, OTHERS = "Kabel GmbH", "Draht KG"


def firm(name: str = OURS, building_id: int | None = None, wing_id: int | None = None) -> Actor:
    return Actor("firm", grants=(("firm", Scope(building_id, wing_id, name)),))


def change_to(target: str, **evidence: str) -> StateChange:
    return StateChange(target, TODAY, TODAY, evidence)


@pytest.fixture
def run(session: Session, house: House) -> CableRun:
    """Give a run of the western wing that is ordered from our firm, and others that are not ours."""
    distributor = add_distributor(session, house.ground, wing_id=house.west.id, x_m=5.0, y_m=5.0)
    rows = (
        ("C-ours", "ordered", OURS),
        ("C-early", "permits cleared", OURS),
        ("C-theirs", "ordered", OTHERS),
        ("C-nobody", "ordered", ""),
        ("C-old", "decommissioned", OURS),
    )
    runs = [
        add_cable_run(session, distributor, label, state=state, firm=name, steps=[])
        for label, state, name in rows
    ]
    session.commit()
    return runs[0]


def labels(session: Session, actor: Actor) -> list[str]:
    rows, total = cable_runs.list_runs(session, actor, CableFilter(), Page())
    assert total == len(rows)
    return [row.label for row in rows]


@pytest.mark.usefixtures("run")
def test_a_firm_sees_what_was_given_to_it(session: Session, house: House) -> None:
    assert labels(session, firm()) == ["C-ours"]
    assert labels(session, firm(OTHERS)) == ["C-theirs"]
    assert labels(session, firm(OURS, house.building.id, house.west.id)) == ["C-ours"]
    assert labels(session, firm(OURS, house.building.id, house.east.id)) == []
    assert cable_runs.list_firms(session, firm()) == [OURS]
    assert cable_runs.count_states(session, firm(), CableFilter()) == {"ordered": 1}
    for label in ("C-early", "C-theirs", "C-nobody", "C-old"):
        with pytest.raises(NotFound):
            cable_runs.find_run(session, firm(), label)


@pytest.mark.usefixtures("run")
def test_a_firm_without_a_name_sees_nothing(session: Session) -> None:
    assert labels(session, firm("")) == []
    assert labels(session, make_actor("firm")) == []


def test_a_blocked_run_counts_by_the_state_it_was_blocked_in(
    session: Session, run: CableRun
) -> None:
    run.state, run.state_before = "blocked", "containment installed"
    session.commit()
    assert labels(session, firm()) == ["C-ours"]

    run.state_before = "surveyed"
    session.commit()
    assert labels(session, firm()) == []
    with pytest.raises(NotFound):
        cable_runs.find_run(session, firm(), "C-ours")


def test_a_firm_carries_its_run_as_far_as_the_table_lets_it(
    session: Session, run: CableRun, tmp_path: Path
) -> None:
    files, chosen = PlanFiles(tmp_path / "files"), Selected(str(run.public_id))

    changed = cable_states.change_state(
        session, firm(), files, chosen, change_to("containment installed")
    )
    assert changed.state == "containment installed"
    with pytest.raises(NotAllowed):
        cable_states.change_state(session, firm(), files, chosen, change_to("ordered", reason="no"))
    run.state = "patched"
    session.commit()
    with pytest.raises(NotAllowed):
        cable_states.change_state(
            session, firm(), files, chosen, change_to("accepted", protocol="P-1")
        )
    found = cable_runs.find_run(session, firm(), "C-ours")
    assert {item.target for item in cable_states.list_possible(firm(), found)} == {"blocked"}


def test_a_firm_hands_its_run_to_no_other(session: Session, run: CableRun, tmp_path: Path) -> None:
    run.state = "containment installed"
    session.commit()

    with pytest.raises(InvalidInput, match="does not hand a run"):
        cable_states.change_state(
            session,
            firm(),
            PlanFiles(tmp_path / "files"),
            Selected(str(run.public_id)),
            change_to("pulled", firm=OTHERS),
        )


def test_a_firm_does_not_touch_another_firms_run(
    session: Session, run: CableRun, tmp_path: Path
) -> None:
    files = PlanFiles(tmp_path / "files")
    theirs = cable_runs.find_run(session, SYSTEM, "C-theirs")
    chosen = [Selected(str(run.public_id)), Selected(str(theirs.public_id))]

    result = cable_states.change_states(
        session, firm(), files, chosen, change_to("containment installed")
    )

    assert [row.label for row in result.changed] == ["C-ours"]
    assert cable_runs.find_run(session, SYSTEM, "C-theirs").state == "ordered"
    with pytest.raises(NotFound):
        attachments.find_subject(session, firm(), "cable_run", str(theirs.public_id))


def test_a_firm_is_not_told_what_lies_behind_the_panel(session: Session, run: CableRun) -> None:
    kinds = {item.kind for item in cable_runs.find_warnings(session, firm(), run)}

    assert kinds <= cable_runs.OUTSIDE_WARNINGS
    (line,), _ = cable_runs.list_runs(session, firm(), CableFilter(), Page())
    assert (line.row.switch, line.row.port) == (None, None)


def test_the_plan_of_a_run_reaches_a_few_metres_and_into_no_vault(
    session: Session, house: House, run: CableRun
) -> None:
    add_plan(session, house.ground)
    vault = shapely.box(8, 0, 20, 20)
    add_room(session, house.ground, "V", outline=vault, is_secure=True)
    session.commit()

    found = run_plans.find_run_plan(session, cable_runs.find_run(session, firm(), run.label))

    assert found is not None
    assert found.bounds_m == pytest.approx((-3, -3, 13, 13))
    assert not found.area.intersects(vault.buffer(-0.01))
    assert found.area.covers(shapely.Point(5, 5))


@pytest.mark.parametrize("scope", ["", "all", " @ RH", "x" * 121])
@pytest.mark.usefixtures("house")
def test_the_role_of_a_firm_needs_a_firm(session: Session, scope: str) -> None:
    with pytest.raises(InvalidInput, match="held for one firm"):
        people.make_grant(session, "firm", scope)


@pytest.mark.parametrize(
    ("scope", "place"),
    [("Kabel GmbH", "all"), ("Kabel GmbH @ RH", "RH"), ("Kabel GmbH @ RH/WE", "RH/WE")],
)
@pytest.mark.usefixtures("house")
def test_a_firms_scope_names_firm_and_place(session: Session, scope: str, place: str) -> None:
    people.create_user(session, SYSTEM, "kabel", (("firm", scope),), people.utc_now())

    (row,), _ = accounts.list_accounts(session, SYSTEM, AccountFilter(), Page())

    assert row.grants == (("firm", scope),)
    assert people.split_firm(scope) == (OURS, place)
