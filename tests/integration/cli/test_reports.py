"""``report``: files out of the demo's data, or a word about why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine


def test_the_answer_to_the_council_tells_what_is_there_and_why_a_date_is_missing(
    demo: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "answer.html"
    done = demo("report", "council", "--out", out, "--json")

    assert done.status == 0, done.err
    assert done.json["title"] == "WLAN in den Gebäuden der Stadt: Stand des Ausbaus"
    assert done.json["figures"] == 2
    page = out.read_text(encoding="utf-8")
    assert "in Betrieb seit Mitte September 2021" in page
    assert "Sanierung der Besprechungsräume ist noch nicht terminiert" in page
    assert "wartet auf: Verkabelung" in page
    assert "LHS Stuttgart intern" not in page  # no internal network is named to the council


def test_progress_of_a_wing_is_written_as_pdf(demo: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "progress.pdf"
    done = demo("report", "progress", "--of", "rh/mp", "--lang", "en", "--out", out, "--json")

    assert done.status == 0, done.err
    assert done.json["title"] == "WLAN roll-out: progress: Rathaus, Marktplatzflügel"
    assert out.read_bytes().startswith(b"%PDF-1.7")


def test_a_wrong_ending_or_place_is_refused_and_nothing_is_written(
    wt: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "answer.pdf"
    assert wt("report", "council", "--out", tmp_path / "answer.txt").status == 2
    done = wt("report", "progress", "--of", "XX", "--out", out)
    assert done.status == 1
    assert "XX" in done.err
    assert not out.exists()
