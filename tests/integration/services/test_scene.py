from __future__ import annotations

import itertools
import re
import resource
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from tests.factories.access_points import add_access_point, add_model, find_model
from tests.factories.people import make_actor
from tests.factories.places import House, add_floor, add_plan, add_room
from tests.factories.walls import add_material, add_wall
from tests.statements import keep_statements
from tests.unit.radio.oracle import predict_slowly
from wlantrack.errors import InvalidInput
from wlantrack.geometry.grid import Grid
from wlantrack.radio.antennas import Mount
from wlantrack.radio.coverage import predict
from wlantrack.radio.propagation import DistancePowerLoss, PathLoss
from wlantrack.services import places, scene
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AntennaPattern, Radio
from wlantrack.store.models.base import Base
from wlantrack.store.models.demand import ClutterZone
from wlantrack.store.queries import history

if TYPE_CHECKING:
    import numpy.typing as npt
    from sqlalchemy.orm import Session

    from wlantrack.services.scene import FloorScene


def load(session: Session, level: int = 0, counts: str = "planned") -> FloorScene:
    floor = places.find_floor(session, SYSTEM, f"RH/{level}").floor
    return scene.load_scene(session, SYSTEM, floor, counts)


def test_two_storeys_above_and_below_are_heard(session: Session, house: House) -> None:
    for level in range(2, 6):
        add_floor(session, house.building, level)
    session.expire_all()

    loaded = load(session, 3)

    assert len(loaded.scene.floor_heights_m) == 5
    assert loaded.floor_index == 2
    assert [slab.z_m for slab in loaded.scene.slabs] == [3.0, 6.0, 9.0, 12.0]


def test_no_scene_reads_what_its_key_leaves_out(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", model=add_model(session))
    add_wall(session, house.ground, material=add_material(session))
    add_room(session, house.ground, "001")
    session.expire_all()
    with keep_statements(session) as statements:
        load(session)

    read = set(re.findall(r"(?:FROM|JOIN) (\w+)", " ".join(statements)))
    assert {"access_point", "wall", "radio"} <= read
    told = {*history.DRAWN, *history.STANDING, *history.RADIATING}
    assert read <= {"access_point", *told}
    assert set(Base.metadata.tables) >= told


def test_storeys_follow_their_elevations_where_they_are_known(
    session: Session, house: House
) -> None:
    house.ground.elevation_m, house.first.elevation_m = 100.0, 104.5

    assert load(session).scene.floor_heights_m == (4.5, 3.0)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("elevations_m", "heights_m"),
    [
        # A storey of unknown elevation lies between its neighbours, by its own height.
        ((0.0, None, 10.0, None, None), (4.0, 6.0, 3.0, 3.0, 3.0)),
        ((None, 50.0, None, None, 62.0), (2.0, 4.0, 4.0, 4.0, 3.0)),
        ((None, None, 7.0, None, None), (2.0, 3.0, 3.0, 3.0, 3.0)),
        ((0.0, 2.5, None, 9.5, None), (2.5, 3.5, 3.5, 3.0, 3.0)),
        # What an old record says and cannot be: each storey keeps some height.
        ((5.0, None, 5.0, None, None), (0.08, 0.12, 3.0, 3.0, 3.0)),
    ],
)
def test_storeys_of_unknown_elevation_lie_between_the_known_ones(
    session: Session,
    house: House,
    elevations_m: tuple[float | None, ...],
    heights_m: tuple[float, ...],
) -> None:
    floors = [
        house.ground,
        house.first,
        *(add_floor(session, house.building, n) for n in (2, 3, 4)),
    ]
    house.ground.height_m = 2.0
    for floor, elevation_m in zip(floors, elevations_m, strict=True):
        floor.elevation_m = elevation_m

    assert load(session, 2).scene.floor_heights_m == pytest.approx(heights_m)
    # What lies beyond the storeys that are heard changes nothing about their heights.
    assert load(session, 0).scene.floor_heights_m == pytest.approx((*heights_m[:2], 3.0))


def test_a_missing_storey_counts_as_high_as_the_one_below_it(
    session: Session, house: House
) -> None:
    house.first.level = 2

    loaded = load(session)

    assert loaded.scene.floor_heights_m == (6.0, 3.0)
    assert [slab.z_m for slab in loaded.scene.slabs] == [6.0]


def test_a_slab_without_outline_covers_everything_and_one_with_outline_only_that(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, x_m=500.0, y_m=10.0)
    everywhere = load(session).scene.slabs[0].polygon
    house.first.slab_outline = shapely.box(0, 0, 40, 20)

    assert everywhere.covers(shapely.Point(500, 10).buffer(90))
    assert load(session).scene.slabs[0].polygon.equals(shapely.box(0, 0, 40, 20))


def test_a_slab_loses_what_its_material_loses(session: Session, house: House) -> None:
    material = add_material(session, loss_db=13.0)
    house.first.slab_material_id = material.id

    assert load(session).scene.slabs[0].loss_db == (13.0, 13.0, 13.0)


def test_walls_reach_up_to_the_storey_unless_they_say_otherwise(
    session: Session, house: House
) -> None:
    material = add_material(session, loss_db=7.0)
    add_wall(session, house.ground, material=material)
    add_wall(session, house.first, material=material, bottom_m=1.0, top_m=2.0)

    low, high = load(session).scene.walls

    assert (low.floor, low.bottom_m, low.top_m, low.loss_db) == (0, 0.0, 3.0, (7.0, 7.0, 7.0))
    assert (high.floor, high.bottom_m, high.top_m) == (1, 1.0, 2.0)


def test_without_walls_the_model_of_a_typical_office_is_taken(
    session: Session, house: House
) -> None:
    assert isinstance(load(session).scene.path_loss, DistancePowerLoss)
    assert not load(session).has_walls

    add_wall(session, house.ground)

    assert isinstance(load(session).scene.path_loss, PathLoss)
    assert isinstance(load(session, 1).scene.path_loss, DistancePowerLoss)


@pytest.mark.parametrize(
    ("state", "is_planned", "is_live"),
    [
        ("planned", True, False),
        ("mounted", True, False),
        ("in operation", True, True),
        ("accepted", True, True),
        ("faulty", False, False),
        ("removed", False, False),
    ],
)
def test_a_map_counts_what_its_name_says(
    session: Session,
    house: House,
    state: str,
    is_planned: bool,  # noqa: FBT001 - a parameter
    is_live: bool,  # noqa: FBT001 - a parameter
) -> None:
    add_access_point(session, house.ground, state=state)

    assert bool(load(session, 0, "planned").codes) is is_planned
    assert bool(load(session, 0, "live").codes) is is_live


def test_a_map_counts_nothing_else(session: Session, house: House) -> None:
    assert house.ground.level == 0
    with pytest.raises(InvalidInput, match="planned, live"):
        load(session, 0, "all")


def test_access_points_of_neighbouring_storeys_are_heard_but_not_of_this_floor(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-0")
    add_access_point(session, house.first, "AP-1")

    loaded = load(session)

    assert [(t.id, t.floor) for t in loaded.scene.transmitters] == [("AP-0", 0), ("AP-1", 1)]
    assert loaded.codes == {"AP-0"}


def test_access_points_out_of_scope_are_not_on_the_map(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-W", wing_id=house.west.id)
    add_access_point(session, house.ground, "AP-E", wing_id=house.east.id)
    east = make_actor("facility", house.building.id, house.east.id)

    loaded = scene.load_scene(session, east, house.ground, "planned")

    assert [t.id for t in loaded.scene.transmitters] == ["AP-E"]


def test_the_installed_position_wins_over_the_planned_one(session: Session, house: House) -> None:
    add_access_point(session, house.ground, installed_x_m=11.5, installed_y_m=9.0)

    (transmitter,) = load(session).scene.transmitters

    assert (transmitter.x_m, transmitter.y_m, transmitter.z_m) == (11.5, 9.0, 2.7)


@pytest.mark.parametrize(
    ("band", "channel", "power_dbm", "eirp_dbm"),
    [
        ("5", 36, None, 20.0),
        ("5", 36, 10.0, 13.0),
        ("5", 36, 30.0, 23.0),
        ("2.4", 1, 30.0, 20.0),
        ("2.4", 1, None, 20.0),
        ("6", 1, 30.0, 23.0),
    ],
)
def test_eirp_is_power_and_gain_up_to_what_regulation_allows(
    session: Session,
    house: House,
    band: str,
    channel: int,
    power_dbm: float | None,
    eirp_dbm: float,
) -> None:
    radio = Radio(
        slot=1,
        band=band,
        channel=channel,
        width_mhz=20,
        power_dbm=power_dbm,
        is_enabled=True,
    )
    add_access_point(session, house.ground, model=add_model(session), radios=[radio])

    (transmitter,) = load(session).scene.transmitters

    levels = dict(zip(("2.4", "5", "6"), transmitter.eirp_dbm, strict=True))
    assert levels.pop(band) == eirp_dbm
    assert set(levels.values()) == {None}


def test_outdoors_a_radio_in_an_indoor_range_does_not_transmit(
    session: Session, house: House
) -> None:
    radios = [
        Radio(slot=1, band="2.4", channel=6, width_mhz=20, is_enabled=True),
        Radio(slot=2, band="5", channel=36, width_mhz=20, is_enabled=True),
        Radio(slot=3, band="6", channel=1, width_mhz=20, is_enabled=True),
    ]
    point = add_access_point(session, house.ground, radios=radios, is_outdoor=True)

    (transmitter,) = load(session).scene.transmitters
    assert transmitter.eirp_dbm[0] is not None
    assert transmitter.eirp_dbm[1:] == (None, None)

    radios[1].channel = 100
    (transmitter,) = load(session).scene.transmitters
    assert transmitter.eirp_dbm[1] is not None

    point.is_outdoor, radios[1].channel = False, 36
    (transmitter,) = load(session).scene.transmitters
    assert None not in transmitter.eirp_dbm


def test_a_radio_that_is_switched_off_does_not_transmit(session: Session, house: House) -> None:
    point = add_access_point(session, house.ground)
    point.radios[0].is_enabled = False

    assert load(session).scene.transmitters[0].eirp_dbm[0] is None


def test_a_pattern_becomes_an_antenna(session: Session, house: House) -> None:
    model = find_model(session, "generic-wifi6e-wall")
    model.radios[1].antenna = AntennaPattern(
        code="sector",
        name="Sector",
        band="5",
        gain_dbi=4.5,
        cuts={
            "horizontal": [[0, 6], [90, 0], [180, -10], [270, 0]],
            "vertical": [[-90, -10], [0, 6], [90, -10]],
        },
        tabulated_mount="wall",
    )
    add_access_point(session, house.ground, model=model, mount="wall", azimuth_deg=90.0)

    (transmitter,) = load(session).scene.transmitters

    assert transmitter.antenna is not None
    assert transmitter.antenna.tabulated_mount == (Mount.WALL,) * 3
    assert transmitter.antenna.patterns[1].horizontal.gains_db == (0.0, -6.0, -16.0, -6.0)
    assert transmitter.azimuth_deg == 90.0
    assert transmitter.eirp_dbm[1] == 18.0 + 4.5


def test_turning_a_device_on_the_wall_changes_the_levels(session: Session, house: House) -> None:
    model = find_model(session, "generic-wifi6e-wall")
    point = add_access_point(session, house.ground, model=model, mount="wall", azimuth_deg=90.0)
    grid = Grid(0.0, 0.0, 1.0, 20, 20)

    def levels() -> npt.NDArray[np.float32]:
        return np.asarray(predict(load(session).scene, grid).rssi_dbm[0])

    east = levels()
    point.azimuth_deg = 270.0
    west = levels()
    point.downtilt_deg = 60.0
    tilted = levels()
    point.mount = "ceiling"
    ceiling = levels()

    # 15 dB between front and back, seen from (10, 10) along the row through it.
    assert east[1, 10, 19] - west[1, 10, 19] == pytest.approx(15.0, abs=1.5)
    assert west[1, 10, 0] - east[1, 10, 0] == pytest.approx(15.0, abs=1.5)
    assert np.abs(tilted - west).max() > 3.0
    assert np.abs(ceiling - tilted).max() > 3.0


def test_shelves_on_a_floor_damp_what_runs_through_them(session: Session, house: House) -> None:
    add_access_point(session, house.ground, x_m=2.0, y_m=10.0)
    add_access_point(session, house.first, "AP-2", x_m=30.0, y_m=5.0)
    add_wall(session, house.ground)
    session.add(
        ClutterZone(
            floor_id=house.ground.id,
            outline=shapely.box(6, 4, 14, 16).difference(shapely.box(9, 9, 11, 11)),
            db_per_m_24=1.0,
            db_per_m_5=2.0,
            db_per_m_6=2.5,
            bottom_m=0.5,
            top_m=2.2,
        )
    )
    session.flush()
    grid = Grid(0.3, 0.4, 1.7, 22, 11)

    loaded = load(session)

    assert len(loaded.scene.areas) == 1
    np.testing.assert_allclose(
        predict(loaded.scene, grid).rssi_dbm, predict_slowly(loaded.scene, grid), atol=1e-3
    )


def test_a_map_covers_what_is_drawn_with_a_margin(session: Session, house: House) -> None:
    add_plan(session, house.ground)
    assert load(session).bounds_m == (-3.0, -3.0, 43.0, 23.0)

    add_room(session, house.ground, outline=shapely.box(0, 0, 12, 8))
    add_access_point(session, house.ground, x_m=10.0, y_m=10.0)
    assert load(session).bounds_m == (-3.0, -3.0, 15.0, 13.0)

    add_wall(session, house.ground, (-5.0, 0.0, 20.0, 0.0))
    assert load(session).bounds_m == (-8.0, -3.0, 23.0, 13.0)


def test_the_plan_s_area_counts_until_walls_enclose_something(
    session: Session, house: House
) -> None:
    add_plan(session, house.ground)
    add_access_point(session, house.ground, x_m=10.0, y_m=10.0)
    corners = [(5.0, 5.0), (25.0, 5.0), (25.0, 15.0), (5.0, 15.0), (5.0, 6.2)]
    walls = list(itertools.pairwise(corners))

    for start, end in walls[:-1]:
        add_wall(session, house.ground, (*start, *end))
        scene = load(session)
        assert scene.bounds_m == (-3.0, -3.0, 43.0, 23.0)
        assert scene.extent.area.equals(shapely.box(0, 0, 40, 20))

    # The last wall leaves a door of 1.2 m open.
    start, end = walls[-1]
    add_wall(session, house.ground, (*start, *end))
    assert load(session).bounds_m == (2.0, 2.0, 28.0, 18.0)
    assert load(session).extent.area.area == pytest.approx(200.0, rel=0.02)


def test_a_cupboard_does_not_stand_for_the_whole_plan(session: Session, house: House) -> None:
    add_plan(session, house.ground)
    corners = [(5.0, 5.0), (8.0, 5.0), (8.0, 8.0), (5.0, 8.0), (5.0, 5.0)]
    for start, end in itertools.pairwise(corners):
        add_wall(session, house.ground, (*start, *end))

    assert load(session).bounds_m == (-3.0, -3.0, 43.0, 23.0)


def test_a_wall_without_a_plan_has_an_area_all_the_same(session: Session, house: House) -> None:
    add_wall(session, house.ground, (0.0, 0.0, 20.0, 0.0))

    assert load(session).extent.area.equals(shapely.box(-3, -3, 23, 3))


def test_an_empty_floor_still_has_a_map(session: Session, house: House) -> None:
    assert house.ground.level == 0
    assert load(session).bounds_m == (0.0, 0.0, 50.0, 30.0)


def test_walls_that_all_cross_each_other_take_no_gigabytes(session: Session, house: House) -> None:
    for number in range(500):
        add_wall(session, house.ground, (0.0, number / 1000, 6.0, 5.0 + number % 2))
    begin_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    extent = load(session).extent

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - begin_kib < 200 * 1024
    assert extent.bounds_m == (-3, -3, 9, 9)
