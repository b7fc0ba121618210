"""Rows for public hotspots and feedback."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from wlantrack.store.models.hotspots import Feedback, PublicHotspot

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.networks import Ssid
    from wlantrack.store.models.places import Building


def add_hotspot(
    session: Session, building: Building, ssid: Ssid, code: str = "RH-WLAN-1", **values: Any
) -> PublicHotspot:
    """Add a published hotspot of a whole building."""
    defaults = {
        "name": "Town hall",
        "address": "Market square 1",
        "place": "Hall",
        "opening_hours": "Mo-Fr 8-18",
        "latitude_deg": 48.7751,
        "longitude_deg": 9.1779,
        "is_published": True,
    }
    hotspot = PublicHotspot(
        code=code, building_id=building.id, ssid_id=ssid.id, **defaults | values
    )
    session.add(hotspot)
    session.flush()
    return hotspot


def add_feedback(session: Session, **values: Any) -> Feedback:
    """Add feedback that waits."""
    defaults = {
        "received_at": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
        "topic": "hotspot",
        "words": "It does not work.",
        "reply_to": "visitor@example.org",
        "language": "en",
    }
    feedback = Feedback(**defaults | values)
    session.add(feedback)
    session.flush()
    return feedback
