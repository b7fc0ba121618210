"""Networks: puts the pages of SSIDs, VLANs, flows and access points on air under one roof."""

from __future__ import annotations

from flask import Blueprint

from wlantrack.web.networks import check_pages, flow_pages, on_air_pages, ssid_pages, vlan_pages

blueprint = Blueprint("networks", __name__)
for part in (ssid_pages, vlan_pages, flow_pages, on_air_pages, check_pages):
    blueprint.register_blueprint(part.blueprint)
