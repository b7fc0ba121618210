from __future__ import annotations

import io
import math
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageDraw
from sqlalchemy import func, select, text

from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_plan
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import pictures, places, plans
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plans import (
    ControlPoints,
    DrawingScale,
    KnownWidth,
    MetresPerPixel,
    PlanScale,
    TwoPoints,
    Upload,
)
from wlantrack.store.models.places import Floor, FloorPlan
from wlantrack.store.picture_cache import PictureCache
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database

NAN = math.nan


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


def draw_png(width_px: int = 400, height_px: int = 200) -> bytes:
    image = Image.new("RGB", (width_px, height_px), "white")
    ImageDraw.Draw(image).rectangle((10, 10, width_px - 10, height_px - 10), outline="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.usefixtures("house")
def test_an_uploaded_plan_is_kept_scaled_and_versioned(session: Session, files: PlanFiles) -> None:
    upload = Upload("plan.png", draw_png())

    first = plans.upload_plan(session, SYSTEM, files, "RH/0", upload, MetresPerPixel(0.1))
    second = plans.upload_plan(session, SYSTEM, files, "RH/0", upload, MetresPerPixel(0.05))

    assert first.width_m == pytest.approx(40.0)
    assert first.height_m == pytest.approx(20.0)
    assert second.width_m == pytest.approx(20.0)
    assert second.plan.number == 2
    place = places.find_floor(session, SYSTEM, "RH/0")
    assert [plan.number for plan in plans.current_plans(session, SYSTEM, place)] == [2]
    assert [plan.number for plan in plans.list_versions(session, SYSTEM, place)] == [2, 1]
    assert files.read(first.plan.original_file) == upload.data
    assert len(list(files.folder.iterdir())) == 4

    plans.restore_version(session, SYSTEM, str(first.plan.public_id), None)

    assert [plan.number for plan in plans.current_plans(session, SYSTEM, place)] == [1]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("data", "scale"),
    [
        (b"no picture", None),
        (b"", None),
        (draw_png(), MetresPerPixel(-0.1)),
        (draw_png(), KnownWidth(NAN)),
    ],
    ids=["text", "empty", "negative", "not a number"],
)
def test_a_plan_that_is_refused_leaves_neither_record_nor_file(
    database: Database,
    session: Session,
    files: PlanFiles,
    data: bytes,
    scale: PlanScale | None,
) -> None:
    with pytest.raises(InvalidInput):
        plans.upload_plan(session, SYSTEM, files, "RH/0", Upload("plan.png", data), scale)

    session.rollback()
    with database.reading() as reader:
        assert reader.scalar(select(func.count(FloorPlan.id))) == 0
    assert not files.folder.exists()


@pytest.mark.usefixtures("house")
def test_a_plan_whose_record_cannot_be_stored_leaves_no_file(
    session: Session, files: PlanFiles
) -> None:
    upload = Upload("a name with \0 in it.png", draw_png())

    with pytest.raises(InvalidInput, match="cannot be stored"):
        plans.upload_plan(session, SYSTEM, files, "RH/0", upload)

    assert list(files.folder.iterdir()) == []


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("scale", "width_m"),
    [
        (MetresPerPixel(0.05), 20.0),
        (KnownWidth(30.0), 30.0),
        (TwoPoints(((0.0, 0.0), (100.0, 0.0)), 5.0), 20.0),
        (
            ControlPoints(
                ((0.0, 200.0), (400.0, 200.0), (400.0, 0.0)),
                ((0.0, 0.0), (20.0, 0.0), (20.0, 10.0)),
            ),
            20.0,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_way_to_scale_leads_to_metres(
    session: Session, house: House, scale: PlanScale, width_m: float
) -> None:
    plan = add_plan(session, house.ground, pixel_to_building=None, scale_method=None)
    session.commit()

    stored = plans.calibrate(session, SYSTEM, str(plan.public_id), scale, 1)

    assert stored.width_m == pytest.approx(width_m)
    assert stored.plan.scale_method is not None


@pytest.mark.parametrize(
    "scale",
    [
        MetresPerPixel(-0.1),
        MetresPerPixel(0.0),
        MetresPerPixel(NAN),
        MetresPerPixel(1e6),
        KnownWidth(-1.0),
        KnownWidth(1e7),
        KnownWidth(0.001),
        DrawingScale(100.0),
        TwoPoints(((0.0, 0.0), (0.0, 0.0)), 5.0),
        TwoPoints(((0.0, 0.0), (100.0, 0.0)), -5.0),
        TwoPoints(((NAN, 0.0), (100.0, 0.0)), 5.0),
        TwoPoints(((0.0, 0.0), (4000.0, 0.0)), 5.0),
        ControlPoints(((0.0, 0.0),), ((0.0, 0.0),)),
        ControlPoints(((0.0, 0.0), (1.0, 0.0)), ((0.0, 0.0),)),
    ],
    ids=repr,
)
def test_a_scale_that_cannot_be_is_refused_and_the_old_one_stays(
    database: Database, session: Session, house: House, scale: PlanScale
) -> None:
    plan = add_plan(session, house.ground)
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        plans.calibrate(session, SYSTEM, str(plan.public_id), scale, 1)

    assert refused.value.problems[0].remedy is not None
    session.rollback()
    with database.reading() as reader:
        stored = reader.scalars(select(FloorPlan)).one()
    assert (stored.pixel_to_building, stored.version) == ([0.1, 0.0, 0.0, 0.0, -0.1, 20.0], 1)


def test_the_second_editor_of_a_scale_is_told(session: Session, house: House) -> None:
    plan = add_plan(session, house.ground)
    session.commit()
    ref = str(plan.public_id)
    plans.calibrate(session, SYSTEM, ref, KnownWidth(30.0), 1)

    with pytest.raises(Conflict) as refused:
        plans.calibrate(session, SYSTEM, ref, KnownWidth(31.0), 1)
    with pytest.raises(Conflict):
        plans.restore_version(session, SYSTEM, ref, 1)

    assert refused.value.changed_by == "system"


def test_plans_are_seen_and_edited_within_scope(
    session: Session, house: House, files: PlanFiles
) -> None:
    east_plan = add_plan(session, house.ground, 1, wing_id=house.east.id)
    whole_plan = add_plan(session, house.ground, 2)
    other = add_building(session, "BA")
    session.commit()
    east = make_actor("planner", house.building.id, house.east.id)
    stranger = make_actor("planner", other.id)
    viewer = make_actor("viewer", house.building.id)
    place = places.find_floor(session, SYSTEM, "RH/0")
    upload = Upload("plan.png", draw_png())

    assert [plan.id for plan in plans.current_plans(session, SYSTEM, place)] == [
        whole_plan.id,
        east_plan.id,
    ]
    assert [plan.id for plan in plans.current_plans(session, east, place)] == [east_plan.id]
    for actor, plan in ((east, whole_plan), (stranger, east_plan)):
        with pytest.raises(NotFound):
            plans.find_plan(session, actor, str(plan.public_id))
    with pytest.raises(NotAllowed):
        plans.calibrate(session, viewer, str(whole_plan.public_id), KnownWidth(30.0), None)
    with pytest.raises(NotAllowed):
        plans.upload_plan(session, east, files, "RH/0", upload)
    with pytest.raises(NotFound):
        plans.upload_plan(session, stranger, files, "RH/0", upload)
    assert not files.folder.exists()


def test_a_scaled_plan_becomes_a_picture_in_building_metres(
    session: Session, house: House, files: PlanFiles, tmp_path: Path
) -> None:
    png = draw_png()
    stored = files.write(png)
    plan = add_plan(session, house.ground, image_file=stored.name, image_sha256=stored.sha256)
    cache = PictureCache(tmp_path / "cache")

    first = pictures.plan_picture(plan, files, cache)
    files.remove(stored.name)
    again = pictures.plan_picture(plan, files, cache)

    assert first.startswith(b"\x89PNG")
    assert again == first
    assert pictures.plan_bounds(plan) == (0.0, 0.0, 40.0, 20.0)
    key = pictures.plan_key(plan)
    plan.pixel_to_building = [0.2, 0.0, 0.0, 0.0, -0.2, 40.0]
    assert pictures.plan_key(plan) != key


def test_a_new_version_without_scale_takes_over_with_its_scale(
    session: Session, house: House, files: PlanFiles
) -> None:
    place = places.find_floor(session, SYSTEM, "RH/0")
    assert place.floor.id == house.ground.id
    first = plans.upload_plan(
        session, SYSTEM, files, "RH/0", Upload("a.png", draw_png()), MetresPerPixel(0.1)
    )

    second = plans.upload_plan(session, SYSTEM, files, "RH/0", Upload("b.png", draw_png()))

    assert "stays in force" in " ".join(map(str, second.warnings))
    assert [plan.number for plan in plans.current_plans(session, SYSTEM, place)] == [1]
    plans.calibrate(session, SYSTEM, str(second.plan.public_id), KnownWidth(30.0), None)
    assert [plan.number for plan in plans.current_plans(session, SYSTEM, place)] == [2]
    plans.calibrate(session, SYSTEM, str(first.plan.public_id), KnownWidth(35.0), None)
    assert [plan.number for plan in plans.current_plans(session, SYSTEM, place)] == [2]


def test_a_plan_s_corner_lies_where_it_is_said(
    session: Session, house: House, files: PlanFiles
) -> None:
    assert house.ground.level == 0
    upload = Upload("a.png", draw_png())

    stored = plans.upload_plan(
        session, SYSTEM, files, "RH/0", upload, MetresPerPixel(0.1, (-6.0, 2.5))
    )

    assert pictures.plan_bounds(stored.plan) == pytest.approx((-6.0, 2.5, 34.0, 22.5))
    nowhere = MetresPerPixel(0.1, (math.nan, 0.0))
    with pytest.raises(InvalidInput):
        plans.upload_plan(session, SYSTEM, files, "RH/0", upload, nowhere)


def wait_for_a_waiting_writer(session: Session) -> None:
    """Wait until another transaction of PostgreSQL waits for this one; SQLite has one at a time."""
    if session.get_bind().dialect.name != "postgresql":
        return
    is_waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(600):
        if session.scalar(is_waiting):
            return
        time.sleep(0.1)
    pytest.fail("nobody waits")


def test_a_plan_that_comes_while_another_is_stored_becomes_the_version_after_it(
    session: Session, database: Database, house: House, files: PlanFiles
) -> None:
    floor_id = house.ground.id
    session.close()

    def upload() -> int:
        new = Upload("b.png", draw_png())
        with database.writing(SYSTEM.audit()) as store:
            return plans.upload_plan(store, SYSTEM, files, "RH/0", new).plan.number

    with ThreadPoolExecutor(1) as other, database.writing(SYSTEM.audit()) as first:
        add_plan(first, first.get_one(Floor, floor_id), number=1)
        number = other.submit(upload)
        wait_for_a_waiting_writer(first)
        first.commit()
        assert number.result(60) == 2
