"""The audit trail: check that it is whole."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import backups


@click.group("audit")
def command() -> None:
    """Check the audit trail."""


@command.command("verify", cls=Command, epilog="Example: wlantrack audit verify --json")
def verify(run: Run) -> Outcome:
    """Follow the chain of hashes from the first event to the last; changes nothing."""
    chain = backups.verify_audit(run.settings)
    document = {
        "ok": chain.is_whole,
        "events": chain.events,
        "last_hash": chain.last_hash,
        "broken_at": chain.broken_at,
    }
    if not chain.is_whole:
        text = f"The audit trail breaks at event {chain.broken_at}; {chain.events} before it hold."
        return Outcome(document, text, is_failure=True)
    return Outcome(document, f"The audit trail is whole: {chain.events} events.")
