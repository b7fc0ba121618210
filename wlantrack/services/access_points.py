"""Access points: place, move, change, delete, and carry them through their states."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.networks.plan import LIVE_STATES, Subject
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, ACCESS_POINT_STATES
from wlantrack.services import history, hold_points, places, public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.attestations import NOTHING_ATTESTED, Attestation, apply_attestation
from wlantrack.services.belongings import delete_belongings, move_belongings
from wlantrack.services.operation_gate import require_operation_allowed
from wlantrack.services.operation_watch import watch_operation
from wlantrack.services.point_places import (
    Whereabouts,
    check_belonging,
    check_place,
    load_plan_areas,
    locate,
)
from wlantrack.services.radio_checks import check_radio
from wlantrack.services.removal import delete_record
from wlantrack.services.versions import require_version
from wlantrack.services.walls import check_coordinate
from wlantrack.store import audit
from wlantrack.store.models.access_points import (
    MOUNTS,
    AccessPoint,
    AccessPointModel,
    Radio,
)
from wlantrack.store.queries import access_points as queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries.access_points import AccessPointFilter

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.history import Entry
    from wlantrack.services.network_plan import House
    from wlantrack.store.models.places import Building, Floor, Wing
    from wlantrack.store.queries.access_points import AccessPointRow
    from wlantrack.store.queries.paging import Page
    from wlantrack.store.queries.scopes import Reach

__all__ = ["AccessPointFilter"]

DELETABLE_STATES = frozenset({"planned", "released"})
"""Before anybody has worked on an access point, it may vanish."""

IN_OPERATION = "in operation"
POWER_LIMITS_DBM = (-10.0, 36.0)
_CODE = re.compile(r"[^\W_][\w .\-/#]{0,59}")
_MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


@dataclass(frozen=True)
class RadioValues:
    """A radio as people set it; channel or power None means automatic."""

    band: str
    channel: int | None = None
    width_mhz: int = 20
    power_dbm: float | None = None
    is_enabled: bool = True


@dataclass(frozen=True)
class AccessPointValues:
    """What people edit about an access point."""

    x_m: float
    y_m: float
    model: uuid.UUID
    code: str = ""
    height_m: float = 2.7
    mount: str = "ceiling"
    azimuth_deg: float = 0.0
    downtilt_deg: float = 0.0
    is_outdoor: bool = False
    is_public: bool = False
    serial: str = ""
    mac: str = ""
    legacy_id: str = ""
    note: str = ""


@dataclass(frozen=True)
class AttestedValues(AccessPointValues):
    """The same with what the separation check asks of it."""

    attestation: Attestation = NOTHING_ATTESTED


_PLAIN_FIELDS = tuple(
    field.name for field in fields(AccessPointValues) if field.name not in {"model", "code"}
)


def list_access_points(
    session: Session, actor: Actor, narrow: AccessPointFilter, page: Page
) -> tuple[list[AccessPointRow], int]:
    """Give one page of the access points in scope, and how many match."""
    details = actor.scope_pairs(Action.SEE_DETAILS)
    return queries.list_rows(session, visible_scopes(actor), details, narrow, page)


def visible_scopes(actor: Actor) -> Reach:
    """Give where access points are visible, for queries."""
    return public_sight.reach_of(actor, Action.SEE_ACCESS_POINTS)


def list_on_floor(session: Session, actor: Actor, floor: Floor) -> list[AccessPoint]:
    """Give a floor's access points in scope, with place, model and radios, by code."""
    return [
        point
        for point in queries.load_access_points(session, [floor.id])
        if public_sight.sees_point(actor, point, floor.building_id)
    ]


def list_outdoors(session: Session, actor: Actor, building: Building) -> list[AccessPoint]:
    """Give a building's outdoor access points in scope, with place, model and radios, by code."""
    floor_ids = [floor.id for floor in building.floors]
    return [
        point
        for point in queries.load_access_points(session, floor_ids)
        if point.is_outdoor and public_sight.sees_point(actor, point, building.id)
    ]


def list_models(session: Session) -> list[AccessPointModel]:
    """Give all models with their radios, by code."""
    return queries.list_models(session)


def find_model(session: Session, ref: str) -> AccessPointModel:
    """Give a model with its radios by public id.

    Raises
    ------
    NotFound
        There is none.
    """
    public_id = places.parse_uuid(ref)
    for model in queries.list_models(session):
        if model.public_id == public_id:
            return model
    raise NotFound(msg("There is no such model."))


def find_access_point(session: Session, actor: Actor, ref: str) -> AccessPoint:
    """Give an access point by code or public id, with place, model and radios.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    point = (
        queries.get_by_codes(session, [ref]).get(ref)
        if public_id is None
        else queries.get_access_point(session, public_id)
    )
    if point is None or not public_sight.sees_point(actor, point, point.floor.building_id):
        raise NotFound(msg("There is no such access point; perhaps somebody has deleted it."))
    return point


def list_history(session: Session, actor: Actor, ref: str) -> list[Entry]:
    """Give what happened to an access point, the latest first; nothing to whom it is not told."""
    point = find_access_point(session, actor, ref)
    if not actor.can(Action.SEE_DETAILS, point.floor.building_id, point.wing_id):
        return []
    return history.list_of_record(session, actor, AccessPoint.__tablename__, point.public_id)


def next_code(session: Session, floor: Floor, wing: Wing | None) -> str:
    """Give the next free code of a floor and wing, such as ``RH-MP-3-AP-07``."""
    middle = f"{wing.code}-" if wing is not None else ""
    prefix = f"{floor.building.code}-{middle}{floor.level}-AP-"
    numbers = [
        int(code.removeprefix(prefix))
        for code in queries.list_codes(session, prefix)
        if code.removeprefix(prefix).isdecimal()
    ]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


def values_of(point: AccessPoint) -> dict[str, object]:
    """Give an access point's values by field, to change some of them."""
    plain: dict[str, object] = {name: getattr(point, name) for name in _PLAIN_FIELDS}
    return plain | {"code": point.code, "model": point.model.public_id}


def _check_radios(radios: Sequence[RadioValues], model: AccessPointModel) -> None:
    for radio in radios:
        if radio.band not in BAND_KEYS:
            message = msg("Choose one of: %(choices)s.", choices=", ".join(BAND_KEYS))
            raise InvalidInput(Problem(message, field="band", value=radio.band))
        lowest, highest = POWER_LIMITS_DBM
        if radio.power_dbm is not None and not lowest <= radio.power_dbm <= highest:
            message = msg("This must lie between %(low)g and %(high)g.", low=lowest, high=highest)
            raise InvalidInput(Problem(message, field="power_dbm", value=str(radio.power_dbm)))
        check_radio(radio, model, "channel", "width_mhz")


def check_values(values: AccessPointValues | AccessPoint) -> None:
    """Refuse values no access point can have.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems: list[Problem] = []
    for field in ("x_m", "y_m"):
        try:
            check_coordinate(getattr(values, field), field)
        except InvalidInput as error:
            problems += error.problems
    limits = (
        ("height_m", 0.0, 50.0),
        ("azimuth_deg", -360.0, 360.0),
        ("downtilt_deg", -90.0, 90.0),
    )
    for field, lowest, highest in limits:
        value = getattr(values, field)
        if not lowest <= value <= highest:
            message = msg("This must lie between %(low)g and %(high)g.", low=lowest, high=highest)
            problems.append(Problem(message, field=field, value=str(value)))
    if values.mount not in MOUNTS:
        message = msg("Choose one of: %(choices)s.", choices=", ".join(MOUNTS))
        problems.append(Problem(message, field="mount", value=values.mount))
    if values.mac and not _MAC.fullmatch(normalise_mac(values.mac)):
        message = msg("A MAC address has six pairs of hexadecimal digits.")
        remedy = msg("Write it as 00:1a:2b:3c:4d:5e.")
        problems.append(Problem(message, remedy, field="mac", value=values.mac))
    if problems:
        raise InvalidInput(*problems)


def normalise_mac(text: str) -> str:
    """Write a MAC address with colons and small letters; what is none comes back unchanged."""
    digits = re.sub(r"[^0-9a-fA-F]", "", text).lower()
    if len(digits) != 12:
        return text
    return ":".join(digits[start : start + 2] for start in range(0, 12, 2))


def _find_model(session: Session, public_id: uuid.UUID) -> AccessPointModel:
    for model in queries.list_models(session):
        if model.public_id == public_id:
            return model
    raise InvalidInput(
        Problem(
            msg("There is no such model."),
            msg("Choose one from the list."),
            field="model",
            value=str(public_id),
        )
    )


def default_radios(model: AccessPointModel) -> list[Radio]:
    """Make a radio for each of the model's, with channel and power automatic."""
    return [
        Radio(slot=radio.slot, band=radio.band, width_mhz=20, is_enabled=True)
        for radio in model.radios
    ]


def _apply(session: Session, point: AccessPoint, values: AccessPointValues) -> None:
    check_values(values)
    model = _find_model(session, values.model)
    point.model_id, point.model = model.id, model
    for field in _PLAIN_FIELDS:
        setattr(point, field, getattr(values, field))
    point.mac = normalise_mac(values.mac)
    if isinstance(values, AttestedValues):
        apply_attestation(session, point, values.attestation)


def require_code(code: str) -> None:
    """Refuse a code that labels and spreadsheets could not carry.

    Raises
    ------
    InvalidInput
        Names the code.
    """
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            Problem(
                msg("A code has letters, digits, spaces and . _ - / # only, 60 at most."),
                msg("Write it like RH-MP-3-AP-07; it begins with a letter or digit."),
                field="code",
                value=code[:80],
            )
        )


def _require_free_code(session: Session, code: str) -> None:
    require_code(code)
    if queries.get_by_codes(session, [code]):
        raise InvalidInput(
            Problem(
                msg("This code is taken."),
                msg("Choose another code, or leave it empty to get the next free one."),
                field="code",
                value=code,
            )
        )


def place_access_point(
    session: Session,
    actor: Actor,
    floor_ref: str,
    values: AccessPointValues,
) -> AccessPoint:
    """Place a planned access point.

    Raises
    ------
    InvalidInput
        A value is out of range, or the code is taken.
    """
    floor = places.find_floor(session, actor, floor_ref).floor
    check_values(values)
    check_place(values, load_plan_areas(session).get(floor.id))
    where = locate(floor, place_queries.list_rooms(session, floor.id), values.x_m, values.y_m)
    actor.require(
        Action.EDIT_ACCESS_POINTS, floor.building_id, where.wing.id if where.wing else None
    )
    code = values.code.strip() or next_code(session, floor, where.wing)
    _require_free_code(session, code)
    point = AccessPoint(code=code, floor_id=floor.id)
    point.floor, point.state = floor, "planned"
    _apply(session, point, values)
    _settle(point, floor, where)
    point.radios = default_radios(point.model)
    session.add(point)
    session.commit()
    return point


def _settle(point: AccessPoint, floor: Floor, where: Whereabouts) -> None:
    check_belonging(floor, where.wing, where.room)
    point.room, point.room_id = where.room, where.room.id if where.room else None
    if where.wing is not None:
        point.wing, point.wing_id = where.wing, where.wing.id


def change_access_point(  # noqa: PLR0913 - the last is for those who know the house
    session: Session,
    actor: Actor,
    ref: str,
    values: AccessPointValues,
    version: int | None,
    radios: Sequence[RadioValues] | None = None,
    *,
    house: House | None = None,
) -> AccessPoint:
    """Change an access point, and its radios if given; a move settles it in its new room.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is out of range, the code is taken, or it is in operation and would get a critical
        failure of the separation check where it comes to hang.
    """
    point = find_access_point(session, actor, ref)
    actor.require(Action.EDIT_ACCESS_POINTS, point.floor.building_id, point.wing_id)
    require_version(session, point, version)
    _check_radios(radios or (), point.model)
    has_moved = (point.x_m, point.y_m) != (values.x_m, values.y_m)
    before = _list_sent_by(point)
    with session.no_autoflush:  # one change, one version, one event
        _apply(session, point, values)
        if has_moved:
            _move(session, actor, point)
        code = values.code.strip()
        if code and code != point.code:
            _require_free_code(session, code)
            point.code = code
        if radios is not None and set_radios(point, radios):
            # The version guards the whole access point, its radios included.
            flag_modified(point, "note")
        is_judged = point.state in LIVE_STATES and _list_sent_by(point) != before
        watch = watch_operation(session, house) if is_judged else None
    if watch is not None:
        session.flush()
        watch.require_nothing_worse(actor)
    session.commit()
    return point


def _list_sent_by(point: AccessPoint) -> tuple[object, ...]:
    """Give what decides which SSIDs an access point sends: where it hangs, and on which bands."""
    return point.wing_id, {radio.band for radio in point.radios if radio.is_enabled}


def _move(session: Session, actor: Actor, point: AccessPoint) -> None:
    """Settle an access point in its new place, if the actor may put it there."""
    check_place(point, load_plan_areas(session).get(point.floor_id))
    floor = places.find_floor(session, actor, str(point.floor.public_id)).floor
    where = locate(floor, place_queries.list_rooms(session, floor.id), point.x_m, point.y_m)
    wing_id = where.wing.id if where.wing else point.wing_id
    actor.require(Action.EDIT_ACCESS_POINTS, floor.building_id, wing_id)
    _settle(point, floor, where)
    move_belongings(session, point, floor, point.wing_id)


def set_radios(point: AccessPoint, radios: Sequence[RadioValues]) -> bool:
    """Bring the radios to the given values, slot by slot; tells whether anything changed."""
    has_changed = len(radios) != len(point.radios)
    del point.radios[len(radios) :]
    for slot, values in enumerate(radios, start=1):
        if slot > len(point.radios):
            point.radios.append(Radio(slot=slot))
        radio = point.radios[slot - 1]
        for field in fields(RadioValues):
            value = getattr(values, field.name)
            if getattr(radio, field.name) != value:
                setattr(radio, field.name, value)
                has_changed = True
    return has_changed


@dataclass(frozen=True)
class Deletion:
    """What is left of a deletion: the floor it happened on, and the names of what went along."""

    code: str
    floor: Floor
    belongings: tuple[Message, ...]


def delete_access_point(session: Session, actor: Actor, ref: str, version: int | None) -> Deletion:
    """Delete an access point that was planned only, with what belongs to it.

    Raises
    ------
    InvalidInput
        It has left the planning states: it is removed by its state, so that its history stays; or
        something relies on it, such as a cable.
    Conflict
        Somebody else has changed it since.
    """
    point = find_access_point(session, actor, ref)
    actor.require(Action.EDIT_ACCESS_POINTS, point.floor.building_id, point.wing_id)
    require_version(session, point, version)
    if point.state not in DELETABLE_STATES:
        raise InvalidInput(
            Problem(
                msg(
                    "Only planned access points can be deleted; this one is %(state)s.",
                    state=ACCESS_POINT_STATES[point.state].label,
                ),
                msg("Set it to removed instead, so that its history stays."),
                field="state",
                value=point.state,
            )
        )
    delete_belongings(session, point)
    deletion = Deletion(point.code, point.floor, delete_record(session, point))
    session.commit()
    return deletion


def change_state(  # noqa: PLR0913 - the last is for those who know the house
    session: Session,
    actor: Actor,
    ref: str,
    target: str,
    version: int | None,
    evidence: dict[str, str],
    *,
    house: House | None = None,
) -> AccessPoint:
    """Carry an access point to another state; ``evidence`` by field, such as serial or reason.

    Raises
    ------
    InvalidInput
        The table does not know the change, its evidence is missing, or a critical failure of the
        separation check keeps it out of operation.
    NotAllowed
        None of the actor's roles may make the change.
    """
    point = find_access_point(session, actor, ref)
    actor.require(Action.CHANGE_STATE, point.floor.building_id, point.wing_id)
    require_version(session, point, version)
    serial = evidence.get("serial", "").strip() or point.serial
    reason = evidence.get("reason", "").strip()
    given = {name for name, value in (("serial", serial), ("reason", reason)) if value}
    held = hold_points.load_for_points(session, [point])[point.id]
    ACCESS_POINT_LIFECYCLE.require(
        point.state,
        target,
        roles=actor.roles_in(point.floor.building_id, point.wing_id),
        evidence=frozenset(given),
        conditions=held.conditions,
        reasons=held.reasons,
    )
    if target == IN_OPERATION:
        subject = Subject("access point", point.code)
        require_operation_allowed(session, actor, subject, house, field="target")
    audit.set_context(session, actor.audit(reason))
    point.state, point.serial = target, serial
    session.commit()
    return point
