"""Every hostile file through every door of the web and the command line, watched from outside."""

from __future__ import annotations

import contextlib
import html
import json
import re
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from sqlalchemy import select

from tests.doors import DOORS
from tests.endurance.serving import Person, children_of, installation, run, serving
from tests.integration.web.visitor import read_form
from wlantrack.app import create_app
from wlantrack.cli.main import wlantrack
from wlantrack.services.results import stamp
from wlantrack.services.tables import KINDS
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet
from wlantrack.store.models.permits import Penetration
from wlantrack.store.models.places import Building, Floor, Room
from wlantrack.store.session import Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Select

    from tests.doors import Door
    from tests.endurance.serving import Server

BAR_S = 20.0
BAR_READER_MIB = 1024.0
BAR_GROWTH = 0.10
WARM_UP_FILES = 5
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples" / "hostile"
FLOOR = "RH/0"
RENOVATION = "RH-S-01"
_UNDER_WAY = ("ordered", "containment installed", "pulled", "fire-stopped", "terminated")
_TRACES = ("Traceback (most recent", 'File "/', " object at 0x")
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("plan", "--floor", FLOOR),
    ("dxf", "--floor", FLOOR),
    ("esx",),
    ("openintent",),
    ("footprints", "--crs", "EPSG:25832"),
    ("msi",),
    ("ical", "--calendar", "Hostile"),
    ("mspdi", "--where", "RH"),
    ("mspdi", "--renovation", RENOVATION),
    *(("table", "--kind", kind) for kind in KINDS),
)


@dataclass
class Tally:
    """What became of the files at one door."""

    outcomes: Counter[str] = field(default_factory=Counter)
    longest_s: float = 0.0
    slowest: str = ""
    faults: list[str] = field(default_factory=list)

    def add(self, name: str, outcome: str, seconds: float) -> None:
        """Count an answer, and blame one that took too long."""
        self.outcomes[outcome] += 1
        if seconds > self.longest_s:
            self.longest_s, self.slowest = seconds, name
        if seconds > BAR_S:
            self.faults.append(f"{name}: answered after {seconds:.1f} s")


class Watch:
    """The processes below a server: the most memory that one of them has had."""

    def __init__(self, server: Server) -> None:
        self._pid = server.process.pid
        self._is_over = threading.Event()
        self.most_mib = 0.0

    @contextlib.contextmanager
    def on(self) -> Iterator[None]:
        """Watch for the length of a block."""
        thread = threading.Thread(target=self._look)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(0.02):
            for pid in children_of(self._pid):
                with contextlib.suppress(OSError):
                    status = Path(f"/proc/{pid}/status").read_text()
                    if found := re.search(r"VmHWM:\s+(\d+) kB", status):
                        self.most_mib = max(self.most_mib, int(found[1]) / 1024)


class Records:
    """What is in the database and the folder of files, read past the server."""

    def __init__(self, env: dict[str, str]) -> None:
        data_dir = Path(env["WLANTRACK_DATA_DIR"])
        self._database = Database(f"sqlite:///{data_dir / 'wlantrack.db'}")
        self._files = data_dir / "files"

    def state(self) -> tuple[int, int]:
        """Give the number of the last change, and how many files are kept."""
        with self._database.reading() as session:
            return stamp(session), sum(1 for _ in self._files.iterdir())

    def names(self) -> Iterator[dict[str, str]]:
        """Give a record of each kind; every time another cable run under way, while there are any."""
        kinds: dict[str, Select[Any]] = {
            "building": select(Building).where(Building.code == "RH"),
            "floor": select(Floor),
            "room": select(Room),
            "point": select(AccessPoint),
            "distributor": select(Distributor),
            "outlet": select(Outlet),
            "penetration": select(Penetration).where(Penetration.state == "open"),
        }
        with self._database.reading() as session:
            first = {
                kind: str(session.scalars(query.limit(1)).one().public_id)
                for kind, query in kinds.items()
            }
            runs = select(CableRun.public_id).where(CableRun.state.in_(_UNDER_WAY))
            refs = [str(ref) for ref in session.scalars(runs.order_by(CableRun.id.desc()))]
        yield from ({**first, "renovation": RENOVATION, "run": ref} for ref in refs)


def report(samples: Path, only: tuple[str, ...] = ("",)) -> bool:
    """Send everything in at all doors whose names begin so; print a line a door, and every fault."""
    paths = sorted(path for path in samples.rglob("*") if path.is_file())
    assert paths, f"no file below {samples}"
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch, installation("sqlite") as env:
        env |= {"TMPDIR": scratch}
        records = Records(env)
        doors = [door for door in DOORS if door.name.startswith(only)]
        _order_runs(env, Path(scratch), 2 * len(paths))
        faults = _try_pages(env, records, doors, paths, Path(scratch)) if doors else []
        faults += _try_commands(env, records, only, paths)
    print(f"{len(paths)} files in {time.monotonic() - begin:.0f} s; faults: {len(faults)}")
    return not faults


def _order_runs(env: dict[str, str], folder: Path, number: int) -> None:
    """Order cable runs, so that there is one for each photo that is taken."""
    table = folder / "ordered.csv"
    rows = [f"ORDERED-{row};RH-EV0.1;ordered\n" for row in range(number)]
    table.write_text("label;distributor;state\n" + "".join(rows), encoding="utf-8")
    done = run(env, "import", "table", table, "--kind", "cable_runs")
    assert done.returncode == 0, done.stderr


def _try_pages(
    env: dict[str, str], records: Records, doors: list[Door], paths: list[Path], scratch: Path
) -> list[str]:
    faults: list[str] = []
    with serving(env) as server:
        person, watch = Person(server.url, "admin"), Watch(server)
        for door in doors:  # what the first use of a door loads is no leak
            tally = _try_door(door, person, records, paths[:: len(paths) // WARM_UP_FILES])
            assert not tally.outcomes["broken"], (door.name, tally.faults)
        before_mib = server.rss_mib()
        with watch.on():
            for door in doors:
                tally = _try_door(door, person, records, paths)
                _tell(door.name, tally, server.rss_mib())
                faults += tally.faults
        time.sleep(1)
        after_mib, stray = server.rss_mib(), children_of(server.process.pid)
        is_well = person.get("/healthz").status_code == 200
        left = [path.name for path in scratch.iterdir() if path.name.startswith("wlantrack-")]
    print(
        f"server {before_mib:.0f} MiB before, {after_mib:.0f} MiB after; largest reader"
        f" {watch.most_mib:.0f} MiB; {len(stray)} processes and {len(left)} folders left"
    )
    found = len(faults)
    if not is_well:
        faults.append("the server is not well")
    if after_mib > before_mib * (1 + BAR_GROWTH):
        faults.append("the server has grown")
    if watch.most_mib > BAR_READER_MIB:
        faults.append("a reader had more memory than allowed")
    faults += [f"left behind: {each}" for each in (*stray, *left)]
    for fault in faults[found:]:
        print(f"  {fault}")
    return faults


def _try_door(door: Door, person: Person, records: Records, paths: list[Path]) -> Tally:
    tally = Tally()
    for path, names in zip(paths, records.names(), strict=False):
        before, begin = records.state(), time.monotonic()
        outcome, fault = _send(door, person, path, names)
        tally.add(path.name, outcome, time.monotonic() - begin)
        if outcome == "refused" and records.state() != before:
            fault = fault or "was refused, but something was written"
        if fault:
            tally.faults.append(f"{path.name}: {fault}")
    return tally


def _send(door: Door, person: Person, path: Path, names: dict[str, str]) -> tuple[str, str]:
    """Send one file, and import what has a preview; give the outcome and what is wrong with it."""
    address = door.address.format(**names)
    page = person.get(address)
    if page.status_code != 200 or door.input not in page.text:
        return "broken", f"{address} has no input {door.input}; status {page.status_code}"
    values = {} if door.sent_to else read_form(page.text)
    values |= {key: text.format(**names) for key, text in door.values.items()}
    values.pop("csrf_token", None)
    target = door.sent_to.format(**names) or address
    answer = person.post(target, values, {door.input: (path.name, path.read_bytes())})
    told = _words(answer.text)
    if fault := _blame(answer.status_code, answer.text):
        return "broken", fault
    if answer.status_code == 302:
        return "taken", ""
    if "Nothing was saved yet." in told:
        is_told = path.name in told or door.lacks
        return "refused", "" if is_told else f"the file is not named: {told[:300]}"
    apply = re.search(r'action="(/[a-z/-]*import/[a-z/]*apply)"', answer.text)
    if apply is None:
        is_done = "drawing" in target or "state/apply" in target
        return "taken" if is_done else "refused", "" if path.name in told or is_done else told[:300]
    done = person.post(apply[1], read_form(answer.text))
    return ("taken" if done.status_code == 302 else "refused"), _blame(done.status_code, done.text)


def _blame(status: int, text: str) -> str:
    if status >= 500 or status not in {200, 302, 400, 409}:
        return f"status {status}"
    return next((f"shows {trace!r}" for trace in _TRACES if trace in html.unescape(text)), "")


def _words(page: str) -> str:
    content = re.sub(r"<[^>]+>", " ", page.partition("<main")[2])
    return html.unescape(re.sub(r"\s+", " ", content))


def _try_commands(
    env: dict[str, str], records: Records, only: tuple[str, ...], paths: list[Path]
) -> list[str]:
    faults: list[str] = []
    for command in COMMANDS:
        name = f"import {command[0]} {command[-1] if command[0] == 'table' else ''}".strip()
        if not name.startswith(only):
            continue
        tally = Tally()
        for path in paths:
            before, begin = records.state(), time.monotonic()
            outcome, fault = _run(env, command, path)
            tally.add(path.name, outcome, time.monotonic() - begin)
            if outcome == "refused" and records.state() != before:
                fault = fault or "was refused, but something was written"
            if fault:
                tally.faults.append(f"{path.name}: {fault}")
        _tell(name, tally)
        faults += tally.faults
    return faults


def _run(env: dict[str, str], command: tuple[str, ...], path: Path) -> tuple[str, str]:
    kind, *options = command
    arguments = ["import", kind, str(path), *options, "--json"]
    settings = {name: text for name, text in env.items() if name.startswith("WLANTRACK_")}
    result = CliRunner(env=settings).invoke(wlantrack, arguments, obj=create_app)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return "broken", f"broke with {result.exception!r}"
    if result.exit_code == 0:
        return "taken", ""
    if result.exit_code != 1 or _blame(200, result.output):
        return "broken", f"ended with {result.exit_code}: {result.output[:300]}"
    found = json.loads(result.stdout)
    if "errors" in found:  # of the rows of the one file that was named
        return "refused", "" if found["errors"] else "no word of what is wrong"
    problems = found["error"]["problems"]
    if not problems or problems[0]["file"] != path.name:
        return "refused", f"the file is not named: {result.stdout[:300]}"
    bare = [each for each in problems if not each["remedy"]]
    return "refused", f"says not what to do: {bare[0]}" if bare else ""


def _tell(name: str, tally: Tally, server_mib: float | None = None) -> None:
    counts = tally.outcomes
    memory = "" if server_mib is None else f"; server {server_mib:.0f} MiB"
    print(
        f"{name:36} {counts['taken']:4} taken {counts['refused']:4} refused"
        f" {counts['broken']:3} broken; longest {tally.longest_s:5.1f} s ({tally.slowest}){memory}",
        flush=True,
    )
    for fault in tally.faults:
        print(f"  {fault}", flush=True)
