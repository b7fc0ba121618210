"""Puts the coverage map of a floor together: what is shown, where, and in which words.

Decides what the map's layers and pop-ups hold, for the page and the command line alike. Refuses to
draw: :mod:`wlantrack.maps.coverage_map` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from wlantrack.errors import Message, msg
from wlantrack.maps.coverage_content import (
    AccessPointMark,
    CoverageMap,
    FailingArea,
    HeatLayer,
    MapWords,
    Overlay,
    RoomShape,
)
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.rollout.lifecycle import ACCESS_POINT_STATES
from wlantrack.services import access_points, pictures, places, plans
from wlantrack.services.networks import CLASS_WORDS
from wlantrack.services.scene import hangs_elsewhere, position_of
from wlantrack.services.walls import keep_visible

if TYPE_CHECKING:
    from collections.abc import Callable

    import shapely
    from sqlalchemy.orm import Session

    from wlantrack.geometry.frame import BuildingFrame
    from wlantrack.services.actor import Actor
    from wlantrack.services.coverage import CoverageReport, FloorCoverage
    from wlantrack.services.places import FloorPlace
    from wlantrack.services.verdicts import FloorVerdicts
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import FloorPlan
    from wlantrack.store.picture_cache import PictureCache
    from wlantrack.store.plan_files import PlanFiles

COUNT_WORDS = {
    "planned": msg("planned: all but faulty, lost, removed"),
    "live": msg("live: in operation or accepted"),
}
_MEANINGS = {
    "video": msg("video"),
    "office": msg("office work"),
    "weak": msg("weak"),
    "none": msg("no service"),
    "meets": msg("met"),
    "primary_only": msg("partly met"),
    "fails": msg("not met"),
}
_WORDS = {
    "map": msg("Map"),
    "counts": msg("Counted"),
    "summary": msg("Result"),
    "layers": msg("Layers"),
    "no_heat_map": msg("no heat map"),
    "opacity": msg("Opacity of the heat map"),
    "signal": msg("Signal"),
    "verdict": msg("Verdict"),
    "rooms": msg("Rooms"),
    "walls": msg("Walls"),
    "failing": msg("Areas not met"),
    "access_points": msg("Access points"),
    "access_points_table": msg("Access points as a table"),
    "installed": msg("installed:"),
    "planned_elsewhere": msg("planned there, but hangs where the line leads"),
    "code": msg("Code"),
    "state": msg("State"),
    "position": msg("Position"),
    "zoom_in": msg("Zoom in"),
    "zoom_out": msg("Zoom out"),
    "close": msg("Close"),
}
_TEMPLATES = {
    "level_from": msg("%(low)s dBm and more"),
    "level_between": msg("%(low)s to %(high)s dBm"),
    "level_below": msg("below %(high)s dBm"),
    "below_requirement": msg("hatched: below %(level)s dBm"),
}


@dataclass(frozen=True)
class Speech:
    """How words, numbers and levels are told in one language."""

    language: str
    translate: Callable[[Message], str]
    """Fills and translates a message; one without values keeps its placeholders."""
    number: Callable[[float, int], str]


@dataclass(frozen=True)
class Addresses:
    """Where the page finds its pictures: of a plan, and of a band's heat map."""

    plan: Callable[[FloorPlan], str]
    heat_map: Callable[[str], str]
    verdict: Callable[[str], str] = str
    """Of a network class; a map without verdicts needs none."""


@dataclass(frozen=True)
class MapSources:
    """Where pictures come from and in which CRS buildings lie."""

    files: PlanFiles
    pictures: PictureCache
    storage_crs: str


@dataclass(frozen=True)
class MapSetting:
    """Everything about a map that is not the floor: sources, language, addresses."""

    sources: MapSources
    speech: Speech
    addresses: Addresses


def band_order(first: str) -> list[str]:
    """Give the bands with one of them in front."""
    return [first, *(band for band in BAND_KEYS if band != first)]


def build_map(
    session: Session,
    actor: Actor,
    place: FloorPlace,
    predicted: FloorCoverage,
    report: CoverageReport,
    setting: MapSetting,
) -> CoverageMap:
    """Give everything the coverage map of a floor shows."""
    sources, speech, addresses = setting.sources, setting.speech, setting.addresses
    frame = pictures.building_frame(place.floor.building, sources.storage_crs)
    say = speech.translate
    scene = predicted.floor_scene
    counts = say(say_counts(predicted))
    title = msg("Coverage of %(floor)s", floor=place.code)
    if predicted.network:
        network = CLASS_WORDS[predicted.network]
        title = msg("Coverage of %(floor)s, %(network)s", floor=place.code, network=network)
    return CoverageMap(
        title=say(title),
        language=speech.language,
        counts=counts,
        words=_fill_words(speech),
        frame=frame,
        plan=_plan_overlay(plans.current_plans(session, actor, place), setting, frame),
        heat_layers=[
            HeatLayer(
                say(msg("Signal %(band)s GHz", band=_band_name(band, speech))),
                addresses.heat_map(band),
                pictures.layer_picture(
                    predicted, band, report.threshold_dbm, frame, sources.pictures
                ).bounds,
            )
            for band in band_order(report.band)
        ],
        threshold_dbm=report.threshold_dbm,
        rooms=[
            RoomShape(cast("shapely.Polygon", room.outline), f"{room.number} {room.name}".strip())
            for room in places.list_rooms(session, actor, place.floor)
            if room.outline is not None
        ],
        walls=[
            (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m)
            for wall in keep_visible(actor, place.floor, scene.own_walls, predicted.sight)
        ],
        access_points=[
            _make_mark(point, speech)
            for point in access_points.list_on_floor(session, actor, place.floor)
            if point.code in scene.codes
        ],
        summary=(say_verdict(report, speech),),
    )


def add_verdicts(
    shown: CoverageMap,
    verdicts: FloorVerdicts,
    bounds_m: tuple[float, float, float, float],
    setting: MapSetting,
) -> CoverageMap:
    """Give the map with a verdict layer for each network class, and what fails outlined.

    ``bounds_m`` are the outer edges of the verdicts' raster.
    """
    say = setting.speech.translate
    layers = [
        HeatLayer(
            say(msg("Verdict: %(network)s", network=CLASS_WORDS[network_class])),
            setting.addresses.verdict(network_class),
            pictures.verdict_picture(
                verdicts, network_class, bounds_m, shown.frame, setting.sources.pictures
            ).bounds,
            kind="verdict",
        )
        for network_class in verdicts.classes
    ]
    failing = [
        FailingArea(verdicts.failing[network_class], say(CLASS_WORDS[network_class]))
        for network_class in verdicts.classes
    ]
    return replace(shown, heat_layers=[*shown.heat_layers, *layers], failing=failing)


def say_counts(predicted: FloorCoverage | CoverageReport) -> Message:
    """Tell which access points a map counts, and the class of networks they must send."""
    counts = COUNT_WORDS[predicted.counts]
    if not predicted.network:
        return counts
    return msg(
        "%(counts)s; only those that send the class »%(network)s«, band by band",
        counts=counts,
        network=CLASS_WORDS[predicted.network],
    )


def say_verdict(report: CoverageReport, speech: Speech) -> str:
    """Tell a report's verdict in one sentence."""
    if report.whole.pass_share is None:
        return speech.translate(msg("There is no area here that could be judged."))
    return speech.translate(
        msg(
            "%(share)s %% of %(area)s m² have at least %(level)s dBm at %(band)s GHz.",
            share=speech.number(100 * report.whole.pass_share, 1),
            area=speech.number(report.whole.area_m2, 0),
            level=_signed(report.threshold_dbm, speech),
            band=_band_name(report.band, speech),
        )
    )


def _signed(value: float, speech: Speech) -> str:
    return speech.number(value, 0).replace("-", "\N{MINUS SIGN}")


def _band_name(band: str, speech: Speech) -> str:
    return speech.number(float(band), 1 if "." in band else 0)


def _fill_words(speech: Speech) -> MapWords:
    plain = {name: speech.translate(message) for name, message in (_WORDS | _TEMPLATES).items()}
    meanings = {key: speech.translate(message) for key, message in _MEANINGS.items()}
    return MapWords(meanings=meanings, **plain)


def _plan_overlay(
    sheets: list[FloorPlan], setting: MapSetting, frame: BuildingFrame | None
) -> Overlay | None:
    for plan in sheets:
        if plan.pixel_to_building is not None:
            bounds = pictures.plan_map_bounds(plan, frame)
            return Overlay(setting.addresses.plan(plan), bounds)
    return None


def _make_mark(point: AccessPoint, speech: Speech) -> AccessPointMark:
    say = speech.translate
    state = ACCESS_POINT_STATES[point.state]
    x_m, y_m = position_of(point)
    details = [
        (say(msg("State")), say(state.label)),
        (say(msg("Room")), point.room.number if point.room else say(msg("no room"))),
        (say(msg("Model")), point.model.name),
        (say(msg("Mounting height")), f"{speech.number(point.height_m, 2)} m"),
        *(
            (
                f"{_band_name(radio.band, speech)} GHz",
                say(msg("channel %(channel)s", channel=radio.channel))
                if radio.channel is not None
                else say(msg("automatic channel")),
            )
            for radio in point.radios
            if radio.is_enabled
        ),
    ]
    planned_xy = (point.x_m, point.y_m) if hangs_elsewhere(point) else None
    if planned_xy is not None:
        details += [
            (say(msg("Installed at")), _say_place(x_m, y_m, speech)),
            (say(msg("Planned at")), _say_place(*planned_xy, speech)),
        ]
    mark = state.mark.value
    return AccessPointMark(point.code, x_m, y_m, mark, say(state.label), details, planned_xy)


def _say_place(x_m: float, y_m: float, speech: Speech) -> str:
    return f"x {speech.number(x_m, 2)} m, y {speech.number(y_m, 2)} m"
