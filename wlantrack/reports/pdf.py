"""A report as PDF that can be archived and read aloud: PDF/A-2a and PDF/UA-1, set by Typst.

Texts travel as data, so nothing of a report is read as markup. Typst refuses a picture without a
description and a heading that skips a level, so what comes out keeps what the standards promise.
Cells are marked as headers of columns only: what marks those of rows (``pdf.header-cell``) Typst
0.15 keeps behind its feature ``a11y-extras``, which its Python binding does not let us ask for.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import typst

from wlantrack.reports.document import Heading, Table, write_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from wlantrack.reports.document import Block, Document

STANDARDS: Final = ("a-2a", "ua-1")

_PAGES: Final = """
#let data = json(bytes(sys.inputs.data))
#let ink = rgb("#1a1a1a")
#let muted = rgb("#4d4d4d")
#set document(
  title: data.title, author: data.authors, description: data.subtitle,
  date: datetime(year: data.day.at(0), month: data.day.at(1), day: data.day.at(2)),
)
#set page(
  paper: "a4",
  margin: (left: 25mm, right: 20mm, top: 25mm, bottom: 22mm),
  footer: context {
    set text(size: 9pt, fill: muted)
    line(length: 100%, stroke: 0.5pt + muted)
    v(-6pt)
    grid(
      columns: (1fr, auto), column-gutter: 8mm,
      data.footer,
      [#counter(page).display() / #counter(page).final().first()],
    )
  },
)
#set text(font: "Libertinus Serif", size: 11pt, lang: data.language, region: data.region, fill: ink, hyphenate: true)
#set par(justify: false, leading: 0.68em, spacing: 1.05em)
#set list(indent: 2mm, body-indent: 2.5mm, spacing: 0.75em)
#set enum(indent: 2mm, body-indent: 2.5mm, spacing: 0.75em)
#set table(stroke: none, inset: (x: 1.6mm, y: 1.5mm))
#show figure: set block(breakable: false)
#show figure.caption: set text(size: 9.5pt, fill: muted)
#show figure.caption: set align(left)
#show heading: set text(hyphenate: false)
#show heading.where(level: 1): set text(size: 18pt)
#show heading.where(level: 1): set block(below: 4mm)
#show heading.where(level: 2): set text(size: 13pt)
#show heading.where(level: 2): set block(above: 8.5mm, below: 3.5mm, sticky: true)
#show heading.where(level: 3): set text(size: 11.5pt)
#show heading.where(level: 3): set block(above: 6mm, below: 3mm, sticky: true)

#let sheet(item) = {
  set text(size: item.size * 1pt)
  set par(leading: 0.55em)
  let is_short = item.rows.len() <= 12
  let side(place) = if item.numeric.at(place) { right } else { left }
  show table: set block(breakable: not is_short)
  block(above: 4.5mm, below: 2mm, sticky: true, par(text(weight: "bold", size: 10pt, item.caption)))
  table(
    columns: item.widths.map(width => if width == 0 { auto } else { width * 1fr }),
    rows: if item.is_form { (auto,) + item.rows.map(_ => 12mm) } else { auto },
    align: (x, y) => side(x) + top,
    stroke: (x, y) => (
      bottom: if y == 0 { 1pt + ink } else { 0.4pt + rgb("#b3b3b3") },
    ),
    table.header(..item.headers.map(head => text(weight: "bold", hyphenate: true, head))),
    ..item.rows.flatten(),
    ..item.total.map(cell => text(weight: "bold", cell)),
  )
  v(2mm)
}

#heading(level: 1, outlined: true, data.title)
#if data.subtitle != "" { block(below: 5mm, par(text(fill: muted, data.subtitle))) }
#if data.facts.len() > 0 {
  set par(leading: 0.55em)
  block(above: 5mm, below: 7mm, grid(
    columns: (auto, 1fr), column-gutter: 6mm, row-gutter: 2.4mm,
    ..data.facts.map(fact => (text(fill: muted, fact.at(0)), fact.at(1))).flatten(),
  ))
}
#for item in data.blocks {
  if item.kind == "heading" { heading(level: item.level + 1, item.text) }
  else if item.kind == "paragraph" { par(if item.is_muted { text(fill: muted, item.text) } else { item.text }) }
  else if item.kind == "bullets" {
    if item.is_numbered { enum(..item.items) } else { list(..item.items) }
  }
  else if item.kind == "table" { sheet(item) }
  else if item.kind == "figure" {
    figure(
      image(bytes(item.svg), format: "svg", width: 100%, alt: item.alt),
      caption: item.caption, supplement: none, numbering: none, kind: "picture",
    )
  }
  else if item.kind == "note" {
    block(
      width: 100%, inset: (left: 4mm, right: 3mm, y: 2.5mm), fill: rgb("#f2f6fc"),
      stroke: (left: 1.2mm + rgb("#1a4f9c")), par(item.text),
    )
  }
  else if item.kind == "signatures" {
    block(above: 22mm, breakable: false, grid(
      columns: (1fr,) * calc.min(item.names.len(), 2), column-gutter: 12mm, row-gutter: 18mm,
      ..item.names.map(name => block(width: 100%, inset: (top: 2mm), stroke: (top: 0.6pt + ink), text(size: 10pt, name))),
    ))
  }
}
"""

_PICTURE: Final = """
#set page(width: auto, height: auto, margin: 0mm)
#image(bytes(sys.inputs.svg), format: "svg", alt: "")
"""
_REGIONS: Final = {"de": "DE", "en": "GB"}


def write_pdf(document: Document) -> bytes:
    """Write a report as tagged PDF; the same document gives the same bytes."""
    year, month, day = map(int, document.date.split("-"))
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "authors": [document.author] if document.author else [],
        "language": document.language,
        "region": _REGIONS.get(document.language),
        "day": [year, month, day],
        "facts": document.facts,
        "footer": document.footer or document.title,
        "blocks": [_describe(block, document.language) for block in _even(document.blocks)],
    }
    made: bytes = typst.compile(
        _PAGES.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,
        pdf_standards=[*STANDARDS],
        timestamp=datetime(year, month, day, 12, tzinfo=UTC),
    )
    return made


def draw_png(svg: str, ppi: int = 200) -> bytes:
    """Draw a figure with the fonts of the PDF, for forms that take no SVG."""
    made: bytes = typst.compile(
        _PICTURE.encode(),
        format="png",
        ppi=ppi,
        sys_inputs={"svg": svg},
        ignore_system_fonts=True,
    )
    return made


def _even(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let no heading skip a level: PDF/UA wants an outline without gaps."""
    depth = 0
    for block in blocks:
        if isinstance(block, Heading):
            depth = min(block.level, depth + 1)
            yield replace(block, level=depth)
        else:
            yield block


def _describe(block: Block, language: str) -> dict[str, Any]:
    described = {"kind": block.kind, **asdict(block)}
    if isinstance(block, Table):
        columns = len(block.headers)
        described["numeric"] = block.numeric
        described["size"] = 9.5 if columns <= 5 else 8.5
        described["widths"] = block.widths or _share_widths(block, language)
        for part in ("rows", "total"):
            described.pop(part)
        described["rows"] = [[write_cell(cell, language) for cell in row] for row in block.rows]
        described["total"] = [write_cell(cell, language) for cell in block.total]
    return described


def _share_widths(table: Table, language: str) -> list[int]:
    """Give each column room by its longest words; columns of numbers take what they need."""
    widths = []
    for place, is_number in enumerate(table.numeric):
        texts = [table.headers[place], *(write_cell(row[place], language) for row in table.rows)]
        longest = max(map(len, texts))
        widths.append(0 if is_number else max(8, min(longest, 34)))
    return widths
