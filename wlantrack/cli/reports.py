"""Reports as files for mail and archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending, write_whole
from wlantrack.services import council_answer
from wlantrack.services.actor import SYSTEM
from wlantrack.services.coverage import CoverageCache
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.report_files import FORMS, write_report

if TYPE_CHECKING:
    from pathlib import Path

    from wlantrack.reports.document import Document
    from wlantrack.settings import Settings

_OUT = click.option(
    "--out", type=OUTPUT, required=True, help="A file ending in .pdf, .docx, .html or .xlsx."
)
_LANG = click.option("--lang", "language", type=click.Choice(["de", "en"]), default="de")
_BUILDING = click.option("--building", default="", help="Only one building, by its code.")


@click.group("report")
def command() -> None:
    """Write reports: PDF, DOCX, HTML or XLSX."""


def _parts(settings: Settings) -> PlanParts:
    return PlanParts(find_clock(settings), CoverageCache())


def _write(document: Document, out: Path) -> Outcome:
    suffix = require_ending(out, *FORMS)
    data = write_report(document, suffix)
    write_whole(out, lambda file: file.write(data))
    described = {
        "out": str(out),
        "title": document.title,
        "date": document.date,
        "tables": len(document.tables),
        "figures": len(document.figures),
        "bytes": len(data),
    }
    return Outcome(described, f"Wrote {out}.")


@command.command(
    "council", cls=Command, epilog="Example: wlantrack report council --out answer.pdf --lang de"
)
@_OUT
@_LANG
@_BUILDING
def report_council(run: Run, *, out: Path, language: str, building: str) -> Outcome:
    """Answer the council's standard questions from the data."""
    require_ending(out, *FORMS)
    with run.stores() as stores, stores.database.reading() as session:
        document = council_answer.write_standard(
            session,
            SYSTEM,
            _parts(run.settings),
            city=run.settings.city_name,
            language=language,
            building=building,
        )
    return _write(document, out)
