"""Inquiries of the council: find, write, fill from the data, co-sign, sign.

Decides that an answer is filled from data taken on one day, until somebody takes it anew; that every
change makes co-signers agree again; and that what was signed stays, while it is told what has moved
since. Inquiries belong to the whole city: a role in a part of it does not reach.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import Conflict, InvalidInput, NotFound, Problem, msg
from wlantrack.reports.document import from_json, hash_of, to_json
from wlantrack.services import history, places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.council_facts import list_moved, read_facts, write_facts
from wlantrack.services.council_reading import find_facts
from wlantrack.services.inquiry_answer import (
    Signing,
    check_answer,
    compose_answer,
    list_parts,
    list_standard_questions,
)
from wlantrack.services.ranges import list_missing, list_too_long, refuse_any
from wlantrack.services.versions import require_version
from wlantrack.store.models.inquiries import (
    AnswerVersion,
    Inquiry,
    InquiryQuestion,
    InquirySigner,
    KeptText,
)
from wlantrack.store.queries import inquiries as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy import RowMapping
    from sqlalchemy.orm import Session

    from wlantrack.errors import Message
    from wlantrack.reports.document import Document
    from wlantrack.services.council_facts import CouncilFacts
    from wlantrack.services.history import Entry
    from wlantrack.services.paging import Page
    from wlantrack.services.plan import PlanParts

PART_WORDS: Final[Mapping[str, Message]] = {
    "places": msg("what is equipped"),
    "milestones": msg("dates and reasons"),
    "posts": msg("posts"),
    "trainings": msg("training"),
    "teams": msg("support"),
    "decisions": msg("decisions"),
    "floors": msg("coverage"),
}
"""What has moved, in words, by part of the data."""
_LENGTHS: Final = {
    "file_number": 60,
    "title": 200,
    "council_group": 120,
    "written_by": 120,
    "note": 1000,
}
_QUESTION_LENGTHS: Final = {"label": 20, "question": 2000, "answer": 10_000}


@dataclass(frozen=True)
class InquiryValues:
    """What people edit about an inquiry; ``signers`` are those who have to agree."""

    file_number: str
    title: str
    council_group: str = ""
    asked_on: date | None = None
    due_on: date | None = None
    written_by: str = ""
    language: str = "de"
    note: str = ""
    signers: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuestionValues:
    """What people edit about a question."""

    question: str
    answer: str = ""
    label: str = ""
    position: int = 1


def list_inquiries(
    session: Session, actor: Actor, words: str, page: Page
) -> tuple[Sequence[RowMapping], int]:
    """Give one page of the inquiries, and how many match; the council sees those answered."""
    actor.require(Action.SEE_ANSWERS)
    only_signed = not actor.can(Action.SEE_INQUIRIES)
    return queries.list_page(session, words, page, only_signed=only_signed)


def find_inquiry(session: Session, actor: Actor, ref: str) -> Inquiry:
    """Give an inquiry by public id or file number, whole.

    Raises
    ------
    NotFound
        There is none, or nothing of it was signed and the actor sees no drafts.
    """
    actor.require(Action.SEE_ANSWERS)
    public_id = places.parse_uuid(ref)
    if public_id is not None:
        found = queries.get_inquiry(session, public_id)
    else:
        found = queries.get_by_file_number(session, ref)
    if found is None or not (found.signed_count or actor.can(Action.SEE_INQUIRIES)):
        raise NotFound(msg("There is no such inquiry; perhaps somebody has deleted it."))
    return found


def _find_to_edit(session: Session, actor: Actor, ref: str) -> Inquiry:
    inquiry = find_inquiry(session, actor, ref)
    actor.require(Action.EDIT_INQUIRIES)
    return inquiry


def values_of(inquiry: Inquiry) -> InquiryValues:
    """Give what people edit of an inquiry."""
    names = ("file_number", "title", "council_group", "asked_on", "due_on", "written_by",
             "language", "note")  # fmt: skip
    values = {name: getattr(inquiry, name) for name in names}
    return InquiryValues(**values, signers=tuple(signer.name for signer in inquiry.signers))


def list_history(session: Session, actor: Actor, inquiry: Inquiry) -> list[Entry]:
    """Give what happened to an inquiry, the latest first."""
    actor.require(Action.SEE_INQUIRIES)
    return history.list_of_record(session, actor, "inquiry", inquiry.public_id)


def add_inquiry(
    session: Session,
    actor: Actor,
    values: InquiryValues,
    parts: PlanParts,
    *,
    with_questions: bool = False,
) -> Inquiry:
    """Add an inquiry, filled from the data as of now; with the standard questions if asked for.

    Raises
    ------
    InvalidInput
        It has no file number or title, a text is too long, or the number is taken.
    """
    actor.require(Action.EDIT_INQUIRIES)
    inquiry = make_inquiry()
    apply_values(session, inquiry, values)
    questions = list_standard_questions(values.language) if with_questions else []
    for number, (question, answer) in enumerate(questions, start=1):
        inquiry.questions.append(
            InquiryQuestion(position=number, label=f"{number}.", question=question, answer=answer)
        )
    _take_facts(session, inquiry, parts)
    session.add(inquiry)
    session.commit()
    return inquiry


def edit_inquiry(
    session: Session, actor: Actor, ref: str, values: InquiryValues, version: int | None
) -> Inquiry:
    """Change an inquiry; who has agreed has to agree again.

    Raises
    ------
    InvalidInput
        It has no file number or title, a text is too long, or the number is taken.
    Conflict
        Somebody else has changed it since.
    """
    inquiry = _find_to_edit(session, actor, ref)
    require_version(session, inquiry, version)
    with session.no_autoflush:
        apply_values(session, inquiry, values)
    session.commit()
    return inquiry


def make_inquiry() -> Inquiry:
    """Make an inquiry of which nothing is known yet."""
    return Inquiry(public_id=uuid.uuid4(), signed_count=0, questions=[], signers=[], versions=[])


def apply_values(session: Session, inquiry: Inquiry, values: InquiryValues) -> None:
    """Set what people edit about an inquiry; does not commit.

    Raises
    ------
    InvalidInput
        It has no file number or title, a text is too long, or the number is taken.
    """
    problems = list_missing(values, ["file_number", "title"])
    problems += list_too_long(values, _LENGTHS)
    with session.no_autoflush:
        other = queries.get_by_file_number(session, values.file_number)
    if other is not None and other is not inquiry:
        problems.append(
            Problem(
                msg("There is an inquiry %(number)s already.", number=other.file_number),
                msg("Open that one, or enter another file number."),
                field="file_number",
                value=values.file_number,
            )
        )
    refuse_any(problems)
    for name in ("file_number", "title", "council_group", "asked_on", "due_on", "written_by",
                 "language", "note"):  # fmt: skip
        setattr(inquiry, name, getattr(values, name))
    _forget_agreements(inquiry)
    known = {signer.name: signer for signer in inquiry.signers}
    names = list(dict.fromkeys(name[:160] for name in values.signers if name))
    inquiry.signers[:] = [known.get(name) or InquirySigner(name=name) for name in names]


def _forget_agreements(inquiry: Inquiry) -> None:
    """Let co-signers agree anew, and let nobody sign who looks at the answer as it was before."""
    for signer in inquiry.signers:
        signer.agreed_on = None
    if inquiry.id is not None:
        flag_modified(inquiry, "title")


def delete_inquiry(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete an inquiry of which nothing was signed.

    Raises
    ------
    Conflict
        A version was signed: it stays. Or somebody else has changed it since.
    """
    inquiry = _find_to_edit(session, actor, ref)
    require_version(session, inquiry, version)
    if inquiry.signed_count:
        raise Conflict(msg("A version of this answer was signed: the inquiry stays."))
    session.delete(inquiry)
    session.commit()


def find_question(session: Session, actor: Actor, ref: str) -> InquiryQuestion:
    """Give a question with its whole inquiry, for those who see drafts.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require(Action.SEE_INQUIRIES)
    public_id = places.parse_uuid(ref)
    found = queries.get_question(session, public_id) if public_id else None
    if found is None:
        raise NotFound(msg("There is no such question; perhaps somebody has deleted it."))
    return found


def add_question(
    session: Session, actor: Actor, ref: str, values: QuestionValues
) -> InquiryQuestion:
    """Add a question to an inquiry.

    Raises
    ------
    InvalidInput
        Nothing is asked, a text is too long, or a block of data is unknown.
    """
    inquiry = _find_to_edit(session, actor, ref)
    question = InquiryQuestion(public_id=uuid.uuid4())
    _apply_question(session, actor, question, values)
    inquiry.questions.append(question)
    _forget_agreements(inquiry)
    session.commit()
    return question


def edit_question(
    session: Session, actor: Actor, ref: str, values: QuestionValues, version: int | None
) -> Inquiry:
    """Change a question or its answer; who has agreed has to agree again.

    Raises
    ------
    InvalidInput
        Nothing is asked, a text is too long, or a block of data is unknown.
    Conflict
        Somebody else has changed it since.
    """
    question = find_question(session, actor, ref)
    actor.require(Action.EDIT_INQUIRIES)
    require_version(session, question, version)
    with session.no_autoflush:
        _apply_question(session, actor, question, values)
    _forget_agreements(question.inquiry)
    session.commit()
    return question.inquiry


def delete_question(session: Session, actor: Actor, ref: str, version: int | None) -> Inquiry:
    """Delete a question; who has agreed has to agree again."""
    question = find_question(session, actor, ref)
    actor.require(Action.EDIT_INQUIRIES)
    require_version(session, question, version)
    inquiry = question.inquiry
    inquiry.questions.remove(question)
    _forget_agreements(inquiry)
    session.commit()
    return inquiry


def _apply_question(
    session: Session, actor: Actor, question: InquiryQuestion, values: QuestionValues
) -> None:
    codes = [row.code for row in places.list_building_names(session, actor)]
    refuse_any(
        [
            *list_missing(values, ["question"]),
            *list_too_long(values, _QUESTION_LENGTHS),
            *check_answer(values.answer, codes),
        ]
    )
    question.label, question.position = values.label, values.position
    question.question, question.answer = values.question, values.answer


def refresh(
    session: Session, actor: Actor, ref: str, version: int | None, parts: PlanParts
) -> Inquiry:
    """Fill an answer from the data as of now; who has agreed has to agree again."""
    inquiry = _find_to_edit(session, actor, ref)
    require_version(session, inquiry, version)
    _take_facts(session, inquiry, parts)
    _forget_agreements(inquiry)
    session.commit()
    return inquiry


def _take_facts(session: Session, inquiry: Inquiry, parts: PlanParts) -> None:
    inquiry.facts_sha256 = _keep(session, write_facts(find_facts(session, parts)))
    inquiry.as_of = parts.clock.today


def _keep(session: Session, text: str) -> str:
    """Keep a text under its hash; the same text is kept once."""
    sha256 = hash_of(text)
    with session.no_autoflush:
        is_known = queries.get_text(session, sha256) is not None
    if not is_known:
        session.add(KeptText(sha256=sha256, body=text))
        session.flush()
    return sha256


def agree(session: Session, actor: Actor, ref: str, signer: str, version: int | None,
          today: date) -> Inquiry:  # fmt: skip
    """Record that a co-signer has agreed to the answer as it is.

    Raises
    ------
    NotFound
        Nobody of this public id is to sign it.
    Conflict
        Somebody else has changed the inquiry since.
    """
    inquiry = _find_to_edit(session, actor, ref)
    require_version(session, inquiry, version)
    found = next((item for item in inquiry.signers if str(item.public_id) == signer), None)
    if found is None:
        raise NotFound(msg("Nobody of this name is to sign the answer."))
    found.agreed_on = today
    flag_modified(inquiry, "title")
    session.commit()
    return inquiry


def sign(
    session: Session,
    actor: Actor,
    ref: str,
    version: int | None,
    *,
    city: str,
    now: datetime | None = None,
) -> AnswerVersion:
    """Sign the answer as it is, in both languages: this version never changes.

    Raises
    ------
    InvalidInput
        A question has no answer yet, or somebody has not agreed; names them.
    Conflict
        Somebody else has changed the inquiry since.
    """
    inquiry = _find_to_edit(session, actor, ref)
    require_version(session, inquiry, version)
    refuse_any(list_unready(inquiry))
    moment = now or datetime.now(UTC)
    number = inquiry.signed_count + 1
    facts = _load_facts(session, inquiry)
    signing = Signing(number, moment.date(), actor.name)
    hashes = [
        _keep(session, to_json(compose_answer(inquiry, facts, city, language, signing)))
        for language in ("de", "en")
    ]
    made = AnswerVersion(
        public_id=uuid.uuid4(),
        inquiry_id=inquiry.id,
        number=number,
        name=f"{inquiry.public_id.hex[:8]} {inquiry.file_number}/{number}",
        title=inquiry.title,
        signed_at=moment,
        signed_by=actor.name,
        as_of=inquiry.as_of,
        facts_sha256=inquiry.facts_sha256,
        german_sha256=hashes[0],
        english_sha256=hashes[1],
    )
    session.add(made)
    inquiry.signed_count = number
    session.commit()
    return made


def list_unready(inquiry: Inquiry) -> list[Problem]:
    """Give what is missing before an answer can be signed."""
    problems = []
    if not is_filled(inquiry):
        problems.append(_not_filled())
    if not inquiry.questions:
        problems.append(Problem(msg("There is no question yet."), msg("Add one.")))
    problems += [
        Problem(
            msg("Question %(label)s has no answer yet.", label=question.label or question.position),
            msg("Write it, or delete the question."),
        )
        for question in inquiry.questions
        if not question.answer.strip()
    ]
    problems += [
        Problem(
            msg("%(name)s has not agreed to the answer as it is now.", name=signer.name),
            msg("Record the agreement first."),
        )
        for signer in inquiry.signers
        if signer.agreed_on is None
    ]
    return problems


def _load_facts(session: Session, inquiry: Inquiry) -> CouncilFacts:
    text = queries.get_text(session, inquiry.facts_sha256 or "")
    if text is None:
        raise InvalidInput(_not_filled())
    return read_facts(text)


def is_filled(inquiry: Inquiry) -> bool:
    """Tell whether an answer has data to be filled from: one that a table has brought has none."""
    return inquiry.facts_sha256 is not None


def _not_filled() -> Problem:
    return Problem(msg("The answer has not been filled from data."), msg("Take the data anew."))


def write_draft(
    session: Session, actor: Actor, inquiry: Inquiry, city: str, language: str
) -> Document:
    """Give the answer as it stands, not signed."""
    actor.require(Action.SEE_INQUIRIES)
    return compose_answer(inquiry, _load_facts(session, inquiry), city, language)


def write_latest(session: Session, actor: Actor, ref: str, city: str, language: str) -> Document:
    """Give the latest signed answer to an inquiry, else its draft."""
    inquiry = find_inquiry(session, actor, ref)
    if inquiry.versions:
        return read_version(session, inquiry.versions[-1], language)
    return write_draft(session, actor, inquiry, city, language)


def list_moved_of_draft(session: Session, inquiry: Inquiry, parts: PlanParts) -> list[Message]:
    """Tell what of the data that an answer uses says something else by now."""
    used = list_parts(inquiry.questions)
    return _list_moved(_load_facts(session, inquiry), find_facts(session, parts), used)


def _list_moved(before: CouncilFacts, now: CouncilFacts, used: frozenset[str]) -> list[Message]:
    moved = list_moved(before, replace(now, as_of=before.as_of))
    return [words for part, words in PART_WORDS.items() if part in moved and part in used]


def find_version(session: Session, actor: Actor, ref: str) -> AnswerVersion:
    """Give a signed answer by its public id.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require(Action.SEE_ANSWERS)
    public_id = places.parse_uuid(ref)
    found = queries.get_version(session, public_id) if public_id else None
    if found is None:
        raise NotFound(msg("There is no such answer."))
    return found


def read_version(session: Session, version: AnswerVersion, language: str) -> Document:
    """Give a signed answer as it was signed, in a language.

    Raises
    ------
    Conflict
        The text is not the one that was signed.
    """
    sha256 = version.german_sha256 if language == "de" else version.english_sha256
    text = queries.get_text(session, sha256) or ""
    if hash_of(text) != sha256:
        raise Conflict(msg("This text is not the one that was signed: somebody has changed it."))
    return from_json(text)


def list_moved_of_version(
    session: Session, version: AnswerVersion, parts: PlanParts
) -> list[Message]:
    """Tell what of the data says something else by now than when an answer was signed."""
    before = read_facts(queries.get_text(session, version.facts_sha256) or "")
    return _list_moved(before, find_facts(session, parts), frozenset(PART_WORDS))
