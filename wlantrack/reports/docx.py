"""A report as DOCX that its readers can go on writing in: real headings, lists and table headers."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

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
from wlantrack.reports.pdf import draw_png

if TYPE_CHECKING:
    from docx.document import Document as Paper
    from docx.table import Table as PaperTable

    from wlantrack.reports.document import Block, Cell, Document

_INK: Final = RGBColor(0x1A, 0x1A, 0x1A)
_MUTED: Final = RGBColor(0x4D, 0x4D, 0x4D)
_FONT: Final = "Georgia"
_TEXT_WIDTH: Final = Mm(165)
_REGIONS: Final = {"de": "de-DE", "en": "en-GB"}
_HEADINGS: Final = {"Title": 18, "Heading 1": 18, "Heading 2": 13, "Heading 3": 11.5}


def write_docx(document: Document) -> bytes:
    """Write a report as DOCX."""
    paper = docx.Document()
    _set_styles(paper, document)
    _set_properties(paper, document)
    _write_footer(paper, document)
    paper.add_heading(document.title, level=1)
    if document.subtitle:
        _write_muted(paper, document.subtitle)
    if document.facts:
        _write_facts(paper, document.facts)
    for block in document.blocks:
        _write_block(paper, block, document.language)
    stream = io.BytesIO()
    paper.save(stream)
    return stream.getvalue()


def _set_styles(paper: Paper, document: Document) -> None:
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(25), Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    styles: Any = paper.styles
    normal = styles["Normal"]
    _set_font(normal, 11)
    normal.paragraph_format.space_after = Pt(7)
    normal.paragraph_format.line_spacing = 1.15
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), _REGIONS.get(document.language, document.language))
    normal.element.get_or_add_rPr().append(language)
    for name, size in _HEADINGS.items():
        _set_font(styles[name], size)
        styles[name].font.bold = True
        styles[name].paragraph_format.space_before = Pt(0 if size > 13 else 18)
        styles[name].paragraph_format.space_after = Pt(6)
    _set_font(styles["Caption"], 9.5)
    styles["Caption"].font.color.rgb = _MUTED
    styles["Caption"].font.bold = False


def _set_font(style: Any, size: float) -> None:  # noqa: ANN401 - python-docx has no types of styles
    style.font.name = _FONT
    style.font.size = Pt(size)
    style.font.color.rgb = _INK
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _set_properties(paper: Paper, document: Document) -> None:
    year, month, day = map(int, document.date.split("-"))
    moment = datetime(year, month, day, 12, tzinfo=UTC).replace(tzinfo=None)
    properties = paper.core_properties
    properties.title = document.title
    properties.subject = document.subtitle
    properties.author = document.author
    properties.last_modified_by = document.author
    properties.language = _REGIONS.get(document.language, document.language)
    properties.comments = ""
    properties.created = properties.modified = moment


def _write_footer(paper: Paper, document: Document) -> None:
    line = paper.sections[0].footer.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    line.paragraph_format.tab_stops.add_tab_stop(_TEXT_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    run = line.add_run(f"{document.footer or document.title}\t")
    for code in ("PAGE", "NUMPAGES"):
        _add_field(line, code)
        if code == "PAGE":
            line.add_run(" / ")
    for run in line.runs:
        run.font.size = Pt(9)
        run.font.color.rgb = _MUTED


def _add_field(line: Any, code: str) -> None:  # noqa: ANN401 - a paragraph of python-docx
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = line.add_run("1")
    field.append(run._r)  # noqa: SLF001 - fields have no interface of their own
    line._p.append(field)  # noqa: SLF001 - as above


def _write_facts(paper: Paper, facts: tuple[tuple[str, str], ...]) -> None:
    """Write what is known at a glance as lines, not as a table: it has no header."""
    for name, value in facts:
        line = paper.add_paragraph()
        line.paragraph_format.left_indent = Mm(45)
        line.paragraph_format.first_line_indent = Mm(-45)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(45))
        line.paragraph_format.space_after = Pt(2)
        line.add_run(f"{name}\t").font.color.rgb = _MUTED
        line.add_run(value)


def _write_block(paper: Paper, block: Block, language: str) -> None:
    match block:
        case Heading(text, level):
            paper.add_heading(text, level=min(level + 1, 9))
        case Paragraph(text, is_muted):
            _write_muted(paper, text) if is_muted else paper.add_paragraph(text)
        case Bullets(items, is_numbered):
            for item in items:
                paper.add_paragraph(item, style="List Number" if is_numbered else "List Bullet")
        case Table():
            _write_table(paper, block, language)
        case Figure():
            _write_figure(paper, block)
        case Note(text):
            _write_note(paper, text)
        case Signatures(names):
            _write_signatures(paper, names)


def _write_muted(paper: Paper, text: str) -> None:
    paper.add_paragraph().add_run(text).font.color.rgb = _MUTED


def _write_note(paper: Paper, text: str) -> None:
    note = paper.add_paragraph(text)
    note.paragraph_format.left_indent = Mm(4)
    borders = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "8"), ("color", "1A4F9C")):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    note._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - borders have no interface


def _write_signatures(paper: Paper, names: tuple[str, ...]) -> None:
    for name in names:
        line = paper.add_paragraph("_" * 36)
        line.paragraph_format.space_before = Pt(42)
        line.paragraph_format.space_after = Pt(0)
        line.paragraph_format.keep_with_next = True
        paper.add_paragraph(name)


def _write_figure(paper: Paper, figure: Figure) -> None:
    picture = paper.add_picture(io.BytesIO(draw_png(figure.svg)), width=_TEXT_WIDTH)
    described = picture._inline.docPr  # noqa: SLF001 - the alternative text has no interface
    described.set("descr", figure.alt)
    described.set("title", figure.caption)
    paper.paragraphs[-1].paragraph_format.keep_with_next = True
    paper.add_paragraph(figure.caption, style="Caption")


def _write_table(paper: Paper, table: Table, language: str) -> None:
    caption = paper.add_paragraph()
    caption.add_run(table.caption).font.bold = True
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_after = Pt(3)
    made = paper.add_table(rows=1, cols=len(table.headers))
    made.alignment = WD_TABLE_ALIGNMENT.LEFT
    _describe_table(made, table.caption)
    _fill_row(made, 0, table.headers, table, language, is_bold=True)
    _mark_header(made)
    for row in table.rows:
        made.add_row()
        _fill_row(made, -1, row, table, language)
    if table.total:
        made.add_row()
        _fill_row(made, -1, table.total, table, language, is_bold=True)
    for row_made in made.rows:
        _keep_whole(row_made)
    for row_made in made.rows[1:] if table.is_form else ():
        row_made.height = Mm(12)
    paper.add_paragraph().paragraph_format.space_after = Pt(4)


def _describe_table(made: PaperTable, caption: str) -> None:
    properties = made._tbl.tblPr  # noqa: SLF001 - description, look and borders have no interface
    borders = OxmlElement("w:tblBorders")
    for side in ("bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "B3B3B3")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    properties.append(borders)
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    properties.append(described)


def _mark_header(made: PaperTable) -> None:
    """Say that the first row is a header: it is read with every cell, and repeated on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    made.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - rows have no such interface


def _keep_whole(row: Any) -> None:  # noqa: ANN401 - a row of python-docx
    row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))  # noqa: SLF001 - as above


def _fill_row(
    made: PaperTable,
    place: int,
    cells: tuple[Cell, ...],
    table: Table,
    language: str,
    *,
    is_bold: bool = False,
) -> None:
    for cell, value, is_number in zip(made.rows[place].cells, cells, table.numeric, strict=True):
        line = cell.paragraphs[0]
        line.paragraph_format.space_after = Pt(2)
        line.paragraph_format.line_spacing = 1.0
        if is_number:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = line.add_run(write_cell(value, language))
        run.font.size = Pt(9.5 if len(cells) <= 5 else 8.5)
        run.font.bold = is_bold
