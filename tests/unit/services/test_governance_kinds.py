"""What the fields of governance refuse, by field."""

from __future__ import annotations

import math
from typing import Any

import pytest

from wlantrack.services.governance import list_problems
from wlantrack.services.governance_kinds import KINDS

RISK: dict[str, Any] = {
    "code": "R-1",
    "title": "No staff",
    "likelihood": 4,
    "impact": 4,
    "state": "open",
    "response": "",
    "responsible": "",
    "review_on": None,
    "building": "",
    "note": "",
}
POST: dict[str, Any] = {
    "code": "ST-1",
    "title": "Planner",
    "office": "",
    "full_time_count": 1.0,
    "plan": "",
    "state": "filled",
    "decision": "",
    "note": "",
}


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("risks", {"title": " "}, "title"),
        ("risks", {"title": "x" * 201}, "title"),
        ("risks", {"code": "x" * 61}, "code"),
        ("risks", {"likelihood": 6}, "likelihood"),
        ("risks", {"state": "forgotten"}, "state"),
        ("risks", {"response": "x" * 1001}, "response"),
        ("posts", {"full_time_count": 0.0}, "full_time_count"),
        ("posts", {"full_time_count": math.nan}, "full_time_count"),
        ("posts", {"full_time_count": math.inf}, "full_time_count"),
        ("posts", {"state": "open"}, "state"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(
    kind: str, change: dict[str, object], field: str
) -> None:
    whole = RISK if kind == "risks" else POST
    assert list_problems(KINDS[kind], whole) == []
    assert [problem.field for problem in list_problems(KINDS[kind], whole | change)] == [field]
