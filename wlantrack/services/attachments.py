"""Photos and documents of records: attach, list, give out, delete.

Decides that an attachment is seen where its record is seen, and that a photo is kept without what
the camera wrote into it. Files stay when a record goes: an undo needs them.
"""

from __future__ import annotations

import io
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, TypeAlias

from PIL import Image

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.documents import DOCUMENT_TYPES, read_document
from wlantrack.formats.photos import PICTURES, read_photo
from wlantrack.formats.sniff import Content, claimed_content, sniff_content
from wlantrack.services import places, run_sight
from wlantrack.services.actor import Action, Actor
from wlantrack.services.versions import require_version
from wlantrack.store.models.cabling import CableRun
from wlantrack.store.models.files import Attachment
from wlantrack.store.models.permits import Permit
from wlantrack.store.models.places import Building
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import attachments as queries
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import cabling as part_queries
from wlantrack.store.queries import penetrations as penetration_queries
from wlantrack.store.queries import permits as permit_queries
from wlantrack.store.queries import places as place_queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.services.belongings import Subject
    from wlantrack.store.picture_cache import PictureCache
    from wlantrack.store.plan_files import PlanFiles, StoredFile

Place: TypeAlias = tuple[int, int | None]
"""Building id and wing id."""

PHOTO_TYPE: Final = "image/jpeg"
_OFFICE: Final = frozenset({"docx", "xlsx"})


@dataclass(frozen=True)
class Upload:
    """An uploaded file as it came: its name and its bytes."""

    name: str
    data: bytes
    note: str = ""


@dataclass(frozen=True)
class CheckedFile:
    """An upload that was read and found good, as it will be kept."""

    kind: str
    name: str
    media_type: str
    data: bytes
    note: str
    taken_on: date | None = None


@dataclass(frozen=True)
class _SubjectKind:
    """A kind of record that has attachments: how it is loaded, and where it lies."""

    load: Callable[[Session, uuid.UUID], Subject | None]
    place: Callable[[Subject], Place]


def _floor_place(record: Subject) -> Place:
    assert not isinstance(record, Building | Permit)  # noqa: S101 - the table below says so
    return record.floor.building_id, record.wing_id


def _own_place(record: Subject) -> Place:
    assert isinstance(record, Permit)  # noqa: S101 - the table below says so
    return record.building_id, record.wing_id


KINDS: Final[dict[str, _SubjectKind]] = {
    "building": _SubjectKind(place_queries.get_building, lambda record: (record.id, None)),
    "room": _SubjectKind(place_queries.get_room, _floor_place),
    "access_point": _SubjectKind(point_queries.get_access_point, _floor_place),
    "cable_run": _SubjectKind(run_queries.get_run, _floor_place),
    "distributor": _SubjectKind(part_queries.get_distributor, _floor_place),
    "outlet": _SubjectKind(part_queries.get_outlet, _floor_place),
    "permit": _SubjectKind(permit_queries.get_permit, _own_place),
    "penetration": _SubjectKind(penetration_queries.get_penetration, _floor_place),
}
"""They are seen by those who see cabling there: photos of technical rooms are for staff only.

Those of a run are seen by the firm, too, to which it was given.
"""


def check_photo(upload: Upload) -> CheckedFile:
    """Read a photo and make it what is kept.

    Raises
    ------
    InvalidInput
        It is no photo, too large, or damaged; names the field ``photo``.
    """
    try:
        photo = read_photo(upload.data, file=upload.name)
    except InvalidInput as error:
        raise InvalidInput(*(replace(each, field="photo") for each in error.problems)) from error
    name = f"{PurePath(upload.name).stem[:180] or 'photo'}.jpg"
    return CheckedFile("photo", name, PHOTO_TYPE, photo.jpeg, upload.note, photo.taken_on)


def check_upload(upload: Upload) -> CheckedFile:
    """Read a photo or a document, by its content.

    Raises
    ------
    InvalidInput
        It is none that is kept, too large, or damaged.
    """
    content, claimed = sniff_content(upload.data), claimed_content(upload.name)
    is_broken_photo = content in {Content.UNKNOWN, Content.TEXT} and claimed in PICTURES
    if content in PICTURES or is_broken_photo:
        return check_photo(upload)
    document = read_document(upload.data, file=upload.name)
    name = f"{PurePath(upload.name).stem[:180] or 'document'}.{document.suffix}"
    # The names of Office's media types are longer than a record keeps: its suffix stands for them.
    kept_as = document.suffix if document.suffix in _OFFICE else document.media_type
    return CheckedFile("document", name, kept_as, upload.data, upload.note)


def media_type_of(attachment: Attachment) -> str:
    """Give the media type under which a file is given out."""
    return DOCUMENT_TYPES.get(attachment.media_type, attachment.media_type)


@contextmanager
def stored(files: PlanFiles, checked: CheckedFile | None) -> Iterator[StoredFile | None]:
    """Keep a checked file; it is removed again when the records cannot be committed."""
    if checked is None:
        yield None
        return
    kept = files.write(checked.data)
    try:
        yield kept
    except BaseException:
        files.remove(kept.name)
        raise


def make_attachment(
    actor: Actor, record: Subject, place: Place, checked: CheckedFile, kept: StoredFile
) -> Attachment:
    """Make the row of a stored file; several records may share one file."""
    return Attachment(
        public_id=uuid.uuid4(),
        entity=record.__tablename__,
        subject=str(record.public_id),
        building_id=place[0],
        wing_id=place[1],
        kind=checked.kind,
        name=checked.name,
        media_type=checked.media_type,
        stored_file=kept.name,
        sha256=kept.sha256,
        size_bytes=len(checked.data),
        taken_on=checked.taken_on,
        uploaded_at=datetime.now(UTC),
        uploaded_by=actor.name,
        note=checked.note,
    )


def copy_photo(
    session: Session, actor: Actor, ref: str, record: Subject, place: Place
) -> Attachment:
    """Make the row of a photo that another record has already, for this one, too."""
    public_id = places.parse_uuid(ref)
    found = queries.get_attachment(session, public_id) if public_id else None
    if found is None:
        raise NotFound(msg("There is no such attachment; perhaps somebody has deleted it."))
    copied = (
        "kind",
        "name",
        "media_type",
        "stored_file",
        "sha256",
        "size_bytes",
        "taken_on",
        "note",
    )
    return Attachment(
        public_id=uuid.uuid4(),
        entity=record.__tablename__,
        subject=str(record.public_id),
        building_id=place[0],
        wing_id=place[1],
        uploaded_at=datetime.now(UTC),
        uploaded_by=actor.name,
        **{name: getattr(found, name) for name in copied},
    )


def find_subject(session: Session, actor: Actor, entity: str, ref: str) -> tuple[Subject, Place]:
    """Give the record of a kind and public id, and where it lies.

    Raises
    ------
    NotFound
        There is none, or it is out of scope.
    """
    kind, public_id = KINDS.get(entity), places.parse_uuid(ref)
    record = kind.load(session, public_id) if kind and public_id else None
    if kind is None or record is None:
        raise NotFound(msg("There is no such entry; perhaps somebody has deleted it."))
    place = kind.place(record)
    if not _is_seen(actor, record, place):
        raise NotFound(msg("There is no such entry; perhaps somebody has deleted it."))
    return record, place


def _is_seen(actor: Actor, record: Subject, place: Place) -> bool:
    if isinstance(record, Building):
        return _sees_building(actor, place[0])
    if isinstance(record, CableRun):
        return run_sight.sees_run(actor, record)
    return actor.can(Action.SEE_CABLING, *place)


def may_attach(actor: Actor, record: Subject, place: Place) -> bool:
    """Tell whether the actor may attach files to a record; a firm may to runs of its own."""
    if isinstance(record, CableRun) and run_sight.is_own(actor, record):
        return True
    return actor.can(Action.ATTACH_FILES, *place)


def _sees_building(actor: Actor, building_id: int) -> bool:
    scopes = actor.scopes(Action.SEE_CABLING)
    return scopes is None or any(scope.touches(building_id) for scope in scopes)


def list_of(session: Session, record: Subject) -> list[Attachment]:
    """Give the attachments of a record that was found before, the latest first."""
    return queries.list_of(session, record.__tablename__, (record.public_id,))


def attach(
    session: Session, actor: Actor, files: PlanFiles, subject: tuple[str, str], upload: Upload
) -> Attachment:
    """Attach a file to a record, which kind and public id name.

    Raises
    ------
    NotFound
        There is no such record in scope.
    InvalidInput
        The file is none that is kept, too large, or damaged.
    """
    record, place = find_subject(session, actor, *subject)
    if not may_attach(actor, record, place):
        actor.require(Action.ATTACH_FILES, *place)
    checked = check_upload(upload)
    with stored(files, checked) as kept:
        assert kept is not None  # noqa: S101 - there is a file
        attachment = make_attachment(actor, record, place, checked, kept)
        session.add(attachment)
        session.commit()
    return attachment


def find_attachment(session: Session, actor: Actor, ref: str) -> Attachment:
    """Give an attachment by public id.

    Raises
    ------
    NotFound
        There is none, or its record is out of scope.
    """
    public_id = places.parse_uuid(ref)
    found = queries.get_attachment(session, public_id) if public_id else None
    if found is None or not _has_seen_subject(session, actor, found):
        # In the same words: the answer must not tell that a file lies elsewhere.
        raise NotFound(msg("There is no such attachment; perhaps somebody has deleted it."))
    return found


def _has_seen_subject(session: Session, actor: Actor, attachment: Attachment) -> bool:
    try:
        find_subject(session, actor, attachment.entity, attachment.subject)
    except NotFound:
        return False
    return True


def delete_attachment(
    session: Session, actor: Actor, ref: str, version: int | None
) -> tuple[str, str]:
    """Delete an attachment, and give kind and public id of its record.

    Raises
    ------
    Conflict
        Somebody else has changed it since.
    InvalidInput
        It is the evidence of a step of a cable run.
    """
    found = find_attachment(session, actor, ref)
    actor.require(Action.ATTACH_FILES, found.building_id, found.wing_id)
    require_version(session, found, version)
    if found.entity == "cable_run" and _is_evidence(session, found):
        raise InvalidInput(
            Problem(
                msg("This photo is the evidence of a state: it stays as long as the run."),
                msg("Undo the change of state first."),
                field="photo",
                value=found.name,
            )
        )
    session.delete(found)
    session.commit()
    return found.entity, found.subject


def _is_evidence(session: Session, attachment: Attachment) -> bool:
    run = run_queries.get_run(session, uuid.UUID(attachment.subject))
    named = str(attachment.public_id)
    return run is not None and any(step.evidence.get("photo") == named for step in run.steps)


def thumbnail(files: PlanFiles, pictures: PictureCache, attachment: Attachment) -> bytes:
    """Give a small JPEG of a photo.

    Raises
    ------
    NotFound
        It is no photo.
    """
    if attachment.kind != "photo":
        raise NotFound(msg("Only photos have a small picture."))

    def make() -> bytes:
        side_px = limits.PHOTO_THUMBNAIL_SIDE_PX
        with Image.open(io.BytesIO(files.read(attachment.stored_file))) as picture:
            picture.thumbnail((side_px, side_px))
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=80)
        return buffer.getvalue()

    return pictures.get(f"{attachment.sha256}.jpg", make)


def photos_of(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Give the photos among attachments."""
    return [item for item in attachments if item.kind == "photo"]
