"""A folium page that asks nobody but this server, under a policy without exceptions.

Decides where each file folium wants is found, and what may run: folium's own tags get the page's
nonce, a file nobody has mapped stops the page. Refuses to know what the map shows.

Notes
-----
branca compiles every piece of script it has rendered *as a template once more*, so a name such as
``{{ 7 * 7 }}`` would be run on the server. :class:`OfflineFigure` takes the pieces as they are, and
a folium element must get numbers and constants only: words from outside travel in :attr:`data`, as
JSON, and reach the page by ``textContent``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from branca.element import Element, Figure, Link
from folium.raster_layers import ImageOverlay
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

ASSETS: Mapping[str, str | None] = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
    "jquery": None,
    "bootstrap": None,
    "bootstrap_css": None,
    "glyphicons_css": None,
    "awesome_markers": None,
    "awesome_markers_css": None,
    "awesome_markers_font_css": None,
    "awesome_rotate_css": None,
}
"""Our file for each name folium gives a link; None where our maps do without."""

_TAG = re.compile(r"<(script|style)(?=[\s>])")
_VIEWPORT = re.compile(r'<meta name="viewport".*?/>', re.DOTALL)
_URL_CHARACTERS = "/:?&=#%+,;@~-._"

templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""The pages that maps stand in; everything put into them is escaped."""


class UnknownAsset(LookupError):
    """An element wants a file that nobody has mapped: it would be fetched from outside."""


@dataclass(frozen=True)
class PageSetting:
    """Where a page finds its files, and how it is shown.

    ``asset`` turns a path below ``static`` into a URL. ``nonce`` is the one of this response's
    policy; None for a page that is opened as a file. ``theme`` is light | dark, or None for the
    reader's own.
    """

    asset: Callable[[str], str]
    nonce: str | None = None
    theme: str | None = None


@dataclass(frozen=True)
class Pieces:
    """What a page is put together of: folium's head, the place of the map, and its script."""

    head: Markup
    map: Markup
    script: Markup


class OfflineFigure(Figure):
    """The root of a folium map, rendered into one of our own page templates.

    Parameters
    ----------
    template : str
        File in ``maps/templates``; gets ``page``, ``head``, ``map``, ``script`` and ``values``.
    setting : PageSetting
    values : mapping
        What else the template shows; escaped there.
    """

    def __init__(self, template: str, setting: PageSetting, values: Mapping[str, object]) -> None:
        super().__init__()
        self.setting = setting
        self._page_template = templates.get_template(template)
        self._values = values

    def render(self, **_kwargs: object) -> str:
        """Give the whole page.

        Raises
        ------
        UnknownAsset
            An element of the map wants a file that is not in ``ASSETS``.
        """
        pieces = self.make_pieces()
        return self._page_template.render(
            page=self.setting,
            head=pieces.head,
            map=pieces.map,
            script=pieces.script,
            **self._values,
        )

    def make_pieces(self) -> Pieces:
        """Give what a page is put together of, for a page that keeps the script apart.

        Raises
        ------
        UnknownAsset
            An element of the map wants a file that is not in ``ASSETS``.
        """
        for number, element in enumerate(_walk(self)):
            element._id = str(number)  # noqa: SLF001  # the same map gives the same bytes
        for child in list(self._children.values()):
            child.render()
        return Pieces(
            head=Markup("\n".join(self._head())),  # noqa: S704  # folium's own constants
            map=Markup(_join(self.html)),  # noqa: S704  # folium's own constants
            script=Markup(_join(self.script)),  # noqa: S704  # numbers and constants, see above
        )

    def _head(self) -> Iterator[str]:
        for name, child in self.header._children.items():  # noqa: SLF001  # branca has no other way
            if isinstance(child, Link):
                yield self._link(name, child)
            elif name != "meta_http":
                # folium's viewport forbids zooming; the page template has its own.
                yield self._stamp(_VIEWPORT.sub("", _text(child)))

    def _link(self, name: str, link: Link) -> str:
        if name not in ASSETS:
            raise UnknownAsset(f"{name}: {link.url}")
        path = ASSETS[name]
        if path is None:
            return ""
        url = escape(self.setting.asset(path), quote=True)
        if path.endswith(".css"):
            return f'<link rel="stylesheet" href="{url}">'
        return f'<script src="{url}"></script>'

    def _stamp(self, html: str) -> str:
        if self.setting.nonce is None:
            return html
        return _TAG.sub(rf'<\1 nonce="{escape(self.setting.nonce, quote=True)}"', html)


class UrlOverlay(ImageOverlay):
    """A picture by its URL; folium itself would open a path as a file of the server."""

    def __init__(self, url: str, bounds: list[list[float]], **options: Any) -> None:  # noqa: ANN401  # Leaflet's, of any kind
        super().__init__("data:,", bounds, pixelated=False, **options)
        self.url = quote(url, safe=_URL_CHARACTERS)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001  # branca has no other way
        yield from _walk(child)


def _join(container: Element) -> str:
    return "\n".join(_text(child) for child in container._children.values())  # noqa: SLF001


def _text(piece: Element) -> str:
    """Give a rendered piece as it is, instead of running it as a template once more."""
    text = piece._template_str  # noqa: SLF001  # branca has no other way
    return piece.render() if text is None else str(text)
