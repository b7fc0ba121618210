"""Foreign projects in: see what a file would do, then do all of it or nothing, in one step.

Decides that a trial and the real import run the same code, that the original is kept, and that a
file which changes nothing leaves no trace. How projects are read, and how imports are undone, is
told elsewhere.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, NotFound, Problem, msg
from wlantrack.formats import wire
from wlantrack.formats.esx import read_esx
from wlantrack.formats.openintent import read_openintent
from wlantrack.services import places, reasons
from wlantrack.services.actor import Action, Actor
from wlantrack.services.operation_watch import watch_operation
from wlantrack.services.project_catalogue import Antennas, Materials, Models, Requirements
from wlantrack.services.project_contents import (
    AccessPointLanding,
    land_clutter,
    land_walls,
    land_zones,
)
from wlantrack.services.project_ledger import Job, Ledger
from wlantrack.services.project_places import land_floors, land_plans, read_pictures
from wlantrack.store import audit
from wlantrack.store.audit import AuditContext
from wlantrack.store.models.files import ImportRun
from wlantrack.store.models.networks import NETWORK_CLASSES
from wlantrack.store.queries import project_imports as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.formats.plan_images import PlanImage
    from wlantrack.formats.projects import Project
    from wlantrack.services.project_places import Landing
    from wlantrack.store.plan_files import PlanFiles, StoredFile

__all__ = ["NETWORK_CLASSES"]

FORMATS: Final = ("esx", "openintent")
SEPARATOR: Final = b"\n---\n"


@dataclass(frozen=True)
class ProjectFile:
    """An uploaded file of a project."""

    name: str
    data: bytes


@dataclass(frozen=True)
class ProjectChoices:
    """What a person decides about an import.

    ``building`` None: each building of the file becomes, or stays, one of its own.
    ``network_class`` is what the areas' requirements hold for, which no foreign file knows.
    """

    building: str | None = None
    network_class: str = "internal"


@dataclass(frozen=True)
class FloorOutcome:
    """A floor of the file, where it went, and its picture if it has one."""

    key: str
    name: str
    code: str
    width_m: float | None
    length_m: float | None
    access_points: int
    walls: int
    picture: PlanImage | None


@dataclass(frozen=True)
class ProjectOutcome:
    """What a project holds and what it did, or would do.

    ``run`` is None for a trial and where nothing changed.
    """

    project: Project
    buildings: tuple[str, ...]
    floors: tuple[FloorOutcome, ...]
    ledger: Ledger
    warnings: tuple[Problem, ...]
    run: ImportRun | None = None

    @property
    def access_points(self) -> int:
        """Count the access points that have a place."""
        return sum(floor.access_points for floor in self.floors)

    def count_radios(self, *, is_enabled: bool) -> int:
        """Count the Wi-Fi radios of placed access points that are on, or off."""
        return sum(
            radio.is_enabled is is_enabled
            for point in self.project.access_points
            if point.floor is not None
            for radio in point.radios
        )


def read_project(format_name: str, files: Sequence[ProjectFile]) -> Project:
    """Read a project out of its files.

    Raises
    ------
    InvalidInput
        They are no such project.
    """
    if format_name not in FORMATS:
        raise InvalidInput(
            Problem(
                msg("There is no such format."),
                msg("Use one of: %(choices)s.", choices=", ".join(FORMATS)),
                field="format",
                value=format_name,
            )
        )
    if format_name == "openintent":
        return read_openintent([(file.name, file.data) for file in files])
    if len(files) != 1:
        raise InvalidInput(
            Problem(msg("An Ekahau project is one file."), msg("Import one after the other."))
        )
    return read_esx(files[0].data, file=files[0].name)


def preview(
    session: Session,
    actor: Actor,
    format_name: str,
    files: Sequence[ProjectFile],
    choices: ProjectChoices,
) -> ProjectOutcome:
    """Tell what an import would do; nothing is written.

    Raises
    ------
    InvalidInput
        The files are no project, a choice is none, or access points in operation would get a
        critical failure of the separation check where they come to hang.
    NotFound, NotAllowed
        The building is out of scope, or the role does not reach.
    """
    project, pictures, problems = _read_all(session, actor, format_name, files, choices)
    try:
        watch = watch_operation(session)
        job, landings = _land(session, actor, project, files, choices)
        land_plans(job, landings, pictures, None)
        session.flush()
        watch.require_nothing_worse(actor)
        return _describe(job, landings, pictures, problems)
    finally:
        session.rollback()


def apply(
    session: Session,
    actor: Actor,
    stored_files: PlanFiles,
    format_name: str,
    files: Sequence[ProjectFile],
    choices: ProjectChoices,
) -> ProjectOutcome:
    """Import a project: all of it, in one audited step that can be undone.

    Raises
    ------
    InvalidInput
        What :func:`preview` refuses; nothing is stored.
    NotFound, NotAllowed
        The building is out of scope, or the role does not reach.
    """
    project, pictures, problems = _read_all(session, actor, format_name, files, choices)
    name = ", ".join(file.name for file in files)[:200]
    # A request id of its own: by it an undo finds the changes of this import and no others.
    context = AuditContext(actor.name, uuid.uuid4().hex, reasons.import_of(name))
    written: list[StoredFile] = []
    try:
        with audit.in_context(session, context):
            watch = watch_operation(session)
            job, landings = _land(session, actor, project, files, choices)
            written += land_plans(job, landings, pictures, stored_files)
            outcome = _describe(job, landings, pictures, problems)
            if job.ledger.is_empty:
                session.rollback()
                return outcome
            session.flush()
            watch.require_nothing_worse(actor)
            written.append(stored_files.write(SEPARATOR.join(file.data for file in files)))
            run = _make_run(outcome, landings, written[-1], context, name)
            session.add(run)
            session.commit()
    except BaseException:
        for file in written:
            stored_files.remove(file.name)
        raise
    return replace(outcome, run=run)


def _make_run(
    outcome: ProjectOutcome,
    landings: Mapping[str, Landing],
    stored: StoredFile,
    context: AuditContext,
    name: str,
) -> ImportRun:
    buildings = {landing.building.id for landing in landings.values()}
    ledger = outcome.ledger
    return ImportRun(
        public_id=uuid.uuid4(),
        format=outcome.project.format,
        name=name,
        stored_file=stored.name,
        sha256=stored.sha256,
        building_id=buildings.pop() if len(buildings) == 1 else None,
        request_id=context.request_id,
        imported_at=datetime.now(UTC),
        imported_by=context.actor,
        counts={
            "created": dict(ledger.created),
            "updated": dict(ledger.updated),
            "removed": dict(ledger.removed),
            "buildings": list(outcome.buildings),
        },
        warnings=[_write_warning(warning) for warning in outcome.warnings],
        undone_at=None,
    )


def _read_all(
    session: Session,
    actor: Actor,
    format_name: str,
    files: Sequence[ProjectFile],
    choices: ProjectChoices,
) -> tuple[Project, dict[str, PlanImage], list[Problem]]:
    """Read files and pictures while no transaction is open, which may take seconds."""
    actor.require_somewhere(Action.IMPORT_PROJECTS)
    if choices.network_class not in NETWORK_CLASSES:
        raise InvalidInput(
            Problem(
                msg("Choose one of: %(choices)s.", choices=", ".join(NETWORK_CLASSES)),
                field="network_class",
                value=choices.network_class,
            )
        )
    session.rollback()
    project = read_project(format_name, files)
    return project, *read_pictures(project)


def _land(
    session: Session,
    actor: Actor,
    project: Project,
    files: Sequence[ProjectFile],
    choices: ProjectChoices,
) -> tuple[Job, dict[str, Landing]]:
    """Bring all records of a project up to date in the session, plans aside."""
    job = Job(session, actor, project, choices.network_class)
    materials = Materials(job)
    stem = PurePath(files[0].name).stem
    landings = land_floors(job, choices.building, stem, materials)
    land_walls(job, landings, materials)
    land_clutter(job, landings)
    land_zones(job, landings, Requirements(job))
    antennas = Antennas(job)
    AccessPointLanding(job, landings, Models(job, antennas), antennas).land()
    session.flush()
    return job, landings


def _describe(
    job: Job,
    landings: Mapping[str, Landing],
    pictures: Mapping[str, PlanImage],
    problems: Sequence[Problem],
) -> ProjectOutcome:
    project = job.project
    floors = tuple(
        FloorOutcome(
            key=source.key,
            name=source.name,
            code=places.floor_code(landings[source.key].floor),
            width_m=source.width_m,
            length_m=source.length_m,
            access_points=sum(point.floor == source.key for point in project.access_points),
            walls=sum(wall.floor == source.key for wall in project.walls),
            picture=pictures.get(source.key),
        )
        for source in project.floors
    )
    buildings = dict.fromkeys(landing.building.code for landing in landings.values())
    warnings = (*project.warnings, *problems, *job.warnings)
    return ProjectOutcome(project, tuple(buildings), floors, job.ledger, warnings)


def _write_warning(warning: Problem) -> str:
    """Keep a warning so that a page can show it in any language later."""
    text = wire.encode(warning).decode()
    try:
        wire.decode(Problem, text.encode())
    except wire.WireError:  # a number with a format of its own: kept as it reads in English
        text = wire.encode(Problem(Message("%(words)s", {"words": str(warning)}))).decode()
    return text


def warnings_of(run: ImportRun) -> list[Problem]:
    """Give the warnings of an import."""
    return [wire.decode(Problem, text.encode()) for text in run.warnings]


def list_runs(session: Session, actor: Actor) -> list[ImportRun]:
    """Give the imports in the actor's scope, the latest first."""
    actor.require_somewhere(Action.IMPORT_PROJECTS)
    return queries.list_runs(session, places.visible_buildings(actor, Action.IMPORT_PROJECTS))


def list_floors_of(session: Session, actor: Actor, run: ImportRun) -> list[tuple[str, str]]:
    """Give code and public id of the floors in the buildings of an import, as far as they exist."""
    floors = []
    for code in run.counts["buildings"]:
        try:
            building = places.find_building(session, actor, code)
        except NotFound:
            continue  # undone, or renamed since
        floors += [(f"{code}/{floor.level}", str(floor.public_id)) for floor in building.floors]
    return floors


def find_run(session: Session, actor: Actor, ref: str) -> ImportRun:
    """Give an import by its public id.

    Raises
    ------
    NotFound
        There is none, or its building is out of scope.
    """
    public_id = places.parse_uuid(ref)
    run = queries.get_run(session, public_id) if public_id else None
    if run is None or not actor.can(Action.IMPORT_PROJECTS, run.building_id):
        raise NotFound(msg("There is no such import."))
    return run
