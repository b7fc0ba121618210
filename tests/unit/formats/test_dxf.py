from __future__ import annotations

import io
import json
import time
from typing import TYPE_CHECKING

import pytest
from ezdxf.filemanagement import new

from tests.samples import samples_folder
from wlantrack.errors import InvalidInput
from wlantrack.formats.dxf import DxfLayer, DxfPlan, read_dxf
from wlantrack.formats.dxf_layers import Role, recognise_role, suggest_material, use_layer

if TYPE_CHECKING:
    from pathlib import Path

    from ezdxf.document import Drawing
    from ezdxf.layouts.layout import Modelspace

RECTANGLE = [(0, 0), (6, 0), (6, 4), (0, 4)]


def drawing(unit: int | None = 6, *layers: str) -> tuple[Drawing, Modelspace]:
    document = new("R2013")
    document.header["$INSUNITS"] = unit or 0
    for layer in layers:
        document.layers.add(layer)
    return document, document.modelspace()


def encode(document: Drawing) -> bytes:
    text = io.StringIO()
    document.write(text)
    return text.getvalue().encode()


def read(
    document: Drawing, *, layers: dict[str, str] | None = None, unit: str | None = None
) -> DxfPlan:
    return read_dxf(encode(document), file="plan.dxf", layers=layers, unit=unit)


def layer_of(plan: DxfPlan, name: str) -> DxfLayer:
    return next(layer for layer in plan.layers if layer.name == name)


def refusal_of(data: bytes, file: str = "plan.dxf") -> str:
    with pytest.raises(InvalidInput) as caught:
        read_dxf(data, file=file)
    assert caught.value.problems[0].remedy is not None
    assert caught.value.problems[0].file == file
    return str(caught.value)


def test_lines_and_polylines_on_wall_layers_are_read_in_metres() -> None:
    document, space = drawing(4)
    space.add_line((0, 0), (5000, 0), dxfattribs={"layer": "Wände"})
    space.add_lwpolyline([(0, 0), (0, 3000), (1000, 3000)], dxfattribs={"layer": "A-WALL"})
    space.add_polyline2d(RECTANGLE, close=True, dxfattribs={"layer": "Mauerwerk"})
    plan = read(document)
    assert layer_of(plan, "Wände").segments == ((0.0, 0.0, 5.0, 0.0),)
    assert layer_of(plan, "A-WALL").segments == ((0.0, 0.0, 0.0, 3.0), (0.0, 3.0, 1.0, 3.0))
    assert len(layer_of(plan, "Mauerwerk").segments) == 4
    assert layer_of(plan, "Mauerwerk").material == "brick-240"
    assert (plan.unit, plan.is_unit_stated) == ("mm", True)
    assert plan.extent_m == (0.0, 0.0, 5.0, 3.0)


def test_bulges_arcs_circles_and_splines_become_chords() -> None:
    document, space = drawing()
    wall = {"layer": "WALL"}
    space.add_lwpolyline([(0, 0, 1), (2, 0, 0)], format="xyb", dxfattribs=wall)
    space.add_arc((10, 0), 2, 0, 90, dxfattribs=wall)
    space.add_circle((20, 0), 1, dxfattribs=wall)
    space.add_ellipse((30, 0), (2, 0), 0.5, dxfattribs=wall)
    space.add_spline([(40, 0), (41, 1), (42, 0)], dxfattribs=wall)
    segments = layer_of(read(document), "WALL").segments
    half_circle = [s for s in segments if s[0] <= 2.01]
    assert min(s[1] for s in half_circle) == pytest.approx(-1.0, abs=0.01)
    arc = [s for s in segments if 9 < s[0] < 13]
    assert {(round(s[0], 6), round(s[1], 6)) for s in arc} >= {(12.0, 0.0)}
    assert len(segments) > 100


def test_blocks_are_exploded_with_scale_rotation_and_mirror() -> None:
    document, space = drawing()
    block = document.blocks.new("PART")
    block.add_line((0, 0), (1, 0), dxfattribs={"layer": "WALL"})
    block.add_line((0, 0), (0, 1), dxfattribs={"layer": "0"})
    nested = document.blocks.new("NESTED")
    nested.add_blockref("PART", (1, 0), dxfattribs={"layer": "WALL"})
    space.add_blockref(
        "NESTED", (10, 10), dxfattribs={"layer": "X", "rotation": 90, "xscale": 2, "yscale": -2}
    )
    segments = layer_of(read(document), "WALL").segments
    rounded = {tuple(round(value, 6) + 0.0 for value in segment) for segment in segments}
    assert rounded == {(10.0, 12.0, 10.0, 14.0), (10.0, 12.0, 12.0, 12.0)}


def test_an_array_of_blocks_is_drawn_as_often_as_it_says() -> None:
    document, space = drawing()
    document.blocks.new("P").add_line((0, 0), (1, 0), dxfattribs={"layer": "WALL"})
    space.add_blockref(
        "P",
        (0, 0),
        dxfattribs={"row_count": 3, "column_count": 2, "row_spacing": 5, "column_spacing": 4},
    )
    segments = layer_of(read(document), "WALL").segments
    assert {(s[0], s[1]) for s in segments} == {
        (x, y) for x in (0.0, 4.0) for y in (0.0, 5.0, 10.0)
    }


@pytest.mark.parametrize("spacing", [1.0, 0.0])
@pytest.mark.parametrize("is_empty", [True, False])
def test_a_gigantic_array_is_refused_or_read_at_once(spacing: float, is_empty: bool) -> None:  # noqa: FBT001 - a parameter of the test
    document, space = drawing()
    block = document.blocks.new("P")
    if not is_empty:
        block.add_line((0, 0), (1, 0), dxfattribs={"layer": "WALL"})
    space.add_line((0, 0), (5, 0), dxfattribs={"layer": "WALL"})
    attributes: dict[str, float] = {"row_count": 32767, "column_count": 32767}
    attributes |= {"row_spacing": spacing, "column_spacing": spacing}
    space.add_blockref("P", (0, 0), dxfattribs=attributes)
    started = time.monotonic()
    if spacing:
        assert "at most 200,000 are allowed" in refusal_of(encode(document))
    else:
        assert len(layer_of(read(document), "WALL").segments) == (1 if is_empty else 2)
    assert time.monotonic() - started < 15


def test_blocks_that_multiply_are_counted_before_they_are_exploded() -> None:
    document, space = drawing()
    document.blocks.new("B0").add_line((0, 0), (1, 0), dxfattribs={"layer": "WALL"})
    for level in range(1, 7):
        block = document.blocks.new(f"B{level}")
        for x in range(20):
            block.add_blockref(f"B{level - 1}", (x, 0))
    space.add_blockref("B6", (0, 0))
    assert "objects when blocks are exploded" in refusal_of(encode(document))


def test_blocks_nested_too_deep_or_in_themselves_are_refused() -> None:
    document, space = drawing()
    document.blocks.new("B0").add_line((0, 0), (1, 0))
    for level in range(1, 12):
        document.blocks.new(f"B{level}").add_blockref(f"B{level - 1}", (0, 0))
    space.add_blockref("B11", (0, 0))
    assert "nested more than 8 deep" in refusal_of(encode(document))
    document, space = drawing()
    document.blocks.new("A").add_blockref("B", (0, 0))
    document.blocks.new("B").add_blockref("A", (0, 0))
    space.add_blockref("A", (0, 0))
    assert "contains itself" in refusal_of(encode(document))


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e300"])
def test_a_coordinate_that_is_no_number_names_the_object_and_its_layer(value: str) -> None:
    document, space = drawing()
    line = space.add_line((0, 0), (12.3456, 0), dxfattribs={"layer": "A-WALL"})
    data = encode(document).replace(b"12.3456", value.encode())
    text = refusal_of(data)
    assert f"The LINE {line.dxf.handle} on layer A-WALL" in text


def test_a_number_that_is_no_number_inside_a_block_or_polyline_is_refused_too() -> None:
    document, space = drawing()
    document.blocks.new("P").add_lwpolyline([(0, 0), (12.3456, 0)], dxfattribs={"layer": "WALL"})
    space.add_blockref("P", (0, 0))
    assert "LWPOLYLINE" in refusal_of(encode(document).replace(b"12.3456", b"nan"))


def test_layers_are_chosen_by_pattern_and_left_out() -> None:
    document, space = drawing(6, "OFF")
    document.layers.get("OFF").off()
    for layer in ("01_AW", "02_IW", "WALL-OLD", "OFF"):
        space.add_line((0, 0), (5, 0), dxfattribs={"layer": layer})
    mapping = {"0?_*": "brick-365", "*old": "ignore", "off": "concrete-200"}
    plan = read(document, layers=mapping)
    assert layer_of(plan, "01_AW").material == "brick-365"
    assert layer_of(plan, "OFF").segments == ((0.0, 0.0, 5.0, 0.0),)
    assert layer_of(plan, "WALL-OLD").segments == ()


def test_walls_on_layers_switched_off_are_left_out_with_a_warning() -> None:
    document, space = drawing(6, "WALL-VARIANT")
    document.layers.get("WALL-VARIANT").off()
    space.add_line((0, 0), (5, 0), dxfattribs={"layer": "WALL"})
    space.add_line((0, 0), (5, 0), dxfattribs={"layer": "WALL-VARIANT"})
    plan = read(document)
    assert layer_of(plan, "WALL-VARIANT").segments == ()
    assert [str(warning) for warning in plan.warnings] == [
        "Layer WALL-VARIANT: 1 objects were not used (1 lines)."
    ]


def test_what_is_not_used_is_counted_by_layer() -> None:
    document, space = drawing()
    space.add_line((0, 0), (5, 0), dxfattribs={"layer": "WALL"})
    space.add_line((0, 0), (5, 0), dxfattribs={"layer": "FURNITURE"})
    space.add_solid([(0, 0), (1, 0), (0, 1)], dxfattribs={"layer": "WALL"})
    plan = read(document)
    assert [str(warning) for warning in plan.warnings] == [
        "Layer FURNITURE: 1 objects were not used (1 lines).",
        "Layer WALL: 1 objects were not used (1 SOLID).",
    ]


@pytest.mark.parametrize(("size", "unit"), [(60_000, "mm"), (6_000, "cm"), (60, "m")])
def test_a_missing_unit_is_guessed_with_a_warning(size: float, unit: str) -> None:
    document, space = drawing(None)
    space.add_line((0, 0), (size, 0), dxfattribs={"layer": "WALL"})
    plan = read(document)
    assert (plan.unit, plan.is_unit_stated) == (unit, False)
    assert plan.extent_m[2] == pytest.approx(60)
    assert "states no unit" in str(plan.warnings[0])
    assert read(document, unit="ft").extent_m[2] == pytest.approx(size * 0.3048)


def test_the_width_of_doors_decides_a_guess() -> None:
    document, space = drawing(None)
    space.add_line((0, 0), (9_000, 0), dxfattribs={"layer": "WALL"})
    space.add_arc((100, 0), 90, 0, 90, dxfattribs={"layer": "TUER"})
    assert read(document).unit == "cm"


def test_a_unit_that_makes_no_building_is_doubted() -> None:
    document, space = drawing(1)
    space.add_line((0, 0), (60_000, 0), dxfattribs={"layer": "WALL"})
    assert "1520 m large" in str(read(document).warnings[0])


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no unit furlong"):
        read_dxf(b"0\nSECTION\n", unit="furlong")


def test_doors_in_blocks_and_as_swings_become_pieces_of_wall() -> None:
    document, space = drawing()
    for x1, x2 in ((0, 3), (3.9, 6), (7, 10)):
        for y in (0, 0.12):
            space.add_line((x1, y), (x2, y), dxfattribs={"layer": "WALL"})
    door = document.blocks.new("Tür 90")
    door.add_line((0, 0), (0, 0.9))
    door.add_arc((0, 0), 0.9, 0, 90)
    space.add_blockref("Tür 90", (3, 0.12))
    space.add_arc((6, 0.12), 1, 0, 90, dxfattribs={"layer": "A-DOOR"})
    plan = read(document, layers={"A-DOOR": "steel-door"})
    assert sorted((d.material, d.width_m, d.block) for d in plan.openings) == [
        ("steel-door", 1.0, None),
        ("wood-door", 0.9, "Tür 90"),
    ]
    walls = plan.walls
    assert sorted((p.material, round(p.length_m, 3)) for p in walls.openings) == [
        ("steel-door", 1.0),
        ("wood-door", 0.9),
    ]
    assert sorted(round(wall.length_m, 3) for wall in walls.walls) == [2.1, 3.0, 3.0]
    assert walls.unplaced == 0
    assert {wall.material for wall in walls.walls} == {"plasterboard-partition"}


def test_rooms_come_with_the_labels_inside_even_from_layers_switched_off() -> None:
    document, space = drawing(6, "RAUMFLAECHE")
    document.layers.get("RAUMFLAECHE").off()
    space.add_line((0, 0), (9, 0), dxfattribs={"layer": "WAND"})
    space.add_lwpolyline(RECTANGLE, close=True, dxfattribs={"layer": "RAUMFLAECHE"})
    space.add_lwpolyline(RECTANGLE, close=True, dxfattribs={"layer": "RAUMFLAECHE"})
    space.add_lwpolyline([(7, 0), (9, 0), (9, 2)], dxfattribs={"layer": "RAUMFLAECHE"})
    space.add_mtext(
        "{\\fArial;Sitzungssaal}\\P3.01", dxfattribs={"insert": (3, 2), "char_height": 0.3}
    )
    space.add_text("24,0 m²", height=0.2).set_placement((3, 1))
    space.add_text("draussen", height=0.2).set_placement((30, 1))
    plan = read(document)
    (room,) = plan.rooms
    assert room.area_m2 == pytest.approx(24.0)
    assert room.number == "3.01"
    assert room.labels == ("Sitzungssaal 3.01", "24,0 m²")
    assert "1 outlines are open or too small" in " ".join(map(str, plan.warnings))


def test_attributes_of_a_room_stamp_are_labels() -> None:
    document, space = drawing()
    space.add_lwpolyline(RECTANGLE, close=True, dxfattribs={"layer": "ROOM"})
    stamp = document.blocks.new("STAMP")
    stamp.add_attdef("NR", (0, 0))
    insert = space.add_blockref("STAMP", (3, 2))
    insert.add_attrib("NR", "A.017", (3, 2)).dxf.height = 0.4
    insert.add_attrib("NAME", "Archiv", (3, 1)).dxf.height = 0.2
    (room,) = read(document).rooms
    assert (room.number, room.name) == ("A.017", "Archiv")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"AC1032\0\0\0\0", "DWG"),
        (b"AutoCAD Binary DXF\r\n\x1a\0", "binary DXF"),
        (b"%PDF-1.7", "not a drawing"),
        (b"<root/>", "not a drawing"),
        (b"", "empty"),
        (b"0\nSECTION\n2\nENTITIES\n0\nLINE\n10\n1.0\n", "ends early"),
        (b"0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "no lines"),
    ],
)
def test_what_is_no_whole_dxf_is_refused(data: bytes, told: str) -> None:
    assert told in refusal_of(data)


def test_the_old_version_without_header_is_read() -> None:
    data = b"0\nSECTION\n2\nENTITIES\n0\nLINE\n8\nWALL\n10\n0\n20\n0\n11\n5\n21\n0\n0\nENDSEC\n0\nEOF\n"
    assert layer_of(read_dxf(data), "WALL").segments == ((0.0, 0.0, 5.0, 0.0),)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("A-WALL", Role.WALL),
        ("AUSSENWAND", Role.WALL),
        ("Trennwände", Role.WALL),
        ("01 Mauerwerk tragend", Role.WALL),
        ("A-WALL-PATT", Role.NONE),
        ("WALL_TEXT", Role.NONE),
        ("Wandhydrant", Role.NONE),
        ("A-GLAZ", Role.WINDOW),
        ("FENSTER_OG3", Role.WINDOW),
        ("Türen", Role.DOOR),
        ("TUER", Role.DOOR),
        ("LVTRY", Role.SANITARY),
        ("STUETZEN", Role.COLUMN),
        ("A-AREA", Role.ROOM),
        ("Nutzungsflächen", Role.ROOM),
        ("A-AREA-IDEN", Role.NONE),
        ("Möblierung", Role.NONE),
        ("0", Role.NONE),
    ],
)
def test_layers_are_recognised_in_german_and_english(name: str, role: Role) -> None:
    assert recognise_role(name) is role


def test_materials_follow_the_name_or_the_thickness() -> None:
    assert use_layer("WAND_BETON", {}).material == "concrete-200"
    assert use_layer("A-WALL", {}).material is None
    assert use_layer("A-WALL", {"*wall*": "glass-6"}).material == "glass-6"
    assert [suggest_material(t) for t in (None, 0.1, 0.17, 0.24, 0.365, 0.6)] == [
        "plasterboard-partition",
        "plasterboard-partition",
        "brick-120",
        "brick-240",
        "brick-365",
        "natural-stone-600",
    ]


def test_the_office_floor_is_understood_as_designed() -> None:
    folder = samples_folder("dxf_ifc")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    expected = expected["files"]["office_floor.dxf"]
    plan = read_dxf((folder / "office_floor.dxf").read_bytes())
    assert {room.number: round(room.area_m2, 2) for room in plan.rooms} == expected["room_areas_m2"]
    assert plan.extent_m == pytest.approx(tuple(expected["extent_m"]))
    walls = plan.walls
    assert len(walls.openings) == 81
    assert walls.unplaced == 0
    clear, gross = 99.48 + 310.8, 149.28 + 346.8
    assert sum(wall.length_m for wall in walls.walls) == pytest.approx(clear, rel=0.002)
    both = (*walls.walls, *walls.openings)
    assert sum(wall.length_m for wall in both) == pytest.approx(gross, rel=0.002)


@pytest.mark.parametrize("folder", ["dxf", "png", "pdf", "xml", "office", "csv", "ifc", "svg"])
def test_the_door_for_drawings_refuses_every_hostile_sample(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for path in sorted((samples_folder("hostile") / folder).rglob("*")):
        if path.is_file():
            started = time.monotonic()
            assert refusal_of(path.read_bytes(), path.name)
            assert time.monotonic() - started < 20
    assert list(tmp_path.iterdir()) == []
