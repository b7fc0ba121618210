"""The list of uplinks over all buildings: narrowed, sorted, those that are nearly full marked.

A city has some hundred lines: they are read whole, so that the list is sorted by the load, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.services.actor import Action
from wlantrack.services.cabling_places import natural_key
from wlantrack.services.uplinks import BUSY_SHARE, CONFERENCE_MBIT, may_see_line
from wlantrack.store.queries import uplinks as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.paging import Page
    from wlantrack.store.queries.uplinks import UplinkRow


@dataclass(frozen=True)
class UplinkFilter:
    """What the list is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    network_class: str = ""
    is_busy: bool = False

    def admits(self, row: UplinkRow) -> bool:
        """Tell whether an uplink is among those asked for."""
        text = f"{row.code} {row.building} {row.provider}".casefold()
        return (
            self.building in {"", row.building_code}
            and self.network_class in {"", row.network_class}
            and (is_busy(row) or not self.is_busy)
            and all(word in text for word in self.words.casefold().split())
        )


def is_busy(row: UplinkRow) -> bool:
    """Tell whether an uplink was measured so full that nothing more fits."""
    return row.share is not None and row.share > BUSY_SHARE


def count_conferences(row: UplinkRow) -> int:
    """Count the video conferences that an uplink carries at once."""
    return math.floor(min(row.down_mbit, row.up_mbit) / CONFERENCE_MBIT)


def list_rows(session: Session, actor: Actor) -> list[UplinkRow]:
    """Give every uplink that an actor may know of, with its greatest load, by code."""
    scopes = actor.scopes(Action.SEE_NETWORKS)
    houses = None if scopes is None else {s.building_id for s in scopes if s.building_id}
    found = queries.list_rows(session, houses)
    seen = [row for row in found if may_see_line(actor, row.building_id, row.network_class)]
    return sorted(seen, key=lambda row: natural_key(row.code))


def _by_code(row: UplinkRow) -> Any:  # noqa: ANN401 - what sorts a code
    return natural_key(row.code)


_SORTS: Mapping[str, Callable[[UplinkRow], Any]] = {
    "building": lambda row: natural_key(row.building.casefold()),
    "network": lambda row: row.network_class,
    "provider": lambda row: row.provider.casefold() or None,
    "down": lambda row: row.down_mbit,
    "up": lambda row: row.up_mbit,
    "load": lambda row: row.share,
    "conferences": count_conferences,
}


def take_page(rows: Iterable[UplinkRow], page: Page) -> list[UplinkRow]:
    """Give one page of some uplinks; what is not known stands at the end, whatever the order."""
    key = _SORTS.get(page.sort, _by_code)
    listed = list(rows)
    known = [row for row in listed if key(row) is not None]
    known.sort(key=key, reverse=page.is_descending)
    unknown = [row for row in listed if key(row) is None]
    return [*known, *unknown][page.offset : page.offset + page.limit]
