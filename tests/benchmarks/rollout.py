"""The roll-out of a portfolio, made from a seed: cables, permits, orders, renovations, forecasts.

Decides that everything is in some state of its own, with the steps and papers that led there, so
that lists, alarms and counts have as much to look at as in a real city.
"""

from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from tests.benchmarks.portfolio import Portfolio, add_milestones, add_portfolio, add_rows
from wlantrack.rollout.lifecycle import CABLE_ORDER
from wlantrack.rollout.spoken_dates import Precision
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import (
    CableRun,
    CableStep,
    Distributor,
    Outlet,
    Switch,
    SwitchPort,
)
from wlantrack.store.models.milestones import Baseline, BaselineEntry, ForecastSnapshot, Milestone
from wlantrack.store.models.permits import (
    PERMIT_STATES,
    CableTest,
    Order,
    OrderSubject,
    Penetration,
    PenetrationRun,
    Permit,
    PermitSubject,
)
from wlantrack.store.models.places import Building, Floor
from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
from wlantrack.store.models.work import Task

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from wlantrack.store.session import Database

CITY: Final = Portfolio(buildings=200, floors_each=4, points_each=5, wings_each=2)
"""200 buildings in 400 wings with 4,000 access points; their roll-out adds 5,000 runs."""
OUTLETS_EACH: Final = 5
FIRMS: Final = ("Elektro Nord", "Kabel Süd GmbH", "Netzbau AG")
MONTHS_KEPT: Final = 12
NOW: Final = datetime(2026, 1, 15, 9, tzinfo=UTC)


class City:
    """Ids of one portfolio while its roll-out is being added."""

    def __init__(self, connection: Connection, today: date) -> None:
        self.connection, self.today = connection, today
        self.dice = random.Random(7)  # noqa: S311 - a benchmark's dice
        of_portfolio = select(Building.id).where(Building.code.like("P0%")).order_by(Building.id)
        self.building_ids = list(connection.scalars(of_portfolio))
        self.floors: dict[int, list[int]] = {}
        for floor_id, building_id in connection.execute(
            select(Floor.id, Floor.building_id).order_by(Floor.id)
        ):
            self.floors.setdefault(building_id, []).append(floor_id)
        self.points: dict[int, list[Any]] = {}
        for point in connection.execute(
            select(
                AccessPoint.id, AccessPoint.floor_id, AccessPoint.wing_id, Floor.building_id
            ).join(Floor, Floor.id == AccessPoint.floor_id)
        ):
            self.points.setdefault(point.building_id, []).append(point)
        self.runs: list[dict[str, Any]] = []
        self.first_run = 0

    def some_day(self, low: int, high: int) -> date:
        """Give a day so many days from today."""
        return self.today + timedelta(days=self.dice.randint(low, high))

    def say(self, name: str, day: date | None) -> dict[str, Any]:
        """Give the four columns of a day in words."""
        return {
            f"{name}_wording": day and day.isoformat(),
            f"{name}_earliest": day,
            f"{name}_latest": day,
            f"{name}_precision": day and Precision.DAY,
        }

    def runs_of(self, building_id: int) -> list[tuple[int, dict[str, Any]]]:
        """Give the runs of a building with their ids."""
        return self._by_building.get(building_id, [])

    def keep_runs(self, first: int) -> None:
        """Remember the runs by building, once they are stored."""
        self.first_run = first
        self._by_building: dict[int, list[tuple[int, dict[str, Any]]]] = {}
        building_of = {
            floor_id: building_id for building_id, ids in self.floors.items() for floor_id in ids
        }
        for number, run in enumerate(self.runs):
            self._by_building.setdefault(building_of[run["floor_id"]], []).append(
                (first + number, run)
            )


def add_rollout_city(database: Database, today: date, portfolio: Portfolio = CITY) -> str:
    """Add a portfolio with its whole roll-out; gives the code of its first milestone."""
    add_portfolio(database, portfolio)
    first = add_milestones(database)
    with database.engine.execution_options(writes=True).begin() as connection:
        city = City(connection, today)
        _add_cabling(city)
        _add_papers(city)
        _add_renovations(city)
        _add_forecasts(city)
    return first


def _add_cabling(city: City) -> None:
    add, connection, dice = add_rows, city.connection, city.dice
    places = [(building_id, city.floors[building_id][0]) for building_id in city.building_ids]
    distributors = [{"code": f"P{b}-EV1", "floor_id": floor} for b, floor in places]
    first_distributor = add(connection, Distributor, distributors)
    switches = [
        {
            "code": f"P{b}-EV1-SW1",
            "distributor_id": first_distributor + number,
            "poe_budget_w": 740.0,
        }
        for number, (b, _) in enumerate(places)
    ]
    first_switch = add(connection, Switch, switches)
    outlets = [
        {
            "code": f"P{b}-DO-{number:02d}",
            "floor_id": floor,
            "wing_id": city.points[b][number].wing_id,
        }
        for b, floor in places
        for number in range(OUTLETS_EACH)
    ]
    first_outlet = add(connection, Outlet, outlets)
    for number, (building_id, _) in enumerate(places):
        ends: list[dict[str, Any]] = [
            {"access_point_id": point.id, "floor_id": point.floor_id, "wing_id": point.wing_id}
            for point in city.points[building_id]
        ]
        ends += [
            {
                "outlet_id": first_outlet + number * OUTLETS_EACH + place,
                "floor_id": outlets[number * OUTLETS_EACH + place]["floor_id"],
                "wing_id": outlets[number * OUTLETS_EACH + place]["wing_id"],
            }
            for place in range(OUTLETS_EACH)
        ]
        for place, end in enumerate(ends, start=1):
            state = dice.choice(CABLE_ORDER)
            city.runs.append(
                {
                    "label": f"P{building_id}-EV1-{place:02d}",
                    "distributor_id": first_distributor + number,
                    "panel_port": f"P1:{place:02d}",
                    "access_point_id": None,
                    "outlet_id": None,
                    "length_planned_m": round(dice.uniform(10, 95), 1),
                    "crosses_fire_wall": dice.random() < 0.3,
                    "state": state,
                    "state_on": city.some_day(-200, -1),
                    "firm": dice.choice(FIRMS)
                    if CABLE_ORDER.index(state) >= CABLE_ORDER.index("ordered")
                    else "",
                    **end,
                }
            )
    city.keep_runs(add(connection, CableRun, city.runs))
    steps = [
        {
            "cable_run_id": city.first_run + number,
            "source": source,
            "target": target,
            "done_on": city.some_day(-400, -1),
            "person": "anna",
            "firm": run["firm"],
        }
        for number, run in enumerate(city.runs)
        for source, target in pairwise(CABLE_ORDER)
        if CABLE_ORDER.index(target) <= CABLE_ORDER.index(run["state"])
    ]
    add(connection, CableStep, steps)
    ports = [
        {
            "switch_id": first_switch + number,
            "name": str(port),
            "poe_class": 4,
            "speed_mbit": 1_000,
            "cable_run_id": _patched(city, building_id, port),
        }
        for number, building_id in enumerate(city.building_ids)
        for port in range(1, 49)
    ]
    add(connection, SwitchPort, ports)
    tests = [
        {
            "cable_run_id": city.first_run + number,
            "result": "pass",
            "tested_on": city.today,
            "file_sha256": "0" * 64,
            "stored_file": "0" * 32,
            "row_number": number,
            "fingerprint": uuid.uuid4().hex,
            "imported_at": NOW,
            "imported_by": "anna",
        }
        for number, run in enumerate(city.runs)
        if run["state"] in CABLE_ORDER[CABLE_ORDER.index("tested") :]
    ]
    add(connection, CableTest, tests)


def _patched(city: City, building_id: int, port: int) -> int | None:
    runs = city.runs_of(building_id)
    if port > len(runs) or runs[port - 1][1]["state"] not in {"patched", "accepted"}:
        return None
    return runs[port - 1][0]


def _add_papers(city: City) -> None:
    connection, dice = city.connection, city.dice
    permits, orders, holes = [], [], []
    tasks: list[dict[str, Any]] = []
    permit_runs, order_runs, hole_runs = [], [], []
    for building_id in city.building_ids:
        runs = city.runs_of(building_id)
        for kind in ("heritage", "fire protection", "pollutants"):
            state = dice.choice(PERMIT_STATES)
            promised = city.some_day(-30, 200) if state == "applied for" else None
            permits.append(
                {
                    "code": f"P{building_id}-{kind}",
                    "kind": kind,
                    "state": state,
                    "building_id": building_id,
                    **city.say("expected", promised),
                }
            )
            permit_runs.append([run_id for run_id, _ in runs])
        for firm in FIRMS:
            mine = [run_id for run_id, run in runs if run["firm"] == firm]
            delivery = city.say("delivery", city.some_day(-30, 60))
            orders.append(
                {
                    "code": f"P{building_id}-{firm}",
                    "firm": firm,
                    "state": "ordered",
                    "building_id": building_id,
                    **delivery,
                }
            )
            order_runs.append(mine)
        holes.append({"code": f"P{building_id}-D1", "floor_id": city.floors[building_id][0]})
        hole_runs.append([run_id for run_id, run in runs if run["crosses_fire_wall"]])
        tasks += [
            {
                "title": f"Schacht {number} prüfen",
                "person": dice.choice(("anna", "manager", "")),
                "due_on": city.some_day(-60, 60),
                "state": dice.choice(("open", "done")),
                "building_id": building_id,
                "opened_at": NOW,
                "opened_by": "anna",
            }
            for number in range(3)
        ]
    for task in tasks:
        task["done_on"] = city.today if task["state"] == "done" else None
    first = add_rows(connection, Permit, permits)
    _join(connection, PermitSubject, "permit_id", first, permit_runs)
    first = add_rows(connection, Order, orders)
    _join(connection, OrderSubject, "order_id", first, order_runs)
    first = add_rows(connection, Penetration, holes)
    _join(connection, PenetrationRun, "penetration_id", first, hole_runs)
    add_rows(connection, Task, tasks)


def _join(
    connection: Connection, model: type[Any], name: str, first: int, runs: list[list[int]]
) -> None:
    """Say of every paper which runs it covers."""
    rows = [
        {name: first + number, "cable_run_id": run_id}
        for number, ids in enumerate(runs)
        for run_id in ids
    ]
    add_rows(connection, model, rows)


def _add_renovations(city: City) -> None:
    """Let somebody else build in every house; one in six walls closes within a month."""
    connection = city.connection
    states = ("planned", "approved", "under way", "done")
    renovations = [
        {
            "code": f"P{building_id}-SAN",
            "name": "Sanierung",
            "building_id": building_id,
            "state": city.dice.choice(states),
            "requirements_due_on": city.some_day(-60, 120),
        }
        for building_id in city.building_ids
    ]
    first = add_rows(connection, Renovation, renovations)
    parts, phases = [], []
    for number, building_id in enumerate(city.building_ids):
        for floor_id in city.floors[building_id][:2]:
            opens = city.some_day(-90, 30)
            parts.append(
                {
                    "renovation_id": first + number,
                    "floor_id": floor_id,
                    **city.say("opens", opens),
                    **city.say("closes", opens + timedelta(days=city.dice.randint(30, 200))),
                }
            )
        begins = city.some_day(-60, 60)
        phases.append(
            {
                "renovation_id": first + number,
                "name": "Abbruch",
                "noise_class": "loud",
                **city.say("begins", begins),
                **city.say("ends", begins + timedelta(days=20)),
            }
        )
    add_rows(connection, RenovationPart, parts)
    add_rows(connection, RenovationPhase, phases)


def _add_forecasts(city: City) -> None:
    """Keep a baseline, and what was forecast at the month ends of a year."""
    connection = city.connection
    milestones = connection.execute(
        select(Milestone.id, Milestone.public_id, Milestone.code).where(
            Milestone.code.like("PLAN-%")
        )
    ).all()
    planned = city.say("planned", date(2026, 12, 1))
    baseline = {"name": "Portfolio", "taken_at": NOW, "taken_by": "anna"}
    baseline_id = add_rows(connection, Baseline, [baseline])
    entries = [
        {"baseline_id": baseline_id, "milestone_uuid": item.public_id, "code": item.code, **planned}
        for item in milestones
    ]
    connection.execute(insert(BaselineEntry), entries)
    snapshots = [
        {
            "milestone_uuid": item.public_id,
            "report_on": date(2025, month, 28),
            **city.say("forecast", date(2026, 6, 1) + timedelta(days=20 * month)),
        }
        for item in milestones
        for month in range(1, MONTHS_KEPT + 1)
    ]
    connection.execute(insert(ForecastSnapshot), snapshots)
