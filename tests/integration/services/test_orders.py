from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor
from tests.factories.people import make_actor
from tests.factories.rollout import add_order, on
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import (
    acceptance,
    access_points,
    cable_runs,
    cable_states,
    orders,
    run_sight,
    tables,
)
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.cable_states import StateChange
from wlantrack.services.orders import OrderFilter, OrderValues
from wlantrack.services.tables import TableUpload
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.plan_files import PlanFiles
from wlantrack.store.queries.paging import Page

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.cabling import CableRun

TODAY = date(2026, 11, 26)
ORDERED = date(2026, 10, 1)
FIRM = "Kabel GmbH"
FITTER = Actor("fitter", grants=(("firm", Scope(firm=FIRM)),))


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


@pytest.fixture
def run(session: Session, house: House) -> CableRun:
    """Give a run in the west for which the containment can be built."""
    distributor = add_distributor(session, house.ground, wing_id=house.west.id)
    made = add_cable_run(session, distributor, "C1", state="ordered", steps=[])
    session.commit()
    return made


def test_a_firm_sees_and_sets_the_runs_of_its_orders_and_nothing_else(
    session: Session, files: PlanFiles, run: CableRun
) -> None:
    other = add_cable_run(session, run.distributor, "C2", state="ordered", firm="Netz KG")
    add_order(session, "B-1", other, firm="Netz KG", state="ordered", ordered_on=ORDERED)
    values = OrderValues(FIRM, "RH", "WE", name="Pull cables", note="expensive")
    order = orders.add_order(session, SYSTEM, values)
    assert (order.code, order.state) == ("RH-A-1", "draft")
    orders.assign_named(session, SYSTEM, order.code, ["C1"])
    assert run.firm == FIRM
    with pytest.raises(NotFound):
        orders.find_order(session, FITTER, "RH-A-1")

    values = OrderValues(FIRM, "RH", "WE", state="ordered", ordered_on=ORDERED)
    orders.edit_order(session, SYSTEM, "RH-A-1", values, order.version)
    rows, total = orders.list_orders(session, FITTER, OrderFilter(), Page())
    assert ([row.code for row in rows], total) == (["RH-A-1"], 1)
    assert orders.list_firms(session, FITTER) == [FIRM]
    with pytest.raises(NotFound):
        orders.find_order(session, FITTER, "B-1")
    assert run_sight.sees_run(FITTER, run)
    assert not run_sight.sees_run(FITTER, other)
    change = StateChange("containment installed", TODAY, TODAY)
    cable_states.change_state(session, FITTER, files, Selected("C1"), change)
    assert run.state == "containment installed"
    with pytest.raises(NotFound):
        orders.edit_order(session, FITTER, "RH-A-1", values, order.version)
    with pytest.raises(NotFound):
        orders.assign(session, FITTER, "RH-A-1", [Selected(str(other.public_id))])

    run.state = "patched"
    session.commit()
    accept = StateChange("accepted", TODAY, TODAY, {"protocol": "AB-1"})
    with pytest.raises(NotAllowed):
        cable_states.change_state(session, FITTER, files, Selected("C1"), accept)

    cancelled = OrderValues(FIRM, "RH", "WE", state="cancelled", ordered_on=ORDERED)
    orders.edit_order(session, SYSTEM, "RH-A-1", cancelled, order.version)
    assert run.firm == ""
    assert not run_sight.sees_run(FITTER, run)
    assert orders.find_order(session, FITTER, "RH-A-1").state == "cancelled"
    told = session.scalars(select(AuditEvent).where(AuditEvent.public_id == str(run.public_id)))
    assert [event.after["firm"] for event in told if "firm" in event.after] == ["", FIRM, ""]


def test_a_run_is_in_one_order_and_its_firm_is_that_of_the_order(
    session: Session, house: House, files: PlanFiles, run: CableRun
) -> None:
    far = add_distributor(session, house.ground, "RH-EV0.2", wing_id=house.east.id)
    east = add_cable_run(session, far, "C2")
    free = add_cable_run(session, run.distributor, "C3")
    west = {"building_id": house.building.id, "wing_id": house.west.id}
    add_order(session, "A-1", firm=FIRM, **west)
    add_order(session, "A-2", run, firm="Netz KG", **west)
    run.firm = "Netz KG"
    session.commit()
    chosen = [Selected(str(item.public_id)) for item in (run, east, free)]

    order, result = orders.assign(session, SYSTEM, "A-1", [*chosen, Selected("nonsense")])

    assert [row.label for row in result.changed] == ["C3"]
    assert [str(row.problems[0].message) for row in result.refused] == [
        "C1 is in A-2 of Netz KG.",
        "C2 does not lie where A-1 is for.",
        "There is no such cable run; perhaps somebody has deleted it.",
    ]
    assert (free.firm, [item.code for item in orders.list_at_run(session, free)]) == (FIRM, ["A-1"])
    with pytest.raises(InvalidInput, match="is in A-1 already"):
        orders.assign_named(session, SYSTEM, "A-1", ["C3"])

    run_values = cable_runs.values_of(cable_runs.find_run(session, SYSTEM, "C1"))
    changed = run_values.__class__(**{**vars(run_values), "firm": "Third AG"})
    with pytest.raises(InvalidInput, match="in order A-2 of Netz KG"):
        cable_runs.edit_run(session, SYSTEM, "C1", changed, run.version)
    pulled = StateChange("blocked", TODAY, TODAY, {"reason": "wall", "firm": "Third AG"})
    with pytest.raises(InvalidInput, match="in order A-2 of Netz KG"):
        cable_states.change_state(session, SYSTEM, files, Selected("C1"), pulled)
    table = TableUpload("x.csv", b"label,firm\nC1,Third AG\n")
    refused = tables.import_table(session, SYSTEM, "cable_runs", table)
    assert [problem.field for problem in refused.errors] == ["firm"]

    order = orders.find_order(session, SYSTEM, "A-1")
    renamed = OrderValues("Fourth AG", "RH", "WE")
    orders.edit_order(session, SYSTEM, "A-1", renamed, order.version)
    assert cable_runs.find_run(session, SYSTEM, "C3").firm == "Fourth AG"
    gone = [str(subject.public_id) for subject in order.subjects]
    assert orders.take_out(session, SYSTEM, "A-1", gone) == 1
    assert cable_runs.find_run(session, SYSTEM, "C3").firm == ""


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (OrderValues(FIRM, "XX"), ["building"]),
        (OrderValues(FIRM, "RH", "XX"), ["wing"]),
        (OrderValues(FIRM, "", "WE"), ["wing"]),
        (OrderValues(" ", "RH", state="nonsense", ordered_on=ORDERED), ["firm", "state"]),
        (OrderValues(FIRM, "RH", state="ordered"), ["ordered_on"]),
        (
            OrderValues(FIRM, "RH", ordered_on=ORDERED, delivered_on=date(2026, 9, 1)),
            ["delivered_on"],
        ),
        (OrderValues(FIRM, "RH", code="A-1"), ["code"]),
    ],
)
def test_an_order_that_cannot_be_is_refused_by_field(
    session: Session, house: House, values: OrderValues, fields: list[str]
) -> None:
    add_order(session, building_id=house.building.id)
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        orders.add_order(session, SYSTEM, values)

    assert [problem.field for problem in refused.value.problems] == fields


def test_a_draft_is_deleted_and_what_is_out_is_cancelled(session: Session, run: CableRun) -> None:
    run.firm = FIRM
    draft = add_order(session, "A-1", run, firm=FIRM)
    out = add_order(session, "A-2", firm=FIRM, state="ordered", ordered_on=ORDERED)
    session.commit()

    orders.delete_order(session, SYSTEM, "A-1", draft.version)
    assert run.firm == ""
    with pytest.raises(InvalidInput, match="does not vanish"):
        orders.delete_order(session, SYSTEM, "A-2", out.version)


def test_orders_are_seen_where_cabling_is(session: Session, house: House) -> None:
    west = {"building_id": house.building.id, "wing_id": house.west.id}
    add_order(session, "WEST", **west)
    add_order(session, "CITY")
    session.commit()
    westerner = make_actor("planner", house.building.id, house.west.id)

    rows, _ = orders.list_orders(session, westerner, OrderFilter(), Page())

    assert [row.code for row in rows] == ["WEST"]
    assert [row.code for row in orders.list_choices(session, westerner)] == ["WEST"]
    with pytest.raises(NotFound):
        orders.find_order(session, westerner, "CITY")
    with pytest.raises(NotAllowed):
        orders.add_order(session, westerner, OrderValues(FIRM))


def test_a_table_of_orders_goes_both_ways(session: Session, house: House, run: CableRun) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    run.firm = FIRM
    add_order(session, "A-1", run, firm=FIRM, delivery=on("Mitte April 2027"))
    add_order(session, "A-2", firm=FIRM, building_id=house.building.id)
    session.commit()
    session.expire_all()

    def load(data: bytes) -> tables.ImportResult:
        return tables.import_table(session, SYSTEM, "orders", TableUpload("x.csv", data))

    same = load(tables.export_table(session, SYSTEM, "orders", "csv"))
    assert (same.errors, same.count("unchanged")) == ((), 2)

    result = load(
        "Kennung;Firma;Stand;Gebäude;gilt für\nA-1;Kabel GmbH;storniert;RH;C1\n"
        "A-3;Netz KG;Entwurf;RH;C1 | AP-1\n".encode()
    )
    assert result.errors == ()
    assert [row.outcome for row in result.outcomes] == ["updated", "created"]
    assert cable_runs.find_run(session, SYSTEM, "C1").firm == "Netz KG"
    refused = load(
        b"code,firm,building,wing,state,delivery,covers\nB1,X,XX,,,,\nB2,X,RH,XX,,,\n"
        b"B3,X,RH,,ordered,,\nB4,X,RH,,,soon,\nB5,X,RH,,,,C9\nB6,X,RH,,,,C1\n"
    )
    assert [problem.field for problem in refused.errors] == [
        "building",
        "wing",
        "ordered_on",
        "delivery",
        "covers",
        "covers",
    ]


def test_a_row_that_changes_the_firm_and_leaves_a_run_out_frees_that_run(
    session: Session, run: CableRun
) -> None:
    other = add_cable_run(session, run.distributor, "C2", state="ordered", steps=[], firm=FIRM)
    run.firm = FIRM
    add_order(session, "A-1", run, other, firm=FIRM)
    session.commit()
    session.expire_all()

    result = tables.import_table(
        session, SYSTEM, "orders", TableUpload("x.csv", b"code,firm,covers\nA-1,Netz KG,C1\n")
    )

    assert result.errors == ()
    assert cable_runs.find_run(session, SYSTEM, "C1").firm == "Netz KG"
    assert cable_runs.find_run(session, SYSTEM, "C2").firm == ""


def test_use_without_acceptance_is_told_with_the_day_on_which_the_period_ends(
    session: Session, house: House
) -> None:
    point = add_access_point(
        session, house.ground, "AP-1", state="online", serial="S", wing_id=house.west.id
    )
    add_access_point(session, house.ground, "AP-2", state="in operation", serial="T")
    session.commit()
    assert acceptance.find_use(session, point, "DE-BW", UTC) is None

    access_points.change_state(session, SYSTEM, "AP-1", "in operation", point.version, {})

    use = acceptance.find_use(session, point, "DE-BW", UTC)
    assert use is not None
    assert use.used_since == datetime.now(UTC).date()
    assert use.ends_on is not None
    assert 6 <= (use.ends_on - use.used_since).days <= 12
    loaded = access_points.find_access_point(session, SYSTEM, "AP-2")
    assert acceptance.find_use(session, loaded, "DE-BW", UTC) == acceptance.UnacceptedUse()
    assert acceptance.count_in_use(session, SYSTEM, house.building) == [("", 1), ("Wing WE", 1)]
