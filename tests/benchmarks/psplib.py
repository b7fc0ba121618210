"""Solves instances of PSPLIB and compares with the best that is known of them.

    python -m tests.benchmarks.psplib DIR [--limit-s 10] [--sets j30 j60 j120] [--verbose]

DIR holds j30/, j60/, j120/ and best_known.csv. Prints JSON; gaps are fractions of the best known
makespan. The exit status is 1 if a bar is not met.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from tests.benchmarks.psplib_files import SETS, Known, read_best_known, read_problem
from wlantrack.scheduling.outcome import Status
from wlantrack.scheduling.solver import solve
from wlantrack.scheduling.verify import verify

BARS: dict[str, dict[str, float]] = {
    "j30": {"proved_share": 0.96, "mean_gap": 0.0005},
    "j60": {"proved_share": 0.85, "mean_gap": 0.005},
    "j120": {"mean_gap": 0.04, "heuristic_mean_gap": 0.05},
}


@dataclass(frozen=True)
class Run:
    """What came out for one instance."""

    known: Known
    cost: int
    bound: int
    heuristic_cost: int
    is_verified: bool
    is_proved: bool
    is_repeatable: bool
    seconds: float
    cpu_s: float

    @property
    def gap(self) -> float:
        return self.cost / self.known.upper - 1

    @property
    def heuristic_gap(self) -> float:
        return self.heuristic_cost / self.known.upper - 1

    @property
    def is_possible(self) -> bool:
        """Tell whether it contradicts nothing that is proved."""
        return self.cost >= self.known.lower and self.bound <= self.known.upper


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.psplib", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--limit-s", type=float, default=10)
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS)
    parser.add_argument("--verbose", action="store_true", help="a line for each instance")
    arguments = parser.parse_args()
    runs: dict[str, list[Run]] = {name: [] for name in arguments.sets}
    for known in read_best_known(arguments.folder):
        if known.set_name in runs:
            run = run_one(arguments.folder, known, arguments.limit_s)
            runs[known.set_name].append(run)
            if arguments.verbose:
                print(*describe(run), file=sys.stderr, flush=True)
    report = {name: summarize(found) for name, found in runs.items()}
    print(json.dumps(report, indent=2))
    return int(not all(is_met(name, summary) for name, summary in report.items()))


def run_one(folder: Path, known: Known, limit_s: float) -> Run:
    problem = read_problem(folder / known.set_name / known.file_name)
    cpu_s = time.process_time()
    solution = solve(problem, limit_s, seed=1)
    return Run(
        known,
        solution.cost,
        solution.bound,
        solution.heuristic_cost or 0,
        not verify(problem, solution.plan),
        solution.status is Status.OPTIMAL,
        solution.is_repeatable,
        solution.seconds,
        time.process_time() - cpu_s,
    )


def describe(run: Run) -> tuple[object, ...]:
    known = run.known
    return (
        known.file_name,
        f"known {known.lower}-{known.upper}",
        f"found {run.bound}-{run.cost}",
        f"at once {run.heuristic_cost}",
        f"{run.seconds:.1f} s",
        f"{run.cpu_s:.1f} s cpu",
    )


def summarize(runs: list[Run]) -> dict[str, float]:
    return {
        "instances": len(runs),
        "verified": sum(run.is_verified and run.is_possible for run in runs),
        "proved_share": round(fmean(run.is_proved for run in runs), 4),
        "mean_gap": round(fmean(run.gap for run in runs), 5),
        "max_gap": round(max(run.gap for run in runs), 5),
        "heuristic_mean_gap": round(fmean(run.heuristic_gap for run in runs), 5),
        "repeatable": sum(run.is_repeatable for run in runs),
        "max_seconds": round(max(run.seconds for run in runs), 1),
        "cpu_s": round(sum(run.cpu_s for run in runs), 1),
    }


def is_met(name: str, summary: dict[str, float]) -> bool:
    """Tell whether a set reaches its bars; shares from below, gaps from above."""
    is_sound = summary["verified"] == summary["instances"]
    return is_sound and all(
        summary[key] >= bar if key.endswith("share") else summary[key] <= bar
        for key, bar in BARS[name].items()
    )


if __name__ == "__main__":
    raise SystemExit(main())
