"""The table of cable routes: the code is the key, the course stands in WKT.

Decides that a row without a wing cell gets the wing around its course, as when it is drawn.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cable_routes import (
    MOST_CABLES,
    RISER,
    ROUTE_KINDS,
    check_upper,
    find_wing_around,
    place_of,
)
from wlantrack.services.places import floor_code
from wlantrack.services.route_lines import check_on_plan, make_line, points_of, read_wkt, write_wkt
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.table_records import RecordTable
from wlantrack.store.models.permits import CableRoute
from wlantrack.store.queries import cable_routes as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.places import Floor

KIND_NAMES: Final = {
    "Kabeltrasse": "tray",
    "Trasse": "tray",
    "Leerrohr": "conduit",
    "Kabelkanal": "duct",
    "Steigschacht": "riser",
}


def _course_of(record: CableRoute) -> BaseGeometry | None:
    """Give the course of a route; a new one has none yet."""
    return record.line


class RouteTable(RecordTable):
    """Trays, conduits, ducts and risers with their courses."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("kind", Kind.CHOICE, german="Art", choices=ROUTE_KINDS, choice_names=KIND_NAMES),
        Column("floor", required=True, german="Geschoss", max_length=40),
        Column("upper_floor", german="oberes Geschoss", max_length=40),
        Column("wing", german="Flügel", max_length=16),
        Column("line_wkt", german="Verlauf WKT", aliases=("Verlauf",), max_length=20_000),
        Column(
            "capacity",
            Kind.INTEGER,
            german="Platz für Kabel",
            minimum=1,
            maximum=MOST_CABLES,
        ),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar = {
        "kind": ("kind", "tray"),
        "capacity": ("capacity", None),
        "note": ("note", ""),
    }
    is_named = False

    def load(self) -> None:
        """Load the routes by code."""
        self.records = {item.code: item for item in queries.load_routes(self.session, None)}

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> CableRoute:
        """Make a tray without a course."""
        return CableRoute(public_id=uuid.uuid4(), code=key, **self.defaults())

    def check_reach(self, record: CableRoute) -> None:
        """Refuse a route that lies out of scope."""
        if not self.actor.can(Action.EDIT_CABLING, *place_of(record)):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: CableRoute, row: Row) -> dict[str, object]:
        """Give floors, course and wing."""
        floor = self.places.find_floor(str(row.values["floor"]))
        found: dict[str, object] = {"floor_id": floor.id, "floor": floor}
        if "upper_floor" in row.values:
            name = row.values["upper_floor"]
            upper = self._find_upper(str(name)) if name else None
            found |= {"upper_floor_id": upper.id if upper else None, "upper_floor": upper}
        kind = str(row.values.get("kind") or ("tray" if "kind" in row.values else record.kind))
        found |= self._find_course(record, row, floor, is_riser=kind == RISER)
        if "wing" in row.values:
            code = row.values["wing"]
            wing = self.places.find_wing(floor, str(code)) if code else None
            found |= {"wing_id": wing.id if wing else None, "wing": wing}
        elif "line" in found or record.wing is None or record.wing.building_id != floor.building_id:
            wing = find_wing_around(floor, found.get("line", record.line))  # type: ignore[arg-type] # a course
            found |= {"wing_id": wing.id if wing else None, "wing": wing}
        return found

    def _find_upper(self, name: str) -> Floor:
        try:
            return self.places.find_floor(name)
        except InvalidInput as error:
            problems = (replace(each, field="upper_floor") for each in error.problems)
            raise InvalidInput(*problems) from error

    def _find_course(
        self, record: CableRoute, row: Row, floor: Floor, *, is_riser: bool
    ) -> dict[str, object]:
        """Give the course of a row if it is another one; the record's own must fit the row, too."""
        text, before = row.values.get("line_wkt"), _course_of(record)
        if not text and before is None:
            raise InvalidInput(
                Problem(
                    msg("This is missing."),
                    msg(
                        "Write it like LINESTRING (10 5, 22 5, 22 14), a riser like POINT (10 5),"
                        " in building metres."
                    ),
                    field="line_wkt",
                )
            )
        try:
            points = read_wkt(str(text)) if text or before is None else points_of(before)
            line = make_line(points, is_riser=is_riser)
            is_same = before is not None and before.equals_exact(line, 0)
            if is_same and record.floor_id == floor.id:
                return {}
            check_on_plan(self.session, floor, line)
        except InvalidInput as error:
            raise InvalidInput(
                *(replace(each, field="line_wkt") for each in error.problems)
            ) from error
        return {} if is_same else {"line": line}

    def check(self, record: CableRoute, row: Row) -> None:
        """Refuse a route that cannot be, or lies out of scope."""
        del row
        check_upper(record.floor, record.upper_floor, record.kind)
        self.check_reach(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the routes in scope."""
        pairs = scope_pairs(actor, Action.EXPORT_TABLES)
        for item in queries.load_routes(session, pairs):
            yield (
                item.code,
                item.kind,
                floor_code(item.floor),
                floor_code(item.upper_floor) if item.upper_floor else "",
                item.wing.code if item.wing else "",
                write_wkt(item.line),
                item.capacity,
                item.note,
            )
