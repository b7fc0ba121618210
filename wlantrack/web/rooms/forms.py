"""Forms of rooms: the list's filters, and what people edit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.outlines import read_corners, write_corners
from wlantrack.services.rooms import RoomFilter, RoomValues
from wlantrack.web.demand_words import choices_of, conference_words, use_words, yes_no_choices
from wlantrack.web.forms import REQUIRED, OutlineField, VersionedForm, decimal_mark
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.store.models.places import Room, Wing
    from wlantrack.store.queries.places import BuildingName

OUTLINE_LENGTH = 60_000


class FilterForm(ListFilter):
    """What the list of rooms is narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))
    use = SelectField(_l("Use"))
    conference = SelectField(_l("Conference equipment"))
    public = SelectField(_l("Open to the public"))
    secure = SelectField(_l("Secure area"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = gettext("all")
        self.building.choices = [("", everything), *((row.code, row.name) for row in buildings)]
        self.use.choices = choices_of(use_words(), everything)
        self.conference.choices = [
            ("", everything),
            ("any", gettext("there or on its way")),
            *conference_words().items(),
        ]
        self.public.choices = self.secure.choices = yes_no_choices()

    def narrow(self) -> RoomFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        level = (self.level.data or "").strip()
        return RoomFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
            use=self.use.data or "",
            conference=self.conference.data or "",
            public=self.public.data or "",
            secure=self.secure.data or "",
        )


class RoomForm(VersionedForm):
    """What people edit about a room."""

    number = StringField(_l("Number"), [InputRequired(REQUIRED), Length(max=30)])
    name = StringField(_l("Name"), [Length(max=120)])
    wing = SelectField(_l("Wing"))
    use = SelectField(_l("Use"))
    seats = IntegerField(_l("Seats"), [Optional()])
    conference_equipment = SelectField(_l("Conference equipment"))
    is_public = BooleanField(_l("Open to the public"))
    is_secure = BooleanField(_l("Secure area"))
    note = StringField(_l("Note"), [Length(max=500)])
    outline = OutlineField(_l("Outline"), [Length(max=OUTLINE_LENGTH)])

    def offer(self, wings: list[Wing]) -> None:
        """Offer the building's wings and the words for uses and equipment."""
        self.wing.choices = [("", gettext("no wing")), *((w.code, w.name) for w in wings)]
        self.use.choices = choices_of(use_words())
        self.conference_equipment.choices = choices_of(conference_words())

    def show(self, room: Room) -> None:
        """Fill in what a column of the record cannot by itself."""
        self.set_current("wing", room.wing.code if room.wing else "")
        self.set_current("outline", write_corners(room.outline, decimal_mark()))

    def values(self) -> RoomValues:
        """Give what was entered as plain values."""
        return RoomValues(
            number=self.number.data.strip(),
            name=self.name.data or "",
            wing=self.wing.data or "",
            use=self.use.data,
            seats=self.seats.data,
            conference_equipment=self.conference_equipment.data,
            is_public=self.is_public.data,
            is_secure=self.is_secure.data,
            outline=read_corners(self.outline.data or ""),
            note=self.note.data or "",
        )
