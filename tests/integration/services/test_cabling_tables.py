from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet, add_switch
from tests.factories.people import make_actor
from tests.factories.places import add_room
from tests.factories.rollout import add_permit
from wlantrack.rollout.lifecycle import CABLE_ORDER, CABLE_STATES
from wlantrack.services import cable_runs, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store.models.cabling import CableRun, CableStep, PortVlan
from wlantrack.store.models.networks import Vlan
from wlantrack.store.models.permits import Permit
from wlantrack.store.queries import cable_runs as queries
from wlantrack.store.queries import cabling as part_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor

KINDS = ("distributors", "outlets", "switches", "cable_runs", "switch_ports")
HEAD = (
    "label;access_point;outlet;distributor;port;category;length_planned_m;length_actual_m;state;"
    "firm;legacy_id;note"
)


def run(session: Session, kind: str, text: str, actor: Actor = SYSTEM) -> ImportResult:
    return tables.import_table(session, actor, kind, TableUpload("list.csv", text.encode()))


def fill(session: Session, house: House) -> CableRun:
    """Make one of everything, as full as it can be."""
    room = add_room(session, house.ground, "EV0.1", wing_id=house.east.id)
    distributor = add_distributor(
        session,
        house.ground,
        wing_id=house.east.id,
        room_id=room.id,
        x_m=30.125,
        y_m=4.5,
        name="Etagenverteiler",
        note="hinter der Tür",
    )
    outlet = add_outlet(session, house.ground, wing_id=house.west.id, x_m=1.0, y_m=2.0)
    switch = add_switch(session, distributor, model="24 Ports", serial="S-1")
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    made = add_cable_run(
        session,
        distributor,
        "RH-EV0.1-P1-01",
        access_point=point,
        panel_port="P1:01",
        state="patched",
        length_planned_m=42.5,
        length_actual_m=44.0,
        firm="Kabel GmbH",
        legacy_id="old-1",
        switch_port=switch.ports[0],
    )
    add_cable_run(session, distributor, "RH-EV0.1-P1-02", outlet=outlet, panel_port="P1:02")
    add_cable_run(session, distributor, "RH-EV0.1-K01", state="pulled", note="Ende offen")
    inner = Vlan(code="LHS", vid=20, network_class="internal")
    guest = Vlan(code="GAST", vid=30, network_class="visitor")
    session.add_all((inner, guest))
    session.flush()
    switch.ports[0].untagged_vlan_id = inner.id
    session.add(PortVlan(switch_port_id=switch.ports[0].id, vlan_id=guest.id))
    session.commit()
    session.expunge_all()
    return made


def test_the_headers_of_cable_runs_are_those_of_the_contract() -> None:
    assert ";".join(tables.column_choices("cable_runs")) == HEAD


@pytest.mark.on_both
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_every_export_imports_unchanged(session: Session, house: House, suffix: str) -> None:
    fill(session, house)

    for kind in KINDS:
        session.expunge_all()
        data = tables.export_table(session, SYSTEM, kind, suffix)
        result = tables.import_table(session, SYSTEM, kind, TableUpload(f"x.{suffix}", data))
        assert result.errors == ()
        assert (result.count("created"), result.count("updated")) == (0, 0), kind
        assert result.count("unchanged") > 0


def test_exports_of_an_empty_installation_hold_only_heads(session: Session) -> None:
    for kind in KINDS:
        data = tables.export_table(session, SYSTEM, kind).decode("utf-8-sig")
        assert data.strip().split(";") == tables.column_choices(kind)


def test_the_row_of_the_contract_is_taken_in_german_and_english(
    session: Session, house: House
) -> None:
    add_distributor(session, house.ground, "RH-EV3.1")
    add_access_point(session, house.ground, "RH-MP-3-AP-90", wing_id=house.west.id)
    session.commit()

    result = run(
        session,
        "cable_runs",
        f"{HEAD}\nRH-EV3.1-P1-07;RH-MP-3-AP-90;;RH-EV3.1;P1:07;6A;42,0;;requested;;;\n",
    )
    german = run(
        session,
        "cable_runs",
        "Bezeichnung;Verteiler;Feldport;Kategorie;Zustand\nX-1;RH-EV3.1;P1:08;6A;gezogen\n",
    )

    assert (result.errors, german.errors) == ((), ())
    found = cable_runs.find_run(session, SYSTEM, "RH-EV3.1-P1-07")
    assert (found.state, found.length_planned_m, found.wing_id) == (
        "requested",
        42.0,
        house.west.id,
    )
    assert cable_runs.find_run(session, SYSTEM, "X-1").state == "pulled"


def test_a_table_carries_a_run_that_is_here_as_far_as_its_evidence_reaches(
    session: Session, house: House
) -> None:
    add_cable_run(session, add_distributor(session, house.ground), "X", firm="Kabel GmbH", steps=[])
    found = cable_runs.find_run(session, SYSTEM, "X")
    ref = add_permit(session, house.building, "P-1", found).id
    session.commit()

    def carry(state: str) -> list[str]:
        result = run(session, "cable_runs", f"label;state\nX;{state}\n")
        return [f"{error.field}: {error.message}" for error in result.errors]

    held = carry("pulled")
    assert [error for error in held if not error.startswith("state: ")] == []
    assert "P-1" in " ".join(held)
    assert cable_runs.find_run(session, SYSTEM, "X").steps == []
    permit = session.get_one(Permit, ref)
    permit.state, permit.granted_on = "granted", date(2026, 1, 5)
    session.commit()
    assert carry("pulled") == []
    found = cable_runs.find_run(session, SYSTEM, "X")
    assert [step.target for step in found.steps] == list(
        CABLE_ORDER[1 : CABLE_ORDER.index("pulled") + 1]
    )
    for state, missing in (
        ("released to close", "photo is missing"),
        ("tested", "photo is missing"),
        ("accepted", "photo is missing"),
    ):
        assert missing in carry(state)[0], state
    assert carry("blocked") == []
    assert cable_runs.find_run(session, SYSTEM, "X").state == "blocked"


@pytest.mark.parametrize("state", list(CABLE_STATES))
def test_an_import_brings_any_state_and_says_so(session: Session, house: House, state: str) -> None:
    add_distributor(session, house.ground)
    session.commit()

    result = run(session, "cable_runs", f"label;distributor;state\nX;RH-EV0.1;{state}\n")

    assert result.errors == ()
    assert cable_runs.find_run(session, SYSTEM, "X").state == state
    steps = session.scalars(select(CableStep)).all()
    assert [(step.target, step.evidence) for step in steps] == (
        [] if state == "requested" else [(state, {"source": "import"})]
    )


@pytest.mark.parametrize(
    ("kind", "text", "field"),
    [
        ("cable_runs", "label;distributor\nX;NONE\n", "distributor"),
        ("cable_runs", "label;access_point\nX;NONE\n", "access_point"),
        ("cable_runs", "label;outlet\nX;NONE\n", "outlet"),
        ("cable_runs", "label;note\nX;no end\n", "distributor"),
        ("cable_runs", "label;distributor;category\nX;RH-EV0.1;9\n", "category"),
        ("cable_runs", "label;distributor;state\nX;RH-EV0.1;done\n", "state"),
        ("cable_runs", "label;distributor;length_planned_m\nX;RH-EV0.1;-1\n", "length_planned_m"),
        ("cable_runs", "label;distributor;port\nX;RH-EV0.1;P1:01\n", "port"),
        ("cable_runs", "label;access_point;port\nX;AP-1;P1:01\n", "port"),
        ("cable_runs", "label;access_point;outlet\nX;AP-1;RH-0-DO-01\n", "outlet"),
        ("cable_runs", "label;distributor\nX;RH-EV0.1\nX;RH-EV0.1\n", "label"),
        ("distributors", "code;floor\nD;XX/9\n", "floor"),
        ("distributors", "code;name\nD;no floor\n", "floor"),
        ("distributors", "code;floor;room\nD;RH/0;999\n", "room"),
        ("distributors", "code;floor;x_m\nD;RH/0;3\n", "y_m"),
        ("outlets", "code;floor;wing\nO;RH/0;XX\n", "wing"),
        ("switches", "code;distributor\nS;NONE\n", "distributor"),
        ("switches", "code;model\nS;none\n", "distributor"),
        ("switches", "code;distributor;poe_budget_w\nS;RH-EV0.1;-1\n", "poe_budget_w"),
        ("switch_ports", "switch;port\nNONE;1\n", "switch"),
        ("switch_ports", "switch;port;poe_class\nRH-EV0.1-SW1;1;9\n", "poe_class"),
        ("switch_ports", "switch;port;cable_run\nRH-EV0.1-SW1;1;NONE\n", "cable_run"),
        (
            "switch_ports",
            "switch;port;cable_run\nRH-EV0.1-SW1;2;RH-EV0.1-P1-01\n",
            "cable_run",
        ),
        ("switch_ports", "switch;port;untagged_vlan\nRH-EV0.1-SW1;2;NONE\n", "untagged_vlan"),
    ],
)
def test_a_row_that_cannot_be_names_its_column_and_stops_the_import(
    session: Session, house: House, kind: str, text: str, field: str
) -> None:
    fill(session, house)
    before = tables.export_table(session, SYSTEM, kind)
    session.expunge_all()

    result = run(session, kind, text)

    assert [problem.field for problem in result.errors] == [field]
    assert result.errors[0].row is not None
    assert result.errors[0].remedy is not None
    assert tables.export_table(session, SYSTEM, kind) == before


def test_an_import_moves_a_run_to_its_new_end(session: Session, house: House) -> None:
    fill(session, house)
    session.expunge_all()

    result = run(session, "cable_runs", "label;access_point;outlet\nRH-EV0.1-P1-01;;RH-0-DO-01\n")

    assert [row.changed for row in result.outcomes] == [("access_point_id", "outlet_id")]


def test_ports_are_created_patched_and_freed_by_an_import(session: Session, house: House) -> None:
    fill(session, house)
    session.expunge_all()
    head = "switch;port;cable_run;untagged_vlan;tagged_vlans\n"

    freed = run(session, "switch_ports", f"{head}RH-EV0.1-SW1;1;;;\n")
    session.expunge_all()
    patched = run(session, "switch_ports", f'{head}RH-EV0.1-SW1;5;RH-EV0.1-P1-01;GAST;"LHS"\n')

    assert [row.changed for row in freed.outcomes] == [("cable_run", "vlans")]
    assert patched.count("created") == 1
    session.expunge_all()
    port = part_queries.find_port(session, "RH-EV0.1-SW1", "5")
    assert port is not None
    assert port.cable_run is not None
    assert port.cable_run.label == "RH-EV0.1-P1-01"


def test_who_may_not_see_internal_segments_exports_none(session: Session, house: House) -> None:
    fill(session, house)

    told = tables.export_table(session, make_actor("planner"), "switch_ports").decode()
    kept = tables.export_table(session, make_actor("facility"), "switch_ports").decode()

    assert "LHS" in told
    assert "GAST" in told
    assert "LHS" not in kept
    assert "GAST" not in kept


def test_a_wing_exports_and_imports_only_its_own(session: Session, house: House) -> None:
    fill(session, house)
    westerner = make_actor("planner", house.building.id, house.west.id)

    runs = tables.export_table(session, westerner, "cable_runs").decode("utf-8-sig")
    places = tables.export_table(session, westerner, "distributors").decode("utf-8-sig")
    session.expunge_all()
    refused = run(session, "cable_runs", "label;note\nRH-EV0.1-K01;mine\n", westerner)

    assert [line.split(";")[0] for line in runs.splitlines()[1:]] == [
        "RH-EV0.1-P1-01",
        "RH-EV0.1-P1-02",
    ]
    assert len(places.splitlines()) == 1
    assert [problem.field for problem in refused.errors] == ["label"]


def test_runs_follow_an_access_point_that_an_import_moves(session: Session, house: House) -> None:
    made = fill(session, house)
    session.expunge_all()

    result = run(session, "access_points", "code;floor;wing\nAP-1;RH/1;EA\n")

    assert result.errors == ()
    session.expunge_all()
    found = queries.get_run(session, made.public_id)
    assert found is not None
    assert (found.floor_id, found.wing_id) == (house.first.id, house.east.id)
