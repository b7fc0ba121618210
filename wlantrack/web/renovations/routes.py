"""Renovations: the list, one with its parts and phases, and their forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.wall_closing import LEVEL_LABELS, LEVEL_WORDS
from wlantrack.services import (
    closing_walls,
    places,
    renovation_parts,
    renovations,
    work_calendar,
)
from wlantrack.services.actor import Action
from wlantrack.services.renovations import RenovationLine
from wlantrack.services.scopes import list_wings
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.floors.sheet import draw_sheet
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.renovations.forms import FilterForm, PartForm, PhaseForm, RenovationForm
from wlantrack.web.renovations.words import LEVEL_MARKS, renovation_tabs, write_known
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.rollout.workdays import Workdays
    from wlantrack.store.models.renovations import Renovation

blueprint = Blueprint("renovations", __name__)

COLUMNS = (
    ListColumn("name", _l("Renovation"), is_long=True),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("closes", _l("Walls closed on"), is_long=True),
    ListColumn("opens", _l("Walls open from"), line="wide", is_long=True),
    ListColumn("alarms", _l("Cables in danger"), is_number=True),
    ListColumn("runs", _l("Cables to do"), is_number=True, line="wide", is_shown=False),
    ListColumn("building", _l("Building"), line="wide"),
    ListColumn("kind", _l("Kind"), is_shown=False, line="wide"),
    ListColumn("certainty", _l("Certainty"), is_shown=False, line="wide"),
    ListColumn("requirements", _l("Requirements until"), line="wide", is_shown=False),
    ListColumn("owner", _l("Whose project"), is_shown=False),
    ListColumn("code", _l("Code"), is_shown=False),
)


def workdays() -> Workdays:
    """Give the working days of the city."""
    return work_calendar.find_workdays(installation().settings.holiday_region)


def words() -> dict[str, Any]:
    """Give the words that several pages of renovations show."""
    return {
        "kinds": renovations.KIND_WORDS,
        "states": renovations.STATE_WORDS,
        "certainties": renovations.CERTAINTY_WORDS,
        "noises": renovations.NOISE_WORDS,
        "levels": LEVEL_LABELS,
        "level_sentences": LEVEL_WORDS,
        "level_marks": LEVEL_MARKS,
        "known": write_known,
        "can_add": actor().can_anywhere(Action.EDIT_RENOVATIONS),
    }


@blueprint.get("/renovations")
@policy(Action.SEE_RENOVATIONS)
def list_renovations() -> ResponseReturnValue:
    """Show the renovations in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS, "closes"), FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        cache = installation().results
        counts = closing_walls.count_runs(store, actor(), workdays(), local_today(), cache)
        lines = [
            RenovationLine(item, tuple(item.parts), *reversed(counts.get(item.public_id, (0, 0))))
            for item in renovations.list_visible(store, actor())
        ]
        rows, total = renovations.list_lines(lines, form.narrow(), view.page, local_today())
    return render_list(
        "renovations/list.html", view, form, rows, total, tabs=renovation_tabs(), **words()
    )


@blueprint.get("/renovations/<ref>")
@policy(Action.SEE_RENOVATIONS)
def show_renovation(ref: str) -> ResponseReturnValue:
    """Show one renovation; for htmx only the panel beside the list."""
    with reading() as store:
        renovation = renovations.find_renovation(store, actor(), ref)
        context = {
            "renovation": renovation,
            "runs": closing_walls.list_of_renovation(
                store, actor(), renovation, workdays(), local_today()
            ),
            "can_edit": renovations.may_edit(actor(), renovation),
            **words(),
        }
        if request.headers.get("HX-Request"):
            return render_template("renovations/_panel.html", **context)
        history = renovations.list_history(store, actor(), renovation)
    return render_template("renovations/show.html", history=history, **context)


@blueprint.route("/renovations/new", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def add_renovation() -> ResponseReturnValue:
    """Add a renovation."""
    form = RenovationForm()
    with reading() as store:
        buildings = renovations.list_buildings(store, actor())
        form.offer([(building.code, building.name) for building in buildings])
    if not form.is_submitted():
        form.building.data = request.args.get("building", form.building.data)
        form.state.data, form.certainty.data, form.noise_class.data = "planned", "likely", "normal"
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovation = renovations.add_renovation(store, actor(), form.values())
            target = url_for("renovations.show_renovation", ref=renovation.public_id)
            flash_with_undo(gettext("Renovation %(code)s added.", code=renovation.code), target)
            return redirect(url_for("renovations.add_part", ref=renovation.public_id))
    return render_template("renovations/edit.html", form=form, renovation=None)


@blueprint.route("/renovations/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def edit_renovation(ref: str) -> ResponseReturnValue:
    """Change a renovation."""
    with reading() as store:
        renovation = renovations.find_editable(store, actor(), ref)
    form = RenovationForm(obj=renovation)
    form.offer([(renovation.building.code, renovation.building.name)])
    form.set_current("building", renovation.building.code)
    form.set_current("requirements_due_on", renovation.requirements_due_on)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovations.edit_renovation(store, actor(), ref, form.values(), form.expected_version())
            target = url_for("renovations.show_renovation", ref=renovation.public_id)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("renovations/edit.html", form=form, renovation=renovation)


@blueprint.post("/renovations/<ref>/delete")
@policy(Action.EDIT_RENOVATIONS)
def delete_renovation(ref: str) -> ResponseReturnValue:
    """Delete a renovation with its parts and phases."""
    version, target = VersionedForm().expected_version(), url_for("renovations.list_renovations")
    with writing() as store:
        code = renovations.delete_renovation(store, actor(), ref, version)
    flash_with_undo(gettext("Renovation %(code)s deleted.", code=code), target)
    return redirect(target)


@blueprint.route("/renovations/<ref>/parts/new", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def add_part(ref: str) -> ResponseReturnValue:
    """Add a part; the floor that the address names is there to draw on."""
    with reading() as store:
        renovation = renovations.find_editable(store, actor(), ref)
        form = PartForm()
        form.offer(renovation.building, list_wings(actor(), renovation.building))
        if not form.is_submitted():
            form.level.data = request.args.get("level", "")
            form.wing.data = request.args.get("wing", "")
        sheet = _draw(store, renovation, form)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovation_parts.add_part(store, actor(), ref, form.values())
            return _back(renovation, gettext("Part added."))
    return render_template(
        "renovations/part.html", form=form, renovation=renovation, part=None, sheet=sheet
    )


@blueprint.get("/renovation-parts/<ref>")
@policy(Action.SEE_RENOVATIONS)
def show_part(ref: str) -> ResponseReturnValue:
    """Lead to the renovation of a part."""
    with reading() as store:
        renovation, _ = renovation_parts.find_part(store, actor(), ref)
    return redirect(url_for("renovations.show_renovation", ref=renovation.public_id))


@blueprint.route("/renovation-parts/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def edit_part(ref: str) -> ResponseReturnValue:
    """Change a part."""
    with reading() as store:
        renovation, part = renovation_parts.find_part(store, actor(), ref)
        renovations.require_edit(actor(), renovation)
        form = PartForm(obj=part)
        form.offer(renovation.building, list_wings(actor(), renovation.building))
        form.show(part)
        sheet = _draw(store, renovation, form)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovation_parts.edit_part(store, actor(), ref, form.values(), form.expected_version())
            return _back(renovation, gettext("Saved."))
    return render_template(
        "renovations/part.html", form=form, renovation=renovation, part=part, sheet=sheet
    )


def _draw(store: Session, renovation: Renovation, form: PartForm) -> object:
    """Draw the floor that is chosen, if one is."""
    level = form.level.data or ""
    floor = next((item for item in renovation.building.floors if str(item.level) == level), None)
    if floor is None:
        return None
    return draw_sheet(
        store, places.find_floor(store, actor(), str(floor.public_id)), is_drawn_on=True
    )


def _back(renovation: Renovation, said: str) -> ResponseReturnValue:
    target = url_for("renovations.show_renovation", ref=renovation.public_id)
    flash_with_undo(said, target)
    return redirect(target)


@blueprint.post("/renovation-parts/<ref>/delete")
@policy(Action.EDIT_RENOVATIONS)
def delete_part(ref: str) -> ResponseReturnValue:
    """Delete a part."""
    version = VersionedForm().expected_version()
    with writing() as store:
        renovation = renovation_parts.delete_part(store, actor(), ref, version)
    return _back(renovation, gettext("Part deleted."))


@blueprint.route("/renovations/<ref>/phases/new", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def add_phase(ref: str) -> ResponseReturnValue:
    """Add a phase."""
    form = PhaseForm()
    form.offer()
    with reading() as store:
        renovation = renovations.find_editable(store, actor(), ref)
    if not form.is_submitted():
        form.noise_class.data = renovation.noise_class
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovation_parts.add_phase(store, actor(), ref, form.values())
            return _back(renovation, gettext("Phase added."))
    return render_template("renovations/phase.html", form=form, renovation=renovation, phase=None)


@blueprint.route("/renovation-phases/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_RENOVATIONS)
def edit_phase(ref: str) -> ResponseReturnValue:
    """Change a phase."""
    with reading() as store:
        renovation, phase = renovation_parts.find_phase(store, actor(), ref)
        renovations.require_edit(actor(), renovation)
    form = PhaseForm(obj=phase)
    form.offer()
    form.show(phase)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            renovation_parts.edit_phase(store, actor(), ref, form.values(), form.expected_version())
            return _back(renovation, gettext("Saved."))
    return render_template("renovations/phase.html", form=form, renovation=renovation, phase=phase)


@blueprint.post("/renovation-phases/<ref>/delete")
@policy(Action.EDIT_RENOVATIONS)
def delete_phase(ref: str) -> ResponseReturnValue:
    """Delete a phase."""
    version = VersionedForm().expected_version()
    with writing() as store:
        renovation = renovation_parts.delete_phase(store, actor(), ref, version)
    return _back(renovation, gettext("Phase deleted."))
