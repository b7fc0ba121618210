"""The backup of an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, write_whole
from wlantrack.services import backups
from wlantrack.services.people import utc_now

if TYPE_CHECKING:
    from pathlib import Path


@click.command("backup", cls=Command, epilog="Example: wlantrack backup /backups/2026-11-25.zip")
@click.argument("file", type=OUTPUT)
def command(run: Run, *, file: Path) -> Outcome:
    """Write database and uploaded files into FILE; the installation may be in use."""
    report = backups.back_up(run.settings, lambda write: write_whole(file, write), utc_now())
    text = describe("The backup holds", report)
    if report.missing_files:
        text += (
            f"\n{len(report.missing_files)} file(s) that records name are missing or altered in"
            f" this installation: {', '.join(report.missing_files[:5])}"
        )
    is_whole = not report.missing_files
    return Outcome({"ok": is_whole, **report.counts()}, text, is_failure=not is_whole)


def describe(beginning: str, report: backups.BackupReport) -> str:
    """Put what a backup holds into one sentence."""
    return (
        f"{beginning} {sum(report.rows.values())} rows of {len(report.rows)} tables,"
        f" {report.files} files and {report.events} events of the audit trail"
        f" as of {report.created_at}."
    )
