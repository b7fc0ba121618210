"""The reports there are: who may have them, of which places, and what writes each.

Decides that every report is asked for in the same way, on pages and on the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Message, NotFound, msg
from wlantrack.services import acceptance_report, council_answer, materials_report, progress_report
from wlantrack.services.actor import Action
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.reports.document import Document
    from wlantrack.services.actor import Actor
    from wlantrack.services.plan import PlanParts
    from wlantrack.services.report_files import Wanted

    Writer = Callable[[Session, Actor, PlanParts, Wanted], Document]

LANGUAGES: Final[Mapping[str, str]] = {"de": "Deutsch", "en": "English"}
"""In which reports are written, whatever language the reader's pages have."""


@dataclass(frozen=True)
class Report:
    """A report: what it is called and good for, who may have it, and what writes it.

    ``has_wings`` and ``has_city`` tell whether it can be had of a single wing, and of all;
    ``is_citys`` that it tells of the city whatever place it is of: a role in a part has none.
    """

    key: str
    word: Message
    about: Message
    action: Action
    write: Writer
    has_wings: bool = False
    has_city: bool = True
    is_citys: bool = False


REPORTS: Final[Mapping[str, Report]] = {
    report.key: report
    for report in (
        Report(
            "council",
            msg("Answer to the council"),
            msg("What council members always ask, answered from the data."),
            Action.SEE_INQUIRIES,
            council_answer.write_standard,
            is_citys=True,
        ),
        Report(
            "progress",
            msg("Progress"),
            msg("How places stand and why, what is done there, and what comes when."),
            Action.SEE_CABLING,
            progress_report.write_progress,
            has_wings=True,
        ),
        Report(
            "materials",
            msg("Bill of materials"),
            msg("What is to be ordered, what is on its way, and what is built in."),
            Action.SEE_CABLING,
            materials_report.write_materials,
            has_wings=True,
        ),
        Report(
            "acceptance",
            msg("Acceptance protocol"),
            msg("What was built at a building or wing, what is still open, and lines to sign on."),
            Action.SEE_CABLING,
            acceptance_report.write_acceptance,
            has_wings=True,
            has_city=False,
        ),
    )
}


@dataclass(frozen=True)
class Place:
    """A place of which a report can be had, as it is named in addresses: RH or RH/MP."""

    ref: str
    name: str
    is_wing: bool = False


def find_report(actor: Actor, key: str) -> Report:
    """Give a report that the actor may have somewhere.

    Raises
    ------
    NotFound
        There is none.
    NotAllowed
        The role does not reach.
    """
    if key not in REPORTS:
        raise NotFound(msg("There is no such report."))
    actor.require_somewhere(REPORTS[key].action)
    return REPORTS[key]


def list_reports(actor: Actor) -> list[Report]:
    """Give the reports that the actor may have of some place."""
    return [report for report in REPORTS.values() if _has_place(actor, report)]


def _has_place(actor: Actor, report: Report) -> bool:
    scopes = actor.scopes(report.action)
    if scopes is None or report.is_citys:
        return scopes is None
    return any(report.has_wings or scope.wing_id is None for scope in scopes)


def list_places(session: Session, actor: Actor, report: Report) -> list[Place]:
    """Give the places of which the actor may have a report, an empty reference for the city."""
    if report.is_citys:
        actor.require(report.action)
    found = [Place("", "")] if report.has_city and actor.can(report.action) else []
    for building in place_queries.list_whole_buildings(session, None):
        if actor.can(report.action, building.id):
            found.append(Place(building.code, building.name))
        found += [
            Place(f"{building.code}/{wing.code}", f"{building.name}, {wing.name}", is_wing=True)
            for wing in building.wings
            if report.has_wings and actor.can(report.action, building.id, wing.id)
        ]
    return found
