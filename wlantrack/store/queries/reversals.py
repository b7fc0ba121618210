"""Selects with which changes are taken back: events by request, records by kind, and who uses them.

Works on any mapped class, by its table's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Table, select
from sqlalchemy.orm import RelationshipDirection, selectinload

from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.base import Base, Record

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.orm import Mapper, Session
    from sqlalchemy.types import TypeEngine

_CHUNK = 500
_LABELS = ("code", "name", "number", "label")


def list_events_of(session: Session, request_id: str) -> list[AuditEvent]:
    """Give the events of one request, the first first."""
    return list(
        session.scalars(
            select(AuditEvent).where(AuditEvent.request_id == request_id).order_by(AuditEvent.id)
        )
    )


def list_later_changes(
    session: Session, after_id: int, public_ids: set[str], neutral_requests: Collection[str]
) -> list[AuditEvent]:
    """Give the first event after a given one of each of these records, some requests left out."""
    found: dict[str, AuditEvent] = {}
    query = select(AuditEvent).where(AuditEvent.id > after_id).order_by(AuditEvent.id)
    for event in session.scalars(query.execution_options(yield_per=1000)):
        if event.public_id in public_ids and event.request_id not in neutral_requests:
            found.setdefault(event.public_id, event)
    return list(found.values())


def find_class(entity: str) -> Any:  # noqa: ANN401 - any mapped class
    """Give the mapped class of a table."""
    return _mapper(entity).class_


def _mapper(entity: str) -> Mapper[Any]:
    return next(m for m in Base.registry.mappers if m.local_table.name == entity)  # type: ignore[attr-defined]


def column_types(entity: str) -> dict[str, TypeEngine[Any]]:
    """Give the type of each column of a table, by attribute."""
    return {a.key: a.columns[0].type for a in _mapper(entity).column_attrs}


def load_records(session: Session, entity: str, public_ids: Iterable[uuid.UUID]) -> list[Record]:
    """Load records with all that hangs on them, so that they can be deleted."""
    mapper = _mapper(entity)
    whole = [
        selectinload(getattr(mapper.class_, relation.key))
        for relation in mapper.relationships
        if relation.direction is RelationshipDirection.ONETOMANY
    ]
    records: list[Record] = []
    wanted = list(public_ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        query = select(mapper.class_).where(mapper.class_.public_id.in_(part)).options(*whole)
        records += session.scalars(query.execution_options(populate_existing=True))
    return records


def sort_by_dependency(entities: Iterable[str]) -> list[str]:
    """Order tables so that each comes before those it refers to."""
    wanted = set(entities)
    return [table.name for table in reversed(Base.metadata.sorted_tables) if table.name in wanted]


def list_users(session: Session, public_ids: Mapping[str, Collection[uuid.UUID]]) -> list[str]:
    """Name the records that refer to some of these and are none of them."""
    ids = {
        entity: set(_list_ids(session, Base.metadata.tables[entity], wanted))
        for entity, wanted in public_ids.items()
    }
    users: list[str] = []
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table.name in ids and key.ondelete != "SET NULL":
                    users += _list_outsiders(session, table, column, ids, key.column.table.name)
    return users


def _list_ids(session: Session, table: Table, wanted: Collection[uuid.UUID]) -> Iterable[int]:
    ordered = list(wanted)
    for start in range(0, len(ordered), _CHUNK):
        part = ordered[start : start + _CHUNK]
        yield from session.scalars(select(table.c.id).where(table.c.public_id.in_(part)))


def _list_outsiders(
    session: Session,
    table: Table,
    column: ColumnElement[Any],
    ids: Mapping[str, set[int]],
    target: str,
) -> list[str]:
    label = next((table.c[name] for name in _LABELS if name in table.c), table.c.id)
    own, aims = ids.get(table.name, set()), sorted(ids[target])
    outsiders = []
    for start in range(0, len(aims), _CHUNK):
        part = aims[start : start + _CHUNK]
        rows = session.execute(select(table.c.id, label).where(column.in_(part)))
        outsiders += [f"{table.name} {text}" for row_id, text in rows if row_id not in own]
    return outsiders
