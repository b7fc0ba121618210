"""Access points beside their cables: many carried through their states, and where they hang.

Decides that a bulk change is told row by row, as for cable runs, and who says where an access
point was installed: whoever may change its state, since that is who stands on the ladder.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, WlantrackError, msg
from wlantrack.networks.plan import Subject
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, ACCESS_POINT_STATES
from wlantrack.services import access_points, hold_points, public_sight
from wlantrack.services.access_points import IN_OPERATION
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import (
    BulkResult,
    BulkRow,
    Selected,
    problems_of,
    require_selection,
)
from wlantrack.services.operation_gate import OperationGate, open_gate
from wlantrack.services.places import parse_uuid
from wlantrack.services.versions import require_version
from wlantrack.services.walls import check_coordinate
from wlantrack.store import audit
from wlantrack.store.queries import access_points as queries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.hold_points import Held
    from wlantrack.services.network_plan import House
    from wlantrack.store.models.access_points import AccessPoint

FARTHEST_M = 200.0
"""An access point that hangs farther from its plan is another one, or a slip of the keyboard."""


def preview_bulk(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    target: str,
    house: House | None = None,
) -> BulkResult:
    """Tell which access points could go to a state, given a reason, and why others cannot."""
    if target not in ACCESS_POINT_STATES:
        raise InvalidInput(
            Problem(msg("There is no such state."), msg("Choose the new state."), field="target")
        )
    require_selection(selected)
    rows = []
    gate = open_gate(session, house) if target == IN_OPERATION else None
    loaded = _load(session, actor, selected)
    held = hold_points.load_for_points(session, [point for _, point in loaded if point])
    for chosen, point in loaded:
        if point is None:
            rows.append(_missing_row(chosen))
            continue
        try:
            _require_lawful(actor, point, target, {"reason"}, held[point.id])
            _require_safe(gate, actor, point)
            rows.append(BulkRow(point.public_id, point.code, point.state))
        except WlantrackError as error:
            rows.append(BulkRow(point.public_id, point.code, point.state, problems_of(error)))
    return BulkResult(target, tuple(rows))


def with_versions(session: Session, actor: Actor, selected: Sequence[Selected]) -> list[Selected]:
    """Give a selection with the versions as they are now, where it names none."""
    return [
        Selected(chosen.ref, chosen.version or (point.version if point else None))
        for chosen, point in _load(session, actor, selected)
    ]


def change_states(
    session: Session,
    actor: Actor,
    selected: Sequence[Selected],
    target: str,
    reason: str = "",
    *,
    house: House | None = None,
) -> BulkResult:
    """Carry many access points to a state in one transaction; what is refused stays and says why.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected.
    """
    require_selection(selected)
    rows: list[BulkRow] = []
    given = {"reason"} if reason.strip() else set()
    audit.set_context(session, actor.audit(reason.strip()))
    gate = open_gate(session, house) if target == IN_OPERATION else None
    loaded = _load(session, actor, selected)
    held = hold_points.load_for_points(session, [point for _, point in loaded if point])
    for chosen, point in loaded:
        if point is None:
            rows.append(_missing_row(chosen))
            continue
        source = point.state
        try:
            require_version(session, point, chosen.version)
            _require_lawful(actor, point, target, given, held[point.id])
            _require_safe(gate, actor, point)
            point.state = target
            rows.append(BulkRow(point.public_id, point.code, source))
        except WlantrackError as error:
            rows.append(BulkRow(point.public_id, point.code, source, problems_of(error)))
    session.commit()
    return BulkResult(target, tuple(rows))


def _require_lawful(
    actor: Actor, point: AccessPoint, target: str, given: Collection[str], held: Held
) -> None:
    actor.require(Action.CHANGE_STATE, point.floor.building_id, point.wing_id)
    ACCESS_POINT_LIFECYCLE.require(
        point.state,
        target,
        roles=actor.roles_in(point.floor.building_id, point.wing_id),
        evidence=frozenset({*given, *(("serial",) if point.serial else ())}),
        conditions=held.conditions,
        reasons=held.reasons,
    )


def _require_safe(gate: OperationGate | None, actor: Actor, point: AccessPoint) -> None:
    if gate is not None:
        gate.require(actor, Subject("access point", point.code), "target")


def _load(
    session: Session, actor: Actor, selected: Sequence[Selected]
) -> list[tuple[Selected, AccessPoint | None]]:
    seen: dict[str, Selected] = {chosen.ref: chosen for chosen in selected}
    ids = {ref: parse_uuid(ref) for ref in seen}
    points = {
        point.public_id: point
        for point in queries.load_by_public_ids(session, {found for found in ids.values() if found})
        if public_sight.sees_point(actor, point, point.floor.building_id)
    }
    found: list[tuple[Selected, AccessPoint | None]] = []
    for ref, chosen in seen.items():
        public_id = ids[ref]
        found.append((chosen, points.get(public_id) if public_id else None))
    return found


def _missing_row(chosen: Selected) -> BulkRow:
    missing = NotFound(msg("There is no such access point; perhaps somebody has deleted it."))
    return BulkRow(None, chosen.ref[:36], "", problems_of(missing))


def find_offset_m(point: AccessPoint) -> float | None:
    """Give the distance between plan and wall in metres, None while nobody has measured."""
    if point.installed_x_m is None or point.installed_y_m is None:
        return None
    return math.hypot(point.installed_x_m - point.x_m, point.installed_y_m - point.y_m)


def set_installed_position(
    session: Session,
    actor: Actor,
    ref: str,
    position: tuple[float, float] | None,
    version: int | None,
) -> AccessPoint:
    """Say where an access point really hangs, in building metres; None forgets it again.

    Raises
    ------
    InvalidInput
        It is far from where it was planned.
    Conflict
        Somebody else has changed the access point since.
    """
    point = access_points.find_access_point(session, actor, ref)
    actor.require(Action.CHANGE_STATE, point.floor.building_id, point.wing_id)
    require_version(session, point, version)
    if position is None:
        point.installed_x_m = point.installed_y_m = None
        session.commit()
        return point
    for value, field in zip(position, ("installed_x_m", "installed_y_m"), strict=True):
        check_coordinate(value, field)
    distance_m = math.hypot(position[0] - point.x_m, position[1] - point.y_m)
    if distance_m > FARTHEST_M:
        raise InvalidInput(
            Problem(
                msg(
                    "This is %(distance).0f m away from the planned position.", distance=distance_m
                ),
                msg("Check both coordinates, or move the planned access point first."),
                field="installed_x_m",
                value=f"{position[0]:g}, {position[1]:g}",
            )
        )
    point.installed_x_m, point.installed_y_m = position
    session.commit()
    return point
