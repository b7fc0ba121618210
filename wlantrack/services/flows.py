"""Flows: the paths that the firewall allows or denies between VLANs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services import network_sight, networks, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.operation_watch import nothing_worse
from wlantrack.services.versions import require_version
from wlantrack.store.models.networks import ADDRESS_FAMILIES, FLOW_ACTIONS, Flow
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.network_plan import House
    from wlantrack.services.networks import NetworkFilter
    from wlantrack.store.models.networks import Vlan
    from wlantrack.store.queries.networks import FlowRow
    from wlantrack.store.queries.paging import Page


@dataclass(frozen=True)
class FlowValues:
    """What people edit about a flow; both ends by code or public id of a VLAN."""

    code: str
    source: str
    target: str
    action: str
    family: str = "both"
    services: str = ""
    note: str = ""


_PLAIN = ("action", "family", "services", "note")


def list_flows(
    session: Session, actor: Actor, narrow: NetworkFilter, page: Page
) -> tuple[list[FlowRow], int]:
    """Give one page of the flows whose both ends the actor may see, and how many match."""
    actor.require_somewhere(Action.SEE_SEGMENTS)
    return queries.list_flow_rows(session, network_sight.segment_classes(actor), narrow, page)


def find_flow(session: Session, actor: Actor, ref: str) -> Flow:
    """Give a flow by code or public id, with both ends.

    Raises
    ------
    NotFound
        There is none, or an end is out of sight.
    """
    flow = queries.get_flow(session, places.parse_uuid(ref) or ref)
    classes = set(network_sight.segment_classes(actor))
    if flow is None or not {flow.source.network_class, flow.target.network_class} <= classes:
        raise networks.not_found()
    return flow


def add_flow(
    session: Session, actor: Actor, values: FlowValues, house: House | None = None
) -> Flow:
    """Add a flow.

    Raises
    ------
    InvalidInput
        A value cannot be, the code is taken, there is no such VLAN, or something on air would newly
        fail a critical rule.
    """
    actor.require(Action.EDIT_NETWORKS)
    taken = queries.get_flow(session, values.code.strip()) is not None
    flow = Flow(public_id=uuid.uuid4(), code=networks.require_code(values.code, is_taken=taken))
    ends = find_ends(session, actor, values)
    with nothing_worse(session, actor, house):
        apply_values(flow, values, *ends)
        session.add(flow)
    session.commit()
    return flow


def change_flow(
    session: Session,
    actor: Actor,
    ref: str,
    values: FlowValues,
    version: int | None,
    house: House | None = None,
) -> Flow:
    """Change a flow.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value cannot be, the code is taken, there is no such VLAN, or something on air would newly
        fail a critical rule.
    """
    flow = find_flow(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, flow, version)
    with nothing_worse(session, actor, house), session.no_autoflush:
        other = queries.get_flow(session, values.code.strip())
        code = networks.require_code(values.code, is_taken=other not in {None, flow})
        apply_values(flow, values, *find_ends(session, actor, values))
        flow.code = code
    session.commit()
    return flow


def delete_flow(
    session: Session, actor: Actor, ref: str, version: int | None, house: House | None = None
) -> str:
    """Delete a flow, and give its code.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        It denies a way that something on air must not have.
    """
    flow = find_flow(session, actor, ref)
    actor.require(Action.EDIT_NETWORKS)
    require_version(session, flow, version)
    with nothing_worse(session, actor, house):
        session.delete(flow)
    session.commit()
    return flow.code


def find_ends(session: Session, actor: Actor, values: FlowValues) -> tuple[Vlan, Vlan]:
    """Give the VLANs that a flow leads from and to.

    Raises
    ------
    InvalidInput
        One of them does not exist or is out of sight, or both are the same.
    """
    ends, problems, classes = [], [], network_sight.segment_classes(actor)
    for field in ("source", "target"):
        ref = getattr(values, field)
        vlan = queries.get_vlan(session, places.parse_uuid(ref) or ref)
        if vlan is None or vlan.network_class not in classes:
            message, remedy = msg("There is no such VLAN."), msg("Choose one from the list.")
            problems.append(Problem(message, remedy, field=field, value=ref))
        else:
            ends.append(vlan)
    if len(ends) == 2 and ends[0] is ends[1]:
        message = msg("A flow leads from one VLAN to another.")
        problems.append(Problem(message, field="target", value=ends[1].code))
    if problems:
        raise InvalidInput(*problems)
    return ends[0], ends[1]


def apply_values(flow: Flow, values: FlowValues, source: Vlan, target: Vlan) -> None:
    """Put values into a flow, all but its code.

    Raises
    ------
    InvalidInput
        The action or the address family is none.
    """
    networks.require_choice(values.action, FLOW_ACTIONS, "action")
    networks.require_choice(values.family, ADDRESS_FAMILIES, "family")
    flow.source_id, flow.source = source.id, source
    flow.target_id, flow.target = target.id, target
    for field in _PLAIN:
        setattr(flow, field, getattr(values, field))
