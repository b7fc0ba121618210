"""Words that several pages of renovations show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request, url_for
from flask_babel import gettext

from wlantrack.rollout.spoken_dates import Precision
from wlantrack.rollout.wall_closing import Level
from wlantrack.web.languages import write_day

if TYPE_CHECKING:
    from wlantrack.rollout.spoken_dates import SpokenDate

Tab = tuple[str, str, bool]

LEVEL_MARKS = {
    Level.MISSED: "blocked",
    Level.TOO_LATE: "blocked",
    Level.UNKNOWN: "undated",
    Level.SOON: "mounted",
    Level.IN_TIME: "live",
}
"""Under which mark it is drawn how a run stands."""


def renovation_tabs() -> list[Tab]:
    """Give the parts of the pages of renovations: label, address, whether it is the current one."""
    tabs = [
        (gettext("Renovations"), "renovations.list_renovations"),
        (gettext("Closing walls"), "windows.list_walls"),
        (gettext("Conflicts and synergies"), "windows.list_findings"),
        (gettext("Calendar"), "windows.show_calendar"),
    ]
    return [(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in tabs]


def write_known(day: SpokenDate | None) -> str:
    """Write a date as finely as it is known; one that nobody has said is told so."""
    if day is None:
        return str(gettext("open: nobody has said yet"))
    if day.precision is Precision.DAY and day.earliest == day.latest:
        return write_day(day.earliest)
    return day.wording
