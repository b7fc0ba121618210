"""The prediction of a floor as arrays in a file."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, BinaryIO

import click
import numpy as np

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.cli.files import OUTPUT, require_ending, write_whole
from wlantrack.services.actor import SYSTEM
from wlantrack.services.network_coverage import CLASSES, Shown
from wlantrack.services.predictions import PredictedArrays, predict_arrays
from wlantrack.services.scene import COUNTS

if TYPE_CHECKING:
    from pathlib import Path


@click.command(
    "predict", cls=Command, epilog="Example: wlantrack predict --floor SYL/4 --out syl-4.npz"
)
@click.option("--floor", required=True, help="Floor, such as RH/3.")
@click.option("--resolution", type=float, default=0.25, show_default=True, help="Cell in metres.")
@click.option("--state", type=click.Choice(list(COUNTS)), default="planned", show_default=True)
@click.option(
    "--network", type=click.Choice(list(CLASSES)), help="Only where its SSIDs are on air."
)
@click.option("--out", type=OUTPUT, required=True, help="A file ending in .npz.")
def command(
    run: Run, *, floor: str, resolution: float, state: str, network: str | None, out: Path
) -> Outcome:
    """Write x_m, y_m, transmitter_ids, bands and rssi_dbm[t, b, y, x] as NumPy arrays.

    Levels are in dBm at 1 m above the floor, NaN where an access point does not transmit.
    """
    require_ending(out, "npz")
    start = time.perf_counter()
    with run.stores() as stores, stores.database.reading() as session:
        shown = Shown(state, network or "")
        arrays = predict_arrays(session, SYSTEM, floor, shown, resolution)
    seconds = round(time.perf_counter() - start, 3)
    write_whole(out, lambda file: _write(file, arrays))
    cells, count = arrays.x_m.size * arrays.y_m.size, len(arrays.transmitter_ids)
    counted = f"{state}, {network}" if network else state
    text = f"Wrote {out}: {count} access points ({counted}) in {cells} cells, {seconds:.2f} s."
    return Outcome({"cells": cells, "transmitters": count, "seconds": seconds}, text)


def _write(file: BinaryIO, arrays: PredictedArrays) -> None:
    np.savez(
        file,
        x_m=arrays.x_m,
        y_m=arrays.y_m,
        transmitter_ids=np.array(arrays.transmitter_ids, dtype=np.str_),
        bands=np.array(arrays.bands, dtype=np.str_),
        rssi_dbm=arrays.rssi_dbm,
    )
