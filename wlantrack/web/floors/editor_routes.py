"""What the floor-plan editor loads and saves: JSON in, JSON out, one service call each."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, url_for
from flask_babel import gettext

from wlantrack.errors import Conflict
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.services import (
    access_points,
    catalog,
    coverage,
    pictures,
    places,
    plans,
    point_places,
    public_sight,
    undo,
    walls,
)
from wlantrack.services.access_points import AccessPointValues
from wlantrack.services.actor import Action
from wlantrack.services.walls import WallValues
from wlantrack.settings import resource_dir
from wlantrack.web.context import actor, house, installation, reading, writing
from wlantrack.web.floors.json_values import (
    answer_conflict,
    read_body,
    read_values,
    read_version,
)
from wlantrack.web.floors.page import can_in_part, require_in_part
from wlantrack.web.floors.route_editor import describe_cabling
from wlantrack.web.floors.words import band_choices, count_choices, legend_entries, mount_choices
from wlantrack.web.idempotency import once
from wlantrack.web.languages import describe_words, translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.services.places import FloorPlace
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Floor, FloorPlan
    from wlantrack.store.models.walls import Wall
    from wlantrack.store.queries.walls import WallRow

blueprint = Blueprint("editor", __name__)


@blueprint.get("/floors/<ref>/plan.json")
@policy(Action.SEE_PLANS)
def load(ref: str) -> ResponseReturnValue:
    """Give everything the editor shows of a floor."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        return jsonify(_describe_floor(store, place))


def _describe_floor(store: Session, place: FloorPlace) -> dict[str, Any]:
    person, floor = actor(), place.floor
    scene = coverage.find_scene(store, person, floor, "planned", installation().results)
    sheets = plans.current_plans(store, person, place)
    sight = public_sight.area_of(store, person, floor)
    return {
        "floor": {
            "id": str(floor.public_id),
            "code": place.code,
            "name": floor.name,
            "height_m": floor.height_m,
            "can_edit_walls": person.can(Action.EDIT_WALLS, floor.building_id),
            "can_edit_access_points": can_in_part(Action.EDIT_ACCESS_POINTS, floor.building_id),
            "can_edit_cable_routes": can_in_part(Action.EDIT_CABLING, floor.building_id),
        },
        "bounds_m": scene.bounds_m,
        "plan": next(
            (_describe_plan(plan, sight) for plan in sheets if plan.pixel_to_building), None
        ),
        "materials": [
            {
                "id": str(material.public_id),
                "code": material.code,
                "name": gettext(material.name),
                "loss_db": catalog.material_loss(material),
            }
            for material in walls.list_materials(store)
        ],
        "models": [
            {"id": str(model.public_id), "code": model.code, "name": gettext(model.name)}
            for model in access_points.list_models(store)
        ],
        "states": [
            {"key": state.key, "label": translate(state.label), "mark": state.mark.value}
            for state in ACCESS_POINT_STATES.values()
        ],
        "mounts": mount_choices(),
        "walls": _describe_walls(store, place),
        "access_points": [
            describe_access_point(point, scene.surroundings.drawing.walled_area)
            for point in access_points.list_on_floor(store, person, floor)
        ],
        **describe_cabling(store, floor),
        "rooms": [
            {
                "id": str(room.public_id),
                "number": room.number,
                "name": room.name,
                "rings": pictures.rings_of(room.outline),
            }
            for room in places.list_rooms(store, person, floor)
            if room.outline is not None
        ],
        "heat_map": {
            "url": url_for("coverage.heat_map", ref=floor.public_id),
            "bands": band_choices(),
            "counts": count_choices(actor()),
            "legend": legend_entries(),
        },
        "heat_map_reason": None,
        "urls": {
            "walls": url_for("editor.draw_wall", ref=floor.public_id),
            "access_points": url_for("editor.place_access_point", ref=floor.public_id),
            "cable_routes": url_for("route_editor.draw_route", ref=floor.public_id),
            "token": url_for("session.token"),
        },
        "words": {key: gettext(text) for key, text in _words().items()},
    }


@cache
def _words() -> dict[str, str]:
    path = resource_dir() / "static" / "js" / "editor" / "words.json"
    words: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return words


def _describe_plan(plan: FloorPlan, sight: BaseGeometry | None) -> dict[str, Any]:
    key = pictures.plan_key(plan, sight=sight)
    return {
        "url": url_for("plans.building_picture", ref=plan.public_id, v=key),
        "bounds_m": pictures.plan_bounds(plan),
        "name": plan.name if sight is None else "",
        "number": plan.number,
    }


def _describe_walls(store: Session, place: FloorPlace) -> list[dict[str, Any]]:
    material_ids = {m.id: str(m.public_id) for m in walls.list_materials(store)}
    rows = walls.list_walls(store, actor(), place.floor)
    return [_describe_wall(row, material_ids[row.material_id]) for row in rows]


def _describe_wall(wall: Wall | WallRow, material: str) -> dict[str, Any]:
    return {
        "id": str(wall.public_id),
        "version": wall.version,
        "x1_m": wall.x1_m,
        "y1_m": wall.y1_m,
        "x2_m": wall.x2_m,
        "y2_m": wall.y2_m,
        "material": material,
        "bottom_m": wall.bottom_m,
        "top_m": wall.top_m,
        "thickness_m": wall.thickness_m,
        "href": url_for("editor.change_wall", ref=wall.public_id),
        "restore_href": url_for("editor.restore_wall", ref=wall.public_id),
    }


def describe_access_point(point: AccessPoint, walled: BaseGeometry | None) -> dict[str, Any]:
    """Give an access point as the editor knows it; ``walled`` is what its floor's walls enclose."""
    return {
        "id": str(point.public_id),
        "version": point.version,
        "code": point.code,
        "x_m": point.x_m,
        "y_m": point.y_m,
        "height_m": point.height_m,
        "model": str(point.model.public_id),
        "state": point.state,
        "mount": point.mount,
        "azimuth_deg": point.azimuth_deg,
        "downtilt_deg": point.downtilt_deg,
        "installed_x_m": point.installed_x_m,
        "installed_y_m": point.installed_y_m,
        "warnings": [
            describe_words(problem) for problem in point_places.warn_of_place(point, walled)
        ],
        "editable": actor().can(Action.EDIT_ACCESS_POINTS, point.floor.building_id, point.wing_id),
        "url": url_for("access_points.show_point", ref=point.public_id),
        "is_deletable": point.state in access_points.DELETABLE_STATES,
        "href": url_for("editor.change_access_point", ref=point.public_id),
        "restore_href": url_for("editor.restore_access_point", ref=point.public_id),
    }


def _find_walled_area(store: Session, floor_id: int) -> BaseGeometry | None:
    return coverage.find_drawing(store, floor_id, installation().results).walled_area


@blueprint.post("/floors/<ref>/walls")
@policy(Action.EDIT_WALLS)
@once
def draw_wall(ref: str) -> ResponseReturnValue:
    """Add a wall."""
    with writing() as store:
        actor().require(Action.EDIT_WALLS, _find_floor(store, ref).building_id)
        values = read_values(WallValues, read_body(), None)
        wall = walls.draw_wall(store, actor(), ref, values)
        record = _describe_wall(wall, str(wall.material.public_id))
    return jsonify(record=record), 201


@blueprint.patch("/walls/<ref>")
@policy(Action.EDIT_WALLS)
@once
def change_wall(ref: str) -> ResponseReturnValue:
    """Change a wall."""
    body = read_body()
    with writing() as store:
        wall, _ = walls.find_wall(store, actor(), ref)
        current = _describe_wall(wall, str(wall.material.public_id))
        try:
            values = read_values(WallValues, body, current)
            wall = walls.change_wall(store, actor(), ref, values, read_version(body))
        except Conflict as error:
            return answer_conflict(error, current)
        record = _describe_wall(wall, str(wall.material.public_id))
    return jsonify(record=record)


@blueprint.delete("/walls/<ref>")
@policy(Action.EDIT_WALLS)
@once
def delete_wall(ref: str) -> ResponseReturnValue:
    """Delete a wall."""
    with writing() as store:
        wall, _ = walls.find_wall(store, actor(), ref)
        current = _describe_wall(wall, str(wall.material.public_id))
        try:
            walls.delete_wall(store, actor(), ref, read_version(read_body()))
        except Conflict as error:
            return answer_conflict(error, current)
    return jsonify({})


@blueprint.post("/walls/<ref>/restore")
@policy(Action.EDIT_WALLS)
@once
def restore_wall(ref: str) -> ResponseReturnValue:
    """Take back the deletion of a wall."""
    with writing() as store:
        undo.restore_record(store, actor(), "wall", ref)
        wall, _ = walls.find_wall(store, actor(), ref)
        record = _describe_wall(wall, str(wall.material.public_id))
    return jsonify(record=record), 201


@blueprint.post("/floors/<ref>/access-points")
@policy(Action.EDIT_ACCESS_POINTS)
@once
def place_access_point(ref: str) -> ResponseReturnValue:
    """Place an access point."""
    with writing() as store:
        floor = _find_floor(store, ref)
        require_in_part(Action.EDIT_ACCESS_POINTS, floor.building_id)
        walled = _find_walled_area(store, floor.id)
        values = read_values(AccessPointValues, read_body(), None)
        point = access_points.place_access_point(store, actor(), ref, values)
        record = describe_access_point(point, walled)
    return jsonify(record=record), 201


@blueprint.patch("/access-points/<ref>")
@policy(Action.EDIT_ACCESS_POINTS)
@once
def change_access_point(ref: str) -> ResponseReturnValue:
    """Move or change an access point."""
    body = read_body()
    with writing() as store:
        point = access_points.find_access_point(store, actor(), ref)
        walled = _find_walled_area(store, point.floor_id)
        current = describe_access_point(point, walled)
        try:
            values = read_values(AccessPointValues, body, access_points.values_of(point))
            point = access_points.change_access_point(
                store, actor(), ref, values, read_version(body), house=house()
            )
        except Conflict as error:
            return answer_conflict(error, current)
        record = describe_access_point(point, walled)
    return jsonify(record=record)


@blueprint.delete("/access-points/<ref>")
@policy(Action.EDIT_ACCESS_POINTS)
@once
def delete_access_point(ref: str) -> ResponseReturnValue:
    """Delete a planned access point."""
    with writing() as store:
        point = access_points.find_access_point(store, actor(), ref)
        current = describe_access_point(point, _find_walled_area(store, point.floor_id))
        try:
            access_points.delete_access_point(store, actor(), ref, read_version(read_body()))
        except Conflict as error:
            return answer_conflict(error, current)
    return jsonify({})


@blueprint.post("/access-points/<ref>/restore")
@policy(Action.EDIT_ACCESS_POINTS)
@once
def restore_access_point(ref: str) -> ResponseReturnValue:
    """Take back the deletion of an access point."""
    with writing() as store:
        undo.restore_record(store, actor(), "access_point", ref, house())
        point = access_points.find_access_point(store, actor(), ref)
        record = describe_access_point(point, _find_walled_area(store, point.floor_id))
    return jsonify(record=record), 201


def _find_floor(store: Session, ref: str) -> Floor:
    return places.find_floor(store, actor(), ref).floor
