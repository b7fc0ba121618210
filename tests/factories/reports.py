"""A document with a block of every kind, and facts of a small city."""

from __future__ import annotations

from wlantrack.reports.document import (
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
)

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
