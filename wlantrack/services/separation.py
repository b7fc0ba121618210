"""The separation check: findings for a person, kept until a record changes.

It judges plans and attestations, not the air.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import msg
from wlantrack.networks.check import check_plan
from wlantrack.networks.findings import RESULTS, SEVERITIES, Result, Severity
from wlantrack.networks.plan import Subject
from wlantrack.networks.rules import RULES
from wlantrack.services.actor import Action, Actor
from wlantrack.services.network_plan import House, load_plan
from wlantrack.services.results import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.networks.findings import Finding
    from wlantrack.networks.plan import NetworkPlan
    from wlantrack.services.results import ResultCache

__all__ = ["RESULTS", "RULES", "SEVERITIES", "House"]

SEVERITY_WORDS: dict[str, Message] = {
    Severity.CRITICAL: msg("critical"),
    Severity.HIGH: msg("high"),
    Severity.MEDIUM: msg("medium"),
    Severity.LOW: msg("low"),
    Severity.INFO: msg("info"),
}
RESULT_WORDS: dict[str, Message] = {
    Result.FAIL: msg("fails"),
    Result.UNKNOWN: msg("unknown"),
    Result.EXEMPT: msg("exempt"),
    Result.PASS: msg("passes"),
}
KIND_WORDS = {
    "plan": msg("whole plan"),
    "ssid": msg("SSID"),
    "segment": msg("VLAN"),
    "access point": msg("access point"),
    "radio": msg("radio of an access point"),
    "outlet": msg("outlet"),
    "secure area": msg("secure room"),
    "site": msg("building"),
    "export": msg("public export"),
}
RULE_OF = {rule.id: rule for rule in RULES}


@dataclass(frozen=True)
class Check:
    """What the check says of everything in scope, and in which building each subject lies."""

    findings: tuple[Finding, ...]
    house: House
    buildings: dict[Subject, str]

    def building_of(self, finding: Finding) -> str:
        """Give the code of the building that a finding is about; "" for the whole city."""
        return self.buildings.get(finding.subject, "")


@dataclass(frozen=True)
class FindingFilter:
    """What the list of findings is narrowed to; empty fields narrow nothing."""

    words: str = ""
    rule: str = ""
    severity: str = ""
    result: str = ""
    kind: str = ""
    building: str = ""

    def holds(self, finding: Finding, building: str) -> bool:
        """Tell whether a finding has all that is filtered for."""
        return (
            self.rule in {"", finding.rule}
            and self.severity in {"", finding.severity}
            and self.result in {"", finding.result}
            and self.kind in {"", finding.subject.kind}
            and self.building in {"", building}
            and self.words.casefold() in finding.subject.code.casefold()
        )


def check(session: Session, actor: Actor, house: House, cache: ResultCache) -> Check:
    """Judge everything that lies in the actor's scope; remembered until a record changes.

    Raises
    ------
    NotAllowed
        The role does not see the check anywhere.
    """
    actor.require_somewhere(Action.SEE_SEPARATION)
    key = ("separation", stamp(session), actor.grants, house)
    return cache.remember(key, lambda: _judge(load_plan(session, actor, house, cache), house))


def _judge(plan: NetworkPlan, house: House) -> Check:
    buildings = {Subject("access point", point.code): point.site for point in plan.access_points}
    buildings |= {Subject("site", site.code): site.code for site in plan.sites}
    buildings |= {
        Subject("secure area", area.code): area.code.partition("/")[0]
        for area in plan.secure_areas or ()
    }
    for item in plan.on_air or ():
        point = Subject("access point", item.access_point)
        buildings[Subject("radio", f"{item.access_point}/{item.slot}")] = buildings[point]
    return Check(check_plan(plan), house, buildings)


def narrow(check_result: Check, wanted: FindingFilter) -> list[Finding]:
    """Give the findings that have all that is filtered for, worst first."""
    return [
        finding
        for finding in check_result.findings
        if wanted.holds(finding, check_result.building_of(finding))
    ]


def group_passes(found: Check) -> list[tuple[str, list[Finding]]]:
    """Give what passes by rule, rules in order."""
    passes = [item for item in found.findings if item.result is Result.PASS]
    return [
        (rule.id, [item for item in passes if item.rule == rule.id])
        for rule in RULES
        if any(item.rule == rule.id for item in passes)
    ]


def count_results(findings: Iterable[Finding]) -> dict[Severity, dict[Result, int]]:
    """Count findings by severity and result."""
    counts = Counter((finding.severity, finding.result) for finding in findings)
    return {
        severity: {result: counts[severity, result] for result in RESULTS}
        for severity in SEVERITIES
    }


def list_kinds(findings: Sequence[Finding]) -> list[str]:
    """Give the kinds of subjects that there are findings about."""
    kinds = {finding.subject.kind for finding in findings}
    return [kind for kind in KIND_WORDS if kind in kinds]


def name_rule(rule: str) -> Message:
    """Give a rule's title."""
    return RULE_OF[rule].title
