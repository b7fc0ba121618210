"""Requirements and client profiles: what may be asked of the air, and under which device."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.radio.requirements import PRESETS, RequirementSet
from wlantrack.radio.requirements import ClientProfile as Device
from wlantrack.services import places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.ranges import list_missing, list_out_of_range, refuse_any, refuse_taken
from wlantrack.services.versions import require_version
from wlantrack.store.models.demand import ClientProfile, Requirement
from wlantrack.store.queries import demand as queries

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class RequirementValues:
    """What people edit about a requirement; None asks for nothing in that respect."""

    code: str
    name: str
    signal_dbm: float | None = None
    secondary_dbm: float | None = None
    snr_db: float | None = None
    data_rate_mbit: float | None = None
    access_point_count: int | None = None
    access_point_dbm: float | None = None
    overlap_max: int | None = None
    pass_share: float = 0.95
    note: str = ""


@dataclass(frozen=True)
class ProfileValues:
    """What people edit about a client profile."""

    code: str
    name: str
    offset_24_db: float = 0.0
    offset_5_db: float = 0.0
    offset_6_db: float = 0.0
    has_24: bool = True
    has_5: bool = True
    has_6: bool = False
    transmit_power_dbm: float = 14.0
    streams: int = 2
    note: str = ""


REQUIREMENT_BOUNDS = (
    ("signal_dbm", -120.0, 0.0),
    ("secondary_dbm", -120.0, 0.0),
    ("snr_db", 0.0, 80.0),
    ("data_rate_mbit", 0.1, 10_000.0),
    ("access_point_count", 1, 20),
    ("access_point_dbm", -120.0, 0.0),
    ("overlap_max", 0, 50),
    ("pass_share", 0.01, 1.0),
)
PROFILE_BOUNDS = (
    ("offset_24_db", -30.0, 30.0),
    ("offset_5_db", -30.0, 30.0),
    ("offset_6_db", -30.0, 30.0),
    ("transmit_power_dbm", -10.0, 36.0),
    ("streams", 1, 8),
)

_ASSUMED = "assumed after published comparisons; replace by a measured offset"
STANDARD_REQUIREMENTS = tuple(
    RequirementValues(
        code,
        name,
        preset.signal_dbm,
        preset.secondary_dbm,
        preset.snr_db,
        access_point_count=preset.access_point_count,
        access_point_dbm=preset.access_point_dbm,
        note=preset.source,
    )
    for (code, preset), name in zip(
        PRESETS.items(), ("Basic", "Voice and video", "Location"), strict=True
    )
)
STANDARD_PROFILES = (
    ProfileValues(
        "notebook", "Notebook", 2.0, 3.0, 3.0, has_6=True, transmit_power_dbm=15.0, note=_ASSUMED
    ),
    ProfileValues(
        "phone", "Least capable phone", 5.0, 7.0, 7.0, transmit_power_dbm=12.0, streams=1,
        note=_ASSUMED,
    ),
)  # fmt: skip


def install_standard(session: Session) -> int:
    """Add the standard requirements and profiles that are missing; tells how many.

    Does not commit.
    """
    known = {record.code for record in queries.list_requirements(session)}
    devices = {record.code for record in queries.list_profiles(session)}
    new = [Requirement(**_dump(v)) for v in STANDARD_REQUIREMENTS if v.code not in known]
    new_devices = [ClientProfile(**_dump(v)) for v in STANDARD_PROFILES if v.code not in devices]
    session.add_all([*new, *new_devices])
    return len(new) + len(new_devices)


def _dump(values: RequirementValues | ProfileValues) -> dict[str, object]:
    return {item.name: getattr(values, item.name) for item in fields(values)}


def requirement_set(requirement: Requirement) -> RequirementSet:
    """Turn a requirement into the engine's."""
    names = [item.name for item in fields(RequirementSet) if item.name != "source"]
    return RequirementSet(**{name: getattr(requirement, name) for name in names})


def device_of(profile: ClientProfile) -> Device:
    """Turn a client profile into the engine's."""
    bands = (("2.4", profile.has_24), ("5", profile.has_5), ("6", profile.has_6))
    return Device(
        (profile.offset_24_db, profile.offset_5_db, profile.offset_6_db),
        tuple(band for band, has in bands if has),
        profile.streams,
        profile.transmit_power_dbm,
    )


def list_requirements(session: Session, actor: Actor) -> list[tuple[Requirement, int]]:
    """Give all requirements by code, each with the number of zones in scope that ask for it."""
    actor.require_somewhere(Action.SEE_PLACES)
    used = queries.count_zones_of_requirements(session, actor.scope_pairs(Action.SEE_PLACES))
    return [(record, used.get(record.id, 0)) for record in queries.list_requirements(session)]


def list_profiles(session: Session, actor: Actor) -> list[tuple[ClientProfile, int]]:
    """Give all client profiles by code, each with the number of zones in scope judged under it."""
    actor.require_somewhere(Action.SEE_PLACES)
    used = queries.count_zones_of_profiles(session, actor.scope_pairs(Action.SEE_PLACES))
    return [(record, used.get(record.id, 0)) for record in queries.list_profiles(session)]


def find_requirement(session: Session, actor: Actor, ref: str) -> Requirement:
    """Give a requirement by code or public id.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require_somewhere(Action.SEE_PLACES)
    public_id = places.parse_uuid(ref)
    found = (
        next((r for r in queries.list_requirements(session) if r.code == ref), None)
        if public_id is None
        else queries.get_requirement(session, public_id)
    )
    if found is None:
        raise NotFound(msg("There is no such requirement; perhaps somebody has deleted it."))
    return found


def find_profile(session: Session, actor: Actor, ref: str) -> ClientProfile:
    """Give a client profile by code or public id.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require_somewhere(Action.SEE_PLACES)
    public_id = places.parse_uuid(ref)
    found = (
        next((p for p in queries.list_profiles(session) if p.code == ref), None)
        if public_id is None
        else queries.get_profile(session, public_id)
    )
    if found is None:
        raise NotFound(msg("There is no such client profile; perhaps somebody has deleted it."))
    return found


def check_requirement(values: RequirementValues | Requirement) -> None:
    """Refuse a requirement that asks for nothing, or for what cannot be.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems = _check_code(values.code) + list_missing(values, ["name"])
    problems += list_out_of_range(values, REQUIREMENT_BOUNDS)
    asked = [
        name for name, *_ in REQUIREMENT_BOUNDS if name not in {"access_point_dbm", "pass_share"}
    ]
    if all(getattr(values, name) is None for name in asked):
        message = msg("The requirement asks for nothing.")
        remedy = msg("Fill in at least one limit, such as the signal.")
        problems.append(Problem(message, remedy, field="signal_dbm"))
    if (values.access_point_count is None) != (values.access_point_dbm is None):
        message = msg("The number of access points and their level belong together.")
        remedy = msg("Give both, or leave both empty.")
        problems.append(Problem(message, remedy, field="access_point_dbm"))
    refuse_any(problems)


def check_profile(values: ProfileValues | ClientProfile) -> None:
    """Refuse a device without a band, or with numbers no device has.

    Raises
    ------
    InvalidInput
        One problem for each field.
    """
    problems = _check_code(values.code) + list_missing(values, ["name"])
    problems += list_out_of_range(values, PROFILE_BOUNDS)
    if not (values.has_24 or values.has_5 or values.has_6):
        message = msg("The device has no band at all.")
        problems.append(Problem(message, msg("Choose at least one band."), field="has_5"))
    refuse_any(problems)


def _check_code(code: str) -> list[Problem]:
    if _CODE.fullmatch(code):
        return []
    message = msg("Small letters, digits and hyphens only.")
    return [Problem(message, msg("Choose a short code such as voice."), field="code", value=code)]


def save_requirement(
    session: Session,
    actor: Actor,
    values: RequirementValues,
    ref: str | None = None,
    version: int | None = None,
) -> Requirement:
    """Add a requirement, or change the one that ``ref`` names.

    Raises
    ------
    InvalidInput
        A value is out of range, or the code is taken.
    Conflict
        Somebody else has changed it since.
    """
    actor.require(Action.EDIT_CATALOGUE)
    record = Requirement() if ref is None else find_requirement(session, actor, ref)
    if ref is not None:
        require_version(session, record, version)
    check_requirement(values)
    others = [other for other in queries.list_requirements(session) if other is not record]
    _save(session, record, values, {other.code for other in others})
    return record


def save_profile(
    session: Session,
    actor: Actor,
    values: ProfileValues,
    ref: str | None = None,
    version: int | None = None,
) -> ClientProfile:
    """Add a client profile, or change the one that ``ref`` names.

    Raises
    ------
    InvalidInput
        A value is out of range, or the code is taken.
    Conflict
        Somebody else has changed it since.
    """
    actor.require(Action.EDIT_CATALOGUE)
    record = ClientProfile() if ref is None else find_profile(session, actor, ref)
    if ref is not None:
        require_version(session, record, version)
    check_profile(values)
    others = [other for other in queries.list_profiles(session) if other is not record]
    _save(session, record, values, {other.code for other in others})
    return record


def _save(
    session: Session,
    record: Requirement | ClientProfile,
    values: RequirementValues | ProfileValues,
    taken: set[str],
) -> None:
    if values.code in taken:
        raise refuse_taken("code", values.code)
    for field, value in _dump(values).items():
        setattr(record, field, value)
    session.add(record)
    session.commit()


def delete_requirement(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a requirement that no zone asks for.

    Raises
    ------
    InvalidInput
        Zones ask for it.
    """
    actor.require(Action.EDIT_CATALOGUE)
    record = find_requirement(session, actor, ref)
    require_version(session, record, version)
    used = queries.count_zones_of_requirements(session, None)
    _require_unused(used.get(record.id, 0), record.code)
    session.delete(record)
    session.commit()


def delete_profile(session: Session, actor: Actor, ref: str, version: int | None) -> None:
    """Delete a client profile under which no zone is judged.

    Raises
    ------
    InvalidInput
        Zones are judged under it.
    """
    actor.require(Action.EDIT_CATALOGUE)
    record = find_profile(session, actor, ref)
    require_version(session, record, version)
    used = queries.count_zones_of_profiles(session, None)
    _require_unused(used.get(record.id, 0), record.code)
    session.delete(record)
    session.commit()


def _require_unused(zones: int, code: str) -> None:
    if zones:
        raise InvalidInput(
            Problem(
                msg("%(zones)d zones use it.", zones=zones),
                msg("Give those zones something else first."),
                field="code",
                value=code,
            )
        )
