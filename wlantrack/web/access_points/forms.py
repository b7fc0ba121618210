"""Forms of access points: the record, its radios, a change of state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.networks.plan import HARDENING_ITEMS
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.services.access_points import AccessPointFilter, AttestedValues, RadioValues
from wlantrack.services.attestations import Attestation, read_bssids
from wlantrack.services.places import parse_uuid
from wlantrack.web.floors.words import band_label, mount_choices
from wlantrack.web.forms import (
    REQUIRED,
    EntryForm,
    MaybeField,
    NumberField,
    PageForm,
    VersionedForm,
    number_of,
)
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.store.models.access_points import AccessPoint, AccessPointModel
    from wlantrack.store.queries.places import BuildingName
WIDTHS = {"2.4": (20, 40), "5": (20, 40, 80, 160), "6": (20, 40, 80, 160, 320)}


def state_choices() -> list[tuple[str, str]]:
    """Give the states of access points in their order."""
    return [(state.key, translate(state.label)) for state in ACCESS_POINT_STATES.values()]


class FilterForm(ListFilter):
    """What the list of access points is narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))
    state = SelectField(_l("State"))
    model = SelectField(_l("Model"))
    outdoor = SelectField(_l("Outdoor"))
    public = SelectField(_l("In a public area"))

    def offer(self, buildings: list[BuildingName], models: list[AccessPointModel]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        self.state.choices = [everything, *state_choices()]
        self.outdoor.choices = self.public.choices = [
            everything,
            ("yes", gettext("yes")),
            ("no", gettext("no")),
        ]
        self.model.choices = [everything, *((model.code, gettext(model.name)) for model in models)]

    def narrow(self) -> AccessPointFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        level = (self.level.data or "").strip()
        return AccessPointFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
            state=self.state.data or "",
            model=self.model.data or "",
            outdoor=self.outdoor.data or "",
            public=self.public.data or "",
        )


class AttestationForm(PageForm):
    """What is attested of an access point; every item of the checklist is a field."""

    has_theft_protection = MaybeField(_l("Theft protection"))
    ip_class = StringField(_l("IP class of the housing"), [Length(max=10)])
    has_surge_protection = MaybeField(_l("Surge protection"))
    measured_on = DateField(_l("Coverage measured on"), [Optional()])
    link_tested_on = DateField(_l("Link tested on"), [Optional()])
    purchased_on = DateField(_l("Bought on"), [Optional()])
    has_red_declaration = MaybeField(_l("Declaration after RED 3(3) d to f"))
    used_until = DateField(_l("To be used until"), [Optional()])
    revoked_on = DateField(_l("Keys and certificates revoked on"), [Optional()])
    bssids = TextAreaField(_l("BSSIDs"), [Length(max=1_300)])
    hardening_0 = MaybeField(_l("Credentials changed"))
    hardening_1 = MaybeField(_l("Default names removed"))
    hardening_2 = MaybeField(_l("Firmware current"))
    hardening_3 = MaybeField(_l("Management encrypted"))
    hardening_4 = MaybeField(_l("Unused services off"))
    hardening_5 = MaybeField(_l("Console closed"))

    @property
    def checklist(self) -> list[MaybeField]:
        """Give the fields of the hardening checklist, in its order."""
        return [self[f"hardening_{number}"] for number in range(len(HARDENING_ITEMS))]

    def show(self, values: Attestation) -> None:
        """Begin with what is attested now."""
        lines = "\n".join(values.bssids or ())
        self.bssids.object_data = lines
        if not self.is_submitted():
            self.bssids.data = lines
        for item, field in zip(HARDENING_ITEMS, self.checklist, strict=True):
            sent = field.data
            field.process_data(values.hardening.get(item))
            if self.is_submitted():
                field.data = sent

    def values(self) -> Attestation:
        """Give what was entered as plain values.

        Raises
        ------
        InvalidInput
            One of the addresses is none.
        """
        answers = ("has_theft_protection", "has_surge_protection", "has_red_declaration")
        days = ("measured_on", "link_tested_on", "purchased_on", "used_until", "revoked_on")
        return Attestation(
            ip_class=(self.ip_class.data or "").strip(),
            hardening={
                item: field.answer
                for item, field in zip(HARDENING_ITEMS, self.checklist, strict=True)
                if field.answer is not None
            },
            bssids=read_bssids(self.bssids.data or ""),
            **{name: self[name].answer for name in answers},
            **{name: self[name].data for name in days},
        )


class AccessPointForm(VersionedForm):
    """What people edit about an access point, with one radio a band."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=60)])
    model = SelectField(_l("Model"), coerce=str)
    x_m = NumberField("x", [InputRequired(REQUIRED)])
    y_m = NumberField("y", [InputRequired(REQUIRED)])
    height_m = NumberField(_l("Mounting height"), [InputRequired(REQUIRED)])
    mount = SelectField(_l("Mounting"), coerce=str)
    azimuth_deg = NumberField(_l("Azimuth"), [Optional()])
    downtilt_deg = NumberField(_l("Downtilt"), [Optional()])
    is_outdoor = BooleanField(_l("Outdoor"))
    is_public = BooleanField(_l("In a public area"))
    serial = StringField(_l("Serial number"), [Length(max=60)])
    mac = StringField(_l("MAC address"), [Length(max=20)])
    legacy_id = StringField(_l("Former id"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, models: list[AccessPointModel]) -> None:
        """Offer models and ways to mount."""
        self.model.choices = [(str(m.public_id), gettext(m.name)) for m in models]
        self.mount.choices = [(choice["key"], choice["label"]) for choice in mount_choices()]

    def values(self, attestation: Attestation) -> AttestedValues:
        """Give what was entered as plain values."""
        model = parse_uuid(self.model.data)
        assert model is not None  # noqa: S101 - the choices are ids
        plain = {
            name: getattr(self, name).data or ""
            for name in ("code", "serial", "mac", "legacy_id", "note")
        }
        return AttestedValues(
            number_of(self.x_m),
            number_of(self.y_m),
            model,
            height_m=number_of(self.height_m),
            mount=self.mount.data,
            azimuth_deg=self.azimuth_deg.data or 0.0,
            downtilt_deg=self.downtilt_deg.data or 0.0,
            is_outdoor=self.is_outdoor.data,
            is_public=self.is_public.data,
            attestation=attestation,
            **plain,
        )


class RadioForm(PageForm):
    """One radio: on or off, channel and power automatic when empty."""

    is_enabled = BooleanField(_l("On"))
    channel = IntegerField(_l("Channel"), [Optional()])
    width_mhz = SelectField(_l("Width"), coerce=int)
    power_dbm = NumberField(_l("Transmit power"), [Optional()])

    def values(self, band: str) -> RadioValues:
        """Give what was entered as plain values."""
        return RadioValues(
            band,
            self.channel.data,
            self.width_mhz.data,
            self.power_dbm.data,
            self.is_enabled.data,
        )


def radio_forms(point: AccessPoint) -> list[tuple[str, RadioForm]]:
    """Make one form for each radio an access point has, in order of its slots."""
    forms = []
    for radio in point.radios:
        form = RadioForm(obj=radio, prefix=f"radio{radio.slot}-")
        form.width_mhz.choices = [(width, f"{width} MHz") for width in WIDTHS[radio.band]]
        forms.append((radio.band, form))
    return forms


def list_errors(parts: list[tuple[str, PageForm]]) -> list[str]:
    """Check each part of the page's form and give what is wrong, named by part and field."""
    return [
        f"{title}, {field.label.text}: {' '.join(field.errors)}"
        for title, form in parts
        if not form.validate()
        for field in form
        if field.errors
    ]


def radio_title(band: str) -> str:
    """Give the heading of a radio's part of the form."""
    return str(gettext("Radio %(band)s", band=band_label(band)))


class StateForm(VersionedForm):
    """A change of state with its evidence."""

    # Whether it can be reached is told by the service, which knows who changed the state meanwhile.
    target = SelectField(_l("New state"), coerce=str, validate_choice=False)
    serial = StringField(_l("Serial number"), [Length(max=60)])
    reason = StringField(_l("Reason"), [Length(max=500)])


class BulkStateForm(EntryForm):
    """A change of many access points' state."""

    target = HiddenField(validators=[InputRequired(REQUIRED)])
    reason = StringField(_l("Reason"), [Length(max=500)])


class BulkTargetForm(EntryForm):
    """To which state many access points shall go."""

    target = SelectField(_l("New state"), coerce=str, validate_choice=False)


class InstalledForm(VersionedForm):
    """Where an access point really hangs."""

    installed_x_m = NumberField("x", [InputRequired(REQUIRED)])
    installed_y_m = NumberField("y", [InputRequired(REQUIRED)])
