"""The import of buildings' footprints, and the trial of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run, describe_problems
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.errors import InvalidInput
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.formats.footprints import FootprintOptions
from wlantrack.services import footprints
from wlantrack.services.actor import SYSTEM
from wlantrack.services.footprints import FootprintUpload

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wlantrack.errors import Problem

_OUTCOMES = ("created", "updated", "unchanged", "unmatched")


@click.command(
    "footprints",
    cls=Command,
    epilog="Example: wlantrack import footprints alkis.gpkg --code-column kuerzel --dry-run",
)
@click.argument("file", type=INPUT)
@click.option("--crs", default="", metavar="EPSG:N", help="Where the file does not say it.")
@click.option("--layer", default="", help="Layer, if the file has several.")
@click.option("--code-column", default="", metavar="C", help="Column with the buildings' codes.")
@click.option("--name-column", default="", metavar="C", help="Column with names for new ones.")
@click.option("--create", is_flag=True, help="Make buildings of features that match none.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def command(  # noqa: PLR0913 - one parameter an option
    run: Run,
    *,
    file: Path,
    crs: str,
    layer: str,
    code_column: str,
    name_column: str,
    create: bool,
    dry_run: bool,
) -> Outcome:
    """Lay the outlines of FILE (GeoPackage, GeoJSON, zipped shapefile) onto buildings."""
    options = FootprintOptions(crs, layer, code_column, name_column)
    data = read_bounded(file, limits.FOOTPRINT_BYTES)
    upload = FootprintUpload(clean_file_name(file.name, "outlines"), data, options, create)
    crs_used = run.settings.storage_crs
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        try:
            result = footprints.import_footprints(
                session, SYSTEM, upload, crs_used, is_dry_run=dry_run
            )
        except InvalidInput as error:
            return _refuse(error.problems)
    if result.errors:
        return _refuse(result.errors)
    counts = {name: result.count(name) for name in _OUTCOMES}
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    text = f"Nothing is written yet. It would be: {words}." if dry_run else f"Done: {words}."
    return Outcome(counts | {"crs": result.crs, "errors": []}, text, result.warnings)


def _refuse(problems: Sequence[Problem]) -> Outcome:
    document = dict.fromkeys(_OUTCOMES, 0) | {"errors": describe_problems(problems)}
    lines = [str(problem) for problem in problems[:200]]
    text = "\n".join([*lines, f"Nothing was written: {len(problems)} error(s)."])
    return Outcome(document, text, is_failure=True)
