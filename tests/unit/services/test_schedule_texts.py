"""Proposals as kept texts: what is written comes back, and so do those of earlier versions."""

from __future__ import annotations

import json
from datetime import date

from tests.factories.schedules import make_conflict, make_proposal
from wlantrack.errors import msg
from wlantrack.services.schedule_texts import Move, read_proposal, write_proposal

MOVE = Move(
    "P1",
    "5c8edb1e-0f0a-4d0e-9f0b-6d1f2a7c3e01",
    2,
    None,
    None,
    date(2026, 3, 2),
    date(2026, 3, 6),
    {"late": 10, "outside": 0, "disturbed": 0, "moved": 5},
    (msg("the absence of crew %(crew)s from %(day)s on", crew="KB", day=date(2026, 4, 1)),),
    costs_before={"late": 40, "outside": 0, "disturbed": 0, "moved": 0},
    could_start=date(2026, 3, 3),
    others=("P2",),
)


def test_what_is_written_comes_back_with_messages_and_days() -> None:
    for proposal in (make_proposal(MOVE), make_conflict()):
        assert read_proposal(write_proposal(proposal)) == proposal


def test_a_move_tells_what_it_saves_and_costs_where_that_matters() -> None:
    assert (MOVE.gains, MOVE.gain) == ({"late": 30, "moved": -5}, 25)


def test_texts_of_earlier_versions_are_read_with_their_sentences_as_they_stand() -> None:
    document = json.loads(write_proposal(make_proposal(MOVE)))
    new = ("undated_reasons", "today_costs", "today_breaks", "shifts", "conflict")
    old = {key: value for key, value in document.items() if key not in new}
    (move,) = old["moves"]
    kept = ("package", "public_id", "version", "from_start", "from_finish", "costs")
    old["made_on"] = "2026-03-10"
    days = {"to_start": "2026-03-02", "to_finish": "2026-03-06", "why": ["the open wall Hall"]}
    old["moves"] = [{key: move[key] for key in kept} | days]
    read = read_proposal(json.dumps(old))
    assert read is not None
    assert (read.made_on, read.moves[0].to_start) == (date(2026, 3, 10), date(2026, 3, 2))
    assert [str(cause) for cause in read.moves[0].why] == ["the open wall Hall"]


def test_another_text_is_no_proposal() -> None:
    for text in ('{"kind": "facts"}', "[]"):
        assert read_proposal(text) is None
