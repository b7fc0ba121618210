"""The demo's tasks, for several people around the real today."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.work import Task
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import tasks as queries

if TYPE_CHECKING:
    from datetime import datetime

    from wlantrack.services.installation import Stores

_TASKS: Final = (
    ("manager", -2, "MP", "Hochbauamt anrufen: Wand im 3. OG später schließen?"),
    ("manager", 6, "", "Zwischenstand für den Digitalisierungsbeirat schreiben"),
    ("facility", 3, "MP", "Schlüssel für die Etagenverteiler an die Kabelfirma ausgeben"),
    ("facility", 12, "HS", "Begehung der Deckenhohlräume mit dem Brandschutz"),
    ("planner", 8, "EI", "Ausleuchtung der Fraktionsräume nach der Möblierung prüfen"),
    ("planner", None, "", "Montagehöhen in den Sälen mit dem Denkmalschutz klären"),
    ("", 10, "MS", "Leiter für die Montage im Treppenhaus besorgen"),
)
"""Person, days from today, wing of the town hall, title."""


def load_tasks(stores: Stores, now: datetime) -> None:
    """Load tasks if there are none yet, in one transaction."""
    with stores.database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or queries.count_all(session):
            return
        wings = {wing.code: wing for wing in building.wings}
        for person, days, wing_code, title in _TASKS:
            wing = wings.get(wing_code)
            session.add(
                Task(
                    public_id=uuid.uuid4(),
                    title=title,
                    person=person,
                    due_on=None if days is None else now.date() + timedelta(days=days),
                    building_id=building.id,
                    wing_id=wing.id if wing else None,
                    state="open",
                    origin="person",
                    opened_at=now - timedelta(days=9),
                    opened_by="manager",
                )
            )
        session.commit()
