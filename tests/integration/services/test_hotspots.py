"""Public hotspots: what may be told, who may publish, and the bundle that is read back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.hotspots import add_feedback, add_hotspot
from tests.factories.networks import add_scope, add_ssid, add_vlan
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.networks.check import check_plan
from wlantrack.services import (
    hotspots,
    public_feedback,
    publication,
    published,
    ssids,
    tables,
)
from wlantrack.services.actor import SYSTEM, Actor, Scope
from wlantrack.services.bulk_changes import Selected
from wlantrack.services.hotspots import HotspotFilter, HotspotValues
from wlantrack.services.network_plan import House, load_plan
from wlantrack.services.paging import Page
from wlantrack.services.public_feedback import FeedbackValues
from wlantrack.services.published import read_export
from wlantrack.services.results import ResultCache
from wlantrack.services.tables import TableUpload
from wlantrack.settings import Settings
from wlantrack.store.bundle_folder import write_folder
from wlantrack.store.models.hotspots import Feedback, PublicHotspot

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House as Built
    from wlantrack.store.models.access_points import AccessPoint
    from wlantrack.store.models.networks import Ssid
    from wlantrack.store.session import Database

VALUES = HotspotValues("RH", "guest", "Town hall", "Market square 1", code="H-1")
PLANNER = Actor("anna", grants=(("planner", Scope()),))


@pytest.fixture
def guest(session: Session, house: Built) -> Ssid:
    """Give a visitor network on air in the whole house."""
    ssid = add_ssid(session, add_vlan(session), "guest", name="Guest WLAN")
    add_scope(session, ssid, building_id=house.building.id)
    session.commit()
    return ssid


@pytest.fixture
def point(session: Session, house: Built) -> AccessPoint:
    """Give an access point in operation on the ground floor of the west wing."""
    made = add_access_point(
        session, house.ground, "AP-1", wing_id=house.west.id, state="in operation"
    )
    session.commit()
    return made


@pytest.fixture
def hotspot(session: Session, house: Built, guest: Ssid, point: AccessPoint) -> PublicHotspot:
    """Give a published hotspot that is on air."""
    del point
    made = add_hotspot(session, house.building, guest)
    session.commit()
    return made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data")


def list_shown(session: Session) -> list[str]:
    return [item.name for item in published.load_hotspots(session)]


def judge_export(session: Session, settings: Settings) -> tuple[str, str]:
    export = read_export(settings.public_dir)
    plan = load_plan(
        session, SYSTEM, House(date(2026, 11, 25), public_export=export), ResultCache()
    )
    (found,) = [item for item in check_plan(plan) if item.rule == "W26"]
    return str(found.result), str(found.evidence)


# What counts as a published hotspot


def test_a_published_hotspot_on_air_is_shown(session: Session, hotspot: PublicHotspot) -> None:
    (shown,) = published.load_hotspots(session)

    assert (shown.id, shown.name, shown.network) == (
        str(hotspot.open_id),
        "Town hall",
        "Guest WLAN",
    )
    assert hotspot.open_id != hotspot.public_id


def test_nobody_is_shown_what_nobody_has_published(
    session: Session, hotspot: PublicHotspot
) -> None:
    hotspot.is_published = False
    session.flush()

    assert list_shown(session) == []


@pytest.mark.parametrize("state", ["planned", "online", "faulty", "removed"])
def test_an_access_point_that_is_not_in_operation_makes_no_hotspot(
    session: Session, hotspot: PublicHotspot, point: AccessPoint, state: str
) -> None:
    del hotspot
    point.state = state
    session.flush()

    assert list_shown(session) == []


@pytest.mark.parametrize("state", ["planned", "retired"])
def test_an_ssid_that_is_not_on_air_makes_no_hotspot(
    session: Session, hotspot: PublicHotspot, guest: Ssid, state: str
) -> None:
    del hotspot
    guest.state = state
    session.flush()

    assert list_shown(session) == []


def test_an_internal_network_is_never_shown_even_if_a_row_names_it(
    session: Session, house: Built, hotspot: PublicHotspot
) -> None:
    staff = add_vlan(session, "V-2", network_class="internal", vid=2)
    office = add_ssid(session, staff, "office", name="Office")
    add_scope(session, office, building_id=house.building.id)
    hotspot.ssid_id = office.id
    session.flush()

    assert list_shown(session) == []


def test_the_network_must_be_on_air_in_the_very_place(
    session: Session, house: Built, hotspot: PublicHotspot
) -> None:
    hotspot.wing_id = house.west.id
    session.flush()
    assert list_shown(session) == ["Town hall"]

    hotspot.floor_id = house.first.id
    session.flush()
    assert list_shown(session) == []

    hotspot.floor_id, hotspot.wing_id = house.ground.id, house.east.id
    session.flush()
    assert list_shown(session) == []


def test_the_list_tells_what_the_public_sees(
    session: Session, house: Built, hotspot: PublicHotspot, guest: Ssid
) -> None:
    add_hotspot(session, house.building, guest, "RH-WLAN-2", is_published=False)
    add_hotspot(session, house.building, guest, "RH-WLAN-3", floor_id=house.first.id)
    session.flush()

    found = {
        state: [
            row.code
            for row in hotspots.list_hotspots(session, SYSTEM, HotspotFilter(state=state), Page())[
                0
            ]
        ]
        for state in hotspots.STATE_WORDS
    }

    assert found == {"shown": [hotspot.code], "draft": ["RH-WLAN-2"], "silent": ["RH-WLAN-3"]}
    rows, total = hotspots.list_hotspots(session, SYSTEM, HotspotFilter(words="hall"), Page())
    assert total == 3
    assert rows[2].where == "RH/1"


# Who may do what


@pytest.mark.parametrize(
    ("role", "may"), [("planner", True), ("manager", True), ("facility", False), ("viewer", False)]
)
@pytest.mark.usefixtures("guest")
def test_planners_and_managers_publish(session: Session, role: str, *, may: bool) -> None:
    actor = Actor("anna", grants=((role, Scope()),))

    if may:
        assert hotspots.add_hotspot(session, actor, VALUES).is_published is False
    else:
        with pytest.raises(NotAllowed):
            hotspots.add_hotspot(session, actor, VALUES)


def test_another_wing_s_hotspot_does_not_exist(
    session: Session, house: Built, hotspot: PublicHotspot
) -> None:
    westerner = Actor("w", grants=(("planner", Scope(house.building.id, house.west.id)),))
    ref = str(hotspot.public_id)

    with pytest.raises(NotFound):
        hotspots.find_hotspot(session, westerner, ref)
    with pytest.raises(NotFound):
        hotspots.set_published(session, westerner, [Selected(ref)], "x", is_published=False)
    assert hotspots.list_hotspots(session, westerner, HotspotFilter(), Page())[1] == 0
    hotspot.wing_id = house.west.id
    session.flush()
    assert hotspots.find_hotspot(session, westerner, ref) is hotspot


def test_nobody_moves_a_hotspot_to_where_they_may_not_publish(
    session: Session, house: Built, hotspot: PublicHotspot
) -> None:
    hotspot.wing_id = house.west.id
    session.commit()
    westerner = Actor("w", grants=(("planner", Scope(house.building.id, house.west.id)),))

    with pytest.raises(NotAllowed):
        hotspots.edit_hotspot(
            session, westerner, hotspot.code, replace(VALUES, where="RH/EA"), hotspot.version
        )


def test_publishing_needs_a_reason_and_the_version_that_was_seen(
    session: Session, hotspot: PublicHotspot
) -> None:
    seen = [Selected(str(hotspot.public_id), hotspot.version)]

    with pytest.raises(InvalidInput, match="The reason is missing"):
        hotspots.set_published(session, PLANNER, seen, " ", is_published=False)
    hotspots.set_published(session, PLANNER, seen, "closed", is_published=False)
    with pytest.raises(Conflict):
        hotspots.set_published(session, PLANNER, seen, "open", is_published=True)
    entry = hotspots.list_history(session, SYSTEM, hotspot)[0]
    assert (entry.actor, entry.reason) == ("anna", "closed")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": ""}, "address"),
        ({"place": "x" * 201}, "place"),
        ({"where": "RH/9"}, "where"),
        ({"where": "RH/XX"}, "where"),
        ({"where": "XX"}, "where"),
        ({"where": "../etc"}, "where"),
        ({"ssid": "nothing"}, "ssid"),
        ({"ssid": "office"}, "ssid"),
        ({"latitude_deg": 91.0, "longitude_deg": 9.0}, "latitude_deg"),
        ({"latitude_deg": float("nan"), "longitude_deg": 9.0}, "latitude_deg"),
        ({"latitude_deg": 48.7}, "longitude_deg"),
    ],
)
@pytest.mark.usefixtures("guest")
def test_what_cannot_be_is_refused_and_names_its_field(
    session: Session, values: dict[str, object], field: str
) -> None:
    add_ssid(session, add_vlan(session, "V-2", network_class="internal", vid=2), "office")

    with pytest.raises(InvalidInput) as refused:
        hotspots.add_hotspot(session, PLANNER, replace(VALUES, **values))  # type: ignore[arg-type]

    assert [problem.field for problem in refused.value.problems] == [field]


def test_many_are_published_all_or_none(
    session: Session, house: Built, hotspot: PublicHotspot, guest: Ssid
) -> None:
    other = add_hotspot(session, house.building, guest, "RH-WLAN-2", is_published=False)
    session.commit()
    seen = [Selected(str(item.public_id), item.version) for item in (other, hotspot)]
    hotspots.edit_hotspot(session, SYSTEM, hotspot.code, VALUES, hotspot.version)

    with pytest.raises(Conflict):
        hotspots.set_published(session, PLANNER, seen, "opening", is_published=True)
    session.rollback()
    assert not other.is_published

    for count in (1, 0):
        chosen = [Selected(other.code)]
        changed = hotspots.set_published(session, PLANNER, chosen, "opening", is_published=True)
        assert len(changed) == count
    assert sorted(list_shown(session)) == ["Town hall", "Town hall"]
    with pytest.raises(InvalidInput, match="Nothing is selected"):
        hotspots.set_published(session, PLANNER, [], "opening", is_published=True)


def test_a_code_stands_once_and_an_empty_one_is_made_up(
    session: Session, hotspot: PublicHotspot
) -> None:
    assert hotspot.code == "RH-WLAN-1"
    assert hotspots.add_hotspot(session, PLANNER, replace(VALUES, code="")).code == "RH-WLAN-2"
    with pytest.raises(InvalidInput):
        hotspots.add_hotspot(session, PLANNER, replace(VALUES, code="RH-WLAN-1"))


def test_positions_are_stored_as_exactly_as_they_are_told(
    session: Session, hotspot: PublicHotspot
) -> None:
    values = replace(VALUES, code="H-2", latitude_deg=48.775138, longitude_deg=9.177949)

    made = hotspots.add_hotspot(session, PLANNER, values)

    assert (made.latitude_deg, made.longitude_deg) == (48.7751, 9.1779)
    assert hotspot.latitude_deg == 48.7751


def test_a_published_hotspot_and_the_network_it_offers_are_not_deleted(
    session: Session, hotspot: PublicHotspot, guest: Ssid
) -> None:
    guest.state = "planned"
    session.commit()

    with pytest.raises(InvalidInput, match="published hotspot"):
        hotspots.delete_hotspot(session, PLANNER, hotspot.code, hotspot.version)
    with pytest.raises(InvalidInput, match="Public hotspots offer this SSID"):
        ssids.delete_ssid(session, PLANNER, "guest", guest.version)


# The bundle


def test_the_same_hotspots_give_the_same_bytes_whoever_publishes(
    session: Session, hotspot: PublicHotspot, settings: Settings, tmp_path: Path
) -> None:
    del hotspot
    first = publication.publish(session, SYSTEM, settings, tmp_path / "one")
    second = publication.publish(session, PLANNER, settings, tmp_path / "two")

    assert first == second
    for path, _ in first.files:
        assert (tmp_path / "one" / path).read_bytes() == (settings.public_dir / path).read_bytes()


def test_a_folder_with_other_things_in_it_is_left_alone(
    session: Session, hotspot: PublicHotspot, settings: Settings, tmp_path: Path
) -> None:
    del hotspot
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")

    with pytest.raises(InvalidInput, match="something else"):
        publication.publish(session, SYSTEM, settings, tmp_path / "photos")

    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]
    assert not published.is_published(settings)


def test_files_that_are_no_longer_published_go(tmp_path: Path) -> None:
    manifest = b'{"files": [{"path": "old/a.txt", "sha256": ""}, {"path": "../b", "sha256": ""}]}'
    (tmp_path / "b").write_bytes(b"not ours")
    folder = tmp_path / "bundle"
    write_folder(folder, {"old/a.txt": b"a", "manifest.json": manifest})

    write_folder(folder, {"manifest.json": b"{}"})

    assert not (folder / "old" / "a.txt").exists()
    assert (tmp_path / "b").exists()


def test_only_who_publishes_somewhere_writes_the_page(session: Session, settings: Settings) -> None:
    with pytest.raises(NotAllowed):
        publication.publish(session, Actor("f", grants=(("facility", Scope()),)), settings)


def test_of_many_who_publish_at_once_none_puts_an_older_page_over_a_newer(
    session: Session, hotspot: PublicHotspot, database: Database, settings: Settings
) -> None:
    guest = hotspot.ssid_id
    for number in range(2, 8):
        session.add(
            PublicHotspot(
                code=f"H-{number}",
                building_id=hotspot.building_id,
                ssid_id=guest,
                name=f"Hall {number}",
                address="Market square 1",
                is_published=True,
            )
        )
    session.commit()
    publication.publish(session, SYSTEM, settings)
    session.close()

    def take_off(number: int) -> None:
        with database.writing(SYSTEM.audit()) as own:
            hotspots.set_published(
                own, SYSTEM, [Selected(f"H-{number}")], "closed", is_published=False
            )
            publication.keep_current(own, settings)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(take_off, range(2, 8)))

    with database.reading() as reader:
        assert list_shown(reader) == ["Town hall"]
        assert not published.is_behind(reader, settings)


# W26


def test_w26_is_unknown_before_anything_is_published(session: Session, settings: Settings) -> None:
    assert judge_export(session, settings)[0] == "unknown"


def test_w26_passes_on_what_was_published(
    session: Session, hotspot: PublicHotspot, settings: Settings
) -> None:
    del hotspot
    publication.publish(session, SYSTEM, settings)

    assert judge_export(session, settings)[0] == "pass"


def test_w26_fails_while_a_hotspot_is_still_on_the_page_that_nobody_publishes_any_more(
    session: Session, hotspot: PublicHotspot, settings: Settings
) -> None:
    publication.publish(session, SYSTEM, settings)
    hotspot.is_published = False
    session.flush()

    result, evidence = judge_export(session, settings)
    assert result == "fail"
    assert str(hotspot.open_id) in evidence

    publication.keep_current(session, settings)
    assert judge_export(session, settings)[0] == "pass"


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("hotspots.geojson", b'"place"', b'"serial"', "serial"),
        ("hotspots.csv", b"place", b"vlan", "vlan"),
        ("index.html", b"Town hall", b"RH-MP-0-AP-01", "index.html"),
        ("hotspots.geojson", b"{", b"", "hotspots.geojson"),
    ],
)
@pytest.mark.usefixtures("hotspot")
def test_w26_fails_on_a_key_off_the_allow_list_and_on_a_file_that_was_altered(
    session: Session, settings: Settings, file: str, old: bytes, new: bytes, named: str
) -> None:
    publication.publish(session, SYSTEM, settings)
    path = settings.public_dir / file
    path.write_bytes(path.read_bytes().replace(old, new, 1))

    result, evidence = judge_export(session, settings)

    assert result == "fail"
    assert named in evidence


@pytest.mark.usefixtures("hotspot")
def test_w26_fails_on_a_file_that_somebody_put_into_the_folder(
    session: Session, settings: Settings
) -> None:
    publication.publish(session, SYSTEM, settings)
    (settings.public_dir / "plan.pdf").write_bytes(b"x")

    assert judge_export(session, settings) == ("fail", "Keys off the allow-list: plan.pdf.")


# Feedback


def test_feedback_that_nobody_reads_does_not_fill_the_disk(session: Session) -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    for _ in range(public_feedback.MOST_WAITING - 1):
        session.add(Feedback(received_at=now, topic="other", words="x"))
    session.commit()
    values = FeedbackValues("other", "The last one")
    public_feedback.take(session, values, now)

    with pytest.raises(Conflict, match="cannot take more messages"):
        public_feedback.take(session, values, now)

    first = public_feedback.list_feedback(session, SYSTEM)[0]
    public_feedback.set_done(session, SYSTEM, str(first.public_id), first.version, is_done=True)
    public_feedback.take(session, values, now)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (FeedbackValues("other", "  "), "words"),
        (FeedbackValues("other", "x" * 2001), "words"),
        (FeedbackValues("other", "x", "y" * 201), "reply_to"),
        (FeedbackValues("politics", "x"), "topic"),
    ],
)
def test_feedback_that_cannot_be_is_refused(
    session: Session, values: FeedbackValues, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        public_feedback.take(session, values, datetime(2026, 11, 25, 12, tzinfo=UTC))

    assert [problem.field for problem in refused.value.problems] == [field]


def test_feedback_is_for_those_who_publish_there(
    session: Session, house: Built, hotspot: PublicHotspot
) -> None:
    add_feedback(session, about=hotspot.open_id, words="here")
    add_feedback(session, about=None, words="anywhere")
    session.commit()
    here = Actor("h", grants=(("planner", Scope(house.building.id)),))
    elsewhere = Actor("e", grants=(("planner", Scope(house.building.id, house.west.id)),))

    def read(actor: Actor) -> list[str]:
        return sorted(row.words for row in public_feedback.list_feedback(session, actor))

    assert read(PLANNER) == ["anywhere", "here"]
    assert read(here) == ["here"]
    assert read(elsewhere) == []
    assert public_feedback.count_waiting(session, here) == 1


# Tables


@pytest.mark.usefixtures("hotspot")
def test_an_export_imports_unchanged_and_german_headers_are_read(session: Session) -> None:
    data = tables.export_table(session, SYSTEM, "public_hotspots")
    upload = TableUpload("hotspots.csv", data)
    assert tables.import_table(session, SYSTEM, "public_hotspots", upload).count("unchanged") == 1

    german = (
        "Kennung;Ort;SSID-Kennung;Bezeichnung;Anschrift;veröffentlicht;Breite;Länge\n"
        "RH-WLAN-1;RH;guest;Rathaus;Marktplatz 1;nein;48,7752;9,1778\n"
        "RH-WLAN-9;RH/WE/0;guest;Westflügel;Marktplatz 2;ja;;\n"
    )
    done = tables.import_table(
        session, SYSTEM, "public_hotspots", TableUpload("h.csv", german.encode("utf-8-sig"))
    )
    assert [row.outcome for row in done.outcomes] == ["updated", "created"]
    assert list_shown(session) == ["Westflügel"]


@pytest.mark.usefixtures("hotspot")
def test_bad_cells_are_told_by_row_column_and_value_and_nothing_is_written(
    session: Session,
) -> None:
    text = "code;where;ssid;name;address\nRH-WLAN-1;RH/9;guest;A;B\nNEW;RH;office;;B\n"

    done = tables.import_table(
        session, SYSTEM, "public_hotspots", TableUpload("h.csv", text.encode())
    )

    assert [(error.row, error.field, error.value) for error in done.errors] == [
        (1, "where", "RH/9"),
        (2, "name", None),
    ]
    assert list_shown(session) == ["Town hall"]


@pytest.mark.usefixtures("hotspot")
def test_a_table_publishes_nothing_where_its_reader_may_not(session: Session, house: Built) -> None:
    westerner = Actor("w", grants=(("planner", Scope(house.building.id, house.west.id)),))
    text = "code;published\nRH-WLAN-1;no\n"

    done = tables.import_table(
        session, westerner, "public_hotspots", TableUpload("h.csv", text.encode())
    )

    assert [error.field for error in done.errors] == ["code"]
    assert list_shown(session) == ["Town hall"]
