"""The form of a label sheet: one that is on sale, or sizes of one's own."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, Optional

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.labels import (
    DEFAULT_PRESET,
    DOTS_A_MM,
    PRESETS,
    LabelJob,
    SheetLayout,
)
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField
from wlantrack.web.languages import current_locale, write_number

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN: Final = "own"
_COUNTS: Final = ("columns", "rows")
_SIZE_NAMES: Final = tuple(item.name for item in fields(SheetLayout))


class LabelForm(EntryForm):
    """Which sheet the labels are printed on, and where on it they begin."""

    preset = SelectField(_l("Sheet"), [InputRequired(REQUIRED)])
    start = IntegerField(_l("First free label"), [Optional()])
    dots_a_mm = SelectField(_l("Resolution of the label printer"), coerce=int)
    page_width_mm = NumberField(_l("Page width"), [Optional()])
    page_height_mm = NumberField(_l("Page height"), [Optional()])
    label_width_mm = NumberField(_l("Label width"), [Optional()])
    label_height_mm = NumberField(_l("Label height"), [Optional()])
    columns = IntegerField(_l("Columns"), [Optional()])
    rows = IntegerField(_l("Rows"), [Optional()])
    margin_left_mm = NumberField(_l("Left margin"), [Optional()])
    margin_top_mm = NumberField(_l("Top margin"), [Optional()])
    gap_x_mm = NumberField(_l("Gap between columns"), [Optional()])
    gap_y_mm = NumberField(_l("Gap between rows"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        for name in (*_SIZE_NAMES, "start"):
            self[name].flags.required = True  # wherever they count
        self.preset.choices = [
            *((key, _describe(layout)) for key, layout in PRESETS.items()),
            (OWN, gettext("own sizes")),
        ]
        self.dots_a_mm.choices = [
            (dots, gettext("%(dots)d dots a mm (%(dpi)d dpi)", dots=dots, dpi=_DPI[dots]))
            for dots in DOTS_A_MM
        ]

    def recall(self, kept: Mapping[str, Any]) -> None:
        """Show what was used last, else the first sheet of the list."""
        preset = kept.get("preset")
        self.preset.data = preset if preset in {*PRESETS, OWN} else DEFAULT_PRESET
        self.start.data = kept.get("start", 1)
        self.dots_a_mm.data = kept.get("dots_a_mm", LabelJob.dots_a_mm)
        own = kept.get("own") or asdict(PRESETS.get(self.preset.data, PRESETS[DEFAULT_PRESET]))
        for name in _SIZE_NAMES:
            self[name].data = own.get(name)

    def job(self) -> LabelJob:
        """Give what was entered.

        Raises
        ------
        InvalidInput
            A size of one's own is missing.
        """
        start = 1 if self.start.data is None else self.start.data
        return LabelJob(self._layout(), start, self.dots_a_mm.data, current_locale())

    def _layout(self) -> SheetLayout:
        if self.preset.data != OWN:
            return PRESETS[self.preset.data]
        missing = [name for name in _SIZE_NAMES if self[name].data is None]
        if missing:
            raise InvalidInput(
                *(
                    Problem(
                        msg("This size is missing."), msg("Measure it on the sheet."), field=name
                    )
                    for name in missing
                )
            )
        sizes = {name: self[name].data for name in _SIZE_NAMES if name not in _COUNTS}
        return SheetLayout(**sizes, columns=self.columns.data, rows=self.rows.data)

    def keep(self, count: int) -> dict[str, Any]:
        """Give what is remembered: the next labels begin where these ended."""
        job = self.job()
        following = (job.start - 1 + count) % job.layout.labels_a_page + 1
        own = asdict(job.layout) if self.preset.data == OWN else None
        return {
            "preset": self.preset.data,
            "start": following,
            "dots_a_mm": job.dots_a_mm,
            **({"own": own} if own else {}),
        }


_DPI: Final = {6: 152, 8: 203, 12: 300, 24: 600}


def _describe(layout: SheetLayout) -> str:
    size = f"{_size(layout.label_width_mm)} × {_size(layout.label_height_mm)} mm"  # noqa: RUF001 - the sign that stands on the packet
    if layout.labels_a_page == 1:
        return str(gettext("%(size)s, single labels", size=size))
    return str(gettext("%(size)s, A4 with %(count)d labels", size=size, count=layout.labels_a_page))


def _size(size_mm: float) -> str:
    return write_number(size_mm, 1 if size_mm % 1 else 0)
