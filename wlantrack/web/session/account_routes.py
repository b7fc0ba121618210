"""The own account: roles, where it is logged in, ending sessions elsewhere, and what mail it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext, ngettext

from wlantrack.services import accounts, digests, feeds, people, sessions
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, installation, profile, reading, writing
from wlantrack.web.policies import LOGGED_IN, policy
from wlantrack.web.session.forms import DigestForm
from wlantrack.web.session.service import has_service

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("account", __name__, url_prefix="/account")


def _own_session() -> str:
    person = profile()
    return person.session_id if person is not None else ""


@blueprint.get("")
@policy(LOGGED_IN)
def show() -> ResponseReturnValue:
    """Show the own account, where it is logged in, and what mail it gets."""
    return _page(DigestForm(formdata=None))


@blueprint.post("/mail")
@policy(LOGGED_IN)
def choose_mail() -> ResponseReturnValue:
    """Choose how often mail comes and where to, or none."""
    form = DigestForm()
    form.offer(None)
    if form.validate():
        domains = installation().settings.mail_domain_names
        with form.refusals(), writing() as store:
            digests.save_choice(store, actor(), form.rhythm.data, form.address.data or "", domains)
            flash(gettext("Saved."), "success")
            return redirect(url_for("account.show", _anchor="mail"))
    return _page(form), 400


def _page(form: DigestForm) -> str:
    limits = people.SessionLimits.of(installation().settings)
    with reading() as store:
        user = accounts.find_own(store, actor())
        opened = sessions.list_sessions(store, actor(), None, limits, people.utc_now())
        tokens = feeds.list_tokens(store, actor())
        form.offer(digests.find_choice(store, actor()))
    return render_template(
        "account/show.html",
        form=form,
        has_mail=bool(installation().settings.smtp_host),
        user=user,
        roles=[(accounts.ROLE_WORDS[role], scope) for role, scope in accounts.list_roles(user)],
        sessions=opened,
        tokens=tokens,
        has_calendar=actor().can_anywhere(Action.SEE_MILESTONES),
        own_session=_own_session(),
        has_service=has_service(),
    )


@blueprint.post("/sessions/<session_id>/end")
@policy(LOGGED_IN)
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of the own sessions; the present one is a log-out."""
    with writing() as store:
        sessions.end_session(store, actor(), None, session_id, people.utc_now())
    if session_id == _own_session():
        session.clear()
        return redirect(url_for("session.login"))
    flash(gettext("Session ended."), "success")
    return redirect(url_for("account.show"))


@blueprint.post("/sessions/end-others")
@policy(LOGGED_IN)
def end_others() -> ResponseReturnValue:
    """End all of the own sessions but this one."""
    with writing() as store:
        count = sessions.end_all(store, actor(), None, people.utc_now(), but=_own_session())
    flash(
        ngettext("%(num)d other session ended.", "%(num)d other sessions ended.", count), "success"
    )
    return redirect(url_for("account.show"))
