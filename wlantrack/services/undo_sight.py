"""Whose networks and lines an undo touches: who may not see one may not undo its changes either.

Decides that a port's other values may be set back without seeing its VLAN.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wlantrack.errors import NotFound, msg
from wlantrack.services import network_sight, uplinks
from wlantrack.services.history_scope import load_seen
from wlantrack.store.queries import records

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.services.undo_rights import Find
    from wlantrack.store.models.base import Record

_NETWORKS_NAMED: dict[str, tuple[tuple[str, str], ...]] = {
    "ssid_scope": (("ssid_id", "ssid"),),
    "flow": (("source_id", "vlan"), ("target_id", "vlan")),
    "port_vlan": (("vlan_id", "vlan"),),
}
"""The columns by which other records name networks, and what they name."""


def require_sight(
    actor: Actor, entity: str, values: Mapping[str, Any], changed: Mapping[str, Any], find: Find
) -> None:
    """Refuse to touch a network or a line of a class that the actor may not see.

    Raises
    ------
    NotFound
        It is out of sight.
    """
    if entity in {"uplink", "uplink_load"}:
        line = values if entity == "uplink" else find("uplink", values.get("uplink_id", 0))
        if line and not uplinks.may_see_line(actor, line["building_id"], line["network_class"]):
            raise NotFound(msg("There is nothing here that could be undone."))
    seen = network_sight.visible_classes(actor)
    if any(name not in seen for name in _list_classes(entity, values, changed, find)):
        raise NotFound(msg("There is nothing here that could be undone."))


def may_know(session: Session, actor: Actor, record: Record) -> bool:
    """Tell whether the actor may be told the name of a record that stands in an undo's way."""

    def find(kind: str, record_id: int) -> dict[str, Any]:
        found = records.load_by_ids(session, kind, [record_id]).get(record_id)
        return {} if found is None else records.values_of(found)

    entity = records.entity_of(record)
    try:
        require_sight(actor, entity, records.values_of(record), {}, find)
    except NotFound:
        return False
    _, is_in_scope = load_seen(session, actor, entity, [record.id])[record.id]
    return is_in_scope


def _list_classes(
    entity: str, values: Mapping[str, Any], changed: Mapping[str, Any], find: Find
) -> list[str]:
    """Give the classes of the networks that a record is or names, as far as they are there."""
    if entity in {"ssid", "vlan"}:
        return [values["network_class"]]
    if entity == "switch_port":
        ids = changed.get("untagged_vlan_id", ())
        named = [("vlan", record_id) for record_id in ids]
    else:
        named = [(target, values.get(column)) for column, target in _NETWORKS_NAMED.get(entity, ())]
    found = [find(target, record_id) for target, record_id in named if record_id is not None]
    return [record["network_class"] for record in found if record]
