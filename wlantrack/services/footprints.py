"""Buildings' footprints out of files of the surveyor's office: matched, previewed, all or nothing.

Decides how a feature finds its building: by code where the file has one, else by lying where the
building is already known to lie. Refuses to know file formats.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from wlantrack.errors import InvalidInput, Problem, WlantrackError, msg
from wlantrack.formats.footprints import Footprint, FootprintOptions, read_footprint_file
from wlantrack.geometry.frame import BuildingFrame
from wlantrack.services import places
from wlantrack.services.actor import Action, Actor
from wlantrack.services.file_imports import FileResult, finish, place_problems
from wlantrack.store.queries import places as queries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.orm import Session

    from wlantrack.store.models.places import Building

LEAST_OVERLAP = 0.5
"""Of the smaller of both outlines."""
ORIGIN_SLACK_M = 2.0
"""A building of which only the origin is known lies in an outline this close to it."""


@dataclass(frozen=True)
class FootprintUpload:
    """A file, what its reader should know, and whether unknown buildings are made of it.

    ``left_out`` are features that somebody has chosen to leave out after seeing what is wrong.
    """

    name: str
    data: bytes
    options: FootprintOptions = field(default_factory=FootprintOptions)
    is_creating: bool = False
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FootprintOutcome:
    """What became of features: ``created``, ``updated``, ``unchanged``, or ``unmatched``."""

    rows: tuple[int, ...]
    code: str
    name: str
    outcome: str
    matched_by: str = ""
    area_m2: float = 0.0


@dataclass(frozen=True, kw_only=True)
class FootprintResult(FileResult[FootprintOutcome]):
    """What became of buildings, or of features of no building, and how the file was read."""

    crs: str
    columns: tuple[str, ...]
    bad_rows: tuple[int, ...] = ()
    """The features to leave out, so that the rest can be imported; none if that would not help."""


def import_footprints(
    session: Session,
    actor: Actor,
    upload: FootprintUpload,
    storage_crs: str,
    *,
    is_dry_run: bool = False,
) -> FootprintResult:
    """Lay the outlines of a file onto buildings: with any error, or as a dry run, onto none.

    Raises
    ------
    InvalidInput
        The file cannot be read.
    NotAllowed
        The role does not import anywhere.
    """
    actor.require_somewhere(Action.IMPORT_TABLES)
    actor.require_somewhere(Action.EDIT_PLACES)
    read = read_footprint_file(upload.data, upload.options, storage_crs, file=upload.name)
    work = _Import(session, actor, upload.is_creating)
    errors = [problem for problem in read.problems if problem.row not in upload.left_out]
    work.bad_rows |= {problem.row for problem in errors if problem.row is not None}
    kept = [feature for feature in read.features if feature.row not in upload.left_out]
    matched = work.match(kept, storage_crs)
    outcomes = []
    for key, features in matched.items():
        try:
            outcomes.append(work.apply(key, features))
        except WlantrackError as error:
            errors += place_problems(error, features[0].row)
            work.bad_rows |= {feature.row for feature in features}
    errors += work.problems
    outcomes.sort(key=lambda item: item.rows)
    errors.sort(key=lambda problem: problem.row or 0)
    is_separable = bool(outcomes) and all(problem.row is not None for problem in errors)
    bad_rows = tuple(sorted(work.bad_rows)) if is_separable else ()
    return FootprintResult(
        outcomes=tuple(outcomes),
        errors=finish(session, actor, upload.name, errors, is_dry_run=is_dry_run),
        warnings=read.warnings,
        crs=read.crs,
        columns=read.columns,
        bad_rows=bad_rows,
    )


@dataclass(frozen=True)
class _Key:
    """The building that features belong to: one that is there, or one to be made."""

    code: str
    matched_by: str
    row: int = 0


class _Import:
    """One import: the buildings there are, and what becomes of each."""

    def __init__(self, session: Session, actor: Actor, is_creating: bool) -> None:  # noqa: FBT001 - private
        self.session = session
        self.actor = actor
        self.is_creating = is_creating
        visible = places.visible_buildings(actor, Action.SEE_PLACES)
        known = queries.list_whole_buildings(session, visible)
        self.buildings = {building.code: building for building in known}
        self.problems: list[Problem] = []
        self.bad_rows: set[int] = set()

    def match(self, features: Iterable[Footprint], storage_crs: str) -> dict[_Key, list[Footprint]]:
        """Sort features by the building they belong to."""
        located = [
            (building, shape)
            for building in self.buildings.values()
            if (shape := known_shape(building, storage_crs)) is not None
        ]
        tree = shapely.STRtree([shape for _, shape in located])
        matched: defaultdict[_Key, list[Footprint]] = defaultdict(list)
        for feature in features:
            hits = [located[n] for n in tree.query(feature.outline, "dwithin", ORIGIN_SLACK_M)]
            hits = [(b, shape) for b, shape in hits if _is_same_place(feature.outline, shape)]
            if feature.code in self.buildings:
                matched[_Key(feature.code, "code")].append(feature)
            elif len(hits) > 1:
                self.problems.append(_ambiguous(feature, [building.code for building, _ in hits]))
                self.bad_rows.add(feature.row)
            elif hits and hits[0][1].area > 0.0:
                matched[_Key(hits[0][0].code, "overlap")].append(feature)
            elif hits:
                matched[_Key(hits[0][0].code, "origin")].append(feature)
            else:
                matched[_Key(feature.code, "", 0 if feature.code else feature.row)].append(feature)
        for key in [key for key in matched if key.matched_by == "origin"]:
            self._choose_one(key, matched, located)
        return dict(matched)

    def _choose_one(
        self,
        key: _Key,
        matched: dict[_Key, list[Footprint]],
        located: list[tuple[Building, BaseGeometry]],
    ) -> None:
        """Leave to a building of which only the origin is known the one outline around it."""
        if len(matched[key]) == 1:
            return
        origin = next(shape for building, shape in located if building.code == key.code)
        around = [feature for feature in matched[key] if feature.outline.contains(origin)]
        if len(around) != 1:
            self.problems.append(_undecided(matched[key], key.code))
            self.bad_rows |= {feature.row for feature in matched[key]}
            del matched[key]
            return
        for feature in matched[key]:
            if feature is not around[0]:
                other = _Key(feature.code, "", 0 if feature.code else feature.row)
                matched[other] = [*matched.get(other, ()), feature]
        matched[key] = around

    def apply(self, key: _Key, features: list[Footprint]) -> FootprintOutcome:
        """Give the outline of features to their building, made if that was asked for."""
        first, rows = features[0], tuple(feature.row for feature in features)
        outline = _unite(features)
        building = self.buildings.get(key.code)
        outcome = "unchanged"
        if building is None:
            if not self.is_creating:
                return FootprintOutcome(rows, first.code, first.name, "unmatched", "", outline.area)
            building, outcome = self._create(first), "created"
        self.actor.require(Action.EDIT_PLACES, building.id)
        if building.footprint is None or not building.footprint.equals_exact(outline):
            building.footprint = outline
            outcome = "updated" if outcome == "unchanged" else outcome
        return FootprintOutcome(
            rows, building.code, building.name, outcome, key.matched_by, outline.area
        )

    def _create(self, feature: Footprint) -> Building:
        if not feature.code:
            raise InvalidInput(
                Problem(
                    msg("A building needs a code, and this feature has none."),
                    msg("Name the column that holds the codes, or fill them in."),
                    field="code_column",
                )
            )
        values = places.BuildingValues(name=feature.name or feature.code)
        building, _ = places.ensure_building(self.session, self.actor, feature.code, values)
        return building


def known_shape(building: Building, storage_crs: str) -> BaseGeometry | None:
    """Give where a building lies, as far as is known: its footprint, its wings, its origin."""
    if building.footprint is not None:
        return building.footprint
    if building.origin_easting_m is None or building.origin_northing_m is None:
        return None
    origin = (building.origin_easting_m, building.origin_northing_m)
    outlines = [wing.outline for wing in building.wings if wing.outline is not None]
    if not outlines:
        return shapely.Point(origin)
    frame = BuildingFrame(*origin, building.rotation_deg, storage_crs)
    placed: BaseGeometry = shapely.transform(shapely.union_all(outlines), frame.to_crs)
    return placed


def _is_same_place(outline: BaseGeometry, known: BaseGeometry) -> bool:
    if known.area == 0.0:
        return bool(outline.distance(known) <= ORIGIN_SLACK_M)
    return bool(outline.intersection(known).area >= LEAST_OVERLAP * min(outline.area, known.area))


def _unite(features: list[Footprint]) -> BaseGeometry:
    united = shapely.union_all([feature.outline for feature in features], grid_size=0.001)
    outline: BaseGeometry = shapely.normalize(united)
    return outline


def _undecided(features: list[Footprint], code: str) -> Problem:
    rows = ", ".join(str(feature.row) for feature in features)
    return Problem(
        msg(
            "The features %(rows)s all lie at the origin of building %(code)s.",
            rows=rows,
            code=code,
        ),
        msg("Give one of them its code in the file."),
        row=features[0].row,
        field="geometry",
    )


def _ambiguous(feature: Footprint, codes: list[str]) -> Problem:
    return Problem(
        msg("The feature lies over several buildings: %(codes)s.", codes=", ".join(sorted(codes))),
        msg("Give it the code of one of them in the file."),
        row=feature.row,
        field="geometry",
    )
