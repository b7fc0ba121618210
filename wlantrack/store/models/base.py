"""What every mapped class shares: names of constraints, public ids, versions, auditing."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import CheckConstraint, MetaData, Uuid, event
from sqlalchemy.orm import (
    ColumnProperty,
    DeclarativeBase,
    Mapped,
    QueryableAttribute,
    declared_attr,
    mapped_column,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The declarative base; every constraint has a name that migrations can use."""

    metadata = MetaData(naming_convention=NAMING)


class Record:
    """A row that people see: its own id inside, a UUID outside."""

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    public_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, unique=True, default=uuid.uuid4, sort_order=-2
    )


@event.listens_for(Record, "attribute_instrument", propagate=True)
def _keep_old_value(_mapped: type, _key: str, attribute: QueryableAttribute[Any]) -> None:
    # Without this a value set before the old one was read would leave no trace of a change.
    if isinstance(attribute.property, ColumnProperty):
        event.listen(attribute, "set", _accept, active_history=True)


def _accept(*_args: object) -> None:
    """Exist: a listener that asks for old values is what makes them known."""


class Edited(Record):
    """A record that people edit: every change raises its version and enters the audit trail."""

    version: Mapped[int] = mapped_column(sort_order=-1)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let SQLAlchemy refuse an update of a row that somebody else has changed."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


def one_of(column: str, values: tuple[str, ...], name: str | None = None) -> CheckConstraint:
    """Restrict a text column to a fixed set of words, in both databases."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=name or column)
