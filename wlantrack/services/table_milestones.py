"""The tables of milestones and of their links; codes are the keys.

Decides that dates stand there in the words in which they are known, with first and last day beside
them only where the words do not tell, so that an export reads back as the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.critical_path import Activity, Link, Plan
from wlantrack.rollout.spoken_dates import LONGEST_WORDING, Precision
from wlantrack.services.actor import Action
from wlantrack.services.milestone_edits import DateValues, read_words
from wlantrack.services.plan_links import LONGEST_LAG_DAYS
from wlantrack.services.table_records import RecordTable, refuse_unknown
from wlantrack.store.models.milestones import LINK_KINDS, MILESTONE_KINDS, Milestone, PlanLink
from wlantrack.store.models.places import Wing
from wlantrack.store.queries import demand as group_queries
from wlantrack.store.queries import milestones as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.rollout.spoken_dates import SpokenDate
    from wlantrack.services.actor import Actor

End: TypeAlias = tuple[str, int]
"""A milestone or package, and its id."""

_KIND_NAMES: Final = {
    "Planung freigegeben": "design released",
    "Genehmigungen erteilt": "permits cleared",
    "Verkabelung fertig": "cabling complete",
    "Access Points montiert": "access points mounted",
    "Besucher-WLAN in Betrieb": "visitor WLAN live",
    "Internes WLAN in Betrieb": "internal WLAN live",
    "Abgenommen": "accepted",
    "Betrieb bereit": "operations ready",
}
_LINK_NAMES: Final = {"EA": "FS", "AA": "SS", "EE": "FF", "AE": "SF"}
_DATES: Final = ("forecast", "actual")
_TEXTS: Final = {
    "name": ("name", ""),
    "forecast_reason": ("forecast_reason", ""),
    "undated_reason": ("undated_reason", ""),
    "responsible": ("responsible", ""),
    "note": ("note", ""),
}


class MilestoneTable(RecordTable):
    """Milestones of the programme, of buildings, wings and room groups."""

    columns = (
        Column("code", required=True, german="Kennung", max_length=60),
        Column("name", german="Name", max_length=120),
        Column(
            "kind",
            Kind.CHOICE,
            required=True,
            german="Art",
            choices=MILESTONE_KINDS,
            choice_names=_KIND_NAMES,
        ),
        Column("building", german="Gebäude", max_length=16),
        Column("wing", german="Flügel", max_length=16),
        Column("room_group", german="Raumgruppe", max_length=40),
        Column("forecast", german="Prognose", max_length=LONGEST_WORDING),
        Column("forecast_first", Kind.DATE, german="Prognose erster Tag"),
        Column("forecast_last", Kind.DATE, german="Prognose letzter Tag"),
        Column("forecast_reason", german="Grund der Prognose", max_length=300),
        Column("actual", german="Ist", aliases=("Erreicht",), max_length=LONGEST_WORDING),
        Column("actual_first", Kind.DATE, german="Ist erster Tag"),
        Column("actual_last", Kind.DATE, german="Ist letzter Tag"),
        Column(
            "undated_reason", german="Kein Termin weil", aliases=("Kein Termin",), max_length=300
        ),
        Column("responsible", german="Verantwortlich", max_length=120),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )
    plain = _TEXTS
    is_named = False

    def load(self) -> None:
        """Load milestones and the places that rows may name."""
        self.actor.require_somewhere(Action.EDIT_MILESTONES)
        self.records = {record.code: record for record in queries.load_milestones(self.session)}
        self.buildings = place_queries.list_buildings_by_code(self.session)
        self.groups = {
            (group.building_id, group.code): group
            for group in group_queries.list_groups(self.session, None)
        }

    def key_of(self, row: Row) -> Hashable:
        """Give a row's code."""
        return str(row.values["code"])

    def make(self, key: Hashable) -> Milestone:
        """Make a milestone of a new code."""
        return Milestone(code=str(key), kind="", **self.defaults())

    def check_reach(self, record: Milestone) -> None:
        """Refuse a milestone that lies elsewhere."""
        if not self.actor.can(Action.EDIT_MILESTONES, record.building_id, record.wing_id):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="code",
                    value=record.code,
                )
            )

    def find_values(self, record: Milestone, row: Row) -> dict[str, object]:
        """Give kind, place and dates of a row."""
        wanted: dict[str, object] = {"kind": row.values["kind"]}
        wanted |= self._find_place(record, row)
        for name in _DATES:
            if name in row.values:
                wanted[name] = _read_date(row, name)
        return wanted

    def _find_place(self, record: Milestone, row: Row) -> dict[str, object]:
        values = row.values
        if not {"building", "wing", "room_group"} & values.keys():
            return {}
        place: dict[str, object] = {"building_id": None, "wing_id": None, "room_group_id": None}
        code = str(values.get("building") or "")
        if not code:
            return place
        building = self.buildings.get(code)
        if building is None or not any(
            self.actor.can(Action.EDIT_MILESTONES, building.id, wing_id)
            for wing_id in (None, *self._wing_ids(building.id))
        ):
            raise refuse_unknown("building", code, self._visible_codes())
        place["building_id"] = building.id
        for name, known, field in (
            ("wing", self.places.wings, "wing_id"),
            ("room_group", self.groups, "room_group_id"),
        ):
            part = str(values.get(name) or "")
            if not part:
                continue
            found: Any = known.get((building.id, part))
            if found is None:
                raise refuse_unknown(name, part, self._list_parts(building.id, known))
            place[field] = found.id
        del record
        return place

    def _list_parts(self, building_id: int, known: Mapping[tuple[int, str], Any]) -> list[str]:
        """Give the codes of a building's wings or room groups for which a row may be."""
        return [
            code
            for (id_, code), part in known.items()
            if id_ == building_id
            and self.actor.can(
                Action.EDIT_MILESTONES, id_, part.id if isinstance(part, Wing) else None
            )
        ]

    def _wing_ids(self, building_id: int) -> list[int]:
        return [wing.id for key, wing in self.places.wings.items() if key[0] == building_id]

    def _visible_codes(self) -> dict[str, object]:
        return {
            code: building
            for code, building in self.buildings.items()
            if self.actor.can(Action.EDIT_MILESTONES, building.id)
        }

    def check(self, record: Milestone, row: Row) -> None:
        """Refuse two places at once, a date with a reason for none, and what lies elsewhere."""
        del row
        if record.wing_id is not None and record.room_group_id is not None:
            raise InvalidInput(
                Problem(
                    msg("A milestone belongs to a wing or to a room group, not to both."),
                    msg("Empty one of the two cells."),
                    field="room_group",
                )
            )
        if record.undated_reason and record.forecast is not None:
            raise InvalidInput(
                Problem(
                    msg("There is a forecast, and a reason why there is none."),
                    msg("Empty one of the two cells."),
                    field="undated_reason",
                    value=record.undated_reason,
                )
            )
        self.check_reach(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the milestones in scope."""
        for record in queries.load_milestones(session):
            if not actor.can(Action.SEE_MILESTONES, record.building_id, record.wing_id):
                continue
            yield (
                record.code,
                record.name,
                record.kind,
                record.building.code if record.building else None,
                record.wing.code if record.wing else None,
                record.room_group.code if record.room_group else None,
                *_write_date(record.forecast),
                record.forecast_reason,
                *_write_date(record.actual),
                record.undated_reason,
                record.responsible,
                record.note,
            )


def _read_date(row: Row, name: str) -> SpokenDate | None:
    """Read a date's words, with the days beside them, if these were given."""
    wording = str(row.values[name] or "")
    first, last = (row.values.get(f"{name}_{end}") for end in ("first", "last"))
    if not wording:
        return None
    try:
        return read_words(DateValues("", wording, _day(first), _day(last)))
    except InvalidInput as error:
        raise InvalidInput(
            *(
                Problem(problem.message, problem.remedy, field=name, value=wording)
                for problem in error.problems
            )
        ) from error


def _day(value: Value) -> date | None:
    return value if isinstance(value, date) else None


def _write_date(known: SpokenDate | None) -> tuple[Value, Value, Value]:
    if known is None:
        return None, None, None
    if known.precision is not Precision.WORDS:
        return known.wording, None, None
    return known.wording, known.earliest, known.latest


class LinkTable(RecordTable):
    """What waits for what, among milestones and work packages; a row's key are both codes."""

    columns = (
        Column("before", required=True, german="Vorher", max_length=60),
        Column("after", required=True, german="Nachher", max_length=60),
        Column(
            "kind",
            Kind.CHOICE,
            german="Verknüpfung",
            choices=LINK_KINDS,
            choice_names=_LINK_NAMES,
        ),
        Column(
            "lag_days",
            Kind.INTEGER,
            german="Abstand Arbeitstage",
            minimum=-LONGEST_LAG_DAYS,
            maximum=LONGEST_LAG_DAYS,
        ),
    )
    plain: ClassVar[Mapping[str, tuple[str, object]]] = {
        "kind": ("kind", "FS"),
        "lag_days": ("lag_days", 0),
    }
    key_column = "before"
    is_named = False

    def load(self) -> None:
        """Load links, and everything that has a date."""
        self.actor.require_somewhere(Action.EDIT_MILESTONES)
        self.ends: dict[str, tuple[str, int, int | None, int | None]] = {}
        for what, rows in (
            ("package", queries.list_packages(self.session)),
            ("milestone", queries.list_rows(self.session)),
        ):
            for row in rows:
                if self.actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id):
                    self.ends[row.code] = (what, row.id, row.building_id, row.wing_id)
        self.codes = {(what, row_id): code for code, (what, row_id, *_) in self.ends.items()}
        self.links: list[tuple[End, End]] = []
        self.out_of: defaultdict[End, list[End]] = defaultdict(list)
        for row in queries.list_packages(self.session):
            if row.milestone_id is not None:
                self.out_of["package", row.id].append(("milestone", row.milestone_id))
                self.links.append((("package", row.id), ("milestone", row.milestone_id)))
        for link in queries.load_links(self.session):
            ends = (_end_of(link, "before"), _end_of(link, "after"))
            self.links.append(ends)
            self.out_of[ends[0]].append(ends[1])
            key = tuple(self.codes.get(end, "") for end in ends)
            if all(key):
                self.records[key] = link

    def key_of(self, row: Row) -> Hashable:
        """Give both codes; they must exist."""
        for field in ("before", "after"):
            code = str(row.values[field])
            if code not in self.ends:
                raise refuse_unknown(field, code, self.ends)
        return str(row.values["before"]), str(row.values["after"])

    def make(self, key: tuple[str, str]) -> PlanLink:
        """Make a link between two codes."""
        before, after = (self.ends[code] for code in key)
        ends = {f"before_{before[0]}_id": before[1], f"after_{after[0]}_id": after[1]}
        return PlanLink(**self.defaults(), **ends)

    def check(self, record: PlanLink, row: Row) -> None:
        """Refuse what lies elsewhere, and a link that closes a circle."""
        after = self.ends[str(row.values["after"])]
        action = Action.EDIT_WORK if after[0] == "package" else Action.EDIT_MILESTONES
        if not self.actor.can(action, after[2], after[3]):
            raise InvalidInput(
                Problem(
                    msg("Your role does not reach this place."),
                    msg("Leave the row out, or ask somebody who is responsible there."),
                    field="after",
                )
            )
        if self.key_of(row) in self.records:
            return
        ends = (_end_of(record, "before"), _end_of(record, "after"))
        self.links.append(ends)
        self.out_of[ends[0]].append(ends[1])
        if self._leads_to(ends[1], ends[0]):
            self._refuse_circle()

    def _leads_to(self, start: End, goal: End) -> bool:
        """Tell whether links lead from one to another: then the one cannot wait for the other."""
        seen, ahead = set(), [start]
        while ahead:
            end = ahead.pop()
            if end == goal:
                return True
            if end not in seen:
                seen.add(end)
                ahead += self.out_of[end]
        return False

    def _refuse_circle(self) -> None:
        """Let the plan name the circle that the last link closes, and take that out again."""
        ends = {end for link in self.links for end in link}
        activities = [Activity(str(end), self.codes.get(end, "…")) for end in sorted(ends)]
        links = [Link(str(before), str(after)) for before, after in self.links]
        before, after = self.links.pop()
        self.out_of[before].remove(after)
        try:
            Plan(activities, links)
        except InvalidInput as error:
            raise InvalidInput(
                *(replace(problem, field="after") for problem in error.problems)
            ) from error

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the links both ends of which are in scope."""
        codes = {
            (what, row.id): row.code
            for what, rows in (
                ("package", queries.list_packages(session)),
                ("milestone", queries.list_rows(session)),
            )
            for row in rows
            if actor.can(Action.SEE_MILESTONES, row.building_id, row.wing_id)
        }
        for link in queries.load_links(session):
            before, after = (codes.get(_end_of(link, end)) for end in ("before", "after"))
            if before and after:
                yield before, after, link.kind, link.lag_days


def _end_of(link: PlanLink, end: str) -> End:
    milestone_id = getattr(link, f"{end}_milestone_id")
    if milestone_id is not None:
        return "milestone", milestone_id
    return "package", getattr(link, f"{end}_package_id") or 0


MILESTONE_KIND_TABLES: Final = {"milestones": MilestoneTable, "milestone_links": LinkTable}
