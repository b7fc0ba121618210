"""Numbers and names that must lie within bounds; every fault of a record is told at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.rollout.spoken_dates import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Bounds = tuple[str, float, float]
"""Field, lowest and highest value, both included."""


def list_out_of_range(values: object, bounds: Iterable[Bounds]) -> list[Problem]:
    """Give a problem for each field outside its bounds; None is within all of them."""
    problems = []
    for field, lowest, highest in bounds:
        value = getattr(values, field)
        if value is not None and not (math.isfinite(value) and lowest <= value <= highest):
            message = msg("This must lie between %(low)g and %(high)g.", low=lowest, high=highest)
            problems.append(Problem(message, field=field, value=f"{value:g}"))
    return problems


def list_far_days(values: object, fields: Iterable[str]) -> list[Problem]:
    """Give a problem for each day of a plan in a year that no plan has; None is in none."""
    return [
        Problem(
            msg("No plan has this year."),
            msg("Enter a day from %(first)d to %(last)d.", first=YEARS[0], last=YEARS[-1]),
            field=name,
            value=day.isoformat(),
        )
        for name in fields
        if (day := getattr(values, name)) is not None and day.year not in YEARS
    ]


def list_missing(values: object, fields: Iterable[str]) -> list[Problem]:
    """Give a problem for each text field that is empty."""
    return [
        Problem(msg("Please fill this in."), field=field)
        for field in fields
        if not str(getattr(values, field)).strip()
    ]


def list_too_long(values: object, lengths: Mapping[str, int]) -> list[Problem]:
    """Give a problem for each text field of more characters than it may have."""
    return [
        Problem(
            msg("This text is longer than %(length)d characters.", length=length),
            msg("Shorten it."),
            field=name,
        )
        for name, length in lengths.items()
        if len(getattr(values, name)) > length
    ]


def refuse_any(problems: list[Problem]) -> None:
    """Refuse if there is any problem.

    Raises
    ------
    InvalidInput
        Tells all of them.
    """
    if problems:
        raise InvalidInput(*problems)


def refuse_taken(field: str, value: str) -> InvalidInput:
    """Make the refusal of a code or name that another record has."""
    if field == "name":
        return InvalidInput(
            Problem(
                msg("This name is taken."), msg("Choose another name."), field=field, value=value
            )
        )
    return InvalidInput(
        Problem(msg("This code is taken."), msg("Choose another code."), field=field, value=value)
    )
