"""Which access points send which networks: records in, the rules of ``networks.on_air`` applied.

Decides that an SSID which is only planned counts where planned access points do, and that nobody is
shown a class in a place where it is out of sight.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.networks.on_air import Network, PlaceKind, Scope, Spot, carried_bands, find_ruling
from wlantrack.services import network_sight, networks, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import on_air as queries
from wlantrack.store.queries.on_air import AirFilter

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.networks import Ssid, SsidScope
    from wlantrack.store.queries.on_air import AirRow, FloorCount
    from wlantrack.store.queries.paging import Page
    from wlantrack.store.queries.scopes import Reach

__all__ = ["AirFilter"]

STATES = {"planned": frozenset({"planned", "on air"}), "live": frozenset({"on air"})}
"""What a map may count, and the states of SSIDs that belong to it."""

_BAND_FIELDS = (("2.4", "is_on_24"), ("5", "is_on_5"), ("6", "is_on_6"))


@dataclass(frozen=True)
class Carried:
    """An SSID that an access point sends, on which bands, and the kind of scope that decided."""

    ssid: Ssid
    bands: tuple[str, ...]
    because_of: PlaceKind


@dataclass(frozen=True)
class AirPoint:
    """An access point of the list with the SSIDs it sends."""

    row: AirRow
    carried: tuple[Carried, ...]

    @property
    def public_id(self) -> uuid.UUID:
        """Give the access point's id outside."""
        return self.row.public_id

    @property
    def code(self) -> str:
        """Give the access point's code."""
        return self.row.code


def to_network(ssid: Ssid, *, is_retired: bool | None = None) -> Network:
    """Give an SSID, loaded with its scopes, as the rules see it; False looks past its end."""
    return Network(
        ssid.id,
        ssid.network_class,
        bands_of(ssid),
        tuple(_to_scope(scope) for scope in ssid.scopes),
        is_retired=ssid.state == "retired" if is_retired is None else is_retired,
    )


def bands_of(ssid: Ssid) -> frozenset[str]:
    """Give the keys of the bands an SSID is meant for."""
    return frozenset(band for band, field in _BAND_FIELDS if getattr(ssid, field))


def _to_scope(scope: SsidScope) -> Scope:
    for kind in PlaceKind:
        place_id = getattr(scope, f"{kind.value}_id")
        if place_id is not None:
            return Scope(kind, place_id, scope.is_excluded)
    message = "a scope names one place"
    raise ValueError(message)


def list_carried(session: Session, actor: Actor, point: AccessPoint) -> list[Carried]:
    """Give the SSIDs that an access point sends, as far as the actor may see their classes."""
    classes = network_sight.classes_at(actor, point.floor.building_id, point.wing_id)
    ssids = network_queries.list_for_resolution(session, classes)
    spot = queries.load_spots(session, point_ids=[point.id])[point.code]
    return _resolve([(ssid, to_network(ssid)) for ssid in ssids], spot)


def _resolve(ssids: Iterable[tuple[Ssid, Network]], spot: Spot) -> list[Carried]:
    carried = []
    for ssid, network in ssids:
        bands, ruling = carried_bands(network, spot), find_ruling(network, spot)
        if bands and ruling is not None:
            shown = tuple(band for band, _ in _BAND_FIELDS if band in bands)
            carried.append(Carried(ssid, shown, ruling.kind))
    return carried


def list_points(
    session: Session,
    actor: Actor,
    narrow: AirFilter,
    page: Page,
    *,
    ssid: Ssid | None = None,
    network_class: str = "",
) -> tuple[list[AirPoint], int]:
    """Give one page of the access points in scope with what they send, and how many match.

    With ``ssid`` or ``network_class`` only those which send it.
    """
    actor.require_somewhere(Action.SEE_NETWORKS)
    classes = network_sight.visible_classes(actor)
    found = network_queries.list_for_resolution(session, classes)
    scopes: Reach = public_sight.reach_of(actor, Action.SEE_ACCESS_POINTS)
    senders = None
    if ssid is not None:
        scopes, senders = networks.reach_of(actor, ssid.network_class), [ssid]
    elif network_class:
        scopes = networks.reach_of(actor, network_class)
        senders = [other for other in found if other.network_class == network_class]
    wanted = None if senders is None else [to_network(sender) for sender in senders]
    rows, total = queries.list_air_rows(session, scopes, narrow, wanted, page)
    spots = queries.load_spots(session, point_ids=[row.id for row in rows])
    pairs = [(other, to_network(other)) for other in found]
    points = []
    for row in rows:
        seen = network_sight.classes_at(actor, row.building_id, row.wing_id)
        visible = [pair for pair in pairs if pair[0].network_class in seen]
        points.append(AirPoint(row, tuple(_resolve(visible, spots[row.code]))))
    return points, total


def count_points(session: Session, actor: Actor, ssid_ids: Collection[int]) -> dict[int, int]:
    """Count the access points that send each of some SSIDs, by the SSID's id."""
    found = network_queries.list_for_resolution(session, network_sight.visible_classes(actor))
    wanted = [ssid for ssid in found if ssid.id in ssid_ids]
    counts = queries.count_on_air(
        session,
        [to_network(ssid) for ssid in wanted],
        [networks.reach_of(actor, ssid.network_class) for ssid in wanted],
    )
    return {ssid.id: count for ssid, count in zip(wanted, counts, strict=True)}


def count_by_floor(session: Session, actor: Actor, ssid: Ssid) -> list[FloorCount]:
    """Count the access points that send an SSID on each floor in scope."""
    reach = networks.reach_of(actor, ssid.network_class)
    return queries.count_by_floor(session, to_network(ssid), reach)


def find_senders(
    session: Session, actor: Actor, floor_ids: Sequence[int], network_class: str, counts: str
) -> dict[str, frozenset[str]]:
    """Give the access points of floors that send any SSID of a class: their codes and the bands.

    Parameters
    ----------
    counts
        ``planned`` or ``live``.
    """
    sent = [
        to_network(ssid)
        for ssid in network_queries.list_for_resolution(session, [network_class])
        if ssid.state in STATES[counts]
    ]
    action, senders = network_sight.action_for(network_class), {}
    for code, spot in queries.load_spots(session, floor_ids=floor_ids).items():
        bands = frozenset[str]().union(*(carried_bands(network, spot) for network in sent))
        if bands and actor.can(action, spot.building_id, spot.wing_id):
            senders[code] = bands
    return senders
