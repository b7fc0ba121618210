"""The import of an Ekahau project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.cli.project_outcome import import_project
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.services.project_imports import NETWORK_CLASSES, ProjectChoices, ProjectFile

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "esx",
    cls=Command,
    epilog="Example: wlantrack import esx town-hall.esx --building RH --dry-run",
)
@click.argument("file", type=INPUT)
@click.option("--building", metavar="CODE", help="Building for all floors; made if missing.")
@click.option(
    "--network",
    "network_class",
    type=click.Choice(NETWORK_CLASSES),
    default="internal",
    show_default=True,
    help="Network whose requirements the file's areas are.",
)
@click.option("--dry-run", is_flag=True, help="Tell what it would do, write nothing.")
def command(
    run: Run, *, file: Path, building: str | None, network_class: str, dry_run: bool
) -> Outcome:
    """Bring plans, walls and access points up to date with the Ekahau project FILE."""
    files = [
        ProjectFile(clean_file_name(file.name, "project"), read_bounded(file, limits.PROJECT_BYTES))
    ]
    choices = ProjectChoices(building, network_class)
    return import_project(run, "esx", files, choices, is_dry_run=dry_run)
