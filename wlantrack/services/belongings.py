"""What belongs to a record: its attachments, and the cable runs that end there.

Decides that they move with it and that attachments go with it: their scope is that of its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet
from wlantrack.store.models.permits import Penetration, Permit
from wlantrack.store.models.places import Building, Room
from wlantrack.store.queries import attachments as attachment_queries
from wlantrack.store.queries import cable_runs as run_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Floor

Subject: TypeAlias = (
    Building | Room | AccessPoint | CableRun | Distributor | Outlet | Permit | Penetration
)


def name_of(record: Subject) -> str:
    """Name a record as people know it."""
    match record:
        case Building():
            return record.name
        case Room():
            return f"{record.number} {record.name}".strip()
        case CableRun():
            return record.label
        case _:
            return record.code


def move_belongings(session: Session, record: Subject, floor: Floor, wing_id: int | None) -> None:
    """Let a record's attachments, and the runs that end there, follow it; does not commit."""
    move_attachments(session, record, floor.building_id, wing_id)
    if isinstance(record, AccessPoint | Outlet | Distributor):
        for run in run_queries.list_placed_by(session, record):
            place_run(run, floor, wing_id)
            move_attachments(session, run, floor.building_id, wing_id)


def place_run(run: CableRun, floor: Floor, wing_id: int | None) -> None:
    """Say on which floor and in which wing a run counts: where its far end is."""
    if run.floor_id != floor.id:
        run.floor_id, run.floor = floor.id, floor
    run.wing_id = wing_id


def move_attachments(
    session: Session, record: Subject, building_id: int, wing_id: int | None
) -> None:
    """Let a record's attachments lie where it lies; does not commit."""
    subjects = (record.public_id,)
    for item in attachment_queries.list_of(session, record.__tablename__, subjects):
        item.building_id, item.wing_id = building_id, wing_id


def delete_belongings(session: Session, record: Subject) -> None:
    """Delete a record's attachments with it; their files stay, so that this can be undone."""
    subjects = (record.public_id,)
    for item in attachment_queries.list_of(session, record.__tablename__, subjects):
        session.delete(item)
