"""How long the server takes for every page of the demo, and for lists in a large city."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import Result
from tests.benchmarks.portfolio import Portfolio, add_portfolio
from tests.live_server import database_of, log_in, make_app
from tests.pages import find_pages, shape_of
from wlantrack import memory
from wlantrack.services.demo import PASSWORD, load_demo
from wlantrack.services.installation import open_stores, upgrade_database
from wlantrack.services.people import utc_now
from wlantrack.settings import Settings, resource_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.benchmarks.measuring import Benchmark

CITY = Portfolio(buildings=200)
"""200 buildings of 4 floors with 25 access points each: 20,000."""

LISTS = (
    "/access-points",
    "/access-points?page=300",
    "/access-points?q=AP-07&sort=serial",
    "/access-points?state=planned&sort=floor&order=desc",
    "/networks",
    "/networks/access-points",
    "/networks/access-points?network_class=visitor&page=100",
)


@contextlib.contextmanager
def demo_app(url: str = "") -> Iterator[Flask]:
    """Build the application over a demo of its own, in another database than SQLite if given."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=url)
        upgrade_database(settings)
        with open_stores(settings) as stores:
            load_demo(stores, resource_dir() / "floorplans", utc_now())
        with make_app(url, Path(folder)) as app:
            memory.keep_for_good()  # as where it is served
            yield app


def enter(app: Flask, name: str = "planner") -> FlaskClient:
    client = app.test_client()
    log_in(client, name, PASSWORD)
    return client


def measure_page(client: FlaskClient, address: str, repeats: int) -> list[float]:
    """Give milliseconds of several requests after a first one."""
    client.get(address)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - begin) * 1e3)
        assert answer.status_code in {200, 302}, f"{address}: {answer.status_code}"
    return times


def percentile_95(values: list[float]) -> float:
    return sorted(values)[max(0, -(-len(values) * 95 // 100) - 1)]


def open_every_page(*, quick: bool) -> list[Result]:
    repeats = 5 if quick else 20
    with demo_app() as app:
        client = enter(app)
        times = {page: measure_page(client, page, repeats) for page in find_pages(client.get)}
    slowest = max(times, key=lambda page: percentile_95(times[page]))
    worst_ms = percentile_95(times[slowest])
    all_ms = percentile_95([value for values in times.values() for value in values])
    return [
        Result(
            f"all {len(times)} kinds of pages of the demo, 95 % of requests",
            all_ms,
            "ms",
            bar="<= 150 ms",
            is_met=all_ms <= 150,
        ),
        Result(
            f"its slowest page, 95 %: {shape_of(slowest)[:60]}",
            worst_ms,
            "ms",
            bar="<= 150 ms",
            is_met=worst_ms <= 150,
        ),
    ]


def open_long_lists(*, quick: bool) -> list[Result]:
    repeats = 5 if quick else 20
    with demo_app() as app:
        add_portfolio(database_of(app), CITY)
        client = enter(app)
        times = {page: percentile_95(measure_page(client, page, repeats)) for page in LISTS}
    return [
        Result(
            f"{page} among 20,000 access points, 95 %",
            milliseconds,
            "ms",
            bar="<= 200 ms",
            is_met=milliseconds <= 200,
        )
        for page, milliseconds in times.items()
    ]


def open_a_cold_coverage_page(*, quick: bool) -> list[Result]:
    command = [sys.executable, "-m", "tests.benchmarks.cold_coverage"]
    runs = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(1 if quick else 3)
    ]
    seconds = min(run["heat_map_s"] for run in runs)
    work = "coverage 120 x 80 m, 300 walls, 40 access points, 0.5 m, all cold: to the heat map"
    return [Result(work, seconds, "s", bar="<= 1 s", is_met=seconds <= 1)]


BENCHMARKS: tuple[Benchmark, ...] = (
    open_every_page,
    open_long_lists,
    open_a_cold_coverage_page,
)
