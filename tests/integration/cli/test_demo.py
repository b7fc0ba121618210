"""``demo`` and ``serve``: from an empty folder to pages on this machine."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest
import shapely

from tests.integration.cli.conftest import PROGRAM, CommandLine
from wlantrack.services import access_points, installation, people, places, plans, tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page
from wlantrack.settings import Settings
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from pathlib import Path


def test_the_demo_prints_its_address_and_logins(demo: CommandLine) -> None:
    done = demo("demo", "--no-serve", "--port", "5055", "--json")
    assert done.json["url"] == "http://127.0.0.1:5055/"
    roles = {login["name"]: login["role"] for login in done.json["logins"]}
    assert roles == {
        "planner": "planner",
        "manager": "manager",
        "facility": "facility",
        "security": "security officer",
        "council": "viewer",
        "firm": "firm",
        "admin": "admin",
    }


def test_every_printed_login_works(demo: CommandLine) -> None:
    logins = demo("demo", "--no-serve", "--json").json["logins"]
    with demo.opened() as stores, stores.database.writing(SYSTEM.audit()) as session:
        for login in logins:
            assert people.log_in(session, login["name"], login["password"], people.utc_now())


def test_the_town_hall_is_whole(demo: CommandLine) -> None:
    with demo.opened() as stores, stores.database.reading() as session:
        building = places.find_building(session, SYSTEM, "RH")
        assert [wing.code for wing in building.wings] == ["EI", "HS", "MP", "MS"]
        assert [floor.level for floor in building.floors] == [0, 1, 2, 3, 4]
        for level in range(5):
            (plan,) = plans.current_plans(
                session, SYSTEM, places.find_floor(session, SYSTEM, f"RH/{level}")
            )
            assert plans.size_m(plan) == pytest.approx((105.0, 90.99))
            assert plan.is_verified
        for hole in penetration_queries.load_penetrations(session, [(building.id, None)]):
            assert hole.x_m is not None
            assert hole.y_m is not None
            spot = shapely.Point(hole.x_m, hole.y_m)
            rows = wall_queries.list_walls(session, [hole.floor_id])
            lines = [shapely.LineString([(w.x1_m, w.y1_m), (w.x2_m, w.y2_m)]) for w in rows]
            assert min(line.distance(spot) for line in lines) < 0.01
            assert hole.wing is not None
            assert hole.wing.outline is not None
            assert hole.wing.outline.distance(spot) < 0.01
        narrow, page = access_points.AccessPointFilter(), Page()
        assert access_points.list_access_points(session, SYSTEM, narrow, page)[1] >= 60


@pytest.mark.parametrize(
    ("kind", "ending"),
    [(kind, "csv") for kind in sorted(tables.KINDS)]
    + [(kind, "xlsx") for kind in ("access_points", "cable_tests", "rooms")],
)
def test_an_export_of_the_demo_imports_unchanged(
    demo: CommandLine, tmp_path: Path, kind: str, ending: str
) -> None:
    out = tmp_path / f"out.{ending}"
    demo("export", "table", "--kind", kind, "--out", out)
    done = demo("import", "table", out, "--kind", kind, "--json")
    assert (done.status, done.json["created"], done.json["updated"]) == (0, 0, 0)
    assert done.json["unchanged"] > (60 if kind in {"access_points", "rooms"} else 0)


def test_a_second_start_changes_nothing(demo: CommandLine) -> None:
    demo("demo", "--no-serve")
    before = (demo.data_dir / "wlantrack.db").read_bytes()
    demo("demo", "--no-serve")
    assert (demo.data_dir / "wlantrack.db").read_bytes() == before


def test_plans_that_an_interrupted_start_left_out_are_loaded(demo: CommandLine) -> None:
    with demo.opened() as stores, stores.database.writing(SYSTEM.audit()) as session:
        place = places.find_floor(session, SYSTEM, "RH/2")
        (plan,) = plans.current_plans(session, SYSTEM, place)
        plan.is_current = False
        session.commit()
    demo("demo", "--no-serve")
    with demo.opened() as stores, stores.database.reading() as session:
        place = places.find_floor(session, SYSTEM, "RH/2")
        assert len(plans.current_plans(session, SYSTEM, place)) == 1


def test_an_installation_with_accounts_never_becomes_a_demo(wt: CommandLine) -> None:
    wt("user", "create", "admin", "--role", "admin")
    done = wt("demo", "--no-serve", "--json")
    assert done.status == 1
    assert "accounts of its own" in done.json["error"]["message"]
    with wt.opened() as stores, stores.database.reading() as session:
        assert places.list_building_names(session, SYSTEM) == []


def test_demo_and_its_data_are_not_served_to_others(
    demo: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WLANTRACK_SECURE_COOKIES", "true")  # all else would be safe
    for command in ("demo", "serve"):
        done = demo(command, "--host", "0.0.0.0", "--json")  # noqa: S104 - what must be refused
        assert done.status == 1
        assert done.json["error"]["problems"][0]["field"] == "host"


def test_reset_deletes_what_wlantrack_made_and_nothing_else(demo: CommandLine) -> None:
    settings = Settings(data_dir=demo.data_dir)
    stored = list(settings.files_dir.iterdir())
    (demo.data_dir / "notes.txt").write_text("mine")
    (settings.files_dir / "photo.jpg").write_bytes(b"mine too")
    demo("add", "building", "XX")
    done = demo("demo", "--reset", "--no-serve", "--json")
    assert done.status == 0
    assert (demo.data_dir / "notes.txt").read_text() == "mine"
    assert (settings.files_dir / "photo.jpg").exists()
    assert not any(path.exists() for path in stored)
    assert demo("add", "building", "XX", "--json").json == {"created": ["XX"]}


def test_reset_refuses_a_folder_of_somebody_else(tmp_path: Path) -> None:
    (tmp_path / "wlantrack.db").write_text("a letter")
    (tmp_path / "secret_key").write_text("of another program")
    done = CommandLine(tmp_path)("demo", "--reset", "--no-serve", "--json")
    assert done.status == 1
    assert {path.name for path in tmp_path.iterdir()} == {"wlantrack.db", "secret_key"}


def test_reset_follows_no_link_out_of_the_folder(demo: CommandLine, tmp_path: Path) -> None:
    settings = Settings(data_dir=demo.data_dir)
    outside = tmp_path / "outside"
    shutil.move(settings.files_dir, outside)
    settings.files_dir.symlink_to(outside)
    kept = {path.name for path in outside.iterdir()}
    installation.remove_data(settings)
    assert kept == {path.name for path in outside.iterdir()} != set()


def test_the_demo_serves_its_log_in_page(demo: CommandLine) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*PROGRAM, "demo", "--port", str(port)],
        env=demo.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert "password" in fetch(f"http://127.0.0.1:{port}/login")
    finally:
        process.terminate()
        printed, _ = process.communicate(timeout=30)
    assert f"The demo is at http://127.0.0.1:{port}/" in printed
    assert "planner" in printed


def fetch(url: str, patience_s: float = 60.0) -> str:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own server
                return str(answer.read().decode())
        except urllib.error.HTTPError:
            raise
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
