"""Inquiries of the council, the answers that are being written, and those that were signed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from wlantrack.store.models.base import Base, Edited, Record, one_of
from wlantrack.store.types import Instant

ANSWER_LANGUAGES = ("de", "en")


class KeptText(Base):
    """A text under its own SHA-256; triggers keep it as it is.

    Facts and signed answers are large: records name them by their hash, which thereby stands in
    the chain of the audit trail.
    """

    __tablename__ = "kept_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(Text)


class Inquiry(Edited, Base):
    """What a council group asks in writing; ``language`` is the one its answer is written in.

    ``facts_sha256`` names the data that the answer is filled from, taken on ``as_of``;
    ``signed_count`` tells how many versions were signed.
    """

    __tablename__ = "inquiry"
    __table_args__ = (one_of("language", ANSWER_LANGUAGES),)

    file_number: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    council_group: Mapped[str] = mapped_column(String(120), default="")
    asked_on: Mapped[date | None]
    due_on: Mapped[date | None]
    written_by: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(2), default="de")
    as_of: Mapped[date | None]
    facts_sha256: Mapped[str | None] = mapped_column(
        ForeignKey("kept_text.sha256", ondelete="RESTRICT")
    )
    signed_count: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(1000), default="")

    questions: Mapped[list[InquiryQuestion]] = relationship(
        lazy="raise_on_sql",
        order_by="(InquiryQuestion.position, InquiryQuestion.id)",
        cascade="all, delete-orphan",
        back_populates="inquiry",
    )
    signers: Mapped[list[InquirySigner]] = relationship(
        lazy="raise_on_sql", order_by="InquirySigner.id", cascade="all, delete-orphan"
    )
    versions: Mapped[list[AnswerVersion]] = relationship(
        lazy="raise_on_sql",
        order_by="AnswerVersion.number",
        passive_deletes="all",
        back_populates="inquiry",
    )


class InquiryQuestion(Edited, Base):
    """A question as it was asked, under its label, and the answer: prose with data between."""

    __tablename__ = "inquiry_question"

    inquiry_id: Mapped[int] = mapped_column(
        ForeignKey("inquiry.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=1)
    label: Mapped[str] = mapped_column(String(20), default="")
    question: Mapped[str] = mapped_column(String(2000))
    answer: Mapped[str] = mapped_column(String(10000), default="")

    inquiry: Mapped[Inquiry] = relationship(lazy="raise_on_sql", back_populates="questions")


class InquirySigner(Record, Base):
    """Who has to agree before an answer is signed, and on which day that was done."""

    __tablename__ = "inquiry_signer"

    inquiry_id: Mapped[int] = mapped_column(
        ForeignKey("inquiry.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(160))
    agreed_on: Mapped[date | None]


class AnswerVersion(Record, Base):
    """An answer as it was signed, in both languages; triggers keep it as it is."""

    __tablename__ = "answer_version"
    __table_args__ = (Index("ix_answer_version_inquiry_id", "inquiry_id"),)

    inquiry_id: Mapped[int] = mapped_column(ForeignKey("inquiry.id", ondelete="RESTRICT"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    signed_by: Mapped[str] = mapped_column(String(80))
    as_of: Mapped[date]
    facts_sha256: Mapped[str] = mapped_column(ForeignKey("kept_text.sha256", ondelete="RESTRICT"))
    german_sha256: Mapped[str] = mapped_column(ForeignKey("kept_text.sha256", ondelete="RESTRICT"))
    english_sha256: Mapped[str] = mapped_column(ForeignKey("kept_text.sha256", ondelete="RESTRICT"))

    inquiry: Mapped[Inquiry] = relationship(lazy="raise_on_sql", back_populates="versions")
