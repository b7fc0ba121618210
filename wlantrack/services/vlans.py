"""VLANs: find, add, change, delete, and reclassify while no SSID is on them."""

from __future__ import annotations

import ipaddress
import uuid
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import network_sight, networks, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.networks import NetworkFilter, Saved
from wlantrack.services.operation_watch import nothing_worse
from wlantrack.services.versions import require_version
from wlantrack.store.models.networks import PROTECTION_NEEDS, Vlan
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from wlantrack.services.network_plan import House
    from wlantrack.store.models.networks import Flow, Ssid
    from wlantrack.store.queries.networks import VlanRow
    from wlantrack.store.queries.paging import Page

    Subnet = ipaddress.IPv4Network | ipaddress.IPv6Network

HIGHEST_VID = 4094
_SUBNET_FIELDS: dict[str, type[ipaddress.IPv4Network | ipaddress.IPv6Network]] = {
    "subnet_v4": ipaddress.IPv4Network,
    "subnet_v6": ipaddress.IPv6Network,
}
_EXAMPLES = {"subnet_v4": "10.20.0.0/22", "subnet_v6": "2001:db8:20::/64"}


@dataclass(frozen=True)
class VlanValues:
    """What people edit about a VLAN; its class they set once, or change on purpose."""

    code: str
    vid: int
    name: str = ""
    family: str | None = None
    subnet_v4: str = ""
    subnet_v6: str = ""
    zone: str = ""
    owner: str = ""
    purpose: str = ""
    protection_need: str | None = None
    note: str = ""


_PLAIN = tuple(field.name for field in fields(VlanValues) if field.name != "code")


def list_vlans(
    session: Session, actor: Actor, narrow: NetworkFilter, page: Page
) -> tuple[list[VlanRow], int]:
    """Give one page of the VLANs that the actor may see, and how many match."""
    actor.require_somewhere(Action.SEE_SEGMENTS)
    return queries.list_vlan_rows(session, network_sight.segment_classes(actor), narrow, page)


def list_choices(session: Session, actor: Actor, network_class: str | None = None) -> list[Vlan]:
    """Give the VLANs to choose from: all the actor may see, or those of one class."""
    classes = network_sight.segment_classes(actor)
    wanted = classes if network_class is None else tuple({network_class} & set(classes))
    return queries.list_vlans(session, wanted)


def list_zones(session: Session, actor: Actor) -> list[str]:
    """Give the firewall zones of the VLANs that the actor may see."""
    return queries.list_zones(session, network_sight.segment_classes(actor))


def find_vlan(session: Session, actor: Actor, ref: str) -> Vlan:
    """Give a VLAN by code or public id.

    Raises
    ------
    NotFound
        There is none, or its class is out of sight.
    """
    vlan = queries.get_vlan(session, places.parse_uuid(ref) or ref)
    if vlan is None or vlan.network_class not in network_sight.segment_classes(actor):
        raise networks.not_found()
    return vlan


def list_uses(session: Session, actor: Actor, vlan: Vlan) -> tuple[list[Ssid], list[Flow]]:
    """Give a VLAN's SSIDs, and its flows to and from VLANs that the actor may see."""
    classes = network_sight.segment_classes(actor)
    flows = [
        flow
        for flow in queries.list_flows_of(session, vlan.id)
        if {flow.source.network_class, flow.target.network_class} <= set(classes)
    ]
    return queries.list_ssids_on(session, vlan.id), flows


def add_vlan(
    session: Session,
    actor: Actor,
    network_class: str,
    values: VlanValues,
    house: House | None = None,
) -> Saved[Vlan]:
    """Add a VLAN of a class.

    Raises
    ------
    InvalidInput
        A value cannot be, the code is taken, or something on air would newly fail a critical rule.
    """
    actor.require(Action.EDIT_NETWORKS)
    vlan = Vlan(public_id=uuid.uuid4(), network_class=networks.require_class(network_class))
    taken = queries.get_vlan(session, values.code.strip()) is not None
    vlan.code = networks.require_code(values.code, is_taken=taken)
    apply_values(vlan, values)
    warnings = judge_vlan(vlan, queries.list_vlans(session, networks.NETWORK_CLASSES))
    with nothing_worse(session, actor, house):
        session.add(vlan)
    session.commit()
    return Saved(vlan, tuple(warnings))


def change_vlan(
    session: Session,
    actor: Actor,
    ref: str,
    values: VlanValues,
    version: int | None,
    house: House | None = None,
) -> Saved[Vlan]:
    """Change a VLAN's values; its class stays.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value cannot be, the code is taken, or something on air would newly fail a critical rule.
    """
    vlan = find_vlan(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, vlan, version)
    with nothing_worse(session, actor, house), session.no_autoflush:
        other = queries.get_vlan(session, values.code.strip())
        code = networks.require_code(values.code, is_taken=other not in {None, vlan})
        apply_values(vlan, values)
        vlan.code = code
        warnings = judge_vlan(vlan, queries.list_vlans(session, networks.NETWORK_CLASSES))
    session.commit()
    return Saved(vlan, tuple(warnings))


def reclassify_vlan(
    session: Session,
    actor: Actor,
    ref: str,
    network_class: str,
    version: int | None,
    house: House | None = None,
) -> Vlan:
    """Give a VLAN another class, which no SSID may be on.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        SSIDs are on it; names them. Or something on air would newly fail a critical rule.
    """
    vlan = find_vlan(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, vlan, version)
    networks.require_class(network_class)
    users = queries.list_ssids_on(session, vlan.id)
    if users and network_class != vlan.network_class:
        raise InvalidInput(
            Problem(
                msg(
                    "A VLAN changes its class only while no SSID is on it; on this one are"
                    " %(ssids)s.",
                    ssids=", ".join(ssid.code for ssid in users),
                ),
                msg("Move or delete these SSIDs first."),
                field="network_class",
                value=network_class,
            )
        )
    with nothing_worse(session, actor, house):
        vlan.network_class = network_class
    session.commit()
    return vlan


def delete_vlan(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete a VLAN that nothing uses, and give its code.

    Raises
    ------
    InvalidInput
        SSIDs or flows use it; names them.
    Conflict
        Somebody else has changed it since.
    """
    vlan = find_vlan(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, vlan, version)
    ssids, flows = queries.list_ssids_on(session, vlan.id), queries.list_flows_of(session, vlan.id)
    if ssids or flows:
        raise InvalidInput(
            Problem(
                msg(
                    "This VLAN is used by %(users)s.",
                    users=", ".join([ssid.code for ssid in ssids] + [flow.code for flow in flows]),
                ),
                msg("Move or delete these first."),
                field="code",
                value=vlan.code,
            )
        )
    session.delete(vlan)
    session.commit()
    return vlan.code


def apply_values(vlan: Vlan, values: VlanValues) -> None:
    """Put values into a VLAN, all but its code.

    Raises
    ------
    InvalidInput
        One problem for each value that cannot be.
    """
    problems = []
    if not 1 <= values.vid <= HIGHEST_VID:
        problems.append(
            Problem(msg("A VLAN id lies between 1 and 4094."), field="vid", value=str(values.vid))
        )
    if values.protection_need is not None:
        networks.require_choice(values.protection_need, PROTECTION_NEEDS, "protection_need")
    if values.family is not None:
        networks.require_choice(values.family, networks.ADDRESS_FAMILIES, "family")
    subnets = {}
    for field in _SUBNET_FIELDS:
        try:
            subnet = read_subnet(getattr(values, field), field)
        except InvalidInput as error:
            problems += error.problems
        else:
            subnets[field] = "" if subnet is None else str(subnet)
    if problems:
        raise InvalidInput(*problems)
    for field in _PLAIN:
        setattr(vlan, field, subnets.get(field, getattr(values, field)))


def read_subnet(text: str, field: str) -> Subnet | None:
    """Read a subnet in prefix notation; an empty one is not known.

    Raises
    ------
    InvalidInput
        It is none, or an address inside one; says which subnet that would be.
    """
    text = text.strip()
    if not text:
        return None
    kind, example = _SUBNET_FIELDS[field], _EXAMPLES[field]
    try:
        subnet = kind(text, strict=False)
    except ValueError:
        subnet = None
    if subnet is None or "/" not in text:
        raise InvalidInput(
            Problem(
                msg("This is no subnet."),
                msg("Write it with its prefix length, like %(example)s.", example=example),
                field=field,
                value=text[:80],
            )
        )
    if str(subnet.network_address) != str(ipaddress.ip_address(text.partition("/")[0])):
        raise InvalidInput(
            Problem(
                msg("This is an address inside a subnet, not the subnet."),
                msg("The subnet it lies in is %(subnet)s.", subnet=str(subnet)),
                field=field,
                value=text[:80],
            )
        )
    return subnet


def judge_vlan(vlan: Vlan, others: Iterable[Vlan]) -> list[Problem]:
    """Warn of what a VLAN shares with others: subnets that overlap, the id, the zone."""
    warnings = []
    for other in others:
        if other is vlan or other.public_id == vlan.public_id:
            continue
        if other.vid == vlan.vid:
            warnings.append(
                Problem(
                    msg("VLAN id %(vid)d is also %(other)s's.", vid=vlan.vid, other=other.code),
                    msg("Two segments need two ids wherever both are carried."),
                    field="vid",
                    value=str(vlan.vid),
                )
            )
        warnings += _judge_subnets(vlan, other)
        is_mixed = vlan.network_class != other.network_class
        if is_mixed and vlan.zone and vlan.zone.casefold() == other.zone.casefold():
            warnings.append(
                Problem(
                    msg(
                        "Zone %(zone)s also holds %(other)s, which is of another class.",
                        zone=vlan.zone,
                        other=other.code,
                    ),
                    msg("Give each class zones of its own."),
                    field="zone",
                    value=vlan.zone,
                )
            )
    return warnings


def _judge_subnets(vlan: Vlan, other: Vlan) -> list[Problem]:
    warnings = []
    for field, kind in _SUBNET_FIELDS.items():
        mine, theirs = getattr(vlan, field), getattr(other, field)
        if mine and theirs and kind(mine).overlaps(kind(theirs)):
            warnings.append(
                Problem(
                    msg(
                        "%(subnet)s overlaps %(theirs)s of %(other)s.",
                        subnet=mine,
                        theirs=theirs,
                        other=other.code,
                    ),
                    msg("Give each VLAN a subnet of its own."),
                    field=field,
                    value=mine,
                )
            )
    return warnings
