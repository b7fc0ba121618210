"""Walks the audit trail and tells whether every event still hangs on the one before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.store.audit import chain_hash, hashed_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True)
class ChainState:
    """How far the trail was followed: its events, its last hash, and the first event that broke."""

    events: int
    last_hash: str
    broken_at: int | None = None

    @property
    def is_whole(self) -> bool:
        """Tell whether no event was changed, added or taken out between others."""
        return self.broken_at is None


def follow_chain(events: Iterable[Mapping[str, Any]]) -> ChainState:
    """Reckon every event's hash anew, in the order in which they were written."""
    previous, count = "", 0
    for event in events:
        values = dict(event)
        if "hash" not in values:  # it cannot even be read
            return ChainState(count, previous, broken_at=int(values["id"]))
        digest = chain_hash(previous, hashed_values(values))
        if values["previous_hash"] != previous or values["hash"] != digest:
            return ChainState(count, previous, broken_at=int(values["id"]))
        previous, count = digest, count + 1
    return ChainState(count, previous)
