"""Classes of networks: who may see which, and where; what every record of them has in common.

Decides that a class out of sight does not exist for whoever asks: it is neither listed, counted nor
exported, and its address leads nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.services import history, network_sight, public_sight
from wlantrack.store.models.networks import (
    ADDRESS_FAMILIES,
    FLOW_ACTIONS,
    NETWORK_CLASSES,
    PMF_MODES,
    PROTECTION_NEEDS,
    SECURITIES,
    SSID_STATES,
)
from wlantrack.store.queries.networks import NetworkFilter

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor, Scope
    from wlantrack.services.history import Entry
    from wlantrack.store.models.base import Record
    from wlantrack.store.queries.scopes import Reach

__all__ = [
    "ADDRESS_FAMILIES",
    "FLOW_ACTIONS",
    "NETWORK_CLASSES",
    "PMF_MODES",
    "PROTECTION_NEEDS",
    "SECURITIES",
    "SSID_STATES",
    "NetworkFilter",
]

CLASS_WORDS = {
    "visitor": msg("visitor network"),
    "internal": msg("internal network"),
    "management": msg("management network"),
    "building": msg("building services"),
    "critical": msg("critical infrastructure"),
}
"""The classes in words, the same in pages, maps and commands."""


Made = TypeVar("Made")


@dataclass(frozen=True)
class Saved(Generic[Made]):
    """A stored record, and what the separation check will say against it."""

    record: Made
    warnings: tuple[Problem, ...] = ()


def reach_of(actor: Actor, network_class: str) -> Reach:
    """Give where a class is visible at access points, for queries."""
    return public_sight.reach_of(actor, network_sight.action_for(network_class))


def touches(actor: Actor, network_class: str, building_id: int, wing_id: int | None) -> bool:
    """Tell whether a place, or for a whole building any part of it, shows a class to the actor."""
    scopes: tuple[Scope, ...] | None = actor.scopes(network_sight.action_for(network_class))
    if scopes is None:
        return True
    return any(
        scope.covers(building_id, wing_id) or (wing_id is None and scope.touches(building_id))
        for scope in scopes
    )


def require_class(network_class: str) -> str:
    """Refuse a word that names no class.

    Raises
    ------
    InvalidInput
        Names the classes there are.
    """
    return require_choice(network_class, NETWORK_CLASSES, "network_class")


def require_choice(value: str, choices: tuple[str, ...], field: str) -> str:
    """Refuse a value that is none of the choices.

    Raises
    ------
    InvalidInput
        Names the field, the value and the choices.
    """
    if value not in choices:
        message = msg("Choose one of: %(choices)s.", choices=", ".join(choices))
        raise InvalidInput(Problem(message, field=field, value=value))
    return value


def require_code(code: str, *, is_taken: bool) -> str:
    """Refuse an empty or taken code, and give it without spaces around it.

    Raises
    ------
    InvalidInput
        Says which of both.
    """
    text = code.strip()
    if not text:
        raise InvalidInput(
            Problem(
                msg("The code is missing."),
                msg("Give it a short code that appears nowhere else, such as V-110."),
                field="code",
                value=code,
            )
        )
    if is_taken:
        raise InvalidInput(
            Problem(
                msg("This code is taken."),
                msg("Choose another code."),
                field="code",
                value=text,
            )
        )
    return text


def not_found() -> NotFound:
    """Give the answer to whoever asks for what is not there, or not for them."""
    return NotFound(msg("There is no such entry, or it is outside your area."))


def list_history(session: Session, actor: Actor, record: Record) -> list[Entry]:
    """Give what happened to a record that the actor has found, the latest first."""
    entity: str = record.__tablename__  # type: ignore[attr-defined]
    # Who sees a network sees the others of its class; on which VLAN it is, not everybody may know.
    hidden = frozenset[str]() if network_sight.segment_classes(actor) else frozenset({"vlan"})
    return history.list_of_record(session, actor, entity, record.public_id, hidden=hidden)
