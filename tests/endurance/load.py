"""Many people at once: how long they wait, and whether anything goes wrong."""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.endurance.serving import Person, installation, serving
from tests.pages import find_pages, floors_among, shape_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.endurance.serving import Server

BAR_MS = 400.0
READERS = ("planner", "manager", "facility", "security", "council")


@dataclass(frozen=True)
class Crowd:
    """How many people ask how often, for how long; one request in ten writes."""

    people: int = 50
    pause_s: float = 5.0
    seconds: float = 60.0
    writes_share: float = 0.1


@dataclass
class Tally:
    """What was measured."""

    times_ms: dict[str, list[float]] = field(default_factory=lambda: {"read": [], "write": []})
    slowest: list[tuple[float, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, what: str, milliseconds: float, status: int) -> None:
        """Count one request; every answer but a success or a redirect is an error."""
        with self._lock:
            self.times_ms[kind].append(milliseconds)
            self.slowest = sorted([*self.slowest, (milliseconds, what)], reverse=True)[:5]
            if status >= 400:
                self.errors.append(f"{status} {what}")

    def percentile_ms(self, share: float, kind: str = "") -> float:
        """Give the time within which a share of the requests was answered."""
        kinds = [kind] if kind else list(self.times_ms)
        times = sorted(itertools.chain.from_iterable(self.times_ms[name] for name in kinds))
        return times[max(0, -int(-len(times) * share // 1) - 1)] if times else 0.0


class Writer:
    """Moves one access point to and fro, as a planner does in the editor."""

    def __init__(self, person: Person, point: dict[str, object]) -> None:
        self.person, self.point = person, point
        self.steps = itertools.cycle((0.25, -0.25))

    def write(self) -> int:
        """Move it and give the answer's status."""
        x_m = float(str(self.point["x_m"])) + next(self.steps)
        body = {"version": self.point["version"], "x_m": x_m}
        answer = self.person.send("PATCH", str(self.point["href"]), body)
        if answer.ok:
            self.point = answer.json()["record"]
        return answer.status_code


def measure(database: str, kind: str, crowd: Crowd) -> tuple[Tally, float]:
    """Let a crowd at the demo; give what was measured, and the server's memory in the end."""
    with installation(database) as env, serving(env, kind) as server:
        tally = run_crowd(server, crowd)
        return tally, server.rss_mib()


def run_crowd(server: Server, crowd: Crowd) -> Tally:
    """Log everybody in, then let them ask at moments spread evenly by chance."""
    planner = Person(server.url, "planner")
    reads = [*find_pages(planner.get)]
    floors = floors_among(reads)
    reads += [f"{floor}/plan.json" for floor in floors]
    reads += [f"{floor}/heat-map.png?band=5&counts=planned" for floor in floors]
    points = [
        point
        for floor in floors
        for point in planner.get(f"{floor}/plan.json").json()["access_points"]
        if point["editable"]
    ]
    writers = [Person(server.url, "planner") for _ in range(crowd.people)]
    assert len(points) >= 1, "no floor has an access point to move"
    places = [
        Writer(person, points[at]) for at, person in zip(range(len(points)), writers, strict=False)
    ]
    return _ask(crowd, writers, places, reads)


def _ask(crowd: Crowd, people: list[Person], writers: list[Writer], reads: list[str]) -> Tally:
    tally, free = Tally(), threading.Lock()
    spare = list(writers)
    start = time.monotonic()

    def behave(number: int) -> None:
        dice = random.Random(number)  # noqa: S311 - no secret
        for moment in _moments(crowd, dice):
            time.sleep(max(0.0, start + moment - time.monotonic()))
            if dice.random() < crowd.writes_share:
                with free:
                    writer = spare.pop(0)
                begin = time.perf_counter()
                status = writer.write()
                tally.note("write", str(shape_of(str(writer.point["href"]))), _since(begin), status)
                with free:
                    spare.append(writer)
            else:
                address = dice.choice(reads)
                begin = time.perf_counter()
                status = people[number].get(address).status_code
                tally.note("read", shape_of(address), _since(begin), status)

    with ThreadPoolExecutor(crowd.people) as pool:
        list(pool.map(behave, range(crowd.people)))
    return tally


def _moments(crowd: Crowd, dice: random.Random) -> Iterator[float]:
    moment = dice.uniform(0, crowd.pause_s)
    while moment < crowd.seconds:
        yield moment
        moment += crowd.pause_s


def _since(begin: float) -> float:
    return (time.perf_counter() - begin) * 1e3


def report(database: str, kind: str, crowd: Crowd) -> bool:
    """Measure, print a line, and tell whether the bar is met."""
    before = os.getloadavg()[0]
    tally, rss_mib = measure(database, kind, crowd)
    p95_ms = tally.percentile_ms(0.95)
    is_met = p95_ms <= BAR_MS and not tally.errors
    print(
        f"{kind:<9} {database:<11} {sum(map(len, tally.times_ms.values())):>5} requests"
        f" ({len(tally.times_ms['write'])} writes)  median {tally.percentile_ms(0.5):>6.0f} ms"
        f"  95 % {p95_ms:>6.0f} ms (writes {tally.percentile_ms(0.95, 'write'):>5.0f})"
        f"  longest {tally.percentile_ms(1):>6.0f} ms  errors {len(tally.errors)}"
        f"  server {rss_mib:.0f} MiB  machine load before {before:.1f}"
        f"  bar <= {BAR_MS:.0f} ms, 0 errors: {'met' if is_met else 'NOT MET'}"
    )
    for error in tally.errors[:5]:
        print(f"  {error}")
    for milliseconds, what in tally.slowest:
        print(f"  slowest: {milliseconds:.0f} ms {what}")
    return is_met
