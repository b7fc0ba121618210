"""The import of an antenna pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import numpy as np

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.radio.antennas import Cut
from wlantrack.services import antennas
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plans import Upload

if TYPE_CHECKING:
    from pathlib import Path

SHOWN_ANGLES_DEG = (0, 90, 180, 270)


@click.command("msi", cls=Command, epilog="Example: wlantrack import msi sector-5ghz.msi")
@click.argument("file", type=INPUT)
def command(run: Run, *, file: Path) -> Outcome:
    """Add the antenna in FILE (Planet .msi or Ekahau JSON) to the catalogue."""
    upload = Upload(clean_file_name(file.name, "antenna"), read_bounded(file, limits.ANTENNA_BYTES))
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        result = antennas.import_antenna(session, SYSTEM, upload)
    table = result.table
    angles, gains = zip(*table.horizontal, strict=True)
    shown = Cut(angles, gains).find_gain_db(np.array(SHOWN_ANGLES_DEG, dtype=float))
    document = {
        "code": result.pattern.code,
        "name": table.name,
        "vendor": table.vendor,
        "band": table.band,
        "mount": table.mount,
        "outcome": result.outcome,
        "max_gain_dbi": table.gain_dbi,
        "max_gain_horizontal_dbi": max(gains),
        "points_horizontal": len(table.horizontal),
        "points_vertical": len(table.vertical),
        "horizontal_gain_dbi": {
            str(angle): round(float(gain), 4)
            for angle, gain in zip(SHOWN_ANGLES_DEG, shown, strict=True)
        },
    }
    text = f"{table.name}: {table.gain_dbi:g} dBi, {result.outcome} as {result.pattern.code}."
    return Outcome(document, text)
