"""Selects of access points by the networks they send.

``sends`` says in SQL, for lists of many, what :func:`wlantrack.networks.on_air.is_on_air` says of
one access point; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, case, false, func, not_, or_, select, true

from wlantrack.networks.on_air import Network, PlaceKind, Scope, Spot
from wlantrack.rollout.lifecycle import PLANNED_STATES
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.networks import Ssid, SsidScope
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries.access_points import in_scopes
from wlantrack.store.queries.paging import fetch_page

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns
    from wlantrack.store.queries.scopes import Reach as Scopes

_BANDS = ("2.4", "5", "6")

_PLACES: dict[PlaceKind, ColumnElement[int]] = {
    PlaceKind.BUILDING: func.coalesce(Floor.building_id, 0),
    # An access point without wing is in none: NULL would leave every comparison open.
    PlaceKind.WING: func.coalesce(AccessPoint.wing_id, 0),
    PlaceKind.FLOOR: func.coalesce(AccessPoint.floor_id, 0),
    PlaceKind.ACCESS_POINT: func.coalesce(AccessPoint.id, 0),
}


@dataclass(frozen=True)
class AirFilter:
    """What the list of access points on air is narrowed to; empty fields narrow nothing."""

    words: str = ""
    building: str = ""
    wing: str = ""
    level: int | None = None
    state: str = ""


@dataclass(frozen=True)
class AirRow:
    """One line of the list of access points on air."""

    id: int
    public_id: uuid.UUID
    code: str
    building: str
    building_id: int
    level: int
    floor_id: int
    floor_public_id: uuid.UUID
    wing: str | None
    wing_id: int | None
    state: str


@dataclass(frozen=True)
class FloorCount:
    """How many access points of a floor send a network."""

    building: str
    level: int
    floor_name: str
    floor_public_id: uuid.UUID
    points: int


SORTS: SortColumns = {
    "code": (AccessPoint.code,),
    "floor": (Building.code, Floor.level, AccessPoint.code),
    "wing": (Wing.code, AccessPoint.code),
    "state": (AccessPoint.state, AccessPoint.code),
}


def _named(network: Network, kind: PlaceKind, *, is_excluded: bool) -> ColumnElement[bool]:
    ids = [
        scope.place_id
        for scope in network.scopes
        if scope.kind is kind and scope.is_excluded is is_excluded
    ]
    return _PLACES[kind].in_(ids) if ids else false()


def sends(network: Network) -> ColumnElement[bool]:
    """Say whether an access point, joined with its floor, sends a network on any band."""
    if network.is_retired or not network.scopes:
        return false()
    is_ruled_in: ColumnElement[bool] = false()
    for level in (
        (PlaceKind.BUILDING,),
        (PlaceKind.WING, PlaceKind.FLOOR),
        (PlaceKind.ACCESS_POINT,),
    ):
        included = or_(*(_named(network, kind, is_excluded=False) for kind in level))
        excluded = or_(*(_named(network, kind, is_excluded=True) for kind in level))
        is_ruled_in = and_(not_(excluded), or_(included, is_ruled_in))
    carries = (
        select(Radio.id)
        .where(
            Radio.access_point_id == AccessPoint.id,
            Radio.is_enabled,
            Radio.band.in_(sorted(network.bands)),
        )
        .exists()
    )
    return and_(is_ruled_in, carries)


def load_networks(session: Session, network_class: str, states: Collection[str]) -> list[Network]:
    """Give the networks of a class in some states, as the rules see them.

    For answers about a whole city: it makes no records of scopes, of which there are thousands.
    """
    chosen = (Ssid.network_class == network_class, Ssid.state.in_(states))
    scopes: dict[int, list[Scope]] = {}
    columns = [getattr(SsidScope, f"{kind.value}_id") for kind in PlaceKind]
    rows = session.execute(
        select(SsidScope.ssid_id, SsidScope.is_excluded, *columns)
        .join(Ssid, Ssid.id == SsidScope.ssid_id)
        .where(*chosen)
    )
    for ssid_id, is_excluded, *place_ids in rows:
        named = zip(PlaceKind, place_ids, strict=True)
        kind, place_id = next(pair for pair in named if pair[1] is not None)
        scopes.setdefault(ssid_id, []).append(Scope(kind, place_id, is_excluded))
    ssids = session.execute(
        select(Ssid.id, Ssid.state, Ssid.is_on_24, Ssid.is_on_5, Ssid.is_on_6)
        .where(*chosen)
        .order_by(Ssid.code)
    )
    return [
        Network(
            ssid_id,
            network_class,
            frozenset(band for band, is_on in zip(_BANDS, is_on_band, strict=True) if is_on),
            tuple(scopes.get(ssid_id, ())),
            is_retired=state == "retired",
        )
        for ssid_id, state, *is_on_band in ssids
    ]


def load_spots(
    session: Session,
    *,
    floor_ids: Iterable[int] | None = None,
    point_ids: Iterable[int] | None = None,
) -> dict[str, Spot]:
    """Give access points as scopes see them, by code; of some floors, or some of them."""
    query = (
        select(
            AccessPoint.code,
            AccessPoint.id,
            Floor.building_id,
            AccessPoint.floor_id,
            AccessPoint.wing_id,
            Radio.band,
        )
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .outerjoin(Radio, and_(Radio.access_point_id == AccessPoint.id, Radio.is_enabled))
    )
    if floor_ids is not None:
        query = query.where(AccessPoint.floor_id.in_(tuple(floor_ids)))
    if point_ids is not None:
        query = query.where(AccessPoint.id.in_(tuple(point_ids)))
    places: dict[str, tuple[int, int, int, int | None]] = {}
    bands: dict[str, set[str]] = {}
    for code, point_id, building_id, floor_id, wing_id, band in session.execute(query):
        places[code] = (point_id, building_id, floor_id, wing_id)
        bands.setdefault(code, set()).update({band} if band else ())
    return {code: Spot(*place, frozenset(bands[code])) for code, place in places.items()}


def list_slots(session: Session) -> dict[tuple[int, str], list[int]]:
    """Give the slots of the radios that are on, by access point and band."""
    rows = session.execute(
        select(Radio.access_point_id, Radio.band, Radio.slot)
        .where(Radio.is_enabled)
        .order_by(Radio.access_point_id, Radio.slot)
    )
    slots: dict[tuple[int, str], list[int]] = {}
    for point_id, band, slot in rows:
        slots.setdefault((point_id, band), []).append(slot)
    return slots


def count_on_air(
    session: Session, networks: Sequence[Network], scopes: Sequence[Scopes]
) -> list[int]:
    """Count the access points that send each network, each within (building, wing) pairs."""
    if not networks:
        return []
    sums = [
        func.coalesce(func.sum(case((and_(sends(network), in_scopes(within)), 1), else_=0)), 0)
        for network, within in zip(networks, scopes, strict=True)
    ]
    row = session.execute(
        select(*sums)
        .select_from(AccessPoint)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(AccessPoint.state.in_(PLANNED_STATES))
    ).one()
    return [int(count) for count in row]


def count_by_floor(session: Session, network: Network, scopes: Scopes) -> list[FloorCount]:
    """Count the access points that send a network on each floor, by building and level."""
    rows = session.execute(
        select(
            Building.code,
            Floor.level,
            Floor.name,
            Floor.public_id,
            func.count(AccessPoint.id),
        )
        .select_from(AccessPoint)
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .where(sends(network), in_scopes(scopes), AccessPoint.state.in_(PLANNED_STATES))
        .group_by(Building.code, Floor.level, Floor.name, Floor.public_id)
        .order_by(Building.code, Floor.level)
    )
    return [FloorCount(*row) for row in rows]


def list_air_rows(
    session: Session,
    scopes: Scopes,
    narrow: AirFilter,
    networks: Sequence[Network] | None,
    page: Page,
) -> tuple[list[AirRow], int]:
    """Give one page of the access points that send any of some networks; None: whatever they do."""
    query = (
        select(
            AccessPoint.id,
            AccessPoint.public_id,
            AccessPoint.code,
            Building.code.label("building"),
            Floor.building_id,
            Floor.level,
            AccessPoint.floor_id,
            Floor.public_id.label("floor_public_id"),
            Wing.code.label("wing"),
            AccessPoint.wing_id,
            AccessPoint.state,
        )
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .join(Building, Building.id == Floor.building_id)
        .outerjoin(Wing, Wing.id == AccessPoint.wing_id)
        .where(
            in_scopes(scopes),
            true() if networks is None else or_(false(), *map(sends, networks)),
            AccessPoint.state.in_(PLANNED_STATES),
            *_matches(narrow),
        )
    )
    rows, total = fetch_page(session, query, SORTS, page)
    return [AirRow(**row) for row in rows], total


def _matches(narrow: AirFilter) -> list[ColumnElement[bool]]:
    conditions = [
        (narrow.building, Building.code == narrow.building),
        (narrow.wing, Wing.code == narrow.wing),
        (narrow.level is not None, Floor.level == narrow.level),
        (narrow.state, AccessPoint.state == narrow.state),
        (narrow.words, AccessPoint.code.icontains(narrow.words, autoescape=True)),
    ]
    return [condition for is_set, condition in conditions if is_set]
