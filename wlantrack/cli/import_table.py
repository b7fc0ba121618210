"""The import of a table, and the trial of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.cli.pairs import read_pairs
from wlantrack.errors import InvalidInput
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.services import tables
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wlantrack.errors import Problem


@click.command(
    "table",
    cls=Command,
    epilog="Example: wlantrack import table aps.csv --kind access_points --set floor=SYL/4 --dry-run",
)
@click.argument("file", type=INPUT)
@click.option("--kind", type=click.Choice(sorted(tables.KINDS)), required=True)
@click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="A header's field.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="A value for all rows.")
@click.option(
    "--leave-out",
    "left_out",
    multiple=True,
    type=click.IntRange(min=1),
    metavar="ROW",
    help="Import cable_tests without this row; rows count as in errors.",
)
@click.option(
    "--assign",
    "assigned",
    multiple=True,
    metavar="ROW=LABEL",
    help="The cable to which a row of cable_tests belongs that names none.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def command(  # noqa: PLR0913 - each is one option
    run: Run,
    *,
    file: Path,
    kind: str,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    left_out: tuple[int, ...],
    assigned: tuple[str, ...],
    dry_run: bool,
) -> Outcome:
    """Create and update records by the rows of FILE; with any error nothing is written."""
    upload = tables.TableUpload(
        clean_file_name(file.name, "table"),
        read_bounded(file, limits.TABLE_BYTES),
        column_map=read_pairs(maps, "--map"),
        set_values=read_pairs(sets, "--set", is_name_free=False),
        left_out=frozenset(left_out),
        assigned=_read_rows(assigned),
    )
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        try:
            result = tables.import_table(
                session, SYSTEM, kind, upload, is_dry_run=dry_run, files=stores.files
            )
        except InvalidInput as error:
            return _refuse(error.problems)
    if result.errors:
        return _refuse(result.errors, result.warnings)
    counts = {name: result.count(name) for name in ("created", "updated", "unchanged")}
    if left_out:
        counts["left_out"] = result.count("left out")
    words = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())
    text = f"Nothing is written yet. It would be: {words}." if dry_run else f"Done: {words}."
    return Outcome(counts | {"errors": []}, text, result.warnings)


def _read_rows(texts: tuple[str, ...]) -> dict[int, str]:
    """Read ``row=label`` texts."""
    pairs = read_pairs(texts, "--assign", is_name_free=False)
    for row in pairs:
        if not re.fullmatch(r"[0-9]{1,7}", row):
            raise click.BadParameter(f"{row!r} is no row.", param_hint="--assign")
    return {int(row): label for row, label in pairs.items()}


def _refuse(problems: Sequence[Problem], warnings: tuple[object, ...] = ()) -> Outcome:
    document = {
        "created": 0,
        "updated": 0,
        "unchanged": 0,
        "errors": [
            {
                "row": problem.row,
                "column": problem.field,
                "value": problem.value,
                "message": " ".join(str(m) for m in (problem.message, problem.remedy) if m),
            }
            for problem in problems
        ],
    }
    lines = [str(problem) for problem in problems[: tables.SHOWN_ERRORS]]
    if len(problems) > len(lines):
        lines.append(f"... and {len(problems) - len(lines)} more.")
    text = "\n".join([*lines, f"Nothing was written: {len(problems)} error(s)."])
    return Outcome(document, text, warnings, is_failure=True)  # type: ignore[arg-type]
