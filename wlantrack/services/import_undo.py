"""The undo of an import: what the audit trail says it did is taken back, all of it or nothing.

Decides when an undo is refused: where somebody has changed a record since, or something new relies
on one. Refuses to know what was imported.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import shapely
from sqlalchemy import Date, Uuid

from wlantrack.errors import Conflict, msg
from wlantrack.services.actor import Action, Actor
from wlantrack.services.project_imports import find_run
from wlantrack.store import audit
from wlantrack.store.audit import AuditContext
from wlantrack.store.queries import project_imports as import_queries
from wlantrack.store.queries import reversals as queries
from wlantrack.store.types import Instant, Shape

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.models.base import Record
    from wlantrack.store.models.files import ImportRun
    from wlantrack.store.plan_files import PlanFiles

SHOWN_NAMES: Final = 10
_FILES: Final = ("original_file", "image_file")


@dataclass(frozen=True)
class UndoOutcome:
    """How many records went, came back, and got their old values."""

    removed: int
    restored: int
    reverted: int


@dataclass
class _Story:
    """What an import did to one record: ``before`` is None if it made the record."""

    entity: str
    public_id: uuid.UUID
    label: str
    before: dict[str, Any] | None
    is_there: bool


def undo_import(session: Session, actor: Actor, files: PlanFiles, ref: str) -> UndoOutcome:
    """Take an import back in one audited step.

    Raises
    ------
    Conflict
        It was undone before, or records have been changed or used since; they are named.
    NotFound, NotAllowed
        It is out of scope, or the role does not reach.
    """
    run = find_run(session, actor, ref)
    actor.require(Action.IMPORT_PROJECTS, run.building_id)
    if run.undone_at is not None:
        raise Conflict(msg("This import has been undone already."))
    events = [
        e for e in queries.list_events_of(session, run.request_id) if e.entity != "import_run"
    ]
    stories = _tell_stories(events)
    _require_untouched(session, run, events, stories)
    made = [story for story in stories if story.before is None and story.is_there]
    gone = [story for story in stories if story.before is not None and not story.is_there]
    changed = [story for story in stories if story.before is not None and story.is_there]
    context = AuditContext(actor.name, undo_id(run), f"undo of the import of {run.name}"[:500])
    with audit.in_context(session, context):
        for story in changed:
            _revert(session, story)
        if run.building is not None and run.building.public_id in {s.public_id for s in made}:
            run.building_id = None  # the run outlives the building it made
        session.flush()
        _require_unused(session, made)
        _remove(session, made)
        session.add_all(_recreate(story) for story in gone)
        run.undone_at = datetime.now(UTC)
        session.commit()
    for event in events:
        if event.act == "create" and event.entity == "floor_plan":
            for name in _FILES:
                files.remove(event.after[name])
    return UndoOutcome(removed=len(made), restored=len(gone), reverted=len(changed))


def undo_id(run: ImportRun) -> str:
    """Give the request id of an import's undo, by which it is told from other changes."""
    return uuid.uuid5(run.public_id, "undo").hex


def _tell_stories(events: list[AuditEvent]) -> list[_Story]:
    """Sum up what happened to each record, in the order in which it was first touched."""
    stories: dict[tuple[str, str], _Story] = {}
    for event in events:
        key = (event.entity, event.public_id)
        if key not in stories:
            stories[key] = _Story(
                event.entity,
                uuid.UUID(event.public_id),
                event.label,
                None if event.act == "create" else {},
                is_there=True,
            )
        story = stories[key]
        story.is_there = event.act != "delete"
        if story.before is not None:
            # The first value seen of a field is the one from before the import.
            for name, value in event.before.items():
                story.before.setdefault(name, value)
    return list(stories.values())


def _require_untouched(
    session: Session, run: ImportRun, events: list[AuditEvent], stories: list[_Story]
) -> None:
    if not events:
        return
    neutral = {run.request_id}
    for other in import_queries.list_undone_runs(session):
        neutral |= {other.request_id, undo_id(other)}
    touched = queries.list_later_changes(
        session, events[-1].id, {str(story.public_id) for story in stories}, neutral
    )
    if touched:
        names = ", ".join(_shorten([event.label or event.entity for event in touched]))
        raise Conflict(
            msg(
                "The import cannot be undone: changed since then by %(editors)s: %(names)s.",
                editors=", ".join(sorted({event.actor for event in touched})),
                names=names,
            )
        )


def _require_unused(session: Session, made: list[_Story]) -> None:
    ids = defaultdict(set)
    for story in made:
        ids[story.entity].add(story.public_id)
    users = queries.list_users(session, ids)
    if users:
        raise Conflict(
            msg(
                "The import cannot be undone: something made since then relies on it: %(names)s.",
                names=", ".join(_shorten(users)),
            )
        )


def _shorten(names: list[str]) -> list[str]:
    unique = list(dict.fromkeys(names))
    more = len(unique) - SHOWN_NAMES
    return unique[:SHOWN_NAMES] + ([f"+{more}"] if more > 0 else [])


def _revert(session: Session, story: _Story) -> None:
    record = queries.load_records(session, story.entity, [story.public_id])[0]
    values = _read_values(story)
    for name, value in values.items():
        setattr(record, name, value)


def _remove(session: Session, made: list[_Story]) -> None:
    """Delete what the import made, kind by kind, what refers to others first."""
    kinds: dict[str, list[uuid.UUID]] = defaultdict(list)
    for story in made:
        kinds[story.entity].append(story.public_id)
    for entity in queries.sort_by_dependency(kinds):
        for record in queries.load_records(session, entity, kinds[entity]):
            session.delete(record)
        session.flush()
        session.expire_all()


def _recreate(story: _Story) -> Record:
    record: Record = queries.find_class(story.entity)(public_id=story.public_id)
    for name, value in _read_values(story).items():
        setattr(record, name, value)
    return record


def _read_values(story: _Story) -> dict[str, Any]:
    """Turn what the trail tells of the time before into values of columns."""
    kinds = queries.column_types(story.entity)
    return {name: _read(kinds[name], value) for name, value in (story.before or {}).items()}


def _read(kind: object, value: Any) -> Any:  # noqa: ANN401 - any column
    match kind:
        case _ if value is None:
            return None
        case Shape():
            return shapely.from_wkt(value)
        case Instant():
            return datetime.fromisoformat(value)
        case Date():
            return date.fromisoformat(value)
        case Uuid():
            return uuid.UUID(value)
    return value
