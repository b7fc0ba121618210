"""Pages of VLANs: the list, one VLAN with what uses it, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import network_sight, networks, vlans
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, house, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.networks.forms import NewVlanForm, VlanClassForm, VlanFilterForm, VlanForm
from wlantrack.web.networks.page import record_context, tab_context, tell, wants_panel
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("vlans", __name__)

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("vid", _l("VLAN id"), is_number=True, line="first"),
    ListColumn("name", _l("Name"), line="wide"),
    ListColumn("network_class", _l("Class")),
    ListColumn("ssids", _l("SSIDs"), is_number=True),
    ListColumn("subnet_v4", _l("IPv4 subnet")),
    ListColumn("subnet_v6", _l("IPv6 subnet"), is_shown=False),
    ListColumn("zone", _l("Zone")),
    ListColumn("owner", _l("Owner"), line="wide", is_shown=False),
    ListColumn("purpose", _l("Purpose"), line="wide", is_shown=False, is_long=True),
    ListColumn("protection_need", _l("Protection need"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/networks/vlans")
@policy(Action.SEE_SEGMENTS)
def list_vlans() -> ResponseReturnValue:
    """Show the VLANs; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), VlanFilterForm(request.args)
    with reading() as store:
        form.offer(network_sight.segment_classes(actor()), vlans.list_zones(store, actor()))
        rows, total = vlans.list_vlans(store, actor(), form.narrow(), view.page)
    context = tab_context("networks.vlans.list_vlans")
    return render_list("networks/vlans.html", view, form, rows, total, **context)


@blueprint.get("/networks/vlans/<ref>")
@policy(Action.SEE_SEGMENTS)
def show_vlan(ref: str) -> ResponseReturnValue:
    """Show one VLAN and what uses it; for htmx only the panel beside the list."""
    with reading() as store:
        vlan = vlans.find_vlan(store, actor(), ref)
        if wants_panel():
            return render_template("networks/_vlan_panel.html", vlan=vlan, **record_context())
        on_it, flows = vlans.list_uses(store, actor(), vlan)
        history = networks.list_history(store, actor(), vlan)
    return render_template(
        "networks/vlan.html",
        vlan=vlan,
        ssids=on_it,
        flows=flows,
        history=history,
        **record_context(),
    )


@blueprint.route("/networks/vlans/add", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def add_vlan() -> ResponseReturnValue:
    """Add a VLAN."""
    actor().require(Action.EDIT_NETWORKS)
    form = NewVlanForm()
    form.offer()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            saved = vlans.add_vlan(store, actor(), form.network_class.data, form.values(), house())
            list_url = url_for("networks.vlans.list_vlans")
            tell(gettext("VLAN added."), list_url, saved.warnings)
            return redirect(url_for("networks.vlans.show_vlan", ref=saved.record.public_id))
    return render_template("networks/vlan_edit.html", form=form, **record_context())


@blueprint.route("/networks/vlans/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def edit_vlan(ref: str) -> ResponseReturnValue:
    """Change a VLAN; its class stays."""
    actor().require(Action.EDIT_NETWORKS)
    with reading() as store:
        vlan = vlans.find_vlan(store, actor(), ref)
        form = VlanForm(obj=vlan)
    form.offer()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            saved = vlans.change_vlan(
                store, actor(), ref, form.values(), form.expected_version(), house()
            )
            target = url_for("networks.vlans.show_vlan", ref=saved.record.public_id)
            tell(gettext("Saved."), target, saved.warnings)
            return redirect(target)
    return render_template("networks/vlan_edit.html", form=form, vlan=vlan, **record_context())


@blueprint.route("/networks/vlans/<ref>/class", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def reclassify_vlan(ref: str) -> ResponseReturnValue:
    """Give a VLAN another class, while no SSID is on it."""
    actor().require(Action.EDIT_NETWORKS)
    form = VlanClassForm()
    form.offer()
    with reading() as store:
        vlan = vlans.find_vlan(store, actor(), ref)
        on_it, _ = vlans.list_uses(store, actor(), vlan)
    if not form.is_submitted():
        form.version.data, form.network_class.data = vlan.version, vlan.network_class
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            version = form.expected_version()
            vlans.reclassify_vlan(store, actor(), ref, form.network_class.data, version, house())
            target = url_for("networks.vlans.show_vlan", ref=ref)
            tell(gettext("Class changed."), target)
            return redirect(target)
    return render_template(
        "networks/vlan_class.html", form=form, vlan=vlan, ssids=on_it, **record_context()
    )


@blueprint.post("/networks/vlans/<ref>/delete")
@policy(Action.EDIT_NETWORKS)
def delete_vlan(ref: str) -> ResponseReturnValue:
    """Delete a VLAN that nothing uses."""
    version = VersionedForm().expected_version()
    with writing() as store:
        code = vlans.delete_vlan(store, actor(), ref, version)
    target = url_for("networks.vlans.list_vlans")
    tell(gettext("VLAN %(code)s deleted.", code=code), target)
    return redirect(target)
