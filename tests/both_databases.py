"""Which tests of a folder run on PostgreSQL, too: a copy of every case would double the time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


def choose_for_postgres(
    conftest: str, config: pytest.Config, items: list[pytest.Item], *, first_cases: bool
) -> None:
    """Leave out tests on PostgreSQL beside or below a conftest, but not those marked ``on_both``.

    If `first_cases`, a test without the mark runs there with the first of its cases.
    """
    here = Path(conftest).parent
    unmarked = [
        item
        for item in items
        if here in item.path.parents
        and item.get_closest_marker("postgres")
        and not item.get_closest_marker("on_both")
    ]
    left_out = set(unmarked)
    if first_cases:
        left_out -= _find_first_cases(unmarked)
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def _find_first_cases(items: Iterable[Any]) -> set[pytest.Item]:
    """Give one case of each test, the same in whatever order they come."""
    first: dict[object, Any] = {}
    for item in sorted(items, key=lambda item: sorted(item.callspec.indices.items())):
        first.setdefault((item.parent, item.originalname), item)
    return set(first.values())
