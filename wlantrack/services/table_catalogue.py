"""Tables of the catalogue: materials of walls and models of access points."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.radio.bands import BAND_KEYS
from wlantrack.radio.materials import P2040_CLASSES, Layer
from wlantrack.services.actor import Action, Actor
from wlantrack.services.table_records import SEPARATOR, RecordTable, split_list
from wlantrack.store.models.access_points import AccessPointModel, ModelRadio
from wlantrack.store.models.walls import Material
from wlantrack.store.queries import access_points as point_queries
from wlantrack.store.queries import walls as wall_queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.access_points import AntennaPattern

_MEASURED = ("measured_db_24", "measured_db_5", "measured_db_6")


class MaterialTable(RecordTable):
    """Materials: by measured loss, or by layers such as ``plasterboard 0.0125 | air 0.075``."""

    columns = (
        Column("code", required=True, german="Kürzel", max_length=60),
        Column("name", german="Bezeichnung", max_length=120),
        Column("layers", german="Schichten", max_length=2_000),
        *(
            Column(name, Kind.NUMBER, german=f"gemessen {band} GHz dB", minimum=0, maximum=150)
            for name, band in zip(_MEASURED, ("2,4", "5", "6"), strict=True)
        ),
    )
    plain: ClassVar = {"name": ("name", ""), **{name: (name, None) for name in _MEASURED}}

    def load(self) -> None:
        """Load the materials."""
        self.actor.require(Action.EDIT_CATALOGUE)
        self.records = dict(wall_queries.get_materials_by_code(self.session).items())

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> Material:
        """Make a material; its name is its code until it has one."""
        return Material(layers=None, **self.defaults() | {"code": key, "name": key})

    def find_values(self, record: Material, row: Row) -> dict[str, object]:
        """Give the layers."""
        del record
        if "layers" not in row.values:
            return {}
        parts = split_list(row.values["layers"])
        return {"layers": [_read_layer(part) for part in parts] or None}

    def check(self, record: Material, row: Row) -> None:
        """Refuse a material of which nobody can tell the loss."""
        del row
        measured = [getattr(record, name) is not None for name in _MEASURED]
        if any(measured) != all(measured) or not (record.layers or all(measured)):
            raise InvalidInput(
                Problem(
                    msg("A material needs layers, or the measured loss in all three bands."),
                    msg("Fill in the layers, or all three losses."),
                    field="layers",
                )
            )

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give all materials."""
        actor.require_somewhere(Action.SEE_PLANS)
        for material in sorted(wall_queries.list_materials(session), key=lambda m: m.code):
            layers = [f"{name} {thickness}" for name, thickness in material.layers or []]
            yield (
                material.code,
                material.name,
                SEPARATOR.join(layers) or None,
                *(getattr(material, name) for name in _MEASURED),
            )


def _read_layer(part: str) -> list[str | float]:
    name, _, thickness = part.rpartition(" ")
    try:
        thickness_m = float(thickness.replace(",", "."))
        Layer(name, thickness_m)
    except (ValueError, InvalidInput) as error:
        raise InvalidInput(
            Problem(
                msg("This is no layer."),
                msg(
                    "Write class and thickness in metres, such as brick 0.24; classes: %(names)s.",
                    names=", ".join(P2040_CLASSES),
                ),
                field="layers",
                value=part,
            )
        ) from error
    return [name, thickness_m]


class ModelTable(RecordTable):
    """Models: radios as ``band/power dBm/gain dBi/streams``, such as ``2.4/20/4/2 | 5/20/5/4``."""

    columns = (
        Column("code", required=True, german="Kürzel", max_length=60),
        Column("vendor", german="Hersteller", max_length=80),
        Column("name", german="Bezeichnung", max_length=120),
        Column("poe_class", Kind.INTEGER, german="PoE-Klasse", minimum=0, maximum=8),
        Column("end_of_support", Kind.DATE, german="Support bis"),
        Column("radios", german="Funkmodule", max_length=1_000),
    )
    plain: ClassVar = {
        "vendor": ("vendor", ""),
        "name": ("name", ""),
        "poe_class": ("poe_class", None),
        "end_of_support": ("end_of_support", None),
    }

    def load(self) -> None:
        """Load the models with their radios, and the antennas."""
        self.actor.require(Action.EDIT_CATALOGUE)
        self.records = {model.code: model for model in point_queries.list_models(self.session)}
        self.antennas = point_queries.list_antennas_by_code(self.session)

    def key_of(self, row: Row) -> str:
        """Give the code."""
        return str(row.values["code"])

    def make(self, key: str) -> AccessPointModel:
        """Make a model without radios; its name is its code until it has one."""
        return AccessPointModel(radios=[], **self.defaults() | {"code": key, "name": key})

    def _set_fields(self, record: AccessPointModel, row: Row) -> list[str]:
        changed = super()._set_fields(record, row)
        if "radios" not in row.values:
            return changed
        wanted = [self._read_radio(part) for part in split_list(row.values["radios"])]
        if wanted == [_radio_values(radio) for radio in record.radios]:
            return changed
        del record.radios[len(wanted) :]
        for place, values in enumerate(wanted):
            if place == len(record.radios):
                record.radios.append(ModelRadio(slot=place + 1))
            for field, value in values.items():
                setattr(record.radios[place], field, value)
        return [*changed, "radios"]

    def _read_radio(self, part: str) -> dict[str, object]:
        pieces = [piece.strip() for piece in part.split("/")]
        try:
            band, power, gain, streams, *antenna = pieces
            values: dict[str, object] = {
                "band": BAND_KEYS[BAND_KEYS.index(band.replace(",", "."))],
                "max_power_dbm": _within(float(power.replace(",", ".")), -10, 36),
                "gain_dbi": _within(float(gain.replace(",", ".")), -10, 30),
                "streams": int(_within(int(streams), 1, 16)),
                "antenna_id": self.antennas["/".join(antenna)].id if antenna else None,
            }
        except (ValueError, KeyError) as error:
            raise InvalidInput(
                Problem(
                    msg("This is no radio."),
                    msg(
                        "Write band/power/gain/streams, and the code of an antenna pattern if it has"
                        " one, such as 5/20/5/4."
                    ),
                    field="radios",
                    value=part,
                )
            ) from error
        return values

    def check(self, record: AccessPointModel, row: Row) -> None:
        """Refuse a model without a radio."""
        del row
        if not record.radios:
            message = msg("A model needs at least one radio.")
            raise InvalidInput(Problem(message, msg("Write it such as 5/20/5/4."), field="radios"))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give all models."""
        actor.require_somewhere(Action.SEE_ACCESS_POINTS)
        for model in point_queries.list_models(session):
            yield (
                model.code,
                model.vendor,
                model.name,
                model.poe_class,
                model.end_of_support,
                SEPARATOR.join(_write_radio(radio, radio.antenna) for radio in model.radios),
            )


def _within(value: float, low: float, high: float) -> float:
    if not low <= value <= high:
        raise ValueError(value)
    return value


def _radio_values(radio: ModelRadio) -> dict[str, object]:
    names = ("band", "max_power_dbm", "gain_dbi", "streams", "antenna_id")
    return {name: getattr(radio, name) for name in names}


def _plain(value: float) -> str:
    """Write a number so that it reads back as the very same one."""
    return repr(value).removesuffix(".0")


def _write_radio(radio: ModelRadio, antenna: AntennaPattern | None) -> str:
    pieces = [radio.band, _plain(radio.max_power_dbm), _plain(radio.gain_dbi), str(radio.streams)]
    return "/".join([*pieces, *([antenna.code] if antenna else [])])


CATALOGUE_KINDS: dict[str, type[RecordTable]] = {
    "materials": MaterialTable,
    "access_point_models": ModelTable,
}
