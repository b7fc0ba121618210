"""Options of the form ``name=value``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable


def read_pairs(texts: Iterable[str], option: str, *, is_name_free: bool = True) -> dict[str, str]:
    """Read ``name=value`` texts.

    Parameters
    ----------
    is_name_free
        Whether the name may hold equals signs; else the value may.

    Raises
    ------
    BadParameter
        A text has no equals sign, or nothing at one side of it: wrong usage.
    """
    pairs = {}
    for text in texts:
        parts = text.rpartition("=") if is_name_free else text.partition("=")
        left, right = parts[0].strip(), parts[2].strip()
        if not left or not right:
            raise click.BadParameter(f"{text!r} is not of the form name=value.", param_hint=option)
        pairs[left] = right
    return pairs
