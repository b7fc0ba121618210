"""What the README says of settings and files is so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from wlantrack.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
MADE_LATER = {"static/vendor", "build/office.html"}
"""Named in the README, but there only after set-up or a command."""


def write_default(value: object) -> str:
    if value in {"", None}:
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_every_setting_stands_in_the_table_with_its_default() -> None:
    rows = re.findall(rf"^\| `({PREFIX}\w+)` \| ([^|]*) \| [^|]+ \|$", README, re.MULTILINE)

    assert dict(rows) == {
        PREFIX + item.name.upper(): write_default(item.default) for item in fields(Settings)
    }
    assert len(rows) == len(fields(Settings))


def test_every_path_in_the_readme_exists() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    quoted = re.findall(
        r"`((?:wlantrack|static|tests|docs|floorplans|migrations)(?:/[\w./-]+)?)`", README
    )
    in_commands = re.findall(r"(?:^| )((?:floorplans|static|docs)/[\w./-]+)", README)

    named = {*linked, *quoted, *in_commands} - MADE_LATER

    assert len(named) > 10
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_make_target_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets
