"""Orders: list, find, add, change, and say which cable runs and access points they are for.

Decides that a run is its firm's through its order: assigning sets the firm of the run in the same
act, cancelling or taking it out clears it. A firm sees its own orders once they are out, and never
changes one.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.rollout.lifecycle import Mark, State
from wlantrack.services import belongings, history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.bulk_changes import (
    BulkResult,
    Selected,
)
from wlantrack.services.cabling_places import next_number, taken_code
from wlantrack.services.covering import cover_ticked, load_ticked, name_of, thing_of
from wlantrack.services.named_things import find_named, list_houses
from wlantrack.services.permits import find_house, find_wing
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Order, OrderSubject
from wlantrack.store.queries import orders as queries
from wlantrack.store.queries.orders import OrderFilter, OrderReach
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.history import Entry
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Building, Wing
    from wlantrack.store.queries.orders import OrderRow

__all__ = ["OrderFilter"]

STATES: Final = {
    state.key: state
    for state in (
        State("draft", msg("draft"), Mark.PLANNED),
        State("ordered", msg("work ordered"), Mark.ORDERED),
        State("partly delivered", msg("partly delivered"), Mark.ORDERED),
        State("delivered", msg("delivered"), Mark.MOUNTED),
        State("accepted", msg("accepted"), Mark.LIVE, is_live=True),
        State("cancelled", msg("cancelled"), Mark.UNDATED, is_planned=False),
    )
}
OFFERED: Final = 2_000
PLAIN_FIELDS: Final = (
    "name",
    "firm",
    "state",
    "ordered_on",
    "delivery",
    "delivered_on",
    "contact",
    "note",
)


@dataclass(frozen=True)
class OrderValues:
    """What people edit about an order; an empty code gets the next free one."""

    firm: str
    building: str = ""
    wing: str = ""
    code: str = ""
    name: str = ""
    state: str = "draft"
    ordered_on: date | None = None
    delivery: SpokenDate | None = None
    delivered_on: date | None = None
    contact: str = ""
    note: str = ""


def reach_of(actor: Actor) -> OrderReach:
    """Give which orders the actor sees, for queries."""
    firms = tuple((scope.firm, scope.building_id, scope.wing_id) for scope in actor.firm_scopes())
    return OrderReach(actor.scope_pairs(Action.SEE_CABLING), firms)


def list_orders(
    session: Session, actor: Actor, narrow: OrderFilter, page: Page
) -> tuple[list[OrderRow], int]:
    """Give one page of the orders that the actor sees, and how many match."""
    return queries.list_orders(session, reach_of(actor), narrow, page)


def list_firms(session: Session, actor: Actor) -> list[str]:
    """Give the firms of orders that the actor sees."""
    return queries.list_firms(session, reach_of(actor))


def list_choices(
    session: Session, actor: Actor, selected: Sequence[Selected] = ()
) -> list[OrderRow]:
    """Give the orders to which the actor may assign runs: of their buildings, or of the city."""
    reach = OrderReach(scope_pairs(actor, Action.EDIT_CABLING))
    rows, _ = queries.list_orders(session, reach, OrderFilter(), Page(limit=OFFERED))
    houses = {None, *list_houses(session, selected)}
    return [
        row for row in rows if row.state != "cancelled" and (not selected or row.building in houses)
    ]


def sees_inside(actor: Actor, order: Order) -> bool:
    """Tell whether the actor sees what an order says to staff."""
    return actor.can(Action.SEE_CABLING, order.building_id, order.wing_id)


def is_own(actor: Actor, order: Order) -> bool:
    """Tell whether an order is out to a firm for which the actor works."""
    return order.state != "draft" and any(
        scope.firm == order.firm and scope.covers(order.building_id, order.wing_id)
        for scope in actor.firm_scopes()
    )


def find_order(session: Session, actor: Actor, ref: str) -> Order:
    """Give an order by code or public id, with its place and what it is for.

    Raises
    ------
    NotFound
        There is none, or the actor does not see it.
    """
    public_id = places.parse_uuid(ref)
    order = (
        queries.get_order_by_code(session, ref)
        if public_id is None
        else queries.get_order(session, public_id)
    )
    if order is None or not (sees_inside(actor, order) or is_own(actor, order)):
        raise NotFound(msg("There is no such order; perhaps somebody has deleted it."))
    return order


def _find_to_edit(session: Session, actor: Actor, ref: str) -> Order:
    order = find_order(session, actor, ref)
    actor.require(Action.EDIT_CABLING, order.building_id, order.wing_id)
    return order


def list_history(session: Session, actor: Actor, order: Order) -> list[Entry]:
    """Give what happened to an order that was found before, the latest first."""
    return history.list_of_record(session, actor, order.__tablename__, order.public_id)


def list_at_run(session: Session, run: CableRun) -> list[Order]:
    """Give the orders that a run belongs to, by code."""
    return [order for _, order in queries.list_of_runs(session, {run.id})]


def values_of(order: Order) -> OrderValues:
    """Give an order's values, to change some of them."""
    return OrderValues(
        building=order.building.code if order.building else "",
        wing=order.wing.code if order.wing else "",
        code=order.code,
        **{name: getattr(order, name) for name in PLAIN_FIELDS},
    )


def add_order(session: Session, actor: Actor, values: OrderValues) -> Order:
    """Add an order for nothing yet.

    Raises
    ------
    InvalidInput
        Its place is unknown, a value impossible, or its code taken.
    """
    order = Order(public_id=uuid.uuid4(), subjects=[])
    _apply(session, actor, order, values)
    session.add(order)
    session.commit()
    return order


def edit_order(
    session: Session, actor: Actor, ref: str, values: OrderValues, version: int | None
) -> Order:
    """Change an order, and with it whose its runs are.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        Its place is unknown or leaves out what it is for, a value impossible, or its code taken.
    """
    order = _find_to_edit(session, actor, ref)
    require_version(session, order, version)
    with session.no_autoflush:  # one change, one version, one event
        before = order.firm
        _apply(session, actor, order, values)
        for subject in order.subjects:
            hand_over(order, subject, before)
    session.commit()
    return order


def delete_order(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete an order that is not out yet.

    Raises
    ------
    InvalidInput
        It is out: it is cancelled, and stays readable.
    """
    order = _find_to_edit(session, actor, ref)
    require_version(session, order, version)
    if order.state != "draft":
        raise _refuse(
            msg("This order is out: it does not vanish with its record."),
            msg("Set it to cancelled."),
            "state",
        )
    for subject in order.subjects:
        take_back(order.firm, subject)
    session.delete(order)
    session.commit()


def _apply(session: Session, actor: Actor, order: Order, values: OrderValues) -> None:
    building, wing = find_place(session, actor, values.building.strip(), values.wing.strip())
    actor.require(Action.EDIT_CABLING, building.id if building else None, wing.id if wing else None)
    code = values.code.strip() or order.code or _next_code(session, building)
    if code != order.code and queries.get_order_by_code(session, code) is not None:
        raise taken_code(code)
    order.code = code
    place_order(order, building, wing)
    for name in PLAIN_FIELDS:
        if getattr(order, name) != getattr(values, name):
            setattr(order, name, getattr(values, name))
    check_order(order)


def _next_code(session: Session, building: Building | None) -> str:
    prefix = f"{building.code}-A-" if building else "A-"
    return f"{prefix}{next_number(queries.list_codes(session, prefix), prefix)}"


def find_place(
    session: Session, actor: Actor, building_code: str, wing_code: str
) -> tuple[Building | None, Wing | None]:
    """Give building and wing by code; an order without building is for the whole city.

    Raises
    ------
    InvalidInput
        One of them is unknown or out of scope, or a wing stands there without its building.
    """
    if not building_code:
        if wing_code:
            raise _refuse(
                msg("A wing stands there without its building."),
                msg("Choose the building, or leave the wing empty."),
                "wing",
            )
        return None, None
    building = find_house(session, actor, building_code)
    return building, find_wing(building, wing_code)


def place_order(order: Order, building: Building | None, wing: Wing | None) -> None:
    """Say for which place an order is; does not commit.

    Raises
    ------
    InvalidInput
        It is for something that lies elsewhere.
    """
    order.building_id, order.building = (building.id if building else None), building
    order.wing_id, order.wing = (wing.id if wing else None), wing
    outside = [
        name_of(subject) for subject in order.subjects if not _lies_in(order, thing_of(subject))
    ]
    if outside:
        raise _refuse(
            msg("This order is for %(names)s, which lie elsewhere.", names=tuple(outside[:5])),
            msg("Take them out of the order first, or leave the wing empty."),
            "wing",
        )


def check_order(order: Order) -> None:
    """Refuse an order that cannot be.

    Raises
    ------
    InvalidInput
        Names each field that is wrong.
    """
    problems = []
    if not order.firm.strip():
        problems.append(
            Problem(
                msg("An order needs a firm."), msg("Write the firm as runs name it."), field="firm"
            )
        )
    if order.state not in STATES:
        problems.append(
            Problem(msg("There is no such choice."), msg("Choose one of the list."), field="state")
        )
    if order.state not in {"draft", "cancelled"} and order.ordered_on is None:
        problems.append(
            Problem(
                msg("An order that is out has a day on which it was given."),
                msg("Enter the day of the letter."),
                field="ordered_on",
            )
        )
    if order.ordered_on and order.delivered_on and order.delivered_on < order.ordered_on:
        problems.append(
            Problem(
                msg("It was delivered before it was ordered."),
                msg("Check both days."),
                field="delivered_on",
                value=order.delivered_on.isoformat(),
            )
        )
    if problems:
        raise InvalidInput(*problems)


def _lies_in(order: Order, thing: CableRun | AccessPoint) -> bool:
    is_inside = order.building_id in (None, thing.floor.building_id)
    return is_inside and order.wing_id in (None, thing.wing_id)


def hand_over(order: Order, subject: OrderSubject, before: str) -> None:
    """Make a run its order's firm's; of a cancelled order it is nobody's. Does not commit."""
    if order.state == "cancelled":
        take_back(before, subject)
    elif subject.cable_run is not None and subject.cable_run.firm in {"", before}:
        subject.cable_run.firm = order.firm


def take_back(firm: str, subject: OrderSubject) -> None:
    """Make a run nobody's if it was this firm's; does not commit."""
    if subject.cable_run is not None and subject.cable_run.firm == firm:
        subject.cable_run.firm = ""


def assign(
    session: Session, actor: Actor, ref: str, selected: Sequence[Selected]
) -> tuple[Order, BulkResult]:
    """Assign runs to an order, row by row; what cannot be stays and says why.

    Raises
    ------
    InvalidInput
        Nothing or too much is selected.
    NotFound
        There is no such order in scope.
    """
    ticked = load_ticked(session, selected)
    order = _find_to_edit(session, actor, ref)
    others = list_others(session, order, [run for run in ticked.values() if run is not None])
    rows = cover_ticked(session, actor, ticked, lambda run: add_subject(order, run, others))
    session.commit()
    return order, BulkResult(order.code, rows)


def list_others(session: Session, order: Order, runs: Iterable[CableRun]) -> dict[int, Order]:
    """Give the other orders that are not cancelled, by the runs that they are for."""
    found = queries.list_of_runs(session, {run.id for run in runs})
    return {
        run_id: other
        for run_id, other in found
        if other is not order and other.state != "cancelled"
    }


def add_subject(
    order: Order, thing: CableRun | AccessPoint, others: dict[int, Order] | None = None
) -> None:
    """Assign one thing to an order, and a run to its firm; does not commit.

    Raises
    ------
    InvalidInput
        The order is cancelled or for the thing already, or the thing lies elsewhere or is in
        another order.
    """
    name = belongings.name_of(thing)
    other = (others or {}).get(thing.id) if isinstance(thing, CableRun) else None
    if order.state == "cancelled":
        raise _refuse(
            msg("%(code)s is cancelled.", code=order.code), msg("Choose another order."), "names"
        )
    if any(thing_of(subject) is thing for subject in order.subjects):
        raise _refuse(
            msg("%(name)s is in %(code)s already.", code=order.code, name=name),
            msg("There is nothing to do."),
            "names",
        )
    if not _lies_in(order, thing):
        raise _refuse(
            msg("%(name)s does not lie where %(code)s is for.", name=name, code=order.code),
            msg("Choose an order of that place, or add one."),
            "names",
        )
    if other is not None:
        raise _refuse(
            msg(
                "%(name)s is in %(code)s of %(firm)s.",
                name=name,
                code=other.code,
                firm=other.firm,
            ),
            msg("Take it out there first, or cancel that order."),
            "names",
        )
    subject = OrderSubject(public_id=uuid.uuid4())
    if isinstance(thing, CableRun):
        subject.cable_run_id, subject.cable_run, subject.access_point = thing.id, thing, None
        thing.firm = order.firm
    else:
        subject.access_point_id, subject.access_point, subject.cable_run = thing.id, thing, None
    order.subjects.append(subject)


def assign_named(session: Session, actor: Actor, ref: str, names: Iterable[str]) -> int:
    """Assign runs by label and access points by code to an order; all of them or none.

    Raises
    ------
    InvalidInput
        A name means nothing in scope, or something cannot be assigned.
    """
    order = _find_to_edit(session, actor, ref)
    things = find_named(session, actor, list(names))
    if not things:
        raise _refuse(
            msg("Nothing is named."),
            msg("Write labels of runs or codes of access points."),
            "names",
        )
    runs = [thing for thing in things if isinstance(thing, CableRun)]
    others = list_others(session, order, runs)
    with session.no_autoflush:
        for thing in things:
            add_subject(order, thing, others)
    session.commit()
    return len(things)


def take_out(session: Session, actor: Actor, ref: str, subject_ids: Iterable[str]) -> int:
    """Take some things out of an order, by the public ids of its subjects; give how many."""
    order = _find_to_edit(session, actor, ref)
    wanted = {places.parse_uuid(text) for text in subject_ids}
    gone = [subject for subject in order.subjects if subject.public_id in wanted]
    for subject in gone:
        take_back(order.firm, subject)
        order.subjects.remove(subject)
    session.commit()
    return len(gone)


def _refuse(message: Message, remedy: Message, field: str) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field))
