from __future__ import annotations

import math
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import shapely
from sqlalchemy import func, select

from tests.factories.access_points import add_access_point, add_model, find_model
from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_plan, add_room
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import access_points
from wlantrack.services.access_points import AccessPointFilter, AccessPointValues, RadioValues
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.cabling import CableRun

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database


@pytest.fixture
def values(session: Session) -> AccessPointValues:
    return AccessPointValues(10.0, 10.0, find_model(session).public_id)


def test_a_placed_access_point_gets_code_wing_room_and_radios(
    session: Session, house: House, values: AccessPointValues
) -> None:
    room = add_room(session, house.ground, "101", outline=shapely.box(5, 5, 15, 15))

    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)

    assert point.code == "RH-WE-0-AP-01"
    assert (point.wing_id, point.room_id) == (house.west.id, room.id)
    assert point.state == "planned"
    assert [(radio.slot, radio.band, radio.channel) for radio in point.radios] == [
        (1, "2.4", None),
        (2, "5", None),
        (3, "6", None),
    ]


def test_the_next_code_follows_the_highest(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_access_point(session, house.ground, "RH-WE-0-AP-07")
    add_access_point(session, house.ground, "RH-WE-0-AP-x")

    first = access_points.place_access_point(session, SYSTEM, "RH/0", values)
    outside = replace(values, x_m=60.0, is_outdoor=True)
    second = access_points.place_access_point(session, SYSTEM, "RH/0", outside)

    assert (first.code, second.code) == ("RH-WE-0-AP-08", "RH-0-AP-01")


BAD_VALUES: list[tuple[dict[str, Any], str]] = [
    ({"x_m": math.nan}, "x_m"),
    ({"y_m": math.inf}, "y_m"),
    ({"x_m": 1e9}, "x_m"),
    ({"x_m": 41.0}, "x_m"),
    ({"y_m": -0.1}, "x_m"),
    ({"height_m": -0.1}, "height_m"),
    ({"height_m": 50.1}, "height_m"),
    ({"height_m": math.nan}, "height_m"),
    ({"azimuth_deg": 361.0}, "azimuth_deg"),
    ({"downtilt_deg": math.nan}, "downtilt_deg"),
    ({"mount": "tree"}, "mount"),
    ({"mac": "00:11:22"}, "mac"),
    ({"mac": "no address"}, "mac"),
    ({"code": "TAKEN"}, "code"),
    ({"code": "x" * 61}, "code"),
    ({"note": "x" * 501}, "note"),
    ({"model": uuid.UUID(int=1)}, "model"),
]


@pytest.mark.parametrize(("changes", "field"), BAD_VALUES)
def test_an_access_point_with_a_bad_value_is_refused_and_nothing_is_written(
    database: Database,
    session: Session,
    house: House,
    values: AccessPointValues,
    changes: dict[str, Any],
    field: str,
) -> None:
    add_plan(session, house.ground)
    add_access_point(session, house.ground, "TAKEN")
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        access_points.place_access_point(session, SYSTEM, "RH/0", replace(values, **changes))

    assert refused.value.problems[0].field == field
    session.rollback()
    with database.reading() as reader:
        assert reader.scalars(select(AccessPoint.code)).all() == ["TAKEN"]


@pytest.mark.parametrize(("changes", "field"), BAD_VALUES)
def test_a_bad_change_leaves_the_access_point_as_it_was(
    database: Database,
    session: Session,
    house: House,
    values: AccessPointValues,
    changes: dict[str, Any],
    field: str,
) -> None:
    add_plan(session, house.ground)
    add_access_point(session, house.ground, "TAKEN")
    add_access_point(session, house.ground, "MINE")
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        access_points.change_access_point(session, SYSTEM, "MINE", replace(values, **changes), 1)

    assert refused.value.problems[0].field == field
    session.rollback()
    with database.reading() as reader:
        mine = access_points.find_access_point(reader, SYSTEM, "MINE")
        assert (mine.x_m, mine.y_m, mine.version, mine.note) == (10.0, 10.0, 1, "")


def test_outdoors_an_access_point_may_stand_off_the_plan(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_plan(session, house.ground)

    point = access_points.place_access_point(
        session, SYSTEM, "RH/0", replace(values, x_m=45.0, is_outdoor=True)
    )

    assert point.x_m == 45.0


@pytest.mark.parametrize(
    "written", ["00:1A:2B:3C:4D:5E", "00-1a-2b-3c-4d-5e", "001a.2b3c.4d5e", "001A2B3C4D5E"]
)
def test_mac_addresses_are_kept_in_one_form(written: str) -> None:
    assert access_points.normalise_mac(written) == "00:1a:2b:3c:4d:5e"


def test_a_move_settles_the_access_point_in_its_new_room_and_wing(
    session: Session, house: House, values: AccessPointValues
) -> None:
    room = add_room(session, house.ground, "201", outline=shapely.box(25, 5, 35, 15))
    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)

    moved = access_points.change_access_point(
        session, SYSTEM, point.code, replace(values, x_m=30.0), point.version
    )

    assert (moved.room_id, moved.wing_id, moved.version) == (room.id, house.east.id, 2)
    assert moved.code == "RH-WE-0-AP-01"


def test_the_second_editor_of_an_access_point_is_told_who_changed_what(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_access_point(session, house.ground, "AP-1")
    session.commit()
    access_points.change_access_point(session, SYSTEM, "AP-1", replace(values, note="new"), 1)

    with pytest.raises(Conflict) as refused:
        access_points.change_access_point(session, SYSTEM, "AP-1", values, 1)
    with pytest.raises(Conflict):
        access_points.delete_access_point(session, SYSTEM, "AP-1", 1)
    with pytest.raises(Conflict):
        access_points.change_state(session, SYSTEM, "AP-1", "released", 1, {})

    assert refused.value.changed_by == "system"
    assert refused.value.changed_fields == {"note": "new"}


def test_a_change_of_radios_only_raises_the_version_of_the_access_point(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_access_point(session, house.ground, "AP-1")
    session.commit()
    radios = [RadioValues("2.4", 6), RadioValues("5", 36, 80, 17.0)]

    changed = access_points.change_access_point(session, SYSTEM, "AP-1", values, 1, radios)

    assert changed.version == 2
    assert [(r.band, r.channel, r.width_mhz, r.power_dbm) for r in changed.radios] == [
        ("2.4", 6, 20, None),
        ("5", 36, 80, 17.0),
    ]
    same = access_points.change_access_point(session, SYSTEM, "AP-1", values, 2, radios)
    assert same.version == 2


@pytest.mark.parametrize(
    ("radio", "field"),
    [
        (RadioValues("60"), "band"),
        (RadioValues("5", 36, 30), "width_mhz"),
        (RadioValues("2.4", 36), "channel"),
        (RadioValues("5", 35), "channel"),
        (RadioValues("2.4", 6, 160), "channel"),
        (RadioValues("5", 36, 20, 37.0), "power_dbm"),
        (RadioValues("5", 36, 20, -11.0), "power_dbm"),
        (RadioValues("5", 36, 20, math.nan), "power_dbm"),
    ],
)
def test_a_radio_with_a_bad_value_is_refused_by_field(
    session: Session, house: House, values: AccessPointValues, radio: RadioValues, field: str
) -> None:
    add_access_point(session, house.ground, "AP-1")

    with pytest.raises(InvalidInput) as refused:
        access_points.change_access_point(session, SYSTEM, "AP-1", values, 1, [radio])

    assert refused.value.problems[0].field == field


def test_a_deleted_access_point_is_gone_and_its_deletion_names_what_went_along(
    session: Session, house: House, values: AccessPointValues
) -> None:
    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)
    code = point.code

    deletion = access_points.delete_access_point(session, SYSTEM, code, point.version)

    assert (deletion.floor.id, deletion.code) == (house.ground.id, code)
    assert [str(name) for name in deletion.belongings] == ["radio 2.4", "radio 5", "radio 6"]
    with pytest.raises(NotFound, match="perhaps somebody has deleted it"):
        access_points.find_access_point(session, SYSTEM, code)


def test_an_access_point_with_a_cable_is_not_deleted(
    session: Session, house: House, values: AccessPointValues
) -> None:
    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)
    session.add(CableRun(label="RH-0-17", floor_id=house.ground.id, access_point_id=point.id))
    session.commit()

    with pytest.raises(InvalidInput, match="cable RH-0-17 relies on it"):
        access_points.delete_access_point(session, SYSTEM, point.code, point.version)


def test_only_planned_access_points_are_deleted(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", state="mounted", serial="S1")

    with pytest.raises(InvalidInput, match="Set it to removed instead"):
        access_points.delete_access_point(session, SYSTEM, "AP-1", None)

    assert session.scalar(select(func.count(AccessPoint.id))) == 1


def test_a_change_of_state_keeps_serial_and_reason(
    database: Database, session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-1", state="delivered")
    session.commit()

    access_points.change_state(session, SYSTEM, "AP-1", "staged", 1, {"serial": " S1 "})
    access_points.change_state(session, SYSTEM, "AP-1", "faulty", 2, {"reason": "no light"})

    with database.reading() as reader:
        point = access_points.find_access_point(reader, SYSTEM, "AP-1")
        reasons = [event.reason for event in access_points.list_history(reader, SYSTEM, "AP-1")]
    assert (point.state, point.serial, point.version) == ("faulty", "S1", 3)
    assert reasons == ["no light", "", ""]


@pytest.mark.parametrize(
    ("target", "evidence", "field"),
    [
        ("staged", {}, "serial"),
        ("staged", {"serial": "  "}, "serial"),
        ("lost", {}, "reason"),
        ("accepted", {}, "state"),
        ("nonsense", {}, "state"),
    ],
)
def test_a_change_of_state_without_its_evidence_is_refused(
    session: Session, house: House, target: str, evidence: dict[str, str], field: str
) -> None:
    point = add_access_point(session, house.ground, "AP-1", state="delivered")

    with pytest.raises(InvalidInput) as refused:
        access_points.change_state(session, SYSTEM, "AP-1", target, None, evidence)

    assert refused.value.problems[0].field == field
    assert point.state == "delivered"


def test_roles_limit_what_is_done_with_access_points(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id, wing=house.west)
    session.commit()
    facility = make_actor("facility", house.building.id)

    with pytest.raises(NotAllowed):
        access_points.place_access_point(session, facility, "RH/0", values)
    with pytest.raises(NotAllowed):
        access_points.change_access_point(session, facility, "AP-1", values, None)
    with pytest.raises(NotAllowed):
        access_points.delete_access_point(session, facility, "AP-1", None)
    with pytest.raises(NotAllowed, match="Only administrator, manager, planner may"):
        access_points.change_state(session, facility, "AP-1", "released", None, {})
    with pytest.raises(NotAllowed):
        access_points.change_state(
            session, make_actor("security officer"), "AP-1", "released", None, {}
        )


def test_access_points_of_other_wings_and_buildings_do_not_exist(
    session: Session, house: House, values: AccessPointValues
) -> None:
    add_access_point(session, house.ground, "AP-W", wing_id=house.west.id, wing=house.west)
    add_access_point(session, house.ground, "AP-E", wing_id=house.east.id, wing=house.east)
    other = add_building(session, "BA")
    session.commit()
    east = make_actor("planner", house.building.id, house.east.id)
    stranger = make_actor("planner", other.id)

    for actor, code in ((east, "AP-W"), (stranger, "AP-W"), (stranger, "AP-E")):
        with pytest.raises(NotFound):
            access_points.find_access_point(session, actor, code)
        with pytest.raises(NotFound):
            access_points.change_access_point(session, actor, code, values, None)
    assert [p.code for p in access_points.list_on_floor(session, east, house.ground)] == ["AP-E"]
    listed = access_points.list_access_points(session, east, AccessPointFilter(), Page())
    assert ([row.code for row in listed[0]], listed[1]) == (["AP-E"], 1)
    assert access_points.list_access_points(session, stranger, AccessPointFilter(), Page()) == (
        [],
        0,
    )
    with pytest.raises(NotAllowed):
        access_points.change_access_point(session, east, "AP-E", replace(values, x_m=11.0), None)


def test_lists_are_filtered_sorted_and_paged(session: Session, house: House) -> None:
    model = add_model(session)
    for number in range(5):
        add_access_point(session, house.ground, f"AP-{number}", note="100 % sure")
    add_access_point(session, house.first, "AP-5", model=model, state="accepted", serial="S_5")

    def codes(narrow: AccessPointFilter, page: Page) -> tuple[list[str], int]:
        rows, total = access_points.list_access_points(session, SYSTEM, narrow, page)
        return [row.code for row in rows], total

    assert codes(AccessPointFilter(), Page(limit=2, offset=4)) == (["AP-4", "AP-5"], 6)
    assert codes(AccessPointFilter(), Page(limit=2, is_descending=True)) == (["AP-5", "AP-4"], 6)
    assert codes(AccessPointFilter(level=1), Page()) == (["AP-5"], 1)
    assert codes(AccessPointFilter(state="accepted"), Page()) == (["AP-5"], 1)
    assert codes(AccessPointFilter(model="test-model"), Page()) == (["AP-5"], 1)
    assert codes(AccessPointFilter(building="XX"), Page()) == ([], 0)
    assert codes(AccessPointFilter(words="s_5"), Page(sort="no such column")) == (["AP-5"], 1)


def test_a_search_takes_wildcards_as_plain_characters(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", note="100 % sure")
    add_access_point(session, house.ground, "AP-2", note="plain")

    rows, total = access_points.list_access_points(
        session, SYSTEM, AccessPointFilter(words="%"), Page()
    )

    assert ([row.code for row in rows], total) == (["AP-1"], 1)


@pytest.mark.usefixtures("house")
def test_every_change_of_an_access_point_is_in_its_history(
    session: Session, values: AccessPointValues
) -> None:
    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)
    access_points.change_access_point(
        session, SYSTEM, point.code, replace(values, height_m=3.0), None
    )

    events = access_points.list_history(session, SYSTEM, point.code)

    heights = [
        (event.act, change.before, change.after)
        for event in events
        for change in event.changes
        if str(change.word) == "height (m)"
    ]
    assert heights == [("update", 2.7, 3.0), ("create", None, 2.7)]
    assert (
        session.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.entity == "radio")) == 3
    )


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize("code", ["<script>", "=cmd()", "-1", "A" * 61, "A\tB"])
def test_a_code_that_labels_could_not_carry_is_refused(session: Session, code: str) -> None:
    model = find_model(session).public_id

    with pytest.raises(InvalidInput, match="A code has letters"):
        access_points.place_access_point(
            session, SYSTEM, "RH/0", AccessPointValues(1.0, 1.0, model, code=code)
        )
