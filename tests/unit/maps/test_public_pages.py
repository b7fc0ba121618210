"""The public pages: nothing inline, nothing from outside, and texts that are texts."""

from __future__ import annotations

import re

from wlantrack.maps import public_pages
from wlantrack.maps.public_pages import Frame, Section, Text
from wlantrack.networks.public import Hotspot

EVIL = "<img src=x onerror=alert(1)>{{ 7 * 7 }}</script>"
FRAME = Frame(
    "de",
    "",
    EVIL,
    [("Hotspots", "index.html", True)],
    [("de", "Deutsch", "index.html"), ("en", "English", "en/index.html")],
    [("Impressum", "https://example.org/")],
    "feedback.html",
)
HOTSPOTS = [
    Hotspot("1", EVIL, EVIL, EVIL, EVIL, EVIL, 48.7, 9.1),
    Hotspot("2", "Ohne Ort", "Besucher-WLAN", "Marktplatz 1"),
]


class Words(dict[str, str]):
    """Any word, written as its key."""

    def __missing__(self, key: str) -> str:
        return key


def draw() -> str:
    drawn = public_pages.draw_map(HOTSPOTS)
    return public_pages.hotspots_page(
        FRAME, Words(), HOTSPOTS, drawn, [("CSV", "hotspots.csv")], "http://example.org/licence"
    )


def test_pages_hold_no_inline_style_script_or_handler() -> None:
    page = draw()

    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts)
    assert "<style" not in page
    assert not re.search(r"\sstyle\s*=", page)
    assert not re.search(r"<[^>]+\son[a-z]+\s*=", page)


def test_nothing_is_loaded_from_outside() -> None:
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]+)"', draw())

    assert loaded
    assert [url for url in loaded if "//" in url] == []


def test_what_people_wrote_stays_text_and_no_template() -> None:
    page = draw()

    assert "<img src=x" not in page
    assert "49" not in re.sub(r"&#3[49];", "", page)
    assert "&lt;img src=x onerror=alert(1)&gt;{{ 7 * 7 }}" in page


def test_the_map_is_drawn_by_numbers_only_and_knows_places_by_their_number() -> None:
    script = public_pages.draw_map(HOTSPOTS).script

    assert "Besucher" not in script
    assert EVIL not in script
    assert '"coordinates": [9.1, 48.7]' in script
    assert script.count('"n":') == 1


def test_the_same_hotspots_give_the_same_page() -> None:
    assert draw() == draw()


def test_without_hotspots_there_is_a_page_that_says_so() -> None:
    drawn = public_pages.draw_map([])

    page = public_pages.hotspots_page(FRAME, Words(), [], drawn, [], "http://example.org/")

    assert "empty" in page


def test_a_page_of_text_shows_paragraphs_items_and_links() -> None:
    text = Text(EVIL, [Section("Kopf", ["Absatz"], ["Punkt"], [("Adresse", "mailto:a@b.example")])])

    page = public_pages.text_page(FRAME, Words(), text)

    assert "<p>Absatz</p>" in page
    assert "<li>Punkt</li>" in page
    assert '<a href="mailto:a@b.example">Adresse</a>' in page
    assert "<img src=x" not in page
