"""What a change puts on air or into operation, judged once the change has been flushed.

Decides that whatever comes on air or into operation must have no critical failure at all, and that
what stays there must not get one that it had not before: it may still be mended bit by bit. A change
of an SSID, a VLAN, a flow or a scope can do that to anything on air; an access point by itself where
it is moved or sends on other bands. Refuses to know who makes the change, an undo, a table or a form.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput
from wlantrack.networks.plan import LIVE_STATES, Subject
from wlantrack.services.operation_gate import OperationGate, describe_block, open_gate
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import networks as network_queries
from wlantrack.store.queries import on_air as air_queries
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeAlias

    from sqlalchemy.orm import Session

    from wlantrack.networks.findings import Finding
    from wlantrack.services.actor import Actor
    from wlantrack.services.network_plan import House

    _Name: TypeAlias = tuple[str, uuid.UUID | Subject | None]

WATCHED_KINDS = frozenset({"access_point", "radio"})
"""Entities that can come into operation, or decide what those in operation send."""
WIDE_KINDS = frozenset({"ssid", "vlan", "flow", "ssid_scope"})
"""Entities on which it depends what others fail."""

_JUDGED = (
    "name",
    "vlan_id",
    "network_class",
    "security",
    "pmf",
    "is_on_24",
    "is_on_5",
    "is_on_6",
    "is_isolated",
    "uses_wps",
    "uses_tkip",
    "has_portal",
    "portal_url",
    "psk_length",
    "is_psk_unique",
)


@dataclass(frozen=True)
class _Live:
    """Something on air or in operation, and what rules ask of it: an SSID's values, or a spot."""

    subject: Subject
    judged: tuple[object, ...] = ()


@dataclass(frozen=True)
class OperationWatch:
    """What was on air and in operation before a change, and the failures of that moment."""

    session: Session
    house: House | None
    before: Mapping[uuid.UUID, _Live]
    names: Mapping[Subject, uuid.UUID]
    gate: OperationGate
    is_wide: bool = False

    def find_blocks(self) -> dict[Subject, tuple[Finding, ...]]:
        """Give the critical failures that stop what the flushed change did, by what they stop."""
        after = _list_live(self.session)
        touched = {
            key: live for key, live in after.items() if self.is_wide or self.before.get(key) != live
        }
        if not touched:
            return {}
        gate, names = open_gate(self.session, self.house), _list_names(self.session)
        found = {}
        for key, live in touched.items():
            known = self._list_known(self.before.get(key))
            blocks = tuple(
                item
                for item in gate.list_blocks(live.subject)
                if _name(item, live.subject, names) not in known
            )
            if blocks:
                found[live.subject] = blocks
        return found

    def list_blocks(
        self, row_of: Callable[[Subject], int | None]
    ) -> list[tuple[int | None, Finding]]:
        """Give each failure once, with the row of what it stops."""
        blocks: dict[tuple[str, Subject, int | None], Finding] = {}
        for subject, some in self.find_blocks().items():
            for item in some:
                row = row_of(subject) or row_of(item.subject)
                blocks.setdefault((item.rule, item.subject, row), item)
        return [(row, item) for (_, _, row), item in blocks.items()]

    def _list_known(self, was: _Live | None) -> set[_Name]:
        if was is None:
            return set()
        return {_name(item, was.subject, self.names) for item in self.gate.list_blocks(was.subject)}

    def require_nothing_worse(self, actor: Actor) -> None:
        """Refuse the flushed change, and roll it back, where a critical failure stops it.

        Raises
        ------
        InvalidInput
            One problem for each failure: the rule, and why, as far as the actor may know it.
        """
        found = self.find_blocks().values()
        blocks = {(item.rule, item.subject): item for some in found for item in some}
        if blocks:
            self.session.rollback()
            raise InvalidInput(*(describe_block(actor, item) for item in blocks.values()))


def watch_operation(
    session: Session, house: House | None = None, *, is_wide: bool = False
) -> OperationWatch:
    """Note what is on air and in operation, before a change.

    Parameters
    ----------
    is_wide
        Whether the change can make anything on air fail, not only what it touches.
    """
    gate = open_gate(session, house)
    names = _list_names(session)
    return OperationWatch(session, house, _list_live(session), names, gate, is_wide)


@contextmanager
def nothing_worse(session: Session, actor: Actor, house: House | None = None) -> Iterator[None]:
    """Refuse what is done inside, and roll it back, where it makes anything on air fail anew.

    Raises
    ------
    InvalidInput
        One problem for each critical failure: the rule, and why, as far as the actor may know it.
    """
    watch = watch_operation(session, house, is_wide=True)
    yield
    session.flush()
    watch.require_nothing_worse(actor)


def _list_live(session: Session) -> dict[uuid.UUID, _Live]:
    live = {
        ssid.public_id: _Live(
            Subject("ssid", ssid.code), tuple(getattr(ssid, name) for name in _JUDGED)
        )
        for ssid in network_queries.list_for_resolution(session, NETWORK_CLASSES)
        if ssid.state == "on air"
    }
    spots = air_queries.load_spots(session)
    live |= {
        row["public_id"]: _Live(Subject("access point", row["code"]), (spots[row["code"]],))
        for row in queries.list_points(session, None)
        if row["state"] in LIVE_STATES
    }
    return live


def _list_names(session: Session) -> dict[Subject, uuid.UUID]:
    """Give the ids of SSIDs and segments, which stay when these are renamed."""
    ssids = network_queries.list_for_resolution(session, NETWORK_CLASSES)
    vlans = network_queries.list_vlans(session, NETWORK_CLASSES)
    names = {Subject("ssid", ssid.code): ssid.public_id for ssid in ssids}
    return names | {Subject("segment", vlan.code): vlan.public_id for vlan in vlans}


def _name(finding: Finding, subject: Subject, names: Mapping[Subject, uuid.UUID]) -> _Name:
    """Name a failure so that it stays the same when what fails is renamed."""
    if finding.subject == subject:
        return finding.rule, None
    return finding.rule, names.get(finding.subject, finding.subject)
