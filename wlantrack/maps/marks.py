"""What a state looks like on a map: shape before colour.

Decides the drawings, which follow the pages' icons; colours come from the style sheet by
``currentColor``. Refuses to know which state has which mark: ``rollout/lifecycle.py`` does.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Mapping

_RING = '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2"/>'
_SHAPES = {
    "planned": _RING,
    "ordered": f'{_RING}<path d="M8 2.5a5.5 5.5 0 0 0 0 11z" fill="currentColor"/>',
    "mounted": (
        '<path d="M8 2 14.5 13.5h-13z" fill="currentColor" stroke="currentColor"'
        ' stroke-linejoin="round"/>'
    ),
    "live": '<circle cx="8" cy="8" r="6.5" fill="currentColor"/>',
    "blocked": (
        '<path d="M2 2h12v12H2zM4.25 7v2h7.5V7z" fill="currentColor" fill-rule="evenodd"/>'
    ),
    "undated": (
        '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-dasharray="2.2 2.512"/>'
    ),
}

_DISC = '<circle cx="8" cy="8" r="11" fill="#fff" stroke="#14101f" stroke-width=".75"/>'

MARKS: Mapping[str, Markup] = MappingProxyType(
    {
        # The white disc keeps a mark's contrast on every class of the heat map.
        key: Markup(  # noqa: S704 - made of our own drawings only
            f'<svg viewBox="-4 -4 24 24" aria-hidden="true" focusable="false">{_DISC}{shape}</svg>'
        )
        for key, shape in _SHAPES.items()
    }
)
"""Markup of each mark: planned | ordered | mounted | live | blocked | undated."""

PLANNED_ELSEWHERE = Markup(
    '<svg viewBox="-4 -4 24 24" aria-hidden="true" focusable="false">'
    '<circle cx="8" cy="8" r="6" fill="none" stroke="#fff" stroke-width="5"/>'
    '<path d="M8 5v6M5 8h6" stroke="#fff" stroke-width="5"/>'
    '<circle cx="8" cy="8" r="6" fill="none" stroke="#14101f" stroke-width="1.5"/>'
    '<path d="M8 5v6M5 8h6" stroke="#14101f" stroke-width="1.5"/></svg>'
)
"""Where an access point was planned that hangs elsewhere; the mark itself stands where it hangs."""
