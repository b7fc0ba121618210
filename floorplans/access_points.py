"""Where access points hang in the sample town hall, how far each has come, and on which channels.

Decides positions room by room, states and invented serial numbers. Refuses to know coverage: a
test checks that. The Marktplatz wing is in service, the council groups' rooms as well; the other
wings wait for their cabling.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from floorplans import wings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from floorplans.layout import Tile

OMNI_6E, OMNI_6, WALL_6E = "generic-wifi6e-omni", "generic-wifi6-omni", "generic-wifi6e-wall"
MOUNT_HEIGHT_M = 2.7
_WALL_DISTANCE_M = 0.4
_HARDWARE_STATES = frozenset(
    {"delivered", "staged", "mounted", "online", "in operation", "accepted"}
    | {"faulty", "lost", "removed"}
)


class Placement(NamedTuple):
    """An access point in a room, at a share of the room's width and depth."""

    room: str
    state: str
    along_x: float = 0.5
    along_y: float = 0.5
    model: str = OMNI_6E


def _row(room: str, *states: str, upward: bool = False, model: str = OMNI_6) -> list[Placement]:
    """Give access points evenly along a corridor."""
    shares = [(n + 0.5) / len(states) for n in range(len(states))]
    return [
        Placement(room, state, *((0.5, share) if upward else (share, 0.5)), model)
        for state, share in zip(states, shares, strict=True)
    ]


PLACEMENTS: tuple[tuple[Placement, ...], ...] = (
    (
        Placement("001", "accepted"),
        Placement("003", "accepted"),
        Placement("004", "accepted"),
        Placement("005", "in operation"),
        Placement("007", "in operation"),
        Placement("011", "removed", 0.2, 0.3, OMNI_6),
        Placement("030", "released", 0.5, 0.25),
        Placement("030", "released", 0.5, 0.75),
        Placement("036", "planned"),
        *_row("FL0.3", "planned", "planned", "planned"),
        Placement("080", "mounted", 0.5, 0.25),
        Placement("080", "staged", 0.0, 0.75, WALL_6E),
    ),
    (
        *_row("FL1.1", "accepted", "accepted", "accepted", "in operation"),
        Placement("108", "accepted"),
        Placement("130", "released"),
        *_row("FL1.2", "planned", upward=True),
        *_row("FL1.3", "planned", "planned", "planned"),
        *_row("FL1.4", "ordered", "delivered", upward=True),
    ),
    (
        *_row("FL2.1", "in operation", "in operation", "in operation", "online"),
        Placement("203", "faulty"),
        Placement("230", "accepted"),
        Placement("233", "accepted"),
        Placement("236", "in operation"),
        *_row("FL2.2", "in operation", upward=True),
        Placement("250", "accepted"),
        Placement("254", "in operation"),
        Placement("261", "planned"),
        *_row("FL2.4", "ordered", "ordered", upward=True),
    ),
    (
        Placement("301", "accepted"),
        Placement("303", "accepted"),
        Placement("305", "accepted", 0.0, 0.5, WALL_6E),
        Placement("305", "accepted", 0.75, 0.5),
        Placement("307", "accepted"),
        *_row("FL3.1", "in operation", "in operation"),
        Placement("313", "in operation", 0.1, 0.5, OMNI_6),
        *_row("FL3.2", "planned", "planned", upward=True),
        *_row("FL3.3", "planned", "planned", "planned"),
        *_row("FL3.4", "planned", "planned", upward=True),
    ),
    (
        Placement("401", "in operation"),
        Placement("406", "in operation"),
        Placement("408", "mounted"),
        *_row("FL4.1", "in operation", "in operation", "in operation"),
        *_row("FL4.2", "planned", "planned", upward=True),
        *_row("FL4.3", "planned", "planned", "planned"),
        *_row("FL4.4", "lost", "planned", upward=True),
    ),
)
"""Access points by level; removed, faulty and lost ones stay on record."""

CHANNELS = {
    "2.4": (1, 6, 11),
    "5": (36, 44, 52, 60, 100, 108, 116, 124),
    "6": (5, 21, 37, 53, 69, 85),
}
"""Channels that do not overlap at the widths below."""
WIDTHS_MHZ = {"2.4": 20, "5": 40, "6": 80}
POWERS_DBM = {"2.4": 14, "5": 17, "6": 17}
_BANDS = {OMNI_6E: ("2.4", "5", "6"), WALL_6E: ("2.4", "5", "6"), OMNI_6: ("2.4", "5")}

Record = dict[str, Any]


def describe() -> list[Record]:
    """Give all access points as records, with codes, radios and serial numbers."""
    placed = list(_place())
    records: list[Record] = []
    counts: dict[str, int] = {}
    for serial, (level, placement, tile, x_m, y_m) in enumerate(placed, start=1):
        prefix = f"RH-{tile.wing}-{level}-AP"
        counts[prefix] = counts.get(prefix, 0) + 1
        has_hardware = placement.state in _HARDWARE_STATES
        is_wall = placement.model == WALL_6E
        records.append(
            {
                "code": f"{prefix}-{counts[prefix]:02d}",
                "level": level,
                "wing": tile.wing,
                "room": tile.number,
                "x_m": x_m,
                "y_m": y_m,
                "height_m": MOUNT_HEIGHT_M,
                "mount": "wall" if is_wall else "ceiling",
                "azimuth_deg": 90.0 if is_wall else 0.0,
                "downtilt_deg": 0.0,
                "public": tile.is_public,
                "model": placement.model,
                "state": placement.state,
                "serial": f"SAMPLE-{serial:05d}" if has_hardware else "",
                "mac": f"02:00:5e:10:00:{serial:02x}" if has_hardware else "",
            }
        )
    _assign_channels(records)
    return records


def _place() -> Iterator[tuple[int, Placement, Tile, float, float]]:
    for level, placements in enumerate(PLACEMENTS):
        tiles: dict[str, Tile] = {}
        for tile in wings.list_tiles(level):
            tiles.setdefault(tile.number, tile)
        for placement in placements:
            tile = tiles[placement.room]
            x0, y0, x1, y1 = tile.box
            x_m = (x0 + placement.along_x * (x1 - x0)) / 100
            if placement.model == WALL_6E:
                x_m += _WALL_DISTANCE_M
            y_m = (y0 + placement.along_y * (y1 - y0)) / 100
            yield level, placement, tile, round(x_m, 2), round(y_m, 2)


def _assign_channels(records: list[Record]) -> None:
    """Give each radio the channel whose nearest other user is furthest away."""
    users: dict[tuple[str, int], list[Record]] = {}
    for record in records:
        record["radios"] = []
        for band in _BANDS[record["model"]]:
            channel = max(
                CHANNELS[band],
                key=lambda c: min(  # max takes the first of equals
                    (_distance_m(record, other) for other in users.get((band, c), ())),
                    default=math.inf,
                ),
            )
            users.setdefault((band, channel), []).append(record)
            record["radios"].append(
                {
                    "band": band,
                    "channel": channel,
                    "width_mhz": WIDTHS_MHZ[band],
                    "power_dbm": POWERS_DBM[band],
                }
            )


def _distance_m(one: Record, other: Record) -> float:
    """Give the distance, floors counted as far apart as their slabs make them."""
    rise_m = 15.0 * (one["level"] - other["level"])
    return math.dist((one["x_m"], one["y_m"], rise_m), (other["x_m"], other["y_m"], 0.0))
