"""Tables of places, catalogue and demand: both ways unchanged, and refused by row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import shapely

from tests.factories.demand import add_clutter, add_group, add_zone, find_profile
from tests.factories.people import make_actor
from tests.factories.places import House, add_room
from wlantrack.errors import NotAllowed
from wlantrack.services import tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import demand as demand_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor

NEW_KINDS = (
    "access_point_models",
    "buildings",
    "client_profiles",
    "clutter_zones",
    "floors",
    "materials",
    "requirements",
    "room_groups",
    "wings",
    "zones",
)


def run(session: Session, kind: str, text: str, actor: Actor = SYSTEM) -> ImportResult:
    return tables.import_table(session, actor, kind, TableUpload("list.csv", text.encode()))


def told(result: ImportResult) -> list[tuple[int | None, str | None]]:
    return [(problem.row, problem.field) for problem in result.errors]


@pytest.fixture
def full(session: Session, house: House) -> House:
    """Give the house with something of every kind."""
    house.building.origin_easting_m, house.building.origin_northing_m = 513041.9, 5402437.4
    house.building.footprint = shapely.box(513041.9, 5402437.4, 513081.9, 5402457.4)
    house.ground.elevation_m = 0.1 + 0.2
    room = add_room(session, house.ground, "1 a", use="meeting", wing_id=house.west.id)
    other = add_room(session, house.first, "201")
    add_group(session, house.building, room, other)
    add_zone(session, house.ground, client_profile_id=find_profile(session).id)
    add_zone(
        session, house.first, outline=shapely.box(0.1, 0.2, 1 / 3, 9), network_class="internal"
    )
    add_clutter(session, house.ground)
    add_clutter(session, house.ground, name="")
    session.commit()
    return house


@pytest.mark.on_both
@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("kind", NEW_KINDS)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_imports_unchanged(session: Session, kind: str, suffix: str) -> None:
    data = tables.export_table(session, SYSTEM, kind, suffix)
    result = tables.import_table(session, SYSTEM, kind, TableUpload(f"x.{suffix}", data))

    assert result.errors == ()
    assert (result.count("created"), result.count("updated")) == (0, 0)
    assert result.count("unchanged") > 0


def test_places_arrive_with_german_heads(session: Session) -> None:
    run(session, "buildings", "Kürzel;Bezeichnung;öffentlich;Priorität\nKH;Kulturhaus;ja;2\n")
    run(session, "wings", "Gebäude;Flügel\nKH;N\n")
    result = run(
        session, "floors", "Gebäude;Ebene;Geschosshöhe m;Höhenlage m\nKH;0;3,5;0\nKH;1;;3,5\n"
    )

    assert result.count("created") == 2
    building = place_queries.get_building_by_code(session, "KH")
    assert building is not None
    assert (building.name, building.is_public, building.priority) == ("Kulturhaus", True, 2)
    assert [(w.code, w.name) for w in building.wings] == [("N", "N")]
    assert [(f.name, f.height_m) for f in building.floors] == [("EG", 3.5), ("1. OG", 3.0)]


@pytest.mark.usefixtures("house")
def test_floors_may_all_rise_at_once_but_never_cross(session: Session) -> None:
    run(session, "floors", "building;level;elevation_m\nRH;0;0\nRH;1;3\n")
    raised = run(session, "floors", "building;level;elevation_m\nRH;0;10\nRH;1;13\n")
    assert raised.errors == ()
    crossed = run(session, "floors", "building;level;elevation_m\nRH;0;20\n")
    assert told(crossed) == [(1, "elevation_m")]


def test_demand_arrives_by_codes(session: Session, house: House) -> None:
    room = add_room(session, house.ground, "101", use="council")
    session.commit()
    assert not run(session, "requirements", "code;signal_dbm\nstrict;-60\n").errors
    assert not run(session, "client_profiles", "code;offset_5_db\npad;4\n").errors
    zones = run(
        session,
        "zones",
        "Geschoss;Zone;Netz;Anforderung;Gerät;Nutzung der Räume\nRH/0;A;LHS;strict;pad;Sitzungssaal\n",
    )
    assert not zones.errors
    groups = run(session, "room_groups", "building;code;rooms\nRH;FR;RH/0 101\n")
    assert not groups.errors
    (zone,) = demand_queries.list_zones(session, house.ground.id)
    assert (zone.network_class, zone.room_use, zone.requirement.code) == (
        "internal",
        "council",
        "strict",
    )
    (group,) = demand_queries.list_groups(session, None)
    assert [member.room_id for member in group.members] == [room.id]
    emptied = run(session, "room_groups", "building;code;rooms\nRH;FR;\n")
    assert emptied.outcomes[0].changed == ("rooms",)


def test_the_catalogue_arrives_with_layers_and_radios(session: Session) -> None:
    materials = run(
        session,
        "materials",
        "code;layers;measured_db_24;measured_db_5;measured_db_6\n"
        "wall-a;brick 0,24 | plasterboard 0.0125;;;\nwall-b;;3;5;6\n",
    )
    models = run(session, "access_point_models", "code;radios\nap-x;2,4/17/3/2 | 5/20/5,5/4\n")
    assert (materials.errors, models.errors) == ((), ())
    stored = wall_queries.get_materials_by_code(session)["wall-a"]
    assert stored.layers == [["brick", 0.24], ["plasterboard", 0.0125]]
    model = next(m for m in point_queries.list_models(session) if m.code == "ap-x")
    assert [(r.band, r.max_power_dbm, r.gain_dbi, r.streams) for r in model.radios] == [
        ("2.4", 17.0, 3.0, 2),
        ("5", 20.0, 5.5, 4),
    ]


@pytest.mark.on_both
@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("kind", "text", "errors"),
    [
        ("buildings", "code;priority\nX Y;2\nKH;9\n", [(1, "code"), (2, "priority")]),
        ("buildings", "code;origin_easting_m\nRH;5\n", [(1, "origin_northing_m")]),
        ("buildings", "code;footprint_wkt\nRH;POINT (1 2)\n", [(1, "footprint_wkt")]),
        ("buildings", f"code;footprint_wkt\nRH;{'ä' * 500}\n", [(1, "footprint_wkt")]),
        ("wings", "building;code\nXX;A\nRH;A\nRH;A\n", [(1, "building"), (3, "code")]),
        ("floors", "building;level;slab_material\nRH;2;cheese\n", [(1, "slab_material")]),
        ("zones", "floor;code;room_use\nRH/0;A;office\n", [(1, "requirement")]),
        ("zones", "floor;code;requirement\nRH/0;A;basic\n", [(1, "room_use")]),
        ("zones", "floor;code;requirement;device;room_use\nRH/0;A;basic;tin;office\n",
         [(1, "device")]),
        ("requirements", "code;snr_db\nx;\ny;-4\n", [(1, "signal_dbm"), (2, "snr_db")]),
        ("client_profiles", "code;has_24;has_5\nx;no;no\n", [(1, "has_5")]),
        ("clutter_zones", "floor;name\nRH/0;A\n", [(1, "outline")]),
        ("clutter_zones", "floor;id\nRH/0;7\n", [(1, "id")]),
        ("room_groups", "building;code;rooms\nRH;FR;RH/0 999\n", [(1, "rooms")]),
        ("materials", "code;layers\nx;cheese 0.1\ny;\n", [(1, "layers"), (2, "layers")]),
        ("access_point_models", "code;radios\nx;5/99/1/1\ny;\nz;5/20\n",
         [(1, "radios"), (2, "radios"), (3, "radios")]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_row_and_column(
    session: Session, kind: str, text: str, errors: list[tuple[int, str]]
) -> None:
    assert told(run(session, kind, text)) == errors


def test_scopes_and_roles_hold_for_every_table(session: Session, full: House) -> None:
    elsewhere = make_actor("planner", full.building.id + 1)
    for kind in ("buildings", "wings", "floors", "zones", "clutter_zones", "room_groups"):
        text = tables.export_table(session, elsewhere, kind).decode("utf-8-sig")
        assert len(text.splitlines()) == 1
    assert told(run(session, "buildings", "code;name\nRH;Mine\n", elsewhere)) == [(1, "code")]
    assert told(run(session, "wings", "building;code\nRH;X\n", elsewhere)) == [(1, "building")]
    zone = "floor;code;requirement;room_use\nRH/0;Q;basic;office\n"
    assert told(run(session, "zones", zone, elsewhere)) == [(1, "floor")]
    manager = make_actor("manager")
    for kind in ("materials", "access_point_models", "requirements", "client_profiles"):
        with pytest.raises(NotAllowed):
            run(session, kind, "code\nx\n", manager)
    facility = tables.export_table(session, make_actor("facility"), "zones").decode("utf-8-sig")
    assert "visitor" in facility
    assert "internal" not in facility
