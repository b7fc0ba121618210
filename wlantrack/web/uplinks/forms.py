"""Forms of uplinks and of what was measured on them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateTimeLocalField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wlantrack.services.uplinks import UplinkValues
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm, number_of
from wlantrack.web.languages import select_timezone

if TYPE_CHECKING:
    from datetime import datetime


def class_word(key: str | None) -> str:
    """Give the word for an uplink's network class."""
    words: dict[str | None, str] = {
        None: gettext("not named"),
        "visitor": gettext("Visitor WLAN"),
        "internal": gettext("LHS WLAN"),
        "management": gettext("Management"),
        "building": gettext("Building services"),
        "critical": gettext("Critical infrastructure"),
    }
    return words[key]


class UplinkForm(VersionedForm):
    """What people edit about an uplink."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    network_class = SelectField(_l("Network"))
    provider = StringField(_l("Provider"), [Length(max=120)])
    down_mbit = NumberField(_l("Download"), [InputRequired(REQUIRED)])
    up_mbit = NumberField(_l("Upload"), [InputRequired(REQUIRED)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, classes: tuple[str | None, ...]) -> None:
        """Fill in the network classes that the person may know of."""
        self.network_class.choices = [(key or "", class_word(key)) for key in classes]

    def values(self) -> UplinkValues:
        """Give what was entered as plain values."""
        return UplinkValues(
            code=self.code.data.strip(),
            down_mbit=number_of(self.down_mbit),
            up_mbit=number_of(self.up_mbit),
            provider=(self.provider.data or "").strip(),
            network_class=self.network_class.data or None,
            note=(self.note.data or "").strip(),
        )


class LoadForm(EntryForm):
    """What was measured at one moment."""

    measured_at = DateTimeLocalField(_l("Measured at"), [InputRequired(REQUIRED)])
    down_mbit = NumberField(_l("Download"), [InputRequired(REQUIRED)])
    up_mbit = NumberField(_l("Upload"), [InputRequired(REQUIRED)])

    def moment(self) -> datetime:
        """Give the moment, entered in the installation's time zone."""
        local: datetime = self.measured_at.data
        return local.replace(tzinfo=ZoneInfo(select_timezone())).astimezone(UTC)
