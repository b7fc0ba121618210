from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from tests.factories.people import PASSWORD, add_user, make_actor
from tests.factories.places import MOMENT, House
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import people
from wlantrack.services.actor import SYSTEM, Action, Scope
from wlantrack.services.people import SessionLimits
from wlantrack.settings import Settings
from wlantrack.store.models.people import LoginSession, OneTimeLink, User

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.people import Profile

LIMITS = SessionLimits(idle=timedelta(minutes=60), absolute=timedelta(hours=12))


def resume(session: Session, token: str, now: datetime) -> Profile | None:
    return people.resume(session, token, LIMITS, now, "request")


def test_the_right_password_opens_a_session(session: Session) -> None:
    add_user(session, "anna")

    token = people.log_in(session, " Anna ", PASSWORD, MOMENT)

    profile = resume(session, token, MOMENT)
    assert profile is not None
    assert (profile.display_name, profile.theme, profile.actor.name) == ("Anna", "system", "anna")


def test_neither_the_token_nor_the_password_is_stored(session: Session) -> None:
    add_user(session, "anna")

    token = people.log_in(session, "anna", PASSWORD, MOMENT)

    assert session.scalars(select(LoginSession.token_sha256)).all() == [
        hashlib.sha256(token.encode()).hexdigest()
    ]
    stored = session.scalars(select(User.password_hash)).one()
    assert stored is not None
    assert stored.startswith("$argon2id$")


@pytest.mark.parametrize(
    ("name", "password"),
    [("anna", "wrong"), ("anna", ""), ("berta", PASSWORD), ("", ""), ("carla", PASSWORD)],
    ids=["wrong", "empty", "unknown", "nothing", "without password"],
)
def test_wrong_name_and_wrong_password_are_refused_in_the_same_words(
    session: Session, name: str, password: str
) -> None:
    add_user(session, "anna")
    add_user(session, "carla", password=None)

    with pytest.raises(InvalidInput, match=r"Name or password is wrong\."):
        people.log_in(session, name, password, MOMENT)

    assert session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_a_closed_account_can_neither_log_in_nor_go_on(session: Session) -> None:
    user = add_user(session, "anna")
    token = people.log_in(session, "anna", PASSWORD, MOMENT)

    user.is_active = False
    session.commit()

    assert resume(session, token, MOMENT) is None
    with pytest.raises(InvalidInput):
        people.log_in(session, "anna", PASSWORD, MOMENT)


@pytest.mark.parametrize(
    ("minutes", "is_alive"), [(60, True), (61, False)], ids=["in time", "too late"]
)
def test_a_session_without_requests_ends(session: Session, minutes: int, is_alive: bool) -> None:  # noqa: FBT001 - a parameter
    add_user(session, "anna")
    token = people.log_in(session, "anna", PASSWORD, MOMENT)

    profile = resume(session, token, MOMENT + timedelta(minutes=minutes))

    assert (profile is not None) is is_alive


def test_a_sign_of_life_keeps_a_session_until_its_last_hour(session: Session) -> None:
    add_user(session, "anna")
    token = people.log_in(session, "anna", PASSWORD, MOMENT)

    assert not people.is_touch_due(session, token, MOMENT + timedelta(seconds=60))
    for minutes in range(50, 12 * 60, 50):
        now = MOMENT + timedelta(minutes=minutes)
        assert people.is_touch_due(session, token, now)
        people.touch(session, token, now)
        assert resume(session, token, now) is not None

    assert resume(session, token, MOMENT + timedelta(hours=12)) is not None
    assert resume(session, token, MOMENT + timedelta(hours=12, seconds=1)) is None


def test_logging_out_ends_the_session_for_good(session: Session) -> None:
    add_user(session, "anna")
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    other = people.log_in(session, "anna", PASSWORD, MOMENT)

    people.log_out(session, token, MOMENT)
    people.touch(session, token, MOMENT)

    assert resume(session, token, MOMENT) is None
    assert resume(session, other, MOMENT) is not None


def test_a_made_up_token_opens_nothing(session: Session) -> None:
    assert resume(session, "made up", MOMENT) is None
    assert not people.is_touch_due(session, "made up", MOMENT + timedelta(hours=1))


def test_session_limits_come_from_the_settings() -> None:
    limits = SessionLimits.of(Settings(session_idle_minutes=5, session_hours=2))

    assert limits == SessionLimits(timedelta(minutes=5), timedelta(hours=2))


def test_a_new_account_chooses_its_password_by_a_one_time_link(session: Session) -> None:
    link = people.create_user(session, SYSTEM, "Dora", (("viewer", "all"),), MOMENT)

    assert people.check_link(session, link, MOMENT) == "dora"
    opened = people.set_password(session, link, "ein langer Satz", MOMENT)

    assert resume(session, opened, MOMENT) is not None
    assert people.log_in(session, "dora", "ein langer Satz", MOMENT)
    with pytest.raises(NotFound, match="unknown, used or too old"):
        people.set_password(session, link, "noch ein langer Satz", MOMENT)
    with pytest.raises(NotFound):
        people.check_link(session, link, MOMENT)


def test_a_one_time_link_is_kept_as_hash_and_ends_after_three_days(session: Session) -> None:
    link = people.create_user(session, SYSTEM, "dora", (("viewer", "all"),), MOMENT)

    stored = session.scalars(select(OneTimeLink)).one()
    assert stored.token_sha256 == hashlib.sha256(link.encode()).hexdigest()
    assert people.check_link(session, link, MOMENT + timedelta(hours=72))
    with pytest.raises(NotFound):
        people.check_link(session, link, MOMENT + timedelta(hours=72, seconds=1))
    with pytest.raises(NotFound):
        people.check_link(session, "made up", MOMENT)


def test_a_short_password_is_refused_and_the_link_stays_good(session: Session) -> None:
    link = people.create_user(session, SYSTEM, "dora", (("viewer", "all"),), MOMENT)

    with pytest.raises(InvalidInput, match="at least 12 characters"):
        people.set_password(session, link, "elf Zeichen", MOMENT)

    assert people.check_link(session, link, MOMENT) == "dora"


@pytest.mark.usefixtures("house")
@pytest.mark.parametrize(
    ("name", "grant", "field"),
    [
        ("anna", ("viewer", "all"), "name"),
        ("ANNA", ("viewer", "all"), "name"),
        ("System", ("viewer", "all"), "name"),
        ("", ("viewer", "all"), "name"),
        ("a b", ("viewer", "all"), "name"),
        ("x" * 80, ("viewer", "all"), "name"),
        ("berta", ("queen", "all"), "role"),
        ("berta", ("viewer", "XX"), "scope"),
        ("berta", ("viewer", "RH/XX"), "scope"),
        ("berta", ("viewer", "XX/WE"), "scope"),
    ],
)
def test_an_account_with_a_bad_value_is_refused_by_field(
    session: Session, name: str, grant: tuple[str, str], field: str
) -> None:
    add_user(session, "anna")

    with pytest.raises(InvalidInput) as refused:
        people.create_user(session, SYSTEM, name, (grant,), MOMENT)

    assert refused.value.problems[0].field == field


def test_grants_become_the_scopes_of_an_actor(session: Session, house: House) -> None:
    grants = (("viewer", "all"), ("facility", "RH"), ("planner", "RH/WE"))
    link = people.create_user(session, SYSTEM, "dora", grants, MOMENT)
    session.expunge_all()

    token = people.set_password(session, link, "ein langer Satz", MOMENT)
    profile = resume(session, token, MOMENT)

    assert profile is not None
    assert set(profile.actor.grants) == {
        ("viewer", Scope()),
        ("facility", Scope(house.building.id)),
        ("planner", Scope(house.building.id, house.west.id)),
    }
    assert profile.actor.can(Action.EDIT_ACCESS_POINTS, house.building.id, house.west.id)
    assert not profile.actor.can(Action.EDIT_ACCESS_POINTS, house.building.id, house.east.id)


def test_only_administrators_create_accounts(session: Session) -> None:
    with pytest.raises(NotAllowed):
        people.create_user(session, make_actor("manager"), "dora", (), MOMENT)
    with pytest.raises(NotAllowed):
        people.set_demo_passwords(session, make_actor("manager"), ("anna",), "demo")


def test_preferences_are_kept_with_the_account(session: Session) -> None:
    add_user(session, "anna")
    token = people.log_in(session, "anna", PASSWORD, MOMENT)
    profile = resume(session, token, MOMENT)
    assert profile is not None

    people.save_preferences(session, profile.actor, "en", "dark")

    again = resume(session, token, MOMENT)
    assert again is not None
    assert (again.language, again.theme) == ("en", "dark")
    with pytest.raises(InvalidInput, match="no such theme"):
        people.save_preferences(session, profile.actor, "en", "pink")
    with pytest.raises(NotFound):
        people.save_preferences(session, SYSTEM, "en", "dark")
