"""Selects of tasks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, false, func, or_, select, true
from sqlalchemy.orm import joinedload

from wlantrack.store.models.people import User
from wlantrack.store.models.places import Building, Wing
from wlantrack.store.models.work import Task
from wlantrack.store.queries.scopes import in_places

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from wlantrack.services.paging import Page
    from wlantrack.store.queries.scopes import Pairs


@dataclass(frozen=True)
class TaskFilter:
    """What the list is narrowed to; ``due`` is "overdue", "week" or "none"."""

    words: str = ""
    building: str = ""
    person: str = ""
    state: str = ""
    due: str = ""


def _in_reach(pairs: Pairs, person: str) -> ColumnElement[bool]:
    """Take the tasks of places in scope, and those given to somebody."""
    nowhere = Task.building_id.is_(None) if pairs is None else false()
    placed = in_places(pairs, Task.building_id, Task.wing_id)
    return or_(nowhere, placed, func.lower(Task.person) == person.lower())


def _matches(narrow: TaskFilter, today: date, week_end: date) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    for word in narrow.words.split():
        texts = (Task.title, Task.note, Task.person)
        conditions.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    if narrow.building:
        conditions.append(Building.code == narrow.building)
    if narrow.person:
        conditions.append(func.lower(Task.person) == narrow.person.lower())
    if narrow.state:
        conditions.append(Task.state == narrow.state)
    if narrow.due == "overdue":
        conditions += [Task.due_on < today, Task.state == "open"]
    elif narrow.due == "week":
        conditions += [Task.due_on <= week_end, Task.state == "open"]
    elif narrow.due == "none":
        conditions.append(Task.due_on.is_(None))
    return and_(true(), *conditions)


def list_page(
    session: Session,
    pairs: Pairs,
    person: str,
    narrow: TaskFilter,
    page: Page,
    days: tuple[date, date],
) -> tuple[list[Task], int]:
    """Give one page of the tasks in reach, and how many match.

    Parameters
    ----------
    days
        Today, and the last day that counts as this week.
    """
    query = (
        select(Task)
        .outerjoin(Building, Building.id == Task.building_id)
        .outerjoin(Wing, Wing.id == Task.wing_id)
        .options(joinedload(Task.building), joinedload(Task.wing))
        .where(_in_reach(pairs, person), _matches(narrow, *days))
    )
    order: dict[str, tuple[Any, ...]] = {
        "due": (case((Task.due_on.is_(None), 1), else_=0), Task.due_on),
        "title": (func.lower(Task.title),),
        "person": (func.lower(Task.person),),
        "state": (Task.state,),
        "place": (Building.code, Wing.code),
        "origin": (Task.origin,),
        "opened": (Task.opened_at,),
    }
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    columns = order.get(page.sort, order["due"])
    sorted_by = [column.desc() if page.is_descending else column.asc() for column in columns]
    found = session.scalars(
        query.order_by(*sorted_by, Task.id).limit(page.limit).offset(page.offset)
    )
    return list(found), total


def list_open_of(session: Session, person: str, limit: int) -> list[Task]:
    """Give somebody's open tasks, the one that is due first first."""
    undated = case((Task.due_on.is_(None), 1), else_=0)
    return list(
        session.scalars(
            select(Task)
            .options(joinedload(Task.building), joinedload(Task.wing))
            .where(func.lower(Task.person) == person.lower(), Task.state == "open")
            .order_by(undated, Task.due_on, Task.id)
            .limit(limit)
        )
    )


def load_in_reach(session: Session, pairs: Pairs, person: str) -> list[Task]:
    """Load the tasks of places in scope and those given to somebody, as they were opened."""
    query = select(Task).options(joinedload(Task.building), joinedload(Task.wing))
    return list(session.scalars(query.where(_in_reach(pairs, person)).order_by(Task.id)))


def list_due(session: Session) -> list[Task]:
    """Give the open tasks that somebody has and that are due on a day."""
    return list(
        session.scalars(
            select(Task).where(Task.state == "open", Task.due_on.is_not(None), Task.person != "")
        )
    )


def count_all(session: Session) -> int:
    """Count all tasks, whatever their state."""
    return session.scalar(select(func.count(Task.id))) or 0


def count_unassigned(session: Session, pairs: Pairs) -> int:
    """Count the open tasks in scope that nobody has taken."""
    nowhere = Task.building_id.is_(None) if pairs is None else false()
    query = select(func.count(Task.id)).where(
        Task.state == "open",
        Task.person == "",
        or_(nowhere, in_places(pairs, Task.building_id, Task.wing_id)),
    )
    return session.scalar(query) or 0


def get_task(session: Session, public_id: uuid.UUID) -> Task | None:
    """Load a task with its place."""
    return session.scalar(
        select(Task)
        .options(joinedload(Task.building), joinedload(Task.wing))
        .where(Task.public_id == public_id)
    )


def load_tasks(session: Session, ids: Iterable[uuid.UUID]) -> list[Task]:
    """Load tasks with their places."""
    return list(
        session.scalars(
            select(Task)
            .options(joinedload(Task.building), joinedload(Task.wing))
            .where(Task.public_id.in_(tuple(ids)))
            .order_by(Task.id)
        )
    )


def list_people(session: Session) -> list[tuple[str, str]]:
    """Give the active accounts: name and name shown."""
    rows = session.execute(
        select(User.name, User.display_name).where(User.is_active).order_by(User.display_name)
    )
    return [(name, shown) for name, shown in rows]
