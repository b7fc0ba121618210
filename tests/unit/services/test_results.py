"""What is remembered: once for all who ask, and never beside what is newer."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from wlantrack.services.results import ResultCache


def test_what_somebody_else_is_making_is_not_made_twice() -> None:
    cache, begun, made = ResultCache(), threading.Event(), []

    def make() -> str:
        made.append(1)
        begun.set()
        time.sleep(0.2)
        return "result"

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(cache.remember, "key", make)
        begun.wait()
        second = pool.submit(cache.remember, "key", make)

        assert (first.result(), second.result(), len(made)) == ("result", "result", 1)


def test_what_could_not_be_made_is_tried_again() -> None:
    cache = ResultCache()

    def fail() -> str:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - it has no words
        cache.remember("key", fail)

    assert cache.remember("key", lambda: "result") == "result"


def test_what_was_made_before_a_change_is_not_kept_beside_what_is_made_after_it() -> None:
    cache, made = ResultCache(), list[object]()

    def ask(*key: object) -> object:
        def make() -> object:
            made.append(key)
            return key

        return cache.remember(key, make)

    asked = [("plan", 1), ("page", 1), ("plan", 1, "reader"), ("plan", 2), ("page", 1), ("plan", 1)]
    assert [ask(*key) for key in asked] == asked
    assert made == [("plan", 1), ("page", 1), ("plan", 1, "reader"), ("plan", 2), ("plan", 1)]
