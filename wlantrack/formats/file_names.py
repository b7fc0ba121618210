"""Names of uploaded files, made fit to be kept and shown.

Decides which characters of a name are kept. No file of ours is ever stored under such a name.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePath
from typing import Final

LONGEST: Final = 200
_SUFFIX_LONGEST: Final = 20
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Control characters, what turns the direction of text, halves of characters, line ends."""


def clean_file_name(name: str | None, otherwise: str) -> str:
    """Give the last part of a path without characters that nobody sees, its suffix kept.

    Parameters
    ----------
    name
        The name as the browser or the file system has it, with any path before it.
    otherwise
        The name of a file that has none.
    """
    last = re.split(r"[/\\]", name or "")[-1]
    seen = "".join(each for each in last if unicodedata.category(each) not in _UNSEEN).strip()
    if not seen.strip("."):
        return otherwise
    if len(seen) <= LONGEST:
        return seen
    suffix = PurePath(seen).suffix[:_SUFFIX_LONGEST]
    return seen[: LONGEST - len(suffix)] + suffix
