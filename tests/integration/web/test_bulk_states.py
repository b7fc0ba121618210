"""Many records carried through their states: what was seen is what is changed, on every page."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter, read_text
from tests.statements import keep_statements

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def read_ids(page: str) -> list[str]:
    return re.findall(r'name="ids" value="([^"]+)"', page)


@pytest.mark.parametrize(
    ("address", "edit", "target", "change"),
    [
        ("/access-points", "/access-points/{ref}/edit", "released", {"note": "moved"}),
        ("/cabling", "/cabling/runs/{ref}/edit", "fire-stopped", {"note": "moved"}),
    ],
)
def test_a_change_while_the_new_state_is_chosen_is_told_row_by_row(
    app: Flask, site: Site, address: str, edit: str, target: str, change: dict[str, str]
) -> None:
    ref = site.planned_point if address == "/access-points" else site.cabling.run
    planner = enter(app, "planner")
    (seen,) = read_ids(planner.post(f"{address}/state", ids=ref).text)
    assert seen.startswith(f"{ref}:")

    assert planner.fill_in(edit.format(ref=ref), **change).status_code == 302
    (kept,) = read_ids(planner.post(f"{address}/state", ids=seen, target=target).text)
    assert kept == seen
    applied = planner.post(f"{address}/state/apply", ids=kept, target=target, done_on="2026-11-22")
    assert "has changed this in the meantime" in read_text(applied)


def test_the_board_counts_once_whatever_the_number_of_states(
    app: Flask, planner: Visitor, site: Site
) -> None:
    with keep_statements(app) as asked:
        page = planner.get("/cabling/board")
    assert site.cabling.run in page.text
    assert len([text for text in asked if "count(" in text and "cable_run" in text]) == 1


def test_the_bulk_bar_knows_from_where_each_state_can_be_reached(
    planner: Visitor, site: Site
) -> None:
    page = planner.get("/access-points").text

    released = re.search(r'<option value="released" data-ranks="([^"]+)" data-why="([^"]+)">', page)
    assert released is not None
    assert json.loads(html.unescape(released[1]))["planned"] == 0
    assert released[2].startswith("only from: planned")
    assert f'value="{site.planned_point}" data-state="planned"' in page
    assert 'data-state="' in planner.get("/cabling").text


def test_a_filtered_list_counts_its_filters_and_keeps_them_folded(planner: Visitor) -> None:
    page = planner.get("/access-points?state=planned&level=0").text

    assert '<details class="list-filters is-set">' in page
    assert "2 set" in page
    assert "set</span>" not in planner.get("/access-points").text


def test_models_are_called_by_name_where_they_are_read_and_chosen(planner: Visitor) -> None:
    page = read_text(planner.get("/access-points"))

    assert "generic-wifi6e-omni" not in page
    assert "Wi-Fi 6E" in page
