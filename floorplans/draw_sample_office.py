"""Draw the sample office: ``python -m floorplans.draw_sample_office [FOLDER]``.

Writes what a newcomer can import: ``sample_office.dxf`` (millimetres, walls as double lines),
``sample_office.pdf`` (A4, 1:100) and ``sample_access_points.csv``. Running it again gives the same
bytes.
"""

from __future__ import annotations

import csv
import io
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from ezdxf import units
from ezdxf._options import options  # ezdxf re-exports it without saying so to type checkers
from ezdxf.filemanagement import new
from shapely.geometry import Polygon

from floorplans import annotation, drawing, sample_office
from floorplans.layout import THICKNESS_CM
from floorplans.openings import trace_leaves
from floorplans.sheet import INK, LINE, Paper, Sheet
from floorplans.town_hall import outline_rooms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ezdxf.layouts.layout import Modelspace
    from PIL import Image

    from floorplans.layout import Wall

HERE = Path(__file__).resolve().parent
A4_AT_1_TO_100 = Paper(metres_per_pixel=0.01, left_m=6.0, right_m=5.7, bottom_m=6.0, top_m=3.0)
_DPI = 254
_FIXED_DATE = time.gmtime(0)
_DRAWING_GREY = 170
_MM_PER_CM = 10.0
_HALF_TURN_DEG = 180.0
_COLOURS = {"TUER": 30, "FENSTER": 140, "RAUM": 8, "RAUMTEXT": 7, "MASSE": 8}


def draw_dxf() -> str:
    """Give the drawing as DXF text."""
    options.write_fixed_meta_data_for_testing = True  # same bytes on every run
    document = new("R2010", units=units.MM)
    for layer in sample_office.LAYER_OF_MATERIAL.values():
        document.layers.add(layer, color=7, lineweight=35)
    for layer, colour in _COLOURS.items():
        document.layers.add(layer, color=colour)
    space = document.modelspace()
    for layer, shape in outline_walls().items():
        for ring in _rings(shape):
            space.add_lwpolyline(ring, close=True, dxfattribs={"layer": layer})
    for wall in sample_office.WALLS:
        _add_opening(space, wall)
    _add_rooms(space)
    _add_dimensions(space)
    for name in ("ACDBPLACEHOLDER", "LAYOUT"):
        document.classes.add_class(name)  # ezdxf would take them from a set, in any order
    stream = io.StringIO()
    document.write(stream)
    return stream.getvalue()


def outline_walls() -> dict[str, shapely.Geometry]:
    """Give the faces of all solid walls by layer; a thinner wall ends at a thicker one."""
    gaps = shapely.union_all([shapely.box(*w.body()) for w in sample_office.WALLS if w.opening])
    shapes: dict[str, shapely.Geometry] = {}
    taken: shapely.Geometry = gaps
    for material, layer in sample_office.LAYER_OF_MATERIAL.items():
        half = THICKNESS_CM[material] / 2
        solid = [w for w in sample_office.WALLS if w.material == material and not w.opening]
        whole = shapely.union_all([shapely.box(*w.body(half)) for w in solid])
        shapes[layer] = shapely.normalize(shapely.difference(whole, taken))
        taken = shapely.union(taken, whole)
    return shapes


def _rings(shape: shapely.Geometry) -> Iterator[list[tuple[float, float]]]:
    for part in shapely.get_parts(shape):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                yield [(x * _MM_PER_CM, y * _MM_PER_CM) for x, y in ring.coords[:-1]]


def _add_opening(space: Modelspace, wall: Wall) -> None:
    if wall.opening is None:
        return
    if wall.opening.leaves == 0:
        x0, y0, x1, y1 = (value * _MM_PER_CM for value in wall.body())
        ends = [value * _MM_PER_CM for value in wall.ends]
        if wall.is_vertical:
            sides = [((x, y0), (x, y1)) for x in (x0, ends[0], x1)]
        else:
            sides = [((x0, y), (x1, y)) for y in (y0, ends[1], y1)]
        for start, end in sides:
            space.add_line(start, end, dxfattribs={"layer": "FENSTER"})
        return
    for leaf in trace_leaves(wall):
        hinge, opened, closed = ((x * 1000, y * 1000) for x, y in (leaf.hinge, *leaf.arc[::16]))
        space.add_line(hinge, opened, dxfattribs={"layer": "TUER"})
        from_deg, to_deg = sorted((_angle_deg(hinge, opened), _angle_deg(hinge, closed)))
        if to_deg - from_deg > _HALF_TURN_DEG:
            from_deg, to_deg = to_deg, from_deg  # arcs run counterclockwise, here through 0 degrees
        radius = math.dist(hinge, opened)
        space.add_arc(hinge, radius, from_deg, to_deg, dxfattribs={"layer": "TUER"})


def _angle_deg(centre: tuple[float, float], point: tuple[float, float]) -> float:
    angle = math.degrees(math.atan2(point[1] - centre[1], point[0] - centre[0]))
    return round(angle) % 360


def _add_rooms(space: Modelspace) -> None:
    outlines = outline_rooms(sample_office.TILES, sample_office.WALLS)
    for tile in sample_office.TILES:
        for ring in _rings(shapely.normalize(shapely.simplify(outlines[tile.number], 0.1))):
            space.add_lwpolyline(ring, close=True, dxfattribs={"layer": "RAUM"})
        x, y = ((low + high) / 2 * _MM_PER_CM for low, high in (tile.box[::2], tile.box[1::2]))
        for line, words in enumerate((tile.number, tile.name)):
            label = space.add_text(words, height=200, dxfattribs={"layer": "RAUMTEXT"})
            label.set_placement((x - 500, y - line * 320))


def _add_dimensions(space: Modelspace) -> None:
    width, depth = sample_office.WIDTH_CM * _MM_PER_CM, sample_office.DEPTH_CM * _MM_PER_CM
    where: dict[str, Any] = {"dxfattribs": {"layer": "MASSE"}}
    space.add_linear_dim(base=(0, -900), p1=(0, 0), p2=(width, 0), **where).render()
    space.add_linear_dim(base=(-900, 0), p1=(0, 0), p2=(0, depth), angle=90, **where).render()


def draw_page() -> Image.Image:
    """Give the PDF's page as a black-and-white picture."""
    width_m, depth_m = sample_office.WIDTH_CM / 100, sample_office.DEPTH_CM / 100
    sheet = Sheet(width_m, depth_m, A4_AT_1_TO_100)
    drawing.draw_ground(sheet, sample_office.TILES)
    drawing.draw_walls(sheet, sample_office.WALLS)
    outlines = outline_rooms(sample_office.TILES, sample_office.WALLS)
    areas_m2 = {number: shape.area / 1e4 for number, shape in outlines.items()}
    annotation.draw_labels(sheet, sample_office.TILES, areas_m2)
    annotation.draw_dimensions(sheet, width_m, depth_m)
    sheet.text((width_m / 2, -4.0), "Beispielbüro (BB) - Erdgeschoss - M 1:100", 0.5, INK)
    sheet.text((width_m / 2, -4.9), "Schematisch: erfunden für wlantrack", 0.3, LINE)
    grey = sheet.finish().convert("L")
    return grey.point([0 if level < _DRAWING_GREY else 255 for level in range(256)]).convert("1")


def write_csv() -> str:
    """Give the access points in the columns that ``import table`` reads."""
    columns = (
        *("code", "floor", "model", "x_m", "y_m", "height_m", "mount", "public", "state"),
        *("channel_24", "width_24_mhz", "power_24_dbm"),
        *("channel_5", "width_5_mhz", "power_5_dbm", "note"),
    )
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for number, spot in enumerate(sample_office.SPOTS, start=1):
        place = (f"{metres:.2f}".replace(".", ",") for metres in (spot.x_m, spot.y_m, 2.7))
        low, high = spot.channels
        writer.writerow(
            (
                *(f"BB-0-AP-{number:02d}", "BB/0", spot.model, *place, "ceiling", "yes", "planned"),
                *(low, 20, 14, high, 40, 17, spot.note),
            )
        )
    return stream.getvalue()


def main(folder: Path = HERE) -> None:
    """Write all three files."""
    (folder / "sample_office.dxf").write_text(draw_dxf(), encoding="utf-8", newline="\n")
    draw_page().save(
        folder / "sample_office.pdf",
        resolution=_DPI,
        title="Beispielbüro",
        creationDate=_FIXED_DATE,
        modDate=_FIXED_DATE,
    )
    (folder / "sample_access_points.csv").write_text(write_csv(), encoding="utf-8-sig", newline="")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
