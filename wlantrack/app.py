"""The composition root: the one place that knows every part and puts them together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask, redirect, url_for
from flask_wtf import CSRFProtect

from wlantrack.services.coverage import CoverageCache
from wlantrack.settings import Settings, load_settings
from wlantrack.store.picture_cache import PictureCache
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.session import Database
from wlantrack.web import errors, languages, shell
from wlantrack.web.access_points import routes as access_points
from wlantrack.web.buildings import routes as buildings
from wlantrack.web.catalogue import routes as catalogue
from wlantrack.web.context import EXTENSION, Installation
from wlantrack.web.floors import coverage_routes, editor_routes, plan_routes
from wlantrack.web.floors import routes as floors
from wlantrack.web.imports import routes as imports
from wlantrack.web.policies import PUBLIC, policy
from wlantrack.web.session import routes as session

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application of one installation."""
    settings = settings or load_settings()
    app = Flask("wlantrack.web", static_folder=None)
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
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions[EXTENSION] = Installation(
        settings,
        Database(settings.url),
        PlanFiles(settings.files_dir),
        CoverageCache(),
        PictureCache(settings.cache_dir),
    )
    languages.init_languages(app)
    CSRFProtect(app)
    session.limiter.init_app(app)
    shell.init_shell(app)
    errors.init_errors(app)
    for feature in (
        session,
        buildings,
        floors,
        editor_routes,
        plan_routes,
        coverage_routes,
        access_points,
        imports,
        catalogue,
    ):
        app.register_blueprint(feature.blueprint)
    app.add_url_rule("/", "start", start)
    return app


@policy(PUBLIC)
def start() -> Response:
    """Lead to the list of buildings, or to the log-in."""
    response: Response = redirect(url_for("buildings.list_buildings"))
    return response


def main() -> None:
    """Run the command line."""
    from wlantrack.cli.main import run  # noqa: PLC0415 - the web server does not need click

    run(create_app)
