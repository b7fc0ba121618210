"""The states that many records can be set to at once, and where each can be reached from.

Decides the order (the likeliest next step first) and the words; the page's script narrows them to
what is ticked. Refuses to decide what is allowed: the service looks at each record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext

from wlantrack.web.context import actor
from wlantrack.web.languages import translate

if TYPE_CHECKING:
    from wlantrack.rollout.lifecycle import Lifecycle


@dataclass(frozen=True)
class BulkTarget:
    """A state as the bulk bar offers it.

    ``ranks`` has, for each state it can be reached from, its place among that state's next steps;
    ``why`` says where it can be reached from, for when nothing ticked is there.
    """

    key: str
    word: str
    ranks: dict[str, int]
    why: str


def list_bulk_targets(lifecycle: Lifecycle) -> list[BulkTarget]:
    """Give all states in the order of a roll-out, as far as this person's roles lead."""
    roles = actor().roles
    ranks: dict[str, dict[str, int]] = {key: {} for key in lifecycle.states}
    for source in lifecycle.states:
        for rank, change in enumerate(lifecycle.list_targets(source)):
            if change.roles & roles:
                ranks[change.target][source] = rank
    return [
        BulkTarget(key, translate(state.label), ranks[key], _say_why(lifecycle, ranks[key]))
        for key, state in lifecycle.states.items()
    ]


def _say_why(lifecycle: Lifecycle, ranks: dict[str, int]) -> str:
    if not ranks:
        return str(gettext("not with your role"))
    words = ", ".join(translate(lifecycle.states[source].label) for source in ranks)
    return str(gettext("only from: %(states)s", states=words))
