"""Administration of accounts: roles that nobody raises for himself, and who is out at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.people import PASSWORD, add_user
from tests.factories.places import MOMENT, House
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import accounts, people, sessions
from wlantrack.services.accounts import AccountFilter, AccountValues
from wlantrack.services.actor import SYSTEM, Actor, Scope, load_actor
from wlantrack.services.paging import Page
from wlantrack.services.people import SessionLimits
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.people import Grant, LoginSession, OneTimeLink, User

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.session import Database

LIMITS = SessionLimits(idle=timedelta(minutes=60), absolute=timedelta(hours=12))


@pytest.fixture
def chief(session: Session) -> Actor:
    """Give an administrator for everything, who has an account."""
    user = add_user(session, "chief", Grant(role="admin"))
    session.commit()
    return load_actor(user, "request")


@pytest.fixture
def anna(session: Session, chief: Actor) -> User:  # noqa: ARG001 - the chief is there first
    """Give a planner for everything, who is logged in."""
    user = add_user(session, "anna")
    session.commit()
    return user


def change(session: Session, actor: Actor, user: User, *roles: tuple[str, str]) -> User:
    values = AccountValues(user.display_name, roles)
    return accounts.change_account(
        session, actor, str(user.public_id), values, user.version, MOMENT
    )


def is_in(session: Session, token: str) -> bool:
    return people.resume(session, token, LIMITS, MOMENT, "request") is not None


def list_names(session: Session, actor: Actor, **narrow: str) -> list[str]:
    rows, total = accounts.list_accounts(session, actor, AccountFilter(**narrow), Page())
    assert total == len(rows)
    return [row.name for row in rows]


def test_a_changed_role_ends_every_session(session: Session, chief: Actor, anna: User) -> None:
    token = people.log_in(session, "anna", PASSWORD, MOMENT)

    change(session, chief, anna, ("viewer", "all"))

    assert not is_in(session, token)
    assert [grant.role for grant in anna.grants] == ["viewer"]


def test_a_changed_name_ends_no_session(session: Session, chief: Actor, anna: User) -> None:
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    values = AccountValues("Anna Maier", (("planner", "all"),))

    accounts.change_account(session, chief, str(anna.public_id), values, anna.version, MOMENT)

    assert is_in(session, token)
    assert anna.display_name == "Anna Maier"


def test_roles_get_the_scopes_they_are_given(session: Session, chief: Actor, house: House) -> None:
    anna = add_user(session, "anna")
    session.commit()

    change(session, chief, anna, ("planner", "RH"), ("facility", "RH/WE"))

    session.expunge_all()
    found = accounts.find_account(session, chief, str(anna.public_id))
    assert house.building.code == "RH"
    assert {(g.role, accounts.scope_of(g)) for g in found.grants} == {
        ("planner", "RH"),
        ("facility", "RH/WE"),
    }


def test_nobody_changes_roles_of_their_own(session: Session, chief: Actor) -> None:
    own = accounts.find_own(session, chief)

    with pytest.raises(NotAllowed, match="Nobody changes roles of their own"):
        change(session, chief, own, ("admin", "all"), ("planner", "all"))
    with pytest.raises(NotAllowed):
        accounts.set_active(session, chief, [str(own.public_id)], MOMENT, is_active=False)


def test_an_administrator_of_one_building_edits_no_account(
    session: Session, house: House, anna: User
) -> None:
    local = add_user(session, "local", Grant(role="admin", building_id=house.building.id))
    session.commit()
    actor = load_actor(local, "request")

    with pytest.raises(NotAllowed):
        change(session, actor, anna, ("admin", "all"))
    with pytest.raises(NotAllowed):
        accounts.list_accounts(session, actor, AccountFilter(), Page())


def test_an_administrator_for_everything_remains(session: Session, chief: Actor) -> None:
    other = add_user(session, "other", Grant(role="admin"))
    session.commit()
    actor = load_actor(other, "request")
    chief_id = str(accounts.find_own(session, chief).public_id)
    accounts.set_active(session, actor, [chief_id], MOMENT, is_active=False)

    # The closed chief's session was loaded before it ended: the last administrator stays.
    with pytest.raises(InvalidInput, match="No administrator"):
        accounts.set_active(session, chief, [str(other.public_id)], MOMENT, is_active=False)
    session.rollback()
    with pytest.raises(InvalidInput, match="No administrator"):
        change(session, chief, other, ("planner", "all"))


def test_a_closed_account_is_out_and_its_link_is_worth_nothing(
    session: Session, chief: Actor, anna: User
) -> None:
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    ref = str(anna.public_id)
    link = accounts.renew_link(session, chief, ref, MOMENT)

    assert accounts.set_active(session, chief, [ref], MOMENT, is_active=False) == 1

    assert not is_in(session, token)
    with pytest.raises(NotFound):
        people.set_password(session, link, "ein langer Satz", MOMENT)
    with pytest.raises(InvalidInput, match="locked"):
        accounts.renew_link(session, chief, ref, MOMENT)
    accounts.set_active(session, chief, [ref], MOMENT, is_active=True)
    assert not is_in(session, token)
    with pytest.raises(NotFound):
        people.check_link(session, link, MOMENT)


def test_a_new_link_voids_the_one_before_and_ends_sessions_when_used(
    session: Session, chief: Actor, anna: User
) -> None:
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    first = accounts.renew_link(session, chief, str(anna.public_id), MOMENT)
    second = accounts.renew_link(session, chief, str(anna.public_id), MOMENT)

    with pytest.raises(NotFound):
        people.check_link(session, first, MOMENT)
    opened = people.set_password(session, second, "ein neuer Satz", MOMENT)

    assert not is_in(session, token)
    assert is_in(session, opened)


def test_roles_of_a_log_in_service_are_not_changed_here(
    session: Session, chief: Actor, anna: User
) -> None:
    anna.has_outside_roles = True
    session.commit()

    with pytest.raises(InvalidInput, match="groups of the log-in service"):
        change(session, chief, anna, ("admin", "all"))


def test_a_second_editor_is_told(session: Session, chief: Actor, anna: User) -> None:
    values = AccountValues("Anna", (("viewer", "all"),))
    before = anna.version
    change(session, chief, anna, ("manager", "all"))

    with pytest.raises(Conflict):
        accounts.change_account(session, chief, str(anna.public_id), values, before, MOMENT)


def test_what_happens_to_accounts_enters_the_trail_without_secrets(
    session: Session, chief: Actor, anna: User
) -> None:
    change(session, chief, anna, ("viewer", "all"))
    people.set_password(
        session,
        accounts.renew_link(session, chief, str(anna.public_id), MOMENT),
        "ein neuer Satz",
        MOMENT,
    )

    events = session.scalars(select(AuditEvent)).all()
    assert ("create", "role_grant", "viewer") in {(e.act, e.entity, e.label) for e in events}
    assert ("delete", "role_grant", "planner") in {(e.act, e.entity, e.label) for e in events}
    assert all("argon2" not in f"{event.before}{event.after}" for event in events)


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("narrow", "names"),
    [
        ({}, ["anna", "chief", "we", "zoe"]),
        ({"words": "AN"}, ["anna"]),
        ({"role": "viewer"}, ["we", "zoe"]),
        ({"building": "RH"}, ["anna", "chief", "we"]),
        ({"building": "XX"}, ["anna", "chief"]),
        ({"active": "no"}, ["zoe"]),
    ],
)
@pytest.mark.usefixtures("anna")
def test_the_list_is_narrowed_by(
    narrow: dict[str, str], names: list[str], session: Session, chief: Actor, house: House
) -> None:
    add_user(session, "we", Grant(role="viewer", wing_id=house.west.id))
    elsewhere = add_building_scope(session)
    add_user(session, "zoe", Grant(role="viewer", building_id=elsewhere)).is_active = False
    session.commit()

    assert list_names(session, chief, **narrow) == names


def add_building_scope(session: Session) -> int:
    from tests.factories.places import add_building  # noqa: PLC0415 - one test's second house

    return add_building(session, "KH").id


def test_the_list_says_when_somebody_was_last_seen(
    session: Session, chief: Actor, anna: User
) -> None:
    people.log_in(session, "anna", PASSWORD, MOMENT)
    rows, _ = accounts.list_accounts(session, chief, AccountFilter(), Page("seen", True))  # noqa: FBT003 - descending

    assert [(row.name, row.seen_at) for row in rows] == [("anna", MOMENT), ("chief", None)]
    assert anna.name == "anna"


def test_the_table_of_accounts_has_no_secret_and_runs_no_formula(
    session: Session, chief: Actor
) -> None:
    add_user(session, "eve").display_name = "=HYPERLINK(1)"
    session.commit()

    heads = ["a", "b", "c", "d", "e", "f"]
    table = accounts.export_accounts(session, chief, heads, datetime.isoformat).decode()

    assert "eve" in table
    assert "argon2" not in table
    assert ";=HYPER" not in table


def test_people_list_and_end_their_own_sessions(session: Session, anna: User) -> None:
    own = load_actor(anna, "request")
    here = people.log_in(session, "anna", PASSWORD, MOMENT, "Firefox, Windows")
    there = people.log_in(session, "anna", PASSWORD, MOMENT + timedelta(minutes=1), "Chrome")

    found = sessions.list_sessions(session, own, None, LIMITS, MOMENT + timedelta(minutes=2))
    assert [(item.device, item.method) for item in found] == [
        ("Chrome", "password"),
        ("Firefox, Windows", "password"),
    ]
    assert sessions.end_all(session, own, None, MOMENT, but=found[1].public_id) == 1

    assert is_in(session, here)
    assert not is_in(session, there)
    sessions.end_session(session, own, None, found[1].public_id, MOMENT)
    assert not is_in(session, here)
    with pytest.raises(NotFound):
        sessions.end_session(session, own, None, found[1].public_id, MOMENT)


def test_a_session_of_somebody_else_is_ended_by_administrators_only(
    session: Session, chief: Actor, anna: User
) -> None:
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    ref, boss = str(anna.public_id), str(accounts.find_own(session, chief).public_id)
    (found,) = sessions.list_sessions(session, chief, ref, LIMITS, MOMENT)

    with pytest.raises(NotAllowed):
        sessions.list_sessions(session, load_actor(anna, "request"), boss, LIMITS, MOMENT)
    with pytest.raises(NotFound):
        sessions.end_session(session, chief, None, found.public_id, MOMENT)
    sessions.end_session(session, chief, ref, found.public_id, MOMENT)

    assert not is_in(session, token)


def test_a_session_that_has_run_out_is_not_listed(session: Session, anna: User) -> None:
    people.log_in(session, "anna", PASSWORD, MOMENT)
    later = MOMENT + timedelta(minutes=61)

    assert sessions.list_sessions(session, load_actor(anna, "r"), None, LIMITS, later) == []


def test_sessions_and_links_are_forgotten_after_ninety_days(
    session: Session, chief: Actor, anna: User
) -> None:
    people.log_in(session, "anna", PASSWORD, MOMENT)
    accounts.renew_link(session, chief, str(anna.public_id), MOMENT)

    people.log_in(session, "anna", PASSWORD, MOMENT + timedelta(days=94))

    assert [row.seen_at for row in session.scalars(select(LoginSession))] == [
        MOMENT + timedelta(days=94)
    ]
    assert session.scalars(select(OneTimeLink)).all() == []


def test_of_two_administrators_who_lock_one_another_out_one_remains(database: Database) -> None:
    with database.writing(SYSTEM.audit()) as session:
        users = [add_user(session, name, Grant(role="admin")) for name in ("ada", "bea")]
        session.commit()
    barrier = threading.Barrier(2)

    def lock_out(own: User, other: User) -> bool:
        actor = Actor(own.name, user_id=own.id, grants=(("admin", Scope()),))
        with database.writing(actor.audit()) as session:
            barrier.wait()
            try:
                accounts.set_active(session, actor, [str(other.public_id)], MOMENT, is_active=False)
            except InvalidInput:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lock_out, users, reversed(users)))

    with database.reading() as session:
        active = session.scalars(select(User).where(User.is_active.is_(True))).all()
    assert sorted(done) == [False, True]
    assert len(active) == 1


def test_of_many_who_use_a_link_at_the_same_moment_one_chooses_the_password(
    database: Database,
) -> None:
    with database.writing(SYSTEM.audit()) as session:
        link = people.create_user(session, SYSTEM, "dora", (("viewer", "all"),), MOMENT)
    passwords = [f"ein langer Satz {number}" for number in range(6)]
    barrier = threading.Barrier(len(passwords))

    def choose(password: str) -> bool:
        barrier.wait()
        with database.writing(Actor("dora").audit()) as session:
            try:
                people.set_password(session, link, password, MOMENT)
            except (NotFound, Conflict):
                return False
            return True

    with ThreadPoolExecutor(len(passwords)) as pool:
        done = list(pool.map(choose, passwords))

    assert done.count(True) == 1
    with database.reading() as session:
        assert people.check_password(session, "dora", passwords[done.index(True)])
        opened = session.scalars(select(LoginSession).where(LoginSession.ended_at.is_(None))).all()
    assert len(opened) == 1
