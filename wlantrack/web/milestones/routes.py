"""Milestones: the list, the page of one, its date with what it moves, its links."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.milestones import KIND_WORDS, STANDINGS
from wlantrack.rollout.readiness import MET_WORDS
from wlantrack.services import milestone_edits, milestones, places, plan_links
from wlantrack.services.actor import Action
from wlantrack.services.milestone_edits import Seen
from wlantrack.services.plan import PlanParts, find_clock, find_plan
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.forms import (
    LINK_CHOICES,
    DateForm,
    LinkForm,
    MilestoneFilterForm,
    MilestoneForm,
    NewMilestonesForm,
)
from wlantrack.web.place_path import building_path
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.milestones import Milestone

blueprint = Blueprint("milestones", __name__)

BASELINE = ListColumn("baseline", _l("Baseline"), is_sortable=False, is_shown=False, is_long=True)
"""Only while there is one to compare with; shown by itself once it was chosen."""

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("title", _l("Milestone"), is_long=True, line="first"),
    ListColumn("date", _l("Expected or reached"), is_long=True),
    ListColumn("place", _l("Where"), is_long=True),
    ListColumn("state", _l("State")),
    BASELINE,
    ListColumn("forecast", _l("Forecast"), is_sortable=False, is_shown=False, line="wide"),
    ListColumn("actual", _l("Reached"), is_sortable=False, is_shown=False, line="wide"),
    ListColumn("float", _l("Float"), is_shown=False, line="wide"),
    ListColumn("progress", _l("Progress"), is_sortable=False),
    ListColumn("late", _l("Days late"), is_number=True, is_shown=False),
    ListColumn("responsible", _l("Responsible"), is_shown=False),
)


def plan_parts() -> PlanParts:
    """Give what plans are reckoned with: today where the installation stands, and the cache."""
    parts = installation()
    return PlanParts(find_clock(parts.settings), parts.results)


@blueprint.get("/milestones")
@policy(Action.SEE_MILESTONES)
def list_milestones() -> ResponseReturnValue:
    """Show the milestones in scope; filters, order, columns and page stand in the URL."""
    sees_details = actor().can_anywhere(Action.SEE_DETAILS)
    form = MilestoneFilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()), milestones.list_baselines(store))
        left_out = {"" if form.compared else "baseline", "" if sees_details else "responsible"}
        chosen = replace(BASELINE, is_shown=bool(form.baseline.data))
        columns = [chosen if c is BASELINE else c for c in COLUMNS if c.key not in left_out]
        view = read_list(columns, sort="date")
        rows, total = milestones.list_milestones(
            store, actor(), form.narrow(), view.page, plan_parts()
        )
    return render_list("milestones/list.html", view, form, rows, total, **words())


def words() -> dict[str, Any]:
    """Give the words and marks that pages of milestones need."""
    return {
        "kind_words": KIND_WORDS,
        "standings": STANDINGS,
        "met_words": MET_WORDS,
        "link_words": {choice.value: choice.label for choice in LINK_CHOICES},
        "can_edit_any": actor().can_anywhere(Action.EDIT_MILESTONES),
    }


@blueprint.get("/milestones/<ref>")
@policy(Action.SEE_MILESTONES)
def show_milestone(ref: str) -> ResponseReturnValue:
    """Show one milestone; for htmx only the panel beside the list."""
    with reading() as store:
        page = milestones.show_milestone(
            store, actor(), ref, plan_parts(), request.args.get("baseline", "")
        )
        context = _context(store, page.record)
    template = "_panel" if request.headers.get("HX-Request") else "show"
    return render_template(
        f"milestones/{template}.html", page=page, line=page.line, **context, **words()
    )


def _context(store: Session, record: Milestone) -> dict[str, Any]:
    where = (record.building_id, record.wing_id)
    found: dict[str, Any] = {
        "record": record,
        "can_edit": actor().can(Action.EDIT_MILESTONES, *where),
        "sees_details": actor().can(Action.SEE_DETAILS, *where),
    }
    if record.building is not None:
        building = places.find_building(store, actor(), str(record.building.public_id))
        found["place_path"] = building_path(store, actor(), building)
    return found


@blueprint.route("/milestones/new", methods=["GET", "POST"])
@policy(Action.EDIT_MILESTONES)
def add_milestones() -> ResponseReturnValue:
    """Add milestones of one kind or several to a place."""
    form = NewMilestonesForm()
    with reading() as store:
        form.offer(milestone_edits.list_places(store, actor()))
    if not form.is_submitted():
        form.place.data = request.args.get("place", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            added = milestone_edits.add_milestones(
                store, actor(), form.place.data, form.kinds.data or [], form.reason.data or ""
            )
            names = ", ".join(record.code for record in added)
            back_to = url_for("milestones.list_milestones")
            flash_with_undo(gettext("Added: %(names)s.", names=names), back_to)
            if len(added) > 1:
                return redirect(back_to)
            return redirect(url_for("milestones.show_milestone", ref=added[0].public_id))
    return render_template("milestones/new.html", form=form)


@blueprint.route("/milestones/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_MILESTONES)
def edit_milestone(ref: str) -> ResponseReturnValue:
    """Change what people edit about a milestone beside its dates."""
    record, context = _load(ref)
    form = MilestoneForm(obj=record)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            milestone_edits.edit_milestone(
                store, actor(), ref, form.values(), form.expected_version()
            )
            flash(gettext("Saved."), "success")
            return redirect(url_for("milestones.show_milestone", ref=record.public_id))
    return render_template("milestones/edit.html", form=form, **context, **words())


@blueprint.route("/milestones/<ref>/date", methods=["GET", "POST"])
@policy(Action.EDIT_MILESTONES)
def set_date(ref: str) -> ResponseReturnValue:
    """Say what is known of a date: first what that moves is shown, then it is applied."""
    record, context = _load(ref)
    form = DateForm(obj=record)
    form.show(record)
    if form.validate_on_submit() and "back" not in request.form:
        with form.refusals():
            if form.seen.data:
                _apply(record, form)
                return redirect(url_for("milestones.show_milestone", ref=record.public_id))
            with reading() as store:
                preview = milestone_edits.preview_date(
                    store, actor(), ref, form.values(), plan_parts()
                )
            return render_template(
                "milestones/slip.html", form=form, preview=preview, **context, **words()
            )
    return render_template("milestones/date.html", form=form, **context, **words())


def _apply(record: Milestone, form: DateForm) -> None:
    with writing() as store:
        milestone_edits.apply_date(
            store,
            actor(),
            str(record.public_id),
            form.values(),
            Seen(form.expected_version(), form.seen.data or ""),
            plan_parts(),
        )
    flash_with_undo(
        gettext("Date of %(code)s changed.", code=record.code),
        url_for("milestones.show_milestone", ref=record.public_id),
    )


@blueprint.post("/milestones/<ref>/delete")
@policy(Action.EDIT_MILESTONES)
def delete_milestone(ref: str) -> ResponseReturnValue:
    """Delete a milestone with its links."""
    form = VersionedForm()
    with writing() as store:
        code, gone = milestone_edits.delete_milestone(store, actor(), ref, form.expected_version())
    names = ", ".join(translate(name) for name in gone) or gettext("nothing")
    back_to = url_for("milestones.list_milestones")
    text = gettext("Milestone %(code)s deleted, with: %(names)s.", code=code, names=names)
    flash_with_undo(text, back_to)
    return redirect(back_to)


@blueprint.route("/milestones/<ref>/links/new", methods=["GET", "POST"])
@policy(Action.EDIT_MILESTONES)
def add_link(ref: str) -> ResponseReturnValue:
    """Let a milestone wait for something."""
    record, context = _load(ref)
    form = LinkForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            plan_links.add_link(store, actor(), record.public_id, form.values(), plan_parts())
            back_to = url_for("milestones.show_milestone", ref=record.public_id)
            flash_with_undo(gettext("Link added."), back_to)
            return redirect(back_to)
    with reading() as store:
        city = find_plan(store, plan_parts())
        candidates = plan_links.list_candidates(city, actor(), record.building_id)
    return render_template(
        "milestones/link.html", form=form, candidates=candidates, **context, **words()
    )


@blueprint.post("/plan-links/<ref>/delete")
@policy(Action.EDIT_MILESTONES)
def remove_link(ref: str) -> ResponseReturnValue:
    """Let something no longer wait for something else."""
    form = VersionedForm()
    with writing() as store:
        plan_links.remove_link(store, actor(), ref, form.expected_version())
    back_to = request.form.get("next", "")
    target = safe_target(back_to) if back_to else url_for("milestones.list_milestones")
    flash_with_undo(gettext("Link removed."), target)
    return redirect(target)


def _load(ref: str) -> tuple[Milestone, dict[str, Any]]:
    with reading() as store:
        record = milestones.find_milestone(store, actor(), ref)
        actor().require(Action.EDIT_MILESTONES, record.building_id, record.wing_id)
        return record, _context(store, record)
