"""Draw the sample town hall: ``python -m floorplans.draw_town_hall [FOLDER]``.

Writes ``rh-0.png`` to ``rh-4.png`` and ``town_hall.json`` into this folder or the one named.
Running it again gives the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from floorplans import annotation, drawing, town_hall, wings
from floorplans.sheet import Sheet

if TYPE_CHECKING:
    from PIL import Image

HERE = Path(__file__).resolve().parent
WIDTH_M, DEPTH_M = wings.WIDTH_CM / 100, wings.DEPTH_CM / 100
_TITLES = (
    "Erdgeschoss",
    "1. Obergeschoss",
    "2. Obergeschoss",
    "3. Obergeschoss",
    "4. Obergeschoss",
)
_NOTES = (
    "Schematisch: Beispielplan für wlantrack, kein Aufmaß, nicht das wirkliche Gebäude",
    "Maße in Metern, Ursprung des Gebäudesystems an der unteren linken Gebäudeecke",
)


def draw_floor(level: int) -> tuple[Image.Image, Sheet]:
    """Give the picture of a floor, and the sheet that knows its scale."""
    tiles = wings.list_tiles(level)
    sheet = Sheet(WIDTH_M, DEPTH_M)
    drawing.draw_courtyard(sheet, wings.COURTYARD)
    drawing.draw_ground(sheet, tiles)
    drawing.draw_fittings(sheet, tiles)
    drawing.draw_open_stair(sheet, wings.ATRIUM, is_ground=level == 0)
    walls = town_hall.list_walls(level, tiles)
    drawing.draw_walls(sheet, walls)
    outlines = town_hall.outline_rooms(tiles, walls)
    annotation.draw_labels(sheet, tiles, {n: shape.area / 1e4 for n, shape in outlines.items()})
    annotation.draw_surroundings(sheet, WIDTH_M, DEPTH_M)
    annotation.draw_legend(sheet, f"Rathaus (RH) - {_TITLES[level]}", _NOTES, WIDTH_M)
    annotation.draw_north_arrow(sheet, (WIDTH_M - 3.4, -10.2), town_hall.ROTATION_DEG)
    return sheet.finish(), sheet


def describe_plan(level: int, sheet: Sheet) -> town_hall.Record:
    """Give the record of a plan file."""
    return {
        "file": f"rh-{level}.png",
        "width_px": sheet.size_px[0],
        "height_px": sheet.size_px[1],
        "metres_per_pixel": sheet.pixel_to_building[0],
        "pixel_to_building": list(sheet.pixel_to_building),
    }


def main(folder: Path = HERE) -> None:
    """Write all plans and the record of the building."""
    plans = {}
    for level in wings.LEVELS:
        image, sheet = draw_floor(level)
        plans[level] = describe_plan(level, sheet)
        path = folder / plans[level]["file"]
        image.save(path, optimize=True, bits=4)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")
    text = town_hall.dump(town_hall.describe_building(plans))
    (folder / "town_hall.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
