"""Tasks: the list, one task, its form, and what is done about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import package_edits, places, tasks
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.plan import find_clock
from wlantrack.services.shifts import parse_shift
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_changes, flash_with_undo
from wlantrack.web.work.forms import TaskFilterForm, TaskForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.models.work import Task

blueprint = Blueprint("tasks", __name__)

COLUMNS = (
    ListColumn("title", _l("Task"), is_long=True),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("due", _l("Until")),
    ListColumn("person", _l("Person")),
    ListColumn("place", _l("Where")),
    ListColumn("origin", _l("Opened because of"), line="wide"),
    ListColumn("opened", _l("Opened on"), line="wide", is_shown=False),
)
SUBJECT_PAGES = {
    "cable_run": "cabling.show_run",
    "access_point": "access_points.show_point",
    "renovation": "renovations.show_renovation",
    "renovation_part": "renovations.show_part",
    "work_package": "packages.show_package",
}
"""By kind of record: the page of what a task is about."""


def words() -> dict[str, Any]:
    """Give the words that pages of tasks show."""
    return {
        "states": tasks.STATE_WORDS,
        "origins": tasks.ORIGIN_WORDS,
        "subject_url": subject_url,
        "today": local_today(),
        "can_add": actor().can_anywhere(Action.EDIT_WORK),
    }


def subject_url(task: Task) -> str | None:
    """Give the address of what a task is about, if that has a page."""
    page = SUBJECT_PAGES.get(task.subject_kind)
    return url_for(page, ref=task.subject_id) if page else None


@blueprint.get("/tasks")
@policy(Action.SEE_WORK)
def list_tasks() -> ResponseReturnValue:
    """Show the tasks in reach; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS, "due"), TaskFilterForm(request.args)
    with reading() as store:
        people = tasks.list_people(store)
        form.offer(places.list_building_names(store, actor()), people, actor().name)
        rows, total = tasks.list_tasks(store, actor(), form.narrow(), view.page, local_today())
    return render_list(
        "work/tasks.html", view, form, rows, total, people=dict(people), me=actor().name, **words()
    )


@blueprint.get("/tasks/<ref>")
@policy(Action.SEE_WORK)
def show_task(ref: str) -> ResponseReturnValue:
    """Show one task; for htmx only the panel beside the list."""
    with reading() as store:
        task = tasks.find_task(store, actor(), ref)
        context = {
            "task": task,
            "people": dict(tasks.list_people(store)),
            "can_edit": tasks.may_edit(actor(), task),
            **words(),
        }
        if request.headers.get("HX-Request"):
            return render_template("work/_panel.html", **context)
        history = tasks.list_history(store, actor(), task)
    return render_template("work/task.html", history=history, **context)


@blueprint.route("/tasks/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_task() -> ResponseReturnValue:
    """Open a task; the address may name the work package to which it belongs."""
    form, package = TaskForm(), None
    with reading() as store:
        if ref := request.args.get("package"):
            package = package_edits.find_editable(store, actor(), ref)
        form.offer(tasks.list_people(store), tasks.list_places(store, actor()))
    if not form.is_submitted():
        form.person.data = request.args.get("person", actor().name)
        form.where.data = request.args.get("where", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            task = tasks.add_task(store, actor(), form.values(), package)
            target = subject_url(task) or url_for("tasks.list_tasks")
            flash_with_undo(gettext("Task »%(title)s« opened.", title=task.title), target)
            return redirect(target)
    return render_template("work/edit.html", form=form, task=None, package=package)


@blueprint.route("/tasks/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def edit_task(ref: str) -> ResponseReturnValue:
    """Change a task."""
    with reading() as store:
        task = tasks.find_task(store, actor(), ref)
        form = TaskForm(obj=task)
        where = tasks.where_of(task)
        form.offer(
            tasks.list_people(store),
            tasks.list_places(store, actor()),
            (task.person, task.person),
            (where, where),
        )
    form.set_current("where", where)
    form.set_current("due_on", task.due_on)
    if not tasks.may_edit(actor(), task):
        actor().require(Action.EDIT_WORK, task.building_id, task.wing_id)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            tasks.edit_task(store, actor(), ref, form.values(), form.expected_version())
            target = url_for("tasks.show_task", ref=ref)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("work/edit.html", form=form, task=task, package=None)


@blueprint.post("/tasks/state")
@policy(Action.EDIT_WORK)
def set_state() -> ResponseReturnValue:
    """Set the ticked tasks to done, dropped or open again."""
    target = safe_target(request.form.get("next") or url_for("tasks.list_tasks"))
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    with writing() as store:
        changed = tasks.set_state(
            store, actor(), selected, request.form.get("state", ""), local_today()
        )
    words_said = ngettext("%(num)d task changed.", "%(num)d tasks changed.", len(changed))
    flash_changes(len(changed), words_said, target)
    return redirect(target)


@blueprint.post("/tasks/due")
@policy(Action.EDIT_WORK)
def move_due() -> ResponseReturnValue:
    """Move the days by which the ticked tasks are due."""
    target = safe_target(request.form.get("next") or url_for("tasks.list_tasks"))
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    days = parse_shift(request.form.get("step", ""), request.form.get("days", ""))
    workdays = find_clock(installation().settings).workdays
    with writing() as store:
        moved = tasks.move_due(store, actor(), selected, days, workdays)
    words_said = ngettext("%(num)d task moved.", "%(num)d tasks moved.", len(moved))
    flash_with_undo(words_said, target)
    return redirect(target)
