"""How lists are asked for, one page at a time; pages and commands take it from here."""

from __future__ import annotations

from wlantrack.store.queries.paging import Page

__all__ = ["Page"]
