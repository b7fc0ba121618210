"""The import of a schedule of MS Project, and the trial of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run, describe_problems
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.errors import InvalidInput
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
from wlantrack.rollout.milestones import KIND_CODES as MILESTONE_CODES
from wlantrack.rollout.packages import KIND_CODES
from wlantrack.services import schedule_imports, schedule_phases
from wlantrack.services.actor import SYSTEM
from wlantrack.services.plan import find_clock
from wlantrack.services.schedule_imports import OUTCOMES, ScheduleUpload
from wlantrack.services.schedule_tasks import NewTasks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wlantrack.errors import Problem


@click.command(
    "mspdi",
    cls=Command,
    epilog="Example: wlantrack import mspdi plan.xml --where RH/MP --dry-run",
)
@click.argument("file", type=INPUT)
@click.option("--where", default="", metavar="REF", help="Where new tasks lie: RH or RH/MP.")
@click.option("--kind", type=click.Choice(list(KIND_CODES)), default="other", show_default=True)
@click.option(
    "--milestone-kind", type=click.Choice(list(MILESTONE_CODES)), help="If they say none."
)
@click.option("--renovation", default="", metavar="CODE", help="Read as phases of this one.")
@click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
def command(
    run: Run,
    *,
    file: Path,
    renovation: str,
    dry_run: bool,
    **new: str | None,
) -> Outcome:
    """Make work packages, milestones and links of FILE (MS Project XML)."""
    data = read_bounded(file, limits.SCHEDULE_BYTES)
    name = clean_file_name(file.name, "schedule.xml")
    taken = NewTasks(**{key: value or "" for key, value in new.items()})
    upload = ScheduleUpload(name, data, taken)
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        try:
            if renovation:
                result = schedule_phases.import_phases(
                    session, SYSTEM, renovation, upload, is_dry_run=dry_run
                )
            else:
                clock = find_clock(run.settings)
                result = schedule_imports.import_schedule(
                    session, SYSTEM, upload, clock, is_dry_run=dry_run
                )
        except InvalidInput as error:
            return _refuse(error.problems)
    if result.errors:
        return _refuse(result.errors)
    counts = {name: result.count(name) for name in OUTCOMES}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    text = f"Nothing is written yet. It would be: {told}." if dry_run else f"Done: {told}."
    return Outcome(counts | {"errors": []}, text, result.warnings)


def _refuse(problems: Sequence[Problem]) -> Outcome:
    document = dict.fromkeys(OUTCOMES, 0) | {"errors": describe_problems(problems)}
    lines = [str(problem) for problem in problems[:200]]
    text = "\n".join([*lines, f"Nothing was written: {len(problems)} error(s)."])
    return Outcome(document, text, is_failure=True)
