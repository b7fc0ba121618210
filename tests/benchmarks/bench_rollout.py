"""How long the roll-out of a large city takes: every list, every wing, a night, 500 runs at once.

The city has 200 buildings with 400 wings, 4,000 access points, 5,000 runs and 1,200 linked
milestones beside the demo; it lies in SQLite, and in PostgreSQL where that is installed.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from http import HTTPStatus
from itertools import chain
from typing import TYPE_CHECKING

from sqlalchemy import select

from tests.benchmarks.bench_pages import demo_app, enter, percentile_95
from tests.benchmarks.measuring import Result
from tests.benchmarks.rollout import add_rollout_city
from tests.factories.files import make_photo
from tests.live_server import database_of
from tests.pages import find_pages, shape_of
from tests.postgres_server import ServerMissingError, run_server
from wlantrack.services import cable_states, milestone_edits
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import Upload
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.services.daily import run_daily
from wlantrack.services.milestone_edits import DateValues
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.results import ResultCache
from wlantrack.settings import Settings
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.places import Building, Wing
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.benchmarks.measuring import Benchmark
    from wlantrack.store.session import Database

PLACES_OPENED = 12
SLOWEST_TOLD = 8
LISTS = (
    "/renovations/walls",
    "/renovations/conflicts?page=5",
    "/milestones?sort=float&order=desc&page=10",
    "/milestone-trend?page=10",
    "/cabling?page=60",
    "/cabling?q=EV1&sort=state&order=desc",
)
"""Beside the lists that links lead to: pages far behind, sorted and searched."""
DOCUMENTS = {"/networks/check/protocol"}
"""Pages to print that show everything there is."""
RUNS_AT_ONCE = 500
DOCUMENT_REPEATS = 5

Taken = tuple[float, float]
"""Milliseconds on the clock, and of the processor for this process."""

PAGE_MS, SLIP_MS, NIGHT_S, BULK_S = 200.0, 300.0, 20.0, 2.0


def roll_out(*, quick: bool) -> Iterator[Result]:
    """Measure everything in one city after the other: filling it is what takes long."""
    pages: list[str] = []
    yield from _measure("", "SQLite", pages, quick=quick)
    with contextlib.suppress(ServerMissingError), run_server() as url:
        yield from _measure(url.format(name="postgres"), "PostgreSQL", pages, quick=quick)


def _measure(url: str, kind: str, pages: list[str], *, quick: bool) -> Iterator[Result]:
    """Measure in one database; the pages are found in the first one, while it is small."""
    repeats = 4 if quick else 20
    with demo_app(url) as app:
        database = database_of(app)
        if not pages:
            found = find_pages(enter(app, "admin").get, samples_each=1)
            pages += dict.fromkeys([*LISTS, *filter(None, map(_without_ids, found))])
        first = add_rollout_city(database, find_clock(Settings()).today)
        if not database.is_embedded:  # as its own housekeeping does by and by
            with database.engine.execution_options(writes=True).begin() as connection:
                connection.exec_driver_sql("ANALYZE")
        for result in chain(
            _open_places(app, repeats),
            _open_pages(app, pages, repeats),
            (_preview_slip(database, first, repeats),),
            (_change_many(app, database),),
            _run_nights(database),
        ):
            yield replace(result, work=f"{kind}: {result.work}")


def _open_places(app: Flask, repeats: int) -> Iterator[Result]:
    """Open wings and buildings from all over the city."""
    client = enter(app, "admin")
    with database_of(app).reading() as store:
        wings = list(store.scalars(select(Wing.public_id).order_by(Wing.id.desc())))
        houses = list(store.scalars(select(Building.public_id).order_by(Building.id.desc())))
    for name, address, ids in (("wings", "/wings", wings), ("buildings", "/buildings", houses)):
        chosen = ids[:: -(-len(ids) // PLACES_OPENED)]
        times = [_time_page(client, f"{address}/{public_id}", repeats) for public_id in chosen]
        yield _row_of_pages(f"pages of {len(chosen)} {name}", list(chain(*times)))


def _open_pages(app: Flask, pages: list[str], repeats: int) -> Iterator[Result]:
    """Open every list once to see which are slow, and those often; the slowest are told by name."""
    client = enter(app, "admin")
    seen = {page: _time_page(client, page, 1) for page in pages if not _is_refused(client, page)}
    lists = sorted(seen.keys() - DOCUMENTS, key=lambda page: -_processor_ms(seen[page]))
    for page in lists[:SLOWEST_TOLD]:
        yield _row_of_pages(page, _time_page(client, page, repeats))
    next_one = _time_page(client, lists[SLOWEST_TOLD], repeats)
    yield _row_of_pages(f"the slowest of {len(lists) - SLOWEST_TOLD} other pages", next_one)
    for page in seen.keys() & DOCUMENTS:
        wall_ms = _percentile(_time_page(client, page, DOCUMENT_REPEATS))
        yield Result(f"{page}, a document of everything, 95 %", wall_ms, "ms")


def _without_ids(page: str) -> str:
    """Give the addresses of lists: those that name no record."""
    return page if shape_of(page) == page else ""


def _is_refused(client: FlaskClient, page: str) -> bool:
    """Tell whether a page of the demo is none of a city: too much to be printed at once."""
    return client.get(page).status_code == HTTPStatus.BAD_REQUEST


def _time_page(client: FlaskClient, address: str, repeats: int) -> list[Taken]:
    """Give milliseconds on the clock and of the processor of several requests after a first."""
    client.get(address)
    taken = []
    for _ in range(repeats):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        answer = client.get(address)
        wall_s, cpu_s = time.perf_counter() - begin, time.process_time() - begin_cpu
        taken.append((wall_s * 1e3, cpu_s * 1e3))
        assert answer.status_code in {200, 302}, f"{address}: {answer.status_code}"
    return taken


def _percentile(taken: list[Taken]) -> float:
    return percentile_95([wall_ms for wall_ms, _ in taken])


def _processor_ms(taken: list[Taken]) -> float:
    return percentile_95([cpu_ms for _, cpu_ms in taken])


def _row_of_pages(work: str, taken: list[Taken]) -> Result:
    wall_ms = _percentile(taken)
    return Result(
        f"{work}, 95 %",
        wall_ms,
        "ms",
        reference=_processor_ms(taken),
        reference_work="of this process alone",
        bar=f"<= {PAGE_MS:g} ms",
        is_met=wall_ms <= PAGE_MS,
    )


def _preview_slip(database: Database, first: str, repeats: int) -> Result:
    values = DateValues("forecast", "Q4/2027", reason="delivery")
    times = []
    for _ in range(repeats):
        parts = PlanParts(find_clock(Settings()), ResultCache())
        with database.reading() as store:
            begin = time.perf_counter()
            milestone_edits.preview_date(store, SYSTEM, first, values, parts)
            times.append((time.perf_counter() - begin) * 1e3)
    work = "slip preview over 1,200 linked milestones, nothing kept, 95 %"
    return _row(work, percentile_95(times), "ms", SLIP_MS)


def _change_many(app: Flask, database: Database) -> Result:
    """Block 500 runs, which any may be, with a photo."""
    files = app.extensions[EXTENSION].files
    today = find_clock(Settings()).today
    with database.writing(SYSTEM.audit()) as session:
        runs = session.scalars(
            select(CableRun)
            .where(
                CableRun.label.like("P%"), CableRun.state.in_(("requested", "surveyed", "pulled"))
            )
            .limit(RUNS_AT_ONCE)
        )
        selected = [Selected(str(run.public_id), run.version) for run in runs]
        session.expunge_all()
        evidence = {"reason": "Asbest im Schacht"}
        photo = Upload("IMG.jpg", make_photo())
        change = StateChange("blocked", today, today, evidence, photo)
        begin = time.perf_counter()
        done = cable_states.change_states(session, SYSTEM, files, selected, change)
        seconds = time.perf_counter() - begin
    return _row(f"{len(done.changed)} runs changed at once, with a photo", seconds, "s", BULK_S)


def _run_nights(database: Database) -> Iterator[Result]:
    for name in ("a night", "the same night once more"):
        begin = time.perf_counter()
        night = run_daily(database, Settings(), ResultCache())
        seconds = time.perf_counter() - begin
        yield _row(f"{name}: {night.alarms} alarms, {night.tasks} tasks", seconds, "s", NIGHT_S)


def _row(work: str, measured: float, unit: str, most: float) -> Result:
    return Result(work, measured, unit, bar=f"<= {most:g} {unit}", is_met=measured <= most)


BENCHMARKS: tuple[Benchmark, ...] = (roll_out,)
