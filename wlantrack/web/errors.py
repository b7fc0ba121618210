"""One look for everything that is refused: a page, a fragment, or JSON, with one status."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from wlantrack.errors import (
    Conflict,
    Infeasible,
    InvalidInput,
    NotAllowed,
    NotFound,
    Problem,
    WlantrackError,
)
from wlantrack.web.context import profile, request_id
from wlantrack.web.kept_input import show_kept
from wlantrack.web.languages import describe_problem, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask
    from flask.typing import ResponseReturnValue

_LOG = logging.getLogger(__name__)

_STATUS: dict[type[WlantrackError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InvalidInput: 400,
    Conflict: 409,
    Infeasible: 422,
}

_LOG_IN = 401


def init_errors(app: Flask) -> None:
    """Attach the handlers; what is not ours becomes a plain 500 with the request's id."""
    app.register_error_handler(WlantrackError, show_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_crash)


def log_refusal(message: str, *values: str) -> None:
    """Tell the log what was refused to whom; ``message`` has a %s for each value."""
    # What people send is escaped, so that nobody writes lines of their own.
    told = message % tuple(ascii(value)[1:-1] for value in values)
    _LOG.warning("request %s from %s: %s", request_id(), request.remote_addr, told)


def _address() -> str:
    """Give the path for the log; that of a one-time link is a secret."""
    return str(request.url_rule) if request.endpoint == "session.use_link" else request.path


def wants_json() -> bool:
    """Tell whether the answer goes to a program: the editor sends and accepts JSON."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def show_error(error: WlantrackError) -> ResponseReturnValue:
    """Show one of our own refusals."""
    status = _STATUS[type(error)]
    if isinstance(error, NotAllowed):
        person = profile()
        name = person.actor.name if person else "nobody"
        log_refusal("%s may not %s %s", name, request.method, _address())
    if wants_json():
        return jsonify(error=describe_error(error)), status
    return _page(status, _say(error), _list_below(getattr(error, "problems", ()))), status


def _list_below(problems: Sequence[Problem]) -> list[str]:
    """Give what a page says below its heading, which are the words of the first problem."""
    match problems:
        case [Problem(file=None, row=None, value=None) as only]:
            return [] if only.remedy is None else [translate(only.remedy)]
    return [describe_problem(problem) for problem in problems]


def _say(error: WlantrackError) -> str:
    words = translate(error.message)
    remedy = error.remedy if isinstance(error, NotFound) else None
    return words if remedy is None else f"{words} {translate(remedy)}"


def describe_error(error: WlantrackError) -> dict[str, Any]:
    """Give an error as JSON values: message, problems by field, and who changed what."""
    described: dict[str, Any] = {"message": _say(error), "problems": []}
    if isinstance(error, InvalidInput):
        described["problems"] = [
            {"field": problem.field, "message": describe_problem(problem)}
            for problem in error.problems
        ]
    if isinstance(error, Conflict):
        described |= {"changed_by": error.changed_by, "changed_fields": error.changed_fields}
    return described


def show_csrf_error(_error: CSRFError) -> ResponseReturnValue:
    """Say that a form was open for too long, and keep what was typed into it."""
    log_refusal("no valid token: %s %s", request.method, _address())
    words = gettext("The page was open for too long. Please send the form again.")
    if wants_json():
        return jsonify(error={"message": words, "problems": [], "is_token_stale": True}), 400
    return show_kept(words, 400)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Show an error that Flask raised, without inner details."""
    status = error.code or 500
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        log_refusal("too many requests: %s %s", request.method, _address())
    words = {
        401: gettext("Please log in."),
        404: gettext("There is nothing at this address, or it is outside your area."),
        405: gettext("This address does not answer to this kind of request."),
        413: gettext("The file is too large."),
        429: gettext("Too many attempts. Wait a few minutes and try again."),
    }.get(status, gettext("That did not work."))
    if error.response is not None:
        return error.response
    if wants_json():
        login_url = url_for("session.login", next="/") if status == _LOG_IN else None
        return jsonify(error={"message": words, "problems": [], "login_url": login_url}), status
    if status == _LOG_IN:
        return show_kept(words, status)
    return _page(status, words, []), status


def show_crash(error: Exception) -> ResponseReturnValue:
    """Log a failure of our own and show its request id only."""
    from flask import current_app  # noqa: PLC0415 - only needed when something broke

    current_app.logger.error("request %s failed", request_id(), exc_info=error)
    words = gettext("Something broke on our side. The request's number is %(id)s.", id=request_id())
    if wants_json():
        return jsonify(error={"message": words, "problems": []}), 500
    return _page(500, words, []), 500


def _page(status: int, words: str, problems: list[str]) -> str:
    return render_template("error.html", status=status, words=words, problems=problems)
