"""Forms of renovations: the list's filters, a renovation, its parts and its phases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.rollout.spoken_dates import SpokenDate
from wlantrack.services.outlines import read_corners, write_corners
from wlantrack.services.renovation_parts import PartValues, PhaseValues, write_days
from wlantrack.services.renovations import (
    CERTAINTY_WORDS,
    CLOSING_DAYS,
    KIND_WORDS,
    LENGTHS,
    NOISE_WORDS,
    STATE_WORDS,
    RenovationFilter,
    RenovationValues,
)
from wlantrack.web.forms import REQUIRED, OutlineField, VersionedForm, decimal_mark
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wlantrack.errors import Message
    from wlantrack.store.models.places import Building, Wing
    from wlantrack.store.models.renovations import RenovationPart, RenovationPhase
    from wlantrack.store.queries.places import BuildingName

DAYS_LENGTH = 120
OUTLINE_LENGTH = 60_000


def _choices(words: Mapping[str, Message]) -> list[tuple[str, str]]:
    return [(key, translate(word)) for key, word in words.items()]


def _states() -> list[tuple[str, str]]:
    return [(key, translate(word)) for key, (word, _) in STATE_WORDS.items()]


def _text(field: StringField) -> str:
    return (field.data or "").strip()


class DaysField(StringField):
    """A date in the words in which it is known, as people write it."""

    def process_data(self, value: object) -> None:
        """Write the record's date down."""
        super().process_data(write_days(value) if isinstance(value, SpokenDate) else value)


class FilterForm(ListFilter):
    """What the list of renovations is narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    kind = SelectField(_l("Kind"))
    state = SelectField(_l("State"))
    window = SelectField(_l("Walls"))
    certainty = SelectField(_l("Certainty"))

    def offer(self, buildings: Iterable[BuildingName]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        self.kind.choices = [everything, *_choices(KIND_WORDS)]
        self.state.choices = [everything, ("open", gettext("not over yet")), *_states()]
        self.certainty.choices = [everything, *_choices(CERTAINTY_WORDS)]
        self.window.choices = [
            everything,
            ("open", gettext("open today")),
            ("closing", gettext("close within %(days)d days", days=CLOSING_DAYS)),
        ]

    def narrow(self) -> RenovationFilter:
        """Give the filter that was entered."""
        return RenovationFilter(
            words=_text(self.q),
            building=self.building.data or "",
            kind=self.kind.data or "",
            state=self.state.data or "",
            certainty=self.certainty.data or "",
            window=self.window.data or "",
        )


class RenovationForm(VersionedForm):
    """What people edit about a renovation."""

    building = SelectField(_l("Building"))
    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=LENGTHS["name"])])
    kind = SelectField(_l("Kind"))
    state = SelectField(_l("State"))
    certainty = SelectField(_l("Certainty of its dates"))
    noise_class = SelectField(_l("Noise"))
    requirements_due_on = DateField(_l("Takes our requirements until"), [Optional()])
    owner = StringField(_l("Whose project it is"), [Length(max=LENGTHS["owner"])])
    contact = StringField(_l("Contact"), [Length(max=LENGTHS["contact"])])
    reference = StringField(_l("File reference"), [Length(max=LENGTHS["reference"])])
    code = StringField(_l("Code"), [Length(max=40)])
    note = StringField(_l("Note"), [Length(max=LENGTHS["note"])])

    def offer(self, buildings: Iterable[tuple[str, str]]) -> None:
        """Offer the buildings in which a renovation may be added, and the words."""
        self.building.choices = [(code, f"{code}: {name}") for code, name in buildings]
        self.kind.choices = _choices(KIND_WORDS)
        self.state.choices = _states()
        self.certainty.choices = _choices(CERTAINTY_WORDS)
        self.noise_class.choices = _choices(NOISE_WORDS)

    def values(self) -> RenovationValues:
        """Give what was entered as plain values."""
        return RenovationValues(
            building=self.building.data,
            name=_text(self.name),
            code=_text(self.code),
            kind=self.kind.data,
            state=self.state.data,
            certainty=self.certainty.data,
            noise_class=self.noise_class.data,
            requirements_due_on=self.requirements_due_on.data,
            owner=_text(self.owner),
            contact=_text(self.contact),
            reference=_text(self.reference),
            note=_text(self.note),
        )


class PartForm(VersionedForm):
    """Where walls are opened, and when they are closed again."""

    wing = SelectField(_l("Wing"))
    level = SelectField(_l("Floor"))
    name = StringField(_l("Name"), [Length(max=120)])
    opens = DaysField(_l("Walls open from"), [Length(max=DAYS_LENGTH)])
    closes = DaysField(_l("Walls closed on"), [Length(max=DAYS_LENGTH)])
    note = StringField(_l("Note"), [Length(max=500)])
    outline = OutlineField(_l("Outline"), [Length(max=OUTLINE_LENGTH)])

    def offer(self, building: Building, wings: Iterable[Wing]) -> None:
        """Offer the building's floors, and those of its wings that the reader may know of."""
        self.wing.choices = [("", gettext("all wings"))]
        self.wing.choices += [(wing.code, wing.name) for wing in wings]
        self.level.choices = [("", gettext("all floors"))]
        self.level.choices += [(str(floor.level), floor.name) for floor in building.floors]

    def show(self, part: RenovationPart) -> None:
        """Fill in what a column of the record cannot by itself."""
        self.show_current(
            {
                "wing": part.wing.code if part.wing else "",
                "level": str(part.floor.level) if part.floor else "",
                "opens": write_days(part.opens),
                "closes": write_days(part.closes),
                "outline": write_corners(part.outline, decimal_mark()),
            }
        )

    def values(self) -> PartValues:
        """Give what was entered as plain values."""
        return PartValues(
            wing=self.wing.data or "",
            level=int(self.level.data) if self.level.data else None,
            name=_text(self.name),
            opens=_text(self.opens),
            closes=_text(self.closes),
            outline=read_corners(self.outline.data or ""),
            note=_text(self.note),
        )


class PhaseForm(VersionedForm):
    """A stretch of a renovation, as its own schedule names it."""

    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=120)])
    begins = DaysField(_l("Begins"), [Length(max=DAYS_LENGTH)])
    ends = DaysField(_l("Ends"), [Length(max=DAYS_LENGTH)])
    noise_class = SelectField(_l("Noise"))
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self) -> None:
        """Offer the words for noise."""
        self.noise_class.choices = _choices(NOISE_WORDS)

    def show(self, phase: RenovationPhase) -> None:
        """Fill in what a column of the record cannot by itself."""
        self.show_current({"begins": write_days(phase.begins), "ends": write_days(phase.ends)})

    def values(self) -> PhaseValues:
        """Give what was entered as plain values."""
        return PhaseValues(
            name=_text(self.name),
            begins=_text(self.begins),
            ends=_text(self.ends),
            noise_class=self.noise_class.data,
            note=_text(self.note),
        )
