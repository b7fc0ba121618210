"""Texts that a spreadsheet would run as a formula, made harmless and back.

Decides the one rule that export and import share: an apostrophe goes before such a text, and one
comes off. Numbers are never touched, so a negative number stays a number.
"""

from __future__ import annotations

import re
from typing import Final

# Full-width signs, too: some spreadsheets fold them to ASCII. White space may stand before.
_SIGNS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_RUNS: Final = re.compile(rf"'*(?:[\t\r]|\s*[{_SIGNS}|%])")
_ESCAPED: Final = re.compile(rf"'(?='*(?:[\t\r]|\s*[{_SIGNS}|%]))")
_NUMBER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def neutralise_text(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run."""
    if _RUNS.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restore_text(text: str) -> str:
    """Take off the apostrophe that :func:`neutralise_text` put there."""
    return text[1:] if _ESCAPED.match(text) else text
