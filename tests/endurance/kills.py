"""Kills the server and an import in the middle of work, and looks for what was acknowledged."""

from __future__ import annotations

import contextlib
import random
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import requests

from tests.endurance.promises import DRAWN_M, FLOOR, ROWS, Promises, find_faults, url_of
from tests.endurance.serving import (
    PROGRAM,
    Person,
    installation,
    read_errors,
    run,
    serving,
    start_server,
)
from tests.factories.projects import draw_bitmap, write_esx
from wlantrack.services import places
from wlantrack.services.actor import SYSTEM
from wlantrack.store.session import Database

_HEADER = "code;floor;model;x_m;y_m;height_m;mount;state;channel_5;width_5_mhz;power_5_dbm\n"
_MOVED_M = 6.0
_PATIENCE_S = 120.0
_GONE = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


@dataclass
class Drawer:
    """Somebody who draws walls, no two alike, each under a key of its own."""

    person: Person
    lane_m: float
    drawn: int = 0
    key: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    def think_of_wall(self, material: str) -> dict[str, Any]:
        """Give a wall that nobody has drawn yet."""
        self.drawn += 1
        ends = {"x1_m": 0, "y1_m": self.drawn / 1000, "x2_m": DRAWN_M, "y2_m": self.lane_m}
        return {**ends, "material": material}


@dataclass
class Team:
    """Two who draw, and one who uploads plans; their sessions outlive every server."""

    drawers: tuple[Drawer, Drawer]
    uploader: Person

    def move_to(self, url: str) -> None:
        """Let them work with another server."""
        for person in (*(drawer.person for drawer in self.drawers), self.uploader):
            person.url = url


def report(database: str, count: int, seed: int) -> bool:
    """Kill so often, then print what is missing, half-written or broken."""
    begin = time.monotonic()
    with installation(database) as env:
        faults, promises = run_kills(env, count, seed)
    print(
        f"{database}: killed {count} times in {time.monotonic() - begin:.0f} s; {promises};"
        f" faults: {len(faults)}"
    )
    for fault in faults:
        print(f"  {fault}")
    return not faults


def run_kills(env: dict[str, str], count: int, seed: int) -> tuple[list[str], Promises]:
    """Kill a server with people at work and an import beside it: of a table, a plan, a project.

    Every second import is cut in its midst; the others may end, and the server is killed then.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    promises, faults = Promises(), list[str]()
    assert run(env, "add", "floor", FLOOR).returncode == 0
    folder, team = Path(env["WLANTRACK_DATA_DIR"]).parent, _let_in(env)
    for number in range(count):
        importing = (_import_table, _import_plan, _import_project)[number % 3]
        delay_s = dice.uniform(0.5, 8.0) if number % 2 else _PATIENCE_S
        _kill(env, team, (number, importing(folder, number)), delay_s, promises)
        faults += find_faults(env, promises, number)
    faults += _back_up_under_load(env, team, folder, promises)
    return faults + promises.refusals, promises


def _let_in(env: dict[str, str]) -> Team:
    """Log three people in."""
    with serving(env) as server:
        first, second, third = (Person(server.url, "planner") for _ in range(3))
        return Team((Drawer(first, lane_m=5), Drawer(second, lane_m=6)), third)


def _kill(
    env: dict[str, str],
    team: Team,
    job: tuple[int, list[str]],
    delay_s: float,
    promises: Promises,
) -> None:
    number, arguments = job
    server = start_server(env)
    working = _set_to_work(env, team, server.url, f"killed-{number}", promises)
    with subprocess.Popen(
        [*PROGRAM, "import", *arguments],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(delay_s)
            time.sleep(0.5)
        status = process.poll()
        server.kill()
        process.kill()
        told = process.stderr.read().decode() if process.stderr else ""
    for thread in working:
        thread.join()
    if status is None:
        promises.imports_cut += 1
    elif status:
        promises.refusals.append(f"import {number} ended with {status}: {told[:300]}")
    else:
        _note_import(arguments, number, promises)


def _note_import(arguments: list[str], number: int, promises: Promises) -> None:
    match arguments[0]:
        case "table":
            promises.tables.add(number)
        case "plan":
            promises.plans.add(Path(arguments[1]).name)
        case "esx":
            promises.projects.add(number)


def _set_to_work(
    env: dict[str, str], team: Team, url: str, label: str, promises: Promises
) -> list[threading.Thread]:
    """Let two people draw and move walls while a third uploads plans, until the server is gone."""
    address = _floor_of(env)
    team.move_to(url)
    plan = team.uploader.get(f"{address}/plan.json").json()
    material = plan["materials"][0]["id"]
    drawing = [
        threading.Thread(target=_draw, args=(drawer, address, material, promises))
        for drawer in team.drawers
    ]
    uploading = threading.Thread(target=_upload, args=(team.uploader, address, label, promises))
    working = [*drawing, uploading]
    for thread in working:
        thread.start()
    return working


def _draw(drawer: Drawer, address: str, material: str, promises: Promises) -> None:
    """Draw and move walls; what had no answer from the last server is first asked once more."""
    with _until_gone(promises):
        while True:
            if not drawer.key:
                drawer.key, drawer.body = str(uuid4()), drawer.think_of_wall(material)
            answer = drawer.person.send("POST", f"{address}/walls", drawer.body, drawer.key)
            if not answer.ok:
                promises.refusals.append(f"a wall was refused: {answer.text[:200]}")
                return
            drawer.key, wall = "", answer.json()["record"]
            promises.walls[wall["id"]] = DRAWN_M
            change = {"version": wall["version"], "x2_m": _MOVED_M}
            answer = drawer.person.send("PATCH", f"/walls/{wall['id']}", change)
            if not answer.ok:
                promises.refusals.append(f"a change was refused: {answer.text[:200]}")
                return
            promises.walls[wall["id"]] = _MOVED_M


def _upload(person: Person, address: str, label: str, promises: Promises) -> None:
    count = 0
    with _until_gone(promises):
        while True:
            name, count = f"{label}-{count}.png", count + 1
            files = {"file": (name, draw_bitmap())}
            answer = person.post(f"{address}/plans/new", {"page": "1", "wing": ""}, files)
            if answer.status_code != 302:
                promises.refusals.append(f"a plan was refused: {read_errors(answer.text)}")
                return
            promises.plans.add(name)


@contextlib.contextmanager
def _until_gone(promises: Promises) -> Any:  # noqa: ANN401 - a context manager
    try:
        yield
    except _GONE:
        promises.answers_lost += 1


def _import_table(folder: Path, number: int) -> list[str]:
    table = folder / f"{number}.csv"
    lines = [
        f"K{number}-{row};{FLOOR};generic-wifi6-omni;1;1;2,7;ceiling;planned;36;40;17\n"
        for row in range(ROWS)
    ]
    table.write_text(_HEADER + "".join(lines), encoding="utf-8")
    return ["table", str(table), "--kind", "access_points"]


def _import_plan(folder: Path, number: int) -> list[str]:
    plan = folder / f"killed-{number}.png"
    plan.write_bytes(draw_bitmap(4_000, 3_000))
    return ["plan", str(plan), "--floor", FLOOR, "--metres-per-pixel", "0.01"]


def _import_project(folder: Path, number: int) -> list[str]:
    project = folder / f"{number}.esx"
    project.write_bytes(write_esx())
    return ["esx", str(project), "--building", f"E{number}"]


def _floor_of(env: dict[str, str]) -> str:
    database = Database(url_of(env))
    with database.reading() as session:
        ref = places.find_floor(session, SYSTEM, FLOOR).floor.public_id
    database.dispose()
    return f"/floors/{ref}"


def _back_up_under_load(
    env: dict[str, str], team: Team, folder: Path, promises: Promises
) -> list[str]:
    """Back up while people work, verify it, and restore it where that takes no second server."""
    backup, faults = folder / "backup.zip", list[str]()
    before = Promises(dict(promises.walls), set(promises.plans))
    with serving(env) as server:
        working = _set_to_work(env, team, server.url, "killed-last", promises)
        commands = [run(env, "backup", backup, "--json")]
        server.kill()
        for thread in working:
            thread.join()
    commands.append(run(env, "verify", backup, "--json"))
    if not env["WLANTRACK_DATABASE_URL"]:
        restored = env | {"WLANTRACK_DATA_DIR": str(folder / "restored")}
        commands.append(run(restored, "restore", backup, "--json"))
        faults += find_faults(restored, before, -1)
    told = [done.stdout + done.stderr for done in commands if done.returncode]
    return faults + [f"backup: {each}" for each in told]
