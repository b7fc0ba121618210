"""Access points: the list with its filters, one record, its states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.cabling import WARNING_WORDS
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, ACCESS_POINT_STATES, CABLE_STATES
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services import (
    acceptance,
    access_points,
    attachments,
    attestations,
    cable_runs,
    on_air,
    permits,
    places,
    point_places,
    point_states,
    radio_checks,
)
from wlantrack.services.actor import Action
from wlantrack.web.access_points.forms import (
    AccessPointForm,
    AttestationForm,
    FilterForm,
    StateForm,
    list_errors,
    radio_forms,
    radio_title,
)
from wlantrack.web.bulk_targets import list_bulk_targets
from wlantrack.web.context import actor, house, installation, reading, writing
from wlantrack.web.floors.words import mount_choices
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import describe_words, local_today, select_timezone, translate
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.networks.words import page_words
from wlantrack.web.place_path import floor_path
from wlantrack.web.policies import policy
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint

blueprint = Blueprint("access_points", __name__)

DETAIL_COLUMNS = (
    ListColumn("serial", _l("Serial number"), is_shown=False),
    ListColumn("mac", _l("MAC address"), is_shown=False),
    ListColumn("legacy_id", _l("Former id"), is_shown=False),
    ListColumn("note", _l("Note"), is_sortable=False, is_shown=False, is_long=True),
)
"""Columns for those who work with the devices."""

COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("state", _l("State"), line="first"),
    ListColumn("floor", _l("Floor")),
    ListColumn("wing", _l("Wing"), line="wide"),
    ListColumn("room", _l("Room")),
    ListColumn("model", _l("Model"), line="wide"),
    ListColumn("x", _l("x (m)"), is_number=True, line="wide"),
    ListColumn("y", _l("y (m)"), is_number=True, line="wide"),
    ListColumn("height", _l("Height (m)"), is_number=True, is_shown=False),
    ListColumn("mount", _l("Mounting"), is_shown=False),
    ListColumn("outdoor", _l("Outdoor"), is_shown=False),
    ListColumn("public", _l("In a public area"), is_shown=False),
    *DETAIL_COLUMNS,
)


@blueprint.get("/access-points")
@policy(Action.SEE_ACCESS_POINTS)
def list_points() -> ResponseReturnValue:
    """Show the access points in scope; filters, order, columns and page stand in the URL."""
    sees_details = actor().can_anywhere(Action.SEE_DETAILS)
    view = read_list([c for c in COLUMNS if sees_details or c not in DETAIL_COLUMNS])
    form = FilterForm(request.args)
    with reading() as store:
        models = access_points.list_models(store)
        form.offer(places.list_building_names(store, actor()), models)
        rows, total = access_points.list_access_points(store, actor(), form.narrow(), view.page)
    return render_list(
        "access_points/list.html",
        view,
        form,
        rows,
        total,
        states=ACCESS_POINT_STATES,
        bulk_targets=list_bulk_targets(ACCESS_POINT_LIFECYCLE),
        model_names={model.code: gettext(model.name) for model in models},
        can_change=actor().can_anywhere(Action.CHANGE_STATE),
        mounts={choice["key"]: choice["label"] for choice in mount_choices()},
    )


@blueprint.get("/access-points/<ref>")
@policy(Action.SEE_ACCESS_POINTS)
def show_point(ref: str) -> ResponseReturnValue:
    """Show one access point; for htmx only the panel beside the list."""
    with reading() as store:
        point = access_points.find_access_point(store, actor(), ref)
        if request.headers.get("HX-Request"):
            return render_template(
                "access_points/_panel.html", point=point, state=ACCESS_POINT_STATES[point.state]
            )
        return render_template(
            "access_points/show.html",
            history=access_points.list_history(store, actor(), ref),
            carried=on_air.list_carried(store, actor(), point),
            **page_words(),
            delete_form=VersionedForm(),
            **_cabling_context(store, point),
            **_context(store, point),
        )


def _cabling_context(store: Session, point: AccessPoint) -> dict[str, Any]:
    """Give the cable runs and attachments of an access point, for those who see cabling there."""
    where = (point.floor.building_id, point.wing_id)
    if not actor().can(Action.SEE_CABLING, *where):
        return {"sees_cabling": False}
    return {
        "sees_cabling": True,
        "runs": cable_runs.list_at_access_point(store, actor(), point),
        "use": acceptance.find_use(
            store, point, installation().settings.holiday_region, ZoneInfo(select_timezone())
        ),
        "permits": permits.list_at_point(store, point),
        "permit_kinds": PERMIT_KINDS,
        "permit_states": PERMIT_STATES,
        "today": local_today(),
        "cable_states": CABLE_STATES,
        "warning_words": WARNING_WORDS,
        "can_add_run": actor().can(Action.EDIT_CABLING, *where),
        "attachments": attachments.list_of(store, point),
        "attachment_of": ("access_point", point.public_id),
        "can_attach": actor().can(Action.ATTACH_FILES, *where),
    }


def _context(store: Session, point: AccessPoint) -> dict[str, Any]:
    floor = places.find_floor(store, actor(), str(point.floor.public_id)).floor
    where = (point.floor.building_id, point.wing_id)
    roles = actor().roles_in(*where)
    return {
        "point": point,
        "warnings": [
            (radio_title(band), translate(problem.message), translate(problem.remedy))
            for band, problem in radio_checks.list_warnings(point)
            if problem.remedy is not None
        ],
        "place_warnings": [
            describe_words(problem) for problem in point_places.list_place_warnings(store, point)
        ],
        "sees_details": actor().can(Action.SEE_DETAILS, *where),
        "state": ACCESS_POINT_STATES[point.state],
        "offset_m": point_states.find_offset_m(point),
        "states": ACCESS_POINT_STATES,
        "targets": [t for t in ACCESS_POINT_LIFECYCLE.list_targets(point.state) if t.roles & roles],
        "can_edit": actor().can(Action.EDIT_ACCESS_POINTS, *where),
        "can_change_state": actor().can(Action.CHANGE_STATE, *where),
        "place_path": floor_path(store, actor(), floor, "floors.show_plan"),
    }


@blueprint.route("/access-points/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_ACCESS_POINTS)
def edit_point(ref: str) -> ResponseReturnValue:
    """Change an access point and its radios."""
    with reading() as store:
        point = access_points.find_access_point(store, actor(), ref)
        actor().require(Action.EDIT_ACCESS_POINTS, point.floor.building_id, point.wing_id)
        form, radios = AccessPointForm(obj=point), radio_forms(point)
        form.offer(access_points.list_models(store))
        form.set_current("model", str(point.model.public_id))
        for band, radio in radios:
            form.join(radio, radio_title(band))
        attested = AttestationForm(obj=point, prefix="attested-")
        attested.show(attestations.find_attestation(store, point))
        form.join(attested, gettext("Attestations"))
        context = _context(store, point)
        parts = [(radio_title(band), radio) for band, radio in radios]
    is_valid = form.validate_on_submit()
    if form.is_submitted():
        form.problems += list_errors([*parts, (gettext("Attestations"), attested)])
    if is_valid and not form.problems:
        with form.refusals(), writing() as store:
            access_points.change_access_point(
                store,
                actor(),
                ref,
                form.values(attested.values()),
                form.expected_version(),
                [radio.values(band) for band, radio in radios],
                house=house(),
            )
            flash(gettext("Saved."), "success")
            return redirect(url_for("access_points.show_point", ref=ref))
    return render_template(
        "access_points/edit.html",
        form=form,
        radios=parts,
        attested=attested,
        **context,
    )


@blueprint.route("/access-points/<ref>/state", methods=["GET", "POST"])
@policy(Action.CHANGE_STATE)
def change_state(ref: str) -> ResponseReturnValue:
    """Carry an access point to another state."""
    with reading() as store:
        point = access_points.find_access_point(store, actor(), ref)
        actor().require(Action.CHANGE_STATE, point.floor.building_id, point.wing_id)
        context = _context(store, point)
    form = StateForm()
    form.target.choices = [
        (t.target, translate(ACCESS_POINT_STATES[t.target].label)) for t in context["targets"]
    ]
    form.set_current("serial", point.serial)
    if not form.is_submitted():
        form.version.data, form.target.data = point.version, request.args.get("target", "")
    if form.validate_on_submit():
        evidence = {"serial": form.serial.data or "", "reason": form.reason.data or ""}
        with form.refusals(), writing() as store:
            access_points.change_state(
                store,
                actor(),
                ref,
                form.target.data,
                form.expected_version(),
                evidence,
                house=house(),
            )
            flash(gettext("State changed."), "success")
            return redirect(url_for("access_points.show_point", ref=ref))
    return render_template("access_points/state.html", form=form, **context)


@blueprint.post("/access-points/<ref>/delete")
@policy(Action.EDIT_ACCESS_POINTS)
def delete_point(ref: str) -> ResponseReturnValue:
    """Delete a planned access point."""
    form = VersionedForm()
    with writing() as store:
        deletion = access_points.delete_access_point(store, actor(), ref, form.expected_version())
    names = ", ".join(translate(name) for name in deletion.belongings)
    text = gettext(
        "Access point %(code)s deleted, with: %(names)s.", code=deletion.code, names=names
    )
    flash_with_undo(text, url_for("access_points.show_point", ref=ref))
    return redirect(url_for("floors.show_tables", ref=deletion.floor.public_id))
