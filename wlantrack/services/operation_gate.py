"""What must not go into operation: the critical failures of the separation check, asked for.

Decides that the whole city is judged, whoever asks, and that who may not see the check learns the
rule alone. Only the rules about networks are judged here: no other critical one stops a device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.networks.check import blocks_operation, check_plan
from wlantrack.networks.findings import Severity
from wlantrack.networks.on_air import is_on_air
from wlantrack.networks.plan import Subject
from wlantrack.networks.rules import RULES
from wlantrack.services.actor import Action, Actor
from wlantrack.services.network_plan import House, load_network_plan, plain_house
from wlantrack.services.on_air import to_network
from wlantrack.store.queries import networks as network_queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from wlantrack.networks.findings import Finding
    from wlantrack.networks.on_air import Network, Spot

RULE_TITLES = {rule.id: rule.title for rule in RULES}
_RULES = tuple(rule for rule in RULES if rule.severity is Severity.CRITICAL and rule.id != "W26")


@dataclass(frozen=True)
class OperationGate:
    """The critical failures of one moment, and the SSIDs with their scopes."""

    findings: tuple[Finding, ...]
    networks: tuple[tuple[Subject, Network], ...]

    def list_blocks(self, subject: Subject) -> tuple[Finding, ...]:
        """Give the failures for which an SSID or access point must not go into operation."""
        return blocks_operation(self.findings, subject)

    def list_blocks_at(self, spot: Spot) -> tuple[Finding, ...]:
        """Give those of an access point that is not stored yet, by the SSIDs it would send."""
        sent = {subject for subject, network in self.networks if is_on_air(network, spot)}
        return tuple(item for item in self.findings if item.concerns & sent)

    def require(self, actor: Actor, subject: Subject, field: str = "state") -> None:
        """Refuse what a critical failure stops.

        Raises
        ------
        InvalidInput
            One problem for each failure: the rule, and why, as far as the actor may know it.
        """
        problems = [describe_block(actor, item, field) for item in self.list_blocks(subject)]
        if problems:
            raise InvalidInput(*problems)


def open_gate(session: Session, house: House | None = None) -> OperationGate:
    """Judge the networks as the session sees them; ask it for as many subjects as there are."""
    plan = load_network_plan(session, house or plain_house())
    ssids = network_queries.list_for_resolution(session, [*{s.network_class for s in plan.ssids}])
    return OperationGate(
        tuple(item for item in check_plan(plan, _RULES) if item.concerns),
        tuple((Subject("ssid", ssid.code), to_network(ssid)) for ssid in ssids),
    )


def require_operation_allowed(
    session: Session,
    actor: Actor,
    subject: Subject,
    house: House | None = None,
    *,
    field: str = "state",
) -> None:
    """Refuse to put an access point into operation, or an SSID on air, against a critical failure.

    Raises
    ------
    InvalidInput
        Says which rule stops it and why.
    """
    open_gate(session, house).require(actor, subject, field)


def describe_block(actor: Actor, finding: Finding, field: str = "state") -> Problem:
    """Say which rule stops something, and to who may know it also why."""
    title = RULE_TITLES[finding.rule]
    if not actor.can_anywhere(Action.SEE_SEPARATION):
        return Problem(
            msg(
                "The separation check stops this: %(rule)s, %(title)s.",
                rule=finding.rule,
                title=title,
            ),
            msg("Ask a planner or the security officer what has to be done first."),
            field=field,
        )
    evidence: Message = finding.evidence
    return Problem(
        msg(
            "The separation check stops this: %(rule)s, %(title)s. %(subject)s: %(evidence)s",
            rule=finding.rule,
            title=title,
            subject=finding.subject.code,
            evidence=evidence,
        ),
        finding.advice,
        field=field,
    )
