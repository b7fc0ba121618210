"""Selects of what the roll-out rests on: decisions, posts, trainings, support, money, risks.

One set of selects for all kinds: they differ in whether they lie in a building and rest on a
decision, and their tables say so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import case, false, func, literal, select, true
from sqlalchemy.orm import joinedload

from wlantrack.store.models.governance import BudgetLine, Decision, Post, SupportTeam, Training
from wlantrack.store.models.places import Building
from wlantrack.store.queries.search import SearchRow, contains_words

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    Houses: TypeAlias = Collection[int] | None
    """Ids of the buildings that lie in scope as a whole; None means the whole city."""


Record: TypeAlias = Any
"""A record of one of the seven models."""


def _whole(model: type[Any]) -> Select[Any]:
    """Select a kind's records with what they name."""
    names = [name for name in ("building", "decision") if hasattr(model, name)]
    return select(model).options(*(joinedload(getattr(model, name)) for name in names))


def _in_houses(model: type[Any], houses: Houses) -> ColumnElement[bool]:
    """Take what lies in some buildings; what belongs to the city is in scope with all of it."""
    if houses is None:
        return true()
    if not hasattr(model, "building_id"):
        return false()
    found: ColumnElement[bool] = model.building_id.in_(tuple(houses))
    return found


def load_records(session: Session, model: type[Any], houses: Houses) -> list[Record]:
    """Load every record of a kind in scope, by code."""
    query = _whole(model).where(_in_houses(model, houses))
    return list(session.scalars(query.order_by(model.code)))


def get_record(session: Session, model: type[Any], public_id: uuid.UUID) -> Record | None:
    """Load a record of a kind."""
    return session.scalar(_whole(model).where(model.public_id == public_id))


def get_record_by_code(session: Session, model: type[Any], code: str) -> Record | None:
    """Load a record of a kind by its code."""
    return session.scalar(_whole(model).where(model.code == code))


def list_codes(session: Session, model: type[Any], prefix: str) -> list[str]:
    """Give the codes of a kind that begin with a prefix."""
    query = select(model.code).where(model.code.startswith(prefix, autoescape=True))
    return list(session.scalars(query))


def list_of_decision(session: Session, decision_id: int) -> tuple[list[Post], list[BudgetLine]]:
    """Give the posts and budget lines that rest on a decision, by code."""
    posts = select(Post).where(Post.decision_id == decision_id).order_by(Post.code)
    lines = select(BudgetLine).where(BudgetLine.decision_id == decision_id)
    return list(session.scalars(posts)), list(session.scalars(lines.order_by(BudgetLine.code)))


def list_team_houses(session: Session) -> list[int | None]:
    """Give the buildings for which a support team is named; None stands for the whole city."""
    return list(session.scalars(select(SupportTeam.building_id).distinct()))


def count_people(session: Session) -> list[tuple[int | None, int, int]]:
    """Count building by building the people to be trained, and those who are.

    Who takes part beyond what was planned for one training makes up for nobody in another.
    """
    asked = func.coalesce(Training.planned_count, Training.trained_count)
    came = case((Training.trained_count > asked, asked), else_=Training.trained_count)
    query = select(Training.building_id, func.sum(asked), func.sum(came))
    rows = session.execute(query.group_by(Training.building_id))
    return [(row[0], int(row[1] or 0), int(row[2] or 0)) for row in rows]


def sum_posts(session: Session) -> tuple[float, float]:
    """Sum the full-time equivalents of posts: those filled, and all that were not refused."""
    query = select(Post.state, func.sum(Post.full_time_count)).group_by(Post.state)
    by_state = {state: float(count) for state, count in session.execute(query)}
    by_state.pop("refused", None)
    return by_state.get("filled", 0.0), sum(by_state.values())


def find_records(
    session: Session, model: type[Any], name: str, text: str, houses: Houses, limit: int
) -> list[SearchRow]:
    """Find records of a kind by code or by what they are called.

    Parameters
    ----------
    name
        The column that says what they are called.
    """
    called = getattr(model, name)
    is_placed = hasattr(model, "building_id")
    place = func.coalesce(Building.name, "") if is_placed else literal("")
    query = select(model.code, called, place, model.public_id)
    if is_placed:
        query = query.outerjoin(Building, Building.id == model.building_id)
    query = query.where(
        contains_words(text.split(), (model.code, called)), _in_houses(model, houses)
    )
    is_other = func.lower(model.code) != text.lower()
    return [
        SearchRow(*row)
        for row in session.execute(query.order_by(is_other, model.code).limit(limit))
    ]


def list_decisions(session: Session) -> list[Decision]:
    """Give all decisions, by code."""
    return list(session.scalars(select(Decision).order_by(Decision.code)))
