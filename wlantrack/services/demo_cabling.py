"""The demo's cabling: distributors, switches, outlets, and runs in every state with their story.

Decides a cabling of the town hall that shows what can go wrong: a run of over 90 m, one with an
open end, a blocked one, a failed test, a switch whose power is short. Firms and papers are made up.
"""

from __future__ import annotations

import io
import math
import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw

from wlantrack.rollout.cable_routes import Slack
from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE, CABLE_ORDER
from wlantrack.services import reasons
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import PHOTO_TYPE, CheckedFile, make_attachment
from wlantrack.services.cable_states import record_step
from wlantrack.services.cable_ways import load_ways
from wlantrack.services.scene import position_of
from wlantrack.services.table_cable_tests import make_fingerprint
from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch, SwitchPort
from wlantrack.store.models.permits import CableTest
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cabling as queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.services.installation import Stores
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.places import Room
    from wlantrack.store.plan_files import PlanFiles, StoredFile

FIRMS: Final = ("Kabelbau Beispiel GmbH", "Netzwerk Muster KG")
_BY_POINT: Final = {
    "accepted": "accepted",
    "in operation": "patched",
    "online": "patched",
    "faulty": "patched",
    "mounted": "tested",
    "staged": "terminated",
    "delivered": "released to close",
    "ordered": "containment installed",
    "released": "permits cleared",
    "removed": "decommissioned",
    "lost": "tested",
}
"""How far the cable of an access point in this state has come."""
_PLANNED: Final = (
    "requested",
    "requested",
    "surveyed",
    "design released",
    "permits cleared",
    "ordered",
    "containment installed",
    "pulled",
    "blocked",
    "fire-stopped",
    "released to close",
    "test failed",
)
"""What the cables of planned access points are in, in turn."""
_PAPERS: Final = {
    "permit": "Denkmalschutz DS-2026-117, Brandschutz BS-2026-31",
    "continuity": "alle Adern durchgängig, Schirm beidseitig",
    "pass_record": "Messprotokoll MP-2026-{number:03d}, PASS",
    "fail_record": "Messprotokoll MP-2026-{number:03d}, FAIL (NEXT)",
    "protocol": "Abnahmeprotokoll AB-2026-{number:03d}",
    "reason": "Asbestverdacht im Deckenhohlraum, Probe in Auftrag",
}
_LONG_M: Final = 96.5
_RESULTS: Final = {"tested": "pass", "test failed": "fail"}
_TEST_FILE: Final = (
    "Kabelnummer;Ergebnis;Datum\nerfundene Messungen der Vorführung;PASS;01.01.2026\n".encode()
)


def load_cabling(stores: Stores, now: datetime) -> None:
    """Load the town hall's cabling if there is none yet, in one transaction."""
    with stores.database.writing(SYSTEM.audit(reasons.DEMO)) as session:
        building = place_queries.get_building_by_code(session, "RH")
        if building is None or queries.load_distributors(session, [(building.id, None)]):
            return
        _Cabling(session, stores.files, now.date()).load(building.id)
        session.commit()


class _Cabling:
    """What is made of the rooms called EV and of the access points."""

    def __init__(self, session: Session, files: PlanFiles, today: date) -> None:
        self.session, self.files, self.today = session, files, today
        self.photos: dict[str, tuple[CheckedFile, StoredFile]] = {}
        self.panel: dict[int, int] = {}
        self.original: StoredFile | None = None

    def load(self, building_id: int) -> None:
        rooms = place_queries.list_all_rooms(self.session, [building_id])
        distributors = {
            room.number.removeprefix("EV"): self._make_distributor(room)
            for room in rooms
            if room.number.startswith("EV")
        }
        self.session.add_all(distributors.values())
        self.session.flush()
        points = point_queries.load_access_points(
            self.session, {room.floor_id for room in rooms if room.number.startswith("EV")}
        )
        runs = list(self._make_runs(points, distributors))
        runs += self._make_odd_runs(distributors, rooms)
        self.session.add_all(runs)
        self.session.flush()
        self._measure(runs, building_id)
        self._patch(runs, list(distributors.values()))
        for number, run in enumerate(runs, start=1):
            self._tell_story(run, number)

    def _make_distributor(self, room: Room) -> Distributor:
        centre = room.outline.centroid if room.outline is not None else None
        return Distributor(
            public_id=uuid.uuid4(),
            code=f"RH-{room.number}",
            name=f"Etagenverteiler {room.number.removeprefix('EV')}",
            floor_id=room.floor_id,
            floor=room.floor,
            wing_id=room.wing_id,
            room_id=room.id,
            x_m=round(centre.x, 2) if centre else None,
            y_m=round(centre.y, 2) if centre else None,
        )

    def _make_runs(
        self, points: list[AccessPoint], distributors: dict[str, Distributor]
    ) -> Iterator[CableRun]:
        planned = 0
        for point in points:
            distributor = _nearest(point, distributors)
            state = _BY_POINT.get(point.state)
            if state is None:
                state = _PLANNED[planned % len(_PLANNED)]
                planned += 1
            length_m = round(_route_m(point, distributor), 1)
            if point.code == "RH-HS-4-AP-02":
                length_m = _LONG_M
            yield self._make_run(distributor, state, length_m, point=point)

    def _measure(self, runs: list[CableRun], building_id: int) -> None:
        """Give pulled runs the lengths of their ways; of the others some are only estimated."""
        ways = load_ways(self.session, Slack(), building_id)
        for run in runs:
            length_m = ways.length_of(run.id)
            if length_m is None or run.length_planned_m == _LONG_M:
                continue
            if run.length_actual_m is not None:
                run.length_planned_m = length_m
                run.length_actual_m = round(length_m * 0.97, 1)

    def _make_run(
        self,
        distributor: Distributor,
        state: str,
        length_m: float,
        *,
        point: AccessPoint | None = None,
        outlet: Outlet | None = None,
    ) -> CableRun:
        number = self.panel[distributor.id] = self.panel.get(distributor.id, 0) + 1
        end = point or outlet or distributor
        is_pulled = state in {*CABLE_ORDER[6:], "test failed", "decommissioned"}
        return CableRun(
            public_id=uuid.uuid4(),
            label=f"{distributor.code}-P1-{number:02d}",
            floor_id=end.floor_id,
            floor=end.floor,
            wing_id=end.wing_id,
            distributor_id=distributor.id,
            panel_port=f"P1:{number:02d}",
            access_point_id=point.id if point else None,
            outlet_id=outlet.id if outlet else None,
            category="6A",
            test_limit="permanent link",
            length_planned_m=length_m,
            length_actual_m=round(length_m * 1.04, 1) if is_pulled else None,
            crosses_fire_wall=number % 3 == 0 or state == "fire-stopped",
            state=state,
            steps=[],
        )

    def _make_odd_runs(
        self, distributors: dict[str, Distributor], rooms: list[Room]
    ) -> Iterator[CableRun]:
        """Give two runs to outlets, and one that hangs from the ceiling without an end."""
        by_number = {room.number: room for room in rooms}
        for number, room_number in enumerate(("301", "302"), start=1):
            room = by_number.get(room_number)
            if room is None or room.outline is None:
                continue
            outlet = Outlet(
                public_id=uuid.uuid4(),
                code=f"RH-MP-3-DO-{number:02d}",
                floor_id=room.floor_id,
                floor=room.floor,
                wing_id=room.wing_id,
                room_id=room.id,
                x_m=round(room.outline.centroid.x, 2),
                y_m=round(room.outline.centroid.y, 2),
                note="Medientechnik",
            )
            self.session.add(outlet)
            self.session.flush()
            yield self._make_run(distributors["3.1"], "tested", 24.0 + number, outlet=outlet)
        if "3.2" in distributors:
            loose = self._make_run(distributors["3.2"], "pulled", 31.0)
            loose.note = "Ende liegt aufgerollt über der Abhangdecke vor Raum 306"
            yield loose

    def _patch(self, runs: list[CableRun], distributors: list[Distributor]) -> None:
        """Make switches, and put what is patched on their ports; one switch is short of power."""
        by_distributor: dict[int, list[CableRun]] = {}
        for run in runs:
            if run.state in {"patched", "accepted"} and run.distributor_id is not None:
                by_distributor.setdefault(run.distributor_id, []).append(run)
        for distributor in distributors:
            patched = by_distributor.get(distributor.id, [])
            if not patched:
                continue
            is_small = distributor.code == "RH-EV3.1"
            ports = [
                SwitchPort(
                    public_id=uuid.uuid4(),
                    name=f"1/0/{number}",
                    poe_class=6,
                    speed_mbit=2_500 if number <= 12 else 1_000,
                    cable_run_id=patched[number - 1].id if number <= len(patched) else None,
                )
                for number in range(1, 13 if is_small else 25)
            ]
            if distributor.code == "RH-EV1.1":
                ports[0].poe_class = 3  # an old line card
            switch = Switch(
                public_id=uuid.uuid4(),
                code=f"{distributor.code}-SW1",
                distributor_id=distributor.id,
                model="Etagenswitch 12 Ports" if is_small else "Etagenswitch 24 Ports",
                poe_budget_w=124.0 if is_small else 370.0,
                serial=f"SAMPLE-SW-{distributor.id:03d}",
                ports=ports,
            )
            self.session.add(switch)
        self.session.flush()

    def _tell_story(self, run: CableRun, number: int) -> None:
        """Give a run the steps that led to its state, the last some days ago."""
        target = run.state
        firm = FIRMS[number % len(FIRMS)]
        steps = _steps_to(target, crosses_fire_wall=run.crosses_fire_wall)
        run.state = "requested"
        day = self.today - timedelta(days=6 * len(steps) + number % 9)
        for step in steps:
            day += timedelta(days=5)
            transition = CABLE_LIFECYCLE.transitions[run.state, step]
            evidence = {
                name: _PAPERS[name].format(number=number)
                for name in transition.evidence
                if name in _PAPERS
            }
            if "firm" in transition.evidence or "firm" in evidence:
                evidence["firm"] = run.firm = firm
            if "photo" in transition.evidence:
                evidence["photo"] = self._attach_photo(run, step, day)
            record_step(run, step, day, "facility", run.firm, evidence)
            if step in _RESULTS:
                self.session.add(self._make_test(run, _RESULTS[step], day, number))
        if target == "decommissioned":
            run.note = "Ausgebaut mit dem Access Point"

    def _make_test(self, run: CableRun, result: str, day: date, number: int) -> CableTest:
        """Give what an instrument has measured; its file is made up, too."""
        if self.original is None:
            self.original = self.files.write(_TEST_FILE)
        test = CableTest(public_id=uuid.uuid4(), cable_run_id=run.id, result=result, tested_on=day)
        test.limit_name, test.instrument = "ISO 11801 Permanent Link Class EA", "Prüfgerät 1"
        test.length_m, test.tester = run.length_actual_m, "Messtrupp"
        test.margin_db = round(0.6 + number % 7 * 0.7, 1) if result == "pass" else -1.3
        test.file_name, test.row_number = "messungen-rathaus.csv", number
        test.file_sha256, test.stored_file = self.original.sha256, self.original.name
        test.fingerprint = make_fingerprint(
            {
                "result": result,
                "tested_on": day,
                "limit_name": test.limit_name,
                "length_m": test.length_m,
                "margin_db": test.margin_db,
            }
        )
        test.imported_at = datetime.combine(day, time(16), UTC)
        test.imported_by = "facility"
        return test

    def _attach_photo(self, run: CableRun, step: str, day: date) -> str:
        title = {"fire-stopped": "Brandschott", "released to close": "Vor dem Schließen"}[step]
        if title not in self.photos:
            jpeg = _draw_photo(title)
            checked = CheckedFile("photo", f"{title}.jpg", PHOTO_TYPE, jpeg, title, day)
            self.photos[title] = checked, self.files.write(jpeg)
        place = (run.floor.building_id, run.wing_id)
        attachment = make_attachment(SYSTEM, run, place, *self.photos[title])
        self.session.add(attachment)
        return str(attachment.public_id)


def _nearest(point: AccessPoint, distributors: dict[str, Distributor]) -> Distributor:
    """Give the distributor of an access point: on its floor, the nearest one."""
    return min(
        (item for item in distributors.values() if item.floor_id == point.floor_id),
        key=lambda item: _route_m(point, item),
    )


def _route_m(point: AccessPoint, distributor: Distributor) -> float:
    """Estimate a route: along the axes of the building, up, down, and some slack."""
    x_m, y_m = position_of(point)
    if distributor.x_m is None or distributor.y_m is None:
        return math.nan
    return abs(x_m - distributor.x_m) + abs(y_m - distributor.y_m) + 7.0


def _steps_to(target: str, *, crosses_fire_wall: bool) -> list[str]:
    """Give the states after "requested" that lead to a state."""
    aside = {
        "blocked": "containment installed",
        "test failed": "terminated",
        "decommissioned": "patched",
    }
    last = aside.get(target, target)
    steps = [
        state
        for state in CABLE_ORDER[1 : CABLE_ORDER.index(last) + 1]
        if state != "fire-stopped" or crosses_fire_wall
    ]
    return [*steps, target] if target in aside else steps


def _draw_photo(title: str) -> bytes:
    """Draw a small picture that says what a real photo would show."""
    image = Image.new("RGB", (640, 480), "#8d8579")
    pen = ImageDraw.Draw(image)
    pen.rectangle((180, 110, 460, 330), fill="#5d564c", outline="#3a352e", width=6)
    for number, colour in enumerate(("#2f6db5", "#2f6db5", "#d1a13b", "#7b7b7b")):
        y = 160 + 36 * number
        pen.line((0, y + 30, 200, y, 440, y, 640, y - 20), fill=colour, width=14)
    pen.rectangle((0, 410, 640, 480), fill="#222222")
    pen.text((24, 432), f"{title} - Muster, kein echtes Foto", fill="white", font_size=24)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
