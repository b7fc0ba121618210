"""Selects that lead from what stands on a label to the record it is on."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final, TypeAlias

from sqlalchemy import select

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch
from wlantrack.store.models.places import Room

if TYPE_CHECKING:
    from sqlalchemy.orm import InstrumentedAttribute, Session

Labelled: TypeAlias = (
    type[AccessPoint]
    | type[CableRun]
    | type[Outlet]
    | type[Distributor]
    | type[Switch]
    | type[Room]
)

_CODES: Final[dict[Labelled, InstrumentedAttribute[str]]] = {
    AccessPoint: AccessPoint.code,
    CableRun: CableRun.label,
    Outlet: Outlet.code,
    Distributor: Distributor.code,
    Switch: Switch.code,
    Room: Room.number,
}
_ID_DIGITS: Final = 32


def find_by_code(session: Session, kind: Labelled, code: str, limit: int) -> list[uuid.UUID]:
    """Give the public ids of the records of a kind that have a code; rooms may share one."""
    query = select(kind.public_id).where(_CODES[kind] == code).limit(limit)
    return list(session.scalars(query))


def find_by_short_id(session: Session, kind: Labelled, digits: str, limit: int) -> list[uuid.UUID]:
    """Give the public ids of a kind that begin with some hexadecimal digits."""
    first = uuid.UUID(hex=digits.ljust(_ID_DIGITS, "0"))
    last = uuid.UUID(hex=digits.ljust(_ID_DIGITS, "f"))
    query = select(kind.public_id).where(kind.public_id.between(first, last)).limit(limit)
    return list(session.scalars(query))
