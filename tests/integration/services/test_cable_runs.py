from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point, add_model
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet, add_switch
from tests.factories.people import make_actor
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.cabling import WarningKind
from wlantrack.services import access_points, cable_runs, distributors
from wlantrack.services.access_points import AccessPointValues
from wlantrack.services.actor import SYSTEM, Actor
from wlantrack.services.cable_runs import CableFilter, CableRunValues
from wlantrack.services.cabling_places import PlaceValues
from wlantrack.services.distributors import DistributorValues, OutletValues, PartFilter
from wlantrack.services.paging import Page
from wlantrack.store.models.cabling import CableRun, Switch
from wlantrack.store.queries import cabling as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House

EVERYTHING = Page()


def ports_of(session: Session, switch: Switch) -> dict[str, int | None]:
    """Give the run on each port, as the database has it."""
    session.expire_all()
    found = queries.get_switch(session, switch.public_id)
    assert found is not None
    return {port.name: port.cable_run_id for port in found.ports}


def labels_of(
    session: Session,
    narrow: CableFilter | None = None,
    warning: str = "",
    actor: Actor = SYSTEM,
) -> list[str]:
    narrow = narrow or CableFilter()
    rows, total = cable_runs.list_runs(session, actor, narrow, EVERYTHING, warning)
    assert total == len(rows)
    return [item.row.label for item in rows]


def test_a_run_between_two_ends_gets_its_label_and_its_place(
    session: Session, house: House
) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    add_distributor(session, house.first, "RH-EV1.1", wing_id=house.east.id)

    run = cable_runs.add_run(
        session,
        SYSTEM,
        CableRunValues(distributor="RH-EV1.1", panel_port="P1:07", access_point="AP-1"),
    )

    assert run.label == "RH-EV1.1-P1-07"
    assert (run.state, run.floor_id, run.wing_id) == ("requested", house.ground.id, house.west.id)


def test_panel_ports_count_on_past_those_in_use(session: Session, house: House) -> None:
    code = add_distributor(session, house.ground, "RH-EV0.1", wing_id=house.west.id).code
    for number, port in enumerate(("P1:03", "P2:01", "P1:10"), start=1):
        add_access_point(session, house.ground, f"AP-{number}", wing_id=house.west.id)
        values = CableRunValues(distributor=code, panel_port=port, access_point=f"AP-{number}")
        cable_runs.add_run(session, SYSTEM, values)

    asked = [("", code), ("P1:01", code), ("P1:02", code), ("P1:09", code), ("door", code)]
    given = [cable_runs.suggest_panel_port(session, SYSTEM, at, after) for after, at in asked]

    assert given == ["P2:02", "P1:02", "P1:04", "P1:11", ""]
    assert cable_runs.suggest_panel_port(session, SYSTEM, "") == ""


def test_one_end_may_be_open_but_not_both(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    add_distributor(session, house.first, "RH-EV1.1", wing_id=house.east.id)

    from_panel = cable_runs.add_run(session, SYSTEM, CableRunValues(distributor="RH-EV1.1"))
    next_one = cable_runs.add_run(session, SYSTEM, CableRunValues(distributor="RH-EV1.1"))
    at_point = cable_runs.add_run(session, SYSTEM, CableRunValues(access_point="AP-1"))
    with pytest.raises(InvalidInput, match="at least one end"):
        cable_runs.add_run(session, SYSTEM, CableRunValues(label="X"))

    assert [from_panel.label, next_one.label, at_point.label] == [
        "RH-EV1.1-K01",
        "RH-EV1.1-K02",
        "AP-1-K01",
    ]
    assert (from_panel.floor_id, from_panel.wing_id) == (house.first.id, house.east.id)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (CableRunValues(distributor="NONE"), "distributor"),
        (CableRunValues(access_point="NONE"), "access_point"),
        (CableRunValues(outlet="NONE"), "outlet"),
        (CableRunValues(distributor="RH-EV0.1", category="9"), "category"),
        (CableRunValues(distributor="RH-EV0.1", test_limit="guess"), "test_limit"),
        (CableRunValues(distributor="RH-EV0.1", length_planned_m=-3.0), "length_planned_m"),
        (CableRunValues(distributor="RH-EV0.1", length_actual_m=20_000.0), "length_actual_m"),
        (CableRunValues(access_point="AP-1", panel_port="P1:01"), "panel_port"),
        (CableRunValues(access_point="AP-1", outlet="RH-0-DO-01"), "outlet"),
        (CableRunValues(distributor="RH-EV0.1", panel_port="P1:09"), "panel_port"),
        (CableRunValues(distributor="RH-EV0.1", label="TAKEN"), "label"),
        (CableRunValues(distributor="RH-EV0.1", switch_port="RH-EV0.1-SW1/9"), "switch_port"),
        (CableRunValues(distributor="RH-EV0.1", switch_port="RH-EV0.1-SW1/1"), "switch_port"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session, house: House, values: CableRunValues, field: str
) -> None:
    add_access_point(session, house.ground, "AP-1")
    add_outlet(session, house.ground)
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    add_cable_run(session, distributor, "TAKEN", panel_port="P1:09", switch_port=switch.ports[0])
    session.commit()

    with pytest.raises(InvalidInput) as refused:
        cable_runs.add_run(session, SYSTEM, values)

    assert [problem.field for problem in refused.value.problems] == [field]
    assert session.query(CableRun).count() == 1


def test_a_run_changes_its_ends_and_ports(session: Session, house: House) -> None:
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    distributor = add_distributor(session, house.ground, wing_id=house.east.id)
    switch = add_switch(session, distributor)
    add_outlet(session, house.first, "DO-1", wing_id=house.east.id)
    run = cable_runs.add_run(
        session,
        SYSTEM,
        CableRunValues(distributor="RH-EV0.1", access_point="AP-1", switch_port="RH-EV0.1-SW1/3"),
    )
    session.expire_all()
    values = cable_runs.values_of(cable_runs.find_run(session, SYSTEM, run.label))
    assert values.switch_port == "RH-EV0.1-SW1/3"

    changed = cable_runs.edit_run(
        session,
        SYSTEM,
        run.label,
        replace(values, access_point="", outlet="DO-1", switch_port="RH-EV0.1-SW1/1"),
        version=1,
    )

    assert (changed.floor_id, changed.wing_id) == (house.first.id, house.east.id)
    assert changed.version == 2
    taken = ports_of(session, switch)
    assert taken == {"1": run.id, "2": None, "3": None, "4": None}
    with pytest.raises(Conflict):
        cable_runs.edit_run(session, SYSTEM, run.label, values, version=1)


def test_only_runs_nobody_has_worked_on_are_deleted(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor)
    add_cable_run(session, distributor, "NEW", switch_port=switch.ports[0])
    add_cable_run(session, distributor, "PULLED", state="pulled")
    session.commit()

    cable_runs.delete_run(session, SYSTEM, "NEW", 1)
    with pytest.raises(InvalidInput, match="this one is pulled"):
        cable_runs.delete_run(session, SYSTEM, "PULLED", 1)

    assert labels_of(session) == ["PULLED"]
    assert ports_of(session, switch)["1"] is None


def test_the_list_is_narrowed_by_everything_people_ask_for(session: Session, house: House) -> None:
    west = add_distributor(session, house.ground, wing_id=house.west.id)
    east = add_distributor(session, house.first, "RH-EV1.1", wing_id=house.east.id)
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    add_cable_run(session, west, "A", access_point=point, firm="Kabel GmbH", state="pulled")
    add_cable_run(session, east, "B", length_planned_m=95.0)
    add_cable_run(session, east, "C", access_point=point, legacy_id="old-17")

    assert labels_of(session) == ["A", "B", "C"]
    assert labels_of(session, CableFilter(state="pulled")) == ["A"]
    assert labels_of(session, CableFilter(building="RH", wing="EA")) == ["B"]
    assert labels_of(session, CableFilter(level=0)) == ["A", "C"]
    assert labels_of(session, CableFilter(distributor="RH-EV1.1")) == ["B", "C"]
    assert labels_of(session, CableFilter(firm="Kabel GmbH")) == ["A"]
    assert labels_of(session, CableFilter(words="old-1")) == ["C"]
    assert labels_of(session, CableFilter(words="ap-1")) == ["A", "C"]
    assert labels_of(session, CableFilter(floor_id=house.first.id)) == ["B", "C"]
    assert labels_of(session, warning="too long") == ["B"]
    assert labels_of(session, warning="any") == ["B"]
    assert labels_of(session, CableFilter(words="A"), "too long") == []
    assert cable_runs.count_states(session, SYSTEM, CableFilter()) == {"pulled": 1, "requested": 2}
    assert cable_runs.list_firms(session, SYSTEM) == ["Kabel GmbH"]


def test_who_sees_a_wing_sees_the_runs_that_end_there(session: Session, house: House) -> None:
    west = add_distributor(session, house.ground, wing_id=house.west.id)
    add_distributor(session, house.first, "RH-EV1.1", wing_id=house.east.id)
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.east.id)
    add_cable_run(session, west, "WEST")
    add_cable_run(session, west, "EAST", access_point=point)
    session.commit()
    westerner = make_actor("planner", house.building.id, house.west.id)

    assert labels_of(session, actor=westerner) == ["WEST"]
    assert cable_runs.count_states(session, westerner, CableFilter()) == {"requested": 1}
    with pytest.raises(NotFound):
        cable_runs.find_run(session, westerner, "EAST")
    with pytest.raises(InvalidInput, match="no such distributor"):
        cable_runs.add_run(session, westerner, CableRunValues(distributor="RH-EV1.1"))
    rows, total = distributors.list_distributors(session, westerner, PartFilter(), EVERYTHING)
    assert (total, [row.code for row in rows]) == (1, ["RH-EV0.1"])
    assert cable_runs.list_at_access_point(session, westerner, point) == []


@pytest.mark.parametrize("role", ["viewer", "security officer", "firm"])
def test_other_roles_add_no_runs(session: Session, house: House, role: str) -> None:
    add_distributor(session, house.ground)

    with pytest.raises((NotAllowed, InvalidInput, NotFound)):
        cable_runs.add_run(session, make_actor(role), CableRunValues(distributor="RH-EV0.1"))


def test_power_is_short_as_soon_as_all_ports_together_need_more(
    session: Session, house: House
) -> None:
    distributor = add_distributor(session, house.ground)
    switch = add_switch(session, distributor, poe_budget_w=50.0)
    model = add_model(session, poe_class=4)
    for number in (1, 2):
        point = add_access_point(session, house.ground, f"AP-{number}", model=model)
        add_cable_run(
            session,
            distributor,
            f"R{number}",
            access_point=point,
            state="patched",
            panel_port=f"P1:{number}",
            switch_port=switch.ports[number],
        )

    listed, _ = cable_runs.list_runs(session, SYSTEM, CableFilter(), EVERYTHING)
    load = cable_runs.load_switch_loads(session, [switch.id])[switch.id]

    assert (load.needed_w, load.budget_w, load.taken_count) == (60.0, 50.0, 2)
    assert [[warning.kind for warning in item.warnings] for item in listed] == [
        [WarningKind.POE_BUDGET]
    ] * 2
    assert labels_of(session, warning="PoE budget") == ["R1", "R2"]


def test_runs_follow_their_ends_to_another_wing(session: Session, house: House) -> None:
    point = add_access_point(session, house.ground, "AP-1", wing_id=house.west.id)
    distributor = distributors.add_distributor(
        session, SYSTEM, DistributorValues(PlaceValues("RH/0", "WE"))
    )
    outlet = distributors.add_outlet(session, SYSTEM, OutletValues(PlaceValues("RH/0", "WE")))
    near = CableRunValues(distributor=distributor.code)
    for values in (replace(near, access_point="AP-1"), replace(near, outlet=outlet.code), near):
        cable_runs.add_run(session, SYSTEM, values)

    moved = AccessPointValues(30.0, 10.0, point.model.public_id)
    access_points.change_access_point(session, SYSTEM, "AP-1", moved, None)
    distributors.edit_outlet(
        session, SYSTEM, str(outlet.public_id), OutletValues(PlaceValues("RH/1", "EA")), None
    )
    distributors.edit_distributor(
        session,
        SYSTEM,
        str(distributor.public_id),
        DistributorValues(PlaceValues("RH/1", "EA")),
        None,
    )

    rows, _ = cable_runs.list_runs(session, SYSTEM, CableFilter(), EVERYTHING)
    assert [(item.row.far_end, item.row.level, item.row.wing) for item in rows] == [
        ("AP-1", 0, "EA"),
        ("RH-WE-0-DO-01", 1, "EA"),
        (None, 1, "EA"),
    ]


def test_codes_count_on_by_floor(session: Session, house: House) -> None:
    del house
    codes = [
        distributors.add_distributor(session, SYSTEM, DistributorValues(PlaceValues(floor))).code
        for floor in ("RH/0", "RH/0", "RH/1")
    ]

    assert codes == ["RH-EV0.1", "RH-EV0.2", "RH-EV1.1"]


def test_what_hangs_on_a_place_keeps_it(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    outlet = add_outlet(session, house.ground)
    point = add_access_point(session, house.ground, "AP-1")
    add_cable_run(session, distributor, "A", outlet=outlet)
    add_cable_run(session, None, "B", access_point=point)
    session.commit()

    with pytest.raises(InvalidInput, match=r"still hang on RH-EV0\.1"):
        distributors.delete_distributor(session, SYSTEM, str(distributor.public_id), None)
    with pytest.raises(InvalidInput, match="still hang on RH-0-DO-01"):
        distributors.delete_outlet(session, SYSTEM, str(outlet.public_id), None)
    with pytest.raises(InvalidInput, match="cable B relies on it"):
        access_points.delete_access_point(session, SYSTEM, "AP-1", None)


def test_a_room_gives_its_wing_and_a_position_its_room(session: Session, house: House) -> None:
    place = PlaceValues("RH/0", x_m=30.0, y_m=5.0)

    made = distributors.add_distributor(session, SYSTEM, DistributorValues(place))
    with pytest.raises(InvalidInput, match="both coordinates"):
        distributors.add_distributor(
            session, SYSTEM, DistributorValues(PlaceValues("RH/0", x_m=30.0))
        )
    with pytest.raises(InvalidInput, match="no such room"):
        distributors.add_distributor(
            session, SYSTEM, DistributorValues(PlaceValues("RH/0", room="999"))
        )

    assert made.wing_id == house.east.id


def test_the_filter_for_warnings_leaves_none_out(session: Session, house: House) -> None:
    distributor = add_distributor(session, house.ground)
    weak = add_switch(session, distributor, "WEAK", 2, poe_class=1)
    model = add_model(session, poe_class=4)
    points = [
        add_access_point(session, house.ground, f"AP-{number}", model=model) for number in range(9)
    ]
    add_cable_run(session, distributor, "GOOD", access_point=points[0], panel_port="1")
    add_cable_run(session, distributor, "LONG", access_point=points[1], panel_port="2",
                  length_planned_m=90.5)  # fmt: skip
    add_cable_run(session, None, "NO-START", access_point=points[2])
    add_cable_run(session, distributor, "NO-END", panel_port="3")
    add_cable_run(session, distributor, "NO-PANEL", access_point=points[3], state="tested")
    add_cable_run(session, distributor, "NO-PORT", access_point=points[4], panel_port="4",
                  state="accepted")  # fmt: skip
    add_cable_run(session, distributor, "FIBRE", access_point=points[5], panel_port="5",
                  category="OM4")  # fmt: skip
    add_cable_run(session, distributor, "WEAK", access_point=points[6], panel_port="6",
                  switch_port=weak.ports[0])  # fmt: skip
    add_cable_run(session, distributor, "GONE", panel_port="7", state="decommissioned")
    session.commit()

    every = cable_runs.list_matching(session, SYSTEM, CableFilter())
    warned = [item.label for item in every if item.warnings]

    assert warned == ["FIBRE", "LONG", "NO-END", "NO-PANEL", "NO-PORT", "NO-START", "WEAK"]
    assert labels_of(session, warning="any") == warned
