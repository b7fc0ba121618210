"""What stands on a coverage page, and that nobody can write more onto it than text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import shapely

from tests.unit.maps.sample_map import FRAME, HOSTILE, WORDS, hostile_map, sample_map
from wlantrack.maps.coverage_content import CoverageMap, RoomShape
from wlantrack.maps.coverage_layers import view
from wlantrack.maps.coverage_map import coverage_page, describe_class, format_level, shorten_class
from wlantrack.maps.legend import SIGNAL_CLASSES
from wlantrack.maps.offline import PageSetting

SETTING = PageSetting(asset=lambda path: f"/static/{path}", nonce="n0nce")


class _Reader(HTMLParser):
    """Collects texts, scripts and attributes the way a browser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        (self.scripts if self.tags[-1:] == ["script"] else self.texts).append(data)


def _data(page: str) -> dict[str, object]:
    block = re.search(r'id="map-data">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    data: dict[str, object] = json.loads(block.group(1))
    return data


def test_the_page_names_what_it_counts_and_what_came_of_it() -> None:
    texts = " ".join(_Reader(coverage_page(sample_map(), SETTING)).texts)
    assert "planned access points" in texts
    assert "91 % meet it." in texts


def test_the_legend_names_levels_and_meaning() -> None:
    texts = [text.strip() for text in _Reader(coverage_page(sample_map(), SETTING)).texts]
    for wanted in (
        "from \N{MINUS SIGN}40",
        "\N{MINUS SIGN}65 to \N{MINUS SIGN}60",
        "below \N{MINUS SIGN}90",
        "Video",
        "Office",
        "no service",
    ):
        assert wanted in texts
    assert "hatched: below the requirement of \N{MINUS SIGN}65 dBm" in texts


def test_levels_have_a_true_minus_sign() -> None:
    assert format_level(-67.5) == "\N{MINUS SIGN}67.5"
    assert describe_class(SIGNAL_CLASSES[6], WORDS) == "\N{MINUS SIGN}70 to \N{MINUS SIGN}65"


def test_the_first_heat_map_is_on_and_the_others_are_not() -> None:
    page = coverage_page(sample_map(), SETTING)
    assert page.count("L.imageOverlay(") == 3
    added = re.findall(r"image_overlay_\w+\.addTo\(map_\w+\);", page)
    assert len(added) == 1


def test_a_state_s_mark_is_its_shape_with_its_word_beside() -> None:
    page = coverage_page(sample_map(), SETTING)
    assert '"className": "ap ap--live"' in page
    assert '"className": "ap ap--planned"' in page
    texts = [text.strip() for text in _Reader(page).texts]
    assert "in operation" in texts


def test_a_floor_without_georeference_is_shown_in_its_own_metres() -> None:
    page = coverage_page(sample_map(), SETTING)
    assert "crs: L.CRS.Simple" in page
    assert "[10.0, 5.0]" in page


def test_a_georeferenced_floor_is_shown_on_the_globe() -> None:
    floor = replace(sample_map(), frame=FRAME, heat_layers=())
    page = coverage_page(floor, SETTING)
    lon, lat = FRAME.to_wgs84((5.0, 10.0)).tolist()
    assert "crs: L.CRS.EPSG3857" in page
    assert f"[{lat}, {lon}]" in page


def test_a_georeferenced_room_is_reprojected_to_the_same_place_as_its_corners() -> None:
    floor = replace(sample_map(), frame=FRAME, heat_layers=(), walls=(), access_points=())
    lon, lat = FRAME.to_wgs84((15.0, 20.0)).tolist()
    page = coverage_page(floor, SETTING)
    data = re.search(r"geo_json_\w+_add\((\{.*\})\);", page)
    assert data is not None
    corners = json.loads(data.group(1))["features"][0]["geometry"]["coordinates"][0]
    assert any(
        x == pytest.approx(lon, abs=1e-9) and y == pytest.approx(lat, abs=1e-9) for x, y in corners
    )


def test_an_empty_floor_is_a_page_too() -> None:
    bare = CoverageMap("Floor", "de", "nichts", WORDS)
    assert "Floor" in coverage_page(bare, SETTING)
    assert view(bare) == [[0.0, 0.0], [15.0, 20.0]]
    assert "Floor" in coverage_page(replace(bare, frame=FRAME), SETTING)


def test_a_room_without_area_is_left_out_and_the_others_keep_their_labels() -> None:
    rooms = (RoomShape(shapely.Polygon(), "none"), RoomShape(shapely.box(0, 0, 1, 1), "102"))
    page = coverage_page(replace(sample_map(), rooms=rooms), SETTING)
    assert '"properties": {"room": 1}' in page
    assert page.count('"type": "Feature"') == 1


def test_a_room_in_two_parts_can_be_drawn() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)])
    rooms = (RoomShape(parts, "both"),)
    assert "MultiPolygon" in coverage_page(replace(sample_map(), rooms=rooms), SETTING)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_text(text: str) -> None:
    page = coverage_page(hostile_map(text), SETTING)
    calm, reader = _Reader(coverage_page(hostile_map("calm"), SETTING)), _Reader(page)
    assert reader.tags == calm.tags
    assert reader.attributes == calm.attributes
    assert text in reader.texts
    assert "50337" not in page


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_reaches_the_pop_up_unchanged_and_as_data(text: str) -> None:
    data = _data(coverage_page(hostile_map(text), SETTING))
    assert data["accessPoints"] == [{"code": text, "state": text, "details": [[text, text]]}]
    assert data["rooms"] == [text]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_reaches_folium_s_script_but_a_picture_s_address(text: str) -> None:
    hostile, calm = (
        _Reader(
            coverage_page(
                replace(hostile_map(entered), heat_layers=sample_map().heat_layers), SETTING
            )
        ).scripts[-1]
        for entered in (text, "calm")
    )
    assert hostile == calm


@pytest.mark.parametrize("text", HOSTILE)
def test_a_picture_s_address_is_percent_encoded(text: str) -> None:
    script = _Reader(coverage_page(hostile_map(text), SETTING)).scripts[-1]
    for breakout in ("</", "<img", "{{", "{%", '" on'):
        assert breakout not in script


def test_two_layers_of_one_name_are_both_there() -> None:
    floor = sample_map()
    layers = [replace(layer, name="same") for layer in floor.heat_layers]
    page = coverage_page(replace(floor, heat_layers=layers), SETTING)
    assert [f'"heat-{number}" :' in page for number in range(3)] == [True, True, True]


def test_who_hangs_elsewhere_than_planned_is_shown_at_both_places_with_a_line() -> None:
    floor = sample_map()
    assert "ap--elsewhere" not in coverage_page(floor, SETTING)
    moved = replace(floor.access_points[0], planned_xy=(8.0, 14.0))
    page = coverage_page(replace(floor, access_points=(moved,)), SETTING)
    assert page.count("ap--elsewhere") == 1
    assert "[14.0, 8.0], [10.0, 5.0]" in page
    assert WORDS.planned_elsewhere in " ".join(_Reader(page).texts)


def test_a_planned_place_outside_everything_else_is_within_the_view() -> None:
    floor = sample_map()
    moved = replace(floor.access_points[0], planned_xy=(-7.0, 25.0))
    assert view(replace(floor, access_points=(moved,)))[0][1] == -7.0


def test_a_step_of_the_ramp_is_named_by_the_level_it_begins_at() -> None:
    steps = [shorten_class(entry) for entry in (*SIGNAL_CLASSES[:2], SIGNAL_CLASSES[-1])]
    minus = "\N{MINUS SIGN}"
    assert steps == [f"\N{GREATER-THAN OR EQUAL TO}{minus}40", f"{minus}45", f"<{minus}90"]
