"""Indoors by its record, but outside the walls: told, not refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point, find_model
from tests.factories.walls import add_wall
from wlantrack.errors import Problem
from wlantrack.services import access_points, tables
from wlantrack.services.access_points import AccessPointValues
from wlantrack.services.actor import SYSTEM
from wlantrack.services.point_places import list_place_warnings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House

CORNERS = ((2.0, 2.0), (22.0, 2.0), (22.0, 18.0), (2.0, 18.0))


@pytest.fixture
def walled(session: Session, house: House) -> House:
    """A house of 20 m x 16 m in the middle of its plan of 40 m x 20 m."""
    for first, second in zip(CORNERS, (*CORNERS[1:], CORNERS[0]), strict=True):
        add_wall(session, house.ground, (*first, *second))
    session.commit()
    return house


@pytest.mark.parametrize(
    ("x_m", "is_outdoor", "is_warned"),
    [
        (12.0, False, False),
        (22.3, False, False),  # on the outer wall
        (30.0, False, True),
        (30.0, True, False),
    ],
)
def test_an_indoor_access_point_outside_the_walls_is_placed_and_told(
    session: Session, walled: House, *, x_m: float, is_outdoor: bool, is_warned: bool
) -> None:
    del walled
    values = AccessPointValues(x_m, 10.0, find_model(session).public_id)
    point = access_points.place_access_point(
        session, SYSTEM, "RH/0", replace(values, is_outdoor=is_outdoor)
    )

    found = list_place_warnings(session, point)

    assert bool(found) is is_warned
    assert all("lies outside the walls" in str(problem.message) for problem in found)


def test_without_walls_nobody_knows_what_is_outside(session: Session, house: House) -> None:
    add_wall(session, house.ground, (2.0, 2.0, 22.0, 2.0))
    point = add_access_point(session, house.ground, "AP-1", x_m=30.0, y_m=10.0)

    assert list_place_warnings(session, point) == []


def test_the_preview_of_a_table_names_the_row_that_lies_outside(
    session: Session, walled: House
) -> None:
    add_access_point(session, walled.ground, "AP-0", x_m=30.0, y_m=10.0)
    session.commit()
    rows = ("AP-0;RH/0;30,0;10,0", "AP-1;RH/0;12,0;10,0", "AP-2;RH/0;31,5;10,0")
    model = find_model(session).code
    text = "\n".join(["code;floor;x_m;y_m;model", *(f"{row};{model}" for row in rows)])

    upload = tables.TableUpload("points.csv", text.encode())
    result = tables.import_table(session, SYSTEM, "access_points", upload, is_dry_run=True)

    # AP-0 stood there before: nothing about it is new.
    warnings = [warning for warning in result.warnings if isinstance(warning, Problem)]
    assert [(warning.row, warning.field) for warning in warnings] == [(3, "x_m")]
    assert "x 31.5 m, y 10 m lies outside" in str(warnings[0].message)
