"""Forms of the working calendar: its month, a file to read, and what was previewed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from wlantrack.services.calendar_imports import LONGEST_CALENDAR, CalendarUpload
from wlantrack.web.blackouts.forms import forbidden_choices, place_choices
from wlantrack.web.forms import EntryForm
from wlantrack.web.imports.previews import PreviewForm
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.store.queries.places import BuildingName


def read_month(text: str, today: date) -> date:
    """Give the first day of a month such as 2026-11; anything else means this month."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return found if 2000 <= found.year < 2100 else today.replace(day=1)


class MonthForm(ListFilter):
    """Which month is shown, and of which building."""

    month = StringField(_l("Month"), [Length(max=7)])
    building = SelectField(_l("Building"))

    def offer(self, buildings: Iterable[BuildingName], month: date) -> None:
        """Offer the buildings in scope; the month is the one that is shown."""
        self.building.choices = [("", gettext("all")), *((row.code, row.name) for row in buildings)]
        self.month.data = f"{month:%Y-%m}"


class CalendarForm(EntryForm):
    """A calendar to read, and what its entries forbid where."""

    file = FileField(_l("Calendar file (.ics)"), [FileRequired(_l("Choose a file."))])
    calendar = StringField(_l("Name of the calendar"), [Length(max=LONGEST_CALENDAR)])
    noise_class = SelectField(_l("New entries forbid"))
    where = SelectField(_l("Where"))

    def offer(self, places: Iterable[tuple[str, str]]) -> None:
        """Offer what can be forbidden, and where."""
        self.noise_class.choices = forbidden_choices()
        self.where.choices = place_choices(places)

    def make_upload(self, name: str, data: bytes) -> CalendarUpload:
        """Give what was entered as plain values."""
        return CalendarUpload(
            name,
            data,
            (self.calendar.data or "").strip(),
            self.noise_class.data or "",
            self.where.data or "",
        )


class ApplyForm(PreviewForm):
    """The reading of a calendar that was previewed."""

    calendar = HiddenField(validators=[Length(max=LONGEST_CALENDAR)])
    noise_class = HiddenField(validators=[Length(max=8)])
    where = HiddenField(validators=[Length(max=40)])

    def make_upload(self, data: bytes) -> CalendarUpload:
        """Give what was previewed."""
        return CalendarUpload(
            self.name.data,
            data,
            self.calendar.data or "",
            self.noise_class.data or "",
            self.where.data or "",
        )
