from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import geopandas
import pytest
import shapely

from tests.factories.people import make_actor
from tests.factories.places import add_building, add_wing
from wlantrack.errors import InvalidInput, NotAllowed
from wlantrack.formats.footprints import FootprintOptions
from wlantrack.services import footprints
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.footprints import FootprintUpload
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from pathlib import Path

    from wlantrack.services.footprints import FootprintResult
    from wlantrack.store.models.places import Building
    from wlantrack.store.session import Database

CRS = "EPSG:25832"
HOUSE = shapely.box(513_000, 5_402_000, 513_030, 5_402_020)
NEXT_DOOR = shapely.box(513_030, 5_402_000, 513_060, 5_402_020)


def write_file(folder: Path, ending: str, crs: str | None = CRS, **columns: list[object]) -> bytes:
    """Write the outlines of two houses side by side in some format."""
    frame = geopandas.GeoDataFrame(columns, geometry=[HOUSE, NEXT_DOOR], crs=CRS)
    if crs != CRS:
        frame = frame.to_crs(crs) if crs else frame
    path = folder / f"houses.{'shp' if ending == 'zip' else ending}"
    frame.to_file(path)
    if ending != "zip":
        return path.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in folder.glob("houses.*"):
            if crs is not None or part.suffix != ".prj":
                archive.write(part, f"export/{part.name}")
    return packed.getvalue()


def write_geojson(*geometries: object, **properties: str) -> bytes:
    features = [
        {"type": "Feature", "geometry": geometry, "properties": properties}
        for geometry in geometries
    ]
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    document = {"type": "FeatureCollection", "crs": named, "features": features}
    return json.dumps(document).encode()


def run(
    database: Database,
    data: bytes,
    *,
    actor: Actor = SYSTEM,
    is_dry_run: bool = False,
    is_creating: bool = False,
    **options: str,
) -> FootprintResult:
    upload = FootprintUpload("houses", data, FootprintOptions(**options), is_creating)
    with database.writing(actor.audit()) as session:
        return footprints.import_footprints(session, actor, upload, CRS, is_dry_run=is_dry_run)


def load(database: Database) -> dict[str, Building]:
    with database.reading() as session:
        return {item.code: item for item in queries.list_whole_buildings(session, None)}


def add(database: Database, code: str, **values: float) -> None:
    with database.writing(SYSTEM.audit()) as session:
        add_building(session, code, **values)
        session.commit()


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "zip"])
def test_outlines_find_their_buildings_by_code_and_come_again_unchanged(
    database: Database, tmp_path: Path, ending: str
) -> None:
    add(database, "A")
    add(database, "B")
    crs = "EPSG:4326" if ending == "geojson" else CRS
    data = write_file(tmp_path, ending, crs, code=["A", "B"])
    tried = run(database, data, is_dry_run=True)
    assert (tried.count("updated"), load(database)["A"].footprint) == (2, None)
    assert run(database, data).count("updated") == 2
    found = load(database)["A"].footprint
    assert found is not None
    assert found.hausdorff_distance(HOUSE) < 0.002
    versions = {code: building.version for code, building in load(database).items()}
    assert run(database, data).count("unchanged") == 2
    assert {code: building.version for code, building in load(database).items()} == versions


@pytest.mark.parametrize("ending", ["zip"])
def test_a_missing_coordinate_system_is_asked_for(
    database: Database, tmp_path: Path, ending: str
) -> None:
    data = write_file(tmp_path, ending, None, code=["A", "B"])
    with pytest.raises(InvalidInput, match="in which coordinate system"):
        run(database, data)
    with pytest.raises(InvalidInput, match="This coordinate system is unknown"):
        run(database, data, crs="EPSG:0")
    assert run(database, data, crs=CRS, is_creating=True).count("created") == 2


def test_outlines_without_code_find_a_building_by_where_it_lies(
    database: Database, tmp_path: Path
) -> None:
    corner = {"origin_easting_m": 513_001.0, "origin_northing_m": 5_402_001.0}
    add(database, "ORIGIN", **corner)
    with database.writing(SYSTEM.audit()) as session:
        winged = add_building(
            session, "WINGED", origin_easting_m=513_031.0, origin_northing_m=5_402_000.0
        )
        add_wing(session, winged, outline=shapely.box(0, 0, 28, 20))
        session.commit()
    result = run(database, write_file(tmp_path, "gpkg", fid_old=[7, 8]))
    assert [(item.code, item.matched_by) for item in result.outcomes] == [
        ("ORIGIN", "origin"),
        ("WINGED", "overlap"),
    ]
    again = run(database, write_file(tmp_path, "gpkg", fid_old=[7, 8]))
    assert again.count("unchanged") == 2


def test_outlines_of_no_building_are_left_out_or_made_into_one(
    database: Database, tmp_path: Path
) -> None:
    data = write_file(tmp_path, "gpkg", kuerzel=["A", "B"], titel=["Haus A", "Haus B"])
    assert run(database, data).count("unmatched") == 2
    assert load(database) == {}
    made = run(database, data, is_creating=True, name_column="titel")
    assert made.count("created") == 2
    assert load(database)["B"].name == "Haus B"


def test_parts_of_one_building_become_one_footprint(database: Database, tmp_path: Path) -> None:
    add(database, "A")
    result = run(database, write_file(tmp_path, "gpkg", code=["A", "A"]))
    assert [item.rows for item in result.outcomes] == [(1, 2)]
    footprint = load(database)["A"].footprint
    assert footprint is not None
    assert footprint.area == pytest.approx(1200.0)


def test_one_bad_feature_keeps_all_out_and_is_named(database: Database) -> None:
    add(database, "A")
    good, point = shapely.geometry.mapping(HOUSE), {"type": "Point", "coordinates": [1, 2]}
    result = run(database, write_geojson(good, point, code="A"))
    assert [(problem.row, problem.field) for problem in result.errors] == [(2, "geometry")]
    assert load(database)["A"].footprint is None


def test_the_rest_is_imported_once_somebody_leaves_the_bad_ones_out(database: Database) -> None:
    for code in ("A", "B"):
        add(database, code)
    good, point = shapely.geometry.mapping(HOUSE), {"type": "Point", "coordinates": [1, 2]}
    document = json.loads(write_geojson(good, point, code="A"))
    document["features"][1]["properties"]["code"] = "B"
    data = json.dumps(document).encode()
    seen = run(database, data, is_dry_run=True)
    assert (seen.bad_rows, seen.count("updated")) == ((2,), 1)

    upload = FootprintUpload("houses", data, left_out=frozenset(seen.bad_rows))
    with database.writing(SYSTEM.audit()) as session:
        result = footprints.import_footprints(session, SYSTEM, upload, CRS)

    assert (result.errors, result.count("updated")) == ((), 1)
    assert load(database)["A"].footprint is not None
    assert load(database)["B"].footprint is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"MZ no map", "neither GeoPackage"),
        (b"{}", "GeoJSON cannot be read"),
        (b'{"features": 5}', "GeoJSON cannot be read"),
        (b"PK\3\4 broken", "ZIP archive cannot be read"),
        (b"SQLite format 3\0" + bytes(200), "cannot be read|broke off"),
        (b"[" * 100_000, "neither GeoPackage"),
        (b'{"features":' + b"[" * 100_000, "GeoJSON cannot be read"),
    ],
)
def test_what_is_no_map_is_refused_in_words(database: Database, data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        run(database, data)


def test_coordinates_of_another_system_are_noticed(database: Database) -> None:
    huge = shapely.geometry.mapping(shapely.box(0, 0, 400_000, 400_000))
    result = run(database, write_geojson(huge, code="A"), is_creating=True)
    assert "coordinate system is another" in str(result.errors[0])


def test_who_may_not_edit_a_building_changes_none(database: Database, tmp_path: Path) -> None:
    add(database, "A")
    add(database, "B")
    data = write_file(tmp_path, "gpkg", code=["A", "B"])
    neighbour = make_actor("planner", load(database)["A"].id)
    result = run(database, data, actor=neighbour, is_creating=True)
    assert [problem.row for problem in result.errors] == [2]
    assert load(database)["A"].footprint is None
    with pytest.raises(NotAllowed):
        run(database, data, actor=make_actor("viewer"))


def test_a_column_that_is_not_there_is_answered_with_those_that_are(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(InvalidInput, match="Use one of: kuerzel"):
        run(database, write_file(tmp_path, "gpkg", kuerzel=["A", "B"]), code_column="code")
