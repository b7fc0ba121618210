"""Words and choices of demand: network classes, uses of rooms, verdicts and their criteria."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from wlantrack.services.networks import CLASS_WORDS
from wlantrack.services.rooms import CONFERENCE_WORDS, USE_WORDS
from wlantrack.services.verdicts import CRITERION_WORDS, UNITS, VERDICT_WORDS
from wlantrack.web.languages import translate, write_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wlantrack.errors import Message
    from wlantrack.services.verdicts import DemandVerdict


def translate_all(words: Mapping[str, Message]) -> dict[str, str]:
    """Give words by key in the language of the request."""
    return {key: translate(word) for key, word in words.items()}


def network_words() -> dict[str, str]:
    """Give the network classes' names."""
    return translate_all(CLASS_WORDS)


def verdict_words() -> dict[str, str]:
    """Give the words of a verdict's keys."""
    return translate_all(VERDICT_WORDS)


def use_words() -> dict[str, str]:
    """Give the names of rooms' uses."""
    return translate_all(USE_WORDS)


def conference_words() -> dict[str, str]:
    """Give the words for the state of a room's conference equipment."""
    return translate_all(CONFERENCE_WORDS)


def choices_of(words: Mapping[str, str], first: str | None = None) -> list[tuple[str, str]]:
    """Give words as a form's choices; ``first`` names the empty one."""
    return [*([("", first)] if first is not None else []), *words.items()]


def yes_no_choices() -> list[tuple[str, str]]:
    """Give a filter's choices of a yes or no."""
    return [("", gettext("all")), ("yes", gettext("yes")), ("no", gettext("no"))]


def describe_criteria(item: DemandVerdict) -> list[tuple[str, str, float | None]]:
    """Give each criterion of a verdict: its name, its limit with unit, its own share."""
    return [
        (
            translate(CRITERION_WORDS[part.key]),
            write_limit(part.key, part.limit),
            part.pass_share,
        )
        for part in item.verdict.criteria
    ]


def write_limit(key: str, limit: float) -> str:
    """Write a criterion's limit with its unit."""
    digits = 0 if float(limit).is_integer() else 1
    number = write_number(limit, digits).replace("-", "\N{MINUS SIGN}")
    return f"{number} {UNITS[key]}" if key in UNITS else number


def join_words(words: Iterable[str]) -> str:
    """Join words with commas."""
    return ", ".join(words)
