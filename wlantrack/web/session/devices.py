"""Names the browser and system a request comes from, so that people know their sessions again.

Decides that only these two words are kept: no version, no address, nothing to trace people by.
"""

from __future__ import annotations

from flask import request

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""In this order: most browsers also claim to be those below them."""
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def read_device() -> str:
    """Give the words for this request's browser and system; empty if it names neither."""
    return describe_device(request.headers.get("User-Agent", ""))


def describe_device(agent: str) -> str:
    """Give the words for a User-Agent header, such as "Firefox, Windows"."""
    found = (
        next((name for part, name in table if part in agent), "") for table in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)
