"""What people attest of an access point: how it is protected, hardened, measured and supported.

Decides which values can be; what is empty nobody has attested. Refuses to judge them: the
separation check does.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from sqlalchemy.orm.attributes import flag_modified

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.networks.plan import HARDENING_ITEMS
from wlantrack.store.models.access_points import AccessPointBssid
from wlantrack.store.queries import separation as queries

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from wlantrack.store.models.access_points import AccessPoint

IP_CLASS = re.compile(r"IP[0-6X][0-9X][A-Z]{0,2}")
_BSSID = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")
_MOST_BSSIDS = 64


@dataclass(frozen=True)
class Attestation:
    """What is attested of an access point; None and an empty text mean that nobody knows.

    ``hardening`` holds the answered items of the checklist; ``bssids`` None leaves them alone.
    """

    has_theft_protection: bool | None = None
    ip_class: str = ""
    has_surge_protection: bool | None = None
    hardening: Mapping[str, bool] = field(default_factory=dict)
    measured_on: date | None = None
    used_until: date | None = None
    purchased_on: date | None = None
    has_red_declaration: bool | None = None
    revoked_on: date | None = None
    link_tested_on: date | None = None
    bssids: tuple[str, ...] | None = None


NOTHING_ATTESTED = Attestation()

PLAIN_FIELDS = tuple(
    item.name
    for item in fields(Attestation)
    if item.name not in {"ip_class", "hardening", "bssids"}
)


def attestation_of(
    point: AccessPoint, bssids: Sequence[AccessPointBssid] | None = None
) -> Attestation:
    """Give what is attested of an access point now."""
    return Attestation(
        ip_class=point.ip_class or "",
        hardening=dict(point.hardening or {}),
        bssids=None if bssids is None else tuple(sorted(item.bssid for item in bssids)),
        **{name: getattr(point, name) for name in PLAIN_FIELDS},
    )


def find_attestation(session: Session, point: AccessPoint) -> Attestation:
    """Give what is attested of an access point that the actor has found."""
    return attestation_of(point, queries.list_bssids(session, point.id))


def read_bssids(text: str) -> tuple[str, ...]:
    """Read radio addresses with spaces, commas or lines between them, each once.

    Raises
    ------
    InvalidInput
        One of them is no address; names it.
    """
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    found: dict[str, None] = {}
    for word in words[: _MOST_BSSIDS + 1]:
        digits = re.sub(r"[^0-9a-z]", "", word.casefold())
        bssid = ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))
        if not _BSSID.fullmatch(bssid):
            raise InvalidInput(
                Problem(
                    msg("A MAC address has six pairs of hexadecimal digits."),
                    msg("Write it as 00:1a:2b:3c:4d:5e."),
                    field="bssids",
                    value=word[:40],
                )
            )
        found[bssid] = None
    if len(words) > _MOST_BSSIDS:
        raise InvalidInput(
            Problem(
                msg("An access point has at most %(count)d BSSIDs.", count=_MOST_BSSIDS),
                msg("Leave out those of other devices."),
                field="bssids",
                value=str(len(words)),
            )
        )
    return tuple(sorted(found))


def apply_attestation(
    session: Session,
    point: AccessPoint,
    values: Attestation,
    bssids: Sequence[AccessPointBssid] | None = None,
) -> None:
    """Put values into an access point; ``bssids`` are its addresses now, loaded if not given.

    Raises
    ------
    InvalidInput
        The IP class is none, or the checklist has no such item.
    """
    ip_class = re.sub(r"\s", "", values.ip_class).upper()
    if ip_class and not IP_CLASS.fullmatch(ip_class):
        raise InvalidInput(
            Problem(
                msg("This is no IP class."),
                msg("Write it like IP54 or IP67."),
                field="ip_class",
                value=values.ip_class[:20],
            )
        )
    strange = sorted(set(values.hardening) - set(HARDENING_ITEMS))
    if strange:
        raise InvalidInput(
            Problem(
                msg("The checklist has no such item."),
                msg("Use one of: %(choices)s.", choices=", ".join(HARDENING_ITEMS)),
                field="hardening",
                value=strange[0][:40],
            )
        )
    point.ip_class = ip_class or None
    hardening = {
        item: values.hardening[item] for item in HARDENING_ITEMS if item in values.hardening
    }
    if hardening != (point.hardening or {}):
        point.hardening = hardening or None
    for name in PLAIN_FIELDS:
        setattr(point, name, getattr(values, name))
    if values.bssids is not None:
        records = queries.list_bssids(session, point.id) if bssids is None else bssids
        _set_bssids(session, point, set(values.bssids), records)


def _set_bssids(
    session: Session, point: AccessPoint, wanted: set[str], records: Sequence[AccessPointBssid]
) -> None:
    kept = set()
    for record in records:
        if record.bssid in wanted:
            kept.add(record.bssid)
        else:
            session.delete(record)
    for bssid in sorted(wanted - kept):
        session.add(AccessPointBssid(public_id=uuid.uuid4(), access_point_id=point.id, bssid=bssid))
    if wanted != {record.bssid for record in records}:
        # The version guards the whole access point, its addresses included.
        flag_modified(point, "note")
