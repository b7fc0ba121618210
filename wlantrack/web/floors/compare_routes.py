"""Two networks on one floor: side by side in linked maps, or one under the other by swipe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from wlantrack.services import network_coverage, networks, pictures, places, plans, public_sight
from wlantrack.services.access_points import list_on_floor
from wlantrack.services.actor import Action
from wlantrack.services.scene import position_of
from wlantrack.web.context import actor, reading
from wlantrack.web.floors.coverage_routes import (
    CoverageForm,
    View,
    make_form,
    predict_view,
    read_asked,
    report_view,
)
from wlantrack.web.floors.page import floor_context
from wlantrack.web.floors.words import count_label, legend_entries
from wlantrack.web.networks.words import choices_of, page_words
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import AreaVerdict, CoverageReport
    from wlantrack.services.places import FloorPlace
    from wlantrack.store.models.places import FloorPlan

blueprint = Blueprint("compare", __name__)

WAYS = ("swipe", "side")


class CompareForm(CoverageForm):
    """What is compared, and how."""

    network = None
    left = SelectField(_l("Left"))
    right = SelectField(_l("Right"))
    way = SelectField(_l("Shown as"))


@dataclass(frozen=True)
class Mark:
    """An access point on the swiped picture: which sides count it."""

    code: str
    x_m: float
    y_m: float
    sides: str


@dataclass(frozen=True)
class Side:
    """One of the two networks: its class, verdict, and the addresses of its pictures."""

    network: str
    report: CoverageReport
    points: int
    map_url: str
    heat_url: str
    coverage_url: str


@dataclass(frozen=True)
class RoomPair:
    """A room under both networks."""

    number: str
    name: str
    left: AreaVerdict
    right: AreaVerdict


@blueprint.get("/floors/<ref>/coverage/compare")
@policy(Action.SEE_PLANS)
def show_compare(ref: str) -> ResponseReturnValue:
    """Show what two classes of networks reach on a floor, with one scale for both."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        context = floor_context(store, place.floor, "coverage.show_coverage")
        sheets = plans.current_plans(store, actor(), place)
        sheet = next((sheet for sheet in sheets if sheet.pixel_to_building), None)
        if context["nothing_public"] or sheet is None:
            return render_template("floors/coverage_missing.html", sheets=sheets, **context)
        classes = network_coverage.choices_on(actor(), place.floor)
        asked = read_asked(actor())
        view = asked.view
        if len(classes) < 2 and not request.args.get("right"):
            return redirect(url_for("coverage.show_coverage", ref=ref, **view.url_values()))
        left, right, box, marks = _predict_sides(store, place, view)
        sight = public_sight.area_of(store, actor(), place.floor)
        plan_key = pictures.plan_key(sheet, sight=sight)
    form = _make_form(view, classes, left.network, right.network)
    asked.tell(form)
    page = render_template(
        "floors/compare.html",
        form=form,
        way=_read_way(),
        left=left,
        right=right,
        rooms=list(_pair_rooms(left.report, right.report)),
        marks=marks,
        box=box,
        plan_url=url_for("plans.building_picture", ref=sheet.public_id, v=plan_key),
        plan_box=_plan_box(sheet),
        legend=legend_entries(),
        count_label=count_label(view.counts),
        **page_words(),
        **context,
    )
    return page, asked.status


def _read_way() -> str:
    way = request.args.get("way", "")
    return way if way in WAYS else WAYS[0]


def _predict_sides(
    store: Session, place: FloorPlace, view: View
) -> tuple[Side, Side, tuple[float, float, float, float], list[Mark]]:
    """Predict both sides; give the rectangle both pictures fill, and the access points' marks."""
    sides, codes, bounds = [], [], (0.0, 0.0, 1.0, 1.0)
    for name, default in (("left", "visitor"), ("right", "internal")):
        one = replace(view, network=request.args.get(name) or default)
        predicted = predict_view(store, place.floor, one)
        report = report_view(store, place.floor, predicted, one)
        ref, values = place.floor.public_id, one.url_values()
        bounds = predicted.coverage.grid.bounds
        codes.append(predicted.floor_scene.codes)
        sides.append(
            Side(
                one.network,
                report,
                len(predicted.floor_scene.codes),
                url_for("coverage.show_map", ref=ref, v=predicted.key, **values),
                url_for("coverage.heat_map", ref=ref, v=predicted.key, **values),
                url_for("coverage.show_coverage", ref=ref, **values),
            )
        )
    marks = [
        Mark(point.code, *position_of(point), _sides_of(point.code, *codes))
        for point in list_on_floor(store, actor(), place.floor)
        if point.code in codes[0] | codes[1]
    ]
    return sides[0], sides[1], bounds, marks


def _sides_of(code: str, left: frozenset[str], right: frozenset[str]) -> str:
    if code in left and code in right:
        return "both"
    return "left" if code in left else "right"


def _plan_box(sheet: FloorPlan) -> tuple[float, float, float, float]:
    bounds = pictures.plan_map_bounds(sheet, None)
    return bounds.west, bounds.south, bounds.east, bounds.north


def _make_form(view: View, classes: Sequence[str], left: str, right: str) -> CompareForm:
    base = make_form(view, classes)
    form = CompareForm(
        formdata=None,
        band=view.band,
        counts=view.counts,
        threshold=view.threshold_dbm,
        left=left,
        right=right,
        way=_read_way(),
    )
    form.band.choices, form.counts.choices = base.band.choices, base.counts.choices
    form.left.choices = form.right.choices = choices_of(networks.CLASS_WORDS, classes)
    form.way.choices = [
        ("swipe", gettext("one picture, swiped")),
        ("side", gettext("two maps, side by side")),
    ]
    return form


def _pair_rooms(left: CoverageReport, right: CoverageReport) -> Iterator[RoomPair]:
    for one, other in zip(left.rooms, right.rooms, strict=True):
        yield RoomPair(one.number, one.name, one.verdict, other.verdict)
