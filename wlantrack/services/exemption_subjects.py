"""What an exemption is about, as it is called now.

Decides that an exemption stays with its record: it follows a rename, never goes over to another
record of the same code, and lapses with a deletion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.networks.plan import Subject
from wlantrack.store.queries import separation as queries
from wlantrack.store.queries.subjects import RECORD_KINDS, map_codes

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from wlantrack.store.models.separation import Exemption


def find_subject_id(session: Session, subject: Subject) -> uuid.UUID | None:
    """Give the public id of a subject's record; None where it has none, such as the whole plan."""
    if subject.kind not in RECORD_KINDS:
        return None
    codes = map_codes(session, subject.kind)
    return next((found for found, code in codes.items() if code == subject.code), None)


def list_with_subjects(session: Session) -> list[tuple[Exemption, Subject | None]]:
    """Give every exemption with its subject as it is now; None once the subject is gone."""
    records = queries.list_exemptions(session)
    wanted: dict[str, set[uuid.UUID]] = {}
    for record in records:
        if record.subject_id is not None:
            wanted.setdefault(record.subject_kind, set()).add(record.subject_id)
    codes = {kind: map_codes(session, kind, ids) for kind, ids in wanted.items()}
    return [(record, _find_subject(record, codes)) for record in records]


def _find_subject(record: Exemption, codes: dict[str, dict[uuid.UUID, str]]) -> Subject | None:
    kind = record.subject_kind
    if kind not in RECORD_KINDS:
        return Subject(kind, record.subject_code)
    code = None if record.subject_id is None else codes[kind].get(record.subject_id)
    return None if code is None else Subject(kind, code)
