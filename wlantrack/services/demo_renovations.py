"""The demo's renovations: a wall that closes in nine days, a conflict, a synergy, and one without a date.

Decides a story around the real today. Names of offices and papers are made up.
"""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.spoken_dates import SpokenDate, parse_spoken, put_in_words
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.renovations import Renovation, RenovationPart, RenovationPhase
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import renovations as queries

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.installation import Stores
    from wlantrack.store.models.places import Building, Floor, Wing

CLOSING_DAYS: Final = 9
"""So long the walls of the meeting rooms stay open from today."""
_FLOOR_3: Final = 3


def load_renovations(stores: Stores, now: datetime) -> None:
    """Load the town hall's renovations if there are none yet, in one transaction."""
    with stores.database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or queries.list_renovations(session, [building.id]):
            return
        _Renovations(session, building, now.date()).load()
        session.commit()


def _on(day: date) -> SpokenDate:
    return parse_spoken(day.isoformat())


class _Renovations:
    """What others do in the town hall."""

    def __init__(self, session: Session, building: Building, today: date) -> None:
        self.session, self.building, self.today = session, building, today
        self.wings = {wing.code: wing for wing in building.wings}
        self.floors = {floor.level: floor for floor in building.floors}

    def load(self) -> None:
        self._renovate_meeting_rooms()
        self._renew_media_technology()
        self._wait_for_other_wings()
        self._renew_fire_doors()

    def _make(self, code: str, name: str, **values: object) -> Renovation:
        renovation = Renovation(public_id=uuid.uuid4(), code=code, name=name, **values)
        renovation.building_id, renovation.building = self.building.id, self.building
        self.session.add(renovation)
        return renovation

    def _part(
        self,
        renovation: Renovation,
        wing: Wing | None,
        floor: Floor | None,
        days: tuple[SpokenDate | None, SpokenDate | None],
        name: str = "",
    ) -> RenovationPart:
        part = RenovationPart(public_id=uuid.uuid4(), name=name)
        part.wing, part.floor = wing, floor
        part.opens, part.closes = days
        renovation.parts.append(part)
        return part

    def _phases(
        self, renovation: Renovation, phases: Iterable[tuple[str, SpokenDate, SpokenDate, str]]
    ) -> None:
        for position, (name, begins, ends, noise) in enumerate(phases, start=1):
            phase = RenovationPhase(public_id=uuid.uuid4(), name=name, position=position)
            phase.begins, phase.ends, phase.noise_class = begins, ends, noise
            renovation.phases.append(phase)

    def _renovate_meeting_rooms(self) -> None:
        """Close the walls of the Marktplatz wing while cables still wait for the demo's permits."""
        opened, closes = self.today - timedelta(days=40), self.today + timedelta(days=CLOSING_DAYS)
        renovation = self._make(
            "RH-S-01",
            "Sanierung der Sitzungsräume, Marktplatzflügel",
            kind="building",
            state="under way",
            certainty="certain",
            noise_class="loud",
            owner="Hochbauamt",
            contact="Projektleitung Sitzungsräume, Telefon 0711 216-00000",
            reference="HBA 65-4.2/RH-MP",
            requirements_due_on=opened - timedelta(days=60),
            note="Die Wände der Sitzungsräume werden nach der Elektroinstallation geschlossen.",
        )
        wing = self.wings["MP"]
        for level in sorted(self.floors):
            if level == 0:
                continue
            last = closes if level == _FLOOR_3 else closes + timedelta(days=14 * level + 21)
            self._part(renovation, wing, self.floors[level], (_on(opened), _on(last)))
        self._phases(
            renovation,
            (
                ("Abbruch", _on(opened - timedelta(days=21)), _on(opened), "loud"),
                ("Elektroinstallation", _on(opened), _on(closes), "normal"),
                ("Ausbau und Maler", _on(closes), _on(closes + timedelta(days=70)), "quiet"),
            ),
        )

    def _renew_media_technology(self) -> None:
        """Open walls of halls soon, into which cables could go along."""
        renovation = self._make(
            "RH-S-02",
            "Medientechnik der Säle",
            kind="media technology",
            state="approved",
            certainty="likely",
            owner="Haupt- und Personalamt",
            contact="Medientechnik, Telefon 0711 216-00001",
            requirements_due_on=self.today + timedelta(days=16),
        )
        opens = _on(self.today + timedelta(days=24))
        month = (self.today + timedelta(days=95)).strftime("%m/%Y")
        self._part(
            renovation, self.wings["HS"], self.floors.get(_FLOOR_3), (opens, parse_spoken(month))
        )
        year = self.today.year + 1
        self._phases(
            renovation,
            (("Leitungen und Kameras", opens, parse_spoken(f"Q1/{year}"), "normal"),),
        )

    def _wait_for_other_wings(self) -> None:
        """Keep the remaining meeting rooms as they are: wanted, and without any date."""
        renovation = self._make(
            "RH-S-03",
            "Sitzungsräume der übrigen Flügel",
            kind="building",
            state="idea",
            certainty="uncertain",
            owner="Hochbauamt",
            note="Mittel sind nicht eingeplant; die Verkabelung soll in diesem Zug erfolgen.",
        )
        for code in ("HS", "EI", "MS"):
            self._part(renovation, self.wings.get(code), None, (None, None))

    def _renew_fire_doors(self) -> None:
        """Renew fire doors after the summer break, in the words of those who do it."""
        renovation = self._make(
            "RH-S-04",
            "Brandschutztüren im Treppenhaus Eichstraße",
            kind="fire protection",
            state="planned",
            certainty="uncertain",
            noise_class="loud",
            owner="Hochbauamt",
        )
        year = self.today.year + (self.today.month > 8)
        after_break = put_in_words("nach der Sommerpause", date(year, 9, 14), date(year, 10, 30))
        self._part(
            renovation,
            self.wings.get("EI"),
            self.floors.get(1),
            (after_break, None),
            name="Treppenhaus Nord",
        )
