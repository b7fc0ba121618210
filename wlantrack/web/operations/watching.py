"""Counts and times every request, for Prometheus and for logs in JSON.

Decides that addresses are told by their pattern only: a one-time link or a search is nobody's
business in a log.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from flask import current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from wlantrack.web.context import installation, request_id

if TYPE_CHECKING:
    from flask import Flask, Response

_LOG = logging.getLogger("wlantrack.access")
EXTENSION = "wlantrack.watch"
_BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8)


class Watch:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wlantrack_requests",
            "Requests answered, by endpoint, method and status.",
            ("endpoint", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "wlantrack_request_seconds",
            "Seconds until an answer was ready, by endpoint.",
            ("endpoint",),
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.refusals = Counter(
            "wlantrack_refusals",
            "Failed log-ins, refused actions, bad tokens and too many attempts.",
            registry=self.registry,
        )


def init_watching(app: Flask) -> None:
    """Let an application count its requests; before all else, so that nothing goes untimed."""
    app.before_request(_begin)
    app.after_request(_end)


def watch() -> Watch:
    """Give the running application's counters."""
    found: Watch = current_app.extensions[EXTENSION]
    return found


def _begin() -> None:
    g.began_s = time.perf_counter()
    request_id()  # from now on every log line of this request has its number


def _end(response: Response) -> Response:
    seconds = time.perf_counter() - g.get("began_s", time.perf_counter())
    endpoint = request.endpoint or "none"
    method = request.method if request.url_rule is not None else "any"  # anybody may make one up
    watch().requests.labels(endpoint, method, response.status_code).inc()
    watch().seconds.labels(endpoint).observe(seconds)
    if response.status_code in {401, 403, 429}:
        watch().refusals.inc()
    if installation().settings.log_format == "json" and request.endpoint != "asset":
        _LOG.info(
            "%s %s %d",
            method,
            request.url_rule,
            response.status_code,
            extra={
                "endpoint": endpoint,
                "status": response.status_code,
                "milliseconds": round(seconds * 1000, 1),
            },
        )
    return response
