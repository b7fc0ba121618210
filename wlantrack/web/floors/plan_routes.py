"""Plans of a floor: upload, scale, versions, pictures; and walls out of drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from wtforms import IntegerField
from wtforms.validators import InputRequired

from wlantrack.formats.file_names import clean_file_name
from wlantrack.services import pictures, places, plans, public_sight, wall_imports
from wlantrack.services.actor import Action
from wlantrack.services.plans import Upload
from wlantrack.services.scopes import list_wings
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.floors.forms import DxfForm, ScaleForm, UploadForm
from wlantrack.web.floors.page import floor_context, require_in_part
from wlantrack.web.forms import VersionedForm
from wlantrack.web.languages import translate, write_number
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from shapely.geometry.base import BaseGeometry

    from wlantrack.store.models.places import FloorPlan

blueprint = Blueprint("plans", __name__)


class PageForm(VersionedForm):
    """Another page of a PDF."""

    page = IntegerField(validators=[InputRequired()])


@blueprint.get("/floors/<ref>/plans")
@policy(Action.SEE_WHOLE_FLOORS)
def list_versions(ref: str) -> ResponseReturnValue:
    """Show the plan versions of a floor."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        require_in_part(Action.SEE_WHOLE_FLOORS, place.floor.building_id)
        return render_template(
            "floors/versions.html",
            versions=plans.list_versions(store, actor(), place),
            size_of=plans.size_m,
            form=VersionedForm(),
            **floor_context(store, place.floor),
        )


@blueprint.route("/floors/<ref>/plans/new", methods=["GET", "POST"])
@policy(Action.EDIT_PLANS)
def upload(ref: str) -> ResponseReturnValue:
    """Upload a plan; its scale comes next."""
    form = UploadForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        require_in_part(Action.EDIT_PLANS, place.floor.building_id)
        form.offer(list_wings(actor(), place.floor.building))
        context = floor_context(store, place.floor, "plans.list_versions")
    if form.validate_on_submit():
        file = form.file.data
        wing = f"{form.wing.data}/" if form.wing.data else ""
        target = f"{place.floor.building.code}/{wing}{place.floor.level}"
        with form.refusals(), writing() as store:
            stored = plans.upload_plan(
                store,
                actor(),
                installation().files,
                target,
                Upload(clean_file_name(file.filename, "plan"), file.read(), form.page.data or 1),
            )
            for warning in stored.warnings:
                flash(translate(warning), "warning")
            return redirect(url_for("plans.scale", ref=stored.plan.public_id))
    return render_template("floors/upload.html", form=form, **context)


@blueprint.route("/floor-plans/<ref>/scale", methods=["GET", "POST"])
@policy(Action.EDIT_PLANS)
def scale(ref: str) -> ResponseReturnValue:
    """Give a plan its scale and place."""
    form = ScaleForm()
    with reading() as store:
        plan = plans.find_plan(store, actor(), ref)
        actor().require(Action.EDIT_PLANS, plan.floor.building_id, plan.wing_id)
        context = floor_context(store, plan.floor, "plans.list_versions")
    if not form.is_submitted():
        form.version.data = plan.version
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            stored = plans.calibrate(store, actor(), ref, form.scale(), form.expected_version())
            flash(
                gettext(
                    "The plan is %(width)s m wide and %(height)s m high.",
                    width=write_number(stored.width_m),
                    height=write_number(stored.height_m),
                ),
                "success",
            )
            return redirect(url_for("floors.show_plan", ref=plan.floor.public_id))
    return render_template(
        "floors/scale.html",
        form=form,
        plan=plan,
        size=plans.size_m(plan),
        **context,
    )


@blueprint.post("/floor-plans/<ref>/page")
@policy(Action.EDIT_PLANS)
def choose_page(ref: str) -> ResponseReturnValue:
    """Read another page of an uploaded PDF."""
    form = PageForm()
    if not form.validate():
        return redirect(url_for("plans.scale", ref=ref))
    with writing() as store:
        stored = plans.choose_page(
            store, actor(), installation().files, ref, form.page.data, form.expected_version()
        )
    return redirect(url_for("plans.scale", ref=stored.plan.public_id))


@blueprint.post("/floor-plans/<ref>/restore")
@policy(Action.EDIT_PLANS)
def restore(ref: str) -> ResponseReturnValue:
    """Put an older version in force again."""
    form = VersionedForm()
    with writing() as store:
        plan = plans.restore_version(store, actor(), ref, form.expected_version())
    flash(gettext("Plan version %(number)d is in force again.", number=plan.number), "success")
    return redirect(url_for("plans.list_versions", ref=plan.floor.public_id))


@blueprint.get("/floor-plans/<ref>/picture.png")
@policy(Action.SEE_WHOLE_FLOORS)
def picture(ref: str) -> ResponseReturnValue:
    """Give a plan's picture as it was stored, for calibration."""
    with reading() as store:
        plan = plans.find_plan(store, actor(), ref)
        actor().require(Action.SEE_WHOLE_FLOORS, plan.floor.building_id, plan.wing_id)
    return send_png(installation().files.read(plan.image_file), plan.image_sha256)


@blueprint.get("/floor-plans/<ref>/building.png")
@policy(Action.SEE_PLANS)
def building_picture(ref: str) -> ResponseReturnValue:
    """Give a scaled plan laid north up in building metres."""
    plan, sight = _scaled_plan(ref)
    files, kept = installation().files, installation().pictures
    shown = pictures.plan_picture(plan, files, kept, sight=sight)
    return send_png(shown, pictures.plan_key(plan, sight=sight))


@blueprint.get("/floor-plans/<ref>/map.png")
@policy(Action.SEE_PLANS)
def map_picture(ref: str) -> ResponseReturnValue:
    """Give a scaled plan laid on the globe."""
    plan, sight = _scaled_plan(ref)
    frame = pictures.building_frame(plan.floor.building, installation().settings.storage_crs)
    files, kept = installation().files, installation().pictures
    shown = pictures.plan_picture(plan, files, kept, frame, sight)
    return send_png(shown, pictures.plan_key(plan, frame, sight))


def _scaled_plan(ref: str) -> tuple[FloorPlan, BaseGeometry | None]:
    """Give a plan and the part of it that this person sees."""
    with reading() as store:
        plan = plans.require_scale(plans.find_plan(store, actor(), ref))
        return plan, public_sight.area_of(store, actor(), plan.floor)


def send_png(data: bytes, key: str) -> Response:
    """Send a picture that a browser may keep for itself as long as its address is the same."""
    response = Response(data, mimetype="image/png")
    response.set_etag(key)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.make_conditional(request)
    return response


@blueprint.route("/floors/<ref>/drawing", methods=["GET", "POST"])
@policy(Action.EDIT_WALLS)
def import_drawing(ref: str) -> ResponseReturnValue:
    """Take walls and rooms from a DXF drawing."""
    form = DxfForm()
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        actor().require(Action.EDIT_WALLS, place.floor.building_id)
        context = floor_context(store, place.floor, "plans.list_versions")
    if form.validate_on_submit():
        file = form.file.data
        with form.refusals(), writing() as store:
            result = wall_imports.import_dxf(
                store,
                actor(),
                str(place.floor.public_id),
                Upload(clean_file_name(file.filename, "drawing.dxf"), file.read()),
                form.layer_materials(),
                offset_m=(form.offset_x_m.data or 0.0, form.offset_y_m.data or 0.0),
            )
            return render_template("floors/drawing_done.html", result=result, **context)
    return render_template("floors/drawing.html", form=form, **context)
