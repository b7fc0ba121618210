"""The demo's city: public places around the town hall with outlines, hotspots and uplinks.

Decides what is invented about them; where they lie is in ``floorplans/city.json``.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

import shapely

from wlantrack.geometry.frame import BuildingFrame
from wlantrack.services import places, reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.access_points import AccessPoint, Radio
from wlantrack.store.models.demand import Uplink, UplinkLoad
from wlantrack.store.models.networks import SsidScope
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPointModel
    from wlantrack.store.models.places import Building, Floor
    from wlantrack.store.session import Database

SOURCE: Final = "city.json"
_MODEL: Final = "generic-wifi6e-omni"
_VISITOR_SSID: Final = "besucher"
_LIVE: Final = frozenset({"in operation", "accepted"})
_TOWN_HALL_UPLINKS: Final = (
    ("RH-UL-1", "visitor", 1000.0, 1000.0, 0.19),
    ("RH-UL-2", "internal", 500.0, 500.0, 0.31),
)
"""Code, class, rates, and which share of them the busiest minutes of the last day took."""
_LOAD_DAYS: Final = 10
_BUSY_UPLINKS: Final = {"MAR": 0.93, "BUE": 0.78}
"""Places whose lines are nearly full, and the share that the busiest minutes took."""


def load_city(database: Database, folder: Path, now: datetime) -> None:
    """Load the places that are missing, and what the town hall needs to be one of them."""
    source = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
    with database.reading() as session:
        known = {row.code for row in place_queries.list_building_names(session, None)}
    missing = [place for place in source["places"] if place["code"] not in known]
    if not missing:
        return
    with database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        visitor = network_queries.get_ssid(session, _VISITOR_SSID)
        models = {model.code: model for model in point_queries.list_models(session)}
        for place in missing:
            building = _make_building(session, place, source["crs"])
            floor, _ = places.ensure_floor(session, SYSTEM, building, 0, places.FloorValues())
            session.add_all(_make_points(place, floor, models[_MODEL]))
            session.add_all(_make_uplinks(place, building, now))
            if visitor is not None and _LIVE & set(place["states"]):
                session.add(SsidScope(ssid_id=visitor.id, building_id=building.id))
        town_hall = place_queries.get_building_by_code(session, "RH")
        if town_hall is not None and town_hall.footprint is None:
            _complete_town_hall(session, town_hall, source["crs"], now)
        session.commit()


def _make_building(session: Session, place: dict[str, Any], crs: str) -> Building:
    copied = (
        "name",
        "address",
        "opening_hours",
        "priority",
        "priority_reason",
        "origin_easting_m",
        "origin_northing_m",
        "rotation_deg",
    )
    values = places.BuildingValues(is_public=True, **{name: place[name] for name in copied})
    building, _ = places.ensure_building(session, SYSTEM, place["code"], values)
    if place["has_footprint"]:
        outline = shapely.box(0, 0, place["width_m"], place["depth_m"])
        building.footprint = _place(outline, building, crs)
    return building


def _place(
    outline: shapely.geometry.base.BaseGeometry, building: Building, crs: str
) -> shapely.geometry.base.BaseGeometry:
    """Lay an outline of the building's own frame onto the map."""
    east, north = building.origin_easting_m or 0.0, building.origin_northing_m or 0.0
    frame = BuildingFrame(east, north, building.rotation_deg, crs)
    placed = shapely.transform(outline, frame.to_crs)
    return shapely.normalize(shapely.set_precision(placed, 0.001))


def _make_points(
    place: dict[str, Any], floor: Floor, model: AccessPointModel
) -> Iterator[AccessPoint]:
    count = len(place["states"])
    for number, state in enumerate(place["states"], start=1):
        share = (number - 0.5) / count
        yield AccessPoint(
            public_id=uuid.uuid4(),
            code=f"{place['code']}-0-AP-{number:02d}",
            floor_id=floor.id,
            model_id=model.id,
            x_m=round(place["width_m"] * share, 1),
            y_m=round(place["depth_m"] * (0.35 if number % 2 else 0.65), 1),
            is_public=True,
            state=state,
            serial=f"DEMO-{place['code']}-{number:03d}" if state not in _EARLY else "",
            radios=[
                Radio(slot=radio.slot, band=radio.band, width_mhz=20, is_enabled=True)
                for radio in model.radios
            ],
        )


_EARLY: Final = frozenset({"planned", "released", "ordered"})


def _make_uplinks(place: dict[str, Any], building: Building, now: datetime) -> Iterator[Uplink]:
    if place["uplink_mbit"] is None or not _LIVE & set(place["states"]):
        return
    down_mbit, up_mbit = place["uplink_mbit"]
    share = _BUSY_UPLINKS.get(place["code"])
    yield Uplink(
        public_id=uuid.uuid4(),
        code=f"{place['code']}-UL-1",
        building_id=building.id,
        network_class="visitor",
        provider="Beispielnetz",
        down_mbit=float(down_mbit),
        up_mbit=float(up_mbit),
        loads=list(_make_loads(now, down_mbit, up_mbit, share)) if share else [],
    )


def _complete_town_hall(session: Session, town_hall: Building, crs: str, now: datetime) -> None:
    outlines = [wing.outline for wing in town_hall.wings if wing.outline is not None]
    town_hall.footprint = _place(shapely.union_all(outlines), town_hall, crs)
    town_hall.opening_hours = "Mo-Fr 8:00-18:00"
    town_hall.priority_reason = "Sitz von Gemeinderat und Verwaltung"
    for code, network_class, down_mbit, up_mbit, share in _TOWN_HALL_UPLINKS:
        uplink = Uplink(
            code=code,
            building_id=town_hall.id,
            network_class=network_class,
            provider="Beispielnetz",
            down_mbit=down_mbit,
            up_mbit=up_mbit,
        )
        uplink.loads = list(_make_loads(now, down_mbit, up_mbit, share))
        session.add(uplink)


def _make_loads(
    now: datetime, down_mbit: float, up_mbit: float, share: float
) -> Iterator[UplinkLoad]:
    """Give the busiest minutes of the last days: rising, and lower at weekends."""
    for days in range(_LOAD_DAYS, 0, -1):
        day = (now - timedelta(days=days)).date()
        grown = share * (1.0 - 0.04 * days) * (0.25 if day.weekday() >= 5 else 1.0)
        yield UplinkLoad(
            measured_at=datetime.combine(day, time(9, 30), UTC),
            down_mbit=round(down_mbit * grown, 1),
            up_mbit=round(up_mbit * grown * 0.8, 1),
        )
