"""Trays and risers in the floor-plan editor: JSON in, JSON out, one service call each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask import Blueprint, jsonify, url_for

from wlantrack.errors import Conflict
from wlantrack.services import cable_routes, distributors, places, undo
from wlantrack.services.actor import Action
from wlantrack.services.cable_routes import KIND_WORDS, RouteValues
from wlantrack.services.route_lines import points_of, read_course, write_course
from wlantrack.web.context import actor, writing
from wlantrack.web.floors.json_values import (
    answer_conflict,
    read_body,
    read_values,
    read_version,
)
from wlantrack.web.floors.page import require_in_part
from wlantrack.web.idempotency import once
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.permits import CableRoute
    from wlantrack.store.models.places import Floor

blueprint = Blueprint("route_editor", __name__)


@dataclass(frozen=True)
class DrawnRoute:
    """A route as the editor sends it; ``course`` has its corners, ``x y, x y``."""

    kind: str
    course: str
    upper_floor: str = ""
    capacity: int | None = None

    def on(self, before: RouteValues) -> RouteValues:
        """Give a route's values with these in place of its own."""
        points = read_course(self.course)
        return replace(
            before,
            kind=self.kind,
            points=points,
            upper_floor=self.upper_floor,
            capacity=self.capacity,
        )


def describe_cabling(store: Session, floor: Floor) -> dict[str, Any]:
    """Give what the editor shows of cabling: routes, distributors, and what can be chosen."""
    person = actor()
    return {
        "cable_routes": [
            describe_route(route) for route in cable_routes.list_on_floor(store, person, floor)
        ],
        "distributors": [
            {"code": item.code, "x_m": item.x_m, "y_m": item.y_m}
            for item in distributors.list_on_floor(store, person, floor)
        ],
        "route_kinds": [{"key": key, "label": translate(word)} for key, word in KIND_WORDS.items()],
        "upper_floors": [
            {"key": places.floor_code(item), "label": item.name}
            for item in cable_routes.list_floors_above(store, floor)
        ],
    }


def describe_route(route: CableRoute) -> dict[str, Any]:
    """Give a route as the editor knows it."""
    values = cable_routes.values_of(route)
    return {
        "id": str(route.public_id),
        "version": route.version,
        "code": route.code,
        "kind": route.kind,
        "course": write_course(points_of(route.line)),
        "floor": values.floor,
        "upper_floor": values.upper_floor,
        "capacity": route.capacity,
        "editable": actor().can(Action.EDIT_CABLING, *cable_routes.place_of(route)),
        "url": url_for("cable_routes.show_route", ref=route.public_id),
        "href": url_for("route_editor.change_route", ref=route.public_id),
        "restore_href": url_for("route_editor.restore_route", ref=route.public_id),
    }


@blueprint.post("/floors/<ref>/cable-routes")
@policy(Action.EDIT_CABLING)
@once
def draw_route(ref: str) -> ResponseReturnValue:
    """Draw a route."""
    with writing() as store:
        floor = places.find_floor(store, actor(), ref).floor
        require_in_part(Action.EDIT_CABLING, floor.building_id)
        drawn = read_values(DrawnRoute, read_body(), None)
        values = drawn.on(RouteValues("", (), places.floor_code(floor)))
        record = describe_route(cable_routes.add_route(store, actor(), values))
    return jsonify(record=record), 201


@blueprint.patch("/cable-routes/<ref>")
@policy(Action.EDIT_CABLING)
@once
def change_route(ref: str) -> ResponseReturnValue:
    """Change a route, also its course."""
    body = read_body()
    with writing() as store:
        route = cable_routes.find_route(store, actor(), ref)
        current = describe_route(route)
        try:
            values = read_values(DrawnRoute, body, current).on(cable_routes.values_of(route))
            if "course" in body:  # the wing follows what was drawn
                values = replace(values, wing="")
            changed = cable_routes.edit_route(store, actor(), ref, values, read_version(body))
        except Conflict as error:
            return answer_conflict(error, current)
        record = describe_route(changed)
    return jsonify(record=record)


@blueprint.delete("/cable-routes/<ref>")
@policy(Action.EDIT_CABLING)
@once
def delete_route(ref: str) -> ResponseReturnValue:
    """Delete a route."""
    with writing() as store:
        current = describe_route(cable_routes.find_route(store, actor(), ref))
        try:
            cable_routes.delete_route(store, actor(), ref, read_version(read_body()))
        except Conflict as error:
            return answer_conflict(error, current)
    return jsonify({})


@blueprint.post("/cable-routes/<ref>/restore")
@policy(Action.EDIT_CABLING)
@once
def restore_route(ref: str) -> ResponseReturnValue:
    """Take back the deletion of a route."""
    with writing() as store:
        undo.restore_record(store, actor(), "cable_route", ref)
        record = describe_route(cable_routes.find_route(store, actor(), ref))
    return jsonify(record=record), 201
