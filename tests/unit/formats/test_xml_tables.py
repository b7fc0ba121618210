"""Tables out of XML: what repeats is a row, and what is written in it a cell."""

from __future__ import annotations

from datetime import date

import pytest

from wlantrack.errors import InvalidInput
from wlantrack.formats.columns import Column, Kind
from wlantrack.formats.tables import read_table

COLUMNS = (
    Column("label", required=True),
    Column("result", Kind.CHOICE, choices=("pass", "fail")),
    Column("tested_on", Kind.DATE),
    Column("length_m", Kind.NUMBER),
)
MAP = {
    "CableID": "label",
    "Summary/@status": "result",
    "Summary/Date": "tested_on",
    "Length": "length_m",
    "Pairs/Pair": "",
    "Pairs/Pair[2]": "",
    "@id": "",
}
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<Report xmlns="urn:somebody">
  <Meter><Serial>123</Serial></Meter>
  <Tests>
    <Test id="1">
      <CableID>RH-1-K-01</CableID>
      <Summary status="PASS"><Date>2026-03-09 14:33:21</Date></Summary>
      <Length>42.5</Length>
      <Pairs><Pair>3.1</Pair><Pair>2.9</Pair></Pairs>
    </Test>
    <Test id="2">
      <CableID>RH-1-K-02</CableID>
      <Summary status="FAIL"><Date>2026-03-09T15:01:00+01:00</Date></Summary>
      <Length>91</Length>
      <Pairs><Pair>0.1</Pair></Pairs>
    </Test>
  </Tests>
</Report>
"""


def test_repeated_elements_become_rows_and_their_inside_becomes_cells() -> None:
    # One serial number and many tests: the tests are not the first elements below the root.
    text = REPORT.replace("<Meter><Serial>123</Serial></Meter>", "")
    table = read_table(text.encode(), COLUMNS, column_map=MAP)

    assert table.problems == ()
    assert [dict(row.values) for row in table.rows] == [
        {
            "label": "RH-1-K-01",
            "result": "pass",
            "tested_on": date(2026, 3, 9),
            "length_m": 42.5,
        },
        {"label": "RH-1-K-02", "result": "fail", "tested_on": date(2026, 3, 9), "length_m": 91.0},
    ]
    assert [heading.samples for heading in table.headings if heading.name == "CableID"] == [
        ("RH-1-K-01", "RH-1-K-02")
    ]


def test_elements_beside_the_records_do_not_hide_them() -> None:
    table = read_table(REPORT.encode(), COLUMNS, column_map=MAP)

    assert [row.values["label"] for row in table.rows] == ["RH-1-K-01", "RH-1-K-02"]


def test_a_single_record_is_a_table_of_one_row() -> None:
    text = '<Test><CableID>K-1</CableID><Summary status="pass"/></Test>'
    table = read_table(
        text.encode(), COLUMNS, column_map={"CableID": "label", "Summary/@status": "result"}
    )

    assert [dict(row.values) for row in table.rows] == [{"label": "K-1", "result": "pass"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<a><b></a>", "damaged"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "document type or entities"),
        ("<a/>", "empty"),
        ('<?xml version="1.0" encoding="foo"?><a><b>1</b></a>', "damaged"),
        ("<a>" * 60 + "<b>1</b>" * 2 + "</a>" * 60, "too deep"),
        ("<a><r>" + "<b>" * 60 + "1" + "</b>" * 60 + "</r><r/></a>", "levels"),
        ("<a>" + "<r><b>1</b></r>" * 50_001 + "</a>", "rows"),
    ],
)
def test_xml_that_is_no_table_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_table(text.encode(), COLUMNS)
