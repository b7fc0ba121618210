"""Dates in people's own words, as forms and tables give them: the words, and days where they ask for some."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.spoken_dates import Precision, parse_spoken, put_in_words

if TYPE_CHECKING:
    from datetime import date

    from wlantrack.rollout.spoken_dates import SpokenDate


def read_spoken(
    wording: str, field: str, first: date | None = None, last: date | None = None
) -> SpokenDate | None:
    """Give the date that words mean, with the days beside them where words alone do not tell.

    Raises
    ------
    InvalidInput
        The words name no period and no days stand beside them, or the days are the wrong way
        round; names ``field``, or ``<field>_earliest`` and ``<field>_latest``.
    """
    if not wording.strip():
        if first is None and last is None:
            return None
        raise InvalidInput(
            Problem(
                msg("The days stand there without words."),
                msg("Write how the date is known, such as »after the summer break«."),
                field=field,
            )
        )
    try:
        if first is not None and last is not None:
            return put_in_words(wording, first, last)
        return parse_spoken(wording)
    except InvalidInput as error:
        fields = {"latest": f"{field}_latest"}
        raise InvalidInput(
            *(replace(item, field=fields.get(item.field or "", field)) for item in error.problems)
        ) from error


def days_beside(spoken: SpokenDate | None) -> tuple[date | None, date | None]:
    """Give the days that must stand beside the words, so that they are read the same again."""
    if spoken is None or spoken.precision is not Precision.WORDS:
        return None, None
    return spoken.earliest, spoken.latest
