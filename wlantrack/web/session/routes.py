"""Log in and out, one-time links, language and theme."""

from __future__ import annotations

import re
from http import HTTPStatus
from ipaddress import IPv4Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from flask import Blueprint, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_limiter import Limiter
from flask_wtf.csrf import generate_csrf

from wlantrack.errors import InvalidInput, NotFound, msg
from wlantrack.services import people
from wlantrack.services.actor import Actor
from wlantrack.web.context import installation, profile, reading, request_id, writing
from wlantrack.web.errors import log_refusal
from wlantrack.web.languages import translate
from wlantrack.web.policies import LOGGED_IN, PUBLIC, policy
from wlantrack.web.session.devices import read_device
from wlantrack.web.session.forms import LoginForm, PasswordForm
from wlantrack.web.session.service import has_service
from wlantrack.web.shell import TOKEN

if TYPE_CHECKING:
    from flask import Response
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("session", __name__)
_IPV6_NETWORK: Final = 64
"""So many bits of an IPv6 address name one subscriber, who may choose all the others anew."""
LAYERS = 4
"""More percent-encodings one over the other no link of ours has."""


def origin() -> str:
    """Give by what attempts are counted: an address of IPv4, of IPv6 the network it lies in."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:  # a socket of the system instead of an address
        return "nowhere"
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), _IPV6_NETWORK), strict=False))


limiter = Limiter(origin, storage_uri="memory://")


def safe_target(target: str | None) -> str:
    """Give a path of this site to go on to; anything else leads to the start page.

    Refused is also what becomes something else on the way: steps upwards, empty steps, backslashes
    and control characters, however often they are percent-encoded.
    """
    if not target or not target.startswith("/") or not target.isprintable():
        return "/"
    path = _decode(re.split("[?#]", target, maxsplit=1)[0])
    steps = path.split("/")[1:]
    is_odd = not path.isprintable() or "\\" in path or not {".", ".."}.isdisjoint(steps)
    return "/" if is_odd or "" in steps[:-1] else target


def _decode(path: str) -> str:
    """Take percent-encoding off until there is none; what is left of many layers stays odd."""
    for _ in range(LAYERS):
        plain = unquote(path)
        if plain == path:
            return path
        path = plain
    return "//"


def login_rate() -> str:
    """Give how many attempts one address has."""
    return installation().settings.login_rate


def account_rate() -> str:
    """Give how many failed attempts one account has, from however many addresses."""
    return installation().settings.login_account_rate


def _name_account() -> str:
    return f"account {people.fold_name(request.form.get('name', ''))[:80]}"


def _has_failed(response: Response) -> bool:
    return response.status_code == HTTPStatus.UNAUTHORIZED


@blueprint.route("/login", methods=["GET", "POST"])
@limiter.limit(login_rate, methods=["POST"])
@limiter.limit(account_rate, key_func=_name_account, methods=["POST"], deduct_when=_has_failed)
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
        context = Actor(people.fold_name(form.name.data)[:80], request_id=request_id()).audit()
        given = (form.name.data, form.password.data)
        try:
            # Before it waits for its turn to write: guesses must not keep others from writing.
            with reading() as store:
                matching = people.check_password(store, *given)
            with installation().database.writing(context) as store:
                token = people.log_in(
                    store, *given, people.utc_now(), read_device(), matching=matching
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
    with reading() as store:
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
