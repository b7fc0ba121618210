"""Switches and their ports: what they can feed, which segments they carry, what is patched where."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.cabling import (
    POE_CLASSES,
    CableWarning,
    DistributorLoad,
    SwitchLoad,
    check_switch,
    sum_up_distributor,
)
from wlantrack.services import history, places, run_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cable_ends import assign_port
from wlantrack.services.cable_runs import find_run, load_switch_loads
from wlantrack.services.cabling_places import natural_key, next_number, taken_code
from wlantrack.services.distributors import find_distributor
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import PortVlan, Switch, SwitchPort
from wlantrack.store.queries import cabling as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.networks import Vlan
    from wlantrack.store.queries.cabling import PartFilter, SwitchRow
    from wlantrack.store.queries.paging import Page

LARGEST_BUDGET_W = 20_000.0
LARGEST_SPEED_MBIT = 400_000
LARGEST_SERIES = 96
"""A stack's member has 48 ports and some uplinks; more in one go is a slip of the keyboard."""

_SERIES = re.compile(
    r"\s*(?P<prefix>[^\s]*?)(?P<first>\d{1,4})\s*(?:-|\u2013|\.\.)\s*(?P<last>\d{1,4})\s*"
)


@dataclass(frozen=True)
class SwitchValues:
    """What people edit about a switch; an empty code gets the next free one."""

    distributor: str
    code: str = ""
    model: str = ""
    poe_budget_w: float | None = None
    serial: str = ""
    note: str = ""


@dataclass(frozen=True)
class PortValues:
    """What people edit about a port; the run by label.

    ``segments`` are codes, the untagged one (or nothing) and the tagged ones; None leaves them, as
    it is for those who may not see them.
    """

    name: str
    poe_class: int | None = None
    speed_mbit: int | None = None
    segments: tuple[str, tuple[str, ...]] | None = None
    cable_run: str = ""
    note: str = ""


@dataclass(frozen=True)
class ListedSwitch:
    """A line of the list: the switch, how full it is, what is wrong."""

    row: SwitchRow
    load: SwitchLoad
    warnings: tuple[CableWarning, ...]


def list_switches(
    session: Session, actor: Actor, narrow: PartFilter, page: Page
) -> tuple[list[ListedSwitch], int]:
    """Give one page of the switches in scope with their loads, and how many match."""
    pairs = scope_pairs(actor, Action.SEE_CABLING)
    rows, total = queries.list_switches(session, pairs, narrow, page)
    loads = load_switch_loads(session, [row.id for row in rows])
    return [ListedSwitch(row, loads[row.id], check_switch(loads[row.id])) for row in rows], total


def load_distributor_loads(
    session: Session, distributors: Mapping[int, str]
) -> dict[int, DistributorLoad]:
    """Give how full some distributors are, by id; they are given with their codes."""
    switch_ids = queries.list_switch_ids(session, distributors)
    loads = load_switch_loads(session, [id_ for found in switch_ids.values() for id_ in found])
    coming = queries.count_coming_runs(session, distributors)
    return {
        id_: sum_up_distributor(
            code, [loads[switch] for switch in switch_ids.get(id_, ())], coming.get(id_, 0)
        )
        for id_, code in distributors.items()
    }


def find_switch(session: Session, actor: Actor, ref: str) -> Switch:
    """Give a switch by public id, with its ports in their order.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = queries.get_switch(session, public_id) if public_id else None
    if found is None or not _sees(actor, found):
        raise NotFound(msg("There is no such switch; perhaps somebody has deleted it."))
    return found


def _sees(actor: Actor, switch: Switch) -> bool:
    place = switch.distributor
    return actor.can(Action.SEE_CABLING, place.floor.building_id, place.wing_id)


def find_port(session: Session, actor: Actor, ref: str) -> SwitchPort:
    """Give a port by public id, with its switch, its run and its segments.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = queries.get_port(session, public_id) if public_id else None
    if found is None or not _sees(actor, found.switch):
        raise NotFound(msg("There is no such switch port; perhaps somebody has deleted it."))
    return found


def load_of(session: Session, switch: Switch) -> SwitchLoad:
    """Give how full a switch is."""
    return load_switch_loads(session, [switch.id])[switch.id]


def ports_in_order(switch: Switch) -> list[SwitchPort]:
    """Give the ports of a switch as people count: 2 before 10."""
    return sorted(switch.ports, key=lambda port: natural_key(port.name))


def list_history(session: Session, actor: Actor, record: Switch | SwitchPort) -> list[Entry]:
    """Give what happened to a record that was found before, the latest first."""
    return history.list_of_record(session, actor, record.__tablename__, record.public_id)


def _check_switch(values: SwitchValues) -> None:
    budget_w = values.poe_budget_w
    if budget_w is not None and not 0 <= budget_w <= LARGEST_BUDGET_W:
        raise InvalidInput(
            Problem(
                msg("This must lie between %(low)g and %(high)g.", low=0, high=LARGEST_BUDGET_W),
                msg("Enter the PoE budget in watts; leave it empty while it is not known."),
                field="poe_budget_w",
                value=f"{budget_w:g}",
            )
        )


def add_switch(session: Session, actor: Actor, values: SwitchValues, series: str = "") -> Switch:
    """Add a switch to a distributor (by public id), with ports such as ``1-48`` if wanted.

    Raises
    ------
    InvalidInput
        A value is impossible, or the code is taken.
    """
    distributor = find_distributor(session, actor, values.distributor)
    actor.require(Action.EDIT_CABLING, distributor.floor.building_id, distributor.wing_id)
    _check_switch(values)
    prefix = f"{distributor.code}-SW"
    code = values.code.strip()
    if not code:
        code = f"{prefix}{next_number(queries.list_codes(session, Switch, prefix), prefix)}"
    if queries.find_by_code(session, Switch, code):
        raise taken_code(code)
    switch = Switch(public_id=uuid.uuid4(), code=code, distributor_id=distributor.id, ports=[])
    switch.distributor = distributor
    _apply(switch, values)
    for name in read_series(series) if series.strip() else ():
        switch.ports.append(SwitchPort(public_id=uuid.uuid4(), name=name, tagged=[]))
    session.add(switch)
    session.commit()
    return switch


def _apply(switch: Switch, values: SwitchValues) -> None:
    switch.model, switch.poe_budget_w = values.model, values.poe_budget_w
    switch.serial, switch.note = values.serial, values.note


def edit_switch(
    session: Session, actor: Actor, ref: str, values: SwitchValues, version: int | None
) -> Switch:
    """Change a switch, also its distributor.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is impossible, or the code is taken.
    """
    switch = find_switch(session, actor, ref)
    _require_edit(actor, switch)
    require_version(session, switch, version)
    _check_switch(values)
    distributor = find_distributor(session, actor, values.distributor)
    actor.require(Action.EDIT_CABLING, distributor.floor.building_id, distributor.wing_id)
    code = values.code.strip() or switch.code
    if code != switch.code and queries.find_by_code(session, Switch, code):
        raise taken_code(code)
    switch.code = code
    switch.distributor_id, switch.distributor = distributor.id, distributor
    _apply(switch, values)
    session.commit()
    return switch


def _require_edit(actor: Actor, switch: Switch) -> None:
    place = switch.distributor
    actor.require(Action.EDIT_CABLING, place.floor.building_id, place.wing_id)


def delete_switch(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a switch with its ports.

    Raises
    ------
    InvalidInput
        Runs are patched to it.
    """
    switch = find_switch(session, actor, ref)
    _require_edit(actor, switch)
    require_version(session, switch, version)
    taken = [port for port in switch.ports if port.cable_run is not None]
    if taken:
        raise InvalidInput(
            Problem(
                msg("Runs are on %(count)d ports of this switch.", count=len(taken)),
                msg("Put them on other ports first."),
                field="code",
                value=switch.code,
            )
        )
    session.delete(switch)
    session.commit()


def read_series(text: str) -> list[str]:
    """Give the names of a series of ports: ``1-48``, ``Gi1/0/1-24``, ``1-4, 9``.

    Raises
    ------
    InvalidInput
        A part is no name and no series, or there are too many.
    """
    names: list[str] = []
    for part in text.split(","):
        found = _SERIES.fullmatch(part)
        if found is None:
            names += [part.strip()] if part.strip() else []
            continue
        first, last = int(found["first"]), int(found["last"])
        if last < first or last - first >= LARGEST_SERIES:
            raise _bad_series(part)
        width = len(found["first"]) if found["first"].startswith("0") else 0
        names += [f"{found['prefix']}{number:0{width}d}" for number in range(first, last + 1)]
    if not names or len(names) > LARGEST_SERIES or len(set(names)) != len(names):
        raise _bad_series(text)
    return names


def _bad_series(text: str) -> InvalidInput:
    return InvalidInput(
        Problem(
            msg("This is no series of at most %(limit)d ports.", limit=LARGEST_SERIES),
            msg("Write it like 1-48, or Gi1/0/1-24."),
            field="series",
            value=text.strip(),
        )
    )


def add_ports(
    session: Session, actor: Actor, ref: str, series: str, poe_class: int | None, speed: int | None
) -> list[SwitchPort]:
    """Add a series of ports to a switch.

    Raises
    ------
    InvalidInput
        The series is none, or one of the names is taken.
    """
    switch = find_switch(session, actor, ref)
    _require_edit(actor, switch)
    names = read_series(series)
    taken = {port.name for port in switch.ports} & set(names)
    if taken:
        raise InvalidInput(
            Problem(
                msg("The switch has these ports already: %(names)s.", names=tuple(sorted(taken))),
                msg("Leave them out of the series."),
                field="series",
                value=series,
            )
        )
    ports = [SwitchPort(public_id=uuid.uuid4(), name=name, tagged=[]) for name in names]
    for port in ports:
        _set_power(port, poe_class, speed)
    switch.ports += ports
    session.commit()
    return ports


def _set_power(port: SwitchPort, poe_class: int | None, speed_mbit: int | None) -> None:
    problems = []
    if poe_class is not None and poe_class not in POE_CLASSES:
        message = msg("This must lie between %(low)g and %(high)g.", low=0, high=8)
        problems.append(Problem(message, field="poe_class", value=str(poe_class)))
    if speed_mbit is not None and not 10 <= speed_mbit <= LARGEST_SPEED_MBIT:
        message = msg(
            "This must lie between %(low)g and %(high)g.", low=10, high=LARGEST_SPEED_MBIT
        )
        problems.append(Problem(message, field="speed_mbit", value=str(speed_mbit)))
    if problems:
        raise InvalidInput(*problems)
    port.poe_class, port.speed_mbit = poe_class, speed_mbit


def edit_port(
    session: Session, actor: Actor, ref: str, values: PortValues, version: int | None
) -> SwitchPort:
    """Change a port: what it feeds, carries, and which run is on it.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is impossible, a segment or run unknown, or the run is on another port.
    """
    port = find_port(session, actor, ref)
    _require_edit(actor, port.switch)
    require_version(session, port, version)
    name = values.name.strip()
    others = queries.find_port(session, port.switch.code, name) if name != port.name else None
    if not name or others is not None:
        raise InvalidInput(
            Problem(
                msg("The switch has another port of this name.") if name else msg("Name the port."),
                msg("Choose another name."),
                field="name",
                value=name,
            )
        )
    with session.no_autoflush:  # one change, one version, one event
        _set_power(port, values.poe_class, values.speed_mbit)
        port.name, port.note = name, values.note
        if values.segments is not None:
            place = port.switch.distributor
            actor.require(Action.SEE_INTERNAL_NETWORKS, place.floor.building_id, place.wing_id)
            known = {vlan.code: vlan for vlan in queries.list_vlans(session)}
            set_segments(port, known, *values.segments)
        _set_run(session, actor, port, values.cable_run.strip())
    session.commit()
    return port


def sees_segments(actor: Actor, switch: Switch) -> bool:
    """Tell whether somebody may see which segments the ports of a switch carry."""
    place = switch.distributor
    return actor.can(Action.SEE_INTERNAL_NETWORKS, place.floor.building_id, place.wing_id)


def list_vlans(session: Session, actor: Actor) -> list[Vlan]:
    """Give the segments that a port may carry, for those who may see them."""
    seen = actor.can_anywhere(Action.SEE_INTERNAL_NETWORKS)
    return queries.list_vlans(session) if seen else []


def visible_run(actor: Actor, port: SwitchPort) -> CableRun | None:
    """Give the run on a port, if there is one that the actor may know of."""
    run = port.cable_run
    return run if run is not None and run_sight.sees_inside(actor, run) else None


def taken_port() -> InvalidInput:
    """Give the refusal of a run on a port where one out of scope is."""
    return InvalidInput(
        Problem(
            msg("A cable run outside your area is on this port."),
            msg("Choose a free port."),
            field="cable_run",
        )
    )


def _set_run(session: Session, actor: Actor, port: SwitchPort, label: str) -> None:
    shown = visible_run(actor, port)
    if label == (shown.label if shown else ""):
        return
    if shown is not port.cable_run:
        raise taken_port()
    if not label:
        port.cable_run_id, port.cable_run = None, None
        return
    run = find_run(session, actor, label)
    if run.switch_port is not None:
        raise InvalidInput(
            Problem(
                msg(
                    "Run %(label)s is on port %(port)s already.",
                    label=run.label,
                    port=f"{run.switch_port.switch.code}/{run.switch_port.name}",
                ),
                msg("Take it off there first."),
                field="cable_run",
                value=label,
            )
        )
    assign_port(session, run, port)


def set_segments(
    port: SwitchPort,
    known: dict[str, Vlan],
    untagged: str,
    tagged: Sequence[str],
    names: tuple[str, str] = ("untagged", "tagged"),
) -> bool:
    """Bring a port's segments to those of some codes; tells whether anything changed.

    ``names`` are what the caller calls the two fields, for what is refused.

    Raises
    ------
    InvalidInput
        A code is unknown, or a segment would be untagged and tagged at once.
    """
    for field, codes in zip(names, ([untagged] if untagged else [], tagged), strict=True):
        for code in codes:
            if code not in known:
                raise InvalidInput(
                    Problem(
                        msg("There is no such VLAN."),
                        msg("Choose one from the list, or add it first."),
                        field=field,
                        value=code,
                    )
                )
    if untagged and untagged in tagged:
        raise InvalidInput(
            Problem(
                msg("A VLAN is carried either untagged or tagged."),
                msg("Take it out of one of the two."),
                field=names[1],
                value=untagged,
            )
        )
    vlan = known[untagged] if untagged else None
    has_changed = port.untagged_vlan_id != (vlan.id if vlan else None)
    if has_changed:
        port.untagged_vlan_id, port.untagged_vlan = (vlan.id if vlan else None), vlan
    wanted = {known[code].id: known[code] for code in tagged}
    for item in [item for item in port.tagged if item.vlan_id not in wanted]:
        port.tagged.remove(item)
        has_changed = True
    for vlan_id in wanted.keys() - {item.vlan_id for item in port.tagged}:
        port.tagged.append(PortVlan(public_id=uuid.uuid4(), vlan_id=vlan_id, vlan=wanted[vlan_id]))
        has_changed = True
    return has_changed


def delete_port(session: Session, actor: Actor, ref: str, version: int | None) -> Switch:
    """Delete a free port, and give its switch.

    Raises
    ------
    InvalidInput
        A run is on it.
    """
    port = find_port(session, actor, ref)
    _require_edit(actor, port.switch)
    require_version(session, port, version)
    if port.cable_run is not None and visible_run(actor, port) is None:
        raise taken_port()
    if port.cable_run is not None:
        raise InvalidInput(
            Problem(
                msg("Run %(label)s is on this port.", label=port.cable_run.label),
                msg("Take it off first."),
                field="name",
                value=port.name,
            )
        )
    switch = port.switch
    session.delete(port)
    session.commit()
    return switch
