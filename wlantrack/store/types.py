"""Column types that behave alike on SQLite and PostgreSQL.

Decides how shapes, times and spoken dates are stored; refuses to know which table uses them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import DateTime, LargeBinary, String
from sqlalchemy.types import TypeDecorator

from wlantrack.rollout.spoken_dates import Precision

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.engine import Dialect


class Shape(TypeDecorator["BaseGeometry"]):
    """A shapely geometry in the building's metre frame, stored as WKB."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: BaseGeometry | None, dialect: Dialect) -> bytes | None:
        """Write WKB."""
        del dialect
        return None if value is None else bytes(shapely.to_wkb(value, include_srid=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> BaseGeometry | None:  # noqa: ANN401 - drivers give bytes or memoryview
        """Read WKB."""
        del dialect
        return None if value is None else shapely.from_wkb(bytes(value))


class Instant(TypeDecorator[datetime]):
    """A moment with its zone; stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a moment without zone is a programming error."""
        if value is not None and value.tzinfo is None:
            message = "a moment needs its time zone"
            raise ValueError(message)
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give UTC back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Precise(TypeDecorator[Precision]):
    """How finely a date is known, stored as its word."""

    impl = String(16)
    cache_ok = True

    def process_bind_param(self, value: Precision | None, dialect: Dialect) -> str | None:
        """Write the word."""
        del dialect
        return None if value is None else Precision(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Precision | None:
        """Read the word."""
        del dialect
        return None if value is None else Precision(value)
