"""What decisions, trainings, money and risks say of a roll-out, and when somebody must look."""

from __future__ import annotations

from datetime import date

import pytest

from wlantrack.rollout import governance as rules
from wlantrack.rollout import readiness
from wlantrack.rollout.readiness import Met
from wlantrack.rollout.spoken_dates import SpokenDate, parse_spoken

TODAY = date(2026, 3, 31)
PAST, NOW, AHEAD = (parse_spoken(words) for words in ("Februar 2026", "Q1/2026", "April 2026"))


@pytest.mark.parametrize(
    ("decided", "due", "standing", "is_open"),
    [
        (None, None, "no date", True),
        (None, AHEAD, "open", False),
        # A quarter is over only after its last day.
        (None, NOW, "open", False),
        (None, PAST, "overdue", True),
        (PAST, None, "taken", False),
        (NOW, PAST, "taken", False),
        # A meeting ahead has decided nothing yet.
        (AHEAD, None, "open", False),
        (AHEAD, PAST, "overdue", True),
    ],
)
def test_a_decision_is_open_until_it_is_taken(
    decided: SpokenDate | None, due: SpokenDate | None, standing: str, *, is_open: bool
) -> None:
    assert rules.judge_decision(decided, due, TODAY) == standing
    assert (rules.find_decision_concern(decided, due, TODAY) is not None) is is_open


@pytest.mark.parametrize(
    ("held", "planned", "trained", "standing", "is_open"),
    [
        (None, None, 0, "no date", True),
        (None, 12, 12, "done", False),
        (PAST, None, 3, "done", False),
        (PAST, 12, 0, "not held", True),
        (AHEAD, 12, 0, "planned", False),
        (AHEAD, 12, 5, "under way", False),
        (PAST, 12, 5, "under way", True),
        (NOW, 12, 14, "done", False),
    ],
)
def test_a_training_is_done_when_everybody_is_trained(
    held: SpokenDate | None, planned: int | None, trained: int, standing: str, *, is_open: bool
) -> None:
    assert rules.judge_training(held, planned, trained, TODAY) == standing
    concern = rules.find_training_concern(held, planned, trained, TODAY)
    assert (concern is not None) is is_open


@pytest.mark.parametrize(
    ("amounts", "left", "is_open"),
    [
        ((None, None, None), None, False),
        ((None, 5, None), None, True),
        ((100, 60, 40), 0, False),
        ((100, 60, 41), -1, True),
        ((0, None, None), 0, False),
    ],
)
def test_what_is_committed_and_spent_takes_away_from_what_is_planned(
    amounts: tuple[int | None, int | None, int | None], left: int | None, *, is_open: bool
) -> None:
    assert rules.count_left_eur(*amounts) == left
    assert (rules.find_budget_concern(*amounts) is not None) is is_open


def test_every_risk_of_the_matrix_has_one_class_and_never_a_lighter_one_when_worse() -> None:
    ranks = [
        [rules.SEVERITIES.index(rules.weigh_risk(row, column)) for column in rules.GRADES]
        for row in rules.GRADES
    ]
    for lines in (ranks, [list(column) for column in zip(*ranks, strict=True)]):
        assert all(line == sorted(line, reverse=True) for line in lines)
    assert rules.weigh_risk(5, 5).key == "very-high"
    assert rules.weigh_risk(1, 1).key == "low"


@pytest.mark.parametrize(
    ("state", "grades", "response", "review_on", "word"),
    [
        ("closed", (5, 5), "", None, None),
        ("open", (2, 2), "", date(2026, 4, 1), None),
        ("open", (2, 2), "", TODAY, "looked at again since"),
        ("open", (2, 2), "", None, "no day set"),
        ("open", (2, 5), " ", date(2026, 4, 1), "nothing is done"),
        ("occurred", (2, 5), "Vorrat", date(2026, 4, 1), None),
    ],
)
def test_a_risk_asks_for_a_review_and_a_heavy_one_for_a_measure(
    state: str, grades: tuple[int, int], response: str, review_on: date | None, word: str | None
) -> None:
    concern = rules.find_risk_concern(state, grades, response, review_on, TODAY)
    assert (concern is None) if word is None else (concern is not None and word in concern.text)


@pytest.mark.parametrize(
    ("check", "met"),
    [
        (readiness.check_support(is_named=False), Met.NO),
        (readiness.check_training(0, 0), Met.UNKNOWN),
        (readiness.check_training(12, 11, tells_numbers=False), Met.NO),
        (readiness.check_training(12, 12), Met.YES),
        (readiness.check_posts(0, 0), Met.UNKNOWN),
        (readiness.check_posts(2.5, 3), Met.NO),
        (readiness.check_documents(70, 70), Met.YES),
        (readiness.check_devices(1, 2, 250), Met.NO),
        (readiness.check_budget(0, 0, 0, 0), Met.UNKNOWN),
        (readiness.check_budget(100, 50, 0, 1), Met.NO),
        (readiness.check_risks(0, 0, 0, is_any_entered=True), Met.YES),
        (readiness.check_risks(3, 2, 1, is_any_entered=True), Met.NO),
        (readiness.check_decisions(0, 0, 0), Met.UNKNOWN),
        (readiness.check_decisions(1, 1, 0), Met.NO),
        (readiness.check_uplinks(0, 3, 70), Met.YES),
        (readiness.check_uplinks(1, 3, 70), Met.NO),
    ],
)
def test_a_point_of_readiness_is_met_open_or_not_entered(check: readiness.Check, met: Met) -> None:
    assert check.met is met


def test_who_may_not_know_how_many_is_told_no_numbers() -> None:
    words = readiness.check_training(12, 11, tells_numbers=False).words
    assert words.values == {}
