"""``backup``, ``restore``, ``verify`` and ``audit verify``: under load, after kill -9, when tampered."""

from __future__ import annotations

import hashlib
import json
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
import zipfile
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.places import add_building, add_floor, add_plan
from tests.integration.cli.conftest import PROGRAM, CommandLine
from wlantrack.services.actor import SYSTEM
from wlantrack.services.results import stamp
from wlantrack.store.queries import history

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import PostgresSource, Source
    from wlantrack.services.installation import Stores

_WRITER = """
import sys
from wlantrack.services import places
from wlantrack.services.actor import SYSTEM
from wlantrack.store.session import Database

database = Database(sys.argv[1])
number = 0
while True:
    with database.writing(SYSTEM.audit()) as session:
        values = places.BuildingValues(name=f"Building {number}")
        places.add_building(session, SYSTEM, f"{sys.argv[2]}{number}", values)
    number += 1
    print(number, flush=True)
"""


@contextmanager
def writers(url: str, count: int = 3) -> Iterator[None]:
    """Let processes add buildings without a pause; each has added two when this begins."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, url, f"W{number}."], stdout=subprocess.PIPE, text=True
        )
        for number in range(count)
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert [process.stdout.readline(), process.stdout.readline()] == ["1\n", "2\n"]
        yield
        assert [process.poll() for process in running] == [None] * count
    finally:
        for process in running:
            process.kill()
            process.communicate()


def store_plan(stores: Stores, data: bytes = b"a plan") -> str:
    """Store a file that a plan names; give its name."""
    stored = stores.files.write(data)
    names: Any = {"original_file": stored.name, "image_file": stored.name}
    hashes: Any = {"original_sha256": stored.sha256, "image_sha256": stored.sha256}
    with stores.database.writing(SYSTEM.audit()) as session:
        floor = add_floor(session, add_building(session, "RH", name="Rathaus"))
        add_plan(session, floor, **names, **hashes)
        session.commit()
    return stored.name


def list_codes(data_dir: Path) -> set[str]:
    with closing(sqlite3.connect(data_dir / "wlantrack.db")) as connection:
        return {code for (code,) in connection.execute("SELECT code FROM building")}


def rewrite(path: Path, target: Path, **members: bytes | None) -> None:
    """Write an archive anew with other members, sealed as if it were genuine."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = members.get(name, source.read(name))
            if data is not None:
                out.writestr(name, data)
        for name in set(members) - set(source.namelist()):
            out.writestr(name, members[name] or b"")
        out.comment = b"wlantrack sha256 " + b"0" * 64
    seal(target)


def seal(path: Path) -> None:
    data = path.read_bytes()[:-64]
    path.write_bytes(data + hashlib.sha256(data).hexdigest().encode())


def manifest_of(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return manifest


@pytest.fixture
def backup(wt: CommandLine, stores: Stores, tmp_path: Path) -> Path:
    """Give a backup of an installation with one plan."""
    store_plan(stores)
    done = wt("backup", tmp_path / "backup.zip", "--json")
    assert done.json["ok"] is True, done.err
    return tmp_path / "backup.zip"


def test_an_installation_comes_back_with_its_records_and_files(
    backup: Path, stores: Stores, tmp_path: Path
) -> None:
    other = CommandLine(tmp_path / "other")
    verified, restored = other("verify", backup, "--json"), other("restore", backup, "--json")
    assert verified.json == restored.json
    assert (restored.json["ok"], restored.json["files"]) == (True, 1)
    assert restored.json["audit_events"] > 0
    name = next(path.name for path in stores.files.folder.glob("*"))
    assert (other.data_dir / "files" / name).read_bytes() == b"a plan"
    assert list_codes(other.data_dir) == {"RH"}
    audited = other("audit", "verify", "--json").json
    assert (audited["ok"], audited["events"]) == (True, restored.json["audit_events"] + 1)
    assert other("db", "check", "--json").json == {"is_current": True, "differences": []}


def test_a_backup_under_write_load_is_one_state_and_restores(
    wt: CommandLine, stores: Stores, tmp_path: Path
) -> None:
    store_plan(stores)
    with writers(f"sqlite:///{wt.data_dir / 'wlantrack.db'}"):
        time.sleep(0.5)
        first = wt.run_program("backup", tmp_path / "1.zip", "--json")
        second = wt.run_program("backup", tmp_path / "2.zip", "--json")
    assert second.json["rows"] > first.json["rows"]
    for name in ("1.zip", "2.zip"):
        other = CommandLine(tmp_path / name.removesuffix(".zip"))
        assert other("verify", tmp_path / name, "--json").json["ok"] is True
        restored = other("restore", tmp_path / name, "--json")
        assert restored.json["ok"] is True, restored.err
        codes = list_codes(other.data_dir)
        assert {"RH", "W0.0", "W0.1", "W1.0", "W2.0"} <= codes
        assert len(codes) == manifest_of(tmp_path / name)["rows"]["building"]


@pytest.mark.postgres
def test_postgresql_under_write_load_is_one_state_and_restores(
    postgres_source: PostgresSource, tmp_path: Path
) -> None:
    with postgres_source.fresh() as url, postgres_source.empty() as empty_url:
        here, there = CommandLine(tmp_path / "here"), CommandLine(tmp_path / "there")
        with writers(url):
            made = here("backup", tmp_path / "b.zip", "--json", url=url)
        assert made.json["database"] == "postgresql"
        assert there("verify", tmp_path / "b.zip", "--json").json == made.json
        restored = there("restore", tmp_path / "b.zip", "--json", url=empty_url)
        assert restored.json == made.json, restored.err
        assert there("audit", "verify", "--json", url=empty_url).json["ok"] is True
        assert there("db", "check", "--json", url=empty_url).json["differences"] == []
        assert there("add", "building", "NEW", url=empty_url).status == 0  # numbers go on
        again = there("restore", tmp_path / "b.zip", "--json", url=empty_url)
        assert "not empty" in again.json["error"]["message"]
        replaced = there("restore", tmp_path / "b.zip", "--replace", "--json", url=empty_url)
        assert replaced.json == made.json, replaced.err
        assert there("add", "building", "NEW", "--json", url=empty_url).json["created"] == ["NEW"]


@pytest.mark.postgres
def test_a_broken_trail_leaves_postgresql_as_it_was(
    postgres_source: PostgresSource, tmp_path: Path
) -> None:
    wt = CommandLine(tmp_path / "data")
    with postgres_source.fresh() as url:
        assert wt("add", "building", "AA", url=url).status == 0
        assert wt("backup", tmp_path / "b.zip", url=url).status == 0
        with zipfile.ZipFile(tmp_path / "b.zip") as archive:
            trail = archive.read("tables/audit_event.csv").replace(b"system", b"nobody", 1)
        manifest = manifest_of(tmp_path / "b.zip")
        for member in manifest["members"]:
            if member["path"] == "tables/audit_event.csv":
                member |= {"sha256": hashlib.sha256(trail).hexdigest(), "size_bytes": len(trail)}
        changed = {
            "tables/audit_event.csv": trail,
            "manifest.json": json.dumps(manifest).encode(),
        }
        rewrite(tmp_path / "b.zip", tmp_path / "forged.zip", **changed)
        done = wt("restore", tmp_path / "forged.zip", "--replace", "--json", url=url)
        assert "audit trail breaks at event" in done.json["error"]["message"]
        assert wt("add", "building", "AA", "--json", url=url).json == {"created": []}


def test_a_copied_live_database_file_is_no_backup(
    wt: CommandLine, stores: Stores, tmp_path: Path
) -> None:
    with stores.database.writing(SYSTEM.audit()) as session:
        add_building(session, "RH")
        session.commit()
        shutil.copyfile(wt.data_dir / "wlantrack.db", tmp_path / "copy.zip")
    done = wt("verify", tmp_path / "copy.zip", "--json")
    assert (done.status, done.json["ok"]) == (1, False)
    assert "copied database file" in done.json["problems"][0]["message"]
    assert "wlantrack backup" in done.json["problems"][0]["remedy"]
    assert wt("restore", tmp_path / "copy.zip", "--replace").status == 1


def test_any_flipped_byte_is_found(backup: Path, wt: CommandLine, tmp_path: Path) -> None:
    data, damaged = backup.read_bytes(), tmp_path / "damaged.zip"
    dice = random.Random(1)  # noqa: S311 - no secret
    edges = [*range(60), *range(len(data) - 120, len(data))]
    for place in [*dice.sample(edges, 40), *dice.sample(range(len(data)), 60)]:
        damaged.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
        done = wt("verify", damaged, "--json")
        assert (done.status, done.json["ok"]) == (1, False), place


def test_a_flipped_byte_in_each_member_and_in_the_directory_is_found(
    backup: Path, wt: CommandLine, tmp_path: Path
) -> None:
    data, damaged = backup.read_bytes(), tmp_path / "damaged.zip"
    with zipfile.ZipFile(backup) as archive:
        members, directory = archive.infolist(), archive.start_dir
    places = {}
    for member in members:
        header = member.header_offset
        name_and_extra = struct.unpack_from("<HH", data, header + 26)
        places[member.filename] = header + 30 + sum(name_and_extra) + member.compress_size // 2
        directory = data.index(b"PK\1\2", directory)
        places[f"entry of {member.filename}"] = directory + 46  # the first letter of the name
        directory += 46
    assert {"database.sqlite", "manifest.json"} < set(places)
    for name, place in places.items():
        damaged.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert wt("verify", damaged).status == 1, name
        seal(damaged)  # whoever makes the seal fit is found by what the manifest says
        done = wt("verify", damaged, "--json")
        assert (done.status, done.json["ok"]) == (1, False), f"{name}, sealed anew"


@pytest.mark.parametrize("keep", [0, 10, 1_000, -1])
def test_a_cut_off_backup_is_refused(
    backup: Path, wt: CommandLine, tmp_path: Path, keep: int
) -> None:
    (tmp_path / "cut.zip").write_bytes(backup.read_bytes()[:keep])
    done = wt("verify", tmp_path / "cut.zip", "--json")
    assert (done.status, done.json["ok"]) == (1, False)


def test_no_file_of_an_archive_leaves_the_folder(
    backup: Path, wt: CommandLine, tmp_path: Path
) -> None:
    manifest = manifest_of(backup)
    evil = "files/../../evil"
    manifest["members"].append(
        {"path": evil, "sha256": hashlib.sha256(b"x").hexdigest(), "size_bytes": 1}
    )
    changed = {"manifest.json": json.dumps(manifest).encode(), evil: b"x"}
    rewrite(backup, tmp_path / "evil.zip", **changed)
    done = wt("restore", tmp_path / "evil.zip", "--replace", "--json")
    assert "no file of the name" in done.json["error"]["message"]
    assert not list(tmp_path.rglob("evil"))


def test_a_database_with_a_trigger_of_its_own_is_refused(
    backup: Path, wt: CommandLine, tmp_path: Path
) -> None:
    with zipfile.ZipFile(backup) as archive:
        archive.extract("database.sqlite", tmp_path)
    with closing(sqlite3.connect(tmp_path / "database.sqlite")) as connection:
        connection.execute("DROP TRIGGER audit_event_no_delete")
        connection.commit()
    data = (tmp_path / "database.sqlite").read_bytes()
    manifest = manifest_of(backup)
    member = next(m for m in manifest["members"] if m["path"] == "database.sqlite")
    member |= {"sha256": hashlib.sha256(data).hexdigest(), "size_bytes": len(data)}
    changed = {"database.sqlite": data, "manifest.json": json.dumps(manifest).encode()}
    rewrite(backup, tmp_path / "forged.zip", **changed)
    done = wt("restore", tmp_path / "forged.zip", "--replace", "--json")
    assert "audit_event_no_DELETE" in done.json["error"]["message"]


def test_what_is_there_is_replaced_only_when_told(
    backup: Path, wt: CommandLine, stores: Stores
) -> None:
    with stores.database.writing(SYSTEM.audit()) as session:
        add_building(session, "LATER")
        session.commit()
    orphan = stores.files.write(b"of no record in the backup")
    refused = wt("restore", backup, "--json")
    assert (refused.status, list_codes(wt.data_dir)) == (1, {"RH", "LATER"})
    assert "--replace" in refused.json["error"]["problems"][0]["remedy"]
    with stores.database.reading() as session:
        before = stamp(session), stamp(session, history.DRAWN)
    assert wt("restore", backup, "--replace").status == 0
    assert list_codes(wt.data_dir) == {"RH"}
    assert not stores.files.path(orphan.name).exists()
    with stores.database.reading() as session:  # as a running server, whose caches must not hold
        assert min(stamp(session), stamp(session, history.DRAWN)) > max(before)
    assert wt("audit", "verify").status == 0


def test_a_lost_file_is_told_but_the_rest_is_saved(
    wt: CommandLine, stores: Stores, tmp_path: Path
) -> None:
    name = store_plan(stores)
    stores.files.remove(name)
    done = wt("backup", tmp_path / "b.zip", "--json")
    assert (done.status, done.json["ok"], done.json["missing_files"]) == (1, False, [name])
    assert wt("verify", tmp_path / "b.zip", "--json").json["missing_files"] == [name]


def test_a_killed_backup_leaves_the_older_one(
    backup: Path, wt: CommandLine, stores: Stores
) -> None:
    stores.files.write(b"0" * 40_000_000)
    before = backup.read_bytes()
    for delay_s in (0.3, 0.6, 0.8):
        run_and_kill(wt, delay_s, "backup", str(backup))
        assert wt("verify", backup).status == 0
    assert backup.read_bytes() == before or wt("verify", backup).status == 0


def test_a_killed_restore_leaves_the_old_or_the_new_installation(
    backup: Path, wt: CommandLine, stores: Stores
) -> None:
    with stores.database.writing(SYSTEM.audit()) as session:
        add_building(session, "LATER")
        session.commit()
    for delay_s in (0.4, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2):
        run_and_kill(wt, delay_s, "restore", str(backup), "--replace")
        assert list_codes(wt.data_dir) in ({"RH", "LATER"}, {"RH"})
        assert wt("audit", "verify").status == 0
        assert all(path.read_bytes() == b"a plan" for path in stores.files.folder.glob("[0-9a-f]*"))
    assert wt("restore", backup, "--replace").status == 0
    assert list_codes(wt.data_dir) == {"RH"}


def run_and_kill(wt: CommandLine, delay_s: float, *arguments: str) -> None:
    """Start a command and kill it after a while, unless it has ended by then."""
    with subprocess.Popen(
        [*PROGRAM, *arguments],
        env=wt.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            process.wait(delay_s)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)


def test_a_tampered_trail_is_told_with_its_first_wrong_event(
    wt: CommandLine, stores: Stores, tmp_path: Path
) -> None:
    store_plan(stores)
    with closing(sqlite3.connect(wt.data_dir / "wlantrack.db")) as connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        connection.execute("UPDATE audit_event SET actor = 'nobody' WHERE id = 3")
        connection.commit()
    done = wt("audit", "verify", "--json")
    assert (done.status, done.json["ok"], done.json["broken_at"]) == (1, False, 3)
    assert wt("backup", tmp_path / "b.zip").status == 1


def test_a_flipped_byte_in_any_column_of_the_trail_is_found(
    wt: CommandLine, stores: Stores
) -> None:
    store_plan(stores)
    with closing(sqlite3.connect(wt.data_dir / "wlantrack.db", isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER audit_event_no_update")
        rows = connection.execute("SELECT * FROM audit_event WHERE id = 3")
        columns = [column for column, *_ in rows.description if column != "id"]
        before = dict(zip(columns, rows.fetchone()[1:], strict=True))
        flipped = {name: flip(text) for name, text in before.items() if re.search(r"\w", text)}
        assert {"at", "actor", "act", "entity", "after", "previous_hash", "hash"} <= set(flipped)
        for name, text in flipped.items():
            statement = f"UPDATE audit_event SET {name} = ? WHERE id = 3"  # noqa: S608 - a column
            connection.execute(statement, (text,))
            done = wt("audit", "verify", "--json")
            assert (done.status, done.json["ok"], done.json["broken_at"]) == (1, False, 3), name
            connection.execute(statement, (before[name],))
        blob = "UPDATE audit_event SET label = CAST(X'52ff' AS TEXT) WHERE id = 3"
        connection.execute(blob)  # no UTF-8
        done = wt("audit", "verify", "--json")
        assert (done.status, done.json["broken_at"]) == (1, 3)
        connection.execute("UPDATE audit_event SET label = ? WHERE id = 3", (before["label"],))
    assert wt("audit", "verify").status == 0


def flip(text: str) -> str:
    """Change the last digit or letter by one bit."""
    place = max(place for place, character in enumerate(text) if character.isalnum())
    return text[:place] + chr(ord(text[place]) ^ 1) + text[place + 1 :]


def test_no_session_and_no_link_come_back(wt: CommandLine, tmp_path: Path) -> None:
    assert wt("user", "create", "anna", "--role", "admin").status == 0
    assert wt("backup", tmp_path / "b.zip").status == 0
    rows = manifest_of(tmp_path / "b.zip")["rows"]
    assert (rows["user_account"], rows["one_time_link"], rows["login_session"]) == (1, 0, 0)


def test_another_kind_of_database_is_refused(
    backup: Path, database_source: Source, tmp_path: Path
) -> None:
    with database_source.empty() as url:
        done = CommandLine(tmp_path / "x")("restore", backup, "--json", url=url)
    if url.startswith("sqlite"):
        assert done.json["ok"] is True
    else:
        assert "postgresql" in done.json["error"]["message"]
