"""What must hold before strangers may reach an installation; each refusal names its setting.

Decides what is unsafe in production; the demo on loopback is none.
"""

from __future__ import annotations

import logging
import tempfile
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.logs import FORMATS
from wlantrack.services import demo, mail, work_calendar
from wlantrack.services.installation import check_database, open_stores
from wlantrack.services.outside_logins import GroupRules
from wlantrack.settings import PREFIX, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.settings import Settings

TOKEN_LENGTH = 16


def require_safe(settings: Settings, host: str = "") -> None:
    """Refuse to start with unsafe settings, all of them named at once.

    Parameters
    ----------
    host
        Address to listen on; empty if another server decides it.

    Raises
    ------
    InvalidInput
        Something is unsafe.
    """
    problems = [
        *_check_key(settings),
        *_check_folder(settings),
        *_check_cookies(settings, host),
        *_check_watching(settings),
        *_check_login(settings),
        *_check_region(settings),
        *mail.list_problems(settings),
    ]
    if problems:
        raise InvalidInput(*problems)


def require_database(settings: Settings) -> None:
    """Refuse to start over a database that is behind, or that has the demo's known passwords."""
    if not check_database(settings).is_current:
        raise InvalidInput(
            _problem(
                "DATABASE_URL" if settings.database_url else "DATA_DIR",
                msg("The database is not at the schema of this version."),
                msg("Make a backup, then run wlantrack db upgrade."),
            )
        )
    with open_stores(settings) as stores, stores.database.reading() as session:
        if demo.has_open_logins(session):
            demo.require_loopback("")


def refuse_debug(*, is_debug: bool) -> None:
    """Refuse debug mode, which shows the program's inside to whoever provokes an error."""
    if is_debug:
        raise InvalidInput(
            Problem(
                msg("Debug mode shows the program's inside to everybody."),
                msg("Unset FLASK_DEBUG."),
                field="FLASK_DEBUG",
            )
        )


def _problem(name: str, message: Message, remedy: Message) -> Problem:
    return Problem(message, remedy, field=f"{PREFIX}{name}")


def _check_key(settings: Settings) -> Iterator[Problem]:
    try:
        settings.session_key()
    except InvalidInput as error:
        yield from error.problems
    except OSError:
        return  # the folder cannot be written, which is told in its own words


def _check_folder(settings: Settings) -> Iterator[Problem]:
    for folder in (settings.data_dir, settings.files_dir, settings.uploads_dir, settings.cache_dir):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield Problem(
                msg("This folder cannot be written: %(reason)s.", reason=error.strerror or error),
                msg("Give it to the user that runs wlantrack, or choose another."),
                field=f"{PREFIX}DATA_DIR",
                value=str(folder),
            )
            return


def _check_cookies(settings: Settings, host: str) -> Iterator[Problem]:
    is_local = is_loopback(host) and not settings.trusted_proxies
    if not settings.secure_cookies and not is_local:
        yield _problem(
            "SECURE_COOKIES",
            msg("Others can reach this server, but its cookies would travel without https."),
            msg("Put https in front and set it to true, or serve on 127.0.0.1."),
        )
    if settings.hsts_days and not settings.secure_cookies:
        yield _problem(
            "HSTS_DAYS",
            msg("Browsers are told to insist on https, but there is none."),
            msg("Set WLANTRACK_SECURE_COOKIES to true as well."),
        )


def _check_watching(settings: Settings) -> Iterator[Problem]:
    if settings.metrics_token and len(settings.metrics_token) < TOKEN_LENGTH:
        yield _problem(
            "METRICS_TOKEN",
            msg("The token is shorter than %(length)d characters.", length=TOKEN_LENGTH),
            msg("Make a longer one, or leave it empty."),
        )
    if settings.log_format not in FORMATS:
        yield _problem(
            "LOG_FORMAT", msg("There is no such form of log."), msg("Set it to text or json.")
        )
    if settings.log_level.upper() not in logging.getLevelNamesMapping():
        yield _problem(
            "LOG_LEVEL", msg("There is no such level."), msg("Set it to INFO or WARNING.")
        )


def _check_region(settings: Settings) -> Iterator[Problem]:
    try:
        work_calendar.require_region(settings.holiday_region)
    except InvalidInput as error:
        yield from error.problems


def _check_login(settings: Settings) -> Iterator[Problem]:
    if not settings.oidc_discovery_url:
        if not settings.local_login:
            yield _problem(
                "LOCAL_LOGIN",
                msg("Nobody could log in: there is no log-in service either."),
                msg("Set WLANTRACK_OIDC_DISCOVERY_URL, or this to true."),
            )
        return
    address = urlsplit(settings.oidc_discovery_url)
    if address.scheme != "https" and not is_loopback(address.hostname or ""):
        yield _problem(
            "OIDC_DISCOVERY_URL",
            msg("The log-in service must be reached by https."),
            msg("Give the https address of its openid-configuration."),
        )
    if not settings.oidc_client_id:
        yield _problem(
            "OIDC_CLIENT_ID",
            msg("The log-in service does not know this installation by any name."),
            msg("Register it there and give its client id."),
        )
    try:
        GroupRules.of(settings)
    except InvalidInput as error:
        yield from error.problems
