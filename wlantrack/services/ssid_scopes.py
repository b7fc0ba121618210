"""Where SSIDs are on air: scopes are added, turned round and removed, one by one or in bulk.

Decides that a scope may be set by whoever may edit networks in the whole place it names.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, WlantrackError, msg
from wlantrack.networks.on_air import PlaceKind
from wlantrack.services import access_points, networks, places, ssids
from wlantrack.services.actor import Action, Actor
from wlantrack.services.operation_watch import nothing_worse
from wlantrack.services.versions import require_version
from wlantrack.store.models.networks import Ssid, SsidScope
from wlantrack.store.queries import networks as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.network_plan import House

KINDS = tuple(kind.value for kind in PlaceKind)


@dataclass(frozen=True)
class Place:
    """A place that a scope can name: its kind, id and code, and where it lies."""

    kind: str
    id: int
    code: str
    building_id: int
    wing_id: int | None = None


@dataclass(frozen=True)
class BulkRow:
    """What became of one of many: ``done``, ``unchanged`` or ``refused`` with its reason."""

    code: str
    outcome: str
    reason: Message | None = None


def place_of(scope: SsidScope) -> Place:
    """Give the place of a scope that was loaded with it."""
    if scope.building is not None:
        return Place("building", scope.building.id, scope.building.code, scope.building.id)
    if scope.wing is not None:
        code = f"{scope.wing.building.code}/{scope.wing.code}"
        return Place("wing", scope.wing.id, code, scope.wing.building_id, scope.wing.id)
    if scope.floor is not None:
        code = places.floor_code(scope.floor)
        return Place("floor", scope.floor.id, code, scope.floor.building_id)
    point = scope.access_point
    if point is None:
        message = "a scope names one place"
        raise ValueError(message)
    return Place("access_point", point.id, point.code, point.floor.building_id, point.wing_id)


def list_scopes(actor: Actor, ssid: Ssid) -> list[tuple[SsidScope, Place]]:
    """Give an SSID's scopes in places that show its class to the actor, wide ones first."""
    pairs = [(scope, place_of(scope)) for scope in ssid.scopes]
    visible = [
        (scope, place)
        for scope, place in pairs
        if networks.touches(actor, ssid.network_class, place.building_id, place.wing_id)
    ]
    return sorted(visible, key=lambda pair: (KINDS.index(pair[1].kind), pair[1].code))


def find_place(session: Session, actor: Actor, ref: str, kind: str = "") -> Place:
    """Give the place of a code such as RH, RH/MP, RH/3 or an access point's.

    Parameters
    ----------
    kind
        What the code names; empty: what it looks like.

    Raises
    ------
    InvalidInput
        There is none in scope, or the kind is none.
    """
    ref = ref.strip()
    kind = networks.require_choice(kind or _guess_kind(session, actor, ref), KINDS, "kind")
    try:
        return _find(session, actor, kind, ref)
    except (NotFound, InvalidInput) as error:
        raise InvalidInput(
            Problem(
                msg("There is no such place."),
                msg(
                    "Write a building such as RH, a wing such as RH/MP, a floor such as RH/3, or"
                    " the code of an access point."
                ),
                field="place",
                value=ref[:80],
            )
        ) from error


def _guess_kind(session: Session, actor: Actor, ref: str) -> str:
    _, slash, last = ref.partition("/")
    if slash:
        return "floor" if re.fullmatch(r"-?[0-9]{1,3}", last) else "wing"
    try:
        places.find_building(session, actor, ref)
    except NotFound:
        return "access_point"
    return "building"


def list_choices(session: Session, actor: Actor) -> list[str]:
    """Give the codes of the buildings, wings and floors in which the actor may set scopes."""
    codes = []
    for building in place_queries.list_whole_buildings(
        session, places.visible_buildings(actor, Action.EDIT_NETWORKS)
    ):
        wings = [w for w in building.wings if actor.can(Action.EDIT_NETWORKS, building.id, w.id)]
        codes += [f"{building.code}/{wing.code}" for wing in wings]
        if actor.can(Action.EDIT_NETWORKS, building.id):
            codes.append(building.code)
            codes += [f"{building.code}/{floor.level}" for floor in building.floors]
    return sorted(codes)


def _find(session: Session, actor: Actor, kind: str, ref: str) -> Place:
    if kind == "building":
        building = places.find_building(session, actor, ref)
        return Place(kind, building.id, building.code, building.id)
    if kind == "wing":
        building_code, _, wing_code = ref.partition("/")
        building = places.find_building(session, actor, building_code)
        for wing in building.wings:
            if wing.code == wing_code:
                return Place(kind, wing.id, f"{building.code}/{wing.code}", building.id, wing.id)
        raise networks.not_found()
    if kind == "floor":
        floor_place = places.find_floor(session, actor, ref)
        if floor_place.wing is not None:
            raise networks.not_found()
        floor = floor_place.floor
        return Place(kind, floor.id, floor_place.code, floor.building_id)
    point = access_points.find_access_point(session, actor, ref)
    return Place(kind, point.id, point.code, point.floor.building_id, point.wing_id)


def set_scope(
    session: Session,
    actor: Actor,
    ssid_ref: str,
    place: Place,
    *,
    is_excluded: bool,
    house: House | None = None,
) -> SsidScope:
    """Put an SSID on air in a place, or exclude it there; a scope of the same place is turned.

    Raises
    ------
    InvalidInput
        The SSID is retired, or something on air would newly fail a critical rule.
    NotAllowed
        The actor does not edit networks in the whole of this place.
    """
    ssid = ssids.find_ssid(session, actor, ssid_ref)
    with nothing_worse(session, actor, house):
        scope, _ = _set(actor, ssid, place, is_excluded=is_excluded)
    session.commit()
    return scope


def _set(actor: Actor, ssid: Ssid, place: Place, *, is_excluded: bool) -> tuple[SsidScope, bool]:
    actor.require(Action.EDIT_NETWORKS, place.building_id, place.wing_id)
    if ssid.state == "retired":
        raise InvalidInput(
            Problem(
                msg("A retired SSID is on air nowhere."),
                msg("Set it to planned first."),
                field="state",
                value=ssid.state,
            )
        )
    column = f"{place.kind}_id"
    for scope in ssid.scopes:
        if getattr(scope, column) == place.id:
            has_changed = scope.is_excluded is not is_excluded
            scope.is_excluded = is_excluded
            return scope, has_changed
    scope = SsidScope(public_id=uuid.uuid4(), is_excluded=is_excluded, **{column: place.id})
    ssid.scopes.append(scope)
    return scope, True


def remove_scope(
    session: Session, actor: Actor, ref: str, version: int | None, house: House | None = None
) -> Ssid:
    """Remove a scope, and give its SSID: what is wider decides from now on.

    Raises
    ------
    NotFound
        There is none, or its SSID or its place is out of sight.
    Conflict
        Somebody else has changed it since.
    InvalidInput
        It keeps an SSID off the air where something would newly fail a critical rule.
    """
    public_id = places.parse_uuid(ref)
    scope = None if public_id is None else queries.get_scope(session, public_id)
    if scope is None:
        raise networks.not_found()
    ssid = ssids.find_ssid(session, actor, str(scope.ssid.public_id))
    place = next((p for s, p in list_scopes(actor, ssid) if s is scope), None)
    if place is None:
        raise networks.not_found()
    actor.require(Action.EDIT_NETWORKS, place.building_id, place.wing_id)
    require_version(session, scope, version)
    with nothing_worse(session, actor, house):
        ssid.scopes.remove(scope)
    session.commit()
    return ssid


def set_for_points(
    session: Session,
    actor: Actor,
    ssid_ref: str,
    refs: Sequence[str],
    *,
    is_excluded: bool,
    house: House | None = None,
) -> list[BulkRow]:
    """Put an SSID on air at many access points, or exclude it there; tells each one's outcome.

    Raises
    ------
    InvalidInput
        Something on air would newly fail a critical rule; nothing is changed.
    """
    ssid = ssids.find_ssid(session, actor, ssid_ref)
    with nothing_worse(session, actor, house):
        rows = _set_each(session, actor, ssid, refs, is_excluded=is_excluded)
    session.commit()
    return rows


def _set_each(
    session: Session, actor: Actor, ssid: Ssid, refs: Sequence[str], *, is_excluded: bool
) -> list[BulkRow]:
    rows = []
    for ref in refs:
        try:
            place = find_place(session, actor, ref, "access_point")
            _, has_changed = _set(actor, ssid, place, is_excluded=is_excluded)
        except WlantrackError as error:
            rows.append(BulkRow(ref, "refused", error.message))
        else:
            rows.append(BulkRow(place.code, "done" if has_changed else "unchanged"))
    return rows
