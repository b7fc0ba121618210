"""The public bundle, written for the application and for a server in the DMZ."""

from __future__ import annotations

from pathlib import Path

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import publication
from wlantrack.services.actor import SYSTEM


@click.command("publish", cls=Command, epilog="Example: wlantrack publish --out /srv/hotspots")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder that a static server serves; else only the application's own.",
)
def command(run: Run, *, out: Path | None) -> Outcome:
    """Write the public hotspot page, the open data and their metadata.

    The application serves what was written at /public/. The same published hotspots give the same
    bytes.
    """
    with run.stores() as stores, stores.database.reading() as session:
        published = publication.publish(session, SYSTEM, run.settings, out)
    document = {
        "hotspots": published.hotspots,
        "files": [{"path": path, "sha256": digest} for path, digest in published.files],
    }
    folder = out or run.settings.public_dir
    text = f"Published {published.hotspots} hotspot(s) in {len(published.files)} files: {folder}."
    return Outcome(document, text)
