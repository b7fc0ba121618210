"""The reference: every cell against every wall, as numpy does it best.

Good for access points above the receivers, and without a decision about ties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wlantrack.radio.bands import BANDS
from wlantrack.radio.propagation import free_space_db

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.coverage import Scene, Transmitter

CHUNK_CELLS = 128
"""Cells x walls at once stay in the processor's cache; the fastest of 16 to 4,096."""


def predict_by_brute_force(scene: Scene, grid: Grid) -> npt.NDArray[np.float32]:
    """Give levels (transmitters, bands, ny, nx), all bands at once."""
    walls = np.array([(w.x1_m, w.y1_m, w.x2_m, w.y2_m, w.bottom_m, w.top_m) for w in scene.walls])
    loss_db = np.array([wall.loss_db for wall in scene.walls])
    layers = [_predict_one(scene, t, grid, walls, loss_db) for t in scene.transmitters]
    return np.array(layers, dtype=np.float32).reshape(len(layers), len(BANDS), *grid.shape)


def _predict_one(
    scene: Scene,
    transmitter: Transmitter,
    grid: Grid,
    walls: npt.NDArray[np.float64],
    loss_db: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    x, y = (axis.reshape(-1, 1) for axis in np.meshgrid(grid.x_m, grid.y_m))
    vx, vy = x - transmitter.x_m, y - transmitter.y_m
    rise = scene.receiver_height_m - transmitter.z_m
    x1, y1, x2, y2, bottom, top = walls.T
    wx, wy, dx, dy = x1 - transmitter.x_m, y1 - transmitter.y_m, x2 - x1, y2 - y1
    distance = wx * dy - wy * dx
    # All links fall alike: the wall's heights bound the part of the way where they may meet it.
    low = np.maximum((top - transmitter.z_m) / rise, 0)
    high = np.minimum((bottom - transmitter.z_m) / rise, 1)
    lost = np.empty((len(x), len(BANDS)))
    for begin in range(0, len(x), CHUNK_CELLS):
        ux, uy = vx[begin : begin + CHUNK_CELLS], vy[begin : begin + CHUNK_CELLS]
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1 / (ux * dy - uy * dx)
            t, s = distance * inverse, (wx * uy - wy * ux) * inverse
        is_met = (t > low) & (t <= high) & (s >= 0) & (s <= 1)
        lost[begin : begin + CHUNK_CELLS] = is_met.astype(float) @ loss_db
    far_m = np.sqrt(vx**2 + vy**2 + rise**2)
    spread_db = 20 * np.log10(np.maximum(far_m, 1.0))
    eirp_dbm = np.array(transmitter.eirp_dbm, dtype=float)
    at_1m_db = np.array([free_space_db(band.centre_hz) for band in BANDS])
    levels_dbm: npt.NDArray[np.float64] = eirp_dbm - at_1m_db - spread_db - lost
    return levels_dbm.T
