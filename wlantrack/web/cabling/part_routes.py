"""Distributors, switches with their ports, and outlets: lists, records, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.cabling import POE_CLASSES, WARNING_WORDS, check_switch
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import attachments, cable_runs, distributors, places, switches
from wlantrack.services.actor import Action
from wlantrack.services.cable_runs import CableFilter
from wlantrack.services.paging import Page
from wlantrack.web.cabling.part_forms import (
    DistributorForm,
    OutletForm,
    PartFilterForm,
    PortForm,
    SeriesForm,
    SwitchForm,
)
from wlantrack.web.cabling.words import cabling_tabs
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.cabling import Distributor, Outlet
    from wlantrack.store.models.places import Floor

blueprint = Blueprint("cabling_parts", __name__)

DISTRIBUTOR_COLUMNS = (
    ListColumn("code", _l("Distributor")),
    ListColumn("name", _l("Name"), line="first"),
    ListColumn("floor", _l("Floor")),
    ListColumn("wing", _l("Wing")),
    ListColumn("room", _l("Room"), is_shown=False),
    ListColumn("switch_count", _l("Switches"), is_number=True, is_sortable=False, is_shown=False),
    ListColumn("run_count", _l("Runs"), is_number=True, is_sortable=False),
    ListColumn("coming", _l("Still to be patched"), is_number=True, is_sortable=False),
    ListColumn("ports", _l("Ports taken"), is_sortable=False),
    ListColumn("budget", _l("PoE"), is_sortable=False, line="wide"),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)
SWITCH_COLUMNS = (
    ListColumn("code", _l("Switch")),
    ListColumn("model", _l("Model"), line="first", is_long=True),
    ListColumn("distributor", _l("Distributor")),
    ListColumn("wing", _l("Wing"), line="wide"),
    ListColumn("ports", _l("Ports taken"), is_sortable=False),
    ListColumn("budget", _l("PoE"), line="second"),
    ListColumn("warnings", _l("Warnings"), is_sortable=False, is_long=True),
    ListColumn("serial", _l("Serial number"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)
OUTLET_COLUMNS = (
    ListColumn("code", _l("Outlet")),
    ListColumn("floor", _l("Floor")),
    ListColumn("wing", _l("Wing")),
    ListColumn("room", _l("Room"), line="first"),
    ListColumn("run_count", _l("Runs"), is_number=True, is_sortable=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_long=True),
)


def _can_edit(floor: Floor, wing_id: int | None) -> bool:
    return actor().can(Action.EDIT_CABLING, floor.building_id, wing_id)


def _offer_floors(store: Session, form: DistributorForm | OutletForm) -> None:
    form.offer(places.list_floors(store, actor(), Action.EDIT_CABLING))


@blueprint.get("/cabling/distributors")
@policy(Action.SEE_CABLING)
def list_distributors() -> ResponseReturnValue:
    """Show the distributors in scope."""
    view, form = read_list(DISTRIBUTOR_COLUMNS), PartFilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = distributors.list_distributors(store, actor(), form.narrow(), view.page)
        loads = switches.load_distributor_loads(store, {row.id: row.code for row in rows})
    return render_list(
        "cabling/distributors.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        loads=loads,
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/cabling/distributors/<ref>")
@policy(Action.SEE_CABLING)
def show_distributor(ref: str) -> ResponseReturnValue:
    """Show a distributor with its switches and the runs that begin there."""
    with reading() as store:
        found = distributors.find_distributor(store, actor(), ref)
        narrow = distributors.PartFilter(distributor=found.code)
        runs = cable_runs.list_matching(store, actor(), CableFilter(distributor=found.code))
        return render_template(
            "cabling/distributor.html",
            record=found,
            switches=switches.list_switches(store, actor(), narrow, Page(limit=100))[0],
            runs=runs,
            load=switches.load_distributor_loads(store, {found.id: found.code})[found.id],
            **_record_context(store, found, "distributor"),
        )


def _record_context(store: Session, record: Distributor | Outlet, entity: str) -> dict[str, object]:
    where = (record.floor.building_id, record.wing_id)
    return {
        "states": CABLE_STATES,
        "warning_words": WARNING_WORDS,
        "can_edit": actor().can(Action.EDIT_CABLING, *where),
        "can_attach": actor().can(Action.ATTACH_FILES, *where),
        "attachments": attachments.list_of(store, record),
        "attachment_of": (entity, record.public_id),
        "history": distributors.list_history(store, actor(), record),
    }


@blueprint.route("/cabling/distributors/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_distributor() -> ResponseReturnValue:
    """Add a distributor."""
    form = DistributorForm()
    with reading() as store:
        _offer_floors(store, form)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = distributors.add_distributor(store, actor(), form.values())
            flash(gettext("Distributor %(code)s added.", code=made.code), "success")
            return redirect(url_for("cabling_parts.show_distributor", ref=made.public_id))
    return render_template("cabling/edit_place.html", form=form, record=None, kind="distributor")


@blueprint.route("/cabling/distributors/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_distributor(ref: str) -> ResponseReturnValue:
    """Change a distributor."""
    form = DistributorForm()
    with reading() as store:
        found = distributors.find_distributor(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, found.floor.building_id, found.wing_id)
        _offer_floors(store, form)
        form.fill_distributor(found)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            distributors.edit_distributor(
                store, actor(), ref, form.values(), form.expected_version()
            )
            return _saved(url_for("cabling_parts.show_distributor", ref=ref))
    return render_template("cabling/edit_place.html", form=form, record=found, kind="distributor")


def _saved(target: str) -> ResponseReturnValue:
    flash_with_undo(gettext("Saved."), target)
    return redirect(target)


@blueprint.post("/cabling/distributors/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_distributor(ref: str) -> ResponseReturnValue:
    """Delete a distributor on which nothing hangs."""
    form, target = VersionedForm(), url_for("cabling_parts.list_distributors")
    with writing() as store:
        distributors.delete_distributor(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Distributor deleted."), target)
    return redirect(target)


@blueprint.get("/cabling/outlets")
@policy(Action.SEE_CABLING)
def list_outlets() -> ResponseReturnValue:
    """Show the outlets in scope."""
    view, form = read_list(OUTLET_COLUMNS), PartFilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = distributors.list_outlets(store, actor(), form.narrow(), view.page)
    return render_list(
        "cabling/outlets.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/cabling/outlets/<ref>")
@policy(Action.SEE_CABLING)
def show_outlet(ref: str) -> ResponseReturnValue:
    """Show an outlet and the runs that end there."""
    with reading() as store:
        found = distributors.find_outlet(store, actor(), ref)
        return render_template(
            "cabling/outlet.html",
            record=found,
            runs=cable_runs.list_matching(store, actor(), CableFilter(outlet=found.code)),
            **_record_context(store, found, "outlet"),
        )


@blueprint.route("/cabling/outlets/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_outlet() -> ResponseReturnValue:
    """Add an outlet."""
    form = OutletForm()
    with reading() as store:
        _offer_floors(store, form)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = distributors.add_outlet(store, actor(), form.values())
            flash(gettext("Outlet %(code)s added.", code=made.code), "success")
            return redirect(url_for("cabling_parts.show_outlet", ref=made.public_id))
    return render_template("cabling/edit_place.html", form=form, record=None, kind="outlet")


@blueprint.route("/cabling/outlets/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_outlet(ref: str) -> ResponseReturnValue:
    """Change an outlet."""
    form = OutletForm()
    with reading() as store:
        found = distributors.find_outlet(store, actor(), ref)
        actor().require(Action.EDIT_CABLING, found.floor.building_id, found.wing_id)
        _offer_floors(store, form)
        form.fill(found)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            distributors.edit_outlet(store, actor(), ref, form.values(), form.expected_version())
            return _saved(url_for("cabling_parts.show_outlet", ref=ref))
    return render_template("cabling/edit_place.html", form=form, record=found, kind="outlet")


@blueprint.post("/cabling/outlets/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_outlet(ref: str) -> ResponseReturnValue:
    """Delete an outlet at which no run ends."""
    form, target = VersionedForm(), url_for("cabling_parts.list_outlets")
    with writing() as store:
        distributors.delete_outlet(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Outlet deleted."), target)
    return redirect(target)


@blueprint.get("/cabling/switches")
@policy(Action.SEE_CABLING)
def list_switches() -> ResponseReturnValue:
    """Show the switches in scope, how full each is and what it feeds."""
    view, form = read_list(SWITCH_COLUMNS), PartFilterForm(request.args)
    with reading() as store:
        form.offer(
            places.list_building_names(store, actor()),
            distributors.all_distributors(store, actor()),
        )
        rows, total = switches.list_switches(store, actor(), form.narrow(), view.page)
    return render_list(
        "cabling/switches.html",
        view,
        form,
        rows,
        total,
        tabs=cabling_tabs(),
        warning_words=WARNING_WORDS,
        can_edit=actor().can_anywhere(Action.EDIT_CABLING),
    )


@blueprint.get("/cabling/switches/<ref>")
@policy(Action.SEE_CABLING)
def show_switch(ref: str) -> ResponseReturnValue:
    """Show a switch with its ports."""
    with reading() as store:
        found = switches.find_switch(store, actor(), ref)
        load, place = switches.load_of(store, found), found.distributor
        return render_template(
            "cabling/switch.html",
            record=found,
            ports=switches.ports_in_order(found),
            load=load,
            warnings=check_switch(load),
            poe_classes=POE_CLASSES,
            states=CABLE_STATES,
            warning_words=WARNING_WORDS,
            sees_segments=switches.sees_segments(actor(), found),
            sees_run=lambda run: actor().can(
                Action.SEE_CABLING, run.floor.building_id, run.wing_id
            ),
            can_edit=_can_edit(place.floor, place.wing_id),
            history=switches.list_history(store, actor(), found),
        )


@blueprint.route("/cabling/switches/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_switch() -> ResponseReturnValue:
    """Add a switch with its ports."""
    form = SwitchForm()
    with reading() as store:
        form.offer(distributors.all_distributors(store, actor()))
        if not form.is_submitted():
            form.distributor.data = request.args.get("distributor", "")
            form.series.data = "1-48"
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = switches.add_switch(store, actor(), form.values(), form.series.data or "")
            flash(gettext("Switch %(code)s added.", code=made.code), "success")
            return redirect(url_for("cabling_parts.show_switch", ref=made.public_id))
    return render_template("cabling/edit_switch.html", form=form, record=None)


@blueprint.route("/cabling/switches/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_switch(ref: str) -> ResponseReturnValue:
    """Change a switch."""
    form = SwitchForm()
    with reading() as store:
        found = switches.find_switch(store, actor(), ref)
        place = found.distributor
        actor().require(Action.EDIT_CABLING, place.floor.building_id, place.wing_id)
        form.offer(distributors.all_distributors(store, actor()))
        form.fill(found)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            switches.edit_switch(store, actor(), ref, form.values(), form.expected_version())
            return _saved(url_for("cabling_parts.show_switch", ref=ref))
    return render_template("cabling/edit_switch.html", form=form, record=found)


@blueprint.post("/cabling/switches/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_switch(ref: str) -> ResponseReturnValue:
    """Delete a switch to which nothing is patched."""
    form, target = VersionedForm(), url_for("cabling_parts.list_switches")
    with writing() as store:
        switches.delete_switch(store, actor(), ref, form.expected_version())
    flash_with_undo(gettext("Switch deleted."), target)
    return redirect(target)


@blueprint.route("/cabling/switches/<ref>/ports/new", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def add_ports(ref: str) -> ResponseReturnValue:
    """Add a series of ports to a switch."""
    form = SeriesForm()
    form.offer()
    with reading() as store:
        found = switches.find_switch(store, actor(), ref)
        place = found.distributor
        actor().require(Action.EDIT_CABLING, place.floor.building_id, place.wing_id)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            made = switches.add_ports(
                store, actor(), ref, form.series.data, form.power(), form.speed_mbit.data
            )
            target = url_for("cabling_parts.show_switch", ref=ref)
            words = gettext("%(count)d ports added.", count=len(made))
            flash_with_undo(words, target)
            return redirect(target)
    return render_template("cabling/add_ports.html", form=form, record=found)


@blueprint.route("/cabling/ports/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_CABLING)
def edit_port(ref: str) -> ResponseReturnValue:
    """Change a port."""
    form = PortForm()
    with reading() as store:
        found = switches.find_port(store, actor(), ref)
        place = found.switch.distributor
        actor().require(Action.EDIT_CABLING, place.floor.building_id, place.wing_id)
        sees = switches.sees_segments(actor(), found.switch)
        form.offer(switches.list_vlans(store, actor()) if sees else None)
        form.fill(found, switches.visible_run(actor(), found))
    target = url_for("cabling_parts.show_switch", ref=found.switch.public_id)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            switches.edit_port(store, actor(), ref, form.values(), form.expected_version())
            return _saved(target)
    return render_template("cabling/edit_port.html", form=form, record=found, back=target)


@blueprint.post("/cabling/ports/<ref>/delete")
@policy(Action.EDIT_CABLING)
def delete_port(ref: str) -> ResponseReturnValue:
    """Delete a free port."""
    form = VersionedForm()
    with writing() as store:
        switch = switches.delete_port(store, actor(), ref, form.expected_version())
    target = url_for("cabling_parts.show_switch", ref=switch.public_id)
    flash_with_undo(gettext("Port deleted."), target)
    return redirect(target)
