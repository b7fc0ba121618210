"""Files that are none, too large or hostile: refused in words, and nothing is written."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.site import draw_plan
from tests.integration.web.visitor import count_changes, read_form, read_text
from tests.samples import samples_folder

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def upload(visitor: Visitor, address: str, data: bytes, name: str, **values: str) -> str:
    """Upload a file and give the words of the answer; where it led if it was taken."""
    answer = visitor.fill_in(address, file=(io.BytesIO(data), name), **values)
    if answer.status_code == 302:
        return answer.location
    assert answer.status_code in {200, 400}
    assert "Nothing was saved yet." in read_text(answer)
    return read_text(answer)


def test_a_plan_that_is_none_is_refused(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floors/{site.empty_floor}/plans/new"
    before = count_changes(app)
    assert "Choose a file." in read_text(planner.fill_in(address))
    assert "empty" in upload(planner, address, b"", "plan.png")
    gif = b"GIF89a" + bytes(200)
    assert "the file is GIF, supported are PNG" in upload(planner, address, gif, "plan.png")
    assert "the file is HTML" in upload(planner, address, b"<html>", "plan.pdf")
    assert "damaged" in upload(planner, address, b"<svg><g></svg>", "plan.svg")
    assert "damaged" in upload(planner, address, draw_plan()[:300], "plan.png")
    assert "page" in upload(planner, address, draw_plan(), "plan.png", page="7")
    assert "10000" in upload(planner, address, draw_plan(), "plan.png", page="99999")
    assert "Not a valid choice" in upload(planner, address, draw_plan(), "plan.png", wing="XX")
    assert count_changes(app) == before
    assert upload(planner, address, draw_plan(), "plan.jpg").startswith("/floor-plans/")
    assert "plan.jpg" in read_text(planner.get(f"/floors/{site.empty_floor}/plans"))


def test_a_plan_of_60_mb_is_refused(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floors/{site.empty_floor}/plans/new"
    before = count_changes(app)
    assert "none of PNG, JPEG, TIFF, SVG, PDF" in upload(
        planner, address, bytes(60 * 10**6), "plan.png"
    )
    answer = planner.fill_in(address, file=(io.BytesIO(bytes(70 * 2**20)), "plan.png"))
    assert answer.status_code == 413
    assert "The file is too large." in read_text(answer)
    assert count_changes(app) == before


@pytest.mark.parametrize("folder", ["pdf", "png"])
def test_no_hostile_file_breaks_the_upload(
    folder: str, app: Flask, planner: Visitor, site: Site
) -> None:
    address = f"/floors/{site.empty_floor}/plans/new"
    files: list[Path] = sorted((samples_folder("hostile") / folder).rglob("*.*"))[::12]
    for file in files:
        before = count_changes(app)
        answer = upload(planner, address, file.read_bytes(), file.name)
        assert answer.startswith("/floor-plans/") or count_changes(app) == before, file.name


def test_a_drawing_that_is_none_is_refused(app: Flask, planner: Visitor, site: Site) -> None:
    address = f"/floors/{site.floor}/drawing"
    before = count_changes(app)
    assert "DXF" in upload(planner, address, draw_plan(), "plan.dxf")
    upload(planner, address, b"  0\nSECTION\n  2\nENTITIES\n", "cut.dxf")
    upload(planner, address, b"", "empty.dxf")
    kept = planner.fill_in(
        address, file=(io.BytesIO(b"x"), "a.dxf"), layers="A-WALL", offset_x_m="1,5"
    )
    assert "no equals sign" in read_text(kept)
    assert read_form(kept.text)["layers"] == "A-WALL"
    assert read_form(kept.text)["offset_x_m"] == "1,5"
    assert count_changes(app) == before
