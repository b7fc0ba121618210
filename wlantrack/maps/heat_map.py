"""A raster of predictions as a small PNG.

Decides how a cell looks: its class' colour, hatching below the requirement, a line along the
requirement's edge, nothing where nothing is known. Each cell keeps hard edges: smoothing would
invent levels next to a wall that nobody predicted. Refuses to know where the picture lies, and
does without folium, so that the editor's live heat map does not pay for it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from PIL import Image

from wlantrack.maps.legend import INK, SIGNAL_CLASSES, VERDICT_CLASSES

Classes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
_Cell = TypeVar("_Cell", bound=np.generic)

WANTED_SIDE_PX = 960
"""A cell is enlarged until the longer side has about this many pixels: hatching stays fine."""
MAX_PIXELS_PER_CELL = 8
HATCH_PERIOD_PX = 12

_EDGES_DBM = np.array(
    [entry.from_dbm for entry in reversed(SIGNAL_CLASSES) if entry.from_dbm is not None]
)


@dataclass(frozen=True)
class HeatMapImage:
    """A paletted PNG with a transparent ground; its first row is the raster's last (north up)."""

    png: bytes
    width_px: int
    height_px: int


def render_signal(
    rssi_dbm: npt.NDArray[np.floating],
    threshold_dbm: float | None = None,
    *,
    pixels_per_cell: int | None = None,
) -> HeatMapImage:
    """Draw signal levels in 5 dB classes.

    Parameters
    ----------
    rssi_dbm : ndarray, shape (ny, nx)
        Level in dBm, row 0 at y0; NaN where nothing is known (stays transparent).
    threshold_dbm : float, optional
        The requirement; cells below it are hatched, and a line runs where they begin.
    pixels_per_cell : int, optional
        Enlargement; by default such that the longer side has about 960 pixels.
    """
    levels = rssi_dbm[::-1]
    factor = pixels_per_cell or choose_enlargement(levels.shape)
    picture = _enlarge(classify_signal(levels), factor)
    if threshold_dbm is not None:
        below = _enlarge(levels < threshold_dbm, factor)
        meets = _enlarge(levels >= threshold_dbm, factor)
        ink = (below & _diagonals(below.shape)) | _border(below, meets)
        picture[ink] = len(SIGNAL_CLASSES) + 1
    return _encode(picture, [entry.colour for entry in SIGNAL_CLASSES])


def render_verdict(
    verdicts: npt.NDArray[np.integer], *, pixels_per_cell: int | None = None
) -> HeatMapImage:
    """Draw a requirement's verdict per cell: plain, hatched or cross-hatched.

    Parameters
    ----------
    verdicts : ndarray of int, shape (ny, nx)
        Numbers of :class:`~wlantrack.maps.legend.Verdict`, row 0 at y0.
    pixels_per_cell : int, optional
        Enlargement; by default such that the longer side has about 960 pixels.
    """
    rows = verdicts[::-1]
    factor = pixels_per_cell or choose_enlargement(rows.shape)
    shape = (rows.shape[0] * factor, rows.shape[1] * factor)
    rising = _diagonals(shape)
    hatches = {"none": np.False_, "lines": rising, "cross": rising | rising[:, ::-1]}
    picture = np.zeros(shape, dtype=np.uint8)
    for index, entry in enumerate(VERDICT_CLASSES, start=1):
        cells = _enlarge(rows == entry.verdict, factor)
        picture[cells] = index
        picture[cells & hatches[entry.hatch]] = len(VERDICT_CLASSES) + 1
    return _encode(picture, [entry.colour for entry in VERDICT_CLASSES])


def classify_signal(rssi_dbm: npt.NDArray[np.floating]) -> Classes:
    """Give each cell the number of its class: 1 is the strongest, 0 is unknown (NaN)."""
    classes = len(SIGNAL_CLASSES) - np.digitize(rssi_dbm, _EDGES_DBM)
    return np.where(np.isnan(rssi_dbm), 0, classes).astype(np.uint8)


def choose_enlargement(shape: tuple[int, ...]) -> int:
    """Choose how many pixels wide a cell becomes by default."""
    return min(max(round(WANTED_SIDE_PX / max(shape)), 1), MAX_PIXELS_PER_CELL)


def _enlarge(cells: npt.NDArray[_Cell], factor: int) -> npt.NDArray[_Cell]:
    return cells.repeat(factor, axis=0).repeat(factor, axis=1)


def _diagonals(shape: tuple[int, ...]) -> Mask:
    rows, columns = np.arange(shape[0]), np.arange(shape[1])
    tile = (rows[:, None] + columns[:HATCH_PERIOD_PX]) % HATCH_PERIOD_PX == 0
    return np.tile(tile, (1, -(-shape[1] // HATCH_PERIOD_PX)))[:, : shape[1]]


def _border(one: Mask, other: Mask) -> Mask:
    """Mark the pixels on either side of the edge between two areas."""
    border = np.zeros_like(one)
    for first, second in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        crossing = (one[first] & other[second]) | (other[first] & one[second])
        border[first] |= crossing
        border[second] |= crossing
    return border


def _encode(picture: Classes, colours: list[str]) -> HeatMapImage:
    image = Image.fromarray(picture)
    image.putpalette(bytes.fromhex("ffffff" + "".join(c[1:] for c in (*colours, INK))))
    stream = io.BytesIO()
    image.save(stream, "PNG", transparency=0, compress_level=4)
    height, width = picture.shape
    return HeatMapImage(stream.getvalue(), width, height)
