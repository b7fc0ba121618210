"""The demo's work: crews with holidays, sessions and weddings, and packages of the town hall.

Decides nothing about rules. Everything lies around the real today; the council's sessions stand
there as if its calendar had been read.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from wlantrack.rollout.packages import DEFAULTS, KIND_CODES, POINT_GOALS
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.services.demo_cabling import FIRMS
from wlantrack.store.models.milestones import (
    Milestone,
    PlanLink,
    WorkPackage,
    WorkPackageSubject,
)
from wlantrack.store.models.work import Blackout, Crew, CrewAbsence, Task
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import milestones as milestone_queries
from wlantrack.store.queries import packages as package_queries
from wlantrack.store.queries import places as place_queries
from wlantrack.store.queries import renovations as run_queries
from wlantrack.store.queries import work as queries

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from wlantrack.services.installation import Stores
    from wlantrack.store.models.places import Building

CALENDAR: Final = "Sitzungskalender des Gemeinderats"
SESSIONS: Final = 8
_THURSDAY: Final = 3
_SATURDAY: Final = 5
_AHEAD: Final = frozenset(
    {
        "surveyed",
        "design released",
        "permits cleared",
        "ordered",
        "containment installed",
        "pulled",
    }
)
"""States of the cables that the demo's packages are about."""
_MARKET: Final = "MP"
AFTER_WINDOWS_DAYS: Final = 100
"""By then the walls of all floors of the Marktplatz wing are closed."""


def load_work(stores: Stores, now: datetime) -> None:
    """Load crews, blackouts and packages if there are none yet, in one transaction."""
    with stores.database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or queries.list_crews(session):
            return
        today = now.date()
        crews = _add_crews(session, today)
        _add_blackouts(session, building, today)
        if not package_queries.list_codes(session):
            _Packages(session, building, crews, now).load()
        session.commit()


def _add_crews(session: Session, today: date) -> dict[str, Crew]:
    """Add two crews for cables, one for mounting and the city's own, with when they are away."""
    made = {}
    for code, name, firm, capacity, away in (
        ("KB-1", "Kabeltrupp 1", FIRMS[0], 1, (40, 53, "Betriebsferien")),
        ("KB-2", "Kabeltrupp 2", FIRMS[0], 1, (40, 53, "Betriebsferien")),
        ("NM-1", "Montagetrupp", FIRMS[1], 2, (12, 14, "Schulung beim Hersteller")),
        ("IT-1", "Netzbetrieb der Stadt", "", 3, ()),
    ):
        crew = Crew(public_id=uuid.uuid4(), code=code, name=name, firm=firm, capacity=capacity)
        crew.note = ""
        if away:
            first, last, reason = away
            days = (today + timedelta(days=first), today + timedelta(days=last))
            crew.absences = [
                CrewAbsence(
                    public_id=uuid.uuid4(), begins_on=days[0], ends_on=days[1], reason=reason
                )
            ]
        session.add(crew)
        made[code] = crew
    session.flush()
    return made


def _add_blackouts(session: Session, building: Building, today: date) -> None:
    """Add the council's sessions on Thursdays, weddings on Saturdays, and a Christmas market."""
    wings = {wing.code: wing for wing in building.wings}
    thursday = today + timedelta(days=(_THURSDAY - today.weekday()) % 7)
    saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
    for number in range(SESSIONS):
        day = thursday + timedelta(days=14 * number)
        _forbid(session, building, "Sitzung des Gemeinderats", (day, day), calendar=CALENDAR)
    for week in range(4):
        day = saturday + timedelta(days=7 * week)
        _forbid(session, building, "Trauungen", (day, day), noise="normal", wing=wings.get("EI"))
    days = (today + timedelta(days=19), today + timedelta(days=21))
    _forbid(session, building, "Prüfungen der Auszubildenden", days, wing=wings.get("HS"))


def _forbid(  # noqa: PLR0913 - one parameter a column
    session: Session,
    building: Building,
    name: str,
    days: tuple[date, date],
    *,
    noise: str = "loud",
    calendar: str = "",
    wing: object = None,
) -> None:
    blackout = Blackout(public_id=uuid.uuid4(), name=name, begins_on=days[0], ends_on=days[1])
    blackout.noise_class, blackout.calendar, blackout.note = noise, calendar, ""
    blackout.uid = f"{days[0]:%Y%m%d}-gemeinderat@example.org" if calendar else ""
    blackout.building, blackout.wing = building, wing  # type: ignore[assignment] # a wing of it
    session.add(blackout)


class _Packages:
    """Work in the town hall: the Marktplatz wing goes on, others wait."""

    def __init__(
        self, session: Session, building: Building, crews: dict[str, Crew], now: datetime
    ) -> None:
        self.session, self.building, self.crews = session, building, crews
        self.now, self.today = now, now.date()
        self.wings = {wing.code: wing for wing in building.wings}
        self.floors = {floor.level: floor for floor in building.floors}

    def load(self) -> None:
        """Add packages, what they cover, and what waits for what."""
        pulling = self._make("pulling", _MARKET, "Kabelzug im 3. OG", level=3, crew="KB-1")
        pulling.duration_days = 3
        pulling.planned_start, pulling.planned_finish = self._workday(4), self._workday(10)
        pulling.due = parse_spoken((self.today + timedelta(days=9)).strftime("%d.%m.%Y"))
        stopping = self._make("fire stopping", _MARKET, "Brandschotts im 3. OG", level=3)
        stopping.crew = self.crews["KB-1"]
        testing = self._make("testing", _MARKET, "Messung im 3. OG", level=3, crew="KB-2")
        outside = self._plan_outside_windows()
        delivery = self._make("delivery", _MARKET, "Lieferung der Access Points", days=21)
        delivery.started_on, delivery.state = self.today - timedelta(days=10), "running"
        mounting = self._make("mounting", _MARKET, "Montage der Nachrüstung", crew="NM-1", days=4)
        month = self.today + timedelta(days=45)
        mounting.due = parse_spoken(month.strftime("%m/%Y"))
        testing.due = parse_spoken((self.today + timedelta(days=11)).strftime("%d.%m.%Y"))
        mounting.milestone = milestone_queries.get_by_code(self.session, "RH-MP-MON2")
        survey = self._make("survey", "HS", "Begehung der Deckenhohlräume", crew="IT-1")
        survey.planned_start = survey.planned_finish = self._workday(12)
        survey.is_pinned = True
        permit = self._make("permit", "HS", "Denkmalschutz für die Säle")
        permit.undated_reason = "Antrag wartet auf die Ausführungsplanung"
        later = self._make("pulling", "HS", "Kabelzug Hauptbau", crew="KB-2", days=12)
        training = self._make("training", "MS", "Schulung der Hausmeister", crew="IT-1")
        training.state = "done"
        training.started_on = training.finished_on = self.today - timedelta(days=16)
        self.session.flush()
        self._cover(pulling, stopping, testing, mounting)
        for before, after, lag in (
            (pulling, stopping, 0),
            (stopping, testing, 1),
            (testing, mounting, 0),
            (delivery, mounting, 0),
            (permit, later, 0),
            *((tray, cables, 0) for tray, cables in outside),
        ):
            link = PlanLink(before_package_id=before.id, after_package_id=after.id)
            link.kind, link.lag_days = "FS", lag
            self.session.add(link)
        self._open_task(mounting)

    def _plan_outside_windows(self) -> list[tuple[WorkPackage, WorkPackage]]:
        """Plan six packages for when the walls of their floors are closed: they could go earlier.

        Gives trays with the cables that wait for them; a milestone waits for the cables.
        """
        made = []
        cabled = Milestone(
            public_id=uuid.uuid4(),
            code="RH-MP-KAB2",
            name="Nachverkabelung der übrigen Stockwerke",
            kind="cabling complete",
            building_id=self.building.id,
            wing_id=self.wings[_MARKET].id,
        )
        self.session.add(cabled)
        for number, level in enumerate((1, 2, 4)):
            for kind, name, offset in (
                ("containment", "Kabeltrasse", 0),
                ("pulling", "Kabelzug", 7),
            ):
                package = self._make(kind, _MARKET, f"{name} im {level}. OG", level=level)
                package.crew = self.crews["KB-2" if number % 2 else "KB-1"]
                first = AFTER_WINDOWS_DAYS + 14 * number + offset
                package.planned_start = self._workday(first)
                package.planned_finish = self._workday(first + 6)
                package.milestone = cabled if kind == "pulling" else None
                made.append(package)
        return list(zip(made[::2], made[1::2], strict=True))

    def _workday(self, days: int) -> date:
        day = self.today + timedelta(days=days)
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= _SATURDAY else 0)

    def _make(
        self,
        kind: str,
        wing: str,
        name: str,
        *,
        level: int | None = None,
        crew: str = "",
        days: int = 0,
    ) -> WorkPackage:
        usual, number = DEFAULTS[kind], 1
        taken = {item.code for item in self.session.new if isinstance(item, WorkPackage)}
        while (code := f"RH-{wing}-{KIND_CODES[kind]}-{number}") in taken:
            number += 1
        package = WorkPackage(public_id=uuid.uuid4(), code=code, name=name, kind=kind, subjects=[])
        package.building, package.wing = self.building, self.wings.get(wing)
        package.floor = self.floors.get(level) if level is not None else None
        package.crew = self.crews[crew] if crew else None
        package.duration_days = days or usual.duration_days
        package.noise_class, package.is_waiting = usual.noise_class, usual.is_waiting
        self.session.add(package)
        return package

    def _cover(
        self,
        pulling: WorkPackage,
        stopping: WorkPackage,
        testing: WorkPackage,
        mounting: WorkPackage,
    ) -> None:
        """Give the cables that are still to be pulled on the floor, and the points to be mounted."""
        market, floor = self.wings[_MARKET], self.floors.get(3)
        runs = [
            run
            for run in run_queries.list_placed_runs(self.session, [self.building.id], _AHEAD)
            if floor is not None and run.floor_id == floor.id and run.wing_id == market.id
        ]
        for package in (pulling, stopping, testing):
            package.subjects = [
                WorkPackageSubject(public_id=uuid.uuid4(), cable_run_id=run.id) for run in runs
            ]
        waiting = {"released", "ordered", "delivered", "staged", POINT_GOALS["mounting"]}
        points = point_queries.load_for_table(self.session, [(self.building.id, None)])
        mounting.subjects = [
            WorkPackageSubject(public_id=uuid.uuid4(), access_point_id=point.id)
            for point in points
            if point.wing_id == market.id and point.state in waiting
        ]

    def _open_task(self, package: WorkPackage) -> None:
        self.session.add(
            Task(
                public_id=uuid.uuid4(),
                title="Hebebühne für die Montage reservieren",
                person="facility",
                due_on=self.today + timedelta(days=9),
                building=self.building,
                wing=package.wing,
                state="open",
                origin="person",
                opened_at=self.now - timedelta(days=2),
                opened_by="manager",
                subject_kind=package.__tablename__,
                subject_id=package.public_id,
            )
        )
