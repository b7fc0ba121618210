"""Selects for proposed schedules: what packages need before they may begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from wlantrack.store.models.milestones import WorkPackageSubject
from wlantrack.store.models.permits import Permit, PermitSubject

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class NeededPermit:
    """A permit that covers something on which a package is done."""

    package_id: int
    code: str
    state: str
    expected_latest: date | None
    granted_on: date | None
    expires_on: date | None


def list_needed_permits(session: Session) -> list[NeededPermit]:
    """Give which permits cover what packages are done on; what is not needed is left out."""
    query = (
        select(
            WorkPackageSubject.work_package_id,
            Permit.code,
            Permit.state,
            Permit.expected_latest,
            Permit.granted_on,
            Permit.expires_on,
        )
        .join(
            PermitSubject,
            or_(
                PermitSubject.cable_run_id == WorkPackageSubject.cable_run_id,
                PermitSubject.access_point_id == WorkPackageSubject.access_point_id,
            ),
        )
        .join(Permit, Permit.id == PermitSubject.permit_id)
        .where(Permit.state != "not needed")
        .distinct()
        .order_by(Permit.code, WorkPackageSubject.work_package_id)
    )
    return [NeededPermit(*row) for row in session.execute(query)]
