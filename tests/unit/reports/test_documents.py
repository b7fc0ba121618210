"""A report in every form: the same words and numbers, tagged for those who listen."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pikepdf
import pypdfium2
import pytest
from docx.oxml.ns import qn

from tests.factories.reports import HOSTILE, make_document
from wlantrack.reports.document import from_json, hash_of, to_json, write_cell
from wlantrack.reports.docx import write_docx
from wlantrack.reports.html import write_html
from wlantrack.reports.pdf import write_pdf
from wlantrack.reports.xlsx import write_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return write_pdf(make_document())


def list_tags(element: object) -> Iterator[Any]:
    """Give every element of a PDF's structure."""
    if isinstance(element, pikepdf.Array):
        for kid in element:
            yield from list_tags(kid)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from list_tags(element.K)


def test_a_document_comes_back_from_json_as_it_was_and_has_one_hash() -> None:
    document = make_document()
    text = to_json(document)

    assert from_json(text) == document
    assert to_json(from_json(text)) == text
    assert hash_of(text) != hash_of(to_json(make_document("en")))


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (1394, "1394", "1394"),
        (12371, "12.371", "12,371"),
        (1394.5, "1394,5", "1394.5"),
        (12345.25, "12.345,25", "12,345.25"),
        (2.0, "2", "2"),
        (-0.004, "0", "0"),
        (9999.999, "10.000", "10,000"),
        ("=1", "=1", "=1"),
    ],
)
def test_numbers_are_written_as_people_of_the_language_read_them(
    value: str | float, german: str, english: str
) -> None:
    assert (write_cell(value, "de"), write_cell(value, "en")) == (german, english)


def test_the_pdf_is_tagged_names_its_language_and_what_standards_it_keeps(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "de-DE"
        assert root.ViewerPreferences.DisplayDocTitle
        metadata = opened.open_metadata()
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Stand des Ausbaus"
        tags = list(list_tags(root.StructTreeRoot.K))
        kinds = [str(tag.S) for tag in tags]
        assert kinds.count("/H1") == 1
        assert {"/H2", "/H3", "/L", "/Table", "/THead", "/Caption"} <= set(kinds)
        assert "/H4" not in kinds  # no heading skips a level
        heads = [tag for tag in tags if tag.S == "/TH"]
        assert len(heads) == 3
        assert all(tag.A[0].Scope == "/Column" for tag in heads)
        assert [str(tag.Alt) for tag in tags if tag.S == "/Figure"] == ["Ein blaues Feld."]


def test_the_same_document_gives_the_same_pdf_and_markup_stays_text(pdf: bytes) -> None:
    assert write_pdf(make_document()) == pdf
    opened = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    assert HOSTILE in " ".join(text.split())
    assert "12.371" in text


def test_the_docx_has_headings_header_rows_alternative_texts_and_its_language() -> None:
    paper = docx.Document(io.BytesIO(write_docx(make_document("en"))))

    styles = [line.style.name for line in paper.paragraphs if line.style is not None]
    assert styles[0] == "Heading 1"
    assert {"Heading 2", "List Number", "List Bullet", "Caption"} <= set(styles)
    assert paper.core_properties.language == "en-GB"
    assert paper.core_properties.title == "Stand des Ausbaus"
    body = paper.element.body
    assert [item.get("descr") for item in body.iter(qn("wp:docPr"))] == ["Ein blaues Feld."]
    assert len(list(body.iter(qn("w:tblHeader")))) == 1
    cells = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert cells[-1] == ["Summe", "12,371", "1394.75"]
    assert HOSTILE in [line.text for line in paper.paragraphs]


def test_the_sheets_hold_numbers_as_numbers_and_nothing_as_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(make_document())))

    sheet = book["Bereiche"]
    assert [cell.value for cell in sheet[2]] == ["Marktplatzflügel", 26, 1394.5]
    assert sheet["A3"].value == HOSTILE
    assert {cell.data_type for row in book.worksheets[0] for cell in row} == {"s", "n"}
    assert sheet.freeze_panes == "A2"


def test_the_page_stands_by_itself_and_every_text_is_escaped() -> None:
    page = write_html(make_document()).decode()

    assert '<html lang="de">' in page
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert page.count("<h1>") == 1
    assert 'alt="Ein blaues Feld."' in page
    assert '<th scope="col" class="report-number">in Betrieb</th>' in page
    assert "http" not in page.replace("http://www.w3.org", "")
