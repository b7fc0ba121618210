"""Forms of tasks: the list's filters, and one task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.tasks import LENGTHS, STATE_WORDS, TaskFilter, TaskValues
from wlantrack.web.forms import REQUIRED, VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.store.queries.places import BuildingName


def _text(field: StringField) -> str:
    return (field.data or "").strip()


class TaskFilterForm(ListFilter):
    """What the list of tasks is narrowed to."""

    q = StringField(_l("Words"))
    person = SelectField(_l("Person"))
    due = SelectField(_l("Due"))
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"))

    def offer(
        self, buildings: Iterable[BuildingName], people: Iterable[tuple[str, str]], me: str
    ) -> None:
        """Offer what there is, each list beginning with all; whoever asks stands first."""
        everything = ("", gettext("all"))
        others = [(name, shown) for name, shown in people if name != me]
        self.person.choices = [everything, (me, gettext("me")), *others]
        self.due.choices = [
            everything,
            ("overdue", gettext("overdue")),
            ("week", gettext("within a week")),
            ("none", gettext("without a day")),
        ]
        states = [(key, translate(word)) for key, (word, _) in STATE_WORDS.items()]
        self.state.choices = [everything, *states]
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]

    def narrow(self) -> TaskFilter:
        """Give the filter that was entered."""
        return TaskFilter(
            words=_text(self.q),
            building=self.building.data or "",
            person=self.person.data or "",
            state=self.state.data or "",
            due=self.due.data or "",
        )


class TaskForm(VersionedForm):
    """What people edit about a task."""

    title = StringField(_l("What is to be done"), [InputRequired(REQUIRED), Length(max=160)])
    person = SelectField(_l("Who does it"))
    due_on = DateField(_l("Until"), [Optional()])
    where = SelectField(_l("Where"))
    note = TextAreaField(_l("Note"), [Length(max=LENGTHS["note"])])

    def offer(
        self,
        people: Iterable[tuple[str, str]],
        places: Iterable[tuple[str, str]],
        *kept: tuple[str, str],
    ) -> None:
        """Offer people and places; what the record has stays offered.

        Parameters
        ----------
        kept
            Person and place that the record has now, each as value and name.
        """
        self.person.choices = [("", gettext("nobody yet")), *people]
        self.where.choices = [(key, name or gettext("no place")) for key, name in places]
        for field, (value, name) in zip((self.person, self.where), kept, strict=False):
            if value not in {key for key, _ in field.choices}:
                field.choices.append((value, name or gettext("no place")))

    def values(self) -> TaskValues:
        """Give what was entered as plain values."""
        return TaskValues(
            title=_text(self.title),
            person=self.person.data or "",
            due_on=self.due_on.data,
            where=self.where.data or "",
            note=_text(self.note),
        )
