"""Selects over whole databases, of this version's schema or an older one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import column, func, inspect, select, table

if TYPE_CHECKING:
    from sqlalchemy import ColumnClause
    from sqlalchemy.orm import Session

FILE_COLUMNS: Final = (
    ("floor_plan", "original_file", "original_sha256"),
    ("floor_plan", "image_file", "image_sha256"),
    ("attachment", "stored_file", "sha256"),
    ("import_run", "stored_file", "sha256"),
    ("cable_test", "stored_file", "file_sha256"),
)
"""Every column that names a stored file, with the column of the file's hash."""
_CONTENT: Final = ("building", "user_account", "floor_plan")


def count_rows(session: Session) -> dict[str, int]:
    """Count the rows of every table there is."""
    names = sorted(inspect(session.connection()).get_table_names())
    return {
        name: session.scalar(select(func.count()).select_from(table(name))) or 0 for name in names
    }


def list_stored_files(session: Session) -> dict[str, str]:
    """Give the SHA-256 of every stored file that a record names."""
    there = set(inspect(session.connection()).get_table_names())
    files: dict[str, str] = {}
    for owner, name, sha256 in FILE_COLUMNS:
        if owner in there:
            columns: tuple[ColumnClause[str], ...] = (column(name), column(sha256))
            rows = session.execute(select(*columns).select_from(table(owner, *columns)))
            files |= {str(row[0]): str(row[1]) for row in rows if row[0]}
    return files


def has_content(session: Session) -> bool:
    """Tell whether there is more than the standard catalogue: a building, an account, a plan."""
    there = set(inspect(session.connection()).get_table_names())
    return any(
        session.scalar(select(func.count()).select_from(table(name)))
        for name in _CONTENT
        if name in there
    )
