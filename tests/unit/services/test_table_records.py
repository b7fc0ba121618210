"""What tables of plain records say of codes that name nothing."""

from __future__ import annotations

import pytest

from wlantrack.services.table_records import refuse_unknown


@pytest.mark.parametrize(("count", "end"), [(1, "C00."), (20, "C18, C19."), (21, "C18, C19, ….")])
def test_of_many_choices_the_first_are_told_and_that_there_are_more(count: int, end: str) -> None:
    refusal = refuse_unknown("building", "XX", [f"C{number:02}" for number in range(count)])

    assert str(refusal.problems[0].remedy).endswith(end)
