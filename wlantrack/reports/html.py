"""A report as HTML: a fragment for pages, or a page that stands by itself.

Decides that every text is escaped, that a page needs nothing from outside, and where a long table
is cut in a page that fetches the rest when it is asked for.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
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
from wlantrack.reports.drawings import FONT, PLAIN_FONT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wlantrack.reports.document import Cell, Document

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


@dataclass(frozen=True)
class Cut:
    """How far a page shows a long table.

    ``write_more`` gives what stands below it, for the number of its block, that of the next row, and
    how many rows are left.
    """

    most_rows: int
    write_more: Callable[[int, int, int], str]


def write_html(document: Document) -> bytes:
    """Write a page that stands by itself."""
    language = escape(document.language)
    footer = f"<footer><p>{escape(document.footer)}</p></footer>" if document.footer else ""
    page = (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(document.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escape(document.title)}</h1>\n{write_fragment(document, font=FONT)}\n</main>\n"
        f"{footer}\n</body>\n</html>\n"
    )
    return page.encode()


def write_fragment(
    document: Document, top: int = 1, cut: Cut | None = None, font: str = PLAIN_FONT
) -> str:
    """Write all but the title, whose heading is of level ``top``; without a cut all of it.

    ``font`` is that of words in pictures.
    """
    parts = []
    if document.subtitle:
        parts.append(f'<p class="report-subtitle">{escape(document.subtitle)}</p>')
    if document.facts:
        parts.append(_write_facts(document.facts))
    parts += [
        _write_block(document, number, top, cut, font) for number in range(len(document.blocks))
    ]
    return "\n".join(parts)


def write_rows(document: Document, number: int, cut: Cut | None = None, start: int = 0) -> str:
    """Write rows of the table that is the block of this number, from one of them on.

    The first row that was asked for later takes the focus over from what asked for it.
    """
    table = document.blocks[number] if number < len(document.blocks) else None
    if not isinstance(table, Table):
        return ""
    numeric = table.numeric
    end = len(table.rows) if cut is None else start + cut.most_rows
    rows = "".join(
        _write_row(row, numeric, document.language, is_focused=0 < start == place)
        for place, row in enumerate(table.rows[start:end], start)
    )
    if cut is not None and end < len(table.rows):
        more = cut.write_more(number, end, len(table.rows) - end)
        rows += f'<tr class="report-more"><td colspan="{len(table.headers)}">{more}</td></tr>'
    return rows


def _write_facts(facts: Iterable[tuple[str, str]]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f'<dl class="report-facts">{items}</dl>'


def _write_block(  # noqa: PLR0911 - one a kind
    document: Document, number: int, top: int, cut: Cut | None, font: str
) -> str:
    block = document.blocks[number]
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
            return _write_table(block, write_rows(document, number, cut), document.language)
        case Figure():
            return _write_figure(block, font)
        case Note(text):
            return f'<p class="report-note">{escape(text)}</p>'
        case Signatures(names):
            lines = "".join(f"<p>{escape(name)}</p>" for name in names)
            return f'<div class="report-signatures">{lines}</div>'


def _write_figure(figure: Figure, font: str) -> str:
    data = base64.b64encode(figure.svg.replace(FONT, font).encode()).decode()
    return (
        f'<figure tabindex="0"><img src="data:image/svg+xml;base64,{data}" alt="{escape(figure.alt)}">'
        f"<figcaption>{escape(figure.caption)}</figcaption></figure>"
    )


def _write_table(table: Table, rows: str, language: str) -> str:
    numeric = table.numeric
    heads = "".join(
        f'<th scope="col"{_number_class(is_number)}>{escape(head)}</th>'
        for head, is_number in zip(table.headers, numeric, strict=True)
    )
    foot = f"<tfoot>{_write_row(table.total, numeric, language)}</tfoot>" if table.total else ""
    return (
        f'<div class="report-scroll" tabindex="0" role="region" aria-label="{escape(table.caption)}">'
        f"<table><caption>{escape(table.caption)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody>{foot}</table></div>"
    )


def _write_row(
    row: tuple[Cell, ...], numeric: tuple[bool, ...], language: str, *, is_focused: bool = False
) -> str:
    first, *others = (escape(write_cell(cell, language)) for cell in row)
    cells = "".join(
        f"<td{_number_class(is_number)}>{cell}</td>"
        for cell, is_number in zip(others, numeric[1:], strict=True)
    )
    focus = ' tabindex="-1" autofocus' if is_focused else ""
    return f'<tr><th scope="row"{focus}>{first}</th>{cells}</tr>'


def _number_class(is_number: bool) -> str:  # noqa: FBT001 - one of a row of flags
    return ' class="report-number"' if is_number else ""
