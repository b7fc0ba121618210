from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import Visitor, enter, read_form

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site


pytestmark = pytest.mark.on_both


def find_undo(page: str) -> tuple[str, str]:
    """Give the address of the undo button in the page's message, and the message."""
    toast = page.partition('id="toasts"')[2]
    found = re.search(
        r'<p class="toast__text">(.*?)</p>\s*<form method="post" action="([^"]+)"', toast
    )
    assert found, toast
    return found[2], found[1]


def delete(visitor: Visitor, url: str, version: int = 1) -> str:
    answer = visitor.client.post(
        url, data={"csrf_token": visitor.token, "version": version}, follow_redirects=True
    )
    assert answer.status_code == 200
    return answer.text


def test_a_wall_deleted_from_the_table_comes_back_by_the_message_s_button(
    planner: Visitor, site: Site
) -> None:
    page = delete(planner, f"/walls/{site.wall}/delete")
    url, text = find_undo(page)

    answer = planner.post(url, next=f"/floors/{site.floor}/tables")

    assert text == "Wall deleted."
    assert answer.location == f"/floors/{site.floor}/tables"
    assert planner.get(f"/walls/{site.wall}/edit").status_code == 200


def test_an_access_point_deleted_from_its_page_comes_back_with_its_radios(
    planner: Visitor, site: Site
) -> None:
    edit = f"/access-points/{site.planned_point}/edit"
    planner.fill_in(edit, **{"radio2-channel": "100", "note": "above the door"})
    before = read_form(planner.get(edit).text)

    page = delete(planner, f"/access-points/{site.planned_point}/delete", 2)
    url, text = find_undo(page)
    assert text == "Access point AP-1 deleted, with: radio 2.4, radio 5, radio 6."
    assert planner.post(url).status_code == 302

    after = read_form(planner.get(edit).text)
    assert after == before | {"version": "3", "csrf_token": after["csrf_token"]}


def test_what_can_no_longer_be_undone_says_why(app: Flask, planner: Visitor, site: Site) -> None:
    url, _ = find_undo(delete(planner, f"/walls/{site.wall}/delete"))
    assert enter(app, "admin").post(url).status_code == 302

    again = planner.client.post(url, data={"csrf_token": planner.token}, follow_redirects=True)

    assert "This can no longer be undone" in again.text


def test_who_may_not_edit_may_not_undo(app: Flask, planner: Visitor, site: Site) -> None:
    url, _ = find_undo(delete(planner, f"/walls/{site.wall}/delete"))

    enter(app, "viewer").post(url)

    assert planner.get(f"/walls/{site.wall}/edit").status_code == 404


def test_an_undo_leads_nowhere_else(planner: Visitor, site: Site) -> None:
    url, _ = find_undo(delete(planner, f"/walls/{site.wall}/delete"))

    assert planner.post(url, next="https://example.org/").location == "/"
