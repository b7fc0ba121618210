"""Where SSIDs are on air: scopes are set by those who may, and lists say what the rules say."""

from __future__ import annotations

import itertools
import random
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point, find_model
from tests.factories.networks import add_scope, add_ssid, add_vlan
from tests.factories.people import make_actor
from tests.factories.places import House, add_building, add_floor
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.networks.on_air import is_on_air
from wlantrack.services import access_points, network_sight, networks, on_air, ssid_scopes, ssids
from wlantrack.services.actor import SYSTEM
from wlantrack.services.on_air import AirFilter
from wlantrack.services.paging import Page
from wlantrack.store.models.access_points import Radio
from wlantrack.store.models.networks import SsidScope
from wlantrack.store.queries import on_air as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network
    from wlantrack.services.actor import Actor
    from wlantrack.store.models.networks import Ssid


@pytest.fixture
def guest(session: Session, house: House) -> Ssid:
    """Give a visitor SSID and two access points, AP-W in the west wing and AP-E in the east."""
    add_access_point(session, house.ground, "AP-W", wing_id=house.west.id, wing=house.west)
    add_access_point(session, house.ground, "AP-E", wing_id=house.east.id, wing=house.east, x_m=30)
    ssid = add_ssid(session, add_vlan(session), "guest")
    session.commit()
    return ssid


def put(session: Session, kind: str, ref: str, *, is_excluded: bool = False) -> SsidScope:
    place = ssid_scopes.find_place(session, SYSTEM, ref, kind)
    return ssid_scopes.set_scope(session, SYSTEM, "guest", place, is_excluded=is_excluded)


def list_codes(session: Session, actor: Actor = SYSTEM, **wanted: object) -> list[str]:
    found = ssids.find_ssid(session, actor, "guest")
    points, _ = on_air.list_points(session, actor, AirFilter(), Page(), ssid=found, **wanted)  # type: ignore[arg-type]
    return [point.row.code for point in points]


def facts_of(network: Network) -> tuple[object, ...]:
    """Give all that the rules read of a network, in an order of its own."""
    scopes = sorted((scope.kind, scope.place_id, scope.is_excluded) for scope in network.scopes)
    return network.id, network.network_class, sorted(network.bands), network.is_retired, scopes


@pytest.mark.usefixtures("guest")
def test_an_ssid_is_put_on_air_place_by_place(session: Session) -> None:
    assert list_codes(session) == []
    put(session, "wing", "RH/WE")
    assert list_codes(session) == ["AP-W"]
    put(session, "building", "RH")
    assert list_codes(session) == ["AP-E", "AP-W"]
    put(session, "floor", "RH/0", is_excluded=True)
    assert list_codes(session) == []
    put(session, "access_point", "AP-E")
    assert list_codes(session) == ["AP-E"]


def test_the_same_place_twice_turns_its_scope_round(session: Session, guest: Ssid) -> None:
    first = put(session, "wing", "RH/WE")
    second = put(session, "wing", "RH/WE", is_excluded=True)
    assert first.public_id == second.public_id
    session.expire_all()
    found = ssids.find_ssid(session, SYSTEM, guest.code)
    scopes = ssid_scopes.list_scopes(SYSTEM, found)
    assert [(s.is_excluded, place.code) for s, place in scopes] == [(True, "RH/WE")]


@pytest.mark.parametrize(
    ("kind", "ref"),
    [
        ("building", "XX"),
        ("wing", "RH"),
        ("wing", "RH/XX"),
        ("floor", "RH/7"),
        ("floor", "RH/WE/0"),
        ("floor", "nonsense"),
        ("access_point", "AP-9"),
        ("access_point", ""),
    ],
)
@pytest.mark.usefixtures("guest")
def test_a_place_that_is_not_there_is_refused(session: Session, kind: str, ref: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        put(session, kind, ref)
    assert refusal.value.problems[0].field == "place"


@pytest.mark.usefixtures("guest")
def test_a_place_is_told_by_the_look_of_its_code(session: Session, house: House) -> None:
    found = {
        ref: ssid_scopes.find_place(session, SYSTEM, ref).kind
        for ref in ("RH", "RH/WE", "RH/0", "AP-W", str(house.building.public_id))
    }
    assert list(found.values()) == ["building", "wing", "floor", "access_point", "building"]
    assert ssid_scopes.list_choices(session, SYSTEM) == ["RH", "RH/0", "RH/1", "RH/EA", "RH/WE"]
    westerner = make_actor("planner", house.building.id, house.west.id)
    assert ssid_scopes.list_choices(session, westerner) == ["RH/WE"]


def test_a_retired_ssid_gets_no_scope(session: Session, guest: Ssid) -> None:
    guest.state = "retired"
    session.commit()
    with pytest.raises(InvalidInput, match="retired"):
        put(session, "building", "RH")


@pytest.mark.usefixtures("guest")
def test_a_removed_scope_leaves_the_wider_one_to_decide(session: Session) -> None:
    put(session, "building", "RH")
    narrow = put(session, "wing", "RH/WE", is_excluded=True)
    assert list_codes(session) == ["AP-E"]
    with pytest.raises(Conflict):
        ssid_scopes.remove_scope(session, SYSTEM, str(narrow.public_id), 7)
    ssid_scopes.remove_scope(session, SYSTEM, str(narrow.public_id), narrow.version)
    assert list_codes(session) == ["AP-E", "AP-W"]
    with pytest.raises(NotFound):
        ssid_scopes.remove_scope(session, SYSTEM, str(narrow.public_id), None)


@pytest.mark.usefixtures("guest")
def test_a_planner_of_a_wing_sets_scopes_in_that_wing_only(session: Session, house: House) -> None:
    westerner = make_actor("planner", house.building.id, house.west.id)
    wing = ssid_scopes.find_place(session, westerner, "RH/WE")
    ssid_scopes.set_scope(session, westerner, "guest", wing, is_excluded=False)
    for kind, ref in (("wing", "RH/EA"), ("floor", "RH/0"), ("building", "RH")):
        place = ssid_scopes.find_place(session, westerner, ref, kind)
        with pytest.raises(NotAllowed):
            ssid_scopes.set_scope(session, westerner, "guest", place, is_excluded=False)
    with pytest.raises(InvalidInput):
        ssid_scopes.find_place(session, westerner, "AP-E")
    with pytest.raises(NotAllowed):
        ssid_scopes.set_scope(session, make_actor("viewer"), "guest", wing, is_excluded=True)


@pytest.mark.usefixtures("guest")
def test_many_access_points_at_once_each_tell_their_outcome(session: Session) -> None:
    put(session, "access_point", "AP-W")
    rows = ssid_scopes.set_for_points(
        session, SYSTEM, "guest", ["AP-W", "AP-E", "AP-9"], is_excluded=False
    )
    assert [(row.code, row.outcome) for row in rows] == [
        ("AP-W", "unchanged"),
        ("AP-E", "done"),
        ("AP-9", "refused"),
    ]
    assert list_codes(session) == ["AP-E", "AP-W"]


def test_an_access_point_tells_what_it_sends_and_why(session: Session, guest: Ssid) -> None:
    guest.is_on_6, guest.is_on_24 = True, False
    put(session, "wing", "RH/WE")
    point = access_points.find_access_point(session, SYSTEM, "AP-W")
    point.radios[2].is_enabled = False
    session.commit()

    carried = on_air.list_carried(session, SYSTEM, point)

    assert [(c.ssid.code, c.bands, c.because_of.value) for c in carried] == [
        ("guest", ("5",), "wing")
    ]


def test_counts_and_lists_stay_within_what_an_actor_may_see(
    session: Session, guest: Ssid, house: House
) -> None:
    staff = add_ssid(session, add_vlan(session, "ST", network_class="internal"), "staff")
    for ssid in (guest, staff):
        add_scope(session, ssid, building_id=house.building.id)
    session.commit()
    westerner = make_actor("planner", house.building.id, house.west.id)
    both = {guest.id, staff.id}

    assert on_air.count_points(session, SYSTEM, both) == {guest.id: 2, staff.id: 2}
    assert on_air.count_points(session, westerner, both) == {guest.id: 1, staff.id: 1}
    assert on_air.count_points(session, make_actor("facility"), both) == {guest.id: 2}
    assert list_codes(session, westerner) == ["AP-W"]
    assert [c.points for c in on_air.count_by_floor(session, westerner, guest)] == [1]
    guide = make_actor("facility")
    points, total = on_air.list_points(
        session, guide, AirFilter(), Page(), network_class="internal"
    )
    assert (points, total) == ([], 0)
    points, _ = on_air.list_points(session, guide, AirFilter(words="AP-E"), Page())
    assert [[c.ssid.code for c in point.carried] for point in points] == [["guest"]]


def test_access_points_that_are_gone_are_on_air_no_more(session: Session, guest: Ssid) -> None:
    put(session, "building", "RH")
    access_points.find_access_point(session, SYSTEM, "AP-W").state = "lost"
    session.commit()

    assert list_codes(session) == ["AP-E"]
    assert on_air.count_points(session, SYSTEM, {guest.id}) == {guest.id: 1}


def test_senders_count_planned_ssids_only_where_planned_ones_count(
    session: Session, guest: Ssid, house: House
) -> None:
    put(session, "building", "RH")
    guest.state, guest.is_on_24 = "planned", False
    session.commit()
    floors = [house.ground.id]

    assert on_air.find_senders(session, SYSTEM, floors, "visitor", "planned") == {
        "AP-W": {"5"},
        "AP-E": {"5"},
    }
    assert on_air.find_senders(session, SYSTEM, floors, "visitor", "live") == {}
    assert on_air.find_senders(session, SYSTEM, floors, "internal", "planned") == {}


def test_lists_say_what_the_rules_say(session: Session, house: House) -> None:
    """Compare SQL with the pure rules over many SSIDs with random scopes."""
    chance = random.Random(7)  # noqa: S311 - no secret
    other = add_building(session, "KH")
    floors = [house.ground, house.first, add_floor(session, other)]
    model = find_model(session)
    for number, (floor, wing) in enumerate(
        itertools.product(floors, [house.west, house.east, None]), start=1
    ):
        radios = [
            Radio(slot=slot, band=band, is_enabled=chance.random() < 0.7)
            for slot, band in enumerate(("2.4", "5", "6"), start=1)
        ]
        wing_id = wing.id if wing is not None and floor is not floors[2] else None
        add_access_point(
            session, floor, f"AP-{number}", wing_id=wing_id, radios=radios, model=model
        )
    points = queries.load_spots(session)
    choices = [
        *({"building_id": b.id} for b in (house.building, other)),
        *({"wing_id": w.id} for w in (house.west, house.east)),
        *({"floor_id": f.id} for f in floors),
        *({"access_point_id": spot.access_point_id} for spot in points.values()),
    ]
    vlan = add_vlan(session)
    made = [
        add_ssid(
            session,
            vlan,
            f"S-{number}",
            state=chance.choice(["planned", "on air", "on air", "retired"]),
            is_on_24=chance.random() < 0.4,
            is_on_5=True,
            is_on_6=chance.random() < 0.4,
            scopes=[
                SsidScope(**place, is_excluded=chance.random() < 0.4)
                for place in chance.sample(choices, chance.randrange(len(choices)))
            ],
        )
        for number in range(60)
    ]
    session.commit()

    counts = on_air.count_points(session, SYSTEM, {ssid.id for ssid in made})
    for ssid in made:
        network = on_air.to_network(ssid)
        expected = [code for code, spot in points.items() if is_on_air(network, spot)]
        listed, total = on_air.list_points(session, SYSTEM, AirFilter(), Page(), ssid=ssid)
        assert [point.row.code for point in listed] == sorted(expected)
        assert total == counts[ssid.id] == len(expected)
    by_record = [on_air.to_network(ssid) for ssid in made if ssid.state != "planned"]
    in_one_go = queries.load_networks(session, vlan.network_class, {"on air", "retired"})
    assert sorted(map(facts_of, in_one_go)) == sorted(map(facts_of, by_record))
    assert len({*counts.values()}) > 4
    assert network_sight.visible_classes(SYSTEM) == networks.NETWORK_CLASSES
