"""The import of a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.cli.pairs import read_pairs
from wlantrack.formats import limits
from wlantrack.formats.dxf import UNITS
from wlantrack.formats.file_names import clean_file_name
from wlantrack.services import wall_imports
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plans import Upload

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "dxf",
    cls=Command,
    epilog='Example: wlantrack import dxf walls.dxf --floor SYL/4 --layer "A-WALL*=brick-240"',
)
@click.argument("file", type=INPUT)
@click.option("--floor", required=True, help="Floor, such as RH/3.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="PATTERN=MATERIAL",
    help="Material of layers, or PATTERN=ignore; others are recognised by name.",
)
@click.option(
    "--offset-m",
    nargs=2,
    type=float,
    default=(0.0, 0.0),
    metavar="X Y",
    help="Added to the drawing's coordinates to get the building's.",
)
@click.option("--unit", type=click.Choice(UNITS), help="Unit, if the drawing states none.")
def command(
    run: Run,
    *,
    file: Path,
    floor: str,
    layers: tuple[str, ...],
    offset_m: tuple[float, float],
    unit: str | None,
) -> Outcome:
    """Bring a floor's walls, doors and rooms up to date with FILE."""
    upload = Upload(clean_file_name(file.name, "drawing.dxf"), read_bounded(file, limits.DXF_BYTES))
    materials = read_pairs(layers, "--layer")
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        result = wall_imports.import_dxf(
            session, SYSTEM, floor, upload, materials, offset_m=offset_m, unit=unit
        )
    text = (
        f"{result.walls} walls of {result.wall_length_m:.1f} m, {result.openings} doors and"
        f" windows, {result.rooms} rooms; {result.added} pieces new, {result.removed} removed,"
        f" {result.unchanged} unchanged."
    )
    document = {
        "walls": result.walls,
        "wall_length_m": result.wall_length_m,
        "openings": result.openings,
        "rooms": result.rooms,
        "added": result.added,
        "removed": result.removed,
        "unchanged": result.unchanged,
        "warnings": [str(warning) for warning in result.warnings],
    }
    return Outcome(document, text, result.warnings)
