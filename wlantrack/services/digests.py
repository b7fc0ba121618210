"""Mail about what has changed and what is due: who gets it, when, and that nobody gets it twice.

Decides that mail is off until somebody chooses it, that a day is claimed before a letter goes out and
given back only if the server has refused it for sure, and that one address never stops the others.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from wlantrack.errors import Conflict, InvalidInput, NotFound, Problem, msg
from wlantrack.reports.letters import Envelope, Letter, Section, write_message
from wlantrack.services import mail
from wlantrack.services.actor import SYSTEM, load_actor
from wlantrack.services.digest_pages import make_digest
from wlantrack.services.speech import ENGLISH, Pen, load_speech
from wlantrack.store.models.feeds import RHYTHMS, DigestChoice, DigestSent
from wlantrack.store.queries import digests as queries
from wlantrack.store.queries import people

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime
    from typing import Any

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.actor import Actor
    from wlantrack.services.digest_pages import Digest
    from wlantrack.services.plan import PlanParts
    from wlantrack.settings import Settings
    from wlantrack.store.session import Database

NONE: Final = "none"
RHYTHM_WORDS: Final[Mapping[str, Message]] = {
    NONE: msg("no mail"),
    "daily": msg("every day on which there is something to tell"),
    "weekly": msg("once a week"),
    "alarms": msg("only alarms"),
}
KEPT: Final = timedelta(days=30)
"""So long it is remembered on which days somebody was written to."""
REMINDED: Final = timedelta(days=7)
"""An alarm that still stands is told again after this long."""
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class DigestRun:
    """How many letters went out and how many did not; ``is_down`` tells that the server is."""

    sent: int = 0
    failed: int = 0
    is_down: bool = False


@dataclass(frozen=True)
class _Post:
    """A letter that is ready to go, and what is remembered once it has."""

    account: str
    to: str
    message: bytes
    told: dict[str, Any]


def find_choice(session: Session, actor: Actor) -> DigestChoice | None:
    """Give what the actor has chosen; None is no mail."""
    return queries.get_choice(session, actor.user_id or 0)


def save_choice(
    session: Session, actor: Actor, rhythm: str, address: str, domains: Collection[str] = ()
) -> None:
    """Keep how often the actor wants mail and where to; without mail no address is kept.

    Raises
    ------
    InvalidInput
        There is no such choice, or mail may not go to this address.
    """
    if actor.user_id is None:
        raise NotFound(msg("There is no such account."))
    known, address = queries.get_choice(session, actor.user_id), address.strip()
    if rhythm == NONE:
        if known is not None:
            session.delete(known)
        session.commit()
        return
    _check(rhythm, address, domains)
    if known is None:
        known = DigestChoice(user_id=actor.user_id, told={})
        session.add(known)
    known.rhythm, known.address = rhythm, address
    session.commit()


def _check(rhythm: str, address: str, domains: Collection[str]) -> None:
    if rhythm not in RHYTHMS:
        raise InvalidInput(
            Problem(msg("There is no such choice."), msg("Choose one of the list."), field="rhythm")
        )
    if not mail.is_address(address):
        raise InvalidInput(
            Problem(
                msg("This is no mail address."),
                msg("Write one address, such as name@example.org."),
                field="address",
                value=address[:80],
            )
        )
    if domains and address.rpartition("@")[2].lower() not in domains:
        raise InvalidInput(
            Problem(
                msg(
                    "Mail goes to addresses of these domains only: %(names)s.",
                    names=", ".join(sorted(domains)),
                ),
                msg("Give your address there."),
                field="address",
                value=address[:80],
            )
        )


def send_digests(
    database: Database, settings: Settings, parts: PlanParts, now: datetime
) -> DigestRun:
    """Write to everybody who has chosen it and has something to be told; nobody twice a day.

    Raises
    ------
    InvalidInput
        The settings of mail are unsafe.
    """
    today = parts.clock.today
    with database.writing(SYSTEM.audit()) as session:
        queries.forget_sent(session, today - KEPT)
        session.commit()
    server = mail.MailServer.of(settings)
    if server is None:
        return DigestRun()
    with database.reading() as session:
        readers = queries.list_readers(session)
    sent = failed = 0
    for user_id in readers:
        with database.reading() as session:
            post = _write(session, settings, parts, user_id, now)
        if post is None or not _claim(database, user_id, today, now):
            continue
        try:
            mail.deliver(server, post.to, post.message)
        except mail.MailServerDown as error:
            _give_back(database, user_id, today)
            _LOG.error("mail server %s cannot be used: %s", server.host, error)
            return DigestRun(sent, failed + 1, is_down=True)
        except mail.MailRefused as error:
            _give_back(database, user_id, today)
            _LOG.warning("mail to account %s was refused: %s", post.account, error)
            failed += 1
        except mail.MailUnclear as error:
            _LOG.warning("mail to account %s may not have arrived: %s", post.account, error)
            failed += 1
        else:
            _remember(database, user_id, today, post.told)
            sent += 1
    return DigestRun(sent, failed)


def _claim(database: Database, user_id: int, day: date, now: datetime) -> bool:
    """Take the day for a person, before the letter goes out; False if another run has it."""
    try:
        with database.writing(SYSTEM.audit()) as session:
            if queries.get_sent(session, user_id, day) is not None:
                return False
            session.add(DigestSent(user_id=user_id, day=day, sent_at=now))
            session.commit()
    except Conflict:  # another run takes it at this moment
        return False
    return True


def _give_back(database: Database, user_id: int, day: date) -> None:
    with database.writing(SYSTEM.audit()) as session:
        claimed = queries.get_sent(session, user_id, day)
        if claimed is not None:
            session.delete(claimed)
        session.commit()


def _remember(database: Database, user_id: int, day: date, told: dict[str, Any]) -> None:
    with database.writing(SYSTEM.audit()) as session:
        choice = queries.get_choice(session, user_id)
        if choice is not None:  # not if somebody has turned mail off meanwhile
            choice.told, choice.told_on = told, day
        session.commit()


def _write(
    session: Session, settings: Settings, parts: PlanParts, user_id: int, now: datetime
) -> _Post | None:
    """Give the letter for a person; None if it is not their day, or there is nothing to tell."""
    today = parts.clock.today
    choice, user = queries.get_choice(session, user_id), people.get_user(session, user_id)
    if choice is None or user is None or queries.get_sent(session, user_id, today) is not None:
        return None
    if not is_due(choice.rhythm, choice.told_on, today):
        return None
    pen = _find_pen(user.language or settings.language_codes[0])
    since = choice.told_on or today - timedelta(days=7 if choice.rhythm == "weekly" else 1)
    digest = make_digest(
        session, load_actor(user, uuid.uuid4().hex), parts, pen, since, choice.told
    )
    sections = _choose_sections(digest, choice, today)
    if not sections:
        return None
    letter = _make_letter(settings, pen, sections, choice.rhythm, today)
    domain = settings.mail_from.rpartition("@")[2]
    number = uuid.uuid5(user.public_id, today.isoformat())
    envelope = Envelope(
        settings.mail_from,
        f"wlantrack {settings.city_name}",
        choice.address,
        f"{number}@{domain}",
        now,
        _account_url(settings),
    )
    return _Post(user.name, choice.address, write_message(letter, envelope), digest.told)


def is_due(rhythm: str, told_on: date | None, today: date) -> bool:
    """Tell whether it is a person's day: a week is told once, on its first night that works."""
    if told_on is None or rhythm != "weekly":
        return True
    return told_on.isocalendar()[:2] != today.isocalendar()[:2]


def _choose_sections(digest: Digest, choice: DigestChoice, today: date) -> tuple[Section, ...]:
    """Give what is told in a rhythm; of alarms the new ones, and all again after a week."""
    if choice.rhythm != "alarms":
        return digest.sections
    is_old = choice.told_on is not None and today - choice.told_on >= REMINDED
    return (digest.alarms,) if digest.alarms is not None and (digest.news or is_old) else ()


def _find_pen(language: str) -> Pen:
    """Give a pen for a language, in English where its texts are not there."""
    try:
        load_speech(language)
    except NotFound:
        return Pen(ENGLISH)
    return Pen(language)


def _account_url(settings: Settings) -> str:
    return f"{settings.app_url.rstrip('/')}/account"


def _make_letter(
    settings: Settings, pen: Pen, sections: tuple[Section, ...], rhythm: str, today: date
) -> Letter:
    say, host = pen.say, urlsplit(settings.app_url).hostname or ""
    subject = msg("WLAN %(city)s: what needs you, %(day)s", city=settings.city_name, day=today)
    off = msg(
        "You get this mail because you have chosen »%(rhythm)s« in your account at %(host)s. Choose"
        " »no mail« there, and your address is deleted.",
        rhythm=RHYTHM_WORDS[rhythm],
        host=host,
    )
    return Letter(
        language=pen.language,
        subject=say(subject),
        intro=say(msg("What has changed for you, and what is due.")),
        sections=sections,
        links=(
            (say(msg("Open the start page")), settings.app_url),
            (say(msg("Change or turn off this mail")), _account_url(settings)),
        ),
        footer=say(off),
    )
