"""Baselines and the milestone trend: what was once agreed and forecast, beside what is now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from wlantrack.rollout.rag import LIGHTS, RULES
from wlantrack.services import baselines, places, snapshots, wing_status
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, reading, writing
from wlantrack.web.lists import cut_page
from wlantrack.web.milestones.forms import BaselineForm, TrendForm
from wlantrack.web.milestones.routes import plan_parts, words
from wlantrack.web.milestones.trend_chart import draw_trends
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("baselines", __name__)


@blueprint.get("/baselines")
@policy(Action.SEE_MILESTONES)
def list_baselines() -> ResponseReturnValue:
    """Show the baselines, the latest first."""
    with reading() as store:
        found = baselines.list_baselines(store, actor())
    return render_template(
        "milestones/baselines.html",
        baselines=found,
        can_take=actor().can(Action.EDIT_MILESTONES),
        sees_details=actor().can_anywhere(Action.SEE_DETAILS),
    )


@blueprint.route("/baselines/new", methods=["GET", "POST"])
@policy(Action.EDIT_MILESTONES)
def take_baseline() -> ResponseReturnValue:
    """Keep the plan as of now under a name."""
    actor().require(Action.EDIT_MILESTONES)
    form = BaselineForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            now = datetime.now(UTC)
            reason = form.reason.data or ""
            taken = baselines.take_baseline(
                store, actor(), form.name.data or "", reason, now, plan_parts()
            )
            flash(gettext("Baseline %(name)s taken.", name=taken.name), "success")
            return redirect(url_for("baselines.show_baseline", ref=taken.public_id))
    return render_template("milestones/baseline_new.html", form=form)


@blueprint.get("/baselines/<ref>")
@policy(Action.SEE_MILESTONES)
def show_baseline(ref: str) -> ResponseReturnValue:
    """Show what a baseline says beside what is expected now, the latest first."""
    with reading() as store:
        page = baselines.show_baseline(store, actor(), ref, plan_parts())
    return render_template(
        "milestones/baseline.html",
        baseline=page.record,
        page=page,
        sees_details=actor().can_anywhere(Action.SEE_DETAILS),
        **words(),
    )


@blueprint.get("/programme")
@policy(Action.SEE_MILESTONES)
def show_programme() -> ResponseReturnValue:
    """Show how every place in scope stands, the worst first."""
    with reading() as store:
        statuses, wings = wing_status.list_programme(store, actor(), plan_parts())
    return render_template(
        "milestones/programme.html",
        places=statuses,
        wings=wings,
        lights=LIGHTS,
        rules=RULES,
        **words(),
    )


@blueprint.get("/milestone-trend")
@policy(Action.SEE_MILESTONES)
def show_trend() -> ResponseReturnValue:
    """Show how forecasts went, for the programme, a building or a wing."""
    form = TrendForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        building, wing = form.building.data or "", (form.wing.data or "").strip()
        trends = snapshots.list_trends(store, actor(), plan_parts(), building, wing)
    view, on_page = cut_page(trends)
    return render_template(
        "milestones/trend.html",
        form=form,
        view=view,
        trends=on_page,
        reports=snapshots.list_report_dates(trends),
        chart=draw_trends(trends),
        can_keep=actor().can(Action.EDIT_MILESTONES),
        **words(),
    )


@blueprint.post("/milestone-trend")
@policy(Action.EDIT_MILESTONES)
def keep_now() -> ResponseReturnValue:
    """Keep every forecast as of today."""
    with writing() as store:
        count = snapshots.keep_now(store, actor(), plan_parts())
    flash(ngettext("%(num)s forecast kept.", "%(num)s forecasts kept.", count), "success")
    return redirect(url_for("baselines.show_trend"))
