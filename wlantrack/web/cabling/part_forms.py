"""Forms of distributors, switches, ports and outlets, and the filters of their lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, Optional

from wlantrack.services.cabling_places import PlaceValues
from wlantrack.services.distributors import DistributorValues, OutletValues, PartFilter
from wlantrack.services.places import floor_code
from wlantrack.services.switches import PortValues, SwitchValues
from wlantrack.web.cabling.words import all_or, poe_choices
from wlantrack.web.forms import REQUIRED, NumberField, VersionedForm
from wlantrack.web.lists import ListFilter

if TYPE_CHECKING:
    from wlantrack.store.models.cabling import CableRun, Distributor, Outlet, Switch, SwitchPort
    from wlantrack.store.models.networks import Vlan
    from wlantrack.store.queries.places import BuildingName


class PartFilterForm(ListFilter):
    """What lists of distributors, switches and outlets are narrowed to."""

    q = StringField(_l("Words"))
    building = SelectField(_l("Building"))
    wing = StringField(_l("Wing"))
    distributor = SelectField(_l("Distributor"))

    def offer(
        self, buildings: list[BuildingName], distributors: list[Distributor] | None = None
    ) -> None:
        """Offer what there is; without distributors there is no such filter."""
        self.building.choices = all_or((row.code, row.name) for row in buildings)
        if distributors is None:
            del self.distributor
        else:
            self.distributor.choices = all_or((item.code, item.code) for item in distributors)

    def narrow(self) -> PartFilter:
        """Give the filter that was entered."""
        return PartFilter(
            words=(self.q.data or "").strip(),
            building=self.building.data or "",
            wing=(self.wing.data or "").strip(),
            distributor=(self.distributor.data or "") if "distributor" in self else "",
        )


class PlacedForm(VersionedForm):
    """Where something stands."""

    code = StringField(_l("Code"), [Length(max=40)])
    floor = SelectField(_l("Floor"), coerce=str)
    wing = StringField(_l("Wing"), [Length(max=16)])
    room = StringField(_l("Room"), [Length(max=30)])
    x_m = NumberField("x", [Optional()])
    y_m = NumberField("y", [Optional()])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, floors: list[tuple[str, str]]) -> None:
        """Offer the floors of buildings in scope: reference and words."""
        self.floor.choices = floors

    def place(self) -> PlaceValues:
        """Give where it stands as plain values."""
        return PlaceValues(
            self.floor.data,
            (self.wing.data or "").strip(),
            (self.room.data or "").strip(),
            self.x_m.data,
            self.y_m.data,
        )

    def fill(self, record: Distributor | Outlet) -> None:
        """Show a record's values."""
        values: dict[str, object] = {
            "code": record.code,
            "note": record.note,
            "floor": floor_code(record.floor),
            "wing": record.wing.code if record.wing else "",
            "room": record.room.number if record.room else "",
            "x_m": record.x_m,
            "y_m": record.y_m,
        }
        self.show_current(values, record.version)


class DistributorForm(PlacedForm):
    """What people edit about a distributor."""

    name = StringField(_l("Name"), [Length(max=120)])

    def fill_distributor(self, record: Distributor) -> None:
        """Show a distributor's values."""
        self.fill(record)
        self.set_current("name", record.name)

    def values(self) -> DistributorValues:
        """Give what was entered as plain values."""
        return DistributorValues(
            self.place(), self.code.data or "", self.name.data or "", self.note.data or ""
        )


class OutletForm(PlacedForm):
    """What people edit about an outlet."""

    def values(self) -> OutletValues:
        """Give what was entered as plain values."""
        return OutletValues(self.place(), self.code.data or "", self.note.data or "")


class SwitchForm(VersionedForm):
    """What people edit about a switch; a new one gets its ports at once."""

    distributor = SelectField(_l("Distributor"), coerce=str)
    code = StringField(_l("Code"), [Length(max=40)])
    model = StringField(_l("Model"), [Length(max=120)])
    poe_budget_w = NumberField(_l("PoE budget"), [Optional()])
    serial = StringField(_l("Serial number"), [Length(max=60)])
    series = StringField(_l("Ports"), [Length(max=200)])
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, distributors: list[Distributor]) -> None:
        """Offer the distributors in scope."""
        self.distributor.choices = [
            (str(item.public_id), f"{item.code} {item.name}".strip()) for item in distributors
        ]

    def fill(self, switch: Switch) -> None:
        """Show a switch's values."""
        names = ("code", "model", "poe_budget_w", "serial", "note")
        self.show_current({name: getattr(switch, name) for name in names}, switch.version)
        self.set_current("distributor", str(switch.distributor.public_id))

    def values(self) -> SwitchValues:
        """Give what was entered as plain values."""
        return SwitchValues(
            self.distributor.data,
            self.code.data or "",
            self.model.data or "",
            self.poe_budget_w.data,
            self.serial.data or "",
            self.note.data or "",
        )


class SeriesForm(VersionedForm):
    """More ports for a switch, such as 25-48."""

    series = StringField(_l("Ports"), [InputRequired(REQUIRED), Length(max=200)])
    poe_class = SelectField(_l("PoE class"), coerce=str)
    speed_mbit = IntegerField(_l("Speed"), [Optional()])

    def offer(self) -> None:
        """Offer the PoE classes."""
        self.poe_class.choices = [("", gettext("not known")), *poe_choices()]

    def power(self) -> int | None:
        """Give the PoE class that was chosen."""
        return int(self.poe_class.data) if self.poe_class.data else None


class PortForm(VersionedForm):
    """What people edit about a port."""

    name = StringField(_l("Name"), [InputRequired(REQUIRED), Length(max=30)])
    poe_class = SelectField(_l("PoE class"), coerce=str)
    speed_mbit = IntegerField(_l("Speed"), [Optional()])
    cable_run = StringField(_l("Cable run"), [Length(max=60)])
    untagged = SelectField(_l("Untagged VLAN"), coerce=str)
    tagged = SelectMultipleField(_l("Tagged VLANs"), coerce=str)
    note = StringField(_l("Note"), [Length(max=500)])

    def offer(self, vlans: list[Vlan] | None) -> None:
        """Offer PoE classes, and the VLANs to those who may see them."""
        self.poe_class.choices = [("", gettext("not known")), *poe_choices()]
        if vlans is None:
            del self.untagged, self.tagged
            return
        named = [
            (vlan.code, f"{vlan.code} (VLAN {vlan.vid}) {vlan.name}".strip()) for vlan in vlans
        ]
        self.untagged.choices = [("", gettext("none")), *named]
        self.tagged.choices = named

    def fill(self, port: SwitchPort, run: CableRun | None) -> None:
        """Show a port's values; of its run as far as that may be known."""
        values: dict[str, object] = {
            "name": port.name,
            "note": port.note,
            "poe_class": "" if port.poe_class is None else str(port.poe_class),
            "speed_mbit": port.speed_mbit,
            "cable_run": run.label if run else "",
        }
        if "untagged" in self:
            values["untagged"] = port.untagged_vlan.code if port.untagged_vlan else ""
            values["tagged"] = [item.vlan.code for item in port.tagged]
        self.show_current(values, port.version)

    def values(self) -> PortValues:
        """Give what was entered as plain values."""
        return PortValues(
            self.name.data or "",
            int(self.poe_class.data) if self.poe_class.data else None,
            self.speed_mbit.data,
            (self.untagged.data or "", tuple(self.tagged.data or ()))
            if "untagged" in self
            else None,
            self.cable_run.data or "",
            self.note.data or "",
        )
