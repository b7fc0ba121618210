"""The nightly run."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services.coverage import CoverageCache
from wlantrack.services.daily import run_daily


@click.command("daily", cls=Command, epilog="Example: wlantrack daily --json")
def command(run: Run) -> Outcome:
    """Keep forecasts at a month's end, open tasks for closing walls, delete what is out of date.

    A second run on the same day changes nothing.
    """
    with run.stores() as stores:
        night = run_daily(stores.database, run.settings, CoverageCache())
    document = {"snapshots": night.snapshots, "alarms": night.alarms, "digests": night.digests}
    text = (
        f"{night.snapshots} forecast(s) kept, {night.alarms} cable(s) in closing walls,"
        f" {night.tasks} task(s) opened."
    )
    return Outcome(document, text)
