"""The search: a page that works alone, and the same results as suggestions in the top bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import search
from wlantrack.services.actor import Action
from wlantrack.services.governance_kinds import KINDS
from wlantrack.web.context import actor, reading
from wlantrack.web.governance.pages import PAGES
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from typing import Any

    from flask.typing import ResponseReturnValue

    from wlantrack.store.queries.search import SearchRow

blueprint = Blueprint("search", __name__)

SUGGESTED = 5
LISTED = 25


@dataclass(frozen=True)
class Target:
    """Where a kind of thing is shown: its own page if there is one, else that of its place.

    ``catalogue`` stands in the address of its page beside the id, where several kinds share one.
    """

    title: Any
    icon: str
    endpoint: str
    place_endpoint: str = ""
    catalogue: str = ""


TARGETS = {
    "building": Target(_l("Buildings"), "buildings", "buildings.show_building"),
    "wing": Target(_l("Wings"), "buildings", "wings.show_wing"),
    "room": Target(_l("Rooms"), "room", "rooms.show_room", "floors.show_tables"),
    "access_point": Target(_l("Access points"), "access-points", "access_points.show_point"),
    "cable_run": Target(_l("Cables"), "cabling", "cabling.show_run", "buildings.show_building"),
    "distributor": Target(_l("Distributors"), "cabling", "cabling_parts.show_distributor"),
    "switch": Target(_l("Switches"), "cabling", "cabling_parts.show_switch"),
    "outlet": Target(_l("Outlets"), "cabling", "cabling_parts.show_outlet"),
    "permit": Target(_l("Permits"), "cabling", "permits.show_permit"),
    "penetration": Target(_l("Penetrations"), "cabling", "penetrations.show_penetration"),
    "order": Target(_l("Orders"), "cabling", "orders.show_order"),
    "vlan": Target(_l("VLANs"), "networks", "networks.vlans.show_vlan"),
    "ssid": Target(_l("SSIDs"), "networks", "networks.ssids.show_ssid"),
    "uplink": Target(_l("Uplinks"), "networks", "uplinks.show_uplink"),
    "milestone": Target(_l("Milestones"), "schedule", "milestones.show_milestone"),
    "work_package": Target(_l("Work packages"), "settings", "packages.show_package"),
    "crew": Target(_l("Crews"), "person", "crews.show_crew"),
    **{
        kind.entity: Target(
            PAGES[kind.key].title,
            "reports",
            "governance.show_record",
            catalogue=kind.slug,
        )
        for kind in KINDS.values()
    },
}


@dataclass(frozen=True)
class Hit:
    """One line of the results; without a URL there is no page of it yet."""

    code: str
    name: str
    place: str
    url: str | None


@dataclass(frozen=True)
class HitGroup:
    """The results of one kind."""

    title: str
    icon: str
    hits: tuple[Hit, ...]
    has_more: bool


@blueprint.get("/search")
@policy(Action.SEE_PLACES)
def find() -> ResponseReturnValue:
    """Show what was found; a code that names one thing leads straight to it."""
    text = request.args.get("q", "").strip()[: search.LONGEST_TEXT]
    is_suggestion = "HX-Request" in request.headers
    with reading() as store:
        groups = search.search(store, actor(), text, SUGGESTED if is_suggestion else LISTED)
    shown = [_show_group(group) for group in groups]
    if is_suggestion:
        return render_template("search/_results.html", groups=shown, text=text, is_short=True)
    exact = search.find_exact(groups, text)
    url = _url_of(*exact) if exact else None
    if url is not None:
        return redirect(url)
    total = sum(len(group.hits) for group in shown)
    return render_template("search/find.html", groups=shown, text=text, total=total, is_short=False)


def _show_group(group: search.Group) -> HitGroup:
    target = TARGETS[group.kind]
    hits = tuple(
        Hit(row.code, row.name, _describe_place(group.kind, row), _url_of(group.kind, row))
        for row in group.rows
    )
    return HitGroup(str(target.title), target.icon, hits, group.has_more)


def _describe_place(kind: str, row: SearchRow) -> str:
    if kind == "ssid":
        words: dict[str, str] = {
            "visitor": gettext("Visitor WLAN"),
            "internal": gettext("LHS WLAN"),
        }
        return words.get(row.place) or str(gettext("Management"))
    return row.place


def _url_of(kind: str, row: SearchRow) -> str | None:
    target = TARGETS[kind]
    if target.endpoint in current_app.view_functions:
        return url_for(target.endpoint, ref=row.public_id, catalogue=target.catalogue or None)
    if target.place_endpoint and row.place_id is not None:
        return url_for(target.place_endpoint, ref=row.place_id)
    return None
