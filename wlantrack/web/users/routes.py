"""Accounts: the list, one account with its sessions, roles, one-time links, locking out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import accounts, history, people, places, sessions
from wlantrack.services.actor import Action
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.languages import head_moments, write_precisely
from wlantrack.web.links import full_url
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.users.forms import AccountFilterForm, AccountForm, NewAccountForm

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("users", __name__, url_prefix="/users")

COLUMNS = (
    ListColumn("name", _l("Log-in name")),
    ListColumn("display_name", _l("Name shown")),
    ListColumn("roles", _l("Roles and where they hold"), is_sortable=False, is_long=True),
    ListColumn("active", _l("Access"), line="first"),
    ListColumn("seen", _l("Last seen")),
    ListColumn("login", _l("Logs in with"), line="wide"),
)


@blueprint.get("")
@policy(Action.EDIT_USERS)
def list_users() -> ResponseReturnValue:
    """Show all accounts; filters, order, columns and page stand in the URL."""
    view = read_list(COLUMNS)
    form = AccountFilterForm(request.args)
    with reading() as store:
        form.offer(places.list_building_names(store, actor()))
        rows, total = accounts.list_accounts(store, actor(), form.narrow(), view.page)
    return render_list("users/list.html", view, form, rows, total, role_words=accounts.ROLE_WORDS)


@blueprint.get("/export.csv")
@policy(Action.EDIT_USERS)
def export() -> ResponseReturnValue:
    """Give all accounts as a table, without secrets."""
    headers = (
        gettext("Log-in name"),
        gettext("Name shown"),
        gettext("Roles"),
        gettext("Active"),
        head_moments(gettext("Last seen")),
        gettext("Log-in service"),
    )
    with reading() as store:
        data = accounts.export_accounts(store, actor(), headers, write_precisely)
    response = Response(data, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="accounts.csv"'
    return response


@blueprint.route("/new", methods=["GET", "POST"])
@policy(Action.EDIT_USERS)
def add_user() -> ResponseReturnValue:
    """Create an account and show its one-time link, once."""
    form = NewAccountForm()
    if not form.is_submitted():
        form.show("", ())
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            token = people.create_user(
                store,
                actor(),
                form.name.data,
                form.pairs(),
                people.utc_now(),
                form.display_name.data.strip(),
            )
            return _show_link(form.name.data.strip().lower(), token)
    with reading() as store:
        scopes = accounts.list_scopes(store, actor())
    return render_template("users/edit.html", form=form, user=None, scopes=scopes)


def _show_link(name: str, token: str) -> str:
    link = full_url("session.use_link", token=token)
    return render_template("users/link.html", name=name, link=link, hours=people.LINK_HOURS)


@blueprint.get("/<ref>")
@policy(Action.EDIT_USERS)
def show_user(ref: str) -> ResponseReturnValue:
    """Show one account with its sessions; for htmx only the panel beside the list."""
    limits = people.SessionLimits.of(installation().settings)
    with reading() as store:
        user = accounts.find_account(store, actor(), ref)
        context: dict[str, Any] = {
            "user": user,
            "roles": [
                (accounts.ROLE_WORDS[role], scope) for role, scope in accounts.list_roles(user)
            ],
            "is_self": actor().user_id == user.id,
        }
        if request.headers.get("HX-Request"):
            return render_template("users/_panel.html", **context)
        return render_template(
            "users/show.html",
            sessions=sessions.list_sessions(store, actor(), ref, limits, people.utc_now()),
            history=history.list_of_record(store, actor(), "user_account", user.public_id),
            **context,
        )


@blueprint.route("/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_USERS)
def edit_user(ref: str) -> ResponseReturnValue:
    """Change the name that is shown and the roles."""
    with reading() as store:
        user = accounts.find_account(store, actor(), ref)
        scopes = accounts.list_scopes(store, actor())
    form = AccountForm()
    if not form.is_submitted():
        form.version.data = user.version
        form.show(user.display_name, accounts.list_roles(user))
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            accounts.change_account(
                store,
                actor(),
                ref,
                accounts.AccountValues(form.display_name.data or "", form.pairs()),
                form.expected_version(),
                people.utc_now(),
            )
            flash(gettext("Saved."), "success")
            return redirect(url_for("users.show_user", ref=ref))
    return render_template("users/edit.html", form=form, user=user, scopes=scopes)


@blueprint.post("/<ref>/link")
@policy(Action.EDIT_USERS)
def renew_link(ref: str) -> ResponseReturnValue:
    """Make a new one-time link and show it, once."""
    with writing() as store:
        user = accounts.find_account(store, actor(), ref)
        token = accounts.renew_link(store, actor(), ref, people.utc_now())
    return _show_link(user.name, token)


@blueprint.post("/access")
@policy(Action.EDIT_USERS)
def set_access() -> ResponseReturnValue:
    """Open or close the selected accounts."""
    is_active = request.form.get("access") == "open"
    refs = request.form.getlist("ids")
    with writing() as store:
        count = accounts.set_active(store, actor(), refs, people.utc_now(), is_active=is_active)
    if is_active:
        flash(ngettext("%(num)d account unlocked.", "%(num)d accounts unlocked.", count), "success")
    else:
        flash(ngettext("%(num)d account locked.", "%(num)d accounts locked.", count), "success")
    return redirect(safe_target(request.form.get("next") or url_for("users.list_users")))


@blueprint.post("/<ref>/sessions/<session_id>/end")
@policy(Action.EDIT_USERS)
def end_session(ref: str, session_id: str) -> ResponseReturnValue:
    """End one session of somebody."""
    with writing() as store:
        sessions.end_session(store, actor(), ref, session_id, people.utc_now())
    flash(gettext("Session ended."), "success")
    return redirect(url_for("users.show_user", ref=ref))


@blueprint.post("/<ref>/sessions/end")
@policy(Action.EDIT_USERS)
def end_sessions(ref: str) -> ResponseReturnValue:
    """End all sessions of somebody."""
    with writing() as store:
        sessions.end_all(store, actor(), ref, people.utc_now())
    flash(gettext("All sessions ended."), "success")
    return redirect(url_for("users.show_user", ref=ref))
