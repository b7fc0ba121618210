"""What those who run the program see: health, readiness, metrics, logs, headers."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.integration.web.visitor import open_client
from tests.live_server import database_of, log_in
from wlantrack.app import create_app
from wlantrack.logs import REQUEST_ID, JsonFormatter
from wlantrack.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

TOKEN = "a token that is long enough"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=database_url)


@pytest.fixture
def made() -> Iterator[list[Flask]]:
    apps: list[Flask] = []
    yield apps
    for app in apps:
        database_of(app).dispose()


def visit(made: list[Flask], settings: Settings) -> FlaskClient:
    made.append(create_app(settings))
    return open_client(made[-1])


def test_health_needs_no_database(made: list[Flask], tmp_path: Path) -> None:
    client = visit(made, Settings(data_dir=tmp_path, database_url="sqlite:////nowhere/at/all"))

    assert client.get("/healthz").get_json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json() == {
        "status": "not ready",
        "database": False,
        "schema": False,
        "data_folder": True,
    }
    assert "nowhere" not in answer.text


def test_ready_is_who_has_database_schema_and_folder(made: list[Flask], settings: Settings) -> None:
    answer = visit(made, settings).get("/readyz")

    assert answer.status_code == 200
    assert answer.get_json() == {
        "status": "ready",
        "database": True,
        "schema": True,
        "data_folder": True,
    }


def test_a_schema_that_is_behind_is_not_ready(made: list[Flask], settings: Settings) -> None:
    client = visit(made, settings)
    with database_of(made[0]).engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["schema"]) == (503, False)


def test_a_folder_that_is_gone_is_not_ready(made: list[Flask], settings: Settings) -> None:
    client = visit(made, replace(settings, secret_key="k" * 40))
    made[0].extensions["wlantrack"] = replace(
        made[0].extensions["wlantrack"],
        settings=replace(settings, data_dir=settings.data_dir / "gone"),
    )

    answer = client.get("/readyz")

    assert (answer.status_code, answer.get_json()["data_folder"]) == (503, False)


def test_metrics_count_requests_by_endpoint_and_never_by_address(
    made: list[Flask], settings: Settings
) -> None:
    client = visit(made, settings)
    client.get("/link/a-secret-token")
    client.get("/no/such/page/secret")
    log_in(client, "nobody", "wrong")

    told = client.get("/metrics").text

    assert 'endpoint="session.use_link",method="GET",status="404"} 1.0' in told
    assert 'endpoint="none",method="any",status="404"} 1.0' in told
    assert "wlantrack_refusals_total 1.0" in told
    assert 'wlantrack_request_seconds_count{endpoint="session.login"} 2.0' in told
    assert "secret" not in told


@pytest.mark.parametrize(
    ("changes", "headers", "address", "status"),
    [
        ({}, {}, "127.0.0.1", 200),
        ({}, {}, "::1", 200),
        ({}, {}, "192.0.2.7", 404),
        ({}, {"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", 404),
        ({}, {"Via": "1.1 proxy"}, "127.0.0.1", 404),
        ({}, {"Host": "wlan.example.org"}, "127.0.0.1", 404),
        ({"secure_cookies": True}, {}, "127.0.0.1", 404),
        ({"trusted_proxies": 1}, {}, "127.0.0.1", 404),
        ({"metrics_token": TOKEN}, {}, "127.0.0.1", 404),
        ({"metrics_token": TOKEN}, {"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ({"metrics_token": TOKEN}, {"Authorization": f"Bearer {TOKEN}"}, "192.0.2.7", 200),
        (
            {"metrics_token": TOKEN, "secure_cookies": True},
            {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "192.0.2.7"},
            "127.0.0.1",
            200,
        ),
        ({"metrics_token": TOKEN}, {"Authorization": "Bearer ü"}, "127.0.0.1", 404),
    ],
)
def test_metrics_are_for_this_machine_or_for_who_has_the_token(
    changes: dict[str, object],
    headers: dict[str, str],
    address: str,
    status: int,
    made: list[Flask],
    settings: Settings,
) -> None:
    client = visit(made, replace(settings, **changes))  # type: ignore[arg-type]

    answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})

    assert answer.status_code == status
    assert ("wlantrack_requests" in answer.text) is (status == 200)


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({}, None),
        ({"hsts_days": 365}, None),
        ({"hsts_days": 365, "secure_cookies": True}, "max-age=31536000"),
    ],
)
def test_browsers_are_told_to_insist_on_https_only_where_there_is_some(
    changes: dict[str, object], header: str | None, made: list[Flask], settings: Settings
) -> None:
    client = visit(made, replace(settings, **changes))  # type: ignore[arg-type]

    assert client.get("/login").headers.get("Strict-Transport-Security") == header


def test_with_https_the_cookie_belongs_to_this_host_alone(
    made: list[Flask], settings: Settings
) -> None:
    client = visit(made, replace(settings, secure_cookies=True))

    cookie = client.get("/login", base_url="https://localhost").headers["Set-Cookie"]

    assert cookie.startswith("__Host-wlantrack=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_a_line_in_json_says_what_was_answered_under_which_number(
    made: list[Flask], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    client = visit(made, replace(settings, log_format="json"))
    caplog.handler.setFormatter(JsonFormatter())
    with caplog.at_level(logging.INFO, "wlantrack.access"):
        answer = client.get("/link/a-secret-token?also=secret")

    (line,) = [json.loads(line) for line in caplog.text.splitlines() if "wlantrack.access" in line]

    assert line["message"] == "GET /link/<token> 404"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["level"], line["endpoint"], line["status"]) == ("INFO", "session.use_link", 404)
    assert line["milliseconds"] > 0
    assert "secret" not in caplog.text


def test_a_fault_is_one_line_of_json_with_its_trace() -> None:
    REQUEST_ID.set("")
    logger = logging.getLogger("wlantrack.test")
    try:
        raise ValueError("broken\nin two")  # noqa: TRY301 - any fault will do
    except ValueError:
        told_of = sys.exc_info()
    record = logger.makeRecord("x", logging.ERROR, "x.py", 1, "it %s", ("broke\n",), told_of)

    line = JsonFormatter().format(record)

    assert "\n" not in line
    told = json.loads(line)
    assert told["message"] == "it broke\n"
    assert "ValueError: broken\nin two" in told["exception"]
    assert "request_id" not in told
