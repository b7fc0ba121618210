"""Cable routes: the list, one with the runs along it, its form, and lengths taken from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import cable_lengths, cable_routes, cable_ways, places
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_routes import KIND_WORDS
from wlantrack.web.cable_routes.forms import FilterForm, RouteForm
from wlantrack.web.cabling.ways import draw_route_sheet, way_parts
from wlantrack.web.cabling.words import cabling_tabs
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.permits import CableRoute

blueprint = Blueprint("cable_routes", __name__)

COLUMNS = (
    ListColumn("code", _l("Route")),
    ListColumn("kind", _l("Kind"), line="first"),
    ListColumn("floor", _l("Floor")),
    ListColumn("wing", _l("Wing"), line="wide"),
    ListColumn("length", _l("Length (m)"), is_number=True, is_sortable=False),
    ListColumn("filled", _l("Cables"), is_sortable=False),
    ListColumn("laid", _l("Laid already"), is_number=True, is_sortable=False, is_shown=False),
    ListColumn("capacity", _l("Cables that fit"), is_number=True, is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/cable-routes")
@policy(Action.SEE_CABLING)
def list_routes() -> ResponseReturnValue:
    """Show the routes in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = cable_ways.list_routes(store, actor(), way_parts(), form.narrow(), view.page)
    return render_list(
        "cable_routes/list.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        kinds=KIND_WORDS,
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/cable-routes/<ref>")
@policy(Action.SEE_CABLING)
def show_route(ref: str) -> ResponseReturnValue:
    """Show one route with the runs along it; for htmx only the panel beside the list."""
    with reading() as store:
        found = cable_routes.find_route(store, actor(), ref)
        context = _context(store, found)
        if request.headers.get("HX-Request"):
            return render_template("cable_routes/_panel.html", **context)
        return render_template(
            "cable_routes/show.html",
            sheet=draw_route_sheet(store, found),
            history=cable_routes.list_history(store, actor(), found),
            **context,
        )


def _context(store: Session, found: CableRoute) -> dict[str, Any]:
    runs = cable_ways.list_along(store, way_parts(), found)
    seen = [run for run in runs if actor().can(Action.SEE_CABLING, run.building_id, run.wing_id)]
    return {
        "record": found,
        "item": cable_ways.find_listed(store, way_parts(), found),
        "runs": seen,
        "hidden_count": len(runs) - len(seen),
        "kinds": KIND_WORDS,
        "states": CABLE_STATES,
        "can_edit": actor().can(Action.EDIT_CABLING, *cable_routes.place_of(found)),
    }


@blueprint.route("/cable-routes/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_route() -> ResponseReturnValue:
    """Add a route by its corners; on a floor's plan it is drawn."""
    form = RouteForm()
    with reading() as store:
        floors = places.list_floors(store, actor(), Action.EDIT_CABLING)
        form.offer(floors, gettext("none"))
    if not form.is_submitted():
        form.floor.data = request.args.get("floor", "")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = cable_routes.add_route(store, actor(), form.values())
            flash(gettext("Cable route %(code)s added.", code=made.code), "success")
            return redirect(url_for("cable_routes.show_route", ref=made.public_id))
    return render_template("cable_routes/edit.html", form=form, record=None)


@blueprint.route("/cable-routes/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_route(ref: str) -> ResponseReturnValue:
    """Change a route."""
    form = RouteForm()
    with reading() as store:
        found = cable_routes.find_route(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, *cable_routes.place_of(found))
        floors = places.list_floors(store, actor(), Action.EDIT_CABLING)
        form.offer(floors, gettext("none"))
        form.fill(cable_routes.values_of(found), found.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            values, version = form.values(), form.expected_version()
            cable_routes.edit_route(store, actor(), ref, values, version)
            target = url_for("cable_routes.show_route", ref=found.public_id)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("cable_routes/edit.html", form=form, record=found)


@blueprint.post("/cable-routes/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_route(ref: str) -> ResponseReturnValue:
    """Delete a route; runs are then led along others."""
    form, target = VersionedForm(), url_for("cable_routes.list_routes")
    with writing() as store:
        cable_routes.delete_route(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Cable route deleted."), target)
    return redirect(target)


@blueprint.get("/cable-routes/lengths")
@policy(Action.EDIT_CABLING)
def preview_lengths() -> ResponseReturnValue:
    """Show what lengths the open runs take along the routes, before anything is changed."""
    building = request.args.get("building", "")
    with reading() as store:
        buildings = places.list_building_names(store, actor())
        found = cable_lengths.list_proposals(store, actor(), way_parts(), building)
    return render_template(
        "cable_routes/lengths.html",
        building=building,
        buildings=buildings,
        ready=[item for item in found if item.is_new],
        same_count=sum(item.length_m is not None and not item.is_new for item in found),
        without=[item for item in found if item.length_m is None],
        states=CABLE_STATES,
    )


@blueprint.post("/cable-routes/lengths")
@policy(Action.EDIT_CABLING)
def take_lengths() -> ResponseReturnValue:
    """Plan the ticked runs with the lengths along their ways."""
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    building = request.form.get("building", "")
    target = url_for("cable_routes.preview_lengths", building=building or None)
    with writing() as store:
        result = cable_lengths.take_lengths(store, actor(), way_parts(), selected)
    count = len(result.changed)
    if count:
        words = ngettext("%(num)d length taken over.", "%(num)d lengths taken over.", count)
        flash_with_undo(words, target)
    if result.refused:
        return render_template(
            "cable_routes/lengths_refused.html", result=result, states=CABLE_STATES, next=target
        )
    return redirect(target)
