from __future__ import annotations

from datetime import date

import pytest

from wlantrack.rollout import permits
from wlantrack.rollout.permits import (
    House,
    PermitFacts,
    find_missing,
    find_pending,
    find_pollutants,
)
from wlantrack.rollout.spoken_dates import parse_spoken
from wlantrack.store.models import permits as tables

TODAY = date(2026, 11, 26)
NEW = House("RH", begun_on=date(1993, 10, 31))
OLD = House("RH", begun_on=date(1993, 10, 30))
UNKNOWN = House("RH")
LISTED = House("RH", is_listed=True)


def permit(state: str = "granted", kind: str = "heritage", **values: object) -> PermitFacts:
    return PermitFacts("G1", kind, state, **values)  # type: ignore[arg-type] # literal values


def test_words_are_there_for_what_the_tables_hold() -> None:
    assert tuple(permits.PERMIT_KINDS) == tables.PERMIT_KINDS
    assert tuple(permits.PERMIT_STATES) == tables.PERMIT_STATES


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (permit(), []),
        (permit(expires_on=TODAY), []),
        (permit("not needed"), []),
        (permit(expires_on=date(2026, 11, 25)), ["G1 (heritage) expired on 2026-11-25"]),
        (permit("refused", "other"), ["G1 (other) was refused"]),
        (permit("needed"), ["G1 (heritage) is needed, expected date not known"]),
        (
            permit("applied for", expected=parse_spoken("Mitte Dezember 2026")),
            ["G1 (heritage) is applied for, expected Mitte Dezember 2026"],
        ),
    ],
)
def test_a_permit_holds_up_until_it_is_cleared(found: PermitFacts, told: list[str]) -> None:
    problems = find_pending([found], TODAY)

    assert [str(problem.message) for problem in problems] == [f"Permit {words}." for words in told]
    assert all(problem.remedy for problem in problems)


@pytest.mark.parametrize(
    ("house", "covering", "count"),
    [
        (NEW, [], 0),
        (LISTED, [], 1),
        (LISTED, [permit()], 0),
        (LISTED, [permit("not needed")], 1),
        (LISTED, [permit("applied for")], 1),
        (LISTED, [permit(expires_on=date(2026, 1, 1))], 1),
        (LISTED, [permit(kind="fire protection")], 1),
        (LISTED, [permit(), permit("needed", "staff council")], 1),
        (LISTED, [permit("needed", "staff council")], 2),
        (NEW, [permit("needed", "other"), permit("refused", "other")], 2),
    ],
)
def test_a_listed_building_needs_a_heritage_permit_in_force_and_no_other_pending(
    house: House, covering: list[PermitFacts], count: int
) -> None:
    assert len(find_missing(house, covering, TODAY)) == count


@pytest.mark.parametrize(
    ("house", "covering", "words"),
    [
        (NEW, [], None),
        (OLD, [], "begun before 31.10.1993"),
        (UNKNOWN, [], "Nobody has entered when RH was begun"),
        (OLD, [permit("granted", "pollutants")], None),
        (UNKNOWN, [permit("not needed", "pollutants")], None),
        (OLD, [permit("applied for", "pollutants")], "is applied for"),
        (OLD, [permit("granted", "pollutants", expires_on=date(2026, 1, 1))], "expired on"),
        (UNKNOWN, [permit()], "Nobody has entered"),
    ],
)
def test_what_is_known_of_pollutants_is_asked_for_unless_the_building_is_young(
    house: House, covering: list[PermitFacts], words: str | None
) -> None:
    problems = find_pollutants(house, covering, TODAY)

    assert [words in str(problem.message) for problem in problems if words] == [True] * bool(words)
    assert bool(problems) == bool(words)
