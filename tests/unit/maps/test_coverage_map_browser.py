"""The coverage page in a real Chromium, under the policy it is served with."""

from __future__ import annotations

import contextlib
import mimetypes
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsers import watch
from tests.requirements import lack
from tests.unit.maps.sample_map import FRAME, HOSTILE, IMAGES, hostile_map, sample_map
from wlantrack.maps.coverage_folder import ASSET_FILES, coverage_folder
from wlantrack.maps.coverage_map import coverage_page
from wlantrack.maps.offline import PageSetting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from wlantrack.maps.coverage_content import CoverageMap

pytestmark = pytest.mark.browser

STATIC = Path(__file__).parents[3] / "static"
NONCE = "dGVzdA"
POLICY = (
    f"default-src 'none'; script-src 'self' 'nonce-{NONCE}'; style-src 'self' 'nonce-{NONCE}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'self'; object-src 'none'"
)


@pytest.fixture(autouse=True)
def _front_end() -> None:
    missing = [path for path in ASSET_FILES if not (STATIC / path).is_file()]
    if missing:
        lack("browser", f"{missing[0]} is not installed")


class Site:
    """One coverage page and the files it may ask for, on loopback."""

    def __init__(self, coverage: CoverageMap, theme: str | None = None) -> None:
        setting = PageSetting(asset=lambda path: f"/static/{path}", nonce=NONCE, theme=theme)
        self.files = {f"/{name}": png for name, png in IMAGES.items()}
        self.files["/"] = coverage_page(coverage, setting).encode()
        self.files.update({f"/static/{path}": (STATIC / path).read_bytes() for path in ASSET_FILES})
        self.missed: list[str] = []


@contextlib.contextmanager
def serve(site: Site) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.files.get(self.path)
            if body is None:
                site.missed.append(self.path)
            kind = mimetypes.guess_type(self.path)[0] or "text/html; charset=utf-8"
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextlib.contextmanager
def shown(browser: Browser, coverage: CoverageMap, theme: str | None = None) -> Iterator[Page]:
    """Open the page; whatever it complains of, or asks for in vain or outside, fails the test."""
    faults: list[str] = []
    site = Site(coverage, theme)
    with (
        serve(site) as url,
        browser.new_context(viewport={"width": 1280, "height": 800}) as context,
    ):
        page = context.new_page()
        watch(page, url, faults)
        page.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"
        )
        page.goto(url, wait_until="networkidle")
        yield page
    assert faults == []
    assert site.missed == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_loads_without_a_complaint_and_asks_nobody_else(
    browser: Browser, theme: str
) -> None:
    with shown(browser, sample_map(), theme) as page:
        assert page.title() == "Town hall, 1st floor"
        assert page.locator(".leaflet-heat-pane img").count() == 1
        assert page.locator(".ap.leaflet-interactive").count() == 2
        assert page.locator(".leaflet-control-scale-line").inner_text().endswith("m")


def _breach_policy(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        page.wait_for_timeout(100)


def test_the_watch_sees_a_breach_of_the_policy(browser: Browser) -> None:
    with pytest.raises(AssertionError, match="Content Security Policy"):
        _breach_policy(browser)


def test_heat_maps_switch_one_for_another_and_the_legend_follows(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        heat = page.locator(".leaflet-heat-pane img")
        assert heat.get_attribute("src") == "5.png"
        page.get_by_label("Verdict").check()
        assert heat.count() == 1
        assert heat.get_attribute("src") == "verdict.png"
        assert page.locator("[data-legend=verdict]").is_visible()
        assert page.locator("[data-legend=signal]").is_hidden()
        page.get_by_label("No coverage").check()
        assert heat.count() == 0


def test_the_legend_shown_first_is_that_of_the_first_heat_map(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        assert page.locator("[data-legend=signal]").is_visible()
        assert page.locator("[data-legend=verdict]").is_hidden()


def test_an_access_point_tells_its_details_to_the_keyboard_and_gives_the_focus_back(
    browser: Browser,
) -> None:
    with shown(browser, sample_map()) as page:
        mark = page.get_by_role("button", name="AP-01, in operation")
        mark.focus()
        page.keyboard.press("Enter")
        popup = page.get_by_role("dialog", name="AP-01")
        assert popup.locator("dl").inner_text().split() == ["Model", "X1"]
        assert popup.get_by_label("Close").evaluate("it => it === document.activeElement")
        page.keyboard.press("Escape")
        popup.wait_for(state="detached")
        assert mark.evaluate("it => it === document.activeElement")


def test_opacity_follows_the_slider(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        page.get_by_label("Opacity").fill("40")
        opacity = page.locator(".leaflet-heat-pane").evaluate("it => getComputedStyle(it).opacity")
        assert opacity == "0.4"


def test_the_plan_s_lines_stay_readable_because_heat_is_multiplied(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        pane = page.locator(".leaflet-heat-pane")
        assert pane.evaluate("it => getComputedStyle(it).mixBlendMode") == "multiply"


def test_an_access_point_lies_where_its_metres_are(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        heat = page.locator(".leaflet-heat-pane img").bounding_box()
        mark = page.get_by_role("button", name="AP-01").bounding_box()
    assert heat is not None
    assert mark is not None
    x = (mark["x"] + mark["width"] / 2 - heat["x"]) / heat["width"] * 30.0
    y = (heat["y"] + heat["height"] - mark["y"] - mark["height"] / 2) / heat["height"] * 20.0
    assert (x, y) == pytest.approx((5.0, 10.0), abs=0.05)


def test_a_georeferenced_floor_loads_too(browser: Browser) -> None:
    with shown(browser, replace(sample_map(), frame=FRAME, heat_layers=())) as page:
        assert page.locator(".ap.leaflet-interactive").count() == 2
        assert page.locator("path.leaflet-interactive").count() == 0
        assert page.locator(".leaflet-overlay-pane path").count() == 2


def test_a_room_s_label_lies_below_the_marks(browser: Browser) -> None:
    with shown(browser, sample_map()) as page:
        assert page.locator(".leaflet-labels-pane .room-label").inner_text() == "101 Office"


def test_hostile_texts_are_shown_and_never_run(browser: Browser) -> None:
    for text in HOSTILE:
        coverage = hostile_map(text)
        layers = [replace(layer, url="5.png") for layer in coverage.heat_layers]
        with shown(browser, replace(coverage, heat_layers=layers)) as page:
            page.locator(".ap.leaflet-interactive").click()
            assert page.locator(".details h2").text_content() == text
            assert page.locator(".details dd").text_content() == text
            assert page.locator("#layers label").first.text_content() == text


@pytest.mark.parametrize("width", [320, 390, 768])
def test_nothing_is_wider_than_a_narrow_screen(browser: Browser, width: int) -> None:
    with shown(browser, sample_map()) as page:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_folder_opens_as_a_file_without_a_server(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "3. OG {Süd} #1.html"
    coverage_folder(file, sample_map(), IMAGES, STATIC)
    faults: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        watch(page, tmp_path.as_uri(), faults)
        page.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
        page.goto(file.as_uri(), wait_until="networkidle")
        heat = page.locator(".leaflet-heat-pane img")
        assert heat.evaluate("it => it.naturalWidth") > 0
        page.get_by_label("6 GHz").check()
        assert heat.count() == 1
    assert faults == []
