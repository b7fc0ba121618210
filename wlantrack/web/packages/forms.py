"""Forms of work packages: the list's filters, and one package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.rollout.packages import KIND_WORDS, STATE_WORDS
from wlantrack.rollout.spoken_dates import LONGEST_WORDING
from wlantrack.services.package_edits import LENGTHS, PackageValues
from wlantrack.services.packages import PackageFilter
from wlantrack.services.renovations import NOISE_WORDS
from wlantrack.web.forms import REQUIRED
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter
from wlantrack.web.permits.forms import SpokenFields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.store.queries.places import BuildingName

    Choices = Iterable[tuple[str, str]]

_TEXTS = ("name", "code", "milestone", "renovation", "responsible", "undated_reason", "note")
_DAYS = ("not_before", "planned_start", "planned_finish", "started_on", "finished_on")


def kind_choices() -> list[tuple[str, str]]:
    """Give the kinds of packages in the order in which work is done."""
    return [(key, translate(word)) for key, word in KIND_WORDS.items()]


class PackageFilterForm(ListFilter):
    """What the list of work packages is narrowed to."""

    q = StringField(_l("Words"))
    state = SelectField(_l("State"))
    kind = SelectField(_l("Kind"))
    crew = SelectField(_l("Crew"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))

    def offer(self, buildings: Iterable[BuildingName], crews: Choices) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.state.choices = [
            everything,
            ("ahead", gettext("planned or running")),
            ("late", gettext("later than due")),
            ("conflict", gettext("something speaks against it")),
            *((key, translate(word)) for key, (word, _) in STATE_WORDS.items()),
        ]
        self.kind.choices = [everything, *kind_choices()]
        self.crew.choices = [everything, *crews]
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]

    def narrow(self) -> PackageFilter:
        """Give the filter that was entered."""
        return PackageFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            kind=self.kind.data or "",
            state=self.state.data or "",
            crew=self.crew.data or "",
        )


class PackageForm(SpokenFields):
    """What people edit about a work package."""

    where = SelectField(_l("Where"), [InputRequired(REQUIRED)])
    floor = IntegerField(_l("Floor"), [Optional()])
    kind = SelectField(_l("Kind"))
    name = StringField(_l("Name"), [Length(max=120)])
    code = StringField(_l("Code"), [Length(max=60)])
    duration_days = IntegerField(_l("Net duration"), [Optional()])
    noise_class = SelectField(_l("How loud"))
    is_waiting = BooleanField(_l("Waiting for others, in calendar days and without crew"))
    crew = SelectField(_l("Crew"))
    priority = IntegerField(_l("Priority"), [InputRequired(REQUIRED)], default=3)
    responsible = StringField(_l("Responsible"), [Length(max=120)])
    milestone = StringField(_l("Feeds milestone"), [Length(max=60)])
    renovation = StringField(_l("Uses the walls of renovation"), [Length(max=60)])
    not_before = DateField(_l("May begin on"), [Optional()])
    due = StringField(_l("Due"), [Length(max=LONGEST_WORDING)])
    due_earliest = DateField(_l("Due, first day"), [Optional()])
    due_latest = DateField(_l("Due, last day"), [Optional()])
    planned_start = DateField(_l("Planned first day"), [Optional()])
    planned_finish = DateField(_l("Planned last day"), [Optional()])
    is_pinned = BooleanField(_l("Pinned: no schedule moves these days"))
    started_on = DateField(_l("Work begun on"), [Optional()])
    finished_on = DateField(_l("Finished on"), [Optional()])
    is_dropped = BooleanField(_l("Dropped: it will not be done"))
    undated_reason = StringField(
        _l("Why no day can be given"), [Length(max=LENGTHS["undated_reason"])]
    )
    note = TextAreaField(_l("Note"), [Length(max=LENGTHS["note"])])

    def offer(self, places: Choices, crews: Choices, kept: str = "") -> None:
        """Offer places, kinds and crews; the place that the record has stays offered."""
        self.where.choices = list(places) if kept else [("", gettext("choose")), *places]
        if kept and kept not in {key for key, _ in self.where.choices}:
            self.where.choices.append((kept, kept))
        self.kind.choices = kind_choices()
        self.crew.choices = [("", gettext("none yet")), *crews]
        words = [(key, translate(word)) for key, word in NOISE_WORDS.items()]
        self.noise_class.choices = [("", gettext("as usual for this kind")), *words]

    def fill(self, values: PackageValues, version: int | None = None) -> None:
        """Show a package's values."""
        plain = {key: value for key, value in vars(values).items() if key != "due"}
        self.show_current(plain, version)
        self.show_date("due", values.due)

    def values(self) -> PackageValues:
        """Give what was entered as plain values."""
        plain: dict[str, Any] = {name: (self[name].data or "").strip() for name in _TEXTS}
        plain |= {name: self[name].data for name in _DAYS}
        plain |= {name: bool(self[name].data) for name in ("is_waiting", "is_pinned", "is_dropped")}
        return PackageValues(
            where=self.where.data or "",
            kind=self.kind.data or "",
            floor=self.floor.data,
            crew=self.crew.data or "",
            duration_days=self.duration_days.data,
            noise_class=self.noise_class.data or "",
            priority=self.priority.data or 0,
            due=self.read_date("due"),
            **plain,
        )
