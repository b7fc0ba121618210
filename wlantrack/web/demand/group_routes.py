"""Room groups: the list over all buildings, one group, its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.milestones import STANDINGS
from wlantrack.services import milestones, places, room_groups
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.demand.forms import GroupFilterForm, GroupForm
from wlantrack.web.demand_words import conference_words, use_words
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.place_path import building_path
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("room_groups", __name__)

COLUMNS = (
    ListColumn("name", _l("Group")),
    ListColumn("code", _l("Code"), line="first"),
    ListColumn("building", _l("Building")),
    ListColumn("wings", _l("Wings")),
    ListColumn("rooms", _l("Rooms"), is_number=True),
    ListColumn("seats", _l("Seats"), is_number=True),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)


@blueprint.get("/room-groups")
@policy(Action.SEE_PLACES)
def list_groups() -> ResponseReturnValue:
    """Show the room groups in scope; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), GroupFilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = room_groups.list_groups(store, actor(), form.narrow(), view.page)
        buildings = room_groups.list_buildings(store, actor())
    return render_list("demand/groups.html", view, form, rows, total, buildings=buildings)


@blueprint.get("/room-groups/<ref>")
@policy(Action.SEE_PLACES)
def show_group(ref: str) -> ResponseReturnValue:
    """Show a room group with its rooms."""
    with reading() as store:
        row, history = room_groups.show_group(store, actor(), ref)
        building = places.find_building(store, actor(), str(row.group.building.public_id))
        path = building_path(store, actor(), building)
        lines = milestones.list_of_group(store, actor(), row.group.id, plan_parts())
    return render_template(
        "demand/group.html",
        row=row,
        lines=lines,
        standings=STANDINGS,
        group=row.group,
        history=history,
        place_path=path,
        uses=use_words(),
        conference=conference_words(),
        can_edit=actor().can(Action.EDIT_DEMAND, building.id),
    )


@blueprint.route("/buildings/<ref>/room-groups/new", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def add_group(ref: str) -> ResponseReturnValue:
    """Add a room group to a building."""
    form = GroupForm()
    with reading() as store:
        building = places.find_building(store, actor(), ref)
        actor().require(Action.EDIT_DEMAND, building.id)
        form.offer(room_groups.list_candidates(store, actor(), building))
        path = building_path(store, actor(), building)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            group = room_groups.add_group(store, actor(), ref, form.values())
            flash(gettext("Room group %(name)s added.", name=group.name), "success")
            return redirect(url_for("room_groups.show_group", ref=group.public_id))
    return render_template(
        "demand/group_edit.html", form=form, group=None, building=building, place_path=path
    )


@blueprint.route("/room-groups/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def edit_group(ref: str) -> ResponseReturnValue:
    """Change a room group and which rooms it holds."""
    with reading() as store:
        group = room_groups.find_group(store, actor(), ref)
        actor().require(Action.EDIT_DEMAND, group.building_id)
        building = places.find_building(store, actor(), str(group.building.public_id))
        form = GroupForm(obj=group)
        form.offer(room_groups.list_candidates(store, actor(), building))
        path = building_path(store, actor(), building)
    form.show(group)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            room_groups.edit_group(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for("room_groups.show_group", ref=ref))
    return render_template(
        "demand/group_edit.html", form=form, group=group, building=building, place_path=path
    )


@blueprint.post("/room-groups/<ref>/delete")
@policy(Action.EDIT_DEMAND)
def delete_group(ref: str) -> ResponseReturnValue:
    """Delete a room group; its rooms stay."""
    form = VersionedForm()
    with writing() as store:
        room_groups.delete_group(store, actor(), ref, form.expected_version())
    flash(gettext("Room group deleted; its rooms stay."), "success")
    return redirect(url_for("room_groups.list_groups"))
