"""What a rule says about a subject, and what an exemption changes in it.

Decides the four results, the order of severities and when an exemption counts. Refuses to know
any rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import Message, msg
from wlantrack.networks.plan import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from wlantrack.networks.plan import Exemption, NetworkPlan

PLAN = Subject("plan")


class Severity(StrEnum):
    """How much harm a failure does, worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


class Result(StrEnum):
    """What came out, in the order in which people want to read it."""

    FAIL = "fail"
    UNKNOWN = "unknown"
    EXEMPT = "exempt"
    PASS = "pass"  # noqa: S105 - a result, no password


SEVERITIES = tuple(Severity)
RESULTS = tuple(Result)


@dataclass(frozen=True)
class Judgement:
    """What a rule found about one subject, before exemptions.

    ``concerns`` are further subjects that a failure touches; ``is_exemptable`` is False for a
    failure that no exemption of its rule may cover.
    """

    subject: Subject
    result: Result
    evidence: Message
    advice: Message
    concerns: tuple[Subject, ...] = ()
    is_exemptable: bool = True


@dataclass(frozen=True)
class Finding:
    """One line of the protocol.

    ``note`` says what became of an exemption. ``concerns`` names, for a critical failure, every
    SSID and access point that must not go into operation.
    """

    rule: str
    severity: Severity
    subject: Subject
    result: Result
    evidence: Message
    advice: Message
    note: Message | None = None
    concerns: frozenset[Subject] = frozenset()


@dataclass(frozen=True)
class Rule:
    """A rule of the catalogue: its id, its severity, what it asks, and the function that judges.

    ``when_nothing`` is what it says of a plan that holds nothing for it to judge; ``basis`` are
    the ids of the requirements behind it.
    """

    id: str
    severity: Severity
    title: Message
    judge: Callable[[NetworkPlan], Iterable[Judgement]]
    when_nothing: Judgement
    basis: tuple[str, ...] = ()

    @property
    def may_be_exempted(self) -> bool:
        """Say whether anybody may give leave to break it."""
        return self.severity is not Severity.CRITICAL

    def check(self, plan: NetworkPlan) -> tuple[Finding, ...]:
        """Give at least one finding: judged, exempted, and with what a failure touches."""
        judgements = tuple(self.judge(plan)) or (self.when_nothing,)
        return tuple(self._conclude(judgement, plan) for judgement in judgements)

    def _conclude(self, judgement: Judgement, plan: NetworkPlan) -> Finding:
        result, note = judgement.result, None
        if result is Result.FAIL:
            result, note = self._apply_exemptions(judgement, plan)
        is_blocking = result is Result.FAIL and self.severity is Severity.CRITICAL
        return Finding(
            rule=self.id,
            severity=self.severity,
            subject=judgement.subject,
            result=result,
            evidence=judgement.evidence,
            advice=judgement.advice,
            note=note,
            concerns=trace(plan, judgement) if is_blocking else frozenset(),
        )

    def _apply_exemptions(
        self, judgement: Judgement, plan: NetworkPlan
    ) -> tuple[Result, Message | None]:
        given = [
            item
            for item in plan.exemptions
            if item.rule == self.id and item.subject == judgement.subject
        ]
        if not given:
            return Result.FAIL, None
        if not self.may_be_exempted:
            return Result.FAIL, msg("There is no exemption from a critical rule.")
        if not judgement.is_exemptable:
            return Result.FAIL, msg("An exemption does not cover this.")
        flaws = [(item, find_flaw(item, plan)) for item in given]
        for item, flaw in flaws:
            if flaw is None:
                return Result.EXEMPT, msg(
                    "Exempt until %(date)s, approved by %(approver)s: %(reason)s",
                    date=item.expires_on,
                    approver=item.approver,
                    reason=item.reason,
                )
        return Result.FAIL, flaws[-1][1]


def find_flaw(exemption: Exemption, plan: NetworkPlan) -> Message | None:
    """Say why an exemption counts as none, or give None where it counts.

    It holds to the end of its last day, and nobody approves their own.
    """
    author, approver = (name.strip().casefold() for name in (exemption.author, exemption.approver))
    if not exemption.reason.strip():
        return msg("The exemption counts as none: it gives no reason.")
    if not author or not approver:
        return msg("The exemption counts as none: its author or its approver is not named.")
    if author == approver:
        return msg("The exemption counts as none: its author approved it.")
    if exemption.expires_on is None:
        return msg("The exemption counts as none: it has no last day.")
    if exemption.expires_on < plan.as_of:
        return msg("The exemption expired on %(date)s.", date=exemption.expires_on)
    return None


def trace(plan: NetworkPlan, judgement: Judgement) -> frozenset[Subject]:
    """Follow a failure from segments to the SSIDs on them, and to where these are on air.

    Where it is not known what is on air, every access point is concerned.
    """
    touched = {judgement.subject, *judgement.concerns}
    ssids = {
        item.code
        for item in plan.ssids
        if Subject("ssid", item.code) in touched or Subject("segment", item.vlan) in touched
    }
    if not ssids:
        return frozenset(touched)
    points = (
        {item.code for item in plan.access_points}
        if plan.on_air is None
        else {item.access_point for item in plan.on_air if item.ssid in ssids}
    )
    return frozenset(
        touched
        | {Subject("ssid", code) for code in ssids}
        | {Subject("access point", code) for code in points}
    )


def passes(subject: Subject, evidence: Message) -> Judgement:
    """State that a subject meets a rule."""
    return Judgement(subject, Result.PASS, evidence, msg("Nothing to do."))


def lacks(subject: Subject, *fields: Message) -> Judgement:
    """State that a subject cannot be judged, because these fields are not known."""
    return Judgement(
        subject,
        Result.UNKNOWN,
        msg("Not known: %(fields)s.", fields=fields),
        msg("Enter what is missing, then check again."),
    )


def fails(subject: Subject, evidence: Message, advice: Message) -> Judgement:
    """State that a subject breaks a rule, and what to do."""
    return Judgement(subject, Result.FAIL, evidence, advice)


def weigh(
    subject: Subject,
    *,
    faults: Sequence[Message],
    gaps: Sequence[Message],
    advice: Message,
    evidence: Message,
) -> Judgement:
    """Judge a subject by what is wrong with it, else by what is not known, else let it pass.

    Parameters
    ----------
    faults
        Sentences, each one thing that is wrong.
    gaps
        Names of fields that would be needed and are empty.
    advice
        What to do about the faults.
    evidence
        What is said of a subject that passes.
    """
    if faults:
        return fails(subject, join(faults), advice)
    return lacks(subject, *gaps) if gaps else passes(subject, evidence)


def join(sentences: Sequence[Message]) -> Message:
    """Put sentences one after the other."""
    joined = sentences[0]
    for sentence in sentences[1:]:
        joined = msg("%(first)s %(second)s", first=joined, second=sentence)
    return joined


def nothing(evidence: Message) -> Judgement:
    """State that a plan holds nothing for a rule to judge, and that this is all right."""
    return passes(PLAN, evidence)
