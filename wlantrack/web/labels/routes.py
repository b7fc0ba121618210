"""Labels: choose the sheet, get the file; and the short addresses that QR codes lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, redirect, render_template, request, session, url_for

from wlantrack.errors import NotFound, msg
from wlantrack.services import access_points, labels, places, short_links
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.labels import Chosen
from wlantrack.web.access_points.forms import FilterForm as PointFilter
from wlantrack.web.cabling.forms import FilterForm as RunFilter
from wlantrack.web.cabling.routes import offer_filters
from wlantrack.web.context import actor, reading
from wlantrack.web.labels.forms import OWN, LabelForm
from wlantrack.web.links import base_url
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.reports.label_faces import Label

blueprint = Blueprint("labels", __name__)

_REMEMBERED: Final = "labels"
_PHONE: Final = "Mobi"
"""What the browsers of all phones, and of no desk, say of themselves."""
_LISTS: Final = {"cable_runs": "cabling.list_runs", "access_points": "access_points.list_points"}
_PAGES: Final = {
    "cable_run": "cabling.show_run",
    "access_point": "access_points.show_point",
    "outlet": "cabling_parts.show_outlet",
    "distributor": "cabling_parts.show_distributor",
    "switch": "cabling_parts.show_switch",
    "room": "rooms.show_room",
}


@blueprint.route("/labels/<kind>", methods=["GET", "POST"])
@policy(Action.EXPORT_TABLES)
def choose(kind: str) -> ResponseReturnValue:
    """Choose the sheet for the ticked rows of a list, or for all that its filters show."""
    form = LabelForm(formdata=None)
    form.recall(session.get(_REMEMBERED, {}))
    with reading() as store:
        found = _list_labels(store, kind)
    return _page(form, kind, found)


@blueprint.post("/labels/<kind>/file")
@policy(Action.EXPORT_TABLES)
def write(kind: str) -> ResponseReturnValue:
    """Give the labels as a file; the sheet is remembered, and where on it the next ones begin."""
    form, suffix = LabelForm(), request.form.get("suffix", "pdf")
    with reading() as store:
        found = _list_labels(store, kind)
    if form.validate():
        with form.refusals():
            data = labels.write_labels(found, form.job(), suffix)
            session[_REMEMBERED] = form.keep(len(found) if suffix == "pdf" else 0)
            response = Response(data, content_type=labels.FORMATS[suffix])
            name = f"labels-{kind}.{suffix}"
            response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
            return response
    return _page(form, kind, found), 400


def _page(form: LabelForm, kind: str, found: list[Label]) -> str:
    return render_template(
        "labels/choose.html",
        form=form,
        kind=kind,
        count=len(found),
        examples=[label.code for label in found[:3]],
        ids=request.form.getlist("ids"),
        filters=request.args.to_dict(flat=False),
        back=safe_target(request.form.get("next") or url_for(_LISTS[kind])),
        own=OWN,
    )


def _list_labels(store: Session, kind: str) -> list[Label]:
    """Give the labels of what is ticked, else of what the list's filters show."""
    if kind not in _LISTS:
        raise NotFound(msg("There are labels of cable runs and of access points."))
    refs = frozenset(Selected.parse(text).ref for text in request.form.getlist("ids"))
    chosen = Chosen(kind, refs=refs) if refs else _read_filters(store, kind)
    return labels.list_labels(store, actor(), chosen, base_url())


def _read_filters(store: Session, kind: str) -> Chosen:
    if kind == "access_points":
        points = PointFilter(request.args)
        points.offer(places.list_building_names(store, actor()), access_points.list_models(store))
        return Chosen(kind, points=points.narrow())
    runs = RunFilter(request.args)
    offer_filters(store, runs)
    return Chosen(kind, runs=runs.narrow(), warning=runs.warning.data or "")


@blueprint.get("/q/<ref>")
@policy(Action.SEE_PLACES, Action.SEE_OWN_RUNS)
def follow(ref: str) -> ResponseReturnValue:
    """Lead from what stands on a label to its page; on a phone to the page for work on site."""
    with reading() as store:
        found = short_links.find_labelled(store, actor(), ref)
    ref = str(found.public_id)
    if not _is_on_site():
        return redirect(url_for(_PAGES[found.kind], ref=ref))
    if found.kind == "cable_run":
        return redirect(url_for("site.show_run", ref=ref))
    return redirect(url_for("site.show_place", entity=found.kind, ref=ref))


def _is_on_site() -> bool:
    """Tell whether somebody holds a phone who may carry runs on."""
    is_phone = _PHONE in request.headers.get("User-Agent", "")
    works = (Action.CHANGE_CABLE_STATE, Action.CARRY_OWN_RUNS)
    return is_phone and any(actor().can_anywhere(action) for action in works)
