"""The command ``wlantrack``: its groups, and what all of them share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wlantrack.cli.lazy_group import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from wlantrack.settings import Settings

_MODULES = {
    "demo": ("wlantrack.cli.demo", "Load the demo town hall and serve it."),
    "serve": ("wlantrack.cli.serve", "Serve the pages."),
    "db": ("wlantrack.cli.db", "Migrate or check the database."),
    "user": ("wlantrack.cli.user", "Create accounts."),
    "add": ("wlantrack.cli.add", "Add buildings, wings and floors."),
    "import": ("wlantrack.cli.imports", "Import plans, drawings and tables."),
    "export": ("wlantrack.cli.exports", "Export tables and labels."),
    "predict": ("wlantrack.cli.predict", "Predict the signal of a floor as arrays."),
    "coverage": ("wlantrack.cli.coverage", "Draw coverage maps."),
    "check": ("wlantrack.cli.check", "Check that the networks are kept apart."),
    "report": ("wlantrack.cli.reports", "Write reports: council answer, progress and others."),
    "schedule": ("wlantrack.cli.schedule", "Propose schedules and accept them."),
    "daily": ("wlantrack.cli.daily", "Do what is due every night."),
    "publish": ("wlantrack.cli.publish", "Publish the hotspots for the public."),
    "backup": ("wlantrack.cli.backup", "Write a backup, also while others work."),
    "restore": ("wlantrack.cli.restore", "Put a backup in place."),
    "verify": ("wlantrack.cli.verify", "Check a backup, byte by byte."),
    "audit": ("wlantrack.cli.audit", "Check the audit trail."),
}


@dataclass(frozen=True)
class Root:
    """What every command may need from the way ``wlantrack`` was started."""

    create_app: Callable[[Settings], Flask]
    data_dir: Path | None = None


@click.group(
    cls=LazyGroup,
    modules=_MODULES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: wlantrack demo --port 5000",
)
@click.version_option(package_name="wlantrack")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the embedded database and files; else WLANTRACK_DATA_DIR.",
)
@click.pass_context
def wlantrack(ctx: click.Context, data_dir: Path | None) -> None:
    """Plan and track a city's WLAN, building by building.

    Floors are named by code, such as RH/3 (building/floor) or RH/MP/3 (building/wing/floor).
    """
    ctx.obj = Root(ctx.obj, data_dir)


def run(create_app: Callable[[Settings], Flask]) -> None:
    """Run the command line of this process."""
    wlantrack(obj=create_app, prog_name="wlantrack")
