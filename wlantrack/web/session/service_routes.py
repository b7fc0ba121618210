"""Log in by the log-in service, and link the own account with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext

from wlantrack.errors import NotAllowed, msg
from wlantrack.services import outside_logins, people
from wlantrack.services.actor import Actor
from wlantrack.services.outside_logins import GroupRules
from wlantrack.web.context import actor, installation, profile, reading, request_id, writing
from wlantrack.web.errors import log_refusal
from wlantrack.web.links import full_url
from wlantrack.web.policies import LOGGED_IN, PUBLIC, policy
from wlantrack.web.session import service
from wlantrack.web.session.devices import read_device
from wlantrack.web.session.routes import begin_session, limiter, login_rate, safe_target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.typing import ResponseReturnValue

    from wlantrack.services.outside_logins import Identity

blueprint = Blueprint("service", __name__)

_TARGET = "target"
_LINKS = "links"


@blueprint.get("/login/service")
@limiter.limit(login_rate)
@policy(PUBLIC)
def start() -> ResponseReturnValue:
    """Lead to the log-in service."""
    session[_TARGET] = safe_target(request.args.get("next"))
    if profile() is None:
        session.pop(_LINKS, None)
    with _faults_told():
        return service.ask_service(full_url("service.finish"))


@blueprint.get("/login/service/back")
@limiter.limit(login_rate)
@policy(PUBLIC)
def finish() -> ResponseReturnValue:
    """Take what the log-in service says: open a session, or link the own account."""
    target, person = session.get(_TARGET), profile()
    links_to = session.pop(_LINKS, None)
    with _faults_told():
        identity = service.read_answer()
    if person is not None and links_to == person.session_id:
        return _link(identity)
    return _log_in(identity, safe_target(target))


@contextmanager
def _faults_told() -> Iterator[None]:
    """Tell the log what the log-in service did, and the person that it did not work."""
    try:
        yield
    except service.ServiceFault as error:
        log_refusal("log-in service: %s", str(error))
        raise NotAllowed(
            msg("The log-in service did not let you in. Try again; if it stays so, tell IT.")
        ) from error


def _log_in(identity: Identity, target: str) -> ResponseReturnValue:
    parts = installation()
    with reading() as store:
        name = outside_logins.find_name(store, identity)
    context = Actor(name, request_id=request_id()).audit()
    try:
        with parts.database.writing(context) as store:
            rules = GroupRules.of(parts.settings)
            now = people.utc_now()
            token = outside_logins.log_in(store, identity, rules, now, read_device())
    except NotAllowed:
        log_refusal("log-in by service as %s refused", name)
        raise
    begin_session(token)
    return redirect(target)


def _link(identity: Identity) -> ResponseReturnValue:
    with writing() as store:
        rules = GroupRules.of(installation().settings)
        outside_logins.link(store, actor(), identity, rules)
    flash(gettext("Your account is linked with the log-in service."), "success")
    return redirect(url_for("account.show"))


@blueprint.post("/account/link")
@policy(LOGGED_IN)
def link() -> ResponseReturnValue:
    """Remember that the next answer of the service shall be linked, and offer the way there."""
    person = profile()
    session[_LINKS] = person.session_id if person is not None else ""
    # A link and not a redirect: the page's policy lets forms lead to this site only.
    return render_template("account/link.html")


@blueprint.post("/account/unlink")
@policy(LOGGED_IN)
def unlink() -> ResponseReturnValue:
    """Part the own account from the log-in service."""
    with writing() as store:
        outside_logins.unlink(store, actor())
    flash(gettext("Your account is no longer linked."), "success")
    return redirect(url_for("account.show"))
