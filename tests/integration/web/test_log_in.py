"""Log in and out: what is told to whom, what a session is worth afterwards, one-time links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.people import PASSWORD, add_user
from tests.integration.web.visitor import enter, open_client, read_text, read_token
from tests.live_server import database_of, log_in, read_csrf_token
from wlantrack.app import create_app
from wlantrack.services import people
from wlantrack.services.actor import SYSTEM
from wlantrack.settings import Settings
from wlantrack.store.models.people import Grant, User

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture(autouse=True)
def anna(app: Flask) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_user(session, "anna")
        session.commit()


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client: FlaskClient) -> None:
    wrong = log_in(client, "anna", "not her password")
    unknown = log_in(client, "nobody", "not her password")
    assert (wrong.status_code, unknown.status_code) == (401, 401)
    assert read_text(wrong) == read_text(unknown)
    assert "Name or password is wrong." in read_text(wrong)
    assert client.get("/buildings").status_code == 302


def test_what_was_typed_as_name_is_kept_and_the_password_is_not(client: FlaskClient) -> None:
    page = log_in(client, '"><b>anna', "a wrong secret").text
    assert 'value="&#34;&gt;&lt;b&gt;anna"' in page
    assert "a wrong secret" not in page


def test_attempts_are_limited_by_address(app: Flask, database_url: str, tmp_path: Path) -> None:
    del app  # only its database is needed
    strict = create_app(
        Settings(data_dir=tmp_path, database_url=database_url, login_rate="3 per day")
    )
    client = open_client(strict)
    statuses = [log_in(client, "anna", "wrong").status_code for _ in range(4)]
    right = client.post("/login", data={"csrf_token": read_csrf_token(client.get("/login").text)})
    database_of(strict).dispose()
    assert statuses == [401, 401, 401, 429]
    assert right.status_code == 429
    assert "Too many attempts." in read_text(right)


def test_attempts_from_one_network_of_ipv6_count_together(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    del app  # only its database is needed
    strict = create_app(
        Settings(data_dir=tmp_path, database_url=database_url, login_rate="1 per day")
    )
    client, seen = open_client(strict), []
    for address in ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1", "192.0.2.1", "odd"):
        client.environ_base["REMOTE_ADDR"] = address
        seen.append(log_in(client, "anna", "wrong").status_code)
    client.environ_base["REMOTE_ADDR"] = "::ffff:192.0.2.1"  # the same machine as before
    seen.append(log_in(client, "anna", "wrong").status_code)
    database_of(strict).dispose()
    assert seen == [401, 429, 401, 401, 401, 429]


def test_guesses_keep_nobody_from_writing(app: Flask, client: FlaskClient) -> None:
    with database_of(app).transaction():  # somebody writes, and takes their time
        password = log_in(client, "anna", "wrong")
        calendar = client.get("/calendars/guess.ics")

    assert (password.status_code, calendar.status_code) == (401, 404)


def test_failed_attempts_are_limited_by_account_from_wherever_they_come(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_user(session, "bert")
        session.commit()
    settings = Settings(
        data_dir=tmp_path, database_url=database_url, login_account_rate="2 per day"
    )
    strict = create_app(settings)

    def attempt(number: int, name: str, password: str) -> int:
        client = open_client(strict)
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        return log_in(client, name, password).status_code

    statuses = [attempt(1, "anna", PASSWORD)]  # what succeeds does not count
    statuses += [
        attempt(number, name, "wrong") for number, name in enumerate(("anna", " ANNA ", "Anna"), 2)
    ]
    statuses += [attempt(9, "anna", PASSWORD), attempt(9, "bert", PASSWORD)]
    database_of(strict).dispose()

    assert statuses == [302, 401, 401, 429, 429, 302]


@pytest.mark.parametrize(
    ("proxies", "statuses"),
    [
        # Nobody is believed: all come from the address that the connection has.
        (0, [401, 429, 429]),
        # One proxy is believed: each client has attempts of its own, whatever it claims to be.
        (1, [401, 401, 429]),
    ],
)
def test_attempts_count_per_client_behind_a_trusted_proxy(
    proxies: int, statuses: list[int], app: Flask, database_url: str, tmp_path: Path
) -> None:
    del app  # only its database is needed
    settings = Settings(
        data_dir=tmp_path,
        database_url=database_url,
        login_rate="1 per day",
        trusted_proxies=proxies,
    )
    strict = create_app(settings)
    client = open_client(strict)
    seen = []
    for forwarded in ("192.0.2.1", "192.0.2.2", "198.51.100.7, 192.0.2.2"):
        client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
        seen.append(log_in(client, "anna", "wrong").status_code)
    database_of(strict).dispose()
    assert seen == statuses


def refusals(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "wlantrack" in record.name]


def test_a_failed_log_in_is_logged_on_one_line_with_the_requests_number(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = log_in(client, "anna\r\nforged line", "a wrong secret")
    number = answer.headers["X-Request-Id"]
    assert refusals(caplog) == [
        f"request {number} from 127.0.0.1: log-in as anna\\r\\nforged line failed"
    ]


def test_a_refused_action_is_logged_with_the_person(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        add_user(session, "vera", Grant(role="viewer"))
        session.commit()
    vera = enter(app, "vera")
    answer = vera.get("/buildings/new")
    assert answer.status_code == 403
    number = answer.headers["X-Request-Id"]
    assert refusals(caplog) == [f"request {number} from 127.0.0.1: vera may not GET /buildings/new"]


def test_a_form_without_token_is_logged_under_the_number_its_sender_sees(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/login", data={"name": "anna", "password": PASSWORD})
    assert answer.status_code == 400
    number = answer.headers["X-Request-Id"]
    assert refusals(caplog) == [f"request {number} from 127.0.0.1: no valid token: POST /login"]


def test_a_session_is_worth_nothing_after_log_out(app: Flask, client: FlaskClient) -> None:
    log_in(client, "anna")
    cookie = client.get_cookie("wlantrack")
    assert cookie is not None
    token = read_token(client.get("/buildings").text)
    assert client.post("/logout", data={"csrf_token": token}).location == "/login"
    thief = app.test_client()
    thief.set_cookie("wlantrack", cookie.value)
    response = thief.get("/buildings")
    assert (response.status_code, response.location) == (302, "/login?next=/buildings")


def test_a_log_in_does_not_go_on_with_the_cookie_from_before(client: FlaskClient) -> None:
    client.get("/login")
    before = client.get_cookie("wlantrack")
    log_in(client, "anna")
    after = client.get_cookie("wlantrack")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert after.http_only
    assert after.same_site == "Lax"


@pytest.mark.parametrize(
    ("asked", "led_to"),
    [
        ("/access-points?page=2", "/access-points?page=2"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/cabling/board?q=RH/../x//y", "/cabling/board?q=RH/../x//y"),
        ("/%09/evil.example", "/"),
        ("/%2f/evil.example", "/"),
        ("/%25252f/evil.example", "/"),
        ("/buildings/..//evil.example", "/"),
        ("/buildings/%2e%2e/logout", "/"),
        ("/buildings/%5cevil.example", "/"),
        ("/buildings//evil.example", "/"),
        ("/%252525252525252f/evil.example", "/"),
        ("/\t/evil.example", "/"),
        ("/city?q=a\nSet-Cookie: b", "/"),
        ("/city?q=a\x85b", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_log_in_leads_on_to_this_site_only(
    asked: str, led_to: str, client: FlaskClient
) -> None:
    token = read_csrf_token(client.get("/login").text)
    values = {"name": "anna", "password": PASSWORD, "csrf_token": token, "next": asked}
    assert client.post("/login", data=values).location == led_to
    assert client.get("/login", query_string={"next": asked}).location == led_to


def test_a_one_time_link_works_once(app: Flask, client: FlaskClient) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        roles = (("planner", "all"),)
        link = people.create_user(session, SYSTEM, "berta", roles, people.utc_now())
    address = f"/link/{link}"
    page = client.get(address).text
    token = read_csrf_token(page)
    assert "You are berta." in page
    short = {"csrf_token": token, "password": "short", "again": "short"}
    assert "at least 12 characters" in client.post(address, data=short).text
    assert client.get("/buildings").status_code == 302
    good = {"csrf_token": token, "password": "ein langes Passwort", "again": "ein langes Passwort"}
    assert client.post(address, data=good).location == "/"
    assert client.get("/buildings").status_code == 200
    assert app.test_client().get(address).status_code == 404
    assert log_in(app.test_client(), "berta", "ein langes Passwort").status_code == 302


def test_a_made_up_link_is_not_found(client: FlaskClient) -> None:
    assert client.get("/link/made-up").status_code == 404


def test_a_closed_account_is_out_at_once(app: Flask) -> None:
    visitor = enter(app, "anna")
    assert visitor.get("/buildings").status_code == 200
    with database_of(app).writing(SYSTEM.audit()) as session:
        user = session.scalars(select(User)).one()
        user.is_active = False
        session.commit()
    assert visitor.get("/buildings").status_code == 302


def test_language_and_theme_are_kept_with_the_account(app: Flask) -> None:
    visitor = enter(app, "anna")
    visitor.post("/preferences", language="en", theme="dark", next="/buildings")
    page = enter(app, "anna").get("/buildings").text
    assert '<html lang="en" data-theme="dark"' in page
    visitor.post("/preferences", language="tlh", theme="neon")
    page = visitor.get("/buildings").text
    assert 'lang="en"' in page or 'lang="de"' in page
    assert "neon" not in page
