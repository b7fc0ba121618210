"""Reads single-mode instances of PSPLIB (.sm) into problems of ours.

Their time units become days of a week without an end; their last job becomes a milestone that was
due at once, so that lateness is the makespan.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wlantrack.scheduling.parts import Crew, Link, Package, Weights
from wlantrack.scheduling.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

FIRST_DAY = date(2026, 1, 1)
SETS = ("j30", "j60", "j120")


@dataclass(frozen=True)
class Known:
    """What is published of an instance: the best bounds of its makespan."""

    set_name: str
    file_name: str
    lower: int
    upper: int


def read_best_known(folder: Path) -> list[Known]:
    with (folder / "best_known.csv").open(encoding="utf-8", newline="") as file:
        return [
            Known(row["set"], row["sm_file"], int(row["lb"]), int(row["ub"]))
            for row in csv.DictReader(file)
        ]


def read_problem(path: Path) -> Problem:
    """Read a file; the first job, which takes no time and needs nothing, is left out."""
    lines = path.read_text(encoding="ascii").splitlines()
    count = int(next(line for line in lines if line.startswith("jobs")).split(":")[1])
    followers = [row[3:] for row in _read_rows(lines, "PRECEDENCE", 2, count)]
    requests = _read_rows(lines, "REQUESTS", 3, count)
    (capacities,) = _read_rows(lines, "RESOURCEAVAIL", 2, 1)
    crews = tuple(Crew(f"R{n}", amount) for n, amount in enumerate(capacities, start=1))
    packages = [
        Package(
            str(row[0]),
            duration_days=row[2],
            demands={crew.key: amount for crew, amount in zip(crews, row[3:], strict=True)},
            due_on=FIRST_DAY - timedelta(days=1) if row[0] == count else None,
        )
        for row in requests[1:]
    ]
    links = tuple(
        Link(str(job), str(follower))
        for job, row in enumerate(followers, start=1)
        if job > 1
        for follower in row
    )
    return Problem(
        FIRST_DAY,
        tuple(packages),
        links,
        crews,
        week=(True,) * 7,
        weights=Weights(lateness=1),
    )


def _read_rows(lines: list[str], title: str, below: int, count: int) -> list[list[int]]:
    first = next(n for n, line in enumerate(lines) if line.startswith(title)) + below
    return [[int(word) for word in line.split()] for line in lines[first : first + count]]
