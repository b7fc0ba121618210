"""What is asked of a floor: its tab with rooms, zones and clutter, and the forms of the latter two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext

from wlantrack.services import (
    clutter,
    network_sight,
    places,
    public_sight,
    requirements,
    verdicts,
    zones,
)
from wlantrack.services.actor import Action
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.services.scopes import list_wings
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.demand.forms import ClutterForm, ZoneForm
from wlantrack.web.demand_words import conference_words, network_words, use_words
from wlantrack.web.floors.page import can_in_part, floor_context, require_in_part
from wlantrack.web.floors.sheet import draw_sheet, make_shape
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask.typing import ResponseReturnValue
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.places import FloorPlace
    from wlantrack.store.models.demand import ClutterZone, Zone
    from wlantrack.store.models.places import Room
    from wlantrack.web.floors.sheet import Shape

blueprint = Blueprint("demand", __name__)

TAB = "demand.show_floor"


@blueprint.get("/floors/<ref>/demand")
@policy(Action.SEE_PLACES)
def show_floor(ref: str) -> ResponseReturnValue:
    """Show the rooms of a floor, what zones ask for, and what damps the air."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        floor_rooms = places.list_rooms(store, actor(), place.floor)
        floor_zones = zones.list_zones(store, actor(), place.floor)
        floor_clutter = clutter.list_clutter(store, actor(), place.floor)
        sight = public_sight.area_of(store, actor(), place.floor)
        shapes = [*_zone_shapes(floor_zones, floor_rooms, sight), *_clutter_shapes(floor_clutter)]
        context = floor_context(store, place.floor)
        sheet = draw_sheet(store, place, shapes)
    building_id = place.floor.building_id
    return render_template(
        "demand/floor.html",
        rooms=floor_rooms,
        zones=floor_zones,
        clutter=floor_clutter,
        sheet=sheet,
        room_counts={zone.id: _count_rooms(zone, floor_rooms) for zone in floor_zones},
        defaults={room.id: _default_classes(room, building_id) for room in floor_rooms},
        networks=network_words(),
        uses=use_words(),
        conference=conference_words(),
        form=VersionedForm(formdata=None),
        can_edit_demand=can_in_part(Action.EDIT_DEMAND, building_id),
        can_add_room=can_in_part(Action.EDIT_PLACES, building_id),
        **context,
    )


def _count_rooms(zone: Zone, floor_rooms: Iterable[Room]) -> int:
    return sum(zones.covers_room(zone, room) for room in floor_rooms)


def _default_classes(room: Room, building_id: int) -> list[str]:
    return [
        key
        for key in verdicts.default_classes(room)
        if zones.may_see_class(actor(), key, building_id, room.wing_id)
    ]


def _zone_shapes(
    floor_zones: Iterable[Zone], floor_rooms: list[Room], sight: BaseGeometry | None
) -> Iterator[Shape]:
    for zone in floor_zones:
        network = translate(CLASS_WORDS[zone.network_class])
        outline = zones.find_outline(zone, floor_rooms, sight)
        yield make_shape(outline, f"{zone.code} {zone.name} · {network}", "zone")


def _clutter_shapes(floor_clutter: Iterable[ClutterZone]) -> Iterator[Shape]:
    for zone in floor_clutter:
        yield make_shape(zone.outline, zone.name or gettext("clutter"), "clutter")


def _zone_form(store: Session, place: FloorPlace, zone: Zone | None) -> ZoneForm:
    form = ZoneForm(obj=zone)
    catalogue = (
        [record for record, _ in requirements.list_requirements(store, actor())],
        [record for record, _ in requirements.list_profiles(store, actor())],
    )
    wings = list_wings(actor(), place.floor.building)
    form.offer(
        network_sight.visible_classes(actor()),
        catalogue,
        wings,
        zones.list_uses(store, actor(), place.floor),
    )
    if zone is not None:
        form.show(zone)
    return form


@blueprint.route("/floors/<ref>/zones/new", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def add_zone(ref: str) -> ResponseReturnValue:
    """Add a zone to a floor."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        require_in_part(Action.EDIT_DEMAND, place.floor.building_id)
        form = _zone_form(store, place, None)
        context: dict[str, Any] = floor_context(store, place.floor, TAB)
        context["sheet"] = draw_sheet(store, place, is_drawn_on=True)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            zone = zones.add_zone(store, actor(), ref, form.values())
            flash(gettext("Zone %(code)s added.", code=zone.code), "success")
            return redirect(url_for(TAB, ref=place.floor.public_id, _anchor="zones"))
    return render_template("demand/zone.html", form=form, zone=None, **context)


@blueprint.route("/zones/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_DEMAND)
def edit_zone(ref: str) -> ResponseReturnValue:
    """Change what people edit about a zone."""
    with reading() as store:
        zone = zones.find_zone(store, actor(), ref)
        actor().require(Action.EDIT_DEMAND, zone.floor.building_id, zone.wing_id)
        place = places.find_floor(store, actor(), str(zone.floor.public_id))
        form = _zone_form(store, place, zone)
        context: dict[str, Any] = floor_context(store, place.floor, TAB)
        context["sheet"] = draw_sheet(store, place, is_drawn_on=True)
        context["history"] = zones.list_history(store, actor(), zone)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            zones.edit_zone(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for(TAB, ref=place.floor.public_id, _anchor="zones"))
    return render_template("demand/zone.html", form=form, zone=zone, **context)


@blueprint.post("/zones/<ref>/delete")
@policy(Action.EDIT_DEMAND)
def delete_zone(ref: str) -> ResponseReturnValue:
    """Delete a zone."""
    form = VersionedForm()
    with writing() as store:
        floor = zones.delete_zone(store, actor(), ref, form.expected_version())
    flash(gettext("Zone deleted."), "success")
    return redirect(url_for(TAB, ref=floor.public_id, _anchor="zones"))


@blueprint.route("/floors/<ref>/clutter/new", methods=["GET", "POST"])
@policy(Action.EDIT_WALLS)
def add_clutter(ref: str) -> ResponseReturnValue:
    """Add clutter to a floor."""
    form = ClutterForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        actor().require(Action.EDIT_WALLS, place.floor.building_id)
        context: dict[str, Any] = floor_context(store, place.floor, TAB)
        context["sheet"] = draw_sheet(store, place, is_drawn_on=True)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            clutter.add_clutter(store, actor(), ref, form.values())
            flash(gettext("Area added."), "success")
            return redirect(url_for(TAB, ref=place.floor.public_id, _anchor="clutter"))
    return render_template("demand/clutter.html", form=form, zone=None, **context)


@blueprint.route("/clutter/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WALLS)
def edit_clutter(ref: str) -> ResponseReturnValue:
    """Change clutter."""
    with reading() as store:
        zone = clutter.find_clutter(store, actor(), ref)
        actor().require(Action.EDIT_WALLS, zone.floor.building_id)
        place = places.find_floor(store, actor(), str(zone.floor.public_id))
        context: dict[str, Any] = floor_context(store, place.floor, TAB)
        context["sheet"] = draw_sheet(store, place, is_drawn_on=True)
    form = ClutterForm(obj=zone)
    form.show(zone)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            clutter.edit_clutter(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for(TAB, ref=place.floor.public_id, _anchor="clutter"))
    return render_template("demand/clutter.html", form=form, zone=zone, **context)


@blueprint.post("/clutter/<ref>/delete")
@policy(Action.EDIT_WALLS)
def delete_clutter(ref: str) -> ResponseReturnValue:
    """Delete clutter."""
    form = VersionedForm()
    with writing() as store:
        floor = clutter.delete_clutter(store, actor(), ref, form.expected_version())
    flash(gettext("Area deleted."), "success")
    return redirect(url_for(TAB, ref=floor.public_id, _anchor="clutter"))
