"""Access points, radios and antennas of an Ekahau project; sandbox only.

Decides in which band a radio works, since the file names only a channel, and channel 5 is one of
2.4 GHz and one of 6 GHz.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.antenna_tables import (
    BANDS,
    MOUNTS,
    Product,
    RawCut,
    list_gains,
    make_table,
)
from wlantrack.formats.loose_values import find_number, find_point, find_text, list_items
from wlantrack.formats.projects import ProjectAccessPoint, ProjectAntenna, ProjectRadio

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wlantrack.formats.esx_archive import EsxArchive
    from wlantrack.formats.esx_places import Sheet
    from wlantrack.formats.loose_values import Item
    from wlantrack.formats.notes import Notes

WIDTHS_MHZ: Final = (20, 40, 80, 160, 320)
CHANNELS: Final = {
    "2.4": frozenset(range(1, 15)),
    "5": frozenset({*range(34, 70, 2), *range(96, 146, 2), *range(149, 179, 2)}),
    "6": frozenset(range(1, 234, 4)),
}
_RANGES_MHZ: Final = (("2.4", 2400, 2500), ("5", 5000, 5925), ("6", 5925, 7200))


def read_antennas(archive: EsxArchive, notes: Notes) -> tuple[ProjectAntenna, ...]:
    """Give the antennas whose tables can be used."""
    antennas = []
    for item in archive.read_list("antennaTypes"):
        product = Product(
            name=find_text(item, "name")[:120],
            vendor=find_text(item, "apVendor")[:80],
            band=BANDS.get(find_text(item, "frequencyBand")),
            is_wifi=find_text(item, "radioTechnology") != "BLUETOOTH",
            mount=MOUNTS.get(find_text(item, "defaultMounting"), "ceiling"),
        )
        cuts = [_read_cut(item, plane) for plane in ("hplane", "eplane")]
        try:
            table = make_table(product, cuts[0], cuts[1], find_number(item, "maxGain"))
        except InvalidInput:
            notes.skip(item, "antennaTypes")
            continue
        antennas.append(ProjectAntenna(find_text(item, "id"), table))
    return tuple(antennas)


def _read_cut(item: Item, plane: str) -> RawCut:
    gains = list_gains(
        (find_number(entry, "angle"), find_number(entry, "gain"))
        for entry in list_items(item, plane, "gains")
    )
    return RawCut(gains, find_number(item, plane, "alignmentAngle") or 0.0)


def read_access_points(
    archive: EsxArchive,
    sheets: Mapping[str, Sheet],
    antennas: Mapping[str, ProjectAntenna],
    notes: Notes,
) -> tuple[ProjectAccessPoint, ...]:
    """Give the access points with their Wi-Fi radios; those of others are counted."""
    radios: dict[str, list[Item]] = defaultdict(list)
    for radio in archive.read_list("simulatedRadios"):
        radios[find_text(radio, "accessPointId")].append(radio)
    points = []
    for item in archive.read_list("accessPoints"):
        own = sorted(
            radios[find_text(item, "id")],
            key=lambda radio: find_number(radio, "accessPointIndex") or 0.0,
        )
        points.append(_read_access_point(item, own, sheets, antennas, notes))
    return tuple(points)


def _read_access_point(
    item: Item,
    radios: list[Item],
    sheets: Mapping[str, Sheet],
    antennas: Mapping[str, ProjectAntenna],
    notes: Notes,
) -> ProjectAccessPoint:
    wifi = [radio for radio in radios if find_text(radio, "radioTechnology") != "BLUETOOTH"]
    name = find_text(item, "name") or find_text(item, "id")
    # An access point has one place and one direction here: that of its first radio that is on.
    lead = next((r for r in wifi if _is_enabled(r)), wifi[0] if wifi else {})
    _warn_of_others(name, lead, wifi, notes)
    floor = find_text(item, "location", "floorPlanId")
    place = sheets[floor].place(find_point(item, "location", "coord")) if floor in sheets else None
    return ProjectAccessPoint(
        key=find_text(item, "id"),
        name=name,
        floor=None if place is None else floor,
        x_m=place[0] if place else 0.0,
        y_m=place[1] if place else 0.0,
        height_m=find_number(lead, "antennaHeight"),
        mount=MOUNTS.get(find_text(lead, "antennaMounting")),
        azimuth_deg=round((find_number(lead, "antennaDirection") or 0.0) % 360.0, 3),
        # The file's tilt counts up.
        downtilt_deg=round(-(find_number(lead, "antennaTilt") or 0.0), 3) + 0.0,
        vendor=find_text(item, "vendor"),
        model=find_text(item, "model"),
        serial="",
        mac="",
        radios=_read_radios(name, wifi, antennas, notes),
        other_radios=len(radios) - len(wifi),
    )


def _is_enabled(radio: Item) -> bool:
    return radio.get("enabled") is not False


def _warn_of_others(name: str, lead: Item, wifi: list[Item], notes: Notes) -> None:
    keys = ("antennaDirection", "antennaTilt", "antennaHeight", "antennaMounting")
    if any(
        _is_enabled(radio) and any(radio.get(key) != lead.get(key) for key in keys)
        for radio in wifi
    ):
        notes.add(
            Problem(
                msg("Its radios point in different directions; that of the first one is taken."),
                field="accessPoints",
                value=name,
            )
        )


def _read_radios(
    name: str, wifi: list[Item], antennas: Mapping[str, ProjectAntenna], notes: Notes
) -> tuple[ProjectRadio, ...]:
    radios: list[ProjectRadio] = []
    for item in wifi:
        antenna = antennas.get(find_text(item, "antennaTypeId"))
        used = [radio.band for radio in radios]
        band = _find_band(item, antenna, used)
        if band is None:
            notes.add(
                Problem(
                    msg("The band of a radio is not known; the radio was left out."),
                    field="accessPoints",
                    value=name,
                )
            )
            continue
        channels = _list_channels(item)
        radios.append(
            ProjectRadio(
                key=find_text(item, "id"),
                band=band,
                channel=channels[0] if channels else None,
                width_mhz=_find_width(item, len(channels)),
                power_dbm=_round(find_number(item, "transmitPower")),
                is_enabled=_is_enabled(item),
                streams=max(1, min(8, round(find_number(item, "spatialStreamCount") or 2))),
                antenna=antenna.key if antenna else None,
                gain_dbi=None,
            )
        )
    return tuple(radios)


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _list_channels(item: Item) -> list[int]:
    given = item.get("channel")
    found = given if isinstance(given, list) else [given]
    return [channel for channel in found if type(channel) is int and channel > 0]


def _find_width(item: Item, channels: int) -> int:
    stated = "".join(c for c in find_text(item, "channelWidth") if c.isdigit())[:4]
    if stated and int(stated) in WIDTHS_MHZ:
        return int(stated)
    return 20 * channels if 20 * channels in WIDTHS_MHZ else 20


def _find_band(item: Item, antenna: ProjectAntenna | None, used: list[str]) -> str | None:
    """Tell a radio's band: by frequency, by channel and antenna, and by what is left."""
    by_frequency = _find_by_frequency(item)
    if by_frequency is not None:
        return by_frequency
    channels = _list_channels(item)
    possible = [band for band in CHANNELS if not channels or channels[0] in CHANNELS[band]]
    offered = {
        BANDS.get(find_text(entry, "frequencyBand"))
        for entry in list_items(item, "defaultAntennas")
    }
    if not channels:
        possible = [band for band in possible if not offered or band in offered]
    table_band = antenna.table.band if antenna else None
    if table_band in possible:
        return table_band
    if "6" in possible and len(possible) > 1 and "6" not in offered:
        possible.remove("6")  # the model has no antenna for it
    return next((band for band in possible if band not in used), possible[0] if possible else None)


def _find_by_frequency(item: Item) -> str | None:
    given = item.get("channelByCenterFrequencyDefinedNarrowChannels")
    if not isinstance(given, list) or not given or type(given[0]) not in (int, float):
        return None
    return next((band for band, low, high in _RANGES_MHZ if low <= given[0] < high), None)
