"""Forms of the schedule: what the chart is narrowed to, a file to read, and what was previewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from wlantrack.rollout.milestones import KIND_WORDS as MILESTONE_WORDS
from wlantrack.services.gantt import GanttFilter
from wlantrack.services.schedule_imports import ScheduleUpload
from wlantrack.services.schedule_tasks import NewTasks
from wlantrack.web.forms import EntryForm
from wlantrack.web.imports.previews import PreviewForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter
from wlantrack.web.packages.forms import kind_choices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.store.queries.places import BuildingName

    Choices = Iterable[tuple[str, str]]


class GanttForm(ListFilter):
    """What the chart is narrowed to; a baseline is named by address, as the milestones' list does."""

    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    crew = SelectField(_l("Crew"))
    baseline = HiddenField()
    show = SelectField(_l("Show"))

    def offer(self, buildings: Iterable[BuildingName], crews: Choices) -> None:
        """Offer what there is, each list beginning with what is usual."""
        everything = ("", gettext("all"))
        self.building.choices = [everything, *((row.code, row.name) for row in buildings)]
        self.crew.choices = [everything, *crews]
        self.show.choices = [("", gettext("what is ahead")), ("all", gettext("all"))]

    def narrow(self) -> GanttFilter:
        """Give the filter that was entered."""
        return GanttFilter(
            self.building.data or "",
            (self.wing.data or "").strip(),
            self.crew.data or "",
            self.baseline.data or "",
            is_all=self.show.data == "all",
        )


class ScheduleForm(EntryForm):
    """A schedule to read, and what its tasks are where they do not say it themselves."""

    file = FileField(
        _l("Schedule (MS Project, saved as XML)"), [FileRequired(_l("Choose a file."))]
    )
    renovation = SelectField(_l("Becomes"))
    where = SelectField(_l("New tasks lie"))
    kind = SelectField(_l("New tasks are"))
    milestone_kind = SelectField(_l("New milestones reach"))

    def offer(self, places: Choices, renovations: Choices) -> None:
        """Offer what a schedule may become, where, and the kinds."""
        self.renovation.choices = [
            ("", gettext("work packages and milestones")),
            *(
                (code, gettext("phases of the renovation %(name)s", name=name))
                for code, name in renovations
            ),
        ]
        self.where.choices = [("", gettext("nowhere: refuse them")), *places]
        self.kind.choices = kind_choices()
        if self.kind.data is None:
            self.kind.data = "other"
        self.milestone_kind.choices = [
            ("", gettext("what their name says, else refuse them")),
            *((key, translate(word)) for key, word in MILESTONE_WORDS.items()),
        ]


class ApplyForm(PreviewForm):
    """The reading of a schedule that was previewed."""

    renovation = HiddenField(validators=[Length(max=40)])
    where = HiddenField(validators=[Length(max=100)])
    kind = HiddenField(validators=[Length(max=24)])
    milestone_kind = HiddenField(validators=[Length(max=24)])
    seen = HiddenField(validators=[Length(max=64)])


def make_upload(form: ScheduleForm | ApplyForm, name: str, data: bytes) -> ScheduleUpload:
    """Give a schedule as it was chosen or previewed."""
    new = NewTasks(form.where.data or "", form.kind.data or "", form.milestone_kind.data or "")
    return ScheduleUpload(name, data, new)
