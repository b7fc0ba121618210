"""Undo: what one request has done is taken back by one button, and the undo by the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext, ngettext

from wlantrack.services import undo
from wlantrack.web.context import actor, writing
from wlantrack.web.policies import LOGGED_IN, policy
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("changes", __name__)


@blueprint.post("/changes/<request_id>/undo")
@policy(LOGGED_IN)
def take_back(request_id: str) -> ResponseReturnValue:
    """Take back what a request did; who may, the service asks of every record."""
    with writing() as store:
        undone = undo.undo_request(store, actor(), request_id)
    count = undone.changed + undone.deleted + undone.restored
    words = ngettext(
        "Taken back: %(num)d entry is as before.",
        "Taken back: %(num)d entries are as before.",
        count,
    )
    target = safe_target(request.form.get("next"))
    offer_undo(words, undone.request_id, target, gettext("Do it again"))
    return redirect(target)


def offer_undo(words: str, request_id: str, target: str, label: str = "") -> None:
    """Say what was done, with a button that takes it back and leads to a page."""
    message = {
        "text": words,
        "action_url": url_for("changes.take_back", request_id=request_id),
        "action_label": label or gettext("Undo"),
        "action_fields": {"next": target},
    }
    flash(cast("str", message), "success")  # the toast takes words or such a mapping
