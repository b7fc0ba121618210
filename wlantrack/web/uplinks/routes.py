"""Uplinks: one line with its loads as chart and table, and the forms around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from wlantrack.services import places, uplinks
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm, number_of
from wlantrack.web.place_path import building_path
from wlantrack.web.policies import policy
from wlantrack.web.uplinks.chart import draw_loads
from wlantrack.web.uplinks.forms import LoadForm, UplinkForm, class_word

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("uplinks", __name__)


@blueprint.get("/uplinks/<ref>")
@policy(Action.SEE_NETWORKS)
def show_uplink(ref: str) -> ResponseReturnValue:
    """Show an uplink: its rates, what it carries, and what was measured on it."""
    return _show(ref, LoadForm())


def _show(ref: str, form: LoadForm) -> ResponseReturnValue:
    with reading() as store:
        uplink = uplinks.find_uplink(store, actor(), ref)
        building = places.find_building(store, actor(), str(uplink.building.public_id))
        path = building_path(store, actor(), building)
    return render_template(
        "uplinks/show.html",
        uplink=uplink,
        capacity=uplinks.find_capacity(uplink),
        busy_share=uplinks.BUSY_SHARE,
        conference_mbit=uplinks.CONFERENCE_MBIT,
        class_word=class_word(uplink.network_class),
        chart=draw_loads(uplink),
        form=form,
        delete_form=VersionedForm(),
        can_edit=actor().can(Action.EDIT_DEMAND, uplink.building_id),
        place_path=path,
    )


@blueprint.route("/buildings/<ref>/uplinks/new", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def add_uplink(ref: str) -> ResponseReturnValue:
    """Add an uplink to a building."""
    with reading() as store:
        building = places.find_building(store, actor(), ref)
        actor().require(Action.EDIT_DEMAND, building.id)
        path = building_path(store, actor(), building)
    form = UplinkForm()
    form.offer(uplinks.visible_classes(actor(), building.id))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            uplink = uplinks.add_uplink(store, actor(), ref, form.values())
            flash(gettext("Uplink %(code)s added.", code=uplink.code), "success")
            return redirect(url_for("uplinks.show_uplink", ref=uplink.public_id))
    return _edit_page(form, gettext("Add an uplink"), building, path)


@blueprint.route("/uplinks/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def edit_uplink(ref: str) -> ResponseReturnValue:
    """Change an uplink."""
    with reading() as store:
        uplink = uplinks.find_uplink(store, actor(), ref)
        actor().require(Action.EDIT_DEMAND, uplink.building_id)
        building = places.find_building(store, actor(), str(uplink.building.public_id))
        path = building_path(store, actor(), building)
    form = UplinkForm(obj=uplink)
    form.offer(uplinks.visible_classes(actor(), uplink.building_id))
    if not form.is_submitted():
        form.network_class.data = uplink.network_class or ""
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            uplinks.edit_uplink(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for("uplinks.show_uplink", ref=ref))
    title = gettext("Edit %(name)s", name=uplink.code)
    return _edit_page(form, title, building, path, uplink=uplink)


def _edit_page(
    form: UplinkForm, title: str, building: object, path: list[Any], uplink: object = None
) -> ResponseReturnValue:
    return render_template(
        "uplinks/edit.html",
        form=form,
        title=title,
        building=building,
        place_path=path,
        uplink=uplink,
    )


@blueprint.post("/uplinks/<ref>/loads")
@policy(Action.EDIT_DEMAND)
def add_load(ref: str) -> ResponseReturnValue:
    """Add what was measured at one moment."""
    form = LoadForm()
    if form.validate():
        rates = (number_of(form.down_mbit), number_of(form.up_mbit))
        with form.refusals(), writing() as store:
            uplinks.add_load(store, actor(), ref, form.moment(), rates)
            flash(gettext("Measurement added."), "success")
            return redirect(url_for("uplinks.show_uplink", ref=ref))
    return _show(ref, form)


@blueprint.post("/uplinks/<ref>/delete")
@policy(Action.EDIT_DEMAND)
def delete_uplink(ref: str) -> ResponseReturnValue:
    """Delete an uplink with its measurements."""
    form = VersionedForm()
    with writing() as store:
        building_ref = uplinks.delete_uplink(store, actor(), ref, form.expected_version())
    flash(gettext("Uplink deleted."), "success")
    return redirect(url_for("buildings.show_building", ref=building_ref))
