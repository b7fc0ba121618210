"""Cable runs: the list with its filters, the runs of a floor, one run, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.cabling import TEST_LIMIT_WORDS, WARNING_WORDS
from wlantrack.rollout.lifecycle import (
    CABLE_LIFECYCLE,
    CABLE_STATES,
    EVIDENCE_WORDS,
    PENETRATION_STATES,
)
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services import (
    attachments,
    cable_runs,
    cable_states,
    cable_tests,
    cable_ways,
    distributors,
    hold_points,
    permits,
    places,
    run_sight,
    tables,
)
from wlantrack.services.actor import Action
from wlantrack.services.cable_runs import CableRunValues
from wlantrack.web.bulk_targets import list_bulk_targets
from wlantrack.web.cabling.forms import FilterForm, RunForm
from wlantrack.web.cabling.run_plans import draw_run_plan
from wlantrack.web.cabling.ways import describe_way, find_row_lengths, way_parts
from wlantrack.web.cabling.words import cabling_tabs, describe_need
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.floors.page import floor_context
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.place_path import floor_path
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.errors import Problem
    from wlantrack.rollout.lifecycle import Transition
    from wlantrack.services.hold_points import Held
    from wlantrack.store.models.cabling import CableRun

blueprint = Blueprint("cabling", __name__)

COLUMNS = (
    ListColumn("label", _l("Run")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("far_end", _l("Far end")),
    ListColumn("distributor", _l("Distributor"), line="wide", is_shown=False),
    ListColumn("length", _l("Length (m)"), is_number=True),
    ListColumn(
        "routed",
        _l("Routes (m)"),
        line="wide",
        is_number=True,
        is_sortable=False,
        is_shown=False,
    ),
    ListColumn("warnings", _l("Warnings"), is_sortable=False),
    ListColumn("panel_port", _l("Panel port"), line="wide", is_shown=False),
    ListColumn("floor", _l("Floor"), line="wide", is_shown=False),
    ListColumn("wing", _l("Wing"), line="wide", is_shown=False),
    ListColumn("firm", _l("Firm"), line="wide"),
    ListColumn("category", _l("Category"), is_shown=False),
    ListColumn("port", _l("Switch port"), is_shown=False),
    ListColumn("state_on", _l("Since"), is_shown=False),
    ListColumn("fire_wall", _l("Fire wall"), is_shown=False),
    ListColumn("legacy_id", _l("Former id"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


INSIDE_COLUMNS = frozenset({"port", "note", "legacy_id"})


def offer_filters(store: Session, form: FilterForm) -> None:
    """Fill the choices of the filters with what there is; a firm has no use for some of them."""
    form.offer(
        places.list_building_names(store, actor()),
        distributors.all_distributors(store, actor()),
        cable_runs.list_firms(store, actor()),
    )
    if not actor().can_anywhere(Action.SEE_CABLING):
        del form.building, form.distributor, form.firm


def list_columns() -> list[ListColumn]:
    """Give the columns that this person may have: switches and notes are for staff."""
    sees_inside = actor().can_anywhere(Action.SEE_CABLING)
    return [column for column in COLUMNS if sees_inside or column.key not in INSIDE_COLUMNS]


def list_context() -> dict[str, Any]:
    """Give what cells of lists of runs show."""
    return {
        "states": CABLE_STATES,
        "warning_words": WARNING_WORDS,
        "bulk_targets": list_bulk_targets(CABLE_LIFECYCLE),
        "can_change": any(
            actor().can_anywhere(action)
            for action in (Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
        ),
        "can_edit": actor().can_anywhere(Action.EDIT_CABLING),
        "sees_inside": actor().can_anywhere(Action.SEE_CABLING),
    }


@blueprint.get("/cabling")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def list_runs() -> ResponseReturnValue:
    """Show the cable runs in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(list_columns()), FilterForm(request.args)
    with reading() as store:
        offer_filters(store, form)
        rows, total = cable_runs.list_runs(
            store, actor(), form.narrow(), view.page, form.warning.data or ""
        )
        routed = find_row_lengths(store, view, rows)
    return render_list(
        "cabling/list.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        routed=routed,
        **list_context(),
    )


@blueprint.get("/floors/<ref>/cabling")
@policy(Action.SEE_CABLING)
def show_floor(ref: str) -> ResponseReturnValue:
    """Show the runs that begin or end on a floor, with the other end of each."""
    view, form = read_list(list_columns()), FilterForm(request.args)
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        offer_filters(store, form)
        del form.building, form.level
        narrow = form.narrow_to(form.state.data or "", place.floor.id)
        rows, total = cable_runs.list_runs(
            store, actor(), narrow, view.page, form.warning.data or ""
        )
        context = floor_context(store, place.floor)
        routed = find_row_lengths(store, view, rows)
    return render_list(
        "cabling/floor.html", view, form, rows, total, routed=routed, **list_context(), **context
    )


@blueprint.get("/cabling/runs/<ref>")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def show_run(ref: str) -> ResponseReturnValue:
    """Show one run; for htmx only the panel beside the list."""
    with reading() as store:
        run = cable_runs.find_run(store, actor(), ref)
        context = run_context(store, run)
        if request.headers.get("HX-Request"):
            return render_template("cabling/_panel.html", **context)
        return render_template(
            "cabling/show.html",
            history=cable_runs.list_history(store, actor(), run),
            tests=cable_tests.list_of_run(store, actor(), run),
            can_import=actor().can_anywhere(tables.action_of("cable_tests")),
            **context,
        )


def run_context(store: Session, run: CableRun) -> dict[str, Any]:
    """Give what the pages of one run show."""
    where = (run.floor.building_id, run.wing_id)
    possible = cable_states.list_possible(actor(), run)
    held = hold_points.load_for_runs(store, [run], local_today())[run.id]
    files = attachments.list_of(store, run)
    sees_inside = run_sight.sees_inside(actor(), run)
    way = cable_ways.find_run_way(store, way_parts(), run)
    return {
        "run": run,
        "state": CABLE_STATES[run.state],
        "states": CABLE_STATES,
        "test_limits": TEST_LIMIT_WORDS,
        "evidence_words": EVIDENCE_WORDS,
        "warnings": cable_runs.find_warnings(store, actor(), run),
        "targets": [(item, describe_need(item)) for item in possible],
        "held_up": _list_held_up(held, possible),
        "papers": held.papers,
        "permits": permits.list_at_run(store, run),
        "penetrations": held.through,
        "order": held.order,
        "penetration_states": PENETRATION_STATES,
        "permit_kinds": PERMIT_KINDS,
        "permit_states": PERMIT_STATES,
        "today": local_today(),
        "can_edit": actor().can(Action.EDIT_CABLING, *where),
        "can_change_state": run_sight.may_carry(actor(), run),
        "sees_inside": sees_inside,
        "run_plan": draw_run_plan(store, run, way),
        "way": describe_way(run, way),
        "can_delete": run.state in cable_runs.DELETABLE,
        "attachments": files,
        "photos": {str(photo.public_id): photo for photo in attachments.photos_of(files)},
        "attachment_of": ("cable_run", run.public_id),
        "can_attach": attachments.may_attach(actor(), run, where),
        "can_detach": actor().can(Action.ATTACH_FILES, *where),
        "place_path": _path_to(store, run) if sees_inside else [],
    }


def _list_held_up(held: Held, possible: Sequence[Transition]) -> dict[str, tuple[Problem, ...]]:
    """Give, by state that may follow, what of permits stands in the way."""
    found = {
        item.target: tuple(
            problem for condition in item.conditions for problem in held.reasons.get(condition, ())
        )
        for item in possible
    }
    return {target: problems for target, problems in found.items() if problems}


def _path_to(store: Session, run: CableRun) -> list[Any]:
    floor = places.find_floor(store, actor(), str(run.floor.public_id)).floor
    return floor_path(store, actor(), floor, "cabling.show_floor")


@blueprint.route("/cabling/runs/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_run() -> ResponseReturnValue:
    """Add a run; what the address names is filled in."""
    form = RunForm()
    with reading() as store:
        form.offer(distributors.all_distributors(store, actor()))
        ends = cable_runs.list_open_ends(store, actor())
        if not form.is_submitted():
            form.fill(_suggest(store))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            run = cable_runs.add_run(store, actor(), form.values())
            flash(gettext("Cable run %(label)s added.", label=run.label), "success")
            if form.another.data:
                code = run.distributor.code if run.distributor else None
                return redirect(url_for("cabling.add_run", distributor=code, after=run.panel_port))
            return redirect(url_for("cabling.show_run", ref=run.public_id))
    return render_template("cabling/edit.html", form=form, run=None, ends=ends)


def _suggest(store: Session) -> CableRunValues:
    distributor = request.args.get("distributor", "")
    return CableRunValues(
        distributor=distributor,
        panel_port=cable_runs.suggest_panel_port(
            store, actor(), distributor, request.args.get("after", "")
        ),
        access_point=request.args.get("access_point", ""),
        outlet=request.args.get("outlet", ""),
    )


@blueprint.route("/cabling/runs/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_run(ref: str) -> ResponseReturnValue:
    """Change a run."""
    form = RunForm()
    with reading() as store:
        run = cable_runs.find_run(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, run.floor.building_id, run.wing_id)
        form.offer(distributors.all_distributors(store, actor()), run.distributor)
        ends = cable_runs.list_open_ends(store, actor())
        form.fill(cable_runs.values_of(run), run.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            cable_runs.edit_run(store, actor(), ref, form.values(), form.expected_version())
            target = url_for("cabling.show_run", ref=run.public_id)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("cabling/edit.html", form=form, run=run, ends=ends)


@blueprint.post("/cabling/runs/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_run(ref: str) -> ResponseReturnValue:
    """Delete a run on which nobody has worked yet."""
    form, target = VersionedForm(), url_for("cabling.list_runs")
    with writing() as store:
        cable_runs.delete_run(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Cable run deleted."), target)
    return redirect(target)
