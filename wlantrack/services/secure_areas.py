"""Secure rooms: what sends inside them or is heard there, and who has approved it.

Decides the level from which an access point counts as covering a room, and that an approval which
names no access point holds for all of them. Refuses to know what the check makes of it.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import numpy as np
import shapely

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.geometry.cells import mask_outline
from wlantrack.networks.plan import GONE_STATES, AreaApproval, SecureArea
from wlantrack.services import coverage, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.separation import AreaApproval as ApprovalRecord
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from wlantrack.services.coverage import FloorCoverage
    from wlantrack.services.results import ResultCache
    from wlantrack.store.queries.separation import ApprovalRow, AreaRow

HEARD_DBM = coverage.DEFAULT_THRESHOLD_DBM
"""A level at which people inside could work with an access point outside."""

CELL_M = 1.0


def list_areas(
    session: Session, actor: Actor, points: Sequence[RowMapping], cache: ResultCache
) -> tuple[SecureArea, ...]:
    """Give the secure rooms in scope as the check sees them.

    Parameters
    ----------
    points
        The access points in scope, as columns.
    """
    rows = list_rooms(session, actor)
    approvals: dict[int, list[ApprovalRow]] = {}
    for approval in queries.list_approvals(session, {row.id for row in rows}):
        approvals.setdefault(approval.room_id, []).append(approval)
    known = {row["code"] for row in points}
    predicted: dict[int, FloorCoverage] = {}
    areas = []
    for row in rows:
        inside = tuple(sorted(_list_inside(row, points)))
        heard = None
        if row.outline is not None and not row.outline.is_empty:
            if row.floor_id not in predicted:
                predicted[row.floor_id] = _predict(session, actor, row, cache)
            heard = tuple(sorted(known & list_heard(predicted[row.floor_id], row.outline)))
        given = approvals.get(row.id, [])
        areas.append(
            SecureArea(row.code, inside, heard, tuple(_expand(given, {*inside, *(heard or ())})))
        )
    return tuple(areas)


def list_rooms(session: Session, actor: Actor) -> list[AreaRow]:
    """Give the secure rooms in scope, by building, level and number."""
    return queries.list_areas(session, actor.scope_pairs(Action.SEE_SEPARATION))


def _list_inside(row: AreaRow, points: Iterable[RowMapping]) -> set[str]:
    return {
        point["code"]
        for point in points
        if point["floor_id"] == row.floor_id
        and point["state"] not in GONE_STATES
        and (
            point["room_id"] == row.id
            or (
                row.outline is not None
                and row.outline.covers(shapely.Point(point["x_m"], point["y_m"]))
            )
        )
    }


def _predict(session: Session, actor: Actor, row: AreaRow, cache: ResultCache) -> FloorCoverage:
    floor = places.find_floor(session, actor, str(row.floor_public_id)).floor
    return coverage.predict_floor(session, actor, floor, "planned", cache, CELL_M)


def list_heard(predicted: FloorCoverage, outline: BaseGeometry) -> set[str]:
    """Give the access points whose level reaches the limit somewhere inside an outline."""
    grid, levels = predicted.coverage.grid, predicted.coverage
    cells = np.flatnonzero(mask_outline(grid, outline))
    if not cells.size:  # smaller than a cell: take the nearest
        centre = outline.representative_point()
        row, column = np.abs(grid.y_m - centre.y).argmin(), np.abs(grid.x_m - centre.x).argmin()
        cells = np.array([row * grid.nx + column])
    return {
        transmitter.id
        for transmitter, layer in zip(levels.scene.transmitters, levels.layers, strict=True)
        if (layer.reshape(len(layer), -1).take(cells, axis=1) >= HEARD_DBM).any()
    }


def _expand(given: Iterable[ApprovalRow], points: set[str]) -> Iterable[AreaApproval]:
    """Give each approval by access point; one that names none is given for each of them."""
    for approval in given:
        named = sorted(points) if approval.access_point is None else [approval.access_point]
        for code in named:
            yield AreaApproval(
                code, approval.approved_by, approval.approved_on, approval.expires_on
            )


def list_approvals(session: Session, actor: Actor) -> list[tuple[AreaRow, list[ApprovalRow]]]:
    """Give the secure rooms in scope, each with its approvals."""
    rooms = list_rooms(session, actor)
    found = queries.list_approvals(session, {room.id for room in rooms})
    return [(room, [item for item in found if item.room_id == room.id]) for room in rooms]


def approve(
    session: Session,
    actor: Actor,
    room_ref: str,
    point_code: str,
    expires_on: date | None,
    today: date,
) -> ApprovalRecord:
    """Approve radio in a secure room, of one access point or of any.

    Raises
    ------
    NotFound
        There is no such secure room in scope.
    InvalidInput
        There is no such access point, or the approval would have ended already.
    """
    rooms = list_rooms(session, actor)
    room = next((room for room in rooms if room_ref in {str(room.public_id), room.code}), None)
    if room is None:
        raise NotFound(msg("There is no such secure room, or it is outside your area."))
    actor.require(Action.APPROVE_EXEMPTIONS, room.building_id, room.wing_id)
    if expires_on is not None and expires_on < today:
        raise InvalidInput(
            Problem(
                msg("This day is over."),
                msg("Choose a day that is still to come, or leave the field empty."),
                field="expires_on",
                value=str(expires_on),
            )
        )
    point = None
    if point_code.strip():
        point = point_queries.get_by_codes(session, [point_code.strip()]).get(point_code.strip())
        if point is None or not actor.can(
            Action.SEE_ACCESS_POINTS, point.floor.building_id, point.wing_id
        ):
            raise InvalidInput(
                Problem(
                    msg("There is no such access point."),
                    msg("Write its code, or leave the field empty to approve all of them."),
                    field="access_point",
                    value=point_code[:80],
                )
            )
    approval = ApprovalRecord(
        public_id=uuid.uuid4(),
        room_id=room.id,
        access_point_id=point.id if point else None,
        approved_by=actor.name,
        approved_on=today,
        expires_on=expires_on,
    )
    session.add(approval)
    session.commit()
    return approval


def withdraw(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Take an approval back.

    Raises
    ------
    NotFound
        There is none, or its room is out of scope.
    Conflict
        Somebody else has changed it since.
    """
    public_id = places.parse_uuid(ref)
    approval = None if public_id is None else queries.get_approval(session, public_id)
    if approval is None:
        raise NotFound(msg("There is no such approval, or it is outside your area."))
    building_id, wing_id = approval.room.floor.building_id, approval.room.wing_id
    if not actor.can(Action.SEE_SEPARATION, building_id, wing_id):
        raise NotFound(msg("There is no such approval, or it is outside your area."))
    actor.require(Action.APPROVE_EXEMPTIONS, building_id, wing_id)
    require_version(session, approval, version)
    session.delete(approval)
    session.commit()
