"""What becomes of a form that cannot be taken because its session ended: nothing typed is lost.

The answer carries what was sent back to the browser, whose script keeps it for this tab until the
form is open again. Decides what is kept: never secrets, files or what another site has sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, render_template, request, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from wlantrack.web.context import profile

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_SECRET = ("password", "token", "secret", "psk")
_LONGEST = 200_000
"""Characters; a browser keeps a few million for a whole site."""


def show_kept(words: str, status: int) -> ResponseReturnValue:
    """Show why a form was not taken, and the way back to it, filled in."""
    back = find_form()
    is_logged_in = profile() is not None
    page = render_template(
        "kept.html",
        words=words,
        label=gettext("Back to the form") if is_logged_in else gettext("Log in"),
        url=back if is_logged_in else url_for("session.login", next=back),
        path=urlsplit(back).path,
        fields=list_kept_fields(),
    )
    return page, status


def find_form() -> str:
    """Give the address of the page whose form was sent."""
    if request.method == "GET" or _can_be_opened(request.path):
        return request.full_path.rstrip("?")
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return "/"
    return referrer.path + (f"?{referrer.query}" if referrer.query else "")


def _can_be_opened(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return False
    return True


def list_kept_fields() -> dict[str, list[str]]:
    """Give what was typed, by field; nothing if another site has sent it."""
    origin = request.headers.get("Origin")
    is_ours = origin is not None and urlsplit(origin).netloc == request.host
    fields = {
        name: values
        for name, values in request.form.lists()
        if not any(secret in name.casefold() for secret in _SECRET)
    }
    size = sum(len(value) for values in fields.values() for value in values)
    return fields if is_ours and size <= _LONGEST else {}
