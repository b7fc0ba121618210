"""What stands where on one label, in millimetres: its code, its QR code, and a few words.

Decides that the code that people read takes more room than the QR code that machines read, that a
QR code has its quiet zone, and when a label is too small for both.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import segno

from wlantrack.errors import InvalidInput, Problem, msg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.reports.label_sheets import SheetLayout

PADDING_MM: Final = 1.5
QUIET_MODULES: Final = 4
"""ISO/IEC 18004, 9.1: so much white around a QR code."""
MODULE_MM: Final = 0.25
"""Phones read nothing finer from a hand's distance."""
GOOD_QR_MM: Final = 12.0
"""Larger helps nobody: a phone held at ten times this distance reads it."""
ADVANCE_EM: Final = 0.602
"""Width of every letter of DejaVu Sans Mono."""
CAP_EM: Final = 0.729
"""Height of its capital letters."""
_LEADING_EM: Final = 0.35
_STEP_MM: Final = 0.25
_MOST_LINES: Final = 3
_WORDS_MM: Final = 2.3
_WORDS_STEP: Final = 1.3
"""Distance of two lines of words, by their size."""
_SMALLEST_CODE_MM: Final = 1.8
_GOOD_CODE_MM: Final = 3.5
"""From here on a code is read at arm's length: it need not be broken to become larger."""


@dataclass(frozen=True)
class Label:
    """What a label says: the code, the address its QR code leads to, and words beside them."""

    code: str
    url: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line of text: its left edge, the top of its capitals, and its size, in mm."""

    text: str
    x_mm: float
    y_mm: float
    size_mm: float


@dataclass(frozen=True)
class Face:
    """A label, laid out; the QR code's square is given without its quiet zone."""

    code: tuple[Line, ...]
    words: tuple[Line, ...]
    qr_x_mm: float
    qr_y_mm: float
    qr_side_mm: float


@dataclass(frozen=True)
class _Draft:
    lines: tuple[str, ...]
    size_mm: float
    side_mm: float
    quiet_mm: float
    is_stacked: bool

    @property
    def code_width_mm(self) -> float:
        return max(map(len, self.lines)) * ADVANCE_EM * self.size_mm

    @property
    def code_height_mm(self) -> float:
        return _height_em(len(self.lines)) * self.size_mm

    @property
    def is_code_larger(self) -> bool:
        return self.code_width_mm * self.code_height_mm > self.side_mm**2


def make_qr(url: str) -> segno.QRCode:
    """Make the QR code of an address; a quarter of it may be soiled (error level M or better)."""
    return segno.make_qr(url, error="m", boost_error=True)


def count_modules(code: segno.QRCode) -> int:
    """Give how many modules a QR code has along a side, without its quiet zone."""
    return int(code.symbol_size(border=0)[0])


def lay_out(label: Label, layout: SheetLayout, modules: int) -> Face:
    """Lay out one label, with the QR code as large as helps and the code as large as fits then.

    Parameters
    ----------
    modules
        Side of the QR code.

    Raises
    ------
    InvalidInput
        The label is too small.
    """
    drafts = _list_drafts(label.code, layout, modules)
    best = max(drafts, key=_rank, default=None)
    if best is None:
        raise InvalidInput(
            Problem(
                msg(
                    "A label of this size has no room for »%(code)s« and its QR code.",
                    code=label.code,
                ),
                msg("Choose larger labels."),
                field="label_height_mm",
                value=f"{layout.label_height_mm:g}",
            )
        )
    return _draw(best, label, layout)


def _rank(draft: _Draft) -> tuple[float, bool, int, float]:
    """Prefer a QR code that is easy to read, then a code in few lines that is, too."""
    return (draft.side_mm, draft.size_mm >= _GOOD_CODE_MM, -len(draft.lines), draft.size_mm)


def _height_em(lines: int) -> float:
    return lines * CAP_EM + (lines - 1) * _LEADING_EM


def _list_drafts(code: str, layout: SheetLayout, modules: int) -> Iterator[_Draft]:
    width_mm, height_mm = layout.label_width_mm, layout.label_height_mm
    steps = int(GOOD_QR_MM / _STEP_MM)
    sides = (step * _STEP_MM for step in range(steps, 0, -1))
    for side_mm in itertools.takewhile(lambda side: side >= modules * MODULE_MM, sides):
        quiet_mm = max(PADDING_MM, QUIET_MODULES * side_mm / modules)
        for lines in _list_breaks(code):
            for is_stacked in (True, False):
                free_width_mm = width_mm - 2 * PADDING_MM
                free_height_mm = height_mm - 2 * PADDING_MM
                if is_stacked:
                    free_height_mm = height_mm - PADDING_MM - side_mm - 2 * quiet_mm
                    fits = side_mm + 2 * quiet_mm <= width_mm
                else:
                    free_width_mm = width_mm - PADDING_MM - side_mm - 2 * quiet_mm
                    fits = side_mm + 2 * quiet_mm <= height_mm
                size_mm = min(
                    free_width_mm / (max(map(len, lines)) * ADVANCE_EM),
                    free_height_mm / _height_em(len(lines)),
                )
                draft = _Draft(lines, size_mm, side_mm, quiet_mm, is_stacked)
                if fits and size_mm >= _SMALLEST_CODE_MM and draft.is_code_larger:
                    yield draft


def _list_breaks(code: str) -> Iterator[tuple[str, ...]]:
    """Give the code in one line, and broken behind its hyphens and the like into a few."""
    parts = re.findall(r"[^-/_ ]*[-/_ ]+|[^-/_ ]+", code) or [code]
    for count in range(1, min(_MOST_LINES, len(parts)) + 1):
        cuts = itertools.combinations(range(1, len(parts)), count - 1)
        broken = [
            tuple("".join(parts[a:b]) for a, b in itertools.pairwise((0, *cut, len(parts))))
            for cut in itertools.islice(cuts, 60)
        ]
        yield min(broken, key=lambda lines: max(map(len, lines)))


def _draw(draft: _Draft, label: Label, layout: SheetLayout) -> Face:
    qr_x_mm = draft.quiet_mm
    if draft.is_stacked:
        code_x_mm, code_y_mm = PADDING_MM, PADDING_MM
        qr_y_mm = PADDING_MM + draft.code_height_mm + draft.quiet_mm
        words_y_mm, words_end_mm = qr_y_mm, layout.label_height_mm - PADDING_MM
    else:
        code_x_mm = draft.side_mm + 2 * draft.quiet_mm
        qr_y_mm = (layout.label_height_mm - draft.side_mm) / 2
        code_y_mm = min(qr_y_mm, (layout.label_height_mm - draft.code_height_mm) / 2)
        words_y_mm = code_y_mm + draft.code_height_mm + _WORDS_MM / 2
        words_end_mm = layout.label_height_mm - PADDING_MM
    step_mm = (CAP_EM + _LEADING_EM) * draft.size_mm
    code = tuple(
        Line(text, code_x_mm, code_y_mm + number * step_mm, draft.size_mm)
        for number, text in enumerate(draft.lines)
    )
    words_x_mm = draft.side_mm + 2 * draft.quiet_mm
    room_mm = layout.label_width_mm - PADDING_MM - words_x_mm
    words = _set_words(label.words, words_x_mm, room_mm, (words_y_mm, words_end_mm))
    return Face(code, words, qr_x_mm, qr_y_mm, draft.side_mm)


def _set_words(
    words: tuple[str, ...], x_mm: float, room_mm: float, height_mm: tuple[float, float]
) -> tuple[Line, ...]:
    """Set the words, each on its line; what does not fit is shortened or left out."""
    letters = int(room_mm / (ADVANCE_EM * _WORDS_MM))
    step_mm = _WORDS_MM * _WORDS_STEP
    top_mm, end_mm = height_mm
    count = int((end_mm - top_mm - _WORDS_MM) / step_mm) + 1 if letters > 3 else 0
    return tuple(
        Line(
            text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…",
            x_mm,
            top_mm + number * step_mm,
            _WORDS_MM,
        )
        for number, text in enumerate(words[: max(0, count)])
    )
