"""What of an SVG may be drawn: an allow-list of elements and attributes; sandbox only.

Decides which parts of a drawing reach the rasteriser. Everything else - scripts, foreign objects,
animations, links, anything that names a file or an address - is left out and counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from defusedxml import ElementTree as SafeET
from defusedxml.common import DefusedXmlException

from wlantrack.errors import msg
from wlantrack.formats import limits
from wlantrack.formats.limits import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG: Final = "http://www.w3.org/2000/svg"
XLINK_HREF: Final = "{http://www.w3.org/1999/xlink}href"
ELEMENTS: Final = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "switch",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "image",
        "clipPath",
        "mask",
        "marker",
        "pattern",
        "linearGradient",
        "radialGradient",
        "stop",
        "style",
        "a",
    ]
)
ATTRIBUTES: Final = frozenset(
    [
        "id",
        "class",
        "style",
        "transform",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "d",
        "points",
        "width",
        "height",
        "viewBox",
        "preserveAspectRatio",
        "version",
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-miterlimit",
        "color",
        "opacity",
        "display",
        "visibility",
        "clip-path",
        "clip-rule",
        "clipPathUnits",
        "mask",
        "maskUnits",
        "maskContentUnits",
        "marker-start",
        "marker-mid",
        "marker-end",
        "markerWidth",
        "markerHeight",
        "markerUnits",
        "refX",
        "refY",
        "orient",
        "overflow",
        "patternUnits",
        "patternContentUnits",
        "patternTransform",
        "gradientUnits",
        "gradientTransform",
        "spreadMethod",
        "fx",
        "fy",
        "fr",
        "offset",
        "stop-color",
        "stop-opacity",
        "font-family",
        "font-size",
        "font-style",
        "font-weight",
        "font-stretch",
        "font-variant",
        "text-anchor",
        "text-decoration",
        "dominant-baseline",
        "alignment-baseline",
        "baseline-shift",
        "letter-spacing",
        "word-spacing",
        "textLength",
        "lengthAdjust",
        "startOffset",
        "rotate",
        "writing-mode",
        "paint-order",
        "vector-effect",
        "shape-rendering",
        "text-rendering",
        "image-rendering",
        "color-interpolation",
        "href",
        "type",
    ]
)
_OWN_PART: Final = re.compile(r"\s*#[^\s()\"']+\s*\Z")
_PICTURE: Final = re.compile(r"\s*data:image/(png|jpeg|jpg);base64,[A-Za-z0-9+/=\s]*\Z")
_ADDRESS: Final = re.compile(r"url\s*\(\s*[\"']?\s*(?!#)", re.IGNORECASE)
# An at-rule could import; a backslash could spell "url" in another way.
_RISKY_STYLE: Final = re.compile(r"[@\\]|expression|javascript:", re.IGNORECASE)
_PLAIN_DOCTYPE: Final = re.compile(rb"<!DOCTYPE\s[^\[>]*>", re.IGNORECASE)


@dataclass(frozen=True)
class CleanSvg:
    """A drawing that names nothing outside itself, its stated size, and what was left out.

    ``size`` holds width and height as written (None: not given), ``view`` the view box.
    """

    text: str
    size: tuple[str | None, str | None]
    view: tuple[float, float, float, float] | None
    left_out: int


def clean_svg(data: bytes) -> CleanSvg:
    """Keep what may be drawn.

    Raises
    ------
    InvalidInput
        The file is no well-formed SVG, defines entities, or holds or nests too much.
    """
    # The declaration that old drawing programs write defines nothing; one with a subset could.
    plain = _PLAIN_DOCTYPE.sub(b"", data, count=1)
    try:
        root = SafeET.fromstring(plain, forbid_dtd=True)
    except DefusedXmlException as error:
        raise refuse(
            msg("The SVG defines entities, which a plan does not need."),
            msg("Save it as plain SVG, or export it as PDF or PNG."),
        ) from error
    except (ET.ParseError, ValueError, LookupError) as error:
        raise refuse(
            msg("The %(format)s is damaged: %(detail)s.", format="SVG", detail=str(error)[:200]),
            msg("Open it in the program that made it, and export it anew."),
        ) from error
    if root.tag == "svg":  # written for a web page, where the name alone suffices
        for element in root.iter():
            if not element.tag.startswith("{"):
                element.tag = f"{{{SVG}}}{element.tag}"
    if root.tag != f"{{{SVG}}}svg":
        raise refuse(
            msg("This is not a plan: the XML is no SVG."), msg("Upload the plan as PDF or PNG.")
        )
    limits.require_at_most(sum(1 for _ in root.iter()), limits.SVG_ELEMENTS, msg("elements"))
    left_out = sum(_clean(element, depth) for element, depth in _walk(root, 0))
    ET.register_namespace("", SVG)
    text = ET.tostring(root, encoding="unicode")
    return CleanSvg(text, (root.get("width"), root.get("height")), _read_view(root), left_out)


def _walk(element: ET.Element, depth: int) -> Iterator[tuple[ET.Element, int]]:
    """Give every element that stays with its depth, without calling itself."""
    waiting = [(element, depth)]
    while waiting:
        here, depth = waiting.pop()
        yield here, depth
        waiting += [(child, depth + 1) for child in here if _is_allowed(child)]


def _is_allowed(element: ET.Element) -> bool:
    tag = element.tag
    return tag.startswith(f"{{{SVG}}}") and tag.removeprefix(f"{{{SVG}}}") in ELEMENTS


def _clean(element: ET.Element, depth: int) -> int:
    """Take away children and attributes that are not allowed; tell how many mattered."""
    if depth > limits.SVG_DEPTH:
        raise refuse(
            msg("The SVG nests its parts more than %(limit)s deep.", limit=limits.SVG_DEPTH),
            msg("Export it as PDF or PNG."),
        )
    left_out = 0
    for child in [child for child in element if not _is_allowed(child)]:
        # Programs keep their own notes in namespaces of their own; losing those tells nothing.
        left_out += child.tag.startswith(f"{{{SVG}}}")
        element.remove(child)
    for name, value in list(element.attrib.items()):
        if not _may_keep(element, name, value):
            left_out += name in {"href", XLINK_HREF} or name.startswith("on")
            del element.attrib[name]
    if element.tag == f"{{{SVG}}}style" and not _is_safe_style(element.text or ""):
        element.text = ""
        left_out += 1
    return left_out


def _may_keep(element: ET.Element, name: str, value: str) -> bool:
    if name in {"href", XLINK_HREF}:
        is_picture = element.tag == f"{{{SVG}}}image" and _PICTURE.match(value)
        return bool(is_picture or _OWN_PART.match(value))
    if name == "{http://www.w3.org/XML/1998/namespace}space":
        return True
    return name in ATTRIBUTES and _is_safe_style(value)


def _is_safe_style(text: str) -> bool:
    return not _ADDRESS.search(text) and not _RISKY_STYLE.search(text)


def _read_view(root: ET.Element) -> tuple[float, float, float, float] | None:
    parts = re.split(r"[\s,]+", (root.get("viewBox") or "").strip())
    try:
        x, y, width, height = (float(part) for part in parts)
    except ValueError:
        return None
    return x, y, width, height
