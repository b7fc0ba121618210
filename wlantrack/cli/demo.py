"""The demo: everything from an empty folder to pages, in one command."""

from __future__ import annotations

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.patience import Patience
from wlantrack.cli.serve import serve, url_of
from wlantrack.services import demo, demo_hotspots, installation
from wlantrack.services.people import utc_now
from wlantrack.settings import resource_dir


@click.command(
    "demo",
    cls=Command,
    is_patient=False,
    epilog="Example: wlantrack demo --port 5055 --data-dir /tmp/wlantrack-demo",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Loopback addresses only.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
@click.option("--reset", is_flag=True, help="Delete wlantrack's files in the data folder first.")
@click.option("--no-serve", is_flag=True, help="Load the data and end.")
def command(run: Run, *, host: str, port: int, reset: bool, no_serve: bool) -> Outcome:
    """Load the demo town hall, make its accounts, and serve it on this machine."""
    demo.require_loopback(host)
    if reset:
        installation.remove_data(run.settings)
    with run.stores() as stores, Patience(is_shown=True):
        logins = demo.load_demo(stores, resource_dir() / "floorplans", utc_now())
        with stores.database.reading() as session:
            demo_hotspots.publish_demo(session, run.settings)
    url = url_of(host, port)
    text = "\n".join(
        [
            f"The demo is at {url}",
            "",
            f"{'name':<10}{'role':<18}password",
            *(f"{login.name:<10}{login.role:<18}{login.password}" for login in logins),
        ]
    )
    document = {
        "url": url,
        "logins": [
            {"name": login.name, "password": login.password, "role": login.role} for login in logins
        ],
    }
    if no_serve:
        return Outcome(document, text)
    serve(run, host, port, lambda: click.echo(f"{text}\n\nStop with Ctrl+C."))
    return Outcome(document, "")
