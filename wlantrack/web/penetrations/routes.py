"""Penetrations: the list, one with the runs through it, its form, and its seal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import CABLE_STATES, PENETRATION_LIFECYCLE, PENETRATION_STATES
from wlantrack.services import attachments, penetrations, places
from wlantrack.services.actor import Action
from wlantrack.web.cabling.words import cabling_tabs, describe_need
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today, translate
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.penetrations.forms import FilterForm, PenetrationForm, SealForm
from wlantrack.web.permits.forms import NamesForm
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.permits import Penetration

blueprint = Blueprint("penetrations", __name__)

COLUMNS = (
    ListColumn("code", _l("Penetration")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("floor", _l("Floor")),
    ListColumn("run_count", _l("Runs"), is_number=True),
    ListColumn("sealed_on", _l("Sealed on")),
    ListColumn("place", _l("Where it is"), is_long=True),
    ListColumn("wing", _l("Wing"), line="wide", is_shown=False),
    ListColumn("fire_rating", _l("Fire rating"), line="wide", is_shown=False),
    ListColumn("seal", _l("Seal"), is_shown=False),
    ListColumn("approval", _l("Approval of the seal"), is_shown=False),
    ListColumn("firm", _l("Firm"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/penetrations")
@policy(Action.SEE_CABLING)
def list_penetrations() -> ResponseReturnValue:
    """Show the penetrations in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = penetrations.list_penetrations(store, actor(), form.narrow(), view.page)
    return render_list(
        "penetrations/list.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        penetration_states=PENETRATION_STATES,
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/penetrations/<ref>")
@policy(Action.SEE_CABLING)
def show_penetration(ref: str) -> ResponseReturnValue:
    """Show one penetration; for htmx only the panel beside the list."""
    return _show(ref, NamesForm(formdata=None))


def _show(ref: str, form: NamesForm) -> ResponseReturnValue:
    form.names.label.text = gettext("Cable runs")
    with reading() as store:
        found = penetrations.find_penetration(store, actor(), ref)
        context = _context(store, found)
        if request.headers.get("HX-Request"):
            return render_template("penetrations/_panel.html", **context)
        return render_template(
            "penetrations/show.html",
            form=form,
            history=penetrations.list_history(store, actor(), found),
            **context,
        )


def _context(store: Session, found: Penetration) -> dict[str, Any]:
    where = penetrations.place_of(found)
    possible = penetrations.list_possible(actor(), found)
    return {
        "record": found,
        "state": PENETRATION_STATES[found.state],
        "penetration_states": PENETRATION_STATES,
        "states": CABLE_STATES,
        "runs": penetrations.list_through(actor(), found),
        "targets": [(item, describe_need(item)) for item in possible],
        "can_edit": actor().can(Action.EDIT_CABLING, *where),
        "can_change_state": actor().can(Action.CHANGE_CABLE_STATE, *where),
        "attachments": attachments.list_of(store, found),
        "attachment_of": ("penetration", found.public_id),
        "can_attach": actor().can(Action.ATTACH_FILES, *where),
    }


@blueprint.route("/penetrations/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_penetration() -> ResponseReturnValue:
    """Add a penetration."""
    form = PenetrationForm()
    with reading() as store:
        form.offer(places.list_floors(store, actor(), Action.EDIT_CABLING))
    if not form.is_submitted():
        form.floor.data = request.args.get("floor", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = penetrations.add_penetration(store, actor(), form.values())
            flash(gettext("Penetration %(code)s added.", code=made.code), "success")
            return redirect(url_for("penetrations.show_penetration", ref=made.public_id))
    return render_template("penetrations/edit.html", form=form, record=None)


@blueprint.route("/penetrations/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_penetration(ref: str) -> ResponseReturnValue:
    """Change a penetration."""
    form = PenetrationForm()
    with reading() as store:
        found = penetrations.find_penetration(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, *penetrations.place_of(found))
        form.offer(places.list_floors(store, actor(), Action.EDIT_CABLING))
        form.fill(penetrations.values_of(found), found.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            values, version = form.values(), form.expected_version()
            penetrations.edit_penetration(store, actor(), ref, values, version)
            return _saved(ref, gettext("Saved."))
    return render_template("penetrations/edit.html", form=form, record=found)


def _saved(ref: str, words: str) -> ResponseReturnValue:
    target = url_for("penetrations.show_penetration", ref=ref)
    flash_with_undo(words, target)
    return redirect(target)


@blueprint.post("/penetrations/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_penetration(ref: str) -> ResponseReturnValue:
    """Delete a penetration that nobody has drilled yet."""
    form, target = VersionedForm(), url_for("penetrations.list_penetrations")
    with writing() as store:
        penetrations.delete_penetration(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Penetration deleted."), target)
    return redirect(target)


@blueprint.post("/penetrations/<ref>/runs")
@policy(Action.EDIT_CABLING)
def lead_through(ref: str) -> ResponseReturnValue:
    """Lead named runs through a penetration; that opens its seal."""
    form = NamesForm()
    if form.validate():
        with form.refusals(), writing() as store:
            is_opened = penetrations.lead_through(store, actor(), ref, form.read_names())
            if is_opened:
                flash(gettext("A further cable leads through it: it is open again."), "warning")
            return _saved(ref, gettext("Saved."))
    return _show(ref, form)


@blueprint.post("/penetrations/<ref>/runs/remove")
@policy(Action.EDIT_CABLING)
def take_out(ref: str) -> ResponseReturnValue:
    """Take ticked runs out of a penetration."""
    with writing() as store:
        count = penetrations.take_out(store, actor(), ref, request.form.getlist("ids"))
    words = ngettext("%(num)d entry taken out.", "%(num)d entries taken out.", count)
    return _saved(ref, words)


@blueprint.route("/penetrations/<ref>/state", methods=["GET", "POST"])
@policy(Action.CHANGE_CABLE_STATE)
def change_state(ref: str) -> ResponseReturnValue:
    """Choose the next state of a penetration, then give what it needs."""
    form = SealForm()
    with reading() as store:
        found = penetrations.find_penetration(store, actor(), ref)
        actor().require(Action.CHANGE_CABLE_STATE, *penetrations.place_of(found))
        context = _context(store, found)
    target = str(form.target.data or request.args.get("target", ""))
    change = PENETRATION_LIFECYCLE.transitions.get((found.state, target))
    if change is None and not form.is_submitted():
        return render_template("penetrations/choose_state.html", **context)
    if not form.is_submitted():
        form.target.data, form.done_on.data = target, local_today()
        form.version.data = found.version
        form.approval.data, form.firm.data = found.approval, found.firm
    elif form.validate():
        with form.refusals(), writing() as store:
            seal, version = form.change(), form.expected_version()
            files = installation().files
            penetrations.change_state(store, actor(), files, ref, seal, version)
            word = translate(PENETRATION_STATES[seal.target].label)
            words = gettext("%(label)s is now »%(state)s«.", label=found.code, state=word)
            return _saved(ref, words)
    needed = change.evidence if change else ()
    for name in needed:
        form[name].flags.required = True
    return render_template(
        "penetrations/state.html",
        form=form,
        target=PENETRATION_STATES.get(target, context["state"]),
        needed=needed,
        **context,
    )
