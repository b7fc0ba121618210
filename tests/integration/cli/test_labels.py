"""``export labels``: the demo's runs and access points as sheets, and what is missing said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine

URL = "https://wlan.example.org"


def test_labels_of_a_building_are_written_as_pdf_zpl_and_csv(
    demo: CommandLine, tmp_path: Path
) -> None:
    made = {}
    for suffix in ("pdf", "zpl", "csv"):
        out = tmp_path / f"labels.{suffix}"
        done = demo(
            "export", "labels", "--kind", "cable_runs", "--building", "RH", "--url", URL,
            "--out", out, "--json",
        )  # fmt: skip
        assert done.status == 0, done.err
        made[suffix] = (done.json["labels"], out.read_bytes())
    count = made["csv"][0]
    assert count == len(made["csv"][1].decode("utf-8-sig").splitlines()) - 1
    assert made["zpl"][1].count(b"^XA") == count
    sheets = pypdfium2.PdfDocument(made["pdf"][1])
    assert len(sheets) == -(-count // 40)
    sheets.close()


def test_without_an_address_for_the_codes_it_says_how_to_give_one(
    demo: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "labels.pdf"
    done = demo("export", "labels", "--kind", "access_points", "--out", out)

    assert done.status == 1
    assert "WLANTRACK_APP_URL" in done.err
    assert not out.exists()
