"""Exemptions from the separation check: one person asks for leave, another one gives it.

Decides that leave is asked for what fails and may be exempted, that nobody approves their own, and
that what expired, or lost its subject, stays in the list until somebody takes it out.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotAllowed, NotFound, Problem, msg
from wlantrack.networks.findings import Result
from wlantrack.networks.plan import Subject
from wlantrack.services.actor import Action, Actor
from wlantrack.services.exemption_subjects import find_subject_id, list_with_subjects
from wlantrack.services.places import parse_uuid
from wlantrack.services.separation import RULE_OF
from wlantrack.services.versions import require_version
from wlantrack.store.models.separation import Exemption
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from wlantrack.networks.findings import Finding
    from wlantrack.services.separation import Check


class Standing(StrEnum):
    """How far an exemption has come."""

    PROPOSED = "proposed"
    IN_FORCE = "in force"
    EXPIRED = "expired"
    LAPSED = "lapsed"


STANDING_WORDS = {
    Standing.PROPOSED: msg("waits for approval"),
    Standing.IN_FORCE: msg("in force"),
    Standing.EXPIRED: msg("expired"),
    Standing.LAPSED: msg("lapsed, as its subject is deleted"),
}


@dataclass(frozen=True)
class ExemptionValues:
    """What a proposal says: for which rule and subject, why, and until which day."""

    rule: str
    subject: Subject
    reason: str
    expires_on: date


@dataclass(frozen=True)
class ShownExemption:
    """An exemption with its standing, and what the person who looks may do with it.

    ``subject`` is what it is about as it is called now, or was when it was there last.
    """

    record: Exemption
    subject: Subject
    standing: Standing
    can_approve: bool
    can_withdraw: bool

    @property
    def place(self) -> Subject | None:
        """Give the subject where it still is, which says who may decide."""
        return None if self.standing is Standing.LAPSED else self.subject


def list_exemptions(session: Session, actor: Actor, found: Check) -> list[ShownExemption]:
    """Give the exemptions whose subject lies in the actor's scope."""
    subjects = {finding.subject for finding in found.findings}
    return [
        _show(actor, record, subject, found)
        for record, subject in list_with_subjects(session)
        if subject in subjects or actor.can(Action.SEE_SEPARATION)
    ]


def find_exemption(session: Session, actor: Actor, ref: str, found: Check) -> ShownExemption:
    """Give an exemption by its public id.

    Raises
    ------
    NotFound
        There is none, or its subject lies out of scope.
    """
    wanted = parse_uuid(ref)
    for shown in list_exemptions(session, actor, found):
        if shown.record.public_id == wanted:
            return shown
    raise NotFound(msg("There is no such exemption, or it is outside your area."))


def _show(actor: Actor, record: Exemption, subject: Subject | None, found: Check) -> ShownExemption:
    if subject is None:
        standing = Standing.LAPSED
    elif record.expires_on < found.house.today:
        standing = Standing.EXPIRED
    else:
        standing = Standing.PROPOSED if record.approver is None else Standing.IN_FORCE
    is_officer = actor.can_anywhere(Action.APPROVE_EXEMPTIONS)
    return ShownExemption(
        record,
        subject or Subject(record.subject_kind, record.subject_code),
        standing,
        can_approve=is_officer and standing is Standing.PROPOSED and not _is_author(actor, record),
        can_withdraw=is_officer or _is_author(actor, record),
    )


def _is_author(actor: Actor, record: Exemption) -> bool:
    return actor.name.strip().casefold() == record.author.strip().casefold()


def find_failure(found: Check, rule: str, subject: Subject) -> Finding:
    """Give the failure that an exemption would be for.

    Raises
    ------
    NotFound
        Nothing in scope fails this rule there.
    InvalidInput
        The rule is critical: nobody may give leave to break it.
    """
    failures = [
        item
        for item in found.findings
        if (item.rule, item.subject, item.result) == (rule, subject, Result.FAIL)
    ]
    if not failures:
        raise NotFound(msg("There is no such failure, or it is outside your area."))
    if not RULE_OF[rule].may_be_exempted:
        raise InvalidInput(
            Problem(
                msg("There is no exemption from a critical rule."),
                failures[0].advice,
                field="rule",
                value=rule,
            )
        )
    return failures[0]


def propose(
    session: Session,
    actor: Actor,
    found: Check,
    wanted: ExemptionValues,
) -> Exemption:
    """Ask for leave to break a rule for one subject until a day.

    Raises
    ------
    NotFound
        Nothing in scope fails this rule there.
    InvalidInput
        The rule is critical, the reason is missing, or the day is over.
    Conflict
        A proposal for it waits already.
    """
    actor.require_somewhere(Action.SEE_SEPARATION)
    rule, subject = wanted.rule, wanted.subject
    find_failure(found, rule, subject)
    problems = []
    if not wanted.reason.strip():
        problems.append(
            Problem(
                msg("The reason is missing."),
                msg("Say why it has to be so, and what protects it meanwhile."),
                field="reason",
            )
        )
    if wanted.expires_on < found.house.today:
        problems.append(
            Problem(
                msg("This day is over."),
                msg("Choose a day that is still to come."),
                field="expires_on",
                value=str(wanted.expires_on),
            )
        )
    if any(
        (record.rule, named, record.approver) == (rule, subject, None)
        and record.expires_on >= found.house.today
        for record, named in list_with_subjects(session)
    ):
        problems.append(
            Problem(
                msg("A proposal for this waits for approval already."),
                msg("Withdraw it first, or wait for the security officer."),
            )
        )
    if problems:
        raise InvalidInput(*problems)
    record = Exemption(
        public_id=uuid.uuid4(),
        rule=rule,
        subject_kind=subject.kind,
        subject_code=subject.code,
        subject_id=find_subject_id(session, subject),
        reason=wanted.reason.strip(),
        author=actor.name,
        expires_on=wanted.expires_on,
    )
    session.add(record)
    session.commit()
    return record


def approve(
    session: Session,
    actor: Actor,
    found: Check,
    ref: str,
    version: int | None,
    now: datetime,
) -> Exemption:
    """Approve somebody else's proposal.

    Raises
    ------
    NotFound
        There is none in scope.
    NotAllowed
        The actor is not a security officer there, or wrote it.
    InvalidInput
        It is approved already, or its last day is over.
    Conflict
        Somebody else has changed it since.
    """
    shown = find_exemption(session, actor, ref, found)
    record = shown.record
    _require_officer(session, actor, found, shown.place)
    if _is_author(actor, record):
        raise NotAllowed(msg("Nobody approves their own exemption. Ask another security officer."))
    require_version(session, record, version)
    if shown.standing is not Standing.PROPOSED:
        raise InvalidInput(
            Problem(
                msg("This exemption does not wait for approval."),
                msg("Look at what it says now, or propose a new one."),
            )
        )
    record.approver, record.approved_at = actor.name, now
    session.commit()
    return record


def _require_officer(session: Session, actor: Actor, found: Check, subject: Subject | None) -> None:
    """Ask for the right in the subject's building; what belongs to no building, everywhere."""
    code = None if subject is None else found.buildings.get(subject)
    building = None if code is None else place_queries.get_building_by_code(session, code)
    actor.require(Action.APPROVE_EXEMPTIONS, building.id if building else None)


def withdraw(
    session: Session, actor: Actor, found: Check, ref: str, version: int | None
) -> Exemption:
    """Take an exemption or a proposal out; its author may, and a security officer.

    Raises
    ------
    NotFound
        There is none in scope.
    NotAllowed
        Somebody else wrote it, and the actor is no security officer there.
    Conflict
        Somebody else has changed it since.
    """
    shown = find_exemption(session, actor, ref, found)
    if not _is_author(actor, shown.record):
        _require_officer(session, actor, found, shown.place)
    require_version(session, shown.record, version)
    session.delete(shown.record)
    session.commit()
    return shown.record
