"""A document with a block of every kind, and an inquiry with a signed answer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from wlantrack.reports.document import (
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
    hash_of,
    to_json,
)
from wlantrack.services.council_facts import CouncilFacts, write_facts
from wlantrack.store.models.inquiries import (
    AnswerVersion,
    Inquiry,
    InquiryQuestion,
    InquirySigner,
    KeptText,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HOSTILE = "<script>alert(1)</script> #panic() *x* $y$ =1+1"
"""Markup for pages and for Typst, and a formula for sheets: all of it is to stay text."""
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" width="20" height="10">'
    '<rect width="20" height="10" fill="#1a4f9c"/></svg>'
)


def make_document(language: str = "de") -> Document:
    """Give a document with a block of every kind."""
    return Document(
        title="Stand des Ausbaus",
        language=language,
        date="2021-09-07",
        subtitle="Bericht an den Gemeinderat",
        author="Stuttgart",
        facts=(("Stadt", "Stuttgart"), ("Hinweis", HOSTILE)),
        blocks=(
            Heading("1. Was ist ausgestattet?"),
            Paragraph(HOSTILE),
            Paragraph("nebenbei", is_muted=True),
            Bullets(("erstens", "zweitens"), is_numbered=True),
            Bullets(("dies", "das")),
            Heading("Bis ins Kleinste", level=4),
            Table(
                "Bereiche",
                ("Bereich", "in Betrieb", "Fläche (m²)"),
                (("Marktplatzflügel", 26, 1394.5), (HOSTILE, 12345, 0.25)),
                ("Summe", 12371, 1394.75),
            ),
            Figure(SVG, "Ein blaues Feld.", "Bild"),
            Note("Die Daten haben sich geändert."),
            Signatures(("Auftraggeber", "Auftragnehmer", "Zeugin")),
        ),
        footer="Stuttgart · Stand des Ausbaus",
    )


def add_inquiry(session: Session, mark: str = "GZ-1") -> tuple[Inquiry, AnswerVersion]:
    """Add an inquiry with a question and a co-signer, and a signed version of its answer."""
    texts = {
        name: KeptText(sha256=hash_of(text), body=text)
        for name, text in (
            ("facts", write_facts(CouncilFacts("2021-09-07"))),
            ("german", to_json(make_document("de"))),
            ("english", to_json(make_document("en"))),
        )
    }
    session.add_all(texts.values())
    session.flush()
    inquiry = Inquiry(
        file_number=mark,
        title="WLAN im Rathaus",
        council_group="Fraktion A",
        written_by="Oberbürgermeister",
        note="intern",
        as_of=date(2021, 9, 7),
        facts_sha256=texts["facts"].sha256,
        signed_count=1,
    )
    inquiry.questions = [InquiryQuestion(label="1a", question="Was?", answer="[[Termine]]")]
    inquiry.signers = [InquirySigner(name="Referat I")]
    session.add(inquiry)
    session.flush()
    version = AnswerVersion(
        inquiry_id=inquiry.id,
        number=1,
        name=f"{mark}/1",
        title=inquiry.title,
        signed_at=datetime(2021, 9, 7, 12, tzinfo=UTC),
        signed_by="anna",
        as_of=date(2021, 9, 7),
        **{f"{name}_sha256": kept.sha256 for name, kept in texts.items()},
    )
    session.add(version)
    session.flush()
    return inquiry, version
