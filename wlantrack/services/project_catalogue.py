"""What a project's walls and access points are of: materials, antennas, models, requirements.

Decides when an entry of the catalogue is the same as one of the file: by name and values. An entry
that differs gets a code of its own, so that no import changes what other buildings rely on.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from wlantrack.services.actor import Action
from wlantrack.services.catalog import material_loss
from wlantrack.services.project_ledger import make_slug, number_code
from wlantrack.store.models.access_points import AccessPointModel, AntennaPattern, ModelRadio
from wlantrack.store.models.demand import Requirement
from wlantrack.store.models.walls import Material
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import antennas as antenna_queries
from wlantrack.store.queries import project_imports as queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from wlantrack.formats.antenna_tables import AntennaTable
    from wlantrack.formats.projects import (
        Bands,
        ProjectAccessPoint,
        ProjectRadio,
        ProjectRequirement,
    )
    from wlantrack.services.project_ledger import Job

ASSUMED_POWER_DBM: Final = 20.0
UNKNOWN_MODEL: Final = "Unknown model"
_SAME_LOSS_DB: Final = 0.005
_LIMITS: Final = (
    "signal_dbm",
    "secondary_dbm",
    "snr_db",
    "data_rate_mbit",
    "access_point_count",
    "access_point_dbm",
    "overlap_max",
)


class Materials:
    """The materials of the catalogue, to which those of a project are added."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._by_code = wall_queries.get_materials_by_code(job.session)

    def find_or_add(self, name: str, loss_db: Bands) -> Material:
        """Give the material of this name and loss, added if there is none."""
        name = name[:120]
        code = make_slug(name, 56)
        for material in self._by_code.values():
            is_called = material.name == name or material.code == code
            if is_called and _is_near(material_loss(material), loss_db):
                return material
        self._job.actor.require(Action.EDIT_CATALOGUE)
        values = {
            "code": number_code(code, self._by_code, 60),
            "name": name,
            "layers": None,
            "measured_db_24": loss_db[0],
            "measured_db_5": loss_db[1],
            "measured_db_6": loss_db[2],
        }
        material = self._job.put(Material(public_id=uuid.uuid4()), values, is_new=True)
        self._job.session.flush()
        self._by_code[material.code] = material
        return material


def _is_near(first: Bands, second: Bands) -> bool:
    return all(abs(a - b) < _SAME_LOSS_DB for a, b in zip(first, second, strict=True))


def pattern_values(table: AntennaTable) -> dict[str, object]:
    """Give the columns of an antenna's table, its code and source left out."""
    return {
        "name": table.name[:120],
        "vendor": table.vendor[:80],
        "band": table.band,
        "gain_dbi": table.gain_dbi,
        "cuts": {
            "horizontal": [list(row) for row in table.horizontal],
            "vertical": [list(row) for row in table.vertical],
        },
        "tabulated_mount": table.mount,
    }


class Antennas:
    """The antennas of the catalogue, to which those that a project's radios use are added."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._tables = {antenna.key: antenna.table for antenna in job.project.antennas}
        self._by_code = {p.code: p for p in antenna_queries.list_patterns(job.session)}
        self._by_key: dict[str, AntennaPattern] = {}

    def find_or_add(self, key: str | None) -> AntennaPattern | None:
        """Give the antenna that the file knows under this key; None without a table."""
        if key is None or key not in self._tables:
            return None
        if key not in self._by_key:
            self._by_key[key] = self._settle(self._tables[key])
        return self._by_key[key]

    def _settle(self, table: AntennaTable) -> AntennaPattern:
        values = pattern_values(table)
        for pattern in self._by_code.values():
            if all(getattr(pattern, name) == value for name, value in values.items()):
                return pattern
        self._job.actor.require(Action.EDIT_CATALOGUE)
        values["code"] = number_code(make_slug(table.name, 76), self._by_code, 80)
        values["source"] = f"{self._job.project.format}: {self._job.project.name}"[:200]
        pattern = self._job.put(AntennaPattern(public_id=uuid.uuid4()), values, is_new=True)
        self._job.session.flush()
        self._by_code[pattern.code] = pattern
        return pattern


class Models:
    """The models of the catalogue, to which those of a project's access points are added."""

    def __init__(self, job: Job, antennas: Antennas) -> None:
        self._job, self._antennas = job, antennas
        self._known = point_queries.list_models(job.session)
        self._samples: dict[tuple[str, str], list[ProjectAccessPoint]] = defaultdict(list)
        for point in job.project.access_points:
            if point.floor is not None:
                self._samples[self._name_of(point)].append(point)

    @staticmethod
    def _name_of(point: ProjectAccessPoint) -> tuple[str, str]:
        return point.vendor[:80], point.model[:120] or UNKNOWN_MODEL

    def find_or_add(self, point: ProjectAccessPoint) -> AccessPointModel:
        """Give an access point's model, added with the radios seen on all of its kind."""
        vendor, name = self._name_of(point)
        code = make_slug(f"{vendor} {name}", 56)
        for model in self._known:
            is_called = (model.vendor.casefold(), model.name.casefold()) == (
                vendor.casefold(),
                name.casefold(),
            )
            if is_called or model.code == code:
                return model
        self._job.actor.require(Action.EDIT_CATALOGUE)
        model = AccessPointModel(public_id=uuid.uuid4(), poe_class=None, end_of_support=None)
        model.radios = self._make_radios(self._samples[vendor, name])
        self._job.put(model, {"code": code, "vendor": vendor, "name": name}, is_new=True)
        self._job.session.flush()
        self._known.append(model)
        return model

    def _make_radios(self, points: list[ProjectAccessPoint]) -> list[ModelRadio]:
        slots: dict[int, list[ProjectRadio]] = defaultdict(list)
        for point in points:
            for slot, radio in enumerate(point.radios, start=1):
                slots[slot].append(radio)
        return [self._make_radio(slot, radios) for slot, radios in sorted(slots.items())]

    def _make_radio(self, slot: int, radios: list[ProjectRadio]) -> ModelRadio:
        band = Counter(radio.band for radio in radios).most_common(1)[0][0]
        alike = [radio for radio in radios if radio.band == band]
        antenna = self._antennas.find_or_add(
            Counter(radio.antenna for radio in alike).most_common(1)[0][0]
        )
        gains = [radio.gain_dbi for radio in alike if radio.gain_dbi is not None]
        powers = [radio.power_dbm for radio in alike if radio.power_dbm is not None]
        return ModelRadio(
            slot=slot,
            band=band,
            max_power_dbm=max(powers, default=ASSUMED_POWER_DBM),
            gain_dbi=antenna.gain_dbi if antenna else max(gains, default=0.0),
            streams=max(radio.streams for radio in alike),
            antenna_id=antenna.id if antenna else None,
            antenna=antenna,
        )


class Requirements:
    """The requirements of the catalogue, to which those of a project's areas are added."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._sources = {source.key: source for source in job.project.requirements}
        self._by_code = {r.code: r for r in queries.list_requirements(job.session)}

    def find_or_add(self, key: str | None) -> Requirement | None:
        """Give the requirement that the file knows under this key; None if it asks for no signal."""
        source = self._sources.get(key or "")
        if source is None or source.signal_dbm is None or not -120 <= source.signal_dbm <= 0:
            return None
        values = _limits_of(source)
        for requirement in self._by_code.values():
            is_called = requirement.name == source.name[:120]
            if is_called and all(getattr(requirement, n) == v for n, v in values.items()):
                return requirement
        self._job.actor.require(Action.EDIT_CATALOGUE)
        code = number_code(make_slug(source.name, 36), self._by_code, 40)
        values |= {"code": code, "name": source.name[:120]}
        requirement = self._job.put(Requirement(public_id=uuid.uuid4()), values, is_new=True)
        self._job.session.flush()
        self._by_code[code] = requirement
        return requirement


def _limits_of(source: ProjectRequirement) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(source, name) for name in _LIMITS}
    if source.secondary_dbm is not None and not -120 <= source.secondary_dbm <= 0:
        values["secondary_dbm"] = None
    return values
