"""Antenna patterns of the catalogue: list, add from a file, and give them to models' radios.

Decides that an antenna of the same name is brought up to date by a later import.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from wlantrack.errors import InvalidInput, NotFound, Problem, msg
from wlantrack.formats.antennas import read_antenna
from wlantrack.radio.antennas import Cut
from wlantrack.services import access_points
from wlantrack.services.actor import Action, Actor
from wlantrack.services.project_catalogue import pattern_values
from wlantrack.services.project_ledger import make_slug
from wlantrack.store.models.access_points import AntennaPattern
from wlantrack.store.queries import antennas as queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.antenna_tables import AntennaTable
    from wlantrack.services.plans import Upload
    from wlantrack.store.models.access_points import AccessPointModel, ModelRadio

TABLE_STEP_DEG: Final = 15
FLOOR_DB: Final = -30.0
"""A diagram's centre, relative to its edge."""


@dataclass(frozen=True)
class AntennaImport:
    """An antenna that was read, and whether it was new or changed the one there was."""

    pattern: AntennaPattern
    table: AntennaTable
    outcome: str


@dataclass(frozen=True)
class PolarCut:
    """One cut as a diagram: points on a disc of radius 1, and rows of angle and gain in dBi."""

    points: tuple[tuple[float, float], ...]
    rows: tuple[tuple[int, float], ...]


def list_patterns(session: Session, actor: Actor) -> list[AntennaPattern]:
    """Give all antennas by name."""
    actor.require_somewhere(Action.SEE_PLANS)
    return queries.list_patterns(session)


def find_pattern(session: Session, actor: Actor, code: str) -> AntennaPattern:
    """Give an antenna by its code.

    Raises
    ------
    NotFound
        There is none.
    """
    actor.require_somewhere(Action.SEE_PLANS)
    pattern = queries.get_pattern(session, code)
    if pattern is None:
        raise NotFound(msg("There is no such antenna."))
    return pattern


def import_antenna(session: Session, actor: Actor, upload: Upload) -> AntennaImport:
    """Add an antenna from a file, or bring the one of its name up to date.

    Raises
    ------
    InvalidInput
        The file has no usable tables, or is an antenna for Bluetooth.
    """
    actor.require(Action.EDIT_CATALOGUE)
    session.rollback()  # reading takes a moment: no transaction stays open meanwhile
    table = read_antenna(upload.data, file=upload.name)
    if not table.is_wifi:
        raise InvalidInput(
            Problem(
                msg("This antenna is for Bluetooth, not for Wi-Fi."),
                msg("Import the antenna of a Wi-Fi band."),
                file=upload.name,
            )
        )
    values = pattern_values(table) | {"source": f"file: {upload.name}"[:200]}
    code = make_slug(table.name, 80)
    pattern = queries.get_pattern(session, code)
    outcome = "unchanged"
    if pattern is None:
        pattern = AntennaPattern(public_id=uuid.uuid4(), code=code, **values)
        session.add(pattern)
        outcome = "created"
    for name, value in values.items():
        if name != "source" and getattr(pattern, name) != value:
            setattr(pattern, name, value)
            outcome = "updated"
    session.commit()
    return AntennaImport(pattern, table, outcome)


def give_to_radios(
    session: Session, actor: Actor, model_ref: str, codes: Mapping[int, str | None]
) -> AccessPointModel:
    """Give a model's radios their antennas, by slot; None makes one omnidirectional.

    Raises
    ------
    NotFound
        There is no such model, radio or antenna.
    InvalidInput
        An antenna is for another band than its radio.
    """
    actor.require(Action.EDIT_CATALOGUE)
    model = access_points.find_model(session, model_ref)
    radios = {radio.slot: radio for radio in model.radios}
    for slot, code in codes.items():
        if slot not in radios:
            raise NotFound(msg("There is no such model."))
        pattern = find_pattern(session, actor, code) if code else None
        _require_band(radios[slot], pattern)
        radios[slot].antenna = pattern
        radios[slot].antenna_id = pattern.id if pattern else None
    session.commit()
    return model


def _require_band(radio: ModelRadio, pattern: AntennaPattern | None) -> None:
    if pattern is not None and pattern.band not in {None, radio.band}:
        raise InvalidInput(
            Problem(
                msg(
                    "This antenna is for %(antenna)s GHz, the radio for %(radio)s GHz.",
                    antenna=pattern.band,
                    radio=radio.band,
                ),
                msg("Choose an antenna of the radio's band."),
                field=f"radio_{radio.slot}",
                value=pattern.name,
            )
        )


def draw_cuts(pattern: AntennaPattern) -> dict[str, PolarCut]:
    """Give both cuts as diagrams: the greatest gain on the edge, 30 dB less in the centre."""
    return {name: _draw_cut(rows, pattern.gain_dbi) for name, rows in pattern.cuts.items()}


def _draw_cut(rows: list[list[float]], peak_dbi: float) -> PolarCut:
    cut = Cut(*zip(*rows, strict=True))
    angles = np.arange(0.0, 360.0, 2.0)
    radii = np.clip(1.0 - (cut.find_gain_db(angles) - peak_dbi) / FLOOR_DB, 0.0, 1.0)
    points = tuple(
        (
            round(radius * math.sin(math.radians(angle)), 4),
            round(-radius * math.cos(math.radians(angle)), 4),
        )
        for angle, radius in zip(angles.tolist(), radii.tolist(), strict=True)
    )
    steps = range(0, 360, TABLE_STEP_DEG)
    gains = cut.find_gain_db(np.array(steps, dtype=float))
    return PolarCut(points, tuple(zip(steps, gains.tolist(), strict=True)))
