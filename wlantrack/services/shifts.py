"""By how many working days many things are moved at once, and which way.

Decides that a step is short enough to be looked over: what moves further gets days of its own.
"""

from __future__ import annotations

from typing import Final

from wlantrack.errors import InvalidInput, Problem, msg

SHIFTS: Final = {"earlier": -1, "later": 1}
"""Steps that move days, and which way."""
LONGEST_SHIFT_DAYS: Final = 60


def parse_shift_days(text: str) -> int:
    """Read by how many working days something is moved; one if nothing is said.

    Raises
    ------
    InvalidInput
        It is no whole number from 1 to 60.
    """
    written = text.strip() or "1"
    is_number = written.isascii() and written.isdigit() and len(written) <= len("60")
    if not (is_number and 1 <= int(written) <= LONGEST_SHIFT_DAYS):
        raise InvalidInput(
            Problem(
                msg("Days are moved by a whole number of working days."),
                msg("Enter a number from 1 to %(limit)d.", limit=LONGEST_SHIFT_DAYS),
                field="days",
                value=text[:20],
            )
        )
    return int(written)


def parse_shift(step: str, days: str) -> int:
    """Read by how many working days something is moved: less than zero for earlier.

    Raises
    ------
    InvalidInput
        There is no such step, or the days are no whole number from 1 to 60.
    """
    if step not in SHIFTS:
        raise InvalidInput(
            Problem(msg("There is no such step."), msg("Choose another one."), field="step")
        )
    return SHIFTS[step] * parse_shift_days(days)
