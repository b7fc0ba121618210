from __future__ import annotations

from tests.endurance.writers import count_lost


def test_eight_processes_that_change_one_wall_lose_no_update(database_url: str) -> None:
    assert count_lost(database_url, updates=10) == (0, [])
