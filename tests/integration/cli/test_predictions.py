"""``predict`` and ``coverage map``: arrays and pages of a floor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.requirements import lack
from tests.samples import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine

POINTS = """code;floor;model;x_m;y_m;state
AA-1;AA/1;generic-wifi6-omni;5;5;accepted
AA-2;AA/1;generic-wifi6-omni;15;5;planned
"""


@pytest.fixture
def office(wt: CommandLine, tmp_path: Path) -> CommandLine:
    """Give a floor of 20 m x 10 m with two access points, one of them live."""
    table = tmp_path / "points.csv"
    table.write_text(POINTS)
    rooms = tmp_path / "rooms.csv"
    rooms.write_text("floor;number;polygon_wkt\nAA/1;1;POLYGON ((0 0, 20 0, 20 10, 0 10, 0 0))\n")
    wt("add", "floor", "AA/1")
    wt("import", "table", rooms, "--kind", "rooms")
    wt("import", "table", table, "--kind", "access_points")
    return wt


def test_predict_writes_levels_of_every_access_point(office: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "levels.npz"
    done = office("predict", "--floor", "AA/1", "--resolution", "0.5", "--out", out, "--json")
    assert set(done.json) == {"cells", "transmitters", "seconds"}
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["transmitter_ids"].tolist() == ["AA-1", "AA-2"]
        assert arrays["bands"].tolist() == ["2.4", "5", "6"]
        x_m, y_m, rssi_dbm = arrays["x_m"], arrays["y_m"], arrays["rssi_dbm"]
    assert rssi_dbm.shape == (2, 3, y_m.size, x_m.size)
    assert done.json["cells"] == x_m.size * y_m.size
    assert np.diff(x_m) == pytest.approx(0.5)
    row, column = np.unravel_index(np.argmax(rssi_dbm[1, 1]), rssi_dbm.shape[2:])
    assert (x_m[column], y_m[row]) == pytest.approx((15.0, 5.0), abs=0.5)
    assert np.isnan(rssi_dbm[:, 2]).all()  # the model has no radio at 6 GHz


def test_live_counts_only_what_is_in_operation(office: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "levels.npz"
    done = office("predict", "--floor", "AA/1", "--state", "live", "--out", out, "--json")
    assert done.json["transmitters"] == 1


@pytest.mark.parametrize("resolution", ["0", "-1", "nan", "0.001"])
def test_a_resolution_that_cannot_be_is_refused(
    office: CommandLine, tmp_path: Path, resolution: str
) -> None:
    out = tmp_path / "levels.npz"
    done = office("predict", "--floor", "AA/1", "--resolution", resolution, "--out", out, "--json")
    assert done.status == 1
    assert done.json["error"]["problems"][0]["remedy"]
    assert "resolution" in done.json["error"]["problems"][0]["field"]
    assert not out.exists()


@pytest.fixture
def vendor() -> None:
    if not (ROOT / "static" / "vendor" / "leaflet" / "leaflet.js").exists():
        lack("browser", "the front-end packages are not installed (make vendor)")


@pytest.mark.usefixtures("vendor")
def test_a_coverage_map_brings_all_it_needs(office: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    done = office("coverage", "map", "--floor", "AA/1", "--band", "2.4", "--out", page, "--json")
    assert done.status == 0
    assert (done.json["band"], done.json["state"]) == ("2.4", "planned")
    assert 0 < done.json["pass_share"] <= 1
    folder = tmp_path / "map_files"
    assert {path.name for path in folder.glob("*.png")} == {
        "heat-map-2.4.png",
        "heat-map-5.png",
        "heat-map-6.png",
        "verdict-internal.png",
    }
    text = page.read_text()
    assert "AA-1" in text
    assert 'src="http' not in text
    assert 'href="http' not in text


@pytest.mark.usefixtures("vendor")
def test_a_map_without_plan_and_walls_says_what_to_do(office: CommandLine, tmp_path: Path) -> None:
    done = office("coverage", "map", "--floor", "AA/1", "--out", tmp_path / "map.html", "--json")
    assert any("wlantrack import plan" in warning for warning in done.json["warnings"])
    assert any("wlantrack import dxf" in warning for warning in done.json["warnings"])


def test_a_threshold_that_is_no_level_is_refused(office: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    done = office("coverage", "map", "--floor", "AA/1", "--threshold", "5", "--out", page, "--json")
    assert done.json["error"]["problems"][0]["field"] == "threshold"
    assert not page.exists()


def test_verdicts_are_told_by_zone_and_network(office: CommandLine, tmp_path: Path) -> None:
    whole = office("coverage", "verdict", "--floor", "AA/1", "--json").json
    assert [(row["kind"], row["zone"], row["network"]) for row in whole] == [
        ("floor", "AA/1", "internal")
    ]
    zones = tmp_path / "zones.csv"
    zones.write_text(
        "floor;code;network;requirement;room_use;polygon_wkt\n"
        "AA/1;Z1;visitor;voice;;POLYGON ((1 1, 19 1, 19 9, 1 9, 1 1))\n"
    )
    office("import", "table", zones, "--kind", "zones")
    (row, room) = office("coverage", "verdict", "--floor", "AA/1", "--json").json
    assert (row["zone"], row["network"], row["requirement"]) == ("Z1", "visitor", "Voice and video")
    assert (room["kind"], room["zone"]) == ("room", "1")
    assert {"zone", "network", "pass_share", "worst_dbm", "failing_m2"} <= set(row)
    assert (row["pass_share"], row["failing_m2"]) == (1.0, 0.0)
    assert row["worst_dbm"] > -65
    live = office("coverage", "verdict", "--floor", "AA/1", "--state", "live", "--json").json
    assert live[0]["verdict"] == "primary"  # one access point is no second one to roam to
    text = office("coverage", "verdict", "--floor", "AA/1")
    assert text.status == 0
    assert "zone Z1: 100 %" in text.out
    assert office("coverage", "verdict", "--floor", "AA/9").status == 1


NETWORKS = {
    "vlans": "code;vid;network_class\nV-1;1;visitor\nV-2;2;internal\n",
    "ssids": "code;name;vlan;security;on_24_ghz\nguest;Guest;V-1;owe;no\noffice;Office;V-2;wpa3-enterprise;yes\n",
    "ssid_scopes": "ssid;place\nguest;AA-1\noffice;AA\n",
}


@pytest.fixture
def networks(office: CommandLine, tmp_path: Path) -> CommandLine:
    """Put a visitor SSID on air at AA-1, at 5 GHz alone, and an internal one everywhere."""
    for kind, text in NETWORKS.items():
        table = tmp_path / f"{kind}.csv"
        table.write_text(text)
        done = office("import", "table", table, "--kind", kind, "--json")
        assert done.json["errors"] == []
    return office


def test_predict_counts_the_senders_of_a_network_only(
    networks: CommandLine, tmp_path: Path
) -> None:
    out = tmp_path / "levels.npz"
    done = networks("predict", "--floor", "AA/1", "--network", "visitor", "--out", out, "--json")
    assert done.json["transmitters"] == 1
    with np.load(out, allow_pickle=False) as arrays:
        assert arrays["transmitter_ids"].tolist() == ["AA-1"]
        assert np.isnan(arrays["rssi_dbm"][:, 0]).all()
        assert not np.isnan(arrays["rssi_dbm"][:, 1]).any()
    done = networks("predict", "--floor", "AA/1", "--network", "internal", "--out", out, "--json")
    assert done.json["transmitters"] == 2
    done = networks("predict", "--floor", "AA/1", "--network", "critical", "--out", out, "--json")
    assert done.json["transmitters"] == 0


@pytest.mark.usefixtures("vendor")
def test_a_coverage_map_names_its_network(networks: CommandLine, tmp_path: Path) -> None:
    page = tmp_path / "map.html"
    arguments = ("coverage", "map", "--floor", "AA/1", "--out", page, "--json", "--network")
    assert networks(*arguments, "visitor").json["network"] == "visitor"
    assert "visitor network" in page.read_text()
    assert "AA-2" not in page.read_text()
    done = networks(*arguments, "management")
    assert any("sends this network" in warning for warning in done.json["warnings"])


def test_a_verdict_counts_the_senders_of_its_network_only(
    networks: CommandLine, tmp_path: Path
) -> None:
    zones = tmp_path / "zones.csv"
    zones.write_text(
        "floor;code;network;requirement;band;room_use\n"
        "AA/1;V;visitor;basic;5;other\nAA/1;V24;visitor;basic;2.4;other\nAA/1;L;internal;basic;2.4;other\n"
    )
    assert networks("import", "table", zones, "--kind", "zones", "--json").json["created"] == 3
    rows = networks("coverage", "verdict", "--floor", "AA/1", "--json").json
    told = {row["zone"]: row["verdict"] for row in rows if row["kind"] == "zone"}
    # Visitors are served by one access point at 5 GHz alone, the city's own staff by two.
    assert told == {"V": "primary", "V24": "fails", "L": "meets"}
