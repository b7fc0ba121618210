"""How the imports of planners' projects answer: one document and one text for all formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wlantrack.cli.command import Outcome
from wlantrack.services import project_imports
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.cli.command import Run
    from wlantrack.services.project_imports import (
        ProjectChoices,
        ProjectFile,
        ProjectOutcome,
    )


def import_project(
    run: Run,
    format_name: str,
    files: Sequence[ProjectFile],
    choices: ProjectChoices,
    *,
    is_dry_run: bool,
) -> Outcome:
    """Import a project, or only tell what that would do."""
    with run.stores() as stores, stores.database.writing(SYSTEM.audit()) as session:
        if is_dry_run:
            outcome = project_imports.preview(session, SYSTEM, format_name, files, choices)
        else:
            outcome = project_imports.apply(
                session, SYSTEM, stores.files, format_name, files, choices
            )
    text = _write_text(outcome, is_dry_run=is_dry_run)
    return Outcome(_make_document(outcome), text, outcome.warnings)


def _make_document(outcome: ProjectOutcome) -> dict[str, Any]:
    ledger = outcome.ledger
    return {
        "buildings": list(outcome.buildings),
        "floors": len(outcome.floors),
        "access_points": outcome.access_points,
        "radios_enabled": outcome.count_radios(is_enabled=True),
        "radios_disabled": outcome.count_radios(is_enabled=False),
        "walls": len(outcome.project.walls),
        "wall_types": [
            {"name": kind.name, "loss_db": list(kind.loss_db)}
            for kind in outcome.project.wall_types
        ],
        "plans": [
            {
                "name": floor.name,
                "floor": floor.code,
                "width_m": floor.width_m,
                "height_m": floor.length_m,
            }
            for floor in outcome.floors
        ],
        "created": dict(ledger.created),
        "updated": dict(ledger.updated),
        "removed": dict(ledger.removed),
        "import": None if outcome.run is None else str(outcome.run.public_id),
        "warnings": [str(warning) for warning in outcome.warnings],
    }


def _write_text(outcome: ProjectOutcome, *, is_dry_run: bool) -> str:
    ledger = outcome.ledger
    held = (
        f"{', '.join(outcome.buildings)}: {len(outcome.floors)} floors,"
        f" {outcome.access_points} access points, {len(outcome.project.walls)} walls."
    )
    counts = (
        f"{ledger.created.total()} created, {ledger.updated.total()} updated,"
        f" {ledger.removed.total()} removed, {ledger.unchanged.total()} unchanged"
    )
    if is_dry_run:
        return f"{held}\nNothing is written yet. It would be: {counts}."
    return f"{held}\nDone: {counts}."
