"""What an installation has acknowledged, and what is missing, doubled or half there afterwards."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from tests.endurance.serving import run
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.files import ImportRun
from wlantrack.store.models.places import Building, Floor, FloorPlan
from wlantrack.store.models.walls import Wall
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

BUILDING = "KK"
FLOOR = f"{BUILDING}/0"
ROWS = 150
DRAWN_M = 5.0
"""Where walls end that were drawn and not yet moved, and those that were are farther on."""
PROJECT = {"floors": 1, "walls": 3, "access points": 2, "plans": 1, "imports": 1}
"""What one project brings in."""


@dataclass
class Promises:
    """What has been acknowledged: x of walls by id, names of plans, numbers of imports."""

    walls: dict[str, float] = field(default_factory=dict)
    plans: set[str] = field(default_factory=set)
    tables: set[int] = field(default_factory=set)
    projects: set[int] = field(default_factory=set)
    answers_lost: int = 0
    imports_cut: int = 0
    refusals: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the numbers in a sentence."""
        return (
            f"{len(self.walls)} walls, {len(self.plans)} plans, {len(self.tables)} tables and"
            f" {len(self.projects)} projects acknowledged, {self.answers_lost} requests and"
            f" {self.imports_cut} imports cut off"
        )


def url_of(env: dict[str, str]) -> str:
    """Give the address of an installation's database."""
    return env["WLANTRACK_DATABASE_URL"] or f"sqlite:///{env['WLANTRACK_DATA_DIR']}/wlantrack.db"


def find_faults(env: dict[str, str], promises: Promises, number: int) -> list[str]:
    """Compare what is there after a kill with what was acknowledged, and verify the trail."""
    database = Database(url_of(env))
    with database.reading() as session:
        faults = [
            *_check_walls(session, promises),
            *_check_plans(session, promises, Path(env["WLANTRACK_DATA_DIR"]) / "files"),
            *_check_table(session, promises, number),
            *_check_project(session, promises, number),
        ]
    database.dispose()
    audited = run(env, "audit", "verify", "--json")
    if audited.returncode or not json.loads(audited.stdout)["ok"]:
        faults.append(f"the audit trail is broken: {audited.stdout}{audited.stderr}")
    return [f"kill {number}: {fault}" for fault in faults]


def _check_walls(session: Session, promises: Promises) -> Iterator[str]:
    rows = session.execute(select(Wall.public_id, Wall.x2_m, Wall.version)).all()
    there = {str(ref): (x_m, version) for ref, x_m, version in rows}
    for ref, x_m in promises.walls.items():
        if ref not in there:
            yield f"the acknowledged wall {ref} is not there"
        elif there[ref][0] < x_m:
            yield f"the acknowledged change of wall {ref} to {x_m} is lost: {there[ref][0]}"
    ends = (Wall.floor_id, Wall.x1_m, Wall.y1_m, Wall.y2_m)
    drawn = select(*ends).join(Floor).join(Building).where(Building.code == BUILDING)
    for *_, y1_m, y2_m in session.execute(drawn.group_by(*ends).having(func.count() > 1)):
        yield f"the wall {y1_m}/{y2_m} was asked for again and is there twice"


def _check_plans(session: Session, promises: Promises, folder: Path) -> Iterator[str]:
    plans = list(session.scalars(select(FloorPlan).where(FloorPlan.name.like("killed-%"))))
    if lost := promises.plans - {plan.name for plan in plans}:
        yield f"{len(lost)} acknowledged plans are not there"
    for plan in plans:
        for name, sha256 in (
            (plan.original_file, plan.original_sha256),
            (plan.image_file, plan.image_sha256),
        ):
            path = folder / name
            if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
                yield f"a file of plan {plan.name} is missing or cut"


def _check_table(session: Session, promises: Promises, number: int) -> Iterator[str]:
    query = select(func.count()).where(AccessPoint.code.like(f"K{number}-%"))
    points = session.scalar(query) or 0
    if points not in {0, ROWS} or (number in promises.tables and points == 0):
        yield f"{points} of {ROWS} rows are there"


def _check_project(session: Session, promises: Promises, number: int) -> Iterator[str]:
    floors = select(Floor.id).join(Building).where(Building.code == f"E{number}")
    counts = {
        "floors": select(func.count()).select_from(floors.subquery()),
        "walls": select(func.count()).where(Wall.floor_id.in_(floors)),
        "access points": select(func.count()).where(AccessPoint.floor_id.in_(floors)),
        "plans": select(func.count()).where(FloorPlan.floor_id.in_(floors)),
        "imports": select(func.count()).where(ImportRun.name == f"{number}.esx"),
    }
    found = {name: session.scalar(query) or 0 for name, query in counts.items()}
    nothing = dict.fromkeys(PROJECT, 0)
    if found not in (PROJECT, nothing) or (number in promises.projects and found == nothing):
        yield f"of a project {found} are there"
