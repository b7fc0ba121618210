"""Reasons that wlantrack itself gives in the audit trail, and how they read.

Decides that the trail keeps them in English: what it holds is hashed and the same for every reader.
Words that people typed are left as they are.
"""

from __future__ import annotations

from typing import Final

from wlantrack.errors import Message, msg

DEMO: Final = "demo data"
DAILY: Final = "nightly run"
CATALOGUE: Final = "standard catalogue"
_LONGEST: Final = 500
_IMPORT: Final = "import of "
_UNDONE_IMPORT: Final = "undo of the import of "
_RESTORE: Final = "restore of "

_OWN: Final = {
    DEMO: msg("demo data"),
    DAILY: msg("nightly run"),
    CATALOGUE: msg("standard catalogue"),
}
_OF_FILES: Final = {
    _IMPORT: msg("import of %(name)s"),
    _UNDONE_IMPORT: msg("undo of the import of %(name)s"),
    _RESTORE: msg("restore of %(name)s"),
}


def import_of(name: str) -> str:
    """Give the reason of what a file brought."""
    return f"{_IMPORT}{name}"[:_LONGEST]


def undone_import_of(name: str) -> str:
    """Give the reason of what went with the import that brought it."""
    return f"{_UNDONE_IMPORT}{name}"[:_LONGEST]


def restore_of(name: str) -> str:
    """Give the reason of what a backup brought back."""
    return f"{_RESTORE}{name}"[:_LONGEST]


def describe_reason(reason: str) -> Message | str:
    """Give a reason as it is shown: a message if the program gave it."""
    if reason in _OWN:
        return _OWN[reason]
    for start, word in _OF_FILES.items():
        if reason.startswith(start):
            return Message(word.text, {"name": reason.removeprefix(start)})
    return reason
