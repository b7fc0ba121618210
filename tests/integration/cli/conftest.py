"""Runs commands over a data folder of their own, in this process or as a program."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from wlantrack.app import create_app
from wlantrack.cli.main import wlantrack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import SqliteSource
    from wlantrack.services.installation import Stores

PROGRAM = (sys.executable, "-c", "from wlantrack.app import main; main()")


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit status and both streams."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command prints
        return json.loads(self.out)


class CommandLine:
    """The command line over one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def __call__(self, *arguments: object, url: str | None = None) -> Ended:
        """Run a command in this process."""
        env = {"WLANTRACK_DATA_DIR": str(self.data_dir), "WLANTRACK_DATABASE_URL": url}
        result = CliRunner(env=env).invoke(wlantrack, list(map(str, arguments)), obj=create_app)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    def run_program(self, *arguments: object) -> Ended:
        """Run a command as a process of its own."""
        done = subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def environment(self) -> dict[str, str]:
        """Give the environment of a process that works on this folder."""
        inherited = {
            name: value
            for name, value in os.environ.items()  # noqa: TID251 - handed on to a process
            if not name.startswith("WLANTRACK_")
        }
        return inherited | {"WLANTRACK_DATA_DIR": str(self.data_dir)}

    def opened(self) -> Any:  # noqa: ANN401 - a context manager of Stores
        """Open the folder's stores, to look at what commands have done."""
        from wlantrack.services.installation import open_stores  # noqa: PLC0415 - tests only
        from wlantrack.settings import Settings  # noqa: PLC0415 - tests only

        return open_stores(Settings(data_dir=self.data_dir))


@pytest.fixture
def wt(sqlite_source: SqliteSource, tmp_path: Path) -> CommandLine:
    """Give the command line over a folder with an empty, migrated database."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    with sqlite_source.fresh() as url:
        shutil.copyfile(url.removeprefix("sqlite:///"), data_dir / "wlantrack.db")
    return CommandLine(data_dir)


@pytest.fixture
def stores(wt: CommandLine) -> Iterator[Stores]:
    """Give the stores of the folder that ``wt`` works on."""
    with wt.opened() as opened:
        yield opened


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the demo once; tests copy the folder."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = CommandLine(folder)("demo", "--no-serve", "--json")
    assert done.status == 0, done.err
    return folder


@pytest.fixture
def demo(loaded_demo: Path, tmp_path: Path) -> CommandLine:
    """Give the command line over a copy of the demo."""
    shutil.copytree(loaded_demo, tmp_path / "demo")
    return CommandLine(tmp_path / "demo")
