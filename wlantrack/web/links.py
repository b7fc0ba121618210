"""Addresses by which pages are opened from outside: in links that people pass on, or other servers.

Decides that the installation's own address counts, and not what a request calls it.
"""

from __future__ import annotations

from flask import request, url_for

from wlantrack.web.context import installation


def base_url() -> str:
    """Give where this installation is opened, without a slash at its end.

    That is ``WLANTRACK_APP_URL``; where it is not set, the address of the request.
    """
    return (installation().settings.app_url or request.url_root).rstrip("/")


def full_url(endpoint: str, **values: object) -> str:
    """Give the whole address of a page."""
    path = url_for(endpoint, **values)  # type: ignore[arg-type] # values of the address only
    return f"{base_url()}{path.removeprefix(request.script_root)}"
