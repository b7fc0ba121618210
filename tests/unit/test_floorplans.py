from __future__ import annotations

import csv
import json
import math
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import numpy as np
import pypdfium2
import pytest
import shapely
from ezdxf.entities.lwpolyline import LWPolyline
from PIL import Image, ImageChops
from pyproj import Transformer
from shapely.geometry import LineString, Point, Polygon

from floorplans import (
    draw_city,
    draw_sample_office,
    draw_town_hall,
    sample_office,
    sheet,
    town_hall,
    wings,
)
from floorplans.layout import Box, Kind, Tile
from floorplans.openings import build_walls
from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import Scene, Slab, Transmitter, Wall, predict
from wlantrack.radio.propagation import PathLoss
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES

FOLDER = Path(draw_town_hall.__file__).parent
DOCUMENT: dict[str, Any] = json.loads((FOLDER / "town_hall.json").read_text(encoding="utf-8"))
FLOORS: list[dict[str, Any]] = DOCUMENT["floors"]
ACCESS_POINTS: list[dict[str, Any]] = DOCUMENT["access_points"]
EACH_FLOOR = pytest.mark.parametrize("floor", FLOORS, ids=["0", "1", "2", "3", "4"])
LOSS_5_GHZ_DB = {
    "concrete-200": 26.2,
    "concrete-150": 20.0,
    "concrete-100": 13.8,
    "brick-120": 4.1,
    "brick-240": 7.2,
    "brick-365": 10.4,
    "plasterboard-partition": 2.1,
    "wood-door": 1.4,
    "glass-6": 3.3,
    "glass-low-e": 29.9,
    "steel-door": 40.0,
    "natural-stone-600": 30.0,
    "chipboard-19": 1.9,
}


def outlines(floor: dict[str, Any]) -> dict[str, Polygon]:
    return {room["number"]: shapely.from_wkt(room["polygon_wkt"]) for room in floor["rooms"]}


def lines(floor: dict[str, Any]) -> list[LineString]:
    return [
        LineString([(wall["x1_m"], wall["y1_m"]), (wall["x2_m"], wall["y2_m"])])
        for wall in floor["walls"]
    ]


@pytest.mark.parametrize("level", wings.LEVELS)
def test_drawing_a_plan_again_gives_the_same_pixels(level: int) -> None:
    image, drawn_on = draw_town_hall.draw_floor(level)
    with Image.open(FOLDER / f"rh-{level}.png") as committed:
        difference = ImageChops.difference(image.convert("L"), committed.convert("L"))
        assert image.size == committed.size
    assert difference.getbbox() is None
    assert draw_town_hall.describe_plan(level, drawn_on) == FLOORS[level]["plan"]


def test_describing_the_building_again_gives_the_same_text() -> None:
    plans = {floor["level"]: floor["plan"] for floor in FLOORS}
    text = town_hall.dump(town_hall.describe_building(plans))
    assert text == (FOLDER / "town_hall.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("level", wings.LEVELS)
def test_a_plan_is_a_small_palette_picture(level: int) -> None:
    path = FOLDER / f"rh-{level}.png"
    with Image.open(path) as image:
        assert image.mode == "P"
    assert path.stat().st_size <= 200_000
    assert 0.02 <= FLOORS[level]["plan"]["metres_per_pixel"] <= 0.04


@EACH_FLOOR
def test_a_plans_transform_puts_a_dark_wall_on_the_buildings_corner(floor: dict[str, Any]) -> None:
    a, _, c, _, e, f = floor["plan"]["pixel_to_building"]
    with Image.open(FOLDER / floor["plan"]["file"]) as image:
        grey = image.convert("L")
    for x_m, y_m in ((0.2, 0.2), (89.8, 0.2), (0.2, 69.8), (89.8, 69.8)):
        inside = grey.getpixel((int((x_m - c) / a), int((y_m - f) / e)))
        assert inside == 68
    for x_m, y_m in ((-0.2, 10.0), (90.2, 10.0)):
        assert grey.getpixel((int((x_m - c) / a), int((y_m - f) / e))) == 255


def test_the_middle_of_the_building_lies_at_stuttgarts_town_hall() -> None:
    building = DOCUMENT["building"]
    turn = math.radians(building["rotation_deg"])
    east = building["origin_easting_m"] + 45 * math.cos(turn) - 35 * math.sin(turn)
    north = building["origin_northing_m"] + 45 * math.sin(turn) + 35 * math.cos(turn)
    to_degrees = Transformer.from_crs(building["crs"], "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(east, north)
    assert longitude == pytest.approx(9.1777, abs=1e-4)
    assert latitude == pytest.approx(48.7753, abs=1e-4)


def test_wings_fill_the_building_without_overlap() -> None:
    parts = [shapely.from_wkt(wing["outline_wkt"]) for wing in DOCUMENT["wings"]]
    whole = shapely.from_wkt(DOCUMENT["building"]["outline_wkt"])
    assert [wing["code"] for wing in DOCUMENT["wings"]] == ["MP", "HS", "EI", "MS"]
    assert shapely.union_all(parts).equals(whole)
    assert sum(part.area for part in parts) == pytest.approx(whole.area)


@EACH_FLOOR
def test_no_stretch_of_wall_is_there_twice(floor: dict[str, Any]) -> None:
    stretches: dict[tuple[bool, float], list[tuple[float, float]]] = defaultdict(list)
    for wall in floor["walls"]:
        is_vertical = wall["x1_m"] == wall["x2_m"]
        line = wall["x1_m"] if is_vertical else wall["y1_m"]
        ends = (wall["y1_m"], wall["y2_m"]) if is_vertical else (wall["x1_m"], wall["x2_m"])
        stretches[is_vertical, line].append(ends)
    for pieces in stretches.values():
        pieces.sort()
        assert all(low[1] <= high[0] for low, high in pairwise(pieces))


@EACH_FLOOR
def test_every_wall_end_meets_another_wall(floor: dict[str, Any]) -> None:
    walls = [w for w, d in zip(lines(floor), floor["walls"], strict=True) if d["top_m"] is None]
    tree = shapely.STRtree(walls)
    for index, wall in enumerate(walls):
        for corner in wall.coords:
            end = Point(corner)
            touching = set(tree.query(end, predicate="dwithin", distance=1e-6).tolist())
            assert touching - {index}, f"{end} ends in the open"


@EACH_FLOOR
def test_walls_use_known_materials_and_glass_doors_and_stone(floor: dict[str, Any]) -> None:
    used = {wall["material"] for wall in floor["walls"]}
    assert used <= LOSS_5_GHZ_DB.keys()
    assert {"natural-stone-600", "glass-low-e", "wood-door", "brick-240", "glass-6"} <= used
    assert all(wall["thickness_m"] > 0 and wall["bottom_m"] == 0 for wall in floor["walls"])


def test_low_screens_stand_on_the_ground_floor_only() -> None:
    low = [(floor["level"], w["top_m"]) for floor in FLOORS for w in floor["walls"] if w["top_m"]]
    assert low == [(0, 1.5)] * 8


@EACH_FLOOR
def test_rooms_are_valid_apart_from_one_another_and_inside_their_wing(
    floor: dict[str, Any],
) -> None:
    wing_outlines = {w["code"]: shapely.from_wkt(w["outline_wkt"]) for w in DOCUMENT["wings"]}
    rooms = outlines(floor)
    assert len(rooms) == len(floor["rooms"])
    assert all(shape.is_valid and shape.area > 3 for shape in rooms.values())
    assert shapely.union_all(list(rooms.values())).area == pytest.approx(
        sum(shape.area for shape in rooms.values())
    )
    for room in floor["rooms"]:
        assert wing_outlines[room["wing"]].covers(rooms[room["number"]]), room["number"]


@EACH_FLOOR
def test_every_room_but_shafts_has_a_door_or_an_open_side(floor: dict[str, Any]) -> None:
    doors = shapely.union_all(
        [
            line
            for line, wall in zip(lines(floor), floor["walls"], strict=True)
            if wall["material"] in {"wood-door", "steel-door"}
        ]
    )
    for room in floor["rooms"]:
        if room["name"] not in {"Schacht", "Treppenhalle", "Haupteingang", "Flur"}:
            assert shapely.from_wkt(room["polygon_wkt"]).distance(doors) < 0.31, room["number"]


@pytest.mark.parametrize(
    ("level", "number", "name", "conference"),
    [
        (3, "301", "Sitzungssaal 301", "present"),
        (3, "307", "Mittlerer Saal", "present"),
        (4, "401", "Sitzungsraum 401", "requested"),
        (4, "406", "Sitzungsraum 406", "requested"),
        (4, "407", "Sitzungsraum 407", "requested"),
        (4, "408", "Sitzungsraum 408", "requested"),
    ],
)
def test_the_rooms_that_the_city_named_are_in_the_marktplatz_wing(
    level: int, number: str, name: str, conference: str
) -> None:
    (room,) = [room for room in FLOORS[level]["rooms"] if room["number"] == number]
    assert (room["name"], room["wing"]) == (name, "MP")
    assert room["conference_equipment"] == conference


def test_the_council_groups_rooms_spread_over_two_wings() -> None:
    (group,) = DOCUMENT["room_groups"]
    members = {(room["level"], room["number"]) for room in group["rooms"]}
    rooms = [(f["level"], r["number"], r["wing"]) for f in FLOORS for r in f["rooms"]]
    assert {wing for level, number, wing in rooms if (level, number) in members} == {"HS", "EI"}


def test_slabs_have_a_courtyard_and_above_the_ground_openings_for_stairs_and_atrium() -> None:
    holes = [len(shapely.from_wkt(floor["slab"]["outline_wkt"]).interiors) for floor in FLOORS]
    assert holes == [1, 14, 14, 14, 15]
    atrium = Point(45.0, 15.0)
    covered = [shapely.from_wkt(floor["slab"]["outline_wkt"]).covers(atrium) for floor in FLOORS]
    assert covered == [True, False, False, False, False]
    assert [floor["slab"]["z_m"] for floor in FLOORS] == [0, 4.5, 8.7, 12.9, 17.1]


def test_about_sixty_access_points_are_in_every_state_on_every_floor_and_wing() -> None:
    assert len(ACCESS_POINTS) == len({ap["code"] for ap in ACCESS_POINTS}) == 68
    assert {ap["state"] for ap in ACCESS_POINTS} == set(ACCESS_POINT_STATES)
    places = {(ap["level"], ap["wing"]) for ap in ACCESS_POINTS}
    assert places == {(level, wing) for level in range(5) for wing in ("MP", "HS", "EI", "MS")}
    assert Counter(ap["wing"] for ap in ACCESS_POINTS).most_common(1) == [("MP", 30)]


@pytest.mark.parametrize("ap", ACCESS_POINTS, ids=lambda ap: str(ap["code"]))
def test_an_access_point_hangs_in_its_room_clear_of_walls(ap: dict[str, Any]) -> None:
    floor = FLOORS[ap["level"]]
    (room,) = [room for room in floor["rooms"] if room["number"] == ap["room"]]
    here = Point(ap["x_m"], ap["y_m"])
    full = [w for w, d in zip(lines(floor), floor["walls"], strict=True) if d["top_m"] is None]
    assert re.fullmatch(rf"RH-{ap['wing']}-{ap['level']}-AP-\d\d", ap["code"])
    assert room["wing"] == ap["wing"]
    assert shapely.from_wkt(room["polygon_wkt"]).covers(here)
    assert shapely.from_wkt(floor["slab"]["outline_wkt"]).covers(here)
    assert min(wall.distance(here) for wall in full) > 0.3


def test_hardware_that_has_arrived_has_serial_and_mac_and_no_other_has() -> None:
    not_yet = {"planned", "released", "ordered"}
    for ap in ACCESS_POINTS:
        assert bool(ap["serial"]) == bool(ap["mac"]) == (ap["state"] not in not_yet)
    macs = [ap["mac"] for ap in ACCESS_POINTS if ap["mac"]]
    assert len(macs) == len(set(macs))


def test_access_points_near_one_another_use_different_channels() -> None:
    for band, least_m in (("2.4", 9.0), ("5", 25.0), ("6", 20.0)):
        users: dict[tuple[int, int], list[Point]] = defaultdict(list)
        for ap in ACCESS_POINTS:
            for radio in ap["radios"]:
                if radio["band"] == band:
                    users[ap["level"], radio["channel"]].append(Point(ap["x_m"], ap["y_m"]))
        for points in users.values():
            for index, point in enumerate(points):
                assert all(point.distance(other) > least_m for other in points[:index])


def scene_at_5_ghz() -> Scene:
    return Scene(
        walls=tuple(
            Wall(
                wall["x1_m"],
                wall["y1_m"],
                wall["x2_m"],
                wall["y2_m"],
                loss_db=(0.0, LOSS_5_GHZ_DB[wall["material"]], 0.0),
                top_m=wall["top_m"] or floor["height_m"],
                floor=floor["level"],
            )
            for floor in FLOORS
            for wall in floor["walls"]
        ),
        slabs=tuple(
            Slab(
                shapely.from_wkt(floor["slab"]["outline_wkt"]),
                floor["slab"]["z_m"],
                (0.0, LOSS_5_GHZ_DB[floor["slab"]["material"]], 0.0),
            )
            for floor in FLOORS
        ),
        transmitters=tuple(
            Transmitter(
                ap["code"],
                ap["x_m"],
                ap["y_m"],
                ap["height_m"],
                eirp_dbm=(None, 20.0, None),
                floor=ap["level"],
            )
            for ap in ACCESS_POINTS
            if ACCESS_POINT_STATES[ap["state"]].is_live
        ),
        floor_heights_m=tuple(floor["height_m"] for floor in FLOORS),
        path_loss=PathLoss(exponent=2.0),
        receiver_height_m=1.0,
    )


@EACH_FLOOR
def test_nearly_all_rooms_of_the_marktplatz_wing_hear_its_live_access_points(
    floor: dict[str, Any],
) -> None:
    grid = Grid(x0_m=0.0, y0_m=0.0, cell_m=0.5, nx=180, ny=36)
    best = np.nanmax(predict(scene_at_5_ghz(), grid, floor["level"]).rssi_dbm[:, 1], axis=0)
    x_m, y_m = np.meshgrid(grid.x_m, grid.y_m)
    rooms = [
        best[shapely.contains_xy(shapely.from_wkt(room["polygon_wkt"]), x_m, y_m)]
        for room in floor["rooms"]
        if room["wing"] == "MP" and room["use"] in {"office", "meeting", "council", "public"}
    ]
    assert sum(np.mean(room >= -65) > 0.9 for room in rooms) >= 0.8 * len(rooms)


def tile(number: str, kind: Kind, box: Box) -> Tile:
    return Tile(number, number, kind, "MP", box)


def test_two_offices_on_a_corridor_share_one_partition_and_get_a_door_each() -> None:
    walls = build_walls(
        [
            tile("1", Kind.OFFICE, Box(0, 0, 400, 500)),
            tile("2", Kind.OFFICE, Box(400, 0, 800, 500)),
            tile("F", Kind.CORRIDOR, Box(0, 500, 800, 700)),
        ]
    )
    inner = [w for w in walls if w.material not in {"natural-stone-600", "glass-low-e"}]
    assert [(w.material, *w.ends) for w in inner] == [
        ("brick-240", 0, 500, 45, 500),
        ("wood-door", 45, 500, 135, 500),
        ("brick-240", 135, 500, 665, 500),
        ("wood-door", 665, 500, 755, 500),
        ("brick-240", 755, 500, 800, 500),
        ("plasterboard-partition", 400, 0, 400, 500),
    ]


def test_an_open_foyer_and_its_corridor_have_no_wall_between_them() -> None:
    walls = build_walls(
        [
            tile("F", Kind.FOYER, Box(0, 0, 400, 500)),
            tile("C", Kind.CORRIDOR, Box(0, 500, 400, 700)),
        ]
    )
    assert all(wall.ends[1:4:2] != (500, 500) for wall in walls)


def test_umlauts_are_wider_in_ink_than_their_base_letters() -> None:
    lettering = sheet.Lettering(40.0)
    with_dots = lettering.write("ÄÖÜ").histogram()[255]
    assert with_dots > lettering.write("AOU").histogram()[255]
    assert lettering.width_px("ÄÖÜ") == lettering.width_px("AOU")


def test_metres_stay_small_letters_among_capitals() -> None:
    lettering = sheet.Lettering(40.0)
    assert lettering.width_px("10 m") != lettering.width_px("10 M ")
    assert lettering.width_px("Saal") == lettering.width_px("SAAL")


def test_drawing_the_sample_office_again_gives_the_same_files(tmp_path: Path) -> None:
    draw_sample_office.main(tmp_path)
    names = ("sample_office.dxf", "sample_office.pdf", "sample_access_points.csv")
    assert [name for name in names if (tmp_path / name).exists()] == list(names)
    for name in names:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_sample_drawing_is_in_millimetres_and_18_by_12_metres() -> None:
    drawing = ezdxf.filemanagement.readfile(FOLDER / "sample_office.dxf")
    corners = [
        (x, y)
        for outline in drawing.modelspace().query("LWPOLYLINE[layer=='WAND-AUSSEN']")
        if isinstance(outline, LWPolyline)
        for x, y, *_ in outline.get_points()
    ]
    assert drawing.header["$INSUNITS"] == 4
    assert not drawing.audit().has_errors
    assert (min(corners), max(corners)) == ((0.0, 0.0), (18000.0, 12000.0))


def test_the_sample_drawing_has_walls_doors_windows_rooms_and_their_labels() -> None:
    space = ezdxf.filemanagement.readfile(FOLDER / "sample_office.dxf").modelspace()
    counts = Counter((entity.dxftype(), entity.dxf.layer) for entity in space)
    assert counts["LWPOLYLINE", "RAUM"] == 10
    assert counts["TEXT", "RAUMTEXT"] == 20
    assert counts["ARC", "TUER"] == 12
    assert counts["LINE", "FENSTER"] == 3 * 13
    for layer in sample_office.LAYER_OF_MATERIAL.values():
        assert counts["LWPOLYLINE", layer] > 0


def test_the_sample_page_is_a4_at_1_to_100() -> None:
    with pypdfium2.PdfDocument(FOLDER / "sample_office.pdf") as document:
        width_pt, height_pt = document[0].get_size()
    assert width_pt / 72 * 25.4 == pytest.approx(297, abs=0.1)
    assert height_pt / 72 * 25.4 == pytest.approx(210, abs=0.1)
    assert draw_sample_office.draw_page().width * 0.01 == pytest.approx(29.7)


def test_the_sample_table_has_one_row_per_access_point_and_hangs_each_in_a_room() -> None:
    text = (FOLDER / "sample_access_points.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert [row["code"] for row in rows] == ["BB-0-AP-01", "BB-0-AP-02", "BB-0-AP-03"]
    rooms = town_hall.outline_rooms(sample_office.TILES, sample_office.WALLS)
    for row in rows:
        here = Point(*(float(row[key].replace(",", ".")) * 100 for key in ("x_m", "y_m")))
        assert any(room.covers(here) for room in rooms.values())


def test_laying_out_the_city_again_gives_the_same_bytes(tmp_path: Path) -> None:
    draw_city.main(tmp_path)
    assert (tmp_path / "city.json").read_bytes() == (FOLDER / "city.json").read_bytes()


def test_the_citys_places_have_codes_of_their_own_and_lie_around_the_town_hall() -> None:
    places = [draw_city.describe_place(place) for place in draw_city.PLACES]
    located = [place for place in places if place["origin_easting_m"] is not None]
    assert (len(places), len({place["code"] for place in places})) == (40, 40)
    assert len(located) == 39
    for place in located:
        assert abs(place["origin_easting_m"] - 513_042) < 12_000
        assert abs(place["origin_northing_m"] - 5_402_437) < 12_000
