"""Log in by another service: a certified OpenID provider runs beside the application.

What it says of people is changed while it runs; what comes back is never believed unchecked.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tests.factories.people import add_user
from tests.factories.places import add_house
from tests.integration.web.visitor import open_client, read_text
from tests.live_server import database_of, log_in, read_csrf_token
from tests.login_service.running import (
    CLIENT_ID,
    CLIENT_SECRET,
    LoginService,
    ServiceMissingError,
    run_login_service,
)
from tests.requirements import lack
from wlantrack.app import create_app
from wlantrack.services.actor import SYSTEM
from wlantrack.settings import Settings
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.people import Grant, LoginSession, User

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

ROLES = "team=planner@all; house=facility@RH/WE; cn=chiefs,ou=it=admin"


@pytest.fixture(scope="module")
def login_service() -> Iterator[LoginService]:
    """Give the running provider."""
    try:
        with run_login_service() as running:
            yield running
    except ServiceMissingError as error:
        lack("oidc", str(error))


@pytest.fixture
def settings(login_service: LoginService, database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=database_url,
        login_rate="1000 per minute",
        oidc_discovery_url=login_service.discovery_url,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_label="Stadt-Login",
        oidc_roles=ROLES,
    )


@contextlib.contextmanager
def running(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.testing = True
    yield app
    database_of(app).dispose()


@pytest.fixture
def city(settings: Settings) -> Iterator[Flask]:
    """Give an application with the house RH and a log-in service."""
    with running(settings) as app:
        with database_of(app).writing(SYSTEM.audit()) as session:
            add_house(session)
            add_user(session, "chief", Grant(role="admin"))
            session.commit()
        yield app


def come_in(
    client: FlaskClient, login_service: LoginService, subject: str, target: str = "/account"
) -> TestResponse:
    """Go to the provider as the log-in page leads, log in there, and come back."""
    question = client.get("/login/service", query_string={"next": target})
    assert question.status_code == 302, question.text
    return client.get(login_service.log_in(question.location, subject))


def load_users(app: Flask) -> dict[str, User]:
    with database_of(app).reading() as session:
        query = select(User).options(selectinload(User.grants).joinedload(Grant.wing))
        users = session.scalars(query).all()
        session.expunge_all()
    return {user.name: user for user in users}


def roles_of(app: Flask, name: str) -> set[str]:
    return {grant.role for grant in load_users(app)[name].grants}


def test_a_first_log_in_makes_an_account_with_the_roles_of_its_groups(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell(
        "s-1", name="Maria Maier", preferred_username="M.Maier", groups=["team", "house", "choir"]
    )
    client = open_client(city)
    assert "Log in with Stadt-Login" in read_text(client.get("/login"))

    answer = come_in(client, login_service, "s-1", "/access-points?page=1")

    assert (answer.status_code, answer.location) == (302, "/access-points?page=1")
    page = read_text(client.get("/account"))
    assert "Maria Maier" in page
    assert "facility management (RH/WE), planner (everywhere)" in page
    user = load_users(city)["m.maier"]
    assert (user.issuer, user.subject) == (login_service.url, "s-1")
    assert user.has_outside_roles
    assert user.password_hash is None
    with database_of(city).reading() as session:
        assert session.scalars(select(LoginSession.method)).all() == ["service"]
        events = session.scalars(select(AuditEvent).where(AuditEvent.act == "log in")).all()
    assert [(event.actor, event.label) for event in events] == [("m.maier", "m.maier")]


def test_the_question_carries_a_challenge_a_state_and_a_nonce(city: Flask) -> None:
    query = parse_qs(urlsplit(open_client(city).get("/login/service").location).query)

    assert query["code_challenge_method"] == ["S256"]
    assert query["response_type"] == ["code"]
    assert {"code_challenge", "state", "nonce"} <= set(query)


def test_groups_decide_anew_at_every_log_in_and_end_what_was_open(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-2", preferred_username="two", groups=["team"])
    first, second = open_client(city), open_client(city)
    come_in(first, login_service, "s-2")
    assert roles_of(city, "two") == {"planner"}

    login_service.tell("s-2", preferred_username="renamed", groups=["cn=chiefs,ou=it"])
    come_in(second, login_service, "s-2")

    assert roles_of(city, "two") == {"admin"}
    assert first.get("/account").status_code == 302
    assert second.get("/account").status_code == 200
    assert "renamed" not in load_users(city)


@pytest.mark.parametrize("groups", [[], ["choir"], "choir", None])
def test_who_is_in_no_group_of_ours_gets_no_account(
    groups: object, city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-3", preferred_username="three", groups=groups)
    client = open_client(city)

    answer = come_in(client, login_service, "s-3")

    assert answer.status_code == 403
    assert "None of your groups" in read_text(answer)
    assert client.get("/account").status_code == 302
    assert "three" not in load_users(city)


def test_who_has_left_all_groups_loses_roles_and_sessions(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-4", preferred_username="four", groups=["team"])
    client = open_client(city)
    come_in(client, login_service, "s-4")
    login_service.tell("s-4", preferred_username="four", groups=[])

    assert come_in(open_client(city), login_service, "s-4").status_code == 403

    assert roles_of(city, "four") == set()
    assert client.get("/account").status_code == 302


def test_only_allowed_groups_come_in_whatever_role_they_give(
    settings: Settings, city: Flask, login_service: LoginService
) -> None:
    del city  # only its database is needed
    login_service.tell("s-5", preferred_username="five", groups=["team"])
    with running(replace(settings, oidc_allowed_groups="staff; board")) as strict:
        assert come_in(open_client(strict), login_service, "s-5").status_code == 403
        login_service.tell("s-5", preferred_username="five", groups=["team", "board"])
        assert come_in(open_client(strict), login_service, "s-5").status_code == 302


def test_the_same_name_or_address_opens_nobody_elses_account(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell(
        "evil", preferred_username="chief", email="chief@localhost", name="Chief", groups=["team"]
    )
    client = open_client(city)

    answer = come_in(client, login_service, "evil")

    assert answer.status_code == 403
    assert "There is already an account named chief." in read_text(answer)
    assert client.get("/account").status_code == 302
    assert load_users(city)["chief"].issuer is None


def test_a_local_account_is_linked_by_its_owner_and_keeps_its_roles(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-6", preferred_username="anything", groups=["team"])
    owner = open_client(city)
    log_in(owner, "chief")
    token = read_csrf_token(owner.get("/account").text)
    page = owner.post("/account/link", data={"csrf_token": token})
    assert "Log in there as yourself" in read_text(page)

    answer = come_in(owner, login_service, "s-6")

    assert answer.location == "/account"
    assert "Your account is linked" in owner.get("/account").text
    later = open_client(city)
    come_in(later, login_service, "s-6")
    assert "chief" in read_text(later.get("/account"))
    assert roles_of(city, "chief") == {"admin"}
    owner.post("/account/unlink", data={"csrf_token": token})
    assert load_users(city)["chief"].issuer is None
    assert log_in(open_client(city), "chief").status_code == 302


def test_an_identity_opens_one_account_only(city: Flask, login_service: LoginService) -> None:
    login_service.tell("s-7", preferred_username="seven", groups=["team"])
    come_in(open_client(city), login_service, "s-7")
    owner = open_client(city)
    log_in(owner, "chief")
    token = read_csrf_token(owner.get("/account").text)
    owner.post("/account/link", data={"csrf_token": token})

    answer = come_in(owner, login_service, "s-7")

    assert answer.status_code == 409
    assert load_users(city)["chief"].issuer is None


def test_an_account_without_password_cannot_be_unlinked(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-8", preferred_username="eight", groups=["team"])
    client = open_client(city)
    come_in(client, login_service, "s-8")
    token = read_csrf_token(client.get("/account").text)

    answer = client.post("/account/unlink", data={"csrf_token": token})

    assert answer.status_code == 400
    assert load_users(city)["eight"].subject == "s-8"


def test_a_locked_account_stays_out_whatever_the_service_says(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-9", preferred_username="nine", groups=["team"])
    client = open_client(city)
    come_in(client, login_service, "s-9")
    with database_of(city).writing(SYSTEM.audit()) as session:
        session.scalars(select(User).where(User.name == "nine")).one().is_active = False
        session.commit()

    assert client.get("/account").status_code == 302
    assert come_in(client, login_service, "s-9").status_code == 403


def forge(address: str, **changes: str) -> str:
    """Change what comes back from the provider."""
    parts = urlsplit(address)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()} | changes
    return f"{parts.path}?{urlencode(query)}"


@pytest.mark.parametrize("changes", [{"state": "made-up"}, {"code": "made-up"}, {"error": "no"}])
def test_an_answer_that_was_changed_on_its_way_is_not_believed(
    changes: dict[str, str],
    city: Flask,
    login_service: LoginService,
    caplog: pytest.LogCaptureFixture,
) -> None:
    login_service.tell("s-10", preferred_username="ten", groups=["team"])
    client = open_client(city)
    back = login_service.log_in(client.get("/login/service").location, "s-10")

    answer = client.get(forge(back, **changes))

    assert answer.status_code == 403
    assert "did not let you in" in read_text(answer)
    assert client.get("/account").status_code == 302
    assert "ten" not in load_users(city)
    assert "log-in service: " in caplog.text


def test_an_answer_to_somebody_elses_question_is_not_believed(
    city: Flask, login_service: LoginService
) -> None:
    login_service.tell("s-11", preferred_username="eleven", groups=["team"])
    attacker, victim = open_client(city), open_client(city)
    back = login_service.log_in(attacker.get("/login/service").location, "s-11")
    victim.get("/login/service")

    assert victim.get(back).status_code == 403
    assert victim.get("/account").status_code == 302


def test_an_answer_is_worth_one_session(city: Flask, login_service: LoginService) -> None:
    login_service.tell("s-12", preferred_username="twelve", groups=["team"])
    client = open_client(city)
    back = login_service.log_in(client.get("/login/service").location, "s-12")
    assert client.get(back).status_code == 302

    assert client.get(back).status_code == 403


def test_the_service_leads_on_to_this_site_only(city: Flask, login_service: LoginService) -> None:
    login_service.tell("s-13", preferred_username="thirteen", groups=["team"])

    answer = come_in(open_client(city), login_service, "s-13", "https://evil.example/")

    assert answer.location == "/"


def test_a_service_that_names_another_issuer_is_not_believed(
    settings: Settings, city: Flask, login_service: LoginService
) -> None:
    del city  # only its database is needed
    login_service.tell("s-14", preferred_username="fourteen", groups=["team"])
    other = login_service.discovery_url.replace("127.0.0.1", "localhost")
    with running(replace(settings, oidc_discovery_url=other)) as app:
        client = open_client(app)
        question = client.get("/login/service")
        answer = client.get(login_service.log_in(question.location, "s-14"))
        assert answer.status_code == 403


def test_a_service_that_does_not_answer_is_told_in_words(settings: Settings) -> None:
    nowhere = replace(settings, oidc_discovery_url="http://127.0.0.1:9/.well-known/x")
    with running(nowhere) as app:
        answer = open_client(app).get("/login/service")

    assert answer.status_code == 403
    assert "did not let you in" in read_text(answer)


def test_names_and_passwords_can_be_switched_off(settings: Settings, city: Flask) -> None:
    del city  # only its database is needed
    with running(replace(settings, local_login=False)) as app:
        client = open_client(app)
        page = client.get("/login").text
        token = client.get("/login").text.partition('csrf-token" content="')[2].partition('"')[0]
        values = {"csrf_token": token, "name": "chief", "password": "vier Worte fuer Tests"}
        refused = client.post("/login", data=values)
        link = client.get("/link/anything")

    assert 'name="password"' not in page
    assert "Stadt-Login" in page
    assert (refused.status_code, link.status_code) == (404, 404)


def test_without_a_service_there_is_no_such_log_in(app: Flask) -> None:
    client = open_client(app)

    assert client.get("/login/service").status_code == 404
    assert client.get("/login/service/back?code=1&state=2").status_code == 404
