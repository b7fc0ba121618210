"""Forms of demand: zones, clutter, room groups, requirements and client profiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.clutter import ClutterValues
from wlantrack.services.outlines import read_corners, write_corners
from wlantrack.services.places import parse_uuid
from wlantrack.services.requirements import ProfileValues, RequirementValues
from wlantrack.services.room_groups import GroupFilter, GroupValues
from wlantrack.services.zones import ZoneValues
from wlantrack.web.demand_words import network_words, use_words
from wlantrack.web.floors.words import band_choices
from wlantrack.web.forms import REQUIRED, OutlineField, VersionedForm, decimal_mark, number_of
from wlantrack.web.forms import NumberField as Number
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from wlantrack.store.models.demand import (
        ClientProfile,
        ClutterZone,
        Requirement,
        RoomGroup,
        Zone,
    )
    from wlantrack.store.models.places import Room, Wing
    from wlantrack.store.queries.places import BuildingName

OUTLINE_LENGTH = 60_000


class ZoneForm(VersionedForm):
    """What people edit about a zone."""

    name = StringField(_l("Name"), [Length(max=120)])
    code = StringField(_l("Code"), [Length(max=40)])
    network_class = SelectField(_l("Network"))
    requirement = SelectField(_l("Requirement"))
    client_profile = SelectField(_l("Device"))
    band = SelectField(_l("Band"))
    wing = SelectField(_l("Wing"))
    shape = RadioField(
        _l("Where it holds"),
        choices=[
            SelectChoice("rooms", _l("In all rooms of one use")),
            SelectChoice("outline", _l("In an area drawn on the plan")),
        ],
        default="rooms",
    )
    room_use = SelectField(_l("Use of the rooms"))
    outline = OutlineField(_l("Outline"), [Length(max=OUTLINE_LENGTH)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(
        self,
        classes: Iterable[str],
        catalogue: tuple[Sequence[Requirement], Sequence[ClientProfile]],
        wings: Sequence[Wing],
        uses: Mapping[str, int],
    ) -> None:
        """Offer network classes, the catalogue, wings, and uses with their number of rooms."""
        networks, words = network_words(), use_words()
        requirements, profiles = catalogue
        self.network_class.choices = [(key, networks[key]) for key in classes]
        self.requirement.choices = [(r.code, gettext(r.name)) for r in requirements]
        survey = gettext("survey receiver (as predicted)")
        self.client_profile.choices = [("", survey), *((p.code, gettext(p.name)) for p in profiles)]
        self.band.choices = [(choice["key"], choice["label"]) for choice in band_choices()]
        self.wing.choices = [("", gettext("all wings")), *((w.code, w.name) for w in wings)]
        self.room_use.choices = [
            (use, gettext("%(use)s (%(count)d on this floor)", use=word, count=uses.get(use, 0)))
            for use, word in words.items()
        ]

    def show(self, zone: Zone) -> None:
        """Fill in what a column of the record cannot by itself."""
        profile, wing = zone.client_profile, zone.wing
        self.show_current(
            {
                "requirement": zone.requirement.code,
                "client_profile": profile.code if profile else "",
                "wing": wing.code if wing else "",
                "shape": "outline" if zone.room_use is None else "rooms",
                "outline": write_corners(zone.outline, decimal_mark()),
            }
        )

    def values(self) -> ZoneValues:
        """Give what was entered as plain values; only the chosen shape counts."""
        is_drawn = self.shape.data == "outline"
        return ZoneValues(
            name=self.name.data or "",
            network_class=self.network_class.data,
            requirement=self.requirement.data,
            code=(self.code.data or "").strip(),
            wing=self.wing.data or "",
            outline=read_corners(self.outline.data or "") if is_drawn else None,
            room_use="" if is_drawn else self.room_use.data,
            band=self.band.data,
            client_profile=self.client_profile.data or "",
            note=self.note.data or "",
        )


class ClutterForm(VersionedForm):
    """What people edit about clutter."""

    name = StringField(_l("Name"), [Length(max=120)])
    db_per_m_24 = Number(_l("Loss at 2.4 GHz"), [InputRequired(REQUIRED)], default=0.5)
    db_per_m_5 = Number(_l("Loss at 5 GHz"), [InputRequired(REQUIRED)], default=0.9)
    db_per_m_6 = Number(_l("Loss at 6 GHz"), [InputRequired(REQUIRED)], default=1.0)
    bottom_m = Number(_l("Bottom above the floor"), [InputRequired(REQUIRED)], default=0.0)
    top_m = Number(_l("Top above the floor"), [InputRequired(REQUIRED)], default=2.0)
    source = StringField(_l("Source of the numbers"), [Length(max=120)])
    outline = OutlineField(_l("Outline"), [InputRequired(REQUIRED), Length(max=OUTLINE_LENGTH)])

    def show(self, zone: ClutterZone) -> None:
        """Fill in what a column of the record cannot by itself."""
        self.set_current("outline", write_corners(zone.outline, decimal_mark()))

    def values(self) -> ClutterValues:
        """Give what was entered as plain values."""
        names = ("db_per_m_24", "db_per_m_5", "db_per_m_6", "bottom_m", "top_m")
        numbers = {name: number_of(getattr(self, name)) for name in names}
        return ClutterValues(
            read_corners(self.outline.data or ""),
            name=self.name.data or "",
            source=self.source.data or "",
            **numbers,
        )


class GroupFilterForm(ListFilter):
    """What the list of room groups is narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer the buildings in scope."""
        self.building.choices = [("", gettext("all")), *((row.code, row.name) for row in buildings)]

    def narrow(self) -> GroupFilter:
        """Give the filter that was entered."""
        return GroupFilter((self.q.data or "").strip(), self.building.data or "")


class GroupForm(VersionedForm):
    """What people edit about a room group, and which rooms it holds."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    note = StringField(_l("Note"), [Length(max=500)])
    rooms = SelectMultipleField(_l("Rooms"))

    def offer(self, candidates: Sequence[Room]) -> None:
        """Offer the building's rooms by floor, each with its number, name and wing."""
        by_floor: dict[str, list[tuple[str, str]]] = {}
        for room in candidates:
            wing = f" ({room.wing.code})" if room.wing else ""
            label = f"{room.number} {room.name}{wing}"
            by_floor.setdefault(room.floor.name, []).append((str(room.public_id), label))
        self.rooms.choices = by_floor

    def show(self, group: RoomGroup) -> None:
        """Mark the rooms that the group holds."""
        self.set_current("rooms", sorted(str(member.room.public_id) for member in group.members))

    def values(self) -> GroupValues:
        """Give what was entered as plain values."""
        ids = (parse_uuid(ref) for ref in self.rooms.data or [])
        return GroupValues(
            self.code.data.strip(),
            self.name.data.strip(),
            self.note.data or "",
            frozenset(ref for ref in ids if ref is not None),
        )


class RequirementForm(VersionedForm):
    """What people edit about a requirement; an empty limit asks for nothing."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    signal_dbm = Number(_l("Signal"), [Optional()])
    secondary_dbm = Number(_l("Signal of the second access point"), [Optional()])
    snr_db = Number(_l("Signal-to-noise ratio"), [Optional()])
    data_rate_mbit = Number(_l("Data rate"), [Optional()])
    access_point_count = IntegerField(_l("Number of access points"), [Optional()])
    access_point_dbm = Number(_l("Each with a signal of"), [Optional()])
    overlap_max = IntegerField(_l("Others on an overlapping channel, at most"), [Optional()])
    pass_percent = Number(_l("Share of the area that has to meet it"), [InputRequired(REQUIRED)])
    note = StringField(_l("Source or note"), [Length(max=500)])

    LIMITS = (
        "signal_dbm",
        "secondary_dbm",
        "snr_db",
        "data_rate_mbit",
        "access_point_count",
        "access_point_dbm",
        "overlap_max",
    )

    def show(self, requirement: Requirement | None) -> None:
        """Fill in the share as a percentage."""
        share = 95.0 if requirement is None else 100 * requirement.pass_share
        self.set_current("pass_percent", share)

    def values(self) -> RequirementValues:
        """Give what was entered as plain values."""
        limits: dict[str, Any] = {name: getattr(self, name).data for name in self.LIMITS}
        return RequirementValues(
            self.code.data.strip(),
            self.name.data.strip(),
            pass_share=number_of(self.pass_percent) / 100,
            note=self.note.data or "",
            **limits,
        )


class ProfileForm(VersionedForm):
    """What people edit about a client profile."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=40)])
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    has_24 = BooleanField(_l("Has 2.4 GHz"), default=True)
    offset_24_db = Number(_l("Hears less at 2.4 GHz by"), [InputRequired(REQUIRED)], default=0.0)
    has_5 = BooleanField(_l("Has 5 GHz"), default=True)
    offset_5_db = Number(_l("Hears less at 5 GHz by"), [InputRequired(REQUIRED)], default=0.0)
    has_6 = BooleanField(_l("Has 6 GHz"))
    offset_6_db = Number(_l("Hears less at 6 GHz by"), [InputRequired(REQUIRED)], default=0.0)
    transmit_power_dbm = Number(_l("Transmit power"), [InputRequired(REQUIRED)], default=14.0)
    streams = IntegerField(_l("Streams"), [InputRequired(REQUIRED)], default=2)
    note = StringField(_l("Source or note"), [Length(max=500)])

    NUMBERS = ("offset_24_db", "offset_5_db", "offset_6_db", "transmit_power_dbm")
    PLAIN = ("has_24", "has_5", "has_6", "streams")

    def values(self) -> ProfileValues:
        """Give what was entered as plain values."""
        numbers: dict[str, Any] = {name: number_of(getattr(self, name)) for name in self.NUMBERS}
        plain: dict[str, Any] = {name: getattr(self, name).data for name in self.PLAIN}
        return ProfileValues(
            self.code.data.strip(),
            self.name.data.strip(),
            note=self.note.data or "",
            **numbers,
            **plain,
        )
