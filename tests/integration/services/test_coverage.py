from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.demand import add_clutter, add_zone
from tests.factories.people import add_user, make_actor
from tests.factories.places import House, add_building, add_floor, add_plan, add_room
from tests.factories.walls import add_wall, find_material
from tests.statements import keep_statements
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import coverage, pictures, places
from wlantrack.services.actor import SYSTEM
from wlantrack.services.coverage import Target
from wlantrack.services.results import CACHE_BYTES, ResultCache, stamp
from wlantrack.store.models.access_points import AntennaPattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import FloorCoverage
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.walls import Wall

CELL_M = 1.0


class CountingCache(ResultCache):
    """A cache that counts what had to be computed."""

    def __init__(self, limit_bytes: int = CACHE_BYTES) -> None:
        super().__init__(limit_bytes)
        self.computed = 0

    def keep(self, key: str, layer: coverage.Raster) -> None:
        self.computed += 1
        super().keep(key, layer)


class Office:
    """A floor with a wall and two access points, and one more above it."""

    def __init__(self, session: Session, house: House) -> None:
        self.session, self.house = session, house
        self.wall: Wall = add_wall(session, house.ground)
        add_room(session, house.ground, "W", outline=shapely.box(0, 0, 20, 20))
        add_room(session, house.ground, "E", outline=shapely.box(20, 0, 40, 20))
        self.west: AccessPoint = add_access_point(session, house.ground, "AP-W")
        self.east: AccessPoint = add_access_point(session, house.ground, "AP-E", x_m=30.0)
        self.above: AccessPoint = add_access_point(session, house.first, "AP-1")
        self.cache = CountingCache()
        session.commit()

    def predict(self) -> FloorCoverage:
        self.session.commit()
        floor = places.find_floor(self.session, SYSTEM, "RH/0").floor
        return coverage.predict_floor(self.session, SYSTEM, floor, "planned", self.cache, CELL_M)


@pytest.fixture
def office(session: Session, house: House) -> Office:
    return Office(session, house)


def test_each_access_point_is_computed_once(office: Office) -> None:
    first = office.predict()
    second = office.predict()

    assert office.cache.computed == 3
    assert first.key == second.key
    assert np.array_equal(first.coverage.rssi_dbm, second.coverage.rssi_dbm, equal_nan=True)


def test_moving_one_access_point_computes_only_that_one(office: Office) -> None:
    before = office.predict()
    office.east.x_m = 31.0

    after = office.predict()

    assert office.cache.computed == 4
    assert after.key != before.key


def test_moving_back_computes_nothing(office: Office) -> None:
    before = office.predict()
    office.east.x_m = 31.0
    office.predict()
    office.east.x_m = 30.0

    after = office.predict()

    assert office.cache.computed == 4
    assert after.key == before.key


def _raise_power(office: Office) -> None:
    office.west.radios[1].power_dbm = 5.0


def _switch_off(office: Office) -> None:
    office.west.radios[1].is_enabled = False


def _change_model(office: Office) -> None:
    office.west.model.radios[1].max_power_dbm = 10.0


def _move(office: Office) -> None:
    office.west.y_m = 11.0


def _install(office: Office) -> None:
    office.west.installed_x_m, office.west.installed_y_m = 9.0, 10.0


def _lift(office: Office) -> None:
    office.west.height_m = 2.0


def _break(office: Office) -> None:
    office.west.state = "faulty"


def _move_wall(office: Office) -> None:
    office.wall.x1_m = 19.0


def _cut_wall(office: Office) -> None:
    office.wall.top_m = 1.0


def _rebuild_wall(office: Office) -> None:
    steel = find_material(office.session, "steel-door")
    office.wall.material_id, office.wall.material = steel.id, steel


def _measure_material(office: Office) -> None:
    brick = find_material(office.session)
    brick.measured_db_24 = brick.measured_db_5 = brick.measured_db_6 = 3.0


def _add_wall(office: Office) -> None:
    add_wall(office.session, office.house.ground, (30.0, 0.0, 30.0, 5.0))


def _delete_wall(office: Office) -> None:
    office.session.delete(office.wall)


def _raise_storey(office: Office) -> None:
    office.house.ground.height_m = 3.5


def _cut_slab(office: Office) -> None:
    office.house.first.slab_outline = shapely.box(0, 0, 10, 10)


def _rebuild_slab(office: Office) -> None:
    office.house.first.slab_material_id = find_material(office.session, "wood-door").id


def _move_above(office: Office) -> None:
    office.above.x_m = 12.0


def _place_another(office: Office) -> None:
    add_access_point(office.session, office.house.ground, "AP-N", y_m=15.0)


def _delete_above(office: Office) -> None:
    office.session.delete(office.above)


def _take_below(office: Office) -> None:
    office.above.floor_id, office.above.floor = office.house.ground.id, office.house.ground


def _fill_with_shelves(office: Office) -> None:
    add_clutter(office.session, office.house.ground, outline=shapely.box(12, 2, 18, 18))


def _hang_antenna(office: Office) -> None:
    cuts = {"horizontal": [[0.0, 3.0], [180.0, -9.0]], "vertical": [[0.0, 3.0], [90.0, -9.0]]}
    office.west.radios[1].antenna = AntennaPattern(
        public_id=uuid4(), code="panel", name="Panel", gain_dbi=3.0, cuts=cuts
    )


def _add_room(office: Office) -> None:
    add_room(office.session, office.house.ground, "N", outline=shapely.box(0, 20, 40, 35))


def _add_zone(office: Office) -> None:
    add_zone(office.session, office.house.ground, outline=shapely.box(0, -30, 40, 0))


def _lay_plan(office: Office) -> None:
    office.session.delete(office.wall)
    add_plan(office.session, office.house.ground)


@pytest.mark.on_both
@pytest.mark.parametrize(
    "change",
    [
        _place_another,
        _delete_above,
        _take_below,
        _fill_with_shelves,
        _hang_antenna,
        _add_room,
        _add_zone,
        _lay_plan,
        _raise_power,
        _switch_off,
        _change_model,
        _move,
        _install,
        _lift,
        _break,
        _move_wall,
        _cut_wall,
        _rebuild_wall,
        _measure_material,
        _add_wall,
        _delete_wall,
        _raise_storey,
        _cut_slab,
        _rebuild_slab,
        _move_above,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_any_change_that_matters_changes_the_key_and_the_map(
    office: Office, change: Callable[[Office], None]
) -> None:
    before = office.predict()

    change(office)

    after = office.predict()
    assert after.key != before.key
    levels = (before.coverage.rssi_dbm, after.coverage.rssi_dbm)
    assert levels[0].shape != levels[1].shape or not np.array_equal(*levels, equal_nan=True)


def test_a_change_elsewhere_loads_no_wall_and_no_access_point_again(office: Office) -> None:
    floor = add_floor(office.session, add_building(office.session, "FAR"), 0)
    far = add_access_point(office.session, floor, "AP-F")
    office.predict()
    far.x_m = 20.0
    office.session.commit()

    with keep_statements(office.session) as statements:
        office.predict()

    assert not [text for text in statements if "FROM wall" in text or "access_point.x_m" in text]


def _write_note(office: Office) -> None:
    office.west.note = "behind the cupboard"


def _rename_floor(office: Office) -> None:
    office.house.ground.name = "Ground"


@pytest.mark.on_both
@pytest.mark.parametrize("change", [_write_note, _rename_floor])
def test_a_change_that_does_not_matter_computes_nothing(
    office: Office, change: Callable[[Office], None]
) -> None:
    before = office.predict()

    change(office)

    assert office.predict().key == before.key
    assert office.cache.computed == 3


def test_a_preview_of_a_move_equals_the_map_after_it(office: Office) -> None:
    preview = coverage.move_and_compute(office.predict(), "AP-E", 31.0, 12.0)
    assert office.cache.computed == 3

    office.east.x_m, office.east.y_m = 31.0, 12.0

    after = office.predict()
    assert np.array_equal(preview.best(), after.coverage.best(), equal_nan=True)


def test_a_preview_of_an_access_point_that_is_not_counted_is_refused(office: Office) -> None:
    with pytest.raises(InvalidInput, match="does not count"):
        coverage.move_and_compute(office.predict(), "AP-X", 1.0, 1.0)


def test_what_is_not_needed_for_longest_makes_room(office: Office) -> None:
    office.cache = CountingCache(limit_bytes=1)

    office.predict()
    office.predict()

    assert office.cache.computed > 3
    assert len(office.cache._layers) == 1


def test_the_same_scene_gives_the_same_picture_byte_for_byte(office: Office) -> None:
    first = pictures.heat_map_picture(office.predict().coverage, "5", -67.0)
    office.cache = CountingCache()
    second = pictures.heat_map_picture(office.predict().coverage, "5", -67.0)

    assert first.png == second.png
    assert first.bounds == second.bounds


def test_large_floors_are_drawn_coarser() -> None:
    assert coverage.choose_grid((0.0, 0.0, 100.0, 100.0), 0.5).cell_m == 0.5
    assert coverage.choose_grid((0.0, 0.0, 1000.0, 1000.0), 0.5).cell_m == 2.0


def test_a_report_judges_floor_and_rooms_against_the_threshold(
    session: Session, office: Office
) -> None:
    predicted = office.predict()
    floor = office.house.ground

    def report(threshold_dbm: float) -> coverage.CoverageReport:
        target = Target("5", threshold_dbm)
        return coverage.report_floor(session, SYSTEM, floor, predicted, target, office.cache)

    easy, hard = report(-90.0), report(-10.0)

    assert [room.number for room in easy.rooms] == ["E", "W"]
    assert (easy.whole.pass_share, easy.whole.failing_m2) == (1.0, 0.0)
    assert easy.whole.area_m2 == pytest.approx(800.0)
    assert [room.verdict.area_m2 for room in easy.rooms] == pytest.approx([400.0, 400.0])
    assert (hard.whole.pass_share, hard.whole.failing_m2) == pytest.approx((0.0, 800.0))
    assert easy.whole.worst_dbm is not None
    assert easy.whole.median_dbm is not None
    assert easy.whole.worst_dbm < easy.whole.median_dbm


def test_there_is_no_verdict_over_an_area_too_small_to_judge(
    session: Session, office: Office
) -> None:
    house = office.house
    add_room(session, house.ground, "0", outline=shapely.box(5.01, 5.01, 5.02, 5.02))

    report = coverage.report_floor(
        session, SYSTEM, house.ground, office.predict(), Target("5"), office.cache
    )

    assert report.rooms[0].verdict.pass_share is None


def test_rooms_of_other_wings_are_not_in_the_report(session: Session, office: Office) -> None:
    house = office.house
    add_room(session, house.ground, "S", wing_id=house.east.id, outline=shapely.box(0, 0, 5, 5))
    east = make_actor("facility", house.building.id, house.east.id)
    predicted = office.predict()

    report = coverage.report_floor(
        session, east, house.ground, predicted, Target("5"), office.cache
    )

    assert [room.number for room in report.rooms] == ["S"]


def test_a_floor_where_nothing_transmits_fails_without_levels(
    session: Session, house: House
) -> None:
    add_room(session, house.ground, "W", outline=shapely.box(0, 0, 20, 20))
    session.commit()
    cache = ResultCache()
    predicted = coverage.predict_floor(session, SYSTEM, house.ground, "live", cache, CELL_M)

    whole = coverage.report_floor(
        session, SYSTEM, house.ground, predicted, Target("6"), cache
    ).whole

    assert (whole.pass_share, whole.median_dbm, whole.worst_dbm) == (0.0, None, None)
    assert whole.failing_m2 == pytest.approx(400.0)


@pytest.mark.parametrize("threshold_dbm", [float("nan"), 1.0, -121.0])
def test_a_threshold_that_no_receiver_has_is_refused(
    session: Session, office: Office, threshold_dbm: float
) -> None:
    with pytest.raises(InvalidInput, match="between -120 and 0"):
        coverage.report_floor(
            session,
            SYSTEM,
            office.house.ground,
            office.predict(),
            Target("5", threshold_dbm),
            office.cache,
        )


def test_coverage_is_shown_to_those_who_see_the_building(session: Session, office: Office) -> None:
    other = add_building(session, "BA")
    floor, cache = office.house.ground, office.cache
    west = make_actor("viewer", office.house.building.id, office.house.west.id)

    assert coverage.predict_floor(session, west, floor, "planned", cache, CELL_M).key
    with pytest.raises(NotFound):
        coverage.predict_floor(
            session, make_actor("viewer", other.id), floor, "planned", cache, CELL_M
        )
    with pytest.raises((NotAllowed, NotFound)):
        coverage.predict_floor(session, make_actor("firm"), floor, "planned", cache, CELL_M)


def test_the_stamp_rises_with_records_and_not_with_log_ins(session: Session, house: House) -> None:
    before = stamp(session)
    add_user(session, "somebody")
    session.commit()

    assert stamp(session) == before

    add_access_point(session, house.ground, "STAMP-1")
    session.commit()

    assert stamp(session) > before


def test_what_a_transaction_saw_that_was_rolled_back_is_shown_to_nobody(office: Office) -> None:
    floor, cache = office.house.ground, office.cache
    office.wall.x1_m = 19.0
    office.session.flush()
    assert coverage.find_drawing(office.session, floor.id, cache).lines.bounds[0] == 19.0
    office.session.rollback()
    add_room(office.session, floor, "N", outline=shapely.box(0, 20, 40, 35))
    office.session.commit()

    assert coverage.find_drawing(office.session, floor.id, cache).lines.bounds[0] == 20.0
