"""Kills the server, or an import, in the middle of work, and looks for what was acknowledged."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select

from tests.endurance.serving import PROGRAM, Person, installation, run, start_server
from wlantrack.services import places
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.walls import Wall
from wlantrack.store.session import Database

ROWS = 150
_HEADER = "code;floor;model;x_m;y_m;height_m;mount;state;channel_5;width_5_mhz;power_5_dbm\n"
FLOOR = "KK/0"


@dataclass
class Promises:
    """What has been acknowledged."""

    walls: set[str] = field(default_factory=set)
    imports: set[int] = field(default_factory=set)
    answers_lost: int = 0
    refusals: list[str] = field(default_factory=list)


def report(database: str, count: int, seed: int) -> bool:
    """Kill so often, then print what is missing, half-written or broken."""
    with installation(database) as env:
        faults, promises = run_kills(env, count, seed)
    print(
        f"{database}: killed {count} times, {len(promises.walls)} walls and"
        f" {len(promises.imports)} imports acknowledged, {promises.answers_lost} requests cut off;"
        f" faults: {len(faults)}"
    )
    for fault in faults:
        print(f"  {fault}")
    return not faults


def run_kills(env: dict[str, str], count: int, seed: int) -> tuple[list[str], Promises]:
    """Kill a server that draws walls and a command that imports a table, in turn."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    promises, faults = Promises(), list[str]()
    assert run(env, "add", "floor", FLOOR).returncode == 0
    folder = Path(env["WLANTRACK_DATA_DIR"]).parent
    for number in range(count):
        if number % 2:
            _kill_import(env, folder, number, dice.uniform(0.8, 8.0), promises)
        else:
            _kill_server(env, dice.uniform(0.3, 2.0), promises)
        faults += _find_faults(env, promises, number)
    return faults + promises.refusals + _verify(env, folder), promises


def _kill_server(env: dict[str, str], delay_s: float, promises: Promises) -> None:
    server = start_server(env)
    address = _floor_of(env)
    people = [Person(server.url, "planner") for _ in range(3)]
    material = people[0].get(f"{address}/plan.json").json()["materials"][0]["id"]
    drawing = [
        threading.Thread(target=_draw, args=(person, address, material, promises))
        for person in people
    ]
    for thread in drawing:
        thread.start()
    time.sleep(delay_s)
    server.kill()
    for thread in drawing:
        thread.join()


def _draw(person: Person, address: str, material: str, promises: Promises) -> None:
    body: dict[str, Any] = {"x1_m": 0, "y1_m": 0, "x2_m": 5, "y2_m": 5, "material": material}
    try:
        while True:
            answer = person.send("POST", f"{address}/walls", body)
            if not answer.ok:
                promises.refusals.append(f"a wall was refused with {answer.status_code}")
                return
            promises.walls.add(answer.json()["record"]["id"])
    except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
        promises.answers_lost += 1


def _kill_import(
    env: dict[str, str], folder: Path, number: int, delay_s: float, promises: Promises
) -> None:
    table = folder / f"{number}.csv"
    lines = [
        f"K{number}-{row};{FLOOR};generic-wifi6-omni;1;1;2,7;ceiling;planned;36;40;17\n"
        for row in range(ROWS)
    ]
    table.write_text(_HEADER + "".join(lines), encoding="utf-8")
    command = [*PROGRAM, "import", "table", str(table), "--kind", "access_points"]
    with subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = process.wait(delay_s)
            assert status == 0, process.stderr.read() if process.stderr else ""
            promises.imports.add(number)
        process.kill()


def _url_of(env: dict[str, str]) -> str:
    return env["WLANTRACK_DATABASE_URL"] or f"sqlite:///{env['WLANTRACK_DATA_DIR']}/wlantrack.db"


def _floor_of(env: dict[str, str]) -> str:
    database = Database(_url_of(env))
    with database.reading() as session:
        ref = places.find_floor(session, SYSTEM, FLOOR).floor.public_id
    database.dispose()
    return f"/floors/{ref}"


def _find_faults(env: dict[str, str], promises: Promises, number: int) -> list[str]:
    database = Database(_url_of(env))
    with database.reading() as session:
        walls = {str(ref) for ref in session.scalars(select(Wall.public_id))}
        query = select(func.count()).where(AccessPoint.code.like(f"K{number}-%"))
        points = session.scalar(query) or 0
    database.dispose()
    faults = []
    if lost := promises.walls - walls:
        faults.append(f"kill {number}: {len(lost)} acknowledged walls are not there")
    if points not in {0, ROWS} or (number in promises.imports and points == 0):
        faults.append(f"kill {number}: {points} of {ROWS} rows are there")
    audited = run(env, "audit", "verify", "--json")
    if audited.returncode or not json.loads(audited.stdout)["ok"]:
        faults.append(f"kill {number}: the audit trail is broken: {audited.stdout}")
    return faults


def _verify(env: dict[str, str], folder: Path) -> list[str]:
    backup = folder / "backup.zip"
    faults = []
    for command in ("backup", "verify"):
        done = run(env, command, backup, "--json")
        if done.returncode:
            faults.append(f"{command}: {done.stdout}{done.stderr}")
    return faults
