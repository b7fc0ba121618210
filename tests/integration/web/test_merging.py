"""Forms that two people edit: every one knows what it was opened with, and loses nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.addresses import list_addresses
from tests.integration.web.visitor import enter, read_form, read_text

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site

WHOLE = {"antennas.edit_model", "users.edit_user"}
"""Forms whose fields are saved as one: antennas of a model's radios, the roles of an account."""


def test_every_edit_form_is_opened_with_plain_values(app: Flask, site: Site) -> None:
    admin = enter(app, "admin")
    opened = {
        endpoint: read_form(admin.get(address).text).get("opened", "")
        for endpoint, address in list_addresses(app, site)
        if endpoint.rpartition(".")[2].startswith("edit_") and endpoint not in WHOLE
    }

    assert len(opened) > 12
    assert [name for name, text in opened.items() if not text or not json.loads(text)] == []
    assert [name for name, text in opened.items() if "object at" in text or "POLYGON" in text] == []


@pytest.mark.parametrize(
    ("page", "theirs", "mine"),
    [
        ("/cabling/runs/{run}/edit", {"note": "theirs"}, {"length_planned_m": "33"}),
        ("/cabling/distributors/{distributor}/edit", {"note": "theirs"}, {"name": "mine"}),
        ("/cabling/outlets/{outlet}/edit", {"note": "theirs"}, {"x_m": "3", "y_m": "4"}),
        ("/cabling/switches/{switch}/edit", {"note": "theirs"}, {"model": "mine"}),
        ("/cabling/ports/{port}/edit", {"note": "theirs"}, {"speed_mbit": "1000"}),
        ("/rooms/{room}/edit", {"note": "theirs"}, {"name": "mine"}),
        ("/zones/{zone}/edit", {"note": "theirs"}, {"name": "mine"}),
        ("/networks/ssids/{ssid}/edit", {"note": "theirs"}, {"owner": "mine"}),
        ("/networks/flows/{flow}/edit", {"note": "theirs"}, {"services": "mine"}),
    ],
)
def test_what_the_second_has_not_touched_takes_the_value_of_the_first(
    app: Flask, site: Site, page: str, theirs: dict[str, str], mine: dict[str, str]
) -> None:
    address = page.format(
        **vars(site.cabling), room=site.room, zone=site.zone, ssid=site.visitor_ssid, flow=site.flow
    )
    first, second = enter(app, "planner"), enter(app, "admin")
    form = read_form(second.get(address).text)

    assert first.fill_in(address, **theirs).status_code == 302
    told = second.client.post(address, data=form | mine)

    assert told.status_code == 200
    assert "theirs" in read_text(told)
    assert second.client.post(address, data=read_form(told.text)).status_code == 302
    saved = read_form(second.get(address).text)
    assert saved["note"] == "theirs"
    assert {name: saved[name] for name in mine} == mine
