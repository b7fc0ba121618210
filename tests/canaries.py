"""Writes a word that stands nowhere else into every internal column, whatever tables there are.

Decides which columns are internal: all texts of all tables but what the public may be told. A new
column is covered by itself; a table without a row fails the test, so that somebody fills it.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    Integer,
    String,
    UniqueConstraint,
    Uuid,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.exc import DatabaseError

from wlantrack.rollout.spoken_dates import Precision
from wlantrack.store import audit
from wlantrack.store.models.base import Base
from wlantrack.store.schema import MODEL_MODULES
from wlantrack.store.types import Instant, Precise, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import Column, ColumnElement, Connection, Table, Update

    from wlantrack.store.session import Database

assert MODEL_MODULES

PUBLIC_TEXTS = {
    "public_hotspot": ("name", "address", "place", "opening_hours"),
    "ssid": ("name",),
}
"""What the public is told, where it is published; in all other rows it is internal as well."""

DECIDING = {
    "public_hotspot": {"is_published", "open_id", "latitude_deg", "longitude_deg"},
    "ssid": {"state", "is_on_24", "is_on_5", "is_on_6"},
    "ssid_scope": {"is_excluded"},
    "access_point": {"state"},
    "radio": {"is_enabled", "band"},
}
"""What is published, or decides whether a hotspot is on air: only that may change the bundle."""

_OTHERS: tuple[tuple[type[Any], Callable[[Any], list[object]]], ...] = (
    (Boolean, lambda value: [value is not True]),
    (Integer, lambda value: [(value or 0) + 1, (value or 0) - 1, 5, 40, 80]),
    (Float, lambda value: [(value or 0.0) + 0.25, (value or 0.0) - 0.25, 1.5]),
    (Uuid, lambda _: [uuid.uuid4()]),
    (Date, lambda value: [(value or date(2026, 1, 1)) + timedelta(days=step) for step in (1, -1)]),
    (JSON, lambda _: [{"other": 1}]),
    (Instant, lambda value: [(value or datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(days=1)]),
    (Shape, lambda _: [shapely.box(1, 2, 3, 4)]),
    (Precise, lambda value: [Precision.YEAR if value != Precision.YEAR else Precision.DAY]),
)
"""By kind of column: values that differ from the one that stands there."""

ONLY_WHERE = {
    ("role_grant", "firm"): "role = 'firm'",
    ("milestone", "undated_reason"): "forecast_wording IS NULL",
    ("work_package", "undated_reason"): "not_before IS NULL AND planned_start IS NULL",
    ("task", "subject_kind"): "subject_id IS NOT NULL",
}
"""Rows outside of which a constraint keeps a column empty."""

UNWRITABLE = {"audit_event"}
"""Append-only; it gets a row of its own."""

UNCHANGING = {"baseline", "baseline_entry", "kept_text", "answer_version"}
"""What triggers keep as it is; a further row holds the canaries."""


@dataclass(frozen=True)
class Canary:
    """A word, and where it was written."""

    table: str
    column: str
    word: str


def list_tables() -> list[Table]:
    """Give all tables."""
    return list(Base.metadata.sorted_tables)


def is_choice(table: Table, column: Column[Any]) -> bool:
    """Tell whether a column holds one of a few words that stand in the program anyway."""
    return bool(list_choices(table, column))


def list_choices(table: Table, column: Column[Any]) -> list[str]:
    """Give the words that a CHECK constraint allows in a column."""
    for constraint in table.constraints:
        if isinstance(constraint, CheckConstraint):
            found = re.fullmatch(rf"{column.name} IN \((.*)\)", str(constraint.sqltext))
            if found:
                return re.findall(r"'([^']*)'", found[1])
    return []


def is_unique(table: Table, column: Column[Any]) -> bool:
    """Tell whether two rows may not have the same in a column."""
    sets: list[Any] = [item for item in table.constraints if isinstance(item, UniqueConstraint)]
    sets += [item for item in table.indexes if item.unique]
    return (
        bool(column.unique)
        or column.primary_key
        or any(column.name in item.columns for item in sets)
    )


def list_text_columns(table: Table) -> list[Column[Any]]:
    """Give the columns of a table into which people or programs write words."""
    return [
        column
        for column in table.columns
        if isinstance(column.type, String | JSON)
        and not column.foreign_keys
        and not is_choice(table, column)
    ]


def _key_of(table: Table) -> Column[Any]:
    return next(iter(table.primary_key.columns))


def write_canaries(
    database: Database, published: Mapping[str, ColumnElement[bool]]
) -> list[Canary]:
    """Write a word into every text column of every table, and tell which.

    Parameters
    ----------
    published
        By table, which rows are told to the public in the columns of ``PUBLIC_TEXTS``.
    """
    canaries: list[Canary] = []
    with database.engine.execution_options(writes=True).begin() as connection:
        for table in list_tables():
            for column in list_text_columns(table):
                word = _make_word(len(canaries), column)
                canaries.append(Canary(table.name, column.name, word))
                if table.name in UNWRITABLE | UNCHANGING:
                    continue
                spared = published[table.name] if is_public(table, column) else None
                _write(connection, table, column, word, spared)
            if table.name in UNCHANGING:
                words = {item.column: item.word for item in canaries if item.table == table.name}
                _add_copy(connection, table, words)
    _append_event(database, [item for item in canaries if item.table == "audit_event"])
    return canaries


def is_public(table: Table, column: Column[Any]) -> bool:
    """Tell whether the public may be told what stands in a column."""
    return column.name in PUBLIC_TEXTS.get(table.name, ())


def _make_word(number: int, column: Column[Any]) -> str:
    """Make a word that needs no escaping anywhere, and no random token can contain."""
    length = getattr(column.type, "length", None) or 40
    word = f"~canary{number:03x}~" if length >= 11 else f"~{number:02x}~"
    assert len(word) <= length, f"{column} is too short for a canary"
    return word


def _write(
    connection: Connection,
    table: Table,
    column: Column[Any],
    word: str,
    spared: ColumnElement[bool] | None,
) -> None:
    value: object = {"canary": word} if isinstance(column.type, JSON) else word
    statement = update(table).values({column.name: value})
    key = _key_of(table)
    rows = select(func.min(key))
    if spared is not None:
        statement, rows = statement.where(~spared), rows.where(~spared)
    if condition := ONLY_WHERE.get((table.name, column.name)):
        statement = statement.where(text(condition))
    if column.name.endswith("_wording"):  # a date is known whole or not at all
        statement = statement.where(column.is_not(None))
    if is_unique(table, column):
        statement = statement.where(key == connection.scalar(rows))
    written = connection.execute(statement).rowcount
    assert written, f"{table.name} has no row that could hold a canary: add one to the site"


def _add_copy(connection: Connection, table: Table, words: dict[str, str]) -> None:
    """Add a row like the first one, with other words and a name of its own."""
    row = connection.execute(select(table).limit(1)).mappings().one()
    ids = {column.name: uuid.uuid4() for column in table.columns if isinstance(column.type, Uuid)}
    values = {name: value for name, value in row.items() if name != _key_of(table).name}
    connection.execute(insert(table).values({**values, **ids, **words}))


def _append_event(database: Database, canaries: list[Canary]) -> None:
    words: dict[str, Any] = {item.column: item.word for item in canaries}
    context = audit.AuditContext(words["actor"], words["request_id"], words["reason"])
    described = {name: words[name] for name in ("act", "entity", "public_id", "label")}
    described |= {name: {"canary": words[name]} for name in ("before", "after")}
    with database.writing(context) as session:
        audit.write_event(session, described)
        session.commit()


def list_internal(table: Table) -> Iterator[Column[Any]]:
    """Give the columns of a table whose values must not change what the public is told."""
    for column in table.columns:
        decides = column.name in DECIDING.get(table.name, set())
        if not (column.primary_key or column.foreign_keys or decides or is_public(table, column)):
            yield column


def change_internal(connection: Connection, table: Table) -> list[str]:
    """Change every internal column of a table as far as the database lets it; gives those columns."""
    changed, key = [], _key_of(table)
    for column in list_internal(table):
        row = connection.execute(
            select(key, column).where(column.is_not(None)).order_by(key).limit(1)
        ).first()
        record_id, value = row if row is not None else (None, None)
        everywhere = [] if is_unique(table, column) else [true()]
        attempts = [
            update(table).where(rows).values({column.name: other})
            for other in _list_others(table, column, value)
            for rows in (*everywhere, key == record_id)
        ]
        if any(_is_done(connection, statement) for statement in attempts):
            changed.append(column.name)
    return changed


def _is_done(connection: Connection, statement: Update) -> bool:
    """Try a change; a constraint or a trigger may forbid it."""
    try:
        with connection.begin_nested():
            return bool(connection.execute(statement).rowcount)
    except DatabaseError:
        return False


def _list_others(table: Table, column: Column[Any], value: Any) -> list[object]:  # noqa: ANN401
    """Give values that differ from what stands in a column."""
    choices = list_choices(table, column)
    if choices:
        return [choice for choice in choices if choice != value]
    if isinstance(column.type, String):
        return [f"~{column.name} of {table.name}~"[: column.type.length or 40]]
    for kind, make in _OTHERS:
        if isinstance(column.type, kind):
            return make(value)
    return []
