"""The prediction of a floor as plain arrays, for scripts; on exactly the raster they ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.geometry.grid import Grid
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services import network_coverage, places, scene
from wlantrack.services.actor import Action, Actor
from wlantrack.services.coverage import compute
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    import numpy.typing as npt
    from sqlalchemy.orm import Session

    from wlantrack.services.network_coverage import Shown

LIMIT_BYTES = 2**30
"""Larger arrays would not fit beside their layers in a small machine's memory."""


@dataclass(frozen=True)
class PredictedArrays:
    """Levels of every access point in every cell.

    Attributes
    ----------
    x_m, y_m
        Cell centres in building metres, shapes (nx,) and (ny,).
    transmitter_ids
        Codes of the access points, neighbouring storeys' included.
    bands
        Keys of the bands.
    rssi_dbm
        Shape (transmitters, bands, ny, nx); NaN where nothing transmits.
    """

    x_m: npt.NDArray[np.float64]
    y_m: npt.NDArray[np.float64]
    transmitter_ids: tuple[str, ...]
    bands: tuple[str, ...]
    rssi_dbm: npt.NDArray[np.float32]


def predict_arrays(
    session: Session, actor: Actor, floor_ref: str, shown: Shown, resolution_m: float
) -> PredictedArrays:
    """Predict a floor at a resolution in metres.

    Raises
    ------
    InvalidInput
        The raster would be too large, or what shall be counted is unknown.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    actor.require(Action.SEE_PLANS, floor.building_id)
    floor_scene = scene.load_scene(session, actor, floor, shown.counts)
    try:
        grid = Grid.cover(floor_scene.bounds_m, resolution_m)
    except InvalidInput as error:  # the grid calls it the size of a cell
        raise InvalidInput(
            *(replace(each, field="resolution") for each in error.problems)
        ) from error
    shape = (len(floor_scene.scene.transmitters), len(BAND_KEYS), *grid.shape)
    _require_fitting(shape, resolution_m)
    cache = ResultCache(0)
    predicted = compute(floor_scene, grid, shown.counts, cache)
    if shown.network:
        senders = network_coverage.find_senders(session, actor, floor, shown, cache)
        predicted = network_coverage.narrow(predicted, senders, shown.network)
    coverage = predicted.coverage
    ids = tuple(transmitter.id for transmitter in coverage.scene.transmitters)
    empty = np.empty((0, len(BAND_KEYS), *grid.shape), dtype=np.float32)
    rssi_dbm = np.stack(coverage.layers) if coverage.layers else empty
    return PredictedArrays(grid.x_m, grid.y_m, ids, BAND_KEYS, rssi_dbm)


def _require_fitting(shape: tuple[int, ...], resolution_m: float) -> None:
    size_bytes = 4 * int(np.prod(shape, dtype=np.int64))
    if size_bytes > LIMIT_BYTES:
        raise InvalidInput(
            Problem(
                msg(
                    "The arrays would take %(size)d MiB, more than %(limit)d.",
                    size=size_bytes // 2**20,
                    limit=LIMIT_BYTES // 2**20,
                ),
                msg("Choose a coarser resolution."),
                field="resolution",
                value=f"{resolution_m:g}",
            )
        )
