"""``add`` and ``user``: places by code, accounts by one-time link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from wlantrack.services import people, places
from wlantrack.services.actor import SYSTEM

if TYPE_CHECKING:
    from tests.integration.cli.conftest import CommandLine
    from wlantrack.services.installation import Stores


def test_a_floor_brings_its_building_along(wt: CommandLine, stores: Stores) -> None:
    done = wt("add", "floor", "SYL/4", "--height-m", "3.2", "--json")
    assert done.json == {"created": ["SYL", "SYL/4"]}
    with stores.database.reading() as session:
        floor = places.find_floor(session, SYSTEM, "SYL/4").floor
        assert (floor.height_m, floor.name) == (3.2, "4. OG")


def test_what_exists_stays_unchanged(wt: CommandLine) -> None:
    wt("add", "wing", "RH/MP", "--name", "Marktplatz")
    again = wt("add", "wing", "RH/MP", "--name", "Other", "--json")
    assert (again.status, again.json) == (0, {"created": []})


def test_a_building_has_the_name_it_is_given(wt: CommandLine, stores: Stores) -> None:
    wt("add", "building", "RH", "--name", "Rathaus")
    with stores.database.reading() as session:
        assert places.find_building(session, SYSTEM, "RH").name == "Rathaus"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("building", "RH/3"), "This does not name a building."),
        (("wing", "RH"), "This does not name a wing."),
        (("wing", "RH/MP/3"), "This does not name a wing."),
        (("wing", "RH/QQ/3"), "This does not name a wing."),
        (("wing", "RH/QQ/WW"), "This does not name a wing."),
        (("wing", "RH/3"), "This does not name a wing."),
        (("floor", "RH"), "This does not name a floor."),
        (("floor", "RH/3", "--height-m", "nan"), "between 1 m and 50 m"),
        (("building", "R H"), "1 to 16 letters"),
    ],
)
def test_places_that_cannot_be_are_refused(
    wt: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    done = wt("add", *arguments, "--json")
    assert done.status == 1
    assert words in done.json["error"]["message"]
    assert {problem["field"] for problem in done.json["error"]["problems"]}.isdisjoint({"ref"})


def test_the_help_names_every_role(wt: CommandLine) -> None:
    words = " ".join(wt("user", "create", "--help").out.split())
    assert all(role in words for role in ("viewer", "firm", "security officer", "admin"))


def test_a_floor_that_is_not_there_says_what_to_do(wt: CommandLine) -> None:
    wt("add", "floor", "RH/1")
    done = wt("coverage", "verdict", "--floor", "RH/7", "--json")
    assert done.status == 1
    assert "There is no floor RH/7. Check building and level" in done.json["error"]["message"]
    assert "add the floor first" in done.err


def test_an_account_gets_a_link_that_sets_its_password(wt: CommandLine, stores: Stores) -> None:
    wt("add", "wing", "RH/MP")
    done = wt("user", "create", "Anna", "--role", "planner", "--scope", "RH/MP", "--json")
    assert (done.json["name"], done.json["role"]) == ("anna", "planner")
    found = re.fullmatch(r"http://127\.0\.0\.1:5000/link/(\S+)", done.json["link"])
    assert found is not None
    with stores.database.reading() as session:
        assert people.check_link(session, found[1], people.utc_now()) == "anna"


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("anna", "--role", "king"), "role"),
        (("anna", "--role", "viewer", "--scope", "NO/WHERE"), "scope"),
        (("an na", "--role", "viewer"), "name"),
    ],
)
def test_a_wrong_account_names_its_field(
    wt: CommandLine, arguments: tuple[str, ...], field: str
) -> None:
    done = wt("user", "create", *arguments, "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["field"] == field
