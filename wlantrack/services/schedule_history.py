"""The history of searches for better schedules: who asked, how far they are, what came of them.

Decides that the database alone knows how a search stands, so that every process can tell and stop
it; that one search runs at a time; and that one without a sign of life has failed. Refuses to
search: see :mod:`wlantrack.services.schedule_searches`.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Conflict, InvalidInput, Message, NotFound, Problem, msg
from wlantrack.scheduling.parts import Weights
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import parse_uuid
from wlantrack.services.schedule_findings import SearchLimits
from wlantrack.services.schedule_texts import read_proposal
from wlantrack.services.schedule_weights import find_weights
from wlantrack.store import audit
from wlantrack.store.models.milestones import WorkPackage
from wlantrack.store.models.schedules import ScheduleProposal
from wlantrack.store.queries import history
from wlantrack.store.queries import inquiries as text_queries
from wlantrack.store.queries import proposals as queries
from wlantrack.store.queries.proposals import SearchFilter

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.paging import Page
    from wlantrack.services.schedule_texts import Proposal
    from wlantrack.store.models.audit import AuditEvent
    from wlantrack.store.queries.proposals import Accepted

__all__ = ["SearchFilter"]

ENTITY: Final = ScheduleProposal.__tablename__
LIFE_SIGN: Final = timedelta(seconds=45)
"""A search that has not told anything for so long has died: it tells something every few seconds."""
MOST_S: Final = 600.0
MOST_SEED: Final = 2**31 - 1
RUNNING, FOUND, FAILED = "running", "found", "failed"
CANCELLED, INFEASIBLE = "cancelled", "infeasible"
DIED: Final = msg("Its process has ended before it was done. Search again.")
PLAN_ENTITIES: Final = (
    "work_package",
    "work_package_subject",
    "milestone",
    "plan_link",
    "renovation",
    "renovation_part",
    "crew",
    "crew_absence",
    "blackout",
    "permit",
    "permit_subject",
    "schedule_weights",
)
"""Kinds of records of which a proposal is made."""
_HASH: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Search:
    """One search as it is told: ``state`` is "failed" where it has died without a word.

    ``taken_count`` tells how many packages lie where it has moved them.
    """

    public_id: uuid.UUID
    asked_at: datetime
    asked_by: str
    limits: SearchLimits
    weights: Weights
    state: str
    ended_at: datetime | None
    is_cancelled: bool
    cost: int | None
    bound: int | None
    today_cost: int | None
    move_count: int | None
    text_sha256: str | None
    fault: Message | None
    taken_count: int = 0

    @property
    def is_running(self) -> bool:
        """Tell whether something may still come of it."""
        return self.state == RUNNING


def ask(session: Session, actor: Actor, limits: SearchLimits, now: datetime) -> Search:
    """Enter a search that is about to begin, with the weights as they are set.

    Raises
    ------
    InvalidInput
        It would take too long, or its seed is none.
    Conflict
        Another one runs; names who asked for it.
    """
    actor.require(Action.EDIT_WORK)
    _check_limits(limits)
    running = queries.get_running(session)
    if running is not None:
        if now - running.beat_at <= LIFE_SIGN:
            raise _refuse_second(running)
        _close(running, FAILED, now, DIED)
        session.flush()  # one at a time: the old one ends before the new one begins
    weights = asdict(find_weights(session))
    row = ScheduleProposal(
        public_id=uuid.uuid4(),
        asked_at=now,
        asked_by=actor.name,
        seed=limits.seed,
        limit_s=limits.limit_s,
        beat_at=now,
        **weights,
    )
    session.add(row)
    _note(session, row, "search")
    session.commit()
    return _tell(row, now)


def _check_limits(limits: SearchLimits) -> None:
    if not 0 <= limits.limit_s <= MOST_S:
        raise InvalidInput(
            Problem(
                msg("A search takes 0 to %(most)d seconds.", most=int(MOST_S)),
                msg("Ten are enough for most cities."),
                field="limit_s",
                value=f"{limits.limit_s:g}",
            )
        )
    if not 0 <= limits.seed <= MOST_SEED:
        raise InvalidInput(
            Problem(
                msg("The start number lies between 0 and %(most)d.", most=MOST_SEED),
                msg("Leave it at 1."),
                field="seed",
                value=str(limits.seed),
            )
        )


def _refuse_second(running: ScheduleProposal) -> Conflict:
    return Conflict(
        msg(
            "%(name)s is searching already; only one search runs at a time."
            " Wait until it is done, or cancel it.",
            name=running.asked_by,
        ),
        changed_by=running.asked_by,
        changed_at=running.asked_at,
    )


def beat(session: Session, ref: uuid.UUID, best: tuple[int, int] | None, now: datetime) -> bool:
    """Enter a sign of life with the cost and bound so far; tells whether to stop."""
    row = _require(session, ref)
    row.beat_at = now
    if best is not None:
        row.cost, row.bound = best
    session.commit()
    return row.is_cancelled


def cancel(session: Session, actor: Actor, ref: str, now: datetime) -> Search:
    """Ask a search to stop; it keeps the best plan that it has by then.

    Raises
    ------
    NotFound
        There is no such search.
    Conflict
        It is over.
    """
    actor.require(Action.EDIT_WORK)
    row = _find_row(session, ref)
    if _standing(row.state, row.beat_at, now) != RUNNING:
        raise Conflict(msg("This search is over; nothing is left to cancel."))
    if not row.is_cancelled:
        row.is_cancelled = True
        _note(session, row, "cancel")
        session.commit()
    return _tell(row, now)


def close(
    session: Session, ref: uuid.UUID, state: str, key: str, proposal: Proposal, now: datetime
) -> None:
    """Enter what came of a search; does not commit."""
    row = _require(session, ref)
    row.text_sha256, row.today_cost = key, proposal.today_cost
    row.move_count = len(proposal.moves)
    if state != INFEASIBLE:
        row.cost, row.bound = proposal.objective, proposal.bound
    _close(row, state, now, None)
    _note(session, row, state)


def give_up(session: Session, ref: uuid.UUID, fault: Message, now: datetime) -> None:
    """Enter that a search has failed, unless it is over already."""
    row = _require(session, ref)
    if row.state == RUNNING:
        _close(row, FAILED, now, fault)
        _note(session, row, FAILED)
        session.commit()


def _close(row: ScheduleProposal, state: str, now: datetime, fault: Message | None) -> None:
    row.state, row.ended_at = state, now
    row.fault = "" if fault is None else json.dumps([fault.text, fault.values], default=str)


def _note(session: Session, row: ScheduleProposal, act: str) -> None:
    """Leave a trace of what people ask for, which no record shows."""
    audit.write_event(
        session,
        {
            "act": act,
            "entity": ENTITY,
            "public_id": str(row.public_id),
            "label": row.asked_by,
            "before": {},
            "after": {},
        },
    )


def list_searches(
    session: Session, actor: Actor, narrow: SearchFilter, page: Page, now: datetime
) -> tuple[list[Search], int]:
    """Give one page of the searches that match, the latest first, and how many do."""
    actor.require(Action.EDIT_WORK)
    rows, total = queries.list_searches(session, narrow, page, now - LIFE_SIGN)
    standing = _count_standing(session, {row["text_sha256"] for row in rows if row["is_taken"]})
    found = [{**row, "taken_count": standing[row["text_sha256"]]} for row in rows]
    return [_tell_mapping(values, now) for values in found], total


def _count_standing(session: Session, texts: Collection[str]) -> Counter[str]:
    """Count by proposal the packages that lie where a line that was taken over has put them.

    What was taken back, or moved again by somebody, does not count.
    """
    bodies = text_queries.list_texts(session, texts)
    proposals = {key: read_proposal(body) for key, body in bodies.items()}
    put = {
        (key, move.public_id): (move.to_start, move.to_finish)
        for key, proposal in proposals.items()
        if proposal is not None
        for move in proposal.moves
    }
    return Counter(
        line.text_sha256
        for line in queries.list_taken(session, texts)
        if put.get((line.text_sha256, str(line.public_id)))
        == (line.planned_start, line.planned_finish)
    )


def list_askers(session: Session, actor: Actor) -> list[str]:
    """Give everybody who has searched, by name."""
    actor.require(Action.EDIT_WORK)
    return queries.list_askers(session)


def find_running(session: Session, actor: Actor, now: datetime) -> Search | None:
    """Give the search that runs, if one does."""
    actor.require(Action.EDIT_WORK)
    row = queries.get_running(session)
    search = _tell(row, now) if row is not None else None
    return search if search is not None and search.is_running else None


def find_search(session: Session, actor: Actor, ref: str, now: datetime) -> Search:
    """Give a search by its id.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require(Action.EDIT_WORK)
    return _tell(_find_row(session, ref), now)


def list_accepted(session: Session, actor: Actor, text_sha256: str) -> dict[str, Accepted]:
    """Give which lines of a proposal were taken over, by package, each as of the last time."""
    actor.require(Action.EDIT_WORK)
    return {line.package: line for line in queries.list_accepted(session, text_sha256)}


def count_changes(session: Session, text_sha256: str, proposal: Proposal) -> int:
    """Count the changes since a proposal was made of what it is made of, but for its own lines.

    What was taken over and taken back, or taken over anew, is no change either.
    """
    accepted = queries.list_accepted(session, text_sha256)
    own = {line.request_id for line in accepted}
    taken = {str(line.package_uuid) for line in accepted}
    since = proposal.data_stamp
    others = history.count_changes(session, since, PLAN_ENTITIES, taken)
    events = history.list_changes(session, since, WorkPackage.__tablename__, taken)
    by_record: defaultdict[str, list[AuditEvent]] = defaultdict(list)
    for event in events:
        by_record[event.public_id].append(event)
    return others + sum(_differs_by_others(told, own) for told in by_record.values())


def _differs_by_others(events: Sequence[AuditEvent], own: Collection[str]) -> bool:
    """Tell whether a record holds a value by now that somebody else gave it, or is gone.

    ``events`` are all of one record, in their order. A value that it held at first was set back,
    and one that a request of ``own`` gave it is ours: both are no difference.
    """
    at_first: dict[str, object] = {}
    by_now: dict[str, object] = {}
    ours: defaultdict[str, list[object]] = defaultdict(list)
    for event in events:
        for name in (*event.before, *event.after):
            at_first.setdefault(name, event.before.get(name))
        by_now.update(event.after)
        if event.request_id in own:
            for name, value in event.after.items():
                ours[name].append(value)
    is_gone = events[-1].act == "delete"
    return is_gone or any(
        value != at_first[name] and value not in ours[name] for name, value in by_now.items()
    )


def find_kept(session: Session, ref: str) -> tuple[str, Proposal]:
    """Give a proposal by its hash, or by the search that has found it, with the hash.

    Raises
    ------
    NotFound
        There is none, or nothing was found yet.
    """
    key: str | None = ref if _HASH.fullmatch(ref) else None
    if key is None and (public_id := parse_uuid(ref)) is not None:
        row = queries.get_search(session, public_id)
        key = row.text_sha256 if row is not None else None
    text = text_queries.get_text(session, key) if key else None
    proposal = read_proposal(text) if text is not None else None
    if key is None or proposal is None:
        raise NotFound(
            msg("There is no such proposal."), msg("Make a new one, and use the id that it gets.")
        )
    return key, proposal


def _find_row(session: Session, ref: str) -> ScheduleProposal:
    public_id = parse_uuid(ref)
    row = queries.get_search(session, public_id) if public_id else None
    if row is None:
        raise NotFound(msg("There is no such search for a schedule."))
    return row


def _require(session: Session, ref: uuid.UUID) -> ScheduleProposal:
    row = queries.get_search(session, ref)
    if row is None:
        raise NotFound(msg("There is no such search for a schedule."))
    return row


def _standing(state: str, beat_at: datetime, now: datetime) -> str:
    return FAILED if state == RUNNING and now - beat_at > LIFE_SIGN else state


def _tell(row: ScheduleProposal, now: datetime) -> Search:
    values = {column.key: getattr(row, column.key) for column in ScheduleProposal.__table__.columns}
    return _tell_mapping(values, now)


def _tell_mapping(values: Mapping[str, object], now: datetime) -> Search:
    fault = json.loads(str(values["fault"])) if values["fault"] else None
    state = _standing(str(values["state"]), values["beat_at"], now)  # type: ignore[arg-type] # a moment
    told = Message(*fault) if fault else DIED if state == FAILED else None
    names = set(Search.__annotations__) - {"limits", "weights", "state", "fault"}
    return Search(
        **{name: values[name] for name in names if name in values},  # type: ignore[arg-type] # columns of their types
        limits=SearchLimits(values["limit_s"], values["seed"]),  # type: ignore[arg-type] # as above
        weights=Weights(**{name: values[name] for name in Weights.__annotations__}),  # type: ignore[arg-type] # as above
        state=state,
        fault=told,
    )
