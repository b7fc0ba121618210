"""A city full of buildings, floors, rooms and access points, made from a seed.

Rows go to the tables directly: the benchmark measures reading them, and its audit trail is nobody's.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import shapely
from sqlalchemy import func, insert, select

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.rollout.spoken_dates import Precision
from wlantrack.store.models.access_points import AccessPoint, AccessPointModel, Radio
from wlantrack.store.models.milestones import MILESTONE_KINDS, Milestone, PlanLink
from wlantrack.store.models.networks import Ssid, SsidScope
from wlantrack.store.models.places import Building, Floor, Room, Wing

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from wlantrack.store.models.base import Record
    from wlantrack.store.session import Database

CENTRE_M = (513_000.0, 5_403_000.0)
"""Near the middle of the demo's city, in the default storage CRS."""


MILESTONES_EACH = 6
"""Six for each of 200 buildings are 1,200."""


@dataclass(frozen=True)
class Portfolio:
    """How much of everything there is."""

    buildings: int
    floors_each: int = 4
    points_each: int = 25
    wings_each: int = 0
    seed: int = 1


def add_portfolio(database: Database, portfolio: Portfolio) -> None:
    """Add a portfolio to a database that has the standard catalogue.

    Networks that are there are sent in all of its buildings.
    """
    dice = random.Random(portfolio.seed)  # noqa: S311 - a benchmark's dice
    with database.engine.execution_options(writes=True).begin() as connection:
        model_ids = list(connection.scalars(select(AccessPointModel.id)))
        buildings = [_make_building(number, dice) for number in range(portfolio.buildings)]
        first = add_rows(connection, Building, buildings)
        wing_ids = _add_wings(connection, first, portfolio)
        scopes = [
            {"ssid_id": ssid_id, "building_id": first + number}
            for ssid_id in connection.scalars(select(Ssid.id))
            for number in range(portfolio.buildings)
        ]
        if scopes:
            add_rows(connection, SsidScope, scopes)
        floors: list[dict[str, Any]] = [
            {"building_id": first + number, "level": level, "name": f"{level}. OG"}
            for number in range(portfolio.buildings)
            for level in range(portfolio.floors_each)
        ]
        first = add_rows(connection, Floor, floors)
        rooms = [
            {
                "floor_id": first + number,
                "number": f"{floor['level']}{room:02d}",
                "wing_id": _choose_wing(wing_ids.get(floor["building_id"]), room),
            }
            for number, floor in enumerate(floors)
            for room in range(10)
        ]
        first_room = add_rows(connection, Room, rooms)
        points = [
            {
                **_make_point(first + number, first_room + 10 * number, index, model_ids, dice),
                "wing_id": _choose_wing(wing_ids.get(floor["building_id"]), index),
            }
            for number, floor in enumerate(floors)
            for index in range(portfolio.points_each)
        ]
        first_point = add_rows(connection, AccessPoint, points)
        radios = [
            {"access_point_id": first_point + number, "slot": slot, "band": band}
            for number in range(len(points))
            for slot, band in enumerate(("2.4", "5"), start=1)
        ]
        add_rows(connection, Radio, radios)


def _add_wings(
    connection: Connection, first_building: int, portfolio: Portfolio
) -> dict[int, list[int]]:
    """Add wings to every building; gives their ids by building."""
    if not portfolio.wings_each:
        return {}
    rows = [
        {"building_id": first_building + number, "code": f"W{wing}", "name": f"Flügel {wing}"}
        for number in range(portfolio.buildings)
        for wing in range(1, portfolio.wings_each + 1)
    ]
    first = add_rows(connection, Wing, rows)
    found: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        found.setdefault(int(str(row["building_id"])), []).append(first + number)
    return found


def _choose_wing(wing_ids: list[int] | None, number: int) -> int | None:
    return wing_ids[number % len(wing_ids)] if wing_ids else None


def _make_building(number: int, dice: random.Random) -> dict[str, Any]:
    x_m = CENTRE_M[0] + dice.uniform(-8_000, 8_000)
    y_m = CENTRE_M[1] + dice.uniform(-8_000, 8_000)
    width_m, depth_m = dice.uniform(10, 80), dice.uniform(10, 60)
    return {
        "code": f"P{number:04d}",
        "name": f"Gebäude {number}",
        "priority": dice.randint(1, 5),
        "is_public": dice.random() < 0.4,
        "origin_easting_m": x_m,
        "origin_northing_m": y_m,
        "footprint": shapely.box(x_m, y_m, x_m + width_m, y_m + depth_m),
    }


def _make_point(
    floor_id: int, first_room: int, index: int, model_ids: list[int], dice: random.Random
) -> dict[str, Any]:
    return {
        "code": f"P-{floor_id}-AP-{index:02d}",
        "floor_id": floor_id,
        "room_id": first_room + index % 10,
        "model_id": dice.choice(model_ids),
        "x_m": dice.uniform(0, 60),
        "y_m": dice.uniform(0, 40),
        "state": dice.choice(list(ACCESS_POINT_STATES)),
        "serial": f"{dice.getrandbits(40):010X}",
    }


def add_rows(connection: Connection, model: type[Record], rows: list[dict[str, Any]]) -> int:
    """Insert rows under ids of their own, and give the first id."""
    table = model.__table__  # type: ignore[attr-defined]
    first = (connection.scalar(select(func.max(table.c.id))) or 0) + 1
    version = {"version": 1} if "version" in table.c else {}
    numbered = [
        {"id": first + number, "public_id": uuid.uuid4(), **version, **row}
        for number, row in enumerate(rows)
    ]
    connection.execute(insert(table), numbered)
    if connection.dialect.name == "postgresql":
        last = select(func.setval(func.pg_get_serial_sequence(table.name, "id"), first + len(rows)))
        connection.execute(last)
    return first


def add_milestones(database: Database) -> str:
    """Add six milestones to every building of a portfolio, each linked to the one before.

    They are spread over its wings, where it has any.
    Buildings follow one another as well, so that a slip of the first moves all. Gives its code.
    """
    with database.engine.execution_options(writes=True).begin() as connection:
        building_ids = list(connection.scalars(select(Building.id).order_by(Building.id)))[-200:]
        wing_ids: dict[int, list[int]] = {}
        for wing_id, building_id in connection.execute(select(Wing.id, Wing.building_id)):
            wing_ids.setdefault(building_id, []).append(wing_id)
        begin = {
            "forecast_wording": "01/2027",
            "forecast_earliest": date(2027, 1, 1),
            "forecast_latest": date(2027, 1, 31),
            "forecast_precision": Precision.MONTH,
        }
        empty = dict.fromkeys(begin)
        rows = [
            {
                "code": f"PLAN-{number:04d}",
                "name": "",
                "kind": MILESTONE_KINDS[number % MILESTONES_EACH],
                "building_id": (building_id := building_ids[number // MILESTONES_EACH]),
                "wing_id": _choose_wing(wing_ids.get(building_id), number),
                **(begin if number == 0 else empty),
                **dict.fromkeys(("forecast_reason", "undated_reason", "responsible", "note"), ""),
            }
            for number in range(MILESTONES_EACH * len(building_ids))
        ]
        first = add_rows(connection, Milestone, rows)
        links = [
            {
                "before_milestone_id": first + number - 1,
                "after_milestone_id": first + number,
                "kind": "FS",
                "lag_days": number % 3,
            }
            for number in range(1, len(rows))
        ]
        add_rows(connection, PlanLink, links)
    return str(rows[0]["code"])
