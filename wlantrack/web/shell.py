"""What surrounds every page: who is there, the rail, addresses of static files, headers.

Decides the request's frame; refuses to know any feature but by its name.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import abort, g, request, send_from_directory, session, url_for
from flask_babel import gettext

from wlantrack.services import people
from wlantrack.services.actor import Action
from wlantrack.settings import resource_dir
from wlantrack.web import policies
from wlantrack.web.context import installation, profile, request_id
from wlantrack.web.idempotency import mark_refusal
from wlantrack.web.languages import current_locale

if TYPE_CHECKING:
    from flask import Flask, Response
    from werkzeug.wrappers import Response as AnyResponse

    from wlantrack.services.people import Profile

TOKEN = "token"  # noqa: S105 - the key under which the cookie keeps it
_CSP = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; "
    "object-src 'none'"
)
_ASSET_FOLDERS = ("css", "js", "img", "vendor")
_CHAPTERS = {
    "antennas": "catalogue",
    "baselines": "milestones",
    "blackouts": "packages",
    "cable_routes": "cabling",
    "cabling_parts": "cabling",
    "calendars": "packages",
    "cabling_states": "cabling",
    "cable_tests": "cabling",
    "compare": "buildings",
    "coverage": "buildings",
    "crews": "packages",
    "demand": "buildings",
    "editor": "buildings",
    "feedback": "networks",
    "floors": "buildings",
    "footprints": "imports",
    "hotspots": "networks",
    "inquiries": "reports",
    "orders": "cabling",
    "packs": "cabling",
    "penetrations": "cabling",
    "permits": "cabling",
    "plans": "buildings",
    "point_states": "access_points",
    "projects": "imports",
    "requirements": "catalogue",
    "room_groups": "rooms",
    "schedule": "packages",
    "uplink_list": "buildings",
    "uplinks": "buildings",
    "wings": "buildings",
    "windows": "renovations",
}
"""Pages that belong to an entry of the rail beside those of its own blueprint."""
_CHAPTERS_OF_THINGS = {
    "access_point": "access_points",
    "access_points": "access_points",
    "building": "buildings",
    "room": "rooms",
}
"""For pages about things of many kinds; what is not named belongs to cabling."""
_FOR_FIRMS = {
    Action.SEE_CABLING: Action.SEE_OWN_RUNS,
    Action.CHANGE_CABLE_STATE: Action.CARRY_OWN_RUNS,
}
"""What opens an entry of the rail to firms, by what opens it to staff."""
_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True)
class RailItem:
    """One entry of the left rail."""

    label: str
    url: str
    icon: str
    is_current: bool


def init_shell(app: Flask) -> None:
    """Attach the frame of every request to the application."""
    app.before_request(begin_request)
    app.before_request(policies.enforce)
    app.after_request(add_headers)
    app.after_request(mark_refusal)
    app.context_processor(page_context)
    # Globals, because macros are imported without the page's context.
    app.jinja_env.globals.update(asset=asset, csp_nonce=csp_nonce)
    app.add_url_rule("/assets/<version>/<path:path>", "asset", serve_asset)
    app.add_url_rule("/favicon.ico", "favicon", serve_favicon)


def begin_request() -> None:
    """Find out who is there."""
    texts = (request.path, *request.args.values(), *request.form.values())
    if any("\0" in text for text in texts):
        abort(400)  # nobody types it, and PostgreSQL cannot even look for it
    token = session.get(TOKEN)
    if token is None or request.endpoint == "asset":
        return
    parts = installation()
    now = people.utc_now()
    limits = people.SessionLimits.of(parts.settings)
    with parts.database.reading() as store:
        g.profile = people.resume(store, token, limits, now, request_id())
        is_due = g.profile is not None and people.is_touch_due(store, token, now)
    if g.profile is None:
        session.clear()
    elif is_due:
        with parts.database.writing(g.profile.actor.audit()) as store:
            people.touch(store, token, now)


def add_headers(response: Response) -> Response:
    """Add the headers that hold for every answer."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _CSP.format(nonce=csp_nonce()))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "SAMEORIGIN")  # for what does not know frame-ancestors
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
    headers.setdefault("X-Request-Id", request_id())
    settings = installation().settings
    if settings.hsts_days and settings.secure_cookies:
        headers.setdefault("Strict-Transport-Security", f"max-age={settings.hsts_days * 86_400}")
    if request.endpoint != "asset":
        headers.setdefault("Cache-Control", "no-store")
    return response


def csp_nonce() -> str:
    """Give this answer's nonce."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


@cache
def assets_version() -> str:
    """Give a short hash over all static files: it changes when any of them does."""
    digest = hashlib.sha256()
    root = resource_dir() / "static"
    for folder in _ASSET_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                stat = path.stat()
                digest.update(
                    f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}".encode()
                )
    return digest.hexdigest()[:12]


def asset(path: str) -> str:
    """Give the versioned address of a static file."""
    return url_for("asset", version=assets_version(), path=path)


@policies.policy(policies.PUBLIC)
def serve_asset(version: str, path: str) -> AnyResponse:
    """Serve a static file; its versioned address may be kept for ever."""
    folder, _, rest = path.partition("/")
    if folder not in _ASSET_FOLDERS:
        abort(404)  # before any path is made of it
    response = send_from_directory(resource_dir() / "static" / folder, rest)
    is_current = version == assets_version()
    response.headers["Cache-Control"] = (
        f"public, max-age={_YEAR_S}, immutable" if is_current else "no-cache"
    )
    return response


@policies.policy(policies.PUBLIC)
def serve_favicon() -> AnyResponse:
    """Serve the mark where browsers look for it unasked."""
    return serve_asset(assets_version(), "img/mark.svg")


def page_context() -> dict[str, Any]:
    """Give every template what the shell shows."""
    person = profile()
    return {
        "locale": current_locale(),
        "theme": person.theme if person else session.get("theme", "system"),
        "city_name": installation().settings.city_name,
        "current_user": person,
        "rail": list_rail() if person else [],
        "search_url": url_for("search.find") if _may_search(person) else None,
        "search_text": request.args.get("q", "") if request.endpoint == "search.find" else "",
        "Action": Action,
    }


def _may_search(person: Profile | None) -> bool:
    return person is not None and person.actor.can_anywhere(Action.SEE_PLACES)


def _find_chapter() -> str:
    """Give the name of the entry of the rail under which this page stands."""
    here = (request.blueprint or request.endpoint or "").partition(".")[0]
    if here in {"attachments", "labels"}:
        about = request.view_args or {}
        return _CHAPTERS_OF_THINGS.get(about.get("entity") or about.get("kind", ""), "cabling")
    return _CHAPTERS.get(here, here)


def list_rail() -> list[RailItem]:
    """Give the rail's entries that this person may open."""
    person = profile()
    if person is None:
        return []
    entries = (
        (Action.SEE_WORK, gettext("Start"), "start", "start"),
        (Action.SEE_PLACES, gettext("Map"), "city.show_map", "map"),
        (Action.SEE_PLACES, gettext("Buildings"), "buildings.list_buildings", "buildings"),
        (Action.SEE_PLACES, gettext("Rooms"), "rooms.list_rooms", "room"),
        (
            Action.SEE_ACCESS_POINTS,
            gettext("Access points"),
            "access_points.list_points",
            "access-points",
        ),
        (Action.SEE_CABLING, gettext("Cabling"), "cabling.list_runs", "cabling"),
        (Action.CHANGE_CABLE_STATE, gettext("On site"), "site.show_work", "place"),
        (Action.SEE_NETWORKS, gettext("Networks"), "networks.ssids.list_ssids", "networks"),
        (Action.SEE_MILESTONES, gettext("Milestones"), "milestones.list_milestones", "schedule"),
        (
            Action.SEE_RENOVATIONS,
            gettext("Renovations"),
            "renovations.list_renovations",
            "renovations",
        ),
        (Action.SEE_WORK, gettext("Work"), "packages.list_packages", "work"),
        (Action.SEE_WORK, gettext("Tasks"), "tasks.list_tasks", "check"),
        (Action.SEE_GOVERNANCE, gettext("Governance"), "governance.show_overview", "governance"),
        (Action.SEE_ANSWERS, gettext("Reports"), "reports.choose", "reports"),
        (Action.IMPORT_TABLES, gettext("Import"), "imports.choose", "import"),
        (Action.EDIT_CATALOGUE, gettext("Catalogue"), "catalogue.list_materials", "administration"),
        (Action.EDIT_USERS, gettext("Accounts"), "users.list_users", "person"),
        (Action.SEE_AUDIT, gettext("Audit trail"), "audit.list_events", "lock"),
    )
    here = _find_chapter()
    return [
        RailItem(label, url_for(endpoint), icon, here == endpoint.partition(".")[0])
        for action, label, endpoint, icon in entries
        if person.actor.can_anywhere(action)
        or (action in _FOR_FIRMS and person.actor.can_anywhere(_FOR_FIRMS[action]))
    ]
