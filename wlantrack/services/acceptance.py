"""Access points that are used though nobody has accepted them: since when, and until when that is open.

Tells what stands in the contract rules, and never that something *is* accepted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.acceptance import find_end_of_period
from wlantrack.services.actor import Action, Actor
from wlantrack.services.scopes import list_wings, scope_pairs
from wlantrack.services.work_calendar import find_werktage
from wlantrack.store.queries import access_points as queries
from wlantrack.store.queries import history

if TYPE_CHECKING:
    from datetime import date, tzinfo

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Building

USED: Final = "in operation"
"""The state of an access point that is live, but not accepted by anybody."""


@dataclass(frozen=True)
class UnacceptedUse:
    """Use without formal acceptance; both days are None where nobody knows since when."""

    used_since: date | None = None
    ends_on: date | None = None


def find_use(
    session: Session, point: AccessPoint, region: str, zone: tzinfo
) -> UnacceptedUse | None:
    """Tell since when an access point is used without acceptance; None if it is not."""
    if point.state != USED:
        return None
    for event in history.list_events(session, point.__tablename__, point.public_id):
        if event.act == "update" and event.after.get("state") == USED:
            since = event.at.astimezone(zone).date()
            return UnacceptedUse(since, find_end_of_period(since, find_werktage(region)))
    return UnacceptedUse()


def count_in_use(session: Session, actor: Actor, building: Building) -> list[tuple[str, int]]:
    """Count the access points that are used without acceptance, by name of wing, in scope."""
    pairs = scope_pairs(actor, Action.SEE_CABLING)
    counts = queries.count_by_wing(session, pairs, building.id, USED)
    names: dict[int | None, str] = {wing.id: wing.name for wing in list_wings(actor, building)}
    return sorted((names.get(wing_id, ""), count) for wing_id, count in counts.items())
