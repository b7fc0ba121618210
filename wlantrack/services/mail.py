"""The mail server: what of its settings is unsafe, which addresses are fine, and handing mail over.

Decides that nothing travels without encryption but on this machine, and tells apart what a server
has refused for sure from what it may have taken: only the first may be sent again.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import stat
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, WlantrackError, msg
from wlantrack.settings import PREFIX, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.settings import Settings

SECURITIES: Final = ("starttls", "tls", "none")
LONGEST_ADDRESS: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
_TAKEN: Final = frozenset({250, 251})
_LARGEST_PORT: Final = 65_535


class MailServerDown(WlantrackError):
    """The server cannot be reached, or does not let this installation in: no mail goes out."""


class MailRefused(WlantrackError):
    """The server has not taken this one letter."""


class MailUnclear(WlantrackError):
    """The server was given a letter and has not said whether it took it."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and by whom."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    ca_file: str
    timeout_s: int
    sender: str

    @classmethod
    def of(cls, settings: Settings) -> MailServer | None:
        """Give the server of an installation, None where mail is off.

        Raises
        ------
        InvalidInput
            Its settings are unsafe.
        """
        if not settings.smtp_host:
            return None
        problems = list_problems(settings)
        if problems:
            raise InvalidInput(*problems)
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_secret(),
            settings.smtp_ca_file,
            settings.smtp_timeout_s,
            settings.mail_from,
        )


def is_address(text: str) -> bool:
    """Tell whether text is one plain address, which no header can be hidden in."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def list_problems(settings: Settings) -> list[Problem]:
    """Give what is wrong or unsafe in the settings of mail; without a server there is nothing."""
    return list(_check(settings)) if settings.smtp_host else []


def _problem(name: str, message: Message, remedy: Message) -> Problem:
    return Problem(message, remedy, field=f"{PREFIX}{name}")


def _check(settings: Settings) -> Iterator[Problem]:
    if settings.smtp_security not in SECURITIES:
        yield _problem(
            "SMTP_SECURITY",
            msg("There is no such way to reach a mail server."),
            msg("Set it to starttls, tls or none."),
        )
    if settings.smtp_security == "none" and not is_loopback(settings.smtp_host):
        yield _problem(
            "SMTP_SECURITY",
            msg("Mail would travel to another machine without encryption."),
            msg("Set it to starttls or tls."),
        )
    if not 0 < settings.smtp_port <= _LARGEST_PORT:
        yield _problem(
            "SMTP_PORT", msg("There is no such port."), msg("Usual are 587, 465 and 25.")
        )
    if settings.smtp_timeout_s < 1:
        yield _problem(
            "SMTP_TIMEOUT_S", msg("A server needs time to answer."), msg("Set it to 20.")
        )
    if not is_address(settings.mail_from):
        yield _problem(
            "MAIL_FROM",
            msg("Mail needs an address from which it comes."),
            msg("Give one address, such as wlan@example.org."),
        )
    if not settings.app_url.startswith(("http://", "https://")):
        yield _problem(
            "APP_URL",
            msg("Mail has to say where it is turned off."),
            msg("Give the address of this installation, such as https://wlan.example.org."),
        )
    yield from _check_password(settings)
    if settings.smtp_ca_file and not Path(settings.smtp_ca_file).is_file():
        yield _problem(
            "SMTP_CA_FILE", msg("There is no such file."), msg("Name a file with certificates.")
        )


def _check_password(settings: Settings) -> Iterator[Problem]:
    has_password = bool(settings.smtp_password or settings.smtp_password_file)
    if bool(settings.smtp_user) is not has_password:
        yield _problem(
            "SMTP_USER",
            msg("A name needs a password, and a password a name."),
            msg("Set both, or none."),
        )
    if settings.smtp_password and settings.smtp_password_file:
        yield _problem(
            "SMTP_PASSWORD_FILE",
            msg("There are two passwords."),
            msg("Keep the file, and unset WLANTRACK_SMTP_PASSWORD."),
        )
    if not settings.smtp_password_file:
        return
    try:
        mode = Path(settings.smtp_password_file).stat().st_mode
        is_empty = not settings.smtp_secret()
    except OSError as error:
        yield _problem(
            "SMTP_PASSWORD_FILE",
            msg("The file cannot be read: %(reason)s.", reason=error.strerror or error),
            msg("Give it to the user that runs wlantrack."),
        )
        return
    if is_empty:
        yield _problem(
            "SMTP_PASSWORD_FILE", msg("The file is empty."), msg("Write the password into it.")
        )
    if mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH):
        yield _problem(
            "SMTP_PASSWORD_FILE",
            msg("Others can read this file."),
            msg("Set its mode to 600."),
        )


def deliver(server: MailServer, to: str, message: bytes) -> None:
    """Hand one letter over.

    Raises
    ------
    MailServerDown
        The server cannot be reached, or refuses encryption or password.
    MailRefused
        It has refused this letter.
    MailUnclear
        It was given the letter and has not answered.
    """
    with _open(server) as smtp:
        try:
            _require(smtp.mail(server.sender))
            _require(smtp.rcpt(to))
        except (OSError, smtplib.SMTPException) as error:
            raise MailRefused(_describe(error)) from error
        try:
            _require(smtp.data(message))
        except smtplib.SMTPDataError as error:
            raise MailRefused(_describe(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailUnclear(_describe(error)) from error


def _require(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code not in _TAKEN:
        text = f"{code} {words.decode('utf-8', 'replace')}"
        raise MailRefused(msg("It says: %(reason)s", reason=_shorten(text)))


def _describe(error: Exception) -> Message:
    return msg("It says: %(reason)s", reason=_shorten(str(error) or type(error).__name__))


def _shorten(text: str) -> str:
    """Put what a server said on one line of a log."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]


@contextmanager
def _open(server: MailServer) -> Iterator[smtplib.SMTP]:
    """Give a connection that is encrypted and logged in as the settings say."""
    try:
        smtp = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerDown(_describe(error)) from error
    try:
        yield smtp
    finally:
        try:
            smtp.quit()
        except (OSError, smtplib.SMTPException):
            smtp.close()


def _connect(server: MailServer) -> smtplib.SMTP:
    at, timeout_s = (server.host, server.port), server.timeout_s
    context = ssl.create_default_context(cafile=server.ca_file or None)
    smtp: smtplib.SMTP
    if server.security == "tls":
        smtp = smtplib.SMTP_SSL(*at, timeout=timeout_s, context=context)
    else:
        smtp = smtplib.SMTP(*at, timeout=timeout_s)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)  # refuses where the server does not offer it
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp
