"""Milestones: standing and words, propagation, slip preview, links, rights, tables."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.demand import add_group
from tests.factories.people import make_actor
from tests.factories.places import add_room
from tests.factories.rollout import (
    add_baseline,
    add_link,
    add_milestone,
    add_package,
    add_snapshot,
    on,
)
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.services import (
    milestone_edits,
    milestones,
    plan_links,
    room_groups,
    snapshots,
    tables,
    undo,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.milestone_edits import DateValues, MilestoneValues, Seen
from wlantrack.services.milestones import MilestoneFilter
from wlantrack.services.paging import Page
from wlantrack.services.plan import Clock, PlanParts
from wlantrack.services.plan_links import LinkValues
from wlantrack.services.results import ResultCache
from wlantrack.services.tables import TableUpload
from wlantrack.store import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.store.models.milestones import Milestone
    from wlantrack.store.session import Database

TODAY = date(2026, 3, 10)


@pytest.fixture
def parts() -> PlanParts:
    return PlanParts(Clock(TODAY, "DE-BW"), ResultCache())


@pytest.fixture
def wing(house: House) -> dict[str, int]:
    return {"building_id": house.building.id, "wing_id": house.west.id}


def line_of(session: Session, parts: PlanParts, record: Milestone, baseline: str = "") -> Any:  # noqa: ANN401 - what may be missing in a line is asserted by reading it
    page = milestones.show_milestone(session, SYSTEM, str(record.public_id), parts, baseline)
    return page.line


def test_a_date_comes_back_in_its_words_everywhere(
    session: Session, parts: PlanParts, wing: dict[str, int]
) -> None:
    record = add_milestone(session, "RH-W-KAB", actual=on("Q1/2021"), **wing)
    later = add_milestone(session, "RH-W-BES", forecast=on("Q3/2026"), **wing)
    after = add_milestone(session, "RH-W-ABN", kind="accepted", **wing)
    add_link(session, later, after)
    session.commit()
    assert line_of(session, parts, record).expected.wording == "Q1/2021"
    assert line_of(session, parts, later).expected.wording == "Q3/2026"
    # What follows from a quarter is told no finer: the last day of September drives it.
    assert line_of(session, parts, after).expected.wording == "Q3/2026"
    exported = tables.export_table(session, SYSTEM, "milestones").decode("utf-8-sig")
    assert "Q1/2021" in exported
    assert "2021-01-01" not in exported


def test_what_waits_for_something_undated_is_undated_and_names_it(
    session: Session, parts: PlanParts, wing: dict[str, int]
) -> None:
    cabled = add_milestone(session, "RH-W-KAB", undated_reason="walls are closed", **wing)
    live = add_milestone(session, "RH-W-BES", forecast=on("Q2/2026"), **wing)
    add_link(session, cabled, live, lag_days=5)
    session.commit()
    line = line_of(session, parts, live)
    assert (line.state, line.expected, line.days_late) == ("no date", None, 0)
    assert [(str(item.words), item.code) for item in line.open.waits_for] == [
        ("cabling", "RH-W-KAB")
    ]
    assert line.open.relative_days == 5
    assert line_of(session, parts, cabled).open.reason == "walls are closed"


def test_what_nobody_has_dated_is_open_and_never_late(
    session: Session, parts: PlanParts, wing: dict[str, int]
) -> None:
    record = add_milestone(session, "M1", **wing)
    session.commit()
    line = line_of(session, parts, record)
    assert (line.state, line.expected, line.open.waits_for) == ("no date", None, ())


@pytest.mark.parametrize(
    ("forecast", "state", "days_late"),
    [
        ("31.05.2026", "on time", 0),  # a Sunday: the Friday before it counts
        ("2026-03-09", "late", 1),
        ("Q1/2026", "on time", 0),
    ],
)
def test_late_is_what_comes_after_the_last_day_promised(
    session: Session, parts: PlanParts, forecast: str, state: str, days_late: int
) -> None:
    record = add_milestone(session, forecast=on(forecast))
    session.commit()
    line = line_of(session, parts, record)
    assert (line.state, line.days_late, line.expected.wording) == (state, days_late, forecast)


def test_a_baseline_says_how_far_a_milestone_has_slipped(
    session: Session, parts: PlanParts
) -> None:
    record = add_milestone(session, forecast=on("2026-04-01"))
    baseline = add_baseline(session, record)
    session.commit()
    record.forecast = on("2026-04-10")
    session.commit()
    line = line_of(session, parts, record, str(baseline.public_id))
    # 2, 7, 8, 9, 10 April: Good Friday and Easter Monday are no working days
    assert (line.planned.planned.wording, line.state, line.days_late) == ("2026-04-01", "late", 5)


def test_progress_is_counted_from_the_objects_and_contradictions_show(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    room = add_room(session, house.ground, "001", wing_id=house.west.id)
    other = add_room(session, house.ground, "002", wing_id=house.west.id)
    group = add_group(session, house.building, room, other)
    add_access_point(
        session, house.ground, "A1", wing_id=house.west.id, room_id=room.id, state="in operation"
    )
    add_access_point(session, house.ground, "A2", wing_id=house.west.id)
    live = add_milestone(session, "M1", kind="visitor WLAN live", actual=on("2026-03-01"), **wing)
    of_group = add_milestone(
        session,
        "M2",
        kind="visitor WLAN live",
        building_id=house.building.id,
        room_group_id=group.id,
    )
    session.commit()
    line = line_of(session, parts, live)
    assert (line.progress.done, line.progress.total, line.contradicts) == (1, 2, True)
    page: Any = milestones.show_milestone(session, SYSTEM, "M2", parts)
    assert (page.line.progress.done, page.line.progress.total) == (1, 1)
    assert (page.rooms.done, page.rooms.total) == (1, 2)
    assert of_group.code == "M2"


def test_the_preview_tells_what_moves_and_nothing_moves_before_it_is_applied(
    session: Session, parts: PlanParts
) -> None:
    first = add_milestone(session, "M1", forecast=on("2026-04-01"))
    second = add_milestone(session, "M2", kind="accepted")
    add_link(session, first, second, lag_days=2)
    session.commit()
    values = DateValues("forecast", "2026-04-10", reason="delivery")
    preview: Any = milestone_edits.preview_date(session, SYSTEM, "M1", values, parts)
    assert [(m.what.code, m.before.wording, m.after.wording, m.days) for m in preview.moves] == [
        ("M1", "2026-04-01", "2026-04-10", 5),
        ("M2", "07.04.2026", "14.04.2026", 5),
    ]
    assert first.forecast == on("2026-04-01")
    undated = DateValues("undated", reason="nobody knows")
    lost: Any = milestone_edits.preview_date(session, SYSTEM, "M1", undated, parts)
    assert [(m.what.code, m.days, m.after) for m in lost.moves] == [
        ("M1", None, None),
        ("M2", None, None),
    ]
    assert lost.moves[1].open_after.waits_for[0].code == "M1"
    seen = Seen(first.version, preview.seen)
    milestone_edits.apply_date(session, SYSTEM, "M1", values, seen, parts)
    assert (first.forecast, first.forecast_reason) == (on("2026-04-10"), "delivery")


def test_a_date_is_applied_only_to_the_plan_that_was_seen(
    session: Session, parts: PlanParts
) -> None:
    first = add_milestone(session, "M1", forecast=on("2026-04-01"))
    second = add_milestone(session, "M2", kind="accepted")
    session.commit()
    values = DateValues("forecast", "2026-04-10", reason="delivery")
    preview = milestone_edits.preview_date(session, SYSTEM, "M1", values, parts)
    add_link(session, first, second)
    session.commit()
    seen = Seen(first.version, preview.seen)
    with pytest.raises(Conflict):
        milestone_edits.apply_date(session, SYSTEM, "M1", values, seen, parts)
    with pytest.raises(Conflict):
        milestone_edits.set_date(session, SYSTEM, "M1", values, first.version - 1, TODAY)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (DateValues("forecast", "soon"), "wording"),
        (DateValues("forecast", "", None, None, "x"), "wording"),
        (DateValues("forecast", "Q3/2026"), "reason"),
        (DateValues("undated"), "reason"),
        (DateValues("actual", "Q3/2026"), "wording"),
        (DateValues("forecast", "autumn", date(2026, 9, 2), date(2026, 9, 1), "x"), "latest"),
        (DateValues("forecast", "one day", date(2026, 9, 2), date(9999, 12, 31), "x"), "latest"),
        (DateValues("maybe", "Q3/2026"), "mode"),
    ],
)
def test_an_impossible_date_is_refused_by_field(
    session: Session, parts: PlanParts, values: DateValues, field: str
) -> None:
    add_milestone(session, "M1", forecast=on("2026-04-01"))
    session.commit()
    with pytest.raises(InvalidInput) as refused:
        milestone_edits.preview_date(session, SYSTEM, "M1", values, parts)
    assert refused.value.problems[0].field == field


def test_milestones_are_added_for_a_place_with_codes_of_their_own(
    session: Session, house: House
) -> None:
    place = f"wing:{house.west.public_id}"
    kinds = ("visitor WLAN live", "cabling complete")
    added = milestone_edits.add_milestones(session, SYSTEM, place, kinds, "no cables")
    again = milestone_edits.add_milestones(session, SYSTEM, place, kinds[:1])
    code = f"{house.building.code}-{house.west.code}"
    assert [record.code for record in added] == [f"{code}-KAB", f"{code}-BES"]
    assert [record.code for record in again] == [f"{code}-BES-2"]
    with pytest.raises(InvalidInput):
        milestone_edits.edit_milestone(
            session, SYSTEM, f"{code}-BES-2", MilestoneValues(f"{code}-BES"), None
        )
    with pytest.raises(InvalidInput):
        milestone_edits.add_milestones(session, SYSTEM, place, ())
    with pytest.raises(InvalidInput):
        milestone_edits.add_milestones(session, SYSTEM, "moon:1", kinds)


def test_a_room_group_with_a_milestone_is_not_deleted(session: Session, house: House) -> None:
    group = add_group(session, house.building, code="FR")
    add_milestone(session, "M1", building_id=house.building.id, room_group_id=group.id)
    session.commit()
    with pytest.raises(InvalidInput, match="M1"):
        room_groups.delete_group(session, SYSTEM, str(group.public_id), group.version)


def test_a_circle_is_refused_by_its_name(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    first = add_milestone(session, "M1", **wing)
    package = add_package(session, house.building, "P1", wing_id=house.west.id)
    session.commit()
    plan_links.add_link(session, SYSTEM, package.public_id, LinkValues("M1"), parts)
    with pytest.raises(InvalidInput, match="M1 → P1 → M1"):
        plan_links.add_link(session, SYSTEM, first.public_id, LinkValues("P1"), parts)
    for values in (
        LinkValues("M1"),
        LinkValues("nothing"),
        LinkValues("M1", "XX"),
        LinkValues("M1", lag_days=1001),
    ):
        with pytest.raises(InvalidInput):
            plan_links.add_link(session, SYSTEM, package.public_id, values, parts)


def test_two_links_that_close_a_circle_together_are_not_both_added(
    database: Database, session: Session, parts: PlanParts
) -> None:
    first, second = add_milestone(session, "M1"), add_milestone(session, "M2")
    session.commit()

    def link_back() -> None:
        with database.writing(SYSTEM.audit()) as other:
            plan_links.add_link(other, SYSTEM, first.public_id, LinkValues("M2"), parts)

    add_link(session, first, second)  # as another writer whose transaction is not over yet
    with ThreadPoolExecutor(1) as pool:
        linked = pool.submit(link_back)
        with pytest.raises(TimeoutError):
            linked.result(timeout=0.5)
        session.commit()
        with pytest.raises(InvalidInput, match="M1 → M2 → M1"):
            linked.result(timeout=30)


def test_links_are_removed_and_brought_back_by_whoever_may_edit_what_waits(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    add_milestone(session, "M1", building_id=house.building.id, wing_id=house.east.id)
    second = add_milestone(session, "M2", **wing)
    session.commit()
    westerner = make_actor("manager", house.building.id, house.west.id)
    with pytest.raises(InvalidInput):  # the eastern wing is none of theirs
        plan_links.add_link(session, westerner, second.public_id, LinkValues("M1"), parts)
    link = plan_links.add_link(session, SYSTEM, second.public_id, LinkValues("M1"), parts)
    viewer = make_actor("viewer", house.building.id, house.west.id)
    with pytest.raises(NotAllowed):
        plan_links.remove_link(session, viewer, str(link.public_id), link.version)
    easterner = make_actor("manager", house.building.id, house.east.id)
    with pytest.raises(NotFound):
        plan_links.remove_link(session, easterner, str(link.public_id), link.version)
    plan_links.remove_link(session, westerner, str(link.public_id), link.version)
    assert not milestones.show_milestone(session, SYSTEM, "M2", parts).links_in


def test_what_lies_elsewhere_is_not_named(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    secret = add_milestone(
        session,
        "SECRET",
        building_id=house.building.id,
        wing_id=house.east.id,
        undated_reason="SECRET",
    )
    mine = add_milestone(session, "M2", **wing)
    add_link(session, secret, mine)
    session.commit()
    westerner = make_actor("manager", house.building.id, house.west.id)
    rows, total = milestones.list_milestones(session, westerner, MilestoneFilter(), Page(), parts)
    assert (total, rows[0].code) == (1, "M2")
    assert "SECRET" not in repr(rows[0].open)
    with pytest.raises(NotFound):
        milestones.find_milestone(session, westerner, "SECRET")


def test_the_list_is_narrowed_by_place_kind_state_and_words(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    add_milestone(session, "M1", actual=on("Q1/2021"), **wing)
    add_milestone(session, "M2", kind="accepted", forecast=on("2026-02-01"), **wing)
    add_milestone(session, "M3", name="Programme", undated_reason="posts")
    session.commit()

    def codes(**narrow: str) -> list[str]:
        rows, _ = milestones.list_milestones(
            session, SYSTEM, MilestoneFilter(**narrow), Page("code"), parts
        )
        return [row.code for row in rows]

    assert codes() == ["M1", "M2", "M3"]
    assert codes(building=house.building.code, wing=house.west.code) == ["M1", "M2"]
    assert codes(state="reached") == ["M1"]
    assert codes(state="late") == ["M2"]
    assert codes(state="no date") == ["M3"]
    assert codes(kind="accepted") == ["M2"]
    assert codes(words="programme") == ["M3"]


def test_a_deleted_milestone_comes_back_with_its_links_and_snapshots(
    session: Session, parts: PlanParts
) -> None:
    first, second = add_milestone(session, "M1"), add_milestone(session, "M2")
    add_link(session, first, second)
    add_snapshot(session, first, date(2026, 1, 31))
    session.commit()
    manager = make_actor("manager")
    audit.set_context(session, manager.audit())
    gone = milestone_edits.delete_milestone(session, manager, "M1", first.version)[1]
    assert len(gone) == 1
    assert not milestones.show_milestone(session, SYSTEM, "M2", parts).links_in
    undo.undo_request(session, make_actor("manager"), manager.request_id)
    (link,) = milestones.show_milestone(session, SYSTEM, "M2", parts).links_in
    assert link.other.code == "M1"
    (trend,) = snapshots.list_trends(session, SYSTEM, parts)
    assert [point.report_on for point in trend.points][:1] == [date(2026, 1, 31)]


def test_undoing_a_link_needs_the_place_of_what_waits_by_it(
    session: Session, parts: PlanParts, house: House, wing: dict[str, int]
) -> None:
    add_milestone(session, "M1", building_id=house.building.id, wing_id=house.east.id)
    second = add_milestone(session, "M2", **wing)
    session.commit()
    manager = make_actor("manager")
    audit.set_context(session, manager.audit())
    plan_links.add_link(session, manager, second.public_id, LinkValues("M1"), parts)
    easterner = make_actor("manager", house.building.id, house.east.id)
    with pytest.raises((NotAllowed, NotFound)):
        undo.undo_request(session, easterner, manager.request_id)
    session.rollback()
    westerner = make_actor("manager", house.building.id, house.west.id)
    audit.set_context(session, westerner.audit())
    undo.undo_request(session, westerner, manager.request_id)
    assert not milestones.show_milestone(session, SYSTEM, "M2", parts).links_in


def test_an_export_of_milestones_and_links_changes_nothing_when_read_back(
    session: Session, house: House, wing: dict[str, int]
) -> None:
    first = add_milestone(session, "M1", forecast=on("Q1/2021"), actual=on("März 2021"), **wing)
    second = add_milestone(session, "M2", undated_reason="depends on cabling")
    group = add_group(session, house.building, code="FR")
    add_milestone(session, "M3", building_id=house.building.id, room_group_id=group.id)
    add_link(session, first, second, kind="SS", lag_days=-3)
    session.commit()
    milestone_edits.set_date(
        session,
        SYSTEM,
        "M3",
        DateValues(
            "forecast", "nach der Sommerpause", date(2026, 9, 1), date(2026, 9, 30), "autumn"
        ),
        None,
        TODAY,
    )
    for kind, count in (("milestones", 3), ("milestone_links", 1)):
        data = tables.export_table(session, SYSTEM, kind)
        result = tables.import_table(session, SYSTEM, kind, TableUpload(f"{kind}.csv", data))
        assert not result.errors
        assert [row.changed for row in result.outcomes] == [()] * count


def test_german_tables_are_read_and_faults_are_placed(
    session: Session, house: House, parts: PlanParts
) -> None:
    header = "Kennung;Art;Gebäude;Flügel;Prognose;Ist;Kein Termin weil"
    building, west = house.building.code, house.west.code
    good = f"M1;Besucher-WLAN in Betrieb;{building};{west};Q1/2021;;"
    faulty = (
        f"M2;Abgenommen;{building};ZZ;;;",
        f"M3;Abgenommen;{building};;bald;;",
        f"M4;Abgenommen;{building};;Q1/2021;;nobody knows",
        "M5;Abgenommen;NIX;;;;",
        "M1;Abgenommen;;;;;",
    )
    text = "\n".join((header, good, *faulty))
    upload = TableUpload("t.csv", text.encode())
    result = tables.import_table(session, SYSTEM, "milestones", upload)
    assert [(problem.row, problem.field) for problem in result.errors] == [
        (2, "wing"),
        (3, "forecast"),
        (4, "undated_reason"),
        (5, "building"),
        (6, "code"),
    ]
    upload = TableUpload("t.csv", f"{header}\n{good}".encode())
    assert tables.import_table(session, SYSTEM, "milestones", upload).count("created") == 1
    more = f"{header}\nM6;Abgenommen;{building};;;;".encode()
    assert not tables.import_table(session, SYSTEM, "milestones", TableUpload("t.csv", more)).errors
    circle = b"Vorher;Nachher\nM1;M6\nM6;M1"
    result = tables.import_table(session, SYSTEM, "milestone_links", TableUpload("t.csv", circle))
    assert (result.errors[0].row, result.errors[0].field) == (2, "after")
    assert "M1 → M6 → M1" in str(result.errors[0])

    link = TableUpload("t.csv", b"Vorher;Nachher\nM1;M6\n")
    tables.import_table(session, SYSTEM, "milestone_links", link)
    later = f"{header}\n{good.replace('Q1/2021', '2032-05-04')}\nM7;Abgenommen;;;;;".encode()
    trial = tables.import_table(
        session, SYSTEM, "milestones", TableUpload("t.csv", later), is_dry_run=True, parts=parts
    )
    assert trial.slip is not None
    assert [(move.what.code, move.days) for move in trial.slip.moves] == [
        ("M1", 1542),
        ("M6", 1542),
    ]
