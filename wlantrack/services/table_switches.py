"""The tables of switches (by code) and of their ports (by switch and name)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services.actor import Action, Actor
from wlantrack.services.scopes import scope_pairs
from wlantrack.services.switches import (
    ports_in_order,
    sees_segments,
    set_segments,
    taken_port,
    visible_run,
)
from wlantrack.services.table_rows import PlaceIndex, RowOutcome, require_first
from wlantrack.store.models.cabling import Switch, SwitchPort
from wlantrack.store.queries import cable_runs as run_queries
from wlantrack.store.queries import cabling as queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.store.models.cabling import CableRun

_NOTE: Final = Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500)


class SwitchTable:
    """Switches with the distributors they are in."""

    finds_all = False
    columns: tuple[Column, ...] = (
        Column("code", required=True, german="Kennung", aliases=("Switch",), max_length=40),
        Column("distributor", german="Verteiler", max_length=40),
        Column("model", german="Modell", max_length=120),
        Column("poe_budget_w", Kind.NUMBER, german="PoE-Budget (W)", minimum=0, maximum=20_000),
        Column("serial", german="Seriennummer", max_length=60),
        _NOTE,
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load the distributors and switches that the rows may mean."""
        del rows
        self.session, self.actor = session, actor
        self.places = PlaceIndex(session, actor)
        self.distributors = {item.code: item for item in queries.load_distributors(session, None)}
        self.switches = {item.code: item for item in queries.load_switches(session, None)}
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the switch of a row."""
        code = str(row.values["code"])
        require_first(self.seen, code, row, "code")
        switch = self.switches.get(code)
        is_new = switch is None
        if switch is None:
            switch = Switch(public_id=uuid.uuid4(), code=code, ports=[])
            switch.model = switch.serial = switch.note = ""
            switch.poe_budget_w = None
            if row.values.get("distributor") is None:
                raise InvalidInput(
                    Problem(
                        msg("A new entry needs this value."),
                        msg("Fill in the cell, or set one value for all rows."),
                        field="distributor",
                        value="",
                    )
                )
        else:
            self.places.require_write(switch.distributor.floor, switch.distributor.wing_id)
        before = _describe(switch) if not is_new else {}
        self._set_values(switch, row)
        changed = [name for name, value in _describe(switch).items() if before.get(name) != value]
        if is_new:
            self.session.add(switch)
            self.switches[code] = switch
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, code, outcome, () if is_new else tuple(changed))

    def _set_values(self, switch: Switch, row: Row) -> None:
        values = row.values
        if values.get("distributor") is not None:
            place = self.distributors.get(str(values["distributor"]))
            if place is None or not self.actor.can(
                Action.SEE_CABLING, place.floor.building_id, place.wing_id
            ):
                raise InvalidInput(
                    Problem(
                        msg("There is no such distributor."),
                        msg("Import the distributors first."),
                        field="distributor",
                        value=str(values["distributor"]),
                    )
                )
            self.places.require_write(place.floor, place.wing_id)
            switch.distributor_id, switch.distributor = place.id, place
        for name in ("model", "serial", "note"):
            if name in values:
                setattr(switch, name, values[name] or "")
        if "poe_budget_w" in values:
            budget_w = values["poe_budget_w"]
            switch.poe_budget_w = float(budget_w) if isinstance(budget_w, int | float) else None

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the switches in scope."""
        for item in queries.load_switches(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            yield (
                item.code,
                item.distributor.code,
                item.model,
                item.poe_budget_w,
                item.serial,
                item.note,
            )


def _describe(switch: Switch) -> dict[str, object]:
    names = ("distributor_id", "model", "poe_budget_w", "serial", "note")
    return {name: getattr(switch, name) for name in names}


class SwitchPortTable:
    """Ports of switches: what they feed, what they carry, which run is on them."""

    finds_all = False
    columns: tuple[Column, ...] = (
        Column("switch", required=True, german="Switch", max_length=40),
        Column("port", required=True, german="Port", max_length=30),
        Column("poe_class", Kind.INTEGER, german="PoE-Klasse", minimum=0, maximum=8),
        Column("speed_mbit", Kind.INTEGER, german="Mbit/s", minimum=10, maximum=400_000),
        Column("cable_run", german="Kabel", aliases=("Kabelstrecke",), max_length=60),
        Column("untagged_vlan", german="VLAN ungetaggt", max_length=40),
        Column("tagged_vlans", german="VLANs getaggt", max_length=1_000),
        _NOTE,
    )

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load switches, ports, segments and the runs that the rows name."""
        self.session, self.actor = session, actor
        self.places = PlaceIndex(session, actor)
        self.switches = {item.code: item for item in queries.load_switches(session, None)}
        self.ports = {
            (switch.code, port.name): port
            for switch in self.switches.values()
            for port in switch.ports
        }
        self.vlans = {vlan.code: vlan for vlan in queries.list_vlans(session)}
        labels = {str(row.values["cable_run"]) for row in rows if row.values.get("cable_run")}
        self.runs = run_queries.get_by_labels(session, labels)
        self.seen: dict[str, int] = {}

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the port of a row."""
        switch = self._find_switch(str(row.values["switch"]))
        name = str(row.values["port"])
        key = f"{switch.code}/{name}"
        require_first(self.seen, key, row, "port")
        port = self.ports.get((switch.code, name))
        is_new = port is None
        if port is None:
            port = SwitchPort(public_id=uuid.uuid4(), name=name, tagged=[], note="")
            port.poe_class = port.speed_mbit = port.untagged_vlan_id = port.cable_run_id = None
            port.cable_run = None
            switch.ports.append(port)
            self.ports[switch.code, name] = port
        changed = self._set_values(port, row)
        outcome = "created" if is_new else "updated" if changed else "unchanged"
        return RowOutcome(row.number, key, outcome, () if is_new else tuple(changed))

    def _find_switch(self, code: str) -> Switch:
        switch = self.switches.get(code)
        if switch is None:
            raise InvalidInput(
                Problem(
                    msg("There is no such switch."),
                    msg("Import the switches first."),
                    field="switch",
                    value=code,
                )
            )
        self.places.require_write(switch.distributor.floor, switch.distributor.wing_id)
        return switch

    def _set_values(self, port: SwitchPort, row: Row) -> list[str]:
        values, changed = row.values, []
        for name in ("poe_class", "speed_mbit", "note"):
            if name not in values:
                continue
            wanted = values[name] if values[name] is not None or name != "note" else ""
            if getattr(port, name) != wanted:
                setattr(port, name, wanted)
                changed.append(name)
        if "cable_run" in values and self._set_run(port, values["cable_run"]):
            changed.append("cable_run")
        if "untagged_vlan" in values or "tagged_vlans" in values:
            untagged = values.get("untagged_vlan") or ""
            tagged = [code.strip() for code in str(values.get("tagged_vlans") or "").split(",")]
            names = ("untagged_vlan", "tagged_vlans")
            codes = [code for code in tagged if code]
            if set_segments(port, self.vlans, str(untagged), codes, names):
                changed.append("vlans")
        return changed

    def _set_run(self, port: SwitchPort, label: Value) -> bool:
        is_hidden = port.cable_run is not None and visible_run(self.actor, port) is None
        if label is None:
            if port.cable_run is None or is_hidden:
                return False
            port.cable_run_id, port.cable_run = None, None
            return True
        run = self.runs.get(str(label))
        if run is None or not self.actor.can(
            Action.IMPORT_TABLES, run.floor.building_id, run.wing_id
        ):
            raise InvalidInput(
                Problem(
                    msg("There is no such cable run."),
                    msg("Import the cable runs first, or leave the cell empty."),
                    field="cable_run",
                    value=str(label),
                )
            )
        if port.cable_run is run:
            return False
        if is_hidden:
            raise taken_port()
        if run.switch_port is not None:
            raise _on_another_port(run)
        run.switch_port = port
        return True

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the ports in scope; runs and segments only to those who may see them."""
        for switch in queries.load_switches(session, scope_pairs(actor, Action.EXPORT_TABLES)):
            sees = sees_segments(actor, switch)
            for port in ports_in_order(switch):
                run = visible_run(actor, port)
                untagged = port.untagged_vlan if sees else None
                tagged = sorted(item.vlan.code for item in port.tagged) if sees else []
                yield (
                    switch.code,
                    port.name,
                    port.poe_class,
                    port.speed_mbit,
                    run.label if run else None,
                    untagged.code if untagged else None,
                    ", ".join(tagged) or None,
                    port.note,
                )


def _on_another_port(run: CableRun) -> InvalidInput:
    other = run.switch_port
    return InvalidInput(
        Problem(
            msg(
                "Run %(label)s is on port %(port)s already.",
                label=run.label,
                port=f"{other.switch.code}/{other.name}" if other else "?",
            ),
            msg("Take it off there first."),
            field="cable_run",
            value=run.label,
        )
    )
