"""Wings: how one stands, what comes next there, what of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

from wlantrack.rollout.packages import CONFLICT_WORDS, STATE_WORDS
from wlantrack.rollout.rag import LIGHTS, RULES
from wlantrack.rollout.wall_closing import LEVEL_WORDS
from wlantrack.services import packages, wing_status
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading
from wlantrack.web.milestones.routes import plan_parts, words
from wlantrack.web.place_path import wing_path
from wlantrack.web.policies import policy
from wlantrack.web.renovations.words import write_known
from wlantrack.web.work.words import write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("wings", __name__)


@blueprint.get("/wings/<ref>")
@policy(Action.SEE_PLACES)
def show_wing(ref: str) -> ResponseReturnValue:
    """Show a wing: its light and why, its milestones, what is done of it on each floor."""
    with reading() as store:
        page = wing_status.show_wing(store, actor(), ref, plan_parts())
        building, wing = page.place.building, page.place.wing
        path = wing_path(store, actor(), building, wing)
        lines = packages.list_of_wing(store, actor(), building.id, wing.id, plan_parts())
    return render_template(
        "wings/show.html",
        page=page,
        status=page.status,
        building=building,
        wing=wing,
        place_path=path,
        can_add=actor().can(Action.EDIT_MILESTONES, building.id, wing.id),
        lights=LIGHTS,
        levels=LEVEL_WORDS,
        known=write_known,
        packages=lines,
        sees_work=actor().can(Action.SEE_WORK, building.id, wing.id),
        can_plan=actor().can(Action.EDIT_WORK, building.id, wing.id),
        package_states=STATE_WORDS,
        conflict_words=CONFLICT_WORDS,
        span=write_span,
        rules=RULES,
        **words(),
    )
