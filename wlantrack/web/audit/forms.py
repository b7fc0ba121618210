"""The filters of the audit trail."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from wlantrack.services.field_words import ACT_WORDS, KIND_WORDS
from wlantrack.services.history import EventFilter
from wlantrack.web.languages import local_midnight, translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence


class EventFilterForm(ListFilter):
    """What the trail is narrowed to."""

    q = StringField(_l("Name or id of the record"))
    actor = SelectField(_l("Person"))
    entity = SelectField(_l("Kind"))
    act = SelectField(_l("What"))
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])
    request_id = StringField(_l("Number of the request"))

    def offer(self, actors: Sequence[str], entities: Sequence[str]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.actor.choices = [everything, *((name, name) for name in actors)]
        kinds = [(key, translate(KIND_WORDS.get(key, key))) for key in entities]
        self.entity.choices = [everything, *sorted(kinds, key=lambda kind: kind[1].lower())]
        self.act.choices = [everything, *((key, translate(ACT_WORDS[key])) for key in ACT_WORDS)]

    def narrow(self) -> EventFilter:
        """Give the filter that was entered; both days are included."""
        return EventFilter(
            words=(self.q.data or "").strip(),
            actor=self.actor.data or "",
            entity=self.entity.data or "",
            act=self.act.data or "",
            request_id=(self.request_id.data or "").strip(),
            since=local_midnight(self.since.data),
            until=local_midnight(self.until.data, timedelta(days=1)),
        )
