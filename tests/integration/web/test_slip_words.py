"""What a change moves, in words: also what its reader may not see is told, as a number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import get_template_attribute

from wlantrack.errors import msg
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.services.milestones import Awaited
from wlantrack.services.slips import Move, SlipPreview
from wlantrack.web.milestones.slip_words import say_moves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(autouse=True)
def request_in_english(app: Flask) -> Iterator[None]:
    """Let texts be written."""
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        yield


def make_preview(seen: int, hidden: int) -> SlipPreview:
    """Make a preview of so many moves that its reader sees, and so many more."""
    before, after = parse_spoken("2.3.2099"), parse_spoken("3.3.2099")
    moves = tuple(
        Move(
            f"package:{number}",
            Awaited(msg("Pulling"), msg("Pulling"), f"P-{number}"),
            before,
            after,
            None,
            None,
            1,
        )
        for number in range(seen)
    )
    return SlipPreview(moves, hidden, "x")


def test_a_message_counts_what_it_does_not_name() -> None:
    assert say_moves(make_preview(1, 0)) == "Expected now: P-0 3.3.2099 (+1 working day)."
    assert say_moves(make_preview(1, 2)).endswith("(+1 working day) and 2 more.")
    assert say_moves(make_preview(6, 1)).endswith("and 3 more.")
    assert not say_moves(make_preview(0, 2))


def test_a_preview_of_hidden_moves_does_not_say_that_nothing_moves() -> None:
    slip_table = get_template_attribute("macros/milestones.html", "slip_table")
    shown = slip_table(make_preview(0, 2), "Slip")
    assert "2 milestones and packages outside your area move." in shown
    assert "Nothing moves" in slip_table(make_preview(0, 0), "Slip")
