"""Undo: takes back everything one request did, as the audit trail tells it.

What was created goes, what was changed gets its old values, what was deleted comes back as the
same record with its children. All or nothing: where somebody has changed something since, it is
refused and named. The undo is a change like any other, with a trail of its own, so that it can be
undone too.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wlantrack.errors import Conflict, InvalidInput, Message, NotFound, Problem, msg
from wlantrack.services import places
from wlantrack.services.operation_watch import WATCHED_KINDS, WIDE_KINDS, watch_operation
from wlantrack.services.plan import require_plan
from wlantrack.services.undo_rights import KINDS, require_undo
from wlantrack.services.undo_sight import may_know, require_sight
from wlantrack.store.audit import label_of
from wlantrack.store.audit_values import is_same, read_value
from wlantrack.store.queries import history, records
from wlantrack.store.restoring import restore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.network_plan import House
    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.models.base import Record

_LEFT = frozenset({"import_run", "column_mapping"})
"""Records about a request rather than of it: they stay when it is undone."""

_NAMED = 5


@dataclass(frozen=True)
class Undone:
    """What an undo did: how many records it took away, set back and brought back."""

    request_id: str
    deleted: int
    changed: int
    restored: int


@dataclass
class _Change:
    """What a request did to one record, taken together; ``event_id`` is its first event's."""

    entity: str
    public_id: str
    label: str
    event_id: int
    was_there: bool
    is_there: bool = True
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    record: Record | None = None

    @property
    def is_creation(self) -> bool:
        return self.is_there and not self.was_there

    @property
    def is_deletion(self) -> bool:
        return self.was_there and not self.is_there

    @property
    def is_update(self) -> bool:
        return self.was_there and self.is_there

    def name(self) -> Message:
        """Name the record as people know it."""
        return name_record(self.entity, self.label)

    def old_values(self) -> dict[str, Any]:
        """Give the values before the request, in the types of their columns."""
        columns = records.table_of(self.entity).columns
        return {
            key: read_value(columns[key].type, value)
            for key, value in self.before.items()
            if key in columns
        }


def name_record(entity: str, label: str) -> Message:
    """Name a record by its kind and its label."""
    word = KINDS[entity].word if entity in KINDS else msg("another record")
    return msg("%(kind)s %(label)s", kind=word, label=label) if label else word


_LINKED = frozenset({"plan_link", "work_package"})
"""What comes back may close a circle with what was linked since."""


def undo_request(
    session: Session, actor: Actor, request_id: str, house: House | None = None
) -> Undone:
    """Take back what a request did, and commit.

    Raises
    ------
    NotFound
        The request changed nothing, or lies out of scope.
    NotAllowed
        The actor may not edit one of the records.
    InvalidInput
        It changed something that cannot be undone, such as an account, or a critical failure of
        the separation check keeps off the air or out of operation what would come back.
    Conflict
        Somebody has changed one of the records since, or now relies on it; names them.
    """
    undone = revert_request(session, actor, request_id, house)
    session.commit()
    return undone


def can_undo_request(session: Session, request_id: str) -> bool:
    """Tell whether a request changed something, and nothing of a kind that cannot be undone."""
    events = history.list_request_events(session, request_id)
    kinds = {event.entity for event in events} - _LEFT
    return bool(kinds) and kinds <= KINDS.keys()


def revert_request(
    session: Session, actor: Actor, request_id: str, house: House | None = None
) -> Undone:
    """Do what :func:`undo_request` does, but leave the commit to the caller."""
    changes = _read_changes(history.list_request_events(session, request_id))
    return _revert(session, actor, changes, house)


def restore_record(
    session: Session, actor: Actor, entity: str, public_id: str, house: House | None = None
) -> None:
    """Take back the last deletion of one record with what belonged to it, and commit.

    Other things that were deleted in the same request stay deleted.

    Raises
    ------
    NotFound
        There was no such record, or it lies out of scope.
    NotAllowed
        The actor may not edit it.
    InvalidInput
        A critical failure of the separation check keeps it out of operation.
    Conflict
        It is there, or its code or its place has been given away.
    """
    found = places.parse_uuid(public_id)
    event = None if found is None else history.get_deletion(session, entity, found)
    if event is None:
        raise NotFound(msg("There is nothing here that could be undone."))
    changes = _read_changes(history.list_request_events(session, event.request_id))
    _revert(session, actor, _with_belongings(changes, entity, str(found)), house)
    session.commit()


def _with_belongings(changes: Sequence[_Change], entity: str, public_id: str) -> list[_Change]:
    """Give the deletion of one record and of all that was deleted because of it."""
    kept = [c for c in changes if c.is_deletion and (c.entity, c.public_id) == (entity, public_id)]
    for change in kept:  # grows while it is read: what belongs to what belongs to it
        kept += [other for other in changes if other not in kept and _belongs(other, [change])]
    return kept


def _belongs(change: _Change, owners: Sequence[_Change]) -> bool:
    """Tell whether a record was deleted because one of its owners was."""
    if not change.is_deletion:
        return False
    if change.entity == "attachment":  # it names its record, and points to no table
        subject = (change.before.get("entity"), change.before.get("subject"))
        return any(subject == (o.entity, o.public_id) for o in owners if o.is_deletion)
    ids = {(owner.entity, owner.before.get("id")) for owner in owners if owner.is_deletion}
    return any(
        on_delete == "CASCADE" and (target, change.before.get(column.name)) in ids
        for column, target, on_delete in records.foreign_ids(change.entity)
    )


def _revert(
    session: Session, actor: Actor, changes: Sequence[_Change], house: House | None
) -> Undone:
    if not changes:
        raise NotFound(msg("There is nothing here that could be undone."))
    session.flush()
    session.expire_all()  # what the database holds counts, not what was loaded before
    _load(session, changes)
    _require_rights(session, actor, changes)
    _require_unchanged(session, actor, changes)
    _require_targets(session, changes)
    is_watched = any(change.entity in WATCHED_KINDS and change.was_there for change in changes)
    is_wide = any(change.entity in WIDE_KINDS for change in changes)
    watch = watch_operation(session, house, is_wide=is_wide) if is_watched or is_wide else None
    created = [change for change in changes if change.is_creation]
    late = _find_late(session, changes, created)
    # What must be unique is freed before it is given back, and what is pointed to is there first.
    _delete(session, [change for change in created if change.public_id not in late])
    moved = _restore(session, [change for change in changes if change.is_deletion])
    _set_back(session, [change for change in changes if change.is_update], moved)
    _delete(session, [change for change in created if change.public_id in late])
    session.expire_all()  # lists of children were loaded before the children came back
    if watch is not None:
        watch.require_nothing_worse(actor)
    if any(change.entity in _LINKED for change in changes):
        require_plan(session)
    return Undone(
        actor.request_id,
        deleted=len(created),
        changed=sum(change.is_update for change in changes),
        restored=sum(change.is_deletion for change in changes),
    )


def _read_changes(events: Iterable[AuditEvent]) -> list[_Change]:
    """Take a request's events together, one change a record."""
    found: dict[tuple[str, str], _Change] = {}
    for event in events:
        if event.act not in {"create", "update", "delete"} or event.entity in _LEFT:
            continue
        if event.entity not in KINDS:
            raise InvalidInput(Problem(msg("This change cannot be undone."), value=event.label))
        change = found.setdefault(
            (event.entity, event.public_id),
            _Change(event.entity, event.public_id, "", event.id, was_there=event.act != "create"),
        )
        change.label, change.is_there = event.label, event.act != "delete"
        change.before = event.before | change.before
        change.after |= event.after
    return [
        change
        for change in found.values()
        if change.was_there != change.is_there or (change.is_update and change.before)
    ]


def _by_entity(changes: Iterable[_Change]) -> dict[str, list[_Change]]:
    """Sort changes by kind, owners before what they own."""
    found = defaultdict(list)
    for change in changes:
        found[change.entity].append(change)
    return {entity: found[entity] for entity in records.list_kinds() if entity in found}


def _load(session: Session, changes: Sequence[_Change]) -> None:
    for entity, some in _by_entity(changes).items():
        loaded = records.load_by_public_ids(session, entity, [c.public_id for c in some])
        for change in some:
            change.record = loaded.get(change.public_id)


def _require_rights(session: Session, actor: Actor, changes: Sequence[_Change]) -> None:
    deleted = {
        (change.entity, change.before["id"]): change.before
        for change in changes
        if change.is_deletion and "id" in change.before
    }

    def find(entity: str, record_id: int) -> dict[str, Any]:
        known = deleted.get((entity, record_id))
        if known is None:
            record = records.load_by_ids(session, entity, [record_id]).get(record_id)
            known = {} if record is None else records.values_of(record)
            deleted[entity, record_id] = known
        return known

    for change in changes:
        if _belongs(change, changes):
            continue  # it went with its owner, and comes with it
        current = {} if change.record is None else records.values_of(change.record)
        changed = (
            {key: (old, change.after.get(key)) for key, old in change.before.items()}
            if change.is_update
            else {}
        )
        states = [current] if current else []
        states += [current | change.before] if change.was_there else []
        for values in states:
            require_undo(actor, change.entity, values, changed, find)
            require_sight(actor, change.entity, values, changed, find)


def _require_unchanged(session: Session, actor: Actor, changes: Sequence[_Change]) -> None:
    """Refuse what has changed since, and what others rely on by now."""
    stale = [change for change in changes if not _is_as_left(change)]
    names = [change.name() for change in stale]
    ours = {change.record for change in changes}
    created = [change for change in changes if change.is_creation and change not in stale]
    for entity, some in _by_entity(created).items():
        ids = [change.record.id for change in some if change.record is not None]
        names += [
            _name_other(session, actor, other.record)
            for other in records.list_references(session, entity, ids)
            if other.record not in ours and records.entity_of(other.record) not in _LEFT
        ]
    if not names:
        return
    editor = None
    if stale:
        first = stale[0]
        latest = history.list_events(session, first.entity, uuid.UUID(first.public_id), limit=1)
        editor = latest[0].actor if latest else None
    raise _changed_since(names, editor)


def _name_other(session: Session, actor: Actor, record: Record) -> Message:
    if not may_know(session, actor, record):
        return msg("something outside your area")
    return name_record(records.entity_of(record), label_of(record))


def _is_as_left(change: _Change) -> bool:
    if not change.is_there:
        return change.record is None
    if change.record is None:
        return False
    columns = records.table_of(change.entity).columns
    return all(
        is_same(getattr(change.record, key), value)
        for key, value in change.after.items()
        if key in columns
    )


def _changed_since(names: Sequence[Message], editor: str | None) -> Conflict:
    shown: tuple[Message, ...] = tuple(names[:_NAMED])
    if len(names) > _NAMED:
        shown = (*shown, msg("%(count)d more", count=len(names) - _NAMED))
    if editor is None:
        return Conflict(
            msg("This can no longer be undone: by now others rely on it: %(names)s.", names=shown)
        )
    return Conflict(
        msg(
            "This can no longer be undone: %(editor)s has changed something since: %(names)s.",
            editor=editor,
            names=shown,
        ),
        changed_by=editor,
    )


def _require_targets(session: Session, changes: Sequence[_Change]) -> None:
    """Refuse to point to what is gone; an id may have gone to another record meanwhile."""
    restored = {
        (change.entity, change.before.get("id")) for change in changes if change.is_deletion
    }
    wanted: dict[str, dict[int, list[_Change]]] = defaultdict(lambda: defaultdict(list))
    for change in changes:
        for column, target, _ in records.foreign_ids(change.entity):
            value = change.before.get(column.name) if change.was_there else None
            if value is not None and (target, value) not in restored:
                wanted[target][value].append(change)
    lost: list[Message] = []
    for target, pointing in wanted.items():
        found = records.load_by_ids(session, target, list(pointing))
        public_ids = [str(record.public_id) for record in found.values()]
        firsts = history.first_event_ids(session, target, public_ids)
        for record_id, some in pointing.items():
            record = found.get(record_id)
            first = 0 if record is None else firsts.get(str(record.public_id), 0)
            lost += [c.name() for c in some if record is None or first > c.event_id]
    if lost:
        raise Conflict(
            msg(
                "This can no longer be undone: what %(names)s belonged to has been deleted since.",
                names=tuple(lost[:_NAMED]),
            )
        )


def _find_late(
    session: Session, changes: Sequence[_Change], created: Sequence[_Change]
) -> set[str]:
    """Give what can go only after the changes that now point to it have been set back."""
    updated = {change.record for change in changes if change.is_update}
    late: set[str] = set()
    for entity, some in reversed(_by_entity(created).items()):
        by_id = {change.record.id: change for change in some if change.record is not None}
        late |= {
            by_id[other.target_id].public_id
            for other in records.list_references(session, entity, list(by_id))
            if other.record in updated or str(other.record.public_id) in late
        }
    return late


def _require_free(session: Session, entity: str, row: dict[str, Any]) -> None:
    """Refuse to bring back what must be unique and has been given away meanwhile."""
    twin = records.find_twin(session, entity, row)
    if twin is not None:
        raise Conflict(
            msg(
                "This can no longer be undone: there is another %(name)s now.",
                name=name_record(entity, label_of(twin)),
            )
        )


def _restore(session: Session, changes: Sequence[_Change]) -> dict[tuple[str, int], int]:
    """Bring deleted records back; gives the new ids of those whose own is taken."""
    moved: dict[tuple[str, int], int] = {}
    for entity, some in _by_entity(changes).items():
        rows = [change.old_values() | {"public_id": _public_id(change)} for change in some]
        taken = records.load_by_ids(session, entity, [row["id"] for row in rows if "id" in row])
        for row in rows:
            _follow_moved(entity, row, moved)
            _require_free(session, entity, row)
        old_ids = [row.get("id") for row in rows]
        for row in rows:
            if row.get("id") in taken:
                del row["id"]
        for old_id, record in zip(old_ids, restore(session, entity, rows), strict=True):
            if old_id is not None and record.id != old_id:
                moved[entity, old_id] = record.id
    return moved


def _public_id(change: _Change) -> object:
    return read_value(records.table_of(change.entity).c.public_id.type, change.public_id)


def _follow_moved(entity: str, row: dict[str, Any], moved: dict[tuple[str, int], int]) -> None:
    for column, target, _ in records.foreign_ids(entity):
        if column.name in row:
            row[column.name] = moved.get((target, row[column.name]), row[column.name])


def _set_back(
    session: Session, changes: Sequence[_Change], moved: dict[tuple[str, int], int]
) -> None:
    for change in changes:
        values = change.old_values()
        _follow_moved(change.entity, values, moved)
        for key, value in values.items():
            setattr(change.record, key, value)
    session.flush()


def _delete(session: Session, changes: Sequence[_Change]) -> None:
    """Delete what a request created, what is owned before its owners."""
    for some in reversed(_by_entity(changes).values()):
        for change in some:
            session.delete(change.record)
        session.flush()
