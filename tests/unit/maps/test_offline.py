"""A folium page asks for nothing that is not ours, and runs nothing that people wrote."""

from __future__ import annotations

import folium
import folium.plugins
import pytest
from branca.element import MacroElement
from folium.template import Template

from tests.unit.maps.sample_map import sample_map
from wlantrack.maps.coverage_layers import base_map
from wlantrack.maps.coverage_map import _page_values
from wlantrack.maps.offline import OfflineFigure, PageSetting, UnknownAsset, UrlOverlay

SETTING = PageSetting(asset=lambda path: f"/static/1/{path}", nonce="n0nce")
VIEW = [[0.0, 0.0], [20.0, 30.0]]


def _figure(setting: PageSetting = SETTING) -> tuple[OfflineFigure, folium.Map]:
    figure = OfflineFigure("coverage_map.html", setting, _page_values(sample_map()))
    map_ = base_map(None, VIEW)
    figure.add_child(map_)
    return figure, map_


def test_every_file_is_one_of_ours() -> None:
    page = _figure()[0].render()
    assert '<script src="/static/1/vendor/leaflet/leaflet.js"></script>' in page
    assert '<link rel="stylesheet" href="/static/1/vendor/leaflet/leaflet.css">' in page
    for foreign in ("http:", "https:", "//cdn", "jquery", "bootstrap"):
        assert foreign not in page


def test_an_element_that_wants_an_unknown_file_stops_the_page() -> None:
    figure, map_ = _figure()
    fullscreen = folium.plugins.Fullscreen()  # type: ignore[no-untyped-call]  # folium's is untyped
    map_.add_child(fullscreen)
    with pytest.raises(UnknownAsset, match=r"Control\.Fullscreen\.js"):
        figure.render()


def test_every_tag_of_folium_s_own_carries_the_nonce() -> None:
    page = _figure()[0].render()
    assert "<style>" not in page
    assert "<script>" not in page
    assert page.count('nonce="n0nce"') >= 4


def test_a_page_for_a_file_carries_no_nonce() -> None:
    page = _figure(PageSetting(asset=lambda path: path))[0].render()
    assert "nonce" not in page


def test_readers_may_zoom() -> None:
    page = _figure()[0].render()
    assert page.count('name="viewport"') == 1
    assert "user-scalable" not in page
    assert "maximum-scale" not in page


def test_no_style_attribute_is_written() -> None:
    assert "style=" not in _figure()[0].render().replace('rel="stylesheet"', "")


def test_the_reader_s_theme_is_kept_and_an_unknown_one_ignored() -> None:
    dark = PageSetting(asset=lambda path: path, theme="dark")
    odd = PageSetting(asset=lambda path: path, theme='"><script>')
    assert '<html lang="en" data-theme="dark">' in _figure(dark)[0].render()
    assert '<html lang="en">' in _figure(odd)[0].render()


def test_the_same_map_gives_the_same_bytes() -> None:
    assert _figure()[0].render() == _figure()[0].render()


class _Careless(MacroElement):
    """An element that writes a foreign text into its script, as folium's own do."""

    _template = Template(
        "{% macro script(this, kwargs) %}var careless = {{ this.text|tojson }};{% endmacro %}"
    )

    def __init__(self, text: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca's is untyped
        self.text = text


def test_a_rendered_script_is_not_run_as_a_template_once_more() -> None:
    figure, map_ = _figure()
    map_.add_child(_Careless("{{ 7 * 7191 }}"))
    page = figure.render()
    assert "50337" not in page
    assert 'var careless = "{{ 7 * 7191 }}"' in page


def test_an_overlay_keeps_its_url_and_opens_no_file_of_the_server() -> None:
    assert UrlOverlay("/etc/passwd", VIEW).url == "/etc/passwd"


def test_an_overlay_s_url_cannot_carry_markup_or_templates() -> None:
    assert UrlOverlay("/a{{b}}\"<>'.png", VIEW).url == "/a%7B%7Bb%7D%7D%22%3C%3E%27.png"
