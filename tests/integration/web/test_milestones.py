"""Milestones in the browser: a date in words goes round, slips are shown before they happen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


@pytest.fixture
def manager(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "manager")


def add_dated(manager: Visitor, site: Site, *kinds: str) -> str:
    """Add a milestone to the western wing by the form, and give its address."""
    form = {"place": f"wing:{site.wing}", "kinds": kinds[0]}
    answer = manager.post("/milestones/new", **form)
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_a_date_is_shown_before_it_is_applied_and_comes_back_in_its_words(
    manager: Visitor, site: Site
) -> None:
    page = add_dated(manager, site, "design released")
    date_form = f"{page}/date"
    preview = manager.fill_in(date_form, mode="actual", wording="Q1/2021")
    assert "Nothing has been changed yet." in preview.text
    assert "gets a date" in preview.text
    assert "Q1/2021" not in manager.get(page).text
    values = dict(
        re.findall(r'name="(\w+)" value="([^"]*)"', preview.text.split("form-buttons")[1])
    )
    kept = {name: values[name] for name in ("version", "mode", "wording", "reason", "seen")}
    again = manager.post(date_form, **kept, back="1")
    assert "Show what this moves" in again.text
    assert manager.post(date_form, **kept).status_code == 302
    shown = manager.get(page).text
    assert "Reached: Q1/2021." in shown
    told = shown.split('id="history"')[1]
    assert "Q1/2021" in told
    assert "quarter" not in told
    assert "Q1/2021" in manager.get("/milestones").text
    assert "Q1/2021" in manager.get("/export/milestones.csv").text
    stale = manager.post(date_form, **kept)
    assert "has changed this in the meantime" in stale.text or "Look again" in stale.text


def test_what_waits_says_so_in_list_page_wing_and_programme(manager: Visitor, site: Site) -> None:
    addresses = (
        "/milestones",
        f"/milestones/{site.milestone}",
        f"/wings/{site.wing}",
        f"/buildings/{site.building}",
        "/programme",
    )
    for address in addresses:
        text = " ".join(manager.get(address).text.split())
        assert "waits for cabling" in text or "walls are closed" in text, address
        assert "open \u2013 " in text, address
    assert "M-KAB" in manager.get(f"/milestones/{site.milestone}").text


def test_a_faulty_date_keeps_what_was_typed(manager: Visitor, site: Site) -> None:
    page = add_dated(manager, site, "accepted")
    answer = manager.fill_in(f"{page}/date", mode="forecast", wording="soon-ish")
    assert "no period that everybody reads alike" in answer.text
    assert "soon-ish" in answer.text


def test_a_circle_is_named_in_the_form(manager: Visitor, site: Site) -> None:
    cabled = re.search(r'/milestones/([0-9a-f-]{36})"[^>]*>M-KAB', manager.get("/milestones").text)
    assert cabled is not None
    answer = manager.post(f"/milestones/{cabled[1]}/links/new", before="M-BES", kind="FS")
    assert "M-KAB → M-BES → M-KAB" in answer.text
    assert site.milestone


def test_the_trend_stands_as_chart_and_table(manager: Visitor) -> None:
    text = manager.get("/milestone-trend").text
    assert '<title id="trend-title">' in text
    assert text.count("Q1/2021") == 4  # three report dates and today
    assert manager.post("/milestone-trend").status_code == 302


def test_a_baseline_is_chosen_in_the_address_of_the_list(manager: Visitor, site: Site) -> None:
    text = manager.get(f"/milestones?baseline={site.baseline}").text
    assert '<option selected value="' + site.baseline in text
    assert "not in it" in text
    assert "Late is what comes after the baseline" in manager.get("/milestones").text
    beside_nothing = manager.get("/milestones?baseline=none").text
    assert "Late is what comes after the baseline" not in beside_nothing
    taken = manager.post("/baselines/new", name="Council", reason="agreed")
    assert taken.status_code == 302
    assert "Council" in manager.get("/baselines").text
