"""How far a building has come, from the states of its access points.

Decides the stages and their marks; refuses to know where the counts come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, Mark

if TYPE_CHECKING:
    from wlantrack.errors import Message

STARTED_STATES = frozenset(
    key for key, state in ACCESS_POINT_STATES.items() if state.mark in {Mark.ORDERED, Mark.MOUNTED}
)
"""Ordered, but not live yet: there is work under way."""


@dataclass(frozen=True)
class Stage:
    """A stage of a building: its key, its word and its mark."""

    key: str
    label: Message
    mark: Mark


STAGES = {
    stage.key: stage
    for stage in (
        Stage("live", msg("in operation"), Mark.LIVE),
        Stage("partly live", msg("partly in operation"), Mark.MOUNTED),
        Stage("under way", msg("under way"), Mark.ORDERED),
        Stage("planned", msg("planned"), Mark.PLANNED),
        Stage("open", msg("nothing planned yet"), Mark.UNDATED),
    )
}
"""The furthest first."""


def find_stage(planned: int, started: int, live: int) -> Stage:
    """Give the stage of a building with so many access points in the plan, under way, and live."""
    if planned == 0:
        return STAGES["open"]
    if live == planned:
        return STAGES["live"]
    if live:
        return STAGES["partly live"]
    return STAGES["under way" if started else "planned"]
