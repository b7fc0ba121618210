"""The table of orders: the code is the key; a cell names the runs and access points they are for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.orders import (
    STATES,
    add_subject,
    check_order,
    find_place,
    hand_over,
    list_others,
    place_order,
    take_back,
)
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.spoken_entry import days_beside, read_spoken
from wlantrack.services.table_covering import CoveringTable, write_covered
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.permits import Order
from wlantrack.store.queries import orders as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.services.named_things import Thing
    from wlantrack.store.models.permits import OrderSubject

STATE_NAMES: Final = {
    "Entwurf": "draft",
    "beauftragt": "ordered",
    "teilweise geliefert": "partly delivered",
    "geliefert": "delivered",
    "abgenommen": "accepted",
    "storniert": "cancelled",
    "abgesagt": "cancelled",
}


class OrderTable(CoveringTable):
    """Orders with their firms, places, days and what they are for."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("firm", required=True, german="Firma", max_length=120),
        Column("name", german="Leistung", max_length=160),
        Column(
            "state",
            Kind.CHOICE,
            german="Stand",
            choices=tuple(STATES),
            choice_names=STATE_NAMES,
        ),
        Column("building", german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("ordered_on", Kind.DATE, german="beauftragt am"),
        Column("delivery", german="Lieferung", max_length=80),
        Column("delivery_earliest", Kind.DATE, german="Lieferung frühestens"),
        Column("delivery_latest", Kind.DATE, german="Lieferung spätestens"),
        Column("delivered_on", Kind.DATE, german="geliefert am"),
        Column("contact", german="Ansprechpartner", max_length=200),
        Column("covers", german="gilt für", max_length=20_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar = {
        "firm": ("firm", ""),
        "name": ("name", ""),
        "state": ("state", "draft"),
        "ordered_on": ("ordered_on", None),
        "delivered_on": ("delivered_on", None),
        "contact": ("contact", ""),
        "note": ("note", ""),
    }
    is_named = False

    def load(self) -> None:
        """Load the orders by code."""
        self.records = {order.code: order for order in queries.load_orders(self.session, None)}

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Order:
        """Make an order for nothing yet."""
        return Order(public_id=uuid.uuid4(), code=key, subjects=[], **self.defaults())

    def check_reach(self, record: Order) -> None:
        """Refuse an order that lies out of scope."""
        if not self.actor.can(Action.EDIT_CABLING, record.building_id, record.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: Order, row: Row) -> dict[str, object]:
        """Give building and wing, and when it is delivered."""
        found: dict[str, object] = {}
        if "building" in row.values or "wing" in row.values:
            before = record.building.code if record.building else ""
            code = str(row.values.get("building", before) or "")
            wing_code = str(row.values.get("wing") or "")
            building, wing = find_place(self.session, self.actor, code, wing_code)
            found |= {
                "building_id": building.id if building else None,
                "building": building,
                "wing_id": wing.id if wing else None,
                "wing": wing,
            }
        if "delivery" in row.values:
            delivery = read_spoken(
                str(row.values["delivery"] or ""),
                "delivery",
                row.values.get("delivery_earliest"),  # type: ignore[arg-type] # holds dates
                row.values.get("delivery_latest"),  # type: ignore[arg-type] # holds dates
            )
            # A composite of nothing but empty columns may read as a date without words.
            if delivery != (record.delivery if record.delivery_wording else None):
                found["delivery"] = delivery
        return found

    def check(self, record: Order, row: Row) -> None:
        """Refuse an order that cannot be, or lies out of scope."""
        del row
        self.check_reach(record)
        check_order(record)
        place_order(record, record.building, record.wing)

    def set_own_fields(self, record: Order, row: Row) -> list[str]:
        """Set all but what the order is for; its runs follow to another firm."""
        before = record.firm
        changed = super().set_own_fields(record, row)
        for subject in record.subjects:
            hand_over(record, subject, before)
        return changed

    def cover(self, record: Order, things: list[Thing]) -> None:
        """Let an order be for further things."""
        runs = [thing for thing in things if isinstance(thing, CableRun)]
        others = list_others(self.session, record, runs)
        for thing in things:
            add_subject(record, thing, others)

    def uncover(self, record: Order, subject: OrderSubject) -> None:
        """Take one out of an order, and a run from its firm."""
        take_back(record.firm, subject)
        super().uncover(record, subject)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the orders in scope."""
        for item in queries.load_orders(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            first, last = days_beside(item.delivery)
            yield (
                item.code,
                item.firm,
                item.name,
                item.state,
                item.building.code if item.building else "",
                item.wing.code if item.wing else "",
                item.ordered_on,
                item.delivery_wording or "",
                first,
                last,
                item.delivered_on,
                item.contact,
                write_covered(item.subjects),
                item.note,
            )
