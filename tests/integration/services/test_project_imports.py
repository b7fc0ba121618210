from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sqlalchemy import func, select

from tests.factories.files import make_photo
from tests.factories.people import make_actor
from tests.factories.projects import OPENINTENT, draw_bitmap, make_project, write_esx
from tests.samples import samples_folder
from wlantrack.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wlantrack.geometry.grid import Grid
from wlantrack.radio.coverage import predict
from wlantrack.services import (
    access_points,
    attachments,
    import_undo,
    places,
    project_imports,
    scene,
    walls,
)
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import Upload
from wlantrack.services.project_imports import ProjectChoices, ProjectFile
from wlantrack.store.models.access_points import (
    AccessPoint,
    AccessPointModel,
    AntennaPattern,
    Radio,
)
from wlantrack.store.models.audit import AuditEvent
from wlantrack.store.models.demand import ClutterZone, Requirement, Zone
from wlantrack.store.models.files import ImportRun
from wlantrack.store.models.places import Building, Floor, FloorPlan
from wlantrack.store.models.walls import Material, Wall
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor
    from wlantrack.services.project_imports import ProjectOutcome

MADE = (AccessPoint, Radio, Wall, ClutterZone, Zone, Material, AntennaPattern, AccessPointModel,
        Requirement, Building, Floor, FloorPlan)  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "plans")


def load(
    session: Session,
    files: PlanFiles,
    tables: dict[str, Any] | None = None,
    *,
    building: str | None = None,
    actor: Actor = SYSTEM,
    picture: bytes | None = None,
) -> ProjectOutcome:
    upload = ProjectFile("haus.esx", write_esx(tables, picture))
    return project_imports.apply(session, actor, files, "esx", [upload], ProjectChoices(building))


def one(session: Session, kind: Any, **values: Any) -> Any:  # noqa: ANN401 - any record
    session.expire_all()
    return session.scalars(select(kind).filter_by(**values)).one()


def count(session: Session, *kinds: type) -> list[int]:
    return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]


def test_a_project_becomes_a_building_with_all_that_stands_in_it(
    session: Session, files: PlanFiles
) -> None:
    outcome = load(session, files)

    assert outcome.buildings == ("KleinesHaus",)
    assert count(session, AccessPoint, Radio, Wall, ClutterZone, Zone) == [2, 4, 3, 1, 1]
    floor = one(session, Floor)
    assert (floor.level, floor.name, floor.height_m) == (0, "Erdgeschoss", 3.4)
    slab = one(session, Material, id=floor.slab_material_id)
    assert (slab.measured_db_24, slab.measured_db_5, slab.measured_db_6) == (15.0, 20.0, 22.0)
    rail = one(session, Material, code="bruestung")
    wall = one(session, Wall, material_id=rail.id)
    assert (wall.x1_m, wall.y1_m, wall.x2_m, wall.y2_m) == (5.0, 1.0, 15.0, 5.0)
    assert (wall.bottom_m, wall.top_m, wall.thickness_m) == (0.0, 1.1, 0.1)


def test_a_name_too_long_for_a_code_is_told_with_the_code_it_gets(
    session: Session, files: PlanFiles
) -> None:
    tables = make_project()
    tables["buildings"][0]["name"] = "Verwaltungsgebäude Nord"
    tables["project"]["name"] = "Verwaltungsgebäude Nord"

    told = [str(warning) for warning in load(session, files, tables).warnings]

    assert any("too long for a code" in words for words in told)
    assert one(session, Building).code == "Verwaltungsgebäu"
    named = load(session, files, make_project(), building="VN")
    assert not any("too long for a code" in str(warning) for warning in named.warnings)


def test_an_access_point_comes_with_model_radios_and_antenna(
    session: Session, files: PlanFiles
) -> None:
    load(session, files)

    point = access_points.find_access_point(session, SYSTEM, "KleinesHaus-0-AP-2")
    assert (point.x_m, point.y_m, point.height_m, point.mount) == (15.0, 2.5, 2.2, "wall")
    assert (point.azimuth_deg, point.downtilt_deg, point.state) == (270.0, 15.0, "planned")
    assert (point.model.code, point.model.vendor) == ("muster-m1", "Muster")
    (radio,) = point.radios
    assert (radio.band, radio.channel, radio.width_mhz, radio.power_dbm) == ("5", 44, 40, 12.0)
    (usual,) = point.model.radios
    assert usual.antenna is not None
    assert (usual.antenna.code, usual.gain_dbi) == ("sektor", 7.0)
    assert radio.antenna is None


def test_a_plan_lies_with_its_lower_left_corner_at_the_origin(
    session: Session, files: PlanFiles
) -> None:
    load(session, files)

    plan = one(session, FloorPlan)
    assert plan.pixel_to_building == [0.05, 0.0, 0.0, 0.0, -0.05, 10.0]
    assert files.read(plan.original_file) == draw_bitmap()
    assert files.read(one(session, ImportRun).stored_file) == write_esx()


def test_areas_ask_for_what_their_requirement_says(session: Session, files: PlanFiles) -> None:
    load(session, files)

    zone = one(session, Zone)
    assert (zone.code, zone.network_class, zone.outline.bounds) == (
        "saal",
        "internal",
        (2, 2, 18, 8),
    )
    requirement = one(session, Requirement, id=zone.requirement_id)
    assert (requirement.signal_dbm, requirement.secondary_dbm, requirement.snr_db) == (-65, -75, 25)
    assert requirement.access_point_count == 2


def test_shelves_damp_the_prediction_of_the_imported_floor(
    session: Session, files: PlanFiles
) -> None:
    load(session, files)
    floor = places.find_floor(session, SYSTEM, "KleinesHaus/0").floor
    loaded = scene.load_scene(session, SYSTEM, floor, "planned")

    (area,) = loaded.scene.areas
    assert (area.db_per_m, area.top_m, area.polygon.bounds) == ((2, 3, 4), 2.2, (10, 2, 14, 8))
    levels = predict(loaded.scene, Grid(0, 0, 1, 20, 10)).rssi_dbm
    assert np.isfinite(levels[0]).all()


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(
    session: Session, files: PlanFiles
) -> None:
    load(session, files)
    before = count(session, AuditEvent, ImportRun, *MADE)
    stored = sorted(files.folder.iterdir())

    again = load(session, files)

    assert again.ledger.is_empty
    assert again.run is None
    assert count(session, AuditEvent, ImportRun, *MADE) == before
    assert sorted(files.folder.iterdir()) == stored


def test_an_edited_file_updates_adds_and_takes_away(session: Session, files: PlanFiles) -> None:
    load(session, files)
    tables = make_project()
    tables["accessPoints"][0]["location"]["coord"]["x"] = 120
    tables["simulatedRadios"][1]["transmitPower"] = 11.0
    del tables["wallSegments"][1]
    tables["wallSegments"].append(tables["wallSegments"][0] | {"id": "wall-9"})

    ledger = load(session, files, tables).ledger

    assert dict(ledger.created) == {"wall": 1}
    assert dict(ledger.removed) == {"wall": 1}
    assert dict(ledger.updated) == {"access_point": 1}
    point = access_points.find_access_point(session, SYSTEM, "KleinesHaus-0-AP-1")
    assert point.x_m == 6.0
    assert [radio.power_dbm for radio in point.radios] == [10.0, 11.0, 14.0]


def test_access_points_that_the_file_no_longer_has_stay_and_are_named(
    session: Session, files: PlanFiles
) -> None:
    load(session, files)
    tables = make_project()
    del tables["accessPoints"][1]

    outcome = load(session, files, tables)

    assert outcome.ledger.is_empty
    assert any("KleinesHaus-0-AP-2" in str(warning) for warning in outcome.warnings)


def test_walls_that_people_drew_stay(session: Session, files: PlanFiles) -> None:
    load(session, files)
    floor = one(session, Floor)
    material = one(session, Material, code="brick-240")
    values = walls.WallValues(1.0, 1.0, 3.0, 1.0, material.public_id)
    walls.draw_wall(session, SYSTEM, str(floor.public_id), values)

    assert load(session, files).ledger.is_empty
    assert count(session, Wall) == [4]


def test_a_trial_tells_the_same_and_writes_nothing(session: Session, files: PlanFiles) -> None:
    upload = [ProjectFile("haus.esx", write_esx())]
    before = count(session, AuditEvent, *MADE)

    trial = project_imports.preview(session, SYSTEM, "esx", upload, ProjectChoices())

    assert count(session, AuditEvent, *MADE) == before
    assert not files.folder.exists()
    assert trial.floors[0].picture is not None
    assert load(session, files).ledger.created == trial.ledger.created


def test_a_project_can_go_into_a_building_that_is_there(
    session: Session, house: House, files: PlanFiles
) -> None:
    outcome = load(session, files, building="RH")

    assert outcome.buildings == ("RH",)
    assert "floor" not in outcome.ledger.created
    point = access_points.find_access_point(session, SYSTEM, "RH-0-AP-1")
    assert point.wing_id == house.west.id
    floor = one(session, Floor, id=house.ground.id)
    assert (floor.name, floor.height_m) == ("Floor 0", 3.0)
    assert floor.slab_material_id is not None


def test_two_projects_of_one_name_do_not_mix(session: Session, files: PlanFiles) -> None:
    load(session, files)
    tables = make_project()
    tables["project"]["id"] = "project-2"

    assert load(session, files, tables).buildings == ("KleinesHaus.2",)
    assert count(session, AccessPoint) == [4]


def test_equal_entries_of_the_catalogue_are_used_again(session: Session, files: PlanFiles) -> None:
    load(session, files)
    tables = make_project()
    tables["project"]["id"] = "project-2"
    tables["wallTypes"][1]["propagationProperties"][0]["attenuationFactor"] = 50

    created = load(session, files, tables).ledger.created

    assert (created["material"], created["antenna_pattern"], created["access_point_model"]) == (
        1,
        0,
        0,
    )
    assert one(session, Material, code="bruestung-2").measured_db_24 == 5.0


def test_plans_without_a_level_are_counted_from_the_ground(
    session: Session, files: PlanFiles
) -> None:
    tables = make_project()
    tables["buildingFloors"] = []
    tables["floorPlans"].append(tables["floorPlans"][0] | {"id": "plan-2", "name": "Zweiter"})

    outcome = load(session, files, tables)

    assert [floor.code for floor in outcome.floors] == ["KleinesHaus/0", "KleinesHaus/1"]
    assert sum("no level" in str(w) for w in outcome.warnings) == 2
    assert load(session, files, tables).ledger.is_empty


def test_a_plan_without_scale_becomes_a_plan_to_be_scaled(
    session: Session, files: PlanFiles
) -> None:
    tables = make_project()
    del tables["floorPlans"][0]["metersPerUnit"]

    load(session, files, tables)

    assert one(session, FloorPlan).pixel_to_building is None
    assert count(session, AccessPoint, Wall) == [0, 0]
    plan = one(session, FloorPlan)
    plan.pixel_to_building = [0.1, 0.0, 0.0, 0.0, -0.1, 20.0]
    session.commit()
    assert load(session, files, tables).ledger.is_empty


def test_a_new_picture_is_a_new_version_of_the_plan(session: Session, files: PlanFiles) -> None:
    load(session, files)

    load(session, files, picture=draw_bitmap(800, 400))

    assert count(session, FloorPlan) == [2]
    plan = one(session, FloorPlan, is_current=True)
    assert (plan.number, plan.pixel_to_building) == (2, [0.025, 0.0, 0.0, 0.0, -0.025, 10.0])


def test_a_picture_that_is_none_is_a_warning(session: Session, files: PlanFiles) -> None:
    outcome = load(session, files, picture=b"GIF89a nothing")

    assert any("not a plan picture" in str(warning) for warning in outcome.warnings)
    assert count(session, FloorPlan, Wall) == [0, 3]


def test_more_power_than_allowed_is_told(session: Session, files: PlanFiles) -> None:
    tables = make_project()
    for radio in tables["simulatedRadios"]:
        radio["transmitPower"] = 20.0

    told = [str(warning) for warning in load(session, files, tables).warnings]

    assert any("27.0 dBm EIRP where 23.0" in line and "AP-2" in line for line in told)


def test_odd_radios_become_automatic_and_are_told(session: Session, files: PlanFiles) -> None:
    tables = make_project()
    tables["simulatedRadios"][4] |= {"channel": [48, 52, 56, 60], "transmitPower": 99.0}
    tables["accessPoints"][0]["location"]["coord"]["x"] = 1e9

    outcome = load(session, files, tables)

    told = [str(warning) for warning in outcome.warnings]
    assert any("no position in a building" in line and "AP-1" in line for line in told)
    assert any("such a power" in line for line in told)
    assert count(session, AccessPoint) == [1]


def test_outlines_that_cross_themselves_are_mended_or_left_out(
    session: Session, files: PlanFiles
) -> None:
    tables = make_project()
    corners = tables["attenuationAreas"][0]["area"]
    corners[1], corners[2] = corners[2], corners[1]
    tables["areas"][0]["area"] = [{"x": 5, "y": 5}] * 4

    outcome = load(session, files, tables)

    area = one(session, ClutterZone).outline
    assert area.is_valid
    assert area.area == pytest.approx(12.0)
    assert any("encloses nothing" in str(warning) for warning in outcome.warnings)


def test_openintent_is_imported_the_same_way(session: Session, files: PlanFiles) -> None:
    upload = [ProjectFile("halle.yaml", OPENINTENT.encode())]

    def run() -> ProjectOutcome:
        return project_imports.apply(session, SYSTEM, files, "openintent", upload, ProjectChoices())

    outcome = run()

    assert outcome.buildings == ("Werk",)
    point = access_points.find_access_point(session, SYSTEM, "Werk-2-ap-1")
    assert (point.x_m, point.y_m, point.height_m, point.mac) == (5, 2, 3, "00:1a:2b:3c:4d:5e")
    assert [radio.gain_dbi for radio in point.model.radios] == [4.0, 0.0]
    assert count(session, Wall, ClutterZone) == [2, 1]
    assert run().ledger.is_empty


@pytest.mark.parametrize("role", ["viewer", "facility", "manager"])
def test_only_planners_import_projects(session: Session, files: PlanFiles, role: str) -> None:
    with pytest.raises(NotAllowed):
        load(session, files, actor=make_actor(role))
    assert count(session, Building, ImportRun) == [0, 0]


def test_a_planner_of_one_building_imports_only_there(
    session: Session, house: House, files: PlanFiles
) -> None:
    load(session, files)
    local = make_actor("planner", house.building.id)

    with pytest.raises(NotAllowed):
        load(session, files, make_project() | {"project": {"id": "other"}}, actor=local)
    with pytest.raises(NotFound):
        load(session, files, building="KleinesHaus", actor=local)
    assert project_imports.list_runs(session, local) == []
    load(session, files, building="RH", actor=local)
    assert len(project_imports.list_runs(session, local)) == 1
    assert len(project_imports.list_runs(session, SYSTEM)) == 2


def test_an_undo_takes_everything_back_and_can_be_followed_by_another_import(
    session: Session, files: PlanFiles
) -> None:
    before = count(session, *MADE)
    run = load(session, files).run
    assert run is not None

    undone = import_undo.undo_import(session, SYSTEM, files, str(run.public_id))

    assert count(session, *MADE) == before
    assert undone.deleted > 20
    assert one(session, ImportRun).undone_at is not None
    assert [path.name for path in files.folder.iterdir()] == [run.stored_file]
    with pytest.raises(Conflict, match="already"):
        import_undo.undo_import(session, SYSTEM, files, str(run.public_id))
    assert not load(session, files).ledger.is_empty


def test_an_undo_of_an_update_gives_the_old_values_back(session: Session, files: PlanFiles) -> None:
    first = load(session, files).run
    tables = make_project()
    tables["accessPoints"][0]["location"]["coord"]["x"] = 120
    tables["simulatedRadios"][0]["transmitPower"] = 3.0
    tables["attenuationAreas"][0]["area"][0]["x"] = 190
    del tables["wallSegments"][1]
    del tables["simulatedRadios"][2]
    second = load(session, files, tables).run
    assert first is not None
    assert second is not None

    undone = import_undo.undo_import(session, SYSTEM, files, str(second.public_id))

    assert (undone.deleted, undone.restored) == (0, 2)
    session.expire_all()
    assert load(session, files).ledger.is_empty
    # The first one can be undone as well: what lies between has taken itself back.
    import_undo.undo_import(session, SYSTEM, files, str(first.public_id))
    assert count(session, AccessPoint, Wall, Floor) == [0, 0, 0]


def test_an_undo_is_refused_where_somebody_has_changed_something_since(
    session: Session, files: PlanFiles
) -> None:
    run = load(session, files).run
    assert run is not None
    point = one(session, AccessPoint, legacy_id="AP-2")
    point.note = "neu"
    session.commit()

    with pytest.raises(Conflict, match="KleinesHaus-0-AP-2"):
        import_undo.undo_import(session, SYSTEM, files, str(run.public_id))
    session.rollback()
    assert count(session, AccessPoint, Wall) == [2, 3]


@pytest.mark.usefixtures("house")
def test_an_undo_is_refused_where_something_new_relies_on_it(
    session: Session, files: PlanFiles
) -> None:
    run = load(session, files).run
    assert run is not None
    material = one(session, Material, code="ziegel")
    values = walls.WallValues(1.0, 1.0, 3.0, 1.0, material.public_id)
    walls.draw_wall(session, SYSTEM, "RH/0", values)

    with pytest.raises(Conflict, match="rely on it"):
        import_undo.undo_import(session, SYSTEM, files, str(run.public_id))


def test_an_undo_is_refused_where_a_file_has_been_attached_since(
    session: Session, files: PlanFiles
) -> None:
    run = load(session, files).run
    assert run is not None
    point = one(session, AccessPoint, legacy_id="AP-2")
    subject = ("access_point", str(point.public_id))
    attachments.attach(session, SYSTEM, files, subject, Upload("wall.jpg", make_photo()))

    with pytest.raises(Conflict, match="rely on it: attachment wall"):
        import_undo.undo_import(session, SYSTEM, files, str(run.public_id))


def test_an_undo_needs_the_right_and_the_scope(
    session: Session, house: House, files: PlanFiles
) -> None:
    run = load(session, files, building="RH").run
    assert run is not None
    for actor in (make_actor("planner", 999), make_actor("viewer")):
        with pytest.raises(NotFound):
            import_undo.undo_import(session, actor, files, str(run.public_id))
    planner = make_actor("planner", house.building.id)
    assert import_undo.undo_import(session, planner, files, str(run.public_id)).deleted > 0


def test_a_choice_that_is_none_is_refused(session: Session) -> None:
    upload = [ProjectFile("haus.esx", write_esx())]
    with pytest.raises(InvalidInput, match="one of"):
        project_imports.preview(session, SYSTEM, "esx", upload, ProjectChoices(None, "all"))
    with pytest.raises(InvalidInput, match="code"):
        project_imports.preview(session, SYSTEM, "esx", upload, ProjectChoices("no such code!"))
    with pytest.raises(InvalidInput, match="format"):
        project_imports.preview(session, SYSTEM, "visio", upload, ProjectChoices())
    with pytest.raises(InvalidInput, match="one file"):
        project_imports.preview(session, SYSTEM, "esx", upload * 2, ProjectChoices())


def test_a_real_floor_is_imported_within_five_seconds_and_again_without_change(
    session: Session, files: PlanFiles
) -> None:
    folder = samples_folder("ekahau")
    name = "hospital_floor.esx"
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"][name]
    upload = [ProjectFile(name, (folder / name).read_bytes())]
    started = time.process_time()

    outcome = project_imports.apply(session, SYSTEM, files, "esx", upload, ProjectChoices())

    assert time.process_time() - started < 5
    assert outcome.access_points == expected["access_points"]["placed"]
    assert outcome.count_radios(is_enabled=True) == expected["radios"]["wifi_enabled"]
    assert count(session, Wall, ClutterZone) == [834, 73]
    again = project_imports.apply(session, SYSTEM, files, "esx", upload, ProjectChoices())
    assert again.ledger.is_empty
