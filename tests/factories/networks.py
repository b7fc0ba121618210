"""Rows for VLANs, SSIDs, their scopes, and flows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wlantrack.store.models.networks import Flow, Ssid, SsidScope, Vlan

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def add_vlan(session: Session, code: str = "V-100", **values: Any) -> Vlan:
    """Add a visitor VLAN."""
    vlan = Vlan(code=code, **{"vid": 100, "network_class": "visitor"} | values)
    session.add(vlan)
    session.flush()
    return vlan


def add_ssid(session: Session, vlan: Vlan, code: str = "visitors", **values: Any) -> Ssid:
    """Add an SSID of its VLAN's class, on air at 2.4 and 5 GHz, nowhere yet."""
    defaults = {"name": code, "state": "on air", "security": "owe", "pmf": "required"}
    ssid = Ssid(
        code=code,
        vlan_id=vlan.id,
        **{"scopes": [], "network_class": vlan.network_class} | defaults | values,
    )
    session.add(ssid)
    session.flush()
    return ssid


def add_scope(session: Session, ssid: Ssid, **place: Any) -> SsidScope:
    """Put an SSID on air at a place such as ``building_id=1``; ``is_excluded`` takes it off."""
    scope = SsidScope(**place)
    ssid.scopes.append(scope)
    session.flush()
    return scope


def add_flow(
    session: Session, source: Vlan, target: Vlan, code: str = "F-1", **values: Any
) -> Flow:
    """Add an allowed flow."""
    flow = Flow(code=code, source_id=source.id, target_id=target.id, **{"action": "allow"} | values)
    session.add(flow)
    session.flush()
    return flow
