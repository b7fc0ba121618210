"""The table of uplinks: the code is its key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import uplinks
from wlantrack.services.actor import Action, Actor
from wlantrack.services.places import visible_buildings
from wlantrack.services.table_rows import RowOutcome
from wlantrack.services.uplinks import GREATEST_RATE_MBIT, UplinkValues
from wlantrack.store.models.demand import Uplink
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import uplinks as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_CLASS_NAMES: Final = {
    "Besucher": "visitor",
    "Besucher-WLAN": "visitor",
    "LHS": "internal",
    "LHS-WLAN": "internal",
    "Verwaltung der Geräte": "management",
    "Gebäudetechnik": "building",
    "kritisch": "critical",
}
_TEXTS: Final = ("provider", "note")


class UplinkTable:
    """Buildings' lines to the outside."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=40),
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("provider", german="Anbieter", max_length=120),
        Column(
            "network_class",
            Kind.CHOICE,
            german="Netzklasse",
            choices=NETWORK_CLASSES,
            choice_names=_CLASS_NAMES,
        ),
        Column(
            "down_mbit",
            Kind.NUMBER,
            required=True,
            german="Empfang Mbit/s",
            minimum=0.001,
            maximum=GREATEST_RATE_MBIT,
        ),
        Column(
            "up_mbit",
            Kind.NUMBER,
            required=True,
            german="Senden Mbit/s",
            minimum=0.001,
            maximum=GREATEST_RATE_MBIT,
        ),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the buildings and uplinks that the rows may mean."""
        del rows
        self.session, self.actor = session, actor
        visible = visible_buildings(actor, Action.SEE_PLACES)
        self.buildings = {
            building.code: building
            for building in place_queries.list_whole_buildings(session, visible)
        }
        self.uplinks = {uplink.code: uplink for uplink in queries.list_uplinks(session, None)}
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the uplink of a row."""
        code, building_code = str(row.values["code"]), str(row.values["building"])
        first = self.seen.setdefault(code, row.number)
        if first != row.number:
            raise _refuse(msg("Row %(row)d has the same uplink.", row=first), "code", code)
        building = self.buildings.get(building_code)
        if building is None:
            raise _refuse(msg("There is no such building."), "building", building_code)
        self.actor.require(Action.EDIT_DEMAND, building.id)
        uplink = self.uplinks.get(code)
        is_new = uplink is None
        if uplink is None:
            uplink = Uplink(building_id=building.id, building=building, loads=[])
        elif not uplinks.may_see(self.actor, uplink) or uplink.building_id != building.id:
            raise _refuse(msg("This code is taken."), "code", code)
        before = None if is_new else _values_of(uplink)
        values = _read_values(row, before)
        if values == before:
            return RowOutcome(row.number, code, "unchanged")
        uplinks.apply_values(self.session, self.actor, uplink, values)
        if is_new:
            self.session.add(uplink)
            self.uplinks[code] = uplink
            return RowOutcome(row.number, code, "created")
        changed = tuple(
            name for name, value in vars(values).items() if value != getattr(before, name)
        )
        return RowOutcome(row.number, code, "updated", changed)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the uplinks in scope that the actor may know of."""
        for uplink in queries.list_uplinks(session, visible_buildings(actor, Action.EXPORT_TABLES)):
            if not actor.can(Action.EXPORT_TABLES, uplink.building_id):
                continue
            if uplinks.may_see(actor, uplink):
                yield (
                    uplink.code,
                    uplink.building.code,
                    uplink.provider,
                    uplink.network_class,
                    uplink.down_mbit,
                    uplink.up_mbit,
                    uplink.note,
                )


def _values_of(uplink: Uplink) -> UplinkValues:
    return UplinkValues(
        uplink.code,
        uplink.down_mbit,
        uplink.up_mbit,
        uplink.provider,
        uplink.network_class,
        uplink.note,
    )


def _read_values(row: Row, before: UplinkValues | None) -> UplinkValues:
    """Give a row's values; a column that the table lacks stays as it was."""
    texts = {
        name: str(row.values[name] or "") if name in row.values else getattr(before, name, "")
        for name in _TEXTS
    }
    network_class = before.network_class if before is not None else None
    if "network_class" in row.values:
        network_class = str(row.values["network_class"]) if row.values["network_class"] else None
    return UplinkValues(
        code=str(row.values["code"]),
        down_mbit=float(str(row.values["down_mbit"])),
        up_mbit=float(str(row.values["up_mbit"])),
        provider=texts["provider"],
        network_class=network_class,
        note=texts["note"],
    )


def _refuse(message: Message, field: str, value: str) -> InvalidInput:
    return InvalidInput(
        Problem(
            message,
            msg("Correct the cell, or leave the row out."),
            field=field,
            value=value,
        )
    )
