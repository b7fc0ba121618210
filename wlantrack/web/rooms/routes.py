"""Rooms: the list over all buildings, one room with its verdicts, its form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.services import coverage, places, rooms, verdicts
from wlantrack.services.actor import Action
from wlantrack.services.scopes import list_wings
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.demand_words import (
    conference_words,
    describe_criteria,
    network_words,
    use_words,
    verdict_words,
)
from wlantrack.web.floors.page import floor_context, require_in_part
from wlantrack.web.floors.sheet import draw_sheet, make_shape
from wlantrack.web.floors.words import allowed_counts
from wlantrack.web.forms import VersionedForm
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.rooms.forms import FilterForm, RoomForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.services.places import FloorPlace
    from wlantrack.services.verdicts import DemandVerdict
    from wlantrack.store.models.places import Room

blueprint = Blueprint("rooms", __name__)

COLUMNS = (
    ListColumn("number", _l("Room")),
    ListColumn("name", _l("Name"), line="first", is_long=True),
    ListColumn("floor", _l("Floor")),
    ListColumn("wing", _l("Wing"), line="wide"),
    ListColumn("use", _l("Use")),
    ListColumn("seats", _l("Seats"), is_number=True),
    ListColumn("conference", _l("Conference equipment")),
    ListColumn("public", _l("Open to the public"), line="wide"),
    ListColumn("secure", _l("Secure area"), is_shown=False),
    ListColumn("access_points", _l("Access points"), is_number=True, line="wide", is_shown=False),
    ListColumn("outline", _l("Outline"), is_sortable=False, is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)
INNER_COLUMNS = frozenset({"public", "secure", "outline", "note"})
"""Columns that say nothing to those who see public rooms only, or are not for them."""


@blueprint.get("/rooms")
@policy(Action.SEE_PLACES)
def list_rooms() -> ResponseReturnValue:
    """Show the rooms in scope; filters, order, columns and page stand in the URL."""
    sees_whole = actor().can_anywhere(Action.SEE_WHOLE_FLOORS)
    view = read_list(
        [column for column in COLUMNS if sees_whole or column.key not in INNER_COLUMNS],
        sort="floor",
    )
    form = FilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = rooms.list_rooms(store, actor(), form.narrow(), view.page)
    words: dict[str, Any] = {"uses": use_words(), "conference": conference_words()}
    return render_list("rooms/list.html", view, form, rows, total, **words)


@blueprint.get("/rooms/<ref>")
@policy(Action.SEE_PLACES)
def show_room(ref: str) -> ResponseReturnValue:
    """Show one room; for htmx only the panel beside the list."""
    words = {"uses": use_words(), "conference": conference_words()}
    with reading() as store:
        if request.headers.get("HX-Request"):
            room = rooms.find_room(store, actor(), ref)
            return render_template("rooms/_panel.html", room=room, **words)
        details = rooms.show_room(store, actor(), ref)
        place = places.find_floor(store, actor(), str(details.room.floor.public_id))
        return render_template(
            "rooms/show.html",
            details=details,
            room=details.room,
            verdicts=_judge_room(store, place, details.room),
            sheet=_draw_room(store, place, details.room),
            states=ACCESS_POINT_STATES,
            verdict_words=verdict_words(),
            network_words=network_words(),
            describe_criteria=describe_criteria,
            can_edit=actor().can(Action.EDIT_PLACES, place.floor.building_id, details.room.wing_id),
            **words,
            **floor_context(store, place.floor, "demand.show_floor"),
        )


def _judge_room(store: Session, place: FloorPlace, room: Room) -> list[DemandVerdict]:
    if not actor().can(Action.SEE_PLANS, place.floor.building_id, room.wing_id):
        return []
    cache = installation().results
    counts, *_ = allowed_counts(actor())
    predicted = coverage.predict_floor(store, actor(), place.floor, counts, cache)
    judged = verdicts.judge_floor(store, actor(), place.floor, predicted, cache)
    return [item for item in judged.rooms if item.demand.ref == str(room.public_id)]


def _draw_room(store: Session, place: FloorPlace, room: Room) -> object:
    if room.outline is None:
        return None
    shape = make_shape(room.outline, f"{room.number} {room.name}".strip(), "this")
    return draw_sheet(store, place, [shape], room.outline.buffer(6.0))


@blueprint.route("/floors/<ref>/rooms/new", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def add_room(ref: str) -> ResponseReturnValue:
    """Add a room to a floor."""
    form = RoomForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        require_in_part(Action.EDIT_PLACES, place.floor.building_id)
        form.offer(list_wings(actor(), place.floor.building))
        sheet = draw_sheet(store, place, is_drawn_on=True)
        context = floor_context(store, place.floor, "demand.show_floor")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            room = rooms.add_room(store, actor(), ref, form.values())
            flash(gettext("Room %(number)s added.", number=room.number), "success")
            return redirect(url_for("rooms.show_room", ref=room.public_id))
    return render_template("rooms/edit.html", form=form, room=None, sheet=sheet, **context)


@blueprint.route("/rooms/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def edit_room(ref: str) -> ResponseReturnValue:
    """Change what people edit about a room."""
    with reading() as store:
        room = rooms.find_room(store, actor(), ref)
        actor().require(Action.EDIT_PLACES, room.floor.building_id, room.wing_id)
        place = places.find_floor(store, actor(), str(room.floor.public_id))
        form = RoomForm(obj=room)
        form.offer(list_wings(actor(), place.floor.building))
        sheet = draw_sheet(store, place, is_drawn_on=True)
        context = floor_context(store, place.floor, "demand.show_floor")
    form.show(room)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            rooms.edit_room(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for("rooms.show_room", ref=ref))
    return render_template("rooms/edit.html", form=form, room=room, sheet=sheet, **context)


@blueprint.post("/rooms/<ref>/delete")
@policy(Action.EDIT_PLACES)
def delete_room(ref: str) -> ResponseReturnValue:
    """Delete a room in which no access point lies."""
    form = VersionedForm()
    with writing() as store:
        floor = rooms.delete_room(store, actor(), ref, form.expected_version())
    flash(gettext("Room deleted."), "success")
    return redirect(url_for("demand.show_floor", ref=floor.public_id))
