"""Processes that change one record at the same time, each after reading it, through the services."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import func, select

from tests.databases import PostgresSource, SqliteSource
from tests.factories.places import add_building, add_floor
from tests.factories.walls import add_wall
from tests.postgres_server import run_server
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.walls import Wall
from wlantrack.store.session import Database

WRITERS = 8
STEP_M = 0.0078125
"""A power of two: sums of it are exact."""
_WRITER = """
import sys
from dataclasses import fields
from wlantrack.errors import Conflict
from wlantrack.services import walls
from wlantrack.services.actor import SYSTEM
from wlantrack.store.session import Database

database, ref, left = Database(sys.argv[1]), sys.argv[2], int(sys.argv[3])
while left:
    with database.writing(SYSTEM.audit()) as session:
        wall, _ = walls.find_wall(session, SYSTEM, ref)
        names = {field.name for field in fields(walls.WallValues)} - {"material"}
        values = {name: getattr(wall, name) for name in names}
        values |= {"material": wall.material.public_id, "x1_m": wall.x1_m + float(sys.argv[4])}
        try:
            walls.change_wall(session, SYSTEM, ref, walls.WallValues(**values), wall.version)
        except Conflict:
            continue
    left -= 1
"""


def count_lost(url: str, updates: int) -> tuple[int, list[str]]:
    """Let every writer change the same wall so often; give lost updates, and complaints."""
    database = Database(url)
    with database.writing(SYSTEM.audit()) as session:
        wall = add_wall(session, add_floor(session, add_building(session)), (0.0, 0.0, 20.0, 20.0))
        session.commit()
    arguments = [url, str(wall.public_id), str(updates), str(STEP_M)]
    with tempfile.TemporaryDirectory() as folder:
        told = [Path(folder) / str(number) for number in range(WRITERS)]
        writers = []
        for path in told:
            with path.open("wb") as file:
                writers.append(
                    subprocess.Popen([sys.executable, "-c", _WRITER, *arguments], stderr=file)
                )
        statuses = [writer.wait() for writer in writers]
        complaints = [text for path in told if (text := path.read_text())]
    assert complaints or statuses == [0] * WRITERS
    with database.reading() as session:
        changed = session.scalars(select(Wall)).one()
        query = select(func.count()).where(AuditEvent.act == "update", AuditEvent.entity == "wall")
        events = session.scalar(query) or 0
    database.dispose()
    found = min(round(changed.x1_m / STEP_M), changed.version - 1, events)
    return WRITERS * updates - found, complaints


def report(database: str, updates: int) -> bool:
    """Run the writers and print what was lost."""
    begin = time.monotonic()
    if database == "sqlite":
        with tempfile.TemporaryDirectory() as folder, SqliteSource(Path(folder)).fresh() as url:
            lost, complaints = count_lost(url, updates)
    else:
        with run_server(is_durable=True) as server, PostgresSource(server).fresh() as url:
            lost, complaints = count_lost(url, updates)
    print(
        f"{database}: {WRITERS} processes x {updates} updates in {time.monotonic() - begin:.0f} s:"
        f" {lost} lost, {len(complaints)} processes complained"
    )
    for complaint in complaints:
        print(complaint)
    return lost == 0 and not complaints
