"""Antennas in the catalogue: from a file, as a diagram, on a model's radio."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from tests.integration.web.visitor import read_form, read_text
from tests.live_server import database_of
from wlantrack.services import access_points

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

MSI = b"NAME Sektor\nFREQUENCY 5500\nGAIN 6 dBi\nHORIZONTAL 2\n0 1\n180 21\nVERTICAL 1\n0 1\n"


def upload(visitor: Visitor, data: bytes, name: str = "sektor.msi") -> str:
    answer = visitor.fill_in("/catalogue/antennas/new", file=(io.BytesIO(data), name))
    return answer.location if answer.status_code == 302 else read_text(answer)


def test_an_antenna_is_added_and_shown_as_diagram_and_table(planner: Visitor) -> None:
    assert upload(planner, MSI) == "/catalogue/antennas/sektor"
    page = planner.get("/catalogue/antennas/sektor")
    assert page.text.count("<desc ") == 2
    assert "-14.0" in read_text(page)
    assert "Sektor" in read_text(planner.get("/catalogue/antennas"))


def test_a_file_without_tables_is_refused(planner: Visitor) -> None:
    assert "states no gain" in upload(planner, b"NAME x\n")
    assert "neither" in upload(planner, b"PK\x03\x04")
    assert planner.get("/catalogue/antennas/none").status_code == 404


def test_a_model_gets_an_antenna_for_one_radio(planner: Visitor, app: Flask, site: Site) -> None:
    upload(planner, MSI)
    address = f"/catalogue/models/{site.model}/antennas"
    form = read_form(planner.get(address).text)
    assert form["radio_2"] == ""

    assert planner.post(address, **(form | {"radio_2": "sektor"})).status_code == 302

    with database_of(app).reading() as session:
        radios = access_points.find_model(session, site.model).radios
        assert [radio.antenna.code if radio.antenna else None for radio in radios] == [
            None,
            "sektor",
            None,
        ]
    assert read_form(planner.get(address).text)["radio_2"] == "sektor"
    assert "Not a valid choice" in read_text(
        planner.post(address, **(form | {"radio_1": "sektor"}))
    )
