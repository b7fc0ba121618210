"""Pages of SSIDs: the list, one SSID with its scopes, changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import network_sight, networks, on_air, ssid_scopes, ssids, vlans
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, house, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.networks.forms import ScopeForm, SsidClassForm, SsidFilterForm, SsidForm
from wlantrack.web.networks.page import record_context, tab_context, tell, wants_panel
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("ssids", __name__)

SHOWN_FLOORS = 60
"""In a whole city there are hundreds; the list of access points has them all."""

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("name", _l("Network name"), line="first"),
    ListColumn("network_class", _l("Class")),
    ListColumn("state", _l("State")),
    ListColumn("points", _l("Access points"), is_number=True, is_sortable=False),
    ListColumn("vlan", _l("VLAN")),
    ListColumn("security", _l("Security"), line="wide"),
    ListColumn("bands", _l("Bands"), is_sortable=False, line="wide"),
    ListColumn("pmf", _l("PMF"), line="wide", is_shown=False),
    ListColumn("isolated", _l("Isolation"), is_shown=False),
    ListColumn("owner", _l("Owner"), line="wide", is_shown=False),
    ListColumn("purpose", _l("Purpose"), line="wide", is_shown=False, is_long=True),
    ListColumn("protection_need", _l("Protection need"), is_shown=False),
    ListColumn("ends_on", _l("Ends on"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/networks")
@policy(Action.SEE_NETWORKS)
def list_ssids() -> ResponseReturnValue:
    """Show the SSIDs; filters, order, columns and page stand in the URL."""
    sees_segments = actor().can_anywhere(Action.SEE_SEGMENTS)
    view = read_list([column for column in COLUMNS if sees_segments or column.key != "vlan"])
    form = SsidFilterForm(request.args)
    with reading() as store:
        form.offer(network_sight.visible_classes(actor()), vlans.list_choices(store, actor()))
        rows, total = ssids.list_ssids(store, actor(), form.narrow(), view.page)
        points = on_air.count_points(store, actor(), {row.id for row in rows})
    context = tab_context("networks.ssids.list_ssids")
    return render_list("networks/ssids.html", view, form, rows, total, points=points, **context)


@blueprint.get("/networks/ssids/<ref>")
@policy(Action.SEE_NETWORKS)
def show_ssid(ref: str) -> ResponseReturnValue:
    """Show one SSID and where it is on air; for htmx only the panel beside the list."""
    return _show(ref, ScopeForm(formdata=None))


def _show(ref: str, form: ScopeForm) -> ResponseReturnValue:
    with reading() as store:
        ssid = ssids.find_ssid(store, actor(), ref)
        floors = on_air.count_by_floor(store, actor(), ssid)
        can_scope = actor().can_anywhere(Action.EDIT_NETWORKS)
        context = {
            "ssid": ssid,
            "floors": floors[:SHOWN_FLOORS],
            "more_floors": len(floors) - SHOWN_FLOORS,
            "points": sum(floor.points for floor in floors),
            **record_context(),
        }
        if wants_panel():
            return render_template("networks/_ssid_panel.html", **context)
        return render_template(
            "networks/ssid.html",
            form=form,
            scopes=[
                (scope, place, actor().can(Action.EDIT_NETWORKS, place.building_id, place.wing_id))
                for scope, place in ssid_scopes.list_scopes(actor(), ssid)
            ],
            place_choices=ssid_scopes.list_choices(store, actor()) if can_scope else [],
            can_scope=can_scope,
            history=networks.list_history(store, actor(), ssid),
            **context,
        )


@blueprint.post("/networks/ssids/<ref>/scopes")
@policy(Action.EDIT_NETWORKS)
def set_scope(ref: str) -> ResponseReturnValue:
    """Put an SSID on air in a place, or exclude it there."""
    form = ScopeForm()
    if form.validate_on_submit():
        is_excluded = request.form.get("act") == "exclude"
        with form.refusals(), writing() as store:
            place = ssid_scopes.find_place(store, actor(), form.place.data)
            ssid_scopes.set_scope(
                store, actor(), ref, place, is_excluded=is_excluded, house=house()
            )
            target = url_for("networks.ssids.show_ssid", ref=ref)
            tell(
                gettext("Not on air in %(place)s.", place=place.code)
                if is_excluded
                else gettext("On air in %(place)s.", place=place.code),
                target,
            )
            return redirect(target)
    return _show(ref, form)


@blueprint.post("/networks/scopes/<ref>/remove")
@policy(Action.EDIT_NETWORKS)
def remove_scope(ref: str) -> ResponseReturnValue:
    """Remove a scope."""
    version = VersionedForm().expected_version()
    with writing() as store:
        ssid = ssid_scopes.remove_scope(store, actor(), ref, version, house())
    target = url_for("networks.ssids.show_ssid", ref=ssid.public_id)
    tell(gettext("Place removed."), target)
    return redirect(target)


@blueprint.route("/networks/ssids/add", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def add_ssid() -> ResponseReturnValue:
    """Add an SSID."""
    actor().require(Action.EDIT_NETWORKS)
    form = SsidForm()
    with reading() as store:
        form.offer(vlans.list_choices(store, actor()))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            saved = ssids.add_ssid(store, actor(), form.values(), house())
            ref = saved.record.public_id
            list_url = url_for("networks.ssids.list_ssids")
            tell(gettext("SSID added. Now say where it is on air."), list_url, saved.warnings)
            return redirect(url_for("networks.ssids.show_ssid", ref=ref))
    return render_template("networks/ssid_edit.html", form=form, **record_context())


@blueprint.route("/networks/ssids/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def edit_ssid(ref: str) -> ResponseReturnValue:
    """Change an SSID; its VLAN only within its class."""
    actor().require(Action.EDIT_NETWORKS)
    with reading() as store:
        ssid = ssids.find_ssid(store, actor(), ref)
        form = SsidForm(obj=ssid)
        form.offer(vlans.list_choices(store, actor(), ssid.network_class), ssid)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            saved = ssids.change_ssid(
                store, actor(), ref, form.values(), form.expected_version(), house()
            )
            target = url_for("networks.ssids.show_ssid", ref=saved.record.public_id)
            tell(gettext("Saved."), target, saved.warnings)
            return redirect(target)
    return render_template("networks/ssid_edit.html", form=form, ssid=ssid, **record_context())


@blueprint.route("/networks/ssids/<ref>/class", methods=["GET", "POST"])
@policy(Action.EDIT_NETWORKS)
def reclassify_ssid(ref: str) -> ResponseReturnValue:
    """Move an SSID to a VLAN of another class."""
    actor().require(Action.EDIT_NETWORKS)
    form = SsidClassForm()
    with reading() as store:
        ssid = ssids.find_ssid(store, actor(), ref)
        form.offer(vlans.list_choices(store, actor()))
        if not form.is_submitted():
            form.version.data, form.vlan.data = ssid.version, str(ssid.vlan.public_id)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            version = form.expected_version()
            ssids.reclassify_ssid(store, actor(), ref, form.vlan.data, version, house())
            target = url_for("networks.ssids.show_ssid", ref=ref)
            tell(gettext("Class changed."), target)
            return redirect(target)
    return render_template("networks/ssid_class.html", form=form, ssid=ssid, **record_context())


@blueprint.post("/networks/ssids/<ref>/delete")
@policy(Action.EDIT_NETWORKS)
def delete_ssid(ref: str) -> ResponseReturnValue:
    """Delete an SSID with its scopes."""
    version = VersionedForm().expected_version()
    with writing() as store:
        code = ssids.delete_ssid(store, actor(), ref, version)
    target = url_for("networks.ssids.list_ssids")
    tell(gettext("SSID %(code)s deleted.", code=code), target)
    return redirect(target)
