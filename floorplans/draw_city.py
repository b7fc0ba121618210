"""Lay out the demo's city: ``python -m floorplans.draw_city [FOLDER]``.

Writes ``city.json``: public places of Stuttgart by name and approximate position. **Schematic**:
every outline is a rectangle of a plausible size, not that of the real building; access points,
uplinks and their states are invented. Running it again gives the same bytes.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

from pyproj import Transformer

HERE = Path(__file__).resolve().parent
_TO_UTM = Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)
_OFFICE_HOURS = "Mo-Fr 8:00-13:00, Do 14:00-18:00"
_LIBRARY_HOURS = "Di-Fr 10:00-18:00, Sa 10:00-13:00"
_POOL_HOURS = "täglich 7:00-21:00"
_MUSEUM_HOURS = "Di-So 10:00-18:00"
_STATES = {
    "live": ("in operation",),
    "accepted": ("accepted",),
    "partly": ("in operation", "mounted", "ordered"),
    "under way": ("ordered", "delivered", "planned"),
    "planned": ("planned", "released"),
    "open": (),
}
"""What the access points of a place are in, in turn."""

# code, name, address, latitude, longitude, width and depth in m, turn in degrees, hours,
# priority and its reason, stage, number of access points
PLACES: tuple[tuple[Any, ...], ...] = (
    ("STB", "Stadtbibliothek am Mailänder Platz", "Mailänder Platz 1", 48.79022, 9.18230, 44, 44, 8, "Mo-Sa 9:00-21:00", 1, "meiste Besuche der Stadt", "accepted", 9),
    ("SPA", "StadtPalais, Museum für Stuttgart", "Konrad-Adenauer-Straße 2", 48.77610, 9.18350, 48, 22, 52, _MUSEUM_HOURS, 1, "", "live", 5),
    ("KMS", "Kunstmuseum", "Kleiner Schlossplatz 1", 48.77825, 9.17735, 40, 32, 40, _MUSEUM_HOURS, 2, "", "live", 5),
    ("TRE", "Treffpunkt Rotebühlplatz", "Rotebühlplatz 28", 48.77385, 9.17120, 62, 40, 24, "Mo-Sa 8:00-22:00", 1, "Volkshochschule, abends voll", "partly", 8),
    ("MAR", "Markthalle", "Dorotheenstraße 4", 48.77640, 9.17990, 60, 26, 41, "Mo-Fr 7:30-18:30, Sa 7:00-17:00", 2, "", "live", 4),
    ("LIE", "Kultur- und Kongresszentrum Liederhalle", "Berliner Platz 1-3", 48.77960, 9.16700, 90, 70, 15, "zu Veranstaltungen", 2, "", "partly", 9),
    ("BUE", "Bürgerbüro Mitte", "Eberhardstraße 39", 48.77325, 9.17905, 34, 18, 60, _OFFICE_HOURS, 1, "lange Wartezeiten", "accepted", 3),
    ("PLA", "Planetarium", "Willy-Brandt-Straße 25", 48.78545, 9.19050, 38, 38, 0, "Di-So 9:00-18:00", 4, "", "planned", 2),
    ("STA", "Stadtarchiv", "Bellingweg 21", 48.80760, 9.22650, 70, 24, 74, "Mi-Fr 9:00-17:00", 3, "", "under way", 3),
    ("LEU", "Mineralbad Leuze", "Am Leuzebad 2-6", 48.79930, 9.20970, 85, 60, 33, _POOL_HOURS, 3, "", "under way", 4),
    ("MBB", "Mineralbad Berg", "Am Schwanenplatz 9", 48.79730, 9.20830, 60, 40, 20, _POOL_HOURS, 4, "", "open", 0),
    ("MBC", "Mineralbad Cannstatt", "Sulzerrainstraße 2", 48.80690, 9.21790, 55, 48, 12, _POOL_HOURS, 4, "", "planned", 3),
    ("HBH", "Hallenbad Heslach", "Mörikestraße 62", 48.76370, 9.16210, 58, 28, 66, _POOL_HOURS, 4, "", "open", 0),
    ("HBZ", "Hallenbad Zuffenhausen", "Haldenrainstraße 31", 48.83700, 9.17900, 46, 30, 10, _POOL_HOURS, 4, "", "open", 0),
    ("HBV", "Hallenbad Vaihingen", "Rosentalstraße 15", 48.73330, 9.10320, 44, 28, 35, _POOL_HOURS, 5, "", "planned", 2),
    ("BCA", "Bezirksrathaus Bad Cannstatt", "Marktplatz 2", 48.80580, 9.21480, 32, 22, 28, _OFFICE_HOURS, 1, "größter Bezirk", "live", 4),
    ("BFE", "Bezirksrathaus Feuerbach", "Wilhelm-Geiger-Platz 10", 48.80930, 9.15720, 38, 20, 50, _OFFICE_HOURS, 2, "", "live", 3),
    ("BZU", "Bezirksrathaus Zuffenhausen", "Emil-Schuler-Platz 1", 48.83230, 9.16970, 40, 20, 5, _OFFICE_HOURS, 2, "", "partly", 4),
    ("BVA", "Bezirksrathaus Vaihingen", "Rathausplatz 1", 48.73050, 9.11250, 36, 24, 18, _OFFICE_HOURS, 2, "", "live", 3),
    ("BDE", "Bezirksrathaus Degerloch", "Große Falterstraße 2", 48.74820, 9.17000, 28, 18, 70, _OFFICE_HOURS, 2, "", "partly", 3),
    ("BMO", "Bezirksrathaus Möhringen", "Filderbahnstraße 29", 48.72600, 9.15070, 30, 20, 44, _OFFICE_HOURS, 3, "", "under way", 3),
    ("BUT", "Bezirksrathaus Untertürkheim", "Großglocknerstraße 24", 48.78250, 9.25300, 30, 18, 62, _OFFICE_HOURS, 3, "", "planned", 2),
    ("BWE", "Bezirksrathaus Weilimdorf", "Löwen-Markt 1", 48.81420, 9.11180, 34, 24, 0, _OFFICE_HOURS, 3, "", "under way", 3),
    ("BOS", "Bezirksrathaus Ost", "Schönbühlstraße 65", 48.78270, 9.20680, 30, 20, 25, _OFFICE_HOURS, 2, "", "live", 2),
    ("BWS", "Bezirksrathaus West", "Bebelstraße 22", 48.77230, 9.15610, 34, 16, 80, _OFFICE_HOURS, 2, "", "live", 3),
    ("BSU", "Bezirksrathaus Süd", "Jella-Lepman-Straße 3", 48.76420, 9.16870, 30, 22, 55, _OFFICE_HOURS, 2, "", "partly", 3),
    ("BHE", "Bezirksrathaus Hedelfingen", "Heumadener Straße 1", 48.75600, 9.25100, 22, 16, 38, _OFFICE_HOURS, 4, "", "planned", 1),
    ("BST", "Bezirksrathaus Stammheim", "Freihofstraße 27", 48.84900, 9.15700, 24, 16, 14, _OFFICE_HOURS, 4, "", "planned", 1),
    ("BBO", "Bezirksrathaus Botnang", "Klinglerstraße 7", 48.77780, 9.12900, 22, 16, 30, _OFFICE_HOURS, 4, "", "open", 0),
    ("BSI", "Bezirksrathaus Sillenbuch", "Aixheimer Straße 28", 48.74350, 9.21280, 26, 18, 21, _OFFICE_HOURS, 4, "", "under way", 2),
    ("BPL", "Bezirksrathaus Plieningen", "Filderhauptstraße 155", 48.70100, 9.21200, 24, 16, 48, _OFFICE_HOURS, 4, "", "open", 0),
    ("BMH", "Bezirksrathaus Mühlhausen", "Mönchfeldstraße 35", 48.84100, 9.22900, 24, 18, 8, _OFFICE_HOURS, 4, "", "open", 0),
    ("BWA", "Bezirksrathaus Wangen", "Wangener Marktplatz 1", 48.77170, 9.23680, 20, 16, 58, _OFFICE_HOURS, 5, "", "planned", 1),
    ("BOB", "Bezirksrathaus Obertürkheim", "Augsburger Straße 659", 48.75980, 9.26850, 20, 16, 64, _OFFICE_HOURS, 5, "", "open", 0),
    ("LCA", "Stadtteilbibliothek Bad Cannstatt", "Überkinger Straße 15", 48.80400, 9.21900, 26, 20, 16, _LIBRARY_HOURS, 2, "", "live", 2),
    ("LDE", "Stadtteilbibliothek Degerloch", "Löffelstraße 5", 48.74880, 9.17150, 24, 16, 40, _LIBRARY_HOURS, 3, "", "live", 2),
    ("LOS", "Stadtteilbibliothek Ost", "Schönbühlstraße 88", 48.78330, 9.20800, 26, 18, 25, _LIBRARY_HOURS, 3, "", "partly", 2),
    ("LVA", "Stadtteilbibliothek Vaihingen", "Vaihinger Markt 6", 48.73000, 9.11170, 24, 18, 18, _LIBRARY_HOURS, 3, "", "live", 2),
    ("LZU", "Stadtteilbibliothek Zuffenhausen", "Burgunderstraße 32", 48.83180, 9.17130, 24, 16, 5, _LIBRARY_HOURS, 3, "", "under way", 2),
    ("LWE", "Stadtteilbibliothek Weilimdorf", "Löwen-Markt 1", 48.81370, 9.11250, 22, 16, 0, _LIBRARY_HOURS, 4, "", "open", 0),
)  # fmt: skip
_POINT_ONLY = {"BOB", "BPL"}
"""Of these only the position is known, not the outline."""
_NOWHERE = {"LWE"}
"""Nobody has said yet where this lies."""


def describe_place(place: tuple[Any, ...]) -> dict[str, Any]:
    """Give the record of a place; its origin is the lower left corner of its outline."""
    code, name, address, latitude, longitude, width, depth, turn, hours, priority = place[:10]
    reason, stage, count = place[10:]
    east, north = _TO_UTM.transform(longitude, latitude)
    angle = math.radians(turn)
    east -= (width * math.cos(angle) - depth * math.sin(angle)) / 2
    north -= (width * math.sin(angle) + depth * math.cos(angle)) / 2
    is_known = code not in _NOWHERE
    states = _STATES[stage]
    return {
        "code": code,
        "name": name,
        "address": f"{address}, Stuttgart",
        "opening_hours": hours,
        "priority": priority,
        "priority_reason": reason,
        "origin_easting_m": round(east, 1) if is_known else None,
        "origin_northing_m": round(north, 1) if is_known else None,
        "rotation_deg": float(turn) if is_known else 0.0,
        "width_m": width,
        "depth_m": depth,
        "has_footprint": is_known and code not in _POINT_ONLY,
        "states": [states[number % len(states)] for number in range(count)],
        "uplink_mbit": None if not count else (1000, 1000) if count > 5 else (250, 40),
    }


def main(folder: Path = HERE) -> None:
    """Write the places, one a line."""
    lines = [json.dumps(describe_place(place), ensure_ascii=False) for place in PLACES]
    text = (
        '{"is_schematic": true, "crs": "EPSG:25832", "places": [\n' + ",\n".join(lines) + "\n]}\n"
    )
    (folder / "city.json").write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
