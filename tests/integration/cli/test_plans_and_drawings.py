"""``import plan`` and ``import dxf``: pictures, walls and rooms of a floor."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from ezdxf.filemanagement import new
from PIL import Image

from tests.samples import ROOT
from wlantrack.services import catalog, places, plans, walls
from wlantrack.services.actor import SYSTEM
from wlantrack.services.walls import WallValues

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine, Ended
    from wlantrack.services.installation import Stores

OFFICE = ROOT / "floorplans" / "sample_office.dxf"
Line = tuple[float, float, float, float]


def draw(path: Path, lines: Sequence[Line], layer: str = "WALL") -> Path:
    """Write walls as double lines 0.12 m apart, in metres."""
    document = new("R2010", units=6)
    space = document.modelspace()
    for x1, y1, x2, y2 in lines:
        for shift in (-0.06, 0.06):
            space.add_line((x1, y1 + shift), (x2, y2 + shift), dxfattribs={"layer": layer})
    document.saveas(path)
    return path


def import_dxf(wt: CommandLine, path: Path, *options: object) -> Ended:
    return wt("import", "dxf", path, "--floor", "AA/1", "--json", *options)


def list_walls(stores: Stores) -> list[tuple[float, ...]]:
    with stores.database.reading() as session:
        floor = places.find_floor(session, SYSTEM, "AA/1").floor
        rows = walls.list_walls(session, SYSTEM, floor)
    return sorted((round(w.x1_m, 2), round(w.y1_m, 2), round(w.x2_m, 2)) for w in rows)


@pytest.fixture(autouse=True)
def floor(wt: CommandLine) -> None:
    wt("add", "floor", "AA/1")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    data = io.BytesIO()
    Image.new("L", (600, 400), 255).save(data, "PNG")
    path = tmp_path / "plan.png"
    path.write_bytes(data.getvalue())
    return path


def test_a_plan_gets_its_size_by_its_scale(wt: CommandLine, picture: Path) -> None:
    done = wt("import", "plan", picture, "--floor", "AA/1", "--metres-per-pixel", "0.05", "--json")
    assert (done.json["width_m"], done.json["height_m"]) == pytest.approx((30.0, 20.0))


def test_a_plan_without_scale_says_what_to_do(wt: CommandLine, picture: Path) -> None:
    done = wt("import", "plan", picture, "--floor", "AA/1", "--json")
    assert (done.status, done.json["width_m"]) == (0, None)
    assert "--metres-per-pixel" in done.err


@pytest.mark.parametrize("scale", ["-0.02", "0", "nan", "inf", "1000"])
def test_a_scale_that_cannot_be_is_refused_and_nothing_is_stored(
    wt: CommandLine, picture: Path, stores: Stores, scale: str
) -> None:
    done = wt("import", "plan", picture, "--floor", "AA/1", "--metres-per-pixel", scale, "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["field"] == "metres_per_pixel"
    with stores.database.reading() as session:
        assert (
            plans.list_versions(session, SYSTEM, places.find_floor(session, SYSTEM, "AA/1")) == []
        )
    assert not list(stores.files.folder.glob("*"))


def test_a_file_that_is_no_picture_is_refused_whatever_its_name(
    wt: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "plan.png").write_text("<html></html>")
    done = wt("import", "plan", tmp_path / "plan.png", "--floor", "AA/1", "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["file"] == "plan.png"


def test_double_lines_become_one_wall(wt: CommandLine, tmp_path: Path, stores: Stores) -> None:
    done = import_dxf(wt, draw(tmp_path / "a.dxf", [(0, 0, 10, 0)]))
    assert (done.json["walls"], done.json["wall_length_m"]) == (1, 10.0)
    assert list_walls(stores) == [(0.0, 0.0, 10.0)]


def test_importing_the_same_drawing_again_changes_nothing(wt: CommandLine) -> None:
    first = import_dxf(wt, OFFICE).json
    again = import_dxf(wt, OFFICE).json
    assert first["rooms"] == again["rooms"] == 10
    assert (again["added"], again["removed"]) == (0, 0)
    assert again["unchanged"] == first["added"] > 50


def test_a_changed_drawing_replaces_its_own_walls_only(
    wt: CommandLine, tmp_path: Path, stores: Stores
) -> None:
    path = draw(tmp_path / "a.dxf", [(0, 0, 10, 0), (0, 5, 10, 5)])
    import_dxf(wt, path)
    with stores.database.writing(SYSTEM.audit()) as session:
        brick = catalog.find_material(session, "brick-120").public_id
        walls.draw_wall(session, SYSTEM, "AA/1", WallValues(1, 20, 9, 20, brick))
    done = import_dxf(wt, draw(path, [(0, 0, 10, 0), (0, 7, 10, 7)])).json
    assert (done["added"], done["removed"], done["unchanged"]) == (1, 1, 1)
    assert list_walls(stores) == [(0.0, 0.0, 10.0), (0.0, 7.0, 10.0), (1.0, 20.0, 9.0)]


def test_the_same_walls_under_another_name_do_not_count_twice(
    wt: CommandLine, tmp_path: Path, stores: Stores
) -> None:
    import_dxf(wt, draw(tmp_path / "a.dxf", [(0, 0, 10, 0)]))
    done = import_dxf(wt, draw(tmp_path / "b.dxf", [(0, 0, 10, 0)]))
    assert done.json["added"] == 0
    assert any("a.dxf" in warning for warning in done.json["warnings"])
    assert list_walls(stores) == [(0.0, 0.0, 10.0)]


def test_an_offset_moves_the_drawing(wt: CommandLine, tmp_path: Path, stores: Stores) -> None:
    path = draw(tmp_path / "a.dxf", [(500000, 5400000, 500010, 5400000)])
    far = import_dxf(wt, path)
    assert far.status == 1
    assert "offset" in far.json["error"]["problems"][0]["remedy"]
    done = import_dxf(wt, path, "--offset-m", "-500000", "-5400000")
    assert done.status == 0
    assert list_walls(stores) == [(0.0, 0.0, 10.0)]


def test_a_drawing_off_the_plan_is_warned_of(
    wt: CommandLine, tmp_path: Path, picture: Path
) -> None:
    wt("import", "plan", picture, "--floor", "AA/1", "--metres-per-pixel", "0.05")
    done = import_dxf(wt, draw(tmp_path / "a.dxf", [(100, 100, 110, 100)]))
    assert done.status == 0
    assert any("origin" in warning for warning in done.json["warnings"])


def test_a_drawing_with_a_wall_far_off_the_plan_is_refused(
    wt: CommandLine, tmp_path: Path, picture: Path, stores: Stores
) -> None:
    wt("import", "plan", picture, "--floor", "AA/1", "--metres-per-pixel", "0.05")
    done = import_dxf(wt, draw(tmp_path / "a.dxf", [(0, 0, 10, 0), (900, 0, 910, 0)]))
    assert done.status != 0
    problem = done.json["error"]["problems"][0]
    assert "walls more than 200 m off" in problem["message"]
    assert "x 900.0 m, y 0.0 m" in problem["remedy"]
    assert list_walls(stores) == []


def test_layers_get_the_materials_they_are_given(
    wt: CommandLine, tmp_path: Path, stores: Stores
) -> None:
    path = draw(tmp_path / "a.dxf", [(0, 0, 10, 0)], layer="A-WALL-NEW")
    done = import_dxf(wt, path, "--layer", "a-wall*=steel-door", "--layer", "nothing=glass-6")
    assert any("nothing" in warning for warning in done.json["warnings"])
    with stores.database.reading() as session:
        floor = places.find_floor(session, SYSTEM, "AA/1").floor
        (wall,) = walls.list_walls(session, SYSTEM, floor)
        assert wall.material_id == catalog.find_material(session, "steel-door").id


def test_an_unknown_material_names_its_layer_and_the_choices(
    wt: CommandLine, tmp_path: Path
) -> None:
    done = import_dxf(wt, draw(tmp_path / "a.dxf", [(0, 0, 9, 0)]), "--layer", "WALL=cardboard")
    (problem,) = done.json["error"]["problems"]
    assert (problem["field"], problem["value"]) == ("layer WALL", "cardboard")
    assert "brick-240" in problem["remedy"]


def test_rooms_keep_the_name_people_gave_them(wt: CommandLine, tmp_path: Path) -> None:
    table = tmp_path / "rooms.csv"
    table.write_text("floor;number;name\nAA/1;0.09;Serverraum\n")
    wt("import", "table", table, "--kind", "rooms")
    import_dxf(wt, OFFICE)
    wt("export", "table", "--kind", "rooms", "--out", table)
    rows = {row.split(";")[2]: row.split(";") for row in table.read_text("utf-8-sig").splitlines()}
    assert rows["0.09"][3] == "Serverraum"
    assert rows["0.08"][3] == "WC"
    assert rows["0.09"][9].startswith("POLYGON")
