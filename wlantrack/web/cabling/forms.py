"""Forms of cable runs: the list's filters, the record, a change of state with its evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from wlantrack.formats.file_names import clean_file_name
from wlantrack.services.attachments import Upload
from wlantrack.services.cable_runs import CableFilter, CableRunValues
from wlantrack.services.cable_states import TEXT_EVIDENCE, StateChange
from wlantrack.web.cabling.words import (
    all_or,
    category_choices,
    state_choices,
    test_limit_choices,
    warning_choices,
)
from wlantrack.web.forms import REQUIRED, EntryForm, NumberField, VersionedForm
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.store.models.cabling import Distributor
    from wlantrack.store.models.files import Attachment
    from wlantrack.store.queries.places import BuildingName


class FilterForm(ListFilter):
    """What the list of cable runs is narrowed to."""

    q = StringField(_l("Words"))
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    level = StringField(_l("Level"))
    distributor = SelectField(_l("Distributor"))
    firm = SelectField(_l("Firm"))
    warning = SelectField(_l("Warning"))

    def offer(
        self, buildings: list[BuildingName], distributors: list[Distributor], firms: list[str]
    ) -> None:
        """Offer what there is, each list beginning with all."""
        self.state.choices = all_or(state_choices())
        self.building.choices = all_or((row.code, row.name) for row in buildings)
        self.distributor.choices = all_or((item.code, item.code) for item in distributors)
        self.firm.choices = all_or((firm, firm) for firm in firms)
        self.warning.choices = [
            ("", gettext("all")),
            ("any", gettext("with any warning")),
            *warning_choices(),
        ]

    def narrow(self) -> CableFilter:
        """Give the filter that was entered; a level that is no number narrows nothing."""
        return self.narrow_to(self.state.data or "")

    def narrow_to(self, state: str = "", floor_id: int | None = None) -> CableFilter:
        """Give the filter for one state, or one floor, beside what was entered."""
        level = (self.level.data or "").strip() if "level" in self else ""
        return CableFilter(
            words=(self.q.data or "").strip(),
            state=state,
            building=(self.building.data or "") if "building" in self else "",
            wing=(self.wing.data or "").strip(),
            level=int(level) if re.fullmatch(r"-?[0-9]{1,3}", level) else None,
            distributor=(self.distributor.data or "") if "distributor" in self else "",
            firm=(self.firm.data or "") if "firm" in self else "",
            floor_id=floor_id,
        )


class RunForm(VersionedForm):
    """What people edit about a cable run."""

    distributor = SelectField(_l("Distributor"), coerce=str, validate_choice=False)
    panel_port = StringField(_l("Panel port"), [Length(max=30)])
    access_point = StringField(_l("Access point"), [Length(max=60)])
    outlet = StringField(_l("Outlet"), [Length(max=40)])
    category = SelectField(_l("Category"), coerce=str)
    test_limit = SelectField(_l("Tested as"), coerce=str)
    length_planned_m = NumberField(_l("Planned length"))
    length_actual_m = NumberField(_l("Pulled length"))
    crosses_fire_wall = BooleanField(_l("Crosses a fire wall"))
    switch_port = StringField(_l("Switch port"), [Length(max=80)])
    firm = StringField(_l("Firm"), [Length(max=120)])
    label = StringField(_l("Label"), [Length(max=60)])
    legacy_id = StringField(_l("Former id"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])
    another = HiddenField()

    def offer(self, distributors: list[Distributor], kept: Distributor | None = None) -> None:
        """Offer distributors in scope, and the run's own even if it is not."""
        codes = {item.code: item.name for item in (*distributors, *([kept] if kept else []))}
        self.distributor.choices = [
            ("", gettext("none yet (end open)")),
            *((code, f"{code} {name}".strip()) for code, name in sorted(codes.items())),
        ]
        self.category.choices = category_choices()
        self.test_limit.choices = test_limit_choices()

    def fill(self, values: CableRunValues, version: int | None = None) -> None:
        """Show a run's values."""
        self.show_current(vars(values), version)

    def values(self) -> CableRunValues:
        """Give what was entered as plain values."""
        texts = {
            name: (self[name].data or "").strip()
            for name in (
                "label",
                "distributor",
                "panel_port",
                "access_point",
                "outlet",
                "switch_port",
                "firm",
                "legacy_id",
                "note",
            )
        }
        return CableRunValues(
            category=self.category.data,
            test_limit=self.test_limit.data,
            length_planned_m=self.length_planned_m.data,
            length_actual_m=self.length_actual_m.data,
            crosses_fire_wall=self.crosses_fire_wall.data,
            **texts,
        )


class ChangeForm(VersionedForm):
    """A change of state with its evidence; only the fields that it needs are shown."""

    target = HiddenField(validators=[InputRequired(REQUIRED)])
    done_on = DateField(_l("Done on"), [InputRequired(REQUIRED)])
    firm = StringField(_l("Firm"))
    permit = StringField(_l("Reference of the permit"))
    continuity = StringField(_l("Continuity test"))
    pass_record = StringField(_l("Test record (PASS)"))
    fail_record = StringField(_l("Test record (FAIL)"))
    switch_port = StringField(_l("Switch port"))
    protocol = StringField(_l("Reference of the acceptance protocol"))
    reason = StringField(_l("Reason"))
    photo = FileField(_l("Photo"))
    photo_note = StringField(_l("What the photo shows"), [Length(max=500)])
    kept_photo = SelectField(_l("Or a photo that is there already"), validate_choice=False)

    def begin(self, target: str) -> None:
        """Show a form for a target that nobody has filled in yet."""
        self.target.data, self.done_on.data = target, local_today()

    def mark_needed(self, names: Sequence[str]) -> None:
        """Show these fields as needed; whether they are the service says, for each run."""
        for name in names:
            self[name].flags.required = True

    def offer(self, photos: Sequence[Attachment]) -> None:
        """Offer the photos that the run has."""
        self.kept_photo.choices = [
            ("", gettext("none")),
            *((str(photo.public_id), photo.name) for photo in photos),
        ]

    def change(self) -> StateChange:
        """Give what was entered as plain values."""
        evidence = {name: self[name].data or "" for name in TEXT_EVIDENCE}
        evidence["photo"] = self.kept_photo.data or ""
        return StateChange(
            str(self.target.data),
            self.done_on.data,
            local_today(),
            evidence,
            read_upload(self.photo, self.photo_note.data or ""),
        )


class BulkForm(EntryForm):
    """Which runs shall change, and to which state."""

    target = SelectField(_l("New state"), coerce=str, validate_choice=False)


def read_upload(item: FileField, note: str = "") -> Upload | None:
    """Give the file of a field, None if nobody chose one."""
    file = item.data
    if not isinstance(file, FileStorage) or not file.filename:
        return None
    return Upload(clean_file_name(file.filename, "photo"), file.read(), note)
