"""Hold points of cable runs and access points: what permits and penetrations say of the next state.

Loads what covers many things at once, and leaves what permits mean to ``rollout/permits.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wlantrack.errors import Problem, msg
from wlantrack.rollout.lifecycle import HOLD_POINTS, PENETRATION_STATES, Condition
from wlantrack.rollout.permits import (
    House,
    PermitFacts,
    find_missing,
    find_pending,
    find_pollutants,
    is_cleared,
)
from wlantrack.services.penetrations import SEALED
from wlantrack.store.queries import orders as order_queries
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import permits as queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import Order, Penetration, Permit


@dataclass(frozen=True)
class Held:
    """What holds something: the reasons by condition; conditions without a reason hold.

    ``papers`` names the permits that are cleared, ``through`` the penetrations a run leads through,
    ``order`` the one that is not cancelled by which a run is its firm's.
    """

    reasons: dict[Condition, tuple[Problem, ...]] = field(default_factory=dict)
    papers: tuple[str, ...] = ()
    through: tuple[Penetration, ...] = ()
    order: Order | None = None

    @property
    def conditions(self) -> frozenset[Condition]:
        """Give the hold points that are passed."""
        return HOLD_POINTS - {key for key, found in self.reasons.items() if found}


def facts_of(permit: Permit) -> PermitFacts:
    """Give what of a permit decides whether work may go on."""
    return PermitFacts(
        permit.code,
        permit.kind,
        permit.state,
        permit.expected if permit.expected_wording else None,
        permit.expires_on,
        permit.reference,
    )


def load_for_runs(
    session: Session, runs: Iterable[CableRun], today: date | None = None
) -> dict[int, Held]:
    """Give what holds some runs, by id; their floors and buildings must be loaded."""
    by_id = {run.id: run for run in runs}
    permits = _group(queries.list_covering_runs(session, by_id))
    through: dict[int, list[Penetration]] = {}
    for run_id, penetration in penetration_queries.list_through(session, by_id):
        through.setdefault(run_id, []).append(penetration)
    orders = {
        run_id: order
        for run_id, order in order_queries.list_of_runs(session, by_id)
        if order.state != "cancelled"
    }
    day = today or datetime.now(UTC).date()
    return {
        id_: replace(
            _hold_run(run, permits.get(id_, []), tuple(through.get(id_, ())), day),
            order=orders.get(id_),
        )
        for id_, run in by_id.items()
    }


def _hold_run(
    run: CableRun, permits: list[PermitFacts], through: tuple[Penetration, ...], today: date
) -> Held:
    building = run.floor.building
    house = House(building.code, is_listed=building.is_listed, begun_on=building.begun_on)
    return Held(
        {
            Condition.PERMITS_CLEARED: find_missing(house, permits, today),
            Condition.POLLUTANTS_KNOWN: find_pollutants(house, permits, today),
            Condition.PENETRATIONS_SEALED: tuple(
                _describe_hole(item) for item in through if item.state not in SEALED
            ),
        },
        tuple(item.name for item in permits if is_cleared(item, today)),
        through,
    )


def _describe_hole(penetration: Penetration) -> Problem:
    return Problem(
        msg(
            "Penetration %(code)s is %(state)s.",
            code=penetration.code,
            state=PENETRATION_STATES[penetration.state].label,
        ),
        msg("Have it sealed and enter that with a photo, or set the run to fire-stopped."),
        field="state",
    )


def load_for_points(
    session: Session, points: Iterable[AccessPoint], today: date | None = None
) -> dict[int, Held]:
    """Give what holds some access points, by id: the permits that cover their drilling."""
    ids = {point.id for point in points}
    permits = _group(queries.list_covering_points(session, ids))
    day = today or datetime.now(UTC).date()
    return {
        id_: Held({Condition.PERMITS_CLEARED: find_pending(permits.get(id_, []), day)})
        for id_ in ids
    }


def _group(pairs: Iterable[tuple[int, Permit]]) -> dict[int, list[PermitFacts]]:
    grouped: dict[int, list[PermitFacts]] = {}
    for subject_id, permit in pairs:
        grouped.setdefault(subject_id, []).append(facts_of(permit))
    return grouped
