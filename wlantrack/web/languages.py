"""Which language a page speaks, and how messages of the lower layers are translated."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import g, has_request_context, request, session
from flask_babel import (
    Babel,
    format_currency,
    format_date,
    format_datetime,
    format_decimal,
    gettext,
)
from flask_babel.speaklater import LazyString

from wlantrack.errors import Message, msg
from wlantrack.formats.columns import ColumnName
from wlantrack.services.field_words import FIELD_WORDS as COLUMN_WORDS
from wlantrack.web.context import installation, profile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from wlantrack.errors import Problem

_UNREADABLE = 1e15
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?(?:, -?\d+(?:\.\d+)?)*")
_NUMBER = re.compile(r"%\((?P<name>\w+)\)(?:\.(?P<digits>\d))?(?P<kind>[fg])")

FIELD_WORDS = {
    "x_m": msg("x"),
    "y_m": msg("y"),
    "x1_m": msg("Start, x"),
    "y1_m": msg("Start, y"),
    "x2_m": msg("End, x"),
    "y2_m": msg("End, y"),
    "top_m": msg("Top above the floor"),
    "bottom_m": msg("Bottom above the floor"),
    "thickness_m": msg("Thickness"),
    "height_m": msg("Mounting height"),
    "power_dbm": msg("Transmit power"),
    "channel": msg("Channel"),
    "width_mhz": msg("Width"),
    "band": msg("Band"),
    "threshold": msg("Threshold"),
    "resolution": msg("Cell size"),
    "counts": msg("Counts"),
    "state": msg("State"),
    "floor": msg("Floor"),
    "wing": msg("Wing"),
    "room": msg("Room"),
    "code": msg("Code"),
    "name": msg("Name"),
    "material": msg("Material"),
    "model": msg("Model"),
    "mount": msg("Mounting"),
    "mac": msg("MAC address"),
    "level": msg("Level"),
    "offset": msg("Shift"),
    "pixel_points": msg("Points on the picture"),
    "metre_points": msg("Positions in the building"),
    "metres_per_pixel": msg("Metres per pixel"),
    "denominator": msg("Scale 1:"),
    "priority": msg("Priority"),
    "origin_northing_m": msg("Northing of the origin"),
    "days": msg("Working days"),
}
"""Fields of the lower layers, as forms call them; others are called as histories call them."""


def select_locale() -> str:
    """Choose: the person's own choice, else this browser's, else the installation's default."""
    offered = installation().settings.language_codes
    person = profile() if has_request_context() else None
    chosen = (person.language if person else None) or session.get("language")
    if chosen in offered:
        return str(chosen)
    return request.accept_languages.best_match(offered, default=offered[0]) or offered[0]


def select_timezone() -> str:
    """Give the installation's time zone."""
    return installation().settings.timezone


def init_languages(app: Flask) -> None:
    """Attach Flask-Babel and the filters that templates use for words, numbers and dates."""
    Babel(app, locale_selector=select_locale, timezone_selector=select_timezone)
    app.jinja_env.filters.update(
        message=translate,
        number=write_number,
        euros=write_euros,
        moment=write_moment,
        day=write_day,
        month_name=write_month,
        dbm=write_dbm,
        shown=write_value,
    )


def translate(message: Message | str) -> str:
    """Give a message in the language of the request."""
    if isinstance(message, str):
        return str(gettext(message))
    template = str(gettext(message.text))
    written = {key: _write_part(value) for key, value in message.values.items()}
    template = _NUMBER.sub(partial(_fill_number, message.values), template)
    return Message(message.text, written).fill(template, translate)


def translate_later(message: Message) -> LazyString:
    """Give a message that is translated whenever it is shown, as labels of forms are."""
    return LazyString(translate, message)


def _fill_number(values: Mapping[str, object], place: re.Match[str]) -> str:
    """Write a number where a message has a place such as ``%(x)g`` or ``%(x).1f`` for it."""
    value = values.get(place["name"])
    if not isinstance(value, int | float) or not math.isfinite(value):
        return place[0]
    if abs(value) >= _UNREADABLE:  # also more digits than the formatter takes
        return f"{value:.3g}"
    digits = "######" if place["kind"] == "g" else "0" * int(place["digits"] or 6)
    # Four digits stand together, as in 5945 MHz; longer numbers are grouped.
    whole = "#,##0" if abs(value) >= 10_000 else "0"
    return str(format_decimal(value, format=f"{whole}.{digits}" if digits else whole))


def _write_part(value: object) -> object:
    """Write the days and the columns in a message's values as its reader does."""
    if isinstance(value, tuple):
        return tuple(_write_part(part) for part in value)
    if isinstance(value, ColumnName):
        return value.german if current_locale() == "de" else str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return write_day(value)
    return value


def name_field(name: str | None) -> str | None:
    """Give a field's name as people know it; the column of a table as tables call it."""
    if isinstance(name, ColumnName):
        return name.german if current_locale() == "de" else str(name)
    if name is None:
        return None
    words = FIELD_WORDS.get(name) or COLUMN_WORDS.get(name)
    return name if words is None else translate(words)


def describe_words(problem: Problem) -> str:
    """Give a problem with its remedy, for where the place is plain to see."""
    words = translate(problem.message)
    return words if problem.remedy is None else f"{words} {translate(problem.remedy)}"


def describe_problem(problem: Problem) -> str:
    """Give a problem with its place and remedy in the language of the request."""
    words = describe_words(problem)
    place = [
        problem.file,
        None if problem.row is None else gettext("row %(row)d", row=problem.row),
        problem.field
        if problem.row is not None and not isinstance(problem.field, ColumnName)
        else name_field(problem.field),
        None if problem.value is None else f"»{_write_found(problem)}«",
    ]
    known = ", ".join(part for part in place if part)
    return f"{known}: {words}" if known else words


def _write_found(problem: Problem) -> str:
    """Write what was found: a cell of a table as it stands there, a number as its reader does."""
    found = str(problem.value)
    if problem.row is not None or current_locale() != "de":
        return found
    if not _NUMBERS.fullmatch(found):
        return found
    return found.replace(", ", "; ").replace(".", ",")


def write_number(value: float | None, digits: int = 1) -> str:
    """Write a number with the language's decimal sign and a fixed number of digits."""
    if value is None:
        return ""
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(value, format=pattern))


def write_euros(value: int) -> str:
    """Write whole euros with a true minus sign, such as 45.000 € or €45,000."""
    pattern = "#,##0\N{NO-BREAK SPACE}¤" if current_locale() == "de" else "¤#,##0"
    text: str = format_currency(value, "EUR", format=pattern, currency_digits=False)
    return text.replace("-", "\N{MINUS SIGN}")


def write_dbm(value: float | None) -> str:
    """Write a level with a true minus sign and dBm; nothing received is said in words."""
    if value is None or value != value:  # noqa: PLR0124 - NaN is the only value unequal to itself
        return str(gettext("no reception"))
    return f"{round(value)} dBm".replace("-", "\N{MINUS SIGN}")


def write_moment(value: datetime) -> str:
    """Write a moment in the installation's time zone, such as Mo 23.11.2026 14:05."""
    local = value.astimezone(ZoneInfo(select_timezone()))
    return str(format_datetime(local.replace(tzinfo=None), "EEE dd.MM.yyyy HH:mm", rebase=False))


def write_precisely(value: datetime) -> str:
    """Write a moment for a table to take away: local, with its offset from UTC, to the second."""
    return value.astimezone(ZoneInfo(select_timezone())).isoformat(timespec="seconds")


def head_moments(word: str) -> str:
    """Give the head of a column of moments in a table to take away."""
    return str(gettext("%(what)s (local time with its offset from UTC)", what=word))


def write_day(value: date) -> str:
    """Write a day such as Mo 23.11.2026."""
    return str(format_date(value, "EEE dd.MM.yyyy", rebase=False))


def write_month(value: date) -> str:
    """Write a month such as Nov. 2026."""
    return str(format_date(value, "MMM yyyy", rebase=False))


def local_today() -> date:
    """Give today's date in the installation's time zone."""
    return datetime.now(ZoneInfo(select_timezone())).date()


def local_midnight(day: date | None, later: timedelta = timedelta()) -> datetime | None:
    """Give when a day begins where the installation stands, or one later; None for no such day."""
    if day is None or day.year < 1900 or day > date.max - later:
        return None
    return datetime.combine(day + later, time(), ZoneInfo(select_timezone())).astimezone(UTC)


def write_value(value: Message | str | float | datetime | date | None) -> str:
    """Write any value of a record; what is missing is said in words."""
    if value is None or value == "":
        return str(gettext("empty"))
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if isinstance(value, (int, float)):
        return str(format_decimal(value, format="0.###"))
    if isinstance(value, date):
        return write_moment(value) if isinstance(value, datetime) else write_day(value)
    # What people have typed is nobody's to translate.
    return value if isinstance(value, str) else translate(value)


def current_locale() -> str:
    """Give the language code of this request, looked up once."""
    if "locale" not in g:
        g.locale = select_locale()
    return str(g.locale)


def use_language(language: str) -> None:
    """Let this request speak a language, whatever its reader has chosen elsewhere."""
    g.locale = language
