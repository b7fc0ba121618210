"""Lengths along routes for runs that are not pulled yet: what would change, and taking it over.

Decides which runs are open: those in whose way nobody has pulled a cable. What was measured stays;
a run without a way keeps what somebody has planned, and is listed with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Conflict, InvalidInput, Problem, msg
from wlantrack.rollout.cable_routes import Way
from wlantrack.rollout.cabling import COPPER_SPEEDS_MBIT, LENGTH_LIMITS_M
from wlantrack.rollout.lifecycle import CABLE_ORDER
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import BulkResult, BulkRow, problems_of, require_selection
from wlantrack.services.cable_ways import find_ways, round_up
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.queries import cable_routes as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.cable_routes import NoWay
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.services.cable_ways import WayParts
    from wlantrack.store.queries.cable_routes import OpenRun

OPEN_STATES: Final = frozenset({*CABLE_ORDER[: CABLE_ORDER.index("pulled")], "blocked"})
"""States in which no cable lies yet; of blocked runs those without a measured length."""
SAME_M: Final = 0.05


@dataclass(frozen=True)
class Proposal:
    """A run that is not pulled yet, and its way."""

    run: OpenRun
    way: Way | NoWay

    @property
    def public_id(self) -> uuid.UUID:
        """Give the run's id."""
        return self.run.public_id

    @property
    def label(self) -> str:
        """Give the run's label."""
        return self.run.label

    @property
    def length_m(self) -> float | None:
        """Give how much cable its way takes, None where there is none."""
        return round_up(self.way.length_m) if isinstance(self.way, Way) else None

    @property
    def difference_m(self) -> float | None:
        """Give how much longer the way is than what is planned; None where nothing is planned."""
        if self.length_m is None or self.run.length_planned_m is None:
            return None
        return self.length_m - self.run.length_planned_m

    @property
    def is_new(self) -> bool:
        """Tell whether taking the length over changes anything."""
        if self.length_m is None:
            return False
        return self.difference_m is None or abs(self.difference_m) > SAME_M

    @property
    def limit_m(self) -> float | None:
        """Give how long the run may be; None for fibre."""
        is_copper = self.run.category in COPPER_SPEEDS_MBIT
        return LENGTH_LIMITS_M[self.run.test_limit] if is_copper else None

    @property
    def is_too_long(self) -> bool:
        """Tell whether the way is longer than a run of this kind may be."""
        return self.length_m is not None and is_too_long(
            self.length_m, self.run.category, self.run.test_limit
        )


def is_too_long(length_m: float, category: str, test_limit: str) -> bool:
    """Tell whether a length is more than the standard allows."""
    return category in COPPER_SPEEDS_MBIT and length_m > LENGTH_LIMITS_M[test_limit]


def list_proposals(
    session: Session, actor: Actor, parts: WayParts, building: str = ""
) -> list[Proposal]:
    """Give the open runs in scope of buildings in which routes are drawn, by label."""
    pairs = scope_pairs(actor, Action.EDIT_CABLING)
    runs = queries.list_open_runs(session, pairs, OPEN_STATES, building)
    buildings = {run.building_id for run in runs}
    known = {item: ways.ways for item in buildings if (ways := find_ways(session, parts, item))}
    return [
        Proposal(run, known[run.building_id][run.id])
        for run in runs
        if run.id in known.get(run.building_id, ())
    ]


def take_lengths(
    session: Session, actor: Actor, parts: WayParts, selected: Sequence[Selected]
) -> BulkResult:
    """Plan the selected runs with the lengths along their ways; those that cannot stay as they are.

    Raises
    ------
    InvalidInput
        Nothing is selected, or too much at once.
    """
    require_selection(selected)
    proposals = {str(item.public_id): item for item in list_proposals(session, actor, parts)}
    loaded = queries.load_runs(session, [item.run.id for item in proposals.values()])
    rows = []
    for choice in selected:
        proposal = proposals.get(choice.ref)
        if proposal is None:
            rows.append(BulkRow(None, choice.ref, "", (_gone(),)))
            continue
        problems: tuple[Problem, ...] = ()
        run = loaded[proposal.run.id]
        try:
            require_version(session, run, choice.version)
            run.length_planned_m = _require_length(proposal)
        except (Conflict, InvalidInput) as error:
            problems = problems_of(error)
        rows.append(BulkRow(proposal.public_id, proposal.label, proposal.run.state, problems))
    session.commit()
    return BulkResult("", tuple(rows))


def _require_length(proposal: Proposal) -> float:
    if isinstance(proposal.way, Way):
        return round_up(proposal.way.length_m)
    raise InvalidInput(Problem(proposal.way.message, proposal.way.remedy))


def _gone() -> Problem:
    return Problem(
        msg("This run is no longer open, or lies outside your area."),
        msg("Look at the list again."),
    )
