"""Footprints of buildings: choose a file, see what it would do, then all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Length, Regexp

from wlantrack.formats.file_names import clean_file_name
from wlantrack.formats.footprints import FootprintOptions
from wlantrack.services import footprints
from wlantrack.services.actor import Action
from wlantrack.services.footprints import FootprintUpload
from wlantrack.web.context import actor, installation, writing
from wlantrack.web.forms import EntryForm
from wlantrack.web.imports.previews import PreviewForm, keep_upload
from wlantrack.web.imports.routes import SHOWN_ROWS
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("footprints", __name__)


class FootprintForm(EntryForm):
    """A file of outlines, and what it may not say itself."""

    file = FileField(
        _l("GeoPackage, GeoJSON or zipped shapefile"), [FileRequired(_l("Choose a file."))]
    )
    crs = StringField(_l("Coordinate system"), [Length(max=80)])
    code_column = StringField(_l("Column with the code"), [Length(max=80)])
    name_column = StringField(_l("Column with the name"), [Length(max=80)])
    layer = StringField(_l("Layer"), [Length(max=80)])
    create = BooleanField(_l("Make a building of every outline that matches none"))


class ApplyFootprintForm(PreviewForm):
    """The import of a file that was previewed."""

    crs = HiddenField(validators=[Length(max=80)])
    code_column = HiddenField(validators=[Length(max=80)])
    name_column = HiddenField(validators=[Length(max=80)])
    layer = HiddenField(validators=[Length(max=80)])
    create = HiddenField(validators=[Regexp(r"^[01]\Z")])
    left_out = HiddenField(validators=[Regexp(r"^(?:[0-9]{1,7}(?:,[0-9]{1,7})*)?\Z")])


def _make_upload(
    form: FootprintForm | ApplyFootprintForm, name: str, data: bytes
) -> FootprintUpload:
    texts = (form.crs, form.layer, form.code_column, form.name_column)
    options = FootprintOptions(*((field.data or "").strip() for field in texts))
    left_out = form.left_out.data if isinstance(form, ApplyFootprintForm) else ""
    rows = frozenset(int(row) for row in (left_out or "").split(",") if row)
    is_creating = form.create.data in (True, "1")
    return FootprintUpload(name, data, options, is_creating=is_creating, left_out=rows)


@blueprint.route("/import/footprints", methods=["GET", "POST"])
@policy(Action.IMPORT_TABLES)
def choose() -> ResponseReturnValue:
    """Choose a file and see what it would do."""
    form = FootprintForm()
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), clean_file_name(file.filename, "outlines")
        crs, upload = installation().settings.storage_crs, _make_upload(form, name, data)
        with form.refusals(), writing() as store:
            result = footprints.import_footprints(store, actor(), upload, crs, is_dry_run=True)
            return _show_preview(form, result, name, data)
    return render_template("imports/footprints.html", form=form)


def _show_preview(
    form: FootprintForm, result: footprints.FootprintResult, name: str, data: bytes
) -> ResponseReturnValue:
    apply_form = ApplyFootprintForm(
        formdata=None,
        upload="" if result.errors and not result.bad_rows else keep_upload(data),
        left_out=",".join(map(str, result.bad_rows)),
        name=name,
        crs=form.crs.data,
        code_column=form.code_column.data,
        name_column=form.name_column.data,
        layer=form.layer.data,
        create="1" if form.create.data else "0",
    )
    return render_template(
        "imports/footprints_preview.html",
        form=apply_form,
        result=result,
        name=name,
        is_creating=form.create.data,
        changes=result.count("created", "updated"),
        shown=SHOWN_ROWS,
    )


@blueprint.post("/import/footprints/apply")
@policy(Action.IMPORT_TABLES)
def apply() -> ResponseReturnValue:
    """Import what was previewed."""
    form = ApplyFootprintForm()
    if not form.validate():
        return redirect(url_for("footprints.choose"))
    crs = installation().settings.storage_crs
    upload = _make_upload(form, form.name.data, form.load())
    with writing() as store:
        result = footprints.import_footprints(store, actor(), upload, crs)
    form.finish(result.errors)
    flash(
        gettext(
            "%(created)d created, %(updated)d updated, %(unchanged)d unchanged.",
            created=result.count("created"),
            updated=result.count("updated"),
            unchanged=result.count("unchanged"),
        ),
        "success",
    )
    return redirect(url_for("buildings.list_buildings"))
