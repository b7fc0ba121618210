"""Where a network is on air: which access points send its name, and on which bands.

Decides how scopes are read: the narrowest that speaks wins, a wing and a floor are equally narrow,
and of equally narrow ones an exclusion wins. Refuses to know how scopes are stored or edited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class PlaceKind(StrEnum):
    """What a scope can name."""

    BUILDING = "building"
    WING = "wing"
    FLOOR = "floor"
    ACCESS_POINT = "access_point"


_NARROWEST_FIRST = (
    (PlaceKind.ACCESS_POINT,),
    (PlaceKind.WING, PlaceKind.FLOOR),
    (PlaceKind.BUILDING,),
)


@dataclass(frozen=True)
class Scope:
    """A place where a network is on air, or with ``is_excluded`` is not.

    ``place_id`` names a building, wing, floor or access point, as ``kind`` says.
    """

    kind: PlaceKind
    place_id: int
    is_excluded: bool = False


@dataclass(frozen=True)
class Network:
    """A network name with its scopes; ``bands`` are the keys of those it is meant for."""

    id: int
    network_class: str
    bands: frozenset[str]
    scopes: tuple[Scope, ...] = ()
    is_retired: bool = False

    @cached_property
    def _scopes_by_place(self) -> dict[tuple[PlaceKind, int], list[Scope]]:
        by_place: dict[tuple[PlaceKind, int], list[Scope]] = {}
        for scope in self.scopes:
            by_place.setdefault((scope.kind, scope.place_id), []).append(scope)
        return by_place

    def find_scopes(self, kind: PlaceKind, place_id: int | None) -> list[Scope]:
        """Give the scopes that name a place; none for no place."""
        return [] if place_id is None else self._scopes_by_place.get((kind, place_id), [])


@dataclass(frozen=True)
class Spot:
    """An access point as scopes see it: where it stands, and the bands its radios send on."""

    access_point_id: int
    building_id: int
    floor_id: int
    wing_id: int | None = None
    bands: frozenset[str] = field(default_factory=frozenset)

    def place_id(self, kind: PlaceKind) -> int | None:
        """Give the building, wing, floor or access point that this spot belongs to."""
        return {
            PlaceKind.BUILDING: self.building_id,
            PlaceKind.WING: self.wing_id,
            PlaceKind.FLOOR: self.floor_id,
            PlaceKind.ACCESS_POINT: self.access_point_id,
        }[kind]


def find_ruling(network: Network, spot: Spot) -> Scope | None:
    """Give the scope that decides about an access point, None if none speaks of it."""
    for level in _NARROWEST_FIRST:
        speaking = [
            scope for kind in level for scope in network.find_scopes(kind, spot.place_id(kind))
        ]
        if speaking:
            return next((scope for scope in speaking if scope.is_excluded), speaking[0])
    return None


def carried_bands(network: Network, spot: Spot) -> frozenset[str]:
    """Give the bands on which an access point sends a network; none means it does not."""
    ruling = None if network.is_retired else find_ruling(network, spot)
    if ruling is None or ruling.is_excluded:
        return frozenset()
    return network.bands & spot.bands


def is_on_air(network: Network, spot: Spot) -> bool:
    """Tell whether an access point sends a network on any band."""
    return bool(carried_bands(network, spot))


def carried_by_class(networks: Iterable[Network], spot: Spot) -> dict[str, frozenset[str]]:
    """Give the bands on which an access point sends any network of a class, by class."""
    carried: dict[str, frozenset[str]] = {}
    for network in networks:
        bands = carried_bands(network, spot)
        if bands:
            carried[network.network_class] = carried.get(network.network_class, frozenset()) | bands
    return carried
