"""The tables of VLANs, SSIDs and flows: the code is the key of each.

Decides that a table never changes a class: a row that would is an error, as is an SSID on a VLAN of
another class.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from dataclasses import asdict, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar

from wlantrack.errors import InvalidInput, Message, Problem, msg
from wlantrack.formats.columns import Column, Kind
from wlantrack.services import flows, network_sight, networks, ssids, vlans
from wlantrack.services.actor import Action, Actor
from wlantrack.services.flows import FlowValues
from wlantrack.services.ssids import SsidValues
from wlantrack.services.table_gate import GatedTable
from wlantrack.services.table_rows import RowOutcome
from wlantrack.services.vlans import VlanValues
from wlantrack.store.models.networks import (
    ADDRESS_FAMILIES,
    FLOW_ACTIONS,
    NETWORK_CLASSES,
    PMF_MODES,
    PROTECTION_NEEDS,
    SECURITIES,
    SSID_STATES,
    Flow,
    Ssid,
    Vlan,
)
from wlantrack.store.queries import networks as queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from wlantrack.formats.columns import Value
    from wlantrack.formats.tables import Row
    from wlantrack.networks.plan import Subject

_CLASS_NAMES: Final = {
    "Besucher": "visitor",
    "Besucher-WLAN": "visitor",
    "Besuchernetz": "visitor",
    "intern": "internal",
    "internes Netz": "internal",
    "LHS-WLAN": "internal",
    "LHS": "internal",
    "Verwaltung": "management",
    "Managementnetz": "management",
    "Gebäudetechnik": "building",
    "kritisch": "critical",
    "kritische Infrastruktur": "critical",
}
_NEED_NAMES: Final = {"normal": "normal", "hoch": "high", "sehr hoch": "very high"}
_STATE_NAMES: Final = {"geplant": "planned", "auf Sendung": "on air", "abgeschaltet": "retired"}
_SECURITY_NAMES: Final = {"offen": "open", "OWE mit offenem Zwilling": "owe-transition"}
_PMF_NAMES: Final = {"aus": "off", "möglich": "optional", "verlangt": "required"}
_ACTION_NAMES: Final = {
    "erlaubt": "allow",
    "erlauben": "allow",
    "gesperrt": "deny",
    "sperren": "deny",
}
_FAMILY_NAMES: Final = {"beide": "both", "IPv4": "v4", "IPv6": "v6"}

_CLASS: Final = Column(
    "network_class",
    Kind.CHOICE,
    german="Netzklasse",
    aliases=("Klasse", "class"),
    choices=NETWORK_CLASSES,
    choice_names=_CLASS_NAMES,
)
_NEED: Final = Column(
    "protection_need",
    Kind.CHOICE,
    german="Schutzbedarf",
    choices=PROTECTION_NEEDS,
    choice_names=_NEED_NAMES,
)
_CODE: Final = Column("code", required=True, german="Kennung", max_length=40)
_OWNER: Final = Column("owner", german="Zuständig", aliases=("Verantwortlich",), max_length=120)
_PURPOSE: Final = Column("purpose", german="Zweck", max_length=200)
_NOTE: Final = Column("note", german="Bemerkung", aliases=("Notiz",), max_length=500)

Keyed = TypeVar("Keyed", Vlan, Ssid, Flow)


class _KeyedTable(GatedTable, ABC, Generic[Keyed]):
    """What the three tables share: a code that stands once, and fields that rows fill."""

    finds_all = False
    columns: tuple[Column, ...]
    renamed: ClassVar[Mapping[str, str]] = {}
    """Columns whose field has another name."""

    needed: tuple[str, ...]
    """Columns without which nothing new can be made."""

    def begin(self, session: Session, actor: Actor, rows: tuple[Row, ...]) -> None:
        """Load what the rows may mean."""
        del rows
        actor.require(Action.EDIT_NETWORKS)
        self.session, self.actor = session, actor
        self.seen: dict[str, int] = {}
        self.load()
        self.watch_air()

    @abstractmethod
    def load(self) -> None:
        """Load the records by code into ``records``."""

    records: dict[str, Keyed]

    def apply(self, row: Row) -> RowOutcome:
        """Create or change the record of a row."""
        code = str(row.values["code"])
        first = self.seen.setdefault(code, row.number)
        if first != row.number:
            raise _refuse(
                "code",
                code,
                msg("Row %(row)d has the same code.", row=first),
                msg("Leave one of the two rows out, or give it a code of its own."),
            )
        record = self.records.get(code)
        if record is None:
            self._require_needed(row)
            record = self.make(code, row)
            warnings = self.judge(record)
            self.session.add(record)
            self.records[code] = record
            return RowOutcome(row.number, code, "created", (), _at(warnings, row))
        before = _describe(record)
        self.change(record, row)
        after = _describe(record)
        changed = tuple(name for name, value in after.items() if before[name] != value)
        warnings = self.judge(record) if changed else []
        outcome = "updated" if changed else "unchanged"
        return RowOutcome(row.number, code, outcome, changed, _at(warnings, row))

    @abstractmethod
    def make(self, code: str, row: Row) -> Keyed:
        """Make the record of a row."""

    @abstractmethod
    def change(self, record: Keyed, row: Row) -> None:
        """Bring a record to a row's values."""

    def judge(self, record: Keyed) -> list[Problem]:
        """Warn of what the separation check will say; nothing unless a table knows better."""
        del record
        return []

    def _require_needed(self, row: Row) -> None:
        for column in self.needed:
            if row.values.get(column) is None:
                raise _refuse(
                    column,
                    "",
                    msg("A new entry needs this value."),
                    msg("Fill in the cell, or set one value for all rows."),
                )

    def given(self, row: Row, defaults: Mapping[str, Any]) -> dict[str, Any]:
        """Give the fields that a row fills; an empty cell means the field's default."""
        values = {}
        for column, value in row.values.items():
            field = self.renamed.get(column, column)
            if field in defaults:
                values[field] = defaults[field] if value is None else value
        return values


def _describe(record: Vlan | Ssid | Flow) -> dict[str, Any]:
    """Give a record's values by column, to see what a row changed."""
    return {
        column.key: getattr(record, column.key)
        for column in record.__mapper__.column_attrs
        if column.key not in {"id", "public_id", "version"}
    }


def _defaults_of(values: type[Any]) -> dict[str, Any]:
    """Give what an empty cell means for each field; None where there is no such thing."""
    return {field.name: getattr(values, field.name, None) for field in fields(values)}


def _current(record: Vlan | Ssid | Flow, values: type[Any], **more: object) -> dict[str, Any]:
    """Give the values that a record has now."""
    names = {field.name for field in fields(values)} - more.keys()
    return {name: getattr(record, name) for name in names} | more


def _at(warnings: list[Problem], row: Row) -> tuple[Problem, ...]:
    return tuple(replace(warning, row=row.number) for warning in warnings)


def _refuse(field: str, value: object, message: Message, remedy: Message) -> InvalidInput:
    return InvalidInput(Problem(message, remedy, field=field, value=str(value)))


def _require_kept_class(wanted: Value, network_class: str) -> None:
    """Refuse a row that names another class than the record's."""
    if wanted is not None and wanted != network_class:
        raise _refuse(
            "network_class",
            wanted,
            msg(
                "The class is %(network_class)s, and a table does not change it.",
                network_class=networks.CLASS_WORDS[network_class],
            ),
            msg("Change the class on the entry's page, or correct the cell."),
        )


class VlanTable(_KeyedTable[Vlan]):
    """VLANs with their classes, subnets and zones."""

    columns: tuple[Column, ...] = (
        _CODE,
        Column("vid", Kind.INTEGER, german="VLAN-ID", minimum=1, maximum=vlans.HIGHEST_VID),
        Column("name", german="Name", aliases=("Bezeichnung",), max_length=120),
        _CLASS,
        Column(
            "family",
            Kind.CHOICE,
            german="Adressen",
            choices=ADDRESS_FAMILIES,
            choice_names=_FAMILY_NAMES,
        ),
        Column("subnet_v4", german="IPv4-Subnetz", aliases=("Subnetz",), max_length=60),
        Column("subnet_v6", german="IPv6-Subnetz", max_length=60),
        Column("zone", german="Firewall-Zone", aliases=("Zone",), max_length=60),
        _OWNER,
        _PURPOSE,
        _NEED,
        _NOTE,
    )
    needed = ("vid", "network_class")

    def load(self) -> None:
        """Load every VLAN."""
        found = queries.list_vlans(self.session, NETWORK_CLASSES)
        self.records = {vlan.code: vlan for vlan in found}

    def make(self, code: str, row: Row) -> Vlan:
        """Make a VLAN of the row's class."""
        network_class = str(row.values["network_class"])
        vlan = Vlan(public_id=uuid.uuid4(), code=code, network_class=network_class)
        given = self.given(row, _defaults_of(VlanValues))
        vlans.apply_values(vlan, VlanValues(**given))
        return vlan

    def change(self, record: Vlan, row: Row) -> None:
        """Change a VLAN's values; another class is refused."""
        _require_kept_class(row.values.get("network_class"), record.network_class)
        current = _current(record, VlanValues)
        given = self.given(row, _defaults_of(VlanValues) | {"vid": record.vid})
        vlans.apply_values(record, VlanValues(**current | given))

    def judge(self, record: Vlan) -> list[Problem]:
        """Warn of what this VLAN shares with others, those of this table included."""
        return vlans.judge_vlan(record, self.records.values())

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the VLANs, to those who see segments."""
        actor.require_somewhere(Action.SEE_SEGMENTS)
        found = queries.list_vlans(session, network_sight.segment_classes(actor))
        return (
            tuple(getattr(vlan, column.name) or None for column in self.columns) for vlan in found
        )


class SsidTable(_KeyedTable[Ssid]):
    """SSIDs with their VLANs; where they are on air stands in a table of its own."""

    columns: tuple[Column, ...] = (
        _CODE,
        Column("name", german="Netzname", aliases=("SSID",), max_length=32),
        Column("vlan", german="VLAN", max_length=40),
        _CLASS,
        Column(
            "state", Kind.CHOICE, german="Zustand", choices=SSID_STATES, choice_names=_STATE_NAMES
        ),
        Column(
            "security",
            Kind.CHOICE,
            german="Sicherheit",
            choices=SECURITIES,
            choice_names=_SECURITY_NAMES,
        ),
        Column("pmf", Kind.CHOICE, german="PMF", choices=PMF_MODES, choice_names=_PMF_NAMES),
        Column("on_24_ghz", Kind.BOOLEAN, german="2,4 GHz"),
        Column("on_5_ghz", Kind.BOOLEAN, german="5 GHz"),
        Column("on_6_ghz", Kind.BOOLEAN, german="6 GHz"),
        Column("isolated", Kind.BOOLEAN, german="Endgeräte getrennt"),
        Column("wps", Kind.BOOLEAN, german="WPS"),
        Column("tkip", Kind.BOOLEAN, german="TKIP"),
        Column("portal", Kind.BOOLEAN, german="Portal"),
        Column("portal_url", german="Portalseite", max_length=200),
        Column("privacy_notice_version", german="Datenschutzhinweis", max_length=40),
        Column("psk_length", Kind.INTEGER, german="Zeichen des Schlüssels"),
        Column("psk_unique", Kind.BOOLEAN, german="Schlüssel nur hier"),
        Column("psk_attested_on", Kind.DATE, german="Schlüssel geprüft am"),
        Column("migration_on", Kind.DATE, german="Umstieg auf WPA3 am"),
        _OWNER,
        _PURPOSE,
        _NEED,
        Column("ends_on", Kind.DATE, german="Endet am"),
        _NOTE,
    )
    renamed: ClassVar[Mapping[str, str]] = {
        "on_24_ghz": "is_on_24",
        "on_5_ghz": "is_on_5",
        "on_6_ghz": "is_on_6",
        "isolated": "is_isolated",
        "wps": "uses_wps",
        "tkip": "uses_tkip",
        "portal": "has_portal",
        "psk_unique": "is_psk_unique",
    }
    needed = ("name", "vlan", "security")

    def load(self) -> None:
        """Load every SSID, and the VLANs they may stand on."""
        found = queries.list_ssids(self.session, NETWORK_CLASSES)
        self.records = {ssid.code: ssid for ssid in found}
        seen = queries.list_vlans(self.session, network_sight.segment_classes(self.actor))
        self.vlans = {vlan.code: vlan for vlan in seen}

    def row_of(self, subject: Subject) -> int | None:
        """Give the row that names an SSID."""
        return self.seen.get(subject.code)

    def _find_vlan(self, code: Value) -> Vlan:
        vlan = self.vlans.get(str(code))
        if vlan is None:
            remedy = msg("Import the VLANs first, or correct the cell.")
            raise _refuse("vlan", code, msg("There is no such VLAN."), remedy)
        return vlan

    def make(self, code: str, row: Row) -> Ssid:
        """Make an SSID of its VLAN's class; a row that names another is refused."""
        vlan = self._find_vlan(row.values["vlan"])
        _require_vlans_class(row.values.get("network_class"), vlan)
        ssid = Ssid(public_id=uuid.uuid4(), code=code, network_class=vlan.network_class, scopes=[])
        ssid.vlan_id = vlan.id
        given = {"code": code} | self.given(row, _defaults_of(SsidValues))
        ssids.apply_values(ssid, SsidValues(**given))
        return ssid

    def change(self, record: Ssid, row: Row) -> None:
        """Change an SSID's values; another class, or a VLAN of one, is refused."""
        current = _current(record, SsidValues, vlan="")
        vlan_id = record.vlan_id
        if row.values.get("vlan") is not None:
            vlan = self._find_vlan(row.values["vlan"])
            ssids.require_same_class(record.network_class, vlan)
            vlan_id = vlan.id
        _require_kept_class(row.values.get("network_class"), record.network_class)
        kept = {name: current[name] for name in ("name", "security")}
        given = self.given(row, _defaults_of(SsidValues) | kept | {"vlan": ""})
        if given.get("name") == record.name.strip():
            del given["name"]  # a cell cannot hold the spaces around a name
        ssids.apply_values(record, SsidValues(**current | given | {"vlan": ""}))
        record.vlan_id = vlan_id  # a row that is refused changes nothing

    def judge(self, record: Ssid) -> list[Problem]:
        """Warn of combinations that the separation check will not have."""
        return ssids.judge_ssid(record)

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the SSIDs that the actor may see; on which VLAN, to those who see segments."""
        sees_vlans = bool(network_sight.segment_classes(actor))
        for ssid in queries.list_ssids(session, network_sight.visible_classes(actor)):
            values = {"vlan": ssid.vlan.code if sees_vlans else None}
            yield tuple(
                _cell(values.get(column.name, getattr(ssid, self._field(column), None)))
                for column in self.columns
            )

    def _field(self, column: Column) -> str:
        return self.renamed.get(column.name, column.name)


def _cell(value: Any) -> Value:  # noqa: ANN401 - any column's
    cell: Value = None if value == "" else value
    return cell


def _require_vlans_class(wanted: Value, vlan: Vlan) -> None:
    if wanted is not None and wanted != vlan.network_class:
        raise _refuse(
            "network_class",
            wanted,
            msg(
                "VLAN %(vlan)s is of another class (%(theirs)s).",
                vlan=vlan.code,
                theirs=networks.CLASS_WORDS[vlan.network_class],
            ),
            msg("Choose a VLAN of this class, or correct the class."),
        )


class FlowTable(_KeyedTable[Flow]):
    """Flows between VLANs."""

    columns: tuple[Column, ...] = (
        _CODE,
        Column("source", german="von", aliases=("from", "Quelle"), max_length=40),
        Column("target", german="nach", aliases=("to", "Ziel"), max_length=40),
        Column(
            "action",
            Kind.CHOICE,
            german="Aktion",
            choices=FLOW_ACTIONS,
            choice_names=_ACTION_NAMES,
        ),
        Column(
            "family",
            Kind.CHOICE,
            german="Adressen",
            choices=ADDRESS_FAMILIES,
            choice_names=_FAMILY_NAMES,
        ),
        Column("services", german="Dienste", max_length=200),
        _NOTE,
    )
    needed = ("source", "target", "action")

    def load(self) -> None:
        """Load every flow with its ends."""
        found = queries.list_flows(self.session, NETWORK_CLASSES)
        self.records = {flow.code: flow for flow in found}

    def make(self, code: str, row: Row) -> Flow:
        """Make a flow."""
        flow = Flow(public_id=uuid.uuid4(), code=code)
        given = {"code": code} | self.given(row, _defaults_of(FlowValues))
        self._apply(flow, FlowValues(**given))
        return flow

    def change(self, record: Flow, row: Row) -> None:
        """Change a flow's values."""
        ends = {"source": record.source.code, "target": record.target.code}
        current = _current(record, FlowValues, **ends)
        given = self.given(row, _defaults_of(FlowValues) | ends | {"action": record.action})
        self._apply(record, FlowValues(**current | given))

    def _apply(self, flow: Flow, values: FlowValues) -> None:
        flows.apply_values(flow, values, *flows.find_ends(self.session, self.actor, values))

    def export(self, session: Session, actor: Actor) -> Iterator[tuple[Value, ...]]:
        """Give the flows, to those who see segments."""
        actor.require_somewhere(Action.SEE_SEGMENTS)
        return self._list_cells(queries.list_flows(session, network_sight.segment_classes(actor)))

    def _list_cells(self, found: Iterable[Flow]) -> Iterator[tuple[Value, ...]]:
        for flow in found:
            values = asdict(
                FlowValues(
                    flow.code,
                    flow.source.code,
                    flow.target.code,
                    flow.action,
                    flow.family,
                    flow.services,
                    flow.note,
                )
            )
            yield tuple(_cell(values[column.name]) for column in self.columns)
