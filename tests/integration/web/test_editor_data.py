"""What the editor loads and saves: versions, who changed what, undo, and values that cannot be."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import event

from tests.factories.walls import add_wall
from tests.integration.web.visitor import enter, read_form
from tests.live_server import database_of
from wlantrack.services import places, point_states
from wlantrack.services.actor import SYSTEM
from wlantrack.services.results import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Pool

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

NO_UUID = "00000000-0000-0000-0000-000000000000"


def load(visitor: Visitor, site: Site) -> dict[str, Any]:
    """Give what the editor loads of the floor."""
    answer: dict[str, Any] = visitor.get(f"/floors/{site.floor}/plan.json").json or {}
    return answer


def find_point(visitor: Visitor, site: Site, code: str) -> dict[str, Any]:
    """Give an access point as the editor knows it."""
    points = load(visitor, site)["access_points"]
    return next(point for point in points if point["code"] == code)


def draw_heat_map(visitor: Visitor, site: Site, query: str = "counts=planned") -> np.ndarray:
    """Give the pixels of the floor's heat map."""
    answer = visitor.get(f"/floors/{site.floor}/heat-map.png?{query}")
    assert answer.mimetype == "image/png"
    return np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGBA"))


@contextmanager
def watch_pool(pool: Pool) -> Iterator[list[int]]:
    """Give how many connections are held after each one that is taken meanwhile."""
    held: list[int] = []

    def count(*_arguments: object) -> None:
        held.append(pool.checkedout())  # type: ignore[attr-defined] # of a pool that queues

    event.listen(pool, "checkout", count)
    try:
        yield held
    finally:
        event.remove(pool, "checkout", count)


def test_a_floor_is_loaded_with_all_that_lies_on_it(planner: Visitor, site: Site) -> None:
    data = load(planner, site)
    assert data["floor"]["code"] == "RH/0"
    assert data["floor"]["can_edit_walls"] is True
    assert data["plan"]["bounds_m"] == pytest.approx([0, 0, 40, 20])
    assert [point["code"] for point in data["access_points"]] == ["AP-1", "AP-2"]
    assert [(wall["x1_m"], wall["y2_m"]) for wall in data["walls"]] == [(20.0, 20.0)]
    assert [room["name"] for room in data["rooms"]] == ["Saal", "Foyer"]
    assert planner.get(data["plan"]["url"]).mimetype == "image/png"


def test_a_viewer_is_told_that_nothing_can_be_edited(app: Flask, site: Site) -> None:
    viewer = enter(app, "viewer")
    data = load(viewer, site)
    assert (data["floor"]["can_edit_walls"], data["floor"]["can_edit_access_points"]) == (
        False,
        False,
    )
    (seen,) = data["access_points"]
    assert (seen["code"], seen["editable"]) == ("AP-2", False)  # AP-1 is only planned
    point = find_point(viewer, site, "AP-2")
    answer = viewer.send("PATCH", point["href"], {"version": point["version"], "x_m": 5})
    assert (answer.status_code, answer.is_json) == (403, True)


def test_outside_the_scope_nothing_can_be_saved(app: Flask, site: Site) -> None:
    neighbour = enter(app, "neighbour")
    for method, address in (
        ("POST", f"/floors/{site.elsewhere_floor}/walls"),
        ("POST", f"/floors/{site.elsewhere_floor}/access-points"),
        ("PATCH", f"/walls/{site.elsewhere_wall}"),
        ("DELETE", f"/walls/{site.elsewhere_wall}"),
        ("PATCH", f"/access-points/{site.elsewhere_point}"),
        ("DELETE", f"/access-points/{site.elsewhere_point}"),
    ):
        values = {"version": 1, "x_m": 1, "y_m": 1, "model": site.model, "material": site.material}
        wall = {"x1_m": 1, "y1_m": 1, "x2_m": 2, "y2_m": 2}
        assert neighbour.send(method, address, values | wall).status_code == 404, address


def test_a_move_gives_back_the_record_with_its_new_version(planner: Visitor, site: Site) -> None:
    point = find_point(planner, site, "AP-1")
    answer = planner.send("PATCH", point["href"], {"version": point["version"], "x_m": 12.5})
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["record"] == point | {"x_m": 12.5, "version": point["version"] + 1}
    assert find_point(planner, site, "AP-1")["x_m"] == 12.5


def test_the_second_of_two_editors_gets_what_the_first_has_saved(app: Flask, site: Site) -> None:
    anna, bert = enter(app, "planner"), enter(app, "admin")
    point = find_point(anna, site, "AP-1")
    version = point["version"]
    assert bert.send("PATCH", point["href"], {"version": version, "x_m": 3.5}).status_code == 200
    answer = anna.send("PATCH", point["href"], {"version": version, "y_m": 4})
    assert answer.status_code == 409
    assert answer.json is not None
    error = answer.json["error"]
    assert error["changed_by"] == "admin"
    assert error["changed_fields"]["x_m"] == 3.5
    assert error["current"] == point | {"x_m": 3.5, "version": version + 1}
    assert find_point(anna, site, "AP-1")["y_m"] == 10.0
    assert anna.send("DELETE", point["href"], {"version": version}).status_code == 409


def test_a_wall_changed_by_somebody_else_is_a_conflict(app: Flask, site: Site) -> None:
    anna, bert = enter(app, "planner"), enter(app, "admin")
    (wall,) = load(anna, site)["walls"]
    assert (
        bert.send("PATCH", wall["href"], {"version": wall["version"], "x1_m": 21}).status_code
        == 200
    )
    for method in ("PATCH", "DELETE"):
        answer = anna.send(method, wall["href"], {"version": wall["version"], "y1_m": 1})
        assert answer.status_code == 409
        assert answer.json is not None
        assert answer.json["error"]["changed_by"] == "admin"
        assert answer.json["error"]["current"]["x1_m"] == 21.0


def test_a_deleted_wall_comes_back_as_the_same_record(planner: Visitor, site: Site) -> None:
    (wall,) = load(planner, site)["walls"]
    assert planner.send("DELETE", wall["href"], {"version": wall["version"]}).status_code == 200
    assert load(planner, site)["walls"] == []

    answer = planner.send("POST", wall["restore_href"], {})

    assert answer.status_code == 201
    (restored,) = load(planner, site)["walls"]
    assert restored == wall | {"version": wall["version"] + 1}
    assert answer.json == {"record": restored}
    assert planner.send("POST", wall["restore_href"], {}).status_code == 409


def test_a_deleted_access_point_comes_back_as_the_same_record_with_its_radios(
    planner: Visitor, site: Site
) -> None:
    point = find_point(planner, site, "AP-1")
    edit = f"/access-points/{point['id']}/edit"
    changes = {"radio2-channel": "100", "radio2-power_dbm": "14.5", "note": "above the door"}
    changes |= {"mac": "00:1a:2b:3c:4d:5e", "legacy_id": "old-12", "is_outdoor": "y"}
    assert planner.fill_in(edit, **changes).status_code == 302
    point = find_point(planner, site, "AP-1")
    form = read_form(planner.get(edit).text)
    assert planner.send("DELETE", point["href"], {"version": point["version"]}).status_code == 200
    assert planner.get(f"/access-points/{point['id']}").status_code == 404

    assert planner.send("POST", point["restore_href"], {}).status_code == 201

    restored = find_point(planner, site, "AP-1")
    assert restored == point | {"version": point["version"] + 1}
    again = read_form(planner.get(edit).text)
    changing = ("version", "csrf_token", "opened")
    assert [again[name] for name in again if name not in changing] == [
        form[name] for name in form if name not in changing
    ]


def test_nobody_chooses_an_id(planner: Visitor, site: Site) -> None:
    point, (wall,) = find_point(planner, site, "AP-1"), load(planner, site)["walls"]
    planner.send("DELETE", wall["href"], {"version": wall["version"]})
    wanted = ("x1_m", "y1_m", "x2_m", "y2_m", "material")
    body = {key: wall[key] for key in wanted} | {"id": wall["id"]}

    answer = planner.send("POST", f"/floors/{site.floor}/walls", body)

    assert answer.json is not None
    assert answer.json["record"]["id"] != wall["id"]
    for address in (
        f"/walls/{point['id']}/restore",
        f"/walls/{NO_UUID}/restore",
        "/walls/x/restore",
    ):
        assert planner.send("POST", address, {}).status_code == 404, address


def test_an_access_point_of_another_wing_is_not_brought_back(app: Flask, site: Site) -> None:
    planner, westerner = enter(app, "planner"), enter(app, "westerner")
    point = find_point(planner, site, "AP-1")
    planner.send("PATCH", point["href"], {"version": point["version"], "x_m": 30.0})
    moved = find_point(planner, site, "AP-1")
    planner.send("DELETE", moved["href"], {"version": moved["version"]})
    assert westerner.send("POST", moved["restore_href"], {}).status_code == 404


@pytest.mark.parametrize("version", [-(10**30), 10**30, 0])
def test_a_version_that_never_was_is_a_conflict(version: int, planner: Visitor, site: Site) -> None:
    point = find_point(planner, site, "AP-1")
    answer = planner.send("PATCH", point["href"], {"version": version, "x_m": 1})
    assert answer.status_code == 409


def test_an_access_point_in_operation_is_not_deleted(planner: Visitor, site: Site) -> None:
    point = find_point(planner, site, "AP-2")
    answer = planner.send("DELETE", point["href"], {"version": point["version"]})
    assert answer.status_code == 400
    assert answer.json is not None
    assert "Only planned access points can be deleted" in answer.json["error"]["message"]


BAD_VALUES: tuple[tuple[str, object], ...] = (
    ("x1_m", "NaN"),
    ("x1_m", None),
    ("x1_m", True),
    ("x1_m", [1]),
    ("x1_m", 1e9),
    ("x1_m", 500),
    ("x1_m", float("nan")),
    ("x1_m", float("inf")),
    ("x1_m", 10**400),
    ("material", NO_UUID),
    ("material", 7),
    ("material", "brick"),
    ("top_m", -1),
    ("thickness_m", 99),
)


def test_a_wall_of_impossible_values_is_refused_by_field(
    app: Flask, planner: Visitor, site: Site
) -> None:
    good = {"x1_m": 1, "y1_m": 1, "x2_m": 5, "y2_m": 1, "material": site.material}
    with database_of(app).reading() as session:
        before = stamp(session)
    for field, value in BAD_VALUES:
        answer = planner.send("POST", f"/floors/{site.floor}/walls", good | {field: value})
        assert answer.status_code == 400, (field, value)
        assert answer.json is not None
        assert answer.json["error"]["problems"][0]["field"] == field, (field, value)
    for field in good:
        rest = {key: value for key, value in good.items() if key != field}
        answer = planner.send("POST", f"/floors/{site.floor}/walls", rest)
        assert answer.status_code == 400, field
    short = good | {"x2_m": 1.01}
    assert planner.send("POST", f"/floors/{site.floor}/walls", short).status_code == 400
    with database_of(app).reading() as session:
        assert stamp(session) == before


def test_an_access_point_of_impossible_values_is_refused(planner: Visitor, site: Site) -> None:
    point = find_point(planner, site, "AP-1")
    for field, value in (
        ("x_m", float("nan")),
        ("x_m", 41),
        ("y_m", "10"),
        ("model", NO_UUID),
        ("mount", "hovering"),
        ("mount", 3),
        ("code", "AP-2"),
        ("code", "A\0"),
        ("code", "A\ud800"),
        ("code", "A" * 500),
        ("height_m", -1),
        ("azimuth_deg", 1e5),
    ):
        change = {"version": point["version"], field: value}
        answer = planner.send("PATCH", point["href"], change)
        assert answer.status_code == 400, (field, value)
        assert answer.json is not None
        assert answer.json["error"]["problems"], (field, value)
    assert find_point(planner, site, "AP-1") == point


def test_a_change_needs_the_version_it_was_made_against(planner: Visitor, site: Site) -> None:
    for version in (None, "1", True, 1.5):
        answer = planner.send("PATCH", f"/walls/{site.wall}", {"version": version, "x1_m": 1})
        assert answer.status_code == 400, version
    assert planner.send("PATCH", f"/walls/{site.wall}", {"version": -5}).status_code == 409


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "\xff", "[" * 20_000])
def test_a_body_that_is_no_json_object_is_refused(body: str, planner: Visitor, site: Site) -> None:
    answer = planner.client.post(
        f"/floors/{site.floor}/walls",
        data=body.encode("latin-1"),
        headers={
            "Content-Type": "application/json",
            "X-CSRFToken": planner.token,
            "Idempotency-Key": "k",
        },
    )
    assert answer.status_code == 400
    assert answer.is_json


def test_the_heat_map_follows_an_access_point_that_moves(planner: Visitor, site: Site) -> None:
    before = draw_heat_map(planner, site)
    point = find_point(planner, site, "AP-1")
    dragged = draw_heat_map(planner, site, f"counts=planned&move={point['id']},2,2")
    assert (draw_heat_map(planner, site) == before).all()
    planner.send("PATCH", point["href"], {"version": point["version"], "x_m": 2, "y_m": 2})
    after = draw_heat_map(planner, site)
    assert after.shape == before.shape
    assert (after != before).any()
    # A drag is shown on a coarser raster, of the same floor.
    assert dragged.shape[0] < after.shape[0]


def test_the_heat_map_says_where_it_lies(planner: Visitor, site: Site) -> None:
    answer = planner.get(f"/floors/{site.floor}/heat-map.png?counts=planned&band=5")
    bounds_m = [float(part) for part in answer.headers["X-Bounds-M"].split(",")]
    # Room, wall and access points, and 3 m around them.
    assert bounds_m == [-2.0, -3.0, 42.0, 23.0]
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_the_heat_map_of_what_is_live_differs_from_what_is_planned(
    planner: Visitor, site: Site
) -> None:
    live, planned = (draw_heat_map(planner, site, f"counts={kind}") for kind in ("live", "planned"))
    assert (live != planned).any()


def test_a_move_out_of_the_walls_is_saved_and_told(
    app: Flask, planner: Visitor, site: Site
) -> None:
    corners = ((1.0, 1.0), (25.0, 1.0), (25.0, 19.0), (1.0, 19.0))
    with database_of(app).writing(SYSTEM.audit()) as session:
        floor = places.find_floor(session, SYSTEM, str(site.floor)).floor
        for first, second in zip(corners, (*corners[1:], corners[0]), strict=True):
            add_wall(session, floor, (*first, *second))
        session.commit()
    point = find_point(planner, site, "AP-1")
    assert point["warnings"] == []

    change = {"version": point["version"], "x_m": 39.8}  # beside the walls and the foyer
    moved = planner.send("PATCH", point["href"], change).json

    assert moved is not None
    assert "outside the walls" in moved["record"]["warnings"][0]
    assert find_point(planner, site, "AP-1")["warnings"] == moved["record"]["warnings"]


def test_where_an_access_point_really_hangs_is_told_beside_its_plan(
    app: Flask, planner: Visitor, site: Site
) -> None:
    point = find_point(planner, site, "AP-1")
    assert (point["installed_x_m"], point["installed_y_m"]) == (None, None)
    with database_of(app).writing(SYSTEM.audit()) as session:
        place = (point["x_m"] + 1.0, point["y_m"])
        point_states.set_installed_position(session, SYSTEM, point["id"], place, point["version"])

    hung = find_point(planner, site, "AP-1")

    assert (hung["x_m"], hung["installed_x_m"]) == (point["x_m"], point["x_m"] + 1.0)


def test_the_editors_data_is_valid_for_strict_readers(planner: Visitor, site: Site) -> None:
    text = planner.get(f"/floors/{site.floor}/plan.json").text

    def refuse(word: str) -> None:
        pytest.fail(f"{word} is no JSON")

    json.loads(text, parse_constant=refuse)


def test_a_change_needs_one_connection_so_that_many_at_once_never_wait_for_each_other(
    app: Flask, planner: Visitor, site: Site
) -> None:
    point = find_point(planner, site, "AP-1")
    (wall,) = load(planner, site)["walls"]
    floor = f"/floors/{site.floor}"
    route = {"kind": "tray", "course": "0 0, 5 0"}
    steps: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (
            "POST",
            f"{floor}/walls",
            {"x1_m": 1, "y1_m": 1, "x2_m": 2, "y2_m": 1, "material": wall["material"]},
        ),
        ("PATCH", wall["href"], {"version": wall["version"], "x1_m": 21}),
        ("DELETE", wall["href"], {"version": wall["version"] + 1}),
        ("POST", wall["restore_href"], {}),
        ("POST", f"{floor}/access-points", {"x_m": 5, "y_m": 5, "model": point["model"]}),
        ("PATCH", point["href"], {"version": point["version"], "x_m": 12.5}),
        ("DELETE", point["href"], {"version": point["version"] + 1}),
        ("POST", point["restore_href"], {}),
        ("POST", f"{floor}/cable-routes", route),
    )
    with database_of(app).reading() as session:
        pool = session.get_bind().engine.pool
    for method, address, body in steps:
        with watch_pool(pool) as held:
            answer = planner.send(method, address, body)
        assert answer.status_code in {200, 201}, answer.text
        assert max(held) == 1, address
