"""The address without a path: leads to where work begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from wlantrack.services.actor import Action
from wlantrack.web.context import profile
from wlantrack.web.policies import PUBLIC, policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@policy(PUBLIC)
def start() -> ResponseReturnValue:
    """Lead to the list of buildings, a firm to its cables, or to the log-in."""
    person = profile()
    if person is not None and not person.actor.can_anywhere(Action.SEE_PLACES):
        return redirect(url_for("cabling.list_runs"))
    return redirect(url_for("buildings.list_buildings"))
