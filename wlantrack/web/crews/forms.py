"""Forms of crews: the list's filters, a crew, and when it is away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wlantrack.services.crews import AbsenceValues, CrewFilter, CrewValues
from wlantrack.web.forms import REQUIRED, VersionedForm
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable


def _text(field: StringField) -> str:
    return (field.data or "").strip()


class CrewFilterForm(ListFilter):
    """What the list of crews is narrowed to."""

    q = StringField(_l("Words"))
    firm = SelectField(_l("Firm"))

    def offer(self, firms: Iterable[str]) -> None:
        """Offer the firms that there are."""
        self.firm.choices = [("", gettext("all")), *((firm, firm) for firm in firms)]

    def narrow(self) -> CrewFilter:
        """Give the filter that was entered."""
        return CrewFilter(_text(self.q), self.firm.data or "")


class CrewForm(VersionedForm):
    """What people edit about a crew."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    firm = StringField(_l("Firm"), [Length(max=120)])
    capacity = IntegerField(_l("Work packages at once"), [InputRequired(REQUIRED)], default=1)
    note = StringField(_l("Note"), [Length(max=500)])

    def values(self) -> CrewValues:
        """Give what was entered as plain values."""
        return CrewValues(
            _text(self.code),
            _text(self.name),
            _text(self.firm),
            self.capacity.data or 0,
            _text(self.note),
        )


class AbsenceForm(VersionedForm):
    """When a crew is away."""

    begins_on = DateField(_l("First day"), [InputRequired(REQUIRED)])
    ends_on = DateField(_l("Last day"), [InputRequired(REQUIRED)])
    reason = StringField(_l("Reason"), [Length(max=200)])

    def values(self) -> AbsenceValues:
        """Give what was entered as plain values."""
        return AbsenceValues(self.begins_on.data, self.ends_on.data, _text(self.reason))
