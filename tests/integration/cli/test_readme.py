"""What the README shows on the command line works in a fresh clone, in that order."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.integration.cli.conftest import CommandLine

ROOT = Path(__file__).resolve().parents[3]


def list_commands() -> list[list[str]]:
    """Give the commands of the program in the README's example, without what follows a #."""
    readme = (ROOT / "README.md").read_text()
    blocks = re.findall(r"^```\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)
    (block,) = (block for block in blocks if "wlantrack add" in block)
    lines = [shlex.split(line, comments=True) for line in block.splitlines()]
    return [line[1:] for line in lines if line[0] == "wlantrack"]


def test_the_readme_s_commands_lead_to_a_map_with_plan_and_access_points(
    wt: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    shutil.copytree(ROOT / "floorplans", clone / "floorplans")
    monkeypatch.chdir(clone)
    commands = list_commands()

    for command in commands:
        done = wt(*command)
        assert done.status == 0, (command, done.err)
        assert "no plan with a scale" not in done.err
        assert "No access point" not in done.err

    assert ["coverage", "map", "--floor", "BB/0", "--out", "build/office.html"] in commands
    page = (clone / "build" / "office.html").read_text()
    assert (clone / "build" / "office_files" / "plan.png").stat().st_size > 10_000
    assert [f"BB-0-AP-0{number}" in page for number in (1, 2, 3)] == [True] * 3
