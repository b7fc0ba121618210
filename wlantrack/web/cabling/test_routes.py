"""The files in which test records of cables came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from wlantrack.services import cable_tests
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, installation, reading
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("cable_tests", __name__)


@blueprint.get("/cabling/tests/<ref>/original")
@policy(Action.SEE_CABLING)
def original(ref: str) -> ResponseReturnValue:
    """Give the file of a test record as it came; a browser saves it, and shows nothing of it."""
    with reading() as store:
        name, data = cable_tests.open_original(store, actor(), installation().files, ref)
    response = Response(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
