"""Exports: records as files that other programs, and our own imports, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending, write_whole
from wlantrack.services import tables
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path


@click.group("export")
def command() -> None:
    """Export tables."""


@command.command(
    "table",
    cls=Command,
    epilog="Example: wlantrack export table --kind access_points --out access_points.csv",
)
@click.option("--kind", type=click.Choice(sorted(tables.KINDS)), required=True)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .csv or .xlsx.")
def export_table(run: Run, *, kind: str, out: Path) -> Outcome:
    """Write all records of a kind; importing the file again changes nothing."""
    ending = require_ending(out, "csv", "xlsx")
    with run.stores() as stores, stores.database.reading() as session:
        data = tables.export_table(session, SYSTEM, kind, ending)
    write_whole(out, lambda file: file.write(data))
    return Outcome({"kind": kind, "out": str(out), "bytes": len(data)}, f"Wrote {out}.")
