"""Schedules of MS Project by command: out, and in again without any change; errors as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine


def test_the_demos_plan_goes_out_and_comes_back_unchanged(
    demo: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "plan.xml"
    assert demo("export", "mspdi", "--out", out, "--building", "RH").status == 0
    read = demo("import", "mspdi", out, "--dry-run", "--json")
    assert (read.json["created"], read.json["updated"]) == (0, 0)
    assert read.json["unchanged"] > 20


def test_what_is_no_schedule_is_refused_with_its_remedy(wt: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "plan.xml"
    file.write_text("<Project/>")
    read = wt("import", "mspdi", file, "--json")
    assert read.status == 1
    assert "MS Project" in read.json["errors"][0]["message"]
