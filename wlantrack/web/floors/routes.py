"""A floor: the plan with its editor, and the same records as tables and forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.services import access_points, cable_routes, places, plans, point_places, walls
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.floors.forms import PlaceForm, WallForm
from wlantrack.web.floors.page import can_in_part, floor_context, require_in_part
from wlantrack.web.floors.words import mount_choices
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import describe_words
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("floors", __name__)

WALLS_A_PAGE = 50


@blueprint.get("/floors/<ref>")
@policy(Action.SEE_PLANS)
def open_floor(ref: str) -> ResponseReturnValue:
    """Lead to the plan."""
    with reading() as store:
        places.find_floor(store, actor(), ref)
    return redirect(url_for("floors.show_plan", ref=ref))


@blueprint.get("/floors/<ref>/plan")
@policy(Action.SEE_PLANS)
def show_plan(ref: str) -> ResponseReturnValue:
    """Show the plan with its editor."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        sheets = plans.current_plans(store, actor(), place)
        context = floor_context(store, place.floor)
    return render_template("floors/plan.html", sheets=sheets, **context)


@blueprint.get("/floors/<ref>/tables")
@policy(Action.SEE_PLANS)
def show_tables(ref: str) -> ResponseReturnValue:
    """Show access points, walls, cable routes and rooms as tables."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        all_walls = walls.list_walls(store, actor(), place.floor)
        page_count = max(-(-len(all_walls) // WALLS_A_PAGE), 1)
        page = min(max(request.args.get("page", 1, type=int), 1), page_count)
        first = (page - 1) * WALLS_A_PAGE
        return render_template(
            "floors/tables.html",
            points=access_points.list_on_floor(store, actor(), place.floor),
            rooms=places.list_rooms(store, actor(), place.floor),
            walls=all_walls[first : first + WALLS_A_PAGE],
            wall_count=len(all_walls),
            first_wall=first,
            page=page,
            page_count=page_count,
            url_with_page=lambda wanted: url_for(
                "floors.show_tables", ref=ref, page=wanted, _anchor="walls"
            ),
            materials={m.id: m for m in walls.list_materials(store)},
            cable_routes=cable_routes.list_on_floor(store, actor(), place.floor),
            route_kinds=cable_routes.KIND_WORDS,
            can_edit_cabling=can_in_part(Action.EDIT_CABLING, place.floor.building_id),
            states=ACCESS_POINT_STATES,
            delete_form=VersionedForm(),
            **floor_context(store, place.floor),
        )


@blueprint.route("/floors/<ref>/access-points/new", methods=["GET", "POST"])
@policy(Action.EDIT_ACCESS_POINTS)
def place_access_point(ref: str) -> ResponseReturnValue:
    """Place an access point by numbers."""
    form = PlaceForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        require_in_part(Action.EDIT_ACCESS_POINTS, place.floor.building_id)
        mounts = [(choice["key"], choice["label"]) for choice in mount_choices()]
        form.offer(access_points.list_models(store), mounts)
        context = floor_context(store, place.floor, "floors.show_tables")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            point = access_points.place_access_point(store, actor(), ref, form.values())
            flash(gettext("Access point %(code)s placed.", code=point.code), "success")
            for problem in point_places.list_place_warnings(store, point):
                flash(describe_words(problem), "warning")
            return redirect(url_for("floors.show_tables", ref=ref))
    return render_template("floors/place.html", form=form, **context)


@blueprint.route("/floors/<ref>/walls/new", methods=["GET", "POST"])
@policy(Action.EDIT_WALLS)
def draw_wall(ref: str) -> ResponseReturnValue:
    """Draw a wall by numbers."""
    form = WallForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        actor().require(Action.EDIT_WALLS, place.floor.building_id)
        form.offer(walls.list_materials(store))
        context = floor_context(store, place.floor, "floors.show_tables")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            walls.draw_wall(store, actor(), ref, form.values())
            flash(gettext("Wall drawn."), "success")
            return redirect(url_for("floors.show_tables", ref=ref, _anchor="walls"))
    return render_template("floors/wall.html", form=form, wall=None, **context)


@blueprint.route("/walls/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_WALLS)
def edit_wall(ref: str) -> ResponseReturnValue:
    """Change a wall by numbers."""
    with reading() as store:
        wall, floor = walls.find_wall(store, actor(), ref)
        actor().require(Action.EDIT_WALLS, floor.building_id)
        place = places.find_floor(store, actor(), str(floor.public_id))
        form = WallForm(obj=wall)
        form.offer(walls.list_materials(store))
        form.set_current("material", str(wall.material.public_id))
        context = floor_context(store, place.floor, "floors.show_tables")
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            walls.change_wall(store, actor(), ref, form.values(), form.expected_version())
            flash(gettext("Saved."), "success")
            return redirect(url_for("floors.show_tables", ref=floor.public_id, _anchor="walls"))
    return render_template("floors/wall.html", form=form, wall=wall, **context)


@blueprint.post("/walls/<ref>/delete")
@policy(Action.EDIT_WALLS)
def delete_wall(ref: str) -> ResponseReturnValue:
    """Delete a wall from the table."""
    form = VersionedForm()
    with writing() as store:
        floor = walls.delete_wall(store, actor(), ref, form.expected_version())
    back_to = url_for("floors.show_tables", ref=floor.public_id, _anchor="walls")
    flash_with_undo(gettext("Wall deleted."), back_to)
    return redirect(back_to)
