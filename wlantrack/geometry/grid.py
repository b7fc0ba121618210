"""The raster every map is computed on.

Decides where cells lie: square, axis-parallel in the building's metre frame, row 0 at ``y0_m``.
Refuses to know what is stored in a cell.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wlantrack.errors import InvalidInput, Message, Problem, msg

if TYPE_CHECKING:
    import numpy.typing as npt

MAX_CELLS = 4_000_000
"""500 m x 500 m at 0.25 m; a larger raster is a mistake in scale, not a floor."""

_SLACK = 1e-9
"""In cells: 10.0 / 0.1 must give 100 columns in floating point too."""


@dataclass(frozen=True)
class Grid:
    """A raster of ``ny`` rows and ``nx`` columns with its lower-left corner at (x0_m, y0_m).

    Raises
    ------
    InvalidInput
        A value is not finite, the cell size or a count is not positive, or the raster would have
        more than ``MAX_CELLS`` cells.
    """

    x0_m: float
    y0_m: float
    cell_m: float
    nx: int
    ny: int

    def __post_init__(self) -> None:
        if not all(math.isfinite(value) for value in (self.x0_m, self.y0_m, self.cell_m)):
            raise _refusal(msg("The raster has a coordinate that is not a finite number."))
        if self.cell_m <= 0:
            raise _refusal(msg("The cell size must be positive."), "cell_m", self.cell_m)
        if self.nx < 1 or self.ny < 1:
            raise _refusal(msg("The raster has no cells."), "nx, ny", (self.nx, self.ny))
        if self.nx * self.ny > MAX_CELLS:
            raise _too_many(self.nx * self.ny)

    @classmethod
    def cover(cls, bounds: tuple[float, float, float, float], cell_m: float) -> Grid:
        """Lay the smallest raster that covers an area.

        Parameters
        ----------
        bounds
            (min x, min y, max x, max y) in metres; the raster's corner is (min x, min y).
        cell_m
            Side of a cell in metres.

        Raises
        ------
        InvalidInput
            The bounds are not finite or empty, or the raster would be absurdly large.
        """
        if not all(math.isfinite(value) for value in (*bounds, cell_m)):
            raise _refusal(msg("The raster has a coordinate that is not a finite number."))
        if cell_m <= 0:
            raise _refusal(msg("The cell size must be positive."), "cell_m", cell_m)
        x0_m, y0_m, x1_m, y1_m = bounds
        if x1_m <= x0_m or y1_m <= y0_m:
            raise _refusal(msg("The area to cover is empty."), "bounds", bounds)
        width, height = (x1_m - x0_m) / cell_m, (y1_m - y0_m) / cell_m
        if width * height > MAX_CELLS:
            raise _too_many(width * height)
        return cls(x0_m, y0_m, cell_m, *(max(math.ceil(n - _SLACK), 1) for n in (width, height)))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns, as numpy wants them."""
        return self.ny, self.nx

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Give (min x, min y, max x, max y) of the cells' outer edges in metres."""
        return (
            self.x0_m,
            self.y0_m,
            self.x0_m + self.nx * self.cell_m,
            self.y0_m + self.ny * self.cell_m,
        )

    @property
    def cell_area_m2(self) -> float:
        """Area of one cell."""
        return self.cell_m**2

    @cached_property
    def x_m(self) -> npt.NDArray[np.float64]:
        """Cell centres of the columns, shape (nx,), read-only."""
        return _centres(self.x0_m, self.cell_m, self.nx)

    @cached_property
    def y_m(self) -> npt.NDArray[np.float64]:
        """Cell centres of the rows, shape (ny,), read-only."""
        return _centres(self.y0_m, self.cell_m, self.ny)


def _centres(start_m: float, cell_m: float, count: int) -> npt.NDArray[np.float64]:
    centres = start_m + (np.arange(count, dtype=np.float64) + 0.5) * cell_m
    centres.flags.writeable = False
    return centres


def _too_many(cells: float) -> InvalidInput:
    return _refusal(
        msg(
            "The raster would have %(cells).0f cells, more than %(limit)d.",
            cells=cells,
            limit=MAX_CELLS,
        )
    )


def _refusal(message: Message, field: str | None = None, value: Any = None) -> InvalidInput:  # noqa: ANN401 - only shown
    remedy = msg("Check the scale of the plan and the cell size.")
    shown = None if value is None else str(value)
    return InvalidInput(Problem(message, remedy, field=field, value=shown))
