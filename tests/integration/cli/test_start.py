"""How commands start, end and report: what all of them share."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from wlantrack.cli.main import wlantrack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine

HEAVY = "{'flask', 'folium', 'geopandas', 'pandas', 'branca', 'wtforms'}"


def list_commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from list_commands(command, f"{path} {name}".strip())
        else:
            yield f"{path} {name}".strip(), command


def loaded_libraries(statement: str, among: str) -> str:
    code = f"import sys\n{statement}\nprint(sorted(({among}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_all_commands_of_this_version_exist() -> None:
    assert [path for path, _ in list_commands(wlantrack)] == [
        "demo",
        "serve",
        "db check",
        "db upgrade",
        "user create",
        "add building",
        "add floor",
        "add wing",
        "import plan",
        "import dxf",
        "import esx",
        "import openintent",
        "import msi",
        "import footprints",
        "import ical",
        "import mspdi",
        "import table",
        "export labels",
        "export mspdi",
        "export pack",
        "export table",
        "predict",
        "coverage map",
        "coverage verdict",
        "check networks",
        "report acceptance",
        "report council",
        "report materials",
        "report progress",
        "schedule accept",
        "schedule propose",
        "daily",
        "publish",
        "backup",
        "restore",
        "verify",
        "audit verify",
    ]


@pytest.mark.parametrize(("path", "command"), list(list_commands(wlantrack)))
def test_every_command_explains_itself_with_an_example(path: str, command: click.Command) -> None:
    assert command.help
    assert (command.epilog or "").startswith(f"Example: wlantrack {path}")


@pytest.mark.parametrize(("path", "command"), list(list_commands(wlantrack)))
def test_every_command_takes_json_and_data_dir(path: str, command: click.Command) -> None:
    assert path
    assert {"as_json", "data_dir"} <= {parameter.name for parameter in command.params}


def test_help_lists_all_groups_without_loading_their_libraries() -> None:
    statement = (
        "from click.testing import CliRunner\n"
        "from wlantrack.cli.main import wlantrack\n"
        "from wlantrack.app import main\n"
        "done = CliRunner().invoke(wlantrack, ['--help'])\n"
        "assert 'coverage' in done.stdout, done.stdout"
    )
    assert loaded_libraries(statement, HEAVY + " | {'sqlalchemy', 'numpy', 'shapely'}") == "[]"


def test_commands_do_not_pay_for_pages_or_maps() -> None:
    modules = ("import_table", "import_plan", "exports", "add", "db")
    statement = f"import {', '.join(f'wlantrack.cli.{module}' for module in modules)}"

    assert loaded_libraries(statement, HEAVY) == "[]"


def test_the_program_ends_with_0_when_the_work_is_done(wt: CommandLine) -> None:
    done = wt.run_program("add", "floor", "SYL/4", "--json")
    assert (done.status, done.json) == (0, {"created": ["SYL", "SYL/4"]})


def test_the_program_ends_with_1_and_a_json_document_when_the_work_fails(wt: CommandLine) -> None:
    done = wt.run_program("predict", "--floor", "NO/1", "--out", wt.data_dir / "x.npz", "--json")
    assert done.status == 1
    assert done.json["error"]["message"].startswith("There is no floor NO/1.")
    assert done.json["error"]["problems"] == []
    assert done.err == f"Error: {done.json['error']['message']}\n"


def test_the_program_ends_with_2_on_wrong_usage(wt: CommandLine) -> None:
    done = wt.run_program("predict", "--floor", "RH/3", "--out", "levels.txt")
    assert done.status == 2
    assert "'levels.txt' does not end in .npz" in done.err


def test_a_file_that_does_not_exist_is_wrong_usage(wt: CommandLine) -> None:
    done = wt("import", "table", "nothing.csv", "--kind", "rooms")
    assert done.status == 2
    assert "nothing.csv" in done.err


def test_data_dir_is_taken_before_and_after_the_command(wt: CommandLine, tmp_path: Path) -> None:
    wt("--data-dir", tmp_path / "before", "add", "building", "AA")
    wt("--data-dir", tmp_path / "before", "add", "building", "BB", "--data-dir", tmp_path / "after")
    assert (tmp_path / "before" / "wlantrack.db").exists()
    assert (tmp_path / "after" / "wlantrack.db").exists()
    again = wt("--data-dir", tmp_path / "before", "add", "building", "BB", "--json")
    assert again.json == {"created": ["BB"]}


def test_a_folder_that_cannot_be_made_is_named(wt: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = wt("add", "building", "AA", "--data-dir", tmp_path / "file" / "below", "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["file"] == str(tmp_path / "file" / "below")


def test_a_setting_of_the_wrong_kind_is_named(
    wt: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WLANTRACK_UPLOAD_LIMIT_MB", "much")
    done = wt("add", "building", "AA")
    assert done.status == 1
    assert "WLANTRACK_UPLOAD_LIMIT_MB, 'much'" in done.err


def test_a_file_in_place_of_the_database_is_refused(wt: CommandLine) -> None:
    (wt.data_dir / "wlantrack.db").write_text("this is no database, whatever its name says")
    done = wt("add", "building", "AA", "--json")
    assert done.status == 1
    assert "cannot be used" in done.json["error"]["message"]
