"""Tables in and out: choose a file, see what it would do, then all of it or nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.formats.file_names import clean_file_name
from wlantrack.formats.table_writers import CSV_TYPE, XLSX_TYPE
from wlantrack.services import tables, undo
from wlantrack.services.actor import Action
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import EntryForm
from wlantrack.web.imports.previews import SHOWN_ROWS, PreviewForm, keep_upload, too_old
from wlantrack.web.languages import current_locale, describe_problem, translate
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("imports", __name__)

_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
_ROW = re.compile(r"[0-9]{1,7}")
LISTS = {
    "access_points": "access_points.list_points",
    "rooms": "rooms.list_rooms",
    "buildings": "buildings.list_buildings",
    "vlans": "networks.vlans.list_vlans",
    "ssids": "networks.ssids.list_ssids",
    "cable_runs": "cabling.list_runs",
    "cable_tests": "cabling.list_runs",
    "permits": "permits.list_permits",
    "penetrations": "penetrations.list_penetrations",
    "orders": "orders.list_orders",
    "public_hotspots": "hotspots.list_hotspots",
    "milestones": "milestones.list_milestones",
    "renovations": "renovations.list_renovations",
    "packages": "packages.list_packages",
    "tasks": "tasks.list_tasks",
}
"""Where the records of a kind are listed."""


class ChooseForm(EntryForm):
    """A table to import, and what its reader should know."""

    kind = SelectField(_l("Table of"), coerce=str)
    file = FileField(_l("CSV, XLSX or XML file"), [FileRequired(_l("Choose a file."))])
    set_values = TextAreaField(_l("Values for all rows"), [Length(max=4000)])


class ApplyForm(PreviewForm):
    """The import of a file that was previewed; what was said of it is JSON."""

    kind = HiddenField(validators=[InputRequired()])
    column_map = HiddenField(validators=[Length(max=40_000)])
    set_values = HiddenField(validators=[Length(max=4000)])
    left_out = HiddenField(validators=[Regexp(r"^(?:[0-9]{1,7}(?:,[0-9]{1,7})*)?\Z")])
    assigned = HiddenField(validators=[Length(max=100_000)])
    seen = HiddenField(validators=[Length(max=64)])

    def load_upload(self) -> TableUpload:
        """Give the previewed file again, with what was said of it.

        Raises
        ------
        NotFound
            The preview is too old, or was never made.
        """
        data = self.load()
        try:
            column_map, set_values = _load_pairs(self.column_map), _load_pairs(self.set_values)
            assigned = {int(row): named for row, named in _load_pairs(self.assigned).items()}
        except ValueError as error:
            raise too_old() from error
        left_out = frozenset(int(row) for row in (self.left_out.data or "").split(",") if row)
        return TableUpload(
            self.name.data, data, column_map, set_values, left_out=left_out, assigned=assigned
        )


def _load_pairs(field: HiddenField) -> dict[str, str]:
    pairs = json.loads(field.data or "{}")
    if not isinstance(pairs, dict):
        message = "no pairs"
        raise ValueError(message)  # noqa: TRY004 - like any other JSON that is none of ours
    return {str(left): str(right) for left, right in pairs.items()}


def kind_choices() -> list[tuple[str, str]]:
    """Give the kinds of tables and their names."""
    names = {
        "access_points": gettext("Access points"),
        "access_point_attestations": gettext("Attestations of access points"),
        "rooms": gettext("Rooms"),
        "buildings": gettext("Buildings"),
        "wings": gettext("Wings"),
        "floors": gettext("Floors"),
        "room_groups": gettext("Room groups"),
        "zones": gettext("Zones"),
        "requirements": gettext("Requirements"),
        "client_profiles": gettext("Devices (client profiles)"),
        "clutter_zones": gettext("Shelves, plants, machines"),
        "materials": gettext("Materials of walls"),
        "access_point_models": gettext("Models of access points"),
        "uplinks": gettext("Uplinks"),
        "vlans": gettext("VLANs"),
        "ssids": gettext("SSIDs"),
        "ssid_scopes": gettext("Where SSIDs are on air"),
        "flows": gettext("Flows"),
        "distributors": gettext("Distributors"),
        "outlets": gettext("Outlets"),
        "switches": gettext("Switches"),
        "cable_runs": gettext("Cable runs"),
        "cable_tests": gettext("Test records of cables"),
        "switch_ports": gettext("Switch ports"),
        "permits": gettext("Permits"),
        "penetrations": gettext("Penetrations"),
        "cable_routes": gettext("Cable routes"),
        "orders": gettext("Orders"),
        "public_hotspots": gettext("Public hotspots"),
        "milestones": gettext("Milestones"),
        "milestone_links": gettext("Links of milestones"),
        "renovations": gettext("Renovations"),
        "renovation_parts": gettext("Parts of renovations"),
        "renovation_phases": gettext("Phases of renovations"),
        "packages": gettext("Work packages"),
        "tasks": gettext("Tasks"),
        "crews": gettext("Crews"),
        "crew_absences": gettext("Absences of crews"),
        "blackouts": gettext("Blackouts"),
        "decisions": gettext("Decisions"),
        "posts": gettext("Posts"),
        "budget_lines": gettext("Budget lines"),
        "trainings": gettext("Trainings"),
        "support_teams": gettext("Support teams"),
        "device_groups": gettext("Groups of devices"),
        "risks": gettext("Risks"),
        "inquiries": gettext("Inquiries"),
    }
    return [(kind, names[kind]) for kind in tables.KINDS]


def read_pairs(text: str, field: str) -> dict[str, str]:
    """Read one ``left=right`` a line.

    Raises
    ------
    InvalidInput
        A line has no equals sign.
    """
    pairs = {}
    for number, line in enumerate(text.splitlines(), start=1):
        left, equals, right = line.partition("=")
        if line.strip() and not equals:
            raise InvalidInput(
                Problem(
                    msg("A line has no equals sign."),
                    msg("Write one pair a line, like floor=RH/3."),
                    row=number,
                    field=field,
                    value=line[:80],
                )
            )
        if line.strip():
            pairs[left.strip()] = right.strip()
    return pairs


@blueprint.route("/import", methods=["GET", "POST"])
@policy(Action.IMPORT_TABLES, Action.CHANGE_CABLE_STATE)
def choose() -> ResponseReturnValue:
    """Choose a file and see what it would do."""
    form = ChooseForm()
    names, offered = kind_choices(), tables.list_importable(actor())
    form.kind.choices = [(kind, name) for kind, name in names if kind in offered]
    if not form.is_submitted():
        form.kind.data = request.args.get("kind", form.kind.data)
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), clean_file_name(file.filename, "table")
        with form.refusals():
            set_values = read_pairs(form.set_values.data or "", "set_values")
            upload = TableUpload(name, data, set_values=set_values)
            return _show_preview(form.kind.data, upload)
    return render_template(
        "imports/choose.html",
        form=form,
        kinds=names,
        columns={kind: [label for _, label in _list_fields(kind)] for kind in tables.KINDS},
    )


@blueprint.post("/import/columns")
@policy(Action.IMPORT_TABLES, Action.CHANGE_CABLE_STATE)
def assign() -> ResponseReturnValue:
    """Say which column of a previewed file gives which field, and see what it would do then."""
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("imports.choose"))
    headers = request.form.getlist("header")
    fields = request.form.getlist("field")
    column_map = dict(zip(headers, fields, strict=False))
    loaded = form.load_upload()
    upload = TableUpload(
        loaded.name, loaded.data, column_map, loaded.set_values, keeps_columns=True
    )
    return _show_preview(form.kind.data, upload)


@blueprint.post("/import/rows")
@policy(Action.IMPORT_TABLES, Action.CHANGE_CABLE_STATE)
def settle() -> ResponseReturnValue:
    """Say what becomes of rows that cannot be imported as they are, and see what it does then."""
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("imports.choose"))
    kind, said = form.kind.data, _read_subjects()
    leaves_all = bool(request.form.get("leave_all"))
    if leaves_all:
        said = {row: name for row, name in said.items() if row in _read_rows("again")}
    upload = _decide(form.load_upload(), said)
    if leaves_all:
        with writing() as store:
            trial = tables.import_table(store, actor(), kind, upload, is_dry_run=True)
        rest = frozenset(row.row for row in trial.open_rows)
        upload = replace(upload, left_out=upload.left_out | rest)
    return _show_preview(kind, upload)


def _decide(upload: TableUpload, said: Mapping[int, str]) -> TableUpload:
    """Add what is said of rows; of those shown ``again``, what is not said any more is taken back."""
    again = _read_rows("again")
    left_out = (upload.left_out - again) | _read_rows("leave_out")
    known = {row: name for row, name in upload.assigned.items() if row not in again}
    assigned = {
        row: name for row, name in {**known, **said}.items() if name and row not in left_out
    }
    return replace(upload, left_out=left_out, assigned=assigned)


def _read_rows(name: str) -> frozenset[int]:
    return frozenset(map(int, filter(_ROW.fullmatch, request.form.getlist(name))))


def _read_subjects() -> dict[int, str]:
    """Give by row what somebody has said that it belongs to; empty where nothing was said."""
    rows, names = request.form.getlist("row"), request.form.getlist("subject")
    pairs = zip(rows, names, strict=False)
    return {int(row): name.strip() for row, name in pairs if _ROW.fullmatch(row)}


def _show_preview(kind: str, upload: TableUpload) -> ResponseReturnValue:
    """Show what a file would do, and keep it until somebody agrees."""
    with writing() as store:
        result = tables.import_table(
            store, actor(), kind, upload, is_dry_run=True, parts=plan_parts()
        )
    return _render_preview(kind, upload, result, keep_upload(upload.data))


def _render_preview(
    kind: str, upload: TableUpload, result: ImportResult, kept: str
) -> ResponseReturnValue:
    result = result.in_sheet()
    form = ApplyForm(
        formdata=None,
        kind=kind,
        upload=kept,
        name=upload.name,
        column_map=json.dumps(dict(result.column_map)),
        set_values=json.dumps(dict(upload.set_values)),
        left_out=",".join(map(str, sorted(upload.left_out))),
        assigned=json.dumps({str(row): name for row, name in upload.assigned.items()}),
        seen=result.slip.seen if result.slip else "",
    )
    return render_template(
        "imports/preview.html",
        form=form,
        result=result,
        name=upload.name,
        assigned=upload.assigned,
        settled=_say_settled(result),
        kind=dict(kind_choices())[kind],
        fields=_list_fields(kind),
        field_words=tables.column_words(kind) if current_locale() == "de" else {},
        asks_columns=any(heading.field is None for heading in result.headings)
        or any(problem.row is None for problem in result.errors),
        warnings=[_say(warning) for warning in result.warnings[:SHOWN_ROWS]],
        errors=result.errors[: tables.SHOWN_ERRORS],
        describe=translate,
        shown=SHOWN_ROWS,
    )


def _say_settled(result: ImportResult) -> list[str]:
    """Say what somebody has decided of single rows, by their numbers in a spreadsheet."""
    said = [
        gettext("Row %(row)d belongs to %(name)s.", row=item.shown_row, name=item.subject)
        for item in result.decided
        if item.subject is not None
    ]
    rows = [item.shown_row for item in result.decided if item.subject is None]
    if rows:
        words = ", ".join(map(str, rows[:SHOWN_ROWS]))
        words += " …" if len(rows) > SHOWN_ROWS else ""
        said.append(
            ngettext(
                "Row %(rows)s is left out.", "Rows %(rows)s are left out.", len(rows), rows=words
            )
        )
    return said


def _list_fields(kind: str) -> list[tuple[str, str]]:
    """Give the fields of a kind with the headers of the request's language."""
    if current_locale() != "de":
        return [(name, name) for name in tables.column_choices(kind)]
    words = tables.column_words(kind).items()
    return [(name, name if name == word else f"{word} ({name})") for name, word in words]


def _say(warning: Message | Problem) -> str:
    return describe_problem(warning) if isinstance(warning, Problem) else translate(warning)


@blueprint.post("/import/apply")
@policy(Action.IMPORT_TABLES, Action.CHANGE_CABLE_STATE)
def apply() -> ResponseReturnValue:
    """Import what was previewed; where something else would happen by now, show that first.

    Whoever changed a record since is respected row by row.
    """
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("imports.choose"))
    kind, upload = form.kind.data, form.load_upload()
    decided = _decide(upload, _read_subjects())
    if decided != upload:
        return _show_preview(kind, decided)
    with writing() as store:
        result = tables.import_table(
            store,
            actor(),
            kind,
            upload,
            files=installation().files,
            parts=plan_parts(),
            seen=form.seen.data or "",
        )
        is_undoable = not result.errors and undo.can_undo_request(store, actor().request_id)
    if result.is_outdated:
        return _render_preview(kind, upload, result, form.upload.data)
    form.finish(result.in_sheet().errors)
    _say_done(kind, upload, result, is_undoable=is_undoable)
    return redirect(url_for("imports.choose", kind=kind))


def _say_done(kind: str, upload: TableUpload, result: ImportResult, *, is_undoable: bool) -> None:
    """Say what an import has done, where to see it, and offer to take it back."""
    words = gettext(
        "%(file)s: %(created)d created, %(updated)d updated, %(unchanged)d unchanged.",
        file=upload.name,
        created=result.count("created"),
        updated=result.count("updated"),
        unchanged=result.count("unchanged"),
    )
    words = " ".join([words, *_say_settled(result)])
    if not is_undoable:
        flash(words, "success")
        return
    link = (url_for(LISTS[kind]), dict(kind_choices())[kind]) if kind in LISTS else None
    flash_with_undo(words, url_for("imports.choose", kind=kind), link=link)


@blueprint.get("/export/<kind>.<suffix>")
@policy(Action.EXPORT_TABLES)
def export(kind: str, suffix: str) -> ResponseReturnValue:
    """Give a table as a file that can be imported again."""
    if suffix not in _TYPES:
        raise NotFound(msg("Tables are exported as csv or xlsx."))
    with reading() as store:
        data = tables.export_table(store, actor(), kind, suffix)
    response = Response(data, content_type=_TYPES[suffix])
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.{suffix}"'
    return response
