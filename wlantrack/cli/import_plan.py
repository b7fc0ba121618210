"""The import of a floor plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.services import plans
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "plan",
    cls=Command,
    epilog="Example: wlantrack import plan floor-4.png --floor SYL/4 --metres-per-pixel 0.02",
)
@click.argument("file", type=INPUT)
@click.option("--floor", required=True, help="Floor (RH/3), or one wing of it (RH/MP/3).")
@click.option("--page", type=click.IntRange(min=1), default=1, show_default=True)
@click.option("--metres-per-pixel", type=float, help="Size of a pixel; the origin is bottom left.")
def command(
    run: Run, *, file: Path, floor: str, page: int, metres_per_pixel: float | None
) -> Outcome:
    """Store FILE as the new version of a floor's plan."""
    upload = plans.Upload(file.name, read_bounded(file, limits.PLAN_BYTES), page)
    scale = None if metres_per_pixel is None else plans.MetresPerPixel(metres_per_pixel)
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        stored = plans.upload_plan(session, SYSTEM, stores.files, floor, upload, scale)
    warnings = stored.warnings
    if stored.width_m is None or stored.height_m is None:
        warnings += (
            msg("The plan has no scale yet. Calibrate it on its page or give --metres-per-pixel."),
        )
        text = f"Stored {file.name} as plan {stored.plan.number} of {floor}."
    else:
        size = f"{stored.width_m:.2f} m x {stored.height_m:.2f} m"
        text = f"Stored {file.name} as plan {stored.plan.number} of {floor}: {size}."
    document = {
        "plan": str(stored.plan.public_id),
        "width_m": stored.width_m,
        "height_m": stored.height_m,
    }
    return Outcome(document, text, warnings)
