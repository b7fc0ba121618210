"""Uplinks of buildings: their rates, what was measured on them, and what they carry.

Decides how many video conferences fit, and who may know of a line: one of the internal network is
internal data. Refuses to know how loads are measured.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.services import places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.demand import Uplink, UplinkLoad
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import uplinks as queries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

ALL_CLASSES: tuple[str | None, ...] = (None, *NETWORK_CLASSES)
"""What an uplink may be of; None where nobody has named a class."""
CONFERENCE_MBIT = 3.8
"""One video conference in 1080p, each way, as the large services ask for it."""
GREATEST_RATE_MBIT = 1_000_000.0
LOADS_MOST = 5_000
BUSY_SHARE = 0.7
"""Above this part of its rate a line has no room left for a further conference at busy minutes."""


@dataclass(frozen=True)
class UplinkValues:
    """What people edit about an uplink."""

    code: str
    down_mbit: float
    up_mbit: float
    provider: str = ""
    network_class: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Capacity:
    """Video conferences that fit at once: in all, and beside the greatest load measured.

    ``share`` is that load's part of the rate it takes most of.
    """

    conferences: int
    free_conferences: int | None = None
    busiest: UplinkLoad | None = None
    share: float | None = None


def find_capacity(uplink: Uplink) -> Capacity:
    """Reckon what an uplink carries; its loads must be loaded."""
    conferences = math.floor(min(uplink.down_mbit, uplink.up_mbit) / CONFERENCE_MBIT)
    if not uplink.loads:
        return Capacity(conferences)
    share, busiest = max(
        ((_share_of(load, uplink), load) for load in uplink.loads), key=lambda pair: pair[0]
    )
    free_mbit = min(uplink.down_mbit - busiest.down_mbit, uplink.up_mbit - busiest.up_mbit)
    free = max(0, math.floor(free_mbit / CONFERENCE_MBIT))
    return Capacity(conferences, free, busiest, share)


def _share_of(load: UplinkLoad, uplink: Uplink) -> float:
    return max(load.down_mbit / uplink.down_mbit, load.up_mbit / uplink.up_mbit)


def visible_classes(actor: Actor, building_id: int | None = None) -> tuple[str | None, ...]:
    """Give the classes of uplinks that an actor may know of; None stands for no class."""
    if building_id is None:
        sees_internal = actor.can_anywhere(Action.SEE_INTERNAL_NETWORKS)
    else:
        sees_internal = actor.can(Action.SEE_INTERNAL_NETWORKS, building_id)
    return ALL_CLASSES if sees_internal else (None, "visitor")


def may_see(actor: Actor, uplink: Uplink) -> bool:
    """Tell whether an actor may know of an uplink; its line serves the whole building."""
    return may_see_line(actor, uplink.building_id, uplink.network_class)


def may_see_line(actor: Actor, building_id: int, network_class: str | None) -> bool:
    """Tell whether an actor may know of a building's lines of a class."""
    return actor.can(Action.SEE_NETWORKS, building_id) and (
        network_class in visible_classes(actor, building_id)
    )


def list_uplinks(session: Session, actor: Actor, building_id: int) -> list[Uplink]:
    """Give a building's uplinks that an actor may know of, with their loads, by code."""
    return [item for item in queries.list_uplinks(session, [building_id]) if may_see(actor, item)]


def find_uplink(session: Session, actor: Actor, ref: str) -> Uplink:
    """Give an uplink by code or public id.

    Raises
    ------
    NotFound
        There is none, or the actor may not know of it.
    """
    public_id = places.parse_uuid(ref)
    uplink = (
        queries.get_uplink_by_code(session, ref)
        if public_id is None
        else queries.get_uplink(session, public_id)
    )
    if uplink is None or not may_see(actor, uplink):
        raise NotFound(msg("There is no such uplink."))
    return uplink


def add_uplink(session: Session, actor: Actor, building_ref: str, values: UplinkValues) -> Uplink:
    """Add an uplink to a building.

    Raises
    ------
    InvalidInput
        A value is out of range, or the code is taken.
    """
    building = places.find_building(session, actor, building_ref)
    actor.require(Action.EDIT_DEMAND, building.id)
    uplink = Uplink(building_id=building.id, building=building, loads=[])
    apply_values(session, actor, uplink, values)
    session.add(uplink)
    session.commit()
    return uplink


def edit_uplink(
    session: Session, actor: Actor, ref: str, values: UplinkValues, version: int | None
) -> Uplink:
    """Change what people edit about an uplink.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    """
    uplink = find_uplink(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, uplink.building_id)
    require_version(session, uplink, version)
    apply_values(session, actor, uplink, values)
    session.commit()
    return uplink


def delete_uplink(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete an uplink with its loads; give its building's public id."""
    uplink = find_uplink(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, uplink.building_id)
    require_version(session, uplink, version)
    building_ref = str(uplink.building.public_id)
    session.delete(uplink)
    session.commit()
    return building_ref


def apply_values(session: Session, actor: Actor, uplink: Uplink, values: UplinkValues) -> None:
    """Check values and set them; does not commit.

    Raises
    ------
    InvalidInput
        One of them is out of range, or the code belongs to another uplink.
    """
    if not values.code.strip() or len(values.code) > 40:
        raise _refuse(
            msg("An uplink needs a code of at most 40 characters."),
            msg("Choose one such as RH-UL-1."),
            "code",
            values.code,
        )
    for field in ("down_mbit", "up_mbit"):
        _require_rate(getattr(values, field), field)
    if values.network_class not in visible_classes(actor, uplink.building_id):
        raise _refuse(
            msg("There is no such network class."),
            msg("Choose one of the list."),
            "network_class",
            values.network_class,
        )
    with session.no_autoflush:
        other = queries.get_uplink_by_code(session, values.code)
    if other is not None and other is not uplink:
        raise _refuse(
            msg("This code is taken."),
            msg("Choose another code."),
            "code",
            values.code,
        )
    for field in (item.name for item in fields(UplinkValues)):
        setattr(uplink, field, getattr(values, field))


def _require_rate(rate_mbit: float, field: str, least: float = 0.001) -> None:
    if not least <= rate_mbit <= GREATEST_RATE_MBIT:  # NaN ends here too
        raise _refuse(
            msg("This is no rate of an uplink."),
            msg("Give megabits per second, such as 1000."),
            field,
            f"{rate_mbit:g}",
        )


def _refuse(message: Message, remedy: Message, field: str, value: object) -> InvalidInput:
    shown = None if value is None else str(value)[:80]
    return InvalidInput(Problem(message, remedy, field=field, value=shown))


def add_load(
    session: Session, actor: Actor, ref: str, measured_at: datetime, rates_mbit: tuple[float, float]
) -> Uplink:
    """Add what was measured at one moment: down and up.

    Raises
    ------
    InvalidInput
        A rate is out of range, or something was measured at this moment already.
    """
    uplink = find_uplink(session, actor, ref)
    actor.require(Action.EDIT_DEMAND, uplink.building_id)
    down_mbit, up_mbit = rates_mbit
    for field, rate in (("down_mbit", down_mbit), ("up_mbit", up_mbit)):
        _require_rate(rate, field, least=0.0)
    if any(load.measured_at == measured_at for load in uplink.loads):
        raise _refuse(
            msg("Something was measured at this moment already."),
            msg("Give another moment."),
            "measured_at",
            None,
        )
    if len(uplink.loads) >= LOADS_MOST:
        raise _refuse(
            msg("This uplink has %(count)s measurements already.", count=LOADS_MOST),
            msg("Keep the busiest minutes of each day only."),
            "measured_at",
            None,
        )
    load = UplinkLoad(measured_at=measured_at, down_mbit=down_mbit, up_mbit=up_mbit)
    uplink.loads.append(load)
    session.commit()
    return uplink
