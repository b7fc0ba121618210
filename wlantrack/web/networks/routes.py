"""Networks: puts the pages of SSIDs, VLANs, flows and access points on air under one roof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext

from wlantrack.services import undo
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, writing
from wlantrack.web.networks import flow_pages, on_air_pages, ssid_pages, vlan_pages
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("networks", __name__)
for part in (ssid_pages, vlan_pages, flow_pages, on_air_pages):
    blueprint.register_blueprint(part.blueprint)


@blueprint.post("/networks/undo")
@policy(Action.EDIT_NETWORKS)
def take_back() -> ResponseReturnValue:
    """Take back what a request has changed."""
    with writing() as store:
        undo.undo_request(store, actor(), request.form.get("request", ""))
    flash(gettext("Taken back."), "success")
    return redirect(safe_target(request.form.get("next")))
