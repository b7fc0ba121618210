"""Antenna patterns in the Planet format (.msi); the reader runs in the sandbox.

Decides how its tables are understood: attenuation below the greatest gain, of which the smallest
value need not be 0, so gain = GAIN - (value - smallest of both cuts). What Ekahau writes into the
comment (mounting, alignment, band) is used where it stands.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from wlantrack.errors import msg
from wlantrack.formats.antenna_tables import (
    BANDS,
    MOUNTS,
    AntennaTable,
    Product,
    RawCut,
    make_table,
)
from wlantrack.formats.limits import refuse
from wlantrack.formats.loose_values import find_number, find_text

BANDS_MHZ: Final = (("2.4", 2300, 2600), ("5", 4900, 5930), ("6", 5930, 7200))
DIPOLE_GAIN_DBI: Final = 2.15
_CUTS: Final = ("HORIZONTAL", "VERTICAL")
_EKAHAU: Final = re.compile(r"EKJSON[0-9]+:(\{.*\})\s*\Z")
_NUMBER: Final = re.compile(r"\s*([+-]?[0-9]+(?:[.,][0-9]+)?)\s*(dBd|dBi)?\b", re.IGNORECASE)


@dataclass
class _Sheet:
    """The file line by line: what its head says, and the rows of each cut."""

    head: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, list[tuple[float, float]]] = field(default_factory=dict)


def read_msi(data: bytes, *, name: str) -> AntennaTable:
    """Read an antenna; `name` is used if the file states none.

    Raises
    ------
    InvalidInput
        A cut or the gain is missing, or a row is none.
    """
    sheet = _read_sheet(_decode(data))
    gain_dbi = _read_gain(sheet.head.get("GAIN", ""))
    missing = [cut for cut in _CUTS if not sheet.cuts.get(cut)]
    if missing:
        raise refuse(
            msg("The antenna file has no %(cut)s table.", cut=missing[0]),
            msg("Export the antenna anew; every angle needs a gain in dB."),
        )
    least = min(value for cut in _CUTS for _, value in sheet.cuts[cut])
    more = _read_comment(sheet.head.get("COMMENT", ""))
    cuts = [
        RawCut(
            tuple((angle, gain_dbi - (value - least)) for angle, value in sheet.cuts[cut]),
            find_number(more, key) or 0.0,
        )
        for cut, key in zip(_CUTS, ("ha", "ea"), strict=True)
    ]
    product = Product(
        name=sheet.head.get("NAME", "") or name,
        vendor=sheet.head.get("MAKE", "") or find_text(more, "ven"),
        band=BANDS.get(find_text(more, "fb")) or _find_band(sheet.head.get("FREQUENCY", "")),
        is_wifi=find_text(more, "tc") != "BLUETOOTH",
        # Planet files come from mobile networks, where antennas stand upright on masts.
        mount=MOUNTS.get(find_text(more, "mt"), "wall"),
    )
    return make_table(product, cuts[0], cuts[1], None)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _read_sheet(text: str) -> _Sheet:
    sheet = _Sheet()
    rows: list[tuple[float, float]] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        word, _, rest = line.strip().partition(" ")
        if not word:
            continue
        if word.upper() in _CUTS:
            rows = sheet.cuts.setdefault(word.upper(), [])
        elif rows is None:
            sheet.head[word.upper()] = " ".join(rest.split())
        elif word[0].isalpha():
            break  # what follows the tables is nobody's standard
        else:
            rows.append(_read_row(word, rest, number, line))
    return sheet


def _read_row(word: str, rest: str, number: int, line: str) -> tuple[float, float]:
    try:
        return float(word.replace(",", ".")), float(rest.strip().replace(",", "."))
    except ValueError as error:
        raise refuse(
            msg("Line %(line)s of the antenna file is no angle with a value.", line=number),
            msg("Export the antenna anew; every angle needs a gain in dB."),
            value=line.strip()[:60],
        ) from error


def _read_gain(text: str) -> float:
    match = _NUMBER.match(text)
    if match is None:
        raise refuse(
            msg("The antenna file states no gain."),
            msg("Add a line such as GAIN 5 dBi."),
            field="GAIN",
            value=text[:60] or None,
        )
    above = DIPOLE_GAIN_DBI if (match[2] or "").lower() == "dbd" else 0.0
    return float(match[1].replace(",", ".")) + above


def _find_band(text: str) -> str | None:
    match = _NUMBER.match(text)
    megahertz = float(match[1].replace(",", ".")) if match else 0.0
    return next((band for band, low, high in BANDS_MHZ if low <= megahertz <= high), None)


def _read_comment(text: str) -> dict[str, Any]:
    match = _EKAHAU.match(text)
    try:
        found = json.loads(match[1]) if match else {}
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
