"""Tables in and out: choose a file, see what it would do, then all of it or nothing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.formats.table_writers import CSV_TYPE, XLSX_TYPE
from wlantrack.services import tables
from wlantrack.services.actor import Action
from wlantrack.services.tables import TableUpload
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import EntryForm, PageForm
from wlantrack.web.languages import describe_problem, translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

blueprint = Blueprint("imports", __name__)

UPLOAD_HOURS = 24
SHOWN_ROWS = 100
_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}


class ChooseForm(EntryForm):
    """A table to import, and what its reader should know."""

    kind = SelectField(_l("Table of"), coerce=str)
    file = FileField(_l("CSV or XLSX file"), [FileRequired(_l("Choose a file."))])
    column_map = TextAreaField(_l("Columns with other names"), [Length(max=4000)])
    set_values = TextAreaField(_l("Values for all rows"), [Length(max=4000)])


class ApplyForm(PageForm):
    """The import of a file that was previewed."""

    kind = HiddenField(validators=[InputRequired()])
    upload = HiddenField(validators=[Regexp(r"^[0-9a-f]{32}\Z")])
    name = HiddenField(validators=[Length(max=200)])
    column_map = HiddenField(validators=[Length(max=4000)])
    set_values = HiddenField(validators=[Length(max=4000)])


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
        "switch_ports": gettext("Switch ports"),
        "public_hotspots": gettext("Public hotspots"),
        "milestones": gettext("Milestones"),
        "milestone_links": gettext("Links of milestones"),
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


def _make_upload(form: ChooseForm | ApplyForm, name: str, data: bytes) -> TableUpload:
    column_map: Mapping[str, str] = read_pairs(form.column_map.data or "", "column_map")
    return TableUpload(name, data, column_map, read_pairs(form.set_values.data or "", "set_values"))


@blueprint.route("/import", methods=["GET", "POST"])
@policy(Action.IMPORT_TABLES)
def choose() -> ResponseReturnValue:
    """Choose a file and see what it would do."""
    form = ChooseForm()
    form.kind.choices = kind_choices()
    if not form.is_submitted():
        form.kind.data = request.args.get("kind", form.kind.data)
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), (file.filename or "table")[:200]
        with form.refusals(), writing() as store:
            result = tables.import_table(
                store, actor(), form.kind.data, _make_upload(form, name, data), is_dry_run=True
            )
            uploads = installation().uploads
            uploads.remove_older_than(UPLOAD_HOURS, time.time())
            token = "" if result.errors else uploads.write(data).name
            apply_form = ApplyForm(
                formdata=None,
                kind=form.kind.data,
                upload=token,
                name=name,
                column_map=form.column_map.data,
                set_values=form.set_values.data,
            )
            return render_template(
                "imports/preview.html",
                form=apply_form,
                result=result,
                name=name,
                kind=dict(kind_choices())[form.kind.data],
                warnings=[_say(warning) for warning in result.warnings[:SHOWN_ROWS]],
                errors=result.errors[: tables.SHOWN_ERRORS],
                describe=translate,
                shown=SHOWN_ROWS,
            )
    return render_template(
        "imports/choose.html",
        form=form,
        kinds=kind_choices(),
        columns={kind: tables.column_choices(kind) for kind in tables.KINDS},
    )


def _say(warning: Message | Problem) -> str:
    return describe_problem(warning) if isinstance(warning, Problem) else translate(warning)


@blueprint.post("/import/apply")
@policy(Action.IMPORT_TABLES)
def apply() -> ResponseReturnValue:
    """Import what was previewed; whoever changed a record since is respected row by row."""
    form, uploads = ApplyForm(), installation().uploads
    if not form.validate():
        return redirect(url_for("imports.choose"))
    try:
        data = uploads.read(form.upload.data)
    except FileNotFoundError as error:
        raise NotFound(msg("This preview is too old. Choose the file again.")) from error
    with writing() as store:
        result = tables.import_table(
            store, actor(), form.kind.data, _make_upload(form, form.name.data, data)
        )
    if result.errors:
        raise InvalidInput(*result.errors)
    uploads.remove(form.upload.data)
    flash(
        gettext(
            "%(created)d created, %(updated)d updated, %(unchanged)d unchanged.",
            created=result.count("created"),
            updated=result.count("updated"),
            unchanged=result.count("unchanged"),
        ),
        "success",
    )
    return redirect(url_for("imports.choose"))


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
