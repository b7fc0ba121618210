"""A floor's coverage map as files that open without a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.maps.coverage_folder import coverage_folder
from wlantrack.services import (
    coverage,
    coverage_maps,
    network_coverage,
    pictures,
    places,
    plans,
    verdicts,
)
from wlantrack.services.coverage_maps import Addresses, MapSetting, Speech
from wlantrack.services.network_coverage import Shown
from wlantrack.services.results import ResultCache
from wlantrack.settings import resource_dir

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.coverage import CoverageReport, FloorCoverage, Target
    from wlantrack.services.coverage_maps import MapSources
    from wlantrack.services.places import FloorPlace

ENGLISH = Speech("en", str, lambda value, digits: f"{value:,.{digits}f}")
PLAN_FILE = "plan.png"


@dataclass(frozen=True)
class MapView:
    """What the map shows: the level to meet in the band first seen, and what it counts.

    ``network`` names a class of networks, empty for all access points.
    """

    target: Target
    counts: str = "planned"
    network: str = ""


@dataclass(frozen=True)
class WrittenMap:
    """The page's folder, the verdict in numbers and in a sentence, and what to know about it."""

    folder: Path
    report: CoverageReport
    summary: str
    warnings: tuple[Message, ...]


def write_map(
    session: Session,
    actor: Actor,
    floor_ref: str,
    view: MapView,
    sources: MapSources,
    page_path: Path,
) -> WrittenMap:
    """Write the folium page of a floor's coverage, and beside it a folder with all it needs.

    Raises
    ------
    NotFound
        There is no such floor, or the front end's files are not installed.
    InvalidInput
        The threshold is no level.
    """
    place = places.find_floor(session, actor, floor_ref)
    cache = ResultCache()
    shown_networks = Shown(view.counts, view.network)
    predicted = network_coverage.predict_shown(session, actor, place.floor, shown_networks, cache)
    report = coverage.report_floor(session, actor, place.floor, predicted, view.target, cache)
    addresses = Addresses(lambda _plan: PLAN_FILE, _heat_map_file, _verdict_file)
    setting = MapSetting(sources, ENGLISH, addresses)
    shown = coverage_maps.build_map(session, actor, place, predicted, report, setting)
    everything = coverage.predict_floor(session, actor, place.floor, view.counts, cache)
    judged = verdicts.judge_floor(session, actor, place.floor, everything, cache)
    bounds_m = predicted.coverage.grid.bounds
    shown = coverage_maps.add_verdicts(shown, judged, bounds_m, setting)
    images = _draw_images(session, actor, place, predicted, report, sources)
    for network_class in judged.classes:
        images[_verdict_file(network_class)] = pictures.verdict_picture(
            judged, network_class, bounds_m, shown.frame, sources.pictures
        ).png
    folder = coverage_folder(page_path, shown, images, resource_dir() / "static")
    summary = coverage_maps.say_verdict(report, ENGLISH)
    return WrittenMap(folder, report, summary, tuple(_list_gaps(predicted, images)))


def _heat_map_file(band: str) -> str:
    return f"heat-map-{band}.png"


def _verdict_file(network_class: str) -> str:
    return f"verdict-{network_class}.png"


def _draw_images(
    session: Session,
    actor: Actor,
    place: FloorPlace,
    predicted: FloorCoverage,
    report: CoverageReport,
    sources: MapSources,
) -> dict[str, bytes]:
    frame = pictures.building_frame(place.floor.building, sources.storage_crs)
    images = {
        _heat_map_file(band): pictures.layer_picture(
            predicted, band, report.threshold_dbm, frame, sources.pictures
        ).png
        for band in coverage_maps.band_order(report.band)
    }
    for plan in plans.current_plans(session, actor, place):
        if plan.pixel_to_building is not None and PLAN_FILE not in images:
            images[PLAN_FILE] = pictures.plan_picture(plan, sources.files, sources.pictures, frame)
    return images


def _list_gaps(predicted: FloorCoverage, images: dict[str, bytes]) -> list[Message]:
    gaps = []
    if PLAN_FILE not in images:
        gaps.append(
            msg(
                "The floor has no plan with a scale, so the map has none. Add one with"
                " wlantrack import plan FILE --floor REF --metres-per-pixel X."
            )
        )
    if not predicted.floor_scene.has_walls:
        gaps.append(
            msg(
                "The floor has no walls: levels are those of an average office. Add walls with"
                " wlantrack import dxf, or draw them on the plan."
            )
        )
    if not predicted.floor_scene.codes:
        gaps.append(
            msg("No access point of this floor sends this network, so none covers it.")
            if predicted.network
            else msg("No access point of this floor counts, so none covers it.")
        )
    return gaps
