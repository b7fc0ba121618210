"""What every kind of table shares: outcomes of rows, and finding the places they name."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, WlantrackError, msg
from wlantrack.services import public_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.tables import Row
    from wlantrack.store.models.places import Floor, Room, Wing


@dataclass(frozen=True)
class RowOutcome:
    """What became of a row: ``created``, ``updated`` (which fields) or ``unchanged``."""

    row: int
    key: str
    outcome: str
    changed: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()


class Findings:
    """What is wrong with a row: one problem a cell, rather than the first one only.

    Fields that are ``bad`` already get no second problem.
    """

    def __init__(self, bad: frozenset[str]) -> None:
        self.bad = set(bad)
        self.problems: list[Problem] = []

    @contextmanager
    def collect(self, field: str | None = None) -> Iterator[None]:
        """Keep what a check refuses, and go on; ``field`` is whose it is unless it says so."""
        try:
            yield
        except InvalidInput as error:
            for problem in error.problems:
                self._add(problem)
        except WlantrackError as error:
            self._add(Problem(error.message, field=field))

    def _add(self, problem: Problem) -> None:
        if problem.field not in self.bad:
            self.problems.append(problem)
        if problem.field is not None:
            self.bad.add(problem.field)

    def require_none(self) -> None:
        """Refuse the row if anything was found.

        Raises
        ------
        InvalidInput
            Holds everything that was found.
        """
        if self.problems:
            raise InvalidInput(*self.problems)


class PlaceIndex:
    """Floors and wings by what tables call them, as far as an actor may write there."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.actor = actor
        self.floors = queries.list_floors_by_code(session)
        self.floors_by_id = {floor.id: floor for floor in self.floors.values()}
        self.wings = queries.list_wings_by_code(session)
        self.wings_by_id = {wing.id: wing for wing in self.wings.values()}

    def find_floor(self, ref: str) -> Floor:
        """Give the floor of a reference such as ``RH/3``.

        Raises
        ------
        InvalidInput
            There is none, or it is out of scope.
        """
        floor = self.floors.get(ref)
        if floor is None or not self._touches(floor):
            raise InvalidInput(
                Problem(
                    msg("There is no such floor."),
                    msg("Write building/floor such as RH/3, or add the floor first."),
                    field="floor",
                    value=ref,
                )
            )
        return floor

    def _touches(self, floor: Floor) -> bool:
        scopes = self.actor.scopes(Action.IMPORT_TABLES)
        return scopes is None or any(scope.touches(floor.building_id) for scope in scopes)

    def find_wing(self, floor: Floor, code: str) -> Wing:
        """Give the wing of a code in a floor's building.

        Raises
        ------
        InvalidInput
            There is none.
        """
        wing = self.wings.get((floor.building_id, code))
        if wing is None:
            raise InvalidInput(
                Problem(
                    msg("The building has no such wing."),
                    msg("Write the wing's code such as MP, or add the wing first."),
                    field="wing",
                    value=code,
                )
            )
        return wing

    def sees_room(self, room: Room | None, kept_id: int | None) -> bool:
        """Tell whether there is such a room; one out of scope may only stay where it is."""
        return room is not None and (
            room.id == kept_id or public_sight.sees_room(self.actor, room, room.floor.building_id)
        )

    def require_write(self, floor: Floor, wing_id: int | None) -> None:
        """Refuse a row whose place is outside the actor's scope.

        Raises
        ------
        InvalidInput
            Names the wing, or the floor.
        """
        if not self.actor.can(Action.IMPORT_TABLES, floor.building_id, wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="wing",
                )
            )


def require_first(seen: dict[str, int], key: str, row: Row, field: str) -> None:
    """Refuse a row whose key an earlier row of the table has.

    Raises
    ------
    InvalidInput
        Names the earlier row.
    """
    first = seen.setdefault(key, row.number)
    if first != row.number:
        raise InvalidInput(
            Problem(
                msg("Row %(row)d has the same key.", row=first),
                msg("Leave one of the two rows out, or give it a key of its own."),
                field=field,
                value=key,
            )
        )
