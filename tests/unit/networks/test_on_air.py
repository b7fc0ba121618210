from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wlantrack.networks.on_air import (
    Network,
    PlaceKind,
    Scope,
    Spot,
    carried_bands,
    carried_by_class,
    find_ruling,
    is_on_air,
)

BANDS: Final = frozenset({"2.4", "5", "6"})
SPOT = Spot(access_point_id=1, building_id=10, floor_id=20, wing_id=30, bands=BANDS)
BUILDING = Scope(PlaceKind.BUILDING, 10)
WING = Scope(PlaceKind.WING, 30)
FLOOR = Scope(PlaceKind.FLOOR, 20)
POINT = Scope(PlaceKind.ACCESS_POINT, 1)


def but(scope: Scope) -> Scope:
    return Scope(scope.kind, scope.place_id, is_excluded=True)


def network(*scopes: Scope, bands: frozenset[str] = BANDS, is_retired: bool = False) -> Network:
    return Network(1, "visitor", bands, scopes, is_retired=is_retired)


@pytest.mark.parametrize(
    ("scopes", "is_there"),
    [
        ((), False),
        ((BUILDING,), True),
        ((WING,), True),
        ((FLOOR,), True),
        ((POINT,), True),
        ((BUILDING, but(WING)), False),
        ((BUILDING, but(FLOOR)), False),
        ((but(BUILDING), WING), True),
        ((but(BUILDING), POINT), True),
        ((WING, but(FLOOR)), False),
        ((FLOOR, but(WING)), False),
        ((WING, FLOOR), True),
        ((BUILDING, but(WING), POINT), True),
        ((BUILDING, WING, FLOOR, but(POINT)), False),
        ((Scope(PlaceKind.BUILDING, 11),), False),
        ((Scope(PlaceKind.WING, 20), Scope(PlaceKind.FLOOR, 30)), False),
    ],
)
def test_the_narrowest_scope_that_speaks_wins(scopes: tuple[Scope, ...], *, is_there: bool) -> None:
    assert is_on_air(network(*scopes), SPOT) is is_there


def test_a_retired_network_is_nowhere() -> None:
    assert not is_on_air(network(BUILDING, POINT, is_retired=True), SPOT)


def test_a_wing_says_nothing_of_access_points_without_one() -> None:
    assert not is_on_air(network(WING), Spot(1, 10, 20, None, BANDS))


def test_bands_are_those_of_the_network_that_a_radio_sends_on() -> None:
    both = network(BUILDING, bands=frozenset({"5", "6"}))

    assert carried_bands(both, Spot(1, 10, 20, 30, frozenset({"2.4", "5"}))) == {"5"}
    assert not is_on_air(both, Spot(1, 10, 20, 30, frozenset({"2.4"})))
    assert not is_on_air(both, Spot(1, 10, 20, 30))


def test_the_ruling_is_the_scope_that_decided() -> None:
    assert find_ruling(network(BUILDING, but(FLOOR), WING), SPOT) == but(FLOOR)
    assert find_ruling(network(BUILDING), SPOT) == BUILDING
    assert find_ruling(network(), SPOT) is None


def test_classes_are_told_apart() -> None:
    networks = (
        Network(1, "visitor", frozenset({"2.4"}), (BUILDING,)),
        Network(2, "visitor", frozenset({"5"}), (FLOOR,)),
        Network(3, "internal", frozenset({"6"}), (WING,)),
        Network(4, "management", BANDS, (BUILDING, but(POINT))),
    )

    assert carried_by_class(networks, SPOT) == {"visitor": {"2.4", "5"}, "internal": {"6"}}


IDS = st.integers(1, 3)
SCOPES = st.lists(st.builds(Scope, st.sampled_from(PlaceKind), IDS, st.booleans()), max_size=12)
SPOTS = st.builds(
    Spot, IDS, IDS, IDS, st.none() | IDS, st.frozensets(st.sampled_from(sorted(BANDS)))
)
NETWORKS = st.builds(
    Network,
    IDS,
    st.just("visitor"),
    st.frozensets(st.sampled_from(sorted(BANDS))),
    SCOPES.map(tuple),
    st.booleans(),
)


def ask_naively(network: Network, spot: Spot) -> bool:
    """Walk from the widest scope to the narrowest, each overruling what was said before."""
    answer = False
    for kinds in (
        {PlaceKind.BUILDING: spot.building_id},
        {PlaceKind.WING: spot.wing_id, PlaceKind.FLOOR: spot.floor_id},
        {PlaceKind.ACCESS_POINT: spot.access_point_id},
    ):
        said = [s.is_excluded for s in network.scopes if kinds.get(s.kind, "none") == s.place_id]
        if said:
            answer = not any(said)
    return answer and not network.is_retired


@given(network=NETWORKS, spot=SPOTS)
def test_resolution_agrees_with_a_naive_walk(network: Network, spot: Spot) -> None:
    expected = network.bands & spot.bands if ask_naively(network, spot) else frozenset()

    assert carried_bands(network, spot) == expected


@given(network=NETWORKS, spot=SPOTS, data=st.data())
def test_the_order_of_scopes_does_not_matter(
    network: Network, spot: Spot, data: st.DataObject
) -> None:
    turned = Network(
        network.id,
        network.network_class,
        network.bands,
        tuple(data.draw(st.permutations(network.scopes))),
        network.is_retired,
    )

    assert carried_bands(turned, spot) == carried_bands(network, spot)


@given(network=NETWORKS, spot=SPOTS, is_excluded=st.booleans())
def test_a_scope_of_the_access_point_itself_always_decides(
    network: Network, spot: Spot, *, is_excluded: bool
) -> None:
    others = tuple(s for s in network.scopes if s.kind is not PlaceKind.ACCESS_POINT)
    own = Scope(PlaceKind.ACCESS_POINT, spot.access_point_id, is_excluded)

    found = carried_bands(Network(1, "visitor", BANDS, (*others, own)), spot)

    assert found == (frozenset() if is_excluded else spot.bands)
