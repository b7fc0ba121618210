"""Undo from a message: what one request did is taken back, and the page it came from shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext

from wlantrack.errors import WlantrackError
from wlantrack.services import publication, undo
from wlantrack.web.context import actor, house, installation, writing
from wlantrack.web.languages import translate
from wlantrack.web.policies import LOGGED_IN, policy
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("undo", __name__)


@blueprint.post("/undo/<request_id>")
@policy(LOGGED_IN)
def undo_request(request_id: str) -> ResponseReturnValue:
    """Take back what a request did, and offer it again; a refusal stands in a message of its own."""
    target = safe_target(request.form.get("next"))
    try:
        with writing() as store:
            undo.undo_request(store, actor(), request_id, house())
            publication.keep_current(store, installation().settings)
    except WlantrackError as error:
        flash(translate(error.message), "error")
    else:
        flash_with_undo(gettext("Undone."), target, gettext("Do it again"))
    return redirect(target)


def flash_with_undo(
    text: str, back_to: str, label: str = "", link: tuple[str, str] | None = None
) -> None:
    """Say what this request has done, with a button that takes it back and leads to a page.

    ``link`` is the address and the words of where to see it.
    """
    # Flask keeps any JSON; what has an action is shown with a button.
    message: Any = {
        "text": text,
        "action_url": url_for("undo.undo_request", request_id=actor().request_id),
        "action_label": label or gettext("Undo"),
        "action_fields": {"next": back_to},
        "link": link,
    }
    flash(message, "success")


def flash_changes(count: int, text: str, back_to: str) -> None:
    """Say what this request has done to so many records, with an undo if there is anything to it."""
    if count:
        flash_with_undo(text, back_to)
    else:
        flash(gettext("Nothing has changed: everything ticked stands so already."), "success")
