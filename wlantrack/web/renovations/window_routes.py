"""Closing walls, conflicts and synergies, and the calendar of renovations."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.rollout.spoken_dates import YEARS
from wlantrack.rollout.wall_closing import LEAD_TIMES
from wlantrack.rollout.windows import KIND_WORDS
from wlantrack.services import closing_walls, milestones, places, renovation_calendar, renovations
from wlantrack.services.actor import Action
from wlantrack.services.work_calendar import list_holidays
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import current_locale, local_today, translate, write_day
from wlantrack.web.lists import ROWS_A_PAGE, cut_page
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.renovations.calendar import draw_calendar
from wlantrack.web.renovations.routes import words, workdays
from wlantrack.web.renovations.words import renovation_tabs
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.closing_walls import WallAlarm
    from wlantrack.services.renovation_calendar import RenovationCalendar
    from wlantrack.store.models.work import Blackout

blueprint = Blueprint("windows", __name__)

MONTHS = (3, 6, 12, 24)
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@blueprint.get("/renovations/walls")
@policy(Action.SEE_RENOVATIONS)
def list_walls() -> ResponseReturnValue:
    """Show the runs that may not get done before their wall closes, the worst first."""
    cache = installation().results
    with reading() as store:
        alarms = closing_walls.list_alarms(store, actor(), workdays(), local_today(), cache)
    building = request.args.get("building", "")
    wing = request.args.get("wing", "")
    shown = [
        alarm
        for alarm in alarms
        if building in {"", alarm.renovation.building.code} and wing in {"", *_wings_of(alarm)}
    ]
    view, on_page = cut_page(shown)
    return render_template(
        "renovations/walls.html",
        view=view,
        alarms=on_page,
        lead_times=LEAD_TIMES,
        run_states=CABLE_STATES,
        today=local_today(),
        tabs=renovation_tabs(),
        can_change=actor().can_anywhere(Action.CHANGE_CABLE_STATE),
        **words(),
    )


def _wings_of(alarm: WallAlarm) -> set[str]:
    """Give the wings that an alarm is about: that of the wall, and that of the cable."""
    ids = {alarm.part.wing_id, alarm.run.wing_id}
    return {wing.code for wing in alarm.renovation.building.wings if wing.id in ids}


@blueprint.get("/renovations/conflicts")
@policy(Action.SEE_RENOVATIONS)
def list_findings() -> ResponseReturnValue:
    """Show the conflicts and synergies, the worst first, each with what can be done about it."""
    cache = installation().results
    with reading() as store:
        found = closing_walls.list_findings(store, actor(), workdays(), local_today(), cache)
    view, on_page = cut_page(found)
    return render_template(
        "renovations/findings.html",
        view=view,
        findings=on_page,
        finding_words=KIND_WORDS,
        form=VersionedForm(formdata=None),
        may_open_task=actor().can_anywhere(Action.EDIT_WORK),
        may_move=actor().can_anywhere(Action.EDIT_MILESTONES),
        tabs=renovation_tabs(),
        **words(),
    )


@blueprint.post("/renovations/conflicts/act")
@policy(Action.EDIT_WORK, Action.EDIT_MILESTONES)
def act_on_finding() -> ResponseReturnValue:
    """Deal with a conflict or a synergy: move the work into the window, or open a task."""
    key = request.form.get("key", "")[:200]
    target = safe_target(request.form.get("next") or url_for("windows.list_findings"))
    with writing() as store:
        item = closing_walls.find_finding(store, actor(), key, workdays(), local_today())
        if request.form.get("act") == "move":
            moved = closing_walls.move_into_window(store, actor(), item, workdays(), local_today())
            said = gettext("The work begins on %(day)s now.", day=write_day(moved.begins_on))
            if moved.forbidden_by:
                said += " " + gettext(
                    "Such work is forbidden then: %(name)s.", name=moved.forbidden_by
                )
        else:
            word = translate(KIND_WORDS[item.finding.kind])
            where = [place.name for place in (item.part.wing, item.part.floor) if place]
            title = f"{word}: {', '.join([item.renovation.name, *where])}"
            closing_walls.open_task(store, actor(), item, title)
            said = gettext("Task opened.")
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.get("/renovations/calendar")
@policy(Action.SEE_RENOVATIONS)
def show_calendar() -> ResponseReturnValue:
    """Show which walls are open when, by wing."""
    first, count = _read_period()
    last = _add_months(first, count) - timedelta(days=1)
    building = request.args.get("building", "")
    with reading() as store:
        found = renovations.list_visible(store, actor())
        whole = renovation_calendar.make_calendar(store, actor(), found, first, last, building)
        undated = renovation_calendar.list_undated(found)
        due = milestones.list_due(store, actor(), plan_parts(), (first, last), building)
        buildings = places.list_building_names(store, actor())
    view, rows = cut_page(whole.rows)
    calendar = replace(whole, rows=tuple(rows))
    region = installation().settings.holiday_region
    context: dict[str, Any] = {
        "view": view,
        "calendar": calendar,
        "drawing": draw_calendar(calendar, local_today()),
        "undated": undated,
        "due": due[:ROWS_A_PAGE],
        "more_due": len(due[ROWS_A_PAGE:]),
        "buildings": buildings,
        "building": building,
        "count": count,
        "months": MONTHS,
        "earlier": _add_months(first, -count).strftime("%Y-%m"),
        "later": _add_months(first, count).strftime("%Y-%m"),
        "quiet_days": _list_quiet_days(region, calendar),
        "tabs": renovation_tabs(),
    }
    return render_template("renovations/calendar.html", **context, **words())


def _list_quiet_days(
    region: str, calendar: RenovationCalendar
) -> list[tuple[date, str, Blackout | None]]:
    """Give holidays and blackouts as one list by their first day."""
    first, last = calendar.first, calendar.last
    holidays: list[tuple[date, str, Blackout | None]] = [
        (day, name, None)
        for year in range(first.year, last.year + 1)
        for day, name in list_holidays(region, year, current_locale()).items()
        if first <= day <= last
    ]
    blackouts = [(item.begins_on, item.name, item) for item in calendar.blackouts]
    return sorted([*holidays, *blackouts], key=lambda item: item[0])


def _read_period() -> tuple[date, int]:
    """Give the first day and the number of months that the address asks for."""
    found = _MONTH.fullmatch(request.args.get("from", ""))
    first = local_today().replace(day=1)
    if found is not None and int(found[2]) in range(1, 13) and int(found[1]) in YEARS:
        first = date(int(found[1]), int(found[2]), 1)
    count = request.args.get("months", 6, type=int)
    return first, count if count in MONTHS else 6


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
