"""Buildings: the list, one building with its matrix, and the forms around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.rollout.rag import LIGHTS, RULES
from wlantrack.services import (
    acceptance,
    access_points,
    building_overview,
    building_verdicts,
    places,
    uplinks,
    wing_status,
)
from wlantrack.services.actor import Action
from wlantrack.web.buildings.forms import BuildingFilterForm, BuildingForm, FloorForm, WingForm
from wlantrack.web.context import actor, installation, reading, writing
from wlantrack.web.floors.words import allowed_counts
from wlantrack.web.lists import ListColumn, read_list, render_list
from wlantrack.web.milestones.routes import plan_parts
from wlantrack.web.place_path import building_path
from wlantrack.web.policies import policy
from wlantrack.web.uplinks.forms import class_word

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from wlantrack.store.models.places import Building
    from wlantrack.web.forms import EntryForm

blueprint = Blueprint("buildings", __name__)


COLUMNS = (
    ListColumn("code", _l("Code")),
    ListColumn("name", _l("Name"), line="first", is_long=True),
    ListColumn("address", _l("Address"), line="wide", is_long=True),
    ListColumn("wings", _l("Wings"), is_number=True, is_sortable=False),
    ListColumn("floors", _l("Floors"), is_number=True, is_sortable=False),
    ListColumn("live", _l("Access points live"), is_sortable=False),
    ListColumn("priority", _l("Priority"), is_number=True, is_shown=False),
    ListColumn("public", _l("Open to the public"), is_shown=False),
    ListColumn("listed", _l("Listed building"), is_shown=False),
)


@blueprint.get("/buildings")
@policy(Action.SEE_PLACES)
def list_buildings() -> ResponseReturnValue:
    """Show the buildings in scope; filters, order, columns and page stand in the URL."""
    view = read_list(COLUMNS)
    form = BuildingFilterForm(request.args)
    form.offer()
    with reading() as store:
        rows, total = places.list_buildings(store, actor(), form.narrow(), view.page)
    return render_list("buildings/list.html", view, form, rows, total)


@blueprint.route("/buildings/new", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def add_building() -> ResponseReturnValue:
    """Add a building."""
    actor().require(Action.EDIT_PLACES)
    form = BuildingForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            building = places.add_building(
                store, actor(), form.code.data, form.values(), installation().settings.storage_crs
            )
            flash(gettext("Building %(code)s added.", code=building.code), "success")
            return redirect(url_for("buildings.show_building", ref=building.public_id))
    return render_template("buildings/edit.html", form=form, building=None)


@blueprint.get("/buildings/<ref>")
@policy(Action.SEE_PLACES)
def show_building(ref: str) -> ResponseReturnValue:
    """Show a building with its matrix of wings and floors."""
    with reading() as store:
        overview = building_overview.show_building(store, actor(), ref)
        building = overview.building
        path = building_path(store, actor(), building)
        lines = [
            (line, uplinks.find_capacity(line), class_word(line.network_class))
            for line in uplinks.list_uplinks(store, actor(), building.id)
        ]
        outdoors = access_points.list_outdoors(store, actor(), building)
        unaccepted = acceptance.count_in_use(store, actor(), building)
        statuses = wing_status.list_of_building(store, actor(), overview, plan_parts())
    return render_template(
        "buildings/show.html",
        outdoors=outdoors,
        unaccepted=unaccepted,
        states=ACCESS_POINT_STATES,
        overview=overview,
        counts=allowed_counts(actor())[0],
        statuses=statuses,
        status_of={wing.id: status for wing, status in statuses if wing and status},
        lights=LIGHTS,
        rules=RULES,
        building=building,
        lines=lines,
        busy_share=uplinks.BUSY_SHARE,
        floors=sorted(building.floors, key=lambda floor: -floor.level),
        place_path=path,
        can_edit=actor().can(Action.EDIT_PLACES, building.id),
        can_edit_demand=actor().can(Action.EDIT_DEMAND, building.id),
        sees_uplinks=actor().can(Action.SEE_NETWORKS, building.id),
        sees_cabling=actor().can_anywhere(Action.SEE_CABLING),
    )


@blueprint.get("/buildings/<ref>/verdicts")
@policy(Action.SEE_PLANS)
def show_verdicts(ref: str) -> ResponseReturnValue:
    """Give the marks of the matrix: they take longer than the page, and come after it."""
    cache = installation().results
    with reading() as store:
        building = places.find_building(store, actor(), ref)
        cells = building_verdicts.judge_cells(
            store, actor(), building, allowed_counts(actor())[0], cache
        )
    words = {
        "meets": gettext("requirement met"),
        "primary": gettext("met by the nearest access point only"),
        "fails": gettext("requirement not met"),
        "unknown": gettext("not known"),
    }
    return render_template(
        "buildings/_verdicts.html",
        cells=cells,
        verdict_words=words,
        words={key: class_word(key) for key in uplinks.ALL_CLASSES},
    )


@blueprint.route("/buildings/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def edit_building(ref: str) -> ResponseReturnValue:
    """Change what people edit about a building."""
    building, path = _load(ref)
    form = BuildingForm(obj=building)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            places.edit_building(
                store,
                actor(),
                ref,
                form.values(),
                form.expected_version(),
                installation().settings.storage_crs,
            )
            flash(gettext("Saved."), "success")
            return redirect(url_for("buildings.show_building", ref=building.public_id))
    return render_template("buildings/edit.html", form=form, building=building, place_path=path)


@blueprint.route("/buildings/<ref>/wings/new", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def add_wing(ref: str) -> ResponseReturnValue:
    """Add a wing to a building."""
    building, path = _load(ref)
    form = WingForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            places.add_wing(store, actor(), ref, form.code.data, form.name.data or "")
            return _back(building, gettext("Wing %(code)s added.", code=form.code.data))
    return _part_form(form, building, path, gettext("Add a wing"))


@blueprint.route("/buildings/<ref>/floors/new", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def add_floor(ref: str) -> ResponseReturnValue:
    """Add a floor to a building."""
    building, path = _load(ref)
    form = FloorForm()
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            floor = places.add_floor(store, actor(), ref, form.level.data, form.values())
            return _back(building, gettext("Floor %(name)s added.", name=floor.name))
    return _part_form(form, building, path, gettext("Add a floor"))


@blueprint.route("/floors/<ref>/edit", methods=["GET", "POST"])
@policy(Action.EDIT_PLACES)
def edit_floor(ref: str) -> ResponseReturnValue:
    """Change a floor's name and heights."""
    with reading() as store:
        floor = places.find_floor(store, actor(), ref).floor
        actor().require(Action.EDIT_PLACES, floor.building_id)
        path = building_path(store, actor(), floor.building)
    form = FloorForm(obj=floor)
    if form.validate_on_submit():
        with form.refusals(), writing() as store:
            places.edit_floor(store, actor(), ref, form.values(), form.expected_version())
            return _back(floor.building, gettext("Saved."))
    return _part_form(form, floor.building, path, gettext("Edit %(name)s", name=floor.name))


def _load(ref: str) -> tuple[Building, list[Any]]:
    with reading() as store:
        building = places.find_building(store, actor(), ref)
        actor().require(Action.EDIT_PLACES, building.id)
        return building, building_path(store, actor(), building)


def _back(building: Building, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("buildings.show_building", ref=building.public_id))


def _part_form(
    form: EntryForm, building: Building, path: list[Any], title: str
) -> ResponseReturnValue:
    return render_template(
        "buildings/part.html",
        form=form,
        building=building,
        place_path=path,
        title=title,
    )
