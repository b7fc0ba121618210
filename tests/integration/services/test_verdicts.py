"""What is asked of a floor and whether it is met: by zones, by rooms, by networks, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from tests.factories.access_points import add_access_point
from tests.factories.demand import add_zone, find_profile, find_requirement
from tests.factories.people import make_actor
from tests.factories.places import House, add_room
from tests.factories.walls import add_material, add_wall
from wlantrack.maps.legend import Verdict
from wlantrack.services import building_verdicts, coverage, places, verdicts
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.verdicts import FloorVerdicts

WEST, EAST = shapely.box(1, 1, 19, 19), shapely.box(21, 1, 39, 19)


@pytest.fixture
def floor(session: Session, house: House) -> House:
    """Give the house with a wall of 60 dB at x = 20 m and an access point in the west."""
    add_wall(session, house.ground, material=add_material(session, "lead", 60.0))
    add_access_point(session, house.ground, "AP-1", x_m=10.0, y_m=10.0)
    session.commit()
    return house


def judge(session: Session, actor: Actor = SYSTEM, counts: str = "planned") -> FloorVerdicts:
    place = places.find_floor(session, actor, "RH/0")
    cache = ResultCache()
    predicted = coverage.predict_floor(session, actor, place.floor, counts, cache)
    return verdicts.judge_floor(session, actor, place.floor, predicted, cache)


def told(judged: FloorVerdicts) -> list[tuple[str, str, str, str]]:
    return [
        (item.demand.kind, item.demand.code, item.demand.asked.network_class, item.key)
        for item in judged.everything
    ]


def test_rooms_for_conferences_ask_for_voice_without_a_zone(session: Session, floor: House) -> None:
    add_room(session, floor.ground, "W", use="meeting", outline=WEST)
    add_room(session, floor.ground, "E", use="council", outline=EAST)
    add_room(session, floor.ground, "O", use="office", outline=WEST)
    add_room(
        session, floor.ground, "N", use="office", conference_equipment="ordered", is_public=True
    )
    judged = judge(session)

    # One access point is no second one to roam to: the west has its signal only.
    assert told(judged) == [
        ("room", "E", "internal", "fails"),
        ("room", "E", "visitor", "fails"),
        ("room", "W", "internal", "primary"),
        ("room", "N", "internal", "unknown"),
        ("room", "N", "visitor", "unknown"),
    ]
    worst = judged.rooms[0]
    assert worst.demand.requirement_name == "Voice and video"
    assert worst.verdict.failing_m2 == pytest.approx(18 * 18)
    assert judged.classes == ("visitor", "internal")


def test_a_zone_takes_the_place_of_what_a_room_asks_by_itself(
    session: Session, floor: House
) -> None:
    add_room(session, floor.ground, "W", use="meeting", outline=WEST)
    requirement = find_requirement(session, "basic")
    requirement.secondary_dbm = None
    add_zone(session, floor.ground, "Z1", network_class="internal", requirement=requirement)
    add_zone(session, floor.ground, "Z2", outline=shapely.union(WEST, EAST))
    session.commit()

    assert told(judge(session)) == [
        ("zone", "Z2", "visitor", "fails"),
        ("zone", "Z1", "internal", "meets"),
        ("room", "W", "internal", "meets"),
        ("room", "W", "visitor", "meets"),
    ]


def test_layers_show_the_worst_where_areas_overlap_and_nothing_elsewhere(
    session: Session, floor: House
) -> None:
    add_zone(session, floor.ground, "Z1", outline=WEST)
    add_zone(session, floor.ground, "Z2", outline=shapely.box(1, 1, 10, 19), band="6",
             client_profile_id=find_profile(session, "phone").id)  # fmt: skip
    session.commit()
    judged = judge(session)

    layer = judged.layers["visitor"]
    counts = {
        Verdict(int(key)): int(n)
        for key, n in zip(*np.unique(layer, return_counts=True), strict=True)
    }
    assert counts[Verdict.FAILS] == 9 * 18 * 4  # the phone has no 6 GHz
    assert counts[Verdict.PRIMARY_ONLY] == 9 * 18 * 4
    assert judged.failing["visitor"].area == pytest.approx(9 * 18)
    assert Verdict.UNKNOWN in counts


def test_what_a_device_hears_less_counts(session: Session, floor: House) -> None:
    requirement = find_requirement(session, "basic")
    requirement.signal_dbm, requirement.secondary_dbm, requirement.snr_db = -50.0, None, None
    phone = find_profile(session, "phone")
    add_zone(session, floor.ground, "A", outline=WEST, requirement=requirement)
    add_zone(
        session,
        floor.ground,
        "B",
        outline=WEST,
        requirement=requirement,
        client_profile_id=phone.id,
    )
    session.commit()
    by_code = {item.demand.code: item.verdict for item in judge(session).zones}

    assert by_code["A"].worst_dbm == pytest.approx((by_code["B"].worst_dbm or 0) + 7.0)
    assert (by_code["A"].pass_share or 0) > (by_code["B"].pass_share or 0)


def test_a_floor_of_which_nothing_is_asked_is_judged_as_a_whole(
    session: Session, floor: House
) -> None:
    add_room(session, floor.ground, "O", use="office", outline=EAST)
    session.commit()

    assert told(judge(session)) == [("floor", "RH/0", "internal", "fails")]
    facility = make_actor("facility")
    assert told(judge(session, facility)) == [("floor", "RH/0", "visitor", "fails")]
    assert told(judge(session, make_actor("viewer"))) == []


def test_a_council_member_sees_no_verdict_of_internal_networks(
    session: Session, floor: House
) -> None:
    add_room(session, floor.ground, "W", use="council", outline=WEST, is_public=True)
    add_zone(session, floor.ground, "Z1", outline=WEST, network_class="internal")
    session.commit()
    judged = judge(session, make_actor("viewer"))

    assert told(judged) == [("room", "W", "visitor", "fails")]  # only planned so far
    assert set(judged.layers) == {"visitor"}


def test_only_what_is_live_counts_if_that_is_asked(session: Session, floor: House) -> None:
    add_room(session, floor.ground, "W", use="meeting", outline=WEST)
    session.commit()

    assert judge(session).rooms[0].key == "primary"
    assert judge(session, counts="live").rooms[0].key == "fails"


def test_a_changed_requirement_is_judged_anew(session: Session, floor: House) -> None:
    cache = ResultCache()
    add_zone(session, floor.ground, "Z1", outline=WEST)
    session.commit()

    def look() -> FloorVerdicts:
        place = places.find_floor(session, SYSTEM, "RH/0")
        predicted = coverage.predict_floor(session, SYSTEM, place.floor, "planned", cache)
        return verdicts.judge_floor(session, SYSTEM, place.floor, predicted, cache)

    before = look()
    assert look() is before
    find_requirement(session, "basic").secondary_dbm = None
    session.commit()
    after = look()
    assert (before.zones[0].key, after.zones[0].key) == ("primary", "meets")
    assert after.key != before.key


def test_each_wing_of_the_matrix_has_the_verdict_of_its_part_of_a_zone(
    session: Session, floor: House
) -> None:
    requirement = find_requirement(session, "basic")
    requirement.secondary_dbm = None
    add_room(session, floor.ground, "E", use="meeting", outline=EAST, wing_id=floor.east.id)
    add_zone(session, floor.ground, "D", outline=shapely.box(1, 1, 37, 19), requirement=requirement)
    add_zone(session, floor.ground, "R", network_class="internal", requirement=requirement)
    add_zone(session, floor.ground, "N", network_class="internal", room_use="storage")
    session.commit()
    building = places.find_building(session, SYSTEM, "RH")

    cells = building_verdicts.judge_cells(session, SYSTEM, building, "planned", ResultCache())

    marks = {place: [(m.network_class, m.verdict) for m in cells[place]] for place in cells}
    assert marks == {
        (floor.ground.id, floor.west.id): [("visitor", "meets")],
        (floor.ground.id, floor.east.id): [("visitor", "fails"), ("internal", "fails")],
    }
