"""How a report says things in its language: messages, numbers and days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from babel.dates import format_date

from wlantrack.errors import msg
from wlantrack.reports.document import Paragraph, write_cell
from wlantrack.rollout.spoken_dates import Precision
from wlantrack.services.speech import load_speech

if TYPE_CHECKING:
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.speech import Say

_REGIONS: Final = {"de": "de_DE", "en": "en_GB"}


@dataclass(frozen=True)
class Voice:
    """A language: how messages, numbers and days are written in it."""

    language: str
    say: Say

    def number(self, value: float) -> str:
        """Write a number."""
        return write_cell(value, self.language)

    def day(self, iso_day: str) -> str:
        """Write a day in a sentence, such as 7. September 2021."""
        return self._write_day(date.fromisoformat(iso_day), "long")

    def short_day(self, day: date) -> str:
        """Write a day in a table, such as 07.09.2021."""
        return self._write_day(day, "medium")

    def known(self, when: SpokenDate) -> str:
        """Write a date as finely as it is known."""
        if when.precision is Precision.DAY and when.earliest == when.latest:
            return self.short_day(when.earliest)
        return when.wording

    @property
    def unstated(self) -> str:
        """Say that something is not stated."""
        return self.say(msg("not stated"))

    @property
    def nothing(self) -> Paragraph:
        """Say that there is nothing on record."""
        return Paragraph(self.say(msg("Nothing has been recorded about this yet.")), is_muted=True)

    def _write_day(self, day: date, width: str) -> str:
        locale = _REGIONS.get(self.language, self.language)
        return format_date(day, width, locale=locale)


def find_voice(language: str) -> Voice:
    """Give the voice of a language.

    Raises
    ------
    NotFound
        There are no texts in this language.
    """
    return Voice(language, load_speech(language))
