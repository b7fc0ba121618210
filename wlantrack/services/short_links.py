"""Short addresses, as labels carry them: from a code or short id to the one record meant.

Decides how short an id may be, and that what somebody may not see is not there for them. Labels
carry ids rather than codes: a code may be changed, a label stays on its cable for decades.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotFound, msg
from wlantrack.services import access_points, cable_runs, distributors, rooms, switches
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch
from wlantrack.store.models.places import Room
from wlantrack.store.queries import short_links as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.queries.short_links import Labelled

SHORT_ID_LENGTH: Final = 10
"""40 bits: among 100,000 labelled things two share them once in two hundred installations."""
LONGEST_CODE: Final = 100
_CANDIDATES: Final = 20
_SHORT_ID: Final = re.compile(rf"[0-9a-f]{{{SHORT_ID_LENGTH},32}}")


@dataclass(frozen=True)
class Found:
    """What a short address leads to: the kind of record, and its public id."""

    kind: str
    public_id: uuid.UUID


@dataclass(frozen=True)
class _Kind:
    model: Labelled
    find: Callable[[Session, Actor, str], object]


_KINDS: Final[dict[str, _Kind]] = {
    "cable_run": _Kind(CableRun, cable_runs.find_run),
    "access_point": _Kind(AccessPoint, access_points.find_access_point),
    "outlet": _Kind(Outlet, distributors.find_outlet),
    "distributor": _Kind(Distributor, distributors.find_distributor),
    "switch": _Kind(Switch, switches.find_switch),
    "room": _Kind(Room, rooms.find_room),
}
"""What labels are put on; each ``find`` refuses what the actor may not see."""


def shorten(public_id: uuid.UUID) -> str:
    """Give the short id that stands on a label."""
    return public_id.hex[:SHORT_ID_LENGTH]


def find_labelled(session: Session, actor: Actor, text: str) -> Found:
    """Give the record that a code or short id names.

    Raises
    ------
    NotFound
        None does, it is out of scope, or several do.
    """
    wanted = text.strip()[:LONGEST_CODE]
    found = [*_list_by_code(session, actor, wanted)]
    short = wanted.lower().replace("-", "")
    if not found and _SHORT_ID.fullmatch(short):
        found = [*_list_by_short_id(session, actor, short)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound(
            msg("»%(code)s« names several things.", code=wanted),
            msg("Look for it by the search, together with its building."),
        )
    raise NotFound(
        msg("Nothing here has the code »%(code)s«, or it is outside your area.", code=wanted),
        msg("Compare it with the label, and type it in again."),
    )


def _list_by_code(session: Session, actor: Actor, code: str) -> Iterator[Found]:
    for name, kind in _KINDS.items():
        ids = queries.find_by_code(session, kind.model, code, _CANDIDATES)
        yield from _keep_visible(session, actor, name, ids)


def _list_by_short_id(session: Session, actor: Actor, digits: str) -> Iterator[Found]:
    for name, kind in _KINDS.items():
        ids = queries.find_by_short_id(session, kind.model, digits, _CANDIDATES)
        yield from _keep_visible(session, actor, name, ids)


def _keep_visible(
    session: Session, actor: Actor, kind: str, ids: list[uuid.UUID]
) -> Iterator[Found]:
    for public_id in ids:
        try:
            _KINDS[kind].find(session, actor, str(public_id))
        except NotFound:
            continue
        yield Found(kind, public_id)
