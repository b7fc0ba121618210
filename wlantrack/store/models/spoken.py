"""How records keep dates as people know them: four columns each, read as one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Composite, composite

from wlantrack.rollout.spoken_dates import SpokenDate

if TYPE_CHECKING:
    from sqlalchemy.sql.schema import SchemaItem

PARTS = ("wording", "earliest", "latest", "precision")


def spoken(name: str) -> Composite[SpokenDate | None]:
    """Read the columns ``<name>_wording`` to ``<name>_precision`` as one date, or none."""
    columns = (f"{name}_{part}" for part in PARTS)
    # Unless told, a loaded record would give a date made of nothing where it has none.
    return composite(SpokenDate, *columns, return_none_on=lambda *parts: parts[0] is None)


def spoken_checks(*names: str) -> tuple[SchemaItem, ...]:
    """Let each of these dates be known whole or not at all, and begin before it ends."""
    return tuple(
        constraint
        for name in names
        for constraint in (
            CheckConstraint(
                " AND ".join(
                    f"({name}_wording IS NULL) = ({name}_{part} IS NULL)" for part in PARTS[1:]
                ),
                name=f"{name}_whole",
            ),
            CheckConstraint(f"{name}_earliest <= {name}_latest", name=f"{name}_order"),
        )
    )
