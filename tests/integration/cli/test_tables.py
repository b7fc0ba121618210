"""``import table`` and ``export table``: all or nothing, and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from wlantrack.services import access_points
from wlantrack.services.actor import SYSTEM
from wlantrack.services.paging import Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine
    from wlantrack.services.installation import Stores

HEADER = "code;floor;model;x_m;y_m;height_m;channel_5;width_5_mhz;power_5_dbm\n"


def row(number: int, *, channel: int = 36, floor: str = "AA/1") -> str:
    return f"AA-{number:04d};{floor};generic-wifi6-omni;{number % 50},5;7,25;2,70;{channel};20;14\n"


def count_points(stores: Stores) -> int:
    with stores.database.reading() as session:
        narrow, page = access_points.AccessPointFilter(), Page()
        return access_points.list_access_points(session, SYSTEM, narrow, page)[1]


@pytest.fixture
def table(wt: CommandLine, tmp_path: Path) -> Path:
    wt("add", "floor", "AA/1")
    path = tmp_path / "points.csv"
    path.write_text(HEADER + row(1) + row(2), encoding="utf-8-sig")
    return path


def test_rows_are_created_then_unchanged(wt: CommandLine, table: Path) -> None:
    first = wt("import", "table", table, "--kind", "access_points", "--json")
    assert first.json == {"created": 2, "updated": 0, "unchanged": 0, "errors": []}
    again = wt("import", "table", table, "--kind", "access_points", "--json")
    assert again.json == {"created": 0, "updated": 0, "unchanged": 2, "errors": []}


def test_a_changed_cell_updates_its_row_only(wt: CommandLine, table: Path) -> None:
    wt("import", "table", table, "--kind", "access_points")
    table.write_text(HEADER + row(1) + row(2, channel=40))
    done = wt("import", "table", table, "--kind", "access_points", "--json")
    assert done.json == {"created": 0, "updated": 1, "unchanged": 1, "errors": []}


def test_a_dry_run_counts_and_writes_nothing(wt: CommandLine, table: Path, stores: Stores) -> None:
    done = wt("import", "table", table, "--kind", "access_points", "--dry-run", "--json")
    assert (done.status, done.json["created"]) == (0, 2)
    assert count_points(stores) == 0


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_one_bad_last_row_of_1000_is_named_and_nothing_is_written(
    wt: CommandLine, table: Path, stores: Stores, options: tuple[str, ...]
) -> None:
    table.write_text(HEADER + "".join(map(row, range(999))) + row(999, channel=37))
    done = wt("import", "table", table, "--kind", "access_points", "--json", *options)
    assert done.status == 1
    assert done.json["created"] == 0
    (error,) = done.json["errors"]
    assert (error["row"], error["column"], error["value"]) == (1000, "channel_5", "37")
    assert "no such channel" in error["message"]
    assert "row 1000, channel_5, '37'" in done.err
    assert count_points(stores) == 0


def test_headers_are_mapped_and_missing_columns_set(wt: CommandLine, table: Path) -> None:
    table.write_text("Name=Code,x_m,y_m\nAA-1,1.5,2.5\n")
    done = wt(
        "import", "table", table, "--kind", "access_points", "--json",
        "--map", "Name=Code=code", "--set", "floor=AA/1", "--set", "model=generic-wifi6-omni",
        "--set", "note=a=b",
    )  # fmt: skip
    assert done.json == {"created": 1, "updated": 0, "unchanged": 0, "errors": []}


def test_an_option_without_equals_sign_is_wrong_usage(wt: CommandLine, table: Path) -> None:
    done = wt("import", "table", table, "--kind", "access_points", "--set", "floor")
    assert done.status == 2


def test_a_table_without_its_key_column_is_refused(wt: CommandLine, table: Path) -> None:
    table.write_text("x_m;y_m\n1;2\n")
    done = wt("import", "table", table, "--kind", "access_points", "--json")
    assert done.status == 1
    assert [error["column"] for error in done.json["errors"]] == ["code"]


def test_a_file_that_is_no_table_has_the_same_kind_of_document(
    wt: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "table.xlsx").write_bytes(b"PK\x03\x04 and nothing after it")
    done = wt("import", "table", tmp_path / "table.xlsx", "--kind", "rooms", "--json")
    assert done.status == 1
    assert (done.json["created"], len(done.json["errors"])) == (0, 1)


def test_an_import_says_in_the_history_where_it_came_from(
    wt: CommandLine, table: Path, stores: Stores
) -> None:
    wt("import", "table", table, "--kind", "access_points")
    with stores.database.reading() as session:
        (event,) = access_points.list_history(session, SYSTEM, "AA-0001")
    assert (event.act, event.actor) == ("create", "system")
    assert str(event.reason) == "import of points.csv"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_imports_unchanged(wt: CommandLine, table: Path, ending: str) -> None:
    wt("import", "table", table, "--kind", "access_points")
    out = table.with_name(f"out.{ending}")
    assert wt("export", "table", "--kind", "access_points", "--out", out).status == 0
    done = wt("import", "table", out, "--kind", "access_points", "--json")
    assert done.json == {"created": 0, "updated": 0, "unchanged": 2, "errors": []}


def test_an_export_that_cannot_be_written_names_the_file(wt: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    out = tmp_path / "a file" / "out.csv"
    done = wt("export", "table", "--kind", "rooms", "--out", out, "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["file"] == str(out.parent)


def test_rows_of_test_records_are_left_out_and_those_of_other_tables_are_not(
    wt: CommandLine, tmp_path: Path, table: Path
) -> None:
    records = tmp_path / "records.csv"
    records.write_text("label;result;tested_on\nX-1;pass;2026-03-09\n")
    command = ("import", "table", records, "--kind", "cable_tests", "--json")
    assert wt(*command).json["errors"][0]["row"] == 1
    done = wt(*command, "--leave-out", "1").json
    counts = {"created": 0, "updated": 0, "unchanged": 0, "left_out": 1}
    assert done == {**counts, "errors": []}
    assert "X-2" in wt(*command, "--assign", "1=X-2").json["errors"][0]["message"]
    assert wt(*command, "--assign", "one=X-2").status == 2
    other = wt("import", "table", table, "--kind", "access_points", "--leave-out", "1", "--json")
    assert (other.status, other.json["errors"][0]["column"]) == (1, "kind")
