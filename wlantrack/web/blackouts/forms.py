"""Forms of blackouts: the list's filters, and one blackout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wlantrack.services.blackouts import BlackoutFilter, BlackoutValues
from wlantrack.web.forms import REQUIRED, VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter
from wlantrack.web.work.words import FORBIDDEN_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.store.models.work import Blackout
    from wlantrack.store.queries.places import BuildingName


def _text(field: StringField) -> str:
    return (field.data or "").strip()


def forbidden_choices() -> list[tuple[str, str]]:
    """Give what a blackout can forbid, the least first."""
    return [(key, translate(word)) for key, word in FORBIDDEN_WORDS.items()]


def place_choices(places: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give where a blackout can hold; nowhere in particular means everywhere."""
    return [(key, name or gettext("everywhere")) for key, name in places]


class BlackoutFilterForm(ListFilter):
    """What the list of blackouts is narrowed to."""

    q = StringField(_l("Words"))
    when = SelectField(_l("When"))
    noise = SelectField(_l("Forbids"))
    building = SelectField(_l("Building"))
    calendar = SelectField(_l("Calendar"))

    def offer(self, buildings: Iterable[BuildingName], calendars: Iterable[str]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.when.choices = [
            ("", gettext("from today on")),
            ("past", gettext("over")),
            ("all", gettext("whenever")),
        ]
        self.noise.choices = [everything, *forbidden_choices()]
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        self.calendar.choices = [everything, *((name, name) for name in calendars)]

    def narrow(self) -> BlackoutFilter:
        """Give the filter that was entered."""
        return BlackoutFilter(
            words=_text(self.q),
            building=self.building.data or "",
            noise_class=self.noise.data or "",
            calendar=self.calendar.data or "",
            when=self.when.data or "",
        )


class BlackoutForm(VersionedForm):
    """What people edit about a blackout."""

    name = StringField(_l("What is on"), [InputRequired(REQUIRED), Length(max=120)])
    begins_on = DateField(_l("First day"), [InputRequired(REQUIRED)])
    ends_on = DateField(_l("Last day"), [InputRequired(REQUIRED)])
    noise_class = SelectField(_l("Forbids"))
    where = SelectField(_l("Where"))
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, places: Iterable[tuple[str, str]], kept: tuple[str, str] = ("", "")) -> None:
        """Offer what can be forbidden, and where; what the record has stays offered."""
        self.noise_class.choices = forbidden_choices()
        self.where.choices = place_choices(places)
        if kept[0] not in {key for key, _ in self.where.choices}:
            self.where.choices += place_choices([kept])

    def values(self, record: Blackout | None = None) -> BlackoutValues:
        """Give what was entered as plain values; its calendar a record keeps."""
        return BlackoutValues(
            name=_text(self.name),
            begins_on=self.begins_on.data,
            ends_on=self.ends_on.data,
            noise_class=self.noise_class.data,
            where=self.where.data or "",
            note=_text(self.note),
            calendar=record.calendar if record else "",
        )
