from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.factories.people import make_actor
from tests.factories.places import add_building
from tests.factories.uplinks import add_uplink
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import tables, uplink_list, uplinks
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page
from wlantrack.services.tables import TableUpload
from wlantrack.services.uplink_list import UplinkFilter
from wlantrack.services.uplinks import UplinkValues

if TYPE_CHECKING:
    from wlantrack.store.session import Database

MOMENT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
GOOD = UplinkValues("RH-UL-1", 1000.0, 500.0, "Netz AG", "visitor")


def test_a_line_carries_as_many_conferences_as_its_narrower_way(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        building = add_building(session)
        idle = uplinks.find_capacity(add_uplink(session, building, "A"))
        # 40 / 3.8 = 10.5; beside 30 and 20 Mbit/s: min(70, 20) / 3.8 = 5.3
        loads = ((90.0, 1.0), (30.0, 20.0), (1.0, 39.0))
        busy = uplinks.find_capacity(add_uplink(session, building, "B", loads[1:2]))
        full = uplinks.find_capacity(add_uplink(session, building, "C", loads))
    assert (idle.conferences, idle.free_conferences, idle.busiest) == (10, None, None)
    assert (busy.conferences, busy.free_conferences, busy.share) == (10, 5, 0.5)
    assert (full.free_conferences, full.share) == (0, 0.975)


def test_an_uplink_is_added_changed_and_deleted(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, "RH")
        uplink = uplinks.add_uplink(session, SYSTEM, "RH", GOOD)
        version = uplink.version
        changed = uplinks.edit_uplink(
            session, SYSTEM, "RH-UL-1", UplinkValues("RH-UL-1", 2000.0, 500.0), version
        )
        assert (changed.down_mbit, changed.network_class) == (2000.0, None)
        uplinks.add_load(session, SYSTEM, "RH-UL-1", MOMENT, (300.0, 0.0))
        with pytest.raises(Conflict):
            uplinks.edit_uplink(session, SYSTEM, "RH-UL-1", GOOD, version)
    with database.writing(SYSTEM.audit()) as session:
        uplinks.delete_uplink(session, SYSTEM, "RH-UL-1", changed.version)
        with pytest.raises(NotFound):
            uplinks.find_uplink(session, SYSTEM, "RH-UL-1")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (UplinkValues("", 1.0, 1.0), "code"),
        (UplinkValues("X" * 41, 1.0, 1.0), "code"),
        (UplinkValues("TAKEN", 1.0, 1.0), "code"),
        (UplinkValues("A", 0.0, 1.0), "down_mbit"),
        (UplinkValues("A", 1.0, math.nan), "up_mbit"),
        (UplinkValues("A", 1.0, 1e9), "up_mbit"),
        (UplinkValues("A", 1.0, 1.0, network_class="guests"), "network_class"),
    ],
)
def test_impossible_values_are_refused_by_field(
    database: Database, values: UplinkValues, field: str
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_uplink(session, add_building(session, "RH"), "TAKEN")
        with pytest.raises(InvalidInput) as refused:
            uplinks.add_uplink(session, SYSTEM, "RH", values)
    assert refused.value.problems[0].field == field


def test_the_same_moment_is_measured_once(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_uplink(session, add_building(session), "A")
        uplinks.add_load(session, SYSTEM, "A", MOMENT, (1.0, 1.0))
        for rates in ((2.0, 2.0), (-1.0, 1.0), (math.inf, 1.0)):
            with pytest.raises(InvalidInput):
                uplinks.add_load(session, SYSTEM, "A", MOMENT, rates)
        assert len(uplinks.find_uplink(session, SYSTEM, "A").loads) == 1


def test_internal_lines_exist_for_those_only_who_may_see_them(database: Database) -> None:
    facility = make_actor("facility")
    with database.writing(SYSTEM.audit()) as session:
        building = add_building(session, "RH")
        add_uplink(session, building, "OPEN")
        add_uplink(session, building, "INNER", network_class="internal")
        shown = uplinks.list_uplinks(session, facility, building.id)
        assert [line.code for line in shown] == ["OPEN"]
        with pytest.raises(NotFound):
            uplinks.find_uplink(session, facility, "INNER")
        with pytest.raises(InvalidInput):
            uplinks.add_uplink(
                session, facility, "RH", UplinkValues("N", 1.0, 1.0, network_class="internal")
            )
        with pytest.raises(InvalidInput, match="This code is taken"):  # and not: by which line
            uplinks.add_uplink(session, facility, "RH", UplinkValues("INNER", 1.0, 1.0))
        with pytest.raises(NotAllowed):
            uplinks.add_uplink(session, make_actor("viewer"), "RH", GOOD)
        with pytest.raises(NotFound):
            uplinks.find_uplink(session, make_actor("planner", building.id + 1), "OPEN")


def import_uplinks(database: Database, text: str) -> tables.ImportResult:
    with database.writing(SYSTEM.audit()) as session:
        upload = TableUpload("lines.csv", text.encode())
        return tables.import_table(session, SYSTEM, "uplinks", upload)


def test_the_table_comes_back_as_it_went_out(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, "RH")
        session.commit()
    first = import_uplinks(
        database,
        "Kennung;Gebäude;Anbieter;Netzklasse;Empfang Mbit/s;Senden Mbit/s\n"
        "RH-1;RH;Netz AG;Besucher;1000;1000\nRH-2;RH;;LHS;250,5;40\n",
    )
    assert (first.count("created"), first.errors) == (2, ())
    with database.reading() as session:
        for suffix in ("csv", "xlsx"):
            data = tables.export_table(session, SYSTEM, "uplinks", suffix)
            with database.writing(SYSTEM.audit()) as writing:
                upload = TableUpload(f"lines.{suffix}", data)
                again = tables.import_table(writing, SYSTEM, "uplinks", upload)
            assert (again.count("unchanged"), len(again.outcomes)) == (2, 2)


def test_a_changed_rate_is_an_update_and_bad_rows_are_named(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, "KH")
        add_uplink(session, add_building(session, "RH"), "RH-1")
        session.commit()
    head = "code;building;down_mbit;up_mbit\n"
    changed = import_uplinks(database, head + "RH-1;RH;200;40\n")
    assert changed.outcomes[0].changed == ("down_mbit",)
    refused = import_uplinks(database, head + "RH-1;KH;200;40\nN;NO;1;1\nM;RH;x;1\nM;RH;1;1\n")
    assert [(problem.row, problem.field) for problem in refused.errors] == [
        (1, "code"),
        (2, "building"),
        (3, "down_mbit"),
    ]
    assert str(refused.errors[0].message) == "This code is taken."


def test_the_list_tells_the_greatest_load_of_the_lines_that_the_reader_may_know_of(
    database: Database,
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        here, there = add_building(session, "RH"), add_building(session, "KH")
        # Either way may be the one that is full; 70 % sharp is not above 70 %.
        add_uplink(session, here, "UL-10", ((1.0, 39.0), (90.0, 1.0)))
        add_uplink(session, here, "UL-9", ((70.0, 28.0),))
        add_uplink(session, here, "UL-2", network_class="internal")
        add_uplink(session, there, "UL-1", ((71.0, 0.0),))
        session.commit()
    with database.reading() as session:
        everything = uplink_list.list_rows(session, make_actor("manager"))
        assert [row.code for row in everything] == ["UL-1", "UL-2", "UL-9", "UL-10"]
        outsider = make_actor("facility", here.id)
        found = [row.code for row in uplink_list.list_rows(session, outsider)]
        assert found == ["UL-9", "UL-10"]
    for is_descending, codes in (
        (False, ["UL-9", "UL-1", "UL-10", "UL-2"]),
        (True, ["UL-10", "UL-1", "UL-9", "UL-2"]),
    ):
        page = Page("load", is_descending, limit=50, offset=0)
        assert [row.code for row in uplink_list.take_page(everything, page)] == codes
    busy = [row.code for row in everything if UplinkFilter(is_busy=True).admits(row)]
    assert busy == ["UL-1", "UL-10"]
    assert not any(UplinkFilter(words="netz RH").admits(row) for row in everything)
