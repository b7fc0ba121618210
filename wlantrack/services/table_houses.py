"""Tables of places: buildings, wings and floors."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.outlines import parse_wkt, read_outline, write_outline
from wlantrack.services.places import (
    LEVELS,
    default_floor_name,
    is_code,
    require_ascending,
    visible_buildings,
)
from wlantrack.services.table_records import RecordTable, refuse_place, refuse_unknown
from wlantrack.store.models.places import Building, Floor, Wing
from wlantrack.store.queries import places as queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row


def _require_code(code: str, field: str) -> None:
    if not is_code(code):
        raise InvalidInput(
            Problem(
                msg("A code has 1 to 16 letters, digits, dots or underscores."),
                msg("Choose a short code such as RH or MP."),
                field=field,
                value=code,
            )
        )


class BuildingTable(RecordTable):
    """Buildings: the code is the key."""

    columns = (
        Column("code", required=True, german="Kürzel", max_length=16),
        Column("name", german="Bezeichnung", max_length=120),
        Column("address", german="Adresse", aliases=("Anschrift",), max_length=200),
        Column("public", Kind.BOOLEAN, german="öffentlich"),
        Column("listed", Kind.BOOLEAN, german="Denkmal", aliases=("denkmalgeschützt",)),
        Column("begun_on", Kind.DATE, german="Baubeginn"),
        Column("priority", Kind.INTEGER, german="Priorität", minimum=1, maximum=5),
        Column("priority_reason", german="Grund der Priorität", max_length=200),
        Column("opening_hours", german="Öffnungszeiten", max_length=200),
        Column("origin_easting_m", Kind.NUMBER, german="Ostwert m"),
        Column("origin_northing_m", Kind.NUMBER, german="Nordwert m"),
        Column("rotation_deg", Kind.NUMBER, german="Drehung Grad", minimum=-360, maximum=360),
        Column("footprint_wkt", german="Grundfläche", max_length=20_000),
    )
    plain: ClassVar = {
        "name": ("name", ""),
        "address": ("address", ""),
        "public": ("is_public", False),
        "listed": ("is_listed", False),
        "begun_on": ("begun_on", None),
        "priority": ("priority", 3),
        "priority_reason": ("priority_reason", ""),
        "opening_hours": ("opening_hours", ""),
        "origin_easting_m": ("origin_easting_m", None),
        "origin_northing_m": ("origin_northing_m", None),
        "rotation_deg": ("rotation_deg", 0.0),
    }

    def load(self) -> None:
        """Load the buildings."""
        self.records = dict(queries.list_buildings_by_code(self.session).items())

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Building:
        """Make a building; its name is its code until it has one."""
        _require_code(key, "code")
        if not self.actor.can(Action.EDIT_PLACES):
            raise refuse_place("code", key)
        values = self.defaults() | {"code": key, "name": key}
        return Building(footprint=None, wings=[], floors=[], **values)

    def check_reach(self, record: Building) -> None:
        """Refuse a building that does not lie whole in the actor's scope."""
        if not self.actor.can(Action.IMPORT_TABLES, record.id):
            raise refuse_place("code", record.code)

    def find_values(self, record: Building, row: Row) -> dict[str, object]:
        """Give the footprint, which lies in the storage CRS."""
        del record
        if "footprint_wkt" not in row.values:
            return {}
        return {"footprint": _read_footprint(row.values["footprint_wkt"])}

    def check(self, record: Building, row: Row) -> None:
        """Refuse a building without a name, or with half a position."""
        del row
        if not record.name.strip():
            message, remedy = msg("A building needs a name."), msg("Fill in the name.")
            raise InvalidInput(Problem(message, remedy, field="name"))
        if (record.origin_easting_m is None) != (record.origin_northing_m is None):
            message = msg("Easting and northing belong together.")
            remedy = msg("Give both, or leave both empty.")
            raise InvalidInput(Problem(message, remedy, field="origin_northing_m"))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the buildings that lie whole in scope."""
        for code, building in sorted(queries.list_buildings_by_code(session).items()):
            if actor.can(Action.EXPORT_TABLES, building.id):
                plain = (getattr(building, field) for field, _ in self.plain.values())
                yield (code, *plain, write_outline(building.footprint))


def _read_footprint(cell: object) -> BaseGeometry | None:
    """Read a footprint; unlike outlines in a building it lies far from any origin."""
    if cell is None:
        return None
    footprint = parse_wkt(str(cell))
    is_area = footprint is not None and footprint.geom_type in {"Polygon", "MultiPolygon"}
    if footprint is None or not is_area or not footprint.is_valid or footprint.area <= 0:
        raise InvalidInput(
            Problem(
                msg("This is no polygon in WKT."),
                msg("Write it in metres of the storage CRS, as POLYGON ((513000 5402000, ...))."),
                field="footprint_wkt",
                value=str(cell)[:80],
            )
        )
    return footprint


class _PartTable(RecordTable):
    """A part of a building: found by the building's code and its own."""

    def load_buildings(self) -> None:
        """Load the buildings by code."""
        self.buildings = queries.list_buildings_by_code(self.session)

    def find_building(self, row: Row) -> Building:
        """Give the building a row names.

        Raises
        ------
        InvalidInput
            There is none, or it does not lie whole in the actor's scope.
        """
        code = str(row.values["building"])
        building = self.buildings.get(code)
        if building is None or not self.actor.can(Action.IMPORT_TABLES, building.id):
            raise InvalidInput(
                Problem(
                    msg("There is no such building."),
                    msg("Write its code such as RH, or add the building first."),
                    field="building",
                    value=code,
                )
            )
        return building

    def describe(self, row: Row) -> str:
        """Name building and part."""
        return f"{row.values['building']}/{row.values[self.key_column]}"


class WingTable(_PartTable):
    """Wings: building and code are the key."""

    columns = (
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("code", required=True, german="Flügel", max_length=16),
        Column("name", german="Bezeichnung", max_length=120),
        Column("polygon_wkt", german="Umriss", max_length=20_000),
    )
    plain: ClassVar = {"name": ("name", "")}

    def load(self) -> None:
        """Load buildings and wings."""
        self.load_buildings()
        self.records = dict(queries.list_wings_by_code(self.session).items())

    def key_of(self, row: Row) -> tuple[int, str]:
        """Give building and code."""
        return self.find_building(row).id, str(row.values["code"])

    def make(self, key: tuple[int, str]) -> Wing:
        """Make a wing; its name is its code until it has one."""
        _require_code(key[1], "code")
        return Wing(building_id=key[0], code=key[1], name=key[1], outline=None)

    def find_values(self, record: Wing, row: Row) -> dict[str, object]:
        """Give the outline."""
        del record
        if "polygon_wkt" not in row.values:
            return {}
        return {"outline": read_outline(row.values["polygon_wkt"])}

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the wings in scope."""
        codes = {b.id: code for code, b in queries.list_buildings_by_code(session).items()}
        wings = queries.list_wings_by_code(session)
        for (building_id, code), wing in sorted(
            wings.items(), key=lambda item: (codes[item[0][0]], item[0][1])
        ):
            if actor.can(Action.EXPORT_TABLES, building_id):
                yield codes[building_id], code, wing.name, write_outline(wing.outline)


class FloorTable(_PartTable):
    """Floors: building and level are the key."""

    key_column = "level"
    is_named = False
    columns = (
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("level", Kind.INTEGER, required=True, german="Ebene", minimum=-99, maximum=999),
        Column("name", german="Bezeichnung", max_length=120),
        Column("height_m", Kind.NUMBER, german="Geschosshöhe m", minimum=1, maximum=50),
        Column("elevation_m", Kind.NUMBER, german="Höhenlage m", minimum=-10_000, maximum=10_000),
        Column("slab_material", german="Material der Decke", max_length=60),
        Column("slab_wkt", german="Umriss der Decke", max_length=20_000),
    )
    plain: ClassVar = {"height_m": ("height_m", 3.0), "elevation_m": ("elevation_m", None)}

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load what the rows refer to, and the elevations that all of them want."""
        super().begin(session, actor, rows)
        self.wanted = {
            (str(row.values.get("building")), row.values.get("level")): row.values["elevation_m"]
            for row in rows
            if "elevation_m" in row.values
        }

    def load(self) -> None:
        """Load buildings, floors and materials."""
        self.load_buildings()
        self.materials = wall_queries.get_materials_by_code(self.session)
        floors = queries.list_floors_by_code(self.session).values()
        self.records = {(floor.building_id, floor.level): floor for floor in floors}

    def key_of(self, row: Row) -> tuple[int, int]:
        """Give building and level."""
        level = int(str(row.values["level"]))
        if level not in LEVELS:
            raise InvalidInput(
                Problem(
                    msg("There is no such level in any building."),
                    msg("Count from 0 for the ground floor."),
                    field="level",
                    value=str(level),
                )
            )
        return self.find_building(row).id, level

    def make(self, key: tuple[int, int]) -> Floor:
        """Make a floor with its level's usual name."""
        name = default_floor_name(key[1])
        values = self.defaults()
        return Floor(
            building_id=key[0],
            level=key[1],
            name=name,
            slab_material_id=None,
            slab_outline=None,
            **values,
        )

    def find_values(self, record: Floor, row: Row) -> dict[str, object]:
        """Give name, slab material and slab outline."""
        wanted: dict[str, object] = {}
        if "name" in row.values:
            wanted["name"] = row.values["name"] or default_floor_name(record.level)
        if "slab_material" in row.values:
            code = row.values["slab_material"]
            if code and str(code) not in self.materials:
                raise refuse_unknown("slab_material", code, self.materials)
            wanted["slab_material_id"] = self.materials[str(code)].id if code else None
        if "slab_wkt" in row.values:
            wanted["slab_outline"] = read_outline(row.values["slab_wkt"], "slab_wkt")
        return wanted

    def check(self, record: Floor, row: Row) -> None:
        """Refuse an elevation that does not rise with the level, the file's other rows counted."""
        code = str(row.values["building"])
        others = [
            Floor(
                level=other.level,
                name=other.name,
                elevation_m=self.wanted.get((code, other.level), other.elevation_m),
            )
            for other in self.records.values()
            if other.building_id == record.building_id
        ]
        require_ascending(others, record.level, record.elevation_m)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the floors in scope."""
        ids = visible_buildings(actor, Action.EXPORT_TABLES)
        materials = {m.id: m.code for m in wall_queries.list_materials(session)}
        codes = {b.id: code for code, b in queries.list_buildings_by_code(session).items()}
        floors = queries.list_floors_by_code(session).values()
        for floor in sorted(floors, key=lambda floor: (codes[floor.building_id], floor.level)):
            if ids is not None and floor.building_id not in ids:
                continue
            if actor.can(Action.EXPORT_TABLES, floor.building_id):
                slab = floor.slab_material_id
                yield (
                    codes[floor.building_id],
                    floor.level,
                    floor.name,
                    floor.height_m,
                    floor.elevation_m,
                    None if slab is None else materials[slab],
                    write_outline(floor.slab_outline),
                )


PLACE_KINDS: dict[str, type[RecordTable]] = {
    "buildings": BuildingTable,
    "wings": WingTable,
    "floors": FloorTable,
}
