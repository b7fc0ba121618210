"""Crews: the list, one with its absences, and their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.packages import CONFLICT_WORDS, STATE_WORDS
from wlantrack.services import crews, packages
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.crews.forms import AbsenceForm, CrewFilterForm, CrewForm
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today, translate
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo
from wlantrack.web.work.words import work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.models.work import Crew

blueprint = Blueprint("crews", __name__)

COLUMNS = (
    ListColumn("code", _l("Crew")),
    ListColumn("name", _l("Name"), line="first"),
    ListColumn("firm", _l("Firm")),
    ListColumn("capacity", _l("Work packages at once"), is_number=True),
    ListColumn("away", _l("Away next")),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/crews")
@policy(Action.SEE_WORK)
def list_crews() -> ResponseReturnValue:
    """Show the crews; filters, order and columns stand in the URL."""
    view, form = read_list(COLUMNS), CrewFilterForm(request.args)
    with reading() as store:
        form.offer(crews.list_firms(store))
        rows, total = crews.list_crews(store, form.narrow(), view.page, local_today())
    return render_list(
        "crews/list.html",
        view,
        form,
        rows,
        total,
        tabs=work_tabs(),
        today=local_today(),
        span=write_span,
        can_edit=actor().can(Action.EDIT_WORK),
    )


@blueprint.get("/crews/<ref>")
@policy(Action.SEE_WORK)
def show_crew(ref: str) -> ResponseReturnValue:
    """Show one crew; for htmx only the panel beside the list."""
    with reading() as store:
        crew = crews.find_crew(store, ref)
        context = {
            "crew": crew,
            "away": crews.find_next_absence(crew, local_today()),
            "today": local_today(),
            "span": write_span,
            "can_edit": actor().can(Action.EDIT_WORK),
        }
        if request.headers.get("HX-Request"):
            return render_template("crews/_panel.html", **context)
        history = crews.list_history(store, actor(), crew)
        lines = packages.list_of_crew(store, actor(), crew.id, plan_parts())
    return render_template(
        "crews/show.html",
        history=history,
        lines=lines,
        package_states=STATE_WORDS,
        conflict_words=CONFLICT_WORDS,
        **context,
    )


@blueprint.route("/crews/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_crew() -> ResponseReturnValue:
    """Add a crew."""
    actor().require(Action.EDIT_WORK)
    form = CrewForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            crew = crews.add_crew(store, actor(), form.values())
            return _back(crew, gettext("Crew %(code)s added.", code=crew.code))
    return render_template("crews/edit.html", form=form, crew=None)


@blueprint.route("/crews/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def edit_crew(ref: str) -> ResponseReturnValue:
    """Change a crew."""
    actor().require(Action.EDIT_WORK)
    with reading() as store:
        crew = crews.find_crew(store, ref)
    form = CrewForm(obj=crew)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            crews.edit_crew(store, actor(), ref, form.values(), form.expected_version())
            return _back(crew, gettext("Saved."))
    return render_template("crews/edit.html", form=form, crew=crew)


def _back(crew: Crew, said: str) -> ResponseReturnValue:
    target = url_for("crews.show_crew", ref=crew.public_id)
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.post("/crews/<ref>/delete")
@policy(Action.EDIT_WORK)
def delete_crew(ref: str) -> ResponseReturnValue:
    """Delete a crew with its absences."""
    version, target = VersionedForm().expected_version(), url_for("crews.list_crews")
    with writing() as store:
        code, gone = crews.delete_crew(store, actor(), ref, version)
    names = ", ".join(translate(name) for name in gone) or gettext("nothing")
    said = gettext("Crew %(code)s deleted, with: %(names)s.", code=code, names=names)
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.route("/crews/<ref>/absences/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_absence(ref: str) -> ResponseReturnValue:
    """Say when a crew is away."""
    actor().require(Action.EDIT_WORK)
    with reading() as store:
        crew = crews.find_crew(store, ref)
    form = AbsenceForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            crews.add_absence(store, actor(), ref, form.values())
            return _back(crew, gettext("Absence added."))
    return render_template("crews/absence.html", form=form, crew=crew, absence=None)


@blueprint.route("/crew-absences/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def edit_absence(ref: str) -> ResponseReturnValue:
    """Change when a crew is away."""
    actor().require(Action.EDIT_WORK)
    with reading() as store:
        absence = crews.find_absence(store, ref)
    form = AbsenceForm(obj=absence)
    form.show_current({"begins_on": absence.begins_on, "ends_on": absence.ends_on})
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            crews.edit_absence(store, actor(), ref, form.values(), form.expected_version())
            return _back(absence.crew, gettext("Saved."))
    return render_template("crews/absence.html", form=form, crew=absence.crew, absence=absence)


@blueprint.post("/crew-absences/<ref>/delete")
@policy(Action.EDIT_WORK)
def delete_absence(ref: str) -> ResponseReturnValue:
    """Take an absence back."""
    version = VersionedForm().expected_version()
    with writing() as store:
        crew = crews.delete_absence(store, actor(), ref, version)
    return _back(crew, gettext("Absence deleted."))
