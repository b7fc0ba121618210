"""Every route says who may open it, and nobody gets anywhere without logging in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from wlantrack.app import create_app
from wlantrack.services.actor import Action
from wlantrack.settings import Settings
from wlantrack.web.policies import LOGGED_IN, PUBLIC, policy_of

if TYPE_CHECKING:
    from flask import Flask

OPEN_TO_ALL = {
    "asset",
    "favicon",
    "feeds.show",  # by a secret address
    "operations.health",
    "operations.metrics",
    "operations.ready",
    "public.show_file",
    "public.write_feedback",
    "service.finish",
    "service.start",
    "session.login",
    "session.preferences",
    "session.use_link",
    "start",
}


@pytest.fixture(scope="module")
def bare_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))


def test_every_route_declares_a_policy_that_exists(bare_app: Flask) -> None:
    undeclared = {
        endpoint
        for endpoint, view in bare_app.view_functions.items()
        if not policy_of(view) or not set(policy_of(view)) <= {PUBLIC, LOGGED_IN, *Action}
    }

    assert undeclared == set()


def test_only_these_routes_are_open_to_everybody(bare_app: Flask) -> None:
    public = {
        endpoint for endpoint, view in bare_app.view_functions.items() if PUBLIC in policy_of(view)
    }

    assert public == OPEN_TO_ALL


def test_nobody_reaches_another_route_without_logging_in(bare_app: Flask) -> None:
    client = bare_app.test_client()
    reached = {}
    for rule in bare_app.url_map.iter_rules():
        if rule.endpoint in OPEN_TO_ALL:
            continue
        url = re.sub("<[^>]+>", "1", rule.rule)
        method = "GET" if "GET" in (rule.methods or ()) else next(iter(rule.methods or ()))
        answer = client.open(url, method=method)
        is_sent_to_login = answer.status_code == 302 and "/login" in answer.location
        if not is_sent_to_login and answer.status_code not in {400, 401}:
            reached[rule.endpoint] = answer.status_code

    assert reached == {}
