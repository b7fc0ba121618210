"""Rows for buildings' uplinks and what was measured on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.factories.places import MOMENT
from wlantrack.store.models.demand import Uplink, UplinkLoad

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building


def add_uplink(
    session: Session,
    building: Building,
    code: str = "UL-1",
    loads_mbit: tuple[tuple[float, float], ...] = (),
    **values: Any,
) -> Uplink:
    """Add an uplink of 100 Mbit/s down and 40 up; a load is measured every hour."""
    uplink = Uplink(
        building_id=building.id,
        building=building,
        code=code,
        **{"network_class": "visitor", "down_mbit": 100.0, "up_mbit": 40.0} | values,
    )
    uplink.loads = [
        UplinkLoad(measured_at=MOMENT + timedelta(hours=hour), down_mbit=down, up_mbit=up)
        for hour, (down, up) in enumerate(loads_mbit)
    ]
    session.add(uplink)
    session.flush()
    return uplink
