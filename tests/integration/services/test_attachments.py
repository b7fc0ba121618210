from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.factories.access_points import add_access_point
from tests.factories.cabling import add_cable_run, add_distributor, add_outlet
from tests.factories.files import SECRET_CAMERA, make_office_file, make_photo
from tests.factories.people import make_actor
from tests.factories.places import add_room
from wlantrack.errors import InvalidInput, NotAllowed, NotFound
from wlantrack.services import attachments, cable_runs, undo
from wlantrack.services.actor import SYSTEM
from wlantrack.services.attachments import Upload
from wlantrack.services.cable_runs import CableRunValues
from wlantrack.store import audit
from wlantrack.store.picture_cache import PictureCache
from wlantrack.store.plan_files import PlanFiles

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.belongings import Subject

PHOTO = Upload("IMG 1.JPG", make_photo(), "Schacht")
PDF = Upload("../../etc/Protokoll.pdf", b"%PDF-1.7\n%%EOF", "Messprotokoll")


@pytest.fixture
def files(tmp_path: Path) -> PlanFiles:
    return PlanFiles(tmp_path / "files")


def test_a_photo_is_kept_without_metadata_under_a_random_name(
    session: Session, house: House, files: PlanFiles, tmp_path: Path
) -> None:
    run = add_cable_run(session, add_distributor(session, house.ground))
    session.commit()

    made = attachments.attach(session, SYSTEM, files, ("cable_run", str(run.public_id)), PHOTO)

    data = files.read(made.stored_file)
    assert SECRET_CAMERA.encode() not in data
    assert made.sha256 == hashlib.sha256(data).hexdigest()
    assert (made.kind, made.name, made.media_type) == ("photo", "IMG 1.jpg", "image/jpeg")
    assert (str(made.taken_on), made.note) == ("2026-11-20", "Schacht")
    small = attachments.thumbnail(files, PictureCache(tmp_path / "cache"), made)
    assert max(Image.open(io.BytesIO(small)).size) == 320


def test_a_document_is_kept_as_it_is_and_has_no_small_picture(
    session: Session, house: House, files: PlanFiles, tmp_path: Path
) -> None:
    subject = ("building", str(house.building.public_id))

    made = attachments.attach(session, SYSTEM, files, subject, PDF)

    assert (made.kind, made.name, made.media_type) == (
        "document",
        "Protokoll.pdf",
        "application/pdf",
    )
    assert files.read(made.stored_file) == PDF.data
    with pytest.raises(NotFound):
        attachments.thumbnail(files, PictureCache(tmp_path / "cache"), made)


@pytest.mark.parametrize(
    ("name", "part"), [("A.docx", "word/document.xml"), ("B.xlsx", "xl/workbook.xml")]
)
def test_office_files_are_kept_and_given_out_as_what_they_are(
    session: Session, house: House, files: PlanFiles, name: str, part: str
) -> None:
    upload = Upload(name, make_office_file(part))

    made = attachments.attach(
        session, SYSTEM, files, ("building", str(house.building.public_id)), upload
    )

    assert (made.name, files.read(made.stored_file)) == (name, upload.data)
    media_type = attachments.media_type_of(made)
    assert media_type.startswith("application/vnd.openxmlformats-officedocument.")


def test_every_kind_of_record_takes_attachments_within_its_wing(
    session: Session, house: House, files: PlanFiles
) -> None:
    distributor = add_distributor(session, house.ground, wing_id=house.west.id)
    records: list[Subject] = [
        add_room(session, house.ground, "101", wing_id=house.west.id),
        add_access_point(session, house.ground, "AP-1", wing_id=house.west.id),
        add_outlet(session, house.ground, wing_id=house.west.id),
        add_cable_run(session, distributor),
        distributor,
    ]
    session.commit()
    easterner = make_actor("facility", house.building.id, house.east.id)
    westerner = make_actor("facility", house.building.id, house.west.id)

    for record in records:
        subject = (record.__tablename__, str(record.public_id))
        made = attachments.attach(session, westerner, files, subject, PDF)
        assert (made.building_id, made.wing_id) == (house.building.id, house.west.id)
        with pytest.raises(NotFound):
            attachments.attach(session, easterner, files, subject, PDF)
        with pytest.raises(NotFound):
            attachments.find_attachment(session, easterner, str(made.public_id))
        with pytest.raises(NotFound):
            attachments.find_attachment(session, make_actor("viewer"), str(made.public_id))


def test_a_wing_sees_its_buildings_files_but_adds_none(
    session: Session, house: House, files: PlanFiles
) -> None:
    subject = ("building", str(house.building.public_id))
    made = attachments.attach(session, SYSTEM, files, subject, PDF)
    westerner = make_actor("facility", house.building.id, house.west.id)

    assert attachments.find_attachment(session, westerner, str(made.public_id)) is made
    with pytest.raises(NotAllowed):
        attachments.attach(session, westerner, files, subject, PDF)


@pytest.mark.parametrize(
    "subject", [("wall", "x"), ("cable_run", "x"), ("user", "1"), ("cable_run", "0" * 32)]
)
def test_nothing_is_attached_to_what_is_not_there(
    session: Session, files: PlanFiles, subject: tuple[str, str]
) -> None:
    with pytest.raises(NotFound):
        attachments.attach(session, SYSTEM, files, subject, PDF)
    assert not files.folder.exists()


def test_a_refused_file_leaves_nothing_behind(
    session: Session, house: House, files: PlanFiles
) -> None:
    subject = ("building", str(house.building.public_id))

    upload = Upload("huge.jpg", b"\xff\xd8\xff" + bytes(60 * 2**20))

    with pytest.raises(InvalidInput, match="60 MiB; at most 25 MiB") as refused:
        attachments.attach(session, SYSTEM, files, subject, upload)

    assert refused.value.problems[0].field == "photo"
    assert not files.folder.exists()


def test_a_deleted_attachment_comes_back_with_its_file(
    session: Session, house: House, files: PlanFiles
) -> None:
    subject = ("building", str(house.building.public_id))
    made = attachments.attach(session, SYSTEM, files, subject, PDF)
    ref, stored = str(made.public_id), made.stored_file
    facility = make_actor("facility")
    audit.set_context(session, facility.audit())

    attachments.delete_attachment(session, facility, ref, made.version)
    with pytest.raises(NotFound):
        attachments.find_attachment(session, facility, ref)
    again = make_actor("facility")
    audit.set_context(session, again.audit())
    undo.undo_request(session, again, facility.request_id)

    found = attachments.find_attachment(session, facility, ref)
    assert files.read(found.stored_file) == PDF.data
    assert found.stored_file == stored


def test_attachments_move_and_go_with_their_run(
    session: Session, house: House, files: PlanFiles
) -> None:
    add_distributor(session, house.ground, wing_id=house.west.id)
    add_access_point(session, house.ground, "AP-1", wing_id=house.east.id)
    session.commit()
    values = CableRunValues(distributor="RH-EV0.1", access_point="AP-1")
    run = cable_runs.add_run(session, SYSTEM, values)
    made = attachments.attach(session, SYSTEM, files, ("cable_run", str(run.public_id)), PDF)
    assert made.wing_id == house.east.id

    moved = CableRunValues(label=run.label, distributor="RH-EV0.1")
    cable_runs.edit_run(session, SYSTEM, run.label, moved, None)
    assert made.wing_id == house.west.id
    cable_runs.delete_run(session, SYSTEM, run.label, None)

    with pytest.raises(NotFound):
        attachments.find_attachment(session, SYSTEM, str(made.public_id))
