"""The import of a floor plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import INPUT, read_bounded
from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.file_names import clean_file_name
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
@click.option("--metres-per-pixel", type=float, help="Size of a pixel.")
@click.option("--drawing-scale", type=float, metavar="N", help="The drawing's scale is 1:N.")
@click.option(
    "--corner-m",
    nargs=2,
    type=float,
    default=(0.0, 0.0),
    metavar="X Y",
    help="Where the picture's lower left corner lies in the building; else at its origin.",
)
def command(  # noqa: PLR0913 - each is one option
    run: Run,
    *,
    file: Path,
    floor: str,
    page: int,
    metres_per_pixel: float | None,
    drawing_scale: float | None,
    corner_m: tuple[float, float],
) -> Outcome:
    """Store FILE as the new version of a floor's plan."""
    if metres_per_pixel is not None and drawing_scale is not None:
        message = "Give --metres-per-pixel or --drawing-scale, not both."
        raise click.UsageError(message)
    upload = plans.Upload(
        clean_file_name(file.name, "plan"), read_bounded(file, limits.PLAN_BYTES), page
    )
    scale: plans.PlanScale | None = None
    if metres_per_pixel is not None:
        scale = plans.MetresPerPixel(metres_per_pixel, corner_m)
    elif drawing_scale is not None:
        scale = plans.DrawingScale(drawing_scale, corner_m)
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        stored = plans.upload_plan(session, SYSTEM, stores.files, floor, upload, scale)
    warnings = stored.warnings
    if stored.width_m is None or stored.height_m is None:
        warnings += (
            msg(
                "The plan has no scale yet. Calibrate it on its page, or give --metres-per-pixel"
                " or --drawing-scale."
            ),
        )
        text = f"Stored {upload.name} as plan {stored.plan.number} of {floor}."
    else:
        size = f"{stored.width_m:.2f} m x {stored.height_m:.2f} m"
        text = f"Stored {upload.name} as plan {stored.plan.number} of {floor}: {size}."
    document = {
        "plan": str(stored.plan.public_id),
        "width_m": stored.width_m,
        "height_m": stored.height_m,
    }
    return Outcome(document, text, warnings)
