"""How the audit trail writes a column's value in JSON, and how it is read back.

Decides that nothing is lost on the way: shapes keep every digit, so that an undo restores them.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Date, Uuid

from wlantrack.store.types import Instant, Shape

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

HIDDEN = frozenset({"password_hash", "words", "reply_to"})
"""Columns whose values never enter the trail: secrets, and what visitors write of themselves."""
_ROUNDED_M = 1e-4
"""Shapes were written with four decimals once."""


def write_value(key: str, value: object) -> object:
    """Give a column's value in JSON's own types; what is secret is hidden."""
    if key in HIDDEN:
        return None if value is None else "(hidden)"
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case BaseGeometry():
            return str(shapely.to_wkt(value, rounding_precision=40))
    return value


def read_value(kind: TypeEngine[Any], written: Any) -> object:  # noqa: ANN401 - JSON
    """Give the value that a column of this type had when it was written."""
    if not isinstance(written, str):
        return written
    match kind:
        case Shape():
            return shapely.from_wkt(written)
        case Instant():
            return datetime.fromisoformat(written)
        case Date():
            return date.fromisoformat(written)
        case Uuid():
            return uuid.UUID(written)
    return written


def is_same(value: object, written: object) -> bool:
    """Tell whether a column still holds what was written."""
    if isinstance(value, BaseGeometry) and isinstance(written, str):
        return value.equals_exact(shapely.from_wkt(written), tolerance=_ROUNDED_M)
    if isinstance(value, tuple):
        value = list(value)
    return write_value("", value) == written
