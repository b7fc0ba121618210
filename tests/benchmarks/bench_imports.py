"""How long a large table takes on the command line, start of the process included."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measuring import Result

if TYPE_CHECKING:
    from tests.benchmarks.measuring import Benchmark

ROWS = 1_000
HEADER = (
    "code;floor;model;x_m;y_m;height_m;channel_24;power_24_dbm;channel_5;width_5_mhz;power_5_dbm"
)
WLANTRACK = (sys.executable, "-c", "from wlantrack.app import main; main()")


def write_table(path: Path, last: str = "") -> None:
    rows = [
        f"BM-AP-{n:04d};BM/0;generic-wifi6-omni;{n % 60},5;{n % 40},25;2,7;1;10;36;40;14"
        for n in range(ROWS)
    ]
    path.write_text("\n".join([HEADER, *rows[: ROWS - bool(last)], *([last] if last else [])]))


def run(folder: Path, *arguments: str, status: int = 0) -> float:
    """Give the seconds that a command takes."""
    begin = time.perf_counter()
    command = [*WLANTRACK, "--data-dir", str(folder), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begin
    assert done.returncode == status, done.stderr
    return seconds


def import_a_thousand_access_points(*, quick: bool) -> list[Result]:
    del quick
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        good, bad = folder / "good.csv", folder / "bad.csv"
        write_table(good)
        write_table(bad, last="BM-AP-9999;BM/0;generic-wifi6-omni;1;1;-4;1;10;36;40;14")
        run(folder, "add", "floor", "BM/0")
        table = ("import", "table", "--kind", "access_points")
        dry_s = run(folder, *table, str(bad), "--dry-run", status=1)
        import_s = run(folder, *table, str(good))
        again_s = run(folder, *table, str(good))
    return [
        Result(f"CSV of {ROWS:,} access points, audited", import_s, "s", bar="<= 5 s",
               is_met=import_s <= 5),
        Result("the same again: nothing changes", again_s, "s"),
        Result("dry run that finds one bad last row", dry_s, "s", bar="<= 3 s",
               is_met=dry_s <= 3),
    ]  # fmt: skip


BENCHMARKS: tuple[Benchmark, ...] = (import_a_thousand_access_points,)
