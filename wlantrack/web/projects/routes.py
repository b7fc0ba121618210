"""Planners' projects: choose files, see what they would do, import them, take that back."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import Length

from wlantrack.errors import NotFound, msg
from wlantrack.formats.file_names import clean_file_name
from wlantrack.formats.sniff import Content, sniff_content
from wlantrack.services import import_undo, places, project_imports, project_pictures
from wlantrack.services.actor import Action
from wlantrack.services.project_imports import ProjectChoices, ProjectFile
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import EntryForm, PageForm
from wlantrack.web.imports.previews import UPLOAD_HOURS
from wlantrack.web.languages import describe_problem
from wlantrack.web.policies import policy
from wlantrack.web.projects.words import FORMAT_NAMES, list_counts

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.project_imports import ProjectOutcome

blueprint = Blueprint("projects", __name__)

SHOWN_WARNINGS = 100
_TOKEN = re.compile(r"[0-9a-f]{32}")
_PNG = b"\x89PNG\r\n\x1a\n"


class ChooseForm(EntryForm):
    """The files of a project, and what the file cannot know."""

    files = MultipleFileField(_l("Project file"), [FileRequired(_l("Choose a file."))])
    building = SelectField(_l("Building"), coerce=str)
    new_code = StringField(_l("Code of the new building"), [Length(max=16)])
    network_class = SelectField(_l("The areas' requirements hold for"), coerce=str)


class ApplyForm(PageForm):
    """The import of files that were previewed."""

    format = HiddenField(validators=[Length(max=20)])
    uploads = HiddenField(validators=[Length(max=20_000)])
    building = HiddenField(validators=[Length(max=16)])
    network_class = HiddenField(validators=[Length(max=20)])


class UndoForm(PageForm):
    """The undo of an import."""


def _fill_choices(form: ChooseForm) -> None:
    with reading() as store:
        rows = places.list_building_names(store, actor())
    named = [(row.code, f"{row.code} {row.name}") for row in rows]
    form.building.choices = [("", gettext("As in the file: one of its own")), *named]
    form.network_class.choices = [
        ("internal", gettext("Internal network")),
        ("visitor", gettext("Visitor network")),
    ]


@blueprint.route("/import/projects", methods=["GET", "POST"])
@policy(Action.IMPORT_PROJECTS)
def choose() -> ResponseReturnValue:
    """Choose a project and see what it would do; below, the imports so far."""
    form = ChooseForm()
    _fill_choices(form)
    if form.validate_on_submit():
        files = [
            ProjectFile(clean_file_name(file.filename, "project"), file.read())
            for file in form.files.data
        ]
        is_archive = sniff_content(files[0].data) is Content.ZIP
        name = "esx" if is_archive or files[0].name.lower().endswith(".esx") else "openintent"
        code = form.building.data or (form.new_code.data or "").strip()
        choices = ProjectChoices(code or None, form.network_class.data)
        with form.refusals(), writing() as store:
            outcome = project_imports.preview(store, actor(), name, files, choices)
            return _show_preview(outcome, files, choices)
    with reading() as store:
        runs = project_imports.list_runs(store, actor())
    return render_template("projects/choose.html", form=form, runs=runs, formats=FORMAT_NAMES)


def _show_preview(
    outcome: ProjectOutcome, files: list[ProjectFile], choices: ProjectChoices
) -> str:
    uploads = installation().uploads
    uploads.remove_older_than(UPLOAD_HOURS, time.time())
    form = ApplyForm(
        formdata=None,
        format=outcome.project.format,
        uploads=json.dumps([[uploads.write(file.data).name, file.name] for file in files]),
        building=choices.building or "",
        network_class=choices.network_class,
    )
    floors = [
        {
            "floor": floor,
            "drawing": project_pictures.draw_floor(outcome, floor),
            "picture": floor.picture and uploads.write(project_pictures.shrink(floor.picture)).name,
        }
        for floor in outcome.floors
    ]
    return render_template(
        "projects/preview.html",
        form=form,
        outcome=outcome,
        floors=floors,
        name=", ".join(file.name for file in files),
        format=FORMAT_NAMES[outcome.project.format],
        counts=_count(outcome),
        warnings=[describe_problem(warning) for warning in outcome.warnings[:SHOWN_WARNINGS]],
    )


def _count(outcome: ProjectOutcome) -> list[tuple[str, list[int]]]:
    ledger = outcome.ledger
    return list_counts(ledger.created, ledger.updated, ledger.removed, ledger.unchanged)


@blueprint.get("/import/project-pictures/<token>.png")
@policy(Action.IMPORT_PROJECTS)
def picture(token: str) -> ResponseReturnValue:
    """Give the small picture of a previewed plan; its random name is known to the preview alone."""
    uploads = installation().uploads
    try:
        data = uploads.read(token) if _TOKEN.fullmatch(token) else b""
    except FileNotFoundError:
        data = b""
    if not data.startswith(_PNG):
        raise NotFound(msg("This preview is too old. Choose the file again."))
    return Response(data, mimetype="image/png")


@blueprint.post("/import/projects/apply")
@policy(Action.IMPORT_PROJECTS)
def apply() -> ResponseReturnValue:
    """Import what was previewed."""
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("projects.choose"))
    tokens = _read_tokens(form.uploads.data)
    uploads = installation().uploads
    try:
        files = [ProjectFile(name, uploads.read(token)) for token, name in tokens]
    except FileNotFoundError as error:
        raise NotFound(msg("This preview is too old. Choose the file again.")) from error
    choices = ProjectChoices(form.building.data or None, form.network_class.data)
    with writing() as store:
        outcome = project_imports.apply(
            store, actor(), installation().files, form.format.data, files, choices
        )
    for token, _ in tokens:
        uploads.remove(token)
    if outcome.run is None:
        flash(gettext("Everything in the file is here already; nothing was changed."), "info")
        return redirect(url_for("projects.choose"))
    flash(gettext("The project has been imported."), "success")
    return redirect(url_for("projects.show", ref=outcome.run.public_id))


def _read_tokens(text: str) -> list[tuple[str, str]]:
    """Read the names of stored uploads out of the form; only our own form writes them."""
    try:
        found: Any = json.loads(text)
        pairs = [(str(token), clean_file_name(str(name), "project")) for token, name in found]
    except (ValueError, TypeError) as error:
        raise NotFound(msg("This preview is too old. Choose the file again.")) from error
    if not pairs or not all(_TOKEN.fullmatch(token) for token, _ in pairs):
        raise NotFound(msg("This preview is too old. Choose the file again."))
    return pairs


@blueprint.get("/import/projects/<ref>")
@policy(Action.IMPORT_PROJECTS)
def show(ref: str) -> ResponseReturnValue:
    """Show what an import did, with its undo."""
    with reading() as store:
        run = project_imports.find_run(store, actor(), ref)
        floors = project_imports.list_floors_of(store, actor(), run)
    counts = run.counts
    return render_template(
        "projects/show.html",
        run=run,
        floors=floors,
        format=FORMAT_NAMES.get(run.format, run.format),
        form=UndoForm(),
        counts=list_counts(counts["created"], counts["updated"], counts["removed"]),
        warnings=[describe_problem(w) for w in project_imports.warnings_of(run)[:SHOWN_WARNINGS]],
    )


@blueprint.post("/import/projects/<ref>/undo")
@policy(Action.IMPORT_PROJECTS)
def undo(ref: str) -> ResponseReturnValue:
    """Take an import back."""
    form = UndoForm()
    if form.validate_on_submit():
        with writing() as store:
            done = import_undo.undo_import(store, actor(), installation().files, ref)
        flash(
            gettext(
                "Undone: %(removed)d records removed, %(reverted)d got their old values back,"
                " %(restored)d came back.",
                removed=done.deleted,
                reverted=done.changed,
                restored=done.restored,
            ),
            "success",
        )
    return redirect(url_for("projects.show", ref=ref))
