"""The plan as a schedule for MS Project: packages, milestones, links, crews, calendars, a baseline.

Decides that a schedule holds what its reader may see, grouped by building and wing, with the days
that are expected; and that it says beside them what was planned, so that nothing is lost when it is
read back. A link is told where both of its ends are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wlantrack.errors import msg
from wlantrack.formats.mspdi import (
    DaysOff,
    MspdiField,
    MspdiFile,
    MspdiLink,
    MspdiResource,
    MspdiTask,
)
from wlantrack.formats.mspdi_writer import write_mspdi
from wlantrack.rollout.milestones import KIND_WORDS as MILESTONE_WORDS
from wlantrack.rollout.packages import KIND_WORDS
from wlantrack.services import milestones, package_sight
from wlantrack.services import schedule_words as words
from wlantrack.services.actor import Action, Actor
from wlantrack.services.packages import find_works
from wlantrack.services.plan import after_key, before_key, milestone_key, package_key
from wlantrack.services.speech import Pen
from wlantrack.services.work_calendar import list_holidays
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as queries
from wlantrack.store.queries import work as work_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.packages import Works
    from wlantrack.services.plan import PlanParts
    from wlantrack.store.models.milestones import Milestone, WorkPackage
    from wlantrack.store.models.places import Building, Wing
    from wlantrack.store.queries.milestones import EntryRow

_PLACE_UIDS: Final = 1_000_000_000
"""Numbers of the lines of places, above those of packages and milestones."""


@dataclass(frozen=True)
class ScheduleChoice:
    """What a schedule holds: all, a building or a wing; without baseline the latest is told."""

    building: str = ""
    wing: str = ""
    baseline: str = ""


def package_uid(record_id: int) -> int:
    """Give the number of a package in our schedules."""
    return 2 * record_id


def milestone_uid(record_id: int) -> int:
    """Give the number of a milestone in our schedules."""
    return 2 * record_id + 1


def export_schedule(
    session: Session, actor: Actor, choice: ScheduleChoice, parts: PlanParts, language: str
) -> bytes:
    """Write the plan as MS Project XML.

    Raises
    ------
    NotAllowed
        The role may see no work.
    """
    actor.require_somewhere(Action.SEE_WORK)
    schedule = _Export(session, actor, choice, parts, language).make()
    return write_mspdi(schedule, parts.clock.today)


class _Export:
    """One schedule: who reads it in which language, and the plan as they see it."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        choice: ScheduleChoice,
        parts: PlanParts,
        language: str,
    ) -> None:
        self.session, self.choice, self.pen = session, choice, Pen(language)
        self.works: Works = find_works(session, actor, parts)
        self.sight = package_sight.look(session, actor)
        self.city = self.works.view.city
        self.entries = self._find_entries()
        self.packages = [
            item
            for item in queries.load_packages(session, actor.scope_pairs(Action.SEE_WORK))
            if self._is_chosen(item)
        ]
        self.milestones = [
            item
            for item in milestone_queries.load_milestones(session)
            if actor.can(Action.SEE_MILESTONES, item.building_id, item.wing_id)
            and self._is_chosen(item)
        ]
        self.uids = {package_key(item.id): package_uid(item.id) for item in self.packages}
        self.uids |= {milestone_key(item.id): milestone_uid(item.id) for item in self.milestones}
        self.links = self._list_links()

    def _find_entries(self) -> dict[Any, EntryRow]:
        baseline = milestones.find_baseline(self.session, self.choice.baseline)
        return milestone_queries.list_entries(self.session, baseline.id) if baseline else {}

    def _is_chosen(self, item: WorkPackage | Milestone) -> bool:
        building = item.building.code if item.building else ""
        wing = item.wing.code if item.wing else ""
        return self.choice.building in {"", building} and self.choice.wing in {"", wing}

    def _list_links(self) -> dict[str, list[MspdiLink]]:
        found: defaultdict[str, list[MspdiLink]] = defaultdict(list)
        for link in self.city.links:
            before = self.uids.get(before_key(link))
            if before is not None:
                found[after_key(link)].append(MspdiLink(before, link.kind, link.lag_days))
        for item in self.packages:
            if item.milestone_id is not None:
                feed, into = MspdiLink(package_uid(item.id)), milestone_key(item.milestone_id)
                if feed not in found[into]:
                    found[into].append(feed)
        return found

    def make(self) -> MspdiFile:
        """Tell the plan."""
        by_place: defaultdict[tuple[str, str], list[MspdiTask]] = defaultdict(list)
        heads: dict[tuple[str, str], tuple[int, str]] = {}
        told: list[tuple[Building | None, Wing | None, MspdiTask]] = [
            (item.building, item.wing, self._tell_package(item)) for item in self.packages
        ]
        told += [(item.building, item.wing, self._tell_milestone(item)) for item in self.milestones]
        for building, wing, task in told:
            place = (building.code if building else "", wing.code if wing else "")
            heads.setdefault(place, self._name_place(building, wing))
            by_place[place].append(task)
        tasks: list[MspdiTask] = []
        for place in sorted(by_place):
            inside = sorted(by_place[place], key=lambda task: (task.start or "9", task.uid))
            tasks += [_make_head(*heads[place], inside), *inside]
        days = sorted(day for task in tasks for day in (task.start, task.finish) if day)
        title = self.pen.say(msg("WLAN roll-out"))
        return MspdiFile(
            title, title, tuple(tasks), tuple(self._list_crews()), tuple(self._list_free(days))
        )

    def _name_place(self, building: Building | None, wing: Wing | None) -> tuple[int, str]:
        if building is None:
            return _PLACE_UIDS, self.pen.say(msg("The whole programme"))
        if wing is None:
            return _PLACE_UIDS + 2 * building.id, building.name
        return _PLACE_UIDS + 2 * wing.id + 1, f"{building.name}, {wing.name}"

    def _tell_package(self, item: WorkPackage) -> MspdiTask:
        key = package_key(item.id)
        timing, line = self.city.timings[key], self.works.make_line(key)
        milestone, renovation = self.sight.milestone_of(item), self.sight.renovation_of(item)
        first, last = timing.start, timing.finish
        days = item.duration_days
        if first and last:
            days = words.count_days(
                first, last, self.city.clock.workdays, is_elapsed=item.is_waiting
            )
        done = round(100 * line.tally.done / line.tally.total) if line.tally.total else 0
        fields = {
            words.ID: str(item.public_id),
            words.CODE: item.code,
            words.PLACE: words.tell_place(
                item.building.code,
                item.wing.code if item.wing else "",
                item.floor.level if item.floor else None,
                item.room_group.code if item.room_group else "",
            ),
            words.KIND: item.kind,
            words.NAMELESS: "" if item.name else self.pen.say(KIND_WORDS[item.kind]),
            words.NOISE: item.noise_class,
            words.UNDATED: item.undated_reason,
            words.FEEDS: milestone.code if milestone else "",
            words.RENOVATION: renovation.code if renovation else "",
            words.PLAN: words.tell_span(item.planned_start, item.planned_finish),
            words.FORECAST: words.tell_span(first, last),
            words.NET_DAYS: f"{item.duration_days}/{days}" if days != item.duration_days else "",
            words.DUE: words.tell_words(item.due if item.due_wording else None),
        }
        fixed = item.planned_start if item.is_pinned else item.not_before
        return MspdiTask(
            0,
            package_uid(item.id),
            item.name or self.pen.say(KIND_WORDS[item.kind]),
            is_active=item.state != "dropped",
            level=2,
            start=_iso(first),
            finish=_iso(last),
            duration_days=days,
            is_elapsed=item.is_waiting,
            percent_complete=100 if item.finished_on else min(99, done),
            actual_start=_iso(item.started_on),
            actual_finish=_iso(item.finished_on),
            constraint="fixed" if item.is_pinned else "not before" if item.not_before else "",
            constraint_on=_iso(fixed),
            deadline=_iso(item.due_latest),
            priority=words.tell_priority(item.priority),
            contact=item.responsible,
            note=item.note,
            links=tuple(self.links.get(key, ())),
            fields=_make_fields(fields),
        )

    def _tell_milestone(self, item: Milestone) -> MspdiTask:
        key = milestone_key(item.id)
        day = _iso(self.city.timings[key].finish)
        entry = self.entries.get(item.public_id)
        planned = _iso(entry.planned.latest) if entry and entry.planned else None
        forecast = item.forecast if item.forecast_wording else None
        actual = item.actual if item.actual_wording else None
        fields = {
            words.ID: str(item.public_id),
            words.CODE: item.code,
            words.PLACE: words.tell_place(
                item.building.code if item.building else "",
                item.wing.code if item.wing else "",
                group=item.room_group.code if item.room_group else "",
            ),
            words.KIND: item.kind,
            words.NAMELESS: "" if item.name else self.pen.say(MILESTONE_WORDS[item.kind]),
            words.UNDATED: item.undated_reason,
            words.PLAN: words.tell_words(forecast),
            words.FORECAST: words.tell_span(*[self.city.timings[key].finish] * 2),
            words.REACHED: words.tell_words(actual),
        }
        return MspdiTask(
            0,
            milestone_uid(item.id),
            item.name or self.pen.say(MILESTONE_WORDS[item.kind]),
            is_milestone=True,
            level=2,
            start=day,
            finish=day,
            percent_complete=100 if actual else 0,
            actual_start=_iso(actual.latest) if actual else None,
            actual_finish=_iso(actual.latest) if actual else None,
            constraint="not before" if forecast else "",
            constraint_on=_iso(forecast.latest) if forecast else None,
            contact=item.responsible,
            note=item.note,
            links=tuple(self.links.get(key, ())),
            baseline=(planned, planned) if planned else None,
            fields=_make_fields(fields),
        )

    def _list_crews(self) -> Iterator[MspdiResource]:
        given: defaultdict[int | None, list[int]] = defaultdict(list)
        for item in self.packages:
            given[item.crew_id].append(package_uid(item.id))
        for crew in work_queries.list_crews(self.session):
            yield MspdiResource(
                crew.id,
                crew.name,
                crew.code,
                crew.firm,
                crew.capacity,
                crew.note,
                tuple(
                    DaysOff(
                        absence.begins_on.isoformat(), absence.ends_on.isoformat(), absence.reason
                    )
                    for absence in crew.absences
                ),
                tuple(given.get(crew.id, ())),
            )

    def _list_free(self, days: Sequence[str]) -> Iterator[DaysOff]:
        """Give the holidays of the years that the schedule touches."""
        if not days:
            return
        for year in range(int(days[0][:4]), int(days[-1][:4]) + 1):
            for day, name in list_holidays(self.city.clock.region, year, self.pen.language).items():
                yield DaysOff(day.isoformat(), day.isoformat(), name)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _make_fields(fields: dict[str, str]) -> tuple[MspdiField, ...]:
    return tuple(MspdiField(name, value) for name, value in fields.items() if value)


def _make_head(uid: int, name: str, inside: Iterable[MspdiTask]) -> MspdiTask:
    """Make the line of a place above its tasks."""
    days = [day for task in inside for day in (task.start, task.finish) if day]
    return MspdiTask(
        0,
        uid,
        name,
        is_summary=True,
        start=min(days, default=None),
        finish=max(days, default=None),
        duration_days=1,
    )
