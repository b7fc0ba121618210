"""What permits, orders and work packages are about: the run or access point behind a subject.

Runs that were ticked in a list are given to any of them in one way, row by row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from wlantrack.errors import NotFound, WlantrackError, msg
from wlantrack.services import belongings
from wlantrack.services.actor import Action
from wlantrack.services.bulk_changes import BulkRow, problems_of, require_selection
from wlantrack.services.places import parse_uuid
from wlantrack.store.queries import cable_runs as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.services.named_things import Thing
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun


class CoveredSubject(Protocol):
    """The row that ties a record to one run or access point; its table has a check for that."""

    @property
    def cable_run(self) -> CableRun | None:
        """Give the run, if it is one."""

    @property
    def access_point(self) -> AccessPoint | None:
        """Give the access point, if it is one."""


def thing_of(subject: CoveredSubject) -> Thing:
    """Give the run or access point of a subject."""
    thing = subject.cable_run or subject.access_point
    assert thing is not None  # noqa: S101 - the table has a check
    return thing


def name_of(subject: CoveredSubject) -> str:
    """Name the run or access point of a subject."""
    return belongings.name_of(thing_of(subject))


def load_ticked(session: Session, selected: Sequence[Selected]) -> dict[str, CableRun | None]:
    """Load the runs that were ticked in a list, by what was ticked; None where there is none.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected.
    """
    require_selection(selected)
    ids = {chosen.ref: parse_uuid(chosen.ref) for chosen in selected}
    found = queries.load_runs(session, {public_id for public_id in ids.values() if public_id})
    runs = {run.public_id: run for run in found}
    return {ref: runs.get(public_id) if public_id else None for ref, public_id in ids.items()}


def cover_ticked(
    session: Session,
    actor: Actor,
    ticked: Mapping[str, CableRun | None],
    add: Callable[[CableRun], None],
) -> tuple[BulkRow, ...]:
    """Add runs one by one; what cannot be added stays and says why. Does not commit."""
    with session.no_autoflush:
        return tuple(_cover_row(actor, ref, run, add) for ref, run in ticked.items())


def _cover_row(
    actor: Actor, ref: str, run: CableRun | None, add: Callable[[CableRun], None]
) -> BulkRow:
    if run is None or not actor.can(Action.SEE_CABLING, run.floor.building_id, run.wing_id):
        missing = NotFound(msg("There is no such cable run; perhaps somebody has deleted it."))
        return BulkRow(None, ref[:36], "", problems_of(missing))
    try:
        add(run)
    except WlantrackError as error:
        return BulkRow(run.public_id, run.label, run.state, problems_of(error))
    return BulkRow(run.public_id, run.label, run.state)
