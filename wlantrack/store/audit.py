"""Writes an audit event for every changed record, in the transaction of the change.

Decides what an event holds and how events are chained; refuses to know why a change was made:
the service's :class:`AuditContext` says who asks and for what reason. A change without a context,
and bulk DML that would pass by these events, are refused.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, func, insert, select, text
from sqlalchemy.orm.attributes import set_committed_value

from wlantrack.store.audit_values import write_value
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.base import Base, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import (
        InstanceState,
        ORMExecuteState,
        Session,
        SessionTransaction,
        UOWTransaction,
    )

_CONTEXT = "audit_context"
_WROTE_IN = "wrote_in"
_BEGAN_AT = "began_at"
_UNTOLD = frozenset({"id", "public_id", "version"})
_CHAIN_LOCK = 0x7764_6175
"""Key of PostgreSQL's advisory lock: one writer at a time continues the chain."""
GUARDED = "is_guarded"
"""Execution option of connections on which only the unit of work may change records."""
_IN_UNIT_OF_WORK: ContextVar[bool] = ContextVar("in_unit_of_work", default=False)
_CHANGE = re.compile(
    r"\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|merge\s+into|delete\s+from"
    r"|update(?:\s+or\s+\w+)?|truncate(?:\s+table)?|copy)\s+(?:only\s+)?"
    r"(?:[\"'`\[]?\w+[\"'`\]]?\s*\.\s*)?[\"'`\[]?(\w+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)


class UnauditedChangeError(RuntimeError):
    """A programming error: records were about to change without a trace."""


@dataclass(frozen=True)
class AuditContext:
    """Who changes something, in which request, and why."""

    actor: str
    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    reason: str = ""


def set_context(session: Session, context: AuditContext) -> None:
    """Say on whose behalf this session writes."""
    session.info[_CONTEXT] = context


@contextmanager
def in_context(session: Session, context: AuditContext) -> Iterator[None]:
    """Let this session write in another context for a while."""
    before = get_context(session)
    set_context(session, context)
    try:
        yield
    finally:
        set_context(session, before)


def get_context(session: Session) -> AuditContext:
    """Give the context of a session's changes.

    Raises
    ------
    UnauditedChangeError
        The session writes for nobody.
    """
    context = session.info.get(_CONTEXT)
    if not isinstance(context, AuditContext):
        message = "a session that writes needs set_context() first"
        raise UnauditedChangeError(message)
    return context


def has_written(session: Session) -> bool:
    """Tell whether a session sees changes, sent or not, that may yet be rolled back."""
    if session.new or session.dirty or session.deleted:
        return True
    connection = session.connection()
    return connection.info.get(_WROTE_IN) is connection.get_transaction()


def began_before(session: Session, number: int) -> bool:
    """Tell whether a session that writes may hold records from before an event of others."""
    began_at: int = session.info.get(_BEGAN_AT, number)
    return number > began_at


def watch(session_class: type[Session]) -> None:
    """Make every session of this class audit its changes."""
    event.listen(session_class, "after_begin", _note_latest_event)
    event.listen(session_class, "before_flush", _join_chain)
    event.listen(session_class, "after_flush", _record_changes)
    event.listen(session_class, "do_orm_execute", _refuse_bulk_changes)


def guard(engine: Engine) -> None:
    """Refuse SQL, however it is sent, that changes records on guarded connections unrecorded."""
    event.listen(engine, "before_cursor_execute", _refuse_unrecorded_sql)


@contextmanager
def in_unit_of_work() -> Iterator[None]:
    """Let records change for a while: whoever asks for that writes the events."""
    token = _IN_UNIT_OF_WORK.set(True)
    try:
        yield
    finally:
        _IN_UNIT_OF_WORK.reset(token)


@cache
def _audited_tables() -> frozenset[str]:
    return frozenset(
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
    )


def _refuse_unrecorded_sql(
    connection: Connection, _cursor: object, statement: str, *_args: object
) -> None:
    if _IN_UNIT_OF_WORK.get() or not connection.get_execution_options().get(GUARDED):
        return
    for name in _CHANGE.findall(_COMMENT.sub(" ", statement)):
        if name.lower() in _audited_tables():
            message = f"bulk DML on {name} would leave no audit event"
            raise UnauditedChangeError(message)


def chain_hash(previous: str, values: dict[str, Any]) -> str:
    """Give the hash that links an event to the one before it (SHA-256 over canonical JSON)."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def hashed_values(values: dict[str, Any]) -> dict[str, Any]:
    """Give the part of an event that its hash covers, in JSON's own types."""
    return {
        key: value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
        for key, value in values.items()
        if key not in {"id", "previous_hash", "hash"}
    }


def take_turn(session: Session) -> None:
    """Let no other writer in before this transaction ends.

    For checks over several records, which two writers could pass at the same time, and for whoever
    gives the next number: what is read after this is what there is when it is written.
    """
    _join_chain(session)


def write_event(session: Session, values: dict[str, Any]) -> None:
    """Write one event that is no change of a record, such as a login."""
    _join_chain(session)
    _append(session, [values])


def _refuse_bulk_changes(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table = str(getattr(state.statement, "table", ""))
    if table in _audited_tables():
        message = f"bulk DML on {table} would leave no audit event"
        raise UnauditedChangeError(message)


def _join_chain(session: Session, *_args: object) -> None:
    """Wait for the other writers.

    The lock comes before any row's: were it taken after them, two writers could wait for one
    another.
    """
    get_context(session)
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})


def _note_latest_event(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    # Where SQLite lets in one writer, PostgreSQL lets others write until this one does.
    if connection.dialect.name == "postgresql" and not transaction.nested:
        session.info[_BEGAN_AT] = connection.scalar(select(func.max(AuditEvent.id))) or 0


def _record_changes(session: Session, context: UOWTransaction) -> None:
    events = list(_describe_changes(context))
    if events:
        _append(session, events)


def _describe_changes(context: UOWTransaction) -> Iterator[dict[str, Any]]:
    # The unit of work knows more than session.deleted: rows that left their parent's list.
    for state, (is_deleted, is_only_listed) in context.states.items():
        record = state.obj()
        if is_only_listed or not isinstance(record, Record):
            continue
        act = "delete" if is_deleted else "update" if state.has_identity else "create"
        if act == "create":
            _fill_left_out(state)
        before, after = _diff(state, act)
        if act != "update" or before or after:
            yield {
                "act": act,
                "entity": record.__tablename__,  # type: ignore[attr-defined]
                "public_id": str(record.public_id),
                "label": label_of(record),
                "before": before,
                "after": after,
            }


def _fill_left_out(state: InstanceState[Any]) -> None:
    """Say that columns left out are NULL now: their first change would else leave no trace."""
    for attribute in state.mapper.column_attrs:
        if attribute.key not in state.dict and attribute.key not in state.expired_attributes:
            set_committed_value(state.obj(), attribute.key, None)


def _diff(state: InstanceState[Any], act: str) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        key = attribute.key
        if key in _UNTOLD and (act != "delete" or key == "public_id"):
            continue  # only who brings a record back needs its id and version
        if act == "update":
            history = state.attrs[key].history
            # Nothing deleted: the record was only marked as changed, for its children's sake.
            if not history.has_changes() or not history.deleted:
                continue
            before[key] = write_value(key, history.deleted[0])
            after[key] = write_value(key, history.added[0] if history.added else None)
        elif act == "create":
            after[key] = write_value(key, state.dict.get(key))
        else:
            stored = state.committed_state.get(key, state.dict.get(key))
            before[key] = write_value(key, stored)
    return before, after


def label_of(record: Record) -> str:
    """Give the word by which people know a record; empty if it has none."""
    for name in ("code", "label", "name", "number", "role", "band"):
        value = getattr(record, name, None)
        if isinstance(value, str) and value:
            return value[:120]
    return ""


def _append(session: Session, events: list[dict[str, Any]]) -> None:
    context = get_context(session)
    connection = session.connection()
    connection.info[_WROTE_IN] = connection.get_transaction()
    previous = (
        connection.scalar(select(AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)) or ""
    )
    rows = []
    for described in events:
        values = {
            "at": datetime.now(UTC),
            "actor": context.actor,
            "request_id": context.request_id,
            "reason": context.reason,
            **described,
        }
        digest = chain_hash(previous, hashed_values(values))
        rows.append({**values, "previous_hash": previous, "hash": digest})
        previous = digest
    connection.execute(insert(Base.metadata.tables["audit_event"]), rows)
