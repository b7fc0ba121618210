"""The nightly run."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services.daily import run_daily
from wlantrack.services.results import ResultCache


@click.command("daily", cls=Command, epilog="Example: wlantrack daily --json")
def command(run: Run) -> Outcome:
    """Keep forecasts at a month's end, open tasks for closing walls, send mail, delete what is old.

    A second run on the same day changes nothing and writes to nobody twice.
    """
    with run.stores() as stores:
        night = run_daily(stores.database, run.settings, ResultCache())
    mail = night.mail
    document = {
        "snapshots": night.snapshots,
        "alarms": night.alarms,
        "digests": mail.sent,
        "digests_failed": mail.failed,
    }
    text = (
        f"{night.snapshots} forecast(s) kept, {night.alarms} cable(s) in closing walls,"
        f" {night.tasks} task(s) opened, {mail.sent} mail(s) sent, {mail.failed} failed."
    )
    if mail.is_down:
        text += " The mail server cannot be used: see the log, and run this again today."
    return Outcome(document, text, is_failure=mail.is_down)
