"""The table of public hotspots: the code is its key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import hotspots
from wlantrack.services.actor import Action, Actor
from wlantrack.services.hotspots import HotspotValues, where_of
from wlantrack.services.table_rows import RowOutcome, require_first
from wlantrack.store.models.hotspots import PublicHotspot
from wlantrack.store.queries import hotspots as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row

_NEEDED: Final = ("where", "ssid", "name", "address")
_TEXTS: Final = ("name", "address", "place", "opening_hours", "note")


class HotspotTable:
    """Hotspots with what the public is told of them."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=40),
        Column("where", german="Ort", max_length=40),
        Column("ssid", german="SSID-Kennung", aliases=("SSID",), max_length=40),
        Column("name", german="Bezeichnung", aliases=("Name",), max_length=120),
        Column("address", german="Anschrift", aliases=("Adresse",), max_length=200),
        Column("place", german="Wo im Haus", max_length=200),
        Column("opening_hours", german="Öffnungszeiten", max_length=200),
        Column("latitude_deg", Kind.NUMBER, german="Breite", minimum=-90, maximum=90),
        Column("longitude_deg", Kind.NUMBER, german="Länge", minimum=-180, maximum=180),
        Column("published", Kind.BOOLEAN, german="veröffentlicht"),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the hotspots that the rows may mean."""
        del rows
        actor.require_somewhere(Action.PUBLISH_HOTSPOTS)
        self.session, self.actor = session, actor
        self.hotspots = {item.code: item for item in queries.list_hotspots(session)}
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the hotspot of a row."""
        code = str(row.values["code"])
        require_first(self.seen, code, row, "code")
        hotspot = self.hotspots.get(code)
        is_new = hotspot is None
        if hotspot is None:
            self._require_needed(row)
            hotspot = PublicHotspot(
                public_id=uuid.uuid4(), open_id=uuid.uuid4(), is_published=False, code=""
            )
        else:
            self._require_reach(hotspot)
        before = {} if is_new else _describe(hotspot)
        given = row.values
        values: dict[str, Any] = {
            **(before or dict.fromkeys(("latitude_deg", "longitude_deg"))),
            **{
                name: str(given[name] or "") for name in (*_TEXTS, "where", "ssid") if name in given
            },
            **{name: given[name] for name in ("latitude_deg", "longitude_deg") if name in given},
            "code": code,
        }
        is_published = values.pop("is_published", False)
        hotspots.apply_values(self.session, self.actor, hotspot, HotspotValues(**values))
        if given.get("published") is not None:
            is_published = bool(given["published"])
        hotspot.is_published = is_published
        if is_new:
            self.session.add(hotspot)
            self.hotspots[code] = hotspot
            return RowOutcome(row.number, code, "created")
        after = _describe(hotspot)
        changed = tuple(name for name, value in after.items() if before[name] != value)
        return RowOutcome(row.number, code, "updated" if changed else "unchanged", changed)

    def _require_needed(self, row: Row) -> None:
        missing = [name for name in _NEEDED if not row.values.get(name)]
        if missing:
            raise InvalidInput(
                *(
                    Problem(
                        msg("A new entry needs this value."),
                        msg("Fill in the cell, or set one value for all rows."),
                        field=name,
                    )
                    for name in missing
                )
            )

    def _require_reach(self, hotspot: PublicHotspot) -> None:
        if not self.actor.can(Action.PUBLISH_HOTSPOTS, hotspot.building_id, hotspot.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=hotspot.code,
                )
            )

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the hotspots in scope."""
        for item in queries.list_hotspots(session):
            if actor.can(Action.EXPORT_TABLES, item.building_id, item.wing_id) and actor.can(
                Action.SEE_HOTSPOTS, item.building_id, item.wing_id
            ):
                yield (
                    item.code,
                    where_of(item),
                    item.ssid.code,
                    item.name,
                    item.address,
                    item.place,
                    item.opening_hours,
                    item.latitude_deg,
                    item.longitude_deg,
                    item.is_published,
                    item.note,
                )


def _describe(hotspot: PublicHotspot) -> dict[str, Any]:
    """Give what a row can change, by the names of the values."""
    return {
        "where": where_of(hotspot),
        "ssid": hotspot.ssid.code,
        **{name: getattr(hotspot, name) for name in _TEXTS},
        "latitude_deg": hotspot.latitude_deg,
        "longitude_deg": hotspot.longitude_deg,
        "is_published": hotspot.is_published,
    }
