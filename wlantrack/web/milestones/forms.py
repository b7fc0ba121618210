"""Forms of milestones: the list's filters, new ones, what is known of one, its links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from wlantrack.rollout.milestones import KIND_WORDS, STANDINGS
from wlantrack.rollout.spoken_dates import LONGEST_WORDING, Precision
from wlantrack.services.baselines import LONGEST_NAME, LONGEST_REASON
from wlantrack.services.milestone_edits import (
    ACTUAL,
    FORECAST,
    PROGRAMME,
    UNDATED,
    DateValues,
    MilestoneValues,
)
from wlantrack.services.milestones import NO_BASELINE, MilestoneFilter
from wlantrack.services.plan_links import LinkValues
from wlantrack.web.forms import REQUIRED, EntryForm, VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.services.milestone_edits import Place
    from wlantrack.store.models.milestones import Baseline, Milestone
    from wlantrack.store.queries.places import BuildingName

LINK_CHOICES = (
    SelectChoice("FS", _l("FS: begins when that has ended")),
    SelectChoice("SS", _l("SS: begins when that has begun")),
    SelectChoice("FF", _l("FF: ends when that has ended")),
    SelectChoice("SF", _l("SF: ends when that has begun")),
)


class MilestoneFilterForm(ListFilter):
    """What the list of milestones is narrowed to, and the baseline beside it."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    kind = SelectField(_l("Kind"))
    state = SelectField(_l("State"))
    baseline = SelectField(_l("Compare with baseline"))
    compared = ""

    def offer(self, buildings: list[BuildingName], baselines: Sequence[Baseline]) -> None:
        """Offer what there is, each list beginning with all."""
        everything = ("", gettext("all"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        self.kind.choices = [everything, *kind_choices()]
        words = [(key.value, translate(word.label)) for key, word in STANDINGS.items()]
        self.state.choices = [everything, *words]
        names = [(str(baseline.public_id), baseline.name) for baseline in baselines]
        latest = [("", gettext("the latest: %(name)s", name=name)) for _, name in names[:1]]
        nothing = (NO_BASELINE, gettext("none"))
        self.baseline.choices = [*(latest or [("", gettext("none"))]), *names, nothing]
        self.compared = dict([("", names[0][1]), *names] if names else []).get(
            self.baseline.data or "", ""
        )

    def narrow(self) -> MilestoneFilter:
        """Give the filter that was entered."""
        return MilestoneFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            kind=self.kind.data or "",
            state=self.state.data or "",
            baseline=self.baseline.data or "",
        )


def kind_choices() -> list[tuple[str, str]]:
    """Give the kinds of milestones in the order in which they are reached."""
    return [(kind, translate(word)) for kind, word in KIND_WORDS.items()]


class NewMilestonesForm(EntryForm):
    """Milestones of one kind or several for a place."""

    place = SelectField(_l("Where"))
    kinds = SelectMultipleField(
        _l("What is to be reached"),
        [InputRequired(REQUIRED)],
        widget=ListWidget(),
        option_widget=CheckboxInput(),
    )
    reason = StringField(_l("Why no date can be given yet"), [Length(max=300)])

    def offer(self, places: Sequence[Place]) -> None:
        """Offer the places by building, and all kinds."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for place in places:
            if place.key == PROGRAMME:
                groups[gettext("Whole city")] = [(place.key, gettext("Programme"))]
                continue
            name = place.wing or place.room_group
            label = f"{place.building}: {name}" if name else place.building
            groups.setdefault(place.building, []).append((place.key, label))
        self.place.choices = groups
        self.kinds.choices = kind_choices()


class MilestoneForm(VersionedForm):
    """What people edit about a milestone beside its dates."""

    code = StringField(_l("Code"), [InputRequired(REQUIRED), Length(max=60)])
    name = StringField(_l("Name"), [Length(max=120)])
    responsible = StringField(_l("Responsible"), [Length(max=120)])
    note = StringField(_l("Note"), [Length(max=500)])

    def values(self) -> MilestoneValues:
        """Give what was entered as plain values."""
        return MilestoneValues(
            self.code.data or "",
            self.name.data or "",
            self.responsible.data or "",
            self.note.data or "",
        )


class DateForm(VersionedForm):
    """What is known of a milestone's date; ``seen`` names the slip that was looked at."""

    mode = RadioField(
        _l("What is known"),
        choices=[
            SelectChoice(FORECAST, _l("It is expected")),
            SelectChoice(ACTUAL, _l("It has been reached")),
            SelectChoice(UNDATED, _l("No date can be given")),
        ],
        default=FORECAST,
    )
    wording = StringField(_l("When, in words"), [Length(max=LONGEST_WORDING)])
    earliest = DateField(_l("First day"), [Optional()])
    latest = DateField(_l("Last day"), [Optional()])
    reason = StringField(_l("Reason"), [Length(max=300)])
    seen = HiddenField()

    def show(self, record: Milestone) -> None:
        """Fill in what the record knows."""
        is_open = bool(record.undated_reason)
        mode = ACTUAL if record.actual else UNDATED if is_open else FORECAST
        known = record.actual or record.forecast
        in_words = known if known and known.precision is Precision.WORDS else None
        self.show_current(
            {
                "mode": mode,
                "wording": known.wording if known else "",
                "earliest": in_words.earliest if in_words else None,
                "latest": in_words.latest if in_words else None,
                "reason": record.undated_reason if is_open else "",
            }
        )

    def values(self) -> DateValues:
        """Give what was entered as plain values."""
        return DateValues(
            self.mode.data or "",
            self.wording.data or "",
            self.earliest.data,
            self.latest.data,
            self.reason.data or "",
        )


class LinkForm(EntryForm):
    """What a milestone waits for."""

    before = StringField(_l("Waits for (code)"), [InputRequired(REQUIRED), Length(max=60)])
    kind = SelectField(_l("How"), choices=list(LINK_CHOICES))
    lag_days = IntegerField(_l("Lag in working days"), [Optional()], default=0)

    def values(self) -> LinkValues:
        """Give what was entered as plain values."""
        return LinkValues(self.before.data or "", self.kind.data, self.lag_days.data or 0)


class BaselineForm(EntryForm):
    """A baseline to be taken."""

    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=LONGEST_NAME)])
    reason = StringField(_l("Reason"), [Length(max=LONGEST_REASON)])


class TrendForm(ListFilter):
    """Whose trend is shown."""

    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer the buildings in scope, and the whole programme."""
        everything = ("", gettext("Programme"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
