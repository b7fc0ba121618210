"""What a plan may fail to respect, by name."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Breach(StrEnum):
    """What a plan does not respect."""

    MISSING = "missing"
    UNDATED = "undated"
    FROZEN = "frozen"
    DAY_OFF = "day off"
    LENGTH = "length"
    ABSENCE = "absence"
    BLACKOUT = "blackout"
    RELEASE = "release"
    DEADLINE = "deadline"
    PERMIT = "permit"
    WALL = "wall"
    PIN = "pin"
    LINK = "link"
    CREW = "crew"


@dataclass(frozen=True)
class Violation:
    """One thing that a plan does not respect.

    Attributes
    ----------
    package
        Key of the package; of a crew with too little time, the crew's.
    cause
        Key of the permit, wall, blackout or crew, or of the package for which it had to wait.
    """

    breach: Breach
    package: str
    cause: str = ""
