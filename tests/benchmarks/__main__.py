"""Runs every benchmark, prints each line as soon as it is measured, and writes all as JSON.

A topic is a file ``bench_<topic>.py`` beside this one with a tuple ``BENCHMARKS`` of functions
that take ``quick`` and return results (see ``measuring.py``). Usage, from the repository's root:

    python -m tests.benchmarks [--quick] [--only TOPIC] [--strict] [--json PATH]
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.measuring import Benchmark, Result

FOLDER = Path(__file__).parent
DEFAULT_JSON = FOLDER.parents[1] / "build" / "benchmarks.json"
WIDTHS = (78, 14, 36, 6, 10, 4)
HEADERS = ("work", "measured", "reference in the same run", "ratio", "bar", "met?")


def main() -> int:
    """Run, print and write; with ``--strict`` the exit status is 1 if a bar is not met."""
    arguments = parse_arguments()
    print_row(HEADERS)
    print_row(tuple("-" * width for width in WIDTHS))
    results = []
    for benchmark in find_benchmarks(arguments.only):
        for result in benchmark(quick=arguments.quick):
            print_row(format_row(result))
            results.append(result)
    write_json(results, arguments.json, is_quick=arguments.quick)
    is_missed = any(result.is_met is False for result in results)
    return int(arguments.strict and is_missed)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--only", metavar="TOPIC", help="run bench_TOPIC.py alone")
    parser.add_argument("--strict", action="store_true", help="fail if a bar is not met")
    parser.add_argument("--json", type=Path, default=DEFAULT_JSON, metavar="PATH")
    return parser.parse_args()


def find_benchmarks(topic: str | None) -> Iterator[Benchmark]:
    names = sorted(path.stem for path in FOLDER.glob(f"bench_{topic or '*'}.py"))
    for name in names:
        yield from importlib.import_module(f"tests.benchmarks.{name}").BENCHMARKS


def format_row(result: Result) -> tuple[str, ...]:
    reference = ratio = ""
    if result.reference is not None:
        reference = f"{result.reference:,.1f} {result.unit}: {result.reference_work}"
        ratio = f"{result.ratio:,.2f}"
    return (
        result.work,
        f"{result.measured:,.2f} {result.unit}",
        reference,
        ratio,
        result.bar,
        {True: "yes", False: "NO", None: ""}[result.is_met],
    )


def print_row(row: tuple[str, ...]) -> None:
    """Print a row at once: whoever waits sees how far it is."""
    cells = (cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True))
    print("  ".join(cells).rstrip(), flush=True)


def write_json(results: Sequence[Result], path: Path, *, is_quick: bool) -> None:
    document = {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version()},
        "quick": is_quick,
        "results": [{**dataclasses.asdict(r), "ratio": r.ratio} for r in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
