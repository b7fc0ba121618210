"""One form in two hands: the second is told, merges or chooses, and overwrites nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import count_changes, enter, read_form, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


@pytest.mark.parametrize("version", [None, "", "abc", "-1", "1.0", "9" * 5000])
def test_a_form_that_names_no_version_changes_nothing(
    version: str | None, app: Flask, planner: Visitor, site: Site
) -> None:
    changed = {
        f"/buildings/{site.building}/edit": {"name": "changed"},
        f"/floors/{site.floor}/edit": {"name": "changed"},
        f"/walls/{site.wall}/edit": {"x1_m": "21"},
        f"/access-points/{site.planned_point}/edit": {"note": "changed"},
        f"/access-points/{site.planned_point}/state": {"target": "released"},
        f"/floor-plans/{site.plan}/scale": {"method": "width", "width_m": "30"},
    }
    bare = {
        f"/walls/{site.wall}/delete": {},
        f"/access-points/{site.planned_point}/delete": {},
        f"/floor-plans/{site.old_plan}/restore": {},
        f"/floor-plans/{site.plan}/page": {"page": "1"},
    }
    before = count_changes(app)
    for address, values in (changed | bare).items():
        form = read_form(planner.get(address).text) if address in changed else {}
        sent = {"csrf_token": planner.token, **form, **values}
        sent.pop("version", None)
        if version is not None:
            sent["version"] = version
        words = read_text(planner.client.post(address, data=sent))
        assert "Reload the page and enter your change again." in words, (address, words)
    assert count_changes(app) == before


def test_rows_that_are_ticked_without_a_version_stay_as_they_are(app: Flask, site: Site) -> None:
    manager, why = enter(app, "manager"), {"reason": "x"}
    bulk: list[tuple[str, str, dict[str, str]]] = [
        ("/access-points/state/apply", site.planned_point, {"target": "released"} | why),
        ("/cabling/state/apply", site.cabling.run, {"target": "cancelled"} | why),
        ("/cable-routes/lengths", site.cabling.run, {"building": "RH"}),
        ("/packages/change", site.package, {"step": "later"}),
        ("/tasks/state", site.task, {"state": "done"}),
        ("/tasks/due", site.task, {"step": "later"}),
        ("/networks/hotspots/selected/apply", site.hotspot, {"publish": "no"} | why),
    ]
    before = count_changes(app)
    for address, ref, values in bulk:
        for ids in (ref, f"{ref}:", f"{ref}:x", f"{ref}:999"):
            answer = manager.post(address, ids=ids, **values)
            assert answer.status_code in {200, 400, 409}, (address, ids)
    assert count_changes(app) == before


def test_a_page_of_a_plan_that_somebody_has_changed_is_not_chosen(
    app: Flask, planner: Visitor, site: Site
) -> None:
    scale = f"/floor-plans/{site.plan}/scale"
    seen = read_form(planner.get(scale).text)["version"]
    enter(app, "admin").fill_in(scale, method="width", width_m="30")
    before = count_changes(app)
    answer = planner.post(f"/floor-plans/{site.plan}/page", page=1, version=seen)
    assert answer.status_code == 409
    assert "admin has changed this in the meantime." in read_text(answer)
    assert count_changes(app) == before


def test_two_editors_of_one_form_and_the_second_is_told(app: Flask, site: Site) -> None:
    anna, bert = enter(app, "planner"), enter(app, "admin")
    address = f"/access-points/{site.planned_point}/edit"
    mine = read_form(anna.get(address).text)
    theirs = read_form(bert.get(address).text)
    assert bert.client.post(address, data=theirs | {"note": "von Admin"}).status_code == 302
    before = count_changes(app)
    answer = anna.client.post(address, data=mine | {"note": "von Planner", "x_m": "12"})
    words = read_text(answer)
    assert "admin has changed this in the meantime." in words
    assert "von Admin" in words
    kept = read_form(answer.text)
    assert (kept["note"], kept["x_m"]) == ("von Planner", "12")
    assert count_changes(app) == before
    assert anna.client.post(address, data=kept).status_code == 302
    assert count_changes(app) == before + 1


def open_twice(app: Flask, address: str, **theirs: str) -> tuple[Visitor, dict[str, str]]:
    """Give a form that was opened before somebody else saved other values."""
    anna, bert = enter(app, "planner"), enter(app, "admin")
    mine = read_form(anna.get(address).text)
    assert bert.fill_in(address, **theirs).status_code == 302
    return anna, mine


def test_what_i_did_not_touch_takes_their_value_and_mine_is_saved_beside_it(
    app: Flask, site: Site
) -> None:
    address = f"/access-points/{site.planned_point}/edit"
    theirs = {"note": "von Admin", "height_m": "2.4", "radio2-channel": "100", "is_public": "y"}
    anna, mine = open_twice(app, address, **theirs)

    answer = anna.client.post(address, data=mine | {"x_m": "12"})

    words = read_text(answer)
    assert re.search(r"Note is now: von Admin \(admin, \w+ \d\d", words)
    assert "Mounting height is now: 2.4" in words
    assert "Radio 5 GHz, Channel is now: 100" in words
    assert "In a public area is now: yes" in words
    merged = read_form(answer.text)
    assert {name: merged[name] for name in theirs} == theirs
    assert "choice-" not in answer.text
    assert anna.client.post(address, data=merged).status_code == 302
    saved = read_form(anna.get(address).text)
    assert {name: saved[name] for name in theirs} == theirs
    assert saved["x_m"] == "12"


@pytest.mark.parametrize(("choice", "height"), [("mine", "3.1"), ("theirs", "2.4")])
def test_a_field_that_both_changed_is_compared_and_chosen(
    app: Flask, site: Site, choice: str, height: str
) -> None:
    address = f"/access-points/{site.planned_point}/edit"
    anna, mine = open_twice(app, address, height_m="2.4", mount="wall", note="von Admin")

    answer = anna.client.post(address, data=mine | {"height_m": "3.1", "mount": "floor"})

    words = read_text(answer)
    assert re.search(r"Mounting height 2\.7 3\.1 2\.4 admin, \w+ \d\d", words)
    assert re.search("Mounting Ceiling Floor Wall admin", words, re.IGNORECASE)
    merged = read_form(answer.text)
    assert merged["note"] == "von Admin"
    choices = {"choice-height_m": choice, "choice-mount": "theirs"}
    assert anna.client.post(address, data=merged | choices).status_code == 302
    saved = read_form(anna.get(address).text)
    assert (saved["height_m"], saved["mount"]) == (height, "wall")


def test_a_third_change_while_choosing_is_compared_again(app: Flask, site: Site) -> None:
    address = f"/buildings/{site.building}/edit"
    anna, mine = open_twice(app, address, name="Eins")
    merged = read_form(anna.client.post(address, data=mine | {"name": "Zwei"}).text)
    assert enter(app, "manager").fill_in(address, name="Drei", priority="1").status_code == 302

    answer = anna.client.post(address, data=merged | {"choice-name": "mine"})

    assert re.search("Name Eins Zwei Drei manager", read_text(answer))
    assert "Priority is now: 1" in read_text(answer)
    last = read_form(answer.text) | {"choice-name": "mine"}
    assert anna.client.post(address, data=last).status_code == 302
    saved = read_form(anna.get(address).text)
    assert (saved["name"], saved["priority"]) == ("Zwei", "1")


def test_a_change_of_radios_alone_is_told_with_who_made_it(app: Flask, site: Site) -> None:
    address = f"/access-points/{site.planned_point}/edit"
    anna, mine = open_twice(app, address, **{"radio2-channel": "100"})

    answer = anna.client.post(address, data=mine | {"radio2-channel": "36"})

    words = read_text(answer)
    assert "admin has changed this in the meantime." in words
    assert re.search("Radio 5 GHz, Channel empty 36 100 admin", words)


@pytest.mark.parametrize("kind", ["wall", "scale", "building", "state"])
def test_an_outdated_form_overwrites_nothing(
    kind: str, app: Flask, planner: Visitor, site: Site
) -> None:
    address, first, second = {
        "wall": (f"/walls/{site.wall}/edit", {"x1_m": "19"}, {"x1_m": "18"}),
        "scale": (
            f"/floor-plans/{site.plan}/scale",
            {"method": "width", "width_m": "50"},
            {"method": "width", "width_m": "60"},
        ),
        "building": (f"/buildings/{site.building}/edit", {"name": "Eins"}, {"name": "Zwei"}),
        "state": (
            f"/access-points/{site.planned_point}/state",
            {"target": "released"},
            {"target": "released"},
        ),
    }[kind]
    outdated = read_form(planner.get(address).text)
    assert planner.fill_in(address, **first).status_code == 302
    before = count_changes(app)
    answer = planner.client.post(address, data=outdated | second)
    assert answer.status_code in {200, 409}
    assert "has changed this in the meantime." in read_text(answer)
    assert count_changes(app) == before
