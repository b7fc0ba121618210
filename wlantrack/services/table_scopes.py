"""The table of where SSIDs are on air: SSID and place are its key."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import network_sight, ssid_scopes
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ssid_scopes import KINDS, Place
from wlantrack.services.table_gate import GatedTable
from wlantrack.services.table_rows import RowOutcome
from wlantrack.store.models.networks import SsidScope
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import networks as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.networks import Ssid

_KIND_NAMES: Final = {
    "Gebäude": "building",
    "Flügel": "wing",
    "Geschoss": "floor",
    "Access Point": "access_point",
}


class ScopeTable(GatedTable):
    """Scopes of SSIDs: buildings, wings, floors and access points by their codes."""

    finds_all = False
    columns: tuple[Column, ...] = (
        Column("ssid", required=True, german="SSID-Kennung", aliases=("SSID",), max_length=40),
        Column("place", required=True, german="Ort", max_length=80),
        Column("kind", Kind.CHOICE, german="Art", choices=KINDS, choice_names=_KIND_NAMES),
        Column("excluded", Kind.BOOLEAN, german="ausgenommen"),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the SSIDs and the places that the rows may mean."""
        actor.require_somewhere(Action.EDIT_NETWORKS)
        self.session, self.actor = session, actor
        found = queries.list_ssids(session, network_sight.visible_classes(actor))
        self.ssids = {ssid.code: ssid for ssid in found}
        self.scopes = {
            (ssid.id, place.kind, place.id): scope
            for ssid in found
            for scope, place in ((scope, ssid_scopes.place_of(scope)) for scope in ssid.scopes)
        }
        self.places = _load_places(session, actor, {str(row.values["place"]) for row in rows})
        self.seen: dict[tuple[int, str, int], int] = {}
        self.watch_air()

    def apply(self, row: Row) -> RowOutcome:
        """Create a scope, or turn it round."""
        ssid, place = self._find_ssid(row), self._find_place(row)
        key = (ssid.id, place.kind, place.id)
        first = self.seen.setdefault(key, row.number)
        if first != row.number:
            message = msg("Row %(row)d names the same SSID and place.", row=first)
            raise _refuse("place", place.code, message, msg("Leave one of the two rows out."))
        self._require_right(place)
        scope = self.scopes.get(key)
        name = f"{ssid.code} {place.code}"
        is_excluded = bool(row.values.get("excluded"))
        if scope is None:
            scope = SsidScope(public_id=uuid.uuid4(), is_excluded=is_excluded)
            setattr(scope, f"{place.kind}_id", place.id)
            ssid.scopes.append(scope)
            self.scopes[key] = scope
            return RowOutcome(row.number, name, "created")
        if scope.is_excluded is is_excluded or "excluded" not in row.values:
            return RowOutcome(row.number, name, "unchanged")
        scope.is_excluded = is_excluded
        return RowOutcome(row.number, name, "updated", ("is_excluded",))

    def _find_ssid(self, row: Row) -> Ssid:
        ssid = self.ssids.get(str(row.values["ssid"]))
        if ssid is None:
            message = msg("There is no such SSID.")
            remedy = msg("Write the SSID's code, and import the SSIDs first.")
            raise _refuse("ssid", row.values["ssid"], message, remedy)
        return ssid

    def _find_place(self, row: Row) -> Place:
        code, kind = str(row.values["place"]), row.values.get("kind")
        for place in self.places.get(code, ()):
            if kind in {None, place.kind}:
                return place
        raise _refuse(
            "place",
            code,
            msg("There is no such place."),
            msg(
                "Write a building such as RH, a wing such as RH/MP, a floor such as RH/3, or"
                " the code of an access point."
            ),
        )

    def _require_right(self, place: Place) -> None:
        if not self.actor.can(Action.EDIT_NETWORKS, place.building_id, place.wing_id):
            message = msg("Your role does not reach this place.")
            remedy = msg("Leave the row out, or ask somebody who is responsible there.")
            raise _refuse("place", place.code, message, remedy)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the scopes in places that show their SSID's class to the actor."""
        for ssid in queries.list_ssids(session, network_sight.visible_classes(actor)):
            for scope, place in ssid_scopes.list_scopes(actor, ssid):
                yield ssid.code, place.code, place.kind, scope.is_excluded


def _load_places(session: Session, actor: Actor, codes: set[str]) -> dict[str, list[Place]]:
    """Give what the codes may mean in the actor's sight, wide places first."""
    found: dict[str, list[Place]] = {}

    def offer(action: Action, place: Place) -> None:
        if place.code in codes and (
            actor.can(action, place.building_id, place.wing_id)
            or (place.wing_id is None and _touches(actor, action, place.building_id))
        ):
            found.setdefault(place.code, []).append(place)

    for building in place_queries.list_whole_buildings(session, None):
        offer(Action.SEE_PLACES, Place("building", building.id, building.code, building.id))
        for wing in building.wings:
            code = f"{building.code}/{wing.code}"
            offer(Action.SEE_PLACES, Place("wing", wing.id, code, building.id, wing.id))
        for floor in building.floors:
            code = f"{building.code}/{floor.level}"
            offer(Action.SEE_PLACES, Place("floor", floor.id, code, building.id))
    for code, point in point_queries.get_by_codes(session, codes).items():
        where = (point.floor.building_id, point.wing_id)
        offer(Action.SEE_ACCESS_POINTS, Place("access_point", point.id, code, *where))
    return found


def _touches(actor: Actor, action: Action, building_id: int) -> bool:
    scopes = actor.scopes(action)
    return scopes is None or any(scope.touches(building_id) for scope in scopes)


def _refuse(field: str, value: object, message: Message, remedy: Message) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field, value=str(value)))
