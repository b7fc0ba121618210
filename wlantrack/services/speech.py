"""Speaks a language where nobody has asked for a page: for what is written to be read later.

Decides that texts come from the same catalogues as those of the pages.
"""

from __future__ import annotations

import gettext
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from wlantrack.errors import Message, NotFound, msg
from wlantrack.settings import PACKAGE_DIR

if TYPE_CHECKING:
    from collections.abc import Callable

    Say: TypeAlias = Callable[[Message], str]

ENGLISH = "en"


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
