"""Access points: many carried through their states at once, and where one really hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext

from wlantrack.errors import InvalidInput
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, ACCESS_POINT_STATES
from wlantrack.services import access_points, point_states
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import LARGEST_BULK, Selected
from wlantrack.web.access_points.forms import (
    BulkStateForm,
    BulkTargetForm,
    InstalledForm,
    state_choices,
)
from wlantrack.web.context import actor, house, reading, writing
from wlantrack.web.forms import VersionedForm, number_of
from wlantrack.web.languages import translate
from wlantrack.web.policies import policy
from wlantrack.web.session.routes import safe_target
from wlantrack.web.undo.routes import flash_with_undo

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.services.bulk_changes import BulkResult

blueprint = Blueprint("point_states", __name__)


@blueprint.route("/access-points/state", methods=["GET", "POST"])
@policy(Action.CHANGE_STATE)
def choose_many() -> ResponseReturnValue:
    """Show what a change of the ticked access points needs, and which cannot go there."""
    back = safe_target(request.values.get("next") or url_for("access_points.list_points"))
    selected = [Selected.parse(text) for text in request.form.getlist("ids")]
    target = str(request.form.get("target", ""))
    with reading() as store:
        seen = point_states.with_versions(store, actor(), selected[:LARGEST_BULK])
        try:
            preview = point_states.preview_bulk(store, actor(), selected, target, house())
        except InvalidInput as error:
            form = BulkTargetForm()
            form.target.choices = state_choices()
            form.problems += [translate(problem.message) for problem in error.problems]
            return render_template(
                "access_points/bulk_choose.html", form=form, selected=seen, next=back
            )
    return _bulk_page(BulkStateForm(formdata=None, target=target), preview, seen, back)


@blueprint.post("/access-points/state/apply")
@policy(Action.CHANGE_STATE)
def change_many() -> ResponseReturnValue:
    """Change many access points in one transaction, and tell what became of each."""
    form, back = BulkStateForm(), safe_target(request.form.get("next"))
    selected = [Selected.parse_seen(text) for text in request.form.getlist("ids")]
    target = str(form.target.data)
    if form.validate():
        with form.refusals(), writing() as store:
            result = point_states.change_states(
                store, actor(), selected, target, form.reason.data or "", house=house()
            )
            if result.changed:
                words = ngettext(
                    "%(num)d access point set to »%(state)s«.",
                    "%(num)d access points set to »%(state)s«.",
                    len(result.changed),
                    state=translate(ACCESS_POINT_STATES[target].label),
                )
                flash_with_undo(words, back)
            if not result.refused:
                return redirect(back)
            return render_template(
                "access_points/bulk_result.html",
                result=result,
                next=back,
                states=ACCESS_POINT_STATES,
            )
    with reading() as store:
        preview = point_states.preview_bulk(store, actor(), selected, target, house())
    return _bulk_page(form, preview, selected, back)


def _bulk_page(
    form: BulkStateForm, preview: BulkResult, selected: list[Selected], back: str
) -> ResponseReturnValue:
    changes = (
        ACCESS_POINT_LIFECYCLE.transitions[row.source, preview.target] for row in preview.changed
    )
    form.reason.flags.required = any("reason" in change.evidence for change in changes)
    return render_template(
        "access_points/bulk_state.html",
        form=form,
        preview=preview,
        target=ACCESS_POINT_STATES[preview.target],
        selected=selected,
        next=back,
        states=ACCESS_POINT_STATES,
    )


@blueprint.route("/access-points/<ref>/installed", methods=["GET", "POST"])
@policy(Action.CHANGE_STATE)
def set_installed(ref: str) -> ResponseReturnValue:
    """Say where an access point really hangs; coverage then counts from there."""
    with reading() as store:
        point = access_points.find_access_point(store, actor(), ref)
        actor().require(Action.CHANGE_STATE, point.floor.building_id, point.wing_id)
    form = InstalledForm(obj=point)
    if not form.is_submitted() and point.installed_x_m is None:
        form.installed_x_m.data, form.installed_y_m.data = point.x_m, point.y_m
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            position = (number_of(form.installed_x_m), number_of(form.installed_y_m))
            point_states.set_installed_position(
                store, actor(), ref, position, form.expected_version()
            )
            return _saved(ref, gettext("Saved."))
    return render_template(
        "access_points/installed.html",
        form=form,
        point=point,
        offset_m=point_states.find_offset_m(point),
    )


def _saved(ref: str, words: str) -> ResponseReturnValue:
    target = url_for("access_points.show_point", ref=ref)
    flash_with_undo(words, target)
    return redirect(target)


@blueprint.post("/access-points/<ref>/installed/reset")
@policy(Action.CHANGE_STATE)
def forget_installed(ref: str) -> ResponseReturnValue:
    """Forget where it hangs: the plan counts again."""
    form = VersionedForm()
    with writing() as store:
        point_states.set_installed_position(store, actor(), ref, None, form.expected_version())
    return _saved(ref, gettext("The installed position is forgotten; the plan counts again."))
