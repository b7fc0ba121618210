from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest

from tests.unit.rollout.cable_route_oracle import Walker
from wlantrack.rollout.cable_routes import (
    MissingPiece,
    NoWay,
    RouteLine,
    RouteNetwork,
    RunEnd,
    Slack,
    Storey,
    Stretch,
    Way,
)

GROUND, FIRST, SECOND = Storey(0, 0.0, 3.3), Storey(1, 3.5, 3.3), Storey(2, 7.0, 3.3)
STOREYS = (GROUND, FIRST, SECOND)  # trays hang 3.0 m above each floor
NO_SLACK = Slack(0.0, 0.0)
CABINET = RunEnd("RH-EV0.1", 0, 0.0, 1.0, 2.0)
POINT = RunEnd("RH-0-AP-01", 0, 12.0, -2.0, 2.8)
TRAY = RouteLine("T1", "tray", 0, ((0.0, 0.0), (20.0, 0.0)))
RISER = RouteLine("R1", "riser", 0, ((20.0, 0.0),), upper_level=2)


def find_way(*routes: RouteLine, start: RunEnd = CABINET, goal: RunEnd = POINT) -> Way | NoWay:
    return RouteNetwork(STOREYS, routes).find_way(start, goal, NO_SLACK)


def way(*routes: RouteLine, start: RunEnd = CABINET, goal: RunEnd = POINT) -> Way:
    found = find_way(*routes, start=start, goal=goal)
    assert isinstance(found, Way)
    return found


def no_way(*routes: RouteLine, start: RunEnd = CABINET, goal: RunEnd = POINT) -> NoWay:
    found = find_way(*routes, start=start, goal=goal)
    assert isinstance(found, NoWay)
    return found


def test_a_run_goes_up_to_the_tray_along_it_and_down_again() -> None:
    found = way(TRAY)

    assert found.in_line_m == pytest.approx(1.0 + 12.0 + 2.0)
    assert found.drops_m == pytest.approx(1.0 + 0.2)
    assert found.routes == ("T1",)
    assert found.stretches == (Stretch(0, ((0, 1), (0, 0), (12, 0), (12, -2))),)


def test_slack_is_a_share_of_the_way_and_a_loop_at_each_end() -> None:
    found = RouteNetwork(STOREYS, [TRAY]).find_way(CABINET, POINT, Slack(0.1, 2.0))

    assert isinstance(found, Way)
    assert found.slack_m == pytest.approx(1.62 + 4.0)
    assert found.length_m == pytest.approx(16.2 + 5.62)


@pytest.mark.parametrize(
    ("second", "in_line_m"),
    [
        (RouteLine("T2", "tray", 0, ((12.0, 5.0), (12.0, -5.0))), 1.0 + 12.0 + 2.0),  # crosses
        (RouteLine("T2", "tray", 0, ((12.0, -0.25), (12.0, -5.0))), 1.0 + 12.0 + 2.0),  # near
        (RouteLine("T2", "tray", 0, ((5.0, 0.0), (5.0, -2.0), (12.0, -2.0))), 1 + 5 + 2 + 7.0),
    ],
)
def test_routes_meet_where_they_cross_or_where_an_end_is_near(
    second: RouteLine, in_line_m: float
) -> None:
    found = way(TRAY, second)

    assert found.in_line_m == pytest.approx(in_line_m)
    assert found.routes == ("T1", "T2")


def test_a_tray_and_a_duct_meet_by_the_height_between_them() -> None:
    duct = RouteLine("D1", "duct", 0, ((12.0, 0.0), (12.0, -2.0)))

    found = way(TRAY, duct, goal=replace(POINT, height_m=0.3))

    assert found.in_line_m == pytest.approx(1.0 + 12.0 + 2.7 + 2.0)
    assert found.drops_m == pytest.approx(1.0)


def test_a_riser_joins_the_trays_of_all_storeys_that_it_passes() -> None:
    above = RouteLine("T2", "tray", 1, ((20.2, 0.0), (20.2, 10.0)))
    goal = RunEnd("RH-1-AP-01", 1, 20.2, 8.0, 2.8)

    found = way(TRAY, RISER, above, goal=goal)

    assert found.in_line_m == pytest.approx(1.0 + 20.0 + 3.5 + 0.2 + 8.0)
    assert found.routes == ("T1", "R1", "T2")
    assert [stretch.level for stretch in found.stretches] == [0, 1]
    assert found.stretches[1].points == ((20, 0), (20.2, 0), (20.2, 8))


def test_risers_above_one_another_are_joined() -> None:
    low, high = replace(RISER, upper_level=1), replace(RISER, key="R2", level=1)
    goal = RunEnd("RH-2-AP-01", 2, 21.0, 0.0, 3.0)

    assert way(TRAY, low, high, goal=goal).in_line_m == pytest.approx(1 + 20 + 7 + 1)


def test_a_ring_is_walked_the_shorter_way_round() -> None:
    ring = RouteLine("T1", "tray", 0, ((0, 0), (10, 0), (10, 10), (0, 10), (0, 0)))
    goal = RunEnd("RH-0-AP-02", 0, 0.0, 4.0, 3.0)

    found = way(ring, start=replace(CABINET, x_m=1, y_m=0), goal=goal)

    assert found.in_line_m == pytest.approx(5)
    assert found.stretches[0].points == ((1, 0), (0, 0), (0, 4))


def test_a_way_keeps_its_corners() -> None:
    bent = RouteLine("T1", "tray", 0, ((0.0, 0.0), (6.0, 0.0), (6.0, -2.0), (12.0, -2.0)))

    assert way(bent).stretches[0].points == ((0, 1), (0, 0), (6, 0), (6, -2), (12, -2))


def test_a_level_without_routes_is_named() -> None:
    found = no_way(TRAY, goal=replace(POINT, level=1))

    assert str(found.message) == "No route is drawn on the level of RH-0-AP-01."
    assert found.missing is None


def test_an_end_far_from_every_route_is_named_with_what_to_draw() -> None:
    found = no_way(TRAY, goal=replace(POINT, y_m=-16.0))

    assert str(found.message) == (
        "RH-0-AP-01 is 16.0 m from the nearest route; at most 12 m are taken to be without a tray."
    )
    assert found.missing == MissingPiece(0, ((12.0, 0.0), (12.0, -16.0)))


def test_a_gap_between_routes_is_told_by_its_coordinates() -> None:
    apart = RouteLine("T2", "tray", 0, ((22.5, 0.0), (30.0, 0.0)))

    found = no_way(TRAY, apart, goal=replace(POINT, x_m=28.0))

    assert str(found.message) == (
        "The routes at RH-EV0.1 are not joined with those at RH-0-AP-01: on level 0 2.5 m are"
        " missing between x 20.0, y 0.0 and x 22.5, y 0.0."
    )
    assert found.missing == MissingPiece(0, ((20.0, 0.0), (22.5, 0.0)))


def test_a_missing_riser_is_told_by_its_levels() -> None:
    above = RouteLine("T2", "tray", 2, ((18.0, 0.0), (30.0, 0.0)))

    found = no_way(TRAY, above, goal=replace(POINT, level=2, x_m=28.0))

    assert "no riser leads from level 0 to level 2" in str(found.message)
    assert found.missing == MissingPiece(0, ((18.0, 0.0),), 2)


def make_building(dice: random.Random) -> tuple[list[Storey], list[RouteLine]]:
    """Draw trays with one corner on a grid of metres; some ends fall short by 20 cm."""
    storeys = [Storey(0, 0.0, 3.3), Storey(1, 3.5, 3.0), Storey(2, 7.0, 4.1)]
    kinds = {storey.level: dice.choice(("tray", "duct")) for storey in storeys}
    routes = []
    for number in range(dice.randint(3, 9)):
        level = dice.randint(0, 2)
        x1, x2 = dice.sample(range(9), 2)
        y1, y2 = dice.sample(range(9), 2)
        short = dice.choice((0.0, 0.2)) * (1 if x2 > x1 else -1)
        points = ((x1 + short, float(y1)), (float(x2), float(y1)), (float(x2), float(y2)))
        routes.append(RouteLine(f"T{number}", kinds[level], level, points))
    for number in range(dice.randint(1, 3)):
        low, high = dice.sample(range(3), 2)
        place = (float(dice.randint(0, 8)), float(dice.randint(0, 8)))
        routes.append(RouteLine(f"R{number}", "riser", low, (place,), upper_level=high))
    return storeys, routes


def throw_end(dice: random.Random, name: str) -> RunEnd:
    x_m, y_m = dice.randint(0, 8) + 0.3, dice.randint(0, 8) + 0.4
    return RunEnd(name, dice.randint(0, 2), x_m, y_m, dice.choice((0.3, 1.5, 2.8)))


def test_ways_are_as_long_as_those_found_by_walking_every_decimetre() -> None:
    dice, ways = random.Random(5), 0  # noqa: S311 - dice of a test
    for _ in range(80):
        storeys, routes = make_building(dice)
        network, walker = RouteNetwork(storeys, routes), Walker(storeys, routes)
        for _ in range(3):
            start, goal = throw_end(dice, "start"), throw_end(dice, "goal")
            found = network.find_way(start, goal, NO_SLACK)
            length_m = found.length_m if isinstance(found, Way) else None
            assert length_m == pytest.approx(walker.measure(start, goal), abs=1e-6)
            ways += length_m is not None
    assert ways > 60


def test_no_way_is_shorter_than_the_straight_line_or_longer_than_its_picture() -> None:
    dice, count = random.Random(7), 0  # noqa: S311 - dice of a test
    for _ in range(150):
        storeys, routes = make_building(dice)
        start, goal = throw_end(dice, "start"), throw_end(dice, "goal")
        found = RouteNetwork(storeys, routes).find_way(start, goal, NO_SLACK)
        if not isinstance(found, Way):
            continue
        count += 1
        base = {storey.level: storey.elevation_m for storey in storeys}
        ends = [(end.x_m, end.y_m, base[end.level] + end.height_m) for end in (start, goal)]
        assert found.length_m >= math.dist(*ends) - 1e-9
        drawn_m = sum(
            math.dist(one, two)
            for stretch in found.stretches
            for one, two in zip(stretch.points, stretch.points[1:], strict=False)
        )
        assert drawn_m <= found.in_line_m + 1e-9
        assert found.stretches[0].points[0] == start.place
        assert found.stretches[-1].points[-1] == goal.place
    assert count > 40
