"""Long tests of one quality each, on a machine that does nothing else.

Usage, from the repository's root; the exit status is 1 where a bar is not met:

    python -m tests.endurance load [--server serve|gunicorn] [--database sqlite|postgresql]
    python -m tests.endurance memory [--server serve|gunicorn]
    python -m tests.endurance writers [--database sqlite|postgresql] [--updates 200]
    python -m tests.endurance kills [--database sqlite|postgresql] [--count 20] [--seed 1]
    python -m tests.endurance hostile [--samples DIR] [--only "import plan"]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tests.endurance.serving import DATABASES, SERVERS


def main() -> int:
    """Run what was asked for."""
    arguments = parse_arguments()
    is_met: bool = arguments.run(arguments)
    return int(not is_met)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(required=True)

    load = commands.add_parser("load", help="50 people for a minute")
    load.add_argument("--server", choices=SERVERS, action="append")
    load.add_argument("--database", choices=DATABASES, action="append")
    load.set_defaults(run=run_load)

    memory = commands.add_parser("memory", help="memory after a tour of all pages")
    memory.add_argument("--server", choices=SERVERS, default="serve")
    memory.set_defaults(run=run_memory)

    writers = commands.add_parser("writers", help="8 processes that change one record")
    writers.add_argument("--database", choices=DATABASES, action="append")
    writers.add_argument("--updates", type=int, default=200)
    writers.set_defaults(run=run_writers)

    kills = commands.add_parser("kills", help="kill -9 in the middle of imports and edits")
    kills.add_argument("--database", choices=DATABASES, default="sqlite")
    kills.add_argument("--count", type=int, default=20)
    kills.add_argument("--seed", type=int, default=1)
    kills.set_defaults(run=run_kills)

    hostile = commands.add_parser("hostile", help="every hostile file through every door")
    hostile.add_argument("--samples", type=Path)
    hostile.add_argument("--only", action="append", help="how the names of doors begin")
    hostile.set_defaults(run=run_hostile)
    return parser.parse_args()


def run_load(arguments: argparse.Namespace) -> bool:
    from tests.endurance import load  # noqa: PLC0415 - each command pays for its own

    outcomes = [
        load.report(database, server, load.Crowd())
        for server in arguments.server or ("serve",)
        for database in arguments.database or DATABASES
    ]
    return all(outcomes)


def run_memory(arguments: argparse.Namespace) -> bool:
    from tests.endurance import tour  # noqa: PLC0415 - see above

    return tour.report(arguments.server)


def run_writers(arguments: argparse.Namespace) -> bool:
    from tests.endurance import writers  # noqa: PLC0415 - see above

    databases = arguments.database or DATABASES
    outcomes = [writers.report(database, arguments.updates) for database in databases]
    return all(outcomes)


def run_kills(arguments: argparse.Namespace) -> bool:
    from tests.endurance import kills  # noqa: PLC0415 - see above

    return kills.report(arguments.database, arguments.count, arguments.seed)


def run_hostile(arguments: argparse.Namespace) -> bool:
    from tests.endurance import hostile  # noqa: PLC0415 - see above

    return hostile.report(arguments.samples or hostile.SAMPLES, tuple(arguments.only or ("",)))


if __name__ == "__main__":
    raise SystemExit(main())
