from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import make_actor
from tests.factories.rollout import add_route
from tests.statements import keep_statements
from wlantrack.errors import Conflict, InvalidInput, NotFound
from wlantrack.rollout.cable_routes import NoWay, Slack, Way
from wlantrack.services import cable_lengths, cable_routes, cable_ways, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_routes import RouteFilter, RouteValues
from wlantrack.services.cable_ways import WayParts
from wlantrack.services.results import ResultCache
from wlantrack.services.route_lines import read_course, read_points, write_course, write_points
from wlantrack.services.tables import TableUpload
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.services.tables import ImportResult
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.session import Database

TRAY = RouteValues("tray", ((1.0, 5.0), (12.0, 5.0)), "RH/0")


@pytest.fixture
def parts() -> WayParts:
    return WayParts(Slack(0.1, 1.0), ResultCache())


@pytest.fixture
def run(session: Session, house: House) -> CableRun:
    """Give a run on the ground floor, 9 m along a tray from its distributor."""
    distributor = add_distributor(session, house.ground, wing_id=house.west.id, x_m=1, y_m=5)
    point = add_access_point(session, house.ground, "AP1", x_m=10.0, y_m=5.0, height_m=2.7)
    made = add_cable_run(session, distributor, "C1", access_point=point, state="requested")
    session.commit()
    return made


def list_codes(session: Session, narrow: RouteFilter) -> list[str]:
    rows, _ = cable_routes.list_routes(
        session,
        SYSTEM,
        narrow,
        Page("code"),
    )
    return [row.code for row in rows]


@pytest.mark.usefixtures("house")
def test_a_route_gets_its_code_and_the_wing_around_it(session: Session) -> None:
    first = cable_routes.add_route(session, SYSTEM, TRAY)
    riser = replace(TRAY, kind="riser", points=((1.0, 5.0),), upper_floor="RH/1")
    second = cable_routes.add_route(session, SYSTEM, riser)

    assert (first.code, second.code) == ("RH-0-T01", "RH-0-R01")
    assert list_codes(session, RouteFilter(level=1)) == ["RH-0-R01"]
    assert list_codes(session, RouteFilter("T0", "tray", "RH")) == ["RH-0-T01"]


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("values", "field"),
    [
        (replace(TRAY, points=((1.0, 5.0),)), "points"),
        (replace(TRAY, points=((1.0, 5.0), (1.0, 5.01))), "points"),
        (replace(TRAY, points=((0, 0), (4, 4), (4, 0), (0, 4))), "points"),
        (replace(TRAY, kind="riser", upper_floor="RH/1"), "points"),
        (replace(TRAY, kind="riser", points=((1.0, 5.0),)), "upper_floor"),
        (replace(TRAY, upper_floor="RH/1"), "upper_floor"),
        (replace(TRAY, kind="ladder"), "kind"),
        (replace(TRAY, capacity=0), "capacity"),
        (replace(TRAY, wing="XX"), "wing"),
        (replace(TRAY, points=((float("nan"), 5.0), (1.0, 1.0))), "points"),
    ],
)
def test_an_impossible_route_is_refused_by_its_field(
    session: Session, values: RouteValues, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        cable_routes.add_route(session, SYSTEM, values)

    assert caught.value.problems[0].field == field


@pytest.mark.usefixtures("house")
def test_a_taken_code_and_an_older_version_are_refused(session: Session) -> None:
    made = cable_routes.add_route(session, SYSTEM, TRAY)
    with pytest.raises(InvalidInput, match="taken"):
        cable_routes.add_route(session, SYSTEM, replace(TRAY, code=made.code))
    ref, version = str(made.public_id), made.version

    changed = cable_routes.edit_route(session, SYSTEM, ref, replace(TRAY, capacity=24), version)

    assert (changed.capacity, changed.version) == (24, version + 1)
    with pytest.raises(Conflict):
        cable_routes.edit_route(session, SYSTEM, ref, TRAY, version)
    with pytest.raises(Conflict):
        cable_routes.delete_route(session, SYSTEM, ref, version)


def test_a_route_of_another_wing_is_not_there(session: Session, house: House) -> None:
    made = add_route(session, house.ground, wing_id=house.west.id)
    stranger = make_actor("planner", house.building.id, house.east.id)

    assert cable_routes.list_on_floor(session, stranger, house.ground) == []
    with pytest.raises(NotFound):
        cable_routes.find_route(session, stranger, str(made.public_id))


@pytest.mark.parametrize("points", [((1.0, 2.5),), ((0.1, 1 / 3), (-4.0, 5.0))])
def test_corners_read_back_as_they_were_written(points: tuple[tuple[float, float], ...]) -> None:
    for read in (read_points(write_points(points, ",")), read_course(write_course(points))):
        assert shapely.MultiPoint(read).equals_exact(shapely.MultiPoint(points), 1e-9)


def test_a_run_is_as_long_as_its_way_with_drops_and_slack(
    session: Session, house: House, run: CableRun, parts: WayParts
) -> None:
    assert cable_ways.find_run_way(session, parts, run) is None
    route = cable_routes.add_route(session, SYSTEM, replace(TRAY, capacity=1))

    way = cable_ways.find_run_way(session, parts, run)

    assert isinstance(way, Way)
    tray_m = house.ground.height_m - 0.3
    drops_m = abs(tray_m - cable_ways.CABINET_HEIGHT_M) + abs(tray_m - 2.7)
    assert way.length_m == pytest.approx((9 + drops_m) * 1.1 + 2)
    listed = cable_ways.find_listed(session, parts, route)
    assert listed.length_m == pytest.approx(11.0)
    assert (listed.filled, listed.laid) == (1, 0)
    assert not listed.is_overfull
    assert [item.label for item in cable_ways.list_along(session, parts, route)] == ["C1"]


def test_a_way_is_reckoned_anew_when_its_tray_moves(
    session: Session, run: CableRun, parts: WayParts
) -> None:
    route = cable_routes.add_route(session, SYSTEM, TRAY)
    before = cable_ways.find_run_way(session, parts, run)
    detour = replace(TRAY, points=((1.0, 5.0), (1.0, 1.0), (10.0, 1.0), (10.0, 5.0)))

    cable_routes.edit_route(session, SYSTEM, str(route.public_id), detour, route.version)

    after = cable_ways.find_run_way(session, parts, run)
    assert isinstance(before, Way)
    assert isinstance(after, Way)
    assert after.in_line_m == pytest.approx(before.in_line_m + 8)


def test_a_run_without_ends_says_what_is_missing(
    session: Session, run: CableRun, parts: WayParts
) -> None:
    cable_routes.add_route(session, SYSTEM, TRAY)
    assert run.distributor is not None
    loose = add_cable_run(session, run.distributor, "C2")
    session.commit()

    way = cable_ways.find_run_way(session, parts, loose)

    assert isinstance(way, NoWay)
    assert "far end is open" in str(way.message)


def test_lengths_of_open_runs_are_taken_over_and_those_pulled_stay(
    session: Session, run: CableRun, parts: WayParts
) -> None:
    cable_routes.add_route(session, SYSTEM, TRAY)
    assert run.distributor is not None
    pulled = add_cable_run(session, run.distributor, "C3", access_point=run.access_point)
    pulled.state = "pulled"
    add_cable_run(session, run.distributor, "C4")
    session.commit()
    found = cable_lengths.list_proposals(session, SYSTEM, parts)
    assert [(item.label, item.is_new) for item in found] == [("C1", True), ("C4", False)]

    selected = [Selected(str(item.public_id), item.run.version) for item in found]
    selected.append(Selected(str(pulled.public_id)))
    result = cable_lengths.take_lengths(session, SYSTEM, parts, selected)

    assert [row.label for row in result.changed] == ["C1"]
    assert len(result.refused) == 2
    session.refresh(run)
    assert run.length_planned_m == found[0].length_m
    assert [item.is_new for item in cable_lengths.list_proposals(session, SYSTEM, parts)] == [
        False,
        False,
    ]
    again = cable_lengths.take_lengths(session, SYSTEM, parts, selected[:1])
    assert "changed" in str(again.refused[0].problems[0].message)


def test_the_ways_of_many_runs_are_asked_for_once(
    database: Database, session: Session, house: House, run: CableRun, parts: WayParts
) -> None:
    cable_routes.add_route(session, SYSTEM, TRAY)
    assert run.distributor is not None
    for number in range(20):
        add_cable_run(session, run.distributor, f"D{number}")
    session.commit()
    with keep_statements(session) as asked:
        assert len(cable_lengths.list_proposals(session, SYSTEM, parts)) == 21
    assert len(asked) < 10, asked
    session.rollback()
    with database.reading() as reader:
        cable_ways.find_ways(reader, parts, house.building.id)
        with keep_statements(reader) as asked:
            assert cable_ways.find_ways(reader, parts, house.building.id)
    assert asked == []


def test_a_table_brings_routes_and_leaves_them_as_they_were(session: Session, house: House) -> None:
    stranger = make_actor("planner", house.building.id, house.east.id)

    def load(text: str | bytes, actor: Actor = SYSTEM) -> ImportResult:
        data = text.encode() if isinstance(text, str) else text
        return tables.import_table(session, actor, "cable_routes", TableUpload("x.csv", data))

    made = load(
        "Kennung;Art;Geschoss;oberes Geschoss;Verlauf WKT;Platz für Kabel\n"
        "T1;Kabeltrasse;RH/0;;LINESTRING (1 5, 12.25 5);24\n"
        "R1;Steigschacht;RH/0;RH/1;POINT (1 5);\n"
    )
    assert (made.errors, made.count("created")) == ((), 2)
    tray = cable_routes.find_route(session, SYSTEM, "T1")
    assert (tray.wing_id, tray.capacity, tray.line.length) == (house.west.id, 24, 11.25)

    same = load(tables.export_table(session, SYSTEM, "cable_routes", "csv"))
    assert (same.errors, same.count("unchanged")) == ((), 2)
    wrong = load(
        "code;kind;floor;upper_floor;line_wkt\n"
        "T2;tray;RH/0;;\nT3;tray;RH/0;RH/1;LINESTRING (0 0, 1 1)\nT4;riser;RH/0;RH/7;POINT (1 1)\n"
        "T5;riser;RH/0;RH/1;LINESTRING (0 0, 1 1)\nT6;tray;RH/0;;POLYGON ((0 0, 1 1, 1 0, 0 0))\n"
    )
    assert [(each.row, each.field) for each in wrong.errors] == [
        (1, "line_wkt"),
        (2, "upper_floor"),
        (3, "upper_floor"),
        (4, "line_wkt"),
        (5, "line_wkt"),
    ]
    assert [each.field for each in load("code;floor\nT1;RH/0\n", stranger).errors] == ["code"]


def test_storeys_stand_on_one_another(session: Session, house: House) -> None:
    add_route(session, house.ground, line=shapely.LineString([(0, 0), (5, 0)]))
    floors = [house.ground, house.first]

    low, high = cable_ways.list_storeys(floors)

    assert high.elevation_m - low.elevation_m == pytest.approx(
        house.ground.height_m
        if house.first.elevation_m is None
        else house.first.elevation_m - (house.ground.elevation_m or 0.0)
    )
