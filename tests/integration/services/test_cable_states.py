from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from tests.factories.cabling import add_cable_run, add_distributor, add_switch
from tests.factories.files import make_photo
from tests.factories.people import make_actor
from tests.statements import keep_statements
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import attachments, cable_runs, cable_states, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import Upload
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.store import audit
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.cabling import CableRun, CableStep
from wlantrack.store.models.files import Attachment
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries import cable_runs as queries

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor

TODAY = date(2026, 11, 24)
PHOTO = Upload("IMG_1.jpg", make_photo())


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


def change_to(target: str, photo: Upload | None = None, **evidence: str) -> StateChange:
    return StateChange(target, TODAY, TODAY, evidence, photo)


def select_runs(*runs: CableRun) -> list[Selected]:
    return [Selected(str(run.public_id), run.version) for run in runs]


def reload(session: Session, run: CableRun) -> CableRun:
    session.expire_all()
    found = queries.get_run(session, run.public_id)
    assert found is not None
    return found


def writing_as(session: Session, actor: Actor) -> Actor:
    audit.set_context(session, actor.audit())
    return actor


def test_a_run_goes_all_the_way_with_its_evidence(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    run = add_cable_run(session, distributor, crosses_fire_wall=True)
    session.commit()
    manager = writing_as(session, make_actor("manager"))

    for change in (
        change_to("surveyed"),
        change_to("design released"),
        change_to("permits cleared", permit="DSB 2026/117"),
        change_to("ordered", firm="Kabel GmbH"),
        change_to("containment installed"),
        change_to("pulled"),
        change_to("fire-stopped", PHOTO),
        change_to("released to close", PHOTO, continuity="all pairs, 20.11."),
        change_to("terminated"),
        change_to("tested", pass_record="MP-117 PASS"),
        change_to("patched", switch_port="RH-EV0.1-SW1/2"),
        change_to("accepted", protocol="AP-2026-9"),
    ):
        cable_states.change_state(session, manager, files, Selected(run.label), change)

    run = reload(session, run)
    assert (run.state, run.state_on, run.firm) == ("accepted", TODAY, "Kabel GmbH")
    assert [step.target for step in run.steps][-3:] == ["tested", "patched", "accepted"]
    assert {step.person for step in run.steps} == {"manager of tests"}
    assert run.steps[5].firm == "Kabel GmbH"
    assert run.steps[9].evidence == {"pass_record": "MP-117 PASS"}
    photos = {str(item.public_id) for item in attachments.list_of(session, run)}
    assert {run.steps[6].evidence["photo"], run.steps[7].evidence["photo"]} == photos
    assert run.switch_port is not None
    assert (run.switch_port.switch.code, run.switch_port.name) == (switch.code, "2")


@pytest.mark.parametrize(
    ("state", "change", "field"),
    [
        ("design released", change_to("permits cleared"), "permit"),
        ("permits cleared", change_to("ordered"), "firm"),
        ("pulled", change_to("fire-stopped"), "photo"),
        ("fire-stopped", change_to("released to close", PHOTO), "continuity"),
        ("terminated", change_to("tested", fail_record="x"), "pass_record"),
        ("terminated", change_to("test failed"), "fail_record"),
        ("tested", change_to("patched"), "switch_port"),
        ("tested", change_to("patched", switch_port="NONE/1"), "switch_port"),
        ("patched", change_to("accepted"), "protocol"),
        ("pulled", change_to("blocked"), "reason"),
        ("pulled", StateChange("fire-stopped", TODAY, TODAY, {"photo": "no such"}), "photo"),
        ("pulled", change_to("patched", switch_port="RH-EV0.1-SW1/1"), "state"),
        ("ordered", change_to("containment installed", reason="x" * 201), "reason"),
        ("ordered", StateChange("containment installed", date(2026, 11, 25), TODAY), "done_on"),
    ],
)
def test_without_its_evidence_a_change_is_refused_and_nothing_is_kept(
    session: Session, house: House, files: PlanFiles, state: str, change: StateChange, field: str
) -> None:
    distributor = add_distributor(session, house.ground)
    add_switch(session, distributor)
    run = add_cable_run(session, distributor, state=state)
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        cable_states.change_state(session, SYSTEM, files, Selected(run.label), change)

    session.rollback()
    assert [problem.field for problem in refused.value.problems] == [field]
    assert reload(session, run).state == state
    assert session.scalar(select(func.count()).select_from(CableStep)) == 0
    assert list(files.folder.glob("*")) == []


def test_a_run_through_a_fire_wall_is_released_only_when_it_is_fire_stopped(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = add_cable_run(
        session, add_distributor(session, house.ground), state="pulled", crosses_fire_wall=True
    )
    session.commit()
    change = change_to("released to close", PHOTO, continuity="ok")

    with pytest.raises(InvalidInput, match="crosses a fire wall"):
        cable_states.change_state(session, SYSTEM, files, Selected(run.label), change)
    targets = [item.target for item in cable_states.list_possible(SYSTEM, run)]

    assert "released to close" not in targets
    assert "fire-stopped" in targets


def test_a_blocked_run_goes_back_to_where_it_was(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = add_cable_run(session, add_distributor(session, house.ground), state="pulled")
    session.commit()

    blocked = cable_states.change_state(
        session, SYSTEM, files, Selected(run.label), change_to("blocked", reason="asbestos")
    )
    targets = {item.target for item in cable_states.list_possible(SYSTEM, blocked)}
    with pytest.raises(InvalidInput, match="goes back"):
        cable_states.change_state(
            session, SYSTEM, files, Selected(run.label), change_to("terminated", reason="x")
        )
    freed = cable_states.change_state(
        session, SYSTEM, files, Selected(run.label), change_to("pulled", reason="removed")
    )

    assert targets == {"pulled", "decommissioned"}
    assert (freed.state, freed.state_before) == ("pulled", None)


def test_a_run_that_is_unplugged_leaves_its_switch_port(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    run = add_cable_run(session, distributor, state="patched", switch_port=switch.ports[0])
    session.commit()

    cable_states.change_state(
        session, SYSTEM, files, Selected(run.label), change_to("tested", reason="moved")
    )

    assert reload(session, run).switch_port is None


def test_a_reserved_switch_port_stays_until_the_run_is_patched(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    run = add_cable_run(session, distributor, state="terminated", switch_port=switch.ports[0])
    session.commit()

    for change in (change_to("tested", pass_record="P"), change_to("patched")):
        cable_states.change_state(session, SYSTEM, files, Selected(run.label), change)

    run = reload(session, run)
    assert run.steps[-1].evidence == {"switch_port": "RH-EV0.1-SW1/1"}
    assert run.switch_port is not None


def test_roles_and_scopes_decide_who_changes_a_state(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = add_cable_run(
        session, add_distributor(session, house.ground, wing_id=house.east.id), state="patched"
    )
    session.commit()
    change, chosen = change_to("accepted", protocol="A-1"), Selected(run.label)
    westerner = make_actor("manager", house.building.id, house.west.id)

    with pytest.raises(NotAllowed, match="may set a cable run"):
        cable_states.change_state(session, make_actor("planner"), files, chosen, change)
    with pytest.raises(NotAllowed):
        cable_states.change_state(session, make_actor("security officer"), files, chosen, change)
    with pytest.raises(NotFound):
        cable_states.change_state(session, westerner, files, chosen, change)
    with pytest.raises(NotFound):
        cable_states.change_state(session, make_actor("firm"), files, chosen, change)


def test_the_second_to_change_a_state_is_told_who_was_first(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = add_cable_run(session, add_distributor(session, house.ground), state="ordered")
    session.commit()
    chosen = Selected(run.label, run.version)

    cable_states.change_state(session, SYSTEM, files, chosen, change_to("containment installed"))
    with pytest.raises(Conflict, match="system has changed this"):
        cable_states.change_state(
            session, SYSTEM, files, chosen, change_to("containment installed")
        )


def test_a_bulk_change_tells_every_row_and_is_undone_as_one(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    ready = [
        add_cable_run(session, distributor, f"R{n}", state="containment installed")
        for n in range(3)
    ]
    early = add_cable_run(session, distributor, "EARLY")
    stale = add_cable_run(session, distributor, "STALE", state="containment installed")
    session.commit()
    manager = writing_as(session, make_actor("manager"))
    selected = [
        *select_runs(*ready, early),
        replace(select_runs(stale)[0], version=7),
        Selected("00000000-0000-4000-8000-000000000000"),
    ]
    change = change_to("pulled", PHOTO, firm="Kabel GmbH")

    preview = cable_states.preview_bulk(session, manager, selected, "pulled")
    result = cable_states.change_states(session, manager, files, selected, change)

    assert [row.label for row in preview.changed] == ["R0", "R1", "R2", "STALE"]
    assert [row.label for row in result.changed] == ["R0", "R1", "R2"]
    assert [(row.label, str(row.problems[0].message)[:27]) for row in result.refused] == [
        ("EARLY", "The state cannot go from re"),
        ("STALE", "system has changed this in "),
        ("00000000-0000-4000-8000-000000000000", "There is no such cable run;"),
    ]
    photos = session.scalars(select(Attachment)).all()
    assert len(photos) == 3
    assert len({photo.stored_file for photo in photos}) == 1
    requests = set(
        session.scalars(select(AuditEvent.request_id).where(AuditEvent.entity == "cable_step"))
    )
    assert requests == {manager.request_id}

    undone = undo.undo_request(
        session, writing_as(session, make_actor("manager")), manager.request_id
    )

    assert undone.deleted == 6
    assert {reload(session, run).state for run in ready} == {"containment installed"}
    assert {reload(session, run).firm for run in ready} == {""}
    assert session.scalars(select(Attachment)).all() == []


def test_many_runs_are_read_by_as_few_questions_as_few(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground)
    runs = [
        add_cable_run(session, distributor, f"R{n:03d}", state="containment installed")
        for n in range(110)
    ]
    session.commit()

    asked = []
    for some in (runs[:10], runs[10:]):
        session.expunge_all()
        with keep_statements(session) as statements:
            change = change_to("pulled", PHOTO, firm="Kabel GmbH")
            result = cable_states.change_states(session, SYSTEM, files, select_runs(*some), change)
        assert len(result.changed) == len(some)
        asked.append([text for text in statements if text.startswith("SELECT")])

    few, many = asked
    assert len(many) == len(few)


def test_nothing_and_too_much_are_no_selection(
    session: Session, house: House, files: PlanFiles
) -> None:
    del house
    change = change_to("pulled", firm="x")

    with pytest.raises(InvalidInput, match="Nothing is selected"):
        cable_states.change_states(session, SYSTEM, files, [], change)
    with pytest.raises(InvalidInput, match="501 entries are selected; at most 500"):
        cable_states.change_states(session, SYSTEM, files, [Selected("x")] * 501, change)


def test_a_bad_photo_stops_a_bulk_change_before_it_begins(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = add_cable_run(session, add_distributor(session, house.ground), state="pulled")
    session.commit()
    change = change_to("fire-stopped", Upload("IMG.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1"))

    with pytest.raises(InvalidInput, match="HEIC") as refused:
        cable_states.change_states(session, SYSTEM, files, select_runs(run), change)
    assert refused.value.problems[0].field == "photo"

    assert reload(session, run).state == "pulled"


def test_a_selection_carries_the_version_that_was_seen() -> None:
    assert Selected.parse("abc:7") == Selected("abc", 7)
    assert Selected.parse("abc") == Selected.parse("abc:x") == Selected("abc")


def test_the_evidence_of_a_change_is_known_before_it_is_made() -> None:
    assert cable_states.list_evidence(["pulled", "fire-stopped"], "released to close") == [
        "continuity",
        "photo",
    ]
    assert cable_states.list_evidence(["containment installed"], "pulled") == ["firm"]
    assert cable_states.list_evidence(list(CABLE_STATES), "requested") == ["reason"]


def test_warnings_of_one_run_are_those_of_its_line(session: Session, house: House) -> None:
    run = add_cable_run(session, add_distributor(session, house.ground), length_actual_m=99.0)
    session.commit()

    found = cable_runs.find_warnings(session, SYSTEM, reload(session, run))

    assert [warning.kind for warning in found] == ["too long", "open end"]
