"""The check of a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.backup import describe
from wlantrack.cli.command import Command, Outcome, Run, describe_problems
from wlantrack.cli.files import INPUT
from wlantrack.errors import InvalidInput
from wlantrack.services import backups

if TYPE_CHECKING:
    from pathlib import Path


@click.command("verify", cls=Command, epilog="Example: wlantrack verify /backups/2026-11-25.zip")
@click.argument("file", type=INPUT)
def command(run: Run, *, file: Path) -> Outcome:
    """Read FILE whole: seal, hashes, database, audit trail; changes nothing."""
    del run
    try:
        report = backups.verify(file)
    except InvalidInput as error:
        document = {"ok": False, "problems": describe_problems(error.problems)}
        return Outcome(document, f"{file.name}: {error}", is_failure=True)
    return Outcome({"ok": True, **report.counts()}, describe("Verified:", report))
