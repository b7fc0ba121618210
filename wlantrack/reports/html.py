"""A report as HTML: a fragment for pages, or a page that stands by itself.

Decides that every text is escaped and that a page needs nothing from outside.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from wlantrack.reports.document import (
    Bullets,
    Figure,
    Heading,
    Note,
    Paragraph,
    Signatures,
    Table,
    write_cell,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wlantrack.reports.document import Block, Cell, Document

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 48rem; padding: 1.5rem; background: #fff; color: #1a1a1a;
  font: 1.0625rem/1.55 Georgia, "Liberation Serif", serif; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2rem 0 .5rem; }
h3 { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
.report-subtitle, .report-muted { color: #4d4d4d; }
.report-facts { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.25rem; margin: 1.25rem 0; }
.report-facts dt { color: #4d4d4d; }
.report-facts dd { margin: 0; }
.report-scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; font-weight: bold; padding-bottom: .4rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #ccc; }
thead th { border-bottom: 2px solid #1a1a1a; }
tfoot td, tfoot th { font-weight: bold; border-bottom: 0; }
.report-number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.25rem 0; }
figure img { max-width: 100%; height: auto; }
figcaption { color: #4d4d4d; font-size: .95rem; }
.report-note { border-left: 4px solid #1a4f9c; background: #f2f6fc; padding: .6rem 1rem; margin: 1rem 0; }
.report-signatures { display: flex; flex-wrap: wrap; gap: 3.5rem 2rem; margin-top: 4.5rem; }
.report-signatures p { flex: 1 1 12rem; border-top: 1px solid #1a1a1a; padding-top: .3rem; margin: 0; }
footer { margin-top: 3rem; border-top: 1px solid #ccc; padding-top: .5rem; color: #4d4d4d; font-size: .9rem; }
@media print { body { max-width: none; padding: 0; } }
"""


def write_html(document: Document) -> bytes:
    """Write a page that stands by itself."""
    language = escape(document.language)
    footer = f"<footer><p>{escape(document.footer)}</p></footer>" if document.footer else ""
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(document.title)}</h1>\n{write_fragment(document)}\n</main>\n"
        f"{footer}\n</body>\n</html>\n"
    )
    return page.encode()


def write_fragment(document: Document, top: int = 1) -> str:
    """Write all but the title, whose heading is of level ``top``."""
    parts = []
    if document.subtitle:
        parts.append(f'<p class="report-subtitle">{escape(document.subtitle)}</p>')
    if document.facts:
        parts.append(_write_facts(document.facts))
    parts += [_write_block(block, document.language, top) for block in document.blocks]
    return "\n".join(parts)


def _write_facts(facts: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<dl class="report-facts">{items}</dl>'


def _write_block(block: Block, language: str, top: int) -> str:  # noqa: PLR0911 - one a kind
    match block:
        case Heading(text, level):
            tag = f"h{min(top + level, 6)}"
            return f"<{tag}>{escape(text)}</{tag}>"
        case Paragraph(text, is_muted):
            muted = ' class="report-muted"' if is_muted else ""
            return f"<p{muted}>{escape(text)}</p>"
        case Bullets(items, is_numbered):
            tag = "ol" if is_numbered else "ul"
            return f"<{tag}>{''.join(f'<li>{escape(item)}</li>' for item in items)}</{tag}>"
        case Table():
            return _write_table(block, language)
        case Figure(svg, alt, caption):
            data = base64.b64encode(svg.encode()).decode()
            return (
                f'<figure tabindex="0"><img src="data:image/svg+xml;base64,{data}" alt="{escape(alt)}">'
                f"<figcaption>{escape(caption)}</figcaption></figure>"
            )
        case Note(text):
            return f'<p class="report-note">{escape(text)}</p>'
        case Signatures(names):
            lines = "".join(f"<p>{escape(name)}</p>" for name in names)
            return f'<div class="report-signatures">{lines}</div>'


def _write_table(table: Table, language: str) -> str:
    numeric = table.numeric
    heads = "".join(
        f'<th scope="col"{_number_class(is_number)}>{escape(head)}</th>'
        for head, is_number in zip(table.headers, numeric, strict=True)
    )
    rows = "".join(_write_row(row, numeric, language) for row in table.rows)
    foot = f"<tfoot>{_write_row(table.total, numeric, language)}</tfoot>" if table.total else ""
    return (
        f'<div class="report-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f"<table><caption>{escape(table.caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody>{foot}</table></div>"
    )


def _write_row(row: tuple[Cell, ...], numeric: tuple[bool, ...], language: str) -> str:
    first, *others = (escape(write_cell(cell, language)) for cell in row)
    cells = "".join(
        f"<td{_number_class(is_number)}>{cell}</td>"
        for cell, is_number in zip(others, numeric[1:], strict=True)
    )
    return f'<tr><th scope="row">{first}</th>{cells}</tr>'


def _number_class(is_number: bool) -> str:  # noqa: FBT001 - one of a row of flags
    return ' class="report-number"' if is_number else ""
