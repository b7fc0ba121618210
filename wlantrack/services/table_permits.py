"""The table of permits: the code is the key; cells name the runs and access points it covers."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.permits import PERMIT_KINDS, PERMIT_STATES
from wlantrack.services.actor import Action, Actor
from wlantrack.services.permits import (
    add_subject,
    check_permit,
    find_wing,
    place_permit,
)
from wlantrack.services.places import visible_buildings
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.spoken_entry import days_beside, read_spoken
from wlantrack.services.table_covering import CoveringTable, write_covered
from wlantrack.services.table_records import refuse_unknown
from wlantrack.store.models.permits import Permit
from wlantrack.store.queries import permits as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.named_things import Thing

KIND_NAMES: Final = {
    "Denkmalschutz": "heritage",
    "Brandschutz": "fire protection",
    "Schadstoffe": "pollutants",
    "Personalrat": "staff council",
    "sonstige": "other",
}
STATE_NAMES: Final = {
    "nötig": "needed",
    "beantragt": "applied for",
    "erteilt": "granted",
    "abgelehnt": "refused",
    "nicht nötig": "not needed",
}


class PermitTable(CoveringTable):
    """Permits with their places, days and what they cover."""

    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column(
            "kind",
            Kind.CHOICE,
            german="Art",
            choices=tuple(PERMIT_KINDS),
            choice_names=KIND_NAMES,
        ),
        Column(
            "state",
            Kind.CHOICE,
            german="Stand",
            choices=tuple(PERMIT_STATES),
            choice_names=STATE_NAMES,
        ),
        Column("building", required=True, german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("authority", german="Behörde", max_length=120),
        Column("reference", german="Aktenzeichen", max_length=120),
        Column("applied_on", Kind.DATE, german="beantragt am"),
        Column("expected", german="erwartet", max_length=80),
        Column("expected_earliest", Kind.DATE, german="erwartet frühestens"),
        Column("expected_latest", Kind.DATE, german="erwartet spätestens"),
        Column("granted_on", Kind.DATE, german="erteilt am"),
        Column("expires_on", Kind.DATE, german="gültig bis"),
        Column("conditions", german="Auflagen", max_length=1_000),
        Column("covers", german="gilt für", max_length=20_000),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain: ClassVar = {
        "kind": ("kind", "other"),
        "state": ("state", "needed"),
        "authority": ("authority", ""),
        "reference": ("reference", ""),
        "applied_on": ("applied_on", None),
        "granted_on": ("granted_on", None),
        "expires_on": ("expires_on", None),
        "conditions": ("conditions", ""),
        "note": ("note", ""),
    }
    is_named = False

    def load(self) -> None:
        """Load the permits by code, and the buildings in scope."""
        self.records = {permit.code: permit for permit in queries.load_permits(self.session, None)}
        visible = visible_buildings(self.actor, Action.SEE_PLACES)
        self.buildings = {
            building.code: building
            for building in place_queries.list_whole_buildings(self.session, visible)
        }

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Permit:
        """Make a permit that covers nothing yet."""
        return Permit(public_id=uuid.uuid4(), code=key, subjects=[], **self.defaults())

    def check_reach(self, record: Permit) -> None:
        """Refuse a permit that lies out of scope."""
        if not self.actor.can(Action.EDIT_CABLING, record.building_id, record.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: Permit, row: Row) -> dict[str, object]:
        """Give building and wing, the day it is expected, and what it covers."""
        code = str(row.values["building"])
        building = self.buildings.get(code)
        if building is None:
            raise refuse_unknown("building", code, self.buildings)
        wing = record.wing
        if record.building_id != building.id or "wing" in row.values:
            wing = find_wing(building, str(row.values.get("wing") or ""))
        found: dict[str, object] = {
            "building_id": building.id,
            "building": building,
            "wing_id": wing.id if wing else None,
            "wing": wing,
        }
        if "expected" in row.values:
            expected = _read_expected(row)
            # A composite of nothing but empty columns may read as a date without words.
            if expected != (record.expected if record.expected_wording else None):
                found["expected"] = expected
        return found

    def check(self, record: Permit, row: Row) -> None:
        """Refuse a permit that cannot be or lies out of scope; then set what it covers."""
        self.check_reach(record)
        check_permit(record)
        place_permit(record, record.building, record.wing)
        del row

    def cover(self, record: Permit, things: list[Thing]) -> None:
        """Let a permit cover further things."""
        for thing in things:
            add_subject(record, thing)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the permits in scope."""
        for item in queries.load_permits(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            first, last = days_beside(item.expected)
            yield (
                item.code,
                item.kind,
                item.state,
                item.building.code,
                item.wing.code if item.wing else "",
                item.authority,
                item.reference,
                item.applied_on,
                item.expected.wording if item.expected else "",
                first,
                last,
                item.granted_on,
                item.expires_on,
                item.conditions,
                write_covered(item.subjects),
                item.note,
            )


def _read_expected(row: Row) -> SpokenDate | None:
    values = row.values
    first, last = values.get("expected_earliest"), values.get("expected_latest")
    return read_spoken(
        str(values["expected"] or ""),
        "expected",
        first,  # type: ignore[arg-type] # the column holds dates
        last,  # type: ignore[arg-type] # the column holds dates
    )
