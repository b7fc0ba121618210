"""Tables in and out: every row is checked, then all are written or none.

Decides how a file's rows meet the records: by natural key, created, updated or left alone, and that
what people say of the columns of a file is remembered for the next one with the same headers. The
kinds of tables live in modules of their own; this one refuses to know their columns.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from wlantrack.errors import InvalidInput, Message, Problem, WlantrackError, msg
from wlantrack.formats.columns import ColumnName, normalise
from wlantrack.formats.table_writers import write_csv, write_xlsx
from wlantrack.formats.tables import read_table
from wlantrack.services import reasons
from wlantrack.services.actor import Action, Actor
from wlantrack.services.plan import find_plan, load_plan
from wlantrack.services.slips import compare_plans
from wlantrack.services.table_access_points import AccessPointTable
from wlantrack.services.table_attestations import AttestationTable
from wlantrack.services.table_cable_runs import CableRunTable
from wlantrack.services.table_cable_tests import CableTestTable
from wlantrack.services.table_catalogue import CATALOGUE_KINDS
from wlantrack.services.table_demand import DEMAND_KINDS
from wlantrack.services.table_gate import GatedTable
from wlantrack.services.table_governance import GOVERNANCE_TABLES
from wlantrack.services.table_hotspots import HotspotTable
from wlantrack.services.table_houses import PLACE_KINDS
from wlantrack.services.table_inquiries import InquiryTable
from wlantrack.services.table_milestones import MILESTONE_KIND_TABLES
from wlantrack.services.table_networks import FlowTable, SsidTable, VlanTable
from wlantrack.services.table_orders import OrderTable
from wlantrack.services.table_packages import PackageTable
from wlantrack.services.table_penetrations import PenetrationTable
from wlantrack.services.table_permits import PermitTable
from wlantrack.services.table_places import DistributorTable, OutletTable
from wlantrack.services.table_renovations import RENOVATION_TABLES
from wlantrack.services.table_rooms import RoomTable
from wlantrack.services.table_routes import RouteTable
from wlantrack.services.table_scopes import ScopeTable
from wlantrack.services.table_settling import (
    DecidedRow,
    OpenRow,
    SettledTable,
    leave_out,
    list_decided,
    list_left_out,
    list_open,
    require_settled,
)
from wlantrack.services.table_switches import SwitchPortTable, SwitchTable
from wlantrack.services.table_tasks import TaskTable
from wlantrack.services.table_uplinks import UplinkTable
from wlantrack.services.table_work import WORK_TABLES
from wlantrack.store import audit
from wlantrack.store.models.permits import ColumnMapping
from wlantrack.store.queries import cable_tests as queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Column, Value
    from wlantrack.formats.tables import Heading, Row, Table
    from wlantrack.services.plan import CityPlan, PlanParts
    from wlantrack.services.slips import SlipPreview
    from wlantrack.services.table_rows import RowOutcome
    from wlantrack.store.plan_files import PlanFiles, StoredFile

SHOWN_ERRORS = 200
"""More are counted, but a person mends the first ones first."""


class TableKind(Protocol):
    """One kind of table: its columns, how a row is applied, and how records become rows."""

    columns: tuple[Column, ...]

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load what the rows refer to, once for all of them."""
        ...

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the record of a row in the session."""
        ...

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the records in scope as rows, in the order of ``columns``."""
        ...


KINDS: Mapping[str, type[TableKind]] = {
    "access_points": AccessPointTable,
    "access_point_attestations": AttestationTable,
    "rooms": RoomTable,
    **PLACE_KINDS,
    **DEMAND_KINDS,
    **CATALOGUE_KINDS,
    "uplinks": UplinkTable,
    "vlans": VlanTable,
    "ssids": SsidTable,
    "ssid_scopes": ScopeTable,
    "flows": FlowTable,
    "distributors": DistributorTable,
    "outlets": OutletTable,
    "switches": SwitchTable,
    "cable_runs": CableRunTable,
    "cable_tests": CableTestTable,
    "switch_ports": SwitchPortTable,
    "permits": PermitTable,
    "penetrations": PenetrationTable,
    "cable_routes": RouteTable,
    "orders": OrderTable,
    "public_hotspots": HotspotTable,
    **MILESTONE_KIND_TABLES,
    **RENOVATION_TABLES,
    "packages": PackageTable,
    "tasks": TaskTable,
    **WORK_TABLES,
    **GOVERNANCE_TABLES,
    "inquiries": InquiryTable,
}


PLANNED_KINDS: Final = frozenset({"milestones", "milestone_links", "packages"})
"""Kinds whose rows move dates, their own and those of others: what moves is shown beforehand."""

_RECORDS_OF_WORK: Final = frozenset({"cable_tests"})
"""Kinds whose rows say how work came out: whoever may say so of one cable may bring many."""


def action_of(kind: str) -> Action:
    """Give the right that an import of a kind needs; services ask for more of each row."""
    return Action.CHANGE_CABLE_STATE if kind in _RECORDS_OF_WORK else Action.IMPORT_TABLES


def list_importable(actor: Actor) -> list[str]:
    """Give the kinds of tables that an actor may import somewhere."""
    return [kind for kind in KINDS if actor.can_anywhere(action_of(kind))]


@dataclass(frozen=True)
class TableUpload:
    """A file with what its reader was told: header to field, and values for empty cells.

    ``keeps_columns`` remembers what was said of the columns also if nothing else is written.
    ``left_out`` are rows that somebody has chosen to leave out after seeing what is wrong with them,
    ``assigned`` says to which record a row belongs that names none; both count data rows from 1.
    """

    name: str
    data: bytes
    column_map: Mapping[str, str] = field(default_factory=dict)
    set_values: Mapping[str, str] = field(default_factory=dict)
    keeps_columns: bool = False
    left_out: frozenset[int] = frozenset()
    assigned: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportResult:
    """What an import did, or would do; with errors nothing was written.

    ``column_map`` is what was said of the columns, now or for an earlier file like this one. Rows
    are data rows from 1, as scripts rely on it; people are shown :meth:`in_sheet`.
    ``open_rows`` are those to leave out or to give to one of ``subjects``, so that the rest can be
    imported; none if that would not help. ``decided`` are those of which that was said, so that it
    can be said anew. ``slip`` is what a trial would move. ``is_outdated`` says that the plan has
    changed since somebody agreed to what moves: nothing was written.
    """

    headings: tuple[Heading, ...]
    column_map: Mapping[str, str]
    outcomes: tuple[RowOutcome, ...]
    errors: tuple[Problem, ...]
    warnings: tuple[Message | Problem, ...]
    rows_above: int = 0
    open_rows: tuple[OpenRow, ...] = ()
    subjects: tuple[str, ...] = ()
    decided: tuple[DecidedRow, ...] = ()
    slip: SlipPreview | None = None
    is_outdated: bool = False

    def in_sheet(self) -> ImportResult:
        """Give the same with the rows' numbers as a spreadsheet shows them."""
        above = self.rows_above
        return replace(
            self,
            outcomes=tuple(replace(done, row=done.row + above) for done in self.outcomes),
            errors=tuple(_lower(problem, above) for problem in self.errors),
            warnings=tuple(
                _lower(warning, above) if isinstance(warning, Problem) else warning
                for warning in self.warnings
            ),
            rows_above=0,
        )

    def count(self, outcome: str) -> int:
        """Count the rows that were ``created``, ``updated``, ``unchanged`` or ``left out``."""
        return sum(1 for row in self.outcomes if row.outcome == outcome)


def _lower(problem: Problem, rows: int) -> Problem:
    """Count a problem's row, and one that its message names, from further above."""
    if problem.row is None:
        return problem
    named = problem.message.values.get("row")
    message = problem.message
    if isinstance(named, int):
        message = Message(message.text, {**message.values, "row": named + rows})
    return replace(problem, message=message, row=problem.row + rows)


def require_kind(name: str) -> TableKind:
    """Give the kind of a name.

    Raises
    ------
    InvalidInput
        There is no such kind.
    """
    if name not in KINDS:
        raise InvalidInput(
            Problem(
                msg("There is no table of this kind."),
                msg("Use one of: %(choices)s.", choices=", ".join(KINDS)),
                field="kind",
                value=name,
            )
        )
    return KINDS[name]()


def import_table(  # noqa: PLR0913 - the last three are for those who know the house
    session: Session,
    actor: Actor,
    kind: str,
    upload: TableUpload,
    *,
    is_dry_run: bool = False,
    files: PlanFiles | None = None,
    parts: PlanParts | None = None,
    seen: str | None = None,
) -> ImportResult:
    """Import a table: with any error, or as a dry run, nothing is written.

    Parameters
    ----------
    files
        Where the file is kept, if tables of this kind keep theirs.
    parts
        What plans are reckoned with, to tell what a trial would move.
    seen
        The ``slip.seen`` of a trial that somebody has agreed to: where something else would move
        by now, nothing is written. None asks nobody.

    Raises
    ------
    InvalidInput
        The file is no table, or the kind is unknown.
    NotAllowed
        The role does not import tables anywhere.
    """
    table = require_kind(kind)
    actor.require_somewhere(action_of(kind))
    require_settled(table, upload.left_out, upload.assigned)
    whole, upload = _read(session, table, kind, upload)
    parsed = leave_out(whole, upload.left_out, upload.assigned)
    context = actor.audit(reasons.import_of(upload.name))
    errors = list(parsed.problems)
    outcomes = list_left_out(table, whole, upload.left_out)
    # Rows are applied even after header or cell errors, so that all errors come at once; only
    # without their key nothing can be said about them.
    rows = _list_rows(table, parsed)
    tells_moves = kind in PLANNED_KINDS and (is_dry_run or seen is not None)
    city = find_plan(session, parts) if parts is not None and tells_moves else None
    slip = None
    with session.no_autoflush, _kept(table, upload, None if is_dry_run else files) as keep:
        table.begin(session, actor, rows)
        _apply_rows(table, rows, outcomes, errors)
        if isinstance(table, GatedTable):
            with audit.in_context(session, context):
                errors += table.conclude()
        errors.sort(key=lambda problem: problem.row or 0)
        if city is not None and not errors:
            with audit.in_context(session, context):
                slip = _preview_slip(session, actor, city)
        is_outdated = slip is not None and not is_dry_run and slip.seen != seen
        if errors or is_dry_run or is_outdated:
            session.rollback()
            session.expunge_all()
            if upload.keeps_columns:
                _remember_columns(session, context, kind, parsed, upload)
        else:
            audit.set_context(session, context)
            _remember(session, kind, parsed, upload)
            session.commit()
            keep()
    warnings: list[Message | Problem] = list(parsed.warnings)
    warnings += [warning for outcome in outcomes for warning in outcome.warnings]
    placed = _name_places(table, errors, upload.name)
    outcomes.sort(key=lambda outcome: outcome.row)
    open_rows = list_open(table, (*parsed.rows, *parsed.faulty), placed)
    asks = bool(upload.assigned) or any(row.needs_subject for row in open_rows)
    return ImportResult(
        parsed.headings,
        upload.column_map,
        tuple(outcomes),
        placed,
        tuple(warnings),
        parsed.rows_above,
        open_rows,
        tuple(table.list_subjects()) if asks and isinstance(table, SettledTable) else (),
        list_decided(table, whole, upload.left_out, upload.assigned, open_rows),
        slip,
        is_outdated,
    )


def _name_places(table: TableKind, errors: list[Problem], file: str) -> tuple[Problem, ...]:
    """Name the file and the column of every problem."""
    names: dict[str | None, str] = {column.name: ColumnName(column) for column in table.columns}
    return tuple(
        replace(problem, file=file, field=names.get(problem.field, problem.field))
        for problem in errors
    )


def _apply_rows(
    table: TableKind, rows: tuple[Row, ...], outcomes: list[RowOutcome], errors: list[Problem]
) -> None:
    """Apply rows one by one; adds what became of each, or what is wrong with it."""
    for row in rows:
        try:
            outcome = table.apply(row)
            outcomes += () if row.bad else (outcome,)
        except WlantrackError as error:
            errors += _place_problems(error, row)


def _preview_slip(session: Session, actor: Actor, city: CityPlan) -> SlipPreview:
    """Tell what the rows that were applied move; they are taken back afterwards."""
    session.flush()
    return compare_plans(city, load_plan(session, city.clock), actor)


def _read(
    session: Session, table: TableKind, kind: str, upload: TableUpload
) -> tuple[Table, TableUpload]:
    """Read a file, by what is remembered of its columns if nothing is said of them now."""
    parsed = _parse(table, upload)
    if not upload.column_map:
        known = queries.get_mapping(session, kind, _fingerprint(parsed))
        if known is not None:
            upload = replace(upload, column_map=known.columns)
            parsed = _parse(table, upload)
    return parsed, upload


def _parse(table: TableKind, upload: TableUpload) -> Table:
    return read_table(
        upload.data,
        table.columns,
        file=upload.name,
        column_map=upload.column_map,
        set_values=upload.set_values,
    )


def _fingerprint(parsed: Table) -> str:
    """Give what files with the same headers have in common, in whatever order."""
    headers = sorted(normalise(heading.name) for heading in parsed.headings)
    return hashlib.sha256("\n".join(headers).encode()).hexdigest()


def _remember_columns(
    session: Session, context: audit.AuditContext, kind: str, parsed: Table, upload: TableUpload
) -> None:
    """Remember what was said of the columns of a file that is not imported, unless it is wrong."""
    if all(problem.row is not None for problem in parsed.problems):
        audit.set_context(session, context)
        _remember(session, kind, parsed, upload)
        session.commit()


def _remember(session: Session, kind: str, parsed: Table, upload: TableUpload) -> None:
    """Remember what was said of the columns, for the next file with these headers."""
    if not upload.column_map:
        return
    fingerprint = _fingerprint(parsed)
    known = queries.get_mapping(session, kind, fingerprint)
    if known is None:
        known = ColumnMapping(public_id=uuid.uuid4(), kind=kind, fingerprint=fingerprint)
        session.add(known)
    if known.columns != dict(upload.column_map):
        known.columns, known.name = dict(upload.column_map), upload.name[:120]


@contextmanager
def _kept(
    table: TableKind, upload: TableUpload, files: PlanFiles | None
) -> Iterator[Callable[[], None]]:
    """Keep the file of a table that keeps its files; it goes again unless it is said to stay."""
    stored: StoredFile | None = None
    stays = []
    if isinstance(table, CableTestTable):
        stored = files.write(upload.data) if files is not None else None
        table.take_source(upload.name, hashlib.sha256(upload.data).hexdigest(), stored)
    try:
        yield lambda: stays.append(True)
    finally:
        if stored is not None and files is not None and not stays:
            files.remove(stored.name)


def _list_rows(table: TableKind, parsed: Table) -> tuple[Row, ...]:
    """Give the rows that have a key, in the order of the file.

    Access points tell everything that is wrong with a row, also with one that has bad cells.
    """
    keys = {column.name for column in table.columns if column.required}
    if not keys <= set(parsed.columns):
        return ()
    faulty = parsed.faulty if isinstance(table, AccessPointTable) else ()
    rows = (*parsed.rows, *(row for row in faulty if not keys & row.bad))
    return tuple(sorted(rows, key=lambda row: row.number))


def _place_problems(error: WlantrackError, row: Row) -> list[Problem]:
    if isinstance(error, InvalidInput):
        return [
            replace(
                problem, row=row.number, value=row.written(problem.field or "") or problem.value
            )
            for problem in error.problems
        ]
    return [Problem(error.message, row=row.number)]


def export_table(session: Session, actor: Actor, kind: str, suffix: str = "csv") -> bytes:
    """Export the records in scope as ``csv`` or ``xlsx``; an import of it changes nothing."""
    table = require_kind(kind)
    actor.require_somewhere(Action.EXPORT_TABLES)
    headers = [column.name for column in table.columns]
    rows = table.export(session, actor)
    return write_xlsx(headers, rows, sheet=kind) if suffix == "xlsx" else write_csv(headers, rows)


def column_choices(kind: str) -> list[str]:
    """Give the fields of a kind, for mapping columns by hand."""
    return [column.name for column in require_kind(kind).columns]


def column_words(kind: str) -> dict[str, str]:
    """Give the fields of a kind with their German headers, where they have one."""
    return {column.name: column.german or column.name for column in require_kind(kind).columns}
