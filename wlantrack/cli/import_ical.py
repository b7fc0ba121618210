"""The import of a calendar as blackouts, and the trial of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run, describe_problems
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.errors import InvalidInput
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.rollout.packages import NOISE_ORDER
from wlantrack.services import calendar_imports
from wlantrack.services.actor import SYSTEM
from wlantrack.services.calendar_imports import OUTCOMES, CalendarUpload
from wlantrack.services.plan import find_clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wlantrack.errors import Problem


@click.command(
    "ical",
    cls=Command,
    epilog="Example: wlantrack import ical sessions.ics --calendar Council --where RH --dry-run",
)
@click.argument("file", type=INPUT)
@click.option("--calendar", default="", metavar="NAME", help="Its name, if the file has none.")
@click.option("--where", default="", metavar="REF", help="RH or RH/MP; without it everywhere.")
@click.option(
    "--noise-class",
    type=click.Choice(NOISE_ORDER),
    default="loud",
    show_default=True,
    help="Work as loud as this or louder is forbidden on new entries.",
)
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def command(
    run: Run, *, file: Path, calendar: str, where: str, noise_class: str, dry_run: bool
) -> Outcome:
    """Make blackouts of the entries of FILE (iCalendar), such as the council's sessions."""
    data = read_bounded(file, limits.CALENDAR_BYTES)
    name = clean_file_name(file.name, "calendar.ics")
    upload = CalendarUpload(name, data, calendar, noise_class, where)
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        try:
            result = calendar_imports.import_calendar(
                session,
                SYSTEM,
                upload,
                find_clock(run.settings),
                run.settings.timezone,
                is_dry_run=dry_run,
            )
        except InvalidInput as error:
            return _refuse(error.problems)
    if result.errors:
        return _refuse(result.errors)
    counts = {name: result.count(name) for name in OUTCOMES}
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    text = f"Nothing is written yet. It would be: {words}." if dry_run else f"Done: {words}."
    return Outcome(counts | {"calendar": result.calendar, "errors": []}, text, result.warnings)


def _refuse(problems: Sequence[Problem]) -> Outcome:
    document = dict.fromkeys(OUTCOMES, 0) | {"errors": describe_problems(problems)}
    lines = [str(problem) for problem in problems[:200]]
    text = "\n".join([*lines, f"Nothing was written: {len(problems)} error(s)."])
    return Outcome(document, text, is_failure=True)
