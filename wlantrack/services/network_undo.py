"""Takes back what one request has changed in networks, out of the audit trail.

Decides that only the person who made a change takes it back so, and only while nobody has changed
the same records since. Refuses to know what the change was for.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Date, inspect

from wlantrack.errors import Conflict, NotFound, msg
from wlantrack.services import networks
from wlantrack.services.actor import Action, Actor
from wlantrack.store import audit
from wlantrack.store.models.networks import Flow, Ssid, SsidScope, Vlan
from wlantrack.store.queries import history
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.models.base import Edited


_KINDS: dict[str, type[Any]] = {
    "vlan": Vlan,
    "ssid": Ssid,
    "ssid_scope": SsidScope,
    "flow": Flow,
}
"""In the order in which records need one another."""


def undo_request(session: Session, actor: Actor, request_id: str) -> int:
    """Take back every change of a request, and tell how many records that were.

    Raises
    ------
    NotFound
        The actor has changed no network in such a request.
    Conflict
        Somebody has changed one of the records since.
    """
    actor.require_somewhere(Action.EDIT_NETWORKS)
    events = [
        event
        for event in history.list_events_of_request(session, request_id)
        if event.entity in _KINDS and event.actor == actor.name
    ]
    if not events:
        raise NotFound(msg("There is nothing to take back any more."))
    order = list(_KINDS)
    with session.no_autoflush:
        # What was deleted comes back before what hangs on it; what was added goes after it.
        restored: dict[str, Edited] = {}
        for event in sorted(events, key=lambda event: order.index(event.entity)):
            if event.act != "create":
                _restore(session, event, restored)
        session.flush()
        for event in sorted(events, key=lambda event: -order.index(event.entity)):
            if event.act == "create":
                _remove(session, event)
    audit.set_context(session, actor.audit("undo"))
    session.commit()
    return len(events)


def _find(session: Session, event: AuditEvent) -> Edited | None:
    return queries.get_record(session, _KINDS[event.entity], uuid.UUID(event.public_id))


def _restore(session: Session, event: AuditEvent, restored: dict[str, Edited]) -> None:
    record = _find(session, event)
    values = dict(event.before)
    if event.act == "delete":
        if record is not None:
            raise _moved_on(event)
        record = restored[event.entity] = _KINDS[event.entity](public_id=uuid.UUID(event.public_id))
        if isinstance(record, SsidScope) and "ssid" in restored:
            # It went with its SSID, which comes back under another id.
            del values["ssid_id"]
            record.ssid = cast("Ssid", restored["ssid"])
        session.add(record)
    elif record is None or any(
        getattr(record, name) != _read(record, name, v) for name, v in event.after.items()
    ):
        raise _moved_on(event)
    for name, value in values.items():
        setattr(record, name, _read(record, name, value))


def _remove(session: Session, event: AuditEvent) -> None:
    record = _find(session, event)
    if record is None or record.version != 1:
        raise _moved_on(event)
    if isinstance(record, (Vlan, Ssid)) and queries.is_used(session, record):
        raise _moved_on(event)
    session.delete(record)


def _read(record: Edited, name: str, value: Any) -> Any:  # noqa: ANN401 - any column's
    column = inspect(record).mapper.column_attrs[name].columns[0]
    if isinstance(column.type, Date) and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def _moved_on(event: AuditEvent) -> Conflict:
    return Conflict(
        msg(
            "%(name)s has been changed since, so this cannot be taken back any more.",
            name=event.label or networks.CLASS_WORDS.get(event.entity, event.entity),
        )
    )
