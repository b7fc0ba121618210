from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.files import make_photo
from tests.factories.people import make_actor
from tests.factories.rollout import add_penetration
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import attachments, cable_states, penetrations, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import Upload
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.services.cabling_places import PlaceValues
from wlantrack.services.penetrations import PenetrationFilter, PenetrationValues, SealChange
from wlantrack.services.tables import TableUpload
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Penetration

TODAY = date(2026, 11, 26)
PHOTO = Upload("seal.jpg", make_photo())


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


@pytest.fixture
def run(session: Session, house: House) -> CableRun:
    """Give a run through a fire wall in the west for which the tray is there."""
    distributor = add_distributor(session, house.ground, wing_id=house.west.id)
    made = add_cable_run(
        session,
        distributor,
        "C1",
        state="containment installed",
        crosses_fire_wall=True,
        firm="Kabel GmbH",
        steps=[],
    )
    session.commit()
    return made


def carry(
    session: Session, files: PlanFiles, run: CableRun, target: str, photo: Upload | None = None
) -> None:
    evidence = {"continuity": "all pairs", "reason": "to be done again"}
    change = StateChange(target, TODAY, TODAY, evidence, photo)
    cable_states.change_state(session, SYSTEM, files, Selected(run.label), change)


def seal(
    session: Session, files: PlanFiles, found: Penetration, target: str, **values: object
) -> None:
    actor = values.pop("actor", SYSTEM)
    change = SealChange(target, TODAY, TODAY, **values)  # type: ignore[arg-type] # literal values
    penetrations.change_state(session, actor, files, found.code, change, found.version)  # type: ignore[arg-type] # an actor


def test_pulling_opens_what_a_run_leads_through_and_stopping_it_seals_that_as_one_act(
    session: Session, house: House, files: PlanFiles, run: CableRun
) -> None:
    sealed = add_penetration(
        session, house.ground, "D1", run, state="checked", sealed_on=date(2025, 1, 2)
    )
    planned = add_penetration(session, house.ground, "D2", run)
    session.commit()

    carry(session, files, run, "pulled")
    assert [(item.state, item.sealed_on) for item in (sealed, planned)] == [("open", None)] * 2
    assert len(penetrations.list_history(session, SYSTEM, sealed)) == 2

    run.crosses_fire_wall = False
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        carry(session, files, run, "released to close", PHOTO)
    assert [str(problem.message) for problem in refused.value.problems] == [
        "Penetration D1 is open.",
        "Penetration D2 is open.",
    ]

    run.crosses_fire_wall = True
    session.commit()
    carry(session, files, run, "fire-stopped", PHOTO)
    for item in (sealed, planned):
        assert (item.state, item.sealed_on, item.firm) == ("sealed", TODAY, "Kabel GmbH")
        assert [photo.kind for photo in attachments.list_of(session, item)] == ["photo"]
    carry(session, files, run, "released to close", PHOTO)
    assert run.state == "released to close"

    carry(session, files, run, "blocked")
    carry(session, files, run, "released to close")
    assert sealed.state == "sealed"
    carry(session, files, run, "pulled")
    assert sealed.state == "open"


def test_a_photo_that_the_run_has_already_is_kept_with_the_seal_too(
    session: Session, house: House, files: PlanFiles, run: CableRun
) -> None:
    hole = add_penetration(session, house.ground, "D1", run, state="open")
    run.state = "pulled"
    session.commit()
    photo = attachments.attach(session, SYSTEM, files, ("cable_run", str(run.public_id)), PHOTO)

    change = StateChange("fire-stopped", TODAY, TODAY, {"photo": str(photo.public_id)})
    cable_states.change_state(session, SYSTEM, files, Selected("C1"), change)

    (kept,) = attachments.list_of(session, hole)
    assert kept.stored_file == photo.stored_file


def test_a_further_cable_opens_a_seal_again(
    session: Session, house: House, files: PlanFiles, run: CableRun
) -> None:
    hole = add_penetration(session, house.ground, "D1")
    session.commit()

    assert not penetrations.lead_through(session, SYSTEM, "D1", ["C1"])
    with pytest.raises(InvalidInput, match="photo is missing"):
        seal(session, files, hole, "sealed")
    seal(session, files, hole, "sealed", photo=PHOTO, firm="Schott AG")
    with pytest.raises(InvalidInput, match="approval of the seal is missing"):
        seal(session, files, hole, "checked")
    seal(session, files, hole, "checked", approval="Z-19.53-2182")
    assert (hole.state, hole.sealed_on, hole.approval) == ("checked", TODAY, "Z-19.53-2182")

    add_cable_run(session, run.distributor, "C2")
    assert penetrations.lead_through(session, SYSTEM, "D1", ["C2"])
    assert (hole.state, hole.sealed_on) == ("open", None)
    with pytest.raises(InvalidInput, match="leads through D1 already"):
        penetrations.lead_through(session, SYSTEM, "D1", ["C2"])
    with pytest.raises(InvalidInput, match="no cable run of this label"):
        penetrations.lead_through(session, SYSTEM, "D1", ["C9"])
    links = [str(link.public_id) for link in hole.runs]
    assert penetrations.take_out(session, SYSTEM, "D1", links[:1]) == 1


def test_who_seals_does_not_check_and_what_is_drilled_is_not_deleted(
    session: Session, house: House, files: PlanFiles
) -> None:
    hole = add_penetration(session, house.ground, "D1", state="sealed", approval="Z")
    session.commit()

    with pytest.raises(NotAllowed):
        seal(session, files, hole, "checked", actor=make_actor("planner"))
    with pytest.raises(NotFound):
        seal(session, files, hole, "checked", actor=make_actor("firm"))
    with pytest.raises(InvalidInput, match="does not vanish"):
        penetrations.delete_penetration(session, SYSTEM, "D1", hole.version)
    change = SealChange("open", date(2026, 11, 27), TODAY, "leak")
    with pytest.raises(InvalidInput, match="lies in the future"):
        penetrations.change_state(session, SYSTEM, files, "D1", change, hole.version)


def test_a_penetration_is_added_changed_and_deleted(session: Session, house: House) -> None:
    values = PenetrationValues(PlaceValues("RH/0", x_m=5.0, y_m=5.0), fire_rating="F90")
    made = penetrations.add_penetration(session, SYSTEM, values)
    assert (made.code, made.wing_id, made.state) == ("RH-0-D01", house.west.id, "planned")

    values = PenetrationValues(PlaceValues("RH/1", "EA"), seal="Kombischott")
    changed = penetrations.edit_penetration(session, SYSTEM, made.code, values, made.version)
    assert (changed.floor_id, changed.wing_id, changed.x_m) == (
        house.first.id,
        house.east.id,
        None,
    )
    values = PenetrationValues(PlaceValues("RH/1"), code="RH-0-D02")
    penetrations.add_penetration(session, SYSTEM, values)
    with pytest.raises(InvalidInput, match="code is taken"):
        penetrations.add_penetration(session, SYSTEM, values)
    penetrations.delete_penetration(session, SYSTEM, "RH-0-D01", changed.version)
    with pytest.raises(NotFound):
        penetrations.find_penetration(session, SYSTEM, "RH-0-D01")


def test_penetrations_are_seen_where_cabling_is(session: Session, house: House) -> None:
    add_penetration(session, house.ground, "WEST", wing_id=house.west.id, place="door 7")
    add_penetration(session, house.ground, "EAST", wing_id=house.east.id, state="open")
    session.commit()

    def codes(actor: Actor, narrow: PenetrationFilter) -> list[str]:
        rows, _ = penetrations.list_penetrations(session, actor, narrow, Page())
        return [row.code for row in rows]

    westerner = make_actor("facility", house.building.id, house.west.id)
    assert codes(westerner, PenetrationFilter()) == ["WEST"]
    assert codes(SYSTEM, PenetrationFilter(state="open", building="RH", level=0)) == ["EAST"]
    assert codes(SYSTEM, PenetrationFilter(words="DOOR", wing="WE")) == ["WEST"]
    with pytest.raises(NotFound):
        penetrations.find_penetration(session, westerner, "EAST")


def test_a_table_of_penetrations_goes_both_ways(
    session: Session, house: House, run: CableRun
) -> None:
    values = {"x_m": 0.1 + 0.2, "y_m": 3.0, "state": "sealed", "sealed_on": TODAY}
    hole = add_penetration(session, house.ground, "D1", wing_id=house.west.id, **values)
    session.commit()
    session.expire_all()

    def load(data: bytes) -> tables.ImportResult:
        return tables.import_table(session, SYSTEM, "penetrations", TableUpload("x.csv", data))

    same = load(tables.export_table(session, SYSTEM, "penetrations", "csv"))
    assert (same.errors, same.count("unchanged")) == ((), 1)

    result = load(b"Kennung;Geschoss;Kabel\nD1;RH/0;C1\n")
    assert (result.errors, result.count("updated")) == ((), 1)
    assert (hole.state, hole.runs[0].cable_run) == ("open", run)
    result = load("Kennung;Geschoss;Stand;Kabel\nD1;RH/0;;\nD2;RH/1;geprüft;C1\n".encode())
    assert (result.errors, result.count("created")) == ((), 1)
    assert (hole.state, hole.runs) == ("open", [])
    refused = load(b"code,floor,x_m,wing,runs\nD3,XX,,,\nD4,RH/0,1,,\nD5,RH/0,,XX,\nD6,RH/0,,,C9\n")
    assert [problem.field for problem in refused.errors] == ["floor", "y_m", "wing", "runs"]


def test_a_table_carries_a_known_penetration_only_as_far_as_its_evidence_reaches(
    session: Session, house: House, run: CableRun
) -> None:
    label, sealed = run.label, {"state": "sealed", "sealed_on": TODAY}
    add_penetration(session, house.ground, "OPEN", state="open")
    add_penetration(session, house.ground, "PLAN")
    for number in range(4):
        add_penetration(session, house.ground, f"SEAL{number}", **sealed)
    session.commit()
    head = "code;floor;state;sealed_on;approval;runs\n"

    def load(*rows: str) -> tables.ImportResult:
        data = (head + "\n".join(rows)).encode()
        return tables.import_table(session, SYSTEM, "penetrations", TableUpload("x.csv", data))

    refused = load(
        "OPEN;RH/0;sealed;01.02.2026;;",
        "PLAN;RH/0;checked;;Z-19;",
        "SEAL0;RH/0;checked;;;",
        f"SEAL1;RH/0;sealed;{TODAY};;{label}",
        f"SEAL2;RH/0;open;{TODAY};;",
        "SEAL3;RH/0;sealed;2099-01-01;;",
        "NEW;RH/0;sealed;01.02.2026;;",
    )
    assert [(problem.row, problem.field) for problem in refused.errors] == [
        (1, "state"),
        (2, "state"),
        (3, "state"),
        (4, "state"),
        (5, "sealed_on"),
        (6, "sealed_on"),
    ]
    words = [f"{problem.message} {problem.remedy}" for problem in refused.errors]
    assert "photo is missing" in words[0]
    assert "on its page with a photo" in words[0]
    assert "approval of the seal is missing" in words[2]
    assert "photo is missing" in words[3]

    seals = [penetrations.find_penetration(session, SYSTEM, f"SEAL{n}") for n in range(4)]
    done = load("SEAL0;RH/0;checked;;Z-19;", "SEAL2;RH/0;open;;;", f"SEAL3;RH/0;;;;{label}")
    assert (done.errors, done.count("updated")) == ((), 3)
    assert [seal.state for seal in seals] == ["checked", "sealed", "open", "open"]
    assert [seal.sealed_on for seal in seals[2:]] == [None, None]
