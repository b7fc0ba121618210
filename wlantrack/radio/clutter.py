"""How far a link runs through shelves, plants or machines.

Decides the exact length of every link inside a prism. Refuses to know what a metre of it costs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wlantrack.radio.shadows import TIE_M

if TYPE_CHECKING:
    import numpy.typing as npt

    from wlantrack.radio.obstacles import Prism
    from wlantrack.radio.shadows import Sight


def measure_part_inside(sight: Sight, prism: Prism) -> npt.NDArray[np.float64]:
    """Measure which part of every link, 0 to 1, lies inside a prism.

    Returns
    -------
    Array of shape (ny, nx); times the link's length it is metres. A link that runs along an edge
    of the polygon counts as either inside or outside there.

    Notes
    -----
    The heights bound the same part [begin, end] of all links. Where the link's line leaves the
    polygon at t, min(t, end) - begin is added; where it enters, it is taken away. Crossings before
    ``begin`` give nothing, so only those ahead are looked at.
    """
    inside = np.zeros(sight.grid.shape)
    begin, end = sight.part_between(np.array(prism.bottom_m), np.array(prism.top_m))
    if end <= begin:
        return inside
    vx, vy = sight.grid.x_m - sight.x_m, sight.rows_m[:, None]
    # Straight below the access point there is no direction; any one will do, infinitely far.
    vx = np.where(np.abs(vx) < TIE_M, TIE_M, vx)
    for px, py, qx, qy in _edges_from(sight, prism):
        is_p_left, is_q_left = vx * py - vy * px >= 0, vx * qy - vy * qx >= 0
        turn = vx * (qy - py) - vy * (qx - px)
        is_met = is_p_left != is_q_left
        part = (px * qy - py * qx) / np.where(is_met, turn, 1.0)
        ahead = np.clip(part, begin, end) - begin
        inside += np.where(is_met, np.where(is_q_left, ahead, -ahead), 0.0)
    return inside


def _edges_from(sight: Sight, prism: Prism) -> npt.NDArray[np.float64]:
    """Give the polygon's edges (edges, 4) as seen from the access point."""
    here = np.array([[sight.x_m], [sight.y_m]])
    return np.concatenate((prism.edges.start_xy - here, prism.edges.end_xy - here)).T
