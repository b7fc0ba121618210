"""Calendars to subscribe to: making and revoking their secret addresses, and the calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext

from wlantrack.services import feeds
from wlantrack.services.actor import SYSTEM, Action
from wlantrack.services.plan import PlanParts, find_clock
from wlantrack.web.context import actor, installation, reading, request_id, writing
from wlantrack.web.languages import translate
from wlantrack.web.links import full_url
from wlantrack.web.policies import PUBLIC, policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("feeds", __name__)


@blueprint.post("/account/calendars")
@policy(Action.SEE_MILESTONES)
def add() -> ResponseReturnValue:
    """Make a calendar address, and show it once."""
    with writing() as store:
        secret = feeds.add_token(store, actor(), request.form.get("name", ""))
    address = full_url("feeds.show", token=secret)
    return render_template("account/calendar.html", address=address)


@blueprint.post("/account/calendars/<ref>/revoke")
@policy(Action.SEE_MILESTONES)
def revoke(ref: str) -> ResponseReturnValue:
    """Make a calendar address worthless."""
    with writing() as store:
        feeds.revoke_token(store, actor(), ref)
    flash(gettext("Calendar address revoked."), "success")
    return redirect(url_for("account.show"))


@blueprint.get("/calendars/<token>.ics")
@policy(PUBLIC)
def show(token: str) -> ResponseReturnValue:
    """Give the calendar of a secret address; calendar programs cannot log in."""
    parts = installation()
    # Before it waits for its turn to write: guessed addresses must not keep others from writing.
    with reading() as store:
        reader = feeds.find_reader(store, token, request_id())
    with parts.database.writing(SYSTEM.audit()) as store:
        data = feeds.write_calendar(
            store,
            reader,
            PlanParts(find_clock(parts.settings), parts.results),
            f"wlantrack {parts.settings.city_name}",
            translate,
        )
    response = Response(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="wlantrack.ics"'
    return response
