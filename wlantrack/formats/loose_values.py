"""Values out of JSON and YAML of other programs, in which anything may stand anywhere.

Decides what counts as a number, a text, a list; refuses to know what it is for.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Item: TypeAlias = "dict[str, Any]"
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?\Z")


def find_number(item: object, *path: str) -> float | None:
    """Give the finite number at a path of keys, None where there is none."""
    value = find_value(item, *path)
    if isinstance(value, str) and _NUMBER.match(value):
        value = float(value[:30])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def find_text(item: object, *path: str) -> str:
    """Give the text at a path of keys without control characters, empty where there is none."""
    value = find_value(item, *path)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in str(value)[:1000]).split())


def find_value(item: object, *path: str) -> object:
    """Give whatever stands at a path of keys."""
    for key in path:
        item = item.get(key) if isinstance(item, dict) else None
    return item


def list_items(item: object, *path: str) -> Iterator[Item]:
    """Give the objects of the list at a path of keys."""
    found = find_value(item, *path)
    if isinstance(found, list):
        yield from (entry for entry in found if isinstance(entry, dict))


def find_point(item: object, *path: str) -> tuple[float, float] | None:
    """Give x and y of the object at a path, None unless both are numbers."""
    x, y = find_number(item, *path, "x"), find_number(item, *path, "y")
    return None if x is None or y is None else (x, y)
