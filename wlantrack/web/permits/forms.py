"""Forms of permits: the list's filters, the record, and what it shall cover."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services.permits import PermitFilter, PermitValues
from wlantrack.services.spoken_entry import days_beside, read_spoken
from wlantrack.web.cabling.words import all_or
from wlantrack.web.forms import REQUIRED, EntryForm, VersionedForm
from wlantrack.web.languages import local_today, translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.store.queries.permits import PermitRow
    from wlantrack.store.queries.places import BuildingName

ENDING_DAYS = (30, 90)


def kind_choices() -> list[tuple[str, str]]:
    """Give the kinds of permits."""
    return [(key, translate(word)) for key, word in PERMIT_KINDS.items()]


def state_choices() -> list[tuple[str, str]]:
    """Give the states of permits in their order."""
    return [(state.key, translate(state.label)) for state in PERMIT_STATES.values()]


class FilterForm(ListFilter):
    """What the list of permits is narrowed to."""

    q = StringField(_l("Words"))
    kind = SelectField(_l("Kind"))
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    ends = SelectField(_l("Ends"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        self.kind.choices = all_or(kind_choices())
        self.state.choices = all_or(state_choices())
        self.building.choices = all_or((row.code, row.name) for row in buildings)
        self.ends.choices = [
            ("", gettext("all")),
            ("expired", gettext("has expired")),
            *((str(days), gettext("within %(days)d days", days=days)) for days in ENDING_DAYS),
        ]

    def narrow(self) -> PermitFilter:
        """Give the filter that was entered; a span that is not offered narrows nothing."""
        today, ends = local_today(), self.ends.data or ""
        is_span = ends in {str(days) for days in ENDING_DAYS}
        after = timedelta(days=int(ends) + 1) if is_span else timedelta()
        return PermitFilter(
            words=(self.q.data or "").strip(),
            kind=self.kind.data or "",
            state=self.state.data or "",
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            ends_from=today if is_span else None,
            ends_before=today + after if is_span or ends == "expired" else None,
        )


class SpokenFields(VersionedForm):
    """A date in people's own words, with days beside it where the words alone do not tell."""

    def read_date(self, name: str) -> SpokenDate | None:
        """Give what was entered.

        Raises
        ------
        InvalidInput
            Nobody can tell which days are meant.
        """
        first, last = self[f"{name}_earliest"].data, self[f"{name}_latest"].data
        return read_spoken(self[name].data or "", name, first, last)

    def show_date(self, name: str, spoken: SpokenDate | None) -> None:
        """Show a record's date as it was entered."""
        first, last = days_beside(spoken)
        self.set_current(name, spoken.wording if spoken else "")
        self.set_current(f"{name}_earliest", first)
        self.set_current(f"{name}_latest", last)


class PermitForm(SpokenFields):
    """What people edit about a permit."""

    kind = SelectField(_l("Kind"))
    building = SelectField(_l("Building"), coerce=str)
    wing = StringField(_l("Wing"), [Length(max=16)])
    code = StringField(_l("Code"), [Length(max=60)])
    state = SelectField(_l("State"))
    authority = StringField(_l("Authority"), [Length(max=120)])
    reference = StringField(_l("File reference"), [Length(max=120)])
    applied_on = DateField(_l("Applied for on"), [Optional()])
    expected = StringField(_l("Expected"), [Length(max=80)])
    expected_earliest = DateField(_l("Not before"), [Optional()])
    expected_latest = DateField(_l("At the latest"), [Optional()])
    granted_on = DateField(_l("Granted on"), [Optional()])
    expires_on = DateField(_l("Valid until"), [Optional()])
    conditions = TextAreaField(_l("Conditions"), [Length(max=1000)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer the kinds, states and buildings there are."""
        self.kind.choices, self.state.choices = kind_choices(), state_choices()
        self.building.choices = [(row.code, f"{row.code} {row.name}") for row in buildings]

    def fill(self, values: PermitValues, version: int | None = None) -> None:
        """Show a permit's values."""
        plain = {key: value for key, value in vars(values).items() if key != "expected"}
        self.show_current(plain, version)
        self.show_date("expected", values.expected)

    def values(self) -> PermitValues:
        """Give what was entered as plain values."""
        texts = {
            name: (self[name].data or "").strip()
            for name in ("wing", "code", "authority", "reference", "conditions", "note")
        }
        return PermitValues(
            building=self.building.data,
            kind=self.kind.data,
            state=self.state.data,
            applied_on=self.applied_on.data,
            expected=self.read_date("expected"),
            granted_on=self.granted_on.data,
            expires_on=self.expires_on.data,
            **texts,
        )


class NamesForm(EntryForm):
    """Runs and access points that a record shall be for, by what people call them."""

    names = TextAreaField(
        _l("Cable runs and access points"), [InputRequired(REQUIRED), Length(max=20_000)]
    )

    def read_names(self) -> list[str]:
        """Give the names, which stand on lines of their own or between commas."""
        return [name.strip() for name in re.split(r"[\n,;]", self.names.data) if name.strip()]


def describe_permit(row: PermitRow) -> str:
    """Say in a line which permit this is."""
    place = f"{row.building}/{row.wing}" if row.wing else row.building
    words = (
        translate(PERMIT_KINDS[row.kind]),
        place,
        row.reference,
        translate(PERMIT_STATES[row.state].label),
    )
    return f"{row.code}: {', '.join(word for word in words if word)}"
