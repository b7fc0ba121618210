"""Permits: the list, one with what it covers, its form, and runs assigned to one from their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_STATES
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES, is_expired
from wlantrack.services import attachments, permits, places
from wlantrack.services.actor import Action
from wlantrack.services.covering import name_of
from wlantrack.services.hold_points import facts_of
from wlantrack.services.permits import PermitValues
from wlantrack.web.cabling.giving import Giving
from wlantrack.web.cabling.words import cabling_tabs
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.permits.forms import FilterForm, NamesForm, PermitForm, describe_permit
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.permits import Permit

blueprint = Blueprint("permits", __name__)

COLUMNS = (
    ListColumn("code", _l("Permit")),
    ListColumn("kind", _l("Kind")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("place", _l("Building and wing"), line="wide"),
    ListColumn("expected", _l("Expected")),
    ListColumn("granted_on", _l("Granted on"), line="wide", is_shown=False),
    ListColumn("expires_on", _l("Valid until")),
    ListColumn("run_count", _l("Runs"), is_number=True),
    ListColumn("point_count", _l("Access points"), is_number=True, line="wide", is_shown=False),
    ListColumn("authority", _l("Authority"), is_shown=False),
    ListColumn("reference", _l("File reference"), line="wide", is_shown=False),
    ListColumn("applied_on", _l("Applied for on"), is_shown=False),
    ListColumn("conditions", _l("Conditions"), is_sortable=False, is_shown=False, is_long=True),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


def permit_words() -> dict[str, Any]:
    """Give the words of kinds and states, and the day that decides what has expired."""
    return {
        "permit_kinds": PERMIT_KINDS,
        "permit_states": PERMIT_STATES,
        "today": local_today(),
        "can_edit": actor().can_anywhere(Action.EDIT_CABLING),
    }


@blueprint.get("/permits")
@policy(Action.SEE_CABLING)
def list_permits() -> ResponseReturnValue:
    """Show the permits in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = permits.list_permits(store, actor(), form.narrow(), view.page)
    return render_list(
        "permits/list.html", view, form, rows, total, tabs=cabling_tabs(), **permit_words()
    )


@blueprint.get("/permits/<ref>")
@policy(Action.SEE_CABLING)
def show_permit(ref: str) -> ResponseReturnValue:
    """Show one permit; for htmx only the panel beside the list."""
    return _show(ref, NamesForm(formdata=None))


def _show(ref: str, form: NamesForm) -> ResponseReturnValue:
    with reading() as store:
        permit = permits.find_permit(store, actor(), ref)
        context = _permit_context(store, permit)
        if request.headers.get("HX-Request"):
            return render_template("permits/_panel.html", **context)
        return render_template(
            "permits/show.html",
            form=form,
            history=permits.list_history(store, actor(), permit),
            **context,
        )


def _permit_context(store: Session, permit: Permit) -> dict[str, Any]:
    where = (permit.building_id, permit.wing_id)
    return {
        **permit_words(),
        "permit": permit,
        "is_expired": is_expired(facts_of(permit), local_today()),
        "runs": sorted((item for item in permit.subjects if item.cable_run), key=name_of),
        "points": sorted((item for item in permit.subjects if item.access_point), key=name_of),
        "states": CABLE_STATES,
        "point_states": ACCESS_POINT_STATES,
        "can_edit": actor().can(Action.EDIT_CABLING, *where),
        "attachments": attachments.list_of(store, permit),
        "attachment_of": ("permit", permit.public_id),
        "can_attach": actor().can(Action.ATTACH_FILES, *where),
    }


@blueprint.route("/permits/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_permit() -> ResponseReturnValue:
    """Add a permit; what the address names is filled in."""
    form = PermitForm()
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
    if not form.is_submitted():
        kind = request.args.get("kind", "heritage")
        form.fill(PermitValues(request.args.get("building", ""), kind))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            permit = permits.add_permit(store, actor(), form.values())
            flash(gettext("Permit %(code)s added.", code=permit.code), "success")
            return redirect(url_for("permits.show_permit", ref=permit.public_id))
    return render_template("permits/edit.html", form=form, permit=None)


@blueprint.route("/permits/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_permit(ref: str) -> ResponseReturnValue:
    """Change a permit."""
    form = PermitForm()
    with reading() as store:
        permit = permits.find_permit(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, permit.building_id, permit.wing_id)
        form.offer(places.list_building_names(store, actor()))
        form.fill(permits.values_of(permit), permit.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            permits.edit_permit(store, actor(), ref, form.values(), form.expected_version())
            target = url_for("permits.show_permit", ref=ref)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("permits/edit.html", form=form, permit=permit)


@blueprint.post("/permits/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_permit(ref: str) -> ResponseReturnValue:
    """Delete a permit."""
    form, target = VersionedForm(), url_for("permits.list_permits")
    with writing() as store:
        permits.delete_permit(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Permit deleted."), target)
    return redirect(target)


@blueprint.post("/permits/<ref>/cover")
@policy(Action.EDIT_CABLING)
def cover_named(ref: str) -> ResponseReturnValue:
    """Let a permit cover what is named."""
    form = NamesForm()
    if form.validate():
        with form.refusals(), writing() as store:
            count = permits.cover_named(store, actor(), ref, form.read_names())
            target = url_for("permits.show_permit", ref=ref)
            flash_with_undo(
                ngettext("%(num)d entry added.", "%(num)d entries added.", count), target
            )
            return redirect(target)
    return _show(ref, form)


@blueprint.post("/permits/<ref>/uncover")
@policy(Action.EDIT_CABLING)
def uncover(ref: str) -> ResponseReturnValue:
    """Take ticked things out of a permit."""
    target = url_for("permits.show_permit", ref=ref)
    with writing() as store:
        count = permits.uncover(store, actor(), ref, request.form.getlist("ids"))
    if count:
        words = ngettext("%(num)d entry taken out.", "%(num)d entries taken out.", count)
        flash_with_undo(words, target)
    return redirect(target)


def _tell_covered(permit: Permit, count: int) -> str:
    words = ngettext(
        "%(code)s covers %(num)d run more.",
        "%(code)s covers %(num)d runs more.",
        count,
        code=permit.code,
    )
    return str(words)


GIVING = Giving(
    template="permits/assign.html",
    endpoint="permits.show_permit",
    label=_l("Permit"),
    prompt=_l("Choose a permit"),
    list_choices=permits.list_choices,
    describe=describe_permit,
    give=permits.cover,
    tell=_tell_covered,
)


@blueprint.route("/permits/assign", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def choose_permit() -> ResponseReturnValue:
    """Show which permits can cover the ticked runs."""
    return GIVING.choose()


@blueprint.post("/permits/assign/apply")
@policy(Action.EDIT_CABLING)
def assign() -> ResponseReturnValue:
    """Let a permit cover many runs, and tell what became of each."""
    return GIVING.apply()
