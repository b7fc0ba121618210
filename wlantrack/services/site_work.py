"""Work on site: which runs wait for somebody, what each needs next, and entries sent from there.

Decides that an entry counts for the state it was made in: when the run has moved on meanwhile, it is
a conflict and never a guess. An entry's id becomes the id of its step, so that an entry that is sent
twice is done once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Conflict, InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE, CABLE_ORDER, CABLE_STATES, Condition
from wlantrack.services import (
    access_points,
    cable_runs,
    cable_states,
    distributors,
    rooms,
    run_sight,
    switches,
)
from wlantrack.services.bulk_changes import Selected
from wlantrack.store.queries import site_work as queries

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.rollout.lifecycle import Transition
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.actor import Actor
    from wlantrack.services.cable_states import StateChange
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.plan_files import PlanFiles
    from wlantrack.store.queries.site_work import FloorCount, SiteRow

SHOWN: Final = 100
"""Runs on one page; more nobody does in a day."""
NO_CLOSINGS: Final[Mapping[uuid.UUID, SpokenDate]] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """A change that somebody may make now: where it leads, and the evidence still needed for it."""

    target: str
    evidence: tuple[str, ...]
    is_next: bool = False


@dataclass(frozen=True)
class Following:
    """The steps that may follow a state which a run has not reached yet."""

    state: str
    crosses_fire_wall: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class SiteRun:
    """A run on site with the steps that may follow, the one expected first, and its wall's closing."""

    row: SiteRow
    steps: tuple[Step, ...]
    closes: SpokenDate | None = None


@dataclass(frozen=True)
class SiteRoom:
    """The runs that end in one room; without a number those whose room is not known."""

    number: str | None
    name: str
    floor: str
    runs: tuple[SiteRun, ...]


@dataclass(frozen=True)
class FloorClosing:
    """A floor where a wall closes over runs that wait: when that is, and how many runs."""

    floor: FloorCount
    closes: SpokenDate
    runs: int


@dataclass(frozen=True)
class SiteWork:
    """What waits for somebody: all floors with counts, and one of them by room.

    ``closings`` are the floors where a wall closes over what waits, the soonest first.
    """

    floors: tuple[FloorCount, ...]
    floor: FloorCount | None = None
    rooms: tuple[SiteRoom, ...] = ()
    closings: tuple[FloorClosing, ...] = ()

    @property
    def total(self) -> int:
        """Give how many runs wait on all floors."""
        return sum(floor.runs for floor in self.floors)


@dataclass(frozen=True)
class SitePlace:
    """Something on site by its code, and the runs that begin or end there."""

    kind: str
    code: str
    public_id: uuid.UUID
    rooms: tuple[SiteRoom, ...]


def list_work(
    session: Session,
    actor: Actor,
    floor: str = "",
    closings: Mapping[uuid.UUID, SpokenDate] = NO_CLOSINGS,
) -> SiteWork:
    """Give the runs whose next step is the actor's, of one floor, those in closing walls first.

    Without a floor it is the one where a wall closes soonest, else the one with the most runs.

    Parameters
    ----------
    closings
        When the wall over a run closes, by its ``public_id``.
    """
    reach, steps = run_sight.carry_reach_of(actor), _list_own_steps(actor)
    floors = tuple(queries.count_by_floor(session, reach, steps))
    if not floors:
        return SiteWork(floors)
    waiting = queries.list_waiting_among(session, reach, steps, closings.keys())
    urgent = _rank_floors(floors, waiting, closings)
    first = urgent[0].floor if urgent else max(floors, key=lambda item: item.runs)
    chosen = next((item for item in floors if str(item.public_id) == floor), first)
    urgent_runs = [run for floor_id, run in waiting if floor_id == chosen.public_id]
    rows = queries.list_waiting(session, reach, steps, chosen.public_id, SHOWN, urgent=urgent_runs)
    found = _by_room(actor, rows, closings)
    return SiteWork(floors, chosen, tuple(sorted(found, key=_closing_of_room)), urgent)


def _rank_floors(
    floors: Sequence[FloorCount],
    waiting: Iterable[tuple[uuid.UUID, uuid.UUID]],
    closings: Mapping[uuid.UUID, SpokenDate],
) -> tuple[FloorClosing, ...]:
    """Give the floors where walls close over what waits, the soonest first."""
    counts = Counter((floor, closings[run]) for floor, run in waiting)
    known = {item.public_id: item for item in floors}
    found = [
        FloorClosing(known[floor], closes, runs)
        for (floor, closes), runs in counts.items()
        if floor in known
    ]
    return tuple(sorted(found, key=lambda item: item.closes.earliest))


def _closing_of_room(room: SiteRoom) -> date:
    return min(map(_closing_of, room.runs))


def _closing_of(run: SiteRun) -> date:
    return run.closes.earliest if run.closes else date.max


def find_site_run(
    session: Session,
    actor: Actor,
    ref: str,
    closings: Mapping[uuid.UUID, SpokenDate] = NO_CLOSINGS,
) -> SiteRun:
    """Give one run as it is met on site.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    run = cable_runs.find_run(session, actor, ref)
    row = queries.get_row(session, run_sight.reach_of(actor), run.public_id)
    if row is None:
        raise NotFound(msg("There is no such cable run; perhaps somebody has deleted it."))
    return _with_steps(actor, row, closings)


def find_place(
    session: Session,
    actor: Actor,
    kind: str,
    ref: str,
    closings: Mapping[uuid.UUID, SpokenDate] = NO_CLOSINGS,
) -> SitePlace:
    """Give a thing with a label, and its runs.

    Raises
    ------
    NotFound
        There is no such thing in scope.
    """
    if kind == "cable_run":
        run = find_site_run(session, actor, ref)
        found_rooms = _by_room(actor, [run.row], closings)
        return SitePlace(kind, run.row.label, run.row.public_id, found_rooms)
    if kind == "access_point":
        point = access_points.find_access_point(session, actor, ref)
        found = (point.code, point.public_id, point.id)
    elif kind == "outlet":
        outlet = distributors.find_outlet(session, actor, ref)
        found = (outlet.code, outlet.public_id, outlet.id)
    elif kind == "distributor":
        distributor = distributors.find_distributor(session, actor, ref)
        found = (distributor.code, distributor.public_id, distributor.id)
    elif kind == "switch":
        switch = switches.find_switch(session, actor, ref)
        found = (switch.code, switch.public_id, switch.distributor_id)
    elif kind == "room":
        room = rooms.find_room(session, actor, ref)
        found = (room.number, room.public_id, room.id)
    else:
        raise NotFound(msg("There is no such entry; perhaps somebody has deleted it."))
    code, public_id, record_id = found
    end = "distributor" if kind == "switch" else kind
    rows = queries.list_at(session, run_sight.reach_of(actor), end, record_id, SHOWN)
    return SitePlace(kind, code, public_id, _by_room(actor, rows, closings))


def enter(
    session: Session,
    actor: Actor,
    files: PlanFiles,
    ref: str,
    source: str,
    change: StateChange,
) -> CableRun:
    """Carry a run on as somebody has entered it on site; the same entry again changes nothing.

    Parameters
    ----------
    source
        The state in which the run was when the entry was made.

    Raises
    ------
    Conflict
        The run has moved on meanwhile; says who did it, and when.
    InvalidInput
        The entry's id belongs to another entry, its evidence is missing, or the change unlawful.
    NotAllowed
        None of the actor's roles may make the change.
    """
    run = cable_runs.find_run(session, actor, ref)
    run_sight.require_carry(actor, run)
    if change.step_id is not None and is_entered(session, actor, run, change.step_id):
        return run
    if run.state != source:
        raise _moved_on(actor, run)
    return cable_states.change_state(session, actor, files, Selected(ref), change)


def is_entered(session: Session, actor: Actor, run: CableRun, step_id: uuid.UUID) -> bool:
    """Tell whether an entry was taken before.

    Raises
    ------
    InvalidInput
        There is such a step, but of another run or person.
    """
    found = queries.find_step(session, step_id)
    if found is None:
        return False
    if found != (run.public_id, actor.name):
        raise InvalidInput(
            Problem(
                msg("This entry's number belongs to another entry."),
                msg("Discard the entry and make it again."),
                field="entry",
                value=str(step_id),
            )
        )
    return True


def _moved_on(actor: Actor, run: CableRun) -> Conflict:
    latest = run.steps[-1] if run.steps else None
    is_told = run_sight.sees_inside(actor, run)
    # A firm learns of its runs what they are, and not who of the city works on them.
    editor = (latest.person if is_told else latest.firm or None) if latest else None
    if latest is None or editor is None:
        message = msg(
            "%(label)s has been set to »%(state)s« in the meantime.",
            label=run.label,
            state=CABLE_STATES[run.state].label,
        )
    else:
        message = msg(
            "%(editor)s has set %(label)s to »%(state)s« in the meantime, for %(day)s.",
            editor=editor,
            label=run.label,
            state=CABLE_STATES[run.state].label,
            day=latest.done_on,
        )
    return Conflict(message, changed_by=editor, current_version=run.version)


def _list_own_steps(actor: Actor) -> list[tuple[str, bool]]:
    """Give states, with and without a fire wall, from which the next step is the actor's."""
    return [
        (state, crosses)
        for state in CABLE_STATES
        for crosses in (True, False)
        if (target := cable_states.next_state(state, crosses_fire_wall=crosses)) is not None
        and CABLE_LIFECYCLE.transitions[state, target].roles & actor.roles
    ]


def _by_room(
    actor: Actor, rows: Sequence[SiteRow], closings: Mapping[uuid.UUID, SpokenDate]
) -> tuple[SiteRoom, ...]:
    return tuple(
        SiteRoom(number, name or "", f"{building} · {floor}", runs)
        for (building, floor, number, name), group in groupby(rows, key=_room_of)
        for runs in [
            tuple(sorted((_with_steps(actor, row, closings) for row in group), key=_closing_of))
        ]
    )


def _room_of(row: SiteRow) -> tuple[str, str, str | None, str | None]:
    return row.building, row.floor_name, row.room, row.room_name


def _with_steps(actor: Actor, row: SiteRow, closings: Mapping[uuid.UUID, SpokenDate]) -> SiteRun:
    place = row.building_id, row.wing_id
    roles = actor.roles_in(*place)
    if not run_sight.is_given(actor, place, row.firm, row.state, row.state_before):
        roles -= {"firm"}
    there = {"firm"} if row.firm else set()
    if row.has_port:
        there.add("switch_port")
    came_from = (row.state_before or "requested") if row.state == "blocked" else None
    steps = [
        step
        for step in _list_steps(row.state, roles, there, crosses_fire_wall=row.crosses_fire_wall)
        if row.state != "blocked" or step.target == came_from
    ]
    return SiteRun(row, tuple(steps), closings.get(row.public_id))


def _list_steps(
    state: str, roles: frozenset[str], there: set[str], *, crosses_fire_wall: bool
) -> list[Step]:
    """Give the steps that may follow a state, the one expected first."""
    expected = cable_states.next_state(state, crosses_fire_wall=crosses_fire_wall)
    steps = [
        Step(
            item.target,
            tuple(name for name in item.evidence if name not in there),
            is_next=item.target == expected,
        )
        for item in CABLE_LIFECYCLE.list_targets(state)
        if item.roles & roles
        and not (crosses_fire_wall and Condition.NO_FIRE_WALL in item.conditions)
        and not _is_way_back(item)
    ]
    return sorted(steps, key=lambda step: not step.is_next)


def list_following(actor: Actor) -> list[Following]:
    """Give the steps after those of today: who is without a connection goes on from there."""
    return [
        Following(state, crosses, steps)
        for state in CABLE_ORDER[1:-1]
        for crosses in (True, False)
        if (steps := tuple(_list_steps(state, actor.roles, {"firm"}, crosses_fire_wall=crosses)))
    ]


def _is_way_back(item: Transition) -> bool:
    """Tell whether a change leads back along the path: that is for the desk, with the history."""
    if item.source not in CABLE_ORDER or item.target not in CABLE_ORDER:
        return item.target == "decommissioned"
    return CABLE_ORDER.index(item.target) < CABLE_ORDER.index(item.source)
