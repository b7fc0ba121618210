"""The demo's public hotspots, in and around the town hall, and what visitors have written.

Decides what is told to the public: places of the city where the visitor WLAN is in operation, one
that is being prepared, and one that is published before its devices are there.
"""

from __future__ import annotations

import contextlib
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.errors import NotFound, WlantrackError
from wlantrack.geometry.frame import DEFAULT_CRS
from wlantrack.services import hotspots, publication
from wlantrack.services.actor import SYSTEM
from wlantrack.services.hotspots import HotspotValues
from wlantrack.store.models.hotspots import Feedback, PublicHotspot
from wlantrack.store.queries import hotspots as queries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wlantrack.settings import Settings

_SSID: Final = "besucher"
_TOWN_HALL: Final = (
    ("RH/MP/0", "Rathaus, Eingang Marktplatz", "Halle und Infothek im Erdgeschoss", True),
    ("RH/HS/0", "Rathaus, Bürgerservice", "Wartebereich im Erdgeschoss", True),
    ("RH/MP/3", "Rathaus, Sitzungssäle", "Großer und Mittlerer Saal, 3. Obergeschoss", True),
    ("RH/EI/0", "Rathaus, Eingang Eichstraße", "Foyer im Erdgeschoss", False),
)
"""Where, name, place in the house, and whether it is published."""

_PLACES: Final = (
    ("STB", "Alle Ebenen, Café LesBar"),
    ("SPA", "Foyer, Stadtlabor und Café"),
    ("KMS", "Foyer und Garderobe"),
    ("TRE", "Foyer und Lernatelier"),
    ("MAR", "Erdgeschoss und Galerie"),
    ("LIE", "Foyers der Säle"),
    ("BUE", "Wartebereich"),
    ("BCA", "Wartebereich und Sitzungssaal"),
    ("BFE", "Wartebereich"),
    ("BZU", "Wartebereich"),
    ("BVA", "Wartebereich"),
    ("BDE", "Wartebereich"),
    ("BOS", "Wartebereich"),
    ("BWS", "Bürgerservice und Bürgersaal"),
    ("BSU", "Wartebereich"),
    ("LCA", "Ausleihe und Leseplätze"),
    ("LDE", "Ausleihe und Leseplätze"),
    ("LOS", "Ausleihe und Leseplätze"),
    ("LVA", "Ausleihe und Leseplätze"),
    ("LEU", "Eingangshalle und Café"),
)
"""Building and place in the house; the last one's devices are on order only."""

_FEEDBACK: Final = (
    ("hotspot", "KMS-WLAN-1", "Im Foyer bricht die Verbindung nach ein paar Minuten ab.", 1),
    ("accessibility", "", "Bitte bieten Sie die Liste auch in Leichter Sprache an.", 3),
    ("other", "", "Gibt es bald auch WLAN im Hallenbad Heslach?", 9),
)
"""Topic, hotspot, words, and how many days ago."""


def load_hotspots(session: Session, now: datetime) -> None:
    """Load the hotspots while there are none."""
    if queries.list_hotspots(session):
        return
    made = [
        _make_hotspot(session, where, name, place, is_published=is_published)
        for where, name, place, is_published in _TOWN_HALL
    ]
    made += [_make_hotspot(session, where, "", place) for where, place in _PLACES]
    session.flush()
    known = {item.code: item.open_id for item in made if item is not None}
    for topic, code, words, days in _FEEDBACK:
        session.add(
            Feedback(
                public_id=uuid.uuid4(),
                received_at=now - timedelta(days=days, hours=2),
                topic=topic,
                about=known.get(code),
                words=words,
                reply_to="",
                language="de",
                is_done=days > 7,
            )
        )
    session.commit()


def _make_hotspot(
    session: Session, where: str, name: str, place: str, *, is_published: bool = True
) -> PublicHotspot | None:
    try:
        suggested = hotspots.suggest(session, SYSTEM, where, DEFAULT_CRS)
        values = HotspotValues(
            where,
            _SSID,
            name or suggested.name,
            suggested.address,
            place=place,
            opening_hours=suggested.opening_hours,
            latitude_deg=suggested.latitude_deg,
            longitude_deg=suggested.longitude_deg,
        )
        hotspot = PublicHotspot(
            public_id=uuid.uuid4(), open_id=uuid.uuid4(), is_published=is_published, code=""
        )
        hotspots.apply_values(session, SYSTEM, hotspot, values)
    except WlantrackError:
        return None  # somebody has changed the demo's house or its networks
    session.add(hotspot)
    session.flush()
    return hotspot


def publish_demo(session: Session, settings: Settings) -> None:
    """Write the public bundle, unless the front end's files are not installed."""
    with contextlib.suppress(NotFound):
        publication.publish(session, SYSTEM, settings)
