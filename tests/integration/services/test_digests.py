"""Mail about what has changed: against a real server, to those who chose it, once, in their rights."""

from __future__ import annotations

import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests import mail_server
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import add_user
from tests.factories.rollout import (
    add_milestone,
    add_open_decision,
    add_part,
    add_permit,
    add_renovation,
    add_risk,
    add_task,
    on,
)
from wlantrack.errors import InvalidInput
from wlantrack.services import digests, mail
from wlantrack.services.actor import SYSTEM, load_actor
from wlantrack.services.cable_states import record_step
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.settings import Settings
from wlantrack.store.models.feeds import DigestChoice, DigestSent
from wlantrack.store.models.people import Grant, User
from wlantrack.store.queries.people import get_user_by_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.digests import DigestRun
    from wlantrack.store.models.milestones import Milestone
    from wlantrack.store.session import Database

MONDAY = date(2026, 11, 30)
NIGHT = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
FIRM = "Kabel GmbH"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return mail_server.make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def inbox(certificate: tuple[Path, Path]) -> Iterator[mail_server.Inbox]:
    with mail_server.receiving(certificate) as opened:
        yield opened


def make_settings(
    inbox: mail_server.Inbox, certificate: tuple[Path, Path], city: str = "Stuttgart"
) -> Settings:
    return Settings(
        smtp_host=mail_server.HOST,
        smtp_port=inbox.port,
        smtp_user=mail_server.USER,
        smtp_password=mail_server.PASSWORD,
        smtp_ca_file=str(certificate[0]),
        smtp_timeout_s=1,
        mail_from="wlan@example.org",
        app_url="https://wlan.example.org",
        city_name=city,
    )


def send(database: Database, settings: Settings, today: date = MONDAY) -> DigestRun:
    parts = PlanParts(Clock(today, "DE-BW"), ResultCache())
    now = datetime(today.year, today.month, today.day, 4, 0, tzinfo=UTC)
    return digests.send_digests(database, settings, parts, now)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def choose(session: Session, user: User, rhythm: str = "daily") -> None:
    actor = load_actor(user, "test")
    digests.save_choice(session, actor, rhythm, f"{user.name}@example.org")


@pytest.fixture
def milestone(session: Session, house: House) -> Milestone:
    """Give a milestone of the west, and fill the house with what somebody is told of."""
    west, building = house.west, house.building
    distributor = add_distributor(session, house.ground, wing_id=west.id)
    run = add_cable_run(session, distributor, "C1", state="ordered", firm=FIRM, steps=[])
    record_step(run, "containment installed", MONDAY - timedelta(days=1), "x", FIRM, {})
    part = add_part(session, add_renovation(session, building), wing_id=west.id)
    part.closes = on("2026-12-10")
    add_permit(
        session, building, "P-1", run, state="granted", expires_on=date(2026, 12, 20),
        wing_id=west.id,
    )  # fmt: skip
    add_task(
        session, title="Call the\r\nBcc: everybody", person="manager", due_on=MONDAY,
        building_id=building.id, wing_id=west.id,
    )  # fmt: skip
    made = add_milestone(
        session, "RH-M1", name="Visitor WLAN", building_id=building.id, wing_id=west.id,
        forecast=on("Q1/2027"),
    )  # fmt: skip
    west_only: dict[str, Any] = {"wing_id": west.id}
    for name, grant in (
        ("manager", Grant(role="manager", **west_only)),
        ("stranger", Grant(role="manager", wing_id=house.east.id)),
        ("fitter", Grant(role="firm", firm=FIRM)),
        ("council", Grant(role="viewer")),
        ("locked", Grant(role="manager")),
        ("quiet", Grant(role="manager")),
    ):
        user = add_user(session, name, grant)
        user.is_active, user.language = name != "locked", "de" if name == "manager" else "en"
        session.flush()
        if name != "quiet":
            choose(session, user)
    session.commit()
    return made


@pytest.mark.usefixtures("milestone")
def test_everybody_who_chose_it_is_told_what_concerns_them_once_a_day(
    session: Session, database: Database, inbox: mail_server.Inbox, certificate: tuple[Path, Path]
) -> None:
    session.close()
    settings = make_settings(inbox, certificate, city="Stutt\r\nBcc: x@example.org")

    first, again = send(database, settings), send(database, settings)

    assert (first.sent, first.failed, again.sent) == (2, 0, 0)
    got = dict(inbox.mails)
    assert set(got) == {"manager@example.org", "fitter@example.org"}
    assert inbox.was_encrypted == [True, True]
    message = got["manager@example.org"]
    told = text_of(message)
    for line in (
        "Alarme", "schließt am Do 10.12.2026. Kabel, die nicht fertig sind: 1", "P-1",
        "Fällig am Mo 30.11.2026: Call the Bcc: everybody", "Trasse hergestellt seit So 29.11.2026: 1",
        "https://wlan.example.org/account",
    ):  # fmt: skip
        assert line in told, line
    assert (message["From"].addresses[0].addr_spec, message["Bcc"]) == ("wlan@example.org", None)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<https://wlan.example.org/account>"
    html = message.get_body(("html",))
    assert html is not None
    assert '<html lang="de">' in html.get_content()
    assert "<li>Fällig am" in html.get_content()
    assert "Wände" not in text_of(got["fitter@example.org"])
    assert "containment installed since" in text_of(got["fitter@example.org"])


def test_the_next_mail_tells_which_milestones_have_moved(
    session: Session,
    database: Database,
    milestone: Milestone,
    inbox: mail_server.Inbox,
    certificate: tuple[Path, Path],
) -> None:
    ref = milestone.id
    session.close()
    settings = make_settings(inbox, certificate)
    send(database, settings)
    assert "Visitor WLAN" not in "".join(text_of(message) for _, message in inbox.mails)
    with database.writing(SYSTEM.audit()) as store:
        moved = store.get(type(milestone), ref)
        assert moved is not None
        moved.forecast = on("Q3/2027")
        store.commit()
    inbox.mails.clear()

    send(database, settings, MONDAY + timedelta(days=1))

    got = {to: text_of(message) for to, message in inbox.mails}
    assert "verschiebt sich von Mi 31.03.2027 auf Q3/2027" in got["manager@example.org"]
    assert "stranger@example.org" not in got


def test_overdue_decisions_and_risks_are_told_to_those_whom_they_need(
    session: Session, database: Database, inbox: mail_server.Inbox, certificate: tuple[Path, Path]
) -> None:
    add_open_decision(session, "B-7", title="Posts", due=on("Oktober 2026"))
    add_risk(session, "R-7", title="Late", review_on=MONDAY, responsible="planner")
    for name, role in (("manager", "manager"), ("planner", "planner"), ("facility", "facility")):
        choose(session, add_user(session, name, Grant(role=role)))
    session.commit()
    session.close()

    send(database, make_settings(inbox, certificate))

    got = {to.partition("@")[0]: text_of(message) for to, message in inbox.mails}
    assert set(got) == {"manager", "planner"}
    assert "B-7 Posts: benötigt bis: Oktober 2026, noch nicht gefasst" in got["manager"]
    assert "R-7 Late: Wiedervorlage seit Mo 30.11.2026" in got["planner"]
    assert "B-7" not in got["planner"]


@pytest.mark.usefixtures("milestone")
def test_who_is_written_to_by_another_run_at_this_moment_gets_no_second_mail(
    session: Session, database: Database, inbox: mail_server.Inbox, certificate: tuple[Path, Path]
) -> None:
    user_id = session.scalars(select(User.id).where(User.name == "manager")).one()
    session.close()
    settings = make_settings(inbox, certificate)

    with ThreadPoolExecutor(1) as other, database.writing(SYSTEM.audit()) as claiming:
        claiming.add(DigestSent(user_id=user_id, day=MONDAY, sent_at=NIGHT))
        claiming.flush()
        run = other.submit(send, database, settings)
        time.sleep(1)  # until the other run waits for this claim
        claiming.commit()
        done = run.result(30)

    assert (done.sent, done.failed) == (1, 0)
    assert [to for to, _ in inbox.mails] == ["fitter@example.org"]


@pytest.mark.usefixtures("milestone")
def test_one_address_that_fails_stops_no_other_and_is_tried_again_only_if_it_was_refused(
    session: Session,
    database: Database,
    inbox: mail_server.Inbox,
    certificate: tuple[Path, Path],
    caplog: pytest.LogCaptureFixture,
) -> None:
    session.close()
    settings = make_settings(inbox, certificate)
    inbox.refused = {"manager@example.org"}
    with caplog.at_level(logging.WARNING):
        first = send(database, settings)
    assert (first.sent, first.failed, first.is_down) == (1, 1, False)
    assert "account manager was refused" in caplog.text
    assert "manager@example.org" not in caplog.text
    inbox.refused, inbox.silent = set(), {"manager@example.org"}

    unclear, again = send(database, settings), send(database, settings)

    assert (unclear.sent, unclear.failed) == (0, 1)
    assert "may not have arrived" in caplog.text
    assert (again.sent, again.failed) == (0, 0)


@pytest.mark.usefixtures("milestone")
def test_a_server_that_cannot_be_trusted_or_reached_gets_nothing_and_the_day_stays_free(
    session: Session, database: Database, inbox: mail_server.Inbox, certificate: tuple[Path, Path]
) -> None:
    session.close()
    if not database.is_embedded:
        pytest.skip("the database does not matter to the mail server")
    with mail_server.receiving() as plain, socket.create_server((mail_server.HOST, 0)) as mute:
        mute_port = mute.getsockname()[1]
        sound = make_settings(inbox, certificate)
        broken = (
            replace(sound, smtp_ca_file=""),
            replace(sound, smtp_password="wrong"),
            replace(sound, smtp_port=plain.port),  # offers no STARTTLS
            replace(sound, smtp_port=mute_port),
            replace(sound, smtp_port=mail_server.find_port()),
        )
        runs = [send(database, settings) for settings in broken]

        assert [(run.sent, run.is_down) for run in runs] == [(0, True)] * len(broken)
        assert plain.mails == inbox.mails == []
    with database.reading() as store:
        assert store.scalars(select(DigestSent)).all() == []
    assert send(database, sound).sent == 2


def test_only_alarms_are_told_once_and_again_after_a_week(
    session: Session,
    database: Database,
    milestone: Milestone,
    inbox: mail_server.Inbox,
    certificate: tuple[Path, Path],
) -> None:
    del milestone
    for choice in session.scalars(select(DigestChoice)):
        session.delete(choice)
    session.flush()
    user = get_user_by_name(session, "quiet")
    assert user is not None
    choose(session, user, "alarms")
    session.close()
    settings = make_settings(inbox, certificate)

    sent = [send(database, settings, MONDAY + timedelta(days=day)).sent for day in range(9)]

    days = [day for day, count in enumerate(sent) if count]
    # The wall; then the permit, within 14 days of its end, with all again; then a wall gone worse.
    assert days == [0, 7, 8]
    assert "Visitor" not in text_of(inbox.mails[0][1])


@pytest.mark.parametrize(
    ("told_on", "is_due"),
    [(None, True), (MONDAY - timedelta(days=1), True), (MONDAY, False)],
)
def test_a_week_is_told_once(told_on: date | None, *, is_due: bool) -> None:
    tuesday = MONDAY + timedelta(days=1)

    assert digests.is_due("weekly", told_on, tuesday) is is_due
    assert digests.is_due("daily", told_on, tuesday)


@pytest.mark.parametrize(
    "address",
    [
        "", "anna", "anna@", "@example.org", "a@b", "a b@example.org", "a@example.org,b@example.org",
        "a@example.org\r\nBcc: b@example.org", "a@example.org\n", "Anna <a@example.org>",
        "a..b@example.org", "a@-example.org", "a@example..org", "ä@example.org",
        "a@example.org\x00", f"{'a' * 250}@example.org",
    ],
)  # fmt: skip
def test_what_is_no_single_plain_address_is_refused(address: str) -> None:
    assert not mail.is_address(address)
    assert mail.is_address("anna.o'neil+wlan@mail.example.org")


def test_without_mail_no_address_is_kept_and_domains_can_be_limited(session: Session) -> None:
    user = add_user(session, "anna", Grant(role="manager"))
    session.commit()
    actor = load_actor(user, "test")

    with pytest.raises(InvalidInput, match="of these domains only"):
        digests.save_choice(session, actor, "daily", "anna@example.org", ("stuttgart.de",))
    digests.save_choice(session, actor, "daily", "anna@Stuttgart.de", ("stuttgart.de",))
    assert session.scalars(select(DigestChoice.address)).all() == ["anna@Stuttgart.de"]
    digests.save_choice(session, actor, "none", "anna@stuttgart.de")
    assert session.scalars(select(DigestChoice)).all() == []
