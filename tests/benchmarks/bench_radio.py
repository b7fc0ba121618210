"""How fast and how large a prediction is."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.brute_force import predict_by_brute_force
from tests.benchmarks.floors import draw_floor
from tests.benchmarks.measuring import Result, measure_in_turns, measure_seconds
from wlantrack.radio.coverage import predict

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measuring import Benchmark
    from wlantrack.geometry.grid import Grid
    from wlantrack.radio.coverage import Scene

BENCHMARK_FLOOR = (60.0, 40.0, 200, 20)
TOWN_HALL = (120.0, 80.0, 1000, 60)

MEMORY_SCRIPT = """
import resource
from tests.benchmarks.floors import draw_floor
from wlantrack.radio.coverage import predict
scene, grid = draw_floor(120.0, 80.0, 1000, 60)
predict(scene, grid).rssi_dbm
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def predict_anew(scene: Scene, grid: Grid) -> Callable[[], object]:
    """Predict from scratch each time: a copy of the scene has nothing laid out yet."""
    return lambda: predict(dataclasses.replace(scene), grid)


def compare_with_brute_force(*, quick: bool) -> list[Result]:
    scene, grid = draw_floor(*BENCHMARK_FLOOR)
    expected = predict_by_brute_force(scene, grid)
    np.testing.assert_allclose(predict(scene, grid).rssi_dbm, expected, rtol=0, atol=1e-3)
    shadows = predict_anew(scene, grid)
    turns = [lambda: predict_by_brute_force(scene, grid), *[shadows] * 5]
    brute_s, *shadows_s = measure_in_turns(turns, 2 if quick else 5)
    ms, brute_ms = min(shadows_s) * 1e3, brute_s * 1e3
    work = "floor 60 x 40 m, 0.25 m, 20 access points, 200 walls, 3 bands"
    brute = "every cell against every wall (numpy)"
    return [
        Result(work, ms, "ms", bar="<= 60 ms", is_met=ms <= 60),
        Result(work, ms, "ms", brute_ms, brute, ">= 25 x faster", brute_ms >= 25 * ms),
    ]


def move_one_access_point(*, quick: bool) -> list[Result]:
    scene, grid = draw_floor(*BENCHMARK_FLOOR)
    coverage = predict(scene, grid)
    moved = dataclasses.replace(scene.transmitters[7], x_m=31.3, y_m=17.9)
    turns = [predict_anew(scene, grid), *[lambda: coverage.replace(moved)] * 5]
    all_s, *moves_s = measure_in_turns(turns, 5 if quick else 15)
    ms, all_ms = min(moves_s) * 1e3, all_s * 1e3
    work = "one access point moved on it"
    return [Result(work, ms, "ms", all_ms, "all 20 again", "<= 5 ms", ms <= 5)]


def predict_a_town_hall(*, quick: bool) -> list[Result]:
    scene, grid = draw_floor(*TOWN_HALL)
    seconds = measure_seconds(predict_anew(scene, grid), 1 if quick else 5)
    command = [sys.executable, "-c", MEMORY_SCRIPT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    megabytes = int(done.stdout) * 1024 / 1e6
    result_mb = len(scene.transmitters) * 3 * grid.nx * grid.ny * 4 / 1e6
    work = "town-hall floor 120 x 80 m, 0.25 m, 60 access points, 1,000 walls"
    return [
        Result(work, seconds, "s", bar="<= 2.5 s", is_met=seconds <= 2.5),
        Result(
            "peak memory of the whole process on it",
            megabytes,
            "MB",
            result_mb,
            "the levels alone",
            "<= 300 MB",
            megabytes <= 300,
        ),
    ]


def grow_the_work(*, quick: bool) -> list[Result]:
    """How much longer four times the work takes, against four times as long."""
    scene, grid = draw_floor(60.0, 40.0, 200, 10)
    floors = (
        (scene, grid),
        (dataclasses.replace(scene, transmitters=scene.transmitters * 4), grid),
        draw_floor(60.0, 40.0, 200, 4, 0.5),
        draw_floor(60.0, 40.0, 800, 4, 0.25),
    )
    turns = [predict_anew(scene, grid) for scene, grid in floors]
    few_s, many_s, small_s, large_s = measure_in_turns(turns, 5 if quick else 15, time.process_time)
    in_access_points, in_walls_and_cells = many_s / few_s, large_s / small_s
    return [
        Result(
            "growth: 4 x the access points",
            in_access_points,
            "x CPU",
            4.0,
            "linear",
            "<= 1.2 x linear",
            in_access_points <= 4.8,
        ),
        Result(
            "growth: 4 x the walls on 4 x the cells",
            in_walls_and_cells,
            "x CPU",
            16.0,
            "linear in walls x cells",
            "below linear",
            in_walls_and_cells < 16,
        ),
    ]


BENCHMARKS: tuple[Benchmark, ...] = (
    compare_with_brute_force,
    move_one_access_point,
    predict_a_town_hall,
    grow_the_work,
)
