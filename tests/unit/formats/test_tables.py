from __future__ import annotations

import gc
import io
import sys
import time
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import samples_folder
from wlantrack.errors import InvalidInput, NotAllowed, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.formats.formula_cells import neutralise_text, restore_text
from wlantrack.formats.table_writers import write_csv, write_xlsx
from wlantrack.formats.tables import Table, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wlantrack.formats.columns import Value

COLUMNS = (
    Column("code", required=True, german="Kennung"),
    Column("floor", required=True, german="Geschoss", aliases=("Etage",)),
    Column("height_m", Kind.NUMBER, german="Höhe (m)", minimum=0, maximum=30),
    Column("seats", Kind.INTEGER, german="Plätze"),
    Column("public", Kind.BOOLEAN, german="öffentlich"),
    Column("due", Kind.DATE, german="Termin"),
    Column("note", german="Bemerkung"),
)
NAMES = [column.name for column in COLUMNS]
VALUES = ("AP-1", "RH/3", 2.75, 40, True, date(2026, 3, 5), "=HYPERLINK(x)")


def read(text: str, **options: object) -> Table:
    return read_table(text.encode(), COLUMNS, file="aps.csv", **options)  # type: ignore[arg-type]


def values_of(table: Table) -> list[dict[str, object]]:
    assert [str(problem) for problem in table.problems] == []
    return [dict(row.values) for row in table.rows]


def problems_of(table: Table) -> list[tuple[int | None, str | None, str | None, str]]:
    assert all(problem.remedy is not None for problem in table.problems)
    return [(p.row, p.field, p.value, str(p.message)) for p in table.problems]


def refusal_of(data: bytes, file: str = "aps.xlsx") -> str:
    with pytest.raises(InvalidInput) as caught:
        read_table(data, COLUMNS, file=file)
    assert caught.value.problems[0].remedy is not None
    return str(caught.value)


def xlsx(rows: list[list[object]], sheets: int = 1) -> bytes:
    book = openpyxl.Workbook()
    for number in range(sheets):
        page = book.worksheets[0] if number == 0 else book.create_sheet()
        for row in rows:
            page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


EXPECTED = {"code": "AP-1", "floor": "RH/3", "height_m": 2.75}


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfcode;floor;height_m\r\nAP-1;RH/3;2,75\r\n",
        b"code,floor,height_m\nAP-1,RH/3,2.75\n",
        b'"code","floor","height_m"\n"AP-1","RH/3","2,75"\n',
        b"Kennung\tEtage\tHoehe (m)\nAP-1\tRH/3\t2,75\n",
        "Kennung;Geschoss;Höhe (m)\nAP-1;RH/3;2,75\n".encode("cp1252"),
        "Kennung\tGeschoss\tHöhe (m)\nAP-1\tRH/3\t2,75\n".encode("utf-16"),
        b"sep=;\ncode;floor;height_m\nAP-1;RH/3;2.75",
        b"\n;;\ncode;floor;height_m\nAP-1;RH/3;2,75\n;;\n\n",
        b"floor;height_m;code\nRH/3;2,75;AP-1",
        xlsx([["code", "floor", "height_m"], ["AP-1", "RH/3", 2.75]]),
        xlsx([[], ["Kennung", "Etage", "Höhe (m)", None], ["AP-1", "RH/3", "2,75"], [None]]),
    ],
)
def test_every_dialect_gives_the_same_row(data: bytes) -> None:
    assert values_of(read_table(data, COLUMNS)) == [EXPECTED]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_is_read_back_unchanged(write: object) -> None:
    data = write(NAMES, [VALUES, (None,) * 7, ("AP-2", "RH/-1", -0.0, None, False, None, "-1")])  # type: ignore[operator]
    rows = values_of(read_table(data, COLUMNS))
    assert rows[0] == dict(zip(NAMES, VALUES, strict=True))
    assert rows[1]["note"] == "-1"
    assert rows[1]["public"] is False
    assert len(rows) == 2


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_an_export_that_is_refused_midway_leaves_nothing_open(
    write: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)

    def refuse() -> Iterator[tuple[Value, ...]]:
        yield VALUES
        raise NotAllowed(msg("Not yours."))

    with pytest.raises(NotAllowed):
        write(NAMES, refuse())  # type: ignore[operator]
    gc.collect()
    assert complaints == []


@pytest.mark.parametrize("number", [1.234, -12.345, 0.001, 123.456, 1e-7, 1234.5, 12.0])
def test_every_number_of_an_export_is_read_back_unchanged(number: float) -> None:
    columns = (Column("a", Kind.NUMBER), Column("b", Kind.NUMBER))
    for marks in ({}, {"separator": ",", "decimal_mark": "."}):
        data = write_csv(["a", "b"], [(number, 0.5)], **marks)
        assert values_of(read_table(data, columns)) == [{"a": number, "b": 0.5}]


def test_a_csv_of_ours_is_what_german_excel_expects() -> None:
    assert write_csv(["code", "height_m"], [("AP-1", 2.75)]) == (
        b"\xef\xbb\xbfcode;height_m\r\nAP-1;2,75\r\n"
    )


def test_texts_that_would_run_as_formulas_are_neutralised_and_come_back() -> None:
    path = samples_folder("hostile") / "csv" / "formula_cells.txt"
    cells = path.read_text(encoding="utf-8").splitlines()
    for cell in cells:
        data = write_csv(["code", "floor", "note"], [("AP-1", "RH/3", cell)])
        assert values_of(read_table(data, COLUMNS))[0]["note"] == cell.strip() or cell[0] == "\t"
        book = openpyxl.load_workbook(io.BytesIO(write_xlsx(["note"], [(cell,)])))
        assert book.worksheets[0]["A2"].data_type == "s"
        assert book.worksheets[0]["A2"].value == f"'{cell}"
        assert f";'{cell}" in data.decode("utf-8-sig").replace('"', "") or '"' in cell


@given(st.text(alphabet="'=+-@\t \uff1d1,.x"))
def test_neutralising_can_always_be_undone(text: str) -> None:
    safe = neutralise_text(text)
    assert restore_text(safe) == text
    assert safe[:1] not in {"=", "@", "\t"}


@pytest.mark.parametrize("number", ["-5", "-5,25", "+3", "-0.5"])
def test_negative_numbers_stay_numbers(number: str) -> None:
    assert neutralise_text(number) == number


def test_every_bad_cell_is_one_problem_with_its_place() -> None:
    table = read("code;floor;height_m;seats\nAP-1;RH/3;hoch;4\n;RH/3;40,5;x\n\nAP-3;RH/3;2,5;7\n")
    assert problems_of(table) == [
        (1, "height_m", "hoch", "This is not a number."),
        (2, "code", "", "The value is missing."),
        (2, "height_m", "40,5", "40.5 is more than 30."),
        (2, "seats", "x", "This is not a number."),
    ]
    assert [(row.number, row.values["code"]) for row in table.rows] == [(4, "AP-3")]


def test_unknown_columns_are_named_and_not_ignored() -> None:
    table = read("code;floor;colour;\nAP-1;RH/3;red;x\n")
    assert problems_of(table) == [
        (None, "colour", None, "The column colour is not known."),
        (None, "4", None, "Column 4 has no header."),
    ]


def test_an_empty_column_without_header_is_no_problem() -> None:
    assert values_of(read("code;floor;;\nAP-1;RH/3;;\n")) == [{"code": "AP-1", "floor": "RH/3"}]


def test_two_columns_for_one_field_are_named() -> None:
    table = read("code;floor;Etage\nAP-1;RH/3;RH/4\n")
    assert problems_of(table) == [
        (None, "Etage", None, "The columns floor and Etage both give floor.")
    ]


def test_a_missing_column_is_told_once_and_not_in_every_row() -> None:
    assert problems_of(read("code\nAP-1\nAP-2\n")) == [
        (None, "floor", None, "The column floor is missing.")
    ]


def test_columns_can_be_mapped_left_out_and_set() -> None:
    table = read(
        "Nr;Farbe;floor\nAP-1;red;\nAP-2;blue;RH/4\n",
        column_map={"nr": "code", "Farbe": ""},
        set_values={"floor": "RH/3", "height_m": "2,5"},
    )
    assert values_of(table) == [
        {"code": "AP-1", "floor": "RH/3", "height_m": 2.5},
        {"code": "AP-2", "floor": "RH/4", "height_m": 2.5},
    ]


def test_a_mapping_to_or_from_nowhere_is_a_problem() -> None:
    table = read(
        "code;floor\nAP-1;RH/3\n",
        column_map={"Raum": "note", "code": "kode"},
        set_values={"flour": "RH/3"},
    )
    messages = {message for *_, message in problems_of(table)}
    assert "There is no field kode to map to." in messages
    assert "The file has no column raum to map." in messages
    assert "There is no field flour to set." in messages


def test_a_separator_inside_a_text_is_told_as_too_many_cells() -> None:
    table = read("code;floor;note\nAP-1;RH/3;left; above\n")
    assert problems_of(table) == [(1, None, None, "The row has 4 cells, the header 3.")]


def test_a_note_may_hold_line_breaks_and_quotes() -> None:
    data = write_csv(["code", "floor", "note"], [("AP-1", "RH/3", 'a\n"b";c')])
    assert values_of(read_table(data, COLUMNS))[0]["note"] == 'a\n"b";c'


def test_windows_text_is_read_with_a_warning() -> None:
    table = read_table("code;floor;note\nA;F;Bühne".encode("cp1252"), COLUMNS)
    assert values_of(table)[0]["note"] == "Bühne"
    assert "Windows-1252" in str(table.warnings[0])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b'code;floor\nAP-1;"RH/3\n', "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (b"%PDF-1.7", "not a table"),
        (b"<table/>", "empty"),
        (b"<html><p>a table</p></html>", "not a table"),
        (b"code\n\x81\x8d", "not a text"),
        (b"a;" * 300, "columns"),
        (b"a\n" * 60_000, "rows"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, told: str) -> None:
    assert told in refusal_of(data, "aps.csv")


def test_excel_keeps_dates_numbers_and_texts_apart() -> None:
    data = xlsx([["code", "floor", "due", "seats"], [301, "RH/3", date(2026, 3, 5), 4.0]])
    assert values_of(read_table(data, COLUMNS)) == [
        {"code": "301", "floor": "RH/3", "due": date(2026, 3, 5), "seats": 4}
    ]


def test_only_the_first_sheet_is_read_and_that_is_told() -> None:
    table = read_table(xlsx([["code", "floor"], ["A", "F"]], sheets=2), COLUMNS)
    assert "Only the sheet Sheet was read, not Sheet1." in str(table.warnings[0])


def test_an_excel_bomb_is_refused_by_its_directory() -> None:
    started = time.monotonic()
    path = samples_folder("hostile") / "office" / "gen_zipbomb_1GiB.xlsx"
    assert "1,073,741,832 bytes when unpacked" in refusal_of(path.read_bytes())
    assert time.monotonic() - started < 10


def test_a_zip_that_is_no_excel_file_is_refused() -> None:
    path = samples_folder("hostile") / "office" / "gen_traversal.zip"
    assert "not a table" in refusal_of(path.read_bytes())
    assert "damaged" in refusal_of(b"PK\x03\x04 and nothing")


def test_entities_in_excel_are_not_expanded() -> None:
    good = xlsx([["code", "floor"], ["A", "F"]])
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    sheet = members["xl/worksheets/sheet1.xml"]
    head, mark, rest = sheet.partition(b"<worksheet")
    members["xl/worksheets/sheet1.xml"] = head + doctype + mark + rest
    assert "cannot be read" in refusal_of(zip_of(members))


def test_a_sheet_that_claims_a_million_rows_is_read_to_its_last_filled_one() -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["code", "floor"])
    page.append(["A", "F"])
    page.cell(1_048_576, 1).number_format = "0.00"
    buffer = io.BytesIO()
    book.save(buffer)
    assert values_of(read_table(buffer.getvalue(), COLUMNS)) == [{"code": "A", "floor": "F"}]


@pytest.mark.parametrize("folder", ["csv", "office", "xml", "dxf", "png", "pdf", "ifc", "svg"])
def test_the_door_for_tables_takes_or_refuses_every_hostile_sample(folder: str) -> None:
    for path in sorted((samples_folder("hostile") / folder).rglob("*")):
        if path.is_file():
            started = time.monotonic()
            try:
                assert read_table(path.read_bytes(), COLUMNS, file=path.name).problems
            except InvalidInput as refusal:
                assert all(problem.remedy for problem in refusal.problems), path  # noqa: PT017 - either end is right
            assert time.monotonic() - started < 20


def test_rows_above_the_first_one_are_counted_as_a_spreadsheet_does() -> None:
    text = "\n;;\ncode;floor\nAP-1;RH/3\n\nAP-2;RH/4\n"
    sheet = read_table(
        xlsx([[], [], ["code", "floor"], ["AP-1", "RH/3"], [], ["AP-2", 4]]), COLUMNS
    )
    for table in (read(text), sheet):
        assert [(row.number, row.sheet_number) for row in table.rows] == [(1, 4), (3, 6)]


def test_a_line_that_states_the_separator_is_no_row_of_a_spreadsheet() -> None:
    assert [row.sheet_number for row in read("sep=;\ncode;floor\nAP-1;RH/3\n").rows] == [2]


def test_records_of_xml_are_counted_from_one() -> None:
    text = (
        "<all><ap><code>A</code><floor>F</floor></ap><ap><code>B</code><floor>F</floor></ap></all>"
    )
    assert [row.sheet_number for row in read(text).rows] == [1, 2]
