"""Opens one floor's coverage in a process that has never drawn a map; prints seconds as JSON.

The floor is the design's: 120 x 80 m, 300 walls, 40 access points. A process of its own, because
the first map pays for imports that later ones do not.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from tests.benchmarks.floors import draw_floor
from tests.factories.access_points import add_access_point, find_model
from tests.factories.people import PASSWORD, add_user
from tests.factories.walls import add_wall, find_material
from tests.live_server import log_in, make_app
from wlantrack.services import place_refs, places, plans
from wlantrack.services.actor import SYSTEM
from wlantrack.services.installation import Stores, open_stores
from wlantrack.settings import Settings

if TYPE_CHECKING:
    from wlantrack.radio.coverage import Wall

WIDTH_M, HEIGHT_M, WALLS, POINTS = 120.0, 80.0, 300, 40
METRES_PER_PIXEL = 0.05


def build_floor(stores: Stores) -> str:
    """Make the floor with its plan, and give its public id."""
    scene, _ = draw_floor(WIDTH_M, HEIGHT_M, WALLS, POINTS, 0.5)
    with stores.database.writing(SYSTEM.audit()) as session:
        place_refs.add_place(session, SYSTEM, "BM/0")
        floor = places.find_floor(session, SYSTEM, "BM/0").floor
        material, model = find_material(session), find_model(session)
        for wall in scene.walls:
            line = (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m)
            add_wall(session, floor, line, material=material, top_m=wall.top_m)
        for point in scene.transmitters:
            add_access_point(session, floor, point.id, model=model, x_m=point.x_m, y_m=point.y_m)
        add_user(session, "planner")
        session.commit()
        upload = plans.Upload("plan.png", draw_plan(scene.walls))
        plans.upload_plan(
            session, SYSTEM, stores.files, "BM/0", upload, plans.MetresPerPixel(METRES_PER_PIXEL)
        )
        return str(floor.public_id)


def draw_plan(walls: tuple[Wall, ...]) -> bytes:
    """Draw the walls black on white, y up."""
    size = (round(WIDTH_M / METRES_PER_PIXEL), round(HEIGHT_M / METRES_PER_PIXEL))
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    for wall in walls:
        ends = (wall.x1_m, HEIGHT_M - wall.y1_m, wall.x2_m, HEIGHT_M - wall.y2_m)
        draw.line([value / METRES_PER_PIXEL for value in ends], fill=0, width=4)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def measure(folder: Path) -> dict[str, float]:
    """Open the page, the map in it and its heat map, as a browser does after the click."""
    with open_stores(Settings(data_dir=folder)) as stores:
        floor = build_floor(stores)
    with make_app("", folder) as app:
        client = app.test_client()
        log_in(client, "planner", PASSWORD)
        begin = time.perf_counter()
        page = client.get(f"/floors/{floor}/coverage").text
        page_s = time.perf_counter() - begin
        map_url = re.search(r'<iframe[^>]* src="([^"]+)"', page)
        assert map_url
        map_page = client.get(map_url[1].replace("&amp;", "&")).text
        heat_url = re.search(rf"/floors/{floor}/coverage/5\.png[^\"']*", map_page)
        assert heat_url
        answer = client.get(heat_url[0].replace("&amp;", "&").replace("\\u0026", "&"))
        assert answer.mimetype == "image/png", answer.status
        return {"page_s": page_s, "heat_map_s": time.perf_counter() - begin}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(measure(Path(name))))
