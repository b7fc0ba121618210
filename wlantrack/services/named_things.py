"""Cable runs and access points by what people call them, for records that are about several of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as run_queries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from wlantrack.services.bulk_changes import Selected
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import CableRun

    Thing: TypeAlias = CableRun | AccessPoint


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
    unknown = [
        name
        for name in wanted
        if name not in known
        or not actor.can(Action.SEE_CABLING, known[name].floor.building_id, known[name].wing_id)
    ]
    if unknown:
        raise InvalidInput(
            Problem(
                msg("There is no cable run or access point of this name."),
                msg("Write labels of runs or codes of access points, as they stand in the lists."),
                field="names",
                value=", ".join(unknown)[:80],
            )
        )
    return [known[name] for name in wanted]


def find_runs(session: Session, actor: Actor, names: list[str]) -> list[CableRun]:
    """Give runs by label, as far as the actor sees them.

    Raises
    ------
    InvalidInput
        Names those that mean nothing.
    """
    wanted = list(dict.fromkeys(names))
    known = run_queries.get_by_labels(session, wanted)
    unknown = [
        name
        for name in wanted
        if name not in known
        or not actor.can(Action.SEE_CABLING, known[name].floor.building_id, known[name].wing_id)
    ]
    if unknown:
        raise InvalidInput(
            Problem(
                msg("There is no cable run of this label."),
                msg("Write labels as they stand in the list of cable runs."),
                field="names",
                value=", ".join(unknown)[:80],
            )
        )
    return [known[name] for name in wanted]


def list_houses(session: Session, selected: Sequence[Selected]) -> set[str]:
    """Give the codes of the buildings in which selected runs are."""
    ids = {found for chosen in selected if (found := parse_uuid(chosen.ref)) is not None}
    return set(run_queries.list_building_codes(session, ids))
