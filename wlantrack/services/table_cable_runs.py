"""The table of cable runs: the label is its key; a new run may arrive in any state.

Decides that an import tells of the past of what it brings: the step says that it was imported, and
nobody asks for evidence. What is here already goes by the table of states.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import hold_points
from wlantrack.services.actor import Action, Actor
from wlantrack.services.belongings import move_belongings
from wlantrack.services.cable_ends import (
    LONGEST_RUN_M,
    Ends,
    require_firm_of_order,
    set_ends,
    taken_panel_port,
)
from wlantrack.services.cable_states import IMPORTED, follow_table, record_step
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.table_rows import PlaceIndex, RowOutcome, require_first
from wlantrack.store.models.cabling import CABLE_CATEGORIES, CableRun
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import cable_runs as queries
from wlantrack.store.queries import cabling as part_queries
from wlantrack.store.queries import orders as order_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.cabling import Distributor, Outlet

STATE_NAMES: Final = {
    "Bedarf gemeldet": "requested",
    "Begehung erfolgt": "surveyed",
    "Ausführungsplanung freigegeben": "design released",
    "Genehmigungen geklärt": "permits cleared",
    "beauftragt": "ordered",
    "bestellt": "ordered",
    "Trasse hergestellt": "containment installed",
    "gezogen": "pulled",
    "verlegt": "pulled",
    "Brandabschottung hergestellt": "fire-stopped",
    "Freigabe zum Schließen": "released to close",
    "aufgelegt": "terminated",
    "gemessen": "tested",
    "gepatcht": "patched",
    "abgenommen": "accepted",
    "gesperrt": "blocked",
    "Messung nicht bestanden": "test failed",
    "außer Betrieb": "decommissioned",
}
_PLAIN: Final = {
    "category": ("category", "6A"),
    "length_planned_m": ("length_planned_m", None),
    "length_actual_m": ("length_actual_m", None),
    "firm": ("firm", ""),
    "legacy_id": ("legacy_id", ""),
    "note": ("note", ""),
}
"""Column to the record's field and what an empty cell means."""


def _length(name: str, german: str) -> Column:
    return Column(name, Kind.NUMBER, german=german, minimum=0.1, maximum=LONGEST_RUN_M)


class CableRunTable:
    """Cable runs in the columns that facility departments keep."""

    finds_all = False
    columns: tuple[Column, ...] = (
        Column("label", required=True, german="Bezeichnung", aliases=("Kabel",), max_length=60),
        Column("access_point", german="Access Point", max_length=60),
        Column("outlet", german="Datendose", aliases=("Dose",), max_length=40),
        Column("distributor", german="Verteiler", max_length=40),
        Column("port", german="Feldport", aliases=("Port",), max_length=30),
        Column("category", Kind.CHOICE, german="Kategorie", choices=CABLE_CATEGORIES),
        _length("length_planned_m", "Länge geplant (m)"),
        _length("length_actual_m", "Länge gezogen (m)"),
        Column(
            "state",
            Kind.CHOICE,
            german="Zustand",
            choices=tuple(CABLE_STATES),
            choice_names=STATE_NAMES,
        ),
        Column("firm", german="Firma", max_length=120),
        Column("legacy_id", german="Alte Kennung", max_length=60),
        Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500),
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load everything that the rows may refer to, in a handful of queries."""
        self.session, self.actor = session, actor
        self.places = PlaceIndex(session, actor)
        self.distributors = {x.code: x for x in part_queries.load_distributors(session, None)}
        self.outlets = {x.code: x for x in part_queries.load_outlets(session, None)}
        codes = {str(row.values["access_point"]) for row in rows if row.values.get("access_point")}
        self.points = point_queries.get_by_codes(session, codes)
        self.runs = {run.label: run for run in queries.load_for_table(session, None)}
        self.panel = {
            (run.distributor_id, run.panel_port): run
            for run in self.runs.values()
            if run.panel_port is not None
        }
        labels = {str(row.values["label"]) for row in rows}
        named = {self.runs[label].id for label in labels & self.runs.keys()}
        self.orders = {
            run_id: order
            for run_id, order in order_queries.list_of_runs(session, named)
            if order.state != "cancelled"
        }
        self.today = datetime.now(UTC).date()
        known = [self.runs[label] for label in labels & self.runs.keys()]
        self.held = hold_points.load_for_runs(session, known, self.today)
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the run of a row."""
        label = str(row.values["label"])
        require_first(self.seen, label, row, "label")
        run = self.runs.get(label)
        is_new = run is None
        if run is None:
            run = CableRun(public_id=uuid.uuid4(), label=label, steps=[], state="requested")
            run.crosses_fire_wall, run.test_limit = False, "permanent link"
            run.panel_port = run.state_before = run.state_on = None
            run.distributor = run.access_point = run.outlet = None
            for field, default in _PLAIN.values():
                setattr(run, field, default)
        else:
            self._require_own(run)
        before = _describe(run)
        self._set_ends(run, row)
        for column, (field, default) in _PLAIN.items():
            if column in row.values:
                value = row.values[column]
                setattr(run, field, default if value is None else value)
        if not is_new and "firm" in row.values:
            require_firm_of_order(self.orders.get(run.id), run.firm)
        self._set_state(run, row, is_new=is_new)
        changed = [name for name, value in _describe(run).items() if before[name] != value]
        if is_new:
            self.session.add(run)
            self.runs[label] = run
        elif {"access_point_id", "outlet_id", "distributor_id"} & set(changed):
            move_belongings(self.session, run, run.floor, run.wing_id)
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, label, outcome, () if is_new else tuple(changed))

    def _require_own(self, run: CableRun) -> None:
        if not self.actor.can(Action.IMPORT_TABLES, run.floor.building_id, run.wing_id):
            raise InvalidInput(
                Problem(
                    msg("This label is taken."),
                    msg("Choose another label."),
                    field="label",
                    value=run.label,
                )
            )

    def _set_ends(self, run: CableRun, row: Row) -> None:
        values = row.values
        distributor, point, outlet = run.distributor, run.access_point, run.outlet
        if "distributor" in values:
            code = values["distributor"]
            distributor = self._find_distributor(run, str(code)) if code is not None else None
        if "access_point" in values:
            code = values["access_point"]
            point = self.points.get(str(code)) if code is not None else None
            if code is not None and not self._sees(point, run.access_point):
                raise _unknown("access_point", code, msg("There is no such access point."))
        if "outlet" in values:
            code = values["outlet"]
            outlet = self.outlets.get(str(code)) if code is not None else None
            if code is not None and not self._sees(outlet, run.outlet):
                raise _unknown("outlet", code, msg("There is no such outlet."))
        if point is not None and outlet is not None:
            raise InvalidInput(
                Problem(
                    msg("A cable run ends at an access point or at an outlet, not at both."),
                    msg("Leave one of the two empty."),
                    field="outlet",
                    value=outlet.code,
                )
            )
        port = values.get("port", run.panel_port)
        ends = Ends(distributor, point, outlet)
        floor, wing_id = ends.place()
        self.places.require_write(floor, wing_id)
        self._take_panel_port(run, distributor.id if distributor else None, port)
        set_ends(run, ends, str(port or ""))

    def _find_distributor(self, run: CableRun, code: str) -> Distributor:
        found = self.distributors.get(code)
        if found is None or not self._sees(found, run.distributor):
            raise _unknown("distributor", code, msg("There is no such distributor."))
        return found

    def _sees(self, end: AccessPoint | Outlet | Distributor | None, kept: object) -> bool:
        """Tell whether there is such an end; one out of scope may only stay where it is."""
        return end is not None and (
            end is kept or self.actor.can(Action.SEE_CABLING, end.floor.building_id, end.wing_id)
        )

    def _take_panel_port(self, run: CableRun, distributor_id: int | None, port: Value) -> None:
        if port is None:
            return
        if distributor_id is None:
            raise InvalidInput(
                Problem(
                    msg("A panel port needs its distributor."),
                    msg("Fill in the distributor, or leave the port empty."),
                    field="port",
                    value=str(port),
                )
            )
        other = self.panel.setdefault((distributor_id, str(port)), run)
        if other is not run:
            raise taken_panel_port(self.actor, other, "port", str(port))

    def _set_state(self, run: CableRun, row: Row, *, is_new: bool) -> None:
        """Set a state: a new run arrives in any, one that is here goes by the table of states."""
        target = row.values.get("state")
        if target is None or target == run.state:
            return
        if is_new:
            evidence = {"source": IMPORTED}
            record_step(run, str(target), self.today, self.actor.name, run.firm, evidence)
            return
        try:
            follow_table(self.session, self.actor, run, str(target), self.today, self.held[run.id])
        except InvalidInput as error:
            raise InvalidInput(
                *(replace(problem, field="state") for problem in error.problems)
            ) from error

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the runs in scope."""
        for run in queries.load_for_table(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            yield (
                run.label,
                run.access_point.code if run.access_point else None,
                run.outlet.code if run.outlet else None,
                run.distributor.code if run.distributor else None,
                run.panel_port,
                run.category,
                run.length_planned_m,
                run.length_actual_m,
                run.state,
                run.firm,
                run.legacy_id,
                run.note,
            )


def _describe(run: CableRun) -> dict[str, object]:
    names = ("distributor_id", "access_point_id", "outlet_id", "panel_port", "state")
    return {name: getattr(run, name) for name in (*names, *(x for x, _ in _PLAIN.values()))}


def _unknown(field: str, value: Value, message: Message) -> InvalidInput:
    return InvalidInput(
        Problem(
            message, msg("Add it first, or leave the cell empty."), field=field, value=str(value)
        )
    )
