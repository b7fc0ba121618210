"""The search over everything that has a code or a name, within what a person may see.

Decides which kinds are searched, in which order, and when a text names exactly one thing. A
further kind is one entry in ``KINDS`` and one in the page's table of targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.services import public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.governance import visible_houses
from wlantrack.services.governance_kinds import KINDS as GOVERNANCE_KINDS
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import governance as governance_queries
from wlantrack.store.queries import search as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.services.governance_kinds import GovernanceKind
    from wlantrack.store.queries.search import Find, FindOfClasses, SearchRow

LONGEST_TEXT = 100


@dataclass(frozen=True)
class Kind:
    """A kind of thing: the right to see it anywhere, and how it is found."""

    action: Action
    find: Callable[[Session, Actor, str, int], list[SearchRow]]


@dataclass(frozen=True)
class Group:
    """What was found of one kind; ``has_more`` tells that some was left out."""

    kind: str
    rows: tuple[SearchRow, ...]
    has_more: bool


def _of_classes(find: FindOfClasses) -> Kind:
    def find_for(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
        sees_internal = actor.can_anywhere(Action.SEE_INTERNAL_NETWORKS)
        return find(session, text, NETWORK_CLASSES if sees_internal else ("visitor",), limit)

    return Kind(Action.SEE_NETWORKS, find_for)


def _find_uplinks(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
    pairs = actor.scope_pairs(Action.SEE_NETWORKS)
    internal = actor.scope_pairs(Action.SEE_INTERNAL_NETWORKS)
    return queries.find_uplinks(session, text, pairs, internal, limit)


def _find_rooms(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
    reach = public_sight.reach_of(actor, Action.SEE_PLACES)
    return queries.find_rooms(session, text, reach, limit)


def _find_access_points(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
    reach = public_sight.reach_of(actor, Action.SEE_ACCESS_POINTS)
    details = actor.scope_pairs(Action.SEE_DETAILS)
    return queries.find_access_points(session, text, reach, details, limit)


def _find_vlans(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
    del actor  # who sees segments sees those of every class
    return queries.find_vlans(session, text, NETWORK_CLASSES, limit)


def _find_crews(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
    del actor  # crews work everywhere: who sees work anywhere sees all of them
    return queries.find_crews(session, text, limit)


def _in_scope(action: Action, find: Find) -> Kind:
    def find_for(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
        return find(session, text, actor.scope_pairs(action), limit)

    return Kind(action, find_for)


def _governance(kind: GovernanceKind) -> Kind:
    def find_for(session: Session, actor: Actor, text: str, limit: int) -> list[SearchRow]:
        houses = visible_houses(actor)
        return governance_queries.find_records(session, kind.model, kind.title, text, houses, limit)

    return Kind(Action.SEE_GOVERNANCE, find_for)


KINDS: Mapping[str, Kind] = {
    "building": _in_scope(Action.SEE_PLACES, queries.find_buildings),
    "wing": _in_scope(Action.SEE_PLACES, queries.find_wings),
    "room": Kind(Action.SEE_PLACES, _find_rooms),
    "access_point": Kind(Action.SEE_ACCESS_POINTS, _find_access_points),
    "cable_run": _in_scope(Action.SEE_CABLING, queries.find_cable_runs),
    "distributor": _in_scope(Action.SEE_CABLING, queries.find_distributors),
    "switch": _in_scope(Action.SEE_CABLING, queries.find_switches),
    "outlet": _in_scope(Action.SEE_CABLING, queries.find_outlets),
    "permit": _in_scope(Action.SEE_CABLING, queries.find_permits),
    "penetration": _in_scope(Action.SEE_CABLING, queries.find_penetrations),
    "order": _in_scope(Action.SEE_CABLING, queries.find_orders),
    "ssid": _of_classes(queries.find_ssids),
    "vlan": Kind(Action.SEE_SEGMENTS, _find_vlans),
    "uplink": Kind(Action.SEE_NETWORKS, _find_uplinks),
    "milestone": _in_scope(Action.SEE_MILESTONES, queries.find_milestones),
    "work_package": _in_scope(Action.SEE_WORK, queries.find_packages),
    "crew": Kind(Action.SEE_WORK, _find_crews),
    **{kind.entity: _governance(kind) for kind in GOVERNANCE_KINDS.values()},
}
"""What is searched, in the order of the page."""


def search(session: Session, actor: Actor, text: str, limit: int) -> list[Group]:
    """Find everything whose code or name holds all words of a text, at most so many a kind."""
    wanted = text.strip()[:LONGEST_TEXT]
    if not wanted:
        return []
    groups = []
    for key, kind in KINDS.items():
        if actor.can_anywhere(kind.action):
            rows = kind.find(session, actor, wanted, limit + 1)
            if rows:
                groups.append(Group(key, tuple(rows[:limit]), len(rows) > limit))
    return groups


def find_exact(groups: list[Group], text: str) -> tuple[str, SearchRow] | None:
    """Give kind and row if the text is the code of exactly one thing that was found."""
    wanted = text.strip().casefold()
    exact = [
        (group.kind, row) for group in groups for row in group.rows if row.code.casefold() == wanted
    ]
    return exact[0] if len(exact) == 1 else None
