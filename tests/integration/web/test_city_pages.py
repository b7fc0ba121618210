"""The city map and its list, footprints by upload, the search, uplinks, the building's matrix."""

from __future__ import annotations

import gzip
import html
import io
import json
import re
from typing import TYPE_CHECKING

import pytest
import shapely
import shapely.affinity

from tests.factories.places import add_building, add_floor, add_room
from tests.integration.web.visitor import enter, read_form, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.services.search import KINDS
from wlantrack.store.models.demand import Requirement, Zone
from wlantrack.store.queries import places as queries
from wlantrack.web.search.routes import TARGETS

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

EVIL = "<img src=x onerror=alert(1)></script>{{ 7*7 }}"
OUTLINE = shapely.box(513_000, 5_402_000, 513_030, 5_402_020)
DAY = "2026-11-24T10:30"


def add(app: Flask, code: str, **values: object) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_building(session, code, **values)
        session.commit()


def read_data(page: str) -> dict[str, list[list[object]]]:
    found = re.search(r'id="map-data">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, list[list[object]]] = json.loads(found[1])
    return data


def list_codes(page: str) -> list[str]:
    return re.findall(r'<li data-code="([^"]+)"', page)


@pytest.mark.usefixtures("site")
def test_map_and_list_show_the_same_buildings_under_the_same_filter(app: Flask) -> None:
    add(app, "BIB", name="Bibliothek", is_public=True, footprint=OUTLINE)
    add(app, "BAD", is_public=True, origin_easting_m=513_100.0, origin_northing_m=5_402_000.0)
    add(app, "ZU", footprint=OUTLINE)
    planner = enter(app, "planner")
    for query, listed, mapped in (
        ("", ["BAD", "BIB", "KH", "RH", "ZU"], ["BAD", "BIB", "ZU"]),
        ("?public=yes", ["BAD", "BIB"], ["BAD", "BIB"]),
        ("?public=yes&words=biblio", ["BIB"], ["BIB"]),
        ("?stage=nonsense&priority=99", ["BAD", "BIB", "KH", "RH", "ZU"], ["BAD", "BIB", "ZU"]),
        ("?words=nowhere", [], []),
    ):
        page, frame = planner.get(f"/map{query}").text, planner.get(f"/map/frame{query}").text
        assert list_codes(page) == listed
        assert [row[0] for row in read_data(frame)["buildings"]] == mapped
    words = read_text(planner.get("/map?public=yes"))
    assert "2 of 5 buildings" in words
    assert "2 not on the map" in read_text(planner.get("/map"))


@pytest.mark.usefixtures("site")
def test_what_people_enter_is_data_on_the_map_and_never_markup(app: Flask) -> None:
    add(app, "EVIL", name=EVIL, address=EVIL, footprint=OUTLINE)
    planner = enter(app, "planner")
    frame = planner.get("/map/frame").text
    assert "<img" not in frame
    assert frame.count("</script>") == frame.count("<script")
    row = next(row for row in read_data(frame)["buildings"] if row[0] == "EVIL")
    assert row[1] == EVIL
    assert "<img" not in planner.get("/map").text


def test_the_map_asks_nobody_and_carries_this_answers_nonce(planner: Visitor) -> None:
    answers = [planner.get("/map/frame") for _ in range(2)]
    nonces = []
    for answer in answers:
        found = re.search(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert found
        nonces.append(found[1])
        assert f'nonce="{found[1]}"' in answer.text
        assert "http" not in re.sub(r"http://www\.w3\.org/\S+", "", answer.text)
    assert nonces[0] != nonces[1]


@pytest.mark.usefixtures("site")
def test_two_thousand_buildings_take_little_and_the_list_follows(app: Flask) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        for number in range(2_000):
            east, north = 505_000 + 413 * (number % 45), 5_395_000 + 391 * (number // 45)
            add_building(
                session,
                f"G{number:04}",
                name=f"Gebäude {number}",
                address=f"Musterstraße {number}, Stuttgart",
                footprint=shapely.box(east, north, east + 31.7, north + 18.3),
            )
        session.commit()
    client = enter(app, "planner").client
    accepting = {"Accept-Encoding": "gzip"}
    answers = {
        path: client.get(path, headers=accepting) for path in ("/map", "/map/frame", "/map/rows")
    }
    assert all(answer.headers["Content-Encoding"] == "gzip" for answer in answers.values())
    assert sum(len(answer.data) for answer in answers.values()) <= 250_000
    pages = {path: gzip.decompress(answer.data).decode() for path, answer in answers.items()}
    first, rest = list_codes(pages["/map"]), list_codes(pages["/map/rows"])
    assert (len(first), len(first) + len(rest)) == (100, 2_002)
    assert len(read_data(pages["/map/frame"])["buildings"]) == 2_000
    plain = client.get("/map?all=yes")
    assert "Content-Encoding" not in plain.headers
    assert list_codes(plain.text) == first + rest


def test_a_neighbour_sees_no_other_building_on_the_map(app: Flask, site: Site) -> None:
    del site
    add(app, "FAR", footprint=OUTLINE)
    neighbour = enter(app, "neighbour")
    assert list_codes(neighbour.get("/map").text) == ["RH"]
    assert read_data(neighbour.get("/map/frame").text)["buildings"] == []


def write_geojson(code: str, shift_m: float = 0.0) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"code": code, "name": "Haus"},
        "geometry": shapely.geometry.mapping(shapely.affinity.translate(OUTLINE, shift_m)),
    }
    named = {"type": "name", "properties": {"name": "EPSG:25832"}}
    document = {"type": "FeatureCollection", "crs": named, "features": [feature]}
    return json.dumps(document).encode()


def preview(visitor: Visitor, data: bytes, **values: str) -> str:
    file = (io.BytesIO(data), "houses.geojson")
    return visitor.fill_in("/import/footprints", file=file, **values).text


def get_footprint(app: Flask, code: str) -> object:
    with database_of(app).reading() as session:
        building = queries.get_building_by_code(session, code)
        return building and building.footprint


def test_footprints_are_previewed_then_written(app: Flask, planner: Visitor) -> None:
    page = preview(planner, write_geojson("RH"))
    assert "Would be updated" in page
    assert get_footprint(app, "RH") is None
    answer = planner.client.post("/import/footprints/apply", data=read_form(page))
    assert answer.status_code == 302
    assert get_footprint(app, "RH") is not None
    assert "stays as it is" in preview(planner, write_geojson("RH"))
    assert "belongs to no building" in preview(planner, write_geojson("NEW", 100.0))
    made = planner.client.post(
        "/import/footprints/apply",
        data=read_form(preview(planner, write_geojson("NEW", 100.0), create="y")),
    )
    assert made.status_code == 302
    assert get_footprint(app, "NEW") is not None


def test_one_bad_outline_does_not_keep_the_others_out_for_whoever_chooses_so(
    app: Flask, planner: Visitor
) -> None:
    document = json.loads(write_geojson("RH"))
    bad = {"type": "Point", "coordinates": [1, 2]}
    document["features"].append(document["features"][0] | {"geometry": bad})
    page = preview(planner, json.dumps(document).encode())
    assert "Or import the rest" in page
    assert get_footprint(app, "RH") is None

    answer = planner.client.post("/import/footprints/apply", data=read_form(page))

    assert answer.status_code == 302
    assert get_footprint(app, "RH") is not None


def test_a_file_that_is_no_map_stays_on_the_form(planner: Visitor) -> None:
    page = preview(planner, b"no map at all")
    assert "neither GeoPackage" in page
    assert planner.post("/import/footprints/apply", upload="../../x").status_code == 302


def test_a_code_leads_straight_to_its_page_and_words_to_a_list(
    planner: Visitor, site: Site
) -> None:
    exact = planner.get("/search?q=ap-1")
    assert (exact.status_code, exact.location) == (302, f"/access-points/{site.planned_point}")
    assert planner.get("/search?q=rh").location == f"/buildings/{site.building}"
    words = read_text(planner.get("/search?q=AP-"))
    assert "AP-1" in words
    assert "AP-2" in words
    assert "Nothing has" in read_text(planner.get(f"/search?q={'x' * 300}"))
    assert EVIL not in planner.get("/search", follow_redirects=True).text


def test_suggestions_come_as_a_fragment_and_never_lead_away(
    client: FlaskClient, app: Flask
) -> None:
    del client
    from tests.integration.web.site import build_site  # noqa: PLC0415 - a site of its own

    build_site(app)
    visitor = enter(app, "neighbour")
    answer = visitor.client.get("/search?q=ap-1", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "<main" not in answer.text
    assert "AP-1" in answer.text
    hidden = visitor.client.get("/search?q=AP-3", headers={"HX-Request": "true"})
    assert "/access-points/" not in hidden.text


def test_each_cell_of_the_matrix_leads_to_what_it_counts(planner: Visitor, site: Site) -> None:
    page = html.unescape(planner.get(f"/buildings/{site.building}").text)

    cells = re.findall(r'href="(/access-points\?building=RH&level=0[^"]*)"', page)
    lists = [read_text(planner.get(cell)) for cell in cells]
    assert [("AP-1" in words, "AP-2" in words) for words in lists] == [(False, True), (True, False)]


def test_a_wing_added_before_the_first_floor_is_on_the_page(planner: Visitor) -> None:
    planner.fill_in("/buildings/new", code="NEU", name="Neubau")
    added = planner.fill_in("/buildings/NEU/wings/new", code="OST", name="Ostflügel")
    assert added.status_code == 302

    page = read_text(planner.get("/buildings/NEU"))

    assert "OST" in page
    assert "Ostflügel" in page
    assert "No floor yet" in page


def test_the_matrix_counts_and_judges(app: Flask, planner: Visitor, site: Site) -> None:
    page = f"/buildings/{site.building}"
    nothing_asked = planner.get(f"/buildings/{site.elsewhere_building}").text
    assert "hx-get" not in nothing_asked.partition("<main")[2]
    with database_of(app).writing(SYSTEM.audit()) as session:
        building = queries.get_building_by_code(session, "RH")
        assert building
        ground = next(floor for floor in building.floors if floor.level == 0)
        requirement = Requirement(code="r", name="r", signal_dbm=-67.0)
        impossible = Requirement(code="i", name="i", signal_dbm=-5.0)
        session.add_all([requirement, impossible])
        session.flush()
        for code, network_class, wanted in (
            ("Z8", "visitor", requirement),
            ("Z9", "internal", impossible),
        ):
            session.add(
                Zone(
                    floor_id=ground.id,
                    code=code,
                    network_class=network_class,
                    outline=shapely.box(1, 1, 19, 19),
                    requirement_id=wanted.id,
                )
            )
        session.commit()
    assert f'hx-get="{page}/verdicts"' in planner.get(page).text
    marks = planner.get(f"{page}/verdicts").text
    assert marks.count("hx-swap-oob") == 1
    assert "requirement met" in marks
    assert "requirement not met" in marks
    viewer = enter(app, "viewer").get(f"{page}/verdicts").text
    assert "LHS" not in viewer


def test_an_uplink_is_added_measured_and_deleted(app: Flask, planner: Visitor, site: Site) -> None:
    added = planner.fill_in(
        f"/buildings/{site.building}/uplinks/new",
        code="RH-UL-9",
        down_mbit="1000",
        up_mbit="380,5",
        network_class="internal",
    )
    assert added.status_code == 302
    page = added.location
    words = read_text(planner.get(page))
    assert "100 (1080p, 3.8 Mbit/s each way)" in words
    measured = planner.post(f"{page}/loads", measured_at=DAY, down_mbit="500", up_mbit="1")
    assert measured.status_code == 302
    again = planner.post(f"{page}/loads", measured_at=DAY, down_mbit="7", up_mbit="x")
    assert "is not a number" in again.text
    assert "50 % on" in read_text(planner.get(page))
    changed = planner.fill_in(f"{page}/edit", down_mbit="2000")
    assert changed.status_code == 302
    assert enter(app, "viewer").get(page).status_code == 404
    assert enter(app, "facility").get(page).status_code == 404
    assert "RH-UL-9" in planner.get(f"/buildings/{site.building}").text
    gone = planner.client.post(f"{page}/delete", data=read_form(planner.get(page).text))
    assert gone.status_code == 302
    assert planner.get(page).status_code == 404


def test_two_measurements_become_a_chart_with_the_same_numbers(
    planner: Visitor, site: Site
) -> None:
    page = planner.get(f"/uplinks/{site.uplink}").text
    assert page.count("<polyline") == 2
    assert "20.0 Mbit/s" in read_text(planner.get(f"/uplinks/{site.uplink}"))


def test_opening_hours_and_the_reason_of_the_priority_are_kept(
    planner: Visitor, site: Site
) -> None:
    page = f"/buildings/{site.building}"
    planner.fill_in(f"{page}/edit", opening_hours="Mo-Fr 8-18", priority_reason="Council")
    words = read_text(planner.get(page))
    assert "Opening hours Mo-Fr 8-18" in words
    assert "Reason of the priority Council" in words


@pytest.mark.usefixtures("site")
def test_the_column_without_wing_is_there_only_when_needed(app: Flask) -> None:
    planner = enter(app, "planner")
    assert "Without wing" not in planner.get("/buildings/RH").text
    with database_of(app).writing(SYSTEM.audit()) as session:
        plain = add_building(session, "PLAIN")
        add_room(session, add_floor(session, plain), "1")
        session.commit()
    assert "Without wing" in planner.get("/buildings/PLAIN").text


def test_every_kind_that_is_searched_has_a_place_to_lead_to(app: Flask) -> None:
    assert TARGETS.keys() == KINDS.keys()
    missing = {
        kind
        for kind, target in TARGETS.items()
        if target.endpoint not in app.view_functions
        and target.place_endpoint not in app.view_functions
    }
    assert missing == set()
