"""Cable runs: find, list with their warnings, add, change and delete.

Decides how a run gets its label and where it counts: at its far end, else at its distributor.
"""

from __future__ import annotations

import itertools
import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.rollout.cabling import (
    CableWarning,
    PortFacts,
    RunFacts,
    SwitchLoad,
    WarningKind,
    check_run,
    sum_up_switch,
)
from wlantrack.rollout.lifecycle import CABLE_STATES
from wlantrack.services import history, places, run_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.belongings import delete_belongings, move_belongings
from wlantrack.services.cable_ends import (
    PLAIN_FIELDS,
    CableRunValues,
    Ends,
    assign_port,
    check_values,
    find_ends,
    find_free_port,
    make_label,
    require_firm_of_order,
    require_free_label,
    require_free_panel_port,
    set_ends,
)
from wlantrack.services.cabling_places import natural_key
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.queries import cable_runs as queries
from wlantrack.store.queries import cabling as part_queries
from wlantrack.store.queries import orders as order_queries
from wlantrack.store.queries.cable_runs import CableFilter
from wlantrack.store.queries.scopes import RunReach

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

    from wlantrack.services.history import Entry
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.queries.cable_runs import CableRow
    from wlantrack.store.queries.paging import Page

__all__ = ["CableFilter", "CableRunValues"]

OUTSIDE_WARNINGS = frozenset(
    {
        WarningKind.TOO_LONG,
        WarningKind.OPEN_END,
        WarningKind.NO_PANEL_PORT,
        WarningKind.CATEGORY,
    }
)
"""Warnings about the cable itself; the others name switches and their power."""
_NO_SWITCH: dict[str, Any] = dict.fromkeys(
    ("switch_id", "switch", "switch_public_id", "port", "port_poe_class", "port_speed_mbit")
)
OFFERED = 300
"""Entries that a field offers; whoever looks for more types the code."""
DELETABLE = frozenset({"requested", "surveyed"})


@dataclass(frozen=True)
class ListedRun:
    """A line of the list with its warnings."""

    row: CableRow
    warnings: tuple[CableWarning, ...]

    @property
    def public_id(self) -> uuid.UUID:
        """Give the run's id."""
        return self.row.public_id

    @property
    def label(self) -> str:
        """Give the run's label."""
        return self.row.label

    @property
    def state(self) -> str:
        """Give the run's state."""
        return self.row.state


def facts_of(row: CableRow) -> RunFacts:
    """Give what warnings depend on."""
    return RunFacts(
        label=row.label,
        state=row.state,
        category=row.category,
        test_limit=row.test_limit,
        length_planned_m=row.length_planned_m,
        length_actual_m=row.length_actual_m,
        distributor=row.distributor,
        panel_port=row.panel_port,
        far_end=row.far_end,
        is_powered=row.access_point is not None,
        poe_class=row.poe_class,
        port=row.port_name,
        port_poe_class=row.port_poe_class,
        port_speed_mbit=row.port_speed_mbit,
    )


def load_switch_loads(session: Session, switch_ids: Collection[int]) -> dict[int, SwitchLoad]:
    """Give ports and power of some switches, by id."""
    ports: dict[int, list[PortFacts]] = {}
    heads: dict[int, tuple[str, float | None]] = {}
    for row in part_queries.list_port_rows(session, switch_ids):
        heads[row.switch_id] = (row.switch, row.poe_budget_w)
        found = ports.setdefault(row.switch_id, [])
        if row.port is not None:
            found.append(PortFacts(row.port, row.is_taken, row.is_powered, row.poe_class))
    return {id_: sum_up_switch(*heads[id_], ports[id_]) for id_ in heads}


def with_warnings(session: Session, rows: Iterable[CableRow]) -> list[ListedRun]:
    """Give lines with what is wrong with each."""
    lines = list(rows)
    loads = load_switch_loads(session, {row.switch_id for row in lines if row.switch_id})
    return [
        ListedRun(row, check_run(facts_of(row), loads.get(row.switch_id or 0))) for row in lines
    ]


def list_runs(
    session: Session, actor: Actor, narrow: CableFilter, page: Page, warning: str = ""
) -> tuple[list[ListedRun], int]:
    """Give one page of the runs in scope, and how many match.

    ``warning`` narrows to runs with a warning of this kind, ``any`` to those with any.
    """
    reach = run_sight.reach_of(actor)
    if warning:
        narrow = replace(narrow, run_ids=_ids_with_warning(session, actor, narrow, warning))
    rows, total = queries.list_rows(session, reach, narrow, page)
    return _for_reader(actor, with_warnings(session, rows)), total


def list_first(
    session: Session, actor: Actor, narrow: CableFilter, limit: int
) -> dict[str, list[ListedRun]]:
    """Give the first runs of each state in scope that match, by label."""
    reach = run_sight.reach_of(actor)
    rows = queries.list_first_rows(session, reach, narrow, limit)
    found: dict[str, list[ListedRun]] = {}
    for line in _for_reader(actor, with_warnings(session, rows)):
        found.setdefault(line.state, []).append(line)
    return found


def _for_reader(actor: Actor, lines: list[ListedRun]) -> list[ListedRun]:
    """Leave out what is behind the patch panel for those who are not to know of it."""
    if actor.can_anywhere(Action.SEE_CABLING):
        return lines
    return [
        ListedRun(replace(line.row, **_NO_SWITCH), _outside_warnings(line.warnings))
        for line in lines
    ]


def _outside_warnings(warnings: Iterable[CableWarning]) -> tuple[CableWarning, ...]:
    return tuple(item for item in warnings if item.kind in OUTSIDE_WARNINGS)


def _ids_with_warning(
    session: Session, actor: Actor, narrow: CableFilter, warning: str
) -> frozenset[int]:
    return frozenset(item.row.id for item in list_matching(session, actor, narrow, warning))


def list_matching(
    session: Session, actor: Actor, narrow: CableFilter, warning: str = ""
) -> list[ListedRun]:
    """Give all runs in scope that match, by label."""
    narrow = replace(narrow, may_warn=bool(warning))
    rows = queries.list_all_rows(session, run_sight.reach_of(actor), narrow)
    found = _for_reader(actor, with_warnings(session, rows))
    if not warning:
        return found
    return [item for item in found if any(warning in {"any", each.kind} for each in item.warnings)]


def count_states(session: Session, actor: Actor, narrow: CableFilter) -> dict[str, int]:
    """Give how many of the runs in scope that match are in each state."""
    return queries.count_states(session, run_sight.reach_of(actor), narrow)


def list_firms(session: Session, actor: Actor) -> list[str]:
    """Give the firms named at runs in scope."""
    return queries.list_firms(session, run_sight.reach_of(actor))


def list_at_access_point(session: Session, actor: Actor, point: AccessPoint) -> list[ListedRun]:
    """Give the runs in scope that end at an access point."""
    reach = run_sight.reach_of(actor)
    return with_warnings(session, queries.list_ending_at(session, point.id, reach))


def find_run(session: Session, actor: Actor, ref: str) -> CableRun:
    """Give a run by label or public id, with both ends, its switch port and its steps.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    public_id = places.parse_uuid(ref)
    run = (
        queries.get_by_labels(session, [ref]).get(ref)
        if public_id is None
        else queries.get_run(session, public_id)
    )
    if run is None or not run_sight.sees_run(actor, run):
        raise NotFound(msg("There is no such cable run; perhaps somebody has deleted it."))
    return run


def find_warnings(session: Session, actor: Actor, run: CableRun) -> tuple[CableWarning, ...]:
    """Give what is wrong with a run that was found before, as far as the actor may know it."""
    rows = queries.list_all_rows(session, RunReach(None), CableFilter(run_ids=[run.id]))
    warnings = with_warnings(session, rows)[0].warnings
    return warnings if run_sight.sees_inside(actor, run) else _outside_warnings(warnings)


def list_history(session: Session, actor: Actor, run: CableRun) -> list[Entry]:
    """Give what happened to a run that was found before, the latest first."""
    return history.list_of_record(session, actor, run.__tablename__, run.public_id)


def list_versions(session: Session, actor: Actor, refs: Iterable[str]) -> dict[str, int]:
    """Give the versions of runs in scope by public id, as texts name it."""
    ids = {found for ref in refs if (found := places.parse_uuid(ref)) is not None}
    reach = run_sight.reach_of(actor)
    return {str(id_): version for id_, version in queries.list_versions(session, reach, ids)}


def list_open_ends(session: Session, actor: Actor) -> list[str]:
    """Give access points in scope without a cable, to choose from."""
    return queries.list_uncabled(session, scope_pairs(actor, Action.SEE_ACCESS_POINTS), OFFERED)


def list_free_ports(session: Session, run: CableRun) -> list[str]:
    """Give the free switch ports in a run's distributor, as ``switch/port``."""
    if run.distributor_id is None:
        return []
    free = part_queries.list_free_ports(session, run.distributor_id)
    return [f"{switch}/{port}" for switch, port in free][:OFFERED]


def suggest_panel_port(session: Session, actor: Actor, code: str, after: str = "") -> str:
    """Give the next free panel port of a distributor: ``P1:08`` after ``P1:07``.

    Counting goes on from ``after``, the port just filled, or from the last one in use.
    """
    taken = set()
    if code:
        narrow = CableFilter(distributor=code)
        rows = queries.list_all_rows(session, run_sight.reach_of(actor), narrow)
        taken = {row.panel_port for row in rows if row.panel_port}
    last = after or max(taken, key=natural_key, default="")
    found = re.fullmatch(r"(.*?)(\d+)", last)
    if found is None:
        return ""
    row, digits = found[1], len(found[2])
    following = (f"{row}{number:0{digits}d}" for number in itertools.count(int(found[2]) + 1))
    return next(port for port in following if port not in taken)


def values_of(run: CableRun) -> CableRunValues:
    """Give a run's values, to change some of them."""
    port = run.switch_port
    return CableRunValues(
        label=run.label,
        distributor=run.distributor.code if run.distributor else "",
        panel_port=run.panel_port or "",
        access_point=run.access_point.code if run.access_point else "",
        outlet=run.outlet.code if run.outlet else "",
        switch_port=f"{port.switch.code}/{port.name}" if port else "",
        **{name: getattr(run, name) for name in PLAIN_FIELDS},
    )


def add_run(session: Session, actor: Actor, values: CableRunValues) -> CableRun:
    """Add a requested run; without a label it gets one.

    Raises
    ------
    InvalidInput
        A value is impossible, an end unknown, or a label or port taken.
    """
    check_values(values)
    ends = find_ends(session, actor, values, None)
    floor, wing_id = ends.place()
    actor.require(Action.EDIT_CABLING, floor.building_id, wing_id)
    panel_port = values.panel_port.strip()
    require_free_panel_port(session, actor, ends.distributor, panel_port, None)
    label = values.label.strip() or make_label(session, ends, panel_port)
    require_free_label(session, label)
    port = find_free_port(session, actor, values.switch_port, None)
    run = CableRun(public_id=uuid.uuid4(), label=label, state="requested", steps=[])
    _apply(run, ends, values)
    session.add(run)
    assign_port(session, run, port)
    session.commit()
    return run


def _apply(run: CableRun, ends: Ends, values: CableRunValues) -> None:
    for name in PLAIN_FIELDS:
        setattr(run, name, getattr(values, name))
    set_ends(run, ends, values.panel_port.strip())


def edit_run(
    session: Session, actor: Actor, ref: str, values: CableRunValues, version: int | None
) -> CableRun:
    """Change a run; its attachments move with it.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        A value is impossible, an end unknown, or a label or port taken.
    """
    run = find_run(session, actor, ref)
    actor.require(Action.EDIT_CABLING, run.floor.building_id, run.wing_id)
    require_version(session, run, version)
    check_values(values)
    orders = order_queries.list_of_runs(session, {run.id})
    kept = next((order for _, order in orders if order.state != "cancelled"), None)
    require_firm_of_order(kept, values.firm)
    with session.no_autoflush:  # one change, one version, one event
        ends = find_ends(session, actor, values, run)
        floor, wing_id = ends.place()
        actor.require(Action.EDIT_CABLING, floor.building_id, wing_id)
        require_free_panel_port(session, actor, ends.distributor, values.panel_port.strip(), run)
        label = values.label.strip() or run.label
        if label != run.label:
            require_free_label(session, label)
        port = find_free_port(session, actor, values.switch_port, run)
        assign_port(session, run, port)
        run.label = label
        _apply(run, ends, values)
        move_belongings(session, run, floor, wing_id)
    session.commit()
    return run


def delete_run(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a run that was only requested, with its attachments.

    Raises
    ------
    InvalidInput
        Work on it has begun: it is decommissioned instead, so that its history stays.
    Conflict
        Somebody else has changed it since.
    """
    run = find_run(session, actor, ref)
    actor.require(Action.EDIT_CABLING, run.floor.building_id, run.wing_id)
    require_version(session, run, version)
    if run.state not in DELETABLE:
        raise InvalidInput(
            Problem(
                msg(
                    "Only requested or surveyed runs can be deleted; this one is %(state)s.",
                    state=CABLE_STATES[run.state].label,
                ),
                msg("Take it out of service instead, so that its history stays."),
                field="state",
                value=run.state,
            )
        )
    delete_belongings(session, run)
    assign_port(session, run, None)
    session.delete(run)
    session.commit()
