from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from wlantrack.memory import keep_for_good

if TYPE_CHECKING:
    from collections.abc import Iterator


class Ring:
    """Something that only the garbage collector finds."""

    def __init__(self) -> None:
        self.self = self


@pytest.fixture
def _thawed() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_thawed")
def test_the_collector_passes_over_what_was_there_and_still_finds_what_comes_later() -> None:
    before = Ring()

    keep_for_good()

    assert gc.get_freeze_count() > 0
    assert not any(found is before for found in gc.get_objects())
    later = Ring()
    assert any(found is later for found in gc.get_objects())
