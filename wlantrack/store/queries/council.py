"""Selects of what a council is told beside milestones: what is on air, and what the work rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.rollout.lifecycle import LIVE_STATES
from wlantrack.store.models.access_points import AccessPoint
from wlantrack.store.models.governance import Decision, Post, SupportTeam, Training
from wlantrack.store.models.places import Building, Floor, Room
from wlantrack.store.queries.on_air import sends
from wlantrack.store.queries.scopes import is_public_room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.networks.on_air import Network


def count_senders(
    session: Session, networks: Sequence[Network]
) -> dict[tuple[int, int | None], int]:
    """Count the live access points that send any of some networks, by building and wing."""
    if not networks:
        return {}
    rows = session.execute(
        select(Floor.building_id, AccessPoint.wing_id, func.count(AccessPoint.id))
        .join(Floor, Floor.id == AccessPoint.floor_id)
        .where(AccessPoint.state.in_(LIVE_STATES), or_(*(sends(network) for network in networks)))
        .group_by(Floor.building_id, AccessPoint.wing_id)
    )
    return {(building_id, wing_id): count for building_id, wing_id, count in rows}


def list_public_floors(session: Session, most: int) -> list[Floor]:
    """Give floors with public rooms and live access points, the most important buildings first.

    Each with its building, and that building's wings and floors.
    """
    building = joinedload(Floor.building)
    has_room = select(Room.floor_id).where(is_public_room(), Room.outline.is_not(None))
    has_live = select(AccessPoint.floor_id).where(AccessPoint.state.in_(LIVE_STATES))
    return list(
        session.scalars(
            select(Floor)
            .join(Floor.building)
            .options(building.selectinload(Building.wings), building.selectinload(Building.floors))
            .where(Floor.id.in_(has_room), Floor.id.in_(has_live))
            .order_by(Building.priority, Building.code, Floor.level)
            .limit(most)
        )
    )


def list_decisions(session: Session) -> list[Decision]:
    """Give the decisions, the first one first."""
    return list(
        session.scalars(select(Decision).order_by(Decision.decided_earliest, Decision.code))
    )


def list_posts(session: Session) -> list[Post]:
    """Give the posts by plan and code."""
    return list(session.scalars(select(Post).order_by(Post.plan, Post.code)))


def list_trainings(session: Session) -> list[Training]:
    """Give the trainings, the first one first."""
    return list(session.scalars(select(Training).order_by(Training.held_earliest, Training.code)))


def list_teams(session: Session) -> list[SupportTeam]:
    """Give the support teams with their buildings, by code."""
    return list(
        session.scalars(
            select(SupportTeam)
            .options(selectinload(SupportTeam.building))
            .order_by(SupportTeam.code)
        )
    )
