"""Deletes a record together with what belongs to it, so that nothing goes without a trace.

The database would delete dependents silently; here each of them enters the audit trail, from which
an undo brings all of it back. What others rely on is not deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.services.undo import name_record
from wlantrack.store.audit import label_of
from wlantrack.store.queries import records
from wlantrack.store.queries.records import entity_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.base import Record


def delete_record(session: Session, record: Record) -> tuple[Message, ...]:
    """Delete a record and what belongs to it; gives the names of the latter. Does not commit.

    Raises
    ------
    InvalidInput
        Something else relies on the record; names it.
    """
    gone: list[Message] = []
    for reference in records.list_references(session, entity_of(record), [record.id]):
        name = name_record(entity_of(reference.record), label_of(reference.record))
        match reference.on_delete:
            case "CASCADE":
                gone += [name, *delete_record(session, reference.record)]
            case "SET NULL":
                setattr(reference.record, reference.column, None)
            case _:
                raise InvalidInput(
                    Problem(
                        msg("This cannot be deleted: %(name)s relies on it.", name=name),
                        msg("Delete that first, or let it point to something else."),
                    )
                )
    session.delete(record)
    return tuple(gone)
