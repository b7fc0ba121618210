"""The restore of a backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.backup import describe
from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT
from wlantrack.services import backups

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "restore",
    cls=Command,
    epilog="Example: wlantrack restore /backups/2026-11-25.zip --data-dir /srv/wlantrack",
)
@click.argument("file", type=INPUT)
@click.option("--replace", is_flag=True, help="Replace what the installation holds now.")
def command(run: Run, *, file: Path, replace: bool) -> Outcome:
    """Put the installation in FILE in place of this one: all of it, or nothing."""
    report = backups.restore(run.settings, file, is_replacing=replace)
    text = describe("Restored:", report) + "\nRestart the server; everybody logs in again."
    return Outcome({"ok": True, **report.counts()}, text)
