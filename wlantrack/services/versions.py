"""What happens when two people edit the same record: the second is told who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, msg
from wlantrack.store.queries import history, records
from wlantrack.store.queries.records import entity_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.models.base import Edited

_MOST_EVENTS = 50


def require_version(session: Session, record: Edited, expected: int | None) -> None:
    """Refuse a change that was made against an older version.

    None skips the check: only the command line may, where nobody looks at an older state.

    Raises
    ------
    Conflict
        The record has moved on; names the last editor and what is different now.
    """
    if expected is None or record.version == expected:
        return
    newer = min(max(1, record.version - expected), _MOST_EVENTS)
    events = history.list_events(session, entity_of(record), record.public_id, newer)
    changed: dict[str, object] = {}
    changes: dict[str, tuple[str, datetime]] = {}
    for event in reversed(events):
        changed.update(event.after)
        changes.update(dict.fromkeys(event.after, (event.actor, event.at)))
    latest = _find_latest(session, record)
    editor = latest.actor if latest else None
    raise Conflict(
        msg(
            "%(editor)s has changed this in the meantime. Look at what is there now, then save again.",
            editor=editor or "?",
        ),
        changed_by=editor,
        changed_at=latest.at if latest else None,
        changed_fields=changed,
        changes=changes,
        current_version=record.version,
    )


def _find_latest(session: Session, record: Edited) -> AuditEvent | None:
    """Give the latest event of a record or of what belongs to it, such as a radio."""
    belongings = [
        (entity_of(reference.record), reference.record.public_id)
        for reference in records.list_references(session, entity_of(record), [record.id])
        if reference.on_delete == "CASCADE"
    ]
    found = [
        event
        for kind, public_id in ((entity_of(record), record.public_id), *belongings)
        for event in history.list_events(session, kind, public_id, 1)
    ]
    return max(found, key=lambda event: event.id, default=None)
