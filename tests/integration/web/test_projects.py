"""Planners' projects on the page: a preview writes nothing, an import can be undone from there."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.factories.projects import OPENINTENT, write_esx
from tests.integration.web.visitor import enter, read_form, read_text
from tests.live_server import database_of
from wlantrack.services.results import stamp

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

ADDRESS = "/import/projects"


def count_changes(app: Flask) -> int:
    with database_of(app).reading() as session:
        return stamp(session)


def preview(
    visitor: Visitor, data: bytes, name: str = "haus.esx", building: str = ""
) -> TestResponse:
    return visitor.fill_in(
        ADDRESS, files=(io.BytesIO(data), name), building=building, network_class="internal"
    )


def apply(visitor: Visitor, shown: TestResponse) -> TestResponse:
    return visitor.post(f"{ADDRESS}/apply", **read_form(shown.text))


def test_a_preview_shows_counts_and_a_picture_and_writes_nothing(
    app: Flask, planner: Visitor
) -> None:
    before = count_changes(app)

    shown = preview(planner, write_esx())

    words = read_text(shown)
    assert "Ekahau: haus.esx" in words
    assert "KleinesHaus/0" in words
    assert "20.0 m x 10.0 m" in words
    assert count_changes(app) == before
    address = re.search(r'href="(/import/project-pictures/[0-9a-f]{32}\.png)"', shown.text)
    assert address is not None
    assert planner.get(address[1]).data.startswith(b"\x89PNG")
    assert shown.text.count("plan-preview__point") == 3  # two, and one in the legend


def test_what_was_previewed_is_imported_and_undone(planner: Visitor) -> None:
    answer = apply(planner, preview(planner, write_esx()))

    assert answer.status_code == 302
    page = planner.get(answer.location)
    assert "haus.esx" in read_text(page)
    assert "Undo this import" in read_text(page)
    assert "haus.esx" in read_text(planner.get(ADDRESS))
    undone = planner.post(f"{answer.location}/undo", **read_form(page.text))
    assert undone.status_code == 302
    assert "undone on" in read_text(planner.get(answer.location))
    assert planner.get("/access-points?words=KleinesHaus").text.count("KleinesHaus-0-AP") == 0


def test_the_same_project_again_offers_no_import(planner: Visitor) -> None:
    apply(planner, preview(planner, write_esx()))

    again = read_text(preview(planner, write_esx()))

    assert "would change nothing" in again
    assert "Import the project" not in again


def test_a_project_goes_into_a_chosen_building(planner: Visitor) -> None:
    apply(planner, preview(planner, write_esx(), building="RH"))
    assert "RH-0-AP-1" in planner.get("/access-points").text


def test_openintent_is_told_by_its_content(planner: Visitor) -> None:
    shown = read_text(preview(planner, OPENINTENT.encode(), "halle.yaml"))
    assert "OpenIntent: halle.yaml" in shown
    assert "Werk/2" in shown


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"hello", "haus.esx", "no ZIP archive"),
        (b"a: [", "halle.yaml", "no valid YAML"),
        (b"", "halle.yaml", "empty"),
        (write_esx()[:800], "haus.esx", "damaged"),
    ],
)
def test_what_is_no_project_is_refused_in_the_form(
    planner: Visitor, data: bytes, name: str, told: str
) -> None:
    words = read_text(preview(planner, data, name))
    assert told in words
    assert "Nothing was saved yet." in words


def test_an_undo_that_is_refused_names_what_was_changed(planner: Visitor) -> None:
    done = apply(planner, preview(planner, write_esx(), building="RH"))
    point = re.search(
        r'/access-points/([0-9a-f-]{36})"[^>]*>RH-0-AP-1', planner.get("/access-points").text
    )
    assert point is not None
    planner.fill_in(f"/access-points/{point[1]}/edit", note="neu")

    form = read_form(planner.get(done.location).text)
    refused = planner.post(f"{done.location}/undo", **form)

    assert refused.status_code == 409
    assert "RH-0-AP-1" in read_text(refused)


def test_uploads_of_others_are_no_pictures(planner: Visitor) -> None:
    form = read_form(preview(planner, write_esx()).text)
    token = json.loads(form["uploads"])[0][0]
    assert planner.get(f"/import/project-pictures/{token}.png").status_code == 404
    for uploads in ("[]", "no json", '[["../../etc", "x"]]', json.dumps([["0" * 32, "x"]])):
        answer = planner.post(f"{ADDRESS}/apply", **(form | {"uploads": uploads}))
        assert answer.status_code == 404


def test_a_planner_of_one_building_sees_its_imports_only(
    app: Flask, planner: Visitor, site: Site
) -> None:
    elsewhere = apply(planner, preview(planner, write_esx())).location
    neighbour = enter(app, "neighbour")
    assert neighbour.get(f"{ADDRESS}/{site.project_run}").status_code == 200
    assert neighbour.get(elsewhere).status_code == 404
    assert elsewhere not in neighbour.get(ADDRESS).text
    form = read_form(neighbour.get(f"{ADDRESS}/{site.project_run}").text)
    assert neighbour.post(f"{elsewhere}/undo", **form).status_code == 404
