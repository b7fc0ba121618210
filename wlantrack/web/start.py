"""The first page: what needs somebody now, by role; those without one are led to their work."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flask import redirect, render_template, url_for

from wlantrack.networks.findings import Result
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.rollout.milestones import STANDINGS
from wlantrack.rollout.wall_closing import LEVEL_LABELS
from wlantrack.services import places, separation, start_page
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, house, installation, profile, reading
from wlantrack.web.languages import local_today
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import PUBLIC, policy
from wlantrack.web.renovations.words import LEVEL_MARKS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_ALARMS = 12
"""Walls on the first page, those that close first; the list behind it holds all."""
MOST_LATE = 8
"""Late milestones on the first page, the latest ones; the list behind it holds all."""


@policy(PUBLIC)
def start() -> ResponseReturnValue:
    """Show staff what needs them; lead a firm to its cables, the council on, others to the log-in."""
    person = profile()
    if person is not None and not person.actor.can_anywhere(Action.SEE_PLACES):
        return redirect(url_for("cabling.list_runs"))
    if person is None or not person.actor.can_anywhere(Action.SEE_WORK):
        return redirect(url_for("buildings.list_buildings"))
    with reading() as store:
        page = start_page.make_start_page(store, actor(), plan_parts())
        is_new = not places.list_building_names(store, actor())
    return render_template(
        "start/show.html",
        is_new=is_new,
        alarms=page.alarms[:MOST_ALARMS],
        more_alarms=len(page.alarms[MOST_ALARMS:]),
        late=page.late[:MOST_LATE],
        more_late=len(page.late[MOST_LATE:]),
        standings=STANDINGS,
        due=page.due,
        tasks=page.tasks,
        unassigned=page.unassigned,
        cables=page.cables,
        cable_states=CABLE_STATES,
        levels=LEVEL_LABELS,
        level_marks=LEVEL_MARKS,
        today=local_today(),
        sees_renovations=actor().can_anywhere(Action.SEE_RENOVATIONS),
        sees_work=True,
        sees_separation=actor().can_anywhere(Action.SEE_SEPARATION),
        can_edit_work=actor().can_anywhere(Action.EDIT_WORK),
    )


@policy(Action.SEE_SEPARATION)
def start_rules() -> ResponseReturnValue:
    """Tell which rules of the separation check are broken; loaded by the first page afterwards."""
    with reading() as store:
        found = separation.check(store, actor(), house(), installation().results)
    counts = Counter(item.severity for item in found.findings if item.result is Result.FAIL)
    failures = [
        (severity, counts[severity]) for severity in separation.SEVERITIES if counts[severity]
    ]
    return render_template(
        "start/_rules.html", failures=failures, severities=separation.SEVERITY_WORDS
    )
