"""What every page of a floor shows: its head, its tabs, its place in the path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext

from wlantrack.errors import NotAllowed, msg
from wlantrack.services import places, public_sight
from wlantrack.services.actor import Action
from wlantrack.web.context import actor
from wlantrack.web.place_path import floor_path

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

_TABS = (
    ("floors.show_plan", "Plan"),
    ("coverage.show_coverage", "Coverage"),
    ("demand.show_floor", "Rooms and demand"),
    ("cabling.show_floor", "Cabling"),
    ("floors.show_tables", "Table"),
    ("plans.list_versions", "Plan versions"),
)


_TAB_ACTIONS = {"Cabling": Action.SEE_CABLING, "Plan versions": Action.SEE_WHOLE_FLOORS}


def can_in_part(action: Action, building_id: int) -> bool:
    """Tell whether this person may do this in any part of a building."""
    scopes = actor().scopes(action)
    return scopes is None or any(scope.touches(building_id) for scope in scopes)


def require_in_part(action: Action, building_id: int) -> None:
    """Refuse a form whose every answer would be refused.

    Raises
    ------
    NotAllowed
        The person may do this in no part of the building.
    """
    if not can_in_part(action, building_id):
        raise NotAllowed(
            msg("Your role does not allow this here (%(action)s).", action=action.value)
        )


def floor_context(session: Session, floor: Floor, tab: str | None = None) -> dict[str, Any]:
    """Give the names that ``floors/_head.html`` needs; ``tab`` is an endpoint."""
    person, here = actor(), tab or str(request.endpoint)
    labels = {
        "Plan": gettext("Plan"),
        "Coverage": gettext("Coverage"),
        "Rooms and demand": gettext("Rooms and demand"),
        "Cabling": gettext("Cabling"),
        "Table": gettext("Table"),
        "Plan versions": gettext("Plan versions"),
    }
    sight = public_sight.area_of(session, person, floor)
    return {
        "floor": floor,
        "public_only": sight is not None,
        "nothing_public": sight is not None and sight.is_empty,
        "floor_ref": places.floor_code(floor),
        "place_path": floor_path(session, person, floor, here),
        "floor_tabs": [
            (labels[label], url_for(endpoint, ref=floor.public_id), endpoint == here)
            for endpoint, label in _TABS
            if label not in _TAB_ACTIONS or can_in_part(_TAB_ACTIONS[label], floor.building_id)
        ],
        "sees_cabling": can_in_part(Action.SEE_CABLING, floor.building_id),
        "can_edit_floor": person.can(Action.EDIT_PLACES, floor.building_id),
        "can_edit_plans": person.can(Action.EDIT_PLANS, floor.building_id),
        "can_edit_walls": person.can(Action.EDIT_WALLS, floor.building_id),
        "can_place": can_in_part(Action.EDIT_ACCESS_POINTS, floor.building_id),
    }
