from __future__ import annotations

import math
import time
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
import shapely
from ezdxf.entities.line import Line
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.filemanagement import readfile
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples import samples_folder
from wlantrack.geometry.plan_lines import clean_segments, lengths_of, merge_collinear, to_lines
from wlantrack.geometry.plan_openings import PlanOpening, fit_openings
from wlantrack.geometry.plan_walls import PlanWall
from wlantrack.geometry.plans import centre_lines

Row = tuple[float, float, float, float]


def box(x1: float, y1: float, x2: float, y2: float) -> list[Row]:
    return [(x1, y1, x2, y1), (x2, y1, x2, y2), (x2, y2, x1, y2), (x1, y2, x1, y1)]


def ends(wall: PlanWall) -> set[tuple[float, float]]:
    return {
        (round(wall.x1_m, 3), round(wall.y1_m, 3)),
        (round(wall.x2_m, 3), round(wall.y2_m, 3)),
    }


def lengths_by_thickness(walls: tuple[PlanWall, ...]) -> dict[float, float]:
    total: defaultdict[float, float] = defaultdict(float)
    for wall in walls:
        total[round(wall.thickness_m or 0.0, 2)] += wall.length_m
    return {thickness: round(length, 3) for thickness, length in total.items()}


def test_two_faces_and_two_ends_are_one_wall() -> None:
    (wall,) = centre_lines(box(0, 0, 5, 0.2))
    assert ends(wall) == {(0.0, 0.1), (5.0, 0.1)}
    assert wall.thickness_m == pytest.approx(0.2)


def test_a_line_without_a_partner_stays_a_wall_without_thickness() -> None:
    (wall,) = centre_lines([(0, 0, 5, 0)])
    assert (wall.length_m, wall.thickness_m) == (5.0, None)


def test_a_room_of_double_lines_is_four_walls_that_meet_at_the_corners() -> None:
    walls = centre_lines(box(0, 0, 6, 4) + box(0.3, 0.3, 5.7, 3.7))
    assert [round(wall.thickness_m or 0, 3) for wall in walls] == [0.3] * 4
    corners = set().union(*(ends(wall) for wall in walls))
    assert corners == {(0.15, 0.15), (5.85, 0.15), (5.85, 3.85), (0.15, 3.85)}


def test_a_turned_room_far_from_the_origin_keeps_its_lengths() -> None:
    turn = np.array([[math.cos(0.4), -math.sin(0.4)], [math.sin(0.4), math.cos(0.4)]])
    rows = np.array(box(0, 0, 6, 4) + box(0.3, 0.3, 5.7, 3.7)).reshape(-1, 2) @ turn.T
    walls = centre_lines((rows + np.array([513_000, 5_403_000])).reshape(-1, 4))
    assert sorted(round(wall.length_m, 3) for wall in walls) == [3.7, 3.7, 5.7, 5.7]


def test_a_wall_that_meets_another_ends_at_its_face_and_leaves_it_whole() -> None:
    # Upper face of the long wall is cut where the other wall meets it.
    faces = [
        (0, 0, 10, 0),
        (0, 0.2, 4, 0.2),
        (4.1, 0.2, 10, 0.2),
        (4, 0.2, 4, 3),
        (4.1, 0.2, 4.1, 3),
    ]
    walls = centre_lines(faces)
    assert lengths_by_thickness(walls) == {0.2: 10.0, 0.1: 2.8}


def test_walls_that_cross_meet_in_the_middle() -> None:
    arms = [
        (0, 0.95, 0.95, 0.95),
        (0, 1.05, 0.95, 1.05),
        (1.05, 0.95, 2, 0.95),
        (1.05, 1.05, 2, 1.05),
    ]
    rows = arms + [(b, a, d, c) for a, b, c, d in arms]
    assert all((1.0, 1.0) in ends(wall) for wall in centre_lines(rows))


def test_a_wall_cut_by_a_door_is_two_walls_and_its_ends_are_no_walls() -> None:
    walls = centre_lines(box(0, 0, 3, 0.12) + box(3.9, 0, 8, 0.12))
    assert lengths_by_thickness(walls) == {0.12: 7.1}
    assert len(walls) == 2


def test_wall_ends_at_a_narrow_opening_do_not_pair_across_it() -> None:
    walls = centre_lines(box(0, 0, 3, 0.4) + box(3.5, 0, 6, 0.4))
    assert lengths_by_thickness(walls) == {0.4: 5.5}


def test_the_nearest_faces_pair_and_not_the_sides_of_a_narrow_shaft() -> None:
    walls = centre_lines(box(0, 0, 5, 0.1) + box(0, 0.4, 5, 0.5))
    assert lengths_by_thickness(walls) == {0.1: 10.0}


def test_a_column_shorter_than_thick_counts_once() -> None:
    (column,) = centre_lines(box(0, 0, 0.3, 0.4))
    assert column.length_m == pytest.approx(0.4)
    assert column.thickness_m == pytest.approx(0.3)


def test_a_window_of_three_lines_is_one_pane() -> None:
    rows = [(0, 0, 1.2, 0), (0, 0.15, 1.2, 0.15), (0, 0.3, 1.2, 0.3)]
    (pane,) = centre_lines(rows, widest_first=True)
    assert ends(pane) == {(0.0, 0.15), (1.2, 0.15)}


def test_lines_too_far_apart_are_two_walls() -> None:
    assert lengths_by_thickness(centre_lines([(0, 0, 5, 0), (0, 0.7, 5, 0.7)])) == {0.0: 10.0}


def test_a_bent_wall_of_chords_is_paired_chord_by_chord() -> None:
    angles = np.radians(np.arange(0, 91, 5))
    rows: list[Row] = []
    for radius in (5.0, 5.2):
        points = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1).tolist()
        rows += [(*a, *b) for a, b in pairwise(points)]
    walls = centre_lines(rows)
    assert sum(wall.length_m for wall in walls) == pytest.approx(5.1 * math.pi / 2, rel=0.02)
    assert {round(wall.thickness_m or 0, 2) for wall in walls} == {0.2}


def test_doubles_and_overlaps_are_drawn_once() -> None:
    rows = [(0, 0, 5, 0), (5, 0, 0, 0), (4, 0, 8, 0), (8.002, 0, 9, 0)]
    (row,) = merge_collinear(clean_segments(rows)).tolist()
    assert row == pytest.approx([0, 0, 9, 0]) or row == pytest.approx([9, 0, 0, 0])


def test_small_gaps_at_the_corners_of_single_lines_close() -> None:
    first, second = centre_lines([(0, 0, 4.97, 0), (5, 0.03, 5, 4)])
    assert (5.0, 0.0) in ends(first) & ends(second)


def test_rubbish_is_dropped() -> None:
    rows = [(0, 0, 0, 0), (0, math.nan, 1, 1), (0, 0, math.inf, 0), (0, 0, 1e-9, 0)]
    assert centre_lines(rows) == ()
    assert centre_lines([]) == ()
    assert len(centre_lines([*rows, (0, 0, 3, 0)])) == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(*[st.integers(0, 12).map(lambda v: v / 10) for _ in range(4)]), max_size=25)
)
def test_no_drawing_breaks_it_and_nothing_gets_longer_than_drawn(rows: list[Row]) -> None:
    drawn = float(lengths_of(clean_segments(rows)).sum()) if rows else 0.0
    walls = centre_lines(rows)
    assert all(math.isfinite(wall.length_m) and wall.length_m > 0 for wall in walls)
    assert sum(wall.length_m for wall in walls) <= 1.6 * drawn + 0.01


@given(st.floats(0.05, 0.55), st.floats(1, 30), st.floats(0, math.pi))
def test_one_wall_of_any_thickness_and_direction_is_found(
    thickness: float, length: float, angle: float
) -> None:
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    rows = (np.array(box(0, 0, length, thickness)).reshape(-1, 2) @ turn).reshape(-1, 4)
    (wall,) = centre_lines(rows)
    assert wall.length_m == pytest.approx(length, abs=1e-6)
    assert wall.thickness_m == pytest.approx(thickness, abs=1e-6)


def test_five_thousand_lines_take_less_than_five_seconds() -> None:
    rows = [
        row
        for i in range(36)
        for j in range(36)
        for row in box(i * 4, j * 4, i * 4 + 3.9, j * 4 + 3.9)
    ]
    started = time.process_time()
    walls = centre_lines(rows)
    assert len(rows) == 5184
    assert time.process_time() - started < 5
    assert lengths_by_thickness(walls).keys() == {0.0, 0.1}


def segments_of(path: str, *layers: str) -> np.ndarray:
    document = readfile(samples_folder(path.split("/", maxsplit=1)[0]) / path.split("/")[1])
    rows: list[Row] = []
    for entity in document.modelspace():
        if entity.dxf.layer not in layers:
            continue
        if isinstance(entity, Line):
            rows.append((*entity.dxf.start.xyz[:2], *entity.dxf.end.xyz[:2]))
        elif isinstance(entity, LWPolyline):
            points = [(float(x), float(y)) for x, y in entity.get_points("xy")]
            if entity.closed:
                points.append(points[0])
            rows += [(*a, *b) for a, b in pairwise(points)]
    return np.array(rows)


def test_the_office_floor_has_the_wall_lengths_of_its_design() -> None:
    walls = centre_lines(segments_of("dxf_ifc/office_floor.dxf", "A-WALL") / 1000)
    lengths = lengths_by_thickness(walls)
    assert lengths.keys() == {0.3, 0.12}
    assert lengths[0.3] == pytest.approx(99.48, rel=0.005)
    assert lengths[0.12] == pytest.approx(310.8, rel=0.005)


def count_crossings(rows: np.ndarray, sights: np.ndarray) -> np.ndarray:
    tree = shapely.STRtree(to_lines(rows))
    found, _ = tree.query(to_lines(sights), predicate="intersects")
    return np.bincount(found, minlength=len(sights))


def test_sights_across_the_surveyed_floor_cross_every_wall_once() -> None:
    faces = merge_collinear(clean_segments(segments_of("survey_syl/walls.dxf", "WALL")))
    walls = centre_lines(faces)
    rows = np.array([(w.x1_m, w.y1_m, w.x2_m, w.y2_m) for w in walls])
    ends_xy = np.random.default_rng(1).uniform([5, 5], [88.7, 36.4], (8000, 2)).reshape(-1, 4)
    on_faces, on_walls = count_crossings(faces, ends_xy), count_crossings(rows, ends_xy)
    assert on_walls.sum() / on_faces.sum() == pytest.approx(0.5, abs=0.02)
    assert np.abs(on_walls - on_faces / 2).mean() < 0.5
    paired = sum(wall.length_m for wall in walls if wall.thickness_m)
    assert paired > 0.95 * sum(wall.length_m for wall in walls)


DOOR = PlanOpening(((3, 0.06), (3.9, 0.06), (3.9, 0.96), (3, 0.96)), 0.9, "wood-door")


def test_a_door_fills_the_gap_between_two_wall_ends() -> None:
    walls = [PlanWall(0, 0, 3, 0, 0.12, "brick"), PlanWall(3.9, 0, 8, 0, 0.12, "brick")]
    fitted = fit_openings(walls, [DOOR])
    (piece,) = fitted.pieces
    assert ends(piece) == {(3.0, 0.0), (3.9, 0.0)}
    assert (piece.material, piece.thickness_m) == ("wood-door", 0.12)
    assert fitted.walls == tuple(walls)
    assert fitted.unplaced == ()


def test_a_door_beside_a_crossing_wall_reaches_to_its_face() -> None:
    walls = [PlanWall(0, 0, 3, 0, 0.12), PlanWall(4, -3, 4, 3, 0.2)]
    (piece,) = fit_openings(walls, [DOOR]).pieces
    assert piece.length_m == pytest.approx(0.9, abs=0.01)


def test_a_wall_drawn_through_a_door_is_cut() -> None:
    fitted = fit_openings([PlanWall(0, 0, 8, 0, 0.12, "brick")], [DOOR])
    assert [ends(wall) for wall in fitted.walls] == [
        {(0.0, 0.0), (3.0, 0.0)},
        {(3.9, 0.0), (8.0, 0.0)},
    ]
    assert [(ends(p), p.material) for p in fitted.pieces] == [
        ({(3.0, 0.0), (3.9, 0.0)}, "wood-door")
    ]


def test_a_door_without_a_wall_is_told() -> None:
    fitted = fit_openings([PlanWall(0, 50, 8, 50)], [DOOR])
    assert (fitted.pieces, fitted.unplaced) == ((), (0,))
    assert fit_openings([], [DOOR]).unplaced == (0,)


def test_two_doors_side_by_side_get_a_gap_each() -> None:
    walls = [PlanWall(0, 0, 1, 0, 0.1), PlanWall(1.9, 0, 2.2, 0, 0.1), PlanWall(3.1, 0, 5, 0, 0.1)]
    doors = [
        PlanOpening(((x, 0.05), (x + 0.9, 0.05), (x + 0.9, 0.9)), 0.9, "wood-door")
        for x in (1, 2.2)
    ]
    pieces = fit_openings(walls, doors).pieces
    assert [ends(piece) for piece in pieces] == [{(1.0, 0.0), (1.9, 0.0)}, {(2.2, 0.0), (3.1, 0.0)}]
