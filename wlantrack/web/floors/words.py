"""Words and choices that several pages of a floor show."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from flask_babel import gettext

from wlantrack.maps.legend import SIGNAL_CLASSES
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.services.coverage_maps import COUNT_WORDS
from wlantrack.web.languages import translate, write_number

if TYPE_CHECKING:
    from wlantrack.maps.legend import SignalClass
    from wlantrack.services.actor import Actor


class Choice(TypedDict):
    """A key and its word."""

    key: str
    label: str


class LegendEntry(TypedDict):
    """One class of the signal ramp in words."""

    colour: str
    from_dbm: float | None
    to_dbm: float | None
    label: str


def band_label(band: str) -> str:
    """Give a band's name such as 2,4 GHz."""
    return f"{write_number(float(band), 1 if '.' in band else 0)} GHz"


def band_choices() -> list[Choice]:
    """Give the bands, the most used first."""
    return [
        {"key": band, "label": band_label(band)} for band in ("5", "2.4", "6") if band in BAND_KEYS
    ]


def count_label(counts: str) -> str:
    """Say what a map counts."""
    return translate(COUNT_WORDS[counts])


def allowed_counts(person: Actor) -> tuple[str, ...]:
    """Give what a person's maps may count, the usual first: viewers see what is live only."""
    return ("live",) if person.roles <= {"viewer"} else ("planned", "live")


def count_choices(person: Actor) -> list[Choice]:
    """Give what a person's maps may count, with its words."""
    return [{"key": key, "label": count_label(key)} for key in allowed_counts(person)]


def mount_choices() -> list[Choice]:
    """Give the ways to mount an access point."""
    return [
        {"key": "ceiling", "label": gettext("ceiling")},
        {"key": "wall", "label": gettext("wall")},
        {"key": "floor", "label": gettext("floor")},
    ]


def legend_entries() -> list[LegendEntry]:
    """Give the classes of the signal ramp with dBm and meaning."""
    meanings = {
        "video": gettext("video"),
        "office": gettext("office work"),
        "weak": gettext("weak"),
        "none": gettext("no service"),
    }
    return [
        {
            "colour": entry.colour,
            "from_dbm": entry.from_dbm,
            "to_dbm": entry.to_dbm,
            "label": f"{_range(entry)} · {meanings[entry.meaning]}",
        }
        for entry in SIGNAL_CLASSES
    ]


def _range(entry: SignalClass) -> str:
    low = None if entry.from_dbm is None else _dbm(entry.from_dbm)
    high = None if entry.to_dbm is None else _dbm(entry.to_dbm)
    if high is None:
        return str(gettext("%(low)s dBm and more", low=low))
    if low is None:
        return str(gettext("below %(high)s dBm", high=high))
    return str(gettext("%(low)s to %(high)s dBm", low=low, high=high))


def _dbm(value: float) -> str:
    return f"{value:.0f}".replace("-", "\N{MINUS SIGN}")
