"""What the tables of networks share: the separation check judges their rows together, at the end.

Decides that a table whose rows together make anything on air fail a critical rule anew is refused.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wlantrack.services.operation_gate import describe_block
from wlantrack.services.operation_watch import watch_operation

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.errors import Problem
    from wlantrack.networks.plan import Subject
    from wlantrack.services.actor import Actor


class GatedTable:
    """A table that is judged once all of its rows are applied."""

    session: Session
    actor: Actor

    def watch_air(self, *, is_wide: bool = True) -> None:
        """Note what is on air, before the first row; ``is_wide`` as rows can do to what they do not name."""
        self.watch = watch_operation(self.session, is_wide=is_wide)

    def conclude(self) -> list[Problem]:
        """Give what the separation check has against the rows, each at its row if it has one.

        Rows that are refused for themselves have changed nothing: this is about all the others.
        """
        self.session.flush()
        return [
            replace(describe_block(self.actor, item), row=row)
            for row, item in self.watch.list_blocks(self.row_of)
        ]

    def row_of(self, subject: Subject) -> int | None:
        """Give the row that names something on air; None unless a table names such things."""
        del subject
        return None
