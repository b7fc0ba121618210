"""What leads from one wing into another is told of, and changed, only as far as somebody's scope."""

from __future__ import annotations

import io
import re
import uuid
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlalchemy import select

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run
from tests.factories.places import add_room
from tests.factories.rollout import (
    add_blackout,
    add_milestone,
    add_part,
    add_renovation,
    add_task,
)
from tests.integration.web.matrix_world import MARKS, NOWHERE, SEGMENT, World, build_world
from tests.integration.web.test_table_imports import preview
from tests.integration.web.visitor import count_changes, enter, read_form, read_text
from tests.live_server import database_of, make_app
from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.cabling import CableRun, Distributor, SwitchPort
from wlantrack.store.models.milestones import WorkPackage
from wlantrack.store.models.networks import Vlan
from wlantrack.store.models.permits import Penetration, PenetrationRun
from wlantrack.store.models.places import Building, Floor, Wing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy.orm import Session

    from tests.databases import SqliteSource

Row = TypeVar("Row", SwitchPort, Penetration, WorkPackage)

CROSS = "QCROSSQ"
"""The mark of what lies in the eastern wing and hangs on something of the western one."""

DAYS = (date(2149, 1, 5), date(2149, 1, 6))


@pytest.fixture(scope="module")
def world_app(
    sqlite_source: SqliteSource, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, World]]:
    with (
        sqlite_source.fresh() as url,
        make_app(url, tmp_path_factory.mktemp("across")) as app,
    ):
        world = build_world(app)
        with database_of(app).writing(SYSTEM.audit()) as session:
            lead_across(session, world)
            session.commit()
        yield app, world


def lead_across(session: Session, world: World) -> None:
    """Lead a cable from the western wing's distributor to the eastern wing, and hang things on it."""
    refs = {key: uuid.UUID(world.refs[key]["/wings/"]) for key in ("west", "east")}
    east = session.scalars(select(Wing).where(Wing.public_id == refs["east"])).one()
    floor = session.scalars(select(Floor).where(Floor.building_id == east.building_id)).first()
    assert floor is not None
    inside = {"building_id": east.building_id, "wing_id": east.id}
    point = add_access_point(session, floor, f"{CROSS}-AP", x_m=30.0, y_m=6.0, wing_id=east.id)
    distributor = session.scalars(
        select(Distributor).where(Distributor.code == f"{MARKS['west']}-EV0.1")
    ).one()
    run = add_cable_run(
        session, distributor, f"{CROSS}-RUN", access_point=point, panel_port="P1:09"
    )
    port = find(session, SwitchPort, world, "/cabling/ports/")
    port.cable_run_id = run.id
    port.untagged_vlan_id = session.scalars(
        select(Vlan.id).where(Vlan.network_class == "visitor")
    ).first()
    hole = find(session, Penetration, world, "/penetrations/")
    session.add(PenetrationRun(public_id=uuid.uuid4(), penetration_id=hole.id, cable_run_id=run.id))
    package = find(session, WorkPackage, world, "/packages/")
    house = session.get_one(Building, east.building_id)
    renovation = add_renovation(session, house, f"{CROSS}-S")
    add_part(session, renovation, wing_id=east.id)
    package.renovation_id = renovation.id
    # One of the whole building: who has a wing does not see it either.
    package.milestone_id = add_milestone(session, f"{CROSS}-M", building_id=east.building_id).id
    about = {"subject_kind": "work_package", "subject_id": package.public_id}
    add_task(session, title=CROSS, **inside, **about)
    begins_on, ends_on = DAYS
    add_blackout(
        session,
        name=CROSS,
        calendar="Council",
        uid="1",
        begins_on=begins_on,
        ends_on=ends_on,
        **inside,
    )
    add_room(session, floor, f"{CROSS} 1", use="storage", wing_id=east.id)


def find(session: Session, model: type[Row], world: World, prefix: str) -> Row:
    ref = uuid.UUID(world.refs["west"][prefix])
    return session.scalars(select(model).where(model.public_id == ref)).one()


def test_pages_and_tables_of_a_wing_keep_the_next_ones_secrets(
    world_app: tuple[Flask, World],
) -> None:
    app, world = world_app
    west_of = world.refs["west"]
    addresses = [
        f"/penetrations/{west_of['/penetrations/']}",
        f"/packages/{west_of['/packages/']}",
        f"/packages/{west_of['/packages/']}/edit",
        f"/cabling/ports/{west_of['/cabling/ports/']}/edit",
        "/export/penetrations.csv",
        "/export/switch_ports.csv",
        "/export/packages.csv",
        "/schedule/msproject.xml",
    ]
    west, house = enter(app, "planner wing"), enter(app, "planner house")

    for address in addresses:
        assert CROSS not in west.get(address).text, address
        assert CROSS in house.get(address).text, address


def test_counts_leave_out_what_lies_elsewhere(world_app: tuple[Flask, World]) -> None:
    app, world = world_app
    page = f"/floors/{world.refs['west']['/floors/']}/zones/new"
    west, house, city = (enter(app, f"planner {scope}") for scope in ("wing", "house", "all"))

    assert "storage (1 on this floor)" in house.get(page).text
    assert "storage (0 on this floor)" in west.get(page).text
    zones = [
        re.findall(r'data-label="Zones">(\d+)<', who.get("/catalogue/requirements").text)
        for who in (west, house, city)
    ]
    assert [max(map(int, found)) for found in zones] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["penetrations", "switch_ports", "packages"])
def test_what_a_wing_exports_comes_back_and_leaves_the_hidden_run_alone(
    kind: str, world_app: tuple[Flask, World]
) -> None:
    app, _ = world_app
    west = enter(app, "planner wing")
    table = west.get(f"/export/{kind}.csv").text

    words = read_text(preview(west, table, kind=kind))

    assert "Would be created 0" in words
    assert "Would be updated 0" in words


def test_a_table_names_no_distributor_that_its_author_does_not_see(
    world_app: tuple[Flask, World],
) -> None:
    app, _ = world_app
    west, rows = enter(app, "planner wing"), "label;access_point;distributor;port\n"
    rows += f"NEW-1;{MARKS['west']}-AP;{MARKS['far']}-EV0.1;P1:01\n"
    rows += f"NEW-2;{MARKS['west']}-AP;{MARKS['west']}-EV0.1;P1:09\n"

    words = read_text(preview(west, rows, kind="cable_runs"))

    assert "There is no such distributor." in words
    assert "A cable run outside your area is on this port." in words
    assert CROSS not in words


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("blackouts", "name;begins_on;building\nx;2027-01-01;{house}\n"),
        ("orders", "code;firm;building\nNEW;x;{house}\n"),
        ("permits", "code;kind;building\nNEW;monument;{house}\n"),
        ("packages", "code;kind;building\nNEW;other;{house}\n"),
        ("rooms", "floor;number\n{house}/0;9\n"),
        ("switches", "code;distributor\nNEW;{mark}-EV0.1\n"),
        ("cable_runs", "label;access_point\nNEW;{mark}-AP\n"),
        ("cable_runs", "label;outlet\nNEW;{mark}-0-DO-01\n"),
        ("penetrations", "code;floor\nNEW;{house}/0\n"),
        ("outlets", "code;floor;wing;room\nNEW;RH/0;WE;{east} 1\n"),
        ("access_points", "code;room\n{west}-AP;{east} 1\n"),
    ],
)
def test_what_lies_elsewhere_is_answered_as_what_is_not_there(
    kind: str, table: str, world_app: tuple[Flask, World]
) -> None:
    app, _ = world_app
    west, told = enter(app, "planner wing"), []
    for house, mark, east in (("KH", MARKS["far"], MARKS["east"]), ("XX", "QNONEQ", "QNONEQ")):
        rows = table.format(house=house, mark=mark, east=east, west=MARKS["west"])
        words = read_text(preview(west, rows, kind=kind))
        assert "1 error" in words, words
        told.append(re.sub(rf"\b(?:{house}|{mark}|{east})\b", "…", words))

    assert told[0] == told[1]


@pytest.mark.parametrize(
    ("kind", "table", "words"),
    [
        ("access_points", f"code\n{CROSS}-AP\n", "This code is taken."),
        ("cable_runs", f"label\n{CROSS}-RUN\n", "This label is taken."),
    ],
)
def test_of_what_is_taken_elsewhere_no_more_is_told(
    kind: str, table: str, words: str, world_app: tuple[Flask, World]
) -> None:
    app, _ = world_app

    told = read_text(preview(enter(app, "planner wing"), table, kind=kind))

    assert words in told
    assert "outside" not in told


def test_a_building_elsewhere_is_answered_as_one_that_is_not_there(
    world_app: tuple[Flask, World],
) -> None:
    app, _ = world_app
    hidden, missing = (
        enter(app, "planner wing").get(f"/buildings/{code}") for code in ("KH", "XX")
    )

    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert read_text(hidden).replace("KH", "XX") == read_text(missing)


def test_an_id_of_elsewhere_is_answered_as_one_that_was_never_given(
    world_app: tuple[Flask, World],
) -> None:
    app, world = world_app
    west, seen = enter(app, "planner wing"), []
    refs = [*world.refs["far"].items(), ("/attachments/", world.refs["east"]["/attachments/"])]
    for prefix, ref in refs:
        for rule in app.url_map.iter_rules():
            if rule.rule.startswith(f"{prefix}<ref>") and rule.arguments == {"ref"}:
                address, ghost = (rule.rule.replace("<ref>", name) for name in (ref, NOWHERE))
                answer = west.get(address)
                if answer.status_code == 404:
                    seen.append(rule.rule)
                    assert read_text(answer).replace(ref, NOWHERE) == read_text(west.get(ghost))

    assert {"/walls/<ref>/edit", "/clutter/<ref>/edit", "/room-groups/<ref>"} < {*seen}
    assert seen.count("/attachments/<ref>/download") == 2


@pytest.mark.parametrize("name", ["planner wing", "facility wing"])
@pytest.mark.parametrize("where", ["east", "far"])
def test_ids_and_names_of_elsewhere_slipped_into_ones_own_forms_change_nothing(
    name: str, where: str, world_app: tuple[Flask, World]
) -> None:
    app, world = world_app
    own, other, mark = world.refs["west"], world.refs[where], MARKS[where]
    house = enter(app, "planner all")
    note = f"{mark} and {name}"
    done = house.fill_in(f"/access-points/{other['/access-points/']}/edit", note=note)
    point, run, package = (
        other[key] for key in ("/access-points/", "/cabling/runs/", "/packages/")
    )
    own_run = own["/cabling/runs/"]
    ticked = [
        ("/access-points/state/apply", point, {"target": "faulty", "reason": "x"}),
        ("/cabling/state/apply", run, {"target": "blocked", "reason": "x"}),
        ("/cable-routes/lengths", run, {"building": "RH"}),
        ("/packages/assign/apply", run, {"package": own["/packages/"]}),
        ("/packages/assign/apply", own_run, {"package": package}),
        ("/orders/assign/apply", run, {"order": own["/orders/"]}),
        ("/orders/assign/apply", own_run, {"order": other["/orders/"]}),
        ("/permits/assign/apply", run, {"permit": own["/permits/"]}),
        ("/permits/assign/apply", own_run, {"permit": other["/permits/"]}),
        ("/packages/change", package, {"step": "later"}),
        ("/tasks/state", other["/tasks/"], {"state": "done"}),
        ("/tasks/due", other["/tasks/"], {"step": "later"}),
    ]
    filled = [
        (f"/cabling/runs/{own_run}/edit", {"distributor": f"{mark}-EV0.1"}),
        (f"/cabling/runs/{own_run}/edit", {"access_point": f"{mark}-AP"}),
        (f"/cabling/outlets/{own['/cabling/outlets/']}/edit", {"room": f"{mark} 1"}),
        (f"/packages/{own['/packages/']}/edit", {"milestone": f"{mark}-M"}),
    ]
    before, visitor = count_changes(app), enter(app, name)

    for address, ref, values in ticked:
        for version in range(1, 4):
            answer = visitor.post(address, ids=f"{ref}:{version}", done_on="2026-01-05", **values)
            assert mark not in answer.text, address
    for address, values in filled:
        assert visitor.fill_in(address, **values).status_code in {200, 404}, address
    visitor.post(f"/undo/{done.headers['X-Request-Id']}", next="/")
    assert mark not in visitor.get("/").text

    assert count_changes(app) == before


def test_a_port_with_a_hidden_run_is_neither_freed_nor_given_away(
    world_app: tuple[Flask, World],
) -> None:
    app, world = world_app
    west, port = enter(app, "planner wing"), world.refs["west"]["/cabling/ports/"]
    other = f"{MARKS['west']}-EV0.1-P1-02"

    assert west.fill_in(f"/cabling/ports/{port}/edit", note="seen").status_code == 302
    refused = west.fill_in(f"/cabling/ports/{port}/edit", cable_run=other)

    assert "A cable run outside your area is on this port." in refused.text
    with database_of(app).reading() as session:
        run = session.scalars(select(CableRun).where(CableRun.label == f"{CROSS}-RUN")).one()
        assert find(session, SwitchPort, world, "/cabling/ports/").cable_run_id == run.id


def test_a_package_that_is_saved_keeps_what_is_hidden_from_its_author(
    world_app: tuple[Flask, World],
) -> None:
    app, world = world_app
    west, ref = enter(app, "planner wing"), world.refs["west"]["/packages/"]
    file = (io.BytesIO(west.get("/schedule/msproject.xml").data), "plan.xml")

    assert west.fill_in(f"/packages/{ref}/edit", name="Renamed").status_code == 302
    shown = west.fill_in("/schedule/import", where="RH/WE", kind="other", file=file)
    done = west.post("/schedule/import/apply", **read_form(shown.text))

    assert done.status_code == 302
    with database_of(app).reading() as session:
        package = find(session, WorkPackage, world, "/packages/")
        assert package.name == MARKS["west"]  # the file is older than the new name
        assert package.renovation_id
        assert package.milestone_id


def test_a_package_uses_no_walls_that_its_author_does_not_see(
    world_app: tuple[Flask, World],
) -> None:
    app, world = world_app
    west, code = enter(app, "planner wing"), f"{MARKS['east']}-S"
    page = f"/packages/{world.refs['west']['/packages/']}/edit"

    for hidden in (code, f"{CROSS}-S"):  # the second is there already
        assert "There is no renovation of this code" in west.fill_in(page, renovation=hidden).text
    rows = f"code;kind;building;wing;renovation\nNEW;other;RH;WE;{code}\n"
    assert "There is nothing of this code." in read_text(preview(west, rows, kind="packages"))
    assert enter(app, "planner house").fill_in(page, renovation=code).status_code == 302
    assert MARKS["east"] not in west.get(page.removesuffix("/edit")).text


def test_a_calendar_does_not_tell_of_entries_elsewhere(world_app: tuple[Flask, World]) -> None:
    app, _ = world_app
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:x",
        "BEGIN:VEVENT",
        "UID:2",
        "DTSTART;VALUE=DATE:20990101",
        "SUMMARY:Own",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    shown = {}
    for name in ("planner wing", "planner house"):
        file = (io.BytesIO("\r\n".join(lines).encode()), "council.ics")
        shown[name] = (
            enter(app, name)
            .fill_in("/working-calendar/import", calendar="Council", where="RH/WE", file=file)
            .text
        )

    assert CROSS in shown["planner house"]
    assert "Own" in shown["planner wing"]
    assert CROSS not in shown["planner wing"]


def test_networks_on_ports_are_exported_for_insiders_only(world_app: tuple[Flask, World]) -> None:
    app, _ = world_app
    tables = {
        role: enter(app, f"{role} all").get("/export/switch_ports.csv").text
        for role in ("facility", "manager")
    }

    assert SEGMENT in tables["manager"]
    assert SEGMENT not in tables["facility"]
