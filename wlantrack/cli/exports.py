"""Exports: records as files that other programs, and our own imports, read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending, write_whole
from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import labels, packs, schedule_exports, schedule_phases, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.labels import DEFAULT_PRESET, PRESETS
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from pathlib import Path


@click.group("export")
def command() -> None:
    """Export tables, labels, installation packs and schedules."""


@command.command(
    "table",
    cls=Command,
    epilog="Example: wlantrack export table --kind access_points --out access_points.csv",
)
@click.option("--kind", type=click.Choice(sorted(tables.KINDS)), required=True)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .csv or .xlsx.")
def export_table(run: Run, *, kind: str, out: Path) -> Outcome:
    """Write all records of a kind; importing the file again changes nothing."""
    ending = require_ending(out, "csv", "xlsx")
    with run.stores() as stores, stores.database.reading() as session:
        data = tables.export_table(session, SYSTEM, kind, ending)
    write_whole(out, lambda file: file.write(data))
    return Outcome({"kind": kind, "out": str(out), "bytes": len(data)}, f"Wrote {out}.")


@command.command(
    "labels",
    cls=Command,
    epilog="Example: wlantrack export labels --kind cable_runs --building RH --out labels.pdf",
)
@click.option("--kind", type=click.Choice(labels.KINDS), required=True)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .pdf, .zpl or .csv.")
@click.option("--building", default="", help="Only those of one building, by its code.")
@click.option("--sheet", type=click.Choice(list(PRESETS)), default=DEFAULT_PRESET)
@click.option("--start", type=int, default=1, help="First free label of a half-used sheet.")
@click.option("--dots-a-mm", type=click.Choice(list(map(str, labels.DOTS_A_MM))), default="8")
@click.option("--url", default="", help="Where wlantrack is opened; else WLANTRACK_APP_URL.")
@click.option("--lang", type=click.Choice(["de", "en"]), default="de")
def export_labels(run: Run, *, kind: str, out: Path, **options: str | int) -> Outcome:
    """Write labels whose QR codes lead to their records."""
    suffix = require_ending(out, *labels.FORMATS)
    job = labels.LabelJob(
        PRESETS[str(options["sheet"])],
        int(options["start"]),
        int(options["dots_a_mm"]),
        str(options["lang"]),
    )
    base_url = _require_url(str(options["url"]) or run.settings.app_url)
    with run.stores() as stores, stores.database.reading() as session:
        chosen = labels.choose_building(kind, str(options["building"]))
        found = labels.list_labels(session, SYSTEM, chosen, base_url)
    data = labels.write_labels(found, job, suffix)
    write_whole(out, lambda file: file.write(data))
    text = f"Wrote {len(found)} label(s) to {out}."
    return Outcome({"kind": kind, "out": str(out), "labels": len(found), "bytes": len(data)}, text)


@command.command(
    "pack",
    cls=Command,
    epilog="Example: wlantrack export pack --order RH-A-1 --on 2026-12-01 --out pack.pdf",
)
@click.option("--order", required=True, help="The order's code.")
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .pdf.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of the visit; else today.")
@click.option("--wing", default="", help="Only what lies in this wing, by its code.")
@click.option("--level", type=int, help="Only what begins or ends on this floor.")
@click.option("--lang", type=click.Choice(["de", "en"]), default="de")
def export_pack(run: Run, *, order: str, out: Path, **options: Any) -> Outcome:  # noqa: ANN401 - click's own
    """Write the installation pack of an order for a visit of its firm."""
    require_ending(out, "pdf")
    clock = find_clock(run.settings)
    on = options["on"].date() if options["on"] else clock.today
    visit = packs.Visit(on, options["wing"], options["level"])
    with run.stores() as stores, stores.database.reading() as session:
        printing = packs.Printing(stores, clock.region, options["lang"], clock.today)
        pack = packs.write_pack(session, SYSTEM, order, visit, printing)
    write_whole(out, lambda file: file.write(pack.data))
    counts = {
        "runs": pack.runs,
        "access_points": pack.access_points,
        "sheets": pack.sheets,
        "bytes": len(pack.data),
    }
    text = f"Wrote {pack.runs} run(s) and {pack.access_points} access point(s) to {out}."
    return Outcome({"order": order, "on": on.isoformat(), "out": str(out)} | counts, text)


@command.command(
    "mspdi",
    cls=Command,
    epilog="Example: wlantrack export mspdi --building RH --out plan.xml",
)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .xml.")
@click.option("--building", default="", help="Only one building, by its code.")
@click.option("--wing", default="", help="Only one of its wings, by its code.")
@click.option("--baseline", default="", help="Held against this one, by its id; else the latest.")
@click.option("--renovation", default="", metavar="CODE", help="The phases of this one instead.")
@click.option("--lang", type=click.Choice(["de", "en"]), default="de")
def export_schedule(run: Run, *, out: Path, renovation: str, lang: str, **chosen: str) -> Outcome:
    """Write the plan as MS Project XML; reading the file again changes nothing."""
    require_ending(out, "xml")
    parts = PlanParts(find_clock(run.settings), ResultCache())
    with run.stores() as stores, stores.database.reading() as session:
        if renovation:
            _, data = schedule_phases.export_phases(session, SYSTEM, renovation, parts)
        else:
            choice = schedule_exports.ScheduleChoice(**chosen)
            data = schedule_exports.export_schedule(session, SYSTEM, choice, parts, lang)
    write_whole(out, lambda file: file.write(data))
    return Outcome({"out": str(out), "bytes": len(data)}, f"Wrote {out}.")


def _require_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise InvalidInput(
            Problem(
                msg("The QR codes need to know where wlantrack is opened."),
                msg("Give --url https://..., or set WLANTRACK_APP_URL."),
                field="--url",
                value=url or None,
            )
        )
    return url
