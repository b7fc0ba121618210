"""Orders: the list, one with what it is for, its form, and runs assigned to one from their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES, CABLE_STATES
from wlantrack.services import orders, places, run_sight
from wlantrack.services.actor import Action
from wlantrack.services.covering import name_of
from wlantrack.services.orders import OrderValues
from wlantrack.web.cabling.giving import Giving
from wlantrack.web.cabling.words import cabling_tabs
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.orders.forms import FilterForm, OrderForm, describe_order
from wlantrack.web.permits.forms import NamesForm
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.permits import Order

blueprint = Blueprint("orders", __name__)

COLUMNS = (
    ListColumn("code", _l("Order")),
    ListColumn("name", _l("What is ordered"), is_long=True),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("delivery", _l("Delivery")),
    ListColumn("firm", _l("Firm"), is_long=True),
    ListColumn("run_count", _l("Runs"), is_number=True, line="wide"),
    ListColumn("ordered_on", _l("Ordered on"), line="wide"),
    ListColumn("place", _l("Building and wing"), line="wide", is_shown=False),
    ListColumn("point_count", _l("Access points"), is_number=True, line="wide", is_shown=False),
    ListColumn("delivered_on", _l("Delivered on"), is_shown=False),
    ListColumn("contact", _l("Contact"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)
INSIDE_COLUMNS = frozenset({"run_count", "point_count", "note"})
"""A firm is not told how much of an order it does not see yet."""


@blueprint.get("/orders")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def list_orders() -> ResponseReturnValue:
    """Show the orders in scope, a firm its own; filters and order stand in the URL."""
    sees_inside = actor().can_anywhere(Action.SEE_CABLING)
    columns = [item for item in COLUMNS if sees_inside or item.key not in INSIDE_COLUMNS]
    view, form = read_list(columns), FilterForm(request.args)
    with reading() as store:
        firms = orders.list_firms(store, actor())
        form.offer(places.list_building_names(store, actor()), firms)
        if not sees_inside:
            del form.building, form.firm
        rows, total = orders.list_orders(store, actor(), form.narrow(), view.page)
    return render_list(
        "orders/list.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        order_states=orders.STATES,
        sees_inside=sees_inside,
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/orders/<ref>")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def show_order(ref: str) -> ResponseReturnValue:
    """Show one order; for htmx only the panel beside the list."""
    return _show(ref, NamesForm(formdata=None))


def _show(ref: str, form: NamesForm) -> ResponseReturnValue:
    with reading() as store:
        order = orders.find_order(store, actor(), ref)
        context = _order_context(store, order)
        if request.headers.get("HX-Request"):
            return render_template("orders/_panel.html", **context)
        return render_template("orders/show.html", form=form, **context)


def _order_context(store: Session, order: Order) -> dict[str, Any]:
    sees_inside = orders.sees_inside(actor(), order)
    runs = [
        item
        for item in order.subjects
        if item.cable_run is not None and run_sight.sees_run(actor(), item.cable_run)
    ]
    points = [item for item in order.subjects if item.access_point is not None and sees_inside]
    return {
        "record": order,
        "state": orders.STATES[order.state],
        "runs": sorted(runs, key=name_of),
        "points": sorted(points, key=name_of),
        "states": CABLE_STATES,
        "point_states": ACCESS_POINT_STATES,
        "sees_inside": sees_inside,
        "can_edit": actor().can(Action.EDIT_CABLING, order.building_id, order.wing_id),
        "history": orders.list_history(store, actor(), order) if sees_inside else [],
    }


@blueprint.route("/orders/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_order() -> ResponseReturnValue:
    """Add an order; what the address names is filled in."""
    form = OrderForm()
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
    if not form.is_submitted():
        building, firm = request.args.get("building", ""), request.args.get("firm", "")
        form.fill(OrderValues(firm, building))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            order = orders.add_order(store, actor(), form.values())
            flash(gettext("Order %(code)s added.", code=order.code), "success")
            return redirect(url_for("orders.show_order", ref=order.public_id))
    return render_template("orders/edit.html", form=form, record=None)


@blueprint.route("/orders/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_order(ref: str) -> ResponseReturnValue:
    """Change an order, and with it whose its runs are."""
    form = OrderForm()
    with reading() as store:
        order = orders.find_order(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, order.building_id, order.wing_id)
        form.offer(places.list_building_names(store, actor()))
        form.fill(orders.values_of(order), order.version)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            orders.edit_order(store, actor(), ref, form.values(), form.expected_version())
            return _saved(ref, gettext("Saved."))
    return render_template("orders/edit.html", form=form, record=order)


def _saved(ref: str, words: str) -> ResponseReturnValue:
    target = url_for("orders.show_order", ref=ref)
    flash_with_undo(words, target)
    return redirect(target)


@blueprint.post("/orders/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_order(ref: str) -> ResponseReturnValue:
    """Delete an order that is not out yet."""
    form, target = VersionedForm(), url_for("orders.list_orders")
    with writing() as store:
        orders.delete_order(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Order deleted."), target)
    return redirect(target)


@blueprint.post("/orders/<ref>/assign")
@policy(Action.EDIT_CABLING)
def assign_named(ref: str) -> ResponseReturnValue:
    """Assign what is named to an order."""
    form = NamesForm()
    if form.validate():
        with form.refusals(), writing() as store:
            count = orders.assign_named(store, actor(), ref, form.read_names())
            return _saved(ref, ngettext("%(num)d entry added.", "%(num)d entries added.", count))
    return _show(ref, form)


@blueprint.post("/orders/<ref>/remove")
@policy(Action.EDIT_CABLING)
def take_out(ref: str) -> ResponseReturnValue:
    """Take ticked things out of an order."""
    with writing() as store:
        count = orders.take_out(store, actor(), ref, request.form.getlist("ids"))
    return _saved(ref, ngettext("%(num)d entry taken out.", "%(num)d entries taken out.", count))


def _tell_assigned(order: Order, count: int) -> str:
    words = ngettext(
        "%(num)d run is in %(code)s of %(firm)s now.",
        "%(num)d runs are in %(code)s of %(firm)s now.",
        count,
        code=order.code,
        firm=order.firm,
    )
    return str(words)


GIVING = Giving(
    template="orders/assign.html",
    endpoint="orders.show_order",
    label=_l("Order"),
    prompt=_l("Choose an order"),
    list_choices=orders.list_choices,
    describe=describe_order,
    give=orders.assign,
    tell=_tell_assigned,
)


@blueprint.route("/orders/assign", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def choose_order() -> ResponseReturnValue:
    """Show to which orders the ticked runs can be assigned."""
    return GIVING.choose()


@blueprint.post("/orders/assign/apply")
@policy(Action.EDIT_CABLING)
def assign() -> ResponseReturnValue:
    """Assign many runs to an order, and tell what became of each."""
    return GIVING.apply()
