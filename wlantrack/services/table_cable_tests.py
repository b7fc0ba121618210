"""The table of test records: what an instrument has measured of cable runs.

Decides which run a record belongs to and what follows from it: PASS carries a terminated run to
"tested" and closes its task, FAIL to "test failed" and opens one. A record that is known already
changes nothing. What a vendor calls its columns stands nowhere: people assign them once. A record
whose label names no run is given to one by hand, or left out; the same file then knows it again.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Final, NoReturn

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.rollout.lifecycle import CABLE_LIFECYCLE
from wlantrack.services.actor import Action, Actor
from wlantrack.services.cable_ends import LONGEST_RUN_M
from wlantrack.services.cable_states import LONGEST_EVIDENCE, record_step
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.table_rows import RowOutcome
from wlantrack.services.table_settling import SettledTable
from wlantrack.store.models.permits import CableTest
from wlantrack.store.models.work import Task
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import cable_tests as queries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.cabling import CableRun
    from wlantrack.store.plan_files import StoredFile

ORIGIN: Final = "failed test"
RESULT_NAMES: Final = {
    "bestanden": "pass",
    "passed": "pass",
    "ok": "pass",
    "i.O.": "pass",
    "nicht bestanden": "fail",
    "failed": "fail",
    "durchgefallen": "fail",
    "n.i.O.": "fail",
}
_MEASURED: Final = ("tested", "patched", "accepted")
_FINGERPRINTED: Final = ("result", "tested_on", "limit_name", "length_m", "margin_db")


class CableTestTable(SettledTable):
    """Test records in the columns that every instrument can export in some way."""

    finds_all = False
    subject_column = "label"
    columns: tuple[Column, ...] = (
        Column("label", required=True, german="Bezeichnung", aliases=("Kabel",), max_length=60),
        Column(
            "result",
            Kind.CHOICE,
            required=True,
            german="Ergebnis",
            choices=("pass", "fail"),
            choice_names=RESULT_NAMES,
        ),
        Column("tested_on", Kind.DATE, required=True, german="Gemessen am"),
        Column("limit_name", german="Grenzwert", max_length=80),
        Column("length_m", Kind.NUMBER, german="Länge (m)", minimum=0.1, maximum=LONGEST_RUN_M),
        Column("margin_db", Kind.NUMBER, german="Reserve (dB)", minimum=-100, maximum=100),
        Column("instrument", german="Messgerät", max_length=120),
        Column("tester", german="Gemessen von", max_length=120),
    )

    def take_source(self, name: str, sha256: str, stored: StoredFile | None) -> None:
        """Note which file the records come in; a trial keeps none."""
        self.file_name, self.file_sha256 = name[:200], sha256
        self.stored_file = stored.name if stored else ""

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the runs that the records may belong to, and what is known of them."""
        self.session, self.actor = session, actor
        pairs = actor.scope_pairs(Action.EDIT_CABLING)
        self.runs: dict[str, list[CableRun]] = {}
        for run in run_queries.load_for_table(session, pairs):
            for name in {run.label.casefold(), run.legacy_id.casefold()} - {""}:
                self.runs.setdefault(name, []).append(run)
        self.labels = sorted({run.label for run in self._list_runs()})
        named = {str(row.values.get("label", "")).casefold() for row in rows}
        named |= {label.casefold() for label in self.assigned.values()}
        self.placed = queries.list_runs_of_file(session, self.file_sha256)
        ids = {run.id for name in named for run in self.runs.get(name, ())} | {
            *self.placed.values()
        }
        self.known = queries.list_fingerprints(session, ids)
        self.latest = queries.list_latest_days(session, ids)
        self.tasks = queries.list_open_tasks(session, "cable_run", ORIGIN)
        self.now = datetime.now(UTC)

    def apply(self, row: Row) -> RowOutcome:
        """Keep a record, and carry its run to what it says."""
        run = self._find_run(row)
        tested_on = row.values["tested_on"]
        assert isinstance(tested_on, date)  # noqa: S101 - the column is one of dates
        self._require_past(tested_on)
        fingerprint = make_fingerprint(row.values)
        if (run.id, fingerprint) in self.known:
            return RowOutcome(row.number, run.label, "unchanged")
        self.known.add((run.id, fingerprint))
        self.session.add(self._make_test(run, row, tested_on, fingerprint))
        if tested_on < self.latest.get(run.id, tested_on):
            # What was measured later says how the run stands; this one is kept beside it.
            return RowOutcome(row.number, run.label, "created")
        self.latest[run.id] = tested_on
        if row.values["result"] == "pass":
            warnings = self._pass(run, row, tested_on)
        else:
            warnings = self._fail(run, row, tested_on)
        return RowOutcome(row.number, run.label, "created", warnings=warnings)

    def _find_run(self, row: Row) -> CableRun:
        """Give the run that a row names, else the one that it was given to, now or before."""
        written, assigned = str(row.values["label"]), self.assigned.get(row.number)
        named = self._get_run(written)
        if assigned is None:
            before = self.placed.get(row.sheet_number)
            run = named or next((run for run in self._list_runs() if run.id == before), None)
            if run is None:
                self._refuse_label(written)
            return run
        if named is not None:
            raise InvalidInput(
                Problem(
                    msg("The record names a cable run; it cannot be given to another one."),
                    msg("Take the choice for this row back, or leave the row out."),
                    field="label",
                    value=written,
                )
            )
        run = self._get_run(assigned)
        if run is None:
            raise InvalidInput(
                Problem(
                    msg(
                        "There is no cable run %(label)s to which the record could belong.",
                        label=assigned,
                    ),
                    msg("Choose one by its label, or leave the row out."),
                    field="label",
                )
            )
        return run

    def _get_run(self, label: str) -> CableRun | None:
        found = self.runs.get(label.casefold(), [])
        exact = [run for run in found if run.label == label]
        only = exact or found
        return only[0] if len(only) == 1 else None

    def _list_runs(self) -> Iterator[CableRun]:
        yield from chain.from_iterable(self.runs.values())

    def list_subjects(self) -> list[str]:
        """Give the labels of the runs to which a record may be given."""
        return self.labels

    def _refuse_label(self, label: str) -> NoReturn:
        if found := self.runs.get(label.casefold(), []):
            problem = Problem(
                msg(
                    "Several cable runs are called so: %(labels)s.",
                    labels=", ".join(sorted(run.label for run in found)),
                ),
                msg("Write the label of one of them exactly."),
                field="label",
                value=label,
            )
        else:
            problem = Problem(
                msg("No cable run is called so, neither by its label nor by its former id."),
                msg("Choose the run, correct the label, or add the run first."),
                field="label",
                value=label,
            )
        raise InvalidInput(problem)

    def _require_past(self, tested_on: date) -> None:
        # An instrument may be a day ahead of the clock of this machine, which knows no time zone.
        if tested_on > self.now.date() + timedelta(days=1):
            raise InvalidInput(
                Problem(
                    msg("This day lies in the future."),
                    msg("Set the clock of the instrument, and correct the day."),
                    field="tested_on",
                    value=tested_on.isoformat(),
                )
            )

    def _make_test(self, run: CableRun, row: Row, tested_on: date, fingerprint: str) -> CableTest:
        values = row.values
        test = CableTest(public_id=uuid.uuid4(), cable_run_id=run.id, tested_on=tested_on)
        test.result, test.fingerprint, test.row_number = (
            str(values["result"]),
            fingerprint,
            row.sheet_number,
        )
        for name in ("limit_name", "instrument", "tester"):
            setattr(test, name, values.get(name) or "")
        test.length_m = _number(values.get("length_m"))
        test.margin_db = _number(values.get("margin_db"))
        test.file_name, test.file_sha256 = self.file_name, self.file_sha256
        test.stored_file = self.stored_file
        test.imported_at, test.imported_by = self.now, self.actor.name
        return test

    def _pass(self, run: CableRun, row: Row, tested_on: date) -> tuple[Problem, ...]:
        task = self.tasks.pop(run.public_id, None)
        if task is not None:
            task.state, task.done_on = "done", tested_on
        if row.values.get("length_m") is not None:
            run.length_actual_m = _number(row.values["length_m"])
        if run.state in _MEASURED:
            return ()
        return self._carry(run, "tested", "pass_record", row, tested_on)

    def _fail(self, run: CableRun, row: Row, tested_on: date) -> tuple[Problem, ...]:
        if run.public_id not in self.tasks:
            self.tasks[run.public_id] = self._open_task(run, row)
        if run.state == "test failed":
            return ()
        return self._carry(run, "test failed", "fail_record", row, tested_on)

    def _carry(
        self, run: CableRun, target: str, name: str, row: Row, tested_on: date
    ) -> tuple[Problem, ...]:
        """Set a run's state where the table of states lets a record do so, else say what is."""
        step = CABLE_LIFECYCLE.transitions.get((run.state, target))
        if step is None or name not in step.evidence:
            return (
                Problem(
                    msg(
                        "%(label)s: the record is kept, the state stays %(state)s.",
                        label=run.label,
                        state=CABLE_LIFECYCLE.word_of(run.state),
                    ),
                    msg("Set the run to terminated first, then to what was measured."),
                    row=row.number,
                ),
            )
        evidence = f"{self.file_name[: LONGEST_EVIDENCE - 20]}, {row.sheet_number}"
        roles = self.actor.roles_in(run.floor.building_id, run.wing_id)
        CABLE_LIFECYCLE.require(run.state, target, roles=roles, evidence=frozenset({name}))
        record_step(run, target, tested_on, self.actor.name, run.firm, {name: evidence})
        return ()

    def _open_task(self, run: CableRun, row: Row) -> Task:
        limit = row.values.get("limit_name") or ""
        task = Task(
            public_id=uuid.uuid4(),
            title=f"{run.label}: FAIL {limit}".strip()[:160],
            building_id=run.floor.building_id,
            wing_id=run.wing_id,
            subject_kind="cable_run",
            subject_id=run.public_id,
            origin=ORIGIN,
            opened_at=self.now,
            opened_by=self.actor.name,
            state="open",
            note=f"{self.file_name}, {row.number}",
        )
        self.session.add(task)
        return task

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the records of the runs in scope."""
        pairs = scope_pairs(actor, Action.EXPORT_TABLES)
        for label, test in queries.load_for_table(session, pairs):
            yield (
                label,
                test.result,
                test.tested_on,
                test.limit_name,
                test.length_m,
                test.margin_db,
                test.instrument,
                test.tester,
            )


def make_fingerprint(record: Mapping[str, Value]) -> str:
    """Give what makes a record the same one when it comes again."""
    values = [record.get(name) for name in _FINGERPRINTED]
    written = json.dumps([str(value) if value not in (None, "") else "" for value in values])
    return hashlib.sha256(written.encode()).hexdigest()


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None
