"""Bad input through every form: a clear message, nothing written, and what was typed is kept."""

from __future__ import annotations

import html
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.factories.access_points import find_model
from tests.integration.web.visitor import count_changes, enter, open_client, read_form, read_text
from tests.live_server import database_of
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

NO_UUID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Refusal:
    """What is typed into which field, and words of the answer."""

    field: str
    typed: str
    words: str


def check_refusals(
    app: Flask, visitor: Visitor, address: str, filled: dict[str, str], refusals: list[Refusal]
) -> None:
    """Send a well-filled form with one bad value at a time."""
    before = count_changes(app)
    for refusal in refusals:
        answer = visitor.fill_in(address, **(filled | {refusal.field: refusal.typed}))
        assert answer.status_code in {200, 400}, refusal
        words = read_text(answer)
        assert "Nothing was saved yet." in words, refusal
        assert refusal.words in words, (refusal, words)
        kept = read_form(answer.text)
        if refusal.words != "Not a valid choice":
            assert kept[refusal.field] == refusal.typed, refusal
        others = {key: value for key, value in filled.items() if key != refusal.field}
        assert {key: kept[key] for key in others} == others, refusal
    assert count_changes(app) == before


def test_a_building_with_impossible_values(app: Flask, planner: Visitor) -> None:
    filled = {"code": "NB", "name": "Neubau", "address": "Am Markt 1", "rotation_deg": "12,5"}
    refusals = [
        Refusal("code", "", "Please fill this in."),
        Refusal("code", "RH", "There is already a building of this code."),
        Refusal("code", "a/b", "letters, digits"),
        Refusal("code", "../etc", "letters, digits"),
        Refusal("code", "ABCDEFGHIJKLMNOPQ", "16 characters"),
        Refusal("name", "", "Please fill this in."),
        Refusal("name", "N" * 121, "120 characters"),
        Refusal("priority", "9", "Not a valid choice"),
        Refusal("rotation_deg", "nan", "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}nan"),
        Refusal("rotation_deg", "400", "360"),
        Refusal("origin_easting_m", "513000", "Give both, or leave both empty."),
        Refusal("origin_easting_m", "1e999", "is not a number. Write it like 12,5."),
    ]
    check_refusals(app, planner, "/buildings/new", filled, refusals)
    assert planner.fill_in("/buildings/new", **filled).status_code == 302


def test_a_floor_and_a_wing_with_impossible_values(
    app: Flask, planner: Visitor, site: Site
) -> None:
    address = f"/buildings/{site.building}/floors/new"
    filled = {"level": "2", "name": "Dach", "height_m": "3,25"}
    refusals = [
        Refusal("level", "", "Please fill this in."),
        Refusal("level", "abc", "Not a valid integer value."),
        Refusal("level", "1", "The building already has this floor."),
        Refusal("level", "5000", "99"),
        Refusal("height_m", "-3", "between 1 m and 50 m"),
        Refusal("height_m", "nan", "is not a number."),
        Refusal("elevation_m", "inf", "is not a number."),
        Refusal("elevation_m", "99999", "no elevation of a floor"),
    ]
    check_refusals(app, planner, address, filled, refusals)
    assert planner.fill_in(address, **filled).status_code == 302
    wing_refusals = [
        Refusal("code", "WE", "already has a wing of this code"),
        Refusal("code", "W E", "letters, digits"),
    ]
    address = f"/buildings/{site.building}/wings/new"
    check_refusals(app, planner, address, {"name": "Anbau"}, wing_refusals)


def test_a_wall_with_impossible_values(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floors/{site.floor}/walls/new"
    filled = {"x1_m": "1,5", "y1_m": "2", "x2_m": "9", "y2_m": "2", "thickness_m": "0,24"}
    refusals = [
        Refusal("x1_m", "NaN", "is not a number."),
        Refusal("x1_m", "-inf", "is not a number."),
        Refusal("x1_m", "one", "Write it like 12,5."),
        Refusal("x1_m", "1.234,5", "is not a number."),
        Refusal("x1_m", "", "Please fill this in."),
        Refusal("y2_m", "1e9", "This is no position in a building."),
        Refusal("x2_m", "1,5", "The wall is shorter than 5 cm."),
        Refusal("material", NO_UUID, "Not a valid choice"),
        Refusal("material", "brick", "Not a valid choice"),
        Refusal("top_m", "-1", "The wall ends below where it begins."),
        Refusal("thickness_m", "-0,2", "A wall is at most 5 m thick."),
    ]
    check_refusals(app, planner, address, filled, refusals)
    check_refusals(app, planner, f"/walls/{site.wall}/edit", filled, refusals)
    assert planner.fill_in(address, **filled).status_code == 302
    assert "7,50" in planner.get(f"/floors/{site.floor}/tables").text.replace("7.50", "7,50")


def test_an_access_point_with_impossible_values(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floors/{site.floor}/access-points/new"
    filled = {"x_m": "12,25", "y_m": "7", "height_m": "2,7", "note": "über der Tür"}
    refusals = [
        Refusal("x_m", "nan", "is not a number."),
        Refusal("x_m", "41", "The position lies off the plan"),
        Refusal("y_m", "-0,5", "The position lies off the plan"),
        Refusal("y_m", "1e6", "This is no position in a building."),
        Refusal("height_m", "-1", "This must lie between 0 and 50."),
        Refusal("height_m", "300", "This must lie between 0 and 50."),
        Refusal("code", "AP-1", "This code is taken."),
        Refusal("code", "A" * 61, "60 characters"),
        Refusal("model", NO_UUID, "Not a valid choice"),
        Refusal("mount", "hovering", "Not a valid choice"),
    ]
    check_refusals(app, planner, address, filled, refusals)
    assert planner.fill_in(address, **filled).status_code == 302


def test_an_access_point_changed_to_impossible_values(
    app: Flask, planner: Visitor, site: Site
) -> None:
    with database_of(app).reading() as session:
        assert [radio.slot for radio in find_model(session).radios] == [1, 2, 3]
    refusals = [
        Refusal("x_m", "nan", "is not a number."),
        Refusal("x_m", "-5", "The position lies off the plan"),
        Refusal("azimuth_deg", "361", "This must lie between -360 and 360."),
        Refusal("downtilt_deg", "-91", "This must lie between -90 and 90."),
        Refusal("mac", "00:11:22", "six pairs of hexadecimal digits"),
        Refusal("code", "AP-2", "This code is taken."),
        Refusal("radio1-channel", "200", "has no such channel"),
        Refusal("radio1-channel", "six", "Not a valid integer value."),
        Refusal("radio1-power_dbm", "nan", "is not a number."),
        Refusal("radio1-power_dbm", "99", "This must lie between -10 and 36."),
        Refusal("radio1-width_mhz", "320", "Not a valid choice"),
    ]
    address = f"/access-points/{site.planned_point}/edit"
    check_refusals(app, planner, address, {"note": "bleibt"}, refusals)
    saved = planner.fill_in(address, x_m="11,5", mac="00-1A-2B-3C-4D-5E")
    assert saved.status_code == 302
    page = read_text(planner.get(f"/access-points/{site.planned_point}"))
    assert "00:1a:2b:3c:4d:5e" in page


def test_a_state_that_is_not_reached_from_here(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/access-points/{site.planned_point}/state"
    before = count_changes(app)
    for target in ("accepted", "exploded", ""):
        answer = planner.fill_in(address, target=target, reason="weil")
        assert answer.status_code == 200, target
        assert "Nothing was saved yet." in read_text(answer), target
    assert count_changes(app) == before
    assert planner.fill_in(address, target="released").status_code == 302


def test_a_scale_that_cannot_be(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floor-plans/{site.plan}/scale"
    points = {"x1_px": "10", "y1_px": "10", "x2_px": "210,5", "y2_px": "10", "distance_m": "20"}
    two_points = points | {"method": "two_points"}
    refusals = [
        Refusal("distance_m", "-20", ""),
        Refusal("distance_m", "0", ""),
        Refusal("distance_m", "", "This number is missing."),
        Refusal("distance_m", "nan", "is not a number."),
        Refusal("distance_m", "1e9", "a plan covers between 1 m and 5 km"),
        Refusal("x2_px", "10", ""),
        Refusal("x2_px", "5000", ""),
        Refusal("x2_px", "-1", ""),
    ]
    check_refusals(app, planner, address, two_points, refusals)
    for method, field in (
        ("width", "width_m"),
        ("drawing", "denominator"),
        ("pixel", "metres_per_pixel"),
    ):
        bad = ("-1", "0", "", "nan", "1e300", "1e-300")
        check_refusals(
            app, planner, address, {"method": method}, [Refusal(field, typed, "") for typed in bad]
        )
    lines = (
        "1 2 3", "1 2 3 4 5", "a b c d", "nan 1 2 3\n4 5 6 7", "",
        "10 10 0 0", "10 10 0 0\n10 10 5 5", "10 10 1 1\n20 20 1 1", "0 0 0 0\n400 200 1e300 1e300",
    )  # fmt: skip
    bad_lines = [Refusal("control_points", typed, "") for typed in lines]
    check_refusals(app, planner, address, {"method": "control"}, bad_lines)
    assert planner.fill_in(address, **two_points).status_code == 302


def test_a_material_with_impossible_values(app: Flask, planner: Visitor) -> None:
    filled = {
        "code": "lehm-300",
        "name": "Lehm",
        "loss_24_db": "4,5",
        "loss_5_db": "6",
        "loss_6_db": "7",
    }
    refusals = [
        Refusal("code", "Brick 240", "Small letters, digits and hyphens only."),
        Refusal("code", "brick-240", "code"),
        Refusal("loss_5_db", "-6", ""),
        Refusal("loss_5_db", "nan", "is not a number."),
        Refusal("loss_5_db", "1e6", ""),
    ]
    check_refusals(app, planner, "/catalogue/materials/new", filled, refusals)
    assert planner.fill_in("/catalogue/materials/new", **filled).status_code == 302
    assert "Lehm" in planner.get("/catalogue").text


FOR_OFFICERS = {
    "/networks/check/exemptions/<ref>/approve",
    "/networks/check/area",
    "/networks/check/approvals/<ref>/withdraw",
}
"""What not even an administrator may send."""


def test_a_form_without_its_token_is_refused(app: Flask, site: Site) -> None:
    admin, officer = enter(app, "admin"), enter(app, "officer")
    before = count_changes(app)
    posts = [rule.rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    changes = [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in ("PATCH", "DELETE")
        if method in (rule.methods or ())
    ]
    for method, rule in [*(("POST", rule) for rule in posts), *changes]:
        visitor = officer if rule in FOR_OFFICERS else admin
        address = rule.replace("<ref>", site.planned_point).replace("<token>", "t")
        answer = visitor.client.open(address, method=method, data={"name": "x"})
        assert answer.status_code == 400, (method, rule)
        assert "The page was open for too long." in answer.text, (method, rule)
        answer = visitor.client.open(address, method=method, json={}, headers={"X-CSRFToken": "no"})
        assert (answer.status_code, answer.is_json) == (400, True), (method, rule)
    assert len(posts) >= 20
    assert count_changes(app) == before


def test_every_answer_carries_the_content_security_policy(
    app: Flask, planner: Visitor, site: Site
) -> None:
    floor = f"/floors/{site.floor}"
    pages = (
        "/", "/buildings", f"{floor}/plan", f"{floor}/plan.json", f"{floor}/heat-map.png",
        f"{floor}/coverage", f"{floor}/coverage/map", f"/floor-plans/{site.plan}/picture.png",
        "/export/access_points.csv", "/no-such-page", f"/access-points/{NO_UUID}", "/access-points?q=%00",
    )  # fmt: skip
    answers = [planner.get(page) for page in pages]
    answers += [
        planner.client.get("/assets/x/css/kern.css", buffered=True),
        planner.client.get("/assets/x/../../pyproject.toml"),
        planner.client.post("/buildings/new", data={}),
        planner.client.open("/buildings", method="PUT"),
        open_client(app).get("/login"),
    ]
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self' 'nonce-"), (
            answer.request.path
        )
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert answer.headers["Referrer-Policy"] == "same-origin"
    nonces = {answer.headers["Content-Security-Policy"] for answer in answers}
    assert len(nonces) == len(answers)


HOSTILE_NAMES = (
    "<script>alert(1)</script>",
    "{{7*7}}",
    "'\"><img src=x onerror=alert(1)>",
    "${7*7}%(x)s%s",
)


def test_hostile_names_are_words_everywhere(app: Flask, planner: Visitor, site: Site) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        added = planner.fill_in(
            f"/floors/{site.floor}/access-points/new",
            code=f"HOSTILE-{number}", x_m=str(5 + number), y_m="5", height_m="2,7", note=name,
        )  # fmt: skip
        assert added.status_code == 302
        cell = name.replace('"', '""')
        _import_table(planner, "rooms", f'floor;number;name\nRH/0;{number + 500};"{cell}"\n')
    everything = "".join(HOSTILE_NAMES)
    planner.fill_in(f"/buildings/{site.building}/edit", name=everything, address=everything)
    with database_of(app).writing(SYSTEM.audit()) as session:
        points = session.scalars(select(AccessPoint).where(AccessPoint.code.startswith("HOSTILE-")))
        for number, point in enumerate(points):  # checked today, but not in older databases
            point.code = f"{HOSTILE_NAMES[number]}{number}"[:60]
        session.commit()
    floor = f"/floors/{site.floor}"
    for address in (
        "/buildings", f"/buildings/{site.building}", f"/buildings/{site.building}/edit", "/access-points",
        f"/access-points?q={HOSTILE_NAMES[2]}", f"{floor}/plan", f"{floor}/tables", f"{floor}/coverage",
        f"{floor}/coverage/map", f"{floor}/plans", f"/access-points/{site.planned_point}",
    ):  # fmt: skip
        page = planner.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text, address
        assert "<img src=x" not in page.text, address
        assert "7*7" in page.text or address == f"{floor}/plans", address
        assert ">49<" not in page.text, address
    assert html.escape(HOSTILE_NAMES[1]) in planner.get("/buildings").text


def _import_table(visitor: Visitor, kind: str, text: str) -> None:
    preview = visitor.fill_in("/import", kind=kind, file=(io.BytesIO(text.encode()), "table.csv"))
    applied = visitor.client.post("/import/apply", data=read_form(preview.text))
    assert applied.status_code == 302, read_text(preview)


def test_messages_write_numbers_and_name_fields_in_german(app: Flask, site: Site) -> None:
    planner = enter(app, "planner")
    planner.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de"
    place = {"model": site.model, "x_m": 500, "y_m": 1}

    answer = planner.send("POST", f"/floors/{site.floor}/access-points", place)

    assert answer.json is not None
    (problem,) = answer.json["error"]["problems"]
    assert "x 0,0 bis 40,0 m" in problem["message"]
    address = f"/floor-plans/{site.plan}/scale"
    scaled = planner.fill_in(address, method="pixel", metres_per_pixel="347500")
    assert "139.000.000,0 m lang" in read_text(scaled)


def test_a_browser_finds_the_mark_unasked(app: Flask) -> None:
    answer = app.test_client().get("/favicon.ico")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    answer.close()
