"""Who may undo what: the action each kind of record needs, and in which place.

Decides which kinds can be undone at all. What is not listed here, such as accounts, cannot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wlantrack.errors import Message, NotAllowed, NotFound, msg
from wlantrack.rollout.lifecycle import ACCESS_POINT_LIFECYCLE, CABLE_LIFECYCLE, Lifecycle
from wlantrack.services.actor import Action, Actor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Find = Callable[[str, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of record: its word, the action that edits it, and the column of its owner.

    Without an owner it lies where its own columns say; a kind without place belongs to all places.
    """

    word: Message
    action: Action
    owner: tuple[str, str] | None = None


@dataclass(frozen=True)
class StateRule:
    """A kind whose state is a right of its own, and the fields that change along with it."""

    lifecycle: Lifecycle
    action: Action
    evidence: frozenset[str]


_CATALOGUE, _CABLING, _DEMAND = Action.EDIT_CATALOGUE, Action.EDIT_CABLING, Action.EDIT_DEMAND
_NETWORKS, _PLACES = Action.EDIT_NETWORKS, Action.EDIT_PLACES
_GOVERNANCE, _MILESTONES = Action.EDIT_GOVERNANCE, Action.EDIT_MILESTONES
_RENOVATIONS, _WORK = Action.EDIT_RENOVATIONS, Action.EDIT_WORK

KINDS: dict[str, Kind] = {
    "building": Kind(msg("building"), _PLACES),
    "wing": Kind(msg("wing"), _PLACES),
    "floor": Kind(msg("storey"), _PLACES),
    "room": Kind(msg("room"), _PLACES),
    "floor_plan": Kind(msg("plan"), Action.EDIT_PLANS),
    "wall": Kind(msg("wall"), Action.EDIT_WALLS),
    "material": Kind(msg("material"), _CATALOGUE),
    "antenna_pattern": Kind(msg("antenna"), _CATALOGUE),
    "access_point_model": Kind(msg("model"), _CATALOGUE),
    "model_radio": Kind(msg("radio of model"), _CATALOGUE),
    "access_point": Kind(msg("access point"), Action.EDIT_ACCESS_POINTS),
    "radio": Kind(msg("radio"), Action.EDIT_ACCESS_POINTS, ("access_point", "access_point_id")),
    "access_point_bssid": Kind(
        msg("BSSID"), Action.EDIT_ACCESS_POINTS, ("access_point", "access_point_id")
    ),
    "vlan": Kind(msg("VLAN"), _NETWORKS),
    "ssid": Kind(msg("SSID"), _NETWORKS),
    "ssid_scope": Kind(msg("place of an SSID"), _NETWORKS),
    "flow": Kind(msg("flow"), _NETWORKS),
    "distributor": Kind(msg("distributor"), _CABLING),
    "switch": Kind(msg("switch"), _CABLING, ("distributor", "distributor_id")),
    "switch_port": Kind(msg("switch port"), _CABLING, ("switch", "switch_id")),
    "port_vlan": Kind(msg("VLAN of a port"), _CABLING, ("switch_port", "switch_port_id")),
    "outlet": Kind(msg("outlet"), _CABLING),
    "cable_run": Kind(msg("cable"), _CABLING),
    "cable_step": Kind(msg("step of a cable"), _CABLING, ("cable_run", "cable_run_id")),
    "attachment": Kind(msg("attachment"), Action.ATTACH_FILES),
    "requirement": Kind(msg("requirement"), _CATALOGUE),
    "client_profile": Kind(msg("client profile"), _CATALOGUE),
    "zone": Kind(msg("zone"), _DEMAND),
    "clutter_zone": Kind(msg("clutter zone"), Action.EDIT_WALLS),
    "room_group": Kind(msg("room group"), _DEMAND),
    "room_group_member": Kind(msg("room of a group"), _DEMAND, ("room_group", "room_group_id")),
    "uplink": Kind(msg("uplink"), _DEMAND),
    "uplink_load": Kind(msg("load of an uplink"), _DEMAND, ("uplink", "uplink_id")),
    "public_hotspot": Kind(msg("public hotspot"), Action.PUBLISH_HOTSPOTS),
    "renovation": Kind(msg("renovation"), _RENOVATIONS),
    "renovation_part": Kind(
        msg("part of a renovation"), _RENOVATIONS, ("renovation", "renovation_id")
    ),
    "renovation_phase": Kind(
        msg("phase of a renovation"), _RENOVATIONS, ("renovation", "renovation_id")
    ),
    "milestone": Kind(msg("milestone"), _MILESTONES),
    "work_package": Kind(msg("work package"), _WORK),
    "work_package_subject": Kind(
        msg("part of a work package"), _WORK, ("work_package", "work_package_id")
    ),
    "plan_link": Kind(msg("link"), _MILESTONES),
    "task": Kind(msg("task"), _WORK),
    "crew": Kind(msg("crew"), _WORK),
    "crew_absence": Kind(msg("absence of a crew"), _WORK, ("crew", "crew_id")),
    "blackout": Kind(msg("blackout"), _WORK),
    "schedule_weights": Kind(msg("weights of proposed schedules"), Action.SET_WEIGHTS),
    "permit": Kind(msg("permit"), _CABLING),
    "permit_subject": Kind(msg("subject of a permit"), _CABLING, ("permit", "permit_id")),
    "penetration": Kind(msg("penetration"), _CABLING),
    "penetration_run": Kind(
        msg("cable of a penetration"), _CABLING, ("penetration", "penetration_id")
    ),
    "work_order": Kind(msg("order"), _CABLING),
    "order_subject": Kind(msg("subject of an order"), _CABLING, ("work_order", "order_id")),
    "cable_route": Kind(msg("cable route"), _CABLING),
    "cable_test": Kind(msg("test record"), _CABLING, ("cable_run", "cable_run_id")),
    "decision": Kind(msg("decision"), _GOVERNANCE),
    "post": Kind(msg("post"), _GOVERNANCE),
    "support_team": Kind(msg("support team"), _GOVERNANCE),
    "training": Kind(msg("training"), _GOVERNANCE),
    "device_group": Kind(msg("group of devices"), _GOVERNANCE),
    "budget_line": Kind(msg("budget line"), _GOVERNANCE),
    "risk": Kind(msg("risk"), _GOVERNANCE),
    "inquiry": Kind(msg("inquiry"), Action.EDIT_INQUIRIES),
    "inquiry_question": Kind(
        msg("question of an inquiry"), Action.EDIT_INQUIRIES, ("inquiry", "inquiry_id")
    ),
    "inquiry_signer": Kind(
        msg("co-signer of an answer"), Action.EDIT_INQUIRIES, ("inquiry", "inquiry_id")
    ),
}

_STATES: dict[str, StateRule] = {
    "access_point": StateRule(
        ACCESS_POINT_LIFECYCLE, Action.CHANGE_STATE, frozenset({"state", "serial"})
    ),
    "cable_run": StateRule(
        CABLE_LIFECYCLE,
        Action.CHANGE_CABLE_STATE,
        frozenset({"state", "state_before", "state_on", "firm", "length_actual_m"}),
    ),
}


def require_undo(
    actor: Actor, entity: str, values: Mapping[str, Any], changed: Mapping[str, Any], find: Find
) -> None:
    """Refuse who may not edit a record of these values, or not change its state.

    Parameters
    ----------
    changed
        What the undo sets back, by field: (before, after); empty where it adds or deletes.
    find
        Gives the values of another record by entity and id.

    Raises
    ------
    NotFound
        The place is out of scope.
    NotAllowed
        The role does not reach.
    """
    kind = KINDS[entity]
    place = _find_place(entity, values, find)
    rule = _STATES.get(entity)
    if rule is not None and "state" in changed:
        _require(actor, rule.action, place)
        before, after = changed["state"]
        if not _may_step_back(rule.lifecycle, before, after, actor.roles_in(*place)):
            raise NotAllowed(msg("Your role may not undo this change of state."))
        if changed.keys() <= rule.evidence:
            return
    _require(actor, kind.action, place)


def _require(actor: Actor, action: Action, place: tuple[int | None, int | None]) -> None:
    """Ask for a right; what lies out of scope is answered as what was never there."""
    building_id, wing_id = place
    if building_id is not None and not (
        actor.sees(building_id) if wing_id is None else actor.can(Action.SEE_PLACES, *place)
    ):
        raise NotFound(msg("There is nothing here that could be undone."))
    actor.require(action, *place)


def _may_step_back(lifecycle: Lifecycle, before: str, after: str, roles: frozenset[str]) -> bool:
    """Tell whether roles reach for leading a record from ``after`` to ``before`` again.

    Who may make a step may take it back; an undo that leads onwards needs the right to that step.
    """
    order = list(lifecycle.states)
    made, taken = (lifecycle.transitions.get(step) for step in ((after, before), (before, after)))
    if made is None:
        return taken is None or bool(taken.roles & roles)
    if order.index(before) > order.index(after) or taken is None:
        return bool(made.roles & roles)
    return bool((made.roles | taken.roles) & roles)


def _find_place(
    entity: str, values: Mapping[str, Any], find: Find
) -> tuple[int | None, int | None]:
    """Give building and wing of a record; (None, None) means everywhere."""
    owner = KINDS[entity].owner
    if owner is not None:
        return _find_place(owner[0], find(owner[0], values.get(owner[1], 0)), find)
    if entity == "building":
        return values.get("id"), None
    if entity == "wing":
        return values.get("building_id"), values.get("id")
    if entity == "ssid_scope":
        return None, None  # an SSID is on air in many places: who edits it must reach all
    if entity == "plan_link":  # it belongs to what waits by it
        is_milestone = values.get("after_milestone_id") is not None
        after = ("milestone", "milestone") if is_milestone else ("work_package", "package")
        return _find_place(after[0], find(after[0], values.get(f"after_{after[1]}_id") or 0), find)
    building_id = values.get("building_id")
    if building_id is None and values.get("floor_id") is not None:
        building_id = find("floor", values["floor_id"]).get("building_id")
    return building_id, values.get("wing_id")
