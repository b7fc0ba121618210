"""A handout for work on site, as PDF: cover with facts and warnings, sheets of plan, long tables.

Decides how it looks on paper, that a table repeats its head on each page, and that everything is
tagged (PDF/UA-1); refuses to know what it is about: all texts come in the reader's language.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import typst

if TYPE_CHECKING:
    from wlantrack.reports.plan_sheets import Drawing

# Texts come as data: nothing that people have entered is read as markup.
_LAYOUT: Final = """
#let data = json(bytes(sys.inputs.data))
#let quiet = rgb("#495057")
#set document(title: data.title)
#set text(font: "Libertinus Serif", size: 10.5pt, lang: data.language, hyphenate: true)
#set par(leading: 0.55em)
#set page(
  paper: "a4", flipped: true, margin: (x: 15mm, top: 21mm, bottom: 17mm),
  header: grid(
    columns: (1fr, auto), text(weight: "bold", data.header.left), text(data.header.right),
  ),
  footer: text(size: 9pt, fill: quiet, grid(
    columns: (1fr, auto), data.footer,
    context [#data.page #counter(page).display() / #counter(page).final().first()],
  )),
)
#show heading.where(level: 1): set text(size: 24pt)
#show heading.where(level: 2): set text(size: 14pt)
#show heading.where(level: 2): set block(above: 8mm, below: 3mm)
#show raw: set text(font: "DejaVu Sans Mono")
#let code(body) = text(font: "DejaVu Sans Mono", size: 0.8em, hyphenate: false, body)

#let cover() = {
  heading(level: 1, data.title)
  block(below: 8mm, text(size: 14pt, data.subtitle))
  grid(
    columns: (1fr, 1fr), column-gutter: 12mm,
    grid(
      columns: (38mm, 1fr), row-gutter: 3.2mm, column-gutter: 4mm,
      ..data.facts.map(pair => (text(fill: quiet, pair.at(0)), text(weight: "semibold", pair.at(1)))).flatten(),
    ),
    block(stroke: 0.8pt + black, inset: 5mm, width: 100%, {
      heading(level: 2, outlined: false, data.notices.heading)
      if data.notices.lines.len() == 0 { data.notices.empty } else { list(
        marker: [!], spacing: 2.6mm, ..data.notices.lines,
      ) }
    }),
  )
  if data.contents != "" {
    v(6mm)
    text(size: 14pt, weight: "bold", data.contents)
    outline(title: none, target: heading.where(level: 2, outlined: true))
  }
}

#let sheet(item) = {
  pagebreak(weak: true)
  heading(level: 2, item.heading)
  image(bytes(item.svg), format: "svg", width: item.width * 1mm, height: item.height * 1mm, alt: item.alt)
}

#let cell(column, value) = if column.is_code { code(value) } else { value }
#let listing(item) = {
  heading(level: 2, item.heading)
  if item.intro != "" { block(sticky: true, text(fill: quiet, item.intro)) }
  if item.rows.len() == 0 { par(item.empty) } else {
    set text(size: 9.5pt)
    set par(justify: false)
    show table.cell.where(y: 0): set text(weight: "bold")
    table(
      columns: item.columns.map(column => column.share * 1fr),
      inset: (x: 1.6mm, y: 1.5mm), align: left + top,
      stroke: (x, y) => (bottom: if y == 0 { 1pt } else { 0.4pt + quiet }),
      fill: (x, y) => if y == 0 { rgb("#e9ecef") },
      table.header(repeat: true, ..item.columns.map(column => column.title)),
      ..item.rows.map(row => row.enumerate().map(((at, value)) => table.cell(
        breakable: false, cell(item.columns.at(at), value),
      ))).flatten(),
    )
  }
}

#cover()
#for item in data.sheets { sheet(item) }
#if data.tables.len() > 0 { pagebreak(weak: true) }
#for item in data.tables { listing(item) }
"""


@dataclass(frozen=True)
class Column:
    """A column: its title, its share of the width, and whether it holds codes."""

    title: str
    share: float
    is_code: bool = False


@dataclass(frozen=True)
class Listing:
    """A table under a heading; ``empty`` is said in place of a table without rows."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    intro: str = ""


@dataclass(frozen=True)
class SheetPage:
    """A drawing on a page of its own; ``alt`` says what it shows to those who do not see it."""

    heading: str
    drawing: Drawing
    alt: str


@dataclass(frozen=True)
class Notices:
    """What must be minded before work begins; ``empty`` is said where nothing must."""

    heading: str
    lines: tuple[str, ...]
    empty: str


@dataclass(frozen=True)
class Handout:
    """Everything that a handout says, in its reader's language.

    ``header`` stands left and right on top of each page; ``page`` is the word before its number.
    """

    title: str
    subtitle: str
    language: str
    header: tuple[str, str]
    footer: str
    page: str
    contents: str
    facts: tuple[tuple[str, str], ...]
    notices: Notices
    sheets: tuple[SheetPage, ...] = ()
    tables: tuple[Listing, ...] = ()


def write_pdf(handout: Handout) -> bytes:
    """Write a handout as tagged PDF (PDF/UA-1) on A4, broad side down."""
    data = asdict(handout) | {
        "header": {"left": handout.header[0], "right": handout.header[1]},
        "sheets": [_describe(page) for page in handout.sheets],
    }
    made: bytes = typst.compile(
        _LAYOUT.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        ignore_system_fonts=True,  # the same bytes on every machine
        pdf_standards=["ua-1"],
    )
    return made


def _describe(page: SheetPage) -> dict[str, Any]:
    drawing = page.drawing
    return {
        "heading": page.heading,
        "svg": drawing.svg,
        "width": drawing.width_mm,
        "height": drawing.height_mm,
        "alt": page.alt,
    }
