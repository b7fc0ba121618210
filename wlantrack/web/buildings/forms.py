"""Forms of buildings, wings and floors."""

from __future__ import annotations

import re

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from wlantrack.services.places import BuildingFilter, BuildingValues, FloorValues
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm, number_of
from wlantrack.web.lists import ListFilter


class BuildingFilterForm(ListFilter):
    """What the list of buildings is narrowed to."""

    q = StringField(_l("Words"))
    public = SelectField(_l("Open to the public"))
    listed = SelectField(_l("Listed building"))
    priority = SelectField(_l("Priority"))

    def offer(self) -> None:
        """Offer the choices, each list beginning with all."""
        everything = ("", gettext("all"))
        yes_or_no = [everything, ("yes", gettext("yes")), ("no", gettext("no"))]
        self.public.choices = self.listed.choices = yes_or_no
        self.priority.choices = [everything, *((str(n), str(n)) for n in range(1, 6))]

    def narrow(self) -> BuildingFilter:
        """Give the filter that was entered; a priority that is no number narrows nothing."""
        priority = self.priority.data or ""
        return BuildingFilter(
            words=(self.q.data or "").strip(),
            public=self.public.data or "",
            listed=self.listed.data or "",
            priority=int(priority) if re.fullmatch("[1-9]", priority) else None,
        )


class BuildingForm(VersionedForm):
    """What people edit about a building."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=16)])
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    address = StringField(_l("Address"), [Length(max=200)])
    is_public = BooleanField(_l("Open to the public"))
    is_listed = BooleanField(_l("Listed building"))
    begun_on = DateField(_l("Begun on"), [Optional()])
    priority = SelectField(
        _l("Priority"),
        choices=[SelectChoice(number, str(number)) for number in range(1, 6)],
        coerce=int,
        default=3,
    )
    priority_reason = StringField(_l("Reason of the priority"), [Length(max=200)])
    opening_hours = StringField(_l("Opening hours"), [Length(max=200)])
    origin_easting_m = NumberField(_l("Easting of the origin"), [Optional()])
    origin_northing_m = NumberField(_l("Northing of the origin"), [Optional()])
    rotation_deg = NumberField(_l("Rotation"), [Optional(), NumberRange(-360, 360)], default=0.0)

    audited_on = DateField(_l("Networks audited on"), [Optional()])
    rogue_scanned_on = DateField(_l("Searched for foreign access points on"), [Optional()])
    tamper_checked_on = DateField(_l("Checked for tampering on"), [Optional()])

    def values(self) -> BuildingValues:
        """Give what was entered as plain values."""
        return BuildingValues(
            name=self.name.data.strip(),
            address=(self.address.data or "").strip(),
            is_public=self.is_public.data,
            is_listed=self.is_listed.data,
            begun_on=self.begun_on.data,
            priority=self.priority.data,
            priority_reason=(self.priority_reason.data or "").strip(),
            opening_hours=(self.opening_hours.data or "").strip(),
            origin_easting_m=self.origin_easting_m.data,
            origin_northing_m=self.origin_northing_m.data,
            rotation_deg=self.rotation_deg.data or 0.0,
            audited_on=self.audited_on.data,
            rogue_scanned_on=self.rogue_scanned_on.data,
            tamper_checked_on=self.tamper_checked_on.data,
        )


class WingForm(EntryForm):
    """A new wing."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=16)])
    name = StringField(_l("Name"), [Length(max=120)])


class FloorForm(VersionedForm):
    """A floor; its level cannot change later."""

    level = IntegerField(_l("Level"), [InputRequired(REQUIRED), NumberRange(-9, 99)])
    name = StringField(_l("Name"), [Length(max=120)])
    height_m = NumberField(_l("Height from floor to floor"), [InputRequired(REQUIRED)], default=3.0)
    elevation_m = NumberField(_l("Elevation above the building's zero"), [Optional()])

    def values(self) -> FloorValues:
        """Give what was entered as plain values."""
        return FloorValues(
            (self.name.data or "").strip(), number_of(self.height_m), self.elevation_m.data
        )
