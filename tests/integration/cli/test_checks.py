"""The separation check on the command line, and what is wrong in the demo on purpose."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.cli.conftest import CommandLine
from wlantrack.networks.plan import Subject
from wlantrack.networks.rules import RULES
from wlantrack.services.demo_separation import BLOCKED, PLANTED
from wlantrack.services.operation_gate import open_gate

if TYPE_CHECKING:
    from pathlib import Path


def check(command: CommandLine) -> list[dict[str, Any]]:
    done = command("check", "networks", "--json")
    assert done.status == 0, done.err
    found: list[dict[str, Any]] = done.json
    return found


@pytest.fixture(scope="module")
def found(loaded_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Check the demo once for all who only read what was found."""
    folder = tmp_path_factory.mktemp("checked") / "demo"
    shutil.copytree(loaded_demo, folder)
    return check(CommandLine(folder))


def test_the_demo_has_one_violation_of_each_severity_and_no_others(
    found: list[dict[str, Any]],
) -> None:
    failures = {
        (row["severity"], row["rule"], row["subject"]) for row in found if row["result"] == "fail"
    }
    assert failures == {
        ("critical", "W01", "ssid scanner"),
        ("high", "W18", "access point RH-MP-0-AP-01"),
        ("medium", "W19", "access point RH-HS-2-AP-03"),
        ("low", "W15", "radio RH-MP-3-AP-08/2"),
        ("info", "W14", "ssid gebaeude"),
    }
    assert {
        (severity, rule, f"{kind} {code}") for severity, (rule, kind, code) in PLANTED.items()
    } == failures


def test_the_demo_leaves_nothing_open(found: list[dict[str, Any]]) -> None:
    unknown = {row["rule"] for row in found if row["result"] == "unknown"}

    assert unknown == set()


def test_every_rule_has_a_row_with_all_that_a_script_needs(found: list[dict[str, Any]]) -> None:
    assert {row["rule"] for row in found} == {rule.id for rule in RULES}
    assert all(
        list(row) == ["rule", "severity", "result", "subject", "evidence", "advice"]
        and all(isinstance(value, str) and value for value in row.values())
        for row in found
    )


def test_an_empty_installation_is_checked_too(wt: CommandLine) -> None:
    found = check(wt)

    assert len(found) == 26
    assert {row["result"] for row in found} <= {"pass", "unknown"}


def test_people_read_a_table_with_sums(demo: CommandLine) -> None:
    done = demo("check", "networks")

    assert done.status == 0
    assert "W01   critical  fail     ssid scanner" in done.out
    assert "It allows TKIP." in done.out
    assert done.out.rstrip().endswith("This judges plans and attestations, not the air.")


def test_the_planted_critical_violation_stops_one_access_point_alone(demo: CommandLine) -> None:
    with demo.opened() as stores, stores.database.reading() as session:
        gate = open_gate(session)

    concerned = {item for finding in gate.findings for item in finding.concerns}
    assert concerned == {Subject("ssid", "scanner"), Subject("access point", BLOCKED)}


def test_loading_the_demo_again_adds_no_violation(
    demo: CommandLine, found: list[dict[str, Any]]
) -> None:
    assert demo("demo", "--no-serve").status == 0

    assert json.dumps(check(demo)) == json.dumps(found)
