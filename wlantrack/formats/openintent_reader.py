"""An OpenIntent project, read from its documents; runs in the sandbox only.

Decides what a document is - a whole project, a single floor plan or access point - and how the
format's own definitions are told from projects.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from wlantrack.errors import InvalidInput, Problem, msg
from wlantrack.formats import limits
from wlantrack.formats.loose_values import find_text, list_items
from wlantrack.formats.notes import Notes
from wlantrack.formats.openintent_places import (
    OpenPlan,
    read_areas,
    read_clutter,
    read_plan,
    read_walls,
)
from wlantrack.formats.openintent_radios import read_access_point
from wlantrack.formats.openintent_yaml import read_documents
from wlantrack.formats.projects import Project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wlantrack.formats.loose_values import Item

_PROJECT_KEYS: Final = frozenset({"accesspoints", "floorplans", "wall_materials", "area_materials"})


@dataclass
class _Contents:
    """The objects of all documents, by kind."""

    plans: list[Item] = field(default_factory=list)
    points: list[Item] = field(default_factory=list)
    wall_materials: dict[str, Item] = field(default_factory=dict)
    area_materials: dict[str, Item] = field(default_factory=dict)
    version: str = ""


def read_project(data: bytes, *, names: Sequence[str], sizes: Sequence[int]) -> Project:
    """Read the project of several files, joined in `data`.

    Raises
    ------
    InvalidInput
        A file is no YAML or JSON, or none holds a floor plan or access point.
    """
    contents, start = _Contents(), 0
    for name, size in zip(names, sizes, strict=True):
        for document in read_documents(data[start : start + size], name):
            _sort_in(contents, document, name)
        start += size
    if not contents.plans and not contents.points:
        raise InvalidInput(
            Problem(
                msg("The files hold no floor plan and no access point."),
                msg("Upload the .yaml or .json files that the planner exported."),
                file=", ".join(names),
            )
        )
    limits.require_at_most(len(contents.plans), limits.PROJECT_FLOORS, msg("plans"))
    limits.require_at_most(len(contents.points), limits.PROJECT_OBJECTS, msg("access points"))
    return _make_project(contents)


def _sort_in(contents: _Contents, document: Item, name: str) -> None:
    if "$schema" in document or ("properties" in document and "definitions" in document):
        raise InvalidInput(
            Problem(
                msg("The file is the definition of the format, not a project."),
                msg("Upload the .yaml or .json files that the planner exported."),
                file=name,
            )
        )
    if not _PROJECT_KEYS.isdisjoint(document):
        contents.plans += list_items(document, "floorplans")
        contents.points += list_items(document, "accesspoints")
        for kind in ("wall_materials", "area_materials"):
            materials = {find_text(item, "name"): item for item in list_items(document, kind)}
            getattr(contents, kind).update(materials)
        contents.version = find_text(document, "accesspoint_version") or contents.version
    elif "dimensions" in document or "wall_segments" in document:
        contents.plans.append(document)
    elif find_text(document, "name"):
        contents.points.append(document)


def _make_project(contents: _Contents) -> Project:
    notes = Notes()
    buildings = {
        find_text(point, "floorplan_name"): find_text(point, "building_name")
        for point in contents.points
        if find_text(point, "building_name")
    }
    plans: dict[str, OpenPlan] = {}
    for item in contents.plans:
        plan = read_plan(item, buildings, notes)
        if plan is None or plan.floor.key in plans:
            notes.skip(item, "floorplans")
        else:
            plans[plan.floor.key] = plan
    wall_types, walls = read_walls(plans.values(), contents.wall_materials, notes)
    points, seen = [], set()
    for item in contents.points:
        name = find_text(item, "name")
        if not name or name in seen:
            notes.skip(item, "accesspoints")
            continue
        seen.add(name)
        points.append(read_access_point(item, plans, notes))
    return Project(
        format="openintent",
        version=contents.version,
        key="",
        name=next((find_text(item, "project_name") for item in contents.plans), ""),
        floors=tuple(plan.floor for plan in plans.values()),
        wall_types=wall_types,
        walls=walls,
        clutter=read_clutter(plans.values(), contents.area_materials, notes),
        requirements=(),
        areas=read_areas(plans.values(), notes),
        antennas=(),
        access_points=tuple(points),
        warnings=notes.list(),
    )
