from __future__ import annotations

import subprocess
import sys
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely
from sqlalchemy import func, select

from tests.factories.access_points import add_access_point, find_model
from tests.factories.people import add_user, make_actor
from tests.factories.places import House, add_room, add_wing
from tests.factories.walls import add_wall, find_material
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import access_points, attachments, places, undo, walls
from wlantrack.services.access_points import AccessPointValues, RadioValues
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.attachments import CheckedFile, make_attachment
from wlantrack.services.walls import WallValues
from wlantrack.store import audit
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.files import ATTACHMENT_SUBJECTS, Attachment
from wlantrack.store.models.networks import Ssid, SsidScope, Vlan
from wlantrack.store.models.places import Building, Room
from wlantrack.store.models.walls import Wall
from wlantrack.store.plan_files import StoredFile
from wlantrack.store.queries.history import latest_event_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.base import Base

RICH = AccessPointValues(
    10.25,
    7.5,
    model=uuid.UUID(int=0),  # replaced by each test
    code="RH-WE-0-AP-07",
    height_m=2.85,
    mount="wall",
    azimuth_deg=90.0,
    downtilt_deg=12.5,
    is_outdoor=True,
    is_public=True,
    serial="FCW2531G0AB",
    mac="00:1a:2b:3c:4d:5e",
    legacy_id="old-12",
    note="above the door",
)
RADIOS = [
    RadioValues("2.4", is_enabled=False),
    RadioValues("5", 100, 80, 14.5),
    RadioValues("6", 37, 160, 17.0),
]

PHOTO = CheckedFile("photo", "wall.jpg", "image/jpeg", b"photo", "")
KEPT = StoredFile("kept", "0" * 64)


def act(name: str, *, role: str = "planner") -> Actor:
    """Give somebody in a request of their own."""
    return replace(make_actor(role), name=name)


def writing_as(session: Session, actor: Actor) -> Actor:
    """Let the session write for somebody."""
    audit.set_context(session, actor.audit())
    return actor


def columns_of(record: Base) -> dict[str, object]:
    return {c.key: getattr(record, c.key) for c in type(record).__table__.columns}


def describe(session: Session, code: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    """Give every column of an access point and of its radios, as the database holds them."""
    session.expire_all()
    point = session.scalars(select(AccessPoint).where(AccessPoint.code == code)).one()
    radios = session.scalars(
        select(Radio).where(Radio.access_point_id == point.id).order_by(Radio.slot)
    )
    return columns_of(point), [columns_of(radio) for radio in radios]


def place_rich(session: Session, house: House) -> AccessPoint:
    room = add_room(session, house.ground, "101", outline=shapely.box(5, 5, 15, 15))
    values = replace(RICH, model=find_model(session).public_id)
    point = access_points.place_access_point(session, SYSTEM, "RH/0", values)
    access_points.change_access_point(session, SYSTEM, point.code, values, None, RADIOS)
    assert point.room_id == room.id
    return point


def test_a_deleted_access_point_comes_back_as_the_same_record(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    before, radios = describe(session, point.code)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, str(before["public_id"]), None)

    undone = undo.undo_request(session, writing_as(session, act("anna")), deleting.request_id)

    after, radios_after = describe(session, "RH-WE-0-AP-07")
    version = after.pop("version")
    assert isinstance(version, int)
    assert version > before.pop("version")  # type: ignore[operator]
    assert after == before
    assert radios_after == radios
    assert (undone.deleted, undone.changed, undone.restored) == (0, 0, 4)


def test_whoever_still_shows_the_record_from_before_its_deletion_does_not_overwrite_it(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    seen = point.version
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    undo.undo_request(session, writing_as(session, act("anna")), deleting.request_id)
    values = replace(RICH, model=find_model(session).public_id, note="from an old page")

    with pytest.raises(Conflict):
        access_points.change_access_point(session, SYSTEM, point.code, values, seen)


def test_an_undo_is_audited_and_can_be_undone(session: Session, house: House) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    undoing = writing_as(session, act("bert"))
    undo.undo_request(session, undoing, deleting.request_id)

    events = session.scalars(
        select(AuditEvent).where(AuditEvent.request_id == undoing.request_id)
    ).all()
    assert {(event.act, event.actor) for event in events} == {("create", "bert")}
    undo.undo_request(session, writing_as(session, act("anna")), undoing.request_id)
    assert session.scalar(select(func.count()).select_from(AccessPoint)) == 0
    assert session.scalar(select(func.count()).select_from(Radio)) == 0


def test_what_was_created_goes_and_what_was_changed_gets_its_old_values(
    session: Session, house: House
) -> None:
    wall = add_wall(session, house.ground, (0.0, 0.0, 5.0, 0.0))
    session.commit()
    request = writing_as(session, act("anna"))
    material = find_material(session, "concrete-200").public_id
    walls.change_wall(
        session, request, str(wall.public_id), WallValues(0, 0, 7, 0, material, top_m=2.0), None
    )
    walls.draw_wall(session, request, "RH/0", WallValues(1, 1, 2, 2, material))

    undone = undo.undo_request(session, writing_as(session, act("anna")), request.request_id)

    only = session.scalars(select(Wall)).one()
    assert (only.public_id, only.x2_m, only.top_m) == (wall.public_id, 5.0, None)
    assert only.material_id == find_material(session).id
    assert (undone.deleted, undone.changed) == (1, 1)


def test_a_field_that_somebody_changed_since_refuses_and_names_it(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    values = replace(RICH, model=find_model(session).public_id)
    request = writing_as(session, act("anna"))
    access_points.change_access_point(
        session, request, point.code, replace(values, note="mine"), None
    )
    other = writing_as(session, act("bert"))
    access_points.change_access_point(
        session, other, point.code, replace(values, note="theirs"), None
    )
    last = latest_event_id(session)

    with pytest.raises(Conflict, match=r"bert .* access point RH-WE-0-AP-07") as refused:
        undo.undo_request(session, act("anna"), request.request_id)

    assert refused.value.changed_by == "bert"
    session.rollback()
    assert latest_event_id(session) == last


def test_another_field_that_somebody_changed_since_stays(session: Session, house: House) -> None:
    point = place_rich(session, house)
    values = replace(RICH, model=find_model(session).public_id)
    request = writing_as(session, act("anna"))
    access_points.change_access_point(
        session, request, point.code, replace(values, note="mine"), None
    )
    both = replace(values, note="mine", serial="ABC")
    access_points.change_access_point(
        session, writing_as(session, act("bert")), point.code, both, None
    )

    undo.undo_request(session, writing_as(session, act("anna")), request.request_id)

    record, _ = describe(session, point.code)
    assert (record["note"], record["serial"]) == ("above the door", "ABC")


@pytest.mark.usefixtures("house")
def test_what_others_rely_on_by_now_is_not_taken_away(session: Session) -> None:
    request = writing_as(session, act("anna", role="admin"))
    places.add_floor(session, request, "RH", 2, places.FloorValues())
    writing_as(session, act("bert"))
    material = find_material(session).public_id
    walls.draw_wall(session, SYSTEM, "RH/2", WallValues(0, 0, 5, 0, material))

    with pytest.raises(Conflict, match="others rely on it: wall"):
        undo.undo_request(session, request, request.request_id)


def test_what_a_record_belonged_to_must_still_be_there(session: Session, house: House) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    writing_as(session, act("bert"))
    session.delete(session.scalars(select(Room)).one())
    # SQLite gives the id of the last row away again: it must not be taken for the old room.
    session.flush()
    add_room(session, house.ground, "102")
    session.commit()

    with pytest.raises(Conflict, match="RH-WE-0-AP-07 belonged to has been deleted"):
        undo.undo_request(session, act("anna"), deleting.request_id)


def test_a_code_that_was_given_away_meanwhile_refuses(session: Session, house: House) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    writing_as(session, act("bert"))
    add_access_point(session, house.ground, point.code)
    session.commit()

    with pytest.raises(Conflict, match="another access point RH-WE-0-AP-07 now"):
        undo.undo_request(session, act("anna"), deleting.request_id)


def test_children_follow_a_record_whose_own_id_was_given_away(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    _, radios = describe(session, point.code)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    writing_as(session, act("bert"))
    add_access_point(session, house.ground, "AP-2", id=point.id)
    session.commit()

    undo.undo_request(session, writing_as(session, act("anna")), deleting.request_id)

    record, radios_after = describe(session, point.code)
    assert record["public_id"] == point.public_id
    assert [r["public_id"] for r in radios_after] == [r["public_id"] for r in radios]
    assert [r["channel"] for r in radios_after] == [None, 100, 37]


def test_an_undo_happens_once(session: Session, house: House) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    undo.undo_request(session, writing_as(session, act("anna")), deleting.request_id)

    with pytest.raises(Conflict):
        undo.undo_request(session, act("anna"), deleting.request_id)


def test_shapes_come_back_to_the_last_digit(session: Session, house: House) -> None:
    outline = shapely.Polygon([(0.1 + 0.2, 1 / 3), (10, 0), (2 / 3 * 10, 9.87654321)])
    room = add_room(session, house.ground, "101", outline=outline)
    session.commit()
    request = writing_as(session, act("anna"))
    session.delete(room)
    session.commit()

    undo.undo_request(session, writing_as(session, act("anna", role="admin")), request.request_id)

    restored = session.scalars(select(Room.outline)).one()
    assert shapely.to_wkb(restored) == shapely.to_wkb(outline)


def test_records_and_their_children_of_one_request_go_together(session: Session) -> None:
    request = writing_as(session, act("anna", role="admin"))
    values = places.BuildingValues("Town hall")
    places.add_building(session, request, "TH", values)
    places.add_wing(session, request, "TH", "A", "Wing A")
    places.add_floor(session, request, "TH", 0, places.FloorValues())
    model = find_model(session).public_id
    access_points.place_access_point(session, request, "TH/0", AccessPointValues(1, 1, model))

    undone = undo.undo_request(
        session, writing_as(session, act("anna", role="admin")), request.request_id
    )

    assert session.scalars(select(Building.code)).all() == []
    assert undone.deleted == 7


@pytest.mark.parametrize(
    ("role", "refusal"), [("viewer", NotAllowed), ("facility", NotAllowed), ("planner", None)]
)
def test_only_who_may_edit_may_undo(
    session: Session, house: House, role: str, refusal: type[Exception] | None
) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    somebody = writing_as(session, act("carl", role=role))

    if refusal is None:
        undo.undo_request(session, somebody, deleting.request_id)
    else:
        with pytest.raises(refusal):
            undo.undo_request(session, somebody, deleting.request_id)


def test_what_lies_out_of_scope_does_not_exist(session: Session, house: House) -> None:
    point = place_rich(session, house)
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)

    for place in ((12345, None), (house.building.id, house.east.id)):
        with pytest.raises(NotFound):
            undo.undo_request(session, make_actor("planner", *place), deleting.request_id)
    mine = make_actor("planner", house.building.id, house.west.id)
    undo.undo_request(session, writing_as(session, mine), deleting.request_id)


def test_a_change_of_state_is_undone_by_who_could_have_made_it(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    request = writing_as(session, act("mona", role="manager"))
    access_points.change_state(session, request, point.code, "released", None, {})

    with pytest.raises(NotAllowed):
        undo.undo_request(session, act("vera", role="viewer"), request.request_id)
    undo.undo_request(session, writing_as(session, act("mona", role="manager")), request.request_id)

    assert describe(session, point.code)[0]["state"] == "planned"


def test_accounts_are_never_undone(session: Session) -> None:
    request = writing_as(session, act("anna"))
    add_user(session, "carl")
    session.commit()

    with pytest.raises(InvalidInput, match="cannot be undone"):
        undo.undo_request(session, SYSTEM, request.request_id)


def test_a_request_that_changed_nothing_has_nothing_to_undo(session: Session) -> None:
    with pytest.raises(NotFound):
        undo.undo_request(session, SYSTEM, "no such request")


def test_what_was_created_and_deleted_in_one_request_leaves_nothing_to_undo(
    session: Session, house: House
) -> None:
    request = writing_as(session, act("anna"))
    wing = add_wing(session, house.building, "XX")
    session.commit()
    session.delete(wing)
    session.commit()

    with pytest.raises(NotFound):
        undo.undo_request(session, SYSTEM, request.request_id)


def test_one_record_comes_back_without_what_else_its_request_deleted(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    before, radios = describe(session, point.code)
    wall = add_wall(session, house.ground)
    session.commit()
    deleting = writing_as(session, act("anna"))
    walls.delete_wall(session, deleting, str(wall.public_id), None)
    access_points.delete_access_point(session, deleting, point.code, None)

    undo.restore_record(
        session, writing_as(session, act("anna")), "access_point", str(before["public_id"])
    )

    after, radios_after = describe(session, "RH-WE-0-AP-07")
    assert after | {"version": None} == before | {"version": None}
    assert radios_after == radios
    assert session.scalars(select(Wall)).all() == []


def test_what_belonged_to_an_access_point_comes_back_by_the_right_to_edit_the_access_point(
    session: Session, house: House
) -> None:
    point = place_rich(session, house)
    vlan = Vlan(code="V10", vid=10, network_class="visitor")
    session.add(vlan)
    session.flush()
    ssid = Ssid(code="S", name="City", network_class="visitor", vlan_id=vlan.id, security="owe")
    session.add(ssid)
    session.flush()
    session.add(SsidScope(ssid_id=ssid.id, access_point_id=point.id))
    session.commit()
    deleting = writing_as(session, act("anna"))
    access_points.delete_access_point(session, deleting, point.code, None)
    assert session.scalars(select(SsidScope)).all() == []

    local = make_actor("planner", house.building.id)
    undo.undo_request(session, writing_as(session, local), deleting.request_id)

    assert session.scalars(select(SsidScope.access_point_id)).all() == [point.id]


def test_one_record_comes_back_with_the_files_attached_to_it(
    session: Session, house: House
) -> None:
    point, other = (add_access_point(session, house.ground, code) for code in ("AP-8", "AP-9"))
    for record in (point, other):
        session.add(make_attachment(SYSTEM, record, (house.building.id, None), PHOTO, KEPT))
    session.commit()
    public_id = str(point.public_id)
    access_points.delete_access_point(session, writing_as(session, act("anna")), "AP-8", None)
    assert [item.subject for item in session.scalars(select(Attachment))] == [str(other.public_id)]

    planner = make_actor("planner", house.building.id)
    undo.restore_record(session, writing_as(session, planner), "access_point", public_id)

    subjects = {item.subject for item in session.scalars(select(Attachment))}
    assert subjects == {public_id, str(other.public_id)}


def test_every_kind_of_record_can_be_undone_but_accounts_and_what_is_about_requests() -> None:
    program = (
        "from wlantrack.store.queries.records import list_kinds\n"
        "from wlantrack.services.undo_rights import KINDS\n"
        "print(*sorted(set(list_kinds()) - set(KINDS)))\n"
    )

    # In a process of its own: here all models are there, whoever has imported them.
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == [
        "answer_version",
        "area_approval",
        "baseline",
        "column_mapping",
        "exemption",
        "feed_token",
        "feedback",
        "import_run",
        "role_grant",
        "user_account",
    ]


def test_a_search_for_what_relies_on_a_record_knows_all_that_files_are_attached_to() -> None:
    assert attachments.KINDS.keys() == ATTACHMENT_SUBJECTS


def test_the_undo_of_a_creation_is_refused_while_it_has_an_attachment(
    session: Session, house: House
) -> None:
    anna = writing_as(session, act("anna"))
    room = add_room(session, house.ground, "017")
    session.commit()
    writing_as(session, act("bert"))
    session.add(make_attachment(SYSTEM, room, (house.building.id, None), PHOTO, KEPT))
    session.commit()

    with pytest.raises(Conflict, match="others rely on it: attachment wall"):
        undo.undo_request(session, SYSTEM, anna.request_id)
