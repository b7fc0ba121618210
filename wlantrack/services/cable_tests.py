"""What instruments have measured of a cable run, and the files in which it came.

Decides that who sees the inside of a run sees its measurements; how they come in is a table's
matter (``table_cable_tests``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import NotFound, msg
from wlantrack.formats.sniff import Content, sniff_content
from wlantrack.services import run_sight
from wlantrack.services.places import parse_uuid
from wlantrack.store.queries import cable_tests as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.services.actor import Actor
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.models.permits import CableTest
    from wlantrack.store.plan_files import PlanFiles

_SUFFIXES = {Content.ZIP: "xlsx", Content.XML: "xml"}


def list_of_run(session: Session, actor: Actor, run: CableRun) -> list[CableTest]:
    """Give the measurements of a run that was found before, the latest first."""
    return queries.list_of_run(session, run.id) if run_sight.sees_inside(actor, run) else []


def open_original(session: Session, actor: Actor, files: PlanFiles, ref: str) -> tuple[str, bytes]:
    """Give the file in which a measurement came: a name for its download, and its bytes.

    Raises
    ------
    NotFound
        There is no such measurement, its run is out of scope, or no file was kept.
    """
    public_id = parse_uuid(ref)
    found = queries.get_test(session, public_id) if public_id else None
    missing = NotFound(msg("There is no such test record; perhaps somebody has undone its import."))
    if found is None or not run_sight.sees_inside(actor, found.cable_run):
        raise missing
    try:
        data = files.read(found.stored_file)
    except (FileNotFoundError, ValueError) as error:
        raise missing from error
    suffix = _SUFFIXES.get(sniff_content(data), "csv")
    return f"test-records-{found.file_sha256[:12]}.{suffix}", data
