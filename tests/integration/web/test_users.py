"""Accounts at the browser: created with a link shown once, given roles, closed; own sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.web.visitor import Visitor, enter, open_client, read_form, read_text
from tests.live_server import database_of, log_in, read_csrf_token
from wlantrack.store.models.people import User
from wlantrack.web.session.devices import describe_device

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.fixture
def admin(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "admin")


def ref_of(app: Flask, name: str) -> str:
    with database_of(app).reading() as session:
        return str(session.scalars(select(User.public_id).where(User.name == name)).one())


def test_an_account_is_created_with_roles_and_a_link_shown_once(app: Flask, admin: Visitor) -> None:
    page = admin.fill_in(
        "/users/new",
        **{
            "name": "M.Maier",
            "display_name": "Maria Maier",
            "roles-0-role": "planner",
            "roles-0-scope": "RH",
            "roles-1-role": "viewer",
            "roles-1-scope": "everywhere",
        },
    )

    link = re.search(r"http://localhost(/link/[\w-]+)", page.text)
    assert link
    assert page.headers["Cache-Control"] == "no-store"
    words = read_text(admin.get("/users?q=maier"))
    assert "council (viewer) (everywhere), planner (RH)" in words
    assert "one-time link, not used yet" in words
    newcomer = open_client(app)
    token = read_csrf_token(newcomer.get(link[1]).text)
    good = {"csrf_token": token, "password": "ein langer Satz", "again": "ein langer Satz"}
    assert newcomer.post(link[1], data=good).location == "/"
    assert newcomer.get("/buildings").status_code == 200
    assert newcomer.get("/users").status_code == 403


def test_a_role_in_a_place_that_does_not_exist_is_told_and_nothing_is_created(
    app: Flask, admin: Visitor
) -> None:
    values = {"name": "berta", "roles-0-role": "planner", "roles-0-scope": "XX/YY"}
    page = admin.fill_in("/users/new", **values)

    assert "There is no such place." in read_text(page)
    assert 'value="XX/YY"' in page.text
    with database_of(app).reading() as session:
        assert session.scalars(select(User).where(User.name == "berta")).all() == []


def test_a_role_without_a_place_is_no_role_for_everything(app: Flask, admin: Visitor) -> None:
    page = admin.fill_in("/users/new", **{"name": "berta", "roles-0-role": "admin"})

    assert "Say where: everywhere, a building, or a wing." in read_text(page)
    with database_of(app).reading() as session:
        assert session.scalars(select(User).where(User.name == "berta")).all() == []


def test_roles_are_changed_and_taken_away(app: Flask, admin: Visitor) -> None:
    ref = ref_of(app, "viewer")
    viewer = enter(app, "viewer")
    page = admin.get(f"/users/{ref}/edit").text
    assert read_form(page)["roles-0-scope"] == "everywhere"

    admin.fill_in(f"/users/{ref}/edit", **{"roles-0-role": "facility", "roles-0-scope": "RH/WE"})

    assert viewer.get("/buildings").status_code == 302
    words = read_text(admin.get(f"/users/{ref}"))
    assert "facility management (RH/WE)" in words
    admin.fill_in(f"/users/{ref}/edit", **{"roles-0-role": ""})
    assert "Roles no role" in read_text(admin.get(f"/users/{ref}"))


def test_accounts_are_closed_and_opened_in_bulk(app: Flask, admin: Visitor) -> None:
    planner = enter(app, "planner")
    refs = [ref_of(app, "planner"), ref_of(app, "viewer")]
    values = {"csrf_token": admin.token, "ids": refs, "access": "closed", "next": "/users"}

    assert admin.client.post("/users/access", data=values).location == "/users"

    assert "2 accounts locked." in admin.get("/users").text
    assert planner.get("/buildings").status_code == 302
    assert log_in(open_client(app), "planner").status_code == 401
    admin.client.post("/users/access", data=values | {"access": "open"})
    assert planner.get("/buildings").status_code == 302
    assert log_in(open_client(app), "planner").status_code == 302


def test_the_export_is_an_attachment_without_secrets(admin: Visitor) -> None:
    answer = admin.get("/users/export.csv")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "westerner;Westerner;planner@RH/WE" in answer.get_data(as_text=True)
    assert "argon2" not in answer.get_data(as_text=True)


def test_a_new_link_is_shown_to_the_administrator_only(app: Flask, admin: Visitor) -> None:
    ref = ref_of(app, "viewer")

    assert "/link/" in admin.post(f"/users/{ref}/link").text
    assert "/link/" not in admin.get(f"/users/{ref}").text
    assert enter(app, "planner").post(f"/users/{ref}/link").status_code == 403


def test_administrators_end_the_sessions_of_others(app: Flask, admin: Visitor) -> None:
    ref, planner = ref_of(app, "planner"), enter(app, "planner")
    page = admin.get(f"/users/{ref}").text
    end = re.search(rf'action="(/users/{ref}/sessions/[^"]+/end)"', page)
    assert end

    assert admin.post(end[1]).status_code == 302
    assert planner.get("/buildings").status_code == 302
    again = enter(app, "planner")
    admin.post(f"/users/{ref}/sessions/end")
    assert again.get("/buildings").status_code == 302


@pytest.mark.usefixtures("site")
def test_people_see_where_they_are_logged_in_and_end_the_others(app: Flask) -> None:
    here, there = open_client(app), enter(app, "planner")
    here.environ_base["HTTP_USER_AGENT"] = FIREFOX
    log_in(here, "planner")
    page = here.get("/account")
    assert "Firefox, Windows (this one)" in read_text(page)
    assert "unknown device" in read_text(page)

    token = read_csrf_token(page.text)
    here.post("/account/sessions/end-others", data={"csrf_token": token})

    assert there.get("/buildings").status_code == 302
    end = re.search(r'action="(/account/sessions/[^"]+/end)"', here.get("/account").text)
    assert end
    answer = here.post(end[1], data={"csrf_token": token})
    assert answer.location == "/login"
    assert here.get("/buildings").status_code == 302


CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox, Windows"),
        (CHROME, "Chrome, Linux"),
        (SAFARI, "Safari, iPhone"),
        (EDGE, "Edge, Windows"),
        ("curl/8.0", ""),
        ("<script>", ""),
    ],
)
def test_a_device_is_named_by_browser_and_system(agent: str, device: str) -> None:
    assert describe_device(agent) == device
