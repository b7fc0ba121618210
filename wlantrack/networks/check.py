"""The separation check: every rule over one plan, worst first, and what it stops.

It judges plans and attestations, not the air.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.networks.findings import RESULTS, SEVERITIES, Finding, Result, Severity
from wlantrack.networks.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from wlantrack.networks.findings import Rule
    from wlantrack.networks.plan import NetworkPlan, Subject


def check_plan(plan: NetworkPlan, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """Judge a plan by every rule.

    Returns
    -------
    tuple of Finding
        At least one for each rule, by severity, then result, then rule and subject.
    """
    return tuple(sorted((item for rule in rules for item in rule.check(plan)), key=_rank))


def blocks_operation(findings: Iterable[Finding], subject: Subject) -> tuple[Finding, ...]:
    """Give the critical failures for which an access point or SSID must not go into operation.

    An access point is concerned by what is wrong with the SSIDs on air there, and these by what
    is wrong with their segments.
    """
    return tuple(
        item
        for item in findings
        if item.severity is Severity.CRITICAL
        and item.result is Result.FAIL
        and subject in item.concerns
    )


def _rank(finding: Finding) -> tuple[int, int, str, Subject]:
    return (
        SEVERITIES.index(finding.severity),
        RESULTS.index(finding.result),
        finding.rule,
        finding.subject,
    )
