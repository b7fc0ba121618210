"""Small planners' projects, written as the planners write them."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from PIL import Image, ImageDraw

METRES_PER_UNIT = 0.05
WIDTH, HEIGHT = 400, 200
"""Units of the plan: 20 m x 10 m."""


def draw_bitmap(width: int = WIDTH, height: int = HEIGHT) -> bytes:
    picture = Image.new("1", (width, height), 1)
    ImageDraw.Draw(picture).rectangle((20, 20, width - 20, height - 20), outline=0)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def make_project(schema: str = "1.8.0") -> dict[str, Any]:
    """Give the tables of a project: one floor, three walls, two access points, one area of each kind.

    AP-1 is at (5, 5) m with 2.4, 5 and 6 GHz and Bluetooth, AP-2 at (15, 2.5) m on a wall.
    """
    is_old = schema == "1.4.0"
    brick = {"totalAttenuation": 10.0} if is_old else {"propagationProperties": _bands(40, 50, 60)}
    return {
        "project": {"id": "project-1", "schemaVersion": schema, "name": "Kleines Haus"},
        "floorPlans": [
            {
                "id": "plan-1",
                "name": "Erdgeschoss",
                "width": float(WIDTH),
                "height": float(HEIGHT),
                "metersPerUnit": METRES_PER_UNIT,
                "imageId": "picture-1",
            }
        ],
        "buildings": [{"id": "building-1", "name": "Kleines Haus"}],
        "buildingFloors": [
            {
                "floorPlanId": "plan-1",
                "buildingId": "building-1",
                "floorTypeId": "slab-1",
                "floorNumber": 0,
                "height": 3.4,
                "thickness": 0.5,
            }
        ],
        "floorTypes": [{"id": "slab-1", "name": "Beton", "propagationProperties": _bands(30, 40, 44)}],
        "wallTypes": [
            {"id": "brick", "name": "Ziegel", "thickness": 0.2, "lowerEdge": 0.0, **brick},
            {
                "id": "rail",
                "name": "Brüstung",
                "thickness": 0.1,
                "lowerEdge": 0.0,
                "upperEdge": 1.1,
                **({"totalAttenuation": 3.0} if is_old else {"propagationProperties": _bands(30, 30, 30)}),
            },
        ],
        "wallPoints": [_place(f"point-{n}", x, y) for n, (x, y) in enumerate(
            ((100, 20), (100, 180), (300, 20), (300, 180), (300, 100)))],
        "wallSegments": [
            _segment("wall-1", "point-0", "point-1", "brick", schema),
            _segment("wall-2", "point-2", "point-3", "brick", schema),
            _segment("wall-3", "point-1", "point-4", "rail", schema),
        ],
        "attenuationAreaTypes": [
            {"id": "shelf", "name": "Regale", "propagationProperties": _bands(2, 3, 4), "upperEdge": 2.2}
        ],
        "attenuationAreas": [
            {"id": "area-1", "floorPlanId": "plan-1", "attenuationAreaTypeId": "shelf",
             "area": _corners(200, 40, 280, 160)}
        ],
        "requirements": [
            {
                "id": "voice",
                "name": "Sprache",
                "criteria": [
                    _criterion("SIGNAL_STRENGTH", -65.0),
                    _criterion("SECONDARY_SIGNAL_STRENGTH", -75.0),
                    _criterion("SIGNAL_TO_NOISE_RATIO", 25.0),
                    _criterion("NUMBER_OF_ACCESS_POINTS", 2.0, -75.0),
                ],
            }
        ],
        "areas": [
            {"id": "zone-1", "name": "Saal", "floorPlanId": "plan-1", "requirementId": "voice",
             "area": _corners(40, 40, 360, 160)}
        ],
        "antennaTypes": [
            _antenna("omni", "Rundstrahler", None, 3.0, "CEILING"),
            _antenna("sector", "Sektor", "FIVE", 7.0, "WALL"),
        ],
        "accessPoints": [
            {**_place("ap-1", 100, 100), "name": "AP-1", "vendor": "Muster", "model": "M3"},
            {**_place("ap-2", 300, 150), "name": "AP-2", "vendor": "Muster", "model": "M1"},
        ],
        "simulatedRadios": [
            _radio("ap-1", 0, [1], 10.0, "omni"),
            _radio("ap-1", 1, [36], 14.0, "omni", channelWidth=40),
            _radio("ap-1", 2, [5], 14.0, "omni"),
            _radio("ap-1", 3, None, 4.0, "omni", radioTechnology="BLUETOOTH"),
            _radio("ap-2", 0, [44, 48], 12.0, "sector", antennaMounting="WALL", antennaDirection=270.0,
                   antennaTilt=-15.0, antennaHeight=2.2),
        ],
    }  # fmt: skip


def _bands(low: float, middle: float, high: float) -> list[dict[str, Any]]:
    given = zip(("TWO", "FIVE", "SIX"), (low, middle, high), strict=True)
    return [{"band": band, "attenuationFactor": value} for band, value in given]


def _place(key: str, x: float, y: float) -> dict[str, Any]:
    return {"id": key, "location": {"floorPlanId": "plan-1", "coord": {"x": x, "y": y}}}


def _segment(key: str, first: str, second: str, kind: str, schema: str) -> dict[str, Any]:
    ends: dict[str, Any] = {"wallPoints": [first, second]}
    if schema < "1.8":
        ends = {"point1Id": first, "point2Id": second}
    return {"id": key, "wallTypeId": kind, **ends}


def _corners(x0: float, y0: float, x1: float, y1: float) -> list[dict[str, float]]:
    return [{"x": x, "y": y} for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]


def _criterion(kind: str, value: float, limit: float | None = None) -> dict[str, Any]:
    return {"type": kind, "function": "AT_LEAST", "value": value, "additionalLimit": limit}


def _antenna(
    key: str, name: str, band: str | None, gain_dbi: float, mounting: str
) -> dict[str, Any]:
    # The vertical cut of the sector looks ahead; behind it gives 20 dB less.
    drop = 20.0 if mounting == "WALL" else 0.0
    return {
        "id": key,
        "name": name,
        "frequencyBand": band,
        "defaultMounting": mounting,
        "radioTechnology": "IEEE802_11",
        "hplane": {"alignmentAngle": 0.0, "gains": [
            {"angle": 0.0, "gain": gain_dbi}, {"angle": 180.0, "gain": gain_dbi - drop}]},
        "eplane": {"alignmentAngle": 0.0, "gains": [
            {"angle": 0.0, "gain": gain_dbi}, {"angle": 180.0, "gain": gain_dbi - drop}]},
    }  # fmt: skip


def _radio(
    point: str, index: int, channel: list[int] | None, power_dbm: float, antenna: str, **values: Any
) -> dict[str, Any]:
    offered = ("TWO", "FIVE", "SIX") if antenna == "omni" else ("FIVE",)
    return {
        "id": f"{point}-radio-{index}",
        "accessPointId": point,
        "accessPointIndex": index,
        "transmitPower": power_dbm,
        "channel": channel,
        "antennaTypeId": antenna,
        "antennaDirection": 0.0,
        "antennaTilt": 0.0,
        "antennaHeight": 2.8,
        "antennaMounting": "CEILING",
        "radioTechnology": "IEEE802_11",
        "spatialStreamCount": 2,
        "enabled": True,
        "defaultAntennas": [{"frequencyBand": band, "antennaTypeId": antenna} for band in offered],
    } | values


def write_esx(tables: dict[str, Any] | None = None, picture: bytes | None = None) -> bytes:
    """Pack a project as Ekahau does: one JSON for each table, pictures without an ending."""
    members = {"version": b"2.0", "image-picture-1": picture or draw_bitmap()}
    for name, table in (tables or make_project()).items():
        members[f"{name}.json"] = json.dumps({name: table}).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # no time of day in it
    return buffer.getvalue()


OPENINTENT = """
floorplans:
  - name: Halle
    floor_id: "2"
    project_name: Werk
    dimensions:
      - {length: 10, width: 20, height: 4, unit: meters}
      - {length: 200, width: 400, unit: pixels}
    wall_segments:
      - {wall_type: Trennwand, start_point: {x: 5, y: 1}, end_point: {x: 5, y: 9}}
      - {wall_type: brick, thickness: 0.24, start_point: {x: 15, y: 1}, end_point: {x: 15, y: 9}}
    attenuation_areas:
      - area_material: {name: Regale, rf_properties: {attenuation_per_m: 3}}
        area: {coordinates: [{coordinate_xyz: {x: 8, y: 2, unit: meters}},
          {coordinate_xyz: {x: 12, y: 2, unit: meters}}, {coordinate_xyz: {x: 12, y: 8, unit: meters}}]}
wall_materials:
  - {name: Trennwand, thickness_m: 0.1, rf_properties: {attenuation_flat: 3.5}}
---
name: ap-1
floorplan_name: Halle
manufacturer: Muster
model: M5
serial_number: S1
mac_address: 00:1a:2b:3c:4d:5e
orientation: {rotation: 90, tilt: -10}
coordinate_xyz: {x: 100, y: 40, z: 60, unit: pixels}
antennas:
  - vendor: Muster
    model: innen
    bands: [{band: FREQ_5GHZ, gain: 4}]
dot11_radios:
  - {id: 0, radio_function: CLIENT_ACCESS, band: FREQ_5GHZ, channel: 36, channel_width: 40_MHz,
     transmit_power: 11, mimo_chains: 2}
  - {id: 1, radio_function: DISABLED, band: FREQ_2.4GHZ, channel: 1, channel_width: 20_MHz,
     transmit_eirp: 12}
"""
"""A floor of 20 m x 10 m with two walls, and an access point at (5, 2) m, 3 m high."""
