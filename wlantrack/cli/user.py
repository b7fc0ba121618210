"""Accounts: made here, given a password by their owner through a link that works once."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import people
from wlantrack.services.accounts import ROLES
from wlantrack.services.actor import SYSTEM


@click.group("user")
def command() -> None:
    """Create accounts."""


@command.command(
    "create",
    cls=Command,
    epilog="Example: wlantrack user create m.maier --role planner --scope RH/MP",
)
@click.argument("name")
@click.option("--role", required=True, help=f"One of: {', '.join(ROLES)}.")
@click.option(
    "--scope",
    default="all",
    show_default=True,
    help="all, a building, or RH/MP; of a firm its name.",
)
@click.option(
    "--base-url",
    default="http://127.0.0.1:5000",
    show_default=True,
    help="Where people reach this server.",
)
def create(run: Run, *, name: str, role: str, scope: str, base_url: str) -> Outcome:
    """Create an account and print the link by which its owner sets the password."""
    now = people.utc_now()
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        token = people.create_user(session, SYSTEM, name, ((role, scope),), now)
    link = f"{base_url.rstrip('/')}/link/{token}"
    text = f"{link}\n\nThe link works once, for {people.LINK_HOURS} hours."
    return Outcome({"name": name.strip().lower(), "role": role, "link": link}, text)
