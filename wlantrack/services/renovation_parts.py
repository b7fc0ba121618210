"""Parts and phases of renovations: where walls are opened, when, and what is done in between.

Decides that dates are kept in the words in which they are known; words that name no days have the
days in brackets behind them.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.spoken_dates import Precision, SpokenDate, parse_spoken, put_in_words
from wlantrack.services import places, renovations
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_missing, refuse_any, refuse_taken
from wlantrack.services.versions import require_version
from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
from wlantrack.store.queries import renovations as queries

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

_OWN_WORDS = re.compile(r"(.+?)\s*\(([^()]+)\)")


@dataclass(frozen=True)
class PartValues:
    """What people edit about a part; wing and level choose a place, dates are words."""

    wing: str = ""
    level: int | None = None
    name: str = ""
    opens: str = ""
    closes: str = ""
    outline: BaseGeometry | None = None
    note: str = ""


@dataclass(frozen=True)
class PhaseValues:
    """What people edit about a phase; dates are words."""

    name: str
    begins: str = ""
    ends: str = ""
    noise_class: str = "normal"
    note: str = ""


def find_part(session: Session, actor: Actor, ref: str) -> tuple[Renovation, RenovationPart]:
    """Give a part by public id, and its renovation, whole.

    Raises
    ------
    NotFound
        There is none, or its renovation is out of scope.
    """
    public_id = places.parse_uuid(ref)
    part = queries.get_part(session, public_id) if public_id else None
    missing = NotFound(msg("There is no such part; perhaps somebody has deleted it."))
    if part is None:
        raise missing
    for renovation in renovations.list_visible(session, actor):
        if renovation.id == part.renovation_id:
            return renovation, part
    raise missing


def add_part(session: Session, actor: Actor, ref: str, values: PartValues) -> RenovationPart:
    """Add a part to a renovation.

    Raises
    ------
    InvalidInput
        The place is none, a date is none, or the walls close before they open.
    """
    renovation = renovations.find_editable(session, actor, ref)
    part = RenovationPart(public_id=uuid.uuid4())
    apply_part(renovation, part, values)
    require_reach(actor, renovation, part)
    renovation.parts.append(part)
    session.commit()
    return part


def edit_part(
    session: Session, actor: Actor, ref: str, values: PartValues, version: int | None
) -> RenovationPart:
    """Change a part.

    Raises
    ------
    InvalidInput
        The place is none, a date is none, or the walls close before they open.
    Conflict
        Somebody else has changed it since.
    """
    renovation, part = find_part(session, actor, ref)
    renovations.require_edit(actor, renovation)
    require_version(session, part, version)
    with session.no_autoflush:
        apply_part(renovation, part, values)
        require_reach(actor, renovation, part)
    session.commit()
    return part


def require_reach(actor: Actor, renovation: Renovation, part: RenovationPart) -> None:
    """Refuse a part that lies where the role does not reach.

    Raises
    ------
    NotAllowed
        The wing is another one's.
    """
    wing_id = part.wing.id if part.wing is not None else None
    actor.require(Action.EDIT_RENOVATIONS, renovation.building_id, wing_id)


def delete_part(session: Session, actor: Actor, ref: str, version: int | None) -> Renovation:
    """Delete a part; gives its renovation."""
    renovation, part = find_part(session, actor, ref)
    renovations.require_edit(actor, renovation)
    require_version(session, part, version)
    session.delete(part)
    session.commit()
    return renovation


def apply_part(renovation: Renovation, part: RenovationPart, values: PartValues) -> None:
    """Check a part's values and set them.

    Raises
    ------
    InvalidInput
        The place is none, a date is none, or the walls close before they open.
    """
    building = renovation.building
    wing = next((item for item in building.wings if item.code == values.wing), None)
    floor = next((item for item in building.floors if item.level == values.level), None)
    problems = []
    if values.wing and wing is None:
        problems.append(
            Problem(
                msg("The building has no such wing."),
                msg("Write the wing's code such as MP, or add the wing first."),
                field="wing",
                value=values.wing,
            )
        )
    if values.level is not None and floor is None:
        problems.append(
            Problem(
                msg("There is no such floor."),
                msg("Choose one of the building's floors, or add the floor first."),
                field="level",
                value=str(values.level),
            )
        )
    if values.outline is not None and values.level is None:
        problems.append(
            Problem(
                msg("An outline needs the floor on which it is drawn."),
                msg("Choose the floor, or take the outline out."),
                field="outline",
            )
        )
    refuse_any(problems)
    opens, closes = read_days(values.opens, "opens"), read_days(values.closes, "closes")
    require_order(opens, closes, "closes")
    part.wing, part.wing_id = wing, wing.id if wing else None
    part.floor, part.floor_id = floor, floor.id if floor else None
    part.name, part.note, part.outline = values.name[:120], values.note[:500], values.outline
    if write_days(part.opens) != write_days(opens):
        part.opens = opens
    if write_days(part.closes) != write_days(closes):
        part.closes = closes


def add_phase(session: Session, actor: Actor, ref: str, values: PhaseValues) -> RenovationPhase:
    """Add a phase at the end of a renovation's phases.

    Raises
    ------
    InvalidInput
        The name is missing or taken, a date is none, or it ends before it begins.
    """
    renovation = renovations.find_editable(session, actor, ref)
    phase = RenovationPhase(public_id=uuid.uuid4())
    phase.position = max((item.position for item in renovation.phases), default=0) + 1
    apply_phase(renovation, phase, values)
    renovation.phases.append(phase)
    session.commit()
    return phase


def edit_phase(
    session: Session, actor: Actor, ref: str, values: PhaseValues, version: int | None
) -> RenovationPhase:
    """Change a phase.

    Raises
    ------
    InvalidInput
        The name is missing or taken, a date is none, or it ends before it begins.
    Conflict
        Somebody else has changed it since.
    """
    renovation, phase = find_phase(session, actor, ref)
    renovations.require_edit(actor, renovation)
    require_version(session, phase, version)
    with session.no_autoflush:
        apply_phase(renovation, phase, values)
    session.commit()
    return phase


def delete_phase(session: Session, actor: Actor, ref: str, version: int | None) -> Renovation:
    """Delete a phase; gives its renovation."""
    renovation, phase = find_phase(session, actor, ref)
    renovations.require_edit(actor, renovation)
    require_version(session, phase, version)
    session.delete(phase)
    session.commit()
    return renovation


def find_phase(session: Session, actor: Actor, ref: str) -> tuple[Renovation, RenovationPhase]:
    """Give a phase by public id, and its renovation, whole.

    Raises
    ------
    NotFound
        There is none, or its renovation is out of scope.
    """
    public_id = places.parse_uuid(ref)
    for renovation in renovations.list_visible(session, actor):
        for phase in renovation.phases:
            if phase.public_id == public_id:
                return renovation, phase
    raise NotFound(msg("There is no such phase; perhaps somebody has deleted it."))


def apply_phase(renovation: Renovation, phase: RenovationPhase, values: PhaseValues) -> None:
    """Check a phase's values and set them.

    Raises
    ------
    InvalidInput
        The name is missing or taken, a date is none, or it ends before it begins.
    """
    refuse_any(list_missing(values, ["name"]))
    if any(item.name == values.name for item in renovation.phases if item is not phase):
        raise refuse_taken("name", values.name)
    begins, ends = read_days(values.begins, "begins"), read_days(values.ends, "ends")
    require_order(begins, ends, "ends")
    phase.name, phase.noise_class = values.name[:120], values.noise_class
    phase.note = values.note[:500]
    if write_days(phase.begins) != write_days(begins):
        phase.begins = begins
    if write_days(phase.ends) != write_days(ends):
        phase.ends = ends


def write_days(day: SpokenDate | None) -> str:
    """Write a date so that :func:`read_days` reads the same again."""
    if day is None:
        return ""
    if day.precision is Precision.DAY and day.earliest == day.latest:
        return day.earliest.strftime("%d.%m.%Y")
    if day.precision is not Precision.WORDS:
        return day.wording
    return f"{day.wording} ({day.earliest:%d.%m.%Y} - {day.latest:%d.%m.%Y})"


def read_days(text: str, name: str) -> SpokenDate | None:
    """Read a date in words, days in brackets behind words of one's own; None if there are none.

    Raises
    ------
    InvalidInput
        The words name no period; says in which field.
    """
    if not text.strip():
        return None
    own_words = _OWN_WORDS.fullmatch(text.strip())
    try:
        if own_words is None:
            return parse_spoken(text)
        days = parse_spoken(own_words[2])
        return put_in_words(own_words[1], days.earliest, days.latest)
    except InvalidInput as error:
        first = error.problems[0]
        raise InvalidInput(
            Problem(first.message, first.remedy, field=name, value=text[:80])
        ) from error


def require_order(first: SpokenDate | None, last: SpokenDate | None, name: str) -> None:
    """Refuse what ends before it begins.

    Raises
    ------
    InvalidInput
        Names the later field and what stands in the earlier one.
    """
    if first is not None and last is not None and last.latest < first.earliest:
        raise InvalidInput(
            Problem(
                msg("This lies before %(first)s, when it begins.", first=first.wording),
                msg("Exchange the two, or correct one of them."),
                field=name,
                value=last.wording,
            )
        )
