"""Finds the pages of an application as people do: by following links from the start page."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLES_EACH = 3
"""Of addresses that differ only in ids, so many are opened."""
_LINK = re.compile(r'(?:href|src)="(/[^"#]*)"')
_NO_PAGE = re.compile(r"^/(assets|log-?out|logout|export|favicon)|\.(png|csv|xlsx|ics|pdf)(\?|$)")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")


class Answer(Protocol):
    """What clients in this process and over HTTP give in common."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Any: ...  # noqa: ANN401 - each library has a class of its own
    @property
    def text(self) -> str: ...


def shape_of(address: str) -> str:
    """Give an address with its ids replaced."""
    return _ID.sub("#", address)


def _kind_of(address: str) -> str:
    return shape_of(address.partition("?")[0])


def find_pages(get: Callable[[str], Answer], samples_each: int = SAMPLES_EACH) -> list[str]:
    """Follow links from the start page; of addresses that differ only in ids, a few."""
    found: dict[str, list[str]] = {}
    queue = ["/buildings"]
    waiting = Counter(map(_kind_of, queue))
    while queue:
        address = queue.pop(0)
        waiting[_kind_of(address)] -= 1
        answer = get(address)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or answer.status_code != 200:
            continue
        found.setdefault(_kind_of(address), []).append(address)
        for link in _LINK.findall(answer.text.replace("&amp;", "&")):
            kind = _kind_of(link)
            is_known = len(found.get(kind, ())) + waiting[kind] >= samples_each
            if not (_NO_PAGE.search(link) or is_known):
                queue.append(link)
                waiting[kind] += 1
    return [address for addresses in found.values() for address in addresses]


def floors_among(pages: list[str]) -> list[str]:
    """Give the addresses of the floors' own pages."""
    paths = dict.fromkeys(page.partition("?")[0] for page in pages)
    floors = [path for path in paths if path.startswith("/floors/")]
    return list(dict.fromkeys("/".join(path.split("/")[:3]) for path in floors))
