"""The composition root: the one place that knows every part and puts them together.

It is also where every command begins, and most commands need neither Flask nor pages: parts are
imported by the function that puts them together, so that a command starts at once.
"""

# ruff: noqa: PLC0415 - see above: imports stand where they are paid for

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wlantrack import logs, memory
from wlantrack.settings import Settings, load_settings

if TYPE_CHECKING:
    from types import ModuleType

    from flask import Flask


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application of one installation."""
    from flask import Flask
    from flask_wtf import CSRFProtect
    from jinja2 import ChoiceLoader, PackageLoader
    from werkzeug.middleware.proxy_fix import ProxyFix

    from wlantrack.web import errors, languages, shell, start
    from wlantrack.web.operations import watching
    from wlantrack.web.session import service
    from wlantrack.web.session.routes import limiter

    settings = settings or load_settings()
    app = Flask("wlantrack.web", static_folder=None)
    app.jinja_loader = ChoiceLoader(
        [PackageLoader(f"wlantrack.{name}") for name in ("web", "maps")]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    equip(app, settings)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    languages.init_languages(app)
    limiter.init_app(app)
    watching.init_watching(app)
    service.init_service(app, settings)
    shell.init_shell(app)
    CSRFProtect(app)  # after the shell: whose session has ended is asked to log in, no less
    errors.init_errors(app)
    for feature in _list_features():
        app.register_blueprint(feature.blueprint)
    app.add_url_rule("/", "start", start.start)
    app.add_url_rule("/start/rules", "start_rules", start.start_rules)
    return app


def equip(app: Flask, settings: Settings) -> None:
    """Give an application its installation: settings, database, files, caches and counters."""
    from wlantrack.services.results import ResultCache
    from wlantrack.store.picture_cache import PictureCache
    from wlantrack.store.plan_files import PlanFiles
    from wlantrack.store.session import Database
    from wlantrack.web.context import EXTENSION, Installation
    from wlantrack.web.operations import watching

    app.config.update(
        SECRET_KEY=settings.session_key(),
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 2**20,
        SESSION_COOKIE_NAME="__Host-wlantrack" if settings.secure_cookies else "wlantrack",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        WTF_CSRF_TIME_LIMIT=None,  # the token ends with the session
        BABEL_DEFAULT_LOCALE=settings.language_codes[0],
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.extensions[EXTENSION] = Installation(
        settings,
        Database(settings.url),
        PlanFiles(settings.files_dir),
        PlanFiles(settings.uploads_dir),
        ResultCache(),
        PictureCache(settings.cache_dir),
    )
    app.extensions[watching.EXTENSION] = watching.Watch()


def create_production_app() -> Flask:
    """Build the application for a server such as gunicorn, from the environment.

    Raises
    ------
    InvalidInput
        A setting is unsafe, or the database is not ready; the problem names which.
    """
    from wlantrack.services import start_checks

    settings = load_settings()
    logs.configure(settings.log_format, settings.log_level)
    start_checks.require_safe(settings)
    start_checks.require_database(settings)
    app = create_app(settings)
    start_checks.refuse_debug(is_debug=app.debug)
    memory.keep_for_good()
    return app


def _list_features() -> tuple[ModuleType, ...]:
    """Give the modules whose blueprints make up the pages."""
    from wlantrack.web.access_points import routes as access_points
    from wlantrack.web.access_points import state_routes as point_states
    from wlantrack.web.attachments import routes as attachments
    from wlantrack.web.audit import routes as audit
    from wlantrack.web.buildings import routes as buildings
    from wlantrack.web.catalogue import antenna_routes
    from wlantrack.web.catalogue import demand_routes as requirements
    from wlantrack.web.catalogue import routes as catalogue
    from wlantrack.web.city import routes as city
    from wlantrack.web.demand import group_routes as room_groups
    from wlantrack.web.demand import routes as demand
    from wlantrack.web.floors import (
        compare_routes,
        coverage_routes,
        editor_routes,
        plan_routes,
        route_editor,
    )
    from wlantrack.web.floors import routes as floors
    from wlantrack.web.hotspots import feedback_routes as feedback
    from wlantrack.web.hotspots import routes as hotspots
    from wlantrack.web.imports import footprint_routes
    from wlantrack.web.imports import routes as imports
    from wlantrack.web.labels import routes as labels
    from wlantrack.web.networks import routes as networks
    from wlantrack.web.operations import routes as operations
    from wlantrack.web.projects import routes as projects
    from wlantrack.web.public import routes as public
    from wlantrack.web.rooms import routes as rooms
    from wlantrack.web.search import routes as search
    from wlantrack.web.session import account_routes as account
    from wlantrack.web.session import feed_routes as feeds
    from wlantrack.web.session import routes as session
    from wlantrack.web.session import service_routes as service
    from wlantrack.web.site import routes as site
    from wlantrack.web.undo import routes as undo
    from wlantrack.web.uplinks import list_routes as uplink_list
    from wlantrack.web.uplinks import routes as uplinks
    from wlantrack.web.users import routes as users

    return (
        session,
        service,
        account,
        feeds,
        operations,
        city,
        search,
        buildings,
        uplinks,
        uplink_list,
        floors,
        editor_routes,
        route_editor,
        plan_routes,
        coverage_routes,
        compare_routes,
        access_points,
        rooms,
        room_groups,
        demand,
        networks,
        hotspots,
        feedback,
        public,
        point_states,
        *_list_cabling(),
        labels,
        site,
        attachments,
        imports,
        projects,
        footprint_routes,
        catalogue,
        requirements,
        antenna_routes,
        undo,
        users,
        audit,
        *_list_rollout_features(),
    )


def _list_rollout_features() -> tuple[ModuleType, ...]:
    """Give those that plan and follow the roll-out."""
    from wlantrack.web.blackouts import routes as blackouts
    from wlantrack.web.calendars import routes as calendars
    from wlantrack.web.crews import routes as crews
    from wlantrack.web.governance import routes as governance
    from wlantrack.web.milestones import baseline_routes as baselines
    from wlantrack.web.milestones import routes as milestones
    from wlantrack.web.packages import assign_routes as package_runs
    from wlantrack.web.packages import routes as packages
    from wlantrack.web.renovations import routes as renovations
    from wlantrack.web.renovations import window_routes as windows
    from wlantrack.web.reports import inquiry_routes as inquiries
    from wlantrack.web.reports import routes as reports
    from wlantrack.web.schedule import proposal_routes as proposals
    from wlantrack.web.schedule import routes as schedule
    from wlantrack.web.wings import routes as wings
    from wlantrack.web.work import routes as tasks

    return (
        wings,
        milestones,
        baselines,
        renovations,
        windows,
        tasks,
        crews,
        blackouts,
        calendars,
        schedule,
        proposals,
        packages,
        package_runs,
        governance,
        reports,
        inquiries,
    )


def _list_cabling() -> tuple[ModuleType, ...]:
    """Give the modules of cabling, and of what its hold points read."""
    from wlantrack.web.cable_routes import routes as cable_routes
    from wlantrack.web.cabling import part_routes as cabling_parts
    from wlantrack.web.cabling import routes as cabling
    from wlantrack.web.cabling import run_plans
    from wlantrack.web.cabling import state_routes as cabling_states
    from wlantrack.web.cabling import test_routes as cable_tests
    from wlantrack.web.orders import pack_routes as packs
    from wlantrack.web.orders import routes as orders
    from wlantrack.web.penetrations import routes as penetrations
    from wlantrack.web.permits import routes as permits

    return (
        cabling_parts,
        cabling,
        run_plans,
        cabling_states,
        cable_tests,
        cable_routes,
        orders,
        packs,
        penetrations,
        permits,
    )


def main() -> None:
    """Run the command line."""
    from wlantrack.cli.main import run

    run(create_app)
