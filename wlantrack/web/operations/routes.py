"""Health, readiness and metrics, for those who run the program."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from wlantrack.services import readiness
from wlantrack.settings import is_loopback
from wlantrack.web.context import installation
from wlantrack.web.operations.watching import watch
from wlantrack.web.policies import PUBLIC, policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("operations", __name__)

_PASSED_ON = ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host")
"""Headers that proxies add: with one of them a request does not come from this machine."""


@blueprint.get("/healthz")
@policy(PUBLIC)
def health() -> ResponseReturnValue:
    """Say that the process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@policy(PUBLIC)
def ready() -> ResponseReturnValue:
    """Say whether database, schema and data folder are fit for work; 503 if one is not."""
    parts = installation()
    state = readiness.check(parts.settings, parts.database)
    return jsonify(state.describe()), 200 if state.is_ready else 503


@blueprint.get("/metrics")
@policy(PUBLIC)
def metrics() -> ResponseReturnValue:
    """Give the counters to who has the token, or sits on this machine; to others it is not there."""
    if not _may_read_metrics():
        abort(404)
    return Response(generate_latest(watch().registry), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics() -> bool:
    settings = installation().settings
    if settings.metrics_token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), settings.metrics_token.encode())
    # Behind a proxy on this machine everybody seems to be here: so only where there is none.
    host = (request.host or "").rsplit(":", 1)[0]
    return (
        not settings.secure_cookies
        and not settings.trusted_proxies
        and is_loopback(request.remote_addr or "")
        and is_loopback(host)
        and not any(name in request.headers for name in _PASSED_ON)
    )
