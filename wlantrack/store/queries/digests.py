"""Statements about mail: who wants some, who was written to on a day, which cables have moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from wlantrack.store.models.cabling import CableRun, CableStep
from wlantrack.store.models.feeds import DigestChoice, DigestSent
from wlantrack.store.models.people import User
from wlantrack.store.models.places import Floor
from wlantrack.store.queries.cable_runs import in_run_reach

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.queries.scopes import RunReach


def get_choice(session: Session, user_id: int) -> DigestChoice | None:
    """Load what a person has chosen; None is no mail."""
    return session.get(DigestChoice, user_id)


def list_readers(session: Session) -> list[int]:
    """Give the ids of the accounts that want mail and are not locked."""
    wanted = select(DigestChoice.user_id).join(User, User.id == DigestChoice.user_id)
    return list(session.scalars(wanted.where(User.is_active).order_by(User.id)))


def get_sent(session: Session, user_id: int, day: date) -> DigestSent | None:
    """Tell whether a person was written to on a day."""
    return session.get(DigestSent, (user_id, day))


def forget_sent(session: Session, before: date) -> None:
    """Delete on which days people were written to, before a day."""
    session.execute(delete(DigestSent).where(DigestSent.day < before))


def count_steps(
    session: Session, reach: RunReach, since: date, before: date
) -> list[tuple[str, int]]:
    """Give how many changes to each state there were at the runs in reach, from a day to another."""
    query = (
        select(CableStep.target, func.count(CableStep.id))
        .join(CableRun, CableRun.id == CableStep.cable_run_id)
        .join(Floor, Floor.id == CableRun.floor_id)
        .where(in_run_reach(reach), CableStep.done_on >= since, CableStep.done_on < before)
        .group_by(CableStep.target)
    )
    return [(target, count) for target, count in session.execute(query)]
