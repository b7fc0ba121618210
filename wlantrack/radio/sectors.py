"""A sector antenna by formula, for devices whose maker's table is not known.

Decides the shape of a cut; refuses to know which products have it.
"""

from __future__ import annotations

import math

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.antennas import Cut

STEP_DEG = 5


def make_sector_cut(beamwidth_deg: float, front_to_back_db: float) -> Cut:
    """Build a cut whose gain falls with the square of the angle, down to a floor.

    Parameters
    ----------
    beamwidth_deg
        Angle between the two directions with half the power, above 0 to 360.
    front_to_back_db
        How much less goes backwards, 0 or more.

    Returns
    -------
    Cut
        Relative gains in dB every 5 degrees, 0 dB ahead.

    Raises
    ------
    InvalidInput
        A number is out of its range.

    Notes
    -----
    A(angle) = -min(12 (angle / beamwidth)^2, front-to-back): 3GPP TR 36.814 V9.2.0, table
    A.2.1.1-2, and TR 38.901 V17.0.0, table 7.3-1, with their own widths.
    """
    if not (0 < beamwidth_deg <= 360 and 0 <= front_to_back_db < math.inf):
        message = msg("A sector has a width up to 360 degrees and a finite loss backwards.")
        raise InvalidInput(Problem(message, field="beamwidth_deg", value=f"{beamwidth_deg:g}"))
    angles = range(-180 + STEP_DEG, 180 + STEP_DEG, STEP_DEG)
    gains = (-min(12 * (angle / beamwidth_deg) ** 2, front_to_back_db) for angle in angles)
    return Cut(tuple(float(angle % 360) for angle in angles), tuple(gains))
