"""Which colour means what on every map: one table for page, editor, print and PDF.

Decides classes, colours, hatching and the key of each class' meaning. Refuses to know the words:
a key such as ``video`` is translated where it is shown.

Notes
-----
The ramp is viridis (S. van der Walt, N. Smith, 2015, CC0) mixed with up to 35 % white, so that black
plan lines stay readable on its darkest class (contrast 3.8:1). Lightness rises with the signal
in every step, which keeps it readable in greyscale and for colour-blind people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

INK = "#14101f"
"""Contour lines and hatching."""


@dataclass(frozen=True)
class SignalClass:
    """One class of the signal ramp: from (included) to (excluded), open ended at the ramp's ends.

    ``meaning`` is the key of what the signal is good for: video | office | weak | none.
    """

    colour: str
    from_dbm: float | None
    to_dbm: float | None
    meaning: str


SIGNAL_CLASSES = (
    SignalClass("#fde725", -40.0, None, "video"),
    SignalClass("#c3df26", -45.0, -40.0, "video"),
    SignalClass("#8bd750", -50.0, -45.0, "video"),
    SignalClass("#5dc973", -55.0, -50.0, "video"),
    SignalClass("#3eb78b", -60.0, -55.0, "video"),
    SignalClass("#3aa899", -65.0, -60.0, "video"),
    SignalClass("#4898a0", -70.0, -65.0, "office"),
    SignalClass("#568ca4", -75.0, -70.0, "office"),
    SignalClass("#667fa7", -80.0, -75.0, "weak"),
    SignalClass("#7672a6", -85.0, -80.0, "weak"),
    SignalClass("#81669e", -90.0, -85.0, "none"),
    SignalClass("#855a90", None, -90.0, "none"),
)
"""Strongest first. -65 and -75 dBm are the usual limits for voice and video, and for office work."""


class Verdict(IntEnum):
    """What a requirement's check says of one cell; the numbers are those in a verdict raster."""

    UNKNOWN = 0
    FAILS = 1
    PRIMARY_ONLY = 2
    MEETS = 3


@dataclass(frozen=True)
class VerdictClass:
    """One class of the verdict view; ``hatch`` is none | lines | cross."""

    verdict: Verdict
    colour: str
    hatch: str
    meaning: str


VERDICT_CLASSES = (
    VerdictClass(Verdict.MEETS, "#66cda9", "none", "meets"),
    VerdictClass(Verdict.PRIMARY_ONLY, "#f6dc6b", "lines", "primary_only"),
    VerdictClass(Verdict.FAILS, "#ee8055", "cross", "fails"),
)
"""Best first; bluish green, yellow and vermilion stay apart for the common colour-vision deficiencies."""
