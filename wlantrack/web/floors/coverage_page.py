"""The folium map of the coverage page: words of the request's language, addresses of this server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import url_for

from wlantrack.maps.coverage_map import coverage_page
from wlantrack.maps.offline import PageSetting
from wlantrack.services import coverage_maps, pictures
from wlantrack.services.coverage_maps import Addresses, MapSetting, MapSources, Speech
from wlantrack.services.results import stamp
from wlantrack.web.context import actor, installation, profile
from wlantrack.web.languages import current_locale, translate, write_number
from wlantrack.web.shell import asset, csp_nonce

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import CoverageReport, FloorCoverage
    from wlantrack.services.places import FloorPlace
    from wlantrack.services.verdicts import FloorVerdicts


_NONCE = "nonce-of-this-answer"


def page_speech() -> Speech:
    """Give the language of this request."""
    return Speech(current_locale(), translate, write_number)


def draw_map(
    session: Session,
    place: FloorPlace,
    predicted: FloorCoverage,
    report: CoverageReport,
    verdicts: FloorVerdicts,
) -> str:
    """Draw the folium page of a floor's coverage."""
    parts, person = installation(), profile()
    sources = MapSources(parts.files, parts.pictures, parts.settings.storage_crs)
    frame = pictures.building_frame(place.floor.building, sources.storage_crs)
    endpoint = "plans.building_picture" if frame is None else "plans.map_picture"
    addresses = Addresses(
        plan=lambda plan: url_for(
            endpoint, ref=plan.public_id, v=pictures.plan_key(plan, frame, predicted.sight)
        ),
        heat_map=lambda band: url_for(
            "coverage.map_layer",
            ref=place.floor.public_id,
            band=band,
            counts=predicted.counts,
            network=predicted.network or None,
            threshold=f"{report.threshold_dbm:g}",
            v=pictures.layer_key(predicted, band, report.threshold_dbm, frame),
        ),
        verdict=lambda network: url_for(
            "coverage.verdict_layer",
            ref=place.floor.public_id,
            network=network,
            counts=predicted.counts,
            v=pictures.verdict_key(verdicts, network, frame),
        ),
    )
    setting = MapSetting(sources, page_speech(), addresses)
    theme = person.theme if person and person.theme in {"light", "dark"} else None
    key = (
        "page",
        stamp(session),
        report,
        verdicts.key,
        place.code,
        current_locale(),
        theme,
        actor().grants,
    )

    def make() -> str:
        shown = coverage_maps.build_map(session, actor(), place, predicted, report, setting)
        bounds_m = predicted.coverage.grid.bounds
        shown = coverage_maps.add_verdicts(shown, verdicts, bounds_m, setting)
        return coverage_page(shown, PageSetting(asset, _NONCE, theme))

    # Every answer has a nonce of its own; the page that is kept has a place for it.
    return parts.results.remember(key, make).replace(_NONCE, csp_nonce())
