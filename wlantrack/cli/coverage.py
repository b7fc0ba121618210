"""Coverage maps as files, and verdicts as lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services import coverage, places, verdicts
from wlantrack.services.actor import SYSTEM
from wlantrack.services.coverage import DEFAULT_THRESHOLD_DBM, Target
from wlantrack.services.coverage_files import MapView, write_map
from wlantrack.services.coverage_maps import MapSources
from wlantrack.services.network_coverage import CLASSES
from wlantrack.services.results import ResultCache
from wlantrack.services.scene import COUNTS

if TYPE_CHECKING:
    from pathlib import Path

    from wlantrack.services.verdicts import DemandVerdict


@click.group("coverage")
def command() -> None:
    """Draw coverage maps, and judge what is asked of a floor."""


@command.command(
    "map",
    cls=Command,
    epilog="Example: wlantrack coverage map --floor SYL/4 --band 5 --out syl-4.html",
)
@click.option("--floor", required=True, help="Floor, such as RH/3.")
@click.option("--band", type=click.Choice(list(BAND_KEYS)), default="5", show_default=True)
@click.option("--state", type=click.Choice(list(COUNTS)), default="planned", show_default=True)
@click.option(
    "--network", type=click.Choice(list(CLASSES)), help="Only where its SSIDs are on air."
)
@click.option(
    "--threshold", type=float, default=DEFAULT_THRESHOLD_DBM, show_default=True, help="In dBm."
)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .html.")
def draw_map(  # noqa: PLR0913 - one for each option
    run: Run, *, floor: str, band: str, state: str, network: str | None, threshold: float, out: Path
) -> Outcome:
    """Write the folium map of a floor, with a folder beside it that holds all it needs."""
    require_ending(out, "html")
    view = MapView(Target(band, threshold), state, network or "")
    with run.stores() as stores, stores.database.reading() as session:
        sources = MapSources(stores.files, stores.pictures, run.settings.storage_crs)
        written = write_map(session, SYSTEM, floor, view, sources, out)
    whole = written.report.whole
    document = {
        "page": str(out),
        "folder": str(written.folder),
        "band": band,
        "state": state,
        "network": network,
        "threshold_dbm": threshold,
        "pass_share": None if whole.pass_share is None else round(whole.pass_share, 4),
        "worst_dbm": None if whole.worst_dbm is None else round(whole.worst_dbm, 1),
        "failing_m2": round(whole.failing_m2, 1),
        "warnings": [str(warning) for warning in written.warnings],
    }
    return Outcome(
        document,
        f"Wrote {out} ({f'{state}, {network}' if network else state}). {written.summary}",
        written.warnings,
    )


@command.command(
    "verdict", cls=Command, epilog="Example: wlantrack coverage verdict --floor RH/3 --json"
)
@click.option("--floor", required=True, help="Floor, such as RH/3.")
@click.option("--state", type=click.Choice(list(COUNTS)), default="planned", show_default=True)
def judge_floor(run: Run, *, floor: str, state: str) -> Outcome:
    """Judge each zone and room of which something is asked, network by network, the worst first."""
    cache = ResultCache()
    with run.stores() as stores, stores.database.reading() as session:
        place = places.find_floor(session, SYSTEM, floor)
        predicted = coverage.predict_floor(session, SYSTEM, place.floor, state, cache)
        judged = verdicts.judge_floor(session, SYSTEM, place.floor, predicted, cache)
    rows = [_describe(item) for item in judged.everything]
    lines = [
        f"{row['verdict']:8} {row['network']:10} {row['kind']} {row['zone']}:"
        f" {_percent(row['pass_share'])}, {row['failing_m2']} m2 fail"
        for row in rows
    ]
    return Outcome(rows, "\n".join([f"{floor} ({state})", *lines]))


def _describe(item: DemandVerdict) -> dict[str, object]:
    demand, verdict = item.demand, item.verdict
    return {
        "zone": demand.code,
        "network": demand.asked.network_class,
        "pass_share": None if verdict.pass_share is None else round(verdict.pass_share, 4),
        "worst_dbm": None if verdict.worst_dbm is None else round(verdict.worst_dbm, 1),
        "failing_m2": round(verdict.failing_m2, 2),
        "kind": demand.kind,
        "name": demand.name,
        "requirement": demand.requirement_name,
        "band": demand.asked.band,
        "verdict": item.key,
    }


def _percent(share: object) -> str:
    return f"{100 * share:.0f} %" if isinstance(share, float) else "no outline"
