"""``schedule``: six packages of the demo move into open walls; lines are accepted once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.integration.cli.conftest import CommandLine

MOVING = {f"RH-MP-{kind}-{number}" for kind, first in (("TRA", 1), ("ZUG", 2)) for number in
          range(first, first + 3)}  # fmt: skip


def test_packages_move_into_open_walls_and_some_of_them_are_accepted(demo: CommandLine) -> None:
    found = demo("schedule", "propose", "--limit-s", "0", "--json")
    assert found.status == 0
    moves = {move["package"]: move for move in found.json["moves"]}
    assert moves.keys() >= MOVING
    assert all(moves[code]["to"] < moves[code]["from"] for code in MOVING)
    assert any("the open wall" in why for code in MOVING for why in moves[code]["why"])
    assert found.json["bound"] <= found.json["objective"] <= found.json["heuristic_objective"]

    key = found.json["id"]
    taken = demo("schedule", "accept", key, "--only", "RH-MP-TRA-1", "--json")
    assert (taken.status, taken.json["accepted"]) == (0, ["RH-MP-TRA-1"])
    again = demo("schedule", "accept", key, "--only", "RH-MP-TRA-1", "--json")
    assert (again.status, len(again.json["refused"])) == (1, 1)
    assert demo("schedule", "accept", "nothing", "--json").status == 1
