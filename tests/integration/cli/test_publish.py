"""``publish``: the bundle of the demo, for the application and for a server in the DMZ."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from wlantrack.networks.public import KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine


def test_the_demo_publishes_hotspots_in_and_around_the_town_hall(
    demo: CommandLine, tmp_path: Path
) -> None:
    done = demo("publish", "--out", tmp_path / "bundle", "--json")

    assert done.status == 0, done.err
    assert done.json["hotspots"] >= 15
    for file in done.json["files"]:
        data = (tmp_path / "bundle" / file["path"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    document = json.loads((tmp_path / "bundle" / "hotspots.geojson").read_bytes())
    names = [feature["properties"]["name"] for feature in document["features"]]
    assert "Rathaus, Eingang Marktplatz" in names
    assert "Mineralbad Leuze" not in names  # its devices are on order
    assert {key for feature in document["features"] for key in feature["properties"]} <= set(KEYS)


def test_publishing_twice_gives_the_same_bytes(demo: CommandLine, tmp_path: Path) -> None:
    first = demo("publish", "--out", tmp_path / "a", "--json").json
    second = demo("publish", "--out", tmp_path / "b", "--json").json

    assert first == second
    assert (demo.data_dir / "public" / "index.html").is_file()


def test_nothing_internal_of_the_demo_is_in_the_bundle(demo: CommandLine, tmp_path: Path) -> None:
    demo("publish", "--out", tmp_path / "bundle")
    text = b"".join(
        path.read_bytes()
        for path in (tmp_path / "bundle").rglob("*")
        if path.is_file() and "leaflet" not in path.parts
    )

    for word in (b"RH-MP", b"-AP-", b"RH-WLAN", b"DEMO-", b"V-110", b"LHS", b"10.110.", b"lhs"):
        assert word not in text


def test_a_folder_that_is_no_bundle_is_refused_with_words(
    demo: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "cat.jpg").write_bytes(b"cat")

    done = demo("publish", "--out", tmp_path, "--json")

    assert done.status == 1
    assert "something else than a public bundle" in done.err
    assert done.json["error"]["problems"][0]["field"] == "out"


def test_an_installation_without_hotspots_publishes_an_empty_page(
    wt: CommandLine, tmp_path: Path
) -> None:
    done = wt("publish", "--out", tmp_path / "bundle", "--json")

    assert (done.status, done.json["hotspots"]) == (0, 0)
    assert (
        "Zurzeit ist kein Hotspot in Betrieb." in (tmp_path / "bundle" / "index.html").read_text()
    )
