"""Governance: the overview, and for every kind its list, one record, and its form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.rollout.governance import IMPACT_WORDS, LIKELIHOOD_WORDS, SEVERITIES
from wlantrack.rollout.readiness import MET_WORDS
from wlantrack.services import governance, governance_lines, places
from wlantrack.services.actor import Action
from wlantrack.services.governance_figures import sum_up
from wlantrack.services.governance_kinds import CODE, DECISIONS, GovernanceKind, Shape
from wlantrack.services.governance_overview import find_overview
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.services.uplinks import BUSY_SHARE
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.governance.forms import FilterForm, RecordForm, form_class
from wlantrack.web.governance.pages import DERIVED, PAGES, governance_tabs
from wlantrack.web.languages import local_today
from wlantrack.web.lists import read_list, render_list
from wlantrack.web.networks.words import CLASS_MARKS
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("governance", __name__)


def _words(kind: GovernanceKind | None = None) -> dict[str, Any]:
    """Give the words that every page shows, and those of a kind."""
    here = kind.slug if kind else ""
    common = {
        "tabs": governance_tabs(governance.visible_kinds(actor()), here),
        "pages": PAGES,
        "derived_words": DERIVED,
        "severities": SEVERITIES,
        "likelihood_words": LIKELIHOOD_WORDS,
        "impact_words": IMPACT_WORDS,
        "class_words": CLASS_WORDS,
        "class_marks": CLASS_MARKS,
        "today": local_today(),
    }
    if kind is None:
        return common
    return common | {
        "kind": kind,
        "page": PAGES[kind.key],
        "fields": {item.name: item for item in (CODE, *kind.fields)},
        "can_add": governance.may_add(actor(), kind),
    }


@blueprint.get("/governance")
@policy(Action.SEE_GOVERNANCE)
def show_overview() -> ResponseReturnValue:
    """Show the figures of every kind, what needs attention, and uplinks that are full."""
    with reading() as store:
        overview = find_overview(store, actor(), local_today())
    return render_template(
        "governance/overview.html",
        overview=overview,
        busy_share=BUSY_SHARE,
        met_words=MET_WORDS,
        **_words(),
    )


@blueprint.get("/governance/<catalogue>")
@policy(Action.SEE_GOVERNANCE)
def list_records(catalogue: str) -> ResponseReturnValue:
    """Show the records of a kind with their sums; filters, order and page stand in the URL."""
    kind = governance.require_kind(catalogue)
    view = read_list(PAGES[kind.key].columns(kind), kind.order)
    if kind.is_descending and "sort" not in view.args:
        view = replace(view, is_descending=True)
    form = FilterForm(request.args)
    with reading() as store:
        buildings = places.list_building_names(store, actor())
        form.offer(kind, [(row.code, row.name) for row in buildings])
        lines = governance_lines.list_lines(store, actor(), kind, local_today())
    matching = governance_lines.narrow_lines(kind, lines, form.narrow())
    return render_list(
        "governance/list.html",
        view,
        form,
        governance_lines.take_page(kind, matching, view.page),
        len(matching),
        figures=sum_up(kind, matching),
        has_some=bool(matching),
        **_words(kind),
    )


@blueprint.get("/governance/<catalogue>/<ref>")
@policy(Action.SEE_GOVERNANCE)
def show_record(catalogue: str, ref: str) -> ResponseReturnValue:
    """Show one record; for htmx only the panel beside the list."""
    kind = governance.require_kind(catalogue)
    with reading() as store:
        record = governance.find_record(store, actor(), kind, ref)
        context = _words(kind) | {
            "line": governance_lines.describe(kind, record, local_today()),
            "record": record,
            "can_edit": governance.may_edit(actor(), record),
        }
        if kind is DECISIONS:
            posts, lines = governance.list_based_on(store, actor(), record)
            context |= {"posts": posts, "budget_lines": lines}
        if request.headers.get("HX-Request"):
            return render_template("governance/_panel.html", **context)
        history = governance.list_history(store, actor(), kind, record)
    return render_template("governance/show.html", history=history, **context)


@blueprint.route("/governance/<catalogue>/new", methods=["GET", "POST"])
@policy(Action.EDIT_GOVERNANCE)
def add_record(catalogue: str) -> ResponseReturnValue:
    """Add a record; what the address names is filled in."""
    kind = governance.require_kind(catalogue)
    if not kind.is_placed:
        actor().require(Action.EDIT_GOVERNANCE)
    form = _open_form(kind)
    if not form.is_submitted():
        form.fill_defaults(request.args)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            record = governance.add_record(store, actor(), kind, form.values())
            target = url_for(".show_record", catalogue=catalogue, ref=record.public_id)
            flash_with_undo(gettext("%(code)s added.", code=record.code), target)
            return redirect(target)
    return render_template("governance/edit.html", form=form, record=None, **_words(kind))


@blueprint.route("/governance/<catalogue>/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_GOVERNANCE)
def edit_record(catalogue: str, ref: str) -> ResponseReturnValue:
    """Change a record."""
    kind = governance.require_kind(catalogue)
    with reading() as store:
        record = governance.find_record(store, actor(), kind, ref)
        actor().require(Action.EDIT_GOVERNANCE, getattr(record, "building_id", None))
    form = _open_form(kind)
    form.fill(record)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            governance.edit_record(
                store, actor(), kind, ref, form.values(), form.expected_version()
            )
            target = url_for(".show_record", catalogue=catalogue, ref=ref)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("governance/edit.html", form=form, record=record, **_words(kind))


@blueprint.post("/governance/<catalogue>/<ref>/delete")
@policy(Action.EDIT_GOVERNANCE)
def delete_record(catalogue: str, ref: str) -> ResponseReturnValue:
    """Delete a record."""
    kind = governance.require_kind(catalogue)
    form, target = VersionedForm(), url_for(".list_records", catalogue=catalogue)
    with writing() as store:
        governance.delete_record(store, actor(), kind, ref, form.expected_version())
    flash_with_undo(str(PAGES[kind.key].deleted), target)
    return redirect(target)


def _open_form(kind: GovernanceKind) -> RecordForm:
    form = form_class(kind.slug)()
    with reading() as store:
        buildings = governance.list_buildings(store, actor()) if kind.is_placed else []
        has_decision = kind.of_shape(Shape.DECISION) is not None
        decisions = governance.list_decisions(store, actor()) if has_decision else []
    form.offer(buildings, decisions)
    return form
