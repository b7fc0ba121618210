"""The coverage of a floor: page with map and table, the folium map inside it, the heat maps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.radio.bands import band_index
from wlantrack.services import (
    access_points,
    coverage,
    coverage_maps,
    network_coverage,
    networks,
    pictures,
    places,
    plans,
)
from wlantrack.services import verdicts as verdict_service
from wlantrack.services.actor import Action, Actor
from wlantrack.services.network_coverage import Shown
from wlantrack.services.walls import check_coordinate
from wlantrack.web.context import actor, installation, reading
from wlantrack.web.demand_words import describe_criteria, network_words, verdict_words
from wlantrack.web.floors.coverage_page import draw_map
from wlantrack.web.floors.page import floor_context
from wlantrack.web.floors.plan_routes import send_png
from wlantrack.web.floors.words import allowed_counts, band_choices, count_choices, legend_entries
from wlantrack.web.forms import NumberField, PageForm, show_problems
from wlantrack.web.languages import translate
from wlantrack.web.networks.words import choices_of, page_words
from wlantrack.web.policies import policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import CoverageReport, FloorCoverage
    from wlantrack.services.verdicts import FloorVerdicts
    from wlantrack.store.models.places import Floor

blueprint = Blueprint("coverage", __name__)

DRAG_CELL_M = 1.0
"""While an access point is dragged a coarser raster keeps up with the hand."""


THRESHOLD_STEP_DB = 0.5
"""Finer than this nobody can measure."""


class CoverageForm(PageForm):
    """What the page shows; sent by GET, so that every view has a URL."""

    class Meta:
        """A search needs no token."""

        csrf = False

    band = SelectField(_l("Band"))
    counts = SelectField(_l("Counted are"))
    network = SelectField(_l("Network"))
    threshold = NumberField(_l("Threshold"))


@dataclass(frozen=True)
class View:
    """What was asked for."""

    band: str
    counts: str
    threshold_dbm: float
    network: str = ""

    @property
    def shown(self) -> Shown:
        """Give what counts, and the class of networks if one is asked for."""
        return Shown(self.counts, self.network)

    def url_values(self) -> dict[str, Any]:
        """Give what leads to the same view by URL."""
        return {
            "band": self.band,
            "counts": self.counts,
            "network": self.network or None,
            "threshold": f"{self.threshold_dbm:g}",
        }


@dataclass(frozen=True)
class Asked:
    """The view a page shows, and what of the address was no threshold."""

    view: View
    refusal: InvalidInput | None = None

    @property
    def status(self) -> int:
        """Give the page's status: refused where something typed was."""
        return HTTPStatus.OK if self.refusal is None else HTTPStatus.BAD_REQUEST

    def tell(self, form: CoverageForm) -> None:
        """Show what was typed in its field, and what is wrong with it."""
        if self.refusal is not None:
            form.threshold.raw_data = [request.args.get("threshold", "")[:80]]
            show_problems(form, self.refusal)


def read_asked(person: Actor) -> Asked:
    """Read the view from the URL; a bad threshold costs none of the other choices."""
    try:
        return Asked(read_view(person))
    except InvalidInput as error:
        if {problem.field for problem in error.problems} != {"threshold"}:
            raise
        return Asked(read_view(person, coverage.DEFAULT_THRESHOLD_DBM), error)


def read_view(person: Actor, threshold_dbm: float | None = None) -> View:
    """Read band, counts, threshold (unless given) and network from the URL."""
    allowed = allowed_counts(person)
    counts = request.args.get("counts") if len(allowed) > 1 else None
    counts = counts or allowed[0]
    band = request.args.get("band") or "5"
    band_index(band)
    network = request.args.get("network") or ""
    if threshold_dbm is None:
        threshold_dbm = _read_threshold()
    return View(band, counts, threshold_dbm, network)


def _read_threshold() -> float:
    text = request.args.get("threshold") or str(coverage.DEFAULT_THRESHOLD_DBM)
    try:
        threshold_dbm = float(text.replace(",", ".").replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        threshold_dbm = math.nan
    if not -120.0 <= threshold_dbm <= 0.0:
        raise InvalidInput(
            Problem(
                msg("A threshold lies between -120 and 0 dBm."),
                msg("Video conferences need about -67 dBm."),
                field="threshold",
                value=text[:80],
            )
        )
    # Each threshold makes pictures of its own: few enough of them that addresses fill no disk.
    return round(threshold_dbm / THRESHOLD_STEP_DB) * THRESHOLD_STEP_DB


@blueprint.get("/floors/<ref>/coverage")
@policy(Action.SEE_PLANS)
def show_coverage(ref: str) -> ResponseReturnValue:
    """Show the map and, beside it, a table that says the same."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        sheets = plans.current_plans(store, actor(), place)
        context = floor_context(store, place.floor)
        if context["nothing_public"] or not any(sheet.pixel_to_building for sheet in sheets):
            return render_template("floors/coverage_missing.html", sheets=sheets, **context)
        asked = read_asked(actor())
        view = asked.view
        classes = network_coverage.choices_on(actor(), place.floor)
        predicted = predict_view(store, place.floor, view)
        report = report_view(store, place.floor, predicted, view)
        verdicts = _verdicts(store, place.floor, view)
        points = [
            point
            for point in access_points.list_on_floor(store, actor(), place.floor)
            if point.code in predicted.floor_scene.codes
        ]
    form = make_form(view, classes)
    asked.tell(form)
    page = render_template(
        "floors/coverage.html",
        view=view,
        form=form,
        can_compare=len(classes) > 1,
        report=report,
        verdicts=verdicts,
        verdict_words=verdict_words(),
        network_words=network_words(),
        describe_criteria=describe_criteria,
        points=points,
        predicted=predicted,
        count_label=translate(coverage_maps.say_counts(predicted)),
        **page_words(),
        legend=legend_entries(),
        map_url=url_for(
            "coverage.show_map",
            ref=place.floor.public_id,
            v=predicted.key,
            **view.url_values(),
        ),
        **context,
    )
    return page, asked.status


def make_form(view: View, classes: Sequence[str]) -> CoverageForm:
    """Give the form filled with a view; ``classes`` are those this person may choose."""
    form = CoverageForm(
        formdata=None,
        band=view.band,
        counts=view.counts,
        network=view.network,
        threshold=view.threshold_dbm,
    )
    form.network.choices = [
        ("", gettext("all access points")),
        *choices_of(networks.CLASS_WORDS, classes),
    ]
    form.band.choices = [(choice["key"], choice["label"]) for choice in band_choices()]
    form.counts.choices = [(choice["key"], choice["label"]) for choice in count_choices(actor())]
    return form


def predict_view(
    store: Session, floor: Floor, view: View, cell_m: float = coverage.DEFAULT_CELL_M
) -> FloorCoverage:
    """Predict what a view of a floor shows."""
    cache = installation().results
    return network_coverage.predict_shown(store, actor(), floor, view.shown, cache, cell_m)


def report_view(
    store: Session, floor: Floor, predicted: FloorCoverage, view: View
) -> CoverageReport:
    """Judge what a view of a floor shows."""
    target = coverage.Target(view.band, view.threshold_dbm)
    cache = installation().results
    return coverage.report_floor(store, actor(), floor, predicted, target, cache)


def _verdicts(store: Session, floor: Floor, view: View) -> FloorVerdicts:
    """Judge what is asked of a floor: by all access points, whichever class the page shows."""
    cache = installation().results
    predicted = coverage.predict_floor(store, actor(), floor, view.counts, cache)
    return verdict_service.judge_floor(store, actor(), floor, predicted, cache)


@blueprint.get("/floors/<ref>/coverage/map")
@policy(Action.SEE_PLANS)
def show_map(ref: str) -> ResponseReturnValue:
    """Give the folium map, a page of its own inside the coverage page."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        view = read_view(actor())
        predicted = predict_view(store, place.floor, view)
        report = report_view(store, place.floor, predicted, view)
        verdicts = _verdicts(store, place.floor, view)
        page = draw_map(store, place, predicted, report, verdicts)
    return Response(page, mimetype="text/html")


@blueprint.get("/floors/<ref>/heat-map.png")
@policy(Action.SEE_PLANS)
def heat_map(ref: str) -> ResponseReturnValue:
    """Give a heat map in building metres; ``move=id,x,y`` shows an access point elsewhere."""
    move = request.args.get("move")
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        view = read_view(actor())
        cell_m = DRAG_CELL_M if move else coverage.DEFAULT_CELL_M
        predicted = predict_view(store, place.floor, view, cell_m)
        if move:
            code, x_m, y_m = _read_move(store, move)
            shown = coverage.move_and_compute(predicted, code, x_m, y_m)
            picture = pictures.heat_map_picture(shown, view.band, None, sight=predicted.sight)
            return _with_bounds(Response(picture.png, mimetype="image/png"), predicted)
    kept = installation().pictures
    if "threshold" in request.args:  # hatched below it, for pages that lay it on a plan
        png = pictures.layer_picture(predicted, view.band, view.threshold_dbm, None, kept).png
        key = pictures.layer_key(predicted, view.band, view.threshold_dbm, None)
    else:
        key = f"{predicted.key}-{view.band}-building.png"
        png = kept.get(
            key,
            lambda: (
                pictures.heat_map_picture(
                    predicted.coverage, view.band, None, sight=predicted.sight
                ).png
            ),
        )
    return _with_bounds(send_png(png, key), predicted, is_fresh=True)


def _with_bounds(
    response: Response, predicted: FloorCoverage, *, is_fresh: bool = False
) -> Response:
    bounds = predicted.coverage.grid.bounds
    response.headers["X-Bounds-M"] = ",".join(f"{value:.3f}" for value in bounds)
    response.headers["Cache-Control"] = "private, no-cache" if is_fresh else "no-store"
    return response


def _read_move(store: Session, text: str) -> tuple[str, float, float]:
    try:
        ref, x_text, y_text = text.split(",")
        x_m, y_m = float(x_text), float(y_text)
    except ValueError as error:
        raise InvalidInput(
            Problem(
                msg("A move is an id and two numbers."),
                msg("Write it as id,x,y."),
                field="move",
                value=text[:80],
            )
        ) from error
    check_coordinate(x_m, "move")
    check_coordinate(y_m, "move")
    return access_points.find_access_point(store, actor(), ref).code, x_m, y_m


@blueprint.get("/floors/<ref>/coverage/<band>.png")
@policy(Action.SEE_PLANS)
def map_layer(ref: str, band: str) -> ResponseReturnValue:
    """Give one band's heat map as the folium map lays it: on the globe where that is known."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        view = read_view(actor())
        predicted = predict_view(store, place.floor, view)
        frame = pictures.building_frame(place.floor.building, installation().settings.storage_crs)
    shown = pictures.layer_picture(
        predicted, band, view.threshold_dbm, frame, installation().pictures
    )
    return send_png(shown.png, pictures.layer_key(predicted, band, view.threshold_dbm, frame))


@blueprint.get("/floors/<ref>/coverage/verdict-<network>.png")
@policy(Action.SEE_PLANS)
def verdict_layer(ref: str, network: str) -> ResponseReturnValue:
    """Give one network class's verdict as the folium map lays it."""
    with reading() as store:
        place = places.find_floor(store, actor(), ref)
        view = read_view(actor())
        predicted = predict_view(store, place.floor, view)
        verdicts = _verdicts(store, place.floor, view)
        frame = pictures.building_frame(place.floor.building, installation().settings.storage_crs)
    if network not in verdicts.layers:
        raise NotFound(msg("Nothing is asked of this floor for that network."))
    bounds_m, cache = predicted.coverage.grid.bounds, installation().pictures
    shown = pictures.verdict_picture(verdicts, network, bounds_m, frame, cache)
    return send_png(shown.png, pictures.verdict_key(verdicts, network, frame))
