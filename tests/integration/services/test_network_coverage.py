"""Coverage per class of networks: only what its SSIDs reach, and only for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.networks import add_scope, add_ssid, add_vlan
from tests.factories.people import make_actor
from tests.factories.places import House, add_room
from wlantrack.errors import InvalidInput, NotFound
from wlantrack.services import coverage, network_coverage, places, ssids
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.coverage import Target
from wlantrack.services.network_coverage import Shown
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import FloorCoverage
    from wlantrack.store.models.networks import Ssid

CELL_M = 1.0


class CountingCache(ResultCache):
    """A cache that counts what had to be computed."""

    computed = 0

    def keep(self, key: str, layer: coverage.Raster) -> None:
        self.computed += 1
        super().keep(key, layer)


@pytest.fixture
def guest(session: Session, house: House) -> Ssid:
    """Give a visitor SSID in the west at 5 GHz; an internal one is over the whole house."""
    add_room(session, house.ground, "W", outline=shapely.box(0, 0, 20, 20))
    west, east = house.west, house.east
    add_access_point(session, house.ground, "AP-W", wing_id=west.id, wing=west)
    add_access_point(session, house.ground, "AP-E", wing_id=east.id, wing=east, x_m=30.0)
    add_access_point(session, house.first, "AP-1", wing_id=west.id, wing=west)
    staff = add_ssid(session, add_vlan(session, "ST", network_class="internal"), "staff")
    add_scope(session, staff, building_id=house.building.id)
    ssid = add_ssid(session, add_vlan(session), "guest", is_on_24=False)
    add_scope(session, ssid, wing_id=west.id)
    session.commit()
    return ssid


def predict(
    session: Session,
    network: str = "visitor",
    actor: Actor = SYSTEM,
    cache: ResultCache | None = None,
    counts: str = "planned",
) -> FloorCoverage:
    floor = places.find_floor(session, actor, "RH/0").floor
    shown = Shown(counts, network)
    return network_coverage.predict_shown(
        session, actor, floor, shown, cache or ResultCache(), CELL_M
    )


def names_of(predicted: FloorCoverage) -> list[str]:
    return [transmitter.id for transmitter in predicted.coverage.scene.transmitters]


@pytest.mark.usefixtures("guest")
def test_only_senders_of_the_class_count_band_by_band(session: Session) -> None:
    everything, visitors = predict(session, ""), predict(session)

    assert names_of(everything) == ["AP-1", "AP-E", "AP-W"]
    assert names_of(visitors) == ["AP-1", "AP-W"]
    assert visitors.floor_scene.codes == {"AP-W"}
    levels = visitors.coverage.rssi_dbm
    assert np.isnan(levels[:, [0, 2]]).all()
    assert np.array_equal(levels[:, 1], everything.coverage.rssi_dbm[[0, 2], 1])
    assert visitors.coverage.grid == everything.coverage.grid


@pytest.mark.usefixtures("guest")
def test_the_kept_layers_stay_whole(session: Session) -> None:
    cache = ResultCache()
    before = predict(session, "", cache=cache).coverage.rssi_dbm.copy()
    predict(session, cache=cache)
    assert np.array_equal(
        predict(session, "", cache=cache).coverage.rssi_dbm, before, equal_nan=True
    )


@pytest.mark.usefixtures("guest")
def test_another_class_computes_nothing_anew(session: Session) -> None:
    cache = CountingCache()
    predict(session, "", cache=cache)
    predict(session, "visitor", cache=cache)
    predict(session, "internal", cache=cache)
    assert cache.computed == 3


def test_every_change_of_ssids_and_scopes_changes_the_key(
    session: Session, guest: Ssid, house: House
) -> None:
    cache = ResultCache()
    keys = [
        predict(session, "", cache=cache).key,
        predict(session, cache=cache).key,
        predict(session, "internal", cache=cache).key,
    ]
    add_scope(session, guest, floor_id=house.ground.id)
    session.commit()
    keys.append(predict(session, cache=cache).key)
    guest.is_on_6 = True
    session.commit()
    keys.append(predict(session, cache=cache).key)
    guest.state = "retired"
    session.commit()
    keys.append(predict(session, cache=cache).key)
    assert len(set(keys)) == len(keys)
    assert names_of(predict(session, cache=cache)) == []


def test_a_planned_ssid_does_not_count_as_live(session: Session, guest: Ssid) -> None:
    guest.state = "planned"
    session.commit()
    assert names_of(predict(session)) == ["AP-1", "AP-W"]
    assert names_of(predict(session, counts="live")) == []


@pytest.mark.usefixtures("guest")
def test_a_floor_without_any_sender_has_no_level_at_all(session: Session) -> None:
    predicted = predict(session, "critical")
    floor = places.find_floor(session, SYSTEM, "RH/0").floor
    report = coverage.report_floor(session, SYSTEM, floor, predicted, Target("5"), ResultCache())

    assert (report.network, report.whole.pass_share, report.whole.median_dbm) == (
        "critical",
        0.0,
        None,
    )


@pytest.mark.usefixtures("guest")
def test_a_class_out_of_sight_is_not_found(session: Session) -> None:
    viewer = make_actor("facility")
    floor = places.find_floor(session, viewer, "RH/0").floor

    assert network_coverage.choices_on(viewer, floor) == ("visitor",)
    assert names_of(predict(session, "visitor", viewer)) == ["AP-1", "AP-W"]
    for network in ("internal", "management", "building", "critical"):
        with pytest.raises(NotFound):
            predict(session, network, viewer)
    with pytest.raises(InvalidInput):
        predict(session, "nonsense")


@pytest.mark.usefixtures("guest")
def test_a_class_seen_in_one_wing_shows_that_wings_senders_only(
    session: Session, house: House
) -> None:
    scope = Scope(house.building.id, house.west.id)
    mixed = Actor("mixed", grants=(("facility", Scope()), ("planner", scope)))

    assert names_of(predict(session, "", mixed)) == ["AP-1", "AP-E", "AP-W"]
    assert names_of(predict(session, "internal", mixed)) == ["AP-1", "AP-W"]
    assert names_of(predict(session, "internal")) == ["AP-1", "AP-E", "AP-W"]


def test_what_was_predicted_for_one_reader_is_not_shown_to_another(
    session: Session, guest: Ssid
) -> None:
    cache = ResultCache()
    predict(session, "internal", cache=cache)
    with pytest.raises(NotFound):
        predict(session, "internal", make_actor("facility"), cache)
    assert ssids.find_ssid(session, make_actor("facility"), guest.code) is guest
