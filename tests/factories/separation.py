"""Rows for exemptions and approvals of secure areas."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from wlantrack.networks.plan import Subject
from wlantrack.services.exemption_subjects import find_subject_id
from wlantrack.store.models.separation import AreaApproval, Exemption

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Room

TODAY = date(2026, 3, 10)


def add_exemption(session: Session, rule: str, kind: str, code: str, **values: Any) -> Exemption:
    """Add an exemption that anna asked for and bob approved, until the end of the year."""
    defaults = {
        "reason": "old scanners",
        "author": "anna",
        "approver": "bob",
        "approved_at": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        "expires_on": date(2026, 12, 31),
    }
    subject_id = find_subject_id(session, Subject(kind, code))
    record = Exemption(
        rule=rule,
        subject_kind=kind,
        subject_code=code,
        **{"subject_id": subject_id} | defaults | values,
    )
    session.add(record)
    session.flush()
    return record


def add_area_approval(session: Session, room: Room, **values: Any) -> AreaApproval:
    """Add an approval of a secure room for any access point, for good."""
    defaults = {"approved_by": "bob", "approved_on": date(2026, 1, 1)}
    record = AreaApproval(room_id=room.id, **defaults | values)
    session.add(record)
    session.flush()
    return record
