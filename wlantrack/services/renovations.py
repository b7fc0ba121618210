"""Renovations of others: find, list, add, change and delete, with their parts and phases.

Decides that a role in one wing sees the renovations of its building that reach into that wing: by a
part there, or by a part that names no wing. One without parts reaches everywhere in its building.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import Message, NotFound, Problem, msg
from wlantrack.services import history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_missing, list_too_long, refuse_any, refuse_taken
from wlantrack.services.versions import require_version
from wlantrack.store.models.renovations import Renovation
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import renovations as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.store.models.renovations import RenovationPart
    from wlantrack.store.models.work import Blackout
    from wlantrack.store.queries.places import BuildingName

KIND_WORDS: Final[Mapping[str, Message]] = {
    "building": msg("building work"),
    "fire protection": msg("fire protection"),
    "electrical": msg("electrical work"),
    "media technology": msg("media technology"),
    "heating": msg("heating and plumbing"),
    "facade and roof": msg("facade and roof"),
    "move": msg("move"),
    "other": msg("other work"),
}
STATE_WORDS: Final[Mapping[str, tuple[Message, str]]] = {
    "idea": (msg("idea"), "undated"),
    "planned": (msg("planned"), "planned"),
    "approved": (msg("approved"), "ordered"),
    "under way": (msg("under way"), "mounted"),
    "done": (msg("done"), "live"),
    "cancelled": (msg("cancelled"), "blocked"),
}
"""The word of each state, and the mark under which it is drawn."""
CERTAINTY_WORDS: Final[Mapping[str, Message]] = {
    "certain": msg("certain"),
    "likely": msg("likely"),
    "uncertain": msg("uncertain"),
}
NOISE_WORDS: Final[Mapping[str, Message]] = {
    "quiet": msg("quiet"),
    "normal": msg("normal"),
    "loud": msg("loud"),
}
OVER: Final = frozenset({"done", "cancelled"})
"""States of renovations that open no walls any more."""
LENGTHS: Final = {"name": 120, "owner": 120, "contact": 200, "reference": 80, "note": 500}
_CODE = re.compile(r"[A-Za-z0-9ÄÖÜäöüß][A-Za-z0-9ÄÖÜäöüß._/-]{0,39}")


@dataclass(frozen=True)
class RenovationValues:
    """What people edit about a renovation; ``building`` is a code."""

    building: str
    name: str
    code: str = ""
    kind: str = "building"
    state: str = "planned"
    certainty: str = "likely"
    noise_class: str = "normal"
    requirements_due_on: date | None = None
    owner: str = ""
    contact: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True)
class RenovationFilter:
    """What the list is narrowed to; ``window`` is "open" or "closing", in so many days."""

    words: str = ""
    building: str = ""
    kind: str = ""
    state: str = ""
    certainty: str = ""
    window: str = ""

    def admits(self, line: RenovationLine, today: date) -> bool:
        """Tell whether a renovation is among those asked for."""
        item = line.renovation
        text = f"{item.code} {item.name} {item.owner} {item.building.name}".casefold()
        return (
            all(word in text for word in self.words.casefold().split())
            and self.building in {"", item.building.code}
            and self.kind in {"", item.kind}
            and (
                self.state in {"", item.state} or (self.state == "open" and item.state not in OVER)
            )
            and self.certainty in {"", item.certainty}
            and (not self.window or line.is_in_window(self.window, today))
        )


CLOSING_DAYS: Final = 14


@dataclass(frozen=True)
class RenovationLine:
    """One line of the list: which parts come next, and how many runs are in danger."""

    renovation: Renovation
    parts: tuple[RenovationPart, ...]
    alarm_count: int = 0
    run_count: int = 0

    @property
    def public_id(self) -> uuid.UUID:
        """Give the renovation's id."""
        return self.renovation.public_id

    @property
    def code(self) -> str:
        """Give the renovation's code."""
        return self.renovation.code

    @property
    def state(self) -> str:
        """Give the renovation's state."""
        return self.renovation.state

    @property
    def opens(self) -> SpokenDate | None:
        """Give when the first wall opens, as far as that is known."""
        known = [part.opens for part in self.parts if part.opens is not None]
        return min(known, key=lambda item: item.earliest, default=None)

    @property
    def closes(self) -> SpokenDate | None:
        """Give when the first wall closes, as far as that is known."""
        known = [part.closes for part in self.parts if part.closes is not None]
        return min(known, key=lambda item: item.earliest, default=None)

    def is_in_window(self, window: str, today: date) -> bool:
        """Tell whether walls are open today, or close within the next days."""
        return any(_is_in_window(part, window, today) for part in self.parts)


def _is_in_window(part: RenovationPart, window: str, today: date) -> bool:
    if window == "closing":
        days = (part.closes.earliest - today).days if part.closes else -1
        return 0 <= days <= CLOSING_DAYS
    opened = part.opens is not None and part.opens.latest <= today
    return opened and (part.closes is None or part.closes.earliest >= today)


_SORTS: Mapping[str, Callable[[RenovationLine], Any]] = {
    "code": lambda line: line.code,
    "name": lambda line: line.renovation.name.casefold(),
    "building": lambda line: line.renovation.building.code,
    "kind": lambda line: line.renovation.kind,
    "state": lambda line: list(STATE_WORDS).index(line.state),
    "certainty": lambda line: list(CERTAINTY_WORDS).index(line.renovation.certainty),
    "opens": lambda line: _sort_key(line.opens),
    "closes": lambda line: _sort_key(line.closes),
    "requirements": lambda line: _day_key(line.renovation.requirements_due_on),
    "runs": lambda line: line.run_count,
    "alarms": lambda line: -line.alarm_count,
    "owner": lambda line: line.renovation.owner.casefold(),
}


def _sort_key(day: SpokenDate | None) -> tuple[bool, str]:
    return _day_key(day.earliest if day else None)


def _day_key(day: date | None) -> tuple[bool, str]:
    """Put what is not known last."""
    return day is None, day.isoformat() if day else ""


def sees(actor: Actor, renovation: Renovation, action: Action = Action.SEE_RENOVATIONS) -> bool:
    """Tell whether an actor may do something about a renovation."""
    return any(actor.can(action, renovation.building_id, wing) for wing in _wings_of(renovation))


def _wings_of(renovation: Renovation) -> set[int | None]:
    """Give the wings into which a renovation reaches; all of its building if it does not say."""
    named = {part.wing_id for part in renovation.parts}
    if named and None not in named:
        return {wing for wing in named if wing is not None}
    return {None, *(wing.id for wing in renovation.building.wings)}


def list_visible(
    session: Session, actor: Actor, building_id: int | None = None
) -> list[Renovation]:
    """Give the renovations in scope, by code; those of one building if it is named."""
    ids = places.visible_buildings(actor, Action.SEE_RENOVATIONS)
    if building_id is not None:
        ids = (building_id,) if ids is None or building_id in ids else ()
    return [item for item in queries.list_renovations(session, ids) if sees(actor, item)]


def list_lines(
    lines: list[RenovationLine], narrow: RenovationFilter, page: Page, today: date
) -> tuple[list[RenovationLine], int]:
    """Give one page of lines, and how many match; renovations are a few hundred at most."""
    found = [line for line in lines if narrow.admits(line, today)]
    found.sort(key=_SORTS["code"])
    found.sort(key=_SORTS.get(page.sort, _SORTS["closes"]), reverse=page.is_descending)
    return found[page.offset : page.offset + page.limit], len(found)


def find_renovation(session: Session, actor: Actor, ref: str) -> Renovation:
    """Give a renovation by public id or code, with parts and phases.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    if public_id is not None:
        found = queries.get_renovation(session, public_id)
    else:
        found = queries.get_by_codes(session, [ref]).get(ref)
    if found is None or not sees(actor, found):
        raise NotFound(msg("There is no such renovation; perhaps somebody has deleted it."))
    return found


def list_buildings(session: Session, actor: Actor) -> list[BuildingName]:
    """Give the buildings in all of which the actor may add a renovation."""
    pairs = actor.scope_pairs(Action.EDIT_RENOVATIONS)
    whole = None if pairs is None else [building for building, wing in pairs if wing is None]
    return place_queries.list_building_names(session, whole)


def is_quiet_at(blackout: Blackout, building_id: int, wing_id: int | None) -> bool:
    """Tell whether a blackout holds in a wing, or anywhere in a building if no wing is named."""
    if blackout.building_id not in {None, building_id}:
        return False
    wings = {blackout.wing_id, wing_id}
    return None in wings or len(wings) == 1


def list_history(session: Session, actor: Actor, renovation: Renovation) -> list[Entry]:
    """Give what happened to a renovation and its parts, the latest first."""
    records: list[tuple[str, uuid.UUID]] = [("renovation", renovation.public_id)]
    records += [("renovation_part", part.public_id) for part in renovation.parts]
    records += [("renovation_phase", phase.public_id) for phase in renovation.phases]
    return history.list_of_records(session, actor, records)


def add_renovation(session: Session, actor: Actor, values: RenovationValues) -> Renovation:
    """Add a renovation.

    Raises
    ------
    InvalidInput
        Something is missing, or the code is taken.
    """
    building = places.find_building(session, actor, values.building)
    actor.require(Action.EDIT_RENOVATIONS, building.id)
    renovation = Renovation(public_id=uuid.uuid4(), building_id=building.id, parts=[], phases=[])
    renovation.building = building
    apply_values(session, renovation, values)
    session.add(renovation)
    session.commit()
    return renovation


def edit_renovation(
    session: Session, actor: Actor, ref: str, values: RenovationValues, version: int | None
) -> Renovation:
    """Change a renovation; it stays in its building.

    Raises
    ------
    InvalidInput
        Something is missing, or the code is taken.
    Conflict
        Somebody else has changed it since.
    """
    renovation = find_editable(session, actor, ref)
    require_version(session, renovation, version)
    with session.no_autoflush:
        apply_values(session, renovation, values)
    session.commit()
    return renovation


def delete_renovation(session: Session, actor: Actor, ref: str, version: int | None) -> str:
    """Delete a renovation with its parts and phases; gives its code."""
    renovation = find_editable(session, actor, ref)
    require_version(session, renovation, version)
    session.delete(renovation)
    session.commit()
    return renovation.code


def find_editable(session: Session, actor: Actor, ref: str) -> Renovation:
    """Give a renovation that the actor may change, by public id or code.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    NotAllowed
        The role does not reach.
    """
    renovation = find_renovation(session, actor, ref)
    require_edit(actor, renovation)
    return renovation


def require_edit(actor: Actor, renovation: Renovation) -> None:
    """Refuse who may not change a renovation: that takes a role wherever it reaches.

    Raises
    ------
    NotAllowed
        The role does not reach.
    """
    for wing_id in _wings_of(renovation):
        actor.require(Action.EDIT_RENOVATIONS, renovation.building_id, wing_id)


def may_edit(actor: Actor, renovation: Renovation) -> bool:
    """Tell whether an actor may change a renovation."""
    where = renovation.building_id
    return all(
        actor.can(Action.EDIT_RENOVATIONS, where, wing_id) for wing_id in _wings_of(renovation)
    )


def apply_values(session: Session, renovation: Renovation, values: RenovationValues) -> None:
    """Check values and set them.

    Raises
    ------
    InvalidInput
        Something is missing, too long, none of the choices, or taken.
    """
    code = values.code or renovation.code or suggest_code(session, renovation.building.code)
    problems = list_missing(values, ["name"])
    if not _CODE.fullmatch(code):
        message = msg("A code has up to 40 letters, digits, dots, hyphens or underscores.")
        problems.append(Problem(message, field="code", value=code))
    problems += list_too_long(values, LENGTHS)
    refuse_any(problems)
    is_kept = code == renovation.code
    other = None if is_kept else queries.get_by_codes(session, [code]).get(code)
    if other is not None and other is not renovation:
        raise refuse_taken("code", code)
    renovation.code = code
    for name in ("name", "kind", "state", "certainty", "noise_class", "requirements_due_on"):
        setattr(renovation, name, getattr(values, name))
    for name in ("owner", "contact", "reference", "note"):
        setattr(renovation, name, getattr(values, name))


def suggest_code(session: Session, building: str) -> str:
    """Give the next free code of a building's renovations."""
    prefix = f"{building}-S-"
    taken = {code.removeprefix(prefix) for code in queries.list_codes(session, prefix)}
    number = next(number for number in range(1, len(taken) + 2) if f"{number:02d}" not in taken)
    return f"{prefix}{number:02d}"
