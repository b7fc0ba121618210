"""Reports as files for mail and archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending, write_whole
from wlantrack.services import inquiries
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.report_files import FORMS, Wanted, write_report
from wlantrack.services.reports import LANGUAGES, REPORTS
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from pathlib import Path

    from wlantrack.reports.document import Document
    from wlantrack.services.reports import Report

_OUT = click.option(
    "--out", type=OUTPUT, required=True, help="A file ending in .pdf, .docx, .html or .xlsx."
)
_LANG = click.option(
    "--lang", "language", type=click.Choice(list(LANGUAGES)), default="de", show_default=True
)


@click.group("report")
def command() -> None:
    """Write reports: PDF, DOCX, HTML or XLSX."""


def _write(document: Document, out: Path) -> Outcome:
    data = write_report(document, require_ending(out, *FORMS))
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


def _make_command(report: Report) -> click.Command:
    @_OUT
    @_LANG
    @click.option(
        "--of",
        "place",
        default="",
        required=not report.has_city,
        help="Only one building or wing, such as RH or RH/MP."
        if report.has_wings
        else "Only one building, such as RH.",
    )
    def write(run: Run, *, out: Path, language: str, place: str, inquiry: str = "") -> Outcome:
        require_ending(out, *FORMS)
        wanted = Wanted.of_place(run.settings.city_name, language, place)
        parts = PlanParts(find_clock(run.settings), ResultCache())
        with run.stores() as stores, stores.database.reading() as session:
            if inquiry:
                document = inquiries.write_latest(session, SYSTEM, inquiry, wanted.city, language)
            else:
                document = report.write(session, SYSTEM, parts, wanted)
        return _write(document, out)

    if report.key == "council":
        write = click.option(
            "--inquiry",
            default="",
            help="The file number of an inquiry: its latest signed answer, else its draft.",
        )(write)
    return click.command(
        report.key,
        cls=Command,
        help=str(report.about),
        epilog=f"Example: wlantrack report {report.key}{'' if report.has_city else ' --of RH/MP'}"
        f" --out {report.key}.pdf --lang de",
    )(write)


for _report in REPORTS.values():
    command.add_command(_make_command(_report))
