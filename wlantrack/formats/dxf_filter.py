"""Throws out of a DXF, as text and before it is parsed, what no plan needs; sandbox only.

Decides by type and layer. A parsed object costs a hundred times what a skipped one does, and
furniture, hatches and dimensions are most of many drawings.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# A value is followed by a numeric code, so a 0 before a name is always the code of a new object.
_START: Final = re.compile(rb"^[ \t]*0[ \t]*\r?\n[ \t]*([A-Z][A-Z0-9_]*)[ \t]*\r?$", re.MULTILINE)
_NO_NUMBER: Final = re.compile(
    rb"^[ \t]*[+-]?(?:nan|inf|infinity)[ \t]*\r?$", re.MULTILINE | re.IGNORECASE
)
_SECTION_NAME: Final = re.compile(rb"\n[ \t]*2[ \t]*\r?\n[ \t]*(\w+)")
_SHAPES: Final = frozenset(
    {b"LINE", b"LWPOLYLINE", b"POLYLINE", b"ARC", b"CIRCLE", b"ELLIPSE", b"SPLINE"}
)
_KEPT: Final = frozenset({b"INSERT", b"TEXT", b"MTEXT", b"ENDSEC", b"EOF", b"SECTION"})
_IN_BLOCKS: Final = frozenset({b"BLOCK", b"ENDBLK", b"ATTDEF"})
_PARTS: Final = frozenset({b"VERTEX", b"ATTRIB", b"SEQEND"})
LAYER_WITHIN_LINES: Final = 60


def holds_no_number(data: bytes) -> bool:
    """Tell whether a value such as NaN stands anywhere, be it a text or a coordinate."""
    return _NO_NUMBER.search(data) is not None


def filter_drawing(
    data: bytes, is_used: Callable[[str], bool]
) -> tuple[bytes, Counter[tuple[str, str]]]:
    """Drop objects that would not be used.

    Parameters
    ----------
    data
        A text DXF.
    is_used
        Tells whether lines on a layer are used.

    Returns
    -------
    bytes
        The smaller DXF; blocks keep all their lines, whatever the layer.
    Counter
        Objects dropped from model space, by layer and type.
    """
    dropped: Counter[tuple[str, str]] = Counter()
    parts: list[bytes] = []
    section, is_kept, start = b"", True, 0
    for match in _START.finditer(data):
        if is_kept:
            parts.append(data[start : match.start()])
        start, kind = match.start(), match[1]
        if kind == b"SECTION":
            name = _SECTION_NAME.match(data, match.end())
            section, is_kept = (name[1] if name else b""), True
        elif section == b"BLOCKS":
            is_kept = _keeps(kind, is_kept, _SHAPES | _IN_BLOCKS)
        elif section == b"ENTITIES":
            is_kept = _keeps(kind, is_kept, _SHAPES)
            if kind in _SHAPES or not (is_kept or kind in _PARTS):
                layer = _layer_of(data, match.end())
                is_kept = is_kept and (layer is None or is_used(layer))
                if not is_kept:
                    dropped[layer or "0", "lines" if kind in _SHAPES else kind.decode()] += 1
        else:
            is_kept = True
    parts.append(data[start:])
    return b"".join(parts), dropped


def _keeps(kind: bytes, was_kept: bool, more: frozenset[bytes]) -> bool:  # noqa: FBT001 - a state
    # Vertices and attributes go with the object before them.
    return was_kept if kind in _PARTS else kind in _KEPT or kind in more


def _layer_of(data: bytes, start: int) -> str | None:
    """Read the layer of an object; ``None`` if it is not plain to see."""
    lines = data[start : start + 2_000].split(b"\n", LAYER_WITHIN_LINES)[1:]
    for code, value in zip(lines[0::2], lines[1::2], strict=False):
        if code.strip() == b"8":
            if b"\\U+" in value:
                return None
            try:
                return value.strip().decode()
            except UnicodeDecodeError:
                return value.strip().decode("cp1252", "replace")
    return "0"
