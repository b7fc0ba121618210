"""Governance: what is kept, who reaches it, its tables both ways, and readiness counted from it."""

from __future__ import annotations

import itertools
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.cabling import add_cable_run, add_outlet
from tests.factories.people import make_actor
from tests.factories.rollout import add_governance, add_milestone, add_risk, on
from tests.factories.uplinks import add_uplink
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.rollout.readiness import Met
from wlantrack.services import governance, milestones, search, tables, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.governance_kinds import KINDS
from wlantrack.services.governance_lines import (
    GovernanceFilter,
    list_lines,
    narrow_lines,
    take_page,
)
from wlantrack.services.governance_overview import find_overview
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.results import ResultCache
from wlantrack.services.table_governance import GOVERNANCE_TABLES
from wlantrack.services.tables import ImportResult, TableUpload
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor

TODAY = date(2026, 3, 10)
DECISIONS, POSTS, RISKS = KINDS["decisions"], KINDS["posts"], KINDS["risks"]
TEXT = {"title": "No staff", "response": "", "responsible": "", "note": "", "code": ""}
RISK: dict[str, Any] = TEXT | {
    "likelihood": 4,
    "impact": 4,
    "state": "open",
    "review_on": None,
    "building": "RH",
}


@pytest.fixture
def full(session: Session, house: House) -> House:
    """Give the house with one entry of every kind."""
    add_governance(session, house.building)
    session.commit()
    return house


def run(session: Session, kind: str, text: str, actor: Actor = SYSTEM) -> ImportResult:
    return tables.import_table(session, actor, kind, TableUpload("list.csv", text.encode()))


@pytest.mark.usefixtures("house")
def test_a_record_is_added_changed_deleted_and_brought_back(session: Session) -> None:
    first = governance.add_record(session, SYSTEM, RISKS, RISK)
    second = governance.add_record(session, SYSTEM, RISKS, RISK | {"building": ""})
    assert (first.code, second.code, second.building_id) == ("R-1", "R-2", None)
    with pytest.raises(InvalidInput, match="R-1"):
        governance.add_record(session, SYSTEM, RISKS, RISK | {"code": "R-1"})
    changed = governance.edit_record(
        session, SYSTEM, RISKS, "R-1", RISK | {"impact": 5}, first.version
    )
    assert (changed.code, changed.impact) == ("R-1", 5)
    with pytest.raises(Conflict):
        governance.delete_record(session, SYSTEM, RISKS, "R-1", changed.version - 1)

    anna = make_actor("manager")
    audit.set_context(session, anna.audit())
    governance.delete_record(session, anna, RISKS, "R-1", changed.version)
    with pytest.raises(NotFound):
        governance.find_record(session, SYSTEM, RISKS, "R-1")
    audit.set_context(session, make_actor("manager").audit())
    undo.undo_request(session, make_actor("manager"), anna.request_id)
    back = governance.find_record(session, SYSTEM, RISKS, "R-1")
    assert (back.impact, back.building.code) == (5, "RH")
    told = governance.list_history(session, SYSTEM, RISKS, back)
    assert len(told) == 4


def test_a_deleted_decision_leaves_behind_what_rested_on_it(session: Session, full: House) -> None:
    del full
    decision = governance.find_record(session, SYSTEM, DECISIONS, "B-1")
    assert [len(part) for part in governance.list_based_on(session, SYSTEM, decision)] == [1, 1]
    governance.delete_record(session, SYSTEM, DECISIONS, "B-1", decision.version)
    session.expire_all()
    assert governance.find_record(session, SYSTEM, POSTS, "S-1").decision is None


def test_everybody_reaches_what_lies_in_their_houses_only(session: Session, full: House) -> None:
    add_risk(session, "R-city", title="City")
    session.commit()
    here = make_actor("manager", full.building.id)
    winger = make_actor("manager", full.building.id, full.west.id)

    assert [kind.key for kind in governance.visible_kinds(here)] == [
        "trainings",
        "support_teams",
        "device_groups",
        "risks",
    ]
    assert [x.record.code for x in list_lines(session, here, RISKS, TODAY)] == ["R-1"]
    assert list_lines(session, winger, RISKS, TODAY) == []
    assert find_overview(session, winger, TODAY).checks == ()
    assert find_overview(session, here, TODAY).checks[0].met is Met.YES
    # The city's team looks after every building: that much everybody may know.
    teams = list_lines(session, SYSTEM, KINDS["support-teams"], TODAY)
    teams[0].record.building_id = None
    session.commit()
    assert find_overview(session, here, TODAY).checks[0].met is Met.YES
    assert list_lines(session, here, KINDS["support-teams"], TODAY) == []
    with pytest.raises(NotFound):
        governance.find_record(session, here, RISKS, "R-city")
    with pytest.raises(NotAllowed):
        governance.add_record(session, here, RISKS, RISK | {"building": ""})
    with pytest.raises(NotAllowed):
        governance.add_record(session, here, POSTS, {"title": "Post", "code": ""} | POST)
    with pytest.raises(NotAllowed):
        governance.add_record(session, make_actor("planner"), RISKS, RISK)
    refused = run(session, "risks", "code;title;building\nR-1;Moved;\nR-9;New;RH\n", here)
    assert [(error.row, error.field) for error in refused.errors] == [(1, "code")]
    assert "R-city" not in tables.export_table(session, here, "risks", "csv").decode()
    found = {row.code for group in search.search(session, here, "R-", 9) for row in group.rows}
    assert "R-1" in found
    assert "R-city" not in found


POST = {
    "office": "",
    "full_time_count": 1.0,
    "plan": "",
    "state": "applied for",
    "decision": "",
    "note": "",
}


@pytest.mark.usefixtures("full")
def test_exports_of_every_kind_import_unchanged(session: Session) -> None:
    for kind, suffix in (*zip(GOVERNANCE_TABLES, itertools.repeat("csv")), ("decisions", "xlsx")):
        data = tables.export_table(session, SYSTEM, kind, suffix)
        result = tables.import_table(session, SYSTEM, kind, TableUpload(f"x.{suffix}", data))
        assert result.errors == (), kind
        assert [row.outcome for row in result.outcomes] == ["unchanged"], kind


@pytest.mark.usefixtures("house")
def test_german_tables_arrive_in_the_words_in_which_dates_are_known(session: Session) -> None:
    decisions = run(
        session,
        "decisions",
        "Kennung;Gegenstand;Gremium;beschlossen;benötigt bis\n"
        "B-1;WLAN;Gemeinderat;Dezember 2019;\nB-2;Stellen;;;Q1/2027\n",
    )
    posts = run(
        session,
        "posts",
        "Kennung;Stelle;VZÄ;Stand;Beschluss\nST-1;Planung;1,5;besetzt;B-1\n"
        "ST-2;Aufbau;0,5;beantragt;\n",
    )
    assert (decisions.errors, posts.errors) == ((), ())
    assert governance.find_record(session, SYSTEM, DECISIONS, "B-2").due == on("Q1/2027")
    post = governance.find_record(session, SYSTEM, POSTS, "ST-1")
    assert (post.full_time_count, post.state, post.decision.code) == (1.5, "filled", "B-1")


@pytest.mark.usefixtures("house")
def test_a_faulty_table_tells_every_cell_and_writes_nothing(session: Session) -> None:
    result = run(
        session,
        "risks",
        "code;title;likelihood;building;review_on\nR-1;fine;3;RH;\nR-2;;3;;\nR-3;x;9;;\n"
        "R-4;x;3;XX;\nR-5;x;3;;31.02.2026\n",
    )
    assert [(error.row, error.field) for error in result.errors] == [
        (2, "title"),
        (3, "likelihood"),
        (4, "building"),
        (5, "review_on"),
    ]
    assert list_lines(session, SYSTEM, RISKS, TODAY) == []


def test_a_list_is_narrowed_and_sorted_with_the_unknown_at_its_end(session: Session) -> None:
    add_risk(session, "R-10", title="Alte Wände", likelihood=1, impact=1, review_on=TODAY)
    add_risk(session, "R-9", title="100 % Personal", likelihood=5, impact=5, response="x")
    add_risk(session, "R-2", likelihood=5, impact=4, state="closed", review_on=TODAY)
    session.commit()
    lines = list_lines(session, SYSTEM, RISKS, TODAY)

    def codes(narrow: GovernanceFilter, page: Page) -> list[str]:
        kept = narrow_lines(RISKS, lines, narrow)
        return [line.record.code for line in take_page(RISKS, kept, page)]

    everything = GovernanceFilter()
    by_weight = Page("severity", is_descending=True, limit=50, offset=0)
    assert codes(everything, by_weight) == ["R-9", "R-2", "R-10"]
    for is_descending in (False, True):
        by_review = Page("review_on", is_descending, limit=50, offset=0)
        assert codes(everything, by_review)[-1] == "R-9"
    assert codes(everything, Page("code", is_descending=False, limit=1, offset=1)) == ["R-9"]
    assert codes(GovernanceFilter(choice="closed"), by_weight) == ["R-2"]
    assert codes(GovernanceFilter(words="0 % pers"), by_weight) == ["R-9"]
    assert codes(GovernanceFilter(needs_attention=True), by_weight) == ["R-9", "R-10"]
    assert codes(GovernanceFilter(building="RH"), by_weight) == []


def test_the_overview_answers_whether_this_can_be_operated(session: Session, full: House) -> None:
    add_uplink(session, full.building, "UL-1")
    add_uplink(session, full.building, "UL-2", loads_mbit=((70, 28), (1, 1)))
    add_uplink(session, full.building, "UL-3", loads_mbit=((1, 1), (10, 28.4)))
    session.commit()
    overview = find_overview(session, make_actor("manager"), TODAY)
    met = {check.key: check.met for check in overview.checks}
    assert met == {
        "support_teams": Met.NO,
        "trainings": Met.UNKNOWN,
        "posts": Met.NO,
        "decisions": Met.YES,
        "risks": Met.YES,
        "budget_lines": Met.YES,
        "device_groups": Met.NO,
        "uplinks": Met.NO,
    }
    assert [row.code for row in overview.busy_uplinks] == ["UL-3"]
    assert overview.busy_uplinks[0].share == pytest.approx(0.71)
    assert overview.met_count == 3


def test_a_milestone_counts_its_readiness_from_team_people_posts_and_cables(
    session: Session, full: House
) -> None:
    parts = PlanParts(Clock(TODAY, "DE-BW"), ResultCache())
    city = add_milestone(session, "BET", kind="operations ready")
    house = add_milestone(session, "RH-BET", kind="operations ready", building_id=full.building.id)
    add_cable_run(session, None, outlet=add_outlet(session, full.ground))
    session.commit()

    def judge(record: Any, actor: Actor = SYSTEM) -> dict[str, Met]:  # noqa: ANN401 - a milestone
        page = milestones.show_milestone(session, actor, record.code, parts)
        found = {check.key: check.met for check in page.readiness}
        met = sum(item is Met.YES for item in found.values())
        assert page.line.progress is None or (
            (page.line.progress.done, page.line.progress.total) == (met, len(found))
        )
        return found

    assert judge(city) == {
        "support_teams": Met.NO,
        "trainings": Met.UNKNOWN,
        "posts": Met.NO,
        "documents": Met.NO,
    }
    assert judge(house)["support_teams"] is Met.YES
    assert "posts" not in judge(house)

    training = governance.find_record(session, SYSTEM, KINDS["trainings"], "SCH-1")
    training.planned_count, training.trained_count = 12, 12
    governance.find_record(session, SYSTEM, POSTS, "S-1").state = "filled"
    session.commit()
    assert (judge(city)["trainings"], judge(city)["posts"]) == (Met.YES, Met.YES)
    assert judge(house, make_actor("viewer")) == {}
