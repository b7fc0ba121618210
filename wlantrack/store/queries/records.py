"""Selects of any record, whatever it is: by table, by id, and by what points to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Column, Table, UniqueConstraint, select

from wlantrack.store.models import (
    access_points,
    cabling,
    demand,
    feeds,
    files,
    governance,
    hotspots,
    inquiries,
    milestones,
    networks,
    people,
    permits,
    places,
    renovations,
    schedules,
    separation,
    walls,
    work,
)
from wlantrack.store.models.base import Base, Record
from wlantrack.store.queries.paging import in_portions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session


# A table whose module nobody has imported would be missed: its rows would go without a trace.
_MODULES = (
    access_points,
    cabling,
    demand,
    feeds,
    files,
    governance,
    hotspots,
    inquiries,
    milestones,
    networks,
    people,
    permits,
    places,
    renovations,
    schedules,
    separation,
    walls,
    work,
)


@dataclass(frozen=True)
class Reference:
    """A record that points to another one, by which column, and what its deletion does to it."""

    record: Record
    column: str
    target_id: int
    on_delete: str


@cache
def list_kinds() -> dict[str, type[Record]]:
    """Give the class of every table of records, in an order in which parents come first."""
    kinds = {
        mapper.local_table: mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
    }
    return {table.name: kinds[table] for table in Base.metadata.sorted_tables if table in kinds}


def entity_of(record: Record) -> str:
    """Give the table's name, by which the audit trail knows a record's kind."""
    return cast("str", type(record).__tablename__)  # type: ignore[attr-defined]


def values_of(record: Record) -> dict[str, Any]:
    """Give a record's values by column."""
    return {
        column.key: getattr(record, column.key) for column in table_of(entity_of(record)).columns
    }


def table_of(entity: str) -> Table:
    """Give the table of an entity."""
    return Base.metadata.tables[entity]


def foreign_ids(entity: str) -> Iterator[tuple[Column[Any], str, str]]:
    """Give the columns that hold another record's id: column, its table, what a deletion does."""
    for column in table_of(entity).columns:
        for key in column.foreign_keys:
            if key.column.name == "id":
                yield column, key.column.table.name, key.ondelete or "RESTRICT"


def load_by_public_ids(
    session: Session, entity: str, public_ids: Sequence[str]
) -> dict[str, Record]:
    """Load records of one kind, by public id; what does not exist is left out."""
    kind = list_kinds()[entity]
    found: dict[str, Record] = {}
    for some in in_portions(public_ids):
        wanted = [uuid.UUID(public_id) for public_id in some]
        records = session.scalars(select(kind).where(kind.public_id.in_(wanted)))
        found.update((str(record.public_id), record) for record in records)
    return found


def load_by_ids(session: Session, entity: str, ids: Sequence[int]) -> dict[int, Record]:
    """Load records of one kind, by id; what does not exist is left out."""
    kind = list_kinds()[entity]
    found: dict[int, Record] = {}
    for some in in_portions(ids):
        records = session.scalars(select(kind).where(kind.id.in_(some)))
        found.update((record.id, record) for record in records)
    return found


def list_references(session: Session, entity: str, ids: Sequence[int]) -> list[Reference]:
    """Load every record that points to one of these, attachments among them."""
    found = _list_attachments(session, entity, ids) if entity in files.ATTACHMENT_SUBJECTS else []
    for name, kind in list_kinds().items():
        for column, target, on_delete in foreign_ids(name):
            if target != entity:
                continue
            for some in in_portions(ids):
                query = select(kind).where(column.in_(some)).order_by(kind.id)
                found += [
                    Reference(record, column.name, getattr(record, column.name), on_delete)
                    for record in session.scalars(query)
                ]
    return found


def _list_attachments(session: Session, entity: str, ids: Sequence[int]) -> list[Reference]:
    """Load the attachments of records: no foreign key holds them, but they rely on their owner."""
    kind, found = list_kinds()[entity], []
    for some in in_portions(ids):
        owners = session.execute(select(kind.public_id, kind.id).where(kind.id.in_(some)))
        by_subject = {str(public_id): record_id for public_id, record_id in owners}
        query = (
            select(files.Attachment)
            .where(files.Attachment.entity == entity, files.Attachment.subject.in_(by_subject))
            .order_by(files.Attachment.id)
        )
        found += [
            Reference(attachment, "subject", by_subject[attachment.subject], "RESTRICT")
            for attachment in session.scalars(query)
        ]
    return found


def find_twin(session: Session, entity: str, values: Mapping[str, Any]) -> Record | None:
    """Give a record that already has what must be unique, such as the code."""
    table, kind = table_of(entity), list_kinds()[entity]
    for constraint in table.constraints:
        if not isinstance(constraint, UniqueConstraint):
            continue
        names = [column.name for column in constraint.columns]
        if "public_id" in names or any(values.get(name) is None for name in names):
            continue
        same = (table.c[name] == values[name] for name in names)
        twin: Record | None = session.scalars(select(kind).where(*same)).first()
        if twin is not None:
            return twin
    return None
