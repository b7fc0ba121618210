"""The separation check as a table or a document."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import click

from wlantrack.cli.command import Command, Outcome, Run
from wlantrack.services import separation
from wlantrack.services.actor import SYSTEM
from wlantrack.services.network_plan import find_house
from wlantrack.services.results import ResultCache

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wlantrack.networks.findings import Finding
    from wlantrack.networks.plan import Subject

WIDTH = 100


@click.group("check")
def command() -> None:
    """Check that the networks are kept apart."""


@command.command("networks", cls=Command, epilog="Example: wlantrack check networks --json")
def check_networks(run: Run) -> Outcome:
    """Judge the plan by rules W01 to W26: plans and attestations, not the air.

    Exit status 0, whatever is found: a finding is a result, no fault of the command.
    """
    with run.stores() as stores, stores.database.reading() as session:
        found = separation.check(session, SYSTEM, find_house(run.settings), ResultCache())
    document = [
        {
            "rule": item.rule,
            "severity": str(item.severity),
            "result": str(item.result),
            "subject": name_subject(item.subject),
            "evidence": _write_evidence(item),
            "advice": str(item.advice),
        }
        for item in found.findings
    ]
    return Outcome(document, "\n".join(_write_table(found.findings)))


def name_subject(subject: Subject) -> str:
    """Name a subject by its kind and code, such as »ssid guest«."""
    return f"{subject.kind} {subject.code}".rstrip()


def _write_evidence(finding: Finding) -> str:
    return str(finding.evidence) if finding.note is None else f"{finding.evidence} {finding.note}"


def _write_table(findings: Sequence[Finding]) -> Iterator[str]:
    """Give a line a finding that does not pass, the rest by number, and the sums."""
    yield f"{'rule':<6}{'severity':<10}{'result':<9}subject"
    for item in findings:
        if item.result == "pass":
            continue
        yield f"{item.rule:<6}{item.severity:<10}{item.result:<9}{name_subject(item.subject)}"
        for text in (_write_evidence(item), str(item.advice)):
            yield textwrap.fill(text, WIDTH, initial_indent=" " * 8, subsequent_indent=" " * 8)
    yield ""
    yield f"{'severity':<10}" + "".join(f"{result:>9}" for result in separation.RESULTS)
    for severity, counts in separation.count_results(findings).items():
        yield f"{severity:<10}" + "".join(f"{count:>9}" for count in counts.values())
    yield "This judges plans and attestations, not the air."
