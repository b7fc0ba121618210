"""How people come in and use the editor: by its words and marks, not by its inner parts."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browsers import watch
from tests.integration.web.visitor import enter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

    from tests.live_server import LiveServer

_TO_SCREEN = """(editor, [x, y]) => {
  const sheet = editor.editor.sheet.leaflet;
  const place = sheet.latLngToContainerPoint([y, x]);
  const frame = sheet.getContainer().getBoundingClientRect();
  return [frame.left + place.x, frame.top + place.y];
}"""


def let_in(context: BrowserContext, server: LiveServer, name: str) -> None:
    """Give a browser the session of a person who has logged in before."""
    cookie = enter(server.app, name).client.get_cookie("wlantrack")
    assert cookie is not None
    context.add_cookies([{"name": "wlantrack", "value": cookie.value, "url": server.url}])


@contextlib.contextmanager
def second_person(
    browser: Browser, server: LiveServer, name: str, faults: list[str]
) -> Iterator[Page]:
    """Give the page of somebody else, in a browser of their own, under the same watch."""
    with browser.new_context(base_url=server.url, locale="de-DE") as context:
        page = context.new_page()
        watch(page, server.url, faults)
        let_in(context, server, name)
        yield page


class PlanEditor:
    """The floor-plan editor as its user sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator("floor-plan-editor")
        self.saved = page.locator('.editor__saved[data-state="saved"]')
        self.heat = page.locator(".leaflet-heat-pane img")

    def open(self, floor: str) -> None:
        """Open a floor's plan and wait for its heat map."""
        self.page.goto(f"/floors/{floor}/plan")
        expect(self.heat).to_have_count(1)
        expect(self.saved).to_be_visible()

    def place_of(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Give where a place of the building is on the screen."""
        x, y = self.element.evaluate(_TO_SCREEN, [x_m, y_m])
        return x, y

    def click(self, x_m: float, y_m: float) -> None:
        """Click on a place of the building."""
        self.page.mouse.click(*self.place_of(x_m, y_m))

    def drag(self, mark: Locator, x_m: float, y_m: float) -> None:
        """Take a mark with the mouse, and let it go at a place of the building."""
        mark.hover()
        self.page.mouse.down()
        self.page.mouse.move(*self.place_of(x_m, y_m), steps=8)
        self.page.mouse.up()

    def use(self, tool: str) -> None:
        """Press a tool's button."""
        button = self.page.locator(".editor__toolbar").get_by_role("button", name=tool, exact=True)
        button.click()

    def mark(self, code: str) -> Locator:
        """Give an access point's mark."""
        return self.page.get_by_role("button", name=f"Access Point {code},")

    @contextlib.contextmanager
    def heat_map_redrawn(self) -> Iterator[None]:
        """Wait until what happened inside has changed the pixels of the heat map."""
        before = self.heat_pixels()
        yield
        expect(self.saved).to_be_visible()
        handle = self.heat.element_handle()
        assert handle is not None
        self.page.evaluate(_WAIT_FOR_OTHER_PIXELS, [handle, before])

    def heat_pixels(self) -> str:
        """Give the pixels of the heat map that is shown."""
        pixels: str = self.heat.evaluate(
            f"async (image) => {{ {_READ_PIXELS} return read(image); }}"
        )
        return pixels


_READ_PIXELS = """
  const read = async (image) => {
    // Decoding breaks off when a newer picture comes meanwhile.
    const isDecoded = () => image.decode().then(() => true, () => false);
    for (let tries = 0; tries < 250 && !(await isDecoded()); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth;
    canvas.height = image.naturalHeight;
    canvas.getContext('2d').drawImage(image, 0, 0);
    return canvas.toDataURL();
  };
"""

_WAIT_FOR_OTHER_PIXELS = f"""async ([image, before]) => {{
  {_READ_PIXELS}
  const until = performance.now() + 10000;
  while (performance.now() < until) {{
    if ((await read(image).catch(() => before)) !== before) return;
    await new Promise((done) => requestAnimationFrame(done));
  }}
  throw new Error('the heat map stayed the same');
}}"""
