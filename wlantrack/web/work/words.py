"""Words that several pages of work show: its tabs, and what a blackout forbids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request, url_for
from flask_babel import gettext

from wlantrack.errors import Message, msg
from wlantrack.services.actor import Action
from wlantrack.web.context import actor
from wlantrack.web.languages import write_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Tab = tuple[str, str, bool]

FORBIDDEN_WORDS: Final[Mapping[str, Message]] = {
    "loud": msg("loud work"),
    "normal": msg("all but quiet work"),
    "quiet": msg("any work"),
}
"""What a blackout forbids, by the noise class from which on it holds."""


def work_tabs() -> list[Tab]:
    """Give the parts of the pages of work: label, address, whether it is the current one."""
    can_propose = actor().can(Action.EDIT_WORK)
    tabs = [
        (gettext("Work packages"), "packages.list_packages"),
        (gettext("Gantt chart"), "schedule.show_chart"),
        *([(gettext("Proposals"), "proposals.list_proposals")] if can_propose else ()),
        (gettext("Crews"), "crews.list_crews"),
        (gettext("Blackouts"), "blackouts.list_blackouts"),
        (gettext("Working calendar"), "calendars.show_calendar"),
    ]
    return [(label, url_for(endpoint), request.endpoint == endpoint) for label, endpoint in tabs]


def write_span(first: date, last: date) -> str:
    """Write a day, or the first and the last of several."""
    days = (write_day(first), write_day(last))
    begins, ends = (day.replace(" ", "\N{NO-BREAK SPACE}") for day in days)
    return begins if first == last else f"{begins} \N{EN DASH} {ends}"
