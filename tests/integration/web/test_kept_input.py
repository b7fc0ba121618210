"""A form sent after its session has ended: what was typed comes back, and nothing else does."""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING, Any

from tests.integration.web.visitor import enter, read_form

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

OURS = {"Origin": "http://localhost"}


def read_draft(answer: TestResponse) -> dict[str, Any] | None:
    found = re.search(r'data-draft="([^"]*)"', answer.text)
    return None if found is None else json.loads(html.unescape(found[1]))


def end_session(visitor: Visitor) -> None:
    visitor.client.delete_cookie("wlantrack")


def test_a_form_sent_after_the_session_is_kept_and_leads_to_the_log_in(
    planner: Visitor, site: Site
) -> None:
    url = f"/access-points/{site.planned_point}/edit"
    typed = read_form(planner.get(url).text) | {"note": "above the <door>"}
    end_session(planner)

    answer = planner.client.post(url, data=typed, headers=OURS)

    assert answer.status_code == 401
    assert "Please log in." in answer.text
    assert f"/login?next={url}" in html.unescape(answer.text).replace("%2F", "/")
    draft = read_draft(answer)
    assert draft is not None
    assert draft["note"] == ["above the <door>"]
    assert draft["version"] == ["1"]
    assert "csrf_token" not in draft


def test_a_page_from_an_earlier_session_leads_back_to_its_form(
    planner: Visitor, site: Site
) -> None:
    url = f"/walls/{site.wall}/edit"
    typed = read_form(planner.get(url).text) | {"csrf_token": "from an earlier session"}

    answer = planner.client.post(url, data=typed, headers=OURS)

    assert answer.status_code == 400
    assert f'href="{url}"' in answer.text
    assert read_draft(answer) is not None


def test_what_another_site_sends_and_secrets_are_not_kept(planner: Visitor, site: Site) -> None:
    end_session(planner)
    url = f"/walls/{site.wall}/edit"
    foreign = planner.client.post(url, data={"x1_m": "1"}, headers={"Origin": "http://evil.test"})
    secret = planner.client.post(
        url, data={"x1_m": "1", "old_password": "x", "api_token": "y"}, headers=OURS
    )

    assert read_draft(foreign) is None
    assert read_draft(secret) == {"x1_m": ["1"]}


def test_a_button_without_a_page_of_its_own_leads_back_to_where_it_stood(
    planner: Visitor, site: Site
) -> None:
    end_session(planner)
    tables = f"/floors/{site.floor}/tables"

    answer = planner.client.post(
        f"/walls/{site.wall}/delete", headers={**OURS, "Referer": f"http://localhost{tables}"}
    )

    assert answer.status_code == 401
    assert f"/login?next={tables}" in html.unescape(answer.text).replace("%2F", "/")


def test_the_editor_is_told_where_to_log_in_and_gets_the_new_token(
    app: Flask, planner: Visitor, site: Site
) -> None:
    end_session(planner)
    answer = planner.send("PATCH", f"/walls/{site.wall}", {"version": 1})
    assert answer.status_code == 401
    assert answer.json is not None
    assert answer.json["error"]["login_url"].startswith("/login")

    again = enter(app, "planner")
    again = type(again)(again.client, "from an earlier session")
    stale = again.send("PATCH", f"/walls/{site.wall}", {"version": 1})
    assert stale.status_code == 400
    assert stale.json is not None
    assert stale.json["error"]["is_token_stale"]
    answer = again.get("/session/token")
    assert answer.json is not None
    renewed = type(again)(again.client, answer.json["token"])
    assert renewed.send("PATCH", f"/walls/{site.wall}", {"version": 1}).status_code == 200
