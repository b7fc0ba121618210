"""Rows for imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.factories.places import MOMENT
from wlantrack.store.models.files import ImportRun

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building


def add_import_run(session: Session, building: Building, **values: Any) -> ImportRun:
    """Add an import that created three walls in a building."""
    defaults = {
        "format": "esx",
        "name": "haus.esx",
        "stored_file": "2" * 32,
        "sha256": "2" * 64,
        "request_id": "3" * 32,
        "imported_at": MOMENT,
        "imported_by": "planner",
        "counts": {
            "created": {"wall": 3},
            "updated": {},
            "removed": {},
            "buildings": [building.code],
        },
        "warnings": [],
    }
    run = ImportRun(building_id=building.id, **defaults | values)
    session.add(run)
    session.flush()
    return run
