"""The page of a city with 2,000 buildings: its bytes, the server's time, the wait at the browser."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from tests.benchmarks.bench_pages import demo_app, enter
from tests.benchmarks.measuring import Result
from tests.benchmarks.portfolio import Portfolio, add_portfolio
from tests.browsers import BrowserMissingError, run_browser
from tests.live_server import database_of, serve

if TYPE_CHECKING:
    from flask import Flask

    from tests.benchmarks.measuring import Benchmark

CITY = Portfolio(buildings=2_000, floors_each=1, points_each=10)
PARTS = ("/map", "/map/frame", "/map/rows")
ACCEPTING = {"Accept-Encoding": "gzip"}


def open_a_large_city(*, quick: bool) -> list[Result]:
    repeats = 3 if quick else 8
    with demo_app() as app:
        add_portfolio(database_of(app), CITY)
        client = enter(app)
        first_ms = math.inf
        kilobytes = 0.0
        for _ in range(repeats):
            begin = time.perf_counter()
            answers = [client.get(path, headers=ACCEPTING) for path in PARTS]
            first_ms = min(first_ms, (time.perf_counter() - begin) * 1e3)
            kilobytes = sum(len(answer.data) for answer in answers) / 1e3
        seconds = wait_for_map(app, repeats)
    return [
        Result(
            "city of 2,000 buildings: page, map and list, gzipped",
            kilobytes,
            "kB",
            bar="<= 250 kB",
            is_met=kilobytes <= 250,
        ),
        Result("the same: the server's time for all three", first_ms, "ms"),
        Result(
            "the same: until its map can be used, in Chromium",
            seconds,
            "s",
            bar="<= 1 s",
            is_met=None if math.isnan(seconds) else seconds <= 1,
        ),
    ]


def wait_for_map(app: Flask, repeats: int) -> float:
    """Give the shortest wait for a map with all its marks; NaN without a browser."""
    cookie = enter(app).get_cookie("wlantrack")
    assert cookie is not None
    shortest = math.inf
    try:
        with serve(app) as server, run_browser() as browser:
            context = browser.new_context(base_url=server.url)
            context.add_cookies([{"name": "wlantrack", "value": cookie.value, "url": server.url}])
            for _ in range(repeats):
                page = context.new_page()
                begin = time.perf_counter()
                page.goto("/map", wait_until="commit")
                page.locator("html[data-city-map=ready]").wait_for(state="attached")
                shortest = min(shortest, time.perf_counter() - begin)
                page.close()
            context.close()
    except BrowserMissingError:
        return math.nan
    return shortest


BENCHMARKS: tuple[Benchmark, ...] = (open_a_large_city,)
