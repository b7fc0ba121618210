"""Proposed schedules: searched in the background, read line by line, accepted, and their weights."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.rollout.milestones import KIND_WORDS as MILESTONE_WORDS
from wlantrack.services import (
    schedule_history,
    schedule_lines,
    schedule_process,
    schedule_proposals,
    schedule_weights,
)
from wlantrack.services.actor import Action
from wlantrack.services.paging import Page
from wlantrack.services.schedule_lines import LineState
from wlantrack.services.schedule_proposals import ACCEPT, PIN_THERE
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.lists import read_list, render_list, send_table
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.policies import policy
from wlantrack.web.schedule.proposal_forms import SearchForm, WeightsForm
from wlantrack.web.schedule.search_list import (
    COLUMNS,
    STATES,
    SearchFilterForm,
    list_cells,
    list_heads,
)
from wlantrack.web.undo.routes import flash_with_undo
from wlantrack.web.work.words import work_tabs, write_span

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.bulk_changes import BulkResult
    from wlantrack.services.schedule_history import Search

blueprint = Blueprint("proposals", __name__)

LINE_STATES: Final = {
    LineState.OPEN: (msg("open"), "planned"),
    LineState.TAKEN: (msg("taken over"), "live"),
    LineState.PINNED: (msg("pinned elsewhere"), "ordered"),
    LineState.CHANGED: (msg("changed since"), "blocked"),
    LineState.GONE: (msg("deleted since"), "blocked"),
}
COST_WORDS: Final = {
    "late": msg("lateness"),
    "outside": msg("work in closed walls"),
    "disturbed": msg("disturbance"),
    "moved": msg("moving"),
}
POLL_S: Final = 1
MOST_EXPORTED: Final = 100_000


def _words() -> dict[str, Any]:
    return {
        "states": STATES,
        "cost_words": COST_WORDS,
        "weight_words": schedule_weights.WORDS,
        "tabs": work_tabs(),
        "span": write_span,
        "can_weigh": actor().can(Action.SET_WEIGHTS),
    }


@blueprint.route("/schedule/proposals", methods=["GET", "POST"])
@policy(Action.EDIT_WORK)
def list_proposals() -> ResponseReturnValue:
    """Show the searches there were, and begin a new one."""
    actor().require(Action.EDIT_WORK)
    form = SearchForm()
    if form.validate_on_submit():
        with form.refusals():
            return redirect(url_for("proposals.show_proposal", ref=_search(form).public_id))
    view, narrow, now = (
        read_list(COLUMNS, "latest"),
        SearchFilterForm(request.args),
        datetime.now(UTC),
    )
    with reading() as store:
        narrow.offer(schedule_history.list_askers(store, actor()))
        rows, total = schedule_history.list_searches(
            store, actor(), narrow.narrow(), view.page, now
        )
        weights = schedule_weights.find_weights(store)
        running = schedule_history.find_running(store, actor(), now)
    return render_list(
        "schedule/proposals.html",
        view,
        narrow,
        rows,
        total,
        asking=form,
        weights=weights,
        running=running,
        **_words(),
    )


@blueprint.get("/schedule/proposals.<suffix>")
@policy(Action.EDIT_WORK)
def export_searches(suffix: str) -> ResponseReturnValue:
    """Give the searches that the filters leave as a table, the latest first."""
    form, page = SearchFilterForm(request.args), Page(limit=MOST_EXPORTED)
    with reading() as store:
        form.offer(schedule_history.list_askers(store, actor()))
        rows, _ = schedule_history.list_searches(
            store, actor(), form.narrow(), page, datetime.now(UTC)
        )
    return send_table("schedule-proposals", suffix, list_heads(), list_cells(rows))


def _search(form: SearchForm) -> Search:
    parts = installation()
    with writing() as store:
        search = schedule_history.ask(store, actor(), form.limits(), datetime.now(UTC))
    context = actor().audit()
    schedule_process.start_search(parts.database, parts.settings, search.public_id, context)
    return search


@blueprint.get("/schedule/proposals/<ref>")
@policy(Action.EDIT_WORK)
def show_proposal(ref: str) -> ResponseReturnValue:
    """Show a search: how far it is, or what it has found; for htmx only how far, or the panel."""
    now = datetime.now(UTC)
    with reading() as store:
        search = schedule_history.find_search(store, actor(), ref, now)
        if search.text_sha256 is not None:
            kept = schedule_proposals.find_proposal(store, actor(), search.text_sha256)
            page = schedule_lines.show_proposal(store, actor(), kept, plan_parts())
        else:
            page = None
    if request.headers.get("HX-Target") == "panel":
        return render_template("schedule/_panel.html", search=search, page=page, **_words())
    if request.headers.get("HX-Request"):
        return _show_progress(search, now)
    return render_template(
        "schedule/proposal.html" if page else "schedule/search.html",
        search=search,
        page=page,
        found=page.kept.proposal if page else None,
        elapsed_s=(now - search.asked_at).total_seconds(),
        poll_s=POLL_S,
        line_states=LINE_STATES,
        milestone_words=MILESTONE_WORDS,
        form=SearchForm(formdata=None, limit_s=search.limits.limit_s, seed=search.limits.seed),
        **_words(),
    )


def _show_progress(search: Search, now: datetime) -> ResponseReturnValue:
    """Give how far a search is; once it is over, let the whole page come anew."""
    if not search.is_running:
        return make_response("", 204, {"HX-Refresh": "true"})
    elapsed_s = (now - search.asked_at).total_seconds()
    return render_template(
        "schedule/_progress.html", search=search, elapsed_s=elapsed_s, poll_s=POLL_S
    )


@blueprint.post("/schedule/proposals/<ref>/cancel")
@policy(Action.EDIT_WORK)
def cancel(ref: str) -> ResponseReturnValue:
    """Stop a search; the best plan that it has is kept."""
    with writing() as store:
        schedule_history.cancel(store, actor(), ref, datetime.now(UTC))
    return redirect(url_for("proposals.show_proposal", ref=ref))


@blueprint.post("/schedule/proposals/<ref>/lines")
@policy(Action.EDIT_WORK)
def take_lines(ref: str) -> ResponseReturnValue:
    """Take over ticked lines, or pin their packages where they are or are to be."""
    actor().require(Action.EDIT_WORK)
    target = url_for("proposals.show_proposal", ref=ref, _anchor="moves-head")
    codes, step = request.form.getlist("ids"), request.form.get("step", "")
    if not codes:
        raise InvalidInput(
            Problem(msg("Nothing is selected."), msg("Tick the rows in the list first."))
        )
    with writing() as store:
        result = schedule_proposals.accept(store, actor(), ref, codes, step)
    if result.changed:
        flash_with_undo(_tell(result, step), target)
    if not result.refused:
        return redirect(target)
    return render_template("schedule/lines_result.html", result=result, back=target)


def _tell(result: BulkResult, step: str) -> str:
    count = len(result.changed)
    if step == ACCEPT:
        said = ngettext("%(num)d work package moved.", "%(num)d work packages moved.", count)
    elif step == PIN_THERE:
        said = ngettext(
            "%(num)d work package moved and pinned there.",
            "%(num)d work packages moved and pinned there.",
            count,
        )
    else:
        said = ngettext(
            "%(num)d work package pinned where it is.",
            "%(num)d work packages pinned where they are.",
            count,
        )
    return str(said)


@blueprint.route("/schedule/weights", methods=["GET", "POST"])
@policy(Action.SET_WEIGHTS)
def set_weights() -> ResponseReturnValue:
    """Set what the faults of a plan cost against one another."""
    with reading() as store:
        record = schedule_weights.find_record(store, actor())
    form = WeightsForm(obj=record)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            schedule_weights.set_weights(store, actor(), form.weights(), form.expected_version())
            target = url_for("proposals.list_proposals")
            flash_with_undo(gettext("Weights saved; searches from now on use them."), target)
            return redirect(target)
    meanings: dict[str, Message] = schedule_weights.MEANINGS
    return render_template("schedule/weights.html", form=form, meanings=meanings)
