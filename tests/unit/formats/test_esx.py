from __future__ import annotations

import io
import json
import zipfile

import pytest

from tests.factories.projects import make_project, write_esx
from tests.samples import samples_folder
from wlantrack.errors import InvalidInput
from wlantrack.formats import wire
from wlantrack.formats.esx import read_esx
from wlantrack.formats.esx_reader import read_project
from wlantrack.formats.projects import Project

SCHEMAS = ["1.4.0", "1.5.0", "1.8.0"]
SAMPLES = ["hospital_floor.esx", "small_office_schema14.esx", "tiny_schema18.esx"]


def refusal_of(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_esx(data, file="plan.esx")
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def zipped(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return buffer.getvalue()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_every_schema_gives_the_same_walls_and_access_points(schema: str) -> None:
    project = read_esx(write_esx(make_project(schema)))
    assert (project.version, project.name) == (schema, "Kleines Haus")
    first = project.walls[0]
    assert (first.x1_m, first.y1_m, first.x2_m, first.y2_m) == (5.0, 9.0, 5.0, 1.0)
    assert [(p.name, p.x_m, p.y_m) for p in project.access_points] == [
        ("AP-1", 5.0, 5.0),
        ("AP-2", 15.0, 2.5),
    ]
    assert project.warnings == ()


def test_a_floor_knows_its_storey_and_its_slab() -> None:
    (floor,) = read_esx(write_esx()).floors
    assert (floor.building, floor.level, floor.height_m) == ("Kleines Haus", 0, 3.4)
    assert (floor.width_m, floor.length_m) == (20.0, 10.0)
    assert floor.slab is not None
    assert floor.slab.loss_db == (15.0, 20.0, 22.0)
    assert floor.picture is not None


def test_old_walls_have_decibels_and_new_ones_decibels_per_metre() -> None:
    old = read_esx(write_esx(make_project("1.4.0"))).wall_types[0]
    new = read_esx(write_esx(make_project("1.5.0"))).wall_types[0]
    assert old.loss_db == (10.0, 10.0, 10.0)
    assert new.loss_db == (8.0, 10.0, 12.0)
    assert read_esx(write_esx()).wall_types[1].top_m == 1.1


def test_channel_five_is_of_two_bands_and_the_file_does_not_say_which() -> None:
    first, second = read_esx(write_esx()).access_points
    assert [(r.band, r.channel, r.width_mhz) for r in first.radios] == [
        ("2.4", 1, 20),
        ("5", 36, 40),
        ("6", 5, 20),
    ]
    assert first.other_radios == 1
    assert [(r.band, r.channel, r.width_mhz) for r in second.radios] == [("5", 44, 40)]


def test_direction_mount_and_tilt_come_along_and_tilt_counts_down() -> None:
    second = read_esx(write_esx()).access_points[1]
    assert (second.mount, second.azimuth_deg, second.downtilt_deg, second.height_m) == (
        "wall",
        270.0,
        15.0,
        2.2,
    )


def test_requirements_take_five_gigahertz_before_others() -> None:
    tables = make_project()
    criteria = tables["requirements"][0]["criteria"]
    criteria += [
        {"type": "SIGNAL_STRENGTH", "frequencyBand": "FIVE", "value": -67.0},
        {"type": "SIGNAL_STRENGTH", "frequencyBand": "TWO", "value": -70.0},
    ]
    (requirement,) = read_esx(write_esx(tables)).requirements
    assert (requirement.signal_dbm, requirement.secondary_dbm, requirement.snr_db) == (-67, -75, 25)
    assert (requirement.access_point_count, requirement.access_point_dbm) == (2, -75.0)


def test_a_plan_without_scale_is_told_and_its_walls_have_no_place() -> None:
    tables = make_project()
    del tables["floorPlans"][0]["metersPerUnit"]
    project = read_esx(write_esx(tables))
    assert project.walls == ()
    assert [point.floor for point in project.access_points] == [None, None]
    assert "no scale" in str(project.warnings[0])


def test_an_access_point_without_a_place_is_kept_unplaced() -> None:
    tables = make_project()
    del tables["accessPoints"][0]["location"]
    project = read_esx(write_esx(tables))
    assert [point.floor for point in project.access_points] == [None, "plan-1"]


def test_what_cannot_be_used_is_left_out_and_named() -> None:
    tables = make_project()
    tables["wallPoints"][0]["location"]["coord"]["x"] = "far"
    tables["wallSegments"][1]["wallTypeId"] = "unknown"
    tables["antennaTypes"][1]["hplane"] = None
    tables["exclusionAreas"] = [{"id": "e"}]
    project = read_esx(write_esx(tables))
    assert [wall.key for wall in project.walls] == ["wall-3"]
    told = [str(warning) for warning in project.warnings]
    assert told[0] == "1 exclusion areas are not imported."
    assert sum("Left out" in line for line in told) == 3
    assert any("Sektor" in line for line in told)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"hello", "no ZIP"),
        (b"", "empty"),
        (zipped(a__txt=b"x"), "no floorPlans.json"),
        (zipped(floorPlans__json=b"{"), "damaged"),
        (zipped(floorPlans__json=b'{"floorPlans": 3}'), "holds no list"),
        (zipped(floorPlans__json=b"[" * 100_000), "damaged"),
        (write_esx()[:2000], "damaged"),
        (zipped(floorPlans__json=b'{"floorPlans": []}', bomb=bytes(400 * 1024 * 1024)), "unpacks"),
        (
            zipped(floorPlans__json=json.dumps({"floorPlans": [{}] * 300}).encode()),
            "plans",
        ),
    ],
)
def test_what_is_no_project_or_too_much_is_refused_in_words(data: bytes, told: str) -> None:
    assert told in refusal_of(data)


def test_a_member_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    data = bytearray(zipped(floorPlans__json=b" " * (70 * 1024 * 1024)))
    size = (70 * 1024 * 1024).to_bytes(4, "little")
    lied = data.replace(size, (100).to_bytes(4, "little"))
    assert refusal_of(bytes(lied))


@pytest.mark.parametrize("junk", [None, 3, "x", [], {}, [[]], [{}], [{"id": 1}], [{"id": None}]])
def test_no_table_of_junk_breaks_the_reader(junk: object) -> None:
    """Past the sandbox, but over its border: a process for each would show the same, slowly."""
    for name in make_project():
        if name == "floorPlans":
            continue
        tables = make_project()
        tables[name] = junk
        data = write_esx(tables)
        if isinstance(junk, list) or junk is None or name == "project":
            project = read_project(data)
            assert wire.decode(Project, wire.encode(project)).format == "esx"
        else:
            with pytest.raises(InvalidInput, match="holds no list") as caught:
                read_project(data)
            assert caught.value.problems[0].remedy is not None


@pytest.mark.parametrize("name", SAMPLES)
def test_real_projects_are_read_as_expected(name: str) -> None:
    folder = samples_folder("ekahau")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"][name]
    project = read_esx((folder / name).read_bytes(), file=name)
    assert project.version == expected["schema_version"]
    assert len(project.walls) == expected["walls"]["segments"]
    assert len(project.clutter) == expected["attenuation_areas"]
    assert len(project.areas) == expected["coverage_areas"]
    assert len(project.antennas) == expected["antenna_types"]
    radios = [radio for point in project.access_points if point.floor for radio in point.radios]
    assert sum(radio.is_enabled for radio in radios) == expected["radios"]["wifi_enabled"]
    assert sum(not radio.is_enabled for radio in radios) == expected["radios"]["wifi_disabled"]
    losses = {kind.key: kind.loss_db for kind in project.wall_types}
    for kind in expected["wall_types"]:
        assert losses[kind["id"]] == pytest.approx(tuple(kind["attenuation_db"].values()), abs=0.01)
    for plan, floor in zip(expected["floor_plans"], project.floors, strict=True):
        assert floor.width_m == pytest.approx(plan["width_m"], abs=1e-5)
        assert floor.length_m == pytest.approx(plan["height_m"], abs=1e-5)
    places = {point.key: (point.x_m, point.y_m) for point in project.access_points}
    for point in expected["first_access_points_by_id"]:
        assert places[point["id"]] == pytest.approx((point["x_m"], point["y_m"]), abs=1e-5)
    walls = {wall.key: wall for wall in project.walls}
    for segment in expected["first_wall_segments_by_id"]:
        wall = walls[segment["id"]]
        assert (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m) == pytest.approx(
            (*segment["start"].values(), *segment["end"].values()), abs=1e-5
        )
