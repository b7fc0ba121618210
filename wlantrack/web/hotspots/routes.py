"""Pages of public hotspots: list, one hotspot, changes, publishing, and the page that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from wlantrack.services import hotspots, public_feedback, publication, published
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import Selected
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.forms import VersionedForm
from wlantrack.web.hotspots.forms import (
    HotspotFilterForm,
    HotspotForm,
    ManyForm,
    PlaceForm,
    PublishForm,
)
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.networks.page import tab_context, wants_panel
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.hotspots import PublicHotspot

blueprint = Blueprint("hotspots", __name__)

TAB = "hotspots.list_hotspots"
COLUMNS = (
    ListColumn("name", _l("Name")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("where", _l("Where it is on air")),
    ListColumn("network", _l("Network")),
    ListColumn("address", _l("Address"), line="wide", is_long=True),
    ListColumn("place", _l("Where in the house"), is_shown=False, line="wide", is_long=True),
    ListColumn("opening_hours", _l("Opening hours"), line="wide", is_shown=False),
    ListColumn("code", _l("Code"), line="wide", is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False),
)
STATE_MARKS = {"draft": "planned", "shown": "live", "silent": "undated"}


def _context() -> dict[str, Any]:
    return {
        "state_words": hotspots.STATE_WORDS,
        "state_marks": STATE_MARKS,
        "state_of": hotspots.state_of,
        "where_of": hotspots.where_of,
        "may_publish": actor().can_anywhere(Action.PUBLISH_HOTSPOTS),
    }


def _keep_current(store: Session) -> None:
    """Let the page on the net follow what was just changed."""
    publication.keep_current(store, installation().settings)


@blueprint.get("/networks/hotspots")
@policy(Action.SEE_HOTSPOTS)
def list_hotspots() -> ResponseReturnValue:
    """Show the hotspots; filters, order, columns and page stand in the URL."""
    view, form = read_list(COLUMNS), HotspotFilterForm(request.args)
    settings = installation().settings
    with reading() as store:
        rows, total = hotspots.list_hotspots(store, actor(), form.narrow(), view.page)
        waiting = public_feedback.count_waiting(store, actor())
        is_behind = published.is_behind(store, settings)
    return render_list(
        "hotspots/list.html",
        view,
        form,
        rows,
        total,
        waiting=waiting,
        is_behind=is_behind,
        is_published=published.is_published(settings),
        **_context(),
        **tab_context(TAB),
    )


@blueprint.post("/networks/hotspots/publish")
@policy(Action.PUBLISH_HOTSPOTS)
def write_page() -> ResponseReturnValue:
    """Write the public page anew, as the nightly job does."""
    with reading() as store:
        done = publication.publish(store, actor(), installation().settings)
    flash(gettext("The public page shows %(count)d hotspots now.", count=done.hotspots), "success")
    return redirect(url_for(TAB))


@blueprint.get("/networks/hotspots/<ref>")
@policy(Action.SEE_HOTSPOTS)
def show_hotspot(ref: str) -> ResponseReturnValue:
    """Show one hotspot; for htmx only the panel beside the list."""
    with reading() as store:
        hotspot = hotspots.find_hotspot(store, actor(), ref)
        state = hotspots.find_state(store, hotspot)
        if wants_panel():
            return render_template(
                "hotspots/_panel.html", hotspot=hotspot, state=state, **_context()
            )
        history = hotspots.list_history(store, actor(), hotspot)
    return render_template(
        "hotspots/show.html",
        hotspot=hotspot,
        state=state,
        history=history,
        can_edit=_may_edit(hotspot),
        **_context(),
    )


def _may_edit(hotspot: PublicHotspot) -> bool:
    return actor().can(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id)


@blueprint.route("/networks/hotspots/add", methods=["GET", "POST"])
@policy(Action.PUBLISH_HOTSPOTS)
def add_hotspot() -> ResponseReturnValue:
    """Ask for the place first; the form then says what is known of it."""
    where = request.args.get("where", "")[:80]
    with reading() as store:
        places, ssids = hotspots.list_places(store, actor()), hotspots.list_ssids(store)
        if not where:
            chooser = PlaceForm()
            chooser.where.choices = [(code, f"{code}: {name}") for code, name in places]
            return render_template("hotspots/choose_place.html", form=chooser, ssids=ssids)
        crs = installation().settings.storage_crs
        suggested = hotspots.suggest(store, actor(), where, crs)
    form = HotspotForm(data=vars(suggested))
    form.offer(places, ssids)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            hotspot = hotspots.add_hotspot(store, actor(), form.values())
            flash_with_undo(gettext("Hotspot added."), url_for(TAB))
            return redirect(url_for("hotspots.show_hotspot", ref=hotspot.public_id))
    return render_template("hotspots/edit.html", form=form, hotspot=None)


@blueprint.route("/networks/hotspots/<ref>/edit", methods=["GET", "POST"])
@policy(Action.PUBLISH_HOTSPOTS)
def edit_hotspot(ref: str) -> ResponseReturnValue:
    """Change a hotspot."""
    with reading() as store:
        hotspot = _find_editable(store, ref)
        form = HotspotForm(obj=hotspot)
        where = hotspots.where_of(hotspot)
        form.offer(
            hotspots.list_places(store, actor()),
            hotspots.list_ssids(store),
            where,
            hotspot.ssid.code,
        )
    form.set_current("where", where)
    form.set_current("ssid", hotspot.ssid.code)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            hotspots.edit_hotspot(store, actor(), ref, form.values(), form.expected_version())
            _keep_current(store)
            target = url_for("hotspots.show_hotspot", ref=ref)
            flash_with_undo(gettext("Saved."), target)
            return redirect(target)
    return render_template("hotspots/edit.html", form=form, hotspot=hotspot)


def _find_editable(store: Session, ref: str) -> PublicHotspot:
    hotspot = hotspots.find_hotspot(store, actor(), ref)
    actor().require(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id)
    return hotspot


@blueprint.route("/networks/hotspots/<ref>/publish", methods=["GET", "POST"])
@policy(Action.PUBLISH_HOTSPOTS)
def set_published(ref: str) -> ResponseReturnValue:
    """Publish a hotspot, or take a published one off the page, with a reason."""
    with reading() as store:
        hotspot = _find_editable(store, ref)
    form = PublishForm(obj=hotspot)
    if form.validate_on_submit():
        with form.refusals():
            seen = [Selected(ref, form.expected_version())]
            return _set_published(seen, form.reason.data, url_for("hotspots.show_hotspot", ref=ref))
    return render_template("hotspots/publish.html", form=form, hotspot=hotspot, **_context())


def _set_published(selected: list[Selected], reason: str, target: str) -> ResponseReturnValue:
    is_published = request.form.get("publish") == "yes"
    with writing() as store:
        done = hotspots.set_published(store, actor(), selected, reason, is_published=is_published)
        _keep_current(store)
    words = (
        ngettext("%(num)d hotspot published.", "%(num)d hotspots published.", len(done))
        if is_published
        else ngettext(
            "%(num)d hotspot taken off the page.", "%(num)d hotspots taken off the page.", len(done)
        )
    )
    flash_with_undo(words, target)
    return redirect(target)


@blueprint.post("/networks/hotspots/selected")
@policy(Action.PUBLISH_HOTSPOTS)
def choose_many() -> ResponseReturnValue:
    """Ask why the ticked hotspots shall be published, or taken off the page."""
    return _show_many(ManyForm(formdata=None))


@blueprint.post("/networks/hotspots/selected/apply")
@policy(Action.PUBLISH_HOTSPOTS)
def publish_many() -> ResponseReturnValue:
    """Publish the ticked hotspots, or take them off the page, all or none."""
    form = ManyForm()
    if form.validate():
        selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
        with form.refusals():
            return _set_published(selected, form.reason.data, url_for(TAB))
    return _show_many(form)


def _show_many(form: ManyForm) -> ResponseReturnValue:
    selected = [Selected.parse(text) for text in request.form.getlist("ids")]
    with reading() as store:
        found = hotspots.find_selected(store, actor(), selected)
    return render_template(
        "hotspots/publish_many.html",
        form=form,
        found=found,
        selected=[Selected(str(item.public_id), item.version) for item in found],
        is_published=request.form.get("publish") == "yes",
    )


@blueprint.post("/networks/hotspots/<ref>/delete")
@policy(Action.PUBLISH_HOTSPOTS)
def delete_hotspot(ref: str) -> ResponseReturnValue:
    """Delete a hotspot that is not published."""
    version = VersionedForm().expected_version()
    with writing() as store:
        name = hotspots.delete_hotspot(store, actor(), ref, version)
    flash_with_undo(gettext("Hotspot %(name)s deleted.", name=name), url_for(TAB))
    return redirect(url_for(TAB))
