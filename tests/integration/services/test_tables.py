from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest
import shapely
from sqlalchemy import func, select

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from tests.factories.places import (
    House,
    add_building,
    add_floor,
    add_plan,
    add_room,
    add_wing,
)
from wlantrack.errors import InvalidInput, NotAllowed, Problem
from wlantrack.services import access_points, places, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.places import Room

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.session import Database

HEAD = "code;floor;model;x_m;y_m"


def run(
    session: Session,
    text: str,
    kind: str = "access_points",
    *,
    actor: Actor = SYSTEM,
    is_dry_run: bool = False,
) -> ImportResult:
    upload = TableUpload("list.csv", text.encode())
    return tables.import_table(session, actor, kind, upload, is_dry_run=is_dry_run)


def list_problems(result: ImportResult) -> list[Problem]:
    return [warning for warning in result.warnings if isinstance(warning, Problem)]


def count(database: Database, mapped: type) -> int:
    with database.reading() as reader:
        return reader.scalar(select(func.count()).select_from(mapped)) or 0


@pytest.mark.usefixtures("house")
def test_new_access_points_arrive_with_their_radios_in_any_state(session: Session) -> None:
    result = run(
        session,
        f"{HEAD};state;serial;channel_5;width_5_mhz;power_5_dbm\n"
        "AP-1;RH/0;generic-wifi6e-omni;1,5;2,5;in Betrieb;S1;36;80;17\n"
        "AP-2;RH/1;generic-wifi6-omni;3;4;;;;;\n",
    )

    assert (result.count("created"), result.errors) == (2, ())
    first = access_points.find_access_point(session, SYSTEM, "AP-1")
    assert (first.x_m, first.y_m, first.state, first.serial) == (1.5, 2.5, "in operation", "S1")
    assert [(r.band, r.channel, r.width_mhz, r.power_dbm) for r in first.radios] == [
        ("5", 36, 80, 17.0)
    ]
    reasons = session.scalars(select(AuditEvent.reason).where(AuditEvent.label == "AP-1")).all()
    assert reasons == ["import of list.csv"]


@pytest.mark.on_both
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_imports_unchanged(session: Session, house: House, suffix: str) -> None:
    room = add_room(session, house.ground, "101", name="Büro; groß", use="office", seats=4)
    add_room(session, house.ground, "102", outline=shapely.box(0.1, 0.2, 1 / 3, 5.0))
    add_access_point(
        session,
        house.ground,
        "AP-1",
        room_id=room.id,
        room=room,
        wing_id=house.west.id,
        wing=house.west,
        x_m=1 / 3,
        y_m=1e-7,
        note='=1+1; "quoted"\nsecond line',
        mac="00:1a:2b:3c:4d:5e",
        is_outdoor=True,
    )
    point = add_access_point(session, house.first, "AP-2", state="accepted", serial="0012")
    point.radios[0].channel, point.radios[0].power_dbm = 11, 12.5
    point.radios[1].is_enabled = False
    session.commit()

    for kind, rows in (("access_points", 2), ("rooms", 2)):
        data = tables.export_table(session, SYSTEM, kind, suffix)
        result = tables.import_table(session, SYSTEM, kind, TableUpload(f"all.{suffix}", data))

        assert result.errors == ()
        assert result.count("unchanged") == rows


@pytest.mark.usefixtures("house")
def test_another_floor_leaves_the_room_behind_and_another_building_the_wing(
    session: Session, house: House
) -> None:
    other = add_building(session, "KD")
    add_floor(session, other, 0)
    add_wing(session, other, "NO")
    below = add_room(session, house.ground, "001", wing_id=house.west.id)
    add_room(session, house.first, "101", wing_id=house.east.id)
    codes = ("AP-1", "AP-2", "AP-3", "AP-4")
    for code in codes:
        add_access_point(session, house.ground, code, room_id=below.id, wing_id=house.west.id)
    session.commit()

    assert run(session, "code;floor\nAP-1;RH/1\nAP-2;KD/0\n").errors == ()
    assert run(session, "code;floor;room\nAP-3;RH/1;101\n").errors == ()
    assert run(session, "code;floor;wing\nAP-4;KD/0;NO\n").errors == ()

    session.expire_all()
    points = [access_points.find_access_point(session, SYSTEM, code) for code in codes]
    assert [
        (
            places.floor_code(point.floor),
            point.wing.code if point.wing else None,
            point.room.number if point.room else None,
        )
        for point in points
    ] == [("RH/1", "WE", None), ("KD/0", None, None), ("RH/1", "EA", "101"), ("KD/0", "NO", None)]


def test_an_outdoor_access_point_in_an_indoor_range_is_warned_of_with_the_limit(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-9")
    session.commit()

    result = run(
        session,
        f"{HEAD};outdoor;channel_24;channel_5\n"
        "AP-1;RH/0;generic-wifi6-omni;1;2;yes;6;36\n"
        "AP-2;RH/0;generic-wifi6-omni;1;2;yes;6;100\n"
        "AP-3;RH/0;generic-wifi6-omni;1;2;no;6;36\n",
    )
    moved = run(session, "code;outdoor\nAP-9;yes\n")

    assert result.errors == moved.errors == ()
    (warning,) = list_problems(result)
    assert (warning.row, warning.field, warning.value) == (1, "channel_5", "36")
    assert "5150 to 5250 MHz may be used indoors only" in str(warning)
    assert "(EU) 2022/179" in str(warning)
    assert [(w.field, "5945 to 6425 MHz" in str(w)) for w in list_problems(moved)] == [
        ("channel_6", True)
    ]


def test_a_wing_of_another_building_and_a_room_of_another_floor_are_refused(
    session: Session, house: House
) -> None:
    foreign = add_wing(session, add_building(session, "KD"), "NO")
    above = add_room(session, house.first, "101")
    add_access_point(session, house.ground, "AP-1", wing_id=foreign.id)
    add_access_point(session, house.ground, "AP-2", room_id=above.id)
    session.commit()

    result = run(session, "code;note\nAP-1;x\nAP-2;x\n")

    assert [(p.row, p.field, p.value) for p in result.errors] == [
        (1, "wing", "NO"),
        (2, "room", "101"),
    ]


def test_only_what_a_row_says_is_changed(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", note="stays", serial="S1")
    session.commit()

    result = run(session, "code;height_m\nAP-1;3,2\n")

    (outcome,) = result.outcomes
    assert (outcome.outcome, outcome.changed) == ("updated", ("height_m",))
    point = access_points.find_access_point(session, SYSTEM, "AP-1")
    assert (point.height_m, point.note, point.serial) == (3.2, "stays", "S1")


GOOD = "AP-1;RH/0;generic-wifi6-omni;1;1"


@pytest.mark.parametrize(
    ("bad", "field", "value"),
    [
        ("AP-2;RH/9;generic-wifi6-omni;1;1", "floor", "RH/9"),
        ("AP-2;RH/0;nonsense;1;1", "model", "nonsense"),
        ("AP-2;RH/0;generic-wifi6-omni;abc;1", "x_m", "abc"),
        ("AP-2;RH/0;generic-wifi6-omni;nan;1", "x_m", "nan"),
        ("AP-2;RH/0;generic-wifi6-omni;41;1", "x_m", "41"),
        ("AP-2;RH/0;generic-wifi6-omni;1e9;1", "x_m", "1e9"),
        ("AP-2;RH/0;;1;1", "model", ""),
        ("AP-1;RH/0;generic-wifi6-omni;1;1", "code", "AP-1"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_written(
    database: Database, session: Session, house: House, bad: str, field: str, value: str
) -> None:
    add_plan(session, house.ground)
    session.commit()

    result = run(session, f"{HEAD}\n{GOOD}\n{bad}\n")

    (problem,) = result.errors
    assert (problem.file, problem.row, problem.field, problem.value) == (
        "list.csv",
        2,
        field,
        value,
    )
    assert problem.remedy is not None
    assert count(database, AccessPoint) == 0


@pytest.mark.usefixtures("house")
def test_all_errors_of_a_file_come_at_once(session: Session) -> None:
    rows = "".join(f"AP-{number};RH/0;generic-wifi6-omni;x;1\n" for number in range(5))

    result = run(session, f"{HEAD}\n{rows}AP-9;RH/7;generic-wifi6-omni;1;1\n")

    assert [(problem.row, problem.field) for problem in result.errors] == [
        *((row, "x_m") for row in range(1, 6)),
        (6, "floor"),
    ]


@pytest.mark.usefixtures("house")
def test_every_bad_cell_of_a_row_is_told_at_once_as_it_stands_in_the_file(
    session: Session,
) -> None:
    result = run(
        session,
        f"{HEAD};height_m;mount;azimuth_deg;state;mac;channel_5;width_5_mhz;channel_6;power_6_dbm\n"
        "AP-1;RH/9;no-model;20000,0;abc;99,50;tree;400;nowhere;xx;999;33;2;99\n"
        "AP-2;RH/0;;1,0;2,0;2,70;;;;;36;80;;\n",
    )

    found = {(error.row, error.field): error.value for error in result.errors}
    assert found == {
        (1, "floor"): "RH/9",
        (1, "model"): "no-model",
        (1, "x_m"): "20000,0",
        (1, "y_m"): "abc",
        (1, "height_m"): "99,50",
        (1, "mount"): "tree",
        (1, "azimuth_deg"): "400",
        (1, "state"): "nowhere",
        (1, "mac"): "xx",
        (1, "channel_5"): "999",
        (1, "width_5_mhz"): "33",
        (1, "channel_6"): "2",
        (1, "power_6_dbm"): "99",
        (2, "model"): "",
    }
    assert len(result.errors) == len(found)
    assert session.scalars(select(AccessPoint)).all() == []


def test_a_known_access_point_tells_all_its_bad_cells_and_stays(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-1", state="mounted", serial="S1")
    session.commit()

    result = run(session, "code;wing;room;height_m;state;channel_5\nAP-1;QQ;999;-1,5;planned;999\n")

    assert [(error.field, error.value) for error in result.errors] == [
        ("room", "999"),
        ("wing", "QQ"),
        ("height_m", "-1,5"),
        ("state", "planned"),
        ("channel_5", "999"),
    ]
    assert access_points.find_access_point(session, SYSTEM, "AP-1").height_m == 2.7


@pytest.mark.usefixtures("house")
def test_a_dry_run_says_the_same_and_writes_nothing(database: Database, session: Session) -> None:
    dry = run(session, f"{HEAD}\n{GOOD}\n", is_dry_run=True)

    assert dry.count("created") == 1
    assert count(database, AccessPoint) == 0
    assert count(database, Radio) == 0
    assert run(session, f"{HEAD}\n{GOOD}\n").count("created") == 1
    assert count(database, AccessPoint) == 1


def test_a_state_changes_only_along_the_table(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1")
    session.commit()

    refused = run(session, "code;state\nAP-1;accepted\n")
    allowed = run(session, "code;state\nAP-1;released\n")

    assert [problem.field for problem in refused.errors] == ["state"]
    assert allowed.count("updated") == 1


def test_a_row_out_of_scope_is_refused_without_telling_what_is_there(
    database: Database, session: Session, house: House
) -> None:
    other = add_building(session, "BA")
    add_access_point(session, house.ground, "AP-1")
    session.commit()
    stranger = make_actor("planner", other.id)
    east = make_actor("planner", house.building.id, house.east.id)

    for actor in (stranger, east):
        for text in (f"{HEAD}\nAP-2;RH/0;generic-wifi6-omni;1;1\n", "code;note\nAP-1;mine\n"):
            assert run(session, text, actor=actor).errors != ()
    with database.reading() as reader:
        assert reader.scalars(select(AccessPoint.note)).all() == [""]


def test_only_some_roles_import_and_export(session: Session, house: House) -> None:
    with pytest.raises(NotAllowed):
        run(session, f"{HEAD}\n{GOOD}\n", actor=make_actor("facility", house.building.id))
    with pytest.raises(NotAllowed):
        tables.export_table(session, make_actor("viewer"), "access_points")


def test_an_export_holds_only_what_is_in_scope(session: Session, house: House) -> None:
    for wing, code in ((house.west, "AP-W"), (house.east, "AP-E")):
        add_access_point(session, house.ground, code, wing_id=wing.id, wing=wing)
        add_room(session, house.ground, code, wing_id=wing.id, wing=wing)
    session.commit()
    east = make_actor("planner", house.building.id, house.east.id)

    for kind in tables.KINDS:
        text = tables.export_table(session, east, kind).decode("utf-8-sig")
        assert ("AP-E" in text) == (kind in {"access_points", "access_point_attestations", "rooms"})
        assert "AP-W" not in text


def test_formulas_are_exported_as_text(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", note="=HYPERLINK(1)")
    session.commit()

    data = tables.export_table(session, SYSTEM, "access_points", "xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "inlineStr",
        "n",
        "b",
    }


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("RH/0;101;POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0));1", "polygon_wkt"),
        ("RH/0;101;POINT (1 1);1", "polygon_wkt"),
        ("RH/0;101;nonsense;1", "polygon_wkt"),
        ("RH/0;101;POLYGON ((0 0, 99999 0, 99999 1, 0 0));1", "polygon_wkt"),
        ("RH/0;101;;-1", "seats"),
        ("RH/0;101;;1.5", "seats"),
        ("RH/9;101;;1", "floor"),
        ("RH/0;;;1", "number"),
    ],
)
def test_a_room_with_a_bad_value_is_refused_by_field(
    database: Database, session: Session, row: str, field: str
) -> None:
    result = run(session, f"floor;number;polygon_wkt;seats\n{row}\n", "rooms")

    assert [problem.field for problem in result.errors] == [field]
    assert count(database, Room) == 0


def test_what_is_no_kind_of_table_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInput, match="Use one of: access_points, "):
        run(session, "a;b\n", "cables")
    with pytest.raises(InvalidInput):
        run(session, "")


def test_columns_can_be_mapped_and_values_set_for_all_rows(session: Session, house: House) -> None:
    upload = TableUpload(
        "list.csv",
        b"Standort;Typ;rechts;hoch\nAP-1;generic-wifi6-omni;1;2\n",
        {"Standort": "code", "Typ": "model", "rechts": "x_m", "hoch": "y_m"},
        {"floor": "RH/0"},
    )

    result = tables.import_table(session, SYSTEM, "access_points", upload)

    assert (result.count("created"), result.errors) == (1, ())
    assert access_points.find_access_point(session, SYSTEM, "AP-1").floor_id == house.ground.id
