"""Selects of inquiries, their questions, signed answers and the texts these rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from wlantrack.store.models.inquiries import AnswerVersion, Inquiry, InquiryQuestion, KeptText
from wlantrack.store.queries.paging import fetch_page, in_portions

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, RowMapping, Select
    from sqlalchemy.orm import Session

    from wlantrack.services.paging import Page
    from wlantrack.store.queries.paging import SortColumns


def list_page(
    session: Session, words: str, page: Page, *, only_signed: bool
) -> tuple[Sequence[RowMapping], int]:
    """Give one page of the inquiries, and how many match."""
    conditions: list[ColumnElement[bool]] = [Inquiry.signed_count > 0] if only_signed else []
    for word in words.split():
        texts = (Inquiry.file_number, Inquiry.title, Inquiry.council_group)
        conditions.append(or_(*(text.icontains(word, autoescape=True) for text in texts)))
    query = select(
        Inquiry.public_id,
        Inquiry.file_number,
        Inquiry.title,
        Inquiry.council_group,
        Inquiry.asked_on,
        Inquiry.due_on,
        Inquiry.as_of,
        Inquiry.signed_count,
    ).where(and_(true(), *conditions))
    sorts: SortColumns = {
        "file_number": (func.lower(Inquiry.file_number), Inquiry.id),
        "title": (func.lower(Inquiry.title), Inquiry.id),
        "council_group": (func.lower(Inquiry.council_group), Inquiry.id),
        "asked_on": (Inquiry.asked_on, Inquiry.id),
        "due_on": (Inquiry.due_on, Inquiry.id),
        "as_of": (Inquiry.as_of, Inquiry.id),
        "signed_count": (Inquiry.signed_count, Inquiry.id),
    }
    return fetch_page(session, query, sorts, page)


def _whole() -> Select[Inquiry]:
    return select(Inquiry).options(
        selectinload(Inquiry.questions),
        selectinload(Inquiry.signers),
        selectinload(Inquiry.versions),
    )


def load_inquiries(session: Session) -> list[Inquiry]:
    """Load all inquiries with their questions, co-signers and signed versions, by file number."""
    return list(session.scalars(_whole().order_by(Inquiry.file_number)))


def get_inquiry(session: Session, public_id: uuid.UUID) -> Inquiry | None:
    """Load an inquiry with its questions, co-signers and signed versions."""
    return session.scalar(_whole().where(Inquiry.public_id == public_id))


def get_by_file_number(session: Session, file_number: str) -> Inquiry | None:
    """Load an inquiry by its file number, in whatever case people type it."""
    return session.scalar(_whole().where(func.lower(Inquiry.file_number) == file_number.lower()))


def get_question(session: Session, public_id: uuid.UUID) -> InquiryQuestion | None:
    """Load a question with its whole inquiry."""
    whole = joinedload(InquiryQuestion.inquiry)
    return session.scalar(
        select(InquiryQuestion)
        .options(
            whole.selectinload(Inquiry.questions),
            whole.selectinload(Inquiry.signers),
            whole.selectinload(Inquiry.versions),
        )
        .where(InquiryQuestion.public_id == public_id)
    )


def get_version(session: Session, public_id: uuid.UUID) -> AnswerVersion | None:
    """Load a signed answer with its inquiry and the other versions of that."""
    return session.scalar(
        select(AnswerVersion)
        .options(joinedload(AnswerVersion.inquiry).selectinload(Inquiry.versions))
        .where(AnswerVersion.public_id == public_id)
    )


def get_text(session: Session, sha256: str) -> str | None:
    """Give a text by its hash."""
    return session.scalar(select(KeptText.body).where(KeptText.sha256 == sha256))


def list_texts(session: Session, hashes: Collection[str]) -> dict[str, str]:
    """Give texts by their hashes."""
    found: dict[str, str] = {}
    for some in in_portions(sorted(hashes)):
        query = select(KeptText.sha256, KeptText.body).where(KeptText.sha256.in_(some))
        found |= {row.sha256: row.body for row in session.execute(query)}
    return found
