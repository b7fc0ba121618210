"""The working calendar, and calendars read from files: seen first, then all of it or nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.formats.file_names import clean_file_name
from wlantrack.services import calendar_imports, places, work_places, working_calendar
from wlantrack.services.actor import Action
from wlantrack.services.plan import find_clock
from wlantrack.web.calendars.forms import ApplyForm, CalendarForm, MonthForm, read_month
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.imports.previews import keep_upload
from wlantrack.web.imports.routes import SHOWN_ROWS
from wlantrack.web.languages import current_locale, local_today, write_month
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo
from wlantrack.web.work.words import FORBIDDEN_WORDS, work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.calendar_imports import CalendarResult, CalendarUpload

blueprint = Blueprint("calendars", __name__)


@blueprint.get("/working-calendar")
@policy(Action.SEE_WORK)
def show_calendar() -> ResponseReturnValue:
    """Show a month: holidays, sessions, blackouts and absences of crews side by side."""
    today, form = local_today(), MonthForm(request.args)
    month = read_month(form.month.data or "", today)
    region, building = installation().settings.holiday_region, form.building.data or ""
    with reading() as store:
        form.offer(places.list_building_names(store, actor()), month)
        days = working_calendar.list_days(store, actor(), region, current_locale(), month, building)
    around = [(month - timedelta(days=1)), (month + timedelta(days=32))]
    return render_template(
        "calendars/show.html",
        form=form,
        days=days,
        month=write_month(month),
        before=f"{around[0]:%Y-%m}",
        after=f"{around[1]:%Y-%m}",
        building=building or None,
        today=today,
        region=region,
        tabs=work_tabs(),
        forbidden=FORBIDDEN_WORDS,
        can_add=actor().can_anywhere(Action.EDIT_WORK),
    )


@blueprint.route("/working-calendar/import", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def choose() -> ResponseReturnValue:
    """Choose a calendar and see what reading it would do."""
    form = CalendarForm()
    with reading() as store:
        form.offer(work_places.list_places(store, actor()))
    if form.validate_on_submit():
        file = form.file.data
        data, name = file.read(), clean_file_name(file.filename, "calendar.ics")
        with form.refusals():
            upload = form.make_upload(name, data)
            return _show_preview(upload, _import(upload, is_dry_run=True))
    return render_template("calendars/import.html", form=form)


def _import(upload: CalendarUpload, *, is_dry_run: bool = False) -> CalendarResult:
    settings = installation().settings
    with writing() as store:
        return calendar_imports.import_calendar(
            store, actor(), upload, find_clock(settings), settings.timezone, is_dry_run=is_dry_run
        )


def _show_preview(upload: CalendarUpload, result: CalendarResult) -> ResponseReturnValue:
    form = ApplyForm(
        formdata=None,
        upload="" if result.errors else keep_upload(upload.data),
        name=upload.name,
        calendar=result.calendar,
        noise_class=upload.noise_class,
        where=upload.where,
    )
    return render_template(
        "calendars/preview.html",
        form=form,
        upload=upload,
        result=result,
        changes=result.count("created", "updated", "removed"),
        span=write_span,
        shown=SHOWN_ROWS,
    )


@blueprint.post("/working-calendar/import/apply")
@policy(Action.EDIT_WORK)
def apply() -> ResponseReturnValue:
    """Read the calendar that was previewed."""
    form = ApplyForm()
    if not form.validate():
        return redirect(url_for("calendars.choose"))
    result = _import(form.make_upload(form.load()))
    form.finish(result.errors)
    target = url_for("blackouts.list_blackouts", calendar=result.calendar)
    said = gettext(
        "%(created)d entries added, %(updated)d changed, %(removed)d removed, %(unchanged)d as"
        " before.",
        **{name: result.count(name) for name in ("created", "updated", "removed", "unchanged")},
    )
    flash_with_undo(said, target)
    return redirect(target)
