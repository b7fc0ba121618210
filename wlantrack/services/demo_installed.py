"""The demo's access points that hang elsewhere than planned, as measured on site.

Decides the places; a point that already has one keeps it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.store.queries import access_points as point_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_HUNG_AT = {
    # beside the projector's mount, and off a beam that the plan does not show
    "RH-MP-3-AP-02": (24.6, 5.3),
    "RH-MP-3-AP-04": (50.2, 3.9),
    "RH-MP-2-AP-01": (12.3, 9.6),
}


def load_installed(session: Session) -> None:
    """Say of some access points where they really hang."""
    for point in point_queries.get_by_codes(session, list(_HUNG_AT)).values():
        if point.installed_x_m is None:
            point.installed_x_m, point.installed_y_m = _HUNG_AT[point.code]
    session.commit()
