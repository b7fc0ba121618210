"""The server that people and reverse proxies talk to."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

import click
import waitress

from wlantrack import logs, memory
from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import demo, start_checks

if TYPE_CHECKING:
    from collections.abc import Callable

_THREADS = 8


@click.command(
    "serve",
    cls=Command,
    is_patient=False,
    epilog="Example: wlantrack serve --host 127.0.0.1 --port 5000",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=5000, show_default=True)
def command(run: Run, *, host: str, port: int) -> Outcome:
    """Serve the pages; a reverse proxy in front gives them https."""
    start_checks.require_safe(run.settings, host)
    with run.stores() as stores, stores.database.reading() as session:
        if demo.has_open_logins(session):
            demo.require_loopback(host)
    text = f"Serving {url_of(host, port)} - stop with Ctrl+C."
    serve(run, host, port, lambda: click.echo(text, err=True), is_production=True)
    return Outcome({"url": url_of(host, port)}, "")


def serve(
    run: Run, host: str, port: int, announce: Callable[[], None], *, is_production: bool = False
) -> None:
    """Serve until the process is stopped; ``announce`` is called once the address is taken.

    Raises
    ------
    InvalidInput
        The address is not free, or not one of this machine; or production runs in debug mode.
    """
    logs.configure(run.settings.log_format, run.settings.log_level)
    app = run.create_app(run.settings)
    if is_production:
        start_checks.refuse_debug(is_debug=app.debug)
    try:
        server = waitress.create_server(
            app,
            host=host,
            port=port,
            threads=_THREADS,
            # What proxies add is read by the application, as far as the setting trusts them; that
            # they add something tells /metrics that the request comes from elsewhere.
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise InvalidInput(
            Problem(
                msg("This address cannot be used: %(reason)s.", reason=error.strerror or error),
                msg("Stop what listens there, or choose another with --port."),
                field="port",
                value=f"{host}:{port}",
            )
        ) from error
    memory.keep_for_good()
    announce()
    server.run()


def url_of(host: str, port: int) -> str:
    """Give the address of the first page."""
    try:
        is_v6 = ipaddress.ip_address(host).version == 6
    except ValueError:
        is_v6 = False
    return f"http://{f'[{host}]' if is_v6 else host}:{port}/"
