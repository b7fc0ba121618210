"""Tables in and out: a preview writes nothing, an error stops all of it, an export comes back."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from tests.integration.web.visitor import Value, enter, read_form, read_text
from tests.live_server import database_of
from wlantrack.services.results import stamp
from wlantrack.web.context import EXTENSION

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.integration.web.site import Site
    from tests.integration.web.visitor import Visitor

HEADER = "code;floor;model;x_m;y_m;note\n"
GOOD = HEADER + "NEU-1;RH/0;generic-wifi6-omni;5,5;6;\nAP-1;RH/0;generic-wifi6e-omni;10;10;neu\n"


def count_changes(app: Flask) -> int:
    with database_of(app).reading() as session:
        return stamp(session)


def preview(visitor: Visitor, text: str | bytes, **values: str) -> TestResponse:
    data = text.encode() if isinstance(text, str) else text
    filled: dict[str, Value] = {"kind": "access_points", **values}
    file = (io.BytesIO(data), str(filled.pop("name", "table.csv")))
    return visitor.fill_in("/import", **filled, file=file)


def apply(visitor: Visitor, shown: TestResponse, **values: str) -> TestResponse:
    return visitor.client.post("/import/apply", data=read_form(shown.text) | values)


def test_a_preview_says_what_would_happen_and_writes_nothing(app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    words = read_text(preview(planner, GOOD))
    assert "Would be created 1" in words
    assert "Would be updated 1" in words
    assert "NEU-1 is created" in words
    assert count_changes(app) == before


def test_dates_that_move_otherwise_by_now_are_shown_before_anything_is_imported(
    app: Flask, site: Site
) -> None:
    del site
    manager = enter(app, "manager")

    def show(row: str) -> TestResponse:
        header = "code;kind;building;wing;forecast;undated_reason"
        return preview(manager, f"{header}\n{row};\n", kind="milestones")

    first = show("M-KAB;cabling complete;RH;WE;2032-05-04")
    assert "2 milestones and packages move" in read_text(first)
    assert apply(manager, show("M-BES;visitor WLAN live;RH;WE;2033-01-10")).status_code == 302
    before = count_changes(app)

    again = apply(manager, first)

    words = read_text(again)
    assert "Nothing was imported: the plan has changed since you looked" in words
    assert "2033-01-10" in words
    assert count_changes(app) == before
    assert apply(manager, again).status_code == 302
    assert "2032-05-04" in read_text(manager.get("/milestones"))


def test_a_german_preview_names_columns_as_german_tables_do(planner: Visitor) -> None:
    planner.post("/preferences", language="de", theme="system")
    assert "Kennung (code), Geschoss (floor)" in read_text(planner.get("/import"))
    words = read_text(preview(planner, HEADER.replace("note", "state") + "X;RH/0;;5;6;geplannt\n"))
    assert "2 Zustand geplannt" in words
    assert "geplant (planned)" in words
    words = read_text(preview(planner, "Bezeichnung;Kennung;code;Anmerkung 1\nx;AP-1;AP-2;\n"))
    assert "Die Spalten Kennung und code ergeben beide Kennung." in words
    assert "bekannt sind: Kennung, Geschoss, Flügel" in words
    words = read_text(preview(planner, "Ergebnis\npass\n", kind="cable_tests"))
    assert "Die Spalte Bezeichnung fehlt." in words
    assert "wird geändert: Bemerkung" in read_text(preview(planner, "code;note\nAP-1;neu\n"))
    planner.post("/preferences", language="en", theme="system")


def test_what_was_previewed_is_imported_with_one_more_click(app: Flask, planner: Visitor) -> None:
    answer = apply(planner, preview(planner, GOOD))
    assert (answer.status_code, answer.location) == (302, "/import?kind=access_points")
    done = planner.get("/import")
    assert "table.csv: 1 created, 1 updated, 0 unchanged." in done.text
    assert "NEU-1" in planner.get("/access-points").text
    before = count_changes(app)
    again = apply(planner, preview(planner, GOOD))
    assert again.status_code == 302
    done = planner.get("/import")
    assert "0 created, 0 updated, 2 unchanged." in done.text
    assert "Undo" not in done.text
    assert count_changes(app) == before


def test_an_import_is_undone_from_its_message(planner: Visitor) -> None:
    answer = apply(planner, preview(planner, GOOD))
    shown = planner.get(str(answer.location))
    address = re.search(r'action="(/undo/[^"]+)"', shown.text)
    assert address is not None

    planner.client.post(address[1], data=read_form(shown.text))

    assert "Undone." in planner.get("/import").text
    assert "NEU-1" not in planner.get("/access-points").text


def test_rows_are_called_as_a_spreadsheet_numbers_them(planner: Visitor) -> None:
    bad = GOOD + "\nN-2;RH/0;no-such-model;5;5;\nNEU-1;RH/0;generic-wifi6-omni;5;6;\n"
    words = read_text(preview(planner, "\n" + bad))
    # A blank row, the header, two good rows, another blank row: the sixth row is wrong.
    assert "6 model no-such-model" in words
    assert "Row 3 has the same code." in words


def test_one_bad_row_stops_the_whole_table(app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    model = "generic-wifi6-omni"
    bad = f"{GOOD}N-2;RH/0;no-such-model;5;5;\nN-3;RH/0;{model};5;nan;\nN-4;RH/99;{model};5;5;\n"
    shown = preview(planner, bad)
    words = read_text(shown)
    assert "nothing can be imported before" in words
    assert "no-such-model" in words
    assert "nan" in words
    assert "RH/99" in words
    assert 'action="/import/apply"' not in shown.text
    assert count_changes(app) == before


def assign(visitor: Visitor, shown: TestResponse, **fields: str) -> TestResponse:
    """Say which columns of a previewed file give which fields."""
    sent = read_form(shown.text) | {"header": list(fields), "field": list(fields.values())}
    return visitor.client.post("/import/columns", data=sent)


def test_columns_with_other_names_are_assigned_and_remembered(planner: Visitor) -> None:
    text = "Kennung;Typ;x;y\nNEU-9;generic-wifi6-omni;7;8\n"
    asked = preview(planner, text, set_values="floor=RH/0")
    assert "The column Typ is not known." in read_text(asked)
    shown = assign(planner, asked, Kennung="code", Typ="model", x="x_m", y="y_m")
    assert "NEU-9 is created" in read_text(shown)
    assert apply(planner, shown).status_code == 302

    # The next file with these headers needs no assignment any more.
    later = preview(planner, text.replace("NEU-9", "NEU-10"), set_values="floor=RH/0")

    assert "NEU-10 is created" in read_text(later)


def test_assigned_columns_are_remembered_even_if_a_row_is_wrong(planner: Visitor) -> None:
    text = "Kennung;Typ;x;y\nNEU-9;no-such-model;7;8\n"
    asked = preview(planner, text, set_values="floor=RH/0")
    shown = assign(planner, asked, Kennung="code", Typ="model", x="x_m", y="y_m")
    assert 'action="/import/apply"' not in shown.text

    mended = text.replace("no-such-model", "generic-wifi6-omni")

    assert "NEU-9 is created" in read_text(preview(planner, mended, set_values="floor=RH/0"))


def test_two_columns_for_one_field_are_refused_by_name(app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    asked = preview(planner, "code;Typ;Modell\nNEU-9;a;b\n")
    shown = assign(planner, asked, code="code", Typ="model", Modell="model")
    assert "The columns Typ and Modell both give model." in read_text(shown)
    assert "The columns do not make up such a table" in read_text(shown)
    assert "Some columns of the file are not known" not in read_text(shown)
    assert 'action="/import/apply"' not in shown.text
    assert count_changes(app) == before


def test_a_line_without_equals_sign_is_named_and_kept(planner: Visitor) -> None:
    answer = preview(planner, GOOD, set_values="Standort")
    assert "A line has no equals sign." in read_text(answer)
    assert read_form(answer.text)["set_values"] == "Standort"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.csv"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture.csv"),
        (b"PK\x03\x04" + bytes(100), "broken.xlsx"),
        (b"\xff\xfe\x00\xd8", "half a pair.csv"),
        (b"what;is;this\n1;2;3\n", "other.csv"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(
    data: bytes, name: str, app: Flask, planner: Visitor
) -> None:
    before = count_changes(app)
    answer = preview(planner, data, name=name)
    assert answer.status_code in {200, 400}
    assert 'action="/import/apply"' not in answer.text
    assert count_changes(app) == before


@pytest.mark.parametrize(
    "token", ["../../etc/passwd", "", "0" * 32, "0" * 31, "%2e%2e", "A" * 32, "0" * 32 + "\n"]
)
def test_a_made_up_preview_imports_nothing(token: str, app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    answer = apply(planner, preview(planner, GOOD), upload=token)
    assert answer.status_code in {302, 404}
    assert "passwd" not in answer.text
    assert count_changes(app) == before


def test_an_unknown_kind_imports_nothing(app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    assert apply(planner, preview(planner, GOOD), kind="users").status_code == 400
    assert "Not a valid choice" in read_text(preview(planner, GOOD, kind="users"))
    assert count_changes(app) == before


def test_a_record_that_broke_between_preview_and_import_stops_all(
    app: Flask, planner: Visitor
) -> None:
    shown = preview(planner, GOOD)
    token = read_form(shown.text)["upload"]
    uploads = app.extensions[EXTENSION].uploads
    uploads.path(token).write_text(GOOD + "NEU-5;RH/0;no-such-model;1;1;\n")
    before = count_changes(app)
    answer = apply(planner, shown)
    assert answer.status_code == 400
    assert "no-such-model" in read_text(answer)
    assert count_changes(app) == before


def test_rows_outside_the_scope_are_refused(app: Flask, site: Site) -> None:
    del site
    neighbour = enter(app, "neighbour")
    before = count_changes(app)
    for row in ("NEU-1;KH/0;generic-wifi6-omni;5;6;", "AP-3;RH/0;generic-wifi6e-omni;5;6;"):
        shown = preview(neighbour, f"{HEADER}{row}\n")
        assert 'action="/import/apply"' not in shown.text, row
    assert count_changes(app) == before


@pytest.mark.parametrize("kind", ["access_points", "rooms"])
def test_an_export_comes_back_unchanged(kind: str, app: Flask, planner: Visitor) -> None:
    before = count_changes(app)
    for suffix in ("csv", "xlsx"):
        exported = planner.get(f"/export/{kind}.{suffix}")
        disposition = exported.headers["Content-Disposition"]
        assert disposition == f'attachment; filename="{kind}.{suffix}"'
        shown = preview(planner, exported.data, kind=kind, name=f"{kind}.{suffix}")
        words = read_text(shown)
        assert "Would be created 0 Would be updated 0" in words, words
        assert apply(planner, shown).status_code == 302
    assert count_changes(app) == before


def test_exports_are_tables_other_programs_read(planner: Visitor) -> None:
    text = planner.get("/export/access_points.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [row["code"] for row in rows] == ["AP-1", "AP-2", "AP-3"]
    book = load_workbook(io.BytesIO(planner.get("/export/access_points.xlsx").data))
    first_column = [row[0].value for row in book.worksheets[0].iter_rows()]
    assert first_column == ["code", "AP-1", "AP-2", "AP-3"]


def test_a_cell_that_looks_like_a_formula_is_none_in_the_export(
    planner: Visitor, site: Site
) -> None:
    address = f"/access-points/{site.planned_point}/edit"
    planner.fill_in(address, note='=HYPERLINK("http://evil.example";"Klick")')
    text = planner.get("/export/access_points.csv").data.decode("utf-8-sig")
    (note,) = {
        row["note"] for row in csv.DictReader(io.StringIO(text), delimiter=";") if row["note"]
    }
    assert not note.startswith("=")


@pytest.mark.parametrize(
    "name", ["users.csv", "access_points.exe", "access_points.csv%00", "..%2f.csv"]
)
def test_no_other_export_exists(name: str, planner: Visitor) -> None:
    assert planner.get(f"/export/{name}").status_code in {400, 404}


def test_a_preview_is_kept_by_a_name_that_nobody_guesses(app: Flask, planner: Visitor) -> None:
    folder = app.extensions[EXTENSION].uploads.folder
    before = {path.name for path in folder.iterdir()}
    tokens = {read_form(preview(planner, GOOD).text)["upload"] for _ in range(3)}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {32}
    assert {path.name for path in folder.iterdir()} - before == tokens


@pytest.mark.usefixtures("site")
def test_facility_staff_imports_test_records_and_nothing_else(app: Flask) -> None:
    facility = enter(app, "facility")
    page = facility.get("/import?kind=cable_tests").text
    assert re.findall(r'<option[^>]* value="(\w+)"', page) == ["cable_tests"]
    assert "/import?kind=cable_tests" in facility.get("/cabling").text
    record = "label;result;tested_on\nRH-EV0.1-P1-02;pass;2026-03-09\n"
    shown = preview(facility, record, kind="cable_tests")
    before = count_changes(app)

    assert apply(facility, shown, kind="access_points").status_code == 403
    assert count_changes(app) == before
    assert apply(facility, shown).location == "/import?kind=cable_tests"
    assert count_changes(app) > before


def test_rows_of_an_instrument_that_fit_no_run_are_settled_on_the_page(
    app: Flask, planner: Visitor
) -> None:
    record = "label;result;tested_on\nRH-EV0.1-P1-02;pass;2026-03-09\nDose 7;pass;2026-03-09\nX;;\n"
    shown = preview(planner, record, kind="cable_tests")
    words = read_text(shown)
    assert "2 rows cannot be imported as they stand. Nothing has been written." in words
    assert "Dose 7 3 No cable run is called so" in words
    assert 'action="/import/apply"' not in shown.text
    before, said = count_changes(app), read_form(shown.text)

    chosen = {"row": "2", "subject": "RH-EV0.1-P1-01", "leave_out": "3"}
    settled = planner.client.post("/import/rows", data=said | chosen)
    words = read_text(settled)
    assert "Row 3 belongs to RH-EV0.1-P1-01. Row 4 is left out." in words
    assert "4 X is left out" in words
    assert "Import the 2 other rows" in words
    assert count_changes(app) == before
    odd = {"row": "9" * 5000, "subject": "x", "leave_out": "²"}
    assert "2 rows cannot be" in read_text(planner.client.post("/import/rows", data=said | odd))
    bare = planner.client.post("/import/rows", data=said | {"leave_all": "1"})
    assert "Rows 3, 4 are left out." in read_text(bare)
    none = planner.client.post("/import/rows", data=said | {"leave_out": ["1", "2", "3"]})
    assert "All rows are left out: there is nothing to import." in read_text(none)
    assert "other rows" not in read_text(none)

    again = read_form(settled.text) | {"again": ["2", "3"]}
    swapped = {"row": "2", "subject": "RH-EV0.1-P1-09", "leave_out": "3"}
    for address in ("/import/rows", "/import/apply"):  # what was changed and not shown yet is shown
        words = read_text(planner.client.post(address, data=again | swapped))
        assert "1 row cannot be imported as it stands." in words, address
        assert "Row 4 is left out. Change what was decided of 1 row" in words
    both = read_text(planner.client.post("/import/rows", data=again))
    assert "2 rows cannot be imported as they stand." in both
    assert "Change what was decided" not in both
    assert count_changes(app) == before

    apply(planner, settled)
    assert count_changes(app) > before
    page = read_text(planner.get("/import"))
    assert "2 created, 0 updated, 0 unchanged. Row 3 belongs to RH-EV0.1-P1-01." in page
    assert "Row 4 is left out." in page
