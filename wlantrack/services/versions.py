"""What happens when two people edit the same record, and what an undo may bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.store.queries import history

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.models.base import Edited
    from wlantrack.store.models.places import Floor

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
    entity: str = record.__tablename__  # type: ignore[attr-defined]
    events = history.list_events(session, entity, record.public_id, newer)
    changed: dict[str, object] = {}
    for event in reversed(events):
        changed.update(event.after)
    editor = events[0].actor if events else None
    raise Conflict(
        msg(
            "%(editor)s has changed this in the meantime. Look at what is there now, then save again.",
            editor=editor or "?",
        ),
        changed_by=editor,
        changed_fields=changed,
        current_version=record.version,
    )


def require_deleted(
    session: Session, entity: str, public_id: uuid.UUID, floor: Floor
) -> AuditEvent:
    """Give the deletion that an undo takes back: nobody chooses ids but for what was there.

    Raises
    ------
    InvalidInput
        Nothing of this id was deleted on this floor.
    """
    deletion = history.get_deletion(session, entity, public_id)
    if deletion is None or deletion.before.get("floor_id") != floor.id:
        raise InvalidInput(
            Problem(
                msg("Nothing of this id was deleted on this floor."),
                msg("Leave the id out to add something new."),
                field="id",
                value=str(public_id),
            )
        )
    return deletion
