"""Bodies of another kind than a page sends: they fill in nothing, and break nothing."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.integration.web.visitor import enter

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.visitor import Visitor

SERVER_ERROR = 500


@pytest.mark.parametrize("body", [3, None, [1], {"name": ["a", {}]}])
def test_no_kind_of_json_trips_a_form(planner: Visitor, body: object) -> None:
    assert planner.send("POST", "/buildings/new", body).status_code < SERVER_ERROR


def test_no_form_trips_over_a_word_of_json(app: Flask, planner: Visitor) -> None:
    forms = app.url_map.bind("localhost")
    answers = {}
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and rule.endpoint != "session.logout":
            values = dict.fromkeys(rule.arguments, str(uuid.uuid4()))
            url = forms.build(rule.endpoint, values, method="POST")
            answers[url] = planner.send("POST", url, "x").status_code

    assert len(answers) > 60
    assert {url: status for url, status in answers.items() if status >= SERVER_ERROR} == {}


def test_json_fills_in_no_form(planner: Visitor) -> None:
    body = {"code": "JSON", "name": "Sent as JSON", "priority": "3"}

    answer = planner.send("POST", "/buildings/new", body)

    assert "Sent as JSON" not in answer.text
    assert planner.get("/buildings/JSON").status_code == 404


@pytest.mark.usefixtures("site")
def test_a_number_beyond_every_trail_is_nowhere(app: Flask) -> None:
    assert enter(app, "admin").get(f"/audit/{10**30}").status_code == 404
