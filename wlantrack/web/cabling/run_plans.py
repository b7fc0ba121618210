"""The piece of plan on a cable run's page: a sheet, and the picture it lies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from flask import Blueprint, url_for
from flask_babel import gettext
from shapely import LineString

from wlantrack.errors import NotFound, msg
from wlantrack.rollout.cable_routes import Way
from wlantrack.services import cable_runs, pictures, run_plans
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, installation, reading
from wlantrack.web.floors.plan_routes import send_png
from wlantrack.web.floors.sheet import Dot, Shape, Sheet, make_box, make_line_path
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.rollout.cable_routes import NoWay
    from wlantrack.store.models.cabling import CableRun

blueprint = Blueprint("run_plans", __name__)


def draw_run_plan(store: Session, run: CableRun, way: Way | NoWay | None = None) -> Sheet | None:
    """Give the sheet of a run: its ends, its penetrations, its way; None where there is no plan."""
    found = run_plans.find_run_plan(store, run)
    if found is None:
        return None
    key = pictures.plan_key(found.plan, sight=found.area)
    shown = (*found.ends, *found.holes)
    return Sheet(
        make_box(found.bounds_m),
        url_for("run_plans.picture", ref=run.public_id, v=key),
        make_box(pictures.plan_bounds(found.plan)),
        tuple(_draw_way(way, run, found.area)) if isinstance(way, Way) else (),
        tuple(Dot(round(end.x_m, 2), round(-end.y_m, 2), end.code) for end in shown),
        is_labelled=True,
    )


def _draw_way(way: Way, run: CableRun, area: BaseGeometry) -> Iterator[Shape]:
    """Draw what of a way lies on the run's floor and in what is shown of it."""
    for stretch in way.stretches:
        if stretch.level != run.floor.level or len(stretch.points) < 2:
            continue
        for part in shapely.get_parts(shapely.intersection(LineString(stretch.points), area)):
            if isinstance(part, LineString):
                yield Shape(make_line_path(part), gettext("way along routes"), "way")


@blueprint.get("/cabling/runs/<ref>/plan.png")
@policy(Action.SEE_CABLING, Action.SEE_OWN_RUNS)
def picture(ref: str) -> ResponseReturnValue:
    """Give the floor's plan, blank but for the piece around a run."""
    parts = installation()
    with reading() as store:
        found = run_plans.find_run_plan(store, cable_runs.find_run(store, actor(), ref))
    if found is None:
        raise NotFound(msg("There is no such plan."))
    shown = pictures.plan_picture(found.plan, parts.files, parts.pictures, sight=found.area)
    return send_png(shown, pictures.plan_key(found.plan, sight=found.area))
