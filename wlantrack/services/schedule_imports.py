"""Schedules of MS Project become packages, milestones, links and crews: previewed, then written.

Decides that a task is found again by the id that we wrote into it, else by its UID in the schedule
of this name in this building; so the same file again changes nothing. What stands no more in the
file stays here. Lines that only group others are left out.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import InvalidInput, Message, NotAllowed, NotFound, Problem, msg
from wlantrack.formats.mspdi import read_mspdi_file
from wlantrack.rollout.milestones import KIND_CODES as MILESTONE_CODES
from wlantrack.rollout.packages import KIND_CODES
from wlantrack.services import crews, package_edits, package_sight, places, reasons, renovations
from wlantrack.services import schedule_words as words
from wlantrack.services.actor import Action, Actor
from wlantrack.services.file_imports import FileResult, finish, place_problems
from wlantrack.services.package_checks import refuse_outside
from wlantrack.services.plan import load_plan, require_plan
from wlantrack.services.plan_links import require_lag
from wlantrack.services.project_ledger import make_slug, number_code
from wlantrack.services.schedule_tasks import NewTasks, read_milestone, read_package
from wlantrack.services.slips import compare_plans
from wlantrack.store.models.milestones import Milestone, PlanLink, WorkPackage
from wlantrack.store.models.work import Crew, CrewAbsence
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import renovations as renovation_queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from sqlalchemy.orm import Session

    from wlantrack.formats.mspdi import (
        DaysOff,
        MspdiFile,
        MspdiLink,
        MspdiResource,
        MspdiTask,
    )
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.package_edits import PackageValues
    from wlantrack.services.plan import Clock
    from wlantrack.services.slips import SlipPreview
    from wlantrack.store.models.places import Building

OUTCOMES: Final = ("created", "updated", "unchanged")
_NAMES: Final = uuid.UUID("b6b5d1f4-6f3e-5a52-9a67-6d3d1a0c7f11")
"""The space of ids of tasks that other programs have made."""
_CREW_CODE: Final = 40


@dataclass(frozen=True)
class ScheduleUpload:
    """A file, and what its tasks are where they do not say it themselves."""

    name: str
    data: bytes
    new: NewTasks = field(default_factory=NewTasks)


@dataclass(frozen=True)
class LineOutcome:
    """What becomes of a line: one of :data:`OUTCOMES`, and the names of the fields that change."""

    row: int
    name: str
    what: str
    code: str
    outcome: str
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScheduleResult(FileResult[LineOutcome]):
    """What became of the lines, or would, and how their schedule is called.

    ``slip`` is what a trial would move, of what is here already. ``is_outdated`` says that the plan
    has changed since somebody agreed to what moves: nothing was written.
    """

    title: str
    slip: SlipPreview | None = None
    is_outdated: bool = False


def import_schedule(
    session: Session,
    actor: Actor,
    upload: ScheduleUpload,
    clock: Clock,
    *,
    is_dry_run: bool = False,
    seen: str | None = None,
) -> ScheduleResult:
    """Make packages, milestones, links and crews of a schedule: with any error, or as a trial, none.

    Parameters
    ----------
    seen
        The ``slip.seen`` of a trial that somebody has agreed to: where something else would move
        by now, nothing is written. None asks nobody.

    Raises
    ------
    InvalidInput
        The file cannot be read.
    NotAllowed
        The role does not reach.
    """
    actor.require_somewhere(Action.EDIT_WORK)
    read = read_mspdi_file(upload.data, file=upload.name)
    city = load_plan(session, clock) if is_dry_run or seen is not None else None
    work = _Import(session, actor, upload, read, clock)
    with session.no_autoflush:
        work.run()
    slip = None
    if city is not None and not work.errors:
        session.flush()
        slip = compare_plans(city, load_plan(session, clock), actor)
    is_outdated = slip is not None and not is_dry_run and slip.seen != seen
    is_trial = is_dry_run or is_outdated
    return ScheduleResult(
        title=read.title,
        outcomes=tuple(work.outcomes),
        errors=finish(session, actor, upload.name, work.errors, is_dry_run=is_trial),
        warnings=tuple(work.warnings),
        slip=slip,
        is_outdated=is_outdated,
    )


def give_ids(
    tasks: Iterable[MspdiTask],
    derive: Callable[[MspdiTask], uuid.UUID],
    among: Container[uuid.UUID] | None = None,
) -> dict[int, uuid.UUID]:
    """Give the id of each task's record, by UID: the one that we wrote into it, or a derived one.

    Who copies a task copies our id with it: the first task keeps it, the copy is something new.

    Parameters
    ----------
    among
        Ids that the file may name, if not all.
    """
    found: dict[int, uuid.UUID] = {}
    taken: set[uuid.UUID] = set()
    for task in tasks:
        own = places.parse_uuid(task.field(words.ID))
        is_own = own is not None and own not in taken and (among is None or own in among)
        found[task.uid] = own if own is not None and is_own else derive(task)
        taken.add(found[task.uid])
    return found


@dataclass
class _Import:
    """One import: what there is already, and what becomes of each line of the file."""

    session: Session
    actor: Actor
    upload: ScheduleUpload
    read: MspdiFile
    clock: Clock
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Message] = field(default_factory=list)
    outcomes: list[LineOutcome] = field(default_factory=list)
    found: dict[int, WorkPackage | Milestone] = field(default_factory=dict)
    houses: dict[str, Building] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    """The numbers up to which codes are taken, by what stands before them."""

    def run(self) -> None:
        """Go through crews, tasks and links."""
        self.errors += self.read.problems
        self.sight = package_sight.look(self.session, self.actor)
        self.packages = {item.public_id: item for item in queries.load_packages(self.session, None)}
        self.milestones = {
            item.public_id: item for item in milestone_queries.load_milestones(self.session)
        }
        self.taken = queries.list_codes(self.session) | milestone_queries.list_codes(self.session)
        self.crew_of = self._find_crews()
        tasks = [task for task in self.read.tasks if not task.is_summary]
        self.ids = give_ids(tasks, self._derive_id)
        self.groups = {task.uid: task for task in self.read.tasks if task.is_summary}
        self._apply_all([task for task in tasks if task.is_milestone])
        if not self.errors:
            self.session.flush()  # packages may feed what is new
        self.codes = self._list_codes(tasks)
        self._apply_all([task for task in tasks if not task.is_milestone])
        if not self.errors:
            self.session.flush()
            self._link(tasks)
        if not self.errors:
            try:
                require_plan(self.session)
            except InvalidInput as error:
                self.errors += error.problems
        self._warn()

    def _list_codes(self, tasks: list[MspdiTask]) -> set[str]:
        """Give the codes of milestones and renovations that tasks may name."""
        named = {task.field(words.RENOVATION) for task in tasks} - {""}
        found = renovation_queries.get_by_codes(self.session, named)
        codes = {code for code, item in found.items() if renovations.sees(self.actor, item)}
        return codes | {
            item.code
            for item in self.milestones.values()
            if not self.errors
            and self.actor.can(Action.SEE_MILESTONES, item.building_id, item.wing_id)
        }

    def _apply_all(self, tasks: list[MspdiTask]) -> None:
        for task in tasks:
            try:
                self._apply(task)
            except InvalidInput as error:
                self.errors += place_problems(error, task.row, task.name)
            except (NotAllowed, NotFound) as error:
                self.errors.append(
                    Problem(
                        error.message,
                        msg("Leave the task out, or ask somebody who is responsible there."),
                        row=task.row,
                        value=task.name,
                    )
                )

    def _warn(self) -> None:
        workdays = self.clock.workdays
        odd = [
            off
            for off in self.read.days_off
            if workdays.end_of(date.fromisoformat(off.ends_on))
            > workdays.begin_of(date.fromisoformat(off.begins_on))
        ]
        if odd:
            self.warnings.append(
                msg(
                    "The calendar of the file has days off on which people work here: %(count)d,"
                    " first %(name)s from %(day)s. Enter them as blackouts, if they hold here.",
                    count=len(odd),
                    name=odd[0].name or "-",
                    day=date.fromisoformat(odd[0].begins_on),
                )
            )

        linked = [task for task in self.groups.values() if task.links]
        linked += [
            task
            for task in self.read.tasks
            if not task.is_summary and any(link.before_uid in self.groups for link in task.links)
        ]
        if linked:
            self.warnings.append(
                msg(
                    "Lines that only group others wait for something, or something waits for them:"
                    " %(count)d, first %(name)s. Such links are not read: link the tasks themselves.",
                    count=len(linked),
                    name=linked[0].name,
                )
            )

    def _derive_id(self, task: MspdiTask) -> uuid.UUID:
        """Give the same id for the same task of the same file."""
        key = self.read.key or self.upload.name
        return uuid.uuid5(_NAMES, f"{self.upload.new.where}:{key}:{task.uid}")

    def _apply(self, task: MspdiTask) -> None:
        public_id = self.ids[task.uid]
        if public_id in self.milestones or (task.is_milestone and public_id not in self.packages):
            self.found[task.uid] = self._apply_milestone(task, public_id)
        else:
            self.found[task.uid] = self._apply_package(task, public_id)

    def _apply_package(self, task: MspdiTask, public_id: uuid.UUID) -> WorkPackage:
        known = self.packages.get(public_id)
        if known is not None:
            self.actor.require(Action.SEE_WORK, known.building_id, known.wing_id)
        crew = self.crew_of.get(task.uid, "")
        old = package_edits.values_of(known, self.sight) if known is not None else None
        values = read_package(task, old, crew, self.upload.new, self.codes)
        if known is None or old is None:
            record = WorkPackage(public_id=public_id, subjects=[], code="")
            values = replace(values, code=self._free_code(values.code, values.where, values.kind))
            record.code = values.code
            self._apply_values(record, values)
            self.session.add(record)
            self.taken.add(record.code)
            self._tell(task, "work_package", record.code, "created")
            return record
        if known.due_wording is None:  # a date of nothing but empty columns may read as one
            old = replace(old, due=None)
        changes = _compare(old, values)
        if changes:
            self._require_edit(known)
            self._apply_values(known, values)
            refuse_outside(known)
        self._tell(task, "work_package", known.code, "updated" if changes else "unchanged", changes)
        return known

    def _apply_values(self, record: WorkPackage, values: PackageValues) -> None:
        """Set a package's values; a building is looked for once a file."""
        code = values.where.partition(":")[0].partition("/")[0]
        if code and code not in self.houses:
            self.houses[code] = places.find_building(self.session, self.actor, code)
        package_edits.apply_values(
            self.session,
            self.actor,
            record,
            values,
            self.clock,
            self.houses.get(code),
            sight=self.sight,
        )

    def _free_code(self, wanted: str, where: str, kind: str) -> str:
        prefix = where.partition(":")[0].replace("/", "-")
        stem = f"{prefix}-{({**MILESTONE_CODES, **KIND_CODES})[kind]}"
        if wanted and wanted not in self.taken:
            return wanted
        while (code := f"{stem}-{self.numbers[stem] + 1}") in self.taken:
            self.numbers[stem] += 1
        return code

    def _apply_milestone(self, task: MspdiTask, public_id: uuid.UUID) -> Milestone:
        known = self.milestones.get(public_id)
        read = read_milestone(task, known, self.upload.new)
        record = known or self._make_milestone(task, public_id, read.kind)
        self.actor.require(Action.SEE_MILESTONES, record.building_id, record.wing_id)
        changes = [
            name
            for name in ("name", "undated_reason", "responsible", "note")
            if (getattr(record, name) or "") != getattr(read, name)
        ]
        for name in changes:
            setattr(record, name, getattr(read, name))
        if read.actual is not None and read.actual.earliest > self.clock.today:
            raise InvalidInput(
                Problem(
                    msg("Nothing is reached in the future."),
                    msg("Take the actual finish out, or correct it."),
                    field="actual",
                )
            )
        for name, date_read in (("forecast", read.forecast), ("actual", read.actual)):
            old: SpokenDate | None = getattr(record, name) if _has(record, name) else None
            if old != date_read:
                setattr(record, name, date_read)
                changes.append(name)
                if name == "forecast":
                    reason = reasons.import_of(self.upload.name) if date_read else ""
                    record.forecast_reason = reason
        outcome = "created" if known is None else "updated" if changes else "unchanged"
        if outcome != "unchanged":
            self._require_edit(record)
        if known is None:
            self.session.add(record)
            self.milestones[public_id] = record
        self._tell(task, "milestone", record.code, outcome, [] if known is None else changes)
        return record

    def _require_edit(self, record: WorkPackage | Milestone) -> None:
        is_package = isinstance(record, WorkPackage)
        action = Action.EDIT_WORK if is_package else Action.EDIT_MILESTONES
        self.actor.require(action, record.building_id, record.wing_id)

    def _make_milestone(self, task: MspdiTask, public_id: uuid.UUID, kind: str) -> Milestone:
        place = task.field(words.PLACE) if task.field(words.ID) else self.upload.new.where
        holder = WorkPackage(public_id=uuid.uuid4(), subjects=[], code="")
        record = Milestone(public_id=public_id, kind=kind, code="", note="", forecast_reason="")
        if place:
            package_edits.put_package(self.session, self.actor, holder, place, None)
            record.building, record.building_id = holder.building, holder.building_id
            record.wing, record.wing_id = holder.wing, holder.wing_id
            record.room_group, record.room_group_id = holder.room_group, holder.room_group_id
        record.code = self._free_code(task.field(words.CODE), place or "WLAN", kind)
        self.taken.add(record.code)
        return record

    def _tell(
        self,
        task: MspdiTask,
        what: str,
        code: str,
        outcome: str,
        changes: list[str] | None = None,
    ) -> None:
        self.outcomes.append(
            LineOutcome(task.row, task.name, what, code, outcome, tuple(changes or ()))
        )

    def _find_crews(self) -> dict[int, str]:
        """Give the code of each task's crew; makes those that are new, with when they are away."""
        known = work_queries.list_crews(self.session)
        found: dict[int, str] = {}
        for resource in self.read.resources:
            crew = next((item for item in known if item.code == resource.code), None) or next(
                (item for item in known if item.name == resource.name), None
            )
            try:
                crew = self._put_crew(resource, crew, {item.code for item in known})
            except InvalidInput as error:
                self.errors += [replace(item, value=resource.name) for item in error.problems]
                continue
            except NotAllowed as error:
                self.errors.append(
                    Problem(
                        error.message, msg("Ask somebody to add the crew."), value=resource.name
                    )
                )
                continue
            if crew not in known:
                known.append(crew)
            for uid in resource.task_uids:
                found.setdefault(uid, crew.code)
        return found

    def _put_crew(self, resource: MspdiResource, crew: Crew | None, taken: set[str]) -> Crew:
        is_new = crew is None
        if crew is None:
            self.actor.require(Action.EDIT_WORK)
            wanted = resource.code or make_slug(resource.name, _CREW_CODE).upper()
            crew = Crew(public_id=uuid.uuid4(), absences=[], code="")
            values = crews.CrewValues(
                number_code(wanted, taken, _CREW_CODE),
                resource.name[:120],
                resource.group[:120],
                resource.capacity,
                resource.note[:500],
            )
            crews.apply_values(self.session, crew, values)
            self.session.add(crew)
            self.session.flush()
        missing = [off for off in resource.days_off if not _is_away(crew, off)]
        if missing and self.actor.can(Action.EDIT_WORK):
            for off in missing:
                absence = CrewAbsence(public_id=uuid.uuid4(), crew_id=crew.id)
                days = date.fromisoformat(off.begins_on), date.fromisoformat(off.ends_on)
                crews.apply_absence(crew, absence, crews.AbsenceValues(*days, off.name[:200]))
                crew.absences.append(absence)
        outcome = "created" if is_new else "updated" if missing else "unchanged"
        changes = ("absences",) if missing and not is_new else ()
        self.outcomes.append(LineOutcome(0, crew.name, "crew", crew.code, outcome, changes))
        return crew

    def _link(self, tasks: list[MspdiTask]) -> None:
        """Let records wait as the file says; links that it does not tell stay."""
        self.known = {_ends(link): link for link in milestone_queries.load_links(self.session)}
        for task in tasks:
            after = self.found[task.uid]
            for wanted in task.links:
                before = self.found.get(wanted.before_uid)
                if before is None or before is after or _is_feed(before, after):
                    continue
                name = f"{before.code} → {after.code}"
                try:
                    outcome = self._put_link(before, after, wanted)
                except InvalidInput as error:
                    self.errors += place_problems(error, task.row, task.name)
                    continue
                except NotAllowed as error:
                    self.errors.append(Problem(error.message, row=task.row, value=name))
                    continue
                self._tell(replace(task, name=name), "plan_link", wanted.kind, outcome)

    def _put_link(
        self, before: WorkPackage | Milestone, after: WorkPackage | Milestone, wanted: MspdiLink
    ) -> str:
        """Add or change a link, which belongs to what waits; gives what became of it."""
        columns = {_column("before", before): before.id, _column("after", after): after.id}
        ends = tuple(sorted(columns.items()))
        link = self.known.get(ends)
        is_new = link is None
        if link is not None and (link.kind, link.lag_days) == (wanted.kind, wanted.lag_days):
            return "unchanged"
        self._require_edit(after)
        require_lag(wanted.lag_days)
        if link is None:
            link = self.known[ends] = PlanLink(public_id=uuid.uuid4(), **columns)
            self.session.add(link)
        link.kind, link.lag_days = wanted.kind, wanted.lag_days
        return "created" if is_new else "updated"


def _compare(old: Any, new: Any) -> list[str]:  # noqa: ANN401 - two of the same dataclass
    return [name for name in vars(old) if getattr(old, name) != getattr(new, name)]


def _has(record: Milestone, name: str) -> bool:
    """Tell whether a date in words stands there: one of empty columns may read as a date."""
    return getattr(record, f"{name}_wording") is not None


def _is_away(crew: Crew, off: DaysOff) -> bool:
    """Tell whether a crew is known to be away on some of the days: then that is let stand."""
    return any(
        item.begins_on.isoformat() <= off.ends_on and item.ends_on.isoformat() >= off.begins_on
        for item in crew.absences
    )


def _column(end: str, record: WorkPackage | Milestone) -> str:
    what = "milestone" if isinstance(record, Milestone) else "package"
    return f"{end}_{what}_id"


def _ends(link: PlanLink) -> tuple[tuple[str, int], ...]:
    names = [f"{end}_{what}_id" for end in ("before", "after") for what in ("milestone", "package")]
    return tuple(sorted((name, value) for name in names if (value := getattr(link, name))))


def _is_feed(before: WorkPackage | Milestone, after: WorkPackage | Milestone) -> bool:
    return (
        isinstance(before, WorkPackage)
        and isinstance(after, Milestone)
        and before.milestone_id == after.id
    )
