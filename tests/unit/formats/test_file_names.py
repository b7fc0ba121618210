from __future__ import annotations

import pytest

from wlantrack.formats.file_names import LONGEST, clean_file_name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Erdgeschoß Süd (2).pdf", "Erdgeschoß Süd (2).pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\plans\\a.png", "a.png"),
        ("a\0b\x1b[31m.png", "ab[31m.png"),
        ("rechnung\u202egnp.exe", "rechnunggnp.exe"),
        ("one\r\ntwo\u2028.png", "onetwo.png"),
        ("half\ud800.png", "half.png"),
        (None, "plan"),
        ("", "plan"),
        ("a/..", "plan"),
        ("\u200b", "plan"),
    ],
)
def test_what_nobody_sees_is_taken_out_of_a_name(name: str | None, kept: str) -> None:
    assert clean_file_name(name, "plan") == kept


def test_a_long_name_keeps_its_suffix() -> None:
    kept = clean_file_name("n" * 5_000 + ".png", "plan")
    assert (len(kept), kept[-5:]) == (LONGEST, "n.png")
