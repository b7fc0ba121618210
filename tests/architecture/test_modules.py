"""Sizes and names of modules; what single lines may hold is ruff's business."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 600
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def list_modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_module_is_longer_than_600_lines() -> None:
    lines = {
        name_of(path): len(path.read_text().splitlines())
        for path in list_modules("wlantrack", "tests", "migrations")
    }

    assert lines
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


def test_no_module_is_named_after_nothing() -> None:
    named = {name_of(path): set(path.stem.split("_")) for path in list_modules("wlantrack")}

    assert {name for name, words in named.items() if words & EMPTY_WORDS} == set()


def test_packages_hold_a_docstring_and_nothing_else() -> None:
    holding_more = [
        name_of(path)
        for path in list_modules("wlantrack")
        if path.name == "__init__.py"
        and [type(node) for node in ast.parse(path.read_text()).body] != [ast.Expr]
    ]

    assert holding_more == []


def test_every_sentence_for_people_is_a_literal_that_can_be_extracted() -> None:
    hidden = [
        f"{name_of(path)}:{node.lineno}"
        for path in list_modules("wlantrack")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"msg", "_l"}
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]

    assert hidden == []


def test_no_request_is_poured_into_a_record() -> None:
    """Values of a form or a body are named one by one: nobody smuggles a field into a record."""
    poured = re.compile(r"populate_obj|\*\*(request\.(form|json|values)|(read_)?body\b)")
    found = [
        f"{name_of(path)}: {hit[0]}"
        for path in list_modules("wlantrack/web", "wlantrack/services")
        for hit in poured.finditer(ast.unparse(ast.parse(path.read_text())))
    ]

    assert found == []
