"""Crews, their absences and blackouts: who sees and changes them, and their tables."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.factories.people import make_actor
from tests.factories.places import House, add_house
from tests.factories.rollout import add_absence, add_blackout, add_crew, add_package
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import blackouts, crews, tables, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.blackouts import BlackoutFilter, BlackoutValues
from wlantrack.services.crews import AbsenceValues, CrewFilter, CrewValues
from wlantrack.services.paging import Page
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor

TODAY = date(2026, 3, 2)
PAGE = Page()


@pytest.fixture
def house(session: Session) -> House:
    house = add_house(session)
    session.commit()
    return house


def load(session: Session, kind: str, text: str | bytes) -> ImportResult:
    data = text.encode() if isinstance(text, str) else text
    return tables.import_table(session, SYSTEM, kind, TableUpload("x.csv", data))


def test_a_crew_is_added_away_and_deleted_with_its_absences(session: Session, house: House) -> None:
    crew = crews.add_crew(session, SYSTEM, CrewValues("KB-1", "Cable crew", "Kabel GmbH", 2))
    crews.add_absence(session, SYSTEM, "KB-1", AbsenceValues(TODAY, TODAY + timedelta(days=4)))
    crews.add_absence(session, SYSTEM, "KB-1", AbsenceValues(date(2026, 1, 2), date(2026, 1, 9)))

    (line,), total = crews.list_crews(session, CrewFilter("kabel", "Kabel GmbH"), PAGE, TODAY)
    assert total == 1
    assert line.away is not None
    assert line.away.begins_on == TODAY
    assert [item.begins_on.month for item in crews.find_crew(session, "KB-1").absences] == [3, 1]

    package = add_package(session, house.building, crew_id=crew.id)
    session.commit()
    with pytest.raises(InvalidInput, match="relies on it"):
        crews.delete_crew(session, SYSTEM, "KB-1", crew.version)
    session.rollback()
    session.delete(package)
    session.commit()
    code, gone = crews.delete_crew(session, SYSTEM, "KB-1", crew.version)
    assert (code, len(gone)) == ("KB-1", 2)
    with pytest.raises(NotFound):
        crews.find_crew(session, "KB-1")


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 8, 7), date(2026, 8, 3), "ends_on"),
        (date(2026, 8, 7), date(2026, 8, 20), "begins_on"),
        (date(2026, 7, 1), date(2026, 9, 1), "begins_on"),
    ],
)
def test_absences_are_not_upside_down_and_do_not_overlap(
    session: Session, first: date, last: date, field: str
) -> None:
    add_absence(session, add_crew(session))
    session.commit()
    session.expire_all()
    with pytest.raises(InvalidInput) as told:
        crews.add_absence(session, SYSTEM, "T1", AbsenceValues(first, last))
    assert told.value.problems[0].field == field


def test_crews_are_changed_by_whoever_is_responsible_everywhere(
    session: Session, house: House
) -> None:
    crew = add_crew(session)
    session.commit()
    housekeeper = make_actor("facility", house.building.id)
    with pytest.raises((NotAllowed, NotFound)):
        crews.edit_crew(session, housekeeper, "T1", CrewValues("T1", "Ours"), crew.version)
    for values, field in (
        (CrewValues("T 1", "X"), "code"),
        (CrewValues("T2", ""), "name"),
        (CrewValues("T2", "X", capacity=0), "capacity"),
        (CrewValues("T1", "X"), "code"),
    ):
        with pytest.raises(InvalidInput) as told:
            crews.add_crew(session, SYSTEM, values)
        assert told.value.problems[0].field == field
    crews.edit_crew(session, SYSTEM, "T1", CrewValues("T1", "Renamed"), crew.version)
    with pytest.raises(Conflict):
        crews.edit_crew(session, SYSTEM, "T1", CrewValues("T1", "Late"), 1)


def names(session: Session, actor: Actor, narrow: BlackoutFilter | None = None) -> list[str]:
    found, total = blackouts.list_blackouts(session, actor, narrow or BlackoutFilter(), PAGE, TODAY)
    assert total == len(found)
    return [item.name for item in found]


def test_blackouts_are_seen_by_whoever_works_where_they_hold(
    session: Session, house: House
) -> None:
    inside = {"building_id": house.building.id}
    add_blackout(session, name="city")
    add_blackout(session, name="house", **inside)
    add_blackout(session, name="west", wing_id=house.west.id, **inside)
    east = add_blackout(session, name="east", wing_id=house.east.id, **inside)
    old = date(2026, 1, 5)
    add_blackout(session, name="old", begins_on=old, ends_on=old, noise_class="quiet", **inside)
    session.commit()
    westerner = make_actor("facility", house.building.id, house.west.id)

    assert names(session, SYSTEM) == ["city", "house", "west", "east"]
    assert names(session, westerner) == ["city", "house", "west"]
    assert names(session, SYSTEM, BlackoutFilter(when="past", noise_class="quiet")) == ["old"]
    assert names(session, SYSTEM, BlackoutFilter("CIT", when="all")) == ["city"]
    assert names(session, SYSTEM, BlackoutFilter(building="RH", when="all"))[0] == "old"
    with pytest.raises(NotFound):
        blackouts.find_blackout(session, westerner, str(east.public_id))
    values = BlackoutValues("drill", TODAY, TODAY, "normal", "RH/WE")
    made = blackouts.add_blackout(session, westerner, values)
    assert made.wing_id == house.west.id
    with pytest.raises((NotAllowed, NotFound)):
        blackouts.add_blackout(session, westerner, BlackoutValues("drill", TODAY, TODAY))


def test_a_blackout_is_changed_deleted_and_brought_back(session: Session, house: House) -> None:
    del house
    blackout = add_blackout(session)
    session.commit()
    ref = str(blackout.public_id)
    upside_down = BlackoutValues("Session", TODAY, TODAY - timedelta(days=1))
    with pytest.raises(InvalidInput, match="before the first"):
        blackouts.edit_blackout(session, SYSTEM, ref, upside_down, blackout.version)
    session.rollback()
    values = BlackoutValues("Session", TODAY, TODAY, "quiet", "RH", "moved")
    blackouts.edit_blackout(session, SYSTEM, ref, values, blackout.version)
    context = audit.AuditContext("system")
    audit.set_context(session, context)
    assert blackouts.delete_blackout(session, SYSTEM, ref, blackout.version) == "Session"

    undo.undo_request(session, SYSTEM, context.request_id)
    again = blackouts.find_blackout(session, SYSTEM, ref)
    assert (again.noise_class, again.begins_on, blackouts.where_of(again)) == ("quiet", TODAY, "RH")


def test_tables_of_crews_absences_and_blackouts_go_both_ways(
    session: Session, house: House
) -> None:
    add_absence(session, add_crew(session, firm="Kabel GmbH"))
    add_blackout(session, building_id=house.building.id, wing_id=house.west.id)
    add_blackout(session, calendar="Council", uid="a@b")
    session.commit()
    session.expire_all()
    for kind, count in (("crews", 1), ("crew_absences", 1), ("blackouts", 2)):
        for suffix in ("csv", "xlsx"):
            data = tables.export_table(session, SYSTEM, kind, suffix)
            same = tables.import_table(session, SYSTEM, kind, TableUpload(f"x.{suffix}", data))
            assert (same.errors, same.count("unchanged"), len(same.outcomes)) == ((), count, count)

    made = load(session, "crews", "Kennung;Firma;Kapazität\nT1;Netz KG;3\nT2;;\n")
    assert [row.outcome for row in made.outcomes] == ["updated", "created"]
    made = load(session, "crew_absences", "Trupp;Von;Bis\nT2;03.08.2026;07.08.2026\n")
    assert made.count("created") == 1
    made = load(
        session,
        "blackouts",
        "Anlass;Von;Bis;Verboten ab;Gebäude;Flügel\nTrauung;02.05.2026;;leise;RH;WE\n",
    )
    assert (made.errors, made.count("created")) == ((), 1)


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("crews", "code,capacity\nT 9,1\nT9,0\n", ["code", "capacity"]),
        (
            "crew_absences",
            (
                "crew,begins_on,ends_on\nT9,2026-08-01,2026-08-02\nT1,2026-08-06,2026-08-05\n"
                "T1,2026-08-07,2026-08-09\n"
            ),
            ["crew", "ends_on", "begins_on"],
        ),
        (
            "blackouts",
            (
                "name,begins_on,ends_on,building,wing\nA,2026-05-02,2026-05-01,,\n"
                "B,2026-05-02,,XX,\nC,2026-05-02,,RH,XX\n"
            ),
            ["ends_on", "building", "wing"],
        ),
    ],
)
def test_bad_rows_are_refused_by_column(
    session: Session, house: House, kind: str, text: str, told: list[str]
) -> None:
    del house
    add_absence(session, add_crew(session))
    session.commit()
    session.expire_all()
    assert [problem.field for problem in load(session, kind, text).errors] == told
