"""Tables of VLANs, SSIDs, scopes and flows: in, out, and unchanged in again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories.access_points import add_access_point
from tests.factories.people import make_actor
from wlantrack.errors import NotAllowed
from wlantrack.services import demo_networks, ssids, tables, vlans
from wlantrack.services.actor import SYSTEM
from wlantrack.services.tables import ImportResult, TableUpload

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.factories.places import House
    from wlantrack.services.actor import Actor

KINDS = ("vlans", "ssids", "ssid_scopes", "flows")
VLANS = (
    "Kennung;VLAN-ID;Name;Netzklasse;IPv4-Subnetz;Zone;Schutzbedarf\n"
    "V-110;110;Gäste;Besucher;10.110.0.0/22;gaeste;normal\n"
    "V-210;210;Büro;intern;10.210.0.0/22;lhs;hoch\n"
)
SSIDS = (
    "Kennung;Netzname;VLAN;Netzklasse;Zustand;Sicherheit;PMF;6 GHz;Endgeräte getrennt;Endet am\n"
    "gast;Gäste-WLAN;V-110;Besuchernetz;auf Sendung;owe;verlangt;ja;ja;31.12.2027\n"
    "buero;Büro;V-210;;geplant;wpa3-enterprise;verlangt;nein;;\n"
)
SCOPES = "SSID-Kennung;Ort;ausgenommen\ngast;RH;nein\ngast;RH/WE;ja\nbuero;RH/0;\nbuero;AP-1;ja\n"
FLOWS = "Kennung;von;nach;Aktion;Adressen\nF-1;V-110;V-210;gesperrt;beide\n"


def run(session: Session, kind: str, text: str | bytes, actor: Actor = SYSTEM) -> ImportResult:
    data = text.encode() if isinstance(text, str) else text
    return tables.import_table(session, actor, kind, TableUpload("list.csv", data))


def errors_of(result: ImportResult) -> list[tuple[int | None, str | None]]:
    return [(error.row, error.field) for error in result.errors]


@pytest.fixture
def filled(session: Session, house: House) -> Session:
    """Give a session over a house, one access point, and the four tables imported."""
    add_access_point(session, house.ground, "AP-1", wing_id=house.west.id, wing=house.west)
    session.commit()
    for kind, text in zip(KINDS, (VLANS, SSIDS, SCOPES, FLOWS), strict=True):
        result = run(session, kind, text)
        assert (result.errors, result.count("created")) == ((), text.count("\n") - 1)
    return session


def test_german_tables_are_understood(filled: Session) -> None:
    vlan = vlans.find_vlan(filled, SYSTEM, "V-210")
    ssid = ssids.find_ssid(filled, SYSTEM, "gast")

    assert (vlan.network_class, vlan.protection_need) == ("internal", "high")
    assert (ssid.network_class, ssid.state, ssid.is_on_6, ssid.is_isolated) == (
        "visitor",
        "on air",
        True,
        True,
    )
    assert ssid.ends_on is not None
    assert ssid.ends_on.isoformat() == "2027-12-31"
    assert sorted(scope.is_excluded for scope in ssid.scopes) == [False, True]


@pytest.mark.on_both
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_an_export_comes_back_unchanged(filled: Session, suffix: str) -> None:
    for kind in KINDS:
        data = tables.export_table(filled, SYSTEM, kind, suffix)
        result = run(filled, kind, data)
        assert (result.errors, result.count("created"), result.count("updated")) == ((), 0, 0)
        assert result.count("unchanged") == {"ssid_scopes": 4, "flows": 1}.get(kind, 2)


@pytest.mark.usefixtures("house")
def test_the_demos_networks_come_back_unchanged(session: Session) -> None:
    assert demo_networks.load_networks(session) == 6
    assert demo_networks.load_networks(session) == 0
    for kind in KINDS:
        result = run(session, kind, tables.export_table(session, SYSTEM, kind))
        assert (result.errors, result.count("created"), result.count("updated")) == ((), 0, 0)


@pytest.mark.parametrize(
    ("kind", "text", "errors"),
    [
        ("vlans", "code;network_class\nV-110;internal\n", [(1, "network_class")]),
        ("vlans", "code;vid\nV-9;9\n", [(1, "network_class")]),
        ("vlans", "code;subnet_v4\nV-110;10.1.2.3/24\nV-110;\n", [(1, "subnet_v4"), (2, "code")]),
        ("vlans", "code;vid\nV-110;5000\n", [(1, "vid")]),
        ("ssids", "code;vlan\ngast;V-210\n", [(1, "vlan")]),
        ("ssids", "code;vlan\ngast;V-9\n", [(1, "vlan")]),
        ("ssids", "code;network_class\ngast;internal\n", [(1, "network_class")]),
        (
            "ssids",
            "code;name;vlan;network_class;security\nn;N;V-110;internal;owe\n",
            [(1, "network_class")],
        ),
        ("ssids", "code;name;vlan\nn;N;V-110\n", [(1, "security")]),
        ("ssids", "code;psk_length\ngast;12\n", [(1, "psk_length")]),
        ("ssid_scopes", "ssid;place\nnone;RH\n", [(1, "ssid")]),
        ("ssid_scopes", "ssid;place;kind\ngast;RH;wing\n", [(1, "place")]),
        ("ssid_scopes", "ssid;place\ngast;RH/9\ngast;RH\ngast;RH\n", [(1, "place"), (3, "place")]),
        ("flows", "code;source\nF-1;V-210\n", [(1, "target")]),
        ("flows", "code;source;target;action\nF-2;V-9;V-8;deny\n", [(1, "source"), (1, "target")]),
    ],
)
def test_a_row_that_cannot_be_is_named_and_nothing_is_written(
    filled: Session, kind: str, text: str, errors: list[tuple[int, str]]
) -> None:
    before = tables.export_table(filled, SYSTEM, kind)
    assert errors_of(run(filled, kind, text)) == errors
    assert tables.export_table(filled, SYSTEM, kind) == before


def test_rows_change_what_they_name_and_nothing_else(filled: Session) -> None:
    result = run(filled, "ssids", "code;owner;is_on_6\nbuero;IT;\n".replace("is_on_6", "on_6_ghz"))
    assert [row.changed for row in result.outcomes] == [("owner",)]
    result = run(filled, "vlans", "code;zone\nV-210;\n")
    assert [row.changed for row in result.outcomes] == [("zone",)]
    result = run(filled, "ssid_scopes", "ssid;place;excluded\ngast;RH/WE;nein\n")
    assert (result.count("updated"), result.errors) == (1, ())
    result = run(filled, "flows", "code;action;services\nF-1;erlaubt;DNS\n")
    assert [sorted(row.changed) for row in result.outcomes] == [["action", "services"]]


def test_overlaps_and_odd_combinations_are_warned_of_by_row(filled: Session) -> None:
    text = "code;vid;network_class;subnet_v4\nV-300;300;management;10.9.0.0/16\nV-301;301;management;10.9.1.0/24\n"
    result = run(filled, "vlans", text)
    assert [(w.row, w.field) for w in result.outcomes[1].warnings] == [(2, "subnet_v4")]
    result = run(filled, "ssids", "code;security\nbuero;wpa2-psk\n")
    assert result.warnings == ()
    result = run(filled, "ssids", "code;on_6_ghz\nbuero;ja\n")
    assert [w.field for w in result.outcomes[0].warnings] == ["security"]


def test_a_facility_exports_visitor_networks_only(filled: Session) -> None:
    facility = make_actor("facility")
    shown, hidden = ("ssids", "ssid_scopes"), ("vlans", "flows")
    texts = [tables.export_table(filled, facility, kind).decode("utf-8-sig") for kind in shown]

    assert [text.count("\n") - 1 for text in texts] == [1, 2]
    assert not any("V-" in text or "buero" in text for text in texts)
    for kind in hidden:
        with pytest.raises(NotAllowed):
            tables.export_table(filled, facility, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_manager_imports_no_networks(filled: Session, kind: str) -> None:
    with pytest.raises(NotAllowed):
        run(filled, kind, tables.export_table(filled, SYSTEM, kind), make_actor("manager"))


def test_a_planner_of_a_wing_imports_scopes_in_that_wing_only(
    filled: Session, house: House
) -> None:
    westerner = make_actor("planner", house.building.id, house.west.id)
    text = "ssid;place;excluded\ngast;RH/WE;nein\ngast;RH/EA;ja\n"

    assert errors_of(run(filled, "ssid_scopes", text, westerner)) == [(2, "place")]
