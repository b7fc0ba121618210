"""Cable routes on pages and in the editor: drawn, changed, told by runs, lengths taken over."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.web.visitor import read_text

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

pytestmark = pytest.mark.usefixtures("site")
COURSE = "1;5\n29;5"


def read_json(answer: TestResponse) -> dict[str, Any]:
    assert isinstance(answer.json, dict)
    return answer.json


def read_record(answer: TestResponse) -> dict[str, Any]:
    record: dict[str, Any] = read_json(answer)["record"]
    return record


def test_a_tray_gives_runs_a_way_and_their_lengths_are_taken_over(
    planner: Visitor, site: Site
) -> None:
    refused = planner.fill_in("/cable-routes/new", floor="RH/0", kind="tray", points="1;5\nx;2")
    assert "This is no corner" in read_text(refused)
    page = planner.fill_in("/cable-routes/new", floor="RH/0", kind="tray", points=COURSE).location
    assert "28.0 m" in read_text(planner.get(page))
    place = f"/cabling/distributors/{site.cabling.distributor}/edit"
    assert planner.fill_in(place, x_m="1", y_m="5").status_code == 302

    run = read_text(planner.get(f"/cabling/runs/{site.cabling.run}"))
    assert "m along routes" in run
    assert "95.0 m are planned, along the routes it is" in run
    assert "RH-EV0.1-P1-01" in read_text(planner.get(page))
    assert "RH-0-T02" in read_text(planner.get("/cable-routes?kind=tray&level=0"))
    assert "Nobody has said where on its floor" in planner.get("/cable-routes/lengths").text
    socket = f"/cabling/outlets/{site.cabling.outlet}/edit"
    assert planner.fill_in(socket, x_m="9", y_m="4").status_code == 302
    preview = planner.get("/cable-routes/lengths?building=RH").text
    ids = re.findall(r'name="ids" value="([^"]+)"', preview)
    assert len(ids) == 1

    assert planner.post("/cable-routes/lengths", ids=ids[0], building="RH").status_code == 302
    assert "1 length taken over" in planner.get("/cable-routes/lengths").text
    late = planner.post("/cable-routes/lengths", ids=ids[0])
    assert "has changed this in the meantime" in read_text(late)


def test_the_editor_draws_changes_deletes_and_restores_a_riser(
    planner: Visitor, site: Site
) -> None:
    drawn = planner.send(
        "POST",
        f"/floors/{site.floor}/cable-routes",
        {"kind": "riser", "course": "2 5", "upper_floor": "RH/1"},
    )
    record = read_record(drawn)
    assert (record["code"], record["course"], drawn.status_code) == ("RH-0-R01", "2 5", 201)

    moved = planner.send("PATCH", record["href"], {"version": record["version"], "course": "3 5"})
    assert read_record(moved)["course"] == "3 5"
    late = planner.send("PATCH", record["href"], {"version": record["version"], "capacity": 4})
    assert (late.status_code, read_json(late)["error"]["current"]["course"]) == (409, "3 5")
    wrong = planner.send(
        "PATCH", record["href"], {"version": record["version"] + 1, "course": "3 5, 4"}
    )
    assert read_json(wrong)["error"]["problems"][0]["field"] == "course"

    version = read_record(moved)["version"]
    assert planner.send("DELETE", record["href"], {"version": version}).status_code == 200
    plan = read_json(planner.get(f"/floors/{site.floor}/plan.json"))
    assert [item["code"] for item in plan["cable_routes"]] == ["RH-0-T01"]
    back = planner.send("POST", record["restore_href"], {})
    assert (back.status_code, read_record(back)["course"]) == (201, "3 5")
