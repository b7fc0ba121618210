"""How long a drawing unit is: as the user says, as the header says, or by a guess with a warning."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

METRES: Final = {"mm": 0.001, "cm": 0.01, "dm": 0.1, "m": 1.0, "in": 0.0254, "ft": 0.3048}
# $INSUNITS as in the DXF reference; other codes (miles, microns ...) are no unit of a floor plan.
INSUNITS: Final = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m", 14: "dm", 21: "ft"}
GUESSED: Final = ("mm", "cm", "m")
DOOR_M: Final = (0.55, 1.5)
FLOOR_M: Final = (3.0, 1_000.0)


@dataclass(frozen=True)
class DrawingUnit:
    """A unit, its length in metres, whether it was stated, and what to check."""

    name: str
    metres: float
    is_stated: bool
    warnings: tuple[Message, ...] = ()


def choose_unit(
    wanted: str | None,
    header: Any,  # noqa: ANN401 - ezdxf's header
    extent: tuple[float, float, float, float],
    door_widths: Sequence[float],
) -> DrawingUnit:
    """Decide the unit.

    Parameters
    ----------
    wanted
        What the user says; it wins.
    header
        Header variables of the drawing.
    extent
        Box around the walls, in drawing units.
    door_widths
        Widths of doors in drawing units, the best clue for a guess.
    """
    size = max(extent[2] - extent[0], extent[3] - extent[1])
    if wanted is not None:
        return DrawingUnit(wanted, METRES[wanted], is_stated=True)
    stated = INSUNITS.get(header.get("$INSUNITS", 0))
    if stated is None:
        guess = _guess(size, door_widths)
        warning = msg(
            "The drawing states no unit; %(unit)s was assumed, which makes it %(size).1f m large.",
            unit=guess,
            size=size * METRES[guess],
        )
        return DrawingUnit(guess, METRES[guess], is_stated=False, warnings=(warning,))
    metres = METRES[stated]
    if size and not FLOOR_M[0] <= size * metres <= FLOOR_M[1]:
        warning = msg(
            "In its unit %(unit)s the drawing is %(size)g m large; name the unit if that is wrong.",
            unit=stated,
            size=float(f"{size * metres:.3g}"),
        )
        return DrawingUnit(stated, metres, is_stated=True, warnings=(warning,))
    return DrawingUnit(stated, metres, is_stated=True)


def _guess(size: float, door_widths: Sequence[float]) -> str:
    if door_widths:
        width = median(door_widths)
        for name in GUESSED:
            if DOOR_M[0] <= width * METRES[name] <= DOOR_M[1]:
                return name
    if size >= 8_000:
        return "mm"
    return "cm" if size >= 800 else "m"
