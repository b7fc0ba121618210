"""Blackouts: the list, one of them, and its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import blackouts, places
from wlantrack.services.actor import Action
from wlantrack.web.blackouts.forms import BlackoutFilterForm, BlackoutForm
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import local_today
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo
from wlantrack.web.work.words import FORBIDDEN_WORDS, work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("blackouts", __name__)

COLUMNS = (
    ListColumn("begins", _l("Days")),
    ListColumn("name", _l("What is on"), line="first"),
    ListColumn("noise", _l("Forbids")),
    ListColumn("place", _l("Where")),
    ListColumn("calendar", _l("Calendar"), line="wide"),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


def words() -> dict[str, Any]:
    """Give the words that pages of blackouts show."""
    return {
        "forbidden": FORBIDDEN_WORDS,
        "span": write_span,
        "can_add": actor().can_anywhere(Action.EDIT_WORK),
    }


@blueprint.get("/blackouts")
@policy(Action.SEE_WORK)
def list_blackouts() -> ResponseReturnValue:
    """Show the blackouts that hold in scope; filters, order and page stand in the URL."""
    view, form = read_list(COLUMNS, "begins"), BlackoutFilterForm(request.args)
    with reading() as store:
        form.offer(
            places.list_building_names(store, actor()), blackouts.list_calendars(store, actor())
        )
        rows, total = blackouts.list_blackouts(
            store, actor(), form.narrow(), view.page, local_today()
        )
    return render_list("blackouts/list.html", view, form, rows, total, tabs=work_tabs(), **words())


@blueprint.get("/blackouts/<ref>")
@policy(Action.SEE_WORK)
def show_blackout(ref: str) -> ResponseReturnValue:
    """Show one blackout; for htmx only the panel beside the list."""
    with reading() as store:
        blackout = blackouts.find_blackout(store, actor(), ref)
        context = {
            "blackout": blackout,
            "can_edit": blackouts.may_edit(actor(), blackout),
            **words(),
        }
        if request.headers.get("HX-Request"):
            return render_template("blackouts/_panel.html", **context)
        history = blackouts.list_history(store, actor(), blackout)
    return render_template("blackouts/show.html", history=history, **context)


@blueprint.route("/blackouts/new", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def add_blackout() -> ResponseReturnValue:
    """Add a blackout; what the address names is filled in."""
    form = BlackoutForm()
    with reading() as store:
        form.offer(blackouts.list_places(store, actor()), ("", ""))
    if not form.is_submitted():
        form.where.data = request.args.get("where", "")
        form.noise_class.data = "loud"
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            blackout = blackouts.add_blackout(store, actor(), form.values())
            target = url_for("blackouts.show_blackout", ref=blackout.public_id)
            flash_with_undo(gettext("Blackout »%(name)s« added.", name=blackout.name), target)
            return redirect(target)
    return render_template("blackouts/edit.html", form=form, blackout=None)


@blueprint.route("/blackouts/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def edit_blackout(ref: str) -> ResponseReturnValue:
    """Change a blackout."""
    with reading() as store:
        blackout = blackouts.find_editable(store, actor(), ref)
        where = blackouts.where_of(blackout)
        form = BlackoutForm(obj=blackout)
        form.offer(blackouts.list_places(store, actor()), (where, where))
    form.show_current(
        {"where": where, "begins_on": blackout.begins_on, "ends_on": blackout.ends_on}
    )
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            blackouts.edit_blackout(
                store, actor(), ref, form.values(blackout), form.expected_version()
            )
            target = url_for("blackouts.show_blackout", ref=ref)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("blackouts/edit.html", form=form, blackout=blackout)


@blueprint.post("/blackouts/<ref>/delete")
@policy(Action.EDIT_WORK)
def delete_blackout(ref: str) -> ResponseReturnValue:
    """Delete a blackout."""
    version, target = VersionedForm().expected_version(), url_for("blackouts.list_blackouts")
    with writing() as store:
        name = blackouts.delete_blackout(store, actor(), ref, version)
    flash_with_undo(gettext("Blackout »%(name)s« deleted.", name=name), target)
    return redirect(target)
