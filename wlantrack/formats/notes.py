"""What a person should look at, gathered while a foreign file is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Problem, msg
from wlantrack.formats.loose_values import find_text

if TYPE_CHECKING:
    from wlantrack.formats.loose_values import Item

KEPT: Final = 200


@dataclass
class Notes:
    """Warnings in the order in which they were found."""

    found: list[Problem] = field(default_factory=list)

    def add(self, problem: Problem) -> None:
        """Keep a warning."""
        self.found.append(problem)

    def skip(self, item: Item, what: str) -> None:
        """Tell that an object was left out because one of its values cannot be used."""
        name = find_text(item, "name") or find_text(item, "id")
        self.add(Problem(msg("Left out: a value in it cannot be used."), field=what, value=name))

    def list(self) -> tuple[Problem, ...]:
        """Give the warnings, and how many more there are when there are very many."""
        more = len(self.found) - KEPT
        if more <= 0:
            return tuple(self.found)
        return (*self.found[:KEPT], Problem(msg("... and %(count)s more warnings.", count=more)))
