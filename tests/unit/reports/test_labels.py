"""Labels, measured on the rendered sheet: true millimetres, a QR code as segno made it, real text."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from wlantrack.errors import InvalidInput
from wlantrack.reports.label_faces import CAP_EM, Label, count_modules, lay_out, make_qr
from wlantrack.reports.label_sheets import PRESETS, SheetLayout, require_layout, single
from wlantrack.reports.labels import write_pdf, write_zpl

DOTS_A_MM = 20
A4_SHEET = PRESETS["a4-48.5x25.4"]
LABEL = Label(
    "RH-EV0.1-P1-02", "https://wlan.example.org/q/0123456789", ("RH/MP/3", "→ RH-MP-3-AP-07")
)


def render(pdf: bytes, page: int = 0) -> np.ndarray:
    """Give where a page is black, ``[y, x]`` in dots."""
    document = pypdfium2.PdfDocument(pdf)
    picture = document[page].render(scale=DOTS_A_MM * 25.4 / 72, grayscale=True).to_numpy()
    document.close()
    return np.asarray(picture.reshape(picture.shape[:2]) < 128)


def read_text(pdf: bytes, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(pdf)
    text: str = document[page].get_textpage().get_text_bounded()
    document.close()
    return text


@pytest.mark.parametrize("name", PRESETS)
def test_every_sheet_on_offer_is_possible_and_has_room_for_a_code(name: str) -> None:
    layout = PRESETS[name]
    require_layout(layout, layout.labels_a_page)

    face = lay_out(LABEL, layout, modules=29)

    assert face.qr_side_mm == 12.0
    width_mm = max(len(line.text) for line in face.code) * 0.602 * face.code[0].size_mm
    height_mm = face.code[-1].y_mm - face.code[0].y_mm + CAP_EM * face.code[0].size_mm
    assert width_mm * height_mm > face.qr_side_mm**2


def test_on_paper_labels_and_qr_codes_are_where_they_were_laid_out() -> None:
    pdf = write_pdf([LABEL] * 2, A4_SHEET, start=6, title="Etiketten", language="de")
    page, code = render(pdf), make_qr(LABEL.url)
    modules = count_modules(code)
    face = lay_out(LABEL, A4_SHEET, modules)

    assert np.abs(np.array(page.shape) - np.array((297, 210)) * DOTS_A_MM).max() <= 1
    for column in (2, 1):  # the seventh and sixth label, in the second row
        x_mm = 8 + column * 48.5 + face.qr_x_mm
        y_mm = 21.5 + 25.4 + face.qr_y_mm
        middle_mm = (np.arange(modules) + 0.5) * face.qr_side_mm / modules
        rows = ((y_mm + middle_mm) * DOTS_A_MM).astype(int)
        columns = ((x_mm + middle_mm) * DOTS_A_MM).astype(int)
        assert (page[np.ix_(rows, columns)] == np.array(code.matrix, dtype=bool)).all()
    top, left = (int(at_mm * DOTS_A_MM) for at_mm in (y_mm, x_mm))
    side = round(face.qr_side_mm * DOTS_A_MM)
    edge = page[top - 20 : top + side + 20, left - 20 : left + side + 20]
    filled = np.flatnonzero(edge.any(axis=0))
    assert abs(int(np.ptp(filled)) + 1 - side) <= 1
    assert not page[: int(21.5 * DOTS_A_MM)].any()


def test_the_words_of_a_label_are_text() -> None:
    pdf = write_pdf([LABEL], single(57, 32), start=1, title="Etiketten", language="de")

    assert read_text(pdf).split() == ["RH-EV0.1-P1-02", "RH/MP/3", "→", "RH-MP-3-AP-07"]


def test_what_stands_on_a_label_is_never_read_as_markup() -> None:
    label = replace(LABEL, code='#panic("x")', words=("*fett*", "#read"))
    pdf = write_pdf([label], single(62, 29), start=1, title="Etiketten", language="de")

    assert read_text(pdf).split() == ['#panic("x")', "*fett*", "#read"]


def test_a_thousand_labels_take_a_few_seconds() -> None:
    labels = [
        replace(LABEL, code=f"RH-{number}", url=f"{LABEL.url}{number}") for number in range(1000)
    ]
    begun = time.process_time()

    pdf = write_pdf(labels, A4_SHEET, start=1, title="Etiketten", language="de")

    assert time.process_time() - begun < 10
    assert "RH-999" in read_text(pdf, 24)


def test_a_label_that_is_too_small_says_so() -> None:
    with pytest.raises(InvalidInput, match="Choose larger labels") as caught:
        lay_out(LABEL, single(10, 10), modules=29)

    assert caught.value.problems[0].field == "label_height_mm"


@pytest.mark.parametrize(
    ("layout", "start", "field"),
    [
        (SheetLayout(210, 297, 48.5, 25.4, 5, 10), 1, "columns"),
        (SheetLayout(210, 297, 48.5, 25.4, 4, 12), 1, "rows"),
        (SheetLayout(210, 297, float("nan"), 25.4), 1, "label_width_mm"),
        (SheetLayout(210, 297, 48.5, 25.4, gap_x_mm=-1), 1, "gap_x_mm"),
        (SheetLayout(210, 297, 10, 10, 0, 1), 1, "columns"),
        (A4_SHEET, 41, "start"),
        (A4_SHEET, 0, "start"),
    ],
)
def test_an_impossible_sheet_is_refused_naming_the_size(
    layout: SheetLayout, start: int, field: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        require_layout(layout, start)

    assert [problem.field for problem in caught.value.problems] == [field]


def test_a_label_printer_gets_its_commands_and_nothing_of_the_label_is_one() -> None:
    label = replace(LABEL, code="A^B~C_D", words=())

    text = write_zpl([label], single(57, 32), dots_a_mm=8).decode()

    assert text.startswith("^XA\n^CI28\n^PW456\n^LL256\n")
    assert "^FH^FDA_5EB_7EC_5FD^FS" in text
    assert "^BQN,2,3^FH^FDMA,https://wlan.example.org/q/0123456789^FS" in text
    assert text.count("^XA") == text.count("^XZ") == 1
