"""Puts deleted records back as they were: same id, same public id, a version nobody has seen.

Refuses to know whether that is wanted; the service asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from wlantrack.store import audit
from wlantrack.store.models.base import Edited, Record
from wlantrack.store.queries.records import list_kinds, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session


def restore(session: Session, entity: str, rows: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Add records of one kind with these values of their columns, and flush them.

    A version follows the one the record was deleted with: whoever still shows it from before the
    deletion must not overwrite it unseen.
    """
    kind = list_kinds()[entity]
    records = [kind(**{key: row[key] for key in row if key != "version"}) for row in rows]
    session.add_all(records)
    session.flush()
    for record, row in zip(records, rows, strict=True):
        if isinstance(record, Edited) and row.get("version") is not None:
            _set_version(session, entity, record, row["version"] + 1)
    return records


def _set_version(session: Session, entity: str, record: Edited, version: int) -> None:
    # The mapper counts from 1, and an INSERT takes no value of our own.
    table = table_of(entity)
    statement = update(table).where(table.c.id == record.id).values(version=version)
    with audit.in_unit_of_work():  # the creation of the record, flushed before, is in the trail
        session.connection().execute(statement)
    set_committed_value(record, "version", version)
