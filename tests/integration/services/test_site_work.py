"""Work on site: what waits for whom, and entries that are done once or refused with words."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.files import make_photo
from tests.factories.people import make_actor
from tests.factories.places import add_room
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services import attachments, cable_runs, short_links, site_work
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.attachments import Upload
from wlantrack.services.cable_states import StateChange
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House

TODAY = date(2026, 11, 26)
FACILITY = make_actor("facility")
FIRM = Actor("firm", grants=(("firm", Scope(firm="Kabel GmbH")),))
ALL = {"C-ordered", "C-laid", "C-others", "C-pulled", "C-fire", "C-office", "C-done"}
NUMBER = uuid.UUID("11111111-2222-4333-8444-555555555555")


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


@pytest.fixture
def runs(session: Session, house: House) -> House:
    """Give runs in several states; those to the room 017 lie in the western wing."""
    room = add_room(session, house.ground, "017", name="Sitzungssaal", wing_id=house.west.id)
    distributor = add_distributor(session, house.ground, wing_id=house.west.id)
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id, room_id=room.id)
    rows: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("C-ordered", "ordered", "Kabel GmbH", {"access_point": point}),
        ("C-laid", "containment installed", "Kabel GmbH", {}),
        ("C-others", "ordered", "Draht KG", {}),
        ("C-pulled", "pulled", "Kabel GmbH", {}),
        ("C-fire", "pulled", "Kabel GmbH", {"crosses_fire_wall": True}),
        ("C-office", "surveyed", "", {}),
        ("C-done", "accepted", "Kabel GmbH", {}),
    )
    for label, state, firm, values in rows:
        add_cable_run(session, distributor, label, state=state, firm=firm, steps=[], **values)
    session.commit()
    return house


def waiting(session: Session, actor: Actor) -> dict[str | None, list[str]]:
    work = site_work.list_work(session, actor)
    return {room.number: [run.row.label for run in room.runs] for room in work.rooms}


def pull(**values: object) -> StateChange:
    return StateChange("pulled", TODAY, TODAY, step_id=NUMBER, **values)  # type: ignore[arg-type]


@pytest.mark.usefixtures("runs")
def test_by_room_stands_what_waits_for_whom(session: Session) -> None:
    assert {label for found in waiting(session, FACILITY).values() for label in found} == {
        "C-ordered", "C-laid", "C-others", "C-pulled", "C-fire",
    }  # fmt: skip
    # Release to close is the city's; the firm pulls, fire-stops, and sees nothing of others.
    assert waiting(session, FIRM) == {"017": ["C-ordered"], None: ["C-fire", "C-laid"]}
    assert waiting(session, make_actor("security officer")) == {}


@pytest.mark.usefixtures("runs")
def test_a_step_asks_for_exactly_the_evidence_that_is_missing(session: Session) -> None:
    laid = site_work.find_site_run(session, FIRM, "C-laid")
    fire = site_work.find_site_run(session, FIRM, "C-fire")
    done = site_work.find_site_run(session, FIRM, "C-done")

    assert [(step.target, step.evidence, step.is_next) for step in laid.steps] == [
        ("pulled", (), True),
        ("blocked", ("reason",), False),
    ]
    assert fire.steps[0] == site_work.Step("fire-stopped", ("photo",), is_next=True)
    assert done.steps == ()
    for label in ("C-others", "C-office"):
        with pytest.raises(NotFound):
            site_work.find_site_run(session, FIRM, label)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("kind", "labels"),
    [("access_point", {"C-ordered"}), ("room", {"C-ordered"}), ("distributor", ALL)],
)
def test_a_thing_shows_the_runs_that_begin_or_end_there(
    session: Session, runs: House, kind: str, labels: set[str]
) -> None:
    code = {"access_point": "AP-1", "room": "017", "distributor": "RH-EV0.1"}[kind]
    ref = str(short_links.find_labelled(session, FACILITY, code).public_id)

    place = site_work.find_place(session, FACILITY, kind, ref)

    assert place.code == code
    assert {run.row.label for room in place.rooms for run in room.runs} == labels
    east = Actor("e", grants=(("facility", Scope(runs.building.id, runs.east.id)),))
    with pytest.raises(NotFound):
        site_work.find_place(session, east, kind, ref)


@pytest.mark.usefixtures("runs")
def test_an_entry_that_comes_twice_is_one_step_with_one_photo(
    session: Session, files: PlanFiles
) -> None:
    change = pull(photo=Upload("IMG_1.jpg", make_photo()))

    for _ in range(2):
        run = site_work.enter(session, FIRM, files, "C-laid", "containment installed", change)

    assert (run.state, [step.public_id for step in run.steps]) == ("pulled", [NUMBER])
    (photo,) = attachments.list_of(session, run)
    assert run.steps[0].evidence["photo"] == str(photo.public_id)


@pytest.mark.usefixtures("runs")
def test_an_entry_is_no_guess_when_the_run_has_moved_on(session: Session, files: PlanFiles) -> None:
    site_work.enter(session, FACILITY, files, "C-laid", "containment installed", pull())
    late = StateChange("blocked", TODAY, TODAY, {"reason": "Wand zu"}, step_id=uuid.uuid4())

    with pytest.raises(Conflict, match="facility of tests has set C-laid to »pulled«") as caught:
        site_work.enter(session, SYSTEM, files, "C-laid", "containment installed", late)
    assert caught.value.changed_by == "facility of tests"
    with pytest.raises(Conflict, match="Kabel GmbH has set") as caught:
        site_work.enter(session, FIRM, files, "C-laid", "containment installed", late)
    run = cable_runs.find_run(session, SYSTEM, "C-laid")
    assert [step.target for step in run.steps] == ["pulled"]


@pytest.mark.usefixtures("runs")
def test_a_number_of_somebody_else_is_refused_and_a_firm_accepts_nothing(
    session: Session, files: PlanFiles
) -> None:
    site_work.enter(session, FACILITY, files, "C-laid", "containment installed", pull())

    with pytest.raises(InvalidInput, match="another entry"):
        site_work.enter(session, FIRM, files, "C-laid", "pulled", pull())
    accept = StateChange("released to close", TODAY, TODAY, {"photo": "x", "continuity": "ok"})
    with pytest.raises(NotAllowed):
        site_work.enter(session, FIRM, files, "C-pulled", "pulled", accept)
    with pytest.raises(NotFound):
        site_work.enter(session, FIRM, files, "C-others", "ordered", pull())


def test_floors_and_runs_whose_wall_closes_soonest_come_first(
    session: Session, runs: House
) -> None:
    upstairs = add_distributor(session, runs.first, code="RH-EV1.1")
    above = add_cable_run(session, upstairs, "C-above", state="ordered", steps=[])
    session.commit()
    laid, pulled = (
        site_work.find_site_run(session, FACILITY, label).row.public_id
        for label in ("C-laid", "C-pulled")
    )
    closings = {
        above.public_id: parse_spoken("12.12.2026"),
        laid: parse_spoken("Mitte Januar 2027"),
        pulled: parse_spoken("Ende März 2027"),
    }

    first = site_work.list_work(session, FACILITY, closings=closings)
    ground = site_work.list_work(session, FACILITY, str(runs.ground.public_id), closings)

    assert first.floor is not None
    assert first.floor.public_id == runs.first.public_id
    assert [(item.closes.wording, item.runs) for item in ground.closings] == [
        ("12.12.2026", 1), ("Mitte Januar 2027", 1), ("Ende März 2027", 1),
    ]  # fmt: skip
    assert ground.rooms[0].runs[0].row.label == "C-laid"
    assert len([run for room in ground.rooms for run in room.runs]) == 5
