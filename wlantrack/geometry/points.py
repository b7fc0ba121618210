"""Which numbers and points can be reckoned with.

Decides that a number is finite, a length positive, a point a pair of numbers, and that no two
points coincide. Refuses to know which frame they belong to.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from wlantrack.errors import InvalidInput, Message, Problem, msg

Points = npt.NDArray[np.float64]


def require_positive(value: float, field: str) -> float:
    """Give the number if it is finite and greater than zero."""
    number = require_finite(value, field)
    if number <= 0.0:
        raise refusal(
            msg("This number has to be greater than zero."),
            msg("Enter a positive number."),
            field,
            value,
        )
    return number


def require_finite(value: float, field: str) -> float:
    """Give the number if it is finite."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise refusal(msg("This is not a number."), msg("Enter a number."), field, value)
    return number


def refusal(message: Message, remedy: Message, field: str, value: object = None) -> InvalidInput:
    """Build the error that names field and value."""
    shown = None if value is None else str(value)[:200]
    return InvalidInput(Problem(message=message, remedy=remedy, field=field, value=shown))


def require_points(points: npt.ArrayLike, field: str, at_least: int) -> Points:
    """Give finite points of which no two coincide, shape (n, 2)."""
    try:
        checked = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        checked = np.full((1, 1), np.nan)
    if checked.ndim != 2 or checked.shape[1] != 2 or not np.isfinite(checked).all():
        raise refusal(
            msg("A point is not a pair of numbers."),
            msg("Give x and y of each point as numbers."),
            field,
            points,
        )
    if len(checked) < at_least:
        raise refusal(
            msg("%(given)s points are too few.", given=len(checked)),
            msg("Give at least %(wanted)s points.", wanted=at_least),
            field,
            len(checked),
        )
    _refuse_coincident(checked, field)
    return checked


def _refuse_coincident(points: Points, field: str) -> None:
    order = np.lexsort(points.T)
    same = np.flatnonzero((np.diff(points[order], axis=0) == 0.0).all(axis=1))
    if len(same):
        first, second = sorted((int(order[same[0]]), int(order[same[0] + 1])))
        raise refusal(
            msg("Points %(first)s and %(second)s coincide.", first=first + 1, second=second + 1),
            msg("Set them apart, as far from each other as the plan allows."),
            field,
            tuple(points[second].tolist()),
        )
