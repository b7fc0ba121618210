"""Whether what a client hears is enough.

Decides what a requirement asks of a cell and what the verdict over an area is. Refuses to know
which rooms or networks ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.bands import band_index

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    from wlantrack.radio.coverage import Coverage

    Mask = npt.NDArray[np.bool_]
    ClassRaster = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Requirement:
    """What every cell of an area has to have; None asks for nothing.

    ``secondary_dbm`` is the level of the second-strongest access point, to which a client can roam.
    """

    threshold_dbm: float
    secondary_dbm: float | None = None
    snr_db: float | None = None


BASIC = Requirement(-75.0, -80.0, 16.0)
"""Mail and web pages."""

VOICE = Requirement(-65.0, -75.0, 25.0)
"""Voice and video conferences, also while walking."""


class CellClass(IntEnum):
    """How far a cell meets a requirement."""

    FAILS = 0
    MEETS_PRIMARY_ONLY = 1
    MEETS = 2


@dataclass(frozen=True)
class Verdict:
    """A requirement over an area.

    Parameters
    ----------
    pass_share
        Share of the area's cells that meet everything, 0 to 1; None if the area has no cell.
    worst_dbm
        Strongest level in the worst cell; None if the area has no cell or one hears nothing.
    failing_area_m2
        Area of the cells that do not meet everything.
    classes
        ``CellClass`` of every cell of the raster (ny, nx), also outside the area.
    """

    pass_share: float | None
    worst_dbm: float | None
    failing_area_m2: float
    classes: ClassRaster


def judge_coverage(
    coverage: Coverage,
    band: str,
    requirement: Requirement,
    mask: Mask | None = None,
    transmitters: Collection[str] | None = None,
) -> Verdict:
    """Judge what is heard in a band against a requirement.

    Parameters
    ----------
    coverage
        Levels on one floor.
    band
        Key of the band: "2.4", "5" or "6".
    requirement
        What is asked; its SNR is in 20 MHz with the usual noise figure.
    mask
        True (ny, nx) in the cells of the area; None takes all.
    transmitters
        Ids of those that count, such as one network class; None takes all.

    Raises
    ------
    InvalidInput
        There is no such band or transmitter, or the mask has another shape than the raster.
    """
    index = band_index(band)
    area = np.ones(coverage.grid.shape, dtype=bool) if mask is None else mask
    if area.shape != coverage.grid.shape:
        problem = Problem(msg("The area is drawn on another raster than the levels."), field="mask")
        raise InvalidInput(problem)
    best_dbm = coverage.best(transmitters)[index]
    # Comparing with NaN, a cell that hears nothing, is false: it fails.
    has_primary = best_dbm >= requirement.threshold_dbm
    meets = has_primary
    if requirement.secondary_dbm is not None:
        meets = meets & (coverage.nth(2, transmitters)[index] >= requirement.secondary_dbm)
    if requirement.snr_db is not None:
        meets = meets & (coverage.snr(transmitters=transmitters)[index] >= requirement.snr_db)
    cells, passing = int(np.count_nonzero(area)), int(np.count_nonzero(meets & area))
    # The two truths add up to the class, for what meets everything has its primary signal.
    classes = has_primary.astype(np.uint8) + meets.astype(np.uint8)
    return Verdict(
        pass_share=passing / cells if cells else None,
        worst_dbm=_find_worst(best_dbm[area]),
        failing_area_m2=(cells - passing) * coverage.grid.cell_area_m2,
        classes=classes,
    )


def _find_worst(levels_dbm: npt.NDArray[np.float32]) -> float | None:
    if levels_dbm.size == 0 or bool(np.isnan(levels_dbm).any()):
        return None
    return float(levels_dbm.min())
