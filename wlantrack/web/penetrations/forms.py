"""Forms of penetrations: the list's filters, the record, the runs through it, a change of state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.rollout.lifecycle import PENETRATION_STATES
from wlantrack.services.cabling_places import PlaceValues
from wlantrack.services.penetrations import (
    PLAIN_FIELDS,
    PenetrationFilter,
    PenetrationValues,
    SealChange,
)
from wlantrack.web.cabling.forms import read_upload
from wlantrack.web.cabling.words import all_or
from wlantrack.web.forms import REQUIRED, NumberField, VersionedForm
from wlantrack.web.languages import local_today, translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.store.queries.places import BuildingName


class FilterForm(ListFilter):
    """What the list of penetrations is narrowed to."""

    q = StringField(_l("Words"))
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        words = ((state.key, translate(state.label)) for state in PENETRATION_STATES.values())
        self.state.choices = all_or(words)
        self.building.choices = all_or((row.code, row.name) for row in buildings)

    def narrow(self) -> PenetrationFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        level = (self.level.data or "").strip()
        return PenetrationFilter(
            words=(self.q.data or "").strip(),
            state=self.state.data or "",
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
        )


class PenetrationForm(VersionedForm):
    """What people edit about a penetration."""

    floor = SelectField(_l("Floor"), coerce=str)
    wing = StringField(_l("Wing"), [Length(max=16)])
    place = StringField(_l("Where it is"), [Length(max=160)])
    x_m = NumberField("x", [Optional()])
    y_m = NumberField("y", [Optional()])
    fire_rating = StringField(_l("Fire rating"), [Length(max=20)])
    seal = StringField(_l("Seal"), [Length(max=120)])
    approval = StringField(_l("Approval of the seal"), [Length(max=120)])
    firm = StringField(_l("Firm"), [Length(max=120)])
    code = StringField(_l("Code"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, floors: list[tuple[str, str]]) -> None:
        """Offer the floors of buildings in scope: reference and words."""
        self.floor.choices = floors

    def fill(self, values: PenetrationValues, version: int) -> None:
        """Show a penetration's values."""
        standing = {
            name: getattr(values.standing, name) for name in ("floor", "wing", "x_m", "y_m")
        }
        plain = {name: getattr(values, name) for name in (*PLAIN_FIELDS, "code")}
        self.show_current(standing | plain, version)

    def values(self) -> PenetrationValues:
        """Give what was entered as plain values."""
        standing = PlaceValues(
            self.floor.data, (self.wing.data or "").strip(), "", self.x_m.data, self.y_m.data
        )
        texts = {name: (self[name].data or "").strip() for name in (*PLAIN_FIELDS, "code")}
        return PenetrationValues(standing, **texts)


class SealForm(VersionedForm):
    """A change of state with its evidence; only the fields that it needs are shown."""

    target = HiddenField(validators=[InputRequired(REQUIRED)])
    done_on = DateField(_l("Done on"), [InputRequired(REQUIRED)])
    approval = StringField(_l("Approval of the seal"), [Length(max=120)])
    firm = StringField(_l("Firm"), [Length(max=120)])
    reason = StringField(_l("Reason"), [Length(max=200)])
    photo = FileField(_l("Photo"))

    def change(self) -> SealChange:
        """Give what was entered as plain values."""
        return SealChange(
            str(self.target.data),
            self.done_on.data,
            local_today(),
            self.reason.data or "",
            self.approval.data or "",
            self.firm.data or "",
            read_upload(self.photo),
        )
