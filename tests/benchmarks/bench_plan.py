"""How long the plan takes in a large city: its reckoning, a slip preview, lists and places."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.benchmarks.bench_pages import demo_app, enter, measure_page, percentile_95
from tests.benchmarks.measuring import Result, measure_seconds
from tests.benchmarks.portfolio import Portfolio, add_milestones, add_portfolio
from tests.live_server import database_of
from wlantrack.services import milestone_edits
from wlantrack.services.actor import SYSTEM
from wlantrack.services.milestone_edits import DateValues
from wlantrack.services.plan import PlanParts, find_clock, load_plan
from wlantrack.services.results import ResultCache
from wlantrack.settings import Settings
from wlantrack.store.models.places import Building

if TYPE_CHECKING:
    from flask import Flask

    from tests.benchmarks.measuring import Benchmark

CITY = Portfolio(buildings=200, floors_each=4, points_each=5)
"""200 buildings with 4,000 access points and 1,200 milestones in chains of six, one by one."""


def preview_slips(*, quick: bool) -> list[Result]:
    repeats = 3 if quick else 10
    with demo_app() as app:
        first = _fill(app)
        parts = PlanParts(find_clock(Settings()), ResultCache())
        values = DateValues("forecast", "Q4/2027", reason="delivery")
        with database_of(app).reading() as store:
            reckoned_s = measure_seconds(lambda: load_plan(store, parts.clock), repeats)

            def preview() -> None:
                milestone_edits.preview_date(store, SYSTEM, first, values, parts)

            begin = time.perf_counter()
            preview()
            cold_s = time.perf_counter() - begin
            warm_s = measure_seconds(preview, repeats)
    return [
        _row("load and reckon 1,200 linked milestones", reckoned_s, 300),
        _row("slip preview over 1,200 linked milestones, nothing kept", cold_s, 300),
        _row("slip preview over 1,200 linked milestones, plan kept", warm_s, 300),
    ]


def open_plan_pages(*, quick: bool) -> list[Result]:
    repeats = 5 if quick else 20
    with demo_app() as app:
        first = _fill(app)
        with database_of(app).reading() as store:
            houses = store.scalars(select(Building).where(Building.code.like("P%"))).first()
        client = enter(app, "manager")
        pages = [
            "/milestones",
            "/milestones?sort=float&order=desc&page=10",
            "/programme",
            "/milestone-trend",
            *([f"/buildings/{houses.public_id}"] if houses else []),
        ]
        times = {page: percentile_95(measure_page(client, page, repeats)) for page in pages}
    del first
    return [
        _row(f"{page[:40]} with 1,200 milestones, 95 %", ms / 1e3, 200)
        for page, ms in times.items()
    ]


def _fill(app: Flask) -> str:
    add_portfolio(database_of(app), CITY)
    return add_milestones(database_of(app))


def _row(work: str, seconds: float, most_ms: float) -> Result:
    milliseconds = seconds * 1e3
    return Result(
        work, milliseconds, "ms", bar=f"<= {most_ms:.0f} ms", is_met=milliseconds <= most_ms
    )


BENCHMARKS: tuple[Benchmark, ...] = (preview_slips, open_plan_pages)
