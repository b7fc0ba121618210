"""Pages of labels: from the list to the file, remembered sizes, and where QR codes lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_form

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

OWN = {
    "preset": "own",
    "page_width_mm": "105",
    "page_height_mm": "148",
    "label_width_mm": "50,5",
    "label_height_mm": "30",
    "columns": "2",
    "rows": "4",
    "margin_left_mm": "2",
    "margin_top_mm": "10",
    "gap_x_mm": "0",
    "gap_y_mm": "1",
}


def test_ticked_rows_become_a_pdf_and_the_sheet_is_remembered(planner: Visitor, site: Site) -> None:
    page = planner.post("/labels/cable_runs", ids=f"{site.cabling.run}:1", next="/cabling?q=RH")
    assert "Print 1 label" in page.text
    assert "RH-EV0.1-P1-01" in page.text

    values = read_form(page.text) | OWN | {"start": "8", "suffix": "pdf"}
    answer = planner.post("/labels/cable_runs/file", **values)

    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="labels-cable_runs.pdf"'
    kept = read_form(planner.get("/labels/access_points").text)
    assert (kept["preset"], kept["label_width_mm"], kept["start"]) == ("own", "50.5", "1")


def test_the_filters_of_the_list_choose_what_is_labelled(planner: Visitor) -> None:
    page = planner.get("/labels/access_points?building=RH&q=AP-1")
    assert "Print 1 label" in page.text

    answer = planner.post(
        "/labels/access_points/file?building=RH&q=AP-1", **read_form(page.text), suffix="csv"
    )

    assert answer.data.decode("utf-8-sig").splitlines()[1].startswith("AP-1;http://localhost/q/")


def test_a_sheet_that_is_too_full_is_refused_beside_its_field(planner: Visitor, site: Site) -> None:
    values = OWN | {"columns": "3", "ids": site.cabling.run, "dots_a_mm": "8", "start": "1"}

    answer = planner.post("/labels/cable_runs/file", **values)

    assert answer.status_code == 400
    assert "The labels take 153.5 mm, but the page has 105.0 mm." in answer.text
    assert f'name="ids" value="{site.cabling.run}"' in answer.text


@pytest.mark.parametrize("code", ["RH-EV0.1-P1-01", "rh-ev0.1-p1-01"])
def test_a_short_address_leads_to_the_thing_it_names(
    planner: Visitor, site: Site, code: str
) -> None:
    answer = planner.get(f"/q/{code}")

    if code.isupper():
        assert answer.headers["Location"] == f"/cabling/runs/{site.cabling.run}"
    else:
        assert answer.status_code == 404


def test_before_the_log_in_a_short_address_waits(app: Flask, site: Site) -> None:
    answer = app.test_client().get(f"/q/{site.cabling.run.replace('-', '')[:10]}")

    assert answer.headers["Location"].startswith("/login?next=/q/")
    neighbour = enter(app, "neighbour")
    short = site.elsewhere_cabling.run.replace("-", "")[:10]
    assert neighbour.get(f"/q/{short}").status_code == 404
