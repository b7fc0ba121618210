"""Governance in the browser: every kind's form, its list, the overview, and full uplinks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_text
from wlantrack.services.governance_kinds import KINDS

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


@pytest.fixture
def manager(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "manager")


def test_every_kind_is_added_and_changed_by_its_form(manager: Visitor) -> None:
    for kind in KINDS.values():
        added = manager.fill_in(f"/governance/{kind.slug}/new", **{kind.title: "New"})
        assert added.status_code == 302, kind.key
        page = str(added.location)
        assert manager.fill_in(f"{page}/edit", **{kind.title: "Äpfel"}).status_code == 302
        assert f'href="{page}"' in manager.get(f"/governance/{kind.slug}?q=äpfel").text, kind.key


@pytest.mark.usefixtures("site")
def test_a_record_tells_its_history_and_is_deleted_in_the_version_that_was_seen(
    manager: Visitor,
) -> None:
    page = str(manager.fill_in("/governance/risks/new", title="No staff").location)
    manager.fill_in(f"{page}/edit", title="Äpfel", response="Obst")
    shown = manager.get(page).text
    assert "Äpfel" in shown.split('id="history"')[1]
    version = re.search(r'name="version" value="(\d+)"', shown)
    assert version is not None
    stale = manager.post(f"{page}/delete", version=str(int(version[1]) - 1))
    assert stale.status_code == 409
    assert manager.post(f"{page}/delete", version=version[1]).status_code == 302
    assert manager.get(page).status_code == 404


@pytest.mark.usefixtures("site")
def test_amounts_and_dates_come_in_as_people_write_them(manager: Visitor) -> None:
    line = {"name": "Cabling of wings", "planned_eur": "45.000,00 €", "spent_eur": "€ 1 200"}
    page = str(manager.fill_in("/governance/budget-lines/new", **line).location)
    assert "€43,800" in manager.get(page).text
    refused = manager.fill_in("/governance/budget-lines/new", name="x", planned_eur="45,5")
    assert refused.status_code == 200
    assert "is no whole number" in refused.text
    assert "45,5" in refused.text

    asked = {"title": "More posts", "due": "Q1/2031"}
    page = str(manager.fill_in("/governance/decisions/new", **asked).location)
    assert "Q1/2031" in manager.get(page).text
    assert "by: Q1/2031" in read_text(manager.get("/governance"))
    refused = manager.fill_in("/governance/decisions/new", title="x", due="soon-ish")
    assert "no period that everybody reads alike" in refused.text
    assert "soon-ish" in refused.text


def test_unknown_kinds_and_codes_are_not_found_and_a_panel_is_no_whole_page(
    manager: Visitor,
) -> None:
    for address in ("nothing", "nothing/new", "risks/R-999", "risks/R-999/edit"):
        assert manager.get(f"/governance/{address}").status_code == 404
    panel = manager.client.get("/governance/risks/R-1", headers={"HX-Request": "true"})
    assert "<html" not in panel.text


def test_the_overview_and_the_list_of_uplinks_mark_what_is_nearly_full(
    manager: Visitor, site: Site
) -> None:
    text = read_text(manager.get("/governance"))
    assert "Are we ready to operate this?" in text
    assert re.search(r"Not yet: \d of 8 points are met", text)
    before = read_text(manager.get("/uplinks"))
    assert "nearly full" not in before.split("1 entry")[1]
    manager.post(
        f"/uplinks/{site.uplink}/loads",
        measured_at="2026-02-03T10:00",
        down_mbit="10",
        up_mbit="38",
    )
    full = read_text(manager.get("/uplinks?busy=y"))
    assert "nearly full 95 %" in full
    assert "nearly full 95 %" in read_text(manager.get("/governance"))
    assert "Nearly full" in manager.get(f"/uplinks/{site.uplink}").text
    assert "nearly full" in manager.get(f"/buildings/{site.building}").text
