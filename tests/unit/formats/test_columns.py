from __future__ import annotations

from datetime import date

import pytest

from wlantrack.formats.cell_numbers import Cell, CellError, find_decimal_mark
from wlantrack.formats.columns import (
    Column,
    Kind,
    Value,
    normalise,
    parse_cell,
)

STATE = Column(
    "state",
    Kind.CHOICE,
    choices=("planned", "in operation"),
    choice_names={"geplant": "planned", "in Betrieb": "in operation"},
)


def refusal_of(column: Column, cell: Cell, mark: str = "both") -> str:
    with pytest.raises(CellError) as caught:
        parse_cell(column, cell, mark)
    assert str(caught.value.remedy)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "cell", "mark", "value"),
    [
        (Kind.NUMBER, "12,50", ",", 12.5),
        (Kind.NUMBER, "12.50", ".", 12.5),
        (Kind.NUMBER, "12.50", "both", 12.5),
        (Kind.NUMBER, "-3", ",", -3.0),
        (Kind.NUMBER, "1.234,5", ",", 1234.5),
        (Kind.NUMBER, "1,234.5", ".", 1234.5),
        (Kind.NUMBER, "1.234.567", ",", 1234567.0),
        (Kind.NUMBER, "12\u00a0345,6", ",", 12345.6),
        (Kind.NUMBER, "1.234", "both", 1.234),
        (Kind.NUMBER, "0,234", ".", 0.234),
        (Kind.NUMBER, ",5", ",", 0.5),
        (Kind.NUMBER, 7, ",", 7.0),
        (Kind.NUMBER, "1e-3", ".", 0.001),
        (Kind.INTEGER, "40", ",", 40),
        (Kind.INTEGER, "40,0", ",", 40),
        (Kind.INTEGER, 40.0, ".", 40),
        (Kind.TEXT, 301.0, ".", "301"),
        (Kind.TEXT, " Saal ", ".", "Saal"),
        (Kind.TEXT, "'=1+1", ".", "=1+1"),
        (Kind.TEXT, "'t Huis", ".", "'t Huis"),
        (Kind.BOOLEAN, "ja", ".", True),
        (Kind.BOOLEAN, "FALSCH", ".", False),
        (Kind.BOOLEAN, 1, ".", True),
        (Kind.BOOLEAN, False, ".", False),
        (Kind.DATE, "5.3.2026", ".", date(2026, 3, 5)),
        (Kind.DATE, "2026-03-05", ".", date(2026, 3, 5)),
        (Kind.DATE, "2026-03-05T00:00:00", ".", date(2026, 3, 5)),
        (Kind.TEXT, "  ", ".", None),
        (Kind.NUMBER, None, ".", None),
    ],
)
def test_a_cell_is_understood_as_people_write_it(
    kind: Kind, cell: Cell, mark: str, value: Value
) -> None:
    assert parse_cell(Column("x", kind), cell, mark) == value


@pytest.mark.parametrize(
    ("kind", "cell", "told"),
    [
        (Kind.NUMBER, "12 m", "not a number"),
        (Kind.NUMBER, "1,2,3", "not a number"),
        (Kind.NUMBER, "nan", "not a number"),
        (Kind.NUMBER, float("inf"), "not finite"),
        (Kind.NUMBER, "1e999", "not finite"),
        (Kind.NUMBER, True, "not a number"),
        (Kind.INTEGER, "1.5", "not a whole number"),
        (Kind.BOOLEAN, "maybe", "neither yes nor no"),
        (Kind.DATE, "31.02.2026", "not a date"),
        (Kind.DATE, "1.2.26", "not a date"),
        (Kind.DATE, 45000, "not a date"),
        (Kind.TEXT, "a\x00b", "control characters"),
        (Kind.TEXT, "x" * 2001, "2001 characters; at most 2000"),
    ],
)
def test_a_cell_that_is_something_else_is_refused(kind: Kind, cell: Cell, told: str) -> None:
    assert told in refusal_of(Column("x", kind), cell)


def test_a_number_that_could_mean_two_things_is_refused() -> None:
    told = refusal_of(Column("x", Kind.NUMBER), "55.627", ",")
    assert "55627 or 55,627" in told
    assert "1234 or 1.234" in refusal_of(Column("x", Kind.NUMBER), "1,234", ".")


def test_bounds_include_their_ends() -> None:
    power = Column("power", Kind.NUMBER, minimum=0, maximum=30)
    assert parse_cell(power, "30", ",") == 30
    assert refusal_of(power, "30,5") == "30.5 is more than 30."
    assert refusal_of(power, "-1") == "-1 is less than 0."


def test_a_choice_is_found_by_either_language_and_any_case() -> None:
    assert parse_cell(STATE, "In_Operation", ".") == "in operation"
    assert parse_cell(STATE, "GEPLANT", ".") == "planned"
    assert "none of the allowed" in refusal_of(STATE, "broken")
    with pytest.raises(CellError) as caught:
        parse_cell(STATE, "geplannt", ".")
    assert str(caught.value.remedy).endswith(": geplant (planned), in Betrieb (in operation).")


def test_a_required_cell_may_not_be_empty() -> None:
    assert refusal_of(Column("code", required=True), "") == "The value is missing."


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "12,5"], ","),
        (["1.234,5"], ","),
        (["1,234.5", 3.5], "."),
        (["12.5", "12,5"], "both"),
        (["1.234", "7", "note"], "default"),
    ],
)
def test_the_decimal_mark_is_what_the_clear_numbers_show(cells: list[Cell], mark: str) -> None:
    assert find_decimal_mark(cells, "default") == mark


def test_headers_are_compared_without_case_umlauts_and_signs() -> None:
    assert normalise(" Höhe (m) ") == normalise("hoehe_m") == "hoehe_m"
    assert normalise("Straße") == "strasse"
