"""What happens when two people edit the same record: the second is told who changed what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import Conflict, msg
from wlantrack.store.queries import history

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.base import Edited


def require_version(session: Session, record: Edited, expected: int | None) -> None:
    """Refuse a change that was made against an older version; None skips the check.

    Raises
    ------
    Conflict
        The record has moved on; names the last editor and what is different now.
    """
    if expected is None or record.version == expected:
        return
    events = history.list_events(session, record.public_id, limit=max(1, record.version - expected))
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
