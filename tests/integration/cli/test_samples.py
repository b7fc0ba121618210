"""A real office floor, from files to prediction, by the commands alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.samples import samples_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.cli.conftest import CommandLine


def test_a_surveyed_office_floor_is_imported_and_predicted(wt: CommandLine, tmp_path: Path) -> None:
    folder = samples_folder("survey_syl")
    floor = ("--floor", "SYL/4", "--json")
    wt("add", "floor", "SYL/4")
    plan = wt("import", "plan", folder / "floorplan.png", "--metres-per-pixel", "0.02", *floor)
    assert (plan.json["width_m"], plan.json["height_m"]) == pytest.approx((93.68, 41.44))
    walls = wt("import", "dxf", folder / "walls.dxf", *floor)
    assert walls.json["wall_length_m"] == pytest.approx(577, abs=20)  # faces: 1,170 m
    table = folder / "access_points_import.csv"
    points = wt(
        "import", "table", table, "--kind", "access_points", "--set", "floor=SYL/4", "--json"
    )
    assert points.json == {"created": 23, "updated": 0, "unchanged": 0, "errors": []}
    done = wt("predict", "--out", tmp_path / "syl.npz", *floor)
    assert done.json["transmitters"] == 23
    with np.load(tmp_path / "syl.npz") as arrays:
        rssi_dbm = arrays["rssi_dbm"]
    best_dbm = np.nanmax(rssi_dbm[:, 1], axis=0)
    assert -60 < np.median(best_dbm) < -35


def test_a_drawing_in_millimetres_gives_walls_without_their_openings(wt: CommandLine) -> None:
    folder = samples_folder("dxf_ifc")
    wt("add", "floor", "OF/0")
    done = wt("import", "dxf", folder / "office_floor.dxf", "--floor", "OF/0", "--json")
    assert done.json["wall_length_m"] == pytest.approx(99.48 + 310.8, abs=2)
    assert (done.json["openings"], done.json["rooms"]) == (81, 40)
