"""What the pages of networks share: their tabs, their words, and messages with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, request, url_for
from flask_babel import gettext

from wlantrack.services.actor import Action
from wlantrack.web.context import actor
from wlantrack.web.languages import translate
from wlantrack.web.networks.words import page_words
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.errors import Problem


def tab_context(tab: str) -> dict[str, Any]:
    """Give the lists' tabs, ``tab`` being the current one's endpoint, and all words."""
    items = [
        (gettext("SSIDs"), "networks.ssids.list_ssids"),
        (gettext("Access points on air"), "networks.on_air.list_points"),
    ]
    if actor().can_anywhere(Action.SEE_SEGMENTS):
        items[1:1] = [
            (gettext("VLANs"), "networks.vlans.list_vlans"),
            (gettext("Flows"), "networks.flows.list_flows"),
        ]
    if actor().can_anywhere(Action.SEE_HOTSPOTS):
        items.append((gettext("Public hotspots"), "hotspots.list_hotspots"))
    if actor().can_anywhere(Action.SEE_SEPARATION):
        items.append((gettext("Separation"), "networks.check.show_check"))
    return {
        "network_tabs": [(label, url_for(endpoint), endpoint == tab) for label, endpoint in items],
        **record_context(),
    }


def record_context() -> dict[str, Any]:
    """Give the words of networks, and what this person sees and edits of them."""
    return {
        "can_edit": actor().can(Action.EDIT_NETWORKS),
        "sees_segments": actor().can_anywhere(Action.SEE_SEGMENTS),
        **page_words(),
    }


def tell(text: str, target: str, warnings: Iterable[Problem] = ()) -> None:
    """Say what was done, with a button that takes it back, and what speaks against it."""
    # A scope's undo needs the right everywhere, as an SSID is on air in many places.
    if actor().can(Action.EDIT_NETWORKS):
        flash_with_undo(text, target)
    else:
        flash(text, "success")
    for warning in warnings:
        remedy = "" if warning.remedy is None else f" {translate(warning.remedy)}"
        flash(f"{translate(warning.message)}{remedy}", "warning")


def wants_panel() -> bool:
    """Tell whether htmx asks for the panel beside a list only."""
    return bool(request.headers.get("HX-Request"))
