"""Access points and radios of an OpenIntent project; sandbox only.

Decides what a radio's power is: the file gives it per chain, or as EIRP.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Problem, msg
from wlantrack.formats.loose_values import find_number, find_text, find_value, list_items
from wlantrack.formats.projects import ProjectAccessPoint, ProjectRadio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.formats.loose_values import Item
    from wlantrack.formats.notes import Notes
    from wlantrack.formats.openintent_places import OpenPlan

BANDS: Final = {"FREQ_2.4GHZ": "2.4", "FREQ_5GHZ": "5", "FREQ_6GHZ": "6"}
WIDTHS_MHZ: Final = {"20": 20, "40": 40, "80": 80, "160": 160, "320": 320}
OFF: Final = frozenset({"DISABLED", "MONITORING"})


def read_access_point(
    item: Item, plans: Mapping[str, OpenPlan], notes: Notes
) -> ProjectAccessPoint:
    """Give an access point; without a usable coordinate on a known plan it is not placed."""
    name = find_text(item, "name")
    plan = plans.get(find_text(item, "floorplan_name"))
    place, height_m = _find_place(item, plan)
    if place is None:
        notes.add(
            Problem(
                msg("The access point has no place on a plan with a scale."),
                msg("Give floorplan_name and coordinate_xyz with a unit the plan has, too."),
                field="accesspoints",
                value=name,
            )
        )
    directional = any(
        find_text(antenna, "antenna_type") == "DIRECTIONAL"
        for antenna in list_items(item, "antennas")
    )
    turn = next(
        (a.get("orientation") for a in list_items(item, "antennas") if a.get("orientation")),
        item.get("orientation"),
    )
    return ProjectAccessPoint(
        key=name,
        name=name,
        floor=plan.floor.key if plan and place else None,
        x_m=place[0] if place else 0.0,
        y_m=place[1] if place else 0.0,
        height_m=height_m,
        mount="wall" if directional else None,
        azimuth_deg=round((find_number(turn, "rotation") or 0.0) % 360.0, 3),
        downtilt_deg=round(-(find_number(turn, "tilt") or 0.0), 3) + 0.0,
        vendor=find_text(item, "manufacturer"),
        model=find_text(item, "model") or find_text(item, "sku"),
        serial=find_text(item, "serial_number"),
        mac=find_text(item, "mac_address"),
        radios=tuple(_read_radios(item, name, notes)),
        other_radios=0,
    )


def _find_place(
    item: Item, plan: OpenPlan | None
) -> tuple[tuple[float, float] | None, float | None]:
    """Give the place and the height; of several coordinates the first with a usable unit."""
    if plan is None:
        return None, None
    candidates = [
        *(entry.get("coordinate_xyz") for entry in list_items(item, "coordinates")),
        *list_items(item, "coordinates_xyz"),
        find_value(item, "coordinate_xyz"),
    ]
    for candidate in candidates:
        place = plan.place(candidate)
        if place is not None:
            z = find_number(candidate, "z")
            unit = find_text(candidate, "unit").lower() or plan.unit
            metres = plan.metres_by_unit[unit]
            return place, None if z is None else round(z * metres, 3)
    return None, None


def _read_radios(item: Item, name: str, notes: Notes) -> list[ProjectRadio]:
    gains = {
        BANDS.get(find_text(entry, "band")): find_number(entry, "gain")
        for antenna in list_items(item, "antennas")
        for entry in list_items(antenna, "bands")
    }
    radios = []
    for number, radio in enumerate(list_items(item, "dot11_radios")):
        band = BANDS.get(find_text(radio, "band"))
        if band is None:
            notes.add(
                Problem(
                    msg("The band of a radio is not known; the radio was left out."),
                    field="accesspoints",
                    value=name,
                )
            )
            continue
        channel = find_number(radio, "channel")
        width = find_text(radio, "channel_width").split("_", maxsplit=1)[0]
        chains = max(1, min(8, round(find_number(radio, "mimo_chains") or 1)))
        radios.append(
            ProjectRadio(
                key=f"{name}|{find_text(radio, 'id') or number}",
                band=band,
                channel=None if channel is None or channel < 1 else round(channel),
                width_mhz=WIDTHS_MHZ.get(width, 20),
                power_dbm=_find_power(radio, chains, gains.get(band)),
                is_enabled=find_text(radio, "radio_function") not in OFF,
                streams=chains if radio.get("mimo_chains") else 2,
                antenna=None,
                gain_dbi=gains.get(band),
            )
        )
    return radios


def _find_power(radio: Item, chains: int, gain_dbi: float | None) -> float | None:
    eirp_dbm, per_chain_dbm = (
        find_number(radio, "transmit_eirp"),
        find_number(radio, "transmit_power"),
    )
    if per_chain_dbm is not None:
        return round(per_chain_dbm + 10 * math.log10(chains), 2)
    return None if eirp_dbm is None else round(eirp_dbm - (gain_dbi or 0.0), 2)
