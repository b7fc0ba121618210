from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from tests.factories.places import add_building, add_floor, add_wing
from wlantrack.rollout.progress import find_stage
from wlantrack.services import city
from wlantrack.services.actor import SYSTEM
from wlantrack.services.city import CityFilter
from wlantrack.services.results import ResultCache
from wlantrack.store.models.networks import Ssid, SsidScope, Vlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.places import Building
    from wlantrack.store.session import Database


@pytest.mark.parametrize(
    ("counts", "stage"),
    [
        ((0, 0, 0), "open"),
        ((3, 0, 0), "planned"),
        ((3, 1, 0), "under way"),
        ((3, 2, 1), "partly live"),
        ((3, 0, 1), "partly live"),
        ((3, 0, 3), "live"),
    ],
)
def test_a_buildings_stage_follows_from_its_counts(
    counts: tuple[int, int, int], stage: str
) -> None:
    assert find_stage(*counts).key == stage


def fill(session: Session, code: str, *states: str, **values: object) -> Building:
    building = add_building(session, code, **values)
    floor = add_floor(session, building)
    for number, state in enumerate(states):
        add_access_point(session, floor, f"{code}-{number}", state=state)
    return building


def put_on_air(session: Session, network_class: str, **scope: object) -> None:
    code = f"{network_class}-{len(scope)}"
    vlan = Vlan(code=code, vid=10, network_class=network_class)
    session.add(vlan)
    session.flush()
    ssid = Ssid(
        code=code,
        name=code,
        network_class=network_class,
        vlan_id=vlan.id,
        security="owe",
        state="on air",
    )
    session.add(ssid)
    session.flush()
    session.add(SsidScope(ssid_id=ssid.id, **scope))
    session.flush()


def view_city(session: Session, actor: Actor, narrow: CityFilter) -> city.City:
    return city.view_city(session, actor, narrow, ResultCache())


def codes(view: city.City) -> list[str]:
    return [building.row.code for building in view.buildings]


def test_map_and_list_show_every_building_with_stage_and_place(database: Database) -> None:
    outline = shapely.box(513_000, 5_402_000, 513_030, 5_402_020)
    with database.writing(SYSTEM.audit()) as session:
        fill(session, "A", "in operation", "planned", footprint=outline)
        fill(session, "B", origin_easting_m=513_100.0, origin_northing_m=5_402_000.0)
        fill(session, "C", "faulty", "removed")
        view = view_city(session, SYSTEM, CityFilter())
    assert [(b.row.code, b.stage.key, b.is_on_map) for b in view.buildings] == [
        ("A", "partly live", True),
        ("B", "open", True),
        ("C", "open", False),
    ]
    assert (view.total, view.unplaced) == (3, 1)
    assert view.buildings[0].shape == outline
    assert view.buildings[1].shape == shapely.Point(513_100, 5_402_000)
    assert {stage.key: count for stage, count in view.count_stages()}["open"] == 2


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        (CityFilter(words="ÖFFENTLICHE bib"), ["BIB"]),
        (CityFilter(words="marktplatz"), ["RH"]),
        (CityFilter(stage="live"), ["BIB"]),
        (CityFilter(public="yes"), ["BIB", "RH"]),
        (CityFilter(public="no"), ["LAGER"]),
        (CityFilter(priority=1), ["RH"]),
        (CityFilter(public="yes", priority=3), ["BIB"]),
        (CityFilter(words="nothing like it"), []),
    ],
)
def test_filters_narrow_together(
    database: Database, narrow: CityFilter, expected: list[str]
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        fill(session, "RH", "planned", address="Marktplatz 1", is_public=True, priority=1)
        fill(session, "BIB", "accepted", name="Öffentliche Bibliothek", is_public=True)
        fill(session, "LAGER")
        view = view_city(session, SYSTEM, narrow)
    assert (codes(view), view.total) == (expected, 3)


def test_networks_are_on_air_only_where_something_is_live(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        live, planned = fill(session, "A", "in operation"), fill(session, "B", "planned")
        put_on_air(session, "visitor", building_id=live.id)
        put_on_air(session, "internal", building_id=planned.id, is_excluded=False)
        view = view_city(session, SYSTEM, CityFilter())
        assert [building.networks for building in view.buildings] == [("visitor",), ()]
        assert codes(view_city(session, SYSTEM, CityFilter(network="visitor"))) == ["A"]
        assert codes(view_city(session, SYSTEM, CityFilter(network="internal"))) == []


def test_whoever_may_not_see_internal_networks_learns_of_none(database: Database) -> None:
    viewer = make_actor("viewer")
    with database.writing(SYSTEM.audit()) as session:
        building = fill(session, "A", "in operation")
        put_on_air(session, "internal", floor_id=building.floors[0].id)
        assert view_city(session, SYSTEM, CityFilter()).buildings[0].networks == ("internal",)
        view = view_city(session, viewer, CityFilter(network="internal"))
    assert codes(view) == []
    assert city.visible_classes(viewer) == ("visitor",)


def test_counts_and_buildings_respect_the_scope(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        mine, floor_of = add_building(session, "A"), {}
        west = add_wing(session, mine, "WE")
        floor_of["A"] = add_floor(session, mine)
        add_access_point(session, floor_of["A"], "A-1", wing_id=west.id, state="in operation")
        add_access_point(session, floor_of["A"], "A-2", state="planned")
        fill(session, "B", "planned")
        view = view_city(session, make_actor("planner", mine.id, west.id), CityFilter())
    assert codes(view) == ["A"]
    assert view.total == 1
    counts = view.buildings[0].counts
    assert (counts.planned, counts.live) == (1, 1)
