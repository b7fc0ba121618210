"""Pages of flows: the list, one flow, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import flows, network_sight, networks, vlans
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, house, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.networks.forms import FlowFilterForm, FlowForm
from wlantrack.web.networks.page import record_context, tab_context, tell, wants_panel
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("flows", __name__)

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("action", _l("Action"), line="first"),
    ListColumn("source", _l("From")),
    ListColumn("target", _l("To")),
    ListColumn("services", _l("Services")),
    ListColumn("family", _l("Addresses"), line="wide"),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/networks/flows")
@policy(Action.SEE_SEGMENTS)
def list_flows() -> ResponseReturnValue:
    """Show the flows; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), FlowFilterForm(request.args)
    with reading() as store:
        form.offer(network_sight.segment_classes(actor()), vlans.list_choices(store, actor()))
        rows, total = flows.list_flows(store, actor(), form.narrow(), view.page)
    context = tab_context("networks.flows.list_flows")
    return render_list("networks/flows.html", view, form, rows, total, **context)


@blueprint.get("/networks/flows/<ref>")
@policy(Action.SEE_SEGMENTS)
def show_flow(ref: str) -> ResponseReturnValue:
    """Show one flow; for htmx only the panel beside the list."""
    with reading() as store:
        flow = flows.find_flow(store, actor(), ref)
        if wants_panel():
            return render_template("networks/_flow_panel.html", flow=flow, **record_context())
        history = networks.list_history(store, actor(), flow)
    return render_template("networks/flow.html", flow=flow, history=history, **record_context())


@blueprint.route("/networks/flows/add", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def add_flow() -> ResponseReturnValue:
    """Add a flow."""
    actor().require(Action.EDIT_NETWORKS)
    form = FlowForm()
    with reading() as store:
        form.offer(vlans.list_choices(store, actor()))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            flow = flows.add_flow(store, actor(), form.values(), house())
            tell(gettext("Flow added."), url_for("networks.flows.list_flows"))
            return redirect(url_for("networks.flows.show_flow", ref=flow.public_id))
    return render_template("networks/flow_edit.html", form=form, **record_context())


@blueprint.route("/networks/flows/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def edit_flow(ref: str) -> ResponseReturnValue:
    """Change a flow."""
    actor().require(Action.EDIT_NETWORKS)
    with reading() as store:
        flow = flows.find_flow(store, actor(), ref)
        form = FlowForm(obj=flow)
        form.offer(vlans.list_choices(store, actor()))
        form.set_current("source", str(flow.source.public_id))
        form.set_current("target", str(flow.target.public_id))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            changed = flows.change_flow(
                store, actor(), ref, form.values(), form.expected_version(), house()
            )
            target = url_for("networks.flows.show_flow", ref=changed.public_id)
            tell(gettext("Saved."), target)
            return redirect(target)
    return render_template("networks/flow_edit.html", form=form, flow=flow, **record_context())


@blueprint.post("/networks/flows/<ref>/delete")
@policy(Action.EDIT_NETWORKS)
def delete_flow(ref: str) -> ResponseReturnValue:
    """Delete a flow."""
    version = VersionedForm().expected_version()
    with writing() as store:
        code = flows.delete_flow(store, actor(), ref, version, house())
    target = url_for("networks.flows.list_flows")
    tell(gettext("Flow %(code)s deleted.", code=code), target)
    return redirect(target)
