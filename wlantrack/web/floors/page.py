"""What every page of a floor shows: its head, its tabs, its place in the path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext

from wlantrack.services import places
from wlantrack.services.actor import Action
from wlantrack.web.context import actor
from wlantrack.web.place_path import floor_path

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

_TABS = (
    ("floors.show_plan", "Plan"),
    ("coverage.show_coverage", "Coverage"),
    ("floors.show_tables", "Table"),
    ("plans.list_versions", "Plan versions"),
)


def floor_context(session: Session, floor: Floor, tab: str | None = None) -> dict[str, Any]:
    """Give the names that ``floors/_head.html`` needs; ``tab`` is an endpoint."""
    person, here = actor(), tab or str(request.endpoint)
    labels = {
        "Plan": gettext("Plan"),
        "Coverage": gettext("Coverage"),
        "Table": gettext("Table"),
        "Plan versions": gettext("Plan versions"),
    }
    return {
        "floor": floor,
        "floor_ref": places.floor_code(floor),
        "place_path": floor_path(session, person, floor, here),
        "floor_tabs": [
            (labels[label], url_for(endpoint, ref=floor.public_id), endpoint == here)
            for endpoint, label in _TABS
        ],
        "can_edit_floor": person.can(Action.EDIT_PLACES, floor.building_id),
        "can_edit_plans": person.can(Action.EDIT_PLANS, floor.building_id),
        "can_edit_walls": person.can(Action.EDIT_WALLS, floor.building_id),
        "can_place": person.can_anywhere(Action.EDIT_ACCESS_POINTS),
    }
