"""``daily``: what a night owes, and that a second run finds nothing left."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from wlantrack.services.actor import SYSTEM
from wlantrack.store.models.work import Task

if TYPE_CHECKING:
    from tests.integration.cli.conftest import CommandLine


def list_tasks(demo: CommandLine) -> list[Task]:
    with demo.opened() as stores, stores.database.reading() as session:
        return list(session.scalars(select(Task).where(Task.origin == "closing wall")))


def test_a_night_opens_a_task_for_each_closing_wall_once(demo: CommandLine) -> None:
    first = demo("daily", "--json")
    tasks = list_tasks(demo)
    again = demo("daily", "--json")

    assert (first.status, again.status) == (0, 0)
    assert first.json["alarms"] >= 1
    assert (first.json["digests"], first.json["digests_failed"]) == (0, 0)
    assert again.json == first.json | {"snapshots": 0}
    assert len(tasks) >= 1
    assert [task.id for task in list_tasks(demo)] == [task.id for task in tasks]
    assert {task.subject_kind for task in tasks} == {"renovation_part"}
    assert "RH-EV3" in " ".join(task.title for task in tasks)


@pytest.mark.parametrize(("state", "comes_again"), [("done", True), ("dropped", False)])
def test_a_task_that_was_done_comes_again_while_the_wall_still_closes_a_dropped_one_does_not(
    demo: CommandLine, state: str, *, comes_again: bool
) -> None:
    demo("daily")
    with demo.opened() as stores, stores.database.writing(SYSTEM.audit()) as session:
        for task in session.scalars(select(Task).where(Task.origin == "closing wall")):
            task.state = state
            task.done_on = date(2026, 1, 1) if state == "done" else None
        session.commit()

    demo("daily")

    assert ("open" in {task.state for task in list_tasks(demo)}) is comes_again
