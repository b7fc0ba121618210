"""The table of what is attested of access points: the code is its key, and must exist.

It stands beside the table of access points, whose headers are agreed with others.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.networks.plan import HARDENING_ITEMS
from wlantrack.services.actor import Action, Actor
from wlantrack.services.attestations import (
    PLAIN_FIELDS,
    Attestation,
    apply_attestation,
    attestation_of,
    read_bssids,
)
from wlantrack.services.table_rows import RowOutcome
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_HARDENING: Final = {
    "hardened_credentials": ("credentials changed", "Zugangsdaten geändert"),
    "hardened_names": ("default names removed", "Werksnamen entfernt"),
    "hardened_firmware": ("firmware current", "Firmware aktuell"),
    "hardened_management": ("management encrypted", "Verwaltung verschlüsselt"),
    "hardened_services": ("unused services off", "Dienste abgeschaltet"),
    "hardened_console": ("console closed", "Konsole gesperrt"),
}
"""Column: item of the checklist, German header."""

_FIELDS: Final = {
    "theft_protection": "has_theft_protection",
    "surge_protection": "has_surge_protection",
    "red_declaration": "has_red_declaration",
}
"""Columns whose field has another name."""


class AttestationTable:
    """What is attested of access points that are there already."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("bssids", german="BSSIDs", max_length=1_200),
        Column("theft_protection", Kind.BOOLEAN, german="Diebstahlschutz"),
        Column("ip_class", german="IP-Schutzart", max_length=10),
        Column("surge_protection", Kind.BOOLEAN, german="Überspannungsschutz"),
        *(Column(name, Kind.BOOLEAN, german=german) for name, (_, german) in _HARDENING.items()),
        Column("measured_on", Kind.DATE, german="Ausleuchtung gemessen am"),
        Column("link_tested_on", Kind.DATE, german="Verbindung geprüft am"),
        Column("purchased_on", Kind.DATE, german="Gekauft am"),
        Column("red_declaration", Kind.BOOLEAN, german="Erklärung nach RED 3(3)"),
        Column("used_until", Kind.DATE, german="Nutzung bis"),
        Column("revoked_on", Kind.DATE, german="Gesperrt am"),
    )
    finds_all = False

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the access points that the rows name, with their addresses."""
        self.session, self.actor = session, actor
        self.points = point_queries.get_by_codes(session, {str(row.values["code"]) for row in rows})
        self.bssids = queries.map_bssids(session)
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Change what is attested of the access point of a row; empty cells are not known."""
        code = str(row.values["code"])
        first = self.seen.setdefault(code, row.number)
        if first != row.number:
            raise _refuse("code", code, msg("Row %(row)d has the same code.", row=first))
        point = self.points.get(code)
        if point is None or not self.actor.can(
            Action.SEE_ACCESS_POINTS, point.floor.building_id, point.wing_id
        ):
            raise _refuse("code", code, msg("There is no such access point."))
        self.actor.require(Action.EDIT_ACCESS_POINTS, point.floor.building_id, point.wing_id)
        records = self.bssids.get(point.id, [])
        before = attestation_of(point, records)
        after = _read_row(row, before)
        if after == before:
            return RowOutcome(row.number, code, "unchanged")
        apply_attestation(self.session, point, after, records)
        changed = tuple(
            name for name, value in vars(after).items() if value != getattr(before, name)
        )
        return RowOutcome(row.number, code, "updated", changed)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give what is attested of the access points in scope."""
        bssids = queries.map_bssids(session)
        for point in point_queries.load_for_table(session, actor.scope_pairs(Action.EXPORT_TABLES)):
            values = attestation_of(point, bssids.get(point.id, []))
            yield (point.code, *(_cell(values, column.name) for column in self.columns[1:]))


def _cell(values: Attestation, column: str) -> Value:
    if column in _HARDENING:
        return values.hardening.get(_HARDENING[column][0])
    if column == "bssids":
        return " ".join(values.bssids or ()) or None
    value: Value = getattr(values, _FIELDS.get(column, column))
    return None if value == "" else value


def _read_row(row: Row, before: Attestation) -> Attestation:
    """Give a row's values; a column that the table lacks stays as it was."""
    given: dict[str, Any] = {
        _FIELDS.get(name, name): value
        for name, value in row.values.items()
        if _FIELDS.get(name, name) in PLAIN_FIELDS
    }
    if "ip_class" in row.values:
        given["ip_class"] = str(row.values["ip_class"] or "").replace(" ", "").upper()
    if "bssids" in row.values:
        given["bssids"] = read_bssids(str(row.values["bssids"] or ""))
    hardening = dict(before.hardening)
    for column, (item, _) in _HARDENING.items():
        if column in row.values:
            hardening.pop(item, None)
            if row.values[column] is not None:
                hardening[item] = bool(row.values[column])
    given["hardening"] = {item: hardening[item] for item in HARDENING_ITEMS if item in hardening}
    return replace(before, **given)


def _refuse(field: str, value: str, message: Message) -> InvalidInput:
    remedy = msg("Correct the cell, or leave the row out.")
    return InvalidInput(Problem(message, remedy, field=field, value=value))
