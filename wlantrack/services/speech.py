"""Speaks a language where nobody has asked for a page: for what is written to be read later.

Decides that texts come from the same catalogues as those of the pages.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from wlantrack.errors import Message, NotFound, msg
from wlantrack.rollout.spoken_dates import Precision
from wlantrack.settings import PACKAGE_DIR

if TYPE_CHECKING:
    from collections.abc import Callable

    from wlantrack.rollout.spoken_dates import SpokenDate

    Say: TypeAlias = Callable[[Message], str]

ENGLISH = "en"
_WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    ENGLISH: ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@dataclass(frozen=True)
class Pen:
    """Writes texts, days and numbers in one language."""

    language: str

    def say(self, message: Message) -> str:
        """Put a message into the language, the days in it too."""
        values = {
            key: self.day(value) if isinstance(value, date) else value
            for key, value in message.values.items()
        }
        return load_speech(self.language)(Message(message.text, values))

    def day(self, day: date) -> str:
        """Write a day such as Mo 23.11.2026."""
        names = _WEEKDAYS.get(self.language, _WEEKDAYS[ENGLISH])
        return f"{names[day.weekday()]} {day:%d.%m.%Y}"

    def spoken(self, when: SpokenDate) -> str:
        """Write a date in the words in which it is known; a single day like all days."""
        return self.day(when.latest) if when.precision is Precision.DAY else when.wording

    def number(self, value: float, digits: int = 1) -> str:
        """Write a number with the language's decimal sign."""
        text = f"{value:.{digits}f}"
        return text if self.language == ENGLISH else text.replace(".", ",")


def load_speech(language: str) -> Say:
    """Give what puts a message into a language.

    Raises
    ------
    NotFound
        There are no texts in this language, or they are not compiled.
    """
    if language == ENGLISH:
        return str
    catalogue = _load_catalogue(language)

    def say(message: Message) -> str:
        return message.fill(catalogue.gettext(message.text), say)

    return say


@cache
def _load_catalogue(language: str) -> gettext.NullTranslations:
    folder = PACKAGE_DIR / "web" / "translations"
    try:
        return gettext.translation("messages", folder, [language])
    except FileNotFoundError as error:
        raise NotFound(
            msg("There are no texts in language %(language)s. Run 'make setup'.", language=language)
        ) from error
