"""The database: bring it to this version's schema, or compare it."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import installation


@click.group("db")
def command() -> None:
    """Migrate or check the database."""


@command.command("upgrade", cls=Command, epilog="Example: wlantrack db upgrade")
def upgrade(run: Run) -> Outcome:
    """Run the missing migrations and add the standard catalogue."""
    has_run = installation.upgrade_database(run.settings)
    text = "The database is at this version's schema now." if has_run else "Nothing to do."
    return Outcome({"upgraded": has_run}, text)


@command.command("check", cls=Command, epilog="Example: wlantrack db check --json")
def check(run: Run) -> Outcome:
    """Tell whether the database agrees with this version; changes nothing."""
    state = installation.check_database(run.settings)
    document = {"is_current": state.is_current, "differences": list(state.differences)}
    if not state.is_current:
        text = "The database is behind this version. Run wlantrack db upgrade."
        return Outcome(document, text, is_failure=True)
    if state.differences:
        text = "\n".join(["The database differs from the models:", *state.differences])
        return Outcome(document, text, is_failure=True)
    return Outcome(document, "The database agrees with this version.")
