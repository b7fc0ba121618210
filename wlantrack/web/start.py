"""The address without a path: leads to where work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from wlantrack.web.policies import PUBLIC, policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@policy(PUBLIC)
def start() -> ResponseReturnValue:
    """Lead to the list of buildings, or to the log-in."""
    return redirect(url_for("buildings.list_buildings"))
