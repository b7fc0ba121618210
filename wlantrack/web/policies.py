"""Every route says who may open it; a test refuses a route that does not.

Decides only the outer gate: logged in, and the right to do this somewhere. Whether it is allowed
in this very place the service asks, with the record at hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from flask import abort, current_app, redirect, request, url_for

from wlantrack.errors import NotAllowed, msg
from wlantrack.services.actor import ACTION_WORDS, Action
from wlantrack.web.context import profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from werkzeug.wrappers import Response

View = TypeVar("View", bound="Callable[..., Any]")

PUBLIC = "public"
LOGGED_IN = "logged in"
_ATTRIBUTE = "policy"


def policy(*rules: Action | str) -> Callable[[View], View]:
    """Declare who may open a route: ``PUBLIC``, ``LOGGED_IN``, or who has any of some actions."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, rules)
        return view

    return declare


def policy_of(view: object) -> tuple[Action | str, ...]:
    """Give the declared policy of a view function, nothing if it declares none."""
    found: tuple[Action | str, ...] = getattr(view, _ATTRIBUTE, ())
    return found


def enforce() -> Response | None:
    """Apply the policy of the route in question; runs before every request."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    rules = policy_of(current_app.view_functions[request.endpoint])
    if PUBLIC in rules:
        return None
    if not rules:
        abort(404)
    person = profile()
    if person is None:
        return _send_to_login()
    actions = [rule for rule in rules if isinstance(rule, Action)]
    if actions and not any(person.actor.can_anywhere(action) for action in actions):
        raise NotAllowed(
            msg("Your role does not allow this (%(action)s).", action=ACTION_WORDS[actions[0]])
        )
    return None


def _send_to_login() -> Response:
    if request.method != "GET" or request.accept_mimetypes.best == "application/json":
        abort(401)
    target = request.full_path.rstrip("?")
    response: Response = redirect(url_for("session.login", next=target))
    return response
