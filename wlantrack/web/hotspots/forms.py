"""Forms of public hotspots: filter, what the public is told, publishing with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from wlantrack.services.hotspots import LENGTHS, STATE_WORDS, HotspotFilter, HotspotValues
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable


def _text(field: StringField) -> str:
    return (field.data or "").strip()


class HotspotFilterForm(ListFilter):
    """What the list is narrowed to."""

    q = StringField(_l("Words"))
    building = StringField(_l("Building"))
    state = SelectField(_l("State"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        states = [(key, translate(word)) for key, word in STATE_WORDS.items()]
        self.state.choices = [("", gettext("all")), *states]

    def narrow(self) -> HotspotFilter:
        """Give the filter that was entered."""
        return HotspotFilter(_text(self.q), _text(self.building), self.state.data or "")


class HotspotForm(VersionedForm):
    """What people edit about a hotspot."""

    where = SelectField(_l("Where it is on air"))
    ssid = SelectField(_l("Network"))
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=LENGTHS["name"])])
    address = StringField(_l("Address"), [InputRequired(REQUIRED), Length(max=LENGTHS["address"])])
    place = StringField(_l("Where in the house"), [Length(max=LENGTHS["place"])])
    opening_hours = StringField(_l("Opening hours"), [Length(max=LENGTHS["opening_hours"])])
    latitude_deg = NumberField(_l("Latitude"))
    longitude_deg = NumberField(_l("Longitude"))
    code = StringField(_l("Code"), [Length(max=LENGTHS["code"])])
    note = StringField(_l("Note"), [Length(max=LENGTHS["note"])])

    def offer(
        self, places: Iterable[tuple[str, str]], ssids: Iterable[tuple[str, str]], *kept: str
    ) -> None:
        """Offer places and networks; what the record has stays offered.

        Parameters
        ----------
        kept
            Place and SSID that the record has now.
        """
        self.where.choices = _offer(places, kept[:1])
        self.ssid.choices = _offer(ssids, kept[1:])

    def values(self) -> HotspotValues:
        """Give what was entered as plain values."""
        return HotspotValues(
            where=self.where.data,
            ssid=self.ssid.data,
            name=_text(self.name),
            address=_text(self.address),
            code=_text(self.code),
            place=_text(self.place),
            opening_hours=_text(self.opening_hours),
            latitude_deg=self.latitude_deg.data,
            longitude_deg=self.longitude_deg.data,
            note=_text(self.note),
        )


def _offer(found: Iterable[tuple[str, str]], kept: tuple[str, ...]) -> list[tuple[str, str]]:
    choices = [(code, f"{code}: {name}") for code, name in found]
    known = {code for code, _ in choices}
    return choices + [(code, code) for code in kept if code and code not in known]


class PlaceForm(ListFilter):
    """Where a new hotspot shall be; sent by GET."""

    where = SelectField(_l("Where it is on air"))


class PublishForm(VersionedForm):
    """Why a hotspot is published, or taken off the page."""

    reason = TextAreaField(_l("Reason"), [InputRequired(REQUIRED), Length(max=200)])


class ManyForm(EntryForm):
    """Why many hotspots are published, or taken off the page."""

    reason = TextAreaField(_l("Reason"), [InputRequired(REQUIRED), Length(max=200)])
