from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from tests.factories.people import add_user
from tests.factories.places import add_building, add_floor, add_room
from wlantrack.errors import Conflict, InvalidInput
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.places import Building, Floor, Room

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database

WRITERS = 8
UPDATES = 50


def get_building(session: Session) -> Building:
    return session.scalars(select(Building)).one()


def test_eight_writers_lose_none_of_their_four_hundred_updates(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, rotation_deg=0.0)
        session.commit()

    def count_up(_writer: int) -> None:
        done = 0
        while done < UPDATES:
            with database.writing(SYSTEM.audit()) as session:
                building = get_building(session)
                building.rotation_deg += 1.0
                try:
                    session.commit()
                except Conflict:
                    continue
                done += 1

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(count_up, range(WRITERS)))

    with database.reading() as session:
        building = get_building(session)
        events = session.scalar(
            select(func.count()).where(
                AuditEvent.act == "update", AuditEvent.entity == Building.__tablename__
            )
        )
    assert building.rotation_deg == 400.0
    assert building.version == 401
    assert events == 400


def test_of_two_sessions_that_read_the_same_version_the_second_is_told(database: Database) -> None:
    if database.is_embedded:
        pytest.skip("on SQLite a second writer waits before it reads")
    with database.writing(SYSTEM.audit()) as session:
        add_building(session)
        session.commit()

    with (
        database.writing(SYSTEM.audit()) as first,
        database.writing(SYSTEM.audit()) as second,
    ):
        get_building(first).name = "first"
        get_building(second).name = "second"
        first.commit()

        with pytest.raises(Conflict, match="at the same moment"):
            second.commit()

    with database.reading() as session:
        assert get_building(session).name == "first"


def test_a_code_taken_behind_a_services_back_is_a_conflict(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, "RH")
        session.commit()

        with pytest.raises(Conflict):
            add_building(session, "RH")


def test_a_parent_deleted_behind_a_services_back_is_a_conflict(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        session.add(Floor(building_id=4711, level=0, name="lost", height_m=3.0))

        with pytest.raises(Conflict):
            session.commit()


def test_writers_that_touch_the_same_rows_in_another_order_do_not_lock_one_another_out(
    database: Database,
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        building = add_building(session)
        add_floor(session, building, 0)
        add_floor(session, building, 1)
        session.commit()
    barrier = threading.Barrier(2)

    def write(levels: tuple[int, int]) -> int:
        barrier.wait()
        conflicts = 0
        for _ in range(10):
            with database.writing(SYSTEM.audit()) as session:
                try:
                    for level in levels:
                        floor = session.scalars(select(Floor).where(Floor.level == level)).one()
                        floor.height_m += 0.01
                        session.flush()
                    session.commit()
                except Conflict:
                    conflicts += 1
        return conflicts

    with ThreadPoolExecutor(2) as pool:
        conflicts = sum(pool.map(write, ((0, 1), (1, 0))))

    with database.reading() as session:
        heights = session.scalars(select(Floor.height_m)).all()
    assert heights == pytest.approx([3.0 + (20 - conflicts) * 0.01] * 2)


def test_a_reading_session_sees_one_state_of_the_database(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, "RH")
        session.commit()

    with database.reading() as reader:
        before = reader.scalar(select(func.count(Building.id)))
        with database.writing(SYSTEM.audit()) as session:
            add_building(session, "BA")
            session.commit()
        after = reader.scalar(select(func.count(Building.id)))

    assert (before, after) == (1, 1)


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with database.reading() as session:
        session.add(Building(code="RH", name="Rathaus"))

        with pytest.raises(RuntimeError, match="only reads"):
            session.flush()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "x" * 121, "longer than 120 characters"),
        ("name", "a\0b", "cannot be stored"),
        ("name", "a\ud800b", "cannot be stored"),
        ("rotation_deg", float("nan"), "not a number"),
        ("origin_easting_m", float("inf"), "not a number"),
        ("priority", 2**31, "too large"),
        ("begun_on", date(9999, 12, 31), "in the years 1000 to 2150"),
    ],
)
def test_a_value_that_no_column_can_hold_is_refused_by_field(
    database: Database, field: str, value: object, sentence: str
) -> None:
    values: dict[str, Any] = {field: value}
    with (
        database.writing(SYSTEM.audit()) as session,
        pytest.raises(InvalidInput, match=sentence) as refused,
    ):
        add_building(session, **values)

    assert refused.value.problems[0].field == field


def test_shapes_and_moments_come_back_as_they_were_stored(database: Database) -> None:
    import shapely  # noqa: PLC0415 - only this test draws

    outline = shapely.Polygon([(0.1, 0.2), (10.3, 0.2), (10.3, 1 / 3)], [])
    with database.writing(SYSTEM.audit()) as session:
        floor = add_floor(session, add_building(session))
        add_room(session, floor, outline=outline)
        add_user(session)
        session.commit()

    with database.reading() as session:
        room = session.scalars(select(Room)).one()
        event = session.scalars(select(AuditEvent).limit(1)).one()
    assert room.outline is not None
    assert room.outline.equals_exact(outline, 0.0)
    assert event.at.utcoffset() is not None
