"""What other records refer to: materials, models and antennas, and the standard set of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.radio.materials import STANDARD_MATERIALS, Layer, compute_loss
from wlantrack.radio.sectors import make_sector_cut
from wlantrack.services import requirements
from wlantrack.services.actor import Action, Actor
from wlantrack.store.models.access_points import AccessPointModel, AntennaPattern, ModelRadio
from wlantrack.store.models.walls import Material
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import antennas as antenna_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from wlantrack.radio.bands import BandValues

GENERIC_MODELS = (
    (
        "generic-wifi6e-omni",
        "Wi-Fi 6E, omnidirectional",
        6,
        (("2.4", 20.0, 4.0), ("5", 20.0, 5.0), ("6", 20.0, 5.0)),
    ),
    ("generic-wifi6-omni", "Wi-Fi 6, omnidirectional", 4, (("2.4", 20.0, 4.0), ("5", 20.0, 5.0))),
    (
        "generic-wifi6e-wall",
        "Wi-Fi 6E, for the wall",
        6,
        (("2.4", 17.0, 3.0), ("5", 18.0, 4.0), ("6", 18.0, 4.0)),
    ),
)
"""Code, name, PoE class, and (band, greatest power in dBm, gain in dBi); placeholders for products
that a city has not chosen yet."""


SECTOR_MODEL = "generic-wifi6e-wall"
SECTOR_BEAMWIDTH_DEG = 120.0
SECTOR_FRONT_TO_BACK_DB = 15.0
SECTOR_NAMES = {
    "2.4": "Sector of 120°, 2.4 GHz",
    "5": "Sector of 120°, 5 GHz",
    "6": "Sector of 120°, 6 GHz",
}
SECTOR_SOURCE = (
    "Parabolic cuts of 3GPP TR 36.814, table A.2.1.1-2: 120 degrees wide, 15 dB less backwards"
)
"""What hangs on a wall covers the room before it; the numbers are those of usual products."""


def material_loss(material: Material) -> BandValues:
    """Give a material's loss per band in dB: measured if known, else computed from its layers."""
    if (
        material.measured_db_24 is not None
        and material.measured_db_5 is not None
        and material.measured_db_6 is not None
    ):
        return material.measured_db_24, material.measured_db_5, material.measured_db_6
    layers = material.layers or []
    return compute_loss(tuple(Layer(str(name), float(thickness)) for name, thickness in layers))


def install_standard(session: Session, actor: Actor) -> int:
    """Add the standard materials, models, requirements and profiles that are missing; tell how many."""
    actor.require(Action.EDIT_CATALOGUE)
    known = wall_queries.get_materials_by_code(session)
    added = 0
    for standard in STANDARD_MATERIALS:
        if standard.code not in known:
            measured = standard.measured_db or (None, None, None)
            session.add(
                Material(
                    code=standard.code,
                    name=standard.name,
                    layers=[[layer.material_class, layer.thickness_m] for layer in standard.layers]
                    or None,
                    measured_db_24=measured[0],
                    measured_db_5=measured[1],
                    measured_db_6=measured[2],
                )
            )
            added += 1
    models = {model.code for model in point_queries.list_models(session)}
    for code, name, poe_class, radios in GENERIC_MODELS:
        if code not in models:
            model = _make_model(code, name, poe_class, radios)
            session.add(model)
            added += 1
            if code == SECTOR_MODEL:
                _give_sectors(session, model)
    added += requirements.install_standard(session)
    session.commit()
    return added


def _make_model(
    code: str, name: str, poe_class: int, radios: tuple[tuple[str, float, float], ...]
) -> AccessPointModel:
    model = AccessPointModel(code=code, vendor="", name=name, poe_class=poe_class)
    model.radios = [
        ModelRadio(slot=slot, band=band, max_power_dbm=power_dbm, gain_dbi=gain_dbi)
        for slot, (band, power_dbm, gain_dbi) in enumerate(radios, start=1)
    ]
    return model


def _give_sectors(session: Session, model: AccessPointModel) -> None:
    """Give each radio of a model a sector of the radio's own gain, so that its azimuth matters."""
    known = {pattern.code: pattern for pattern in antenna_queries.list_patterns(session)}
    cut = make_sector_cut(SECTOR_BEAMWIDTH_DEG, SECTOR_FRONT_TO_BACK_DB)
    for radio in model.radios:
        code = f"generic-sector-{radio.band}"
        rows = [
            [angle, round(gain_db + radio.gain_dbi, 3)]
            for angle, gain_db in sorted(zip(cut.angles_deg, cut.gains_db, strict=True))
        ]
        radio.antenna = known.get(code) or AntennaPattern(
            code=code,
            name=SECTOR_NAMES[radio.band],
            vendor="",
            band=radio.band,
            gain_dbi=radio.gain_dbi,
            cuts={"horizontal": rows, "vertical": rows},
            tabulated_mount="wall",
            source=SECTOR_SOURCE,
        )


def list_materials(session: Session, actor: Actor) -> list[tuple[Material, BandValues]]:
    """Give all materials with their loss per band, by name."""
    actor.require_somewhere(Action.SEE_PLANS)
    return [
        (material, material_loss(material)) for material in wall_queries.list_materials(session)
    ]


def find_material(session: Session, code: str) -> Material:
    """Give a material by code.

    Raises
    ------
    InvalidInput
        There is none; names those there are.
    """
    return pick_material(wall_queries.get_materials_by_code(session), code)


def pick_material(materials: Mapping[str, Material], code: str) -> Material:
    """Give a material out of those that are loaded.

    Raises
    ------
    InvalidInput
        There is none; names those there are.
    """
    if code not in materials:
        raise InvalidInput(
            Problem(
                msg("There is no such material."),
                msg("Use one of: %(codes)s.", codes=", ".join(sorted(materials))),
                field="material",
                value=code,
            )
        )
    return materials[code]


def add_measured_material(
    session: Session, actor: Actor, code: str, name: str, loss_db: BandValues
) -> Material:
    """Add a material by its measured loss per band.

    Raises
    ------
    InvalidInput
        The code is taken, or a loss is not between 0 and 150 dB.
    """
    actor.require(Action.EDIT_CATALOGUE)
    for field, value in zip(("loss_24_db", "loss_5_db", "loss_6_db"), loss_db, strict=True):
        if not 0.0 <= value <= 150.0:
            raise InvalidInput(
                Problem(msg("A loss lies between 0 and 150 dB."), field=field, value=f"{value:g}")
            )
    if code in wall_queries.get_materials_by_code(session):
        raise InvalidInput(
            Problem(
                msg("There is already a material of this code."),
                msg("Choose another code."),
                field="code",
                value=code,
            )
        )
    material = Material(
        code=code,
        name=name,
        measured_db_24=loss_db[0],
        measured_db_5=loss_db[1],
        measured_db_6=loss_db[2],
    )
    session.add(material)
    session.commit()
    return material
