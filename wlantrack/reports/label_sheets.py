"""Sheets of labels: how large a label is, and where each one lies on its page, in millimetres.

Decides which layouts are possible and which are offered; refuses to know what stands on a label.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST_PAGE_MM: Final = 1200.0
SMALLEST_LABEL_MM: Final = 8.0
MOST_LABELS_A_PAGE: Final = 400
_ROUNDING_MM: Final = 0.25
"""Makers round the sizes that they print on the packet: so much may a sheet seem too full."""

SIZES: Final[dict[str, Message]] = {
    "page_width_mm": msg("Page width"),
    "page_height_mm": msg("Page height"),
    "label_width_mm": msg("Label width"),
    "label_height_mm": msg("Label height"),
    "margin_left_mm": msg("Left margin"),
    "margin_top_mm": msg("Top margin"),
    "gap_x_mm": msg("Gap between columns"),
    "gap_y_mm": msg("Gap between rows"),
}
"""What of a sheet is measured in millimetres, by field."""


@dataclass(frozen=True)
class SheetLayout:
    """A page of labels, all of one size, in columns and rows from the top left corner."""

    page_width_mm: float
    page_height_mm: float
    label_width_mm: float
    label_height_mm: float
    columns: int = 1
    rows: int = 1
    margin_left_mm: float = 0.0
    margin_top_mm: float = 0.0
    gap_x_mm: float = 0.0
    gap_y_mm: float = 0.0

    @property
    def labels_a_page(self) -> int:
        """Give how many labels a page has."""
        return self.columns * self.rows

    def place_of(self, position: int) -> tuple[float, float]:
        """Give the left and top edge of a label, in mm; positions count from 0 along the rows."""
        row, column = divmod(position, self.columns)
        return (
            self.margin_left_mm + column * (self.label_width_mm + self.gap_x_mm),
            self.margin_top_mm + row * (self.label_height_mm + self.gap_y_mm),
        )

    def list_places(self, count: int, start: int = 1) -> Iterator[tuple[int, float, float]]:
        """Give page (from 0), left and top edge of so many labels, the first at ``start``."""
        for number in range(start - 1, start - 1 + count):
            page, position = divmod(number, self.labels_a_page)
            yield (page, *self.place_of(position))


def single(width_mm: float, height_mm: float) -> SheetLayout:
    """Give the layout of a printer that has one label after the other."""
    return SheetLayout(width_mm, height_mm, width_mm, height_mm)


PRESETS: Final[dict[str, SheetLayout]] = {
    "a4-48.5x25.4": SheetLayout(210, 297, 48.5, 25.4, 4, 10, 8, 21.5),
    "a4-63.5x38.1": SheetLayout(210, 297, 63.5, 38.1, 3, 7, 7.2, 15.15, 2.55),
    "a4-70x37": SheetLayout(210, 297, 70, 37, 3, 8, 0, 0.5),
    "a4-38.1x21.2": SheetLayout(210, 297, 38.1, 21.2, 5, 13, 4.75, 10.7, 2.5),
    "single-50x25": single(50, 25),
    "single-57x32": single(57, 32),
    "single-62x29": single(62, 29),
}
"""Sheets and single labels that are on sale everywhere; the name tells the label's size in mm."""
DEFAULT_PRESET: Final = "a4-48.5x25.4"


def require_layout(layout: SheetLayout, start: int = 1) -> None:
    """Refuse a layout that no sheet can have.

    Raises
    ------
    InvalidInput
        A size is impossible, the labels do not fit the page, or it has no such position.
    """
    problems = [*_list_size_problems(layout), *_list_count_problems(layout)]
    if not problems:
        problems = [*_list_fit_problems(layout), *_list_start_problems(layout, start)]
    if problems:
        raise InvalidInput(*islice(problems, 20))


def _list_size_problems(layout: SheetLayout) -> Iterator[Problem]:
    for item in fields(layout):
        if item.name not in SIZES:
            continue
        size_mm = getattr(layout, item.name)
        least_mm = 0.0 if item.name.startswith(("margin", "gap")) else SMALLEST_LABEL_MM
        if not least_mm <= size_mm <= LARGEST_PAGE_MM:  # also refuses what is no number
            yield Problem(
                msg("This size is not possible."),
                msg(
                    "Enter %(least)d to %(largest)d mm.",
                    least=round(least_mm),
                    largest=round(LARGEST_PAGE_MM),
                ),
                field=item.name,
                value=f"{size_mm:g}",
            )


def _list_count_problems(layout: SheetLayout) -> Iterator[Problem]:
    for name in ("columns", "rows"):
        count = getattr(layout, name)
        if not 1 <= count <= MOST_LABELS_A_PAGE:
            yield _count_problem(name, count)
            return
    if layout.labels_a_page > MOST_LABELS_A_PAGE:
        yield _count_problem("rows", layout.rows)


def _count_problem(name: str, count: int) -> Problem:
    return Problem(
        msg("A page has 1 to %(most)d labels.", most=MOST_LABELS_A_PAGE),
        msg("Enter how many columns and rows of labels the sheet has."),
        field=name,
        value=str(count),
    )


def _list_fit_problems(layout: SheetLayout) -> Iterator[Problem]:
    right_mm, bottom_mm = layout.place_of(layout.labels_a_page - 1)
    needs = (
        ("columns", right_mm + layout.label_width_mm, layout.page_width_mm),
        ("rows", bottom_mm + layout.label_height_mm, layout.page_height_mm),
    )
    for name, needed_mm, there_mm in needs:
        if needed_mm > there_mm + _ROUNDING_MM:
            yield Problem(
                msg(
                    "The labels take %(needed)s mm, but the page has %(there)s mm.",
                    needed=f"{needed_mm:.1f}",
                    there=f"{there_mm:.1f}",
                ),
                msg("Take fewer of them, smaller ones, or smaller gaps and margins."),
                field=name,
                value=str(getattr(layout, name)),
            )


def _list_start_problems(layout: SheetLayout, start: int) -> Iterator[Problem]:
    if not 1 <= start <= layout.labels_a_page:
        yield Problem(
            msg("The sheet has the positions 1 to %(count)d.", count=layout.labels_a_page),
            msg("Count along the rows, from the top left corner to the first label left."),
            field="start",
            value=str(start),
        )
