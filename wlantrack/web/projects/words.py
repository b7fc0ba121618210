"""Names of what an import creates, in the language of the request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT_NAMES = {"esx": "Ekahau", "openintent": "OpenIntent"}


def kind_names() -> dict[str, str]:
    """Give the plural of every kind of record an import touches, in the order of a page."""
    return {
        "building": gettext("Buildings"),
        "floor": gettext("Floors"),
        "floor_plan": gettext("Plans"),
        "wall": gettext("Walls"),
        "access_point": gettext("Access points"),
        "clutter_zone": gettext("Areas that damp"),
        "zone": gettext("Areas to be covered"),
        "requirement": gettext("Requirements"),
        "material": gettext("Materials"),
        "access_point_model": gettext("Models of access points"),
        "antenna_pattern": gettext("Antennas"),
    }


def list_counts(*counts: Mapping[str, int]) -> list[tuple[str, list[int]]]:
    """Give one line for each kind that was touched: its name and its counts."""
    return [
        (name, [count.get(kind, 0) for count in counts])
        for kind, name in kind_names().items()
        if any(count.get(kind) for count in counts)
    ]
