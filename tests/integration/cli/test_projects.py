"""``import esx``, ``import openintent``, ``import msi``: what scripts rely on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.factories.projects import OPENINTENT, make_project, write_esx
from tests.samples import samples_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine

MSI = "NAME Sektor\nFREQUENCY 5500\nGAIN 6 dBi\nHORIZONTAL 2\n0 1\n180 21\nVERTICAL 1\n0 1\n"
SAMPLES = ["hospital_floor.esx", "small_office_schema14.esx", "tiny_schema18.esx"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "haus.esx"
    path.write_bytes(write_esx())
    return path


def test_a_project_is_imported_and_counted(wt: CommandLine, project: Path) -> None:
    done = wt("import", "esx", project, "--building", "KH", "--json")

    assert done.status == 0
    told = done.json
    assert (told["buildings"], told["floors"], told["access_points"]) == (["KH"], 1, 2)
    assert (told["radios_enabled"], told["radios_disabled"], told["walls"]) == (4, 0, 3)
    assert told["wall_types"][0] == {"name": "Ziegel", "loss_db": [8.0, 10.0, 12.0]}
    assert told["plans"] == [
        {"name": "Erdgeschoss", "floor": "KH/0", "width_m": 20.0, "height_m": 10.0}
    ]
    assert told["warnings"] == []
    again = wt("import", "esx", project, "--building", "KH", "--json").json
    assert (again["created"], again["updated"], again["import"]) == ({}, {}, None)


def test_a_dry_run_writes_nothing(wt: CommandLine, project: Path) -> None:
    trial = wt("import", "esx", project, "--dry-run")
    assert trial.status == 0
    assert "Nothing is written yet." in trial.out
    assert wt("import", "esx", project, "--json").json["created"]["building"] == 1


def test_a_file_that_is_no_project_is_refused(wt: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "plan.esx"
    path.write_bytes(b"hello")
    done = wt("import", "esx", path, "--json")
    assert done.status == 1
    assert "no ZIP archive" in done.json["error"]["message"]
    assert wt("import", "esx", tmp_path / "missing.esx").status == 2
    assert wt("import", "esx", path, "--network", "all").status == 2


def test_an_imported_floor_can_be_predicted(wt: CommandLine, project: Path, tmp_path: Path) -> None:
    wt("import", "esx", project, "--building", "KH")
    done = wt("predict", "--floor", "KH/0", "--out", tmp_path / "kh.npz", "--json")
    assert done.json["transmitters"] == 2


def test_openintent_comes_in_several_files(wt: CommandLine, tmp_path: Path) -> None:
    paths = []
    for number, part in enumerate(OPENINTENT.split("---\n")):
        paths.append(tmp_path / f"{number}.yaml")
        paths[-1].write_text(part, encoding="utf-8")
    done = wt("import", "openintent", *paths, "--json")
    assert (done.json["floors"], done.json["access_points"], done.json["walls"]) == (1, 1, 2)


def test_broken_yaml_names_its_line(wt: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("name: a\n  b: c\n", encoding="utf-8")
    done = wt("import", "openintent", path)
    assert done.status == 1
    assert "a.yaml:2" in done.err


def test_an_antenna_is_added_and_brought_up_to_date(wt: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "sektor.msi"
    path.write_text(MSI, encoding="utf-8")
    first = wt("import", "msi", path, "--json").json
    assert (first["code"], first["band"], first["outcome"]) == ("sektor", "5", "created")
    assert first["horizontal_gain_dbi"] == {"0": 6.0, "90": -4.0, "180": -14.0, "270": -4.0}
    assert wt("import", "msi", path, "--json").json["outcome"] == "unchanged"
    path.write_text(MSI.replace("6 dBi", "7 dBi"), encoding="utf-8")
    assert wt("import", "msi", path, "--json").json["outcome"] == "updated"


def test_an_antenna_for_bluetooth_is_refused(wt: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "ble.msi"
    path.write_text('COMMENT EKJSON1:{"tc": "BLUETOOTH"}\n' + MSI, encoding="utf-8")
    assert "Bluetooth" in wt("import", "msi", path).err


@pytest.mark.parametrize("name", SAMPLES)
def test_real_projects_match_what_is_expected(wt: CommandLine, name: str) -> None:
    folder = samples_folder("ekahau")
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))["files"][name]

    told = wt("import", "esx", folder / name, "--building", "XX", "--json").json

    assert told["floors"] == expected["floors"]
    assert told["access_points"] == expected["access_points"]["placed"]
    assert told["walls"] == expected["walls"]["segments"]
    assert told["radios_enabled"] == expected["radios"]["wifi_enabled"]
    assert told["radios_disabled"] == expected["radios"]["wifi_disabled"]
    assert len(told["wall_types"]) == len(expected["wall_types"])
    for plan, wanted in zip(told["plans"], expected["floor_plans"], strict=True):
        size = (plan["width_m"], plan["height_m"])
        assert size == pytest.approx((wanted["width_m"], wanted["height_m"]), abs=1e-4)


def test_tables_of_a_project_may_be_missing(wt: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "leer.esx"
    path.write_bytes(write_esx({"floorPlans": make_project()["floorPlans"]}))
    told = wt("import", "esx", path, "--json").json
    assert (told["floors"], told["access_points"], told["buildings"]) == (1, 0, ["leer"])
