"""History for people: events of the audit trail with words for fields, and names for ids.

Decides how a change reads; refuses to know languages: words are messages, translated at the edge.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from wlantrack.errors import Message, NotFound, msg
from wlantrack.formats.table_writers import write_csv
from wlantrack.services.accounts import ROLE_WORDS
from wlantrack.services.actor import Action
from wlantrack.services.field_words import ACT_WORDS, KIND_WORDS, field_word, state_word
from wlantrack.services.history_scope import load_seen
from wlantrack.services.paging import Page
from wlantrack.services.reasons import describe_reason
from wlantrack.store.audit import label_of
from wlantrack.store.queries import history, records
from wlantrack.store.queries.history import EventFilter

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.audit import AuditEvent

    Names: TypeAlias = dict[tuple[str, int], str | None]

__all__ = ["EventFilter"]

Shown: TypeAlias = "Message | str | int | float | bool | datetime | date | None"
"""A value as pages show it: words are translated, numbers and dates written as usual there."""

NETWORKS = frozenset({"vlan", "ssid"})
HIDDEN_ID = -1
"""Stands among the names for every record of a kind that is not named."""
MOST_EXPORTED = 100_000
_LONGEST = 120
_CHOICES = frozenset({"mount", "use", "room_use", "network_class", "theme", "scale_method"})
"""Columns that hold one of a few words, which are translated like any other."""
_SHAPE = re.compile(r"^(?:POLYGON|MULTIPOLYGON|LINESTRING|POINT) ?\(")
_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")
_DAY = re.compile(r"^\d{4}-\d\d-\d\d$")

_INNER = frozenset({"id", "public_id", "version", "subject_id"})
"""Columns that tell people nothing: the code says which subject it is."""


_PRECISION = "_precision"
"""End of columns that say how finely a date is known: its words beside them tell people that."""


@dataclass(frozen=True)
class Change:
    """One field of a record: its word, and what stood there before and stands there now."""

    word: Message
    before: Shown
    after: Shown


@dataclass(frozen=True)
class Entry:
    """One event of the trail as people read it."""

    number: int
    at: datetime
    actor: str
    act: str
    act_word: Message
    kind: Message
    entity: str
    public_id: str
    label: str
    changes: tuple[Change, ...]
    reason: Message | str
    request_id: str


def list_of_record(
    session: Session,
    actor: Actor,
    entity: str,
    public_id: uuid.UUID,
    hidden: frozenset[str] = NETWORKS,
) -> list[Entry]:
    """Give what happened to a record that the reader may see, the latest first.

    Nothing is told to those who see no details; other records are named only as far as they lie in
    the reader's scope.

    Parameters
    ----------
    hidden
        Kinds of other records that are not named: who sees a switch may not see all networks.
    """
    if not actor.can_anywhere(Action.SEE_DETAILS):
        return []
    return describe(session, actor, history.list_events(session, entity, public_id), hidden)


def list_of_records(
    session: Session, actor: Actor, told: Collection[tuple[str, uuid.UUID]]
) -> list[Entry]:
    """Give what happened to a record and to what belongs to it, as :func:`list_of_record` does."""
    if not actor.can_anywhere(Action.SEE_DETAILS):
        return []
    return describe(session, actor, history.list_events_of(session, told), NETWORKS)


def list_trail(
    session: Session, actor: Actor, narrow: EventFilter, page: Page
) -> tuple[list[Entry], int]:
    """Give one page of the whole trail, and how many events match."""
    actor.require(Action.SEE_AUDIT)
    events, total = history.list_page(session, narrow, page)
    return describe(session, actor, events), total


def find_event(session: Session, actor: Actor, number: int) -> Entry:
    """Give one event of the trail.

    Raises
    ------
    NotFound
        There is no event of this number.
    """
    actor.require(Action.SEE_AUDIT)
    event = history.get_event(session, number)
    if event is None:
        raise NotFound(msg("There is no such event."))
    return describe(session, actor, [event])[0]


def list_names(session: Session, actor: Actor) -> tuple[list[str], list[str]]:
    """Give everybody who has done something, and the kinds of what was changed."""
    actor.require(Action.SEE_AUDIT)
    return history.list_actors(session), history.list_entities(session)


def export_trail(
    session: Session,
    actor: Actor,
    narrow: EventFilter,
    headers: Sequence[str],
    write: Callable[[Shown], str],
    write_moment: Callable[[datetime], str],
) -> bytes:
    """Give the events that match as CSV, the latest first; ``write`` puts values into words."""
    entries, _ = list_trail(session, actor, narrow, Page(limit=MOST_EXPORTED))
    return write_csv(
        headers,
        (
            (
                entry.number,
                write_moment(entry.at),
                entry.actor,
                write(entry.act_word),
                write(entry.kind),
                entry.label,
                "; ".join(
                    f"{write(change.word)}: {write(change.before)} → {write(change.after)}"
                    for change in entry.changes
                ),
                write(entry.reason) if entry.reason else "",
                entry.request_id,
                entry.public_id,
            )
            for entry in entries
        ),
    )


def describe(
    session: Session,
    actor: Actor,
    events: Sequence[AuditEvent],
    hidden: frozenset[str] = frozenset(),
) -> list[Entry]:
    """Put events into words, with the names of those records in scope that their ids mean."""
    names = _load_names(session, actor, events, hidden)
    return [_describe_event(event, names) for event in events]


def _describe_event(event: AuditEvent, names: Names) -> Entry:
    return Entry(
        number=event.id,
        at=event.at,
        actor=event.actor,
        act=event.act,
        act_word=ACT_WORDS.get(event.act) or Message(event.act),
        kind=KIND_WORDS.get(event.entity) or Message(event.entity),
        entity=event.entity,
        public_id=event.public_id,
        label=event.label,
        changes=tuple(_describe_changes(event, names)),
        reason=describe_reason(event.reason),
        request_id=event.request_id,
    )


def _describe_changes(event: AuditEvent, names: Names) -> Iterable[Change]:
    targets = _targets(event.entity)
    for key in {**event.after, **event.before}:
        if key in _INNER or key.endswith(_PRECISION):
            continue
        before, after = (
            _show(event.entity, key, values.get(key), targets.get(key), names)
            for values in (event.before, event.after)
        )
        if event.act == "update" or before not in (None, "") or after not in (None, ""):
            yield Change(field_word(key), before, after)


def _targets(entity: str) -> dict[str, str]:
    """Give the tables to which the ids in a record's columns lead."""
    if entity not in records.list_kinds():
        return {}
    return {column.name: target for column, target, _ in records.foreign_ids(entity)}


def _show(entity: str, key: str, value: Any, target: str | None, names: Names) -> Shown:  # noqa: ANN401 - JSON
    if target is not None and isinstance(value, int):
        return _name(target, value, names)
    if key == "role" and value in ROLE_WORDS:
        return ROLE_WORDS[value]
    word = state_word(entity, key, value)
    if word is not None:
        return word
    if key in _CHOICES and isinstance(value, str):
        return Message(value)
    if isinstance(value, (list, dict)):
        return msg("%(count)d values", count=len(value)) if value else None
    return _read_text(value) if isinstance(value, str) else value


def _name(entity: str, record_id: int, names: Names) -> Shown:
    name = names.get((entity, record_id), "")
    if name is None or (entity, HIDDEN_ID) in names:
        return msg("(not shown)")
    return name or msg("record %(id)d, deleted since", id=record_id)


def _read_text(text: str) -> Shown:
    if text == "(hidden)":
        return msg("(not shown)")
    if _SHAPE.match(text):
        return msg("shape with %(count)d points", count=text.count(",") + 1)
    if _MOMENT.match(text):
        return datetime.fromisoformat(text)
    if _DAY.match(text):
        return date.fromisoformat(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _load_names(
    session: Session, actor: Actor, events: Iterable[AuditEvent], hidden: frozenset[str]
) -> Names:
    """Look up what the ids in events mean, kind by kind; None stands for what is out of scope."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        for key, target in _targets(event.entity).items():
            found = (event.before.get(key), event.after.get(key))
            wanted[target].update(value for value in found if isinstance(value, int))
    return {(entity, HIDDEN_ID): "" for entity in hidden} | {
        (entity, record_id): label_of(record) if may_see else None
        for entity, ids in wanted.items()
        if ids and entity not in hidden
        for record_id, (record, may_see) in load_seen(session, actor, entity, ids).items()
    }
