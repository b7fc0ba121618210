"""Reports as pages and files: one set of numbers, whatever form, whatever language."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pypdfium2
import pytest

from tests.factories.rollout import add_milestone
from tests.integration.web.visitor import enter
from tests.live_server import database_of
from wlantrack.services import tables
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import TableUpload

if TYPE_CHECKING:
    from flask import Flask

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor


@pytest.fixture
def manager(app: Flask, site: Site) -> Visitor:  # noqa: ARG001 - the site has the account
    return enter(app, "manager")


def read_pdf(data: bytes) -> str:
    """Give a PDF's words with single spaces; what was parted at the end of a line is whole."""
    opened = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in opened)
    opened.close()
    return " ".join(re.sub("\ufffe\\s*", "", text).split())


def read_docx(data: bytes) -> str:
    paper = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return " ".join([*(line.text for line in paper.paragraphs), *cells])


def read_page(page: str) -> str:
    """Give the words of the report in a page."""
    article = page.split("<article", 1)[1].split(">", 1)[1].split("</article>", maxsplit=1)[0]
    return " ".join(re.sub("<[^>]+>", " ", article).split())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", r"sind (\d+) von (\d+) geplanten Access Points in Betrieb"),
        ("en", r"(\d+) of (\d+) planned access points are in operation"),
    ],
)
def test_page_pdf_docx_and_sheets_of_the_answer_have_the_same_numbers(
    manager: Visitor, language: str, sentence: str
) -> None:
    address = "/reports/council"
    page = manager.get(f"{address}?lang={language}").text
    assert f'<article class="report" lang="{language}">' in page
    files = {
        suffix: manager.get(f"{address}/file.{suffix}?lang={language}").data
        for suffix in ("pdf", "docx", "xlsx")
    }
    texts = [read_page(page), read_pdf(files["pdf"]), read_docx(files["docx"])]
    found = [re.search(sentence, text) for text in texts]
    assert len({match.groups() for match in found if match}) == 1
    assert all(found)
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    progress = next(sheet for sheet in book.worksheets[1:] if sheet.max_column == 4)
    sums = [cell.value for cell in progress[progress.max_row]]
    assert found[0] is not None
    assert [sums[1], sums[3]] == [int(number) for number in found[0].groups()]
    told = " ".join(map(str, sums))
    assert all(told in text for text in texts)


def test_the_report_speaks_its_own_language_and_the_page_the_readers(manager: Visitor) -> None:
    page = manager.get("/reports/progress?lang=de").text

    assert '<html lang="en"' in page
    assert "<h1>WLAN-Ausbau: Fortschritt</h1>" in page
    assert "All reports" in page
    answer = manager.get("/reports/progress/file.pdf?lang=de&of=RH")
    assert re.fullmatch(
        r'attachment; filename="progress-RH-[\d-]{10}-de.pdf"',
        answer.headers["Content-Disposition"],
    )


def test_materials_and_protocol_count_what_lies_in_the_building(manager: Visitor) -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(manager.get("/reports/materials/file.xlsx?of=RH&lang=en").data)
    )
    counted = book["Access points by model"]
    total: list[Any] = [cell.value for cell in counted[counted.max_row]]
    assert total[0] == "Total"
    assert total[5] == sum(total[2:5]) > 0
    protocol = read_pdf(manager.get("/reports/acceptance/file.pdf?of=RH&lang=de").data)
    assert "Die Abnahme wird wegen der oben genannten Mängel verweigert." in protocol
    assert "Für die Auftraggeberin" in protocol
    page = read_page(manager.get("/reports/acceptance?of=RH&lang=en").text)
    listed = page.split("Serial number State", 1)[1].split("Cables", 1)[0]
    assert len(re.findall(r"\bAP-\d", listed)) == total[5]


def test_unknown_reports_places_and_forms_are_not_there(manager: Visitor) -> None:
    for address in ("weather", "progress?of=XX", "progress/file.exe", "council?of=RH/WE"):
        assert manager.get(f"/reports/{address}").status_code == 404


def test_a_long_table_comes_by_and_by_and_is_whole_in_files(app: Flask, manager: Visitor) -> None:
    codes = [f"LONG-{number:03d}" for number in range(330)]
    with database_of(app).writing(SYSTEM.audit()) as session:
        for code in codes:
            add_milestone(session, code, name=code)
        session.commit()

    def list_codes(text: str) -> list[str]:
        return re.findall(r"<td>(LONG-\d+)</td>", text)

    address = "/reports/progress?of=&lang=en"
    page = manager.get(address).text
    assert "rows are left; files hold all of them." in page
    assert len(page) < 80_000
    found = list_codes(page)
    while more := re.search(r'hx-get="([^"]+)"[^>]*>Show \d+ more row', page):
        page = manager.get(unescape(more[1])).text
        assert page.count("autofocus") == 1
        found += list_codes(page)
    assert found == codes
    assert list_codes(manager.get(f"{address}&all=yes").text) == codes
    assert list_codes(manager.get("/reports/progress/file.html?lang=en").text) == codes
    for numbers in ("table=99&start=0", "table=-1&start=-5", "table=0", "table=x&start=9999999999"):
        assert not list_codes(manager.get(f"/reports/progress/rows?{numbers}").text)


def test_the_choice_names_only_what_the_role_may_have(app: Flask, manager: Visitor) -> None:
    assert "/reports/progress" in manager.get("/reports").text
    viewer = enter(app, "viewer")
    assert "/reports/progress" not in viewer.get("/reports").text


def test_an_inquiry_is_answered_agreed_to_and_signed_and_the_council_reads_it(
    app: Flask, manager: Visitor
) -> None:
    viewer = enter(app, "viewer")
    made = manager.fill_in(
        "/inquiries/new", file_number="GZ 2", title="WLAN", signers="Referat I", language="de"
    )
    page = str(made.location)
    assert viewer.get(page).status_code == 404
    bad = manager.fill_in(f"{page}/questions/new", question="Was?", answer="[[Quark]]")
    assert "Quark" in bad.text
    assert "There is no block of data" in bad.text
    manager.fill_in(f"{page}/questions/new", question="Was?", answer="Dies:\n\n[[Ausstattung]]")
    shown = manager.get(page).text
    assert "Referat I has not agreed" in shown
    assert "Sign this answer" not in shown
    version, signer = re.findall(r'name="(?:version|signer)" value="([^"]+)"', shown)[:2]
    manager.post(f"{page}/agree", version=version, signer=signer)
    shown = manager.get(page).text
    version = re.findall(r'name="version" value="(\d+)"', shown)[0]
    signed = manager.post(f"{page}/sign", version=version)
    assert signed.status_code == 302, signed.text
    answer = str(signed.location)
    told = viewer.get(answer).text
    assert "Was?" in told
    assert "Sign this answer" not in viewer.get(page).text
    pdf = read_pdf(viewer.get(f"{answer}/file.pdf?lang=de").data)
    assert "Access Points in Betrieb" in pdf
    assert "Fassung 1" in pdf
    assert viewer.get(f"{page}/file.pdf").status_code == 403
    assert manager.post(f"{page}/delete", version="9").status_code == 409


def test_an_inquiry_from_a_table_is_filled_on_its_page(app: Flask, manager: Visitor) -> None:
    with database_of(app).writing(SYSTEM.audit()) as session:
        upload = TableUpload("list.csv", b"file_number,title\nGZ-77,Funknetz\n")
        tables.import_table(session, SYSTEM, "inquiries", upload)
    page = manager.get("/inquiries/GZ-77").text
    assert "The answer has not been filled from data." in page
    assert "<article" not in page
    refresh = re.search(r'action="(/inquiries/[^"]+/refresh)"', page)
    assert refresh
    manager.post(refresh[1], version="1")
    assert "<article" in manager.get("/inquiries/GZ-77").text
