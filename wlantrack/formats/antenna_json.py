"""Antenna patterns in Ekahau's JSON; the reader runs in the sandbox.

Decides how its tables are understood: values in dBi, or relative to the greatest gain if their own
greatest value is about 0; the word NaN, which strict JSON does not know, means "not stated".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from wlantrack.errors import msg
from wlantrack.formats.antenna_tables import (
    BANDS,
    MOUNTS,
    AntennaTable,
    Product,
    RawCut,
    list_gains,
    make_table,
)
from wlantrack.formats.limits import refuse
from wlantrack.formats.loose_values import find_number, find_text, list_items

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_json(data: bytes, *, name: str) -> AntennaTable:
    """Read an antenna; the file has no name of its own, so `name` is the upload's.

    Raises
    ------
    InvalidInput
        It is no JSON, or has no tables.
    """
    try:
        source = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise refuse(
            msg("The %(format)s is damaged: %(detail)s.", format="JSON", detail=str(error)[:200]),
            msg("Export the antenna anew; every angle needs a gain in dB."),
        ) from error
    product = Product(
        name=name,
        vendor=find_text(source, "accessPointVendorModel", "vendor", "vendor"),
        band=BANDS.get(find_text(source, "frequencyBand")),
        is_wifi=find_text(source, "antennaTechnology") != "BLUETOOTH",
        mount=MOUNTS.get(find_text(source, "defaultMounting"), "ceiling"),
    )
    return make_table(
        product,
        _read_cut(source, "horizontalPlane"),
        _read_cut(source, "elevationPlane"),
        find_number(source, "manufacturerMaximumGain"),
    )


def _read_cut(source: Mapping[str, Any], plane: str) -> RawCut:
    gains = list_gains(
        (find_number(entry, "angleInDegrees"), find_number(entry, "dBi"))
        for entry in list_items(source, plane, "gains")
    )
    return RawCut(gains, find_number(source, plane, "alignment", "degrees") or 0.0)
