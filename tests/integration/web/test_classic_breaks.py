"""The four classic breaks, tried as an attacker with an account would: each fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.integration.web.visitor import enter, open_client, read_form
from tests.live_server import database_of, log_in
from wlantrack.services import access_points, accounts, people
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.people import Grant, User

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


def load_user(app: Flask, name: str) -> User:
    with database_of(app).reading() as session:
        user = session.scalars(select(User).where(User.name == name)).one()
        session.expunge_all()
    return user


def load_point(app: Flask, ref: str) -> AccessPoint:
    with database_of(app).reading() as session:
        points = session.scalars(select(AccessPoint)).all()
        session.expunge_all()
    return next(point for point in points if str(point.public_id) == ref)


def roles_of(app: Flask, name: str) -> list[str]:
    with database_of(app).reading() as session:
        query = select(Grant.role).join(User).where(User.name == name)
        return list(session.scalars(query))


# 1. Another wing's object by its id.


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/access-points/{ref}"),
        ("GET", "/access-points/{ref}/edit"),
        ("POST", "/access-points/{ref}/edit"),
        ("POST", "/access-points/{ref}/state"),
        ("POST", "/access-points/{ref}/delete"),
    ],
)
def test_an_access_point_of_another_wing_does_not_exist(
    method: str, address: str, app: Flask, site: Site
) -> None:
    westerner = enter(app, "westerner")  # planner in the west wing; AP-2 hangs in the east
    before = load_point(app, site.live_point)

    url = address.format(ref=site.live_point)
    answer = westerner.get(url) if method == "GET" else westerner.post(url, version=1)

    assert answer.status_code == 404
    assert "AP-2" not in answer.text
    assert load_point(app, site.live_point).version == before.version


def test_another_wings_access_point_cannot_be_named_in_ones_own_floor(
    app: Flask, site: Site
) -> None:
    westerner = enter(app, "westerner")
    own = f"/access-points/{site.planned_point}/edit"
    assert westerner.get(own).status_code == 200

    westerner.fill_in(own, id=site.live_point, public_id=site.live_point, note="mine")

    assert load_point(app, site.live_point).note != "mine"
    assert load_point(app, site.planned_point).note == "mine"


# 2. A field smuggled into a form.


def test_a_state_smuggled_into_a_form_changes_nothing(app: Flask, site: Site) -> None:
    planner = enter(app, "planner")
    smuggled = {
        "state": "accepted",
        "is_active": "y",
        "floor_id": "4711",
        "wing_id": "4711",
        "id": "4711",
        "public_id": site.live_point,
        "installed_x_m": "1",
    }
    before = load_point(app, site.planned_point)

    url = f"/access-points/{site.planned_point}/edit"
    planner.fill_in(url, note="told", **smuggled)

    after = load_point(app, site.planned_point)
    assert after.note == "told"
    kept = ("id", "state", "floor_id", "wing_id", "public_id", "installed_x_m")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]


def test_a_field_smuggled_into_the_editors_json_changes_nothing(app: Flask, site: Site) -> None:
    planner = enter(app, "planner")
    before = load_point(app, site.planned_point)
    url = f"/floors/{site.floor}/access-points/{site.planned_point}"

    planner.send(
        "PATCH", url, {"version": before.version, "state": "accepted", "floor_id": 4711, "x_m": 9.0}
    )

    after = load_point(app, site.planned_point)
    assert (after.state, after.floor_id) == (before.state, before.floor_id)


@pytest.mark.parametrize("url", ["/preferences", "/account", "/account/sessions/end-others"])
@pytest.mark.usefixtures("site")
def test_a_role_smuggled_into_a_form_of_ones_own_is_not_taken(url: str, app: Flask) -> None:
    viewer = enter(app, "viewer")

    viewer.post(
        url,
        **{
            "language": "en",
            "theme": "dark",
            "role": "admin",
            "roles-0-role": "admin",
            "roles-0-scope": "all",
            "is_active": "y",
            "name": "admin2",
            "password_hash": "x",
            "has_outside_roles": "y",
        },
    )

    assert roles_of(app, "viewer") == ["viewer"]
    assert not load_user(app, "viewer").has_outside_roles


def test_a_password_smuggled_into_an_accounts_form_is_not_taken(app: Flask, site: Site) -> None:
    admin = enter(app, "admin")
    before = load_user(app, "guest")

    admin.fill_in(
        f"/users/{site.account}/edit",
        display_name="Guest of honour",
        password_hash="x",
        issuer="https://evil.example",
        subject="evil",
        name="other",
    )

    after = load_user(app, "guest")
    assert after.display_name == "Guest of honour"
    assert (after.name, after.password_hash, after.issuer) == ("guest", before.password_hash, None)


# 3. A role raised by its owner.


@pytest.mark.usefixtures("site")
def test_an_administrator_cannot_raise_roles_of_his_own(app: Flask) -> None:
    admin = enter(app, "admin")
    ref = load_user(app, "admin").public_id

    answer = admin.fill_in(
        f"/users/{ref}/edit", **{"roles-1-role": "security officer", "roles-1-scope": "all"}
    )

    assert answer.status_code == 403
    assert "Nobody changes roles of their own" in answer.text
    assert roles_of(app, "admin") == ["admin"]


@pytest.mark.parametrize("role", ["viewer", "planner", "manager", "facility", "firm"])
def test_nobody_else_reaches_the_form_that_gives_roles(role: str, app: Flask, site: Site) -> None:
    person, ref = enter(app, role), load_user(app, role).public_id
    form = read_form(enter(app, "admin").get(f"/users/{ref}/edit").text)
    values = form | {"roles-0-role": "admin", "csrf_token": person.token}

    assert person.post(f"/users/{ref}/edit", **values).status_code == 403
    assert person.post(f"/users/{site.account}/edit", **values).status_code == 403
    assert person.post("/users/new", **(values | {"name": "puppet"})).status_code == 403
    assert person.post(f"/users/{ref}/link").status_code == 403
    assert roles_of(app, role) == [role]


# 4. A session used after log-out, after it was ended, after its account was closed or changed.


def end_by_log_out(app: Flask, visitor: Visitor) -> None:
    del app
    visitor.post("/logout")


def end_by_closing(app: Flask, visitor: Visitor) -> None:
    del visitor
    with database_of(app).writing(SYSTEM.audit()) as session:
        ref = str(session.scalars(select(User.public_id).where(User.name == "planner")).one())
        accounts.set_active(session, SYSTEM, [ref], people.utc_now(), is_active=False)
    with database_of(app).writing(SYSTEM.audit()) as session:
        # Opening it again brings no old session back.
        accounts.set_active(session, SYSTEM, [ref], people.utc_now(), is_active=True)


def end_by_another_role(app: Flask, visitor: Visitor) -> None:
    del visitor
    with database_of(app).writing(SYSTEM.audit()) as session:
        user = session.scalars(select(User).where(User.name == "planner")).one()
        values = accounts.AccountValues("Planner", (("viewer", "all"),))
        accounts.change_account(
            session, SYSTEM, str(user.public_id), values, None, people.utc_now()
        )


def end_by_all_others(app: Flask, visitor: Visitor) -> None:
    del visitor
    other = enter(app, "planner")
    other.post("/account/sessions/end-others")


@pytest.mark.parametrize(
    "end", [end_by_log_out, end_by_closing, end_by_another_role, end_by_all_others]
)
def test_a_stolen_cookie_is_worth_nothing_once_its_session_is_over(
    end: object, app: Flask, site: Site
) -> None:
    planner = enter(app, "planner")
    cookie = planner.client.get_cookie("wlantrack")
    assert cookie is not None
    thief = open_client(app)
    thief.set_cookie("wlantrack", cookie.value)
    assert thief.get("/buildings").status_code == 200

    assert callable(end)
    end(app, planner)

    thief.set_cookie("wlantrack", cookie.value)
    assert thief.get("/buildings").status_code == 302
    thief.set_cookie("wlantrack", cookie.value)
    assert thief.get(f"/floors/{site.floor}/editor").status_code in {302, 401, 404}
    thief.set_cookie("wlantrack", cookie.value)
    posted = thief.post("/preferences", data={"theme": "dark", "csrf_token": planner.token})
    assert posted.status_code in {302, 400}
    assert load_user(app, "planner").theme == "system"


@pytest.mark.usefixtures("site")
def test_a_cookie_from_before_the_log_in_is_not_the_session_after_it(app: Flask) -> None:
    victim, attacker = open_client(app), open_client(app)
    attacker.get("/login")
    planted = attacker.get_cookie("wlantrack")
    assert planted is not None
    victim.set_cookie("wlantrack", planted.value)

    log_in(victim, "planner")

    attacker.set_cookie("wlantrack", planted.value)
    assert attacker.get("/buildings").status_code == 302
    assert victim.get("/buildings").status_code == 200


def test_the_council_is_not_told_the_details_of_devices(app: Flask, site: Site) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        point = access_points.find_access_point(session, SYSTEM, site.live_point)
        point.serial, point.mac = "SECRET-77", "02:00:5e:77:77:77"
        session.commit()
    pages = (
        f"/access-points/{site.live_point}",
        "/access-points?columns=code&columns=serial&columns=mac&columns=note",
        f"/rooms/{site.room}",
    )
    planner = "".join(enter(app, "planner").get(page).text for page in pages)
    council = "".join(enter(app, "viewer").get(page).text for page in pages)

    for word in ("SECRET-77", "02:00:5e:77:77:77", "Transmit power", 'id="history"'):
        assert word in planner
        assert word not in council
