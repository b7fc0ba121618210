"""How a place stands, as one of four lights, by rules that can be read on the page.

Decides the rules and their order: the first that holds gives the light, and says why. Grey is no
verdict: nothing is known, or nothing has a date, which is neither good nor bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.rollout.lifecycle import Mark
from wlantrack.rollout.milestones import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wlantrack.errors import Message

LATE_DAYS = 20
"""Working days from which a critical milestone's slip is red."""


class Light(StrEnum):
    """The lights, the worst first."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"


@dataclass(frozen=True)
class LightWord:
    """The word of a light and its mark."""

    label: Message
    mark: Mark


LIGHTS = {
    Light.RED: LightWord(msg("at risk"), Mark.BLOCKED),
    Light.AMBER: LightWord(msg("watch"), Mark.MOUNTED),
    Light.GREEN: LightWord(msg("on track"), Mark.LIVE),
    Light.GREY: LightWord(msg("no verdict"), Mark.UNDATED),
}


@dataclass(frozen=True)
class MilestoneFact:
    """What the rules ask of a milestone."""

    code: str
    standing: Standing
    days_late: int = 0
    is_critical: bool = False
    contradicts: bool = False


@dataclass(frozen=True)
class PlaceFacts:
    """What the rules ask of a place.

    Attributes
    ----------
    walls_missed, walls_due
        Cables over which a wall has closed, and those for which a closing wall is an alarm.
    """

    milestones: Sequence[MilestoneFact] = ()
    walls_missed: int = 0
    walls_due: int = 0


@dataclass(frozen=True)
class Rule:
    """One rule: its light, its sentence, for which milestones of a place it holds, if for any.

    A rule about the place itself has ``holds`` instead.
    """

    light: Light
    text: Message
    find: Callable[[PlaceFacts], Sequence[str]] = lambda _facts: ()
    holds: Callable[[PlaceFacts], bool] = lambda _facts: False


@dataclass(frozen=True)
class Verdict:
    """The light of a place, the rule that gave it, and the milestones for which that holds."""

    light: Light
    rule: Rule
    codes: tuple[str, ...]


def _codes(test: Callable[[MilestoneFact], bool]) -> Callable[[PlaceFacts], Sequence[str]]:
    return lambda facts: [fact.code for fact in facts.milestones if test(fact)]


def _is_red(fact: MilestoneFact) -> bool:
    is_open = fact.standing is Standing.LATE
    return is_open and fact.is_critical and fact.days_late > LATE_DAYS


RULES = (
    Rule(
        Light.RED,
        msg(
            "A critical milestone is expected more than %(days)s working days after what was"
            " promised.",
            days=LATE_DAYS,
        ),
        _codes(_is_red),
    ),
    Rule(
        Light.RED,
        msg("A wall has closed over cables that were not done."),
        holds=lambda facts: facts.walls_missed > 0,
    ),
    Rule(
        Light.AMBER,
        msg("A milestone is expected after what was promised."),
        _codes(lambda fact: fact.standing is Standing.LATE),
    ),
    Rule(
        Light.AMBER,
        msg("A wall closes soon, or before the cables behind it can be done."),
        holds=lambda facts: facts.walls_due > 0,
    ),
    Rule(
        Light.AMBER,
        msg("A milestone is said to be reached, but its objects say otherwise."),
        _codes(lambda fact: fact.contradicts),
    ),
    Rule(
        Light.GREY,
        msg("Some milestones are open, and none of those has a date."),
        lambda facts: (
            [fact.code for fact in facts.milestones if fact.standing is Standing.UNDATED]
            if not any(fact.standing is Standing.ON_TIME for fact in facts.milestones)
            else []
        ),
    ),
    Rule(
        Light.GREEN,
        msg("Every milestone that has a date is reached or on time."),
        _codes(lambda fact: fact.standing in {Standing.ON_TIME, Standing.REACHED}),
    ),
)
NOTHING_KNOWN = Rule(Light.GREY, msg("There is no milestone yet."))


def judge_place(facts: PlaceFacts) -> Verdict:
    """Give the light of a place by the first rule that holds."""
    for rule in RULES:
        found = tuple(rule.find(facts))
        if found or rule.holds(facts):
            return Verdict(rule.light, rule, found)
    return Verdict(NOTHING_KNOWN.light, NOTHING_KNOWN, ())
