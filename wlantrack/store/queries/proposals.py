"""Selects for proposed schedules: needed permits, searches and what was accepted, weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, or_, select

from wlantrack.store.models.milestones import WorkPackage, WorkPackageSubject
from wlantrack.store.models.permits import Permit, PermitSubject
from wlantrack.store.models.schedules import AcceptedLine, ScheduleProposal, ScheduleWeights
from wlantrack.store.queries.paging import fetch_page, in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from wlantrack.store.queries.paging import Page, SortColumns


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


@dataclass(frozen=True)
class Accepted:
    """When somebody took over a line of a proposal."""

    package: str
    package_uuid: uuid.UUID
    accepted_at: datetime
    accepted_by: str
    request_id: str


@dataclass(frozen=True)
class SearchFilter:
    """What searches are narrowed to; empty fields narrow nothing. ``until`` is left out itself."""

    asked_by: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None


def list_searches(
    session: Session, narrow: SearchFilter, page: Page, silent_since: datetime
) -> tuple[Sequence[RowMapping], int]:
    """Give one page of the searches that match, and how many do; the latest first.

    What runs without a sign of life since ``silent_since`` is found as failed; ``is_taken`` tells
    whether a line was ever taken over.
    """
    is_silent = and_(ScheduleProposal.state == "running", ScheduleProposal.beat_at < silent_since)
    standing = case((is_silent, "failed"), else_=ScheduleProposal.state)
    is_taken = exists().where(AcceptedLine.text_sha256 == ScheduleProposal.text_sha256)
    query = select(*ScheduleProposal.__table__.columns, is_taken.label("is_taken"))
    if narrow.asked_by:
        query = query.where(ScheduleProposal.asked_by == narrow.asked_by)
    if narrow.state:
        query = query.where(standing == narrow.state)
    if narrow.since is not None:
        query = query.where(ScheduleProposal.asked_at >= narrow.since)
    if narrow.until is not None:
        query = query.where(ScheduleProposal.asked_at < narrow.until)
    number = ScheduleProposal.id
    sorts: SortColumns = {
        "latest": (-number,),
        "asked": (number,),
        "by": (ScheduleProposal.asked_by, number),
        "state": (standing, number),
        "today": (func.coalesce(ScheduleProposal.today_cost, -1), number),
        "cost": (func.coalesce(ScheduleProposal.cost, -1), number),
        "moves": (func.coalesce(ScheduleProposal.move_count, -1), number),
        "limit": (ScheduleProposal.limit_s, number),
        "seed": (ScheduleProposal.seed, number),
    }
    return fetch_page(session, query, sorts, page)


def list_askers(session: Session) -> list[str]:
    """Give everybody who has searched, by name."""
    asker = ScheduleProposal.asked_by
    return list(session.scalars(select(asker).distinct().order_by(asker)))


def get_search(session: Session, public_id: uuid.UUID) -> ScheduleProposal | None:
    """Load a search."""
    return session.scalar(select(ScheduleProposal).where(ScheduleProposal.public_id == public_id))


def get_running(session: Session) -> ScheduleProposal | None:
    """Load the search that is said to run."""
    return session.scalar(select(ScheduleProposal).where(ScheduleProposal.state == "running"))


def list_accepted(session: Session, text_sha256: str) -> list[Accepted]:
    """Give which lines of a proposal were taken over, the latest last."""
    query = (
        select(
            AcceptedLine.package,
            AcceptedLine.package_uuid,
            AcceptedLine.accepted_at,
            AcceptedLine.accepted_by,
            AcceptedLine.request_id,
        )
        .where(AcceptedLine.text_sha256 == text_sha256)
        .order_by(AcceptedLine.id)
    )
    return [Accepted(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class TakenPackage:
    """A package of which a proposal's line was taken over, and on which days it lies by now."""

    text_sha256: str
    public_id: uuid.UUID
    planned_start: date | None
    planned_finish: date | None


def list_taken(session: Session, texts: Collection[str]) -> list[TakenPackage]:
    """Give the packages that are still there of which lines of some proposals were taken over."""
    days = (WorkPackage.planned_start, WorkPackage.planned_finish)
    query = (
        select(AcceptedLine.text_sha256, WorkPackage.public_id, *days)
        .join(WorkPackage, WorkPackage.public_id == AcceptedLine.package_uuid)
        .distinct()
    )
    found: list[TakenPackage] = []
    for some in in_portions(sorted(texts)):
        rows = session.execute(query.where(AcceptedLine.text_sha256.in_(some)))
        found += [TakenPackage(*row) for row in rows]
    return found


def get_weights(session: Session) -> ScheduleWeights | None:
    """Load the weights that were set; None while nobody has."""
    return session.scalar(select(ScheduleWeights))
