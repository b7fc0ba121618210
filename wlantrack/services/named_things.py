"""Cable runs and access points by what people call them, for records that are about several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as run_queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.services.bulk_changes import Selected
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun

    Thing: TypeAlias = CableRun | AccessPoint
    Found = TypeVar("Found", CableRun, CableRun | AccessPoint)


def find_named(session: Session, actor: Actor, names: list[str]) -> list[Thing]:
    """Give runs by label and access points by code, as far as the actor sees them.

    Raises
    ------
    InvalidInput
        Names those that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    known: dict[str, Thing] = {
        **point_queries.get_by_codes(session, set(wanted)),
        **run_queries.get_by_labels(session, wanted),
    }
    return _pick(
        actor,
        wanted,
        known,
        msg("There is no cable run or access point of this name."),
        msg("Write labels of runs or codes of access points, as they stand in the lists."),
    )


def find_runs(session: Session, actor: Actor, names: list[str]) -> list[CableRun]:
    """Give runs by label, as far as the actor sees them.

    Raises
    ------
    InvalidInput
        Names those that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    return _pick(
        actor,
        wanted,
        run_queries.get_by_labels(session, wanted),
        msg("There is no cable run of this label."),
        msg("Write labels as they stand in the list of cable runs."),
    )


def _pick(
    actor: Actor, wanted: list[str], known: Mapping[str, Found], message: Message, remedy: Message
) -> list[Found]:
    """Give what was found of each name; refuse names of nothing, or of what the actor cannot see."""
    unknown = [
        name
        for name in wanted
        if name not in known
        or not actor.can(Action.SEE_CABLING, known[name].floor.building_id, known[name].wing_id)
    ]
    if unknown:
        told = ", ".join(unknown)[:80]
        raise InvalidInput(Problem(message, remedy, field="names", value=told))
    return [known[name] for name in wanted]


def list_houses(session: Session, selected: Sequence[Selected]) -> set[str]:
    """Give the codes of the buildings in which selected runs are."""
    ids = {found for chosen in selected if (found := parse_uuid(chosen.ref)) is not None}
    return set(run_queries.list_building_codes(session, ids))
