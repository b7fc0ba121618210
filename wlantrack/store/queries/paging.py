"""One page of a list: which lines, in which order, and how many there are in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, RowMapping, Select
    from sqlalchemy.orm import InstrumentedAttribute, Session

    SortColumns = Mapping[str, Sequence[ColumnElement[Any] | InstrumentedAttribute[Any]]]

T = TypeVar("T")

_PORTION = 500
"""Far below the number of parameters that any database takes in one statement."""


@dataclass(frozen=True)
class Page:
    """Which lines of a list, in which order; an unknown ``sort`` means the list's own order."""

    sort: str = ""
    is_descending: bool = False
    limit: int = 50
    offset: int = 0


def fetch_page(
    session: Session, query: Select[*tuple[Any, ...]], sorts: SortColumns, page: Page
) -> tuple[Sequence[RowMapping], int]:
    """Give the lines of a page and the number of all that match.

    Parameters
    ----------
    query
        Selects the lines' columns, narrowed but neither ordered nor limited.
    sorts
        What each order sorts by, its last column unique; the first entry is the list's own order.
    """
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = sorts.get(page.sort) or next(iter(sorts.values()))
    ordered = query.order_by(*(part.desc() if page.is_descending else part for part in order))
    return session.execute(ordered.limit(page.limit).offset(page.offset)).mappings().all(), total


def in_portions(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list for ``IN``, which takes only so many values at once."""
    return (values[start : start + _PORTION] for start in range(0, len(values), _PORTION))
