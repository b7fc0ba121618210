"""The book an import keeps: what it created, changed, removed and found as it was.

Decides when a record counts as changed, and which id a foreign object's record has, so that the
same file finds its records again. Refuses to know what the records are.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.errors import Problem
    from wlantrack.formats.projects import Project
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.base import Record

    Kept = TypeVar("Kept", bound=Record)

SAME_PLACE_M: Final = 1e-6
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass
class Ledger:
    """Counts by kind of record and what happened to it."""

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing would change."""
        return not (self.created or self.updated or self.removed)


@dataclass
class Job:
    """One run of an import: who imports what, under which choices, and what came of it.

    ``source`` marks the records that only this project brings and may take away again.
    """

    session: Session
    actor: Actor
    project: Project
    network_class: str
    ledger: Ledger = field(default_factory=Ledger)
    warnings: list[Problem] = field(default_factory=list)

    def make_id(self, parent: Record, kind: str, key: str) -> uuid.UUID:
        """Give the id of a foreign object's record: the same for the same file, every time."""
        return uuid.uuid5(parent.public_id, f"{self.project.format}:{kind}:{key}")

    def source_of(self, floor_key: str) -> str:
        """Name where walls and areas of a floor come from."""
        return f"{self.project.format}:{self.project.key or floor_key}"[:120]

    def put(self, record: Kept, values: Mapping[str, Any], *, is_new: bool) -> Kept:
        """Bring a record to its values and count what that meant."""
        kind = str(record.__tablename__)  # type: ignore[attr-defined]
        changed = [
            name
            for name, value in values.items()
            if is_new or not is_same(getattr(record, name), value)
        ]
        for name in changed:
            setattr(record, name, values[name])
        if is_new:
            self.session.add(record)
            self.ledger.created[kind] += 1
        elif changed:
            self.ledger.updated[kind] += 1
        else:
            self.ledger.unchanged[kind] += 1
        return record

    def remove(self, record: Record) -> None:
        """Take away a record that the file no longer has."""
        self.session.delete(record)
        self.ledger.removed[str(record.__tablename__)] += 1  # type: ignore[attr-defined]


def is_same(old: object, new: object) -> bool:
    """Tell whether two values of a column are the same."""
    if isinstance(old, BaseGeometry) and isinstance(new, BaseGeometry):
        return bool(old.normalize().equals_exact(new.normalize(), SAME_PLACE_M))
    return old == new


def make_slug(text: str, length: int) -> str:
    """Make a code of small letters, digits and hyphens out of a name."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_UMLAUTS))
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:length].strip("-") or "import"


def number_code(code: str, taken: Mapping[str, object] | set[str], length: int) -> str:
    """Give a code that is not taken, with a number behind it if need be."""
    number, free = 1, code
    while free in taken:
        number += 1
        free = f"{code[: length - len(str(number)) - 1]}-{number}"
    return free
