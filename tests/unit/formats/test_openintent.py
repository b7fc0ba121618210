from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.factories.projects import OPENINTENT
from tests.samples import samples_folder
from wlantrack.errors import InvalidInput
from wlantrack.formats.openintent import read_openintent

if TYPE_CHECKING:
    from wlantrack.formats.projects import Project


def read(*texts: str) -> Project:
    return read_openintent([(f"{n}.yaml", text.encode()) for n, text in enumerate(texts)])


def refusal_of(*texts: str) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(*texts)
    return str(caught.value)


def check_small_project(project: Project) -> None:
    (floor,) = project.floors
    assert (floor.name, floor.building, floor.level, floor.height_m) == ("Halle", "Werk", 2, 4.0)
    assert (floor.width_m, floor.length_m) == (20.0, 10.0)
    assert [(w.x1_m, w.y1_m, w.x2_m, w.y2_m) for w in project.walls] == [
        (5, 1, 5, 9),
        (15, 1, 15, 9),
    ]
    (point,) = project.access_points
    assert (point.x_m, point.y_m, point.height_m) == (5.0, 2.0, 3.0)
    assert (point.azimuth_deg, point.downtilt_deg, point.serial) == (90.0, 10.0, "S1")


def test_a_stream_of_documents_is_one_project() -> None:
    check_small_project(read(OPENINTENT))


def test_several_files_are_one_project() -> None:
    check_small_project(read(*OPENINTENT.split("---\n")))


def test_the_same_project_as_json_is_the_same() -> None:
    documents = [json.dumps(document) for document in yaml.safe_load_all(OPENINTENT)]
    check_small_project(read(*documents))


def test_walls_lose_what_their_material_says_or_what_its_name_computes() -> None:
    losses = {kind.name: kind.loss_db for kind in read(OPENINTENT).wall_types}
    assert losses["Trennwand"] == (3.5, 3.5, 3.5)
    assert losses["brick"] == (6.45, 7.19, 7.28)


def test_a_wall_of_an_unknown_name_is_assumed_and_told() -> None:
    project = read(OPENINTENT.replace("wall_type: brick", "wall_type: Geheimnis"))
    assert "assumed" in str(project.warnings[0])
    assert project.wall_types[-1].loss_db == (4.0, 4.0, 4.0)


def test_power_is_per_chain_or_as_radiated() -> None:
    first, second = read(OPENINTENT).access_points[0].radios
    assert (first.power_dbm, first.gain_dbi, first.width_mhz) == (14.01, 4.0, 40)
    assert (second.power_dbm, second.is_enabled) == (12.0, False)


def test_pixels_without_a_size_in_pixels_give_no_place() -> None:
    project = read(OPENINTENT.replace("{length: 200, width: 400, unit: pixels}", "{}"))
    assert project.access_points[0].floor is None
    assert "no place" in str(project.warnings[0])


def test_broken_yaml_names_the_line() -> None:
    told = refusal_of("name: a\ndimensions:\n  - length: 1\n   width: 2\n")
    assert "0.yaml:4" in told
    assert "no valid YAML" in told
    assert "0.json" not in told


def test_broken_json_names_the_line() -> None:
    assert "0.yaml:2" in refusal_of('{"name": "a",\n "x": }')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &a [x]\nb: [*a, *a]\n", "aliases"),
        ("a: !!python/object/apply:os.system [ls]\n", "no valid YAML"),
        ("- " * 200 + "1", "nests"),
        ("a: " + "{a: " * 100 + "1" + "}" * 100, "nests"),
        ("just words", "no floor plan"),
        ("- 1\n- 2\n", "no floor plan"),
        ("$schema: x\nname: y\n", "definition"),
        ("\x01", "YAML"),
        ("name: 2020-99-99\ndimensions: []\nx: 2020-99-99", "YAML"),
    ],
)
def test_what_is_no_project_or_would_do_harm_is_refused(text: str, told: str) -> None:
    assert told in refusal_of(text)


def test_the_samples_of_the_format_are_read() -> None:
    folder = samples_folder("openintent")
    names = [
        "openintent-building-floorplan-testing.yaml",
        "openintent-wifi-accesspoints-testing.yaml",
    ]
    project = read_openintent([(name, (folder / name).read_bytes()) for name in names])
    assert [floor.name for floor in project.floors] == [f"floor-0{n}" for n in (1, 2, 3, 4)]
    assert {(floor.width_m, floor.length_m) for floor in project.floors} == {(102.0, 101.0)}
    assert len(project.walls) == 2
    assert [point.name for point in project.access_points] == ["ap_0001", "ap_0002"]
    broken = "openintent-wifi-accesspoints.yaml"
    with pytest.raises(InvalidInput, match=f"{broken}:111"):
        read_openintent([(broken, (folder / broken).read_bytes())])
