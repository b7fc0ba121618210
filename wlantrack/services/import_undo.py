"""The undo of an import: what the audit trail says it did is taken back, all of it or nothing.

Decides who may, keeps the books on the import, and removes its files; the undo is like any other.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wlantrack.errors import Conflict, msg
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM, Action, Actor
from wlantrack.services.project_imports import find_run
from wlantrack.services.undo import Undone, revert_request
from wlantrack.store import audit
from wlantrack.store.audit import AuditContext
from wlantrack.store.queries import history

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.store.models.files import ImportRun
    from wlantrack.store.plan_files import PlanFiles

_FILES: Final = ("original_file", "image_file")


def undo_import(session: Session, actor: Actor, files: PlanFiles, ref: str) -> Undone:
    """Take an import back in one audited step.

    Raises
    ------
    Conflict
        It was undone before, or records have been changed or used since; they are named.
    NotFound, NotAllowed
        It is out of scope, or the role does not reach.
    """
    run = find_run(session, actor, ref)
    actor.require(Action.IMPORT_PROJECTS, run.building_id)
    if run.undone_at is not None:
        raise Conflict(msg("This import has been undone already."))
    events = history.list_request_events(session, run.request_id)
    made = {event.public_id for event in events if event.act == "create"}
    # The right to import reaches all that imports make, such as materials, which lie nowhere.
    importer = replace(actor, grants=SYSTEM.grants, request_id=undo_id(run))
    context = AuditContext(actor.name, importer.request_id, reasons.undone_import_of(run.name))
    with audit.in_context(session, context):
        if run.building is not None and str(run.building.public_id) in made:
            run.building_id = None  # the run outlives the building it made
        run.undone_at = datetime.now(UTC)
        undone = revert_request(session, importer, run.request_id)
        session.commit()
    for event in events:
        if event.act == "create" and event.entity == "floor_plan":
            for name in _FILES:
                files.remove(event.after[name])
    return undone


def undo_id(run: ImportRun) -> str:
    """Give the request id of an import's undo, by which it is told from other changes."""
    return uuid.uuid5(run.public_id, "undo").hex
