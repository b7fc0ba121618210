"""Lists of what a roll-out rests on: narrowed, sorted, with what is reckoned from each record.

The lists are short: they are read whole, so that sums stand over all that is shown and a list is
sorted by whatever it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.services.cabling_places import natural_key
from wlantrack.services.governance import visible_houses
from wlantrack.services.governance_kinds import CODE, Badge, Shape
from wlantrack.store.queries import governance as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.actor import Actor
    from wlantrack.services.governance_kinds import Derived, GovernanceKind, GovernanceRecord
    from wlantrack.services.paging import Page


@dataclass(frozen=True)
class GovernanceFilter:
    """What a list is narrowed to; empty fields narrow nothing.

    ``choice`` is a value of the kind's state or network class; ``building`` is a code.
    """

    words: str = ""
    choice: str = ""
    building: str = ""
    needs_attention: bool = False


@dataclass(frozen=True)
class Line:
    """A record with what is reckoned from it, and what needs attention about it."""

    record: GovernanceRecord
    concern: Message | None
    derived: Mapping[str, Derived]

    def value(self, name: str) -> Any:  # noqa: ANN401 - fields hold what they hold
        """Give a field, or what is reckoned under this name."""
        return self.derived[name] if name in self.derived else getattr(self.record, name)


def list_lines(session: Session, actor: Actor, kind: GovernanceKind, today: date) -> list[Line]:
    """Give every record of a kind in scope."""
    records = queries.load_records(session, kind.model, visible_houses(actor))
    return [describe(kind, record, today) for record in records]


def describe(kind: GovernanceKind, record: GovernanceRecord, today: date) -> Line:
    """Reckon what a record says beyond its fields."""
    concern = kind.find_concern(record, today) if kind.find_concern else None
    return Line(record, concern, kind.derive(record, today))


def narrow_lines(
    kind: GovernanceKind, lines: Sequence[Line], narrow: GovernanceFilter
) -> list[Line]:
    """Give the records that a filter admits."""
    choice = kind.of_shape(Shape.STATE, Shape.NETWORK)
    found = []
    for line in lines:
        record = line.record
        if narrow.choice and choice and getattr(record, choice.name) != narrow.choice:
            continue
        building = getattr(record, "building", None)
        if narrow.building and (building is None or building.code != narrow.building):
            continue
        if narrow.needs_attention and line.concern is None:
            continue
        if _has_words(kind, record, narrow.words):
            found.append(line)
    return found


def _has_words(kind: GovernanceKind, record: GovernanceRecord, words: str) -> bool:
    texts = (
        getattr(record, item.name)
        for item in (CODE, *kind.fields)
        if item.shape in {Shape.TEXT, Shape.LONG_TEXT}
    )
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words.casefold().split())


def take_page(kind: GovernanceKind, lines: Sequence[Line], page: Page) -> list[Line]:
    """Give one page of some records; what is not known stands at the end, whatever the order."""
    names = {item.name for item in kind.fields} | {"code", *(lines[0].derived if lines else ())}
    name = page.sort if page.sort in names else kind.order or "code"
    by_code = sorted(lines, key=lambda line: natural_key(line.record.code))
    keys = {id(line): _sort_key(kind, name, line) for line in by_code}
    known = [line for line in by_code if keys[id(line)] is not None]
    unknown = [line for line in by_code if keys[id(line)] is None]
    known.sort(key=lambda line: keys[id(line)], reverse=page.is_descending)
    return [*known, *unknown][page.offset : page.offset + page.limit]


def _sort_key(kind: GovernanceKind, name: str, line: Line) -> Any:  # noqa: ANN401 - what sorts a field
    value = line.value(name)
    if value is None or value == "":
        return None
    described = next((item for item in kind.fields if item.name == name), CODE)
    match described.shape:
        case Shape.SPOKEN:
            return value.latest
        case Shape.BUILDING | Shape.DECISION:
            return natural_key(value.code)
        case Shape.STATE | Shape.NETWORK:
            return list(described.words).index(value)
    if isinstance(value, Badge):
        return value.weight
    return natural_key(value.casefold()) if isinstance(value, str) else value
