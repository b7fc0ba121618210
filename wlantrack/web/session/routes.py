"""Log in and out, one-time links, language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import generate_csrf

from wlantrack.errors import InvalidInput, NotFound, msg
from wlantrack.services import people
from wlantrack.services.actor import Actor
from wlantrack.web.context import installation, profile, request_id, writing
from wlantrack.web.errors import log_refusal
from wlantrack.web.languages import translate
from wlantrack.web.policies import LOGGED_IN, PUBLIC, policy
from wlantrack.web.session.devices import read_device
from wlantrack.web.session.forms import LoginForm, PasswordForm
from wlantrack.web.session.service import has_service
from wlantrack.web.shell import TOKEN

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("session", __name__)
limiter = Limiter(get_remote_address, storage_uri="memory://")


def safe_target(target: str | None) -> str:
    """Give a path of this site to go on to; anything else leads to the start page.

    Among what else is a line break: browsers pass over it, and no header may hold one.
    """
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    if not target.isprintable():
        return "/"
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else "/"


def login_rate() -> str:
    """Give how many attempts one address has."""
    return installation().settings.login_rate


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit(login_rate, methods=["POST"])
@policy(PUBLIC)
def login() -> ResponseReturnValue:
    """Ask for name and password."""
    form = LoginForm()
    settings = installation().settings
    target = safe_target(request.values.get("next"))
    if profile() is not None and request.method == "GET":
        return redirect(target)
    if request.method == "POST" and not settings.local_login:
        raise NotFound(msg("Log in by the log-in service."))
    if form.validate_on_submit():
        context = Actor(form.name.data.strip().lower()[:80], request_id=request_id()).audit()
        try:
            with installation().database.writing(context) as store:
                token = people.log_in(
                    store, form.name.data, form.password.data, people.utc_now(), read_device()
                )
        except InvalidInput as error:
            log_refusal("log-in as %s failed", form.name.data[:80])
            form.password.errors = [translate(error.message)]
        else:
            begin_session(token)
            return redirect(target)
    page = render_template(
        "session/login.html",
        form=form,
        target=target,
        has_password=settings.local_login,
        service=settings.oidc_label or gettext("the log-in service") if has_service() else None,
    )
    return page, 401 if form.errors else 200


def begin_session(token: str) -> None:
    """Put a session's token into the cookie."""
    session.clear()  # a new session: nothing set before log-in survives it
    session[TOKEN] = token


@blueprint.get("/session/token")
@policy(LOGGED_IN)
def token() -> ResponseReturnValue:
    """Give a page that outlived its session the new one's token."""
    return jsonify(token=generate_csrf())


@blueprint.post("/logout")
@policy(LOGGED_IN)
def logout() -> ResponseReturnValue:
    """End the session."""
    with writing() as store:
        people.log_out(store, session[TOKEN], people.utc_now())
    session.clear()
    return redirect(url_for("session.login"))


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@limiter.limit(login_rate)
@policy(PUBLIC)
def use_link(token: str) -> ResponseReturnValue:
    """Let the owner of a one-time link choose a password."""
    if not installation().settings.local_login:
        raise NotFound(msg("Log in by the log-in service."))
    now = people.utc_now()
    with installation().database.reading() as store:
        name = people.check_link(store, token, now)
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            with installation().database.writing(
                Actor(name, request_id=request_id()).audit()
            ) as store:
                opened = people.set_password(store, token, form.password.data, now, read_device())
        except InvalidInput as error:
            form.password.errors = [translate(error.message)]
        else:
            begin_session(opened)
            return redirect("/")
    return render_template("session/password.html", form=form, name=name)


@blueprint.post("/preferences")
@policy(PUBLIC)
def preferences() -> ResponseReturnValue:
    """Keep language and theme: with the account, or in the cookie before log-in."""
    person = profile()
    language = request.form.get("language") or (
        person.language if person else session.get("language")
    )
    theme = request.form.get("theme") or (
        person.theme if person else session.get("theme", "system")
    )
    offered = installation().settings.language_codes
    language = language if language in offered else None
    if person is not None:
        with writing() as store:
            people.save_preferences(store, person.actor, language, str(theme))
    else:
        session["language"] = language
        session["theme"] = theme if theme in {"system", "light", "dark"} else "system"
    return redirect(safe_target(request.form.get("next")))
