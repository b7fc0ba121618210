"""Forms of orders: the list's filters, the record, and the order that runs are assigned to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.orders import STATES, OrderFilter, OrderValues
from wlantrack.services.packs import Visit
from wlantrack.web.cabling.words import all_or
from wlantrack.web.forms import REQUIRED, EntryForm
from wlantrack.web.languages import translate
from wlantrack.web.lists import ListFilter
from wlantrack.web.permits.forms import SpokenFields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from wlantrack.services.packs import Places
    from wlantrack.store.queries.orders import OrderRow
    from wlantrack.store.queries.places import BuildingName


def state_choices(keys: Iterable[str] = STATES) -> list[tuple[str, str]]:
    """Give the states of orders in their order."""
    return [(key, translate(STATES[key].label)) for key in keys]


class FilterForm(ListFilter):
    """What the list of orders is narrowed to."""

    q = StringField(_l("Words"))
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    firm = SelectField(_l("Firm"))

    def offer(self, buildings: list[BuildingName], firms: list[str]) -> None:
        """Offer what there is, each list beginning with all."""
        self.state.choices = all_or(state_choices())
        self.building.choices = all_or((row.code, row.name) for row in buildings)
        self.firm.choices = all_or((firm, firm) for firm in firms)

    def narrow(self) -> OrderFilter:
        """Give the filter that was entered."""
        return OrderFilter(
            words=(self.q.data or "").strip(),
            state=self.state.data or "",
            building=(self.building.data or "") if "building" in self else "",
            wing=(self.wing.data or "").strip(),
            firm=(self.firm.data or "") if "firm" in self else "",
        )


class OrderForm(SpokenFields):
    """What people edit about an order."""

    firm = StringField(_l("Firm"), [InputRequired(REQUIRED), Length(max=120)])
    name = StringField(_l("What is ordered"), [Length(max=160)])
    state = SelectField(_l("State"))
    building = SelectField(_l("Building"), coerce=str)
    wing = StringField(_l("Wing"), [Length(max=16)])
    ordered_on = DateField(_l("Ordered on"), [Optional()])
    delivery = StringField(_l("Delivery"), [Length(max=80)])
    delivery_earliest = DateField(_l("Not before"), [Optional()])
    delivery_latest = DateField(_l("At the latest"), [Optional()])
    delivered_on = DateField(_l("Delivered on"), [Optional()])
    contact = StringField(_l("Contact"), [Length(max=200)])
    code = StringField(_l("Code"), [Length(max=60)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, buildings: list[BuildingName]) -> None:
        """Offer the states and buildings there are."""
        self.state.choices = state_choices()
        self.building.choices = [
            ("", gettext("the whole city")),
            *((row.code, f"{row.code} {row.name}") for row in buildings),
        ]

    def fill(self, values: OrderValues, version: int | None = None) -> None:
        """Show an order's values."""
        plain = {key: value for key, value in vars(values).items() if key != "delivery"}
        self.show_current(plain, version)
        self.show_date("delivery", values.delivery)

    def values(self) -> OrderValues:
        """Give what was entered as plain values."""
        texts = {
            name: (self[name].data or "").strip()
            for name in ("firm", "name", "building", "wing", "code", "contact", "note")
        }
        return OrderValues(
            state=self.state.data,
            ordered_on=self.ordered_on.data,
            delivery=self.read_date("delivery"),
            delivered_on=self.delivered_on.data,
            **texts,
        )


class PackForm(EntryForm):
    """When a firm comes and where to; sent by GET, so that the same pack is printed again."""

    class Meta:
        """Printing changes nothing: it needs no token."""

        csrf = False

    on = DateField(_l("Day of the visit"), [Optional()])
    wing = SelectField(_l("Wing"), default="")
    level = SelectField(_l("Floor"), default="")

    def offer(self, places: Places) -> None:
        """Offer where there is something to be installed."""
        self.wing.choices = [("", gettext("all wings")), *places.wings]
        self.level.choices = [
            ("", gettext("all floors")),
            *((str(level), name) for level, name in places.levels),
        ]

    def visit(self, today: date) -> Visit:
        """Give what was entered; without a day it is today."""
        level = int(self.level.data) if self.level.data else None
        return Visit(self.on.data or today, self.wing.data or "", level)


def describe_order(row: OrderRow) -> str:
    """Say in a line which order this is."""
    place = f"{row.building}/{row.wing}" if row.wing else row.building
    words = (row.firm, row.name, place, translate(STATES[row.state].label))
    return f"{row.code}: {', '.join(word for word in words if word)}"
