"""The level one access point has on a floor.

Decides how power, antenna, distance, walls, slabs and clutter add up. Refuses to know other access
points and what is made of the levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wlantrack.radio.bands import BANDS
from wlantrack.radio.clutter import measure_part_inside
from wlantrack.radio.propagation import REFERENCE_DISTANCE_M
from wlantrack.radio.scene import check_transmitter
from wlantrack.radio.shadows import Sight, cast_slab_shadow, cast_wall_shadows

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.obstacles import FlatSlab, Prism
    from wlantrack.radio.scene import Scene, Transmitter

    Raster = npt.NDArray[np.float32]

_NOTHING = np.zeros((len(BANDS), 1, 1), dtype=np.float32)
"""Stands for a whole raster of zeros: it broadcasts."""


def predict_transmitter(
    scene: Scene, grid: Grid, transmitter: Transmitter, floor: int = 0
) -> Raster:
    """Predict the level of one access point, which need not be one of the scene's.

    The scene keeps its obstacles laid out, so that repeated calls only pay for the shadows.

    Returns
    -------
    float32 array of shape (bands, ny, nx) in dBm; NaN where the radio is off.

    Raises
    ------
    InvalidInput
        Some part of the scene or the access point has numbers that cannot be used.

    Notes
    -----
    rssi = eirp + antenna gain - L(max(d, 1 m)) - walls and slabs crossed - clutter x metres in it.
    """
    check_transmitter(transmitter)
    z_m = scene.base_m(transmitter.floor) + transmitter.z_m
    sight = Sight(transmitter.x_m, transmitter.y_m, z_m, scene.receiver_z_m(floor), grid)
    log10_distance = np.log10(np.maximum(sight.distances_m(), REFERENCE_DISTANCE_M))
    walls_db = cast_wall_shadows(sight, scene.obstacles.walls).astype(np.float32)
    slabs_db, slab_count = _sum_slabs(sight, scene.obstacles.slabs)
    clutter_db = _sum_clutter(sight, scene.obstacles.prisms)
    gain_db = _find_gain(sight, transmitter)
    rssi_dbm = np.full((len(BANDS), *grid.shape), np.nan, dtype=np.float32)
    for band, eirp_dbm in enumerate(transmitter.eirp_dbm):
        if eirp_dbm is None:
            continue
        law = scene.path_loss.distance_law(band)
        level = np.float32(-law.per_decade_db) * log10_distance
        level += np.float32(eirp_dbm - law.at_1m_db)
        level -= scene.path_loss.obstruction_db(walls_db[band], slabs_db[band], slab_count, band)
        level -= clutter_db[band]
        level += gain_db[band]
        rssi_dbm[band] = level
    return rssi_dbm


def _sum_slabs(sight: Sight, slabs: tuple[FlatSlab, ...]) -> tuple[Raster, Raster]:
    """Sum the losses (bands, ny, nx) and count (ny, nx) the slabs every link crosses.

    A part without obstacles is a single zero that broadcasts.
    """
    loss_db, count = _NOTHING, _NOTHING[0]
    for slab in slabs:
        is_crossed = cast_slab_shadow(sight, slab).astype(np.float32)
        loss_db = loss_db + is_crossed * slab.loss_db.astype(np.float32)[:, None, None]
        count = count + is_crossed
    return loss_db, count


def _sum_clutter(sight: Sight, prisms: tuple[Prism, ...]) -> Raster:
    """Sum the losses of the metres every link runs inside clutter, (bands, ny, nx)."""
    if not prisms:
        return _NOTHING
    distances_m = sight.distances_m().ravel()
    loss_db = np.zeros((len(BANDS), distances_m.size), dtype=np.float32)
    for prism in prisms:
        cells, parts = measure_part_inside(sight, prism)
        metres = (parts * distances_m[cells]).astype(np.float32)
        loss_db[:, cells] += metres * prism.db_per_m.astype(np.float32)[:, None]
    return loss_db.reshape(len(BANDS), *sight.grid.shape)


def _find_gain(sight: Sight, transmitter: Transmitter) -> Raster:
    """Give the antenna's gain towards every cell, relative to its maximum, (bands, ny, nx)."""
    if transmitter.antenna is None:
        return _NOTHING
    angles_deg = transmitter.azimuth_deg, transmitter.downtilt_deg
    return transmitter.antenna.find_gain_db(sight.ways_m(), *angles_deg).astype(np.float32)
