"""The schedule: the plan as a Gantt chart, and as a file for MS Project and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.http import dump_options_header

from wlantrack.formats.file_names import clean_file_name
from wlantrack.rollout.packages import KIND_WORDS as PACKAGE_WORDS
from wlantrack.services import (
    crews,
    gantt,
    package_edits,
    places,
    renovations,
    schedule_exports,
    schedule_imports,
    schedule_phases,
)
from wlantrack.services.actor import Action
from wlantrack.services.field_words import KIND_WORDS, field_word
from wlantrack.services.plan import find_clock, find_plan
from wlantrack.services.schedule_exports import ScheduleChoice
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.imports.previews import SHOWN_ROWS, keep_upload
from wlantrack.web.languages import current_locale, local_today, translate
from wlantrack.web.lists import read_list
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.schedule.chart import draw_load, draw_row, make_axis
from wlantrack.web.schedule.forms import ApplyForm, GanttForm, ScheduleForm, make_upload
from wlantrack.web.undo.routes import flash_with_undo
from wlantrack.web.work.words import work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.schedule_imports import ScheduleResult, ScheduleUpload

blueprint = Blueprint("schedule", __name__)
_COLUMNS = {
    "actual": "actual_latest",
    "begins": "begins_latest",
    "crew": "crew_id",
    "due": "due_latest",
    "ends": "ends_latest",
    "forecast": "forecast_latest",
    "is_dropped": "state",
}
"""The columns after whose words the values are called that are told of a line."""
_XML = "application/xml"


@blueprint.get("/schedule")
@policy(Action.SEE_WORK)
def show_chart() -> ResponseReturnValue:
    """Show the plan as a Gantt chart beside its table, and the load of the crews."""
    view, form, parts = read_list((), "rows"), GanttForm(request.args), plan_parts()
    with reading() as store:
        form.offer(places.list_building_names(store, actor()), crews.list_choices(store))
        narrow = form.narrow()
        rows, total = gantt.list_rows(store, actor(), narrow, view.page, parts)
        city = find_plan(store, parts)
        axis = make_axis(rows, parts.clock.today)
        load = gantt.list_load(store, actor(), narrow.crew, city, axis.last)
    view = replace(view, total=total)
    if view.number > view.page_count:
        return redirect(view.page_url(view.page_count))
    workdays = parts.clock.workdays
    return render_template(
        "schedule/chart.html",
        view=view,
        form=form,
        rows=[(row, draw_row(row, axis, workdays)) for row in rows],
        axis=axis,
        load=[(item, *draw_load(item)) for item in load],
        today=local_today(),
        kind_words=PACKAGE_WORDS,
        span=write_span,
        tabs=work_tabs(),
        can_import=actor().can_anywhere(Action.EDIT_WORK),
    )


@blueprint.get("/schedule/msproject.xml")
@policy(Action.SEE_WORK)
def export() -> ResponseReturnValue:
    """Download the plan, of a building or wing if one is named, as MS Project XML."""
    names = ("building", "wing", "baseline")
    choice = ScheduleChoice(**{name: request.args.get(name, "") for name in names})
    with reading() as store:
        data = schedule_exports.export_schedule(
            store, actor(), choice, plan_parts(), current_locale()
        )
    return _download(data, "schedule-msproject.xml")


@blueprint.get("/renovations/<ref>/msproject.xml")
@policy(Action.SEE_RENOVATIONS)
def export_phases(ref: str) -> ResponseReturnValue:
    """Download the phases of a renovation as MS Project XML."""
    with reading() as store:
        renovation, data = schedule_phases.export_phases(store, actor(), ref, plan_parts())
    return _download(data, f"{clean_file_name(renovation.code, 'renovation')}-msproject.xml")


def _download(data: bytes, name: str) -> Response:
    response = Response(data, content_type=_XML)
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    return response


@blueprint.route("/schedule/import", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def choose() -> ResponseReturnValue:
    """Choose a schedule and see what reading it would do."""
    form = ScheduleForm()
    with reading() as store:
        found = renovations.list_visible(store, actor())
        editable = [item for item in found if renovations.may_edit(actor(), item)]
        names = [(item.code, f"{item.code} {item.name}") for item in editable]
        form.offer(package_edits.list_wheres(store, actor()), names)
    if request.method == "GET" and request.args.get("renovation"):
        form.renovation.data = request.args["renovation"]
    if form.validate_on_submit():
        name = clean_file_name(form.file.data.filename, "schedule.xml")
        with form.refusals():
            upload = make_upload(form, name, form.file.data.read())
            renovation = form.renovation.data or ""
            result = _import(upload, renovation, is_dry_run=True)
            kept = "" if result.errors else keep_upload(upload.data)
            return _show_preview(upload, renovation, result, kept)
    return render_template("schedule/import.html", form=form)


def _import(
    upload: ScheduleUpload, renovation: str, *, is_dry_run: bool = False, seen: str | None = None
) -> ScheduleResult:
    with writing() as store:
        if renovation:
            return schedule_phases.import_phases(
                store, actor(), renovation, upload, is_dry_run=is_dry_run
            )
        clock = find_clock(installation().settings)
        return schedule_imports.import_schedule(
            store, actor(), upload, clock, is_dry_run=is_dry_run, seen=seen
        )


def _show_preview(
    upload: ScheduleUpload, renovation: str, result: ScheduleResult, kept: str
) -> ResponseReturnValue:
    form = ApplyForm(
        formdata=None,
        upload=kept,
        name=upload.name,
        renovation=renovation,
        where=upload.new.where,
        kind=upload.new.kind,
        milestone_kind=upload.new.milestone_kind,
        seen=result.slip.seen if result.slip else "",
    )
    order = {name: place for place, name in enumerate(schedule_imports.OUTCOMES)}
    return render_template(
        "schedule/preview.html",
        form=form,
        upload=upload,
        result=result,
        rows=sorted(result.outcomes, key=lambda item: order[item.outcome])[:SHOWN_ROWS],
        changes=result.count("created", "updated"),
        what_words=KIND_WORDS,
        field_word=_name_field,
        shown=SHOWN_ROWS,
    )


def _name_field(name: str) -> str:
    is_crews = name == "absences"
    word = KIND_WORDS["crew_absence"] if is_crews else field_word(_COLUMNS.get(name, name))
    return translate(word)


@blueprint.post("/schedule/import/apply")
@policy(Action.EDIT_WORK)
def apply() -> ResponseReturnValue:
    """Read the schedule that was previewed; where other dates would move by now, show that first."""
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("schedule.choose"))
    renovation = form.renovation.data or ""
    upload = make_upload(form, form.name.data or "", form.load())
    result = _import(upload, renovation, seen=form.seen.data or "")
    if result.is_outdated:
        return _show_preview(upload, renovation, result, form.upload.data)
    form.finish(result.errors)
    target = (
        url_for("renovations.show_renovation", ref=renovation)
        if renovation
        else url_for("schedule.show_chart")
    )
    said = gettext(
        "%(created)d entries added, %(updated)d changed, %(unchanged)d as before.",
        **{name: result.count(name) for name in schedule_imports.OUTCOMES},
    )
    flash_with_undo(said, target)
    return redirect(target)
